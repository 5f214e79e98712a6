"""Regions alike in what they cannot change, and what the best of them do better."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.observatory import portrait
from beffroi.observatory.alike import better_peers
from beffroi.web import answers, figures, words
from beffroi.web.figures import Picture, credit
from beffroi.web.frame import open_scope, respond, set_links
from beffroi.web.markup import Head, link, ordinal, rank_bar, row, safe, table
from beffroi.web.pages.explain import number_url
from beffroi.web.pages.portrait import unranked
from beffroi.web.pages.questions import questions
from beffroi.web.svg import spread_chart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from beffroi.observatory.alike import Better
    from beffroi.observatory.reading import Cell, Standing
    from beffroi.web.frame import Scope

NAMED = 3


def page(request: HttpRequest, lang: str, code: str, edition: str | None = None) -> HttpResponse:
    """The peers of one region."""
    scope = open_scope(request, lang, edition)
    wanted = portrait.require(scope.edition, code)
    standing = scope.reading.standing(wanted)
    if standing is None:
        return unranked(request, scope, wanted)
    context: dict[str, object] = {
        "title": answers.peers_title(scope.name(wanted), lang),
        "name": scope.name(wanted),
        "questions": questions(scope, wanted, "peers"),
        "sets": set_links(scope),
        "peer_table": "",
        "is_alone": bool(scope.reading.outlook.peers),
    }
    if scope.reading.outlook.peers.get(wanted):
        context |= _answer(scope, standing)
    return respond(request, scope, "peers.html", context)


def _answer(scope: Scope, standing: Standing) -> dict[str, object]:
    code, language = standing.region, scope.language
    group = scope.reading.outlook.peers[code]
    ranked = {one.region: one for one in scope.reading.standings}
    ahead = sum(ranked[one.peer].rank < standing.rank for one in group)
    better = better_peers(scope.edition, scope.reading, code)
    base = f"/region/{code}/"
    leads = [one for one in better if one.lead is not None and one.lead > 0]
    shorts = [words.lowered(scope.say(scope.edition.indicators[one.indicator].short)) for one in leads[:NAMED]]
    finding = (
        _("The best of its peers are ahead most on %(names)s") % {"names": words.enumeration(shorts, language)}
        if shorts
        else _("No peer is clearly ahead on any indicator")
    )
    return {
        "lead": answers.peers_lead(
            scope.name(code),
            [scope.name(one.peer) for one in group[:NAMED]],
            ahead,
            len(group),
            standing.rank,
            language,
        ),
        "peer_table": _peer_table(scope, code),
        "trait_table": _trait_table(scope, code),
        "picture": spread_picture(scope, code),
        "finding": finding,
        "better_table": _better_table(scope, code, better),
        "compare_url": scope.url("/compare/", r=[code, *(one.peer for one in group[: 10 - 1])]),
        "files": {
            "svg": scope.url(f"{base}peers.svg"),
            "csv": scope.url(f"{base}peers.csv"),
            "xlsx": scope.url(f"{base}peers.xlsx"),
            "json": scope.url(f"{base}peers.json"),
            "better_csv": scope.url(f"{base}reach.csv"),
            "better_xlsx": scope.url(f"{base}reach.xlsx"),
            "better_json": scope.url(f"{base}reach.json"),
        },
    }


def _peer_table(scope: Scope, code: str) -> SafeString:
    language, count = scope.language, len(scope.reading.standings)
    heads = [
        Head(_("Region")),
        Head(_("Country")),
        Head(_("Distance"), True),
        Head(_("Each chose the other")),
        Head(_("Rank"), True),
        Head(_("9 chances in 10"), True),
        Head(_("Interval")),
        Head(_("Score"), True),
    ]
    rows = []
    ranked = {one.region: one for one in scope.reading.standings}
    own = ranked[code]
    shown = [(own, None), *((ranked[one.peer], one) for one in scope.reading.outlook.peers[code])]
    for one, peer in shown:
        rows.append(
            row(
                [
                    link(scope.url(f"/region/{one.region}/"), scope.name(one.region)),
                    scope.say(scope.edition.places[one.region].country_name),
                    "–" if peer is None else words.number(peer.distance, 2, language),
                    "–" if peer is None else _("yes") if peer.is_mutual else _("no"),
                    ordinal(one.rank, language),
                    words.interval(one.rank_low, one.rank_high, 0, language),
                    safe(rank_bar(one.rank_low, one.rank, one.rank_high, count)),
                    link(number_url(scope, one.region, "index"), words.number(one.score, 1, language)),
                ],
                heads,
                class_="me" if peer is None else "",
            )
        )
    return table(
        _("%(name)s and the regions most like it, nearest first") % {"name": scope.name(code)},
        heads,
        rows,
        key="t-peers",
    )


def _trait_name(trait: str) -> str:
    return {
        "population": _("Inhabitants"),
        "growth_pct": _("Growth of the population, % a year"),
        "gdp_eur_per_head": _("Product per inhabitant, €"),
        "reach_persons_per_km": _("Inhabitants within reach, persons per km"),
    }.get(trait, trait)


def _trait_table(scope: Scope, code: str) -> SafeString:
    language = scope.language
    traits = scope.reading.outlook.traits
    names = list(dict.fromkeys(trait for _region, trait in traits))
    heads = [Head(_("Region")), *(Head(_trait_name(one), True) for one in names)]
    group = [code, *(one.peer for one in scope.reading.outlook.peers[code])]
    rows = [
        row(
            [
                scope.name(one),
                *(
                    "–"
                    if (one, name) not in traits
                    else words.number(traits[one, name].value, 2 if name == "growth_pct" else 0, language)
                    for name in names
                ),
            ],
            heads,
            class_="me" if one == code else "",
        )
        for one in group
    ]
    return table(_("What likeness is measured on"), heads, rows, key="t-traits")


def _measure(scope: Scope, indicator_id: str, value: float | None) -> str:
    unit = scope.edition.indicators[indicator_id].unit
    return words.measure(value, scope.say(unit.symbol), unit.decimals, scope.language)


def _better_table(scope: Scope, code: str, better: Sequence[Better]) -> SafeString:
    language = scope.language
    heads = [
        Head(_("Indicator")),
        Head(scope.name(code), True),
        Head(_("Year"), True),
        Head(_("Best tenth of the peers"), True),
        Head(_("Peers from – to"), True),
        Head(_("Peers with a figure"), True),
        Head(_("A peer near that level")),
    ]
    rows = []
    for one in better:
        cell = scope.reading.cells[code, one.indicator]
        low, high = sorted((one.least, one.most))
        decimals = scope.edition.indicators[one.indicator].unit.decimals
        rows.append(
            row(
                [
                    link(
                        scope.url(f"/indicator/{one.indicator}/", r=[code, one.example]),
                        scope.say(scope.edition.indicators[one.indicator].name),
                    ),
                    "–"
                    if cell.raw is None
                    else link(number_url(scope, code, one.indicator), _measure(scope, one.indicator, cell.raw)),
                    cell.year or "–",
                    _measure(scope, one.indicator, one.reach),
                    words.interval(low, high, decimals, language),
                    words.number(one.count, 0, language),
                    link(scope.url(f"/region/{one.example}/"), scope.name(one.example)),
                ],
                heads,
            )
        )
    return table(
        _("What the best tenth of the peers reach on each indicator, the largest lead first"),
        heads,
        rows,
        key="t-reach",
    )


def spread_picture(scope: Scope, code: str) -> Picture | None:
    """Own place and that of the peers on each indicator; None without peers."""
    better = better_peers(scope.edition, scope.reading, code)
    if not better:
        return None
    rows = []
    for one in better:
        cells = [each for (_region, key), each in scope.reading.cells.items() if key == one.indicator]
        own = scope.reading.cells[code, one.indicator]
        group = [scope.reading.cells[each.peer, one.indicator] for each in scope.reading.outlook.peers[code]]
        seen = [each.position for each in group if each.position is not None]
        rows.append(
            spread_chart.SpreadRow(
                scope.say(scope.edition.indicators[one.indicator].short),
                _measure(scope, one.indicator, own.raw),
                own.position,
                _position(scope, cells, one),
                min(seen, default=None),
                max(seen, default=None),
            )
        )
    terms = spread_chart.SpreadWords(
        _("last"), _("first"), scope.name(code), _("best tenth of the peers"), _("all the peers")
    )
    title = _("%(name)s among its peers") % {"name": scope.name(code)}
    description = ". ".join(f"{each.label}: {each.value}" for each in rows)
    years = figures.years_of(scope.reading.cells[code, one.indicator] for one in better)
    return Picture(
        "peers",
        title,
        description,
        credit(scope, years),
        lambda layout, _alone: spread_chart.draw(rows, words=terms, layout=layout),
    )


def _position(scope: Scope, cells: Sequence[Cell], one: Better) -> float | None:
    """Where the figure that the best peers reach would stand among all regions (share it does better than)."""
    sign = scope.edition.indicators[one.indicator].direction
    known = [sign * each.raw for each in cells if each.raw is not None]
    if len(known) < 2:  # noqa: PLR2004 -- a place among others needs others
        return None
    level = sign * one.reach
    return sum((each < level) + 0.5 * (each == level) for each in known) / len(known)
