"""What waits for a person: doubtful pairs, links that a constraint refused, and what registers say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q

from beffroi.records import models

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet


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


def queue(limit: int | None = None) -> list[Case]:
    """Return the open cases: tasks first, then pairs by falling chance that a link is missing.

    A pair leaves the queue when a person decides it, and when other links have put both records into one organisation.
    A model's doubt is settled too when they stand in two legal units, or a person has separated the two organisations.
    """
    cases = [*_tasks(), *_pairs()]
    return cases if limit is None else cases[:limit]


def open_cases() -> int:
    """Return how many cases wait."""
    return _open_tasks().count() + _doubtful().count()


def _open_tasks() -> QuerySet[models.Task]:
    ended = models.Closing.objects.filter(task=OuterRef("pk"), event__undone__isnull=True)
    return models.Task.objects.filter(~Exists(ended), event__undone__isnull=True)


def _tasks() -> list[Case]:
    return [
        Case(f"t{one.id}", one.kind, f"The register says: {one.kind}.", None, None, sides_of(one.record_id), one.detail)
        for one in _open_tasks().order_by("id")
    ]


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


def _pairs() -> list[Case]:
    rows = _doubtful().select_related("conflict").order_by(F("probability").desc(nulls_last=True), "id")
    return [
        Case(
            f"{one.left_id}-{one.right_id}",
            one.conflict.reason if hasattr(one, "conflict") else "doubtful",
            one.sentence, one.probability, one.bits, sides_of(one.left_id, one.right_id), {},
        )
        for one in rows
    ]  # fmt: skip


def sides_of(*records: int) -> tuple[Side, ...]:
    """Return what the rows of these records say today, in their order."""
    rows = models.Placement.objects.filter(record__in=records).select_related("record__source", "version")
    held = {one.record_id: one for one in rows}
    return tuple(_side(held[one]) for one in records if one in held)


def _side(one: models.Placement) -> Side:
    row, fields = (one.version.row, one.version.fields) if one.version else (0, {"siren": one.record.key})
    return Side(one.record_id, one.record.source.name, row, str(one.organisation_id), fields)
