"""What one series says of one region in one year: directly, or through the region's parts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.vocabulary.geography import parts
from beffroi.vocabulary.recode import recode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from beffroi.vocabulary.observation import Observation
    from beffroi.vocabulary.recode import Kind

WHOLE = 0.95  # share of a recoded region's persons for whom a figure must be given
ENOUGH = 0.8  # share of a region's weight that published parts must hold; the figure is then estimated (E)


@dataclass(frozen=True, slots=True)
class Known:
    """A value under a code of the wanted vintage, with SDMX status letters and origin."""

    value: float
    status: str
    origin: str


_GRADES = ("observed", "recoded")
Years = dict[int, dict[str, Known]]


def recoded(observations: Sequence[Observation], vintage: int, kind: Kind) -> Years:
    """Carry one series to a NUTS vintage, year by year; `kind` is `rate` or `count`."""
    given: dict[int, dict[str, Observation]] = defaultdict(dict)
    for one in observations:
        given[one.year][one.region] = one
    out: Years = {}
    for year, codes in sorted(given.items()):
        values = {code: one.value for code, one in codes.items() if one.value is not None}
        out[year] = {
            code: Known(done.value, _letters(codes[source] for source in done.from_codes), done.origin)
            for code, done in recode(values, to_vintage=vintage, kind=kind).values.items()
            if done.missing_weight <= 1 - WHOLE
        }
    return out


def rate(codes: Mapping[str, Known], region: str, vintage: int, *, weights: Mapping[str, Known]) -> Known | None:
    """Return a rate as published, or the mean of the region's parts weighed by `weights`.

    Parts that hold 80 % of the region's weight suffice; when one is missing the figure is marked estimated (E).
    An only part needs no weight. A value carried over boundaries by weights comes last: parts whose codes merely
    changed know more (Hauts-de-France of 2013 is FR30 and FR22, not a share of FR2 and FR3).
    """
    if _is_published(codes, region):
        return codes[region]
    inside = parts(region, vintage)
    if len(inside) == 1:
        return codes.get(inside[0], codes.get(region))
    held = _held([one for one in inside if one in codes], inside, weights)
    if held is None:
        return codes.get(region)
    value = sum(weights[one].value * codes[one].value for one in held) / sum(weights[one].value for one in held)
    return Known(value, _flagged([codes[one] for one in held], missing=len(inside) - len(held)), "parts")


def ratio(
    tops: Sequence[Mapping[str, Known]],
    bottoms: Mapping[str, Known],
    region: str,
    vintage: int,
    *,
    absent_is_zero: bool = False,
) -> Known | None:
    """Return the mean of `tops` over `bottoms`, both as published for the region or both summed over its parts.

    Parts that hold 80 % of the denominator suffice, under the same mark as for a rate. With `absent_is_zero`, a
    region missing in a year in which its country is listed counts zero.
    """
    inside = (region,) if all(_is_published(one, region) for one in (*tops, bottoms)) else parts(region, vintage)
    counts = {one: [_count(top, one, absent_is_zero=absent_is_zero) for top in tops] for one in inside}
    complete = {one: [c for c in found if c is not None] for one, found in counts.items() if None not in found}
    held = _held(list(complete), inside, bottoms)
    if held is None:
        return None
    used = [known for one in held for known in complete[one]]
    value = sum(known.value for known in used) / len(tops) / sum(bottoms[one].value for one in held)
    origin = "parts" if len(inside) > 1 else max((one.origin for one in [*used, bottoms[held[0]]]), key=_GRADES.index)
    return Known(value, _flagged(used, missing=len(inside) - len(held)), origin)


def total(codes: Mapping[str, Known], region: str, vintage: int) -> float | None:
    """Return a count as published, or the sum over the region's parts, all of which must be known."""
    if _is_published(codes, region):
        return codes[region].value
    found = [codes.get(one) for one in parts(region, vintage)]
    known = [one.value for one in found if one is not None]
    if known and len(known) == len(found):
        return sum(known)
    return codes[region].value if region in codes else None


def _is_published(codes: Mapping[str, Known], region: str) -> bool:
    return region in codes and codes[region].origin == "observed"


def _held(known: Sequence[str], inside: Sequence[str], weights: Mapping[str, Known]) -> list[str] | None:
    """The known parts if together they hold enough of the weight of all parts, which must be known."""
    if not known or any(one not in weights for one in inside):
        return None
    whole = sum(weights[one].value for one in inside)
    held = sum(weights[one].value for one in known)
    return list(known) if held > 0 and held >= ENOUGH * whole else None


def _count(codes: Mapping[str, Known], region: str, *, absent_is_zero: bool) -> Known | None:
    if absent_is_zero and region not in codes and any(code.startswith(region[:2]) for code in codes):
        return Known(0.0, "A", "observed")
    return codes.get(region)


def _flagged(used: Sequence[Known], *, missing: int) -> str:
    letters = _joined(one.status for one in used)
    return letters if not missing or "E" in letters else letters.replace("A", "") + "E"


def _letters(observations: Iterable[Observation]) -> str:
    return _joined(one.flags.letters for one in observations)


def _joined(letters: Iterable[str]) -> str:
    kept = "".join(one for one in dict.fromkeys("".join(letters)) if one != "A")
    return kept or "A"
