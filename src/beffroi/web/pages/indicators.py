"""One indicator: what it measures, why, where it is high, how it moved, and every figure with its year and status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from beffroi.observatory import portrait, tables
from beffroi.web import figures, sentences, words
from beffroi.web.frame import open_scope, respond, set_links
from beffroi.web.jsonld import dataset
from beffroi.web.markup import Head, link, ordinal, row, table
from beffroi.web.pages.explain import number_url
from beffroi.web.svg.map import outline_definition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from beffroi.catalogue.schema import Indicator
    from beffroi.observatory.reading import Cell, Treated
    from beffroi.web.frame import Scope

LINES_MOST = 5


def chosen_regions(request: HttpRequest, scope: Scope) -> list[str]:
    """Regions to draw: those of the address that are known, then the house's, then well-known ones; at most five."""
    ranked = {one.region for one in scope.reading.standings}
    asked = [one.strip().upper() for one in request.GET.getlist("r")]
    asked = [one for one in asked if one in ranked]
    if len(asked) > 1:
        return list(dict.fromkeys(asked))[:LINES_MOST]
    home = [
        one
        for one in (
            settings.BEFFROI_REGION,
            "FRK2",
            *settings.BEFFROI_OTHER_REGIONS,
            "FRE1",
            "FR1",
            "FR10",
            "DE1",
            "DE11",
        )
        if one in ranked
    ]
    return list(dict.fromkeys([*asked, *home, *[one.region for one in scope.reading.standings[:2]]]))[:LINES_MOST]


def listing(request: HttpRequest, lang: str, edition: str | None = None) -> HttpResponse:
    """Every indicator by pillar, with its state."""
    scope = open_scope(request, lang, edition)
    index = scope.edition.indices[scope.reading.index_id]
    heads = [
        Head(_("Indicator")),
        Head(_("Unit")),
        Head(_("Newest year"), True),
        Head(_("Regions with a figure"), True),
        Head(_("State")),
        Head(_("Source")),
    ]
    groups = []
    for number, pillar in enumerate(index.pillars):
        rows = [_listed(scope, key, heads) for key in pillar.indicators if key in scope.edition.indicators]
        groups.append(
            {
                "name": scope.say(pillar.name),
                "table": table(
                    _("Indicators of the pillar %(name)s") % {"name": scope.say(pillar.name)},
                    heads,
                    rows,
                    key=f"t-{number}",
                ),
            }
        )
    context = {
        "title": _("What is measured?"),
        "count": len(index.indicators),
        "pillar_count": len(index.pillars),
        "groups": groups,
        "dropped": [
            scope.say(scope.edition.indicators[one].name) if one in scope.edition.indicators else one
            for one in scope.reading.dropped
        ],
        "sets": set_links(scope, "/indicators/"),
    }
    return respond(request, scope, "indicators.html", context)


def _listed(scope: Scope, key: str, heads: Sequence[Head]) -> str:
    indicator = scope.edition.indicators[key]
    fresh = portrait.freshness(scope.edition, scope.reading, indicator)
    with_figure = sum(one.raw is not None for (_code, each), one in scope.reading.cells.items() if each == key)
    state = _("ended") if fresh.is_ended and fresh.is_stale else _("stale") if fresh.is_stale else _("current")
    return row(
        [
            link(scope.url(f"/indicator/{key}/"), scope.say(indicator.name)),
            scope.say(indicator.unit.name),
            fresh.newest_year or "–",
            words.number(with_figure, 0, scope.language),
            state,
            tables.source_of(scope.edition, indicator, scope.language)[0],
        ],
        heads,
    )


