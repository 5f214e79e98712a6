"""What a list would change: rows that stand unchanged, are new, changed or gone, before anything is written.

A row is recognised by its fingerprint, else by its key (legal unit, the list's own id, name and place), else by a
weaker key that only one row lost and only one row gained.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from beffroi.federation.rows import (
    Fault,
    Row,
    check_mapping,
    looks_like_a_person,
    mapping_text,
    read_row,
    row_hash,
    weak_key,
)
from beffroi.records import models
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

T = TypeVar("T")
_NTH = re.compile(r"#\d+$")


@dataclass(frozen=True, slots=True)
class Given:
    """A list as a reader found it: rows by header, the mapping field → header, and the file itself."""

    source: str
    rows: Sequence[Mapping[str, str]]
    mapping: Mapping[str, str]
    file_name: str
    file_bytes: bytes
    as_of: date
    kind: str = "list"
    trust_rank: int = 100


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, or would do. `event` is None when nothing was written."""

    source: str
    rows: int
    new: int = 0
    changed: int = 0
    gone: int = 0
    same: int = 0
    left_out: int = 0
    judgements: Mapping[str, int] = field(default_factory=dict)
    tasks: int = 0
    organisations_before: int = 0
    organisations_after: int = 0
    faults: tuple[Fault, ...] = ()
    persons: tuple[int, ...] = ()
    event: int | None = None


@dataclass(slots=True)
class Plan:
    """Rows by what becomes of them; `changed` and `returned` name the record they continue."""

    sha256: str
    mapping_text: str
    same: int = 0
    new: list[Row] = field(default_factory=list)
    changed: list[tuple[int, Row]] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    persons: list[int] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    empty: int = 0
    is_known: bool = False


class _Stored(NamedTuple):
    record: int
    key: str
    row_hash: str
    is_gone: bool


def plan(given: Given, *, persons: str = "ask", faulty: str = "refuse") -> Plan:
    """Compare a list with what its source said last.

    Args:
        given: the list.
        persons: what to do with rows that seem to name natural persons: `ask`, `keep` or `leave_out`.
        faulty: what to do with rows that name nobody: `refuse` or `leave_out`.

    Raises:
        UsageError: the mapping does not fit the file, or the source is known as another kind.
    """
    header = frozenset(name for row in given.rows[:1] for name in row)
    if given.rows:
        check_mapping(given.mapping, header)
    found = Plan(hashlib.sha256(given.file_bytes).hexdigest(), mapping_text(given.mapping))
    source = models.Source.objects.filter(name=given.source).first()
    if source is not None and source.kind != given.kind:
        raise UsageError(
            Text(
                f"« {given.source} » est connu comme {source.kind}, non comme {given.kind}. Donnez un autre nom.",
                f"'{given.source}' is known as a {source.kind}, not as a {given.kind}. Give another name.",
            )
        )
    if source is not None and _is_current(source, found):
        found.is_known, found.same = True, len(given.rows)
        return found
    stored = _stored(source) if source else []
    rest = _unchanged(given, found, [one for one in stored if not one.is_gone])
    rows = _read(given, found, rest, persons, faulty)
    _match(rows, found, stored, _dormant(source, stored) if source and rows else [])
    return found


def remembered_mapping(source: str) -> dict[str, str]:
    """Return the mapping under which a source was last read; empty for a source never seen."""
    last = models.SourceVersion.objects.filter(source__name=source).order_by("-id").first()
    return dict(last.mapping) if last else {}


def numbered(rows: Iterable[Row], taken: set[str]) -> list[tuple[Row, str]]:
    """Give each new row a key of its own in its source: a repeated one gets `#2`, `#3` and so on.

    >>> rows = [Row(1, {}, {}, "a", "k"), Row(2, {}, {}, "b", "k")]
    >>> [key for _, key in numbered(rows, {"k"})]
    ['k#2', 'k#3']
    """
    used = set(taken)
    found = []
    for row in rows:
        key, count = row.key, 1
        while key in used:
            count += 1
            key = f"{row.key}#{count}"
        used.add(key)
        found.append((row, key))
    return found


def cells(raw: Mapping[str, str]) -> dict[str, str]:
    """Return a row's cells as the database can keep them: NUL and broken surrogates become signs that show them."""
    return {_kept(name): _kept(cell) for name, cell in raw.items()}


def _kept(cell: object) -> str:
    text = "" if cell is None else str(cell)
    if "\0" in text:
        text = text.replace("\0", "␀")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _is_current(source: models.Source, found: Plan) -> bool:
    last = source.versions.filter(event__undone__isnull=True).order_by("-id").first()
    return last is not None and last.sha256 == found.sha256 and mapping_text(last.mapping) == found.mapping_text


