"""From the index down to the raw figure: the tables that let a reader check a score line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.web import figures, sentences, words
from beffroi.web.markup import Head, link, ordinal, row, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.safestring import SafeString

    from beffroi.observatory.reading import Cell
    from beffroi.web.frame import Scope


def number_url(scope: Scope, region: str, what: str) -> str:
    """The permalink of one number."""
    return scope.permalink(f"/number/{scope.reading.set_id}/{region}/{what}/", set=None)


def profile_table(scope: Scope, cells: Sequence[Cell]) -> SafeString:
    """The same figures as the picture of strengths and weaknesses."""
    heads = [
        Head(_("Indicator")),
        Head(_("Figure"), True),
        Head(_("Year"), True),
        Head(_("Rank"), True),
        Head(_("Does better than"), True),
        Head(_("Over recent years"), True),
        Head(_("Verdict")),
        Head(_("Trend")),
    ]
    language, rows = scope.language, []
    for one in cells:
        indicator = scope.edition.indicators[one.indicator]
        first = link(scope.url(f"/indicator/{one.indicator}/", r=one.region), scope.say(indicator.name))
        if one.raw is None or one.position is None:
            rows.append(row([first, "–", "–", "–", "–", "–", sentences.code(one.reason, language), "–"], heads))
            continue
        low, high = (
            one.position_low or 0.0,
            one.position_high if one.position_high is not None else one.position,
        )
        rows.append(
            row(
                [
                    first,
                    link(
                        number_url(scope, one.region, one.indicator),
                        figures.value_of(one, indicator, language),
                    ),
                    one.year,
                    _of(one.rank, one.ranked, language),
                    words.percent(one.position, language),
                    words.interval(low * 100, high * 100, 0, language),
                    sentences.code(one.verdict, language),
                    sentences.code(one.trend, language),
                ],
                heads,
            )
        )
    caption = _("Each indicator: figure, rank among regions with a figure, share of regions it does better than")
    return table(caption, heads, rows, key="t-profile")


def _of(rank: int | None, ranked: int, language: str) -> str:
    if rank is None:
        return "–"
    return f"{words.number(rank, 0, language)}{words.JOINED}/{words.JOINED}{words.number(ranked, 0, language)}"


def pillar_table(scope: Scope, region: str) -> SafeString:
    """Score and rank in each pillar."""
    heads = [Head(_("Pillar")), Head(_("Weight"), True), Head(_("Score"), True), Head(_("Rank"), True)]
    pillars = scope.edition.indices[scope.reading.index_id].pillars
    total = sum(one.weight for one in pillars)
    rows = []
    for one in pillars:
        standing = scope.reading.pillars.get((region, one.id))
        if standing:
            score = words.number(standing.score, 1, scope.language)
            rows.append(
                row(
                    [
                        scope.say(one.name),
                        words.percent(one.weight / total, scope.language, decimals=1),
                        link(number_url(scope, region, one.id), score),
                        ordinal(standing.rank, scope.language),
                    ],
                    heads,
                )
            )
    caption = _(
        "Score by pillar, from 0 (worst region) to 100 (best region), by the nominal method: exact, no interval"
    )
    return table(caption, heads, rows, key="t-pillars")


def explain_table(scope: Scope, region: str) -> SafeString:
    """Index → pillar → indicator → normalised → bounds → raw value, every number with its permalink."""
    heads = [
        Head(_("Index, pillar, indicator")),
        Head(_("Share of the index"), True),
        Head(_("Figure"), True),
        Head(_("Year"), True),
        Head(_("Scaled between"), True),
        Head(_("Scaled to 0–100"), True),
        Head(_("Points brought"), True),
        Head(_("Origin")),
    ]
    language, reading, edition = scope.language, scope.reading, scope.edition
    index, standing = edition.indices[reading.index_id], reading.standing(region)
    rows = []
    if standing:
        score = link(number_url(scope, region, "index"), words.number(standing.score, 2, language))
        rows.append(
            row(
                [scope.say(index.name), words.percent(1, language), "–", "–", "–", score, score, "–"],
                heads,
                class_="total",
            )
        )
    for pillar in index.pillars:
        inside = [reading.cells[region, key] for key in pillar.indicators if (region, key) in reading.cells]
        if not inside:  # every indicator of the pillar was screened out in this set
            continue
        own = reading.pillars.get((region, pillar.id))
        share, brought = sum(one.weight for one in inside), sum(one.contribution for one in inside)
        figure = link(number_url(scope, region, pillar.id), words.number(own.score, 2, language)) if own else "–"
        rows.append(
            row(
                [
                    scope.say(pillar.name),
                    words.percent(share, language, decimals=1),
                    "–",
                    "–",
                    "–",
                    figure,
                    words.number(brought, 2, language),
                    "–",
                ],
                heads,
                class_="group",
            )
        )
        rows += [_explain_row(scope, one, heads) for one in inside]
    caption = _("How the score is made: points brought = share of the index × scaled figure")
    return table(caption, heads, rows, key="t-explain")


def _explain_row(scope: Scope, one: Cell, heads: Sequence[Head]) -> str:
    indicator, language = scope.edition.indicators[one.indicator], scope.language
    symbol, decimals = scope.say(indicator.unit.symbol), indicator.unit.decimals
    bounds = words.interval(one.low, one.high, decimals, language)
    treated = scope.reading.treated.get(one.indicator)
    if treated is not None and treated.method == "log":
        bounds += f" ({_('logarithm')})"
    if indicator.direction < 0:
        bounds += f" ({_('less is better')})"
    raw = words.measure(one.raw, symbol, decimals, language)
    origin = sentences.code(one.origin, language) if one.raw is not None else sentences.code(one.reason, language)
    return row(
        [
            link(scope.url(f"/indicator/{one.indicator}/", r=one.region), scope.say(indicator.short)),
            words.percent(one.weight, language, decimals=1),
            link(number_url(scope, one.region, one.indicator), raw),
            one.year or "–",
            bounds,
            words.number(one.normalised, 1, language),
            words.number(one.contribution, 2, language),
            origin,
        ],
        heads,
    )
