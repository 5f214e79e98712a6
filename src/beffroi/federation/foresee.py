"""What a decision would do, worked out by reading alone: a page that shows it never makes a writer wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.federation import derive
from beffroi.federation.grouping import group
from beffroi.federation.identity import senior
from beffroi.federation.judgement import ties_to_give_up
from beffroi.federation.survivorship import Survivor, survive
from beffroi.federation.verdict import Word
from beffroi.records import models

if TYPE_CHECKING:
    from collections.abc import Iterable

_ASKED = 2**62  # a number that no judgement has


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The organisation that would stay and those that would lead to it; or the constraint that forbids it."""

    stays: str = ""
    leads: tuple[str, ...] = ()
    refused: str = ""


def same(left: int, right: int) -> Foreseen:
    """Return what judging two records the same would do."""
    ties = ties_to_give_up(left, right)
    nodes = derive.reach({left, right, *(one for tie in ties for one in tie)})
    held = derive.held_of(nodes)
    asked = [Word(_ASKED, min(left, right), max(left, right), "same", "person")]
    asked += [Word(_ASKED + number, min(tie), max(tie), "different", "person") for number, tie in enumerate(ties, 1)]
    known = {one for one in held if held[one].version is not None or held[one].kind == "unit"}
    words = [one for one in (*derive.words_among(nodes), *asked) if one.left in known and one.right in known]
    found = group({one: derive.node_of(held[one]) for one in known}, words)
    if _ASKED in found.refused:
        return Foreseen(refused=found.refused[_ASKED])
    members = next(one for one in found.groups if left in one)
    placed = [one for one in members if held[one].version is not None]
    before = set(
        models.Placement.objects.filter(record__in=(left, right)).values_list("organisation_id", flat=True)
    )  # fmt: skip
    stays = senior(held[one].holder for one in placed).title
    return Foreseen(stays, tuple(sorted(str(one) for one in before - {stays})))


def joined_values(organisations: Iterable[str]) -> dict[str, Survivor]:
    """Return the values that some organisations would show as one, before anybody chooses otherwise."""
    records = models.Placement.objects.filter(organisation__in=list(organisations)).values_list("record_id", flat=True)
    rows = list(derive.held_of(set(records)).values())
    return survive(derive.statements_of(rows), [given for one in rows for given in one.corrections])
