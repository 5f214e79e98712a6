"""From cells as published to observations: numbers, years and flags, each doubt said aloud.

A figure that is no number stops the reading, for the format has changed and every other figure is in doubt. A
flag that no list knows does not: the figure is kept, marked, and the flag is named once.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from beffroi.sources.table import fault
from beffroi.vocabulary.errors import SourceError, UsageError
from beffroi.vocabulary.observation import ConfStatus, Flags, ObsStatus, read_flags
from beffroi.vocabulary.period import read_period

if TYPE_CHECKING:
    from beffroi.sources.table import Cell

_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_MISSING = ("", ":", "NaN")
_SEPARATORS = " ,\t"


def read_year(period: str) -> int | None:
    """Return the year of an annual period, None for any other period.

    >>> read_year("2024"), read_year("2024-A1"), read_year("2024-Q3")
    (2024, 2024, None)
    """
    try:
        found = read_period(period)
    except UsageError:
        return None
    return found.year if found.is_annual else None


def read_value(cell: Cell, *, dataset: str, line: int) -> float | None:
    """Return the figure of a cell, None where the publisher gives none.

    Raises:
        SourceError: what stands there is neither a number nor a sign of absence.
    """
    if cell.value in _MISSING:
        return None
    if not _NUMBER.fullmatch(cell.value):
        given = f"'{cell.value[:40]}' in column {cell.column}"
        raise fault(dataset, line=line, given=given, expected="a number such as 12.3, or : when missing")
    return float(cell.value)


@lru_cache(maxsize=1024)  # a file repeats a dozen combinations over all of its figures
def read_marks(status: str, confidentiality: str = "") -> tuple[Flags, tuple[str, ...]]:
    """Read the flags of a cell, and name those that no list of Eurostat holds.

    A figure with an unknown status counts as of low reliability, and one with an unknown confidentiality as
    not for publication, until somebody has read what they mean: the careful side of each.

    Returns:
        The flags, and unknown flags by name; none, nearly always.

    >>> read_marks("bp")[0].letters
    'BP'
    >>> flags, unknown = read_marks("b#")
    >>> flags.letters, unknown
    ('BU', ('#',))
    """
    try:
        return read_flags(status, confidentiality), ()
    except SourceError:
        letters = [letter for letter in status if letter not in _SEPARATORS]
    strange = tuple(dict.fromkeys(letter for letter in letters if not _is_known(letter)))
    known = "".join(letter for letter in letters if letter not in strange) + ("u" if strange else "")
    if _is_known("", confidentiality):
        return read_flags(known, confidentiality), strange
    flags = replace(read_flags(known), confidentiality=ConfStatus.NOT_FOR_PUBLICATION)
    return flags, (*strange, confidentiality.strip())


def marked_missing(flags: Flags) -> Flags:
    """Say of an absent figure that it is missing, where the publisher gave no reason for its absence.

    >>> marked_missing(read_flags("")).letters, marked_missing(read_flags("z")).letters
    ('O', 'M')
    """
    if flags.status == (ObsStatus.NORMAL,) and flags.confidentiality is ConfStatus.FREE:
        return replace(flags, status=(ObsStatus.MISSING,))
    return flags


def _is_known(status: str, confidentiality: str = "") -> bool:
    try:
        read_flags(status, confidentiality)
    except SourceError:
        return False
    return True
