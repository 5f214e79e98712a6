"""What each method promises, as data: tests hold each to its word, pages can say it.

- house monotone: one more seat on the board takes no seat from any territory (no Alabama paradox);
- population monotone: a territory that grows against another never loses a seat to it;
- quota: every territory gets its strict share rounded down or up;
- lower, upper quota: never below, never above that.

Source: Balinski and Young (2001), Fair Representation, appendix A, theorem 6.1: no method is both population monotone
and within quota; propositions 6.4 to 6.7 for the quotas.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Promise:
    """What a method promises without base, floors, ceilings, reserves or exponent.

    Attributes:
        house_monotone, population_monotone: see the module.
        lower_quota, upper_quota: never below the quota rounded down, never above it rounded up.
        gives_all_a_seat: every territory with a weight gets a seat once there are as many seats.
    """

    house_monotone: bool
    population_monotone: bool
    lower_quota: bool
    upper_quota: bool
    gives_all_a_seat: bool


def _divisor(*, lower: bool = False, upper: bool = False, all_seated: bool = False) -> Promise:
    return Promise(True, True, lower, upper, all_seated)


PROMISES: Mapping[str, Promise] = MappingProxyType(
    {
        "sainte-lague": _divisor(),
        "modified-sainte-lague": _divisor(),
        "dhondt": _divisor(lower=True),
        "adams": _divisor(upper=True, all_seated=True),
        "dean": _divisor(all_seated=True),
        "huntington-hill": _divisor(all_seated=True),
        "largest-remainder-hare": Promise(False, False, True, True, False),
        "largest-remainder-droop": Promise(False, False, True, False, False),
        "largest-remainder-hagenbach-bischoff": Promise(False, False, True, False, False),
        "equal": Promise(True, True, False, False, True),
    }
)
