"""Carry whole tables of figures from one NUTS vintage to another by a crosswalk, and find the vintage of a table.

`vocabulary.recode` brings one year of levels 0 to 2 under one vintage, mixing vintages and being lenient. Here the
crosswalk is given (by area, population or any weight, any level), a figure that lacks a part is missing, and a table of
which nobody knows the vintage is refused.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from beffroi.specialisation.amounts import Numbers, amounts
from beffroi.vocabulary.errors import MethodError, UsageError
from beffroi.vocabulary.geography import known_vintages, regions

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

Kind = Literal["count", "rate"]
SLIVER = 0.005  # share of both regions below which a flow is the border redrawn, not people moved


@dataclass(frozen=True, slots=True)
class Flow:
    """What a departing region gives to an arriving one: `weight` in persons, km² …, 0 or more."""

    from_code: str
    to_code: str
    weight: float


def crosswalk(from_codes: Sequence[str], to_codes: Sequence[str], weights: Numbers) -> tuple[Flow, ...]:
    """Make the flows from three columns: one pair of vintages, one level, one weight.

    Raises:
        MethodError: columns of different length, a weight missing or below zero, a pair written twice.

    >>> crosswalk(["A"], ["B"], [2.0])
    (Flow(from_code='A', to_code='B', weight=2.0),)
    """
    values = amounts(weights, "weights of the crosswalk")
    if not len(from_codes) == len(to_codes) == values.size or np.isnan(values).any():
        raise MethodError(
            f"The crosswalk holds {len(from_codes)} departing codes, {len(to_codes)} arriving codes and {values.size} "
            f"weights, {int(np.isnan(values).sum())} of them missing; expected one of each a row. Take another weight."
        )
    pairs = list(zip(from_codes, to_codes, strict=True))
    if len(set(pairs)) < len(pairs):
        raise MethodError(
            "The crosswalk names a pair of regions twice; expected each once. Keep one pair of vintages and one level."
        )
    return tuple(Flow(old, new, float(weight)) for (old, new), weight in zip(pairs, values, strict=True))


def without_slivers(flows: Sequence[Flow], *, share: float = SLIVER) -> tuple[Flow, ...]:
    """Leave out flows below `share` of both the departing and the arriving region.

    Conversion matrices are made by laying two maps over each other. Where lines are drawn a little differently, a
    recode such as FR22 → FRE2 also shows 49 persons in a neighbour: no split, but enough to make a figure missing. A
    flow that is small for one side only (a village that changed region) stays.

    Args:
        flows: of one pair of vintages and one level.
        share: 0..1; 0 keeps all.

    Returns:
        The flows kept, in their order.

    >>> flows = crosswalk(["A", "A", "B"], ["X", "Y", "Y"], [1000.0, 1.0, 1000.0])
    >>> [(one.from_code, one.to_code) for one in without_slivers(flows)]
    [('A', 'X'), ('B', 'Y')]
    """
    departing, arriving = _sums(flows)
    return tuple(
        one
        for one in flows
        if one.weight >= share * departing[one.from_code] or one.weight >= share * arriving[one.to_code]
    )


def _sums(flows: Sequence[Flow]) -> tuple[dict[str, float], dict[str, float]]:
    departing: dict[str, float] = defaultdict(float)
    arriving: dict[str, float] = defaultdict(float)
    for one in flows:
        departing[one.from_code] += one.weight
        arriving[one.to_code] += one.weight
    return departing, arriving


@dataclass(frozen=True, slots=True)
class Converted:
    """Figures by arriving code, NaN where a part is missing.

    `missing_weight`: by arriving code, the share (0..1) of its weight that comes from regions without a figure.
    `unplaced`: codes given that the crosswalk does not know.
    """

    values: Mapping[str, float]
    missing_weight: Mapping[str, float]
    unplaced: tuple[str, ...]


def convert(values: Mapping[str, float], flows: Sequence[Flow], *, kind: Kind) -> Converted:
    """Convert the figures of one series and year.

    count: Σ over departing regions of value × w / (Σ w of that departing region). rate: Σ value × w / Σ w over the
    flows of the arriving region; the weight should be the rate's own denominator (persons for a rate by inhabitant).

    Args:
        values: figures by departing code, NaN where missing.
        flows: a crosswalk of one pair of vintages and one level; with `without_slivers` for a recode.
        kind: `count` (jobs, euros: a part gets its share) or `rate` (a percentage: a part has the rate of the whole).

    Returns:
        A figure for every arriving code. If any part is missing or not given, however small, the figure is NaN;
        `missing_weight` says how small. Counts keep their sum.

    Raises:
        UsageError: a kind that is neither.

    Source: European Commission, Joint Research Centre, NUTS converter (2022); Hennicke and others, R package nuts
    (2024).

    >>> flows = crosswalk(["A", "A", "B"], ["X", "Y", "Y"], [3.0, 1.0, 4.0])
    >>> convert({"A": 8.0, "B": 10.0}, flows, kind="count").values
    {'X': 6.0, 'Y': 12.0}
    >>> convert({"A": 8.0, "B": 10.0}, flows, kind="rate").values
    {'X': 8.0, 'Y': 9.6}
    """
    if kind not in ("count", "rate"):
        raise UsageError(f"'{kind}' is no kind of figure; expected count (is shared out) or rate (is averaged).")
    departing, arriving = _sums(flows)
    found: dict[str, float] = dict.fromkeys(arriving, 0.0)
    missing: dict[str, float] = dict.fromkeys(arriving, 0.0)
    for one in flows:
        value = values.get(one.from_code, float("nan"))
        whole = departing[one.from_code] if kind == "count" else arriving[one.to_code]
        share = one.weight / whole if whole else float("nan")
        found[one.to_code] += value * share
        if np.isnan(value):
            of_arriving = arriving[one.to_code]
            missing[one.to_code] += one.weight / of_arriving if of_arriving else 1.0
    return Converted(found, missing, tuple(code for code in values if code not in departing))


@dataclass(frozen=True, slots=True)
class Fit:
    """How many of the codes given a vintage holds."""

    vintage: int
    codes: int


def fitting_vintages(codes: Collection[str], *, level: int | None = None) -> tuple[Fit, ...]:
    """Return the vintages that hold most of the codes, with how many, best first: several when the codes cannot tell.

    Args:
        codes: NUTS codes of levels 0 to 2, of one year of one table: tables mix vintages by year.
        level: look at this level only.

    >>> [one.vintage for one in fitting_vintages(["FR71", "FR72"])]
    [2006, 2010, 2013]
    """
    levels = (0, 1, 2) if level is None else (level,)
    held = {vintage: {code for one in levels for code in regions(vintage, one)} for vintage in known_vintages()}
    fits = [Fit(vintage, len(held[vintage].intersection(codes))) for vintage in known_vintages()]
    best = max(one.codes for one in fits)
    return tuple(one for one in fits if one.codes == best and best)


def vintage_of(codes: Collection[str], *, stated: int | None = None, level: int | None = None) -> int:
    """Return the vintage of one year of a table, and refuse to guess.

    The same codes stand in several vintages with other borders, and results differ by which is taken.

    Args:
        codes: NUTS codes of levels 0 to 2, of one year of one table.
        stated: the vintage as its publisher states it; it is taken when it fits as well as any other.
        level: look at this level only.

    Raises:
        UsageError: no vintage holds any code; several fit equally well and none is stated; or the stated one fits worse
            than another.

    >>> vintage_of(["FRK2", "FRE1"], stated=2016)
    2016
    """
    fits = fitting_vintages(codes, level=level)
    best = [one.vintage for one in fits]
    if not best:
        raise UsageError(f"None of the {len(codes)} codes is in any vintage of NUTS; expected codes such as FRK2.")
    if stated in best:
        return int(stated or 0)
    spelled = ", ".join(map(str, best))
    if stated is not None:
        raise UsageError(
            f"The codes are said to be NUTS {stated}, but more of them are in NUTS {spelled}. Look at the years one by "
            "one: a table may change vintage on its way."
        )
    if len(best) > 1:
        raise UsageError(
            f"The {len(codes)} codes fit NUTS {spelled} equally well ({fits[0].codes} codes each); expected one "
            "vintage, for borders differ. State which one the publisher used."
        )
    return best[0]
