"""How the index is made, on which data it rests, and who stands behind this site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.web import sentences, words
from beffroi.web.frame import open_scope, respond, set_links
from beffroi.web.markup import Head, link, row, table

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from beffroi.web.frame import Scope


def method(request: HttpRequest, lang: str, edition: str | None = None) -> HttpResponse:
    """Steps, rules and what they did to this edition's figures."""
    scope = open_scope(request, lang, edition)
    index = scope.edition.indices[scope.reading.index_id]
    spec, rule = index.uncertainty, index.profile

    def names(codes: tuple[str, ...]) -> str:
        return words.enumeration([sentences.code(one, lang) for one in dict.fromkeys(codes)], lang)

    context = {
        "title": _("How is a rank made, and how far can it be trusted?"),
        "index": index,
        "index_name": scope.say(index.name),
        "index_definition": scope.say(index.definition),
        "set_name": scope.say(scope.edition.definitions[scope.reading.set_id].name),
        "set_definition": scope.say(scope.edition.definitions[scope.reading.set_id].definition),
        "regions": words.number(len(scope.reading.standings), 0, lang),
        "imputation": sentences.code(f"by_{index.imputation}", lang),
        "normalisation": sentences.code(index.normalisation, lang),
        "aggregation": sentences.code(index.aggregation, lang),
        "treatment": sentences.code(index.treatment, lang),
        "min_indicator": words.percent(index.min_indicator_coverage, lang),
        "min_region": words.percent(index.min_region_coverage, lang),
        "scenarios": words.number(scope.reading.scenarios, 0, lang),
        "seed": str(scope.reading.seed),
        "pillar_spread": words.percent(spec.pillar_spread, lang),
        "indicator_spread": words.percent(spec.indicator_spread, lang),
        "normalisations": names(spec.normalisations),
        "aggregations": names(spec.aggregations),
        "treatments": names(spec.treatments),
        "draws": str(spec.imputation_draws),
        "strength_from": words.percent(rule.strength_from, lang),
        "weakness_to": words.percent(rule.weakness_to, lang),
        "profile_years": str(rule.years),
        "weights": _weights(scope),
        "treated": _treated(scope),
        "excluded": _excluded(scope),
        "dropped": _dropped(scope),
        "choices": _choices(scope),
        "changes": [(one.on, scope.say(one.what)) for one in index.changes],
        "sets": set_links(scope, "/method/"),
        "prose": f"method.{lang}.html",
    }
    return respond(request, scope, "method.html", context)


def _weights(scope: Scope) -> SafeString:
    heads = [Head(_("Pillar, indicator")), Head(_("Weight inside"), True)]
    rows = []
    for pillar in scope.edition.indices[scope.reading.index_id].pillars:
        rows.append(
            row(
                [scope.say(pillar.name), words.number(pillar.weight, 3, scope.language)],
                heads,
                class_="group",
            )
        )
        for key, weight in pillar.indicators.items():
            name = (
                link(scope.url(f"/indicator/{key}/"), scope.say(scope.edition.indicators[key].name))
                if key in scope.edition.indicators
                else key
            )
            rows.append(row([name, words.number(weight, 3, scope.language)], heads))
    return table(
        _("Weights as defined: of pillars in the index, of indicators in their pillar"),
        heads,
        rows,
        key="t-weights",
    )


def _treated(scope: Scope) -> SafeString:
    heads = [
        Head(_("Indicator")),
        Head(_("Treatment")),
        Head(_("Skewness"), True),
        Head(_("Kurtosis"), True),
        Head(_("Values changed"), True),
        Head(_("Published"), True),
        Head(_("Estimated"), True),
    ]
    rows = [
        row(
            [
                scope.say(scope.edition.indicators[key].name),
                sentences.code(one.method, scope.language),
                words.number(one.skew, 2, scope.language),
                words.number(one.kurtosis, 2, scope.language),
                one.points,
                one.observed,
                one.imputed,
            ],
            heads,
        )
        for key, one in scope.reading.treated.items()
        if key in scope.edition.indicators
    ]
    return table(
        _("What was done to each indicator before scaling, and on which grounds"),
        heads,
        rows,
        key="t-treated",
    )


def _excluded(scope: Scope) -> SafeString | None:
    if not scope.reading.excluded:
        return None
    heads = [Head(_("Region")), Head(_("Reason")), Head(_("Indicators with a figure"), True)]
    rows = [
        row(
            [
                scope.name(one.region),
                sentences.code(one.reason, scope.language),
                words.percent(one.coverage, scope.language),
            ],
            heads,
        )
        for one in scope.reading.excluded
    ]
    return table(_("Regions of the set that are not ranked"), heads, rows, key="t-excluded")


def _dropped(scope: Scope) -> SafeString | None:
    if not scope.reading.dropped:
        return None
    heads = [Head(_("Indicator")), Head(_("Regions with a figure"), True)]
    rows = []
    for key, share in scope.reading.dropped.items():
        known = scope.edition.indicators.get(key)
        rows.append(row([scope.say(known.name) if known else key, words.percent(share, scope.language)], heads))
    return table(_("Indicators screened out: too few regions have a figure"), heads, rows, key="t-dropped")


def _choices(scope: Scope) -> SafeString:
    heads = [Head(_("Choice")), Head(_("Scenarios"), True)]
    rows = []
    for name, count in scope.reading.choices:
        kind, _sign, value = name.partition("=")
        shown = (
            f"{_kind(kind)}: {sentences.code(value, scope.language)}" if value else sentences.code(name, scope.language)
        )
        rows.append(row([shown, words.number(count, 0, scope.language)], heads))
    return table(_("How many scenarios drew each choice"), heads, rows, key="t-choices")


def _kind(kind: str) -> str:
    return {
        "normalisation": _("scaling"),
        "aggregation": _("mean"),
        "treatment": _("outliers"),
        "imputation": _("missing figures"),
    }.get(kind, kind)


def data(request: HttpRequest, lang: str, edition: str | None = None) -> HttpResponse:
    """Every source and series."""
    scope = open_scope(request, lang, edition)
    heads = [
        Head(_("Series")),
        Head(_("Filter")),
        Head(_("Licence")),
        Head(_("Retrieved on")),
        Head(_("How it came")),
        Head(_("Fingerprint (sha256)")),
    ]
    rows = [
        row(
            [
                one.series.split("[")[0],
                ", ".join(f"{key}={value}" for key, value in one.filters),
                one.licence,
                words.day(one.retrieved_on, lang),
                (_("starter") if one.is_starter else _("fetched live")) + (f" ({one.via})" if one.via else ""),
                one.sha256[:16] + "…" if one.sha256 else _("none: the starter keeps no bytes"),
            ],
            heads,
        )
        for one in scope.edition.provenance.values()
    ]
    context = {
        "title": _("On which data does this rest?"),
        "sources": [(scope.say(one.name), one, scope.say(one.attribution)) for one in scope.edition.sources.values()],
        "table": table(_("Every series of this edition"), heads, rows, key="t-series"),
        "live": len(rows) - scope.edition.from_starter,
        "count": len(rows),
    }
    return respond(request, scope, "data.html", context)


def about(request: HttpRequest, lang: str, edition: str | None = None) -> HttpResponse:
    """Who, accessibility, privacy, law."""
    scope = open_scope(request, lang, edition)
    context = {"title": _("What is Beffroi, and what does it owe you?"), "prose": f"about.{lang}.html"}
    return respond(request, scope, "about.html", context)
