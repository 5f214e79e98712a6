"""Take a list in: all of it or nothing, the same file twice changes nothing, a dry run is the real run rolled back.

A row that states a valid legal unit is tied to that unit's anchor by a rule. When a row that was tied to one unit
states another, nothing moves: the new unit waits in the review queue. What a register says of a change (closed, moved,
renamed, absorbed, vanished) opens a task and touches no link.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from beffroi.federation import bulk, derive, log, propose_links
from beffroi.federation.entries import new_judgement
from beffroi.federation.errors import ImportRefusedError
from beffroi.federation.import_plan import Given, Plan, Report, numbered, plan
from beffroi.federation.log import Act
from beffroi.federation.propose import Offered, Propose, Proposed, propose_nothing
from beffroi.federation.register_watch import tasks_of
from beffroi.records import models
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from beffroi.federation.rows import Row

ANCHORS = "legal units"
IDENTIFIER_RULE = "states-the-legal-unit"


def import_list(
    given: Given, *, by: str, at: datetime, dry_run: bool = False, persons: str = "ask", faulty: str = "refuse",
    propose: Propose = propose_links.propose, reason: str = "",
) -> Report:  # fmt: skip
    """Take a list in and report what changed.

    Args:
        given: rows by header, mapping, and the file they come from.
        by: who imports.
        at: when.
        dry_run: do everything, then take it back and report it.
        persons: rows that seem to name natural persons: `ask` refuses the list and names them, `keep` stores them,
            `leave_out` stores neither the rows nor the file that holds them.
        faulty: rows that name nobody: `refuse` the list, or `leave_out` those rows.
        reason: why, in the person's words; needed by nobody but shown in the log.
        propose: what proposes links; sees new and changed records beside the standing ones (default: linkage).

    Raises:
        ImportRefusedError: rows name nobody, or natural persons and the question is open. Its `report` lists them.
        UsageError: the mapping does not fit the file.
    """
    # Reading and linking take long, writing does not: the pen is taken only for the last step, and what was
    # prepared is prepared again if somebody wrote in the meantime.
    number = _head()
    found = plan(given, persons=persons, faulty=faulty)
    _refuse(given, found, persons, faulty)
    if found.is_known:
        return _report(given, found)
    said = _proposals(given, found, propose)
    with log.writing() as head:
        if head.number != number:
            found = plan(given, persons=persons, faulty=faulty)
            if found.is_known:
                return _report(given, found)
            said = _proposals(given, found, propose)
        report = _apply(head, given, found, Act(by, at, "import"), said, reason)
        if dry_run:
            transaction.set_rollback(True)
            report = replace(report, event=None)
    return report


SHOWN = 10  # rows that a refusal names: enough to show the pattern


def _head() -> int:
    return models.LogHead.objects.get(pk=1).number


def _refuse(given: Given, found: Plan, persons: str, faulty: str) -> None:
    fatal = [one for one in found.faults if one.is_fatal]
    if fatal and faulty == "refuse":
        rows, more = ", ".join(str(one.row) for one in fatal[:SHOWN]), " …" if len(fatal) > SHOWN else ""
        raise ImportRefusedError(
            Text(
                f"{len(fatal)} lignes de « {given.file_name} » ne nomment personne (lignes "
                f"{rows}{more}) ; "
                "rien n’a été gardé. Corrigez-les, ou laissez-les de côté exprès.",
                f"{len(fatal)} rows of '{given.file_name}' name nobody (rows {rows}{more}); "
                "nothing was stored. Correct them, or leave them out on purpose.",
            ),
            _report(given, found),
        )
    if found.persons and persons == "ask":
        rows, more = ", ".join(map(str, found.persons[:SHOWN])), " …" if len(found.persons) > SHOWN else ""
        raise ImportRefusedError(
            Text(
                f"{len(found.persons)} lignes de « {given.file_name} » semblent nommer des personnes "
                f"physiques (lignes {rows}{more}) ; rien n’a été "
                "gardé. Dites s’il faut les garder ou les laisser : les garder demande une finalité "
                "et leur information.",
                f"{len(found.persons)} rows of '{given.file_name}' seem to name natural persons (rows {rows}"
                f"{more}); nothing was stored. Say whether to keep them or to leave "
                "them out: keeping them takes a purpose and their being told.",
            ),
            _report(given, found),
        )


def _report(given: Given, found: Plan) -> Report:
    return Report(
        source=given.source, rows=len(given.rows) - found.empty, new=len(found.new), changed=len(found.changed),
        gone=len(found.gone), same=found.same, left_out=len(found.left_out), faults=tuple(found.faults),
        persons=tuple(found.persons),
    )  # fmt: skip


def _proposals(given: Given, found: Plan, propose: Propose) -> list[Proposed]:
    if propose is propose_nothing or not (found.new or found.changed):
        return []
    taken = set(models.SourceRecord.objects.filter(source__name=given.source).values_list("key", flat=True))
    continued = dict(models.SourceRecord.objects.filter(id__in=[one for one, _ in found.changed])
                     .values_list("id", "key"))  # fmt: skip
    fresh = [Offered((given.source, key), given.kind, row.fields) for row, key in numbered(found.new, taken)]
    fresh += [Offered((given.source, continued[record]), given.kind, row.fields) for record, row in found.changed]
    moving = {one.reference for one in fresh} | {(given.source, key) for key in _keys(found.gone)}
    return list(propose(fresh, [one for one in standing() if one.reference not in moving]))


def _keys(records: Iterable[int]) -> set[str]:
    wanted = set(records)
    return {key for one in derive.chunks(wanted)
            for key in models.SourceRecord.objects.filter(id__in=one).values_list("key", flat=True)}  # fmt: skip


def standing() -> list[Offered]:
    """Return every record that stands, with its present fields."""
    rows = models.Placement.objects.filter(version__is_gone=False).select_related("record__source", "version")
    return [
        Offered((one.record.source.name, one.record.key), one.record.source.kind, one.version.fields)
        for one in rows.defer("version__raw").iterator(log.BATCH)
        if one.version is not None
    ]


def _apply(head: models.LogHead, given: Given, found: Plan, act: Act, said: Sequence[Proposed], reason: str) -> Report:
    before = models.Organisation.objects.count()
    order = ranking()
    source, _ = models.Source.objects.get_or_create(
        name=given.source, defaults={"kind": given.kind, "trust_rank": given.trust_rank}
    )
    number = head.number + 1  # foreign keys are checked at the end of the transaction: the event may come last
    new = numbered(found.new, set(source.records.values_list("key", flat=True)) if found.new else set())
    ids = _born(number, source, [key for _, key in new])
    rows = [(one, row) for one, (row, _) in zip(ids, new, strict=True)] + found.changed
    tasks = tasks_of(source, rows, found.gone)
    lines = _write_rows(_version(number, source, given, found), rows, found.gone)
    judgements = _identifier_judgements(number, rows) + _resolved(said)
    payload = _payload(given, found, lines) | ({"reason": reason} if reason else {})
    event = log.new_event(head, act, payload, entries=[*judgements, *tasks])
    touched = {one for one, _, _ in lines} | {end for one in judgements for end in (one.left_id, one.right_id)}
    if ranking() != order:
        touched |= shared_records(source)
    derive.recompute(touched)
    return replace(
        _report(given, found), event=event.id, tasks=len(tasks), organisations_before=before,
        judgements=dict(sorted(Counter(one.value for one in judgements).items())),
        organisations_after=models.Organisation.objects.count(),
    )  # fmt: skip


def _born(event: int, source: models.Source, keys: Sequence[str]) -> list[int]:
    ids = bulk.numbers(models.SourceRecord, len(keys))
    rows = ((one, event, source.pk, key) for one, key in zip(ids, keys, strict=True))
    bulk.insert_values(models.SourceRecord, ("id", "event_id", "source_id", "key"), rows)
    return ids


def shared_records(source: models.Source) -> set[int]:
    """Return the records of organisations that this source shares with others: their values may be chosen anew."""
    ours = models.Placement.objects.filter(record__source=source).values_list("organisation_id", "record_id")
    by_organisation = dict(ours.iterator(log.BATCH))
    others = models.Placement.objects.exclude(record__source=source).exclude(record__source__kind="unit")
    shared = set(others.values_list("organisation_id", flat=True).iterator(log.BATCH))
    return {record for organisation, record in by_organisation.items() if organisation in shared}


def ranking() -> list[set[int]]:
    """Return sources by the day of their present version, oldest first, equal days together."""
    # Sources by day, equal days together: only this order, not the days, decides which value is the most recent.
    days = derive.order_of_lists()
    return [{one for one in days if days[one] == day} for day in sorted(set(days.values()))]


def _version(number: int, source: models.Source, given: Given, found: Plan) -> models.SourceVersion:
    blob = None
    if not set(found.persons) & set(found.left_out):
        blob, _ = models.Blob.objects.get_or_create(sha256=found.sha256, defaults={"content": given.file_bytes})
    counts = {"rows": len(given.rows), "new": len(found.new), "changed": len(found.changed), "gone": len(found.gone),
              "same": found.same, "left_out": found.left_out}  # fmt: skip
    return models.SourceVersion.objects.create(
        event_id=number, source=source, file_name=given.file_name[:300], sha256=found.sha256, blob=blob,
        as_of=given.as_of, mapping=dict(given.mapping), counts=counts,
    )  # fmt: skip


def _write_rows(
    version: models.SourceVersion, rows: Sequence[tuple[int, Row]], gone: Sequence[int]
) -> list[tuple[int, str, bool]]:
    names = ("version_id", "record_id", "row", "row_hash", "key", "raw", "fields", "is_gone")
    versions: list[tuple[object, ...]] = [
        (version.pk, record, row.number, row.row_hash, row.key, dict(row.raw), dict(row.fields), False)
        for record, row in rows
    ]
    last_versions = _last_versions(gone).items()
    versions += [
        (version.pk, record, last.row, last.row_hash, last.key, last.raw, last.fields, True)
        for record, last in last_versions
    ]
    bulk.insert_values(models.RecordVersion, names, versions)
    return [*((record, row.row_hash, False) for record, row in rows),
            *((record, last.row_hash, True) for record, last in last_versions)]  # fmt: skip


def _last_versions(records: Sequence[int]) -> dict[int, models.RecordVersion]:
    found = {}
    for piece in derive.chunks(records):
        for one in models.Placement.objects.filter(record__in=piece).select_related("version"):
            if one.version is not None:
                found[one.record_id] = one.version
    return found


def _identifier_judgements(number: int, rows: Sequence[tuple[int, Row]]) -> list[models.Judgement]:
    units = {record: row.fields["siren"] for record, row in rows if ":" in row.fields.get("siren", "")}
    held = anchors(number, set(units.values()))
    known = _ties(units)
    found = []
    for record, unit in units.items():
        ties = known.get(record, {})
        if held[unit] in ties:
            continue
        value = "unsure" if ties else "same"
        sentence = (
            f"The list now states legal unit {unit}, where it stated {', '.join(sorted(ties.values()))}."
            if ties
            else f"The row states legal unit {unit}."
        )
        found.append(
            new_judgement(record, held[unit], value=value, origin="rule", method=IDENTIFIER_RULE, sentence=sentence)
        )
    return found


def anchors(number: int, units: set[str]) -> dict[str, int]:
    """Return the anchor record of each legal unit; new ones are born in event `number`. Whoever asks holds the pen."""
    source, _ = models.Source.objects.get_or_create(name=ANCHORS, defaults={"kind": "unit"})
    wanted = sorted(units)
    found: dict[str, int] = {}
    for start in range(0, len(wanted), derive.CHUNK):
        piece = wanted[start : start + derive.CHUNK]
        found |= dict(source.records.filter(key__in=piece).values_list("key", "id"))
    fresh = [one for one in wanted if one not in found]
    return found | dict(zip(fresh, _born(number, source, fresh), strict=True))


def _ties(records: Iterable[int]) -> dict[int, dict[int, str]]:
    """Units that a rule or person tied each record to, and that count today: anchor → unit."""
    found: dict[int, dict[int, str]] = {}
    said = models.Judgement.objects.filter(value="same", event__undone__isnull=True)
    for piece in derive.chunks(records):
        for record, anchor, unit in said.filter(left__in=piece, right__source__kind="unit").values_list(
            "left_id", "right_id", "right__key"
        ):
            found.setdefault(record, {})[anchor] = unit
        for record, anchor, unit in said.filter(right__in=piece, left__source__kind="unit").values_list(
            "right_id", "left_id", "left__key"
        ):
            found.setdefault(record, {})[anchor] = unit
    return found


def _resolved(said: Sequence[Proposed]) -> list[models.Judgement]:
    references = {end for one in said for end in (one.left, one.right)}
    ids: dict[tuple[str, str], int] = {}
    for name in sorted({source for source, _ in references}):
        keys = sorted(key for source, key in references if source == name)
        for start in range(0, len(keys), derive.CHUNK):
            piece = keys[start : start + derive.CHUNK]
            rows = models.SourceRecord.objects.filter(source__name=name, key__in=piece)
            ids |= {(name, key): record for key, record in rows.values_list("key", "id")}
    return [
        new_judgement(
            ids[one.left], ids[one.right], value=one.value, origin=one.origin, method=one.method, bits=one.bits,
            probability=one.probability, relation=one.relation, sentence=one.sentence,
        )
        for one in said
    ]  # fmt: skip


def _payload(given: Given, found: Plan, lines: Sequence[tuple[int, str, bool]]) -> dict[str, object]:
    return {"source": given.source, "file": given.file_name, "sha256": found.sha256, "rows": log.rows_digest(lines),
            "new": len(found.new), "changed": len(found.changed), "gone": len(found.gone)}  # fmt: skip
