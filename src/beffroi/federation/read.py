"""What doors show of the registry: plain values, every one with its origin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models.fields.json import KeyTextTransform, KeyTransform

from beffroi.federation.errors import UnknownEntryError
from beffroi.federation.log import BATCH
from beffroi.federation.register_watch import is_closed
from beffroi.federation.waterfall import Line, Waterfall, explain
from beffroi.records import models
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

RULES = {
    "R1": "a person's correction",
    "R2": "the register, for a legal fact",
    "R3": "the most recent list",
    "R4": "what most lists say",
    "RC": "the most restrictive consent",
}
EXPORTED = ("name", "brand", "naf", "state", "address", "postcode", "city", "website", "employees",
            "revenue_eur", "trade")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """A value shown: where it comes from (list, day, row), why it was chosen, and what competes with it."""

    field: str
    value: str
    rule: str
    origin: str
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A row of an organisation."""

    record: int
    source: str
    key: str
    row: int
    as_of: str
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """Another organisation that is related, not the same."""

    kind: str
    organisation: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Portrait:
    """Everything that is known of one organisation."""

    id: str
    legal_unit: str
    name: str
    values: tuple[Value, ...]
    records: tuple[RecordLine, ...]
    memberships: tuple[tuple[str, str, str], ...]
    relations: tuple[Relation, ...]
    trades: tuple[str, ...]


def record_of(record: int) -> models.SourceRecord:
    """Return a record.

    Raises:
        UnknownEntryError: the registry holds none of this number.
    """
    found = models.SourceRecord.objects.select_related("source").filter(pk=record).first()
    if found is None:
        raise UnknownEntryError(
            Text(
                f"Il n’y a pas d’enregistrement {record}.",
                f"There is no record {record}. 'beffroi members export --what records' lists them.",
            )
        )
    return found


def resolve(address: str) -> str:
    """Return the address of today of an organisation, from this or an older one of its addresses.

    Raises:
        UnknownEntryError: no organisation was ever found there, or its rows were all taken back.
    """
    if models.Organisation.objects.filter(pk=address).exists():
        return address
    for held in ({"title": address}, {"born_title": address}):
        found = models.Placement.objects.filter(**held).order_by("record").first()
        if found is not None:
            return str(found.organisation_id)
    raise UnknownEntryError(
        Text(
            f"Il n’y a pas d’organisation {address}.",
            f"There is no organisation {address}. 'beffroi members export' lists them.",
        )
    )


def portrait(address: str) -> Portrait:
    """Return one organisation with the origin of every value."""
    one = models.Organisation.objects.get(pk=resolve(address))
    rows = models.Placement.objects.filter(organisation=one, version__isnull=False).select_related(
        "record__source", "version__version"
    )
    records = tuple(
        RecordLine(
            row.record_id, row.record.source.name, row.record.key, row.version.row,
            row.version.version.as_of.isoformat(), row.version.is_gone,
        )
        for row in rows.order_by("record__source__name", "record__key")
        if row.version is not None
    )  # fmt: skip
    memberships = tuple(
        (row.source.name, row.since.isoformat(), row.until.isoformat() if row.until else "")
        for row in one.memberships.select_related("source").order_by("source__name")
    )
    return Portrait(
        one.id, one.legal_unit, one.name, _values(one), records, memberships, tuple(_relations(one.id)),
        tuple(str(trade["concept"]) for trade in one.trades),
    )  # fmt: skip


def count_members(day: date) -> Waterfall:
    """Explain the number of members on a day, from the rows of all lists down to organisations."""
    return explain(member_lines(day))


def member_lines(day: date) -> list[Line]:
    """Return every row that a list ever held, with what speaks against counting it on a day."""
    rows = models.Placement.objects.filter(record__source__kind="list", version__isnull=False).values_list(
        "record_id", "record__key", "record__source__name", "organisation_id", "version__is_gone",
        "paid_until",
        KeyTextTransform("value", KeyTransform("state", "organisation__values")),
    )  # fmt: skip
    return [
        Line(record, key, source, address, is_gone, bool(until) and until < day.isoformat(), is_closed(state or ""))
        for record, key, source, address, is_gone, until, state in rows.iterator(BATCH)
    ]


