"""Why a region's jobs grew: with the nation, by its mix of industries, or better than the same industries elsewhere.

e is the region, n the nation, 0 the start and 1 the end; g is the growth of the nation's total, g_i that of industry i
in the nation and r_i in the region. The nation's total is the sum of the industries given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from beffroi.specialisation.amounts import TABLE, Floats, Numbers, alike, amounts, divided
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable

FEWEST_YEARS = 2
Form = Literal["dunn", "esteban_marquillas"]


@dataclass(frozen=True, slots=True)
class ShiftShare:
    """Parts of a region's growth, in jobs: `growth` = `national` + `mix` + `regional` + `allocation`.

    `national`: had everything grown like the nation; `mix`: more or less, because its industries grow faster or slower
    everywhere; `regional`: because its industries grow otherwise than elsewhere; `allocation` (Esteban-Marquillas, else
    0): because it is specialised where it is better, or worse. `by_industry`: the same parts of each industry, one row
    an industry, columns in that order. NaN where the formula has no value.
    """

    growth: float
    national: float
    mix: float
    regional: float
    allocation: float
    by_industry: Floats

    @property
    def net_total_shift(self) -> float:
        """What is not national growth: `mix` + `regional` + `allocation`."""
        return self.mix + self.regional + self.allocation


def _four(given: tuple[Numbers, Numbers, Numbers, Numbers]) -> tuple[Floats, Floats, Floats, Floats]:
    names = ("region at the start", "region at the end", "nation at the start", "nation at the end")
    e0, e1, n0, n1 = (amounts(one, name) for one, name in zip(given, names, strict=True))
    for other, name in zip((e1, n0, n1), names[1:], strict=True):
        alike(e0, other, name)
    return e0, e1, n0, n1


def _summed(parts: Floats, growth: float) -> ShiftShare:
    national, mix, regional, allocation = parts.sum(axis=0).tolist()
    return ShiftShare(growth, national, mix, regional, allocation, parts)


def _common(e0: Floats, n0: Floats, n1: Floats) -> tuple[Floats, Floats, Floats]:
    """National and mix part by industry, and what each would be at the end had it grown as in the nation."""
    g = divided(n1.sum(), n0.sum()) - 1
    # An industry new in the nation has no rate of growth, but the region had none of it either: nothing was expected.
    expected = np.where(e0 == 0, 0.0, e0 * divided(n1, n0))
    national = e0 * g
    return national, expected - e0 - national, expected


def shift_share(region_start: Numbers, region_end: Numbers, nation_start: Numbers, nation_end: Numbers) -> ShiftShare:
    """Split a region's growth into national, mix and regional parts (Dunn).

    national = Σ e_i0 g; mix = Σ e_i0 (g_i − g); regional = Σ e_i0 (r_i − g_i).

    Args:
        region_start: jobs by industry in the region,
        region_end: at the end, in the same order;
        nation_start: jobs by industry in the nation, the region included,
        nation_end: at the end.

    Returns:
        The parts, in jobs, which add up to the growth exactly. An industry that is new in the region counts whole in
        `regional`. A missing figure makes them NaN.

    Raises:
        MethodError: columns of different length, or figures below zero.

    Source: Dunn (1960), Papers in Regional Science 6(1), 97–112, doi:10.1111/j.1435-5597.1960.tb01705.x.

    >>> found = shift_share([90, 20, 10, 60], [100, 40, 10, 55], [400, 150, 150, 400], [440, 210, 135, 480])
    >>> [round(one, 6) for one in (found.growth, found.national, found.mix, found.regional)]
    [25.0, 27.0, 1.0, -3.0]
    """
    e0, e1, n0, n1 = _four((region_start, region_end, nation_start, nation_end))
    national, mix, expected = _common(e0, n0, n1)
    parts = np.stack([national, mix, e1 - expected, np.zeros_like(e0)], axis=1)
    return _summed(parts, float(e1.sum() - e0.sum()))


def shift_share_esteban_marquillas(
    region_start: Numbers, region_end: Numbers, nation_start: Numbers, nation_end: Numbers
) -> ShiftShare:
    """Split as Dunn does, and clear the regional part of the region's mix (Esteban-Marquillas).

    With h_i = e_.0 n_i0 / n_.0, the jobs the region would have with the nation's mix: regional = Σ h_i (r_i − g_i);
    allocation = Σ (e_i0 − h_i)(r_i − g_i).

    Args:
        region_start: jobs by industry in the region,
        region_end: at the end, in the same order;
        nation_start: jobs by industry in the nation, the region included,
        nation_end: at the end.

    Returns:
        The parts, in jobs. An industry that the nation has and the region had not at the start has no rate of growth
        there: `regional` and `allocation` are NaN then; their sum is the `regional` part of `shift_share`.

    Raises:
        MethodError: columns of different length, or figures below zero.

    Source: Esteban-Marquillas (1972), Regional and Urban Economics 2(3), 249–255.

    >>> found = shift_share_esteban_marquillas([90, 20, 10, 60], [100, 40, 10, 55], [400, 150, 150, 400],
    ...                                        [440, 210, 135, 480])
    >>> round(found.regional, 6), round(found.allocation, 6)
    (-0.636364, -2.363636)
    """
    e0, e1, n0, n1 = _four((region_start, region_end, nation_start, nation_end))
    national, mix, _ = _common(e0, n0, n1)
    homothetic = e0.sum() * divided(n0, n0.sum())
    ahead = np.where(n0 == 0, 0.0, divided(e1, e0) - divided(n1, n0))
    unheard = (n0 == 0) & (e1 > 0)  # new in nation and region: all of it is the region's doing
    regional = np.where(unheard, e1, homothetic * ahead)
    parts = np.stack([national, mix, regional, (e0 - homothetic) * ahead], axis=1)
    return _summed(parts, float(e1.sum() - e0.sum()))


@dataclass(frozen=True, slots=True)
class ShiftShareIndex:
    """Parts of a region's growth as factors: 1 is no effect; `net_total_shift` = `mix` × `regional`."""

    mix: float
    regional: float
    net_total_shift: float


