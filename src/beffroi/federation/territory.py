"""Where an organisation is: the commune that its post code and city name, and every territory that this lies in.

One code names a territory of any level, as in registers: `FRK` (region, NUTS 1), `FRK2` (NUTS 2), `69` (département),
`200046977` (EPCI, by its SIREN), `69123` (commune).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from beffroi.linkage.place import commune_of
from beffroi.vocabulary.communes import department_names, epci_names, places
from beffroi.vocabulary.errors import UnknownRegionError
from beffroi.vocabulary.geography import is_region, read_table, region
from beffroi.vocabulary.text import Text

LEVELS = ("region", "department", "epci", "commune")
_OVERSEAS = ("97", "98")
_POSTCODE_DIGITS = 5
_SOUTH = ("200", "201")  # post codes of Corse-du-Sud; the rest of 20 is Haute-Corse


@dataclass(frozen=True, slots=True)
class Seat:
    """Territories of a seat by level, each code empty where it is not known."""

    region: str = ""
    department: str = ""
    epci: str = ""
    commune: str = ""

    @property
    def codes(self) -> frozenset[str]:
        """All codes that name a territory with this seat in it, NUTS 2 included."""
        nuts2 = {places()[self.commune].nuts2} if self.commune else {_nuts3().get(self.department, "")[:4]}
        return frozenset({self.region, self.department, self.epci, self.commune, *nuts2} - {""})


def department_of_postcode(postcode: str) -> str:
    """Return the French département of a post code; empty when it is none.

    >>> [department_of_postcode(one) for one in ("69001", "97410", "20090", "20200", "1000", "D-10115")]
    ['69', '974', '2A', '2B', '', '']
    """
    code = postcode.replace(" ", "")
    if len(code) != _POSTCODE_DIGITS or not code.isdigit():
        return ""
    if code.startswith("20"):
        return "2A" if code.startswith(_SOUTH) else "2B"
    return code[: 3 if code.startswith(_OVERSEAS) else 2]


@cache
def seat(postcode: str, city: str) -> Seat:
    """Return the territories of a seat.

    >>> seat("69003", "LYON CEDEX 03")
    Seat(region='FRK', department='69', epci='200046977', commune='69123')
    >>> seat("69003", "")
    Seat(region='FRK', department='69', epci='', commune='')
    >>> seat("", "Lyon")
    Seat(region='', department='', epci='', commune='')
    """
    department = department_of_postcode(postcode)
    if not department:
        return Seat()
    commune = _communes_of(department).get(commune_of(city), "")
    if commune:
        found = places()[commune]
        return Seat(found.nuts1, found.department, found.epci, commune)
    return Seat(_nuts3().get(department, "")[:3], department)


def territory_name(code: str, language: str) -> str:
    """Return the name of a territory of any level; the code itself when nobody knows it.

    >>> [territory_name(one, "fr") for one in ("FRK", "69", "200046977", "69123", "x")]
    ['Auvergne-Rhône-Alpes', 'Rhône', 'Métropole de Lyon', 'Lyon', 'x']
    """
    for names in (department_names(), epci_names()):
        if code in names:
            return names[code]
    if code in places():
        return places()[code].name
    return region(code).name.say(language) if is_region(code) else code


def known(code: str) -> str:
    """Return a territory's code.

    Raises:
        UnknownRegionError: no territory of any level has it.

    >>> known("69")
    '69'
    """
    if code in department_names() or code in epci_names() or code in places() or is_region(code):
        return code
    raise UnknownRegionError(
        Text(
            f"« {code} » n’est pas un territoire. Donnez le code d’une commune (69123), d’un EPCI "
            "(son SIREN, 200046977), d’un département (69) ou d’une région NUTS (FRK, FRK2, FR).",
            f"'{code}' is no territory. Give the code of a commune (69123), an EPCI (its SIREN, "
            "200046977), a département "
            "(69), or a NUTS region (FRK, FRK2, FR).",
        )
    )


@cache
def _communes_of(department: str) -> dict[str, str]:
    # A name of today wins over one of before a merger; either leads to the commune that stands.
    held = [one for one in _by_department().get(department, ()) if one[0] != one[1]]
    now = [one for one in _by_department().get(department, ()) if one[0] == one[1]]
    return {commune_of(name): commune for code, commune, name in (*held, *now) if name}


@cache
def _by_department() -> dict[str, list[tuple[str, str, str]]]:
    found: dict[str, list[tuple[str, str, str]]] = {}
    for one in places().values():
        found.setdefault(one.department, []).append((one.code, one.commune, one.name))
    return found


@cache
def _nuts3() -> dict[str, str]:
    return {row["code"]: row["nuts3"] for row in read_table("departments.csv")}