def page(request: HttpRequest, lang: str, indicator_id: str, edition: str | None = None) -> HttpResponse:
    """One indicator."""
    scope = open_scope(request, lang, edition)
    cells = tables.in_order(scope.edition, scope.reading, indicator_id)
    indicator = scope.edition.indicators[indicator_id]
    regions = chosen_regions(request, scope)
    fresh = portrait.freshness(scope.edition, scope.reading, indicator)
    symbol, decimals = scope.say(indicator.unit.symbol), indicator.unit.decimals
    own = next((one for one in cells if regions and one.region == regions[0]), None)
    treated = scope.reading.treated.get(indicator_id)
    base = f"/indicator/{indicator_id}"
    context = {
        "indicator": indicator,
        "title": _("Who does best: %(name)s?") % {"name": words.lowered(scope.say(indicator.name))},
        "lead": _lead(scope, indicator, cells, own),
        "definition": scope.say(indicator.definition),
        "why": scope.say(indicator.why),
        "unit": scope.say(indicator.unit.name),
        "direction": _("more is better") if indicator.direction > 0 else _("less is better"),
        "series": [_series(scope, one.key) for one in indicator.series],
        "sources": [
            (
                scope.say(scope.edition.sources[one].name),
                scope.edition.sources[one],
                scope.say(scope.edition.sources[one].attribution),
            )
            for one in dict.fromkeys(each.source for each in indicator.series)
            if one in scope.edition.sources
        ],
        "breaks": [scope.say(one) for one in indicator.breaks],
        "changes": [(one.on, scope.say(one.what)) for one in indicator.changes],
        "stale": sentences.stale_line(fresh, indicator.refresh_months, lang),
        "is_stale": fresh.is_stale,
        "coverage": _coverage(scope, cells),
        "due_year": fresh.due_year,
        "scale": words.number(indicator.scale, 0 if indicator.scale == round(indicator.scale) else 3, lang),
        "treated": sentences.code(treated.method, lang) if treated else "",
        "bounds": _bounds(treated, decimals, symbol, lang) if treated else "",
        "outline": outline_definition(),
        "map": figures.map_picture(scope, indicator, regions[0] if regions else "", regions[1:]),
        "map_finding": _map_finding(scope, indicator, cells),
        "series_picture": figures.series_picture(scope, indicator, regions),
        "series_finding": _series_finding(scope, indicator, regions),
        "series_table": _series_table(scope, indicator, regions),
        "ranking": _ranking(scope, indicator, cells),
        "regions": regions,
        "choices": sorted((scope.name(one.region), one.region) for one in scope.reading.standings),
        "action": scope.url(f"{base}/").split("?")[0],
        "set_id": None if scope.is_default_set else scope.reading.set_id,
        "sets": set_links(scope, f"{base}/"),
        "files": {
            **{kind: scope.url(f"{base}/ranking.{kind}") for kind in ("csv", "xlsx", "json")},
            "series": scope.url(f"{base}/series.csv"),
            "sdmx": scope.url(f"{base}/sdmx.csv"),
            "map": scope.url(f"{base}/map.svg", r=regions),
            "lines": scope.url(f"{base}/series.svg", r=regions),
        },
        "jsonld": dataset(
            request,
            scope,
            f"{base}/",
            scope.say(indicator.name),
            description=scope.say(indicator.definition),
            measurementTechnique=", ".join(one.key for one in indicator.series),
            unitText=scope.say(indicator.unit.name),
            distribution=[
                {
                    "@type": "DataDownload",
                    "encodingFormat": "text/csv",
                    "contentUrl": request.build_absolute_uri(scope.permalink(f"{base}/ranking.csv")),
                }
            ],
        ),
    }
    return respond(request, scope, "indicator.html", context)


def _lead(scope: Scope, indicator: Indicator, cells: Sequence[Cell], own: Cell | None) -> str:
    found = [one for one in cells if one.raw is not None]
    if not found:
        return _("No region of this set has a published figure.")
    best = found[0]
    text = _("%(name)s comes first with %(value)s (%(year)s).") % {
        "name": scope.name(best.region),
        "value": figures.value_of(best, indicator, scope.language),
        "year": best.year,
    }
    if own and own.raw is not None and own is not best:
        text += " " + _("%(name)s: %(value)s (%(year)s), %(rank)s of %(count)s.") % {
            "name": scope.name(own.region),
            "value": figures.value_of(own, indicator, scope.language),
            "year": own.year,
            "rank": words.ordinal(own.rank or 0, scope.language),
            "count": words.number(own.ranked, 0, scope.language),
        }
    elif own and own.raw is None:
        text += " " + _("%(name)s has no published figure.") % {"name": scope.name(own.region)}
    return text


def _coverage(scope: Scope, cells: Sequence[Cell]) -> str:
    """How many regions of the set have a figure, and of which years."""
    years = [one.year for one in cells if one.raw is not None and one.year is not None]
    found = _("%(count)s of %(all)s regions of this set") % {
        "count": words.number(len(years), 0, scope.language),
        "all": words.number(len(cells), 0, scope.language),
    }
    if not years:
        return found
    oldest, newest = min(years), max(years)
    if oldest == newest:
        return _("%(found)s, all of %(year)s") % {"found": found, "year": newest}
    return _("%(found)s, with figures of %(first)s to %(last)s") % {"found": found, "first": oldest, "last": newest}


