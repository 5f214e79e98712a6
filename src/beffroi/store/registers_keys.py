"""The key of a SIREN, fast enough for tens of millions of rows: of an array of numbers, and as SQL.

Luhn's sum is taken three digits at a time from two lists of a thousand sums, which DuckDB reads three times faster
than it divides nine times. An array takes a tenth of the time of the SQL.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

_BLOCK = 1000
_AT_ONCE = 1 << 16  # numbers that stay in the cache of a core


def luhn_sum(number: int, *, doubled_first: bool = False) -> int:
    """Luhn's sum of a number's digits: every second digit from the right counts double, less 9 past 9.

    Args:
        number: not negative.
        doubled_first: whether the last digit is one of those that count double.

    >>> luhn_sum(732829320) % 10
    0
    """
    digits = [int(digit) for digit in reversed(str(number))]
    doubled = [2 * digit - 9 * (digit > 4) for digit in digits]  # noqa: PLR2004 -- 2 × 5 has two digits
    return sum(doubled[k] if (k % 2 == 1) != doubled_first else digits[k] for k in range(len(digits)))


def keeps_key(numbers: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """Whether each SIREN of an array keeps its key: Luhn's sum of its nine digits is a multiple of ten.

    Args:
        numbers: from 0 to 999,999,999.

    Source: ISO/IEC 7812-1, annex B; INSEE, definition of the SIREN.

    >>> keeps_key(np.array([732829320, 732829321])).tolist()
    [True, False]
    """
    low, middle = (np.array(sums, np.uint8) for sums in _sums())
    kept = np.empty(numbers.shape, np.bool_)
    for start in range(0, numbers.size, _AT_ONCE):
        given = numbers[start : start + _AT_ONCE].astype(np.uint32)
        thousands = given // _BLOCK
        millions = thousands // _BLOCK
        total = low[given - thousands * _BLOCK] + middle[thousands - millions * _BLOCK] + low[millions]
        kept[start : start + _AT_ONCE] = total % 10 == 0
    return kept


def luhn_sql(number: str) -> str:
    """SQL of Luhn's sum of an integer expression of at most nine digits; a multiple of ten when the key holds.

    Source: ISO/IEC 7812-1, annex B; INSEE, definition of the SIREN.
    """
    low, middle = _sums()
    return (
        f"({low}[({number}) % 1000 + 1] + {middle}[(({number}) // 1000) % 1000 + 1] + {low}[({number}) // 1000000 + 1])"
    )


@cache
def _sums() -> tuple[list[int], list[int]]:
    """Luhn's sums of three digits: of the first and the last three, and of those between them."""
    return [luhn_sum(n) for n in range(_BLOCK)], [luhn_sum(n, doubled_first=True) for n in range(_BLOCK)]
