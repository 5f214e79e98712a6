"""French communes and what they belong to: EPCI, département, NUTS-3, NUTS-2, NUTS-1.

Registers carry codes of every age: of communes merged since, and of the municipal arrondissements of Paris, Lyon and
Marseille. Each leads to the commune that stands today. Tables: `data/communes.csv.gz`, `data/departments.csv` and
`data/epcis.csv`, written by `tools/make_communes.py`.

Sources: INSEE, Code officiel géographique 2026; DGCL, members of the EPCI 2026 (Licence Ouverte 2.0); Eurostat,
NUTS 2021 of the French départements.
"""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from functools import cache
from importlib import resources

from beffroi.vocabulary.geography import read_table


@dataclass(frozen=True, slots=True)
class Place:
    """A code that a register may carry for a commune, and the territories it lies in.

    `commune` is the commune that stands today (Paris for one of its arrondissements); `epci` is "" where a commune
    belongs to none, `nuts3` is "" in the collectivities overseas that NUTS leaves out. `people` counts inhabitants,
    0 where the table gives none (a commune merged into another).
    """

    code: str
    name: str
    commune: str
    epci: str
    department: str
    nuts3: str
    people: int

    @property
    def nuts2(self) -> str:
        """The NUTS-2 region, or ""."""
        return self.nuts3[:4]

    @property
    def nuts1(self) -> str:
        """The NUTS-1 region, or ""."""
        return self.nuts3[:3]


@cache
def places() -> dict[str, Place]:
    """Every known code, sorted so that each territory is one run of neighbours as far as borders allow.

    >>> places()["69381"].commune, places()["69381"].nuts3
    ('69123', 'FRK26')
    >>> places()["20004"].commune
    '2A004'
    >>> len(places()) > 35_000
    True
    """
    nuts3 = {row["code"]: row["nuts3"] for row in read_table("departments.csv")}
    rows = {row["code"]: row for row in _communes()}
    found = []
    for row in rows.values():
        now = rows.get(row["successor"] or row["code"], row)
        region = nuts3[now["department"]]
        people = int(row["population"] or 0)
        found.append(
            Place(row["code"], row["name"] or now["name"], now["code"], now["epci"], now["department"], region, people)
        )
    found.sort(key=lambda one: (one.nuts3 or "ZZ", one.department, one.epci, one.commune, one.code))
    return {one.code: one for one in found}


@cache
def department_points() -> dict[str, tuple[float, float]]:
    """Label point of each département, degrees east and north; none for some collectivities overseas.

    >>> department_points()["42"]
    (4.0734, 45.7303)
    """
    return {row["code"]: (float(row["lon"]), float(row["lat"])) for row in read_table("departments.csv") if row["lon"]}


@cache
def department_names() -> dict[str, str]:
    """Name of each département by its code.

    >>> department_names()["59"]
    'Nord'
    """
    return {row["code"]: row["name"] for row in read_table("departments.csv")}


@cache
def epci_names() -> dict[str, str]:
    """Name of each EPCI (intercommunal authority with its own taxes) by its SIREN.

    >>> epci_names()["200093201"]
    'Métropole Européenne de Lille'
    """
    return {row["code"]: row["name"] for row in read_table("epcis.csv")}


def _communes() -> list[dict[str, str]]:
    packed = resources.files("beffroi.vocabulary").joinpath("data", "communes.csv.gz").read_bytes()
    return list(csv.DictReader(io.StringIO(gzip.decompress(packed).decode("utf-8"))))
