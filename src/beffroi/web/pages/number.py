"""One number of one edition, for ever: what it is, where it comes from, and how to compute it again."""

# ruff: noqa: E501 -- sentences and rows of data stay whole, to be read and searched for

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from beffroi.observatory import export, portrait, tables
from beffroi.web import figures, sentences, words
from beffroi.web.frame import keep, open_scope, respond
from beffroi.web.markup import link

if TYPE_CHECKING:
    from django.http import HttpRequest

    from beffroi.observatory.reading import Cell, Standing
    from beffroi.web.frame import Scope


def page(
    request: HttpRequest, lang: str, set_id: str, code: str, what: str, edition: str | None = None
) -> HttpResponse:
    """The number as a page."""
    scope = open_scope(request, lang, edition, set_id=set_id)
    region = portrait.require(scope.edition, code)
    context = _index(scope, region) if what == "index" else _pillar_or_cell(scope, region, what)
    context |= {
        "name": scope.name(region),
        "region_url": scope.url(f"/region/{region}/"),
        "set_name": scope.say(scope.edition.definitions[scope.reading.set_id].name),
        "twin": scope.permalink(f"/number/{set_id}/{region}/{what}.json", set=None),
        "digest": scope.edition.digest,
        "version": scope.edition.version,
        "credit": figures.credit(scope, indicator=scope.edition.indicators.get(what)),
    }
    return respond(request, scope, "number.html", context)


def _standing(scope: Scope, region: str) -> Standing:
    found = scope.reading.standing(region)
    if found is None:
        raise Http404
    return found


def _index(scope: Scope, region: str) -> dict[str, object]:
    one, language = _standing(scope, region), scope.language
    index = scope.edition.indices[scope.reading.index_id]
    rows = [scope.reading.cells[region, key] for key in index.indicators if (region, key) in scope.reading.cells]
    total = sum(each.contribution for each in rows)
    steps = [
        _("Take the %(count)s indicators of the region, each scaled to 0–100 (their own pages say how).")
        % {"count": len(rows)},
        _("Multiply each by its share of the index and add: %(total)s.") % {"total": words.number(total, 4, language)},
        _("That sum is the score when the index is an arithmetic mean; here the method is: %(method)s.")
        % {"method": sentences.code(index.aggregation, language)},
        _("Rank the %(count)s regions by score: %(rank)s.")
        % {
            "count": words.number(len(scope.reading.standings), 0, language),
            "rank": words.ordinal(one.rank, language),
        },
        _(
            "Replay over %(count)s scenarios with seed %(seed)s: the score lies from %(interval)s, the rank from %(ranks)s, in 9 of 10."
        )
        % {
            "count": words.number(scope.reading.scenarios, 0, language),
            "seed": scope.reading.seed,
            "interval": words.interval(one.score_low, one.score_high, 2, language),
            "ranks": words.interval(one.rank_low, one.rank_high, 0, language),
        },
    ]
    return {
        "title": _("What is the score of %(name)s?") % {"name": scope.name(region)},
        "figure": words.number(one.score, 2, language),
        "unit": _("points of 100"),
        "interval_label": _("Interval (9 chances in 10)"),
        "interval": words.interval(one.score_low, one.score_high, 2, language),
        "year": figures.words_of_years(scope),
        "steps": steps,
        "series": [],
    }


def _pillar_or_cell(scope: Scope, region: str, what: str) -> dict[str, object]:
    if (region, what) in scope.reading.cells:
        return _cell(scope, scope.reading.cells[region, what])
    pillar = next((one for one in scope.edition.indices[scope.reading.index_id].pillars if one.id == what), None)
    own = scope.reading.pillars.get((region, what))
    if pillar is None or own is None:
        raise Http404
    language = scope.language
    total = sum(pillar.indicators.values())
    parts = []
    for key, weight in pillar.indicators.items():
        cell = scope.reading.cells.get((region, key))
        if cell:
            parts.append(
                f"{scope.say(scope.edition.indicators[key].short)}: {words.percent(weight / total, language, decimals=1)} × {words.number(cell.normalised, 2, language)}"
            )
    steps = [
        _("Take the indicators of the pillar, scaled to 0–100, with their weights: %(parts)s.")
        % {"parts": "; ".join(parts)},
        _("Take their mean with these weights; an indicator that was screened out leaves its weight to the others."),
        _("Rank the regions by that score: %(rank)s.") % {"rank": words.ordinal(own.rank, language)},
    ]
    return {
        "title": _("What is the score of %(name)s in the pillar %(pillar)s?")
        % {"name": scope.name(region), "pillar": scope.say(pillar.name)},
        "figure": words.number(own.score, 2, language),
        "unit": _("points of 100"),
        "interval_label": _("Interval"),
        "interval": _("exact: nominal method, no interval computed for a pillar"),
        "year": figures.words_of_years(scope),
        "steps": steps,
        "series": [],
    }


