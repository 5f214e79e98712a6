"""What it would take, in words: each top not yet reached, and the levers that lead there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.web import words
from beffroi.web.markup import link
from beffroi.web.pages.questions import place_sought

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from beffroi.observatory.reading import Goal, Lever
    from beffroi.web.frame import Scope


@dataclass(frozen=True, slots=True)
class Step:
    """One lever: a link to the indicator, and the way to go."""

    link: SafeString
    way: str


@dataclass(frozen=True, slots=True)
class Wish:
    """One top: the question, the answer in words, and its levers (none when out of reach)."""

    title: str
    answer: str
    steps: tuple[Step, ...]


MOST_CHOICES = 2
WORTH_SAYING = 0.1


def hangs_line(scope: Scope, code: str) -> str:
    """What the rank hangs on, in one sentence; nothing when no choice moves it much."""
    told = [one for one in scope.reading.hangs.get(code, ()) if one.total >= WORTH_SAYING][:MOST_CHOICES]
    if not told:
        return ""
    names = [f"{_choice(one.factor)} ({words.percent(min(one.total, 1.0), scope.language)})" for one in told]
    return _(
        "This rank hangs most on %(choices)s: the share of its variation that would vanish if the choice were settled."
    ) % {"choices": words.enumeration(names, scope.language)}


def _choice(factor: str) -> str:
    return {
        "imputation": _("how missing figures are filled"),
        "treatment": _("how extremes are treated"),
        "normalisation": _("the scale of the indicators"),
        "aggregation": _("how pillars are joined"),
        "pillar_weights": _("the weights of the pillars"),
        "indicator_weights": _("the weights of the indicators"),
    }[factor]


def wishes(scope: Scope, code: str) -> tuple[Wish, ...]:
    """The tops a region has not reached, the nearest first."""
    goals = [one for (region, _top), one in scope.reading.goals.items() if region == code]
    return tuple(_wish(scope, one) for one in sorted(goals, key=lambda one: -one.top))


def _wish(scope: Scope, goal: Goal) -> Wish:
    language = scope.language
    standing = scope.reading.standing(goal.region)
    title = place_sought(scope, standing.rank if standing else 0, goal.top)
    rank = words.ordinal(goal.rank, language)
    if not goal.is_feasible:
        answer = _(
            "Out of reach for now: even level with the best tenth of regions on every indicator, it would be %(rank)s."
        ) % {"rank": rank}
        return Wish(title, answer, ())
    answer = _("It would be %(rank)s if the other regions stood still:") % {"rank": rank}
    steps = tuple(_step(scope, one, goal) for one in goal.levers)
    return Wish(title, answer, steps)


def _step(scope: Scope, lever: Lever, goal: Goal) -> Step:
    language = scope.language
    indicator = scope.edition.indicators[lever.indicator]
    symbol, decimals = scope.say(indicator.unit.symbol), indicator.unit.decimals
    way = _("from %(start)s to %(end)s: %(years)s years at the pace that one region in four keeps") % {
        "start": words.number(lever.raw_from, decimals, language),
        "end": words.measure(lever.raw_to, symbol, decimals, language),
        "years": words.number(lever.years, 1, language),
    }
    return Step(link(scope.url(f"/indicator/{lever.indicator}/", r=goal.region), scope.say(indicator.name)), way)