def _map_finding(scope: Scope, indicator: Indicator, cells: Sequence[Cell]) -> str:
    found = [one for one in cells if one.raw is not None]
    if not found:
        return ""
    return _("From %(low)s in %(last)s to %(high)s in %(first)s") % {
        "low": figures.value_of(found[-1], indicator, scope.language),
        "last": scope.name(found[-1].region),
        "high": figures.value_of(found[0], indicator, scope.language),
        "first": scope.name(found[0].region),
    }


def _series_finding(scope: Scope, indicator: Indicator, regions: Sequence[str]) -> str:
    drawn = next((one for one in regions if len(scope.edition.series.get((indicator.id, one), ())) > 1), None)
    if drawn is None:
        return ""
    points = scope.edition.series[indicator.id, drawn]
    first, last = points[0], points[-1]
    symbol, decimals = scope.say(indicator.unit.symbol), indicator.unit.decimals
    return _("%(name)s: from %(low)s in %(first)s to %(high)s in %(last)s") % {
        "name": scope.name(drawn),
        "low": words.measure(first.value, symbol, decimals, scope.language),
        "first": first.year,
        "high": words.measure(last.value, symbol, decimals, scope.language),
        "last": last.year,
    }


def _series(scope: Scope, key: str) -> dict[str, object]:
    return {"key": key, "provenance": scope.edition.provenance.get(key)}


def _series_table(scope: Scope, indicator: Indicator, regions: Sequence[str]) -> SafeString:
    heads = [Head(_("Year")), *(Head(scope.name(one), True) for one in regions)]
    points = {code: {one.year: one for one in scope.edition.series.get((indicator.id, code), ())} for code in regions}
    rows = []
    for year in sorted({year for each in points.values() for year in each}, reverse=True):
        shown: list[object] = [year]
        for code in regions:
            one = points[code].get(year)
            flag = f" ({sentences.status(one.status, scope.language)})" if one and one.status != "A" else ""
            shown.append(words.number(one.value, indicator.unit.decimals, scope.language) + flag if one else "–")
        rows.append(row(shown, heads))
    caption = _("%(name)s by year, in %(unit)s") % {
        "name": scope.say(indicator.name),
        "unit": scope.say(indicator.unit.symbol),
    }
    return table(caption, heads, rows, key="t-series")


def _bounds(treated: Treated, decimals: int, symbol: str, language: str) -> str:
    between = words.interval(treated.low, treated.high, decimals, language)
    return f"{between} ({_('logarithm')})" if treated.method == "log" else f"{between} {symbol}"


def _ranking(scope: Scope, indicator: Indicator, cells: Sequence[Cell]) -> SafeString:
    language = scope.language
    heads = [
        Head(_("Region")),
        Head(_("Rank"), True),
        Head(_("Figure"), True),
        Head(_("Year"), True),
        Head(_("Does better than"), True),
        Head(_("Over recent years"), True),
        Head(_("Status")),
        Head(_("Origin")),
    ]
    rows = []
    for one in cells:
        name = link(scope.url(f"/region/{one.region}/"), scope.name(one.region))
        if one.raw is None:
            rows.append(
                row(
                    [
                        name,
                        "–",
                        "–",
                        "–",
                        "–",
                        "–",
                        sentences.status(one.status, language),
                        sentences.code(one.reason, language),
                    ],
                    heads,
                )
            )
            continue
        low, high = one.position_low or 0.0, one.position_high if one.position_high is not None else 1.0
        rows.append(
            row(
                [
                    name,
                    ordinal(one.rank or 0, language),
                    link(
                        number_url(scope, one.region, one.indicator),
                        figures.value_of(one, indicator, language),
                    ),
                    one.year,
                    words.percent(one.position or 0.0, language),
                    words.interval(low * 100, high * 100, 0, language),
                    sentences.status(one.status, language),
                    sentences.code(one.origin, language),
                ],
                heads,
                class_="me" if one.region == settings.BEFFROI_REGION else "",
            )
        )
    return table(_("Every region of the set, best first"), heads, rows, key="t-ranking")
