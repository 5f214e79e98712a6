"""Answers as plain tables: by when, peers, why, changes of rank, mergers and other weights, for files and the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.observatory.alike import better_peers
from beffroi.observatory.tables import Table, source_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from beffroi.observatory.merge import Merged
    from beffroi.observatory.reading import Edition, SetReading
    from beffroi.observatory.weights import Reweighed
    from beffroi.observatory.why import Change, Why

WHEN_COLUMNS = (
    "edition", "set", "region_code", "region_name", "rank", "top", "futures", "median_years", "within_5_years_share",
    "within_10_years_share", "within_20_years_share", "not_within_20_years_share", "in_years", "score_needed_points",
    "pace_needed_points_a_year", "good_pace_points_a_year", "best_pace_points_a_year",
)  # fmt: skip


def when(edition: Edition, reading: SetReading, code: str, *, language: str) -> Table:
    """One row for each place sought and each term of 5, 10 and 20 years."""
    standing = reading.standing(code)
    rank = standing.rank if standing else None
    rows = tuple(
        (
            edition.id, reading.set_id, code, edition.places[code].name.say(language), rank, one.top, one.futures,
            one.median_year, one.within_5.p, one.within_10.p, one.within_20.p, one.never.p,
            each.years, each.threshold, each.pace, each.good, each.best,
        )
        for one in reading.outlook.arrivals.values()
        if one.region == code
        for each in reading.outlook.required.get((code, one.top), ())
    )  # fmt: skip
    return Table(f"beffroi-{edition.id}-{reading.set_id}-{code}-when", WHEN_COLUMNS, rows)


PATH_COLUMNS = ("edition", "set", "region_code", "region_name", "years_from_now", "rank", "rank_low", "rank_high")


def path(edition: Edition, reading: SetReading, code: str, *, language: str) -> Table:
    """One row for each year to come."""
    name = edition.places[code].name.say(language)
    rows = tuple(
        (edition.id, reading.set_id, code, name, one.year, one.rank, one.rank_low, one.rank_high)
        for one in reading.outlook.paths.get(code, ())
    )
    return Table(f"beffroi-{edition.id}-{reading.set_id}-{code}-path", PATH_COLUMNS, rows)


PEER_COLUMNS = (
    "edition", "set", "region_code", "place", "peer_code", "peer_name", "distance", "is_mutual", "peer_rank",
    "peer_score_points",
)  # fmt: skip


def peers(edition: Edition, reading: SetReading, code: str, *, language: str) -> Table:
    """One row for each peer, nearest first."""
    ranked = {one.region: one for one in reading.standings}
    rows = tuple(
        (
            edition.id, reading.set_id, code, one.place, one.peer, edition.places[one.peer].name.say(language),
            one.distance, int(one.is_mutual), ranked[one.peer].rank, ranked[one.peer].score,
        )
        for one in reading.outlook.peers.get(code, ())
    )  # fmt: skip
    return Table(f"beffroi-{edition.id}-{reading.set_id}-{code}-peers", PEER_COLUMNS, rows)


BETTER_COLUMNS = (
    "edition", "set", "region_code", "indicator", "indicator_name", "value", "year", "unit", "peers_reach",
    "peers_with_figure", "example_code", "example_name", "source", "licence",
)  # fmt: skip


def better(edition: Edition, reading: SetReading, code: str, *, language: str) -> Table:
    """One row for each indicator: what the best tenth of the peers reach, largest lead first."""
    rows = []
    for one in better_peers(edition, reading, code):
        indicator = edition.indicators[one.indicator]
        cell = reading.cells[code, one.indicator]
        rows.append((
            edition.id, reading.set_id, code, one.indicator, indicator.name.say(language), cell.raw, cell.year,
            indicator.unit.symbol.say(language), one.reach, one.count, one.example,
            edition.places[one.example].name.say(language), *source_of(edition, indicator, language),
        ))  # fmt: skip
    return Table(f"beffroi-{edition.id}-{reading.set_id}-{code}-peers-reach", BETTER_COLUMNS, tuple(rows))


WHY_COLUMNS = (
    "edition", "set", "region_code", "rival_code", "pillar", "indicator", "indicator_name", "unit", "value", "year",
    "rival_value", "rival_year", "weight_share", "gap_points", "source", "licence",
)  # fmt: skip


def why(edition: Edition, reading: SetReading, found: Why, *, language: str) -> Table:
    """One row for each indicator, largest part first; `gap_points` add up to the gap of the scores."""
    rows = []
    for one in found.parts:
        indicator = edition.indicators[one.indicator]
        rows.append((
            edition.id, reading.set_id, found.region, found.rival, one.pillar, one.indicator,
            indicator.name.say(language), indicator.unit.symbol.say(language), one.own.raw, one.own.year,
            one.rival.raw, one.rival.year, one.own.weight, one.points, *source_of(edition, indicator, language),
        ))  # fmt: skip
    name = f"beffroi-{edition.id}-{reading.set_id}-{found.region}-{found.rival}-why"
    return Table(name, WHY_COLUMNS, tuple(rows))


CHANGE_COLUMNS = (
    "edition", "since_edition", "set", "region_code", "rank_before", "rank_after", "compared_regions", "cause",
    "places",
)  # fmt: skip


def change(edition: Edition, reading: SetReading, found: Change) -> Table:
    """One row for each cause; `places` (negative: gained) add up to the change of rank."""
    rows = tuple(
        (edition.id, found.since, reading.set_id, found.region, found.before, found.after, found.regions, cause, places)
        for cause, places in found.parts
    )
    return Table(f"beffroi-{edition.id}-{reading.set_id}-{found.region}-since-{found.since}", CHANGE_COLUMNS, rows)


MERGE_COLUMNS = (
    "edition", "set", "merged_codes", "indicator", "indicator_name", "unit", "part_values", "part_years", "value",
    "how", "least_part", "greatest_part", "mean_of_parts", "points", "rank_frozen", "rank_low", "rank_high",
    "rank_refitted", "ranked_regions", "source", "licence",
)  # fmt: skip


def merge(edition: Edition, reading: SetReading, found: Merged, *, language: str) -> Table:
    """One row for each indicator of the merged region; values of the parts are joined by spaces in their order."""
    rows = []
    for one in found.figures:
        indicator = edition.indicators[one.indicator]
        rows.append((
            edition.id, reading.set_id, " ".join(found.regions), one.indicator, indicator.name.say(language),
            indicator.unit.symbol.say(language), _joined(one.parts), _joined(one.years), one.value, one.how,
            one.low, one.high, one.plain_mean, one.points, found.frozen_rank, found.rank_low, found.rank_high,
            found.refitted_rank, found.ranked, *source_of(edition, indicator, language),
        ))  # fmt: skip
    name = f"beffroi-{edition.id}-{reading.set_id}-merge-{'-'.join(found.regions)}"
    return Table(name, MERGE_COLUMNS, tuple(rows))


WEIGHT_COLUMNS = (
    "edition", "set", "region_code", "region_name", "country_code", "rank", "rank_low", "rank_high", "score_points",
    "edition_rank", "edition_score_points",
)  # fmt: skip


def weights(edition: Edition, reading: SetReading, found: Sequence[Reweighed], *, language: str) -> Table:
    """One row for each region, best first under the weights asked for."""
    rows = tuple(
        (
            edition.id, reading.set_id, one.region, edition.places[one.region].name.say(language),
            edition.places[one.region].country, one.rank, one.rank_low, one.rank_high, one.score,
            one.edition_rank, one.edition_score,
        )
        for one in found
    )  # fmt: skip
    return Table(f"beffroi-{edition.id}-{reading.set_id}-own-weights", WEIGHT_COLUMNS, rows)


def _joined(values: Sequence[float | int | None]) -> str:
    return " ".join("-" if one is None else f"{one:.12g}" for one in values)
