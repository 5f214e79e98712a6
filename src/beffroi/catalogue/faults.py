"""Note what is wrong in a file, with its line, and find words that help to put it right."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(slots=True)
class Faults:
    """What is wrong in the files read so far."""

    found: list[str] = field(default_factory=list)

    def add(self, path: str, line: int, what: str) -> None:
        """Note a fault at a line (counted from 1)."""
        self.found.append(f"{path}:{line}: {what}")


def line_of(node: yaml.Node) -> int:
    """Line of a node, counted from 1."""
    return int(node.start_mark.line) + 1


def resembling(given: str, known: Collection[str]) -> str:
    """A remedy for a word that is not among `known`: the nearest one, or all."""
    near = difflib.get_close_matches(given, sorted(known), n=1)
    return f"did you mean '{near[0]}'?" if near else f"choose one of: {', '.join(sorted(known))}."


def read_number(node: yaml.ScalarNode) -> float | None:
    """The number a scalar spells, or None."""
    try:
        return float(node.value)
    except ValueError:
        return None


def kind(node: yaml.Node) -> str:
    """What a node holds, in words."""
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return f"'{node.value}'" if node.value else "nothing"
