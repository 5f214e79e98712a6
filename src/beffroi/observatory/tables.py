"""An edition as plain tables: the same columns for pages, downloads, the read API and the command line.

Each function returns a header and rows of plain values (text, int, float or None), most important row first.
Units and source travel in columns, so a row that leaves its file still says what it is.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.vocabulary.errors import UnknownDefinitionError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from beffroi.catalogue.schema import Indicator
    from beffroi.observatory.reading import Cell, Edition, SetReading, Standing

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """A named header with rows of the same length."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class RankQuery:
    """Which ranked regions to show, in which order.

    `country` is a two-letter code, `words` a part of a name or a code (accents and case do not matter), `sort`
    is `rank`, `name`, `score`, `coverage`, a pillar id or an indicator id; `top` keeps that many best ranks;
    `min_coverage` is a share (0..1).
    """

    country: str = ""
    words: str = ""
    sort: str = "rank"
    is_descending: bool = False
    top: int | None = None
    min_coverage: float = 0.0


def folded(text: str) -> str:
    """Lower case without accents, for searching and sorting names.

    >>> folded("Île-de-France")
    'ile-de-france'
    """
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).lower().replace("’", "'")


def select(edition: Edition, reading: SetReading, query: RankQuery, *, language: str) -> tuple[Standing, ...]:
    """Return the standings a query asks for, in its order; missing values come last.

    Raises:
        UnknownDefinitionError: `sort` names nothing that can be sorted by.
    """
    words = folded(query.words.replace("'", "’")).strip()
    kept = [
        one
        for one in reading.standings
        if (not query.country or edition.places[one.region].country == query.country)
        and (not words or _is_named(edition, one.region, words))
        and (query.top is None or one.rank <= query.top)
        and one.coverage >= query.min_coverage - 1e-9
    ]
    keys = {one.region: _sort_value(edition, reading, one, query.sort, language) for one in kept}
    known = [one for one in kept if keys[one.region] is not None]
    if query.sort == "name":
        known.sort(key=lambda one: str(keys[one.region]))
    else:
        known.sort(key=lambda one: float(keys[one.region] or 0.0))
    if query.is_descending:
        known.reverse()
    return (*known, *(one for one in kept if keys[one.region] is None))


def _is_named(edition: Edition, region: str, words: str) -> bool:
    name = edition.places[region].name
    return words in folded(name.fr) or words in folded(name.en) or region.lower().startswith(words)


def _sort_value(edition: Edition, reading: SetReading, one: Standing, sort: str, language: str) -> Value:
    if sort == "name":
        return folded(edition.places[one.region].name.say(language))
    if sort in {"rank", "score", "coverage"}:
        return one.rank if sort == "rank" else -float(getattr(one, sort))
    if (one.region, sort) in reading.pillars:
        return -reading.pillars[one.region, sort].score
    if (one.region, sort) in reading.cells:
        return reading.cells[one.region, sort].rank
    raise UnknownDefinitionError(
        Text(
            f"On ne trie pas les régions par « {sort} ». Triez par rang, nom, score, couverture, pilier ou indicateur.",
            f"Regions cannot be sorted by '{sort}'. Sort by rank, name, score, coverage, a pillar or an indicator.",
        )
    )


def ranks(edition: Edition, reading: SetReading, standings: Sequence[Standing], *, language: str) -> Table:
    """One row per region: rank and score with their intervals, chances, coverage and pillar scores."""
    pillars = [one.id for one in edition.indices[reading.index_id].pillars]
    columns = (
        "edition",
        "set",
        "index",
        "region_code",
        "region_name",
        "country_code",
        "rank",
        "rank_low",
        "rank_median",
        "rank_high",
        "robust_best_rank",
        "robust_worst_rank",
        "score_points",
        "score_low_points",
        "score_high_points",
        "top_5_share",
        "top_10_share",
        "top_quarter_share",
        "coverage_share",
        "population",
        *(f"{pillar}_points" for pillar in pillars),
        *(f"{pillar}_rank" for pillar in pillars),
        "source",
    )
    source = "; ".join(f"{one.name.say(language)} ({one.licence})" for one in edition.sources.values())
    rows = []
    for one in standings:
        place = edition.places[one.region]
        own = [reading.pillars.get((one.region, pillar)) for pillar in pillars]
        rows.append(
            (
                edition.id,
                reading.set_id,
                reading.index_id,
                one.region,
                place.name.say(language),
                place.country,
                one.rank,
                one.rank_low,
                one.rank_median,
                one.rank_high,
                one.robust_best,
                one.robust_worst,
                one.score,
                one.score_low,
                one.score_high,
                one.top_5.p,
                one.top_10.p,
                one.top_quarter.p,
                one.coverage,
                one.population,
                *(each.score if each else None for each in own),
                *(each.rank if each else None for each in own),
                source,
            )
        )
    return Table(f"beffroi-{edition.id}-{reading.set_id}-ranks", columns, tuple(rows))


CELL_COLUMNS = (
    "edition",
    "set",
    "region_code",
    "region_name",
    "indicator",
    "indicator_name",
    "value",
    "unit",
    "year",
    "age_years",
    "obs_status",
    "origin",
    "reason",
    "rank",
    "ranked_regions",
    "position_share",
    "position_low_share",
    "position_high_share",
    "verdict",
    "trend",
    "used_value",
    "treated_value",
    "scale_low",
    "scale_high",
    "normalised_points",
    "weight_share",
    "contribution_points",
    "source",
    "licence",
    "series",
)


