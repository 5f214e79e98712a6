"""What rules look at and the charter does not hold: figures, votes, and on whose behalf somebody speaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from beffroi.strategy.figures import Figures, NoFigures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.charter.shape import Change
    from beffroi.strategy.decision import Outcome


@dataclass(frozen=True, slots=True)
class Facts:
    """What a door looked up.

    Attributes:
        figures: reader of the observatory's figures.
        votes: vote id → outcome.
        speaks_for: organisations on whose behalf the author may speak today.
        is_office: whether the author keeps the strategy for the whole cluster.
        writers: accounts that wrote the thing so far; `write` fills it from the history.
    """

    figures: Figures = field(default_factory=NoFigures)
    votes: Mapping[str, Outcome] = field(default_factory=dict)
    speaks_for: frozenset[str] = frozenset()
    is_office: bool = False
    writers: frozenset[str] = frozenset()


NOTHING = Facts()


def facts_of(change: Change) -> Facts:
    """Return what the door passed with a change, or that it passed nothing."""
    found = change.facts.get("strategy", NOTHING)
    return found if isinstance(found, Facts) else NOTHING
