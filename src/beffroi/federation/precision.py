"""How often links were right, as persons found who looked at them: a share with its interval, never an assumption.

For the automatic band the measure is a random sample of automatic links, drawn in an order that a seed fixes and no
record chooses. Automatic links that somebody looked at for another reason are counted apart: who suspects a link looks
at it, so that they say nothing of the rest.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from beffroi.federation.review import Case, sides_of
from beffroi.records import models
from beffroi.survey.proportions import proportion_of_count

if TYPE_CHECKING:
    from django.db.models import QuerySet

CHECK = "check"  # the kind of event by which a sampled link is decided
SAMPLED, LOOKED_AT, REVIEWED = "automatic_sampled", "automatic_looked_at", "reviewed"
SEED = "1"
LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class Band:
    """Links of one band that a person decided: how many, how many were the same, and the share with its interval.

    `share`, `low` and `high` (Wilson, 9 chances in 10) are None while nobody has decided any. `links` is how many the
    band holds.
    """

    name: str
    links: int
    decided: int
    same: int
    share: float | None
    low: float | None
    high: float | None


def bands() -> tuple[Band, ...]:
    """Return the precision of each band so far."""
    automatic, doubtful = _links("same"), _links("unsure")
    return (
        _band(SAMPLED, automatic.count(), _decided("same").filter(event__kind=CHECK)),
        _band(LOOKED_AT, automatic.count(), _decided("same").exclude(event__kind=CHECK)),
        _band(REVIEWED, doubtful.count(), _decided("unsure").exclude(event__kind=CHECK)),
    )


def sample(limit: int, *, seed: str = SEED) -> list[Case]:
    """Return the next automatic links to check, in the random order of a seed, without those that a person decided.

    The order hangs on the seed and on what the rows are called in their lists, so that everybody is given the same.
    """
    decided = models.Judgement.objects.filter(
        left=OuterRef("left"), right=OuterRef("right"), origin="person", event__undone__isnull=True
    )
    rows = _links("same").filter(~Exists(decided)).values_list(
        "id", "left__source__name", "left__key", "right__source__name", "right__key"
    )  # fmt: skip
    drawn = sorted(rows, key=lambda one: _place(seed, *one[1:]))[:limit]
    held = models.Judgement.objects.in_bulk([one[0] for one in drawn])
    return [_case(held[one[0]]) for one in drawn]


def sampled(left: int, right: int) -> Case | None:
    """Return an automatic link to check by its two records; None where there is none, or a person decided it."""
    first, second = sorted((left, right))
    found = _links("same").filter(left=first, right=second).order_by("-id").first()
    is_decided = models.Judgement.objects.filter(
        left=first, right=second, origin="person", event__undone__isnull=True
    ).exists()
    return None if found is None or is_decided else _case(found)


def _case(one: models.Judgement) -> Case:
    return Case(
        f"{one.left_id}-{one.right_id}", "sample", one.sentence, one.probability, one.bits,
        sides_of(one.left_id, one.right_id), {},
    )  # fmt: skip


def _place(seed: str, *names: str) -> str:
    return hashlib.sha256("\x1f".join((seed, *names)).encode()).hexdigest()


def _links(value: str) -> QuerySet[models.Judgement]:
    """Return links that a model made and that hold: followed, not undone, the latest of their pair."""
    later = models.Judgement.objects.filter(
        left=OuterRef("left"),
        right=OuterRef("right"),
        origin="model",
        event__undone__isnull=True,
        id__gt=OuterRef("id"),
    )
    return models.Judgement.objects.filter(
        ~Exists(later), origin="model", value=value, event__undone__isnull=True, conflict__isnull=True
    )


def _decided(value: str) -> QuerySet[models.Judgement]:
    """Return persons' words on pairs of which a model had said `value`; who is unsure has not decided."""
    said = models.Judgement.objects.filter(
        left=OuterRef("left"), right=OuterRef("right"), origin="model", value=value, event__undone__isnull=True,
        id__lt=OuterRef("id"),
    )  # fmt: skip
    return models.Judgement.objects.filter(
        Exists(said), origin="person", event__undone__isnull=True, value__in=("same", "different", "related")
    )


def _band(name: str, links: int, decided: QuerySet[models.Judgement]) -> Band:
    pairs = {(left, right): value for left, right, value in
             decided.order_by("id").values_list("left_id", "right_id", "value")}  # fmt: skip
    total, same = len(pairs), sum(value == "same" for value in pairs.values())
    if not total:
        return Band(name, links, 0, 0, None, None, None)
    found = proportion_of_count(same, total, level=LEVEL)
    return Band(name, links, total, same, found.value, found.low, found.high)
