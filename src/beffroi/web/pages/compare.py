"""Up to ten regions side by side: ranks, pillars, indicators, and how surely each is ahead of each."""

# ruff: noqa: E501 -- sentences and rows of data stay whole, to be read and searched for

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from beffroi.observatory import portrait
from beffroi.observatory.tables import folded
from beffroi.web import figures, sentences, words
from beffroi.web.frame import open_scope, respond, set_links
from beffroi.web.markup import Head, link, ordinal, rank_bar, row, safe, table
from beffroi.web.pages.explain import number_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from beffroi.web.frame import Scope

MOST = 10


@dataclass(frozen=True, slots=True)
class Compared:
    """Regions asked for: those ranked here, those that are not (code → why), and what could not be read."""

    ranked: tuple[str, ...]
    unranked: tuple[str, ...]
    errors: tuple[str, ...]
    typed: str


def read(request: HttpRequest, scope: Scope) -> Compared:
    """Read regions from the address: `r` repeated, and `add` as typed (a name or a code)."""
    asked = [one.strip().upper() for one in request.GET.getlist("r") if one.strip()]
    added, errors = request.GET.get("add", "").strip()[:100], []
    if added:
        found = named(scope, added)
        if found:
            asked.append(found)
        else:
            errors.append(
                _("No region is called “%(typed)s” in this edition. Write a name or a code, such as Bretagne or FRH.")
                % {"typed": added}
            )
    if not asked and not added:
        asked = [
            one for one in (settings.BEFFROI_REGION, *settings.BEFFROI_OTHER_REGIONS) if scope.reading.standing(one)
        ]
    asked = list(dict.fromkeys(asked))
    unknown = [one for one in asked if one not in scope.edition.places]
    errors += [_("No region has the code “%(code)s” in this edition.") % {"code": one[:40]} for one in unknown]
    known = [one for one in asked if one in scope.edition.places]
    if len(known) > MOST:
        errors.append(
            _(
                "You asked for %(count)s regions; this page holds 10 side by side. The first 10 are shown: remove one to add another."
            )
            % {"count": len(known)}
        )
    ranked = [one for one in known[:MOST] if scope.reading.standing(one)]
    unranked = [one for one in known[:MOST] if not scope.reading.standing(one)]
    return Compared(tuple(ranked), tuple(unranked), tuple(errors), added if errors else "")


def named(scope: Scope, typed: str) -> str | None:
    """The region that a reader's words name, by code, whole name or an only beginning; None when none is."""
    if typed.upper() in scope.edition.places:
        return typed.upper()
    wanted = folded(typed.replace("'", "’"))
    ranked = {one.region for one in scope.reading.standings}
    exact = [
        code for code, place in scope.edition.places.items() if wanted in {folded(place.name.fr), folded(place.name.en)}
    ]
    if exact:
        return next((one for one in exact if one in ranked), exact[0])
    begin = [
        code
        for code, place in scope.edition.places.items()
        if code in ranked and (folded(place.name.fr).startswith(wanted) or folded(place.name.en).startswith(wanted))
    ]
    return begin[0] if len(begin) == 1 else None


def page(request: HttpRequest, lang: str, edition: str | None = None) -> HttpResponse:
    """The comparison."""
    scope = open_scope(request, lang, edition)
    asked = read(request, scope)
    codes = [*asked.ranked, *asked.unranked]
    context: dict[str, object] = {
        "title": _("How do these regions compare?"),
        "asked": asked,
        "chosen": [
            {
                "code": one,
                "name": scope.name(one),
                "remove": scope.url("/compare/", r=[each for each in codes if each != one] or None),
            }
            for one in codes
        ],
        "explained": [_explained(scope, one) for one in asked.unranked],
        "names": sorted({scope.name(one.region) for one in scope.reading.standings}, key=folded),
        "sets": set_links(scope, "/compare/", r=codes),
        "set_id": None if scope.is_default_set else scope.reading.set_id,
        "is_full": len(codes) >= MOST,
        "action": scope.url("/compare/").split("?")[0],
        "suggestion": scope.url("/compare/", r=[one.region for one in scope.reading.standings[:3]]),
    }
    if asked.ranked:
        context |= _tables(scope, asked.ranked)
    return respond(request, scope, "compare.html", context)


def _explained(scope: Scope, code: str) -> dict[str, object]:
    why = next((one for one in scope.reading.excluded if one.region == code), None)
    return {
        "name": scope.name(code),
        "why": sentences.code(why.reason, scope.language) if why else "",
        "coverage": words.percent(why.coverage, scope.language) if why else "",
        "offers": [
            link(scope.url(f"/region/{one}/"), scope.name(one))
            for one in portrait.nearest(scope.edition, scope.reading, code)
        ],
    }


