"""Where the perimeter is at home: location quotients of territories, and how concentrated it is over them.

Both are made from figures that may be shown, so nothing can be led back to a firm: a territory whose counts are secret
has no quotient, and a measure of concentration lets secret territories share what is left of the total as all
activities are shared.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from beffroi.observatory.fabric_answer import Answer
from beffroi.observatory.fabric_public import Figure, Public, communes_within, public_figures
from beffroi.observatory.fabric_subject import merged
from beffroi.observatory.fabric_territories import COUNTRY, inside, level_of, name_of, territories
from beffroi.specialisation.concentration import gini, hoover, hoover_gini, locational_gini
from beffroi.specialisation.diversification import equivalent_number, herfindahl, herfindahl_normalised
from beffroi.specialisation.plants import ellison_glaeser, maurel_sedillot
from beffroi.specialisation.quotient import symmetric
from beffroi.specialisation.quotient_interval import LEVEL, exact_interval
from beffroi.store.registers import within
from beffroi.store.registers_lives import plants_sql
from beffroi.survey.disclosure import COMPLEMENTARY, SHOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from beffroi.observatory.fabric_subject import Subject
    from beffroi.store.registers_engine import Engine
    from beffroi.store.tables import Value

QUOTIENT = ("units", "establishments", "jobs", "jobs_reason", "all_establishments", "share", "quotient", "low", "high",
            "symmetric", "reading")  # fmt: skip
ABOVE, BELOW, OPEN = "above", "below", "not_distinguishable"


def quotient(asked: Subject, *, territory: str = COUNTRY, by: str = "nuts3") -> Answer:
    """Location quotients of establishments, each with its exact interval at 95 %.

    LQ = (inside / all in the territory) / (inside / all in France). Establishments are counted and not jobs, for jobs
    come in firms. `reading` says whether the whole interval lies `above` or `below` 1, or that it is
    `not_distinguishable`. Communes are told for one EPCI or commune at a time.

    Raises:
        UsageError: no such level.
        UnknownRegionError: no such territory.
        StoreError: the register cannot be read.

    Source: Florence (1939), Report on the Location of Industry; Clopper and Pearson (1934),
    doi:10.1093/biomet/26.4.404.
    """
    codes = _codes(territory, by)
    with asked.engine() as engine:
        found, public = _pairs(asked, engine, codes, by)
    nation = public.inside["country", COUNTRY], public.whole["country", COUNTRY]
    return Answer(
        "quotient",
        asked,
        ("territory", "name"),
        QUOTIENT,
        tuple(quotient_row(own, whole, nation) for own, whole in found),
        ("Exact intervals at 95 %, the nation's share taken as known.",),
    )


def quotient_row(own: Figure, whole: Figure, nation: tuple[Figure, Figure]) -> tuple[Value, ...]:
    """Counts, share, quotient and interval of one territory, and why it is secret."""
    counts = (own.units, own.establishments, own.jobs, own.jobs_reason)
    blank = (None,) * (len(QUOTIENT) - 5)
    start = (own.code, name_of(own.code), *counts, whole.establishments)
    known = [own.establishments, whole.establishments, *(one.establishments for one in nation)]
    if any(one is None for one in known):
        return (*start, *blank, own.reason or whole.reason or COMPLEMENTARY)
    n, total, n_nation, all_nation = (one or 0 for one in known)
    if not total or not n_nation:
        return (*start, *blank, SHOWN)
    got = exact_interval(n, total, nation_activity=n_nation, nation_total=all_nation, level=LEVEL)
    reading = ABOVE if got.low > 1 else BELOW if got.high < 1 else OPEN
    even = float(symmetric([got.value])[0])
    return (*start, n / total, got.value, got.low, got.high, even, reading, SHOWN)


def concentration(asked: Subject, *, territory: str = COUNTRY, by: str = "nuts3") -> Answer:
    """How unevenly the perimeter lies over the territories of a level, compared with all activities.

    One row a measure: Herfindahl (Σ s², from 1/n), normalised to 0..1, and its equivalent number; Gini of the counts;
    Hoover and Lorenz–Gini against all establishments; Krugman's locational Gini (0..0.5); Ellison and Glaeser's and
    Maurel and Sédillot's γ from the staff bands of single establishments. The two last are not given where a
    territory is secret.

    Raises and territories as in `quotient`.

    Source: see `beffroi.specialisation.concentration`, `.diversification` and `.plants`, one source a formula.
    """
    codes = _codes(territory, by)
    with asked.engine() as engine:
        found, public = _pairs(asked, engine, codes, by)
        total = _total(public, territory, found)
        own, whole, hidden = spread(found, total)
        plants = _plants(asked, engine, territory, by, codes) if not hidden else None
    if total[0] is None or total[1] is None:
        reason = public.inside.get((level_of(territory), territory), found[0][0]).reason or COMPLEMENTARY
        return _concentrated(asked, territory, by, dict.fromkeys(_plain(own, whole)), len(found), hidden, reason)
    rows = _plain(own, whole) | (_agglomerated(plants) if plants else dict.fromkeys(_AGGLOMERATION))
    return _concentrated(asked, territory, by, rows, len(found), hidden, SHOWN)


def spread(found: Sequence[tuple[Figure, Figure]], total: tuple[int | None, int | None]) -> tuple[
    list[float], list[float], int
]:  # fmt: skip
    """Establishments inside and in all by territory; secret ones share what is left of the total.

    Returns:
        Inside, all, and how many territories are secret in either.
    """
    whole = _shared([one.establishments for _, one in found], total[1], [1.0] * len(found))
    own = _shared([one.establishments for one, _ in found], total[0], whole)
    return own, whole, sum(not (one.is_shown and other.is_shown) for one, other in found)


def _shared(known: Sequence[int | None], total: int | None, weights: Sequence[float]) -> list[float]:
    left = max((total or 0) - sum(one or 0 for one in known), 0)
    below = sum(weight for one, weight in zip(known, weights, strict=True) if one is None)
    return [
        float(one) if one is not None else left * weight / below if below else 0.0
        for one, weight in zip(known, weights, strict=True)
    ]


_AGGLOMERATION = ("ellison_glaeser", "maurel_sedillot")


def _plain(own: Sequence[float], whole: Sequence[float]) -> dict[str, float | None]:
    return {
        "herfindahl": herfindahl(own),
        "herfindahl_normalised": herfindahl_normalised(own),
        "equivalent_number": equivalent_number(own),
        "gini": gini(own),
        "hoover": hoover(own, whole),
        "hoover_gini": hoover_gini(own, whole),
        "locational_gini": locational_gini(own, whole),
    }


def _agglomerated(plants: tuple[list[float], list[str], dict[str, float]]) -> dict[str, float | None]:
    jobs, places, reference = plants
    if not jobs:
        return dict.fromkeys(_AGGLOMERATION)
    return {
        "ellison_glaeser": ellison_glaeser(jobs, places, reference).gamma,
        "maurel_sedillot": maurel_sedillot(jobs, places, reference).gamma,
    }


def _plants(
    asked: Subject, engine: Engine, territory: str, by: str, codes: Sequence[str]
) -> tuple[list[float], list[str], dict[str, float]]:
    """Jobs and territory of each establishment inside that has staff, and the jobs of all activities by territory."""
    places = None if territory == COUNTRY else within(engine, territory)
    held = set(codes)
    jobs: list[float] = []
    where: list[str] = []
    for code, low, high, plants in engine.rows(
        plants_sql(by, activities=asked.inside(engine), vintage=asked.vintage, places=places)
    )[1]:
        if code in held:
            jobs += [(low + high) / 2] * plants
            where += [code] * plants
    reference = dict.fromkeys(codes, 0.0)
    for code, low, high, plants in engine.rows(plants_sql(by, activities=None, vintage=asked.vintage, places=places))[
        1
    ]:
        if code in held:
            reference[code] += (low + high) / 2 * plants
    return jobs, where, reference


def _concentrated(
    asked: Subject, territory: str, by: str, measures: dict[str, float | None], count: int, hidden: int, reason: str
) -> Answer:
    rows = []
    for name, value in measures.items():
        why = reason or (COMPLEMENTARY if name in _AGGLOMERATION and hidden else SHOWN)
        clean = None if why or value is None or math.isnan(value) else float(value)
        rows.append((territory, name_of(territory), by, name, clean, count, hidden, why))
    return Answer(
        "concentration",
        asked,
        ("territory", "name", "by", "index"),
        ("value", "territories", "secret_territories"),
        tuple(rows),
    )


def _codes(territory: str, by: str) -> list[str]:
    own = level_of(territory)
    return [territory] if own == by else inside(territory, by)


def _pairs(asked: Subject, engine: Engine, codes: Sequence[str], by: str) -> tuple[list[tuple[Figure, Figure]], Public]:
    """Figures of these territories; communes are taken from their EPCI, one after the other."""
    public = public_figures(asked, engine)
    if by != "commune":
        return public.of(by, codes), public
    epcis = _epcis_of(codes)
    places = merged([one for epci in epcis for one in within(engine, epci)])
    return communes_within(asked, engine, public, epcis, places=places).of(by, codes), public


def _epcis_of(codes: Sequence[str]) -> list[str]:
    known = territories()
    return sorted({above for code in codes for above in known["commune"][code] if above in known["epci"]})


def _total(public: Public, territory: str, found: Sequence[tuple[Figure, Figure]]) -> tuple[int | None, int | None]:
    key = level_of(territory), territory
    if key in public.whole:
        return public.inside[key].establishments, public.whole[key].establishments
    return found[0][0].establishments, found[0][1].establishments
