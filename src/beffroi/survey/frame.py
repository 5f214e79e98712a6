"""Whom to ask: the frame by stratum, how many of each, and who answered."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from beffroi.survey.estimate import LEVEL, check_level
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FEWEST = 2  # answers in a stratum: one shows no variance


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the frame: how many units it holds, and how much they differ in what is asked.

    `spread` is the standard deviation of the variable, in its unit (√(p (1 − p)) for a share); `is_taken_whole` for
    large firms, each of which counts by itself.
    """

    size: int
    spread: float = 0.5
    is_taken_whole: bool = False


def sample_size(margin: float, *, population: int | None = None, share: float = 0.5, level: float = LEVEL) -> int:
    """Return how many answers a share needs to be known to ± `margin`.

    n₀ = z² p (1 − p) / margin²; n = n₀ / (1 + (n₀ − 1) / N), rounded up. Answers, not questionnaires sent.

    Args:
        margin: half the interval, 0..1.
        population: N; None: very large.
        share: the share expected; 0.5 is the most cautious.
        level: chance that the interval holds the truth, 0..1.

    Raises:
        MethodError: a margin or share outside 0..1, or an empty population.

    Source: Cochran (1977), Sampling Techniques, Wiley, section 4.4.

    >>> sample_size(0.05, population=600), sample_size(0.10, population=600)
    (235, 83)
    """
    if not 0 < margin < 1 or not 0 < share < 1 or (population is not None and population < 1):
        raise MethodError(
            f"A margin of {margin:g}, a share of {share:g} and a population of {population}; expected margin and "
            "share in "
            "0..1 and somebody to ask. Write 5 points as 0.05."
        )
    z = float(stats.norm.ppf((1 + check_level(level)) / 2))
    plain = z**2 * share * (1 - share) / margin**2
    needed = plain if population is None else plain / (1 + (plain - 1) / population)
    # Rounded up, but not because of the last digit.
    return math.ceil(round(needed, 9))


def neyman_allocation(strata: Mapping[str, Stratum], answers: int) -> dict[str, int]:
    """Share out so many answers over strata so that the mean of all is known best.

    n_h in proportion to N_h S_h. Strata taken whole come first; one that would get more than it holds is taken whole
    and the rest shared again; each other stratum gets two at least. Whole numbers by largest remainder, ties by name.

    Args:
        strata: by name, the frame.
        answers: how many in all.

    Returns:
        Answers by stratum, in the order given, adding up to `answers` (or to the whole frame, if that is smaller).

    Raises:
        MethodError: sizes or spreads below zero, or fewer answers than strata taken whole and two of each other need.

    Source: Neyman (1934), Journal of the Royal Statistical Society 97(4), 558–625, doi:10.2307/2342192.

    >>> neyman_allocation({"small": Stratum(500, 1.0), "large": Stratum(20, 5.0, is_taken_whole=True)}, 70)
    {'small': 50, 'large': 20}
    """
    if any(one.size < 0 or not one.spread >= 0 for one in strata.values()):
        raise MethodError(
            "A stratum has a size or a spread below zero or unknown; expected 0 or more. Correct the frame."
        )
    least = {name: one.size if one.is_taken_whole else min(FEWEST, one.size) for name, one in strata.items()}
    if answers < sum(least.values()):
        raise MethodError(
            f"{answers} answers for {len(strata)} strata; expected {sum(least.values())} at least, for those taken "
            "whole and "
            f"{FEWEST} of each other. Join strata, or ask more."
        )
    found = dict(least)
    open_ = [name for name, one in strata.items() if not one.is_taken_whole and one.size > least[name]]
    while open_:
        left = answers - sum(found[name] for name in strata if name not in open_)
        weight = {name: strata[name].size * strata[name].spread for name in open_}
        if not sum(weight.values()):
            weight = {name: float(strata[name].size) for name in open_}
        ideal = {name: left * weight[name] / sum(weight.values()) for name in open_}
        bound = [name for name in open_ if ideal[name] >= strata[name].size or ideal[name] <= least[name]]
        if not bound:
            return found | _whole(ideal, left)
        full = [name for name in bound if ideal[name] >= strata[name].size]
        # Those that overflow first: what they cannot take may lift the small ones above their least.
        for name in full or bound:
            found[name] = strata[name].size if full else least[name]
            open_.remove(name)
    return found


def _whole(ideal: Mapping[str, float], total: int) -> dict[str, int]:
    down = {name: math.floor(value) for name, value in ideal.items()}
    by_rest = sorted(ideal, key=lambda name: (down[name] - ideal[name], name))
    return {name: down[name] + (name in by_rest[: total - sum(down.values())]) for name in ideal}


@dataclass(frozen=True, slots=True)
class Response:
    """Of a stratum: how many are in the frame, were asked, and answered; `rate` of those asked, NaN when nobody was."""

    frame: int
    asked: int
    answered: int

    @property
    def rate(self) -> float:
        """Answered / asked."""
        return self.answered / self.asked if self.asked else math.nan

    @property
    def weight(self) -> float:
        """How many of the frame each answer stands for; NaN when nobody answered."""
        return self.frame / self.answered if self.answered else math.nan


def responses(strata: Sequence[str], asked: Sequence[bool], answered: Sequence[bool]) -> dict[str, Response]:
    """Count, by stratum, who is in the frame, who was asked and who answered.

    Args:
        strata: stratum of each unit of the frame.
        asked: whether it was asked; those outside the field (closed, double) belong out of the frame first.
        answered: whether a usable answer came.

    Returns:
        By stratum, sorted. `weight` is the usual adjustment for non-response: within a stratum, who is silent is taken
        to be like who answers. Calibration then mends what strata do not.

    Raises:
        MethodError: columns of different length, or an answer from who was not asked.

    Source: AAPOR (2023), Standard Definitions, 10th edition, response rate 1 with all cases known to be eligible.

    >>> responses(["a", "a", "b"], [True, True, False], [True, False, False])["a"].rate
    0.5
    """
    names = np.asarray(strata, dtype=str)
    sent, back = np.asarray(asked, dtype=bool), np.asarray(answered, dtype=bool)
    if not names.shape == sent.shape == back.shape or (back & ~sent).any():
        raise MethodError(
            f"{names.size} units, {sent.size} marks of being asked and {back.size} of having answered, "
            f"{int((back & ~sent).sum()) if sent.shape == back.shape else 'some'} answers from units not asked; "
            "expected a "
            "mark a unit, and answers only from those asked. Correct the list."
        )
    return {
        name: Response(int((names == name).sum()), int(sent[names == name].sum()), int(back[names == name].sum()))
        for name in sorted(set(names.tolist()))
    }