def _tables(scope: Scope, codes: Sequence[str]) -> dict[str, object]:
    by_rank = [one.region for one in scope.reading.standings if one.region in codes]
    best = scope.reading.standing(by_rank[0])
    last = by_rank[-1]
    lead = ""
    if best and len(by_rank) > 1:
        second = by_rank[1]
        p = scope.reading.above(best.region, second)
        lead = _("%(first)s comes first of these %(count)s; it is ahead of %(second)s with %(odds)s.") % {
            "first": scope.name(best.region),
            "count": len(codes),
            "second": scope.name(second),
            "odds": words.chance(p, scope.language),
        }
    return {
        "lead": lead,
        "finding": _("From %(first)s to %(last)s") % {"first": scope.name(by_rank[0]), "last": scope.name(last)}
        if len(by_rank) > 1 or best is None
        else sentences.rank_finding(best, len(scope.reading.standings), scope.language),
        "picture": figures.rank_picture(scope, list(codes)[:1], list(codes)[1:]),
        "rank_table": _rank_table(scope, codes),
        "pillar_table": _pillar_table(scope, codes),
        "indicator_table": _indicator_table(scope, codes),
        "pair_table": _pair_table(scope, by_rank) if len(by_rank) > 1 else "",
        "files": {
            "csv": scope.url("/compare/figures.csv", r=list(codes)),
            "xlsx": scope.url("/compare/figures.xlsx", r=list(codes)),
            "json": scope.url("/compare/figures.json", r=list(codes)),
            "svg": scope.url("/compare/rank.svg", r=list(codes)),
            "ranks": scope.url("/compare/ranks.csv", r=list(codes)),
        },
        "scenarios": words.number(scope.reading.scenarios, 0, scope.language),
    }


def _region_heads(scope: Scope, codes: Sequence[str], first: str) -> list[Head]:
    return [Head(first), *(Head(scope.name(one), True, scope.url(f"/region/{one}/")) for one in codes)]


def _rank_table(scope: Scope, codes: Sequence[str]) -> SafeString:
    language, ranked = scope.language, len(scope.reading.standings)
    heads = [
        Head(_("Region")),
        Head(_("Rank"), True),
        Head(_("9 chances in 10"), True),
        Head(_("Interval")),
        Head(_("Score"), True),
        Head(_("Among the first five")),
    ]
    rows = []
    for code in codes:
        one = scope.reading.standing(code)
        if one:
            rows.append(
                row(
                    [
                        link(scope.url(f"/region/{code}/"), scope.name(code)),
                        ordinal(one.rank, language),
                        words.interval(one.rank_low, one.rank_high, 0, language),
                        safe(rank_bar(one.rank_low, one.rank, one.rank_high, ranked)),
                        link(number_url(scope, code, "index"), words.number(one.score, 1, language)),
                        words.chance(one.top_5.p, language),
                    ],
                    heads,
                )
            )
    caption = _("Rank of each region among %(count)s, with the interval that holds it in 9 scenarios of 10") % {
        "count": words.number(ranked, 0, language)
    }
    return table(caption, heads, rows, key="t-ranks")


def _pillar_table(scope: Scope, codes: Sequence[str]) -> SafeString:
    heads = _region_heads(scope, codes, _("Pillar"))
    rows = []
    for pillar in scope.edition.indices[scope.reading.index_id].pillars:
        own = [scope.reading.pillars.get((code, pillar.id)) for code in codes]
        figure = [
            link(number_url(scope, one.region, pillar.id), words.number(one.score, 1, scope.language)) if one else "–"
            for one in own
        ]
        rows.append(row([scope.say(pillar.name), *figure], heads))
    return table(_("Score by pillar, from 0 (worst region) to 100 (best region)"), heads, rows, key="t-pillars")


def _indicator_table(scope: Scope, codes: Sequence[str]) -> SafeString:
    heads = _region_heads(scope, codes, _("Indicator"))
    rows = []
    for key in scope.edition.indices[scope.reading.index_id].indicators:
        indicator = scope.edition.indicators[key]
        shown: list[object] = [link(scope.url(f"/indicator/{key}/", r=list(codes)), scope.say(indicator.name))]
        for code in codes:
            cell = scope.reading.cells.get((code, key))
            if cell is None or cell.raw is None:
                shown.append("–")
                continue
            value = figures.value_of(cell, indicator, scope.language)
            shown.append(safe(f"{link(number_url(scope, code, key), value)} <small>({cell.year})</small>"))
        rows.append(row(shown, heads))
    return table(
        _("Each indicator: figure, unit and year; a dash where none is published"),
        heads,
        rows,
        key="t-indicators",
    )


def _pair_table(scope: Scope, codes: Sequence[str]) -> SafeString:
    heads = [Head(_("Chance that … is ahead of …")), *(Head(scope.name(one), True) for one in codes)]
    rows = [
        row(
            [
                scope.name(one),
                *(
                    "–" if one == other else words.share(scope.reading.above(one, other), scope.language)
                    for other in codes
                ),
            ],
            heads,
        )
        for one in codes
    ]
    return table(
        _("Share of scenarios in which the region of the row is above the region of the column"),
        heads,
        rows,
        key="t-pairs",
    )
