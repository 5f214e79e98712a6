"""Disclosure control of totals that overlap: départements, EPCI across their borders, regions above both.

`disclosure` protects trees crossed with trees. Territories are no tree: an EPCI may lie in two départements, and
figures of both are shown. Here each shown total is a set of the same small parts, and an attacker knows every shown
total at once. A secret holds when parts can change places that no shown total tells apart: what one loses the other
wins, and all that is shown stays the same. That is enough to be safe, not necessary: a few more totals may be hidden
than an optimum would hide.

Sources: as in `disclosure`; Hundepool et al. (2012), Statistical Disclosure Control, section 4.5 (linked tables).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from beffroi.survey.disclosure import COMPLEMENTARY, DOMINATED, SHOWN, TOO_FEW, Rule
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sets:
    """Totals over common parts.

    `parts` (n) are the values of the smallest parts, `members` (m × n) says which part each total holds; `units` (m)
    and `largest` (m) how many units make a total up and the value of the largest. `room` (n) is how much more a part
    could hold in the eyes of an attacker: 0 where everybody knows that there is nobody.
    """

    parts: Floats
    members: Flags
    units: npt.NDArray[np.int64]
    largest: Floats
    room: Floats = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        """Refuse shapes that do not fit and values that cannot be.

        Raises:
            MethodError: shapes differ, or a value is negative or missing.
        """
        totals, parts = self.members.shape
        if self.parts.shape != (parts,) or not self.units.shape == self.largest.shape == (totals,):
            raise MethodError(f"{totals} totals of {parts} parts: expected as many parts, units and largest units.")
        if not (np.isfinite(self.parts).all() and (self.parts >= 0).all()):
            raise MethodError("Totals to be protected have parts that are known and not negative.")

    @property
    def values(self) -> Floats:
        """The totals."""
        return np.asarray(self.members @ self.parts)


def primary_of(sets: Sets, rule: Rule | None = None) -> npt.NDArray[np.str_]:
    """Say of each total why it is secret by itself, "" where it is not.

    >>> one = Sets(np.array([5.0, 1.0]), np.array([[True, False], [False, True]]), np.array([5, 1]), np.array([2.0, 1]))
    >>> primary_of(one).tolist()
    ['', 'too_few_units']
    """
    rule = rule or Rule()
    values = sets.values
    few = (sets.units > 0) & (sets.units < rule.least_units)
    dominated = (values > 0) & (sets.largest > rule.most_share * values)
    return np.where(few, TOO_FEW, np.where(dominated, DOMINATED, SHOWN))


def protect_sets(
    sets: Sets, rule: Rule | None = None, *, hidden: Flags | None = None, also_secret: Flags | None = None
) -> npt.NDArray[np.str_]:
    """Hide the secret totals, and others with them until no secret can be placed too closely.

    Args:
        sets: totals over common parts.
        rule: when a total is secret, and how wide the interval around it must be (as in `disclosure.protect`).
        hidden: totals that are hidden whatever these values say; they are not attacked.
        also_secret: totals that would give another table's secret away: hidden, and attacked like the secrets here.

    Returns:
        The reason of each hidden total, "" where it is shown.

    Raises:
        MethodError: `hidden` has another length.

    >>> members = np.array([[1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=bool)
    >>> units, parts = np.array([60, 2, 18, 40]), np.array([2.0, 18.0, 40.0])
    >>> protect_sets(Sets(parts, members, units, np.zeros(4))).tolist()
    ['', 'too_few_units', 'complementary', '']
    """
    rule = rule or Rule()
    reasons = primary_of(sets, rule)
    secret = reasons != SHOWN
    if also_secret is not None:
        secret = secret | also_secret
    mask = secret.copy() if hidden is None else secret | hidden
    if not secret.any():
        return np.where(mask, COMPLEMENTARY, reasons)
    values = sets.values
    needed = np.maximum(rule.width * values, np.maximum(sets.largest / rule.most_share - values, 0.0))
    up, down = np.maximum(needed, rule.step), np.minimum(needed, values)
    alike = _alike(sets.members[~mask])
    for one in np.flatnonzero(secret)[np.argsort(values[secret], kind="stable")]:
        while not _holds(sets, alike, int(one), up=float(up[one]), down=float(down[one])):
            more = _next_to_hide(sets, mask, int(one), least=float(up[one]))
            if not more.any():
                break
            mask |= more
            alike = _alike(sets.members[~mask])
    return np.where(mask & (reasons == SHOWN), COMPLEMENTARY, reasons)


def _alike(shown: Flags) -> npt.NDArray[np.intp]:
    """Number the parts so that those which lie in the same shown totals have the same number; -1 for those in none."""
    if not shown.shape[0]:
        return np.full(shown.shape[1], -1)
    packed = np.ascontiguousarray(np.packbits(shown, axis=0).T)
    _, numbers = np.unique(packed.view([("", packed.dtype)] * packed.shape[1]).ravel(), return_inverse=True)
    return np.where(shown.any(axis=0), numbers, -1)


def _room(sets: Sets) -> Floats:
    return sets.room if sets.room.size else np.where(sets.parts > 0, np.inf, 0.0)


def _holds(sets: Sets, alike: npt.NDArray[np.intp], one: int, *, up: float, down: float) -> bool:
    """Whether the parts inside can win and lose enough against those outside that look the same."""
    inside, room = sets.members[one], _room(sets)
    loose, tied = inside & (alike < 0), alike >= 0  # what lies in no shown total is bounded by nothing from above
    groups, own, many = alike[tied], inside[tied], int(alike.max(initial=-1)) + 1

    def summed(values: Floats, where: Flags) -> Floats:
        return np.asarray(np.bincount(groups[where], weights=values[tied][where], minlength=many), dtype=np.float64)

    rise = np.minimum(summed(sets.parts, ~own), summed(room, own)).sum()
    fall = np.minimum(summed(sets.parts, own), summed(room, ~own)).sum()
    can_rise, can_fall = float(room[loose].sum() + rise), float(sets.parts[loose].sum() + fall)
    slack = 1e-9 * max(1.0, up)
    return can_rise >= up - slack and can_fall >= down - slack


def _next_to_hide(sets: Sets, mask: Flags, one: int, *, least: float) -> Flags:
    """The cheapest totals whose hiding makes a part outside look like one inside; all that hold it when there is none.

    Cheap is few units: what is lost to readers is small.
    """
    shown = ~mask
    inside = np.flatnonzero(sets.members[one] & (_room(sets) > 0))
    outside = np.flatnonzero(~sets.members[one] & (_room(sets) > 0))
    own = inside[np.argmax(sets.parts[inside])] if inside.size else -1
    if own < 0 or not outside.size:
        return np.asarray(shown & (sets.members[one] & sets.members).any(axis=1))
    apart = sets.members[:, outside] ^ sets.members[:, [own]]
    weights = np.where(shown, 1.0 + sets.units, 0.0)
    cost = weights @ apart
    # A partner too small to hide behind will need another one besides.
    cost = np.where(cost > 0, cost + np.where(sets.parts[outside] < least, weights.max(initial=1.0), 0.0), np.inf)
    best = int(np.argmin(cost))
    if not np.isfinite(cost[best]):
        return np.asarray(shown & (sets.members[one] & sets.members).any(axis=1))
    return np.asarray(shown & apart[:, best])
