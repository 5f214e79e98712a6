"""A second look at a unit of a register: are row and unit alike when nothing else competes?

Candidates of a row compete, and the model that ranks them learnt from a list whose units nearly all stand in the
register. Where a register holds few of the rows (one trade, one region), the best of poor candidates would win: to a
firm of two words the unit of its initials, to a name the one a letter away. So row and unit are laid beside each other
once more, by the model of lists, which learnt from firms most of which have no other half.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.linkage.judge import judge
from beffroi.linkage.model import models
from beffroi.linkage.weigh import both_ways

if TYPE_CHECKING:
    from beffroi.linkage.model import Linear
    from beffroi.linkage.rarity import Rarity
    from beffroi.linkage.record import Tidy

LEAST_ALONE = 0.75  # three to one
_LEAST_SHOWN = 0.05  # as for the candidates themselves


@dataclass(frozen=True, slots=True)
class Look:
    """What the pair says on its own.

    Attributes:
        holds: nothing stands against making the link without a person.
        is_shown: a person should see it, if nothing makes it.
        reason: why it does not hold; empty when it does.
    """

    holds: bool
    is_shown: bool
    reason: str


def look(row: Tidy, unit: Tidy, rarity: Rarity, *, model: Linear | None = None) -> Look:
    """Look at a row and a unit of a register on their own.

    Args:
        row: of a list.
        unit: of the register.
        rarity: words counted over the register.
        model: weights of `pair.PAIR_FEATURES`, when not those of the model of lists.

    >>> from beffroi.linkage.rarity import Rarity
    >>> from beffroi.linkage.record import Record, tidy
    >>> row = tidy(Record("list", 1, name="Happy Content", city="Paris"))
    >>> for name in ("HAPPY CONTENT SAS", "HC"):
    ...     look(row, tidy(Record("register", 1, name=name)), Rarity())
    Look(holds=True, is_shown=True, reason='')
    Look(holds=False, is_shown=True, reason='as a pair on its own 0.14')
    """
    bands = models()["lists"]
    alone = judge(row, unit, both_ways(row, unit, rarity), model=model or bands.final, bands=bands)
    if alone.decision == "related":
        return Look(holds=False, is_shown=True, reason=alone.reason.rpartition("; ")[2])
    holds = alone.probability >= LEAST_ALONE
    is_shown = alone.probability >= _LEAST_SHOWN or alone.decision != "no"
    return Look(holds, is_shown, "" if holds else f"as a pair on its own {alone.probability:.2f}")