def _cell(scope: Scope, cell: Cell) -> dict[str, object]:
    indicator, language = scope.edition.indicators[cell.indicator], scope.language
    decimals, symbol = indicator.unit.decimals + 2, scope.say(indicator.unit.symbol)
    raw = words.measure(cell.raw, symbol, indicator.unit.decimals, language)

    treated = scope.reading.treated.get(cell.indicator)
    is_log = treated is not None and treated.method == "log"

    def figure(value: float) -> str:
        return words.measure(value, symbol, decimals, language)

    def scaled(value: float) -> str:
        return _("%(value)s (logarithm)") % {"value": words.number(value, 4, language)} if is_log else figure(value)

    low, high = (cell.low, cell.high) if indicator.direction > 0 else (cell.high, cell.low)
    steps = [
        _("Fetch the series named below and read region %(code)s, year %(year)s: %(raw)s (%(origin)s).")
        % {
            "code": cell.region,
            "year": cell.year or "–",
            "raw": raw,
            "origin": sentences.code(cell.origin, language),
        }
        if cell.raw is not None
        else _(
            "No figure is published (%(reason)s). For the index alone, %(used)s was used; it is not a figure of the region."
        )
        % {"reason": sentences.code(cell.reason, language), "used": figure(cell.used)},
        _("After the treatment of outliers: %(treated)s.") % {"treated": scaled(cell.treated)},
        _("Scale so that %(low)s gives 0 and %(high)s gives 100: %(normalised)s.")
        % {
            "low": scaled(low),
            "high": scaled(high),
            "normalised": words.number(cell.normalised, 4, language),
        },
        _("Multiply by its share of the index, %(weight)s: %(contribution)s points.")
        % {
            "weight": words.percent(cell.weight, language, decimals=3),
            "contribution": words.number(cell.contribution, 4, language),
        },
    ]
    if cell.rank and cell.position is not None:
        steps.append(
            _("Rank among the %(count)s regions with a figure: %(rank)s; it does better than %(share)s of them.")
            % {
                "count": words.number(cell.ranked, 0, language),
                "rank": words.ordinal(cell.rank, language),
                "share": words.percent(cell.position, language),
            }
        )
    position = ""
    if cell.position_low is not None and cell.position_high is not None:
        position = _(
            "better than %(interval)s%% of regions over its last years with a figure; the figure itself is as published, its publisher gives no interval"
        ) % {"interval": words.interval(cell.position_low * 100, cell.position_high * 100, 0, language)}
    return {
        "title": _("%(indicator)s in %(name)s: which figure?")
        % {"indicator": scope.say(indicator.name), "name": scope.name(cell.region)},
        "figure": raw,
        "unit": scope.say(indicator.unit.name),
        "interval_label": _("Position over recent years"),
        "interval": position or _("no figure, so no interval"),
        "year": cell.year or "–",
        "steps": steps,
        "status": sentences.status(cell.status, language),
        "series": [{"key": key, "provenance": scope.edition.provenance.get(key)} for key in cell.series_keys],
        "indicator_link": link(scope.url(f"/indicator/{indicator.id}/", r=cell.region), scope.say(indicator.name)),
    }


def twin(
    request: HttpRequest, lang: str, set_id: str, code: str, what: str, edition: str | None = None
) -> HttpResponse:
    """The number for machines."""
    scope = open_scope(request, lang, edition, set_id=set_id)
    region = portrait.require(scope.edition, code)
    found: tables.Table | None = None
    if what == "index":
        found = tables.ranks(scope.edition, scope.reading, [_standing(scope, region)], language=lang)
    elif (region, what) in scope.reading.cells:
        found = tables.cells(scope.edition, scope.reading, [(region, what)], language=lang)
    own = scope.reading.pillars.get((region, what))
    page: dict[str, Any]
    if found:
        page = {key: export.tidy(value) for key, value in zip(found.columns, found.rows[0], strict=True)}
    elif own:
        page = {
            "edition": scope.edition.id,
            "set": set_id,
            "region_code": region,
            "pillar": what,
            "score_points": export.tidy(own.score),
            "rank": own.rank,
        }
    else:
        raise Http404
    page |= {"digest": scope.edition.digest, "version": scope.edition.version}
    response = HttpResponse(json.dumps(page, ensure_ascii=False, indent=1) + "\n", content_type=export.JSON_TYPE)
    keep(response, scope)
    return response
