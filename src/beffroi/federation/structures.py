"""Support structures: public and private bodies that serve firms, with services, territories and money, and overlaps.

A structure serves a territory of any level with each of its services. An overlap is one service that several structures
offer in the whole of one territory: what to look at before founding one more.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Both, Choice, Day, Line, Link, Number, Outside, Rows, Whole
from beffroi.charter.shape import Kind
from beffroi.federation.dated import holds_on, in_order
from beffroi.federation.territory import known
from beffroi.vocabulary.communes import places
from beffroi.vocabulary.errors import UnknownRegionError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.shape import Change

NATURES = {
    "public": Text("publique", "public"),
    "association": Text("association", "association"),
    "consular": Text("consulaire", "chamber"),
    "education": Text("enseignement et recherche", "education and research"),
    "private": Text("privée", "private"),
    "mixed": Text("mixte", "mixed"),
}
SERVICES = {
    "advice": Text("premier conseil", "first advice"),
    "creation": Text("création et incubation", "foundation and incubation"),
    "premises": Text("locaux", "premises"),
    "funding": Text("recherche de financement", "search for funding"),
    "innovation": Text("innovation et transfert", "innovation and transfer"),
    "skills": Text("compétences et formation", "skills and training"),
    "recruitment": Text("recrutement", "recruitment"),
    "export": Text("international", "international business"),
    "markets": Text("accès aux marchés", "access to markets"),
    "events": Text("rencontres et réseau", "events and network"),
    "watch": Text("veille et observation", "watch and observation"),
    "representation": Text("représentation", "representation"),
}


@dataclass(frozen=True, slots=True)
class Overlap:
    """One service offered in the whole of a territory by several structures.

    Attributes:
        service: key of `SERVICES`.
        territory: code of a territory that one of them names.
        structures: those that serve all of it, by id.
        public_eur: their public money of the last year that each gives, summed; a lower bound when some give none.
        without_money: how many of them give no amount.
    """

    service: str
    territory: str
    structures: tuple[Thing, ...]
    public_eur: float
    without_money: int


def structures_on(book: Book, day: str, *, service: str = "", territory: str = "") -> tuple[Thing, ...]:
    """Return the structures that stand on a day, perhaps those that offer a service or serve a territory.

    A structure serves a territory when a territory that it names holds it, lies in it or shares a commune with it.
    """
    return tuple(one for one in book.of("structure") if holds_on(one, day) and _serves(one, service, territory))


def public_money(structure: Thing) -> tuple[int, float] | None:
    """Return the last year with public money and its sum in EUR; None where no amount is given."""
    rows = structure.rows("money")
    if not rows:
        return None
    last = max(int(str(row["year"])) for row in rows)
    return last, sum(float(str(row["amount_eur"])) for row in rows if int(str(row["year"])) == last)


def overlaps(structures: Iterable[Thing]) -> tuple[Overlap, ...]:
    """Return every service that two structures or more offer in the whole of one territory.

    Territories are those that somebody names for the service; one is listed when no larger one has the very same
    structures. The most crowded come first.
    """
    by_service: dict[str, dict[str, list[Thing]]] = defaultdict(lambda: defaultdict(list))
    for one in structures:
        for row in one.rows("offers"):
            by_service[str(row["service"])][str(row["territory"])].append(one)
    found = [overlap for service, named in by_service.items() for overlap in _of_service(service, named)]
    return tuple(sorted(found, key=lambda one: (-len(one.structures), -one.public_eur, one.service, one.territory)))


def _of_service(service: str, named: dict[str, list[Thing]]) -> Iterator[Overlap]:
    crowds = {code: _serving_all(code, named) for code in named}
    for code, crowd in crowds.items():
        # FRK26 and 69 are one territory under two codes: the first code stands for both.
        is_told = any(
            crowds[other].keys() == crowd.keys()
            and (communes_of(code) < communes_of(other) or (communes_of(code) == communes_of(other) and other < code))
            for other in named
        )
        if len(crowd) > 1 and not is_told:
            money = [public_money(one) for one in crowd.values()]
            given = [one[1] for one in money if one is not None]
            yield Overlap(service, code, tuple(crowd.values()), sum(given), len(money) - len(given))


def _serving_all(code: str, named: dict[str, list[Thing]]) -> dict[str, Thing]:
    held = communes_of(code)
    found = {one.id: one for other, those in named.items() if held <= communes_of(other) for one in those}
    return dict(sorted(found.items()))


def _serves(structure: Thing, service: str, territory: str) -> bool:
    rows = [row for row in structure.rows("offers") if service in {"", row["service"]}]
    if not territory:
        return bool(rows) or not service
    return any(communes_of(str(row["territory"])) & communes_of(territory) for row in rows)


@cache
def communes_of(code: str) -> frozenset[str]:
    """Return the communes of a territory of any level.

    >>> "69123" in communes_of("200046977") <= communes_of("69") <= communes_of("FRK") <= communes_of("FR")
    True
    """
    return frozenset(
        one.commune for one in places().values()
        if code in {one.commune, one.epci, one.department, one.nuts3, one.nuts2, one.nuts1, one.nuts1[:2]}
    )  # fmt: skip


def _known_territories(change: Change) -> Iterator[Fault]:
    for number, row in enumerate(change.after.rows("offers"), 1):
        code = str(row["territory"])
        try:
            known(code)
        except UnknownRegionError:
            yield Fault("offers", Text(
                f"ligne {number} : « {code} » n’est pas un territoire ; donnez le code d’une commune (69123), d’un "
                "EPCI (200046977), d’un département (69) ou d’une région NUTS (FRK).",
                f"row {number}: '{code}' is no territory; give the code of a commune (69123), an EPCI (200046977), a "
                "département (69) or a NUTS region (FRK)."))  # fmt: skip
            continue
        if not communes_of(code):
            yield Fault("offers", Text(f"ligne {number} : « {code} » n’a pas de commune en France.",
                                       f"row {number}: '{code}' has no commune in France."))  # fmt: skip


def _absorbed(change: Change) -> Iterator[Fault]:
    by = change.after.get("absorbed_by")
    if by and not change.after.get("until"):
        yield Fault("until", Text("Une structure absorbée a un dernier jour.",
                                  "A structure absorbed has a last day."))  # fmt: skip
    seen = {change.after.id}
    while by:
        if by in seen:
            yield Fault("absorbed_by", Text(f"{by} serait absorbée par elle-même.", f"{by} would absorb itself."))
            return
        seen.add(str(by))
        held = change.book.find(str(by))
        by = held.get("absorbed_by") if held else None


STRUCTURE = Kind(
    "structure", Text("structure d’appui", "support structure"), Text("structures d’appui", "support structures"),
    (
        Field("name", Both(160), Text("Nom", "Name"), is_required=True),
        Field("nature", Choice(NATURES), Text("Nature", "Nature"), is_required=True),
        Field("offers", Rows((
            Field("service", Choice(SERVICES), Text("Service", "Service"), is_required=True),
            Field("territory", Outside("territory", 12), Text("Territoire", "Territory"),
                  Text("Code d’une commune, d’un EPCI, d’un département ou d’une région NUTS.",
                       "Code of a commune, an EPCI, a département or a NUTS region."), is_required=True),
        )), Text("Services et territoires", "Services and territories"),
            Text("Un service par ligne, avec le code du territoire servi : 69123, 200046977, 69 ou FRK.",
                 "One service a row, with the code of the territory served: 69123, 200046977, 69 or FRK."),
            is_required=True),
        Field("money", Rows((
            Field("year", Whole(1980, 2100), Text("Année", "Year"), is_required=True),
            Field("amount_eur", Number(0), Text("Montant, EUR", "Amount, EUR"), is_required=True),
            Field("funder", Line(160), Text("Financeur public", "Public funder"), is_required=True),
            Field("source", Line(300), Text("Source", "Source"), is_required=True),
        )), Text("Argent public", "Public money")),
        Field("organisation", Outside("organisation"), Text("Adhérent du registre", "Member in the registry")),
        Field("website", Line(300), Text("Site", "Web site")),
        Field("since", Day(), Text("Depuis", "Since"), is_required=True),
        Field("until", Day(), Text("Dernier jour", "Last day")),
        Field("absorbed_by", Link(("structure",)), Text("Absorbée par", "Absorbed by")),
    ),
    rules=(in_order, _known_territories, _absorbed),
)  # fmt: skip
