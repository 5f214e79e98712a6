"""What pages, files and the interface read of the frozen fabric: a territory, and its tables with their subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from beffroi.observatory.fabric_accounts import SOURCE as ACCOUNTS_SOURCE
from beffroi.observatory.fabric_frozen import TABLES, Frozen
from beffroi.observatory.fabric_territories import COUNTRY, canonical, inside
from beffroi.observatory.tables import Table
from beffroi.vocabulary.activities import division_name
from beffroi.vocabulary.errors import UnknownRegionError

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = dict[str, Any]  # a frozen row by its columns
WHATS = ("figures", "sizes", "years", "perimeters", "map", "related", "against", "accounts")
BELOW = {"country": "nuts1", "nuts1": "nuts3", "nuts2": "nuts3", "nuts3": "epci", "epci": "commune"}
MAPPED = {"country": "nuts3", "nuts1": "epci", "nuts2": "epci", "nuts3": "epci", "epci": "commune"}
TOLD_YEARS = ("country", "nuts1", "nuts2", "nuts3")
RIVALS = ("retail", "trade")
_MAP = (
    "level",
    "territory",
    "name",
    "establishments",
    "jobs",
    "quotient",
    "low",
    "high",
    "reading",
    "x",
    "y",
    "reason",
)
_RELATED = ("territory", "activity", "division", "inside", "specialised", "density", "to_technology", "to_commerce",
            "axis", "reason")  # fmt: skip
_AGAINST = ("territory", "year", "digital", "digital_reason",
            *(part for one in RIVALS for part in (one, f"{one}_reason")),
            *(f"{one}_{part}" for one in RIVALS for part in ("answer", "crossing_year", "low", "high")),
            "reason")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A territory of the frozen fabric, by one perimeter."""

    frozen: Frozen
    perimeter: str
    code: str
    level: str
    own: Row

    @property
    def parts(self) -> list[Row]:
        """Rows of the territories just below, in order of codes; communes of an EPCI where they hold something."""
        return self.below(BELOW[self.level])

    @property
    def has_years(self) -> bool:
        """Whether years are told: below départements they would tell of single firms."""
        return self.level in TOLD_YEARS

    def below(self, level: str) -> list[Row]:
        """Rows of the territories of a level that lie here."""
        table = "communes" if level == "commune" else "territories"
        found = [self.frozen.of(table, code, self.perimeter) for code in inside(self.code, level)]
        return [one for rows in found for one in rows if one["level"] == level]

    def rows(self, table: str) -> list[Row]:
        """Rows of this territory in a table that knows perimeters."""
        return self.frozen.of(table, self.code, self.perimeter)


def place(frozen: Frozen, code: str, perimeter: str | None = None) -> Place:
    """A territory by its code.

    Raises:
        UnknownRegionError: no territory of the fabric has this code.
        UnknownDefinitionError: no such perimeter was frozen.
    """
    wanted, chosen = canonical(code), frozen.perimeter(perimeter)
    own = next(iter(frozen.of("territories", wanted, chosen)), None)
    if own is None:
        raise UnknownRegionError(
            f"'{code}' is no territory of the fabric. Give a NUTS code (FRE, FRE11), the SIREN of an EPCI (200093201), "
            "or FR; communes are told in their EPCI."
        )
    return Place(frozen, chosen, wanted, str(own["level"]), own)


def table_of(here: Place, what: str, *, language: str = "en") -> Table:
    """One of the tables of `WHATS`, each row with its perimeter, nomenclature, month and source."""
    columns, rows = _TOLD[what](here, language)
    about = here.frozen.about
    of = () if what == "perimeters" else (here.perimeter, about.perimeters[here.perimeter], about.nomenclature)
    names = ("of_perimeter", "perimeter_version", "of_nomenclature")[: len(of)]
    source = f"{about.source}; {ACCOUNTS_SOURCE}" if what == "accounts" else about.source
    body = tuple((*(one[column] for column in columns), *of, about.month, source) for one in rows)
    name = f"beffroi-fabric-{here.code}-{what}-{here.perimeter}-{about.month}"
    return Table(name, (*columns, *names, "month", "source"), body)


def mapped(here: Place) -> list[Row]:
    """The parts that a map shows, each with its label point (hectometres of Lambert-93; missing where unknown)."""
    level = MAPPED[here.level]
    rows = []
    for one in here.below(level):
        at = next((row for row in here.frozen.rows("points", one["territory"]) if row["level"] == level), None)
        rows.append(one | {"x": at["x"] if at else None, "y": at["y"] if at else None})
    return rows


def related(here: Place, language: str = "en") -> list[Row]:
    """Each activity in the territory, the nearest to the perimeter first; none for the country or below NUTS-3."""
    near = {str(one["activity"]): one for one in here.frozen.rows("activities", here.perimeter)}
    rows = [
        one | near[one["activity"]] | {"division": division_name(one["activity"][:2]).say(language)}
        for one in here.frozen.rows("related", here.code)
        if one["activity"] in near
    ]
    return sorted(rows, key=lambda one: (-(one["to_technology"] or 0.0), one["activity"]))


def against(here: Place) -> list[Row]:
    """Stocks of the perimeter, of retail and of trade at the end of each year, and when their trends meet."""
    known = {
        sector: {one["year"]: one for one in here.frozen.rows("stocks", here.code) if one["sector"] == sector}
        for sector in (here.perimeter, *RIVALS)
    }
    met = races(here)
    rows = []
    for year, own in sorted(known[here.perimeter].items()):
        one: Row = {"territory": here.code, "year": year, "digital": own["establishments"],
                    "digital_reason": own["reason"], "reason": own["reason"]}  # fmt: skip
        for rival in RIVALS:
            other, race = known[rival][year], met[rival]
            one |= {rival: other["establishments"], f"{rival}_reason": other["reason"],
                    f"{rival}_answer": race["answer"], f"{rival}_crossing_year": race["year"],
                    f"{rival}_low": race["low"], f"{rival}_high": race["high"]}  # fmt: skip
        rows.append(one)
    return rows


def races(here: Place) -> dict[str, Row]:
    """When the perimeter meets each rival, by rival; none below NUTS-3."""
    return {one["against"]: one for one in here.rows("races")}


def perimeter_rows(here: Place) -> list[Row]:
    """What each perimeter counts here, by both nomenclatures."""
    return here.frozen.rows("perimeters", here.code)


def _plain(table: str, *, parts: bool = False) -> Any:
    def told(here: Place, _language: str) -> tuple[Sequence[str], list[Row]]:
        return TABLES[table], [here.own, *here.parts] if parts else here.rows(table)

    return told


_TOLD = {
    "figures": _plain("territories", parts=True),
    "sizes": _plain("sizes"),
    "years": _plain("years"),
    "accounts": _plain("accounts"),
    "perimeters": lambda here, _: (TABLES["perimeters"], perimeter_rows(here)),
    "map": lambda here, _: (_MAP, mapped(here)),
    "related": lambda here, language: (_RELATED, related(here, language)),
    "against": lambda here, _: (_AGAINST, against(here)),
}


def is_country(here: Place) -> bool:
    """Whether the territory is the country itself."""
    return here.code == COUNTRY