def cells(edition: Edition, reading: SetReading, wanted: Iterable[tuple[str, str]], *, language: str) -> Table:
    """One row per (region, indicator), from the raw figure to its share of the index."""
    found = (reading.cells[key] for key in wanted if key in reading.cells)
    rows = tuple(_cell_row(edition, reading, one, language) for one in found)
    return Table(f"beffroi-{edition.id}-{reading.set_id}-figures", CELL_COLUMNS, rows)


def _cell_row(edition: Edition, reading: SetReading, one: Cell, language: str) -> tuple[Value, ...]:
    indicator = edition.indicators[one.indicator]
    return (
        edition.id,
        reading.set_id,
        one.region,
        edition.places[one.region].name.say(language),
        one.indicator,
        indicator.name.say(language),
        one.raw,
        indicator.unit.symbol.say(language),
        one.year,
        one.age,
        one.status,
        one.origin,
        one.reason,
        one.rank,
        one.ranked,
        one.position,
        one.position_low,
        one.position_high,
        one.verdict,
        one.trend,
        one.used,
        one.treated,
        one.low,
        one.high,
        one.normalised,
        one.weight,
        one.contribution,
        *source_of(edition, indicator, language),
        " ".join(one.series_keys),
    )


def source_of(edition: Edition, indicator: Indicator, language: str) -> tuple[str, str]:
    """Publishers and licences of an indicator's series, joined."""
    found = {one.source: edition.sources[one.source] for one in indicator.series if one.source in edition.sources}
    names = "; ".join(one.name.say(language) for one in found.values())
    return names, "; ".join(dict.fromkeys(one.licence for one in found.values()))


def region(edition: Edition, reading: SetReading, code: str, *, language: str) -> Table:
    """Every indicator of one region, in the order of the pillars."""
    order = edition.indices[reading.index_id].indicators
    table = cells(edition, reading, ((code, one) for one in order), language=language)
    return Table(f"beffroi-{edition.id}-{reading.set_id}-{code}", table.columns, table.rows)


def indicator(edition: Edition, reading: SetReading, indicator_id: str, *, language: str) -> Table:
    """One indicator in every ranked region, best first; regions without a figure come last.

    Raises:
        UnknownDefinitionError: the edition holds no such indicator.
    """
    wanted = [(one.region, indicator_id) for one in in_order(edition, reading, indicator_id)]
    table = cells(edition, reading, wanted, language=language)
    return Table(f"beffroi-{edition.id}-{reading.set_id}-{indicator_id}", table.columns, table.rows)


def in_order(edition: Edition, reading: SetReading, indicator_id: str) -> list[Cell]:
    """Cells of one indicator by rank, then those without a figure by region code.

    Raises:
        UnknownDefinitionError: the edition holds no such indicator.
    """
    if indicator_id not in edition.indicators:
        raise UnknownDefinitionError(
            Text(
                f"L’édition {edition.id} n’a pas d’indicateur « {indicator_id} ». Elle a : "
                f"{', '.join(edition.indicators)}.",
                f"Edition {edition.id} holds no indicator '{indicator_id}'. It holds: {', '.join(edition.indicators)}.",
            )
        )
    found = [one for (_, key), one in reading.cells.items() if key == indicator_id]
    return sorted(found, key=lambda one: (one.rank is None, one.rank or 0, one.region))


SERIES_COLUMNS = (
    "edition",
    "indicator",
    "indicator_name",
    "region_code",
    "region_name",
    "year",
    "value",
    "unit",
    "obs_status",
    "origin",
    "source",
    "licence",
)


def series(edition: Edition, indicator_id: str, regions: Iterable[str], *, language: str) -> Table:
    """One row per year of an indicator for each region asked for."""
    one = edition.indicators[indicator_id]
    source = source_of(edition, one, language)
    rows = tuple(
        (
            edition.id,
            one.id,
            one.name.say(language),
            code,
            edition.places[code].name.say(language),
            point.year,
            point.value,
            one.unit.symbol.say(language),
            point.status,
            point.origin,
            *source,
        )
        for code in regions
        for point in edition.series.get((indicator_id, code), ())
    )
    return Table(f"beffroi-{edition.id}-{indicator_id}-series", SERIES_COLUMNS, rows)


SDMX_COLUMNS = (
    "DATAFLOW",
    "FREQ",
    "INDICATOR",
    "REF_AREA",
    "TIME_PERIOD",
    "OBS_VALUE",
    "UNIT_MEASURE",
    "OBS_STATUS",
)


def sdmx(edition: Edition, indicator_id: str, regions: Iterable[str]) -> Table:
    """Yearly figures of an indicator in the columns of SDMX-CSV 1.0.

    Source: SDMX Technical Working Group, SDMX-CSV 1.0 field guide (dataflow first, then dimensions, value,
    attributes). OBS_STATUS holds one letter of CL_OBS_STATUS: the first by precedence.
    """
    unit = edition.indicators[indicator_id].unit.id.upper()
    flow = f"BEFFROI:OBSERVATORY({edition.id})"
    rows = tuple(
        (flow, "A", indicator_id.upper(), code, point.year, point.value, unit, point.status[:1] or "A")
        for code in regions
        for point in edition.series.get((indicator_id, code), ())
    )
    return Table(f"beffroi-{edition.id}-{indicator_id}-sdmx", SDMX_COLUMNS, rows)
