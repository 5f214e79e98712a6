"""One figure of one series for one region and year, with what its publisher says of it.

Flags follow the two SDMX code lists, CL_OBS_STATUS 2.2 and CL_CONF_STATUS 1.3. Eurostat used one list of
letters until 27 January 2025 and two lists since; `read_flags` takes both.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from beffroi.vocabulary.errors import SourceError


class ObsStatus(StrEnum):
    """What a publisher says of a value (SDMX CL_OBS_STATUS)."""

    NORMAL = "A"
    BREAK = "B"
    DEFINITION_DIFFERS = "D"
    ESTIMATED = "E"
    FORECAST = "F"
    IMPUTED = "I"
    NOT_COLLECTED = "L"
    CANNOT_EXIST = "M"
    NOT_SIGNIFICANT = "N"
    MISSING = "O"
    PROVISIONAL = "P"
    LOW_RELIABILITY = "U"


class ConfStatus(StrEnum):
    """Whether a value may be shown (SDMX CL_CONF_STATUS)."""

    FREE = "F"
    CONFIDENTIAL = "C"
    NOT_FOR_PUBLICATION = "N"
    PRIMARY_SUPPRESSED = "S"


@dataclass(frozen=True, slots=True)
class Flags:
    """Status letters of one value, sorted by SDMX precedence, and its confidentiality."""

    status: tuple[ObsStatus, ...] = (ObsStatus.NORMAL,)
    confidentiality: ConfStatus = ConfStatus.FREE

    @property
    def letters(self) -> str:
        """The status letters joined, as stored: `A`, `B` or `BP`."""
        return "".join(self.status)


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure as its publisher gave it.

    `series` is the key of a `catalogue.schema.Series`; `region` the NUTS code as given (its vintage is not
    stated by publishers, see `vocabulary.geography`); `value` is None when missing, with the reason in `flags`.
    """

    series: str
    region: str
    year: int
    value: float | None
    flags: Flags = Flags()


# Left: letters of Eurostat's single list (before 27.1.2025) and of its OBS_STATUS list since, which overlap
# without contradiction. `c` and `C` mean confidentiality and never status.
_STATUS = {
    "a": ObsStatus.NORMAL,
    "b": ObsStatus.BREAK,
    "d": ObsStatus.DEFINITION_DIFFERS,
    "e": ObsStatus.ESTIMATED,
    "f": ObsStatus.FORECAST,
    "i": ObsStatus.IMPUTED,
    "s": ObsStatus.IMPUTED,  # "Eurostat estimate" until 2025
    "m": ObsStatus.CANNOT_EXIST,
    "z": ObsStatus.CANNOT_EXIST,  # "not applicable" until 2025
    "n": ObsStatus.NOT_SIGNIFICANT,
    "p": ObsStatus.PROVISIONAL,
    "r": ObsStatus.NORMAL,  # "revised" until 2013: a fact about the past, not about the value
    "u": ObsStatus.LOW_RELIABILITY,
    "l": ObsStatus.NOT_COLLECTED,
    "o": ObsStatus.MISSING,
}
_CONF = {
    "": ConfStatus.FREE,
    "f": ConfStatus.FREE,
    "c": ConfStatus.CONFIDENTIAL,
    "n": ConfStatus.NOT_FOR_PUBLICATION,
    "p": ConfStatus.PRIMARY_SUPPRESSED,
    "s": ConfStatus.PRIMARY_SUPPRESSED,
}
_PRECEDENCE = "BULMODEFINPA"


def read_flags(status: str, confidentiality: str = "") -> Flags:
    """Read Eurostat's flags, of the list in force before or since 27 January 2025.

    Args:
        status: letters as published, in any case, joined or spaced (`b`, `bp`, `e c`, ``).
        confidentiality: the CONF_STATUS column, empty before 2025.

    Returns:
        The status letters by SDMX precedence (a break comes first) and the confidentiality.

    Raises:
        SourceError: a letter that neither list holds.

    Source: SDMX Global Registry, CL_OBS_STATUS and CL_CONF_STATUS; Eurostat, "Flags", 27 January 2025.

    >>> read_flags("pb").letters
    'BP'
    >>> read_flags("c").confidentiality.name
    'CONFIDENTIAL'
    """
    letters = [letter for letter in status.lower() if not letter.isspace() and letter != ","]
    conf = confidentiality.strip().lower()
    if "c" in letters:
        letters, conf = [letter for letter in letters if letter != "c"], "c"
    unknown = [letter for letter in letters if letter not in _STATUS] + ([conf] if conf not in _CONF else [])
    if unknown:
        known = "".join(sorted(_STATUS)) + "c"
        raise SourceError(
            f"Flag '{unknown[0]}' is in no list of Eurostat (known: {known}). "
            "The publisher may have added one: see vocabulary/observation.py."
        )
    found = {_STATUS[letter] for letter in letters} or {ObsStatus.NORMAL}
    if len(found) > 1:
        found.discard(ObsStatus.NORMAL)
    return Flags(tuple(sorted(found, key=lambda s: _PRECEDENCE.index(s.value))), _CONF[conf])
