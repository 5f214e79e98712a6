"""What waits for a person: doubtful pairs, links that a constraint refused, and what registers say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q

from beffroi.federation.derive import chunks
from beffroi.records import models

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet


_MOST_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Side:
    """One record of a case, with all that its row says."""

    record: int
    source: str
    row: int
    organisation: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Case:
    """One decision to make. `id` is `left-right` for a pair, `t…` for a task of a register."""

    id: str
    kind: str
    sentence: str
    probability: float | None
    bits: float | None
    sides: tuple[Side, ...]
    detail: Mapping[str, Mapping[str, str] | str]


def order() -> list[str]:
    """Return the open cases by number: tasks first, then pairs by falling chance that a link is missing.

    A pair leaves the queue when a person decides it, and when other links have put both records into one organisation.
    A model's doubt is settled too when they stand in two legal units, or a person has separated the two organisations.
    """
    tasks = [f"t{one}" for one in _open_tasks().order_by("id").values_list("id", flat=True)]
    return tasks + [f"{left}-{right}" for left, right in _in_order().values_list("left_id", "right_id")]


def load(case_id: str) -> Case | None:
    """Return one open case; None when it is none, or is decided."""
    left, _, right = case_id.partition("-")
    if case_id.startswith("t"):
        return next(iter(_tasks(_open_tasks().filter(pk=_number(case_id[1:])))), None)
    return next(iter(_pairs(_in_order().filter(left=_number(left), right=_number(right)))), None)


def queue(limit: int | None = None) -> list[Case]:
    """Return the open cases in their order, or the first of them."""
    cases = _tasks(_open_tasks().order_by("id")[:limit])
    left = None if limit is None else max(limit - len(cases), 0)
    return cases + _pairs(_in_order()[:left])


def tasks() -> list[Case]:
    """Return what registers changed and nobody has looked at, the oldest first."""
    return _tasks(_open_tasks().order_by("id"))


def open_cases() -> int:
    """Return how many cases wait."""
    return _open_tasks().count() + _doubtful().count()


def _open_tasks() -> QuerySet[models.Task]:
    ended = models.Closing.objects.filter(task=OuterRef("pk"), event__undone__isnull=True)
    return models.Task.objects.filter(~Exists(ended), event__undone__isnull=True)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _MOST_DIGITS else 0


def _tasks(rows: Iterable[models.Task]) -> list[Case]:
    found = list(rows)
    sides = _sides({one.record_id for one in found})
    return [
        Case(f"t{one.id}", one.kind, f"The register says: {one.kind}.", None, None, _of(sides, one.record_id),
             one.detail)
        for one in found
    ]  # fmt: skip


def _in_order() -> QuerySet[models.Judgement]:
    return _doubtful().select_related("conflict").order_by(F("probability").desc(nulls_last=True), "id")


def _doubtful() -> QuerySet[models.Judgement]:
    by_person = models.Judgement.objects.filter(
        left=OuterRef("left"), right=OuterRef("right"), origin="person", event__undone__isnull=True
    )
    # Of several doubtful judgements of one pair, the latest is the case.
    later = models.Judgement.objects.filter(
        Q(value="unsure") | Q(conflict__isnull=False), left=OuterRef("left"), right=OuterRef("right"),
        id__gt=OuterRef("id"), event__undone__isnull=True,
    )  # fmt: skip
    return (
        models.Judgement.objects.filter(
            Q(value="unsure") | Q(conflict__isnull=False),
            ~Exists(by_person),
            ~Exists(later),
            event__undone__isnull=True,
        )
        .exclude(left__placement__organisation=F("right__placement__organisation"))
        .exclude(
            ~Q(left__placement__organisation__legal_unit=""),
            ~Q(right__placement__organisation__legal_unit=""),
            origin="model",
            value="unsure",
        )
        .exclude(Exists(_separations()), origin="model", value="unsure")
    )


def _separations() -> QuerySet[models.Judgement]:
    """Return a person's words that keep the two organisations of the outer pair apart, whichever records they name."""
    left, right = "left__placement__organisation", "right__placement__organisation"
    return models.Judgement.objects.filter(
        Q(**{left: OuterRef(left), right: OuterRef(right)}) | Q(**{left: OuterRef(right), right: OuterRef(left)}),
        origin="person", value__in=("different", "related"), event__undone__isnull=True,
    )  # fmt: skip


def _pairs(rows: Iterable[models.Judgement]) -> list[Case]:
    found = list(rows)
    sides = _sides({end for one in found for end in (one.left_id, one.right_id)})
    return [
        Case(
            f"{one.left_id}-{one.right_id}",
            one.conflict.reason if hasattr(one, "conflict") else "doubtful",
            one.sentence, one.probability, one.bits, _of(sides, one.left_id, one.right_id), {},
        )
        for one in found
    ]  # fmt: skip


def sides_of(*records: int) -> tuple[Side, ...]:
    """Return what the rows of these records say today, in their order."""
    return _of(_sides(set(records)), *records)


def _sides(records: set[int]) -> dict[int, Side]:
    found: dict[int, Side] = {}
    for piece in chunks(records):
        rows = models.Placement.objects.filter(record__in=piece).select_related("record__source", "version")
        found |= {one.record_id: _side(one) for one in rows.defer("version__raw")}
    return found


def _of(sides: Mapping[int, Side], *records: int) -> tuple[Side, ...]:
    return tuple(sides[one] for one in records if one in sides)


def _side(one: models.Placement) -> Side:
    row, fields = (one.version.row, one.version.fields) if one.version else (0, {"siren": one.record.key})
    return Side(one.record_id, one.record.source.name, row, str(one.organisation_id), fields)
