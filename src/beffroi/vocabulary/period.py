"""When a figure holds: a year, a half, a quarter or a month, as SDMX writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from beffroi.vocabulary.errors import UsageError

Frequency = Literal["A", "S", "Q", "M"]

_WRITTEN = re.compile(r"(\d{4})(?:-?(A1|S[12]|Q[1-4]|M?(?:0[1-9]|1[0-2])))?")
_MONTHS = {"A": 12, "S": 6, "Q": 3, "M": 1}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The `number`-th period of a frequency in a year: annual periods have number 1."""

    year: int
    frequency: Frequency = "A"
    number: int = 1

    @property
    def is_annual(self) -> bool:
        """Whether the period is a whole year."""
        return self.frequency == "A"

    @property
    def first_month(self) -> int:
        """The month in which the period begins, 1 to 12."""
        return 1 + (self.number - 1) * _MONTHS[self.frequency]

    @property
    def last_month(self) -> int:
        """The month in which the period ends, 1 to 12."""
        return self.first_month + _MONTHS[self.frequency] - 1


def read_period(text: str) -> Period:
    """Read a period as SDMX or Eurostat writes it.

    Args:
        text: `2020`, `2020-A1`, `2020-S1`, `2020-Q3`, `2020Q3`, `2020-M07` or `2020-07`.

    Raises:
        UsageError: anything else.

    Source: SDMX 2.1, section 6 (Observational Time Period).

    >>> read_period("2020-Q3")
    Period(year=2020, frequency='Q', number=3)
    >>> read_period("2020-07").last_month
    7
    """
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise UsageError(
            f"'{text}' is no period. Write a year (2020), a half (2020-S1), a quarter (2020-Q3) or a month (2020-07)."
        )
    year, part = int(match[1]), match[2] or "A1"
    if part[0] == "S":
        return Period(year, "S", int(part[1:]))
    if part[0] == "Q":
        return Period(year, "Q", int(part[1:]))
    return Period(year) if part == "A1" else Period(year, "M", int(part.lstrip("M")))
