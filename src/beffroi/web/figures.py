"""Pictures of an edition: what each shows, its finding in words, how to read it, its table and what to take away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.observatory import portrait
from beffroi.web import sentences, words
from beffroi.web.svg import gap as gap_chart
from beffroi.web.svg import lines, profile_chart, rank_chart
from beffroi.web.svg import map as map_chart
from beffroi.web.svg.primitives import Drawing, Layout, inline, standalone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from beffroi.catalogue.schema import Indicator
    from beffroi.observatory.portrait import Gap
    from beffroi.observatory.reading import Cell
    from beffroi.web.frame import Scope

TONES = {"strength": "good", "weakness": "bad"}
LABELLED_MOST = 8


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in two layouts, named and described; `credit` is its source and years."""

    key: str
    title: str
    description: str
    credit: str
    draw: Callable[[Layout, bool], Drawing]

    @property
    def markup(self) -> str:
        """Both layouts; the style sheet shows the one that fits."""
        return "".join(
            inline(
                self.draw(layout, False),
                key=self.key,
                layout=layout,
                title=self.title,
                description=self.description,
            )
            for layout in ("wide", "narrow")
        )

    def file(self) -> bytes:
        """The picture as a file of its own."""
        return standalone(self.draw("wide", True), title=self.title, description=self.description, credit=self.credit)


def credit(scope: Scope, years: str = "", indicator: Indicator | None = None) -> str:
    """Source, years and edition, under every picture; an indicator names its own sources only."""
    own = {one.source for one in indicator.series} if indicator else set(scope.edition.sources)
    names = ", ".join(
        f"{scope.say(one.name)} ({one.licence})" for key, one in scope.edition.sources.items() if key in own
    )
    span = years or words_of_years(scope)
    return _("Source: %(names)s; Beffroi’s own calculations; figures from %(years)s; edition %(edition)s.") % {
        "names": names,
        "years": span,
        "edition": scope.edition.id,
    }


def words_of_years(scope: Scope) -> str:
    """The years an edition spans, as in `2012–2020`."""
    return f"{scope.edition.first_year}–{scope.edition.last_year}"


def rank_picture(scope: Scope, own: Sequence[str], rivals: Sequence[str]) -> Picture:
    """Every region's rank and interval; `own` in front, `rivals` named."""
    language, standings = scope.language, scope.reading.standings
    by_region = {one.region: one for one in standings}
    named = {
        key: rank_chart.Named(f"{scope.name(key)} · {words.ordinal(by_region[key].rank, language)}", "me")
        for key in own
        if key in by_region
    }
    for key in rivals:
        if key in by_region and key not in named and len(named) < LABELLED_MOST + len(own):
            named[key] = rank_chart.Named(scope.name(key), "riv")
    points = [rank_chart.RankPoint(one.region, one.rank, one.rank_low, one.rank_high) for one in standings]
    terms = rank_chart.RankWords(
        f"← {_('better placed')}", f"{_('less well placed')} →", lambda rank: words.ordinal(rank, language)
    )
    title = _("Rank of the %(count)s regions, with its uncertainty") % {"count": words.number(len(points), 0, language)}
    description = ". ".join(
        _("%(name)s: %(rank)s, from %(low)s to %(high)s")
        % {
            "name": scope.name(key),
            "rank": words.ordinal(by_region[key].rank, language),
            "low": words.ordinal(by_region[key].rank_low, language),
            "high": words.ordinal(by_region[key].rank_high, language),
        }
        for key in named
    )
    return Picture(
        "rank",
        title,
        description,
        credit(scope),
        lambda layout, _alone: rank_chart.draw(points, named, words=terms, layout=layout),
    )


def value_of(cell: Cell, indicator: Indicator, language: str) -> str:
    """A raw figure with unit; a dash when missing."""
    return words.measure(cell.raw, indicator.unit.symbol.say(language), indicator.unit.decimals, language)


def profile_picture(scope: Scope, region: str, cells: Sequence[Cell]) -> Picture:
    """A region's position among its peers, indicator by indicator."""
    rule = scope.edition.indices[scope.reading.index_id].profile
    rows = []
    for cell in cells:
        indicator = scope.edition.indicators[cell.indicator]
        value = f"{value_of(cell, indicator, scope.language)} · {cell.year}" if cell.raw is not None else ""
        rows.append(
            profile_chart.ProfileRow(
                scope.say(indicator.short),
                value,
                cell.position,
                cell.position_low,
                cell.position_high,
                TONES.get(cell.verdict, "mid"),
                cell.verdict not in TONES,
            )
        )
    terms = profile_chart.ProfileWords(_("last"), _("median"), _("first"), _("no published figure"))
    zones = profile_chart.Zones(rule.weakness_to, rule.strength_from)
    title = _("Strengths and weaknesses of %(name)s") % {"name": scope.name(region)}
    description = ". ".join(
        f"{scope.say(scope.edition.indicators[one.indicator].short)}: {sentences.code(one.verdict, scope.language)}"
        for one in cells
    )
    return Picture(
        "profile",
        title,
        description,
        credit(scope),
        lambda layout, _alone: profile_chart.draw(rows, zones=zones, words=terms, layout=layout),
    )


