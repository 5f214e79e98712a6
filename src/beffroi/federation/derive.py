"""Compute organisations from the entries, for the groups that something touched and no others.

`rebuild` does it for everything; tests hold that both leave the same tables, byte for byte.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Max

from beffroi.federation.grouping import Node, group
from beffroi.federation.identity import Holder, senior, seniority, title
from beffroi.federation.log import BATCH
from beffroi.federation.survivorship import Correction, Statement, Survivor, survive
from beffroi.federation.verdict import Word
from beffroi.records import models

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

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
    holder: Holder
    version: models.RecordVersion | None = None
    since: date | None = None
    said_on: date | None = None
    corrections: list[Correction] = field(default_factory=list)
    trades: dict[tuple[str, str], dict[str, object]] = field(default_factory=dict)


def recompute(touched: Iterable[int]) -> frozenset[int]:
    """Compute again every group that contains, or did contain, one of these records.

    Returns:
        The records whose groups were computed.
    """
    nodes = reach(touched)
    held = _held(nodes)
    words = {one.id: one for one in _words(nodes)}
    anchors = {one for one in held if held[one].kind == "unit"}
    known = {one for one in held if held[one].version is not None or one in anchors}
    found = group(
        {one: _node(held[one]) for one in known},
        [one for one in words.values() if one.left in known and one.right in known],
    )
    placed = [one for one in found.groups if any(held[record].version is not None for record in one)]
    _clear(nodes, words)
    _write(held, placed)
    models.Conflict.objects.bulk_create(
        [models.Conflict(judgement_id=one, reason=found.refused[one]) for one in sorted(found.refused)],
        batch_size=BATCH,
    )
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


def _node(one: Held) -> Node:
    stands = one.version is not None and not one.version.is_gone
    return Node(
        key=f"{one.source}\x1f{one.key}",
        unit=one.key if one.kind == "unit" else "",
        list=one.source if one.kind == "list" and stands else "",
    )


def _held(nodes: Collection[int]) -> dict[int, Held]:
    found: dict[int, Held] = {}
    latest = order_of_lists()
    for piece in chunks(nodes):
        for one in models.SourceRecord.objects.filter(id__in=piece).select_related("source"):
            name, key = one.source.name, one.key
            holder = Holder(one.id, title(name, key), seniority(one.event_id, name, key))
            found[one.id] = Held(one.id, one.source_id, name, one.source.kind, one.source.trust_rank, key, holder)
        _add_versions(found, piece, latest)
        _add_decisions(found, piece)
    return found


def _add_versions(found: dict[int, Held], piece: list[int], latest: dict[int, date]) -> None:
    rows = (
        models.RecordVersion.objects.filter(record__in=piece, version__event__undone__isnull=True)
        .select_related("version").defer("raw", "version__mapping").order_by("id")
    )  # fmt: skip
    for row in rows:
        one = found[row.record_id]
        one.since = one.since or row.version.as_of
        one.said_on = row.version.as_of if row.is_gone else latest[one.source_id]
        one.version = row


def _add_decisions(found: dict[int, Held], piece: list[int]) -> None:
    for claim in models.Claim.objects.filter(record__in=piece, event__undone__isnull=True).order_by("id"):
        found[claim.record_id].holder = Holder(claim.record_id, claim.title, claim.seniority)
    for given in models.Override.objects.filter(record__in=piece, event__undone__isnull=True).order_by("id"):
        found[given.record_id].corrections.append(Correction(given.id, given.field, given.value))
    for trade in models.TradeDecision.objects.filter(record__in=piece, event__undone__isnull=True).order_by("id"):
        found[trade.record_id].trades[trade.scheme, trade.concept] = {
            "id": trade.id, "scheme": trade.scheme, "version": trade.scheme_version, "concept": trade.concept,
            "is_main": trade.is_main, "is_accepted": trade.is_accepted,
        }  # fmt: skip


def _words(nodes: Collection[int]) -> Iterator[Word]:
    judgements = models.Judgement.objects.filter(event__undone__isnull=True)
    for piece in chunks(nodes):
        rows = judgements.filter(left__in=piece)
        for one in rows.values_list("id", "left_id", "right_id", "value", "origin", "bits", "relation"):
            if one[2] in nodes:
                yield Word(one[0], one[1], one[2], one[3], one[4], one[5] or 0.0, one[6])


def _clear(nodes: Collection[int], words: Collection[int]) -> None:
    for piece in chunks(words):
        models.Conflict.objects.filter(judgement__in=piece).delete()
    for piece in chunks(nodes):
        # A judgement that no longer counts keeps no conflict either.
        models.Conflict.objects.filter(judgement__left__in=piece).delete()
        gone = set(models.Placement.objects.filter(record__in=piece).values_list("organisation_id", flat=True))
        models.Organisation.objects.filter(id__in=gone).delete()


def _write(held: dict[int, Held], groups: Collection[tuple[int, ...]]) -> None:
    organisations, placements, memberships = [], [], []
    for members in groups:
        rows = [held[one] for one in members]
        organisation = _organisation(rows)
        organisations.append(organisation)
        placements += [_placement(one, organisation.id) for one in rows]
        memberships += _memberships(rows, organisation.id)
    models.Organisation.objects.bulk_create(organisations, batch_size=BATCH)
    models.Placement.objects.bulk_create(placements, batch_size=BATCH)
    models.Membership.objects.bulk_create(memberships, batch_size=BATCH)


def _organisation(rows: list[Held]) -> models.Organisation:
    address = senior(one.holder for one in rows if one.version is not None).title
    values = survive(_statements(rows), [given for one in rows for given in one.corrections])
    unit = next((one.key for one in rows if one.kind == "unit"), "")
    return models.Organisation(
        id=address,
        legal_unit=unit,
        name=(_said(values, "name") or _said(values, "brand") or unit or address)[:300],
        city=_said(values, "city")[:120],
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


def _statements(rows: list[Held]) -> list[Statement]:
    return [
        Statement(
            version=one.version.id, key=one.key, source=one.source, is_register=one.kind == "register",
            is_gone=one.version.is_gone, as_of=str(one.said_on), trust_rank=one.trust_rank, fields=one.version.fields,
        )
        for one in rows
        if one.version is not None
    ]  # fmt: skip


def _placement(one: Held, organisation: str) -> models.Placement:
    return models.Placement(
        record_id=one.record,
        version=one.version,
        title=one.holder.title,
        born_title=title(one.source, one.key),
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
            until=None if any(one.version and not one.version.is_gone for one in members)
            else max(one.said_on for one in members if one.said_on),
        )
        for source, members in sorted(by_list.items())
    ]  # fmt: skip
