"""What a definition may say about the questions: costs, heads and actions, mergers, and the structure of peers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from beffroi.composite.gap_integer import Actions
from beffroi.composite.plain import Faults, by_name, either, listed, number, one_of, settings, text, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.composite.gap_question import Question
    from beffroi.composite.plain import Check
    from beffroi.composite.recombine import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that can be done: points gained on indicators by one unit of it, what it costs, and the most units."""

    name: str = ""
    effects: Mapping[str, float] = field(default_factory=dict)
    cost: float = 0.0
    fixed_cost: float = 0.0
    cap: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GapOptions:
    """Costs of a point, heads in points, the quantile of the others that sets further heads, and actions."""

    costs: Mapping[str, float] = field(default_factory=dict)
    heads: Mapping[str, float] = field(default_factory=dict)
    heads_to: float = 0.9
    actions: tuple[Action, ...] = ()
    incompatible: tuple[tuple[str, str], ...] = ()
    budget: float = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeOptions:
    """How indicators add up, and the column that weighs rates."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    weights: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerOptions:
    """Structural columns, those taken as logarithms, and how many peers."""

    structure: tuple[str, ...] = ()
    logs: tuple[str, ...] = ()
    k: int = 10


_GAP = settings(
    {
        "costs": by_name(number), "heads": by_name(number), "heads_to": number, "budget": number,
        "actions": listed(
            settings(
                {"name": text, "effects": by_name(number), "cost": number, "fixed_cost": number, "cap": number}, Action
            )
        ),
        "incompatible": listed(listed(text)),
    },
    GapOptions,
)  # fmt: skip
_MERGE = settings({"kinds": by_name(one_of("ratio", "sum", "not_additive")), "weights": either(text)}, MergeOptions)
_PEERS = settings({"structure": listed(text), "logs": listed(text), "k": whole}, PeerOptions)


def gap_options(section: Mapping[str, object]) -> GapOptions:
    """Read the section `gap`.

    Raises:
        DefinitionError: all its faults.

    >>> gap_options({"costs": {"x": 2}, "heads_to": 0.75}).costs
    {'x': 2.0}
    """
    faults = Faults()
    found: GapOptions = _GAP(section, "gap", faults)
    for pair in found.incompatible:
        if len(pair) != 2:  # noqa: PLR2004 -- a pair
            faults.add("gap.incompatible", list(pair), "two names of actions")
    faults.settle()
    return found


def merge_options(section: Mapping[str, object]) -> MergeOptions:
    """Read the section `merge`.

    Raises:
        DefinitionError: all its faults.
    """
    found: MergeOptions = _settled(_MERGE, section, "merge")
    return found


def peer_options(section: Mapping[str, object]) -> PeerOptions:
    """Read the section `peers`.

    Raises:
        DefinitionError: all its faults.
    """
    found: PeerOptions = _settled(_PEERS, section, "peers")
    return found


def actions_of(options: GapOptions, question: Question) -> Actions:
    """Lay actions out over the indicators of a question.

    Raises:
        DefinitionError: an effect on an unknown indicator.
    """
    faults = Faults()
    place = {code: k for k, code in enumerate(question.indicators)}
    effects = np.zeros((len(place), len(options.actions)))
    for p, one in enumerate(options.actions):
        for code, points in one.effects.items():
            if code in place:
                effects[place[code], p] = points
            else:
                faults.add(f"gap.actions[{p + 1}].effects", code, "an indicator of the index")
    faults.settle()
    each = {name: np.array([getattr(one, name) for one in options.actions]) for name in ("cost", "fixed_cost", "cap")}
    return Actions(tuple(one.name for one in options.actions), effects, **each, incompatible=options.incompatible)


def _settled(check: Check, section: Mapping[str, object], place: str) -> Any:
    faults = Faults()
    found = check(section, place, faults)
    faults.settle()
    return found