def organisation_rows(*, only: Sequence[str] | None = None) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return columns and rows of the directory.

    Args:
        only: addresses wanted, in the order wanted; without, all of them in an order that does not hang on addresses.
    """
    lists: dict[str, list[str]] = {}
    for address, source in (
        models.Membership.objects.filter(until__isnull=True)
        .order_by("source__name")
        .values_list("organisation_id", "source__name")
    ):
        lists.setdefault(address, []).append(source)
    rows = {}
    wanted = None if only is None else set(only)
    for one in models.Organisation.objects.order_by("legal_unit", "name", "postcode", "id").iterator(BATCH):
        if wanted is None or one.id in wanted:
            shown = [str(one.values.get(name, {}).get("value", "")) for name in EXPORTED[1:]]
            trades = "; ".join(str(trade["concept"]) for trade in one.trades)
            rows[one.id] = (one.id, one.legal_unit, one.name, *shown, trades, "; ".join(lists.get(one.id, ())))
    order = rows if only is None else [one for one in only if one in rows]
    return ("organisation", "legal_unit", *EXPORTED, "trades_accepted", "lists"), [rows[one] for one in order]


def membership_rows(organisations: Iterable[str]) -> list[tuple[str, str, str, str | None]]:
    """Return address, list, first and perhaps last day of each membership of these organisations, in their order."""
    order = {one: place for place, one in enumerate(organisations)}
    rows = models.Membership.objects.order_by("source__name").values_list(
        "organisation_id", "source__name", "since", "until"
    )
    found = [(address, source, since.isoformat(), until.isoformat() if until else None)
             for address, source, since, until in rows.iterator(BATCH) if address in order]  # fmt: skip
    return sorted(found, key=lambda one: order[one[0]])


def record_rows(*, only: set[int] | None = None) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return columns and rows of the source records: list, row, key, organisation, and what the row says."""
    rows = models.Placement.objects.filter(version__isnull=False).select_related("record__source", "version__version")
    found: list[tuple[str, ...]] = [
        (str(one.record_id), one.record.source.name, str(one.version.row), one.version.version.as_of.isoformat(),
         "gone" if one.version.is_gone else "", one.record.key, str(one.organisation_id),
         str(one.version.fields.get("name", "")))
        for one in rows.order_by("record__source__name", "record__key").iterator(BATCH)
        if one.version is not None and (only is None or one.record_id in only)
    ]  # fmt: skip
    return ("record", "list", "row", "as_of", "gone", "key", "organisation", "name"), found


def events(limit: int | None = 20) -> list[tuple[int, str, str, str, str]]:
    """Return the last events, newest first: number, time (UTC), author, kind, and whether it counts."""
    rows = models.Event.objects.select_related("undone").order_by("-id")[:limit]
    return [
        (one.id, f"{one.at:%Y-%m-%d %H:%M}", one.author, one.kind, "undone" if hasattr(one, "undone") else "")
        for one in rows
    ]


def _values(one: models.Organisation) -> tuple[Value, ...]:
    versions = {held["origin"] for held in one.values.values() if held["rule"] != "R1"}
    versions |= {version for held in one.values.values() for _, version in held["others"]}
    rows = models.RecordVersion.objects.filter(id__in=versions).select_related("version__source")
    said = {row.id: f"{row.version.source.name}, {row.version.as_of.isoformat()}, row {row.row}" for row in rows}
    return tuple(
        Value(
            name, held["value"], RULES[held["rule"]],
            f"correction {held['origin']}" if held["rule"] == "R1" else said[held["origin"]],
            tuple((value, said[version]) for value, version in held["others"]),
        )
        for name, held in sorted(one.values.items())
    )  # fmt: skip


def _relations(address: str) -> Iterator[Relation]:
    said = models.Judgement.objects.filter(value="related", event__undone__isnull=True)
    for ours, theirs in (("left", "right"), ("right", "left")):
        rows = said.filter(**{f"{ours}__placement__organisation": address}).exclude(
            **{f"{theirs}__placement__organisation": address}
        )
        for kind, other, sentence in rows.order_by("id").values_list(
            "relation", f"{theirs}__placement__organisation", "sentence"
        ):
            yield Relation(kind if ours == "left" else f"{kind} (of)", str(other), sentence)
