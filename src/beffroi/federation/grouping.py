"""Group records under constraints: never two legal units, never a pair that a person separated.

Links are taken from the strongest to the weakest (identifiers, then persons, then models by evidence); each joins two
groups unless the joined group would break a constraint, and is then reported as refused. Connected components would
chain: at a loose threshold they reach F1 0.49 on historical_50k where a constraint keeps 0.86.

Source: constrained agglomeration with must-link and cannot-link pairs, Davidson & Ravi (2005), Agglomerative
Hierarchical Clustering with Constraints, PKDD, doi:10.1007/11564126_11.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from beffroi.federation.verdict import verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from beffroi.federation.verdict import Word

_STRENGTH = {"rule": 0, "person": 1, "model": 2}

TWO_UNITS = "two_legal_units"
SEPARATED = "separated_by_a_person"
ONE_LIST = "two_rows_of_one_list"


@dataclass(frozen=True, slots=True)
class Node:
    """A record. `key` orders records by content, not by arrival; `unit` is set on the anchor of a legal unit.

    `list` names the list in which the row stands today: two rows of one list are one organisation only when an
    identifier or a person says so.
    """

    key: str
    unit: str = ""
    list: str = ""


@dataclass(frozen=True, slots=True)
class Grouping:
    """Groups (sorted ids), and for each judgement "same" that is not followed, the constraint it breaks."""

    groups: tuple[tuple[int, ...], ...]
    refused: dict[int, str]


@dataclass(slots=True)
class _Group:
    members: list[int]
    unit: str
    lists: frozenset[str]
    apart: set[int] = field(default_factory=set)


def group(nodes: Mapping[int, Node], words: Iterable[Word]) -> Grouping:
    """Group records by the judgements that hold.

    Args:
        nodes: every record to be placed, by id.
        words: judgements that count (not undone), in any order; both ends must be among `nodes`.

    Returns:
        A partition of `nodes`; the same for any order of `nodes` and `words`.

    >>> nodes = {1: Node("a"), 2: Node("b"), 3: Node("u", unit="siren:1"), 4: Node("v", unit="siren:2")}
    >>> from beffroi.federation.verdict import Word
    >>> said = [Word(1, 1, 3, "same", "rule"), Word(2, 2, 4, "same", "rule"), Word(3, 1, 2, "same", "person")]
    >>> group(nodes, said)
    Grouping(groups=((1, 3), (2, 4)), refused={3: 'two_legal_units'})
    """
    held = {one: _Group([one], node.unit, frozenset({node.list} - {""})) for one, node in nodes.items()}
    links = []
    for (left, right), word in verdicts(words).items():
        if word.value == "same":
            links.append(word)
        elif word.value in {"different", "related"} and word.origin == "person":
            held[left].apart.add(right)
            held[right].apart.add(left)
    refused: dict[int, str] = {}
    for word in sorted(links, key=lambda one: _order(one, nodes)):
        into, other = held[word.left], held[word.right]
        if into is other:
            continue
        reason = _objection(into, other, word)
        if reason:
            refused[word.id] = reason
        else:
            _join(held, into, other)
    groups = {id(one): one for one in held.values()}
    return Grouping(tuple(sorted(tuple(sorted(one.members)) for one in groups.values())), refused)


def _order(word: Word, nodes: Mapping[int, Node]) -> tuple[int, float, str, str]:
    ends = sorted((nodes[word.left].key, nodes[word.right].key))
    return _STRENGTH[word.origin], -word.bits, ends[0], ends[1]


def _objection(left: _Group, right: _Group, word: Word) -> str:
    if left.unit and right.unit:
        return TWO_UNITS
    small, large = sorted((left, right), key=lambda one: len(one.members))
    if not large.apart.isdisjoint(small.members) or not small.apart.isdisjoint(large.members):
        return SEPARATED
    if word.origin == "model" and left.lists & right.lists:
        return ONE_LIST
    return ""


def _join(held: dict[int, _Group], left: _Group, right: _Group) -> None:
    small, large = sorted((left, right), key=lambda one: len(one.members))
    large.members += small.members
    large.unit = large.unit or small.unit
    large.lists |= small.lists
    large.apart |= small.apart
    for one in small.members:
        held[one] = large
