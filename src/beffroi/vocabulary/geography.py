"""Regions of Europe by NUTS code, whichever vintage of the classification the code comes from.

A code alone says neither its vintage nor its boundaries: `FR30` and `FRE1` are one place, and `HR02` of 2006
is not `HR02` of 2021. This module knows which codes each vintage holds, their names, parents and label
points; figures are carried from one vintage to another by `vocabulary.recode`. Tables: `data/nuts.csv`,
written by `tools/make_geography.py`; `data/region_names.csv` and `data/countries.csv`, kept by hand.

Sources: Eurostat, NUTS codes 2006 to 2021 and label points (GISCO, © EuroGeographics for the administrative
boundaries); European Commission, Joint Research Centre, conversion matrices (2022).
"""

from __future__ import annotations

import csv
import difflib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from beffroi.vocabulary.errors import UnknownRegionError
from beffroi.vocabulary.text import Text

LEVELS = (0, 1, 2)


@dataclass(frozen=True, slots=True)
class Nuts:
    """One NUTS code of level 0 (country), 1 or 2.

    `local_name` in Latin letters; `name` in both languages of the house; `longitude` and `latitude` of the
    label point in degrees (WGS 84), None where no table gives one; `vintages` of NUTS that hold the code.
    """

    code: str
    name: Text
    local_name: str
    level: int
    vintages: tuple[int, ...]
    longitude: float | None
    latitude: float | None

    @property
    def country(self) -> str:
        """The country's code, as Eurostat writes it (`EL`, `UK`)."""
        return self.code[:2]

    @property
    def parent(self) -> str | None:
        """The code one level up, None for a country."""
        return self.code[:-1] if self.level == 1 else self.code[:3] if self.level else None


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of a table shipped in `vocabulary/data`."""
    text = resources.files("beffroi.vocabulary").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _countries() -> dict[str, Text]:
    return {row["code"]: Text(row["fr"], row["en"]) for row in read_table("countries.csv")}


@cache
def _all() -> dict[str, Nuts]:
    rows = read_table("nuts.csv")
    names = {row["local"]: Text(row["fr"], row["en"]) for row in read_table("region_names.csv")}
    # A country that is one region has one name: `LV`, `LV0` and `LV00` are all Latvia.
    for row in rows:
        if row["level"] == "0":
            names[row["name"]] = _countries()[row["code"]]
    return {row["code"]: _nuts(row, names) for row in rows}


def _nuts(row: dict[str, str], names: dict[str, Text]) -> Nuts:
    local = row["name"]
    return Nuts(
        code=row["code"],
        name=names.get(local, Text(local, local)),
        local_name=local,
        level=int(row["level"]),
        vintages=tuple(int(one) for one in row["vintages"].split()),
        longitude=float(row["lon"]) if row["lon"] else None,
        latitude=float(row["lat"]) if row["lat"] else None,
    )


@cache
def known_vintages() -> tuple[int, ...]:
    """Vintages of NUTS that the shipped tables hold, oldest first.

    >>> known_vintages()
    (2006, 2010, 2013, 2016, 2021)
    """
    return tuple(sorted({vintage for one in _all().values() for vintage in one.vintages}))


def is_region(code: str) -> bool:
    """Whether some vintage holds the code at level 0 to 2: no aggregate, no extra-regio, no NUTS-3.

    >>> [code for code in ("FRK2", "FR71", "EU27_2020", "EA19", "FRZZ", "FRK26") if is_region(code)]
    ['FRK2', 'FR71']
    """
    return code in _all()


def region(code: str) -> Nuts:
    """The region of this code, in whichever vintage.

    Raises:
        UnknownRegionError: no vintage holds the code.

    >>> region("FRK").name.fr
    'Auvergne-Rhône-Alpes'
    """
    found = _all().get(code)
    if found is None:
        raise UnknownRegionError(
            f"'{code}' is no NUTS code of level 0 to 2 in any vintage ({_spelled(known_vintages())}). "
            f"Nearest: {', '.join(f'{one.code} ({one.name.en})' for one in nearest(code))}. "
            "Give a code such as FRK (level 1) or FRK2 (level 2)."
        )
    return found


def nearest(words: str, *, count: int = 3) -> tuple[Nuts, ...]:
    """Regions whose code or name resembles `words` most, best first; newer vintages before older ones.

    >>> [one.code for one in nearest("Rhone-Alpes", count=1)]
    ['FRK2']
    >>> [one.code for one in nearest("frk2", count=1)]
    ['FRK2']
    """
    wanted = words.casefold()
    return tuple(sorted(_all().values(), key=lambda one: (-_likeness(wanted, one), -max(one.vintages)))[:count])


def _likeness(wanted: str, one: Nuts) -> float:
    spellings = {one.code, one.local_name, one.name.fr, one.name.en}
    return max(difflib.SequenceMatcher(None, wanted, spelling.casefold()).ratio() for spelling in spellings)


def name(code: str) -> Text:
    """Name of a region or country in both languages.

    >>> name("DE2").fr, name("DE2").en
    ('Bavière', 'Bavaria')
    """
    return region(code).name


def country_name(country: str) -> Text:
    """Name of a country by Eurostat's code.

    >>> country_name("EL").fr
    'Grèce'
    """
    return region(country[:2]).name


def is_valid(code: str, vintage: int) -> bool:
    """Whether the code is in force in that vintage.

    >>> is_valid("FR71", 2013), is_valid("FR71", 2016)
    (True, False)
    """
    return is_region(code) and vintage in _all()[code].vintages


def vintages(code: str) -> tuple[int, ...]:
    """Vintages that hold the code, oldest first.

    >>> vintages("FRK2")
    (2016, 2021)
    """
    return region(code).vintages


def parent(code: str) -> str | None:
    """The code one level up; None for a country.

    >>> parent("FRK2"), parent("FRK"), parent("FR")
    ('FRK', 'FR', None)
    """
    return region(code).parent


def children(code: str, vintage: int) -> tuple[str, ...]:
    """Codes one level down in that vintage.

    >>> children("FRK", 2016)
    ('FRK1', 'FRK2')
    """
    region(code)
    return _children().get((code, vintage), ())


@cache
def _children() -> dict[tuple[str, int], tuple[str, ...]]:
    found: dict[tuple[str, int], list[str]] = {}
    for one in _all().values():
        for vintage in one.vintages if one.parent else ():
            found.setdefault((str(one.parent), vintage), []).append(one.code)
    return {key: tuple(codes) for key, codes in found.items()}


def parts(code: str, vintage: int) -> tuple[str, ...]:
    """The level-2 regions that make up a level-1 region (or a country); a level-2 region is its only part.

    >>> parts("FRE", 2016), parts("FRE1", 2016)
    (('FRE1', 'FRE2'), ('FRE1',))
    """
    if region(code).level == LEVELS[-1]:
        return (code,)
    return tuple(part for child in children(code, vintage) for part in parts(child, vintage))


def regions(vintage: int, level: int, country: str | None = None) -> tuple[str, ...]:
    """Every code of a vintage and level, in one country or in all, sorted.

    Raises:
        UnknownRegionError: a vintage or level that the tables do not hold, or an unknown country.

    >>> regions(2016, 1, "BE")
    ('BE1', 'BE2', 'BE3')
    """
    if vintage not in known_vintages() or level not in LEVELS:
        raise UnknownRegionError(
            f"NUTS {vintage} level {level} is not in the tables: vintages are "
            f"{_spelled(known_vintages())}, levels {_spelled(LEVELS)}. "
            "Choose one of these, or add the vintage with tools/make_geography.py."
        )
    if country is not None:
        region(country)
    return tuple(
        code
        for code, one in sorted(_all().items())
        if one.level == level and vintage in one.vintages and country in (None, one.country)
    )


def _spelled(values: tuple[int, ...]) -> str:
    return ", ".join(str(one) for one in values)
