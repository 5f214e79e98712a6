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

WEIGHT_NEEDED = 0.95  # share of a region's weight whose parts must be published


@dataclass(frozen=True, slots=True)
class Known:
    """A value under a code of the wanted vintage, with SDMX status letters and origin."""

    value: float
    status: str
    origin: str


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
            if done.missing_weight <= 1 - WEIGHT_NEEDED
        }
    return out


def direct_or_parts(
    codes: Mapping[str, Known], region: str, vintage: int, *, weights: Mapping[str, Known]
) -> Known | None:
    """Return a rate as published, or the mean of the region's parts weighed by `weights`.

    The parts published must hold 95 % of the region's weight; an only part needs no weight.
    """
    if region in codes:
        return codes[region]
    inside = parts(region, vintage)
    if len(inside) == 1:
        return codes.get(inside[0])
    weighed = {one: weights[one].value for one in inside if one in weights}
    present = [one for one in inside if one in codes and one in weighed]
    total = sum(weighed.values())
    held = sum(weighed[one] for one in present)
    if len(weighed) < len(inside) or total <= 0 or held < WEIGHT_NEEDED * total:
        return None
    value = sum(weighed[one] * codes[one].value for one in present) / held
    return Known(value, _joined(codes[one].status for one in present), "parts")


def counted(codes: Mapping[str, Known], region: str, vintage: int, *, absent_is_zero: bool = False) -> Known | None:
    """Return a count as published, or the sum over the region's parts, all of which must be known.

    With `absent_is_zero`, a region missing in a year in which its country is listed counts zero.
    """
    if region in codes:
        return codes[region]
    inside = parts(region, vintage)
    found = [codes.get(one) for one in inside]
    present = [one for one in found if one is not None]
    if absent_is_zero and any(code.startswith(region[:2]) for code in codes):
        return Known(sum(one.value for one in present), "A", "parts" if len(inside) > 1 else "observed")
    if not present or len(present) < len(inside):
        return None
    if len(present) == 1:
        return present[0]
    return Known(sum(one.value for one in present), _joined(one.status for one in present), "parts")


def _letters(observations: Iterable[Observation]) -> str:
    return _joined(one.flags.letters for one in observations)


def _joined(letters: Iterable[str]) -> str:
    kept = "".join(one for one in dict.fromkeys("".join(letters)) if one != "A")
    return kept or "A"
