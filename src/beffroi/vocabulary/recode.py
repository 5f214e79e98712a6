"""Carry figures from one NUTS vintage to another.

Publishers mix vintages in one table and do not say which. A code that the wanted vintage holds is taken as it
is. Another is carried over: exactly when one region only changed its code, by persons living in both regions
otherwise (`data/nuts_flows.csv`: European Commission, Joint Research Centre, conversion matrices of 2022,
population 2018).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from beffroi.vocabulary.geography import is_region, is_valid, read_table, vintages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Kind = Literal["rate", "count"]
Origin = Literal["observed", "recoded"]

OVERLAP = 1.005  # pieces of one region may overlap by this much before they count as the same place twice


@dataclass(frozen=True, slots=True)
class RecodedValue:
    """A figure under a code of the wanted vintage.

    `observed`: given under this code, or another code of the same place; `recoded`: computed by weights.
    `missing_weight` is the share (0..1) of the region's persons for whom nothing was given.
    """

    value: float
    origin: Origin
    from_codes: tuple[str, ...]
    missing_weight: float


@dataclass(frozen=True, slots=True)
class Recoded:
    """Figures by code of the wanted vintage, and the codes given that lead to none of them."""

    values: Mapping[str, RecodedValue]
    unplaced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one old region gives to one new region: shares of the departing and of the arriving persons."""

    code: str
    vintage: int
    persons: float
    share_of_departing: float
    share_of_arriving: float
    is_pure: bool


@cache
def _pieces(from_vintage: int, to_vintage: int) -> dict[str, tuple[tuple[str, _Piece], ...]]:
    """By departing code: the arriving codes and what each receives."""
    departing: dict[str, dict[str, float]] = defaultdict(dict)
    arriving: dict[str, dict[str, float]] = defaultdict(dict)
    for row in _flows().get((from_vintage, to_vintage), ()):
        old, new, persons = row
        departing[old][new] = arriving[new][old] = persons
    return {
        old: tuple((new, _piece(old, new, from_vintage, departing, arriving)) for new in found)
        for old, found in departing.items()
    }


def _piece(
    old: str,
    new: str,
    vintage: int,
    departing: dict[str, dict[str, float]],
    arriving: dict[str, dict[str, float]],
) -> _Piece:
    persons = departing[old][new]
    return _Piece(
        code=old,
        vintage=vintage,
        persons=persons,
        share_of_departing=persons / sum(departing[old].values()),
        share_of_arriving=persons / sum(arriving[new].values()),
        is_pure=len(departing[old]) == len(arriving[new]) == 1,
    )


@cache
def _flows() -> dict[tuple[int, int], list[tuple[str, str, float]]]:
    found: dict[tuple[int, int], list[tuple[str, str, float]]] = defaultdict(list)
    for row in read_table("nuts_flows.csv"):
        key = int(row["from_vintage"]), int(row["to_vintage"])
        found[key].append((row["from_code"], row["to_code"], float(row["persons"])))
    return dict(found)


def recode(values: Mapping[str, float], *, to_vintage: int, kind: Kind) -> Recoded:
    """Bring one year's figures of one series under the codes of one vintage.

    Args:
        values: figures by NUTS code of levels 0 to 2, any mix of vintages.
        to_vintage: the vintage wanted.
        kind: `rate` (a percentage, a mean: an arriving region gets the mean of its pieces weighted by
            persons, a piece of a region has the whole's rate) or `count` (a number of persons, euros …: a
            piece gets its share).

    Returns:
        A figure for each region of `to_vintage` that can have one. A code that `to_vintage` holds is never
        touched, and wins over older codes of the same place. Aggregates and unknown codes are `unplaced`.

    >>> new = recode({"FR71": 5.2, "FR72": 3.1}, to_vintage=2016, kind="rate").values
    >>> new["FRK2"].value, new["FRK2"].origin
    (5.2, 'observed')
    """
    found = {
        code: RecodedValue(value, "observed", (code,), 0.0)
        for code, value in values.items()
        if is_valid(code, to_vintage)
    }
    offered: dict[str, list[_Piece]] = defaultdict(list)
    unplaced = []
    for code in values:
        if code in found:
            continue
        pieces = _pieces_of(code, to_vintage)
        if not pieces:
            unplaced.append(code)
        for new, piece in pieces:
            offered[new].append(piece)
    for new, pieces_of_new in sorted(offered.items()):
        if new not in found:
            found[new] = _assemble(values, _without_repeats(pieces_of_new, to_vintage), kind)
    return Recoded(found, tuple(unplaced))


def _pieces_of(code: str, to_vintage: int) -> tuple[tuple[str, _Piece], ...]:
    """Pieces of a code, read in its vintage nearest to the wanted one that has a way there."""
    known = vintages(code) if is_region(code) else ()
    for vintage in _by_distance(known, to_vintage):
        pieces = _pieces(vintage, to_vintage).get(code, ())
        if pieces:
            return pieces
    return ()


def _by_distance(found: Iterable[int], to_vintage: int) -> list[int]:
    return sorted(found, key=lambda one: (abs(one - to_vintage), one))


def _without_repeats(pieces: list[_Piece], to_vintage: int) -> list[_Piece]:
    """Keep pieces that lie side by side; of two vintages of the same place, keep the nearer one."""
    kept: list[_Piece] = []
    for vintage in _by_distance({one.vintage for one in pieces}, to_vintage):
        group = [one for one in pieces if one.vintage == vintage]
        if sum(one.share_of_arriving for one in (*kept, *group)) <= OVERLAP:
            kept += group
    return kept


def _assemble(values: Mapping[str, float], pieces: list[_Piece], kind: Kind) -> RecodedValue:
    codes = tuple(sorted(one.code for one in pieces))
    missing = max(0.0, 1.0 - sum(one.share_of_arriving for one in pieces))
    if len(pieces) == 1 and pieces[0].is_pure:
        return RecodedValue(values[codes[0]], "observed", codes, 0.0)
    if kind == "count":
        total = sum(values[one.code] * one.share_of_departing for one in pieces)
        return RecodedValue(total, "recoded", codes, missing)
    persons = sum(one.persons for one in pieces)
    mean = sum(values[one.code] * (one.persons / persons) for one in pieces)
    return RecodedValue(mean, "recoded", codes, missing)