def _stored(source: models.Source) -> list[_Stored]:
    rows = models.RecordVersion.objects.filter(version__source=source, version__event__undone__isnull=True)
    latest = {
        record: _Stored(record, key, fingerprint, is_gone)
        for record, key, fingerprint, is_gone in rows.order_by("id").values_list(
            "record_id", "key", "row_hash", "is_gone"
        )
    }
    return list(latest.values())


def _dormant(source: models.Source, stored: Sequence[_Stored]) -> list[_Stored]:
    """Records that left the list, and those of an import that was undone: born, and saying nothing at present."""
    speaking = {one.record for one in stored}
    born = source.records.values_list("id", "key")
    silent = [_Stored(record, _NTH.sub("", key), "", True) for record, key in born if record not in speaking]
    return [*(one for one in stored if one.is_gone), *silent]


def _unchanged(given: Given, found: Plan, present: Sequence[_Stored]) -> list[tuple[int, str]]:
    waiting: dict[str, int] = defaultdict(int)
    for one in present:
        waiting[one.row_hash] += 1
    rest = []
    for number, raw in enumerate(given.rows, start=1):
        if not any(str(cell or "").strip() for cell in raw.values()):
            found.empty += 1
            continue
        digest = row_hash(cells(raw), found.mapping_text)
        if waiting.get(digest, 0):
            waiting[digest] -= 1
            found.same += 1
        else:
            rest.append((number, digest))
    # What is left in `waiting` has no unchanged row: the matcher below sees it as vanished.
    found.gone = _left(present, waiting)
    return rest


def _left(present: Sequence[_Stored], waiting: dict[str, int]) -> list[int]:
    left = []
    for one in sorted(present, key=lambda one: -one.record):
        if waiting.get(one.row_hash, 0):
            waiting[one.row_hash] -= 1
            left.append(one.record)
    return left


def _read(given: Given, found: Plan, rest: Sequence[tuple[int, str]], persons: str, faulty: str) -> list[Row]:
    rows = []
    for number, digest in rest:
        row, faults = read_row(number, cells(given.rows[number - 1]), given.mapping, digest=digest)
        found.faults += faults
        is_person = given.kind == "list" and looks_like_a_person(row.fields)
        if is_person:
            found.persons.append(number)
        if (is_person and persons == "leave_out") or (faulty == "leave_out" and any(one.is_fatal for one in faults)):
            found.left_out.append(number)
        else:
            rows.append(row)
    return sorted(rows, key=lambda row: row.row_hash)


def _match(rows: Sequence[Row], found: Plan, stored: Sequence[_Stored], dormant: Sequence[_Stored]) -> None:
    vanished = set(found.gone)
    by_key = _by_key([one for one in stored if one.record in vanished])
    rest = _take(rows, by_key, found, vanished)
    rest = _take(rest, _by_key(dormant), found, vanished)
    found.new = _take_weakly(rest, found, vanished)
    found.gone = sorted(vanished)


def _by_key(stored: Iterable[_Stored]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for one in sorted(stored, key=lambda one: -one.record):
        found[one.key].append(one.record)
    return found


def _take(rows: Sequence[Row], by_key: dict[str, list[int]], found: Plan, vanished: set[int]) -> list[Row]:
    rest = []
    for row in rows:
        if by_key.get(row.key):
            record = by_key[row.key].pop()
            vanished.discard(record)
            found.changed.append((record, row))
        else:
            rest.append(row)
    return rest


def _take_weakly(rows: Sequence[Row], found: Plan, vanished: set[int]) -> list[Row]:
    if not rows or not vanished:
        return list(rows)
    last = {}
    for start in range(0, len(vanished), 500):
        piece = sorted(vanished)[start : start + 500]
        for one in models.RecordVersion.objects.filter(record__in=piece, version__event__undone__isnull=True).order_by(
            "id"
        ):
            last[one.record_id] = one.fields
    rest = list(rows)
    for key in (_own_id, weak_key):
        lost, gained = _only(last.items(), key), _only(((row, row.fields) for row in rest), key)
        for name in sorted(lost.keys() & gained.keys()):
            record, row = lost[name], gained[name]
            found.changed.append((record, row))
            vanished.discard(record)
            del last[record]
            rest.remove(row)
    return rest


def _own_id(fields: Mapping[str, str]) -> str:
    return fields.get("own_id", "")


def _only(pairs: Iterable[tuple[T, Mapping[str, str]]], key: Callable[[Mapping[str, str]], str]) -> dict[str, T]:
    seen: dict[str, list[T]] = defaultdict(list)
    for thing, fields in pairs:
        if key(fields):
            seen[key(fields)].append(thing)
    return {name: things[0] for name, things in seen.items() if len(things) == 1}
