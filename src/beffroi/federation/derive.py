"""Compute organisations from the entries, for the groups that something touched and no others.

`rebuild` does it for everything; tests hold that both leave the same tables, byte for byte.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from beffroi.federation import bulk
from beffroi.federation.grouping import Node, group
from beffroi.federation.identity import Holder, senior, seniority, title
from beffroi.federation.log import BATCH
from beffroi.federation.survivorship import Correction, Statement, Survivor, survive
from beffroi.federation.verdict import Word
from beffroi.linkage.place import commune_name
from beffroi.records import changes, models

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import date

    from django.db.models import Model, QuerySet

CHUNK = 500
_ALL_AT_ONCE = 5_000  # from so many records on, reading every link once is cheaper than asking for each


@dataclass(slots=True)
class Held:
    """All that the entries say of one record."""

    record: int
    source_id: int
    source: str
    kind: str
    trust_rank: int
    key: str
    born_title: str
    holder: Holder
    version: int | None = None
    is_gone: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    said_on: date | None = None
    spoke: int = 0
    paid_until: str = ""
    corrections: list[Correction] = field(default_factory=list)
    trades: dict[tuple[str, str], dict[str, object]] = field(default_factory=dict)


def recompute(touched: Iterable[int]) -> frozenset[int]:
    """Compute again every group that contains, or did contain, one of these records.

    Returns:
        The records whose groups were computed.
    """
    nodes = reach(touched)
    held = held_of(nodes)
    words = {one.id: one for one in words_among(nodes)}
    anchors = {one for one in held if held[one].kind == "unit"}
    known = {one for one in held if held[one].version is not None or one in anchors}
    found = group(
        {one: node_of(held[one]) for one in known},
        [one for one in words.values() if one.left in known and one.right in known],
    )
    placed = [one for one in found.groups if any(held[record].version is not None for record in one)]
    _clear(nodes)
    _write(held, placed)
    bulk.insert_values(models.Conflict, ("judgement_id", "reason"), sorted(found.refused.items()))
    return frozenset(nodes)


def rebuild() -> None:
    """Throw every reading away and compute all of it from the entries."""
    for table in (models.Conflict, models.Membership, models.Placement, models.Organisation):
        table.objects.all().delete()
    recompute(models.SourceRecord.objects.values_list("id", flat=True))


def reach(seeds: Iterable[int]) -> set[int]:
    """Return the records tied to these by judgements "same", however far."""
    found = set(seeds)
    if len(found) > _ALL_AT_ONCE:
        return _reach_in_memory(found)
    edge = found
    while edge:
        edge = _neighbours(edge) - found
        found |= edge
        if len(found) > _ALL_AT_ONCE:
            return _reach_in_memory(found)
    return found


def order_of_lists() -> dict[int, date]:
    """Return the day of each source's present version: what "most recent" is decided by."""
    latest = models.SourceVersion.objects.filter(event__undone__isnull=True).values("source").annotate(last=Max("id"))
    days = dict(models.SourceVersion.objects.filter(id__in=[one["last"] for one in latest])
                .values_list("source_id", "as_of"))  # fmt: skip
    return {source: days[source] for source in sorted(days)}


def chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    """Cut a set of ids into pieces that one query can take."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def _neighbours(records: Collection[int]) -> set[int]:
    links = models.Judgement.objects.filter(value="same", event__undone__isnull=True)
    found: set[int] = set()
    for piece in chunks(records):
        found.update(links.filter(left__in=piece).values_list("right_id", flat=True))
        found.update(links.filter(right__in=piece).values_list("left_id", flat=True))
    return found


def _reach_in_memory(seeds: set[int]) -> set[int]:
    ties: dict[int, list[int]] = defaultdict(list)
    links = models.Judgement.objects.filter(value="same", event__undone__isnull=True)
    for left, right in links.values_list("left_id", "right_id").iterator(BATCH):
        ties[left].append(right)
        ties[right].append(left)
    found, edge = set(seeds), list(seeds)
    while edge:
        for other in ties.get(edge.pop(), ()):
            if other not in found:
                found.add(other)
                edge.append(other)
    return found


def _within(rows: QuerySet[Any, Any], name: str, records: Collection[int]) -> Iterator[Any]:
    """Yield the rows whose `name` (an attribute of the row, first of its values) is among these records."""
    if len(records) > _ALL_AT_ONCE:
        wanted = records if isinstance(records, set | frozenset | dict) else set(records)
        yield from (row for row in rows.iterator(BATCH) if row[0] in wanted)
        return
    for piece in chunks(records):
        yield from rows.filter(**{f"{name}__in": piece})


def node_of(one: Held) -> Node:
    """Return what grouping must know of a record."""
    return Node(
        key=f"{one.source}\x1f{one.key}",
        unit=one.key if one.kind == "unit" else "",
        list=one.source if one.kind == "list" and one.version is not None and not one.is_gone else "",
    )


def held_of(nodes: Collection[int]) -> dict[int, Held]:
    """Return all that the entries say of some records, by record."""
    found: dict[int, Held] = {}
    latest = order_of_lists()
    sources = {one.pk: one for one in models.Source.objects.all()}
    rows = models.SourceRecord.objects.values_list("id", "source_id", "key", "event_id")
    for record, source_id, key, event in _within(rows, "id", nodes):
        source = sources[source_id]
        born = title(source.name, key)
        holder = Holder(record, born, seniority(event, source.name, key))
        found[record] = Held(record, source_id, source.name, source.kind, source.trust_rank, key, born, holder)
    _add_versions(found, latest)
    _add_decisions(found)
    return found


def _add_versions(found: dict[int, Held], latest: dict[int, date]) -> None:
    versions = dict(models.SourceVersion.objects.filter(event__undone__isnull=True).values_list("id", "as_of"))
    spoke = dict(models.SourceVersion.objects.values_list("id", "event_id"))
    rows = models.RecordVersion.objects.order_by("id").values_list("record_id", "id", "version_id", "is_gone", "fields")
    for record, row, version, is_gone, fields in _within(rows, "record", found):
        if version not in versions:
            continue
        one = found[record]
        one.since = one.since or versions[version]
        one.said_on = versions[version] if is_gone else latest[one.source_id]
        one.version, one.is_gone, one.fields = row, is_gone, fields
        one.spoke, one.paid_until = spoke[version], str(fields.get("member_until", ""))


def _add_decisions(found: dict[int, Held]) -> None:
    def said(table: type[Model], *names: str) -> Iterator[Any]:
        rows = table._default_manager.filter(event__undone__isnull=True)  # noqa: SLF001 -- Django's public-by-convention name
        return _within(rows.order_by("id").values_list("record_id", *names), "record", found)

    for record, address, seniority_ in said(models.Claim, "title", "seniority"):
        found[record].holder = Holder(record, address, seniority_)
    for record, number, name, value in said(models.Override, "id", "field", "value"):
        found[record].corrections.append(Correction(number, name, value))
    for record, event, until in said(changes.Renewal, "event_id", "until"):
        if event > found[record].spoke:  # else the list has spoken since
            found[record].paid_until = until.isoformat()
    names = ("id", "scheme", "scheme_version", "concept", "is_main", "is_accepted")
    for record, number, scheme, version, concept, is_main, is_accepted in said(models.TradeDecision, *names):
        found[record].trades[scheme, concept] = {
            "id": number, "scheme": scheme, "version": version, "concept": concept, "is_main": is_main,
            "is_accepted": is_accepted,
        }  # fmt: skip


def words_among(nodes: Collection[int]) -> Iterator[Word]:
    """Yield the judgements that count and have both ends among some records."""
    rows = models.Judgement.objects.filter(event__undone__isnull=True).values_list(
        "left_id", "id", "right_id", "value", "origin", "bits", "relation"
    )
    for left, number, right, value, origin, bits, relation in _within(rows, "left", nodes):
        if right in nodes:
            yield Word(number, left, right, value, origin, bits or 0.0, relation)


def _clear(nodes: Collection[int]) -> None:
    standing = models.Conflict.objects.values_list("judgement__left_id", "judgement_id")
    # A judgement that no longer counts keeps no conflict either.
    for piece in chunks(one for _, one in _within(standing, "judgement__left", nodes)):
        models.Conflict.objects.filter(judgement__in=piece).delete()
    gone = {address for _, address in
            _within(models.Placement.objects.values_list("record_id", "organisation_id"), "record", nodes)}  # fmt: skip
    for part in _parts(sorted(gone)):
        for table in (models.Placement, models.Membership):
            rows = table._default_manager.filter(organisation__in=part)  # noqa: SLF001 -- Django's public-by-convention name
            rows._raw_delete(rows.db)  # noqa: SLF001 -- nothing hangs on these rows: they need not be read first
        held = models.Organisation.objects.filter(id__in=part)
        held._raw_delete(held.db)  # noqa: SLF001 -- what hung on them has just gone


def _parts(addresses: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(addresses), CHUNK):
        yield addresses[start : start + CHUNK]


def _write(held: dict[int, Held], groups: Collection[tuple[int, ...]]) -> None:
    organisations, placements, memberships = [], [], []
    for members in groups:
        rows = [held[one] for one in members]
        organisation = _organisation(rows)
        organisations.append(organisation)
        placements += [_placement(one, organisation.id) for one in rows]
        memberships += _memberships(rows, organisation.id)
    bulk.insert(organisations)
    bulk.insert(placements)
    bulk.insert(memberships)


def _organisation(rows: list[Held]) -> models.Organisation:
    address = senior(one.holder for one in rows if one.version is not None).title
    values = survive(statements_of(rows), [given for one in rows for given in one.corrections])
    unit = next((one.key for one in rows if one.kind == "unit"), "")
    return models.Organisation(
        id=address,
        legal_unit=unit,
        name=(_said(values, "name") or _said(values, "brand") or unit or address)[:300],
        city=(_said(values, "city") or commune_name(_said(values, "commune_code")))[:120],
        postcode=_said(values, "postcode")[:20],
        values={name: _as_json(one) for name, one in values.items()},
        trades=_trades(rows),
    )


def _said(values: dict[str, Survivor], name: str) -> str:
    return values[name].value if name in values else ""


def _as_json(one: Survivor) -> dict[str, object]:
    return {"value": one.value, "rule": one.rule, "origin": one.origin, "others": [list(pair) for pair in one.others]}


def _trades(rows: list[Held]) -> list[dict[str, object]]:
    # The latest word on each concept holds; of several main trades, the one said last.
    latest: dict[tuple[str, str], dict[str, object]] = {}
    for said in sorted((one for row in rows for one in row.trades.values()), key=lambda one: str(one["id"]).zfill(20)):
        latest[str(said["scheme"]), str(said["concept"])] = said
    accepted = [one for one in latest.values() if one["is_accepted"]]
    mains = [one["id"] for one in accepted if one["is_main"]]
    return [{**one, "is_main": bool(mains) and one["id"] == mains[-1]} for one in accepted]


def statements_of(rows: list[Held]) -> list[Statement]:
    """Return what the rows of one organisation say, for `survivorship`."""
    return [
        Statement(
            version=one.version, key=one.key, source=one.source, is_register=one.kind == "register",
            is_gone=one.is_gone, as_of=str(one.said_on), trust_rank=one.trust_rank, fields=one.fields,
        )
        for one in rows
        if one.version is not None
    ]  # fmt: skip


def _placement(one: Held, organisation: str) -> models.Placement:
    return models.Placement(
        record_id=one.record,
        version_id=one.version,
        title=one.holder.title,
        born_title=one.born_title,
        paid_until=one.paid_until,
        organisation_id=organisation,
    )


def _memberships(rows: list[Held], organisation: str) -> list[models.Membership]:
    by_list: dict[int, list[Held]] = defaultdict(list)
    for one in rows:
        if one.kind == "list" and one.version is not None:
            by_list[one.source_id].append(one)
    return [
        models.Membership(
            id=f"{organisation}/{source}",
            organisation_id=organisation,
            source_id=source,
            since=min(one.since for one in members if one.since),
            until=None if any(one.version and not one.is_gone for one in members)
            else max(one.said_on for one in members if one.said_on),
        )
        for source, members in sorted(by_list.items())
    ]  # fmt: skip