def gap_picture(scope: Scope, region: str, gap: Gap) -> Picture:
    """The distance to the best five, pillar by pillar."""
    names = {one.id: scope.say(one.name) for one in scope.edition.indices[scope.reading.index_id].pillars}
    rows = [gap_chart.GapRow(names[one.pillar], one.points, points(-one.points, scope.language)) for one in gap.pillars]
    if gap.remainder:
        rows.append(gap_chart.GapRow(_("Left by the method"), gap.remainder, points(-gap.remainder, scope.language)))
    title = _("Gap of %(name)s to the top five, by pillar") % {"name": scope.name(region)}
    description = ". ".join(f"{row.label}: {row.value}" for row in rows)
    return Picture("gap", title, description, credit(scope), lambda layout, _alone: gap_chart.draw(rows, layout=layout))


def points(value: float, language: str) -> str:
    """Points of the index with their sign."""
    figure = words.signed(value, 1, language)
    return f"{figure}{words.JOINED}pt" if language == "fr" else f"{figure}{words.JOINED}pts"


def map_picture(scope: Scope, indicator: Indicator, own: str, others: Sequence[str]) -> Picture | None:
    """Where an indicator is high and low; None when no region has a figure and a place."""
    cells = {key[0]: one for key, one in scope.reading.cells.items() if key[1] == indicator.id and one.raw is not None}
    values = {key: one.raw for key, one in cells.items() if one.raw is not None}
    if len(values) < map_chart.CLASSES:
        return None
    levels, bounds = map_chart.levels(values)
    spots = []
    for key in values:
        place = scope.edition.places[key]
        if place.longitude is not None and place.latitude is not None:
            spots.append(map_chart.Spot(key, place.longitude, place.latitude, levels[key]))
    symbol, decimals = scope.say(indicator.unit.symbol), indicator.unit.decimals
    ends = [words.measure(one, symbol, decimals, scope.language) for one in bounds]
    legend = [
        _("less than %(value)s") % {"value": ends[0]},
        *(
            _("%(low)s to %(high)s") % {"low": words.number(bounds[n], decimals, scope.language), "high": ends[n + 1]}
            for n in range(3)
        ),
        _("%(value)s or more") % {"value": ends[3]},
    ]
    wanted = [own, *others]
    labels = {key: scope.name(key) for key in wanted if key in values}
    title = _("%(name)s on the map") % {"name": scope.say(indicator.name)}
    description = _("One circle for each region with a figure; the larger and darker, the higher the figure.")
    names = map_chart.MapNames(own, labels, legend)
    return Picture(
        "map",
        title,
        description,
        credit(scope, years_of(cells.values()), indicator),
        lambda layout, alone: map_chart.draw(spots, names, layout=layout, is_standalone=alone),
    )


def years_of(cells: Iterable[Cell]) -> str:
    """The years of some cells, as in `2018–2020`."""
    years = sorted({one.year for one in cells if one.year is not None})
    return "" if not years else str(years[0]) if years[0] == years[-1] else f"{years[0]}–{years[-1]}"


def series_picture(scope: Scope, indicator: Indicator, regions: Sequence[str]) -> Picture | None:
    """An indicator over the years for a few regions; None without a series of two years."""
    series = scope.edition.series
    traces = [
        lines.Trace(scope.name(key), tuple((one.year, one.value) for one in series[indicator.id, key]), number == 0)
        for number, key in enumerate(regions)
        if len(series.get((indicator.id, key), ())) > 1
    ]
    ranked = {one.region for one in scope.reading.standings}
    by_year: dict[int, list[float]] = {}
    for key in ranked:
        for one in series.get((indicator.id, key), ()):
            by_year.setdefault(one.year, []).append(one.value)
    most = max((len(each) for each in by_year.values()), default=0)
    fan = lines.Fan(
        {year: _spread(each) for year, each in by_year.items() if len(each) >= max(5, most // 2)}, _("median")
    )
    if not traces:
        return None
    language, decimals = scope.language, indicator.unit.decimals
    title = _("%(name)s over the years") % {"name": scope.say(indicator.name)}
    ends = [
        f"{one.label}: {words.number(one.points[-1][1], decimals, language)} ({one.points[-1][0]})" for one in traces
    ]
    years = f"{min(t.points[0][0] for t in traces)}–{max(t.points[-1][0] for t in traces)}"
    return Picture(
        "series",
        title,
        ". ".join(ends),
        credit(scope, years, indicator),
        lambda layout, _alone: lines.draw(
            traces, fan, layout=layout, number=lambda v: words.number(v, _decimals(fan, decimals), language)
        ),
    )


def _decimals(fan: lines.Fan, decimals: int) -> int:
    highest = max((each[2] for each in fan.years.values()), default=0.0)
    return 0 if highest >= 10 else decimals  # noqa: PLR2004 -- two digits before the mark are enough on an axis


def _spread(values: list[float]) -> tuple[float, float, float]:
    ordered = sorted(values)
    last = len(ordered) - 1
    return ordered[round(last * 0.1)], ordered[last // 2], ordered[round(last * 0.9)]


def rivals_to_name(scope: Scope, region: str, rival: str | None) -> list[str]:
    """Whom to name beside a region: the rival, the first, the last, the home regions and well-known ones."""
    standings = scope.reading.standings
    known = ["FR1", "FR10", "FRE", "FRE1", "FRK", "FRK2", "UKI", "DE11", "DE1", "ES51", "ITC4"]
    wanted = [rival or "", standings[0].region, standings[-1].region, *known]
    ranked = {one.region for one in standings}
    found = [one for one in dict.fromkeys(wanted) if one in ranked and one != region]
    return found[:LABELLED_MOST]


def gap_of(scope: Scope, region: str) -> Gap:
    """The region's gap to the best five."""
    return portrait.gap_to_top(scope.edition, scope.reading, region)