def shift_share_index(
    region_start: Numbers, region_end: Numbers, nation_start: Numbers, nation_end: Numbers
) -> ShiftShareIndex:
    """Split a region's growth into factors (Gerfin).

    mix = [Σ e_i0 n_i1 / n_i0 / e_.0] / (n_.1 / n_.0); regional = e_.1 / Σ e_i0 n_i1 / n_i0.

    Args:
        region_start: jobs by industry in the region,
        region_end: at the end, in the same order;
        nation_start: jobs by industry in the nation, the region included,
        nation_end: at the end.

    Returns:
        The factors, without unit; NaN where a total is 0 or a figure missing.

    Raises:
        MethodError: columns of different length, or figures below zero.

    Source: Gerfin (1964), Kyklos 17(4), 565–593.

    >>> found = shift_share_index([90, 20, 10, 60], [100, 40, 10, 55], [400, 150, 150, 400], [440, 210, 135, 480])
    >>> round(found.mix, 6), round(found.regional, 6)
    (1.004831, 0.985577)
    """
    e0, e1, n0, n1 = _four((region_start, region_end, nation_start, nation_end))
    _, _, expected = _common(e0, n0, n1)
    mix = float(divided(divided(expected.sum(), e0.sum()), divided(n1.sum(), n0.sum())))
    regional = float(divided(e1.sum(), expected.sum()))
    return ShiftShareIndex(mix, regional, mix * regional)


def shift_share_dynamic(region: Numbers, nation: Numbers, *, form: Form = "dunn") -> tuple[ShiftShare, ...]:
    """Split the growth of each year on the base of the year before, so that the mix follows the region.

    The parts of the whole period are the sums over the years (`total_of`). Over a long period the classic form puts the
    change of mix into the regional part; this one does not.

    Args:
        region: years × industries, jobs of the region, years in order and without gap;
        nation: the same shape, the region included.
        form: which split is used in each year.

    Returns:
        One split a year after the first.

    Raises:
        MethodError: fewer than two years, shapes that differ, or figures below zero.

    Source: Barff and Knight (1988), Growth and Change 19(2), 1–10.

    >>> years = shift_share_dynamic([[10, 10], [12, 10], [15, 9]], [[50, 50], [55, 50], [60, 49]])
    >>> [one.growth for one in years], total_of(years).growth
    ([2.0, 2.0], 4.0)
    """
    own = amounts(region, "region by year", dimensions=TABLE)
    whole = amounts(nation, "nation by year", dimensions=TABLE)
    alike(own, whole, "region and nation")
    if own.shape[0] < FEWEST_YEARS:
        raise MethodError(f"{own.shape[0]} year was given; expected {FEWEST_YEARS} or more. Add the years between.")
    split: Callable[[Numbers, Numbers, Numbers, Numbers], ShiftShare]
    split = shift_share if form == "dunn" else shift_share_esteban_marquillas
    return tuple(split(own[t], own[t + 1], whole[t], whole[t + 1]) for t in range(own.shape[0] - 1))


def total_of(years: tuple[ShiftShare, ...]) -> ShiftShare:
    """Add up the splits of several years; a part that is missing in one year is missing in the sum.

    >>> one = shift_share([1.0], [2.0], [2.0], [4.0])
    >>> total_of((one, one)).national
    2.0
    """
    return _summed(np.sum([one.by_industry for one in years], axis=0), sum(one.growth for one in years))
