"""Where one region stands: the home page shows the house's own region, every other region has the same page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _

from beffroi.observatory import portrait
from beffroi.web import figures, sentences, words
from beffroi.web.frame import open_scope, respond, set_links
from beffroi.web.jsonld import dataset
from beffroi.web.markup import Head, link, ordinal, row, table
from beffroi.web.pages.effort import hangs_line, wishes
from beffroi.web.pages.explain import explain_table, pillar_table, profile_table
from beffroi.web.pages.questions import questions

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from beffroi.observatory.reading import Cell, Standing
    from beffroi.web.frame import Scope

RARE = 0.005  # a share under which one decimal would read as zero


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the figures under the answer: name, figure, and what qualifies it."""

    name: str
    figure: object
    note: str


def home(request: HttpRequest, lang: str, edition: str | None = None) -> HttpResponse:
    """The house's own region."""
    scope = open_scope(request, lang, edition)
    code = (
        settings.BEFFROI_REGION
        if settings.BEFFROI_REGION in scope.edition.places
        else scope.reading.standings[0].region
    )
    return _show(request, scope, code, is_home=True)


def region(request: HttpRequest, lang: str, code: str, edition: str | None = None) -> HttpResponse:
    """Any region."""
    scope = open_scope(request, lang, edition)
    return _show(request, scope, portrait.require(scope.edition, code), is_home=False)


def find(request: HttpRequest, lang: str, edition: str | None = None) -> HttpResponse:
    """Send the region form on to the region's page."""
    scope = open_scope(request, lang, edition)
    code = portrait.require(scope.edition, request.GET.get("code", ""))
    return HttpResponseRedirect(scope.url(f"/region/{code}/"))


def _show(request: HttpRequest, scope: Scope, code: str, *, is_home: bool) -> HttpResponse:
    standing = scope.reading.standing(code)
    choices = sorted(
        ((one.region, scope.name(one.region)) for one in scope.reading.standings), key=lambda pair: pair[1]
    )
    common = {
        "code": code,
        "name": scope.name(code),
        "title": sentences.where_title(scope.name(code), scope.language),
        "sets": set_links(scope, None if is_home else scope.path),
        "choices": choices,
        "is_home": is_home,
        "questions": questions(scope, code, "portrait") if standing else [],
        "region_url": scope.url(f"/region/{code}/"),
        "find_url": scope.url("/region/"),
        "other_homes": [
            link(scope.url(f"/region/{one}/"), scope.name(one))
            for one in settings.BEFFROI_OTHER_REGIONS
            if one in scope.edition.places and one != code
        ],
    }
    if standing is None:
        return respond(request, scope, "unranked.html", common | _unranked(scope, code))
    return respond(request, scope, "portrait.html", common | _portrait(request, scope, standing, is_home=is_home))


def unranked(request: HttpRequest, scope: Scope, code: str) -> HttpResponse:
    """The page of a region that this set does not rank, whatever was asked of it."""
    return _show(request, scope, code, is_home=False)


def _unranked(scope: Scope, code: str) -> dict[str, object]:
    why = next((one for one in scope.reading.excluded if one.region == code), None)
    return {
        "why": sentences.code(why.reason, scope.language) if why else "",
        "coverage": words.percent(why.coverage, scope.language) if why else "",
        "offers": [
            link(scope.url(f"/region/{one}/"), scope.name(one))
            for one in portrait.nearest(scope.edition, scope.reading, code)
        ],
        "elsewhere": [one for one in set_links(scope, f"/region/{code}/") if not one.is_current],
    }


def _portrait(request: HttpRequest, scope: Scope, one: Standing, *, is_home: bool) -> dict[str, object]:
    language, reading, code = scope.language, scope.reading, one.region
    ranked = len(reading.standings)
    wanted = request.GET.get("rival", "").strip().upper()
    is_rival_known = reading.standing(wanted) is not None and wanted != code
    rival = wanted if is_rival_known else portrait.default_rival(reading, code)
    cells = portrait.cells_by_position(scope.edition, reading, code)
    strong = [each for each in cells if each.verdict == "strength"]
    weak = [each for each in reversed(cells) if each.verdict == "weakness"]
    gap = portrait.gap_to_top(scope.edition, reading, code)
    names = {each.id: scope.say(each.name) for each in scope.edition.indices[reading.index_id].pillars}
    rank_picture = figures.rank_picture(scope, [code], figures.rivals_to_name(scope, code, rival))
    starter, behind = portrait.starter_series(scope.edition, cells)
    return {
        "lead": sentences.rank_lead(scope.name(code), one, ranked, language),
        "sides": sentences.sides(_shorts(scope, strong), _shorts(scope, weak), language),
        "top_five": sentences.top_five(one, language),
        "facts": _facts(scope, one, rival, gap.points),
        "rival": rival,
        "rival_error": _(
            "%(code)s is not ranked in this set, so the usual rival is shown. Choose a region from the list."
        )
        % {"code": wanted}
        if wanted and not is_rival_known
        else "",
        "rank_finding": sentences.rank_finding(one, ranked, language),
        "rank_picture": rank_picture,
        "rank_table": _neighbours(scope, one),
        "ranks_url": scope.url("/regions/"),
        "ranks_csv": scope.url("/regions/export.csv"),
        "profile_finding": sentences.profile_finding(_shorts(scope, strong), _shorts(scope, weak), language),
        "profile_picture": figures.profile_picture(scope, code, cells),
        "profile_table": profile_table(scope, cells),
        "gap_finding": sentences.gap_finding(gap, names[gap.pillars[0].pillar], language),
        "gap_picture": figures.gap_picture(scope, code, gap),
        "gap_table": _gap_table(scope, gap, names),
        "gap_top": words.enumeration([scope.name(each) for each in gap.top], language),
        "strong": [_verdict(scope, each) for each in strong],
        "weak": [_verdict(scope, each) for each in weak],
        "unclear": sum(each.verdict == "not_distinguishable" for each in cells),
        "wishes": wishes(scope, code),
        "hangs": hangs_line(scope, code),
        "ages": sentences.ages_line(portrait.ages(cells), language),
        "starter_here": starter,
        "series_here": behind,
        "base": f"/region/{code}",
        "files": {
            "rank": scope.url(f"/region/{code}/rank.svg", rival=rival),
            "profile": scope.url(f"/region/{code}/profile.svg"),
            "gap": scope.url(f"/region/{code}/gap.svg"),
            "csv": scope.url(f"/region/{code}/figures.csv"),
            "xlsx": scope.url(f"/region/{code}/figures.xlsx"),
            "json": scope.url(f"/region/{code}/figures.json"),
        },
        "compare_url": scope.url("/compare/", r=[each for each in (code, rival) if each]),
        "explain": None if is_home else explain_table(scope, code),
        "pillars": None if is_home else pillar_table(scope, code),
        "scenarios": words.number(reading.scenarios, 0, language),
        "jsonld": dataset(request, scope, scope.path, sentences.where_title(scope.name(code), language)),
    }


def _shorts(scope: Scope, cells: list[Cell]) -> list[str]:
    return [scope.say(scope.edition.indicators[one.indicator].short) for one in cells]


def _verdict(scope: Scope, cell: Cell) -> dict[str, object]:
    indicator = scope.edition.indicators[cell.indicator]
    return {
        "link": link(scope.url(f"/indicator/{indicator.id}/", r=cell.region), scope.say(indicator.name)),
        "answers": f"/{scope.language}/strategy/indicator/{indicator.id}/",
        "value": figures.value_of(cell, indicator, scope.language),
        "year": cell.year,
        "rank": ordinal(cell.rank or 0, scope.language),
        "ranked": words.number(cell.ranked, 0, scope.language),
        "trend": sentences.code(cell.trend, scope.language) if cell.trend != "unknown" else "",
    }


def _facts(scope: Scope, one: Standing, rival: str | None, gap: float) -> list[Fact]:
    language, scenarios = scope.language, scope.reading.scenarios
    found = [
        Fact(_("Rank"), ordinal(one.rank, language), words.interval(one.rank_low, one.rank_high, 0, language)),
        Fact(
            _("Among the first five"),
            words.chance(one.top_5.p, language),
            _error(one.top_5.p, scenarios, language),
        ),
    ]
    if rival:
        p = scope.reading.above(one.region, rival)
        name = _("Ahead of %(name)s") % {"name": scope.name(rival)}
        found.append(Fact(name, words.chance(p, language), _error(p, scenarios, language)))
    found.append(
        Fact(
            _("Points to the mean of the top five"),
            words.signed(-gap, 1, language),
            _("score %(score)s of 100, interval %(interval)s")
            % {
                "score": words.number(one.score, 1, language),
                "interval": words.interval(one.score_low, one.score_high, 1, language),
            },
        )
    )
    return found


def _error(p: float, scenarios: int, language: str) -> str:
    count = words.number(scenarios, 0, language)
    if p in {0.0, 1.0}:
        found = _("in none of %(count)s scenarios") if p == 0.0 else _("in all %(count)s scenarios")
        return found % {"count": count}
    error = 1.96 * (p * (1 - p) / scenarios) ** 0.5 if scenarios else 0.0
    decimals = 1 if RARE <= p <= 1 - RARE else 2
    share = words.percent(p, language, decimals=decimals)
    return _("%(share)s ± %(error)s points, %(count)s scenarios") % {
        "share": share,
        "error": words.number(error * 100, decimals, language),
        "count": count,
    }


def _neighbours(scope: Scope, own: Standing) -> object:
    language = scope.language
    heads = [
        Head(_("Region")),
        Head(_("Rank"), True),
        Head(_("9 chances in 10"), True),
        Head(_("Score"), True),
        Head(_("Chance that %(name)s is ahead") % {"name": scope.name(own.region)}, True),
    ]
    standings = scope.reading.standings
    near = [one for one in standings if one.rank <= 5 or abs(one.rank - own.rank) <= 5]  # noqa: PLR2004 -- the top five and five on each side
    rows = [
        row(
            [
                link(scope.url(f"/region/{one.region}/"), scope.name(one.region)),
                ordinal(one.rank, language),
                words.interval(one.rank_low, one.rank_high, 0, language),
                words.number(one.score, 1, language),
                "–" if one is own else words.share(scope.reading.above(own.region, one.region), language),
            ],
            heads,
            class_="me" if one is own else "",
        )
        for one in near
    ]
    return table(
        _("The first five and the regions around %(name)s") % {"name": scope.name(own.region)},
        heads,
        rows,
        key="t-rank",
    )


def _gap_table(scope: Scope, gap: portrait.Gap, names: dict[str, str]) -> object:
    language = scope.language
    heads = [
        Head(_("Pillar")),
        Head(_("Score of the region"), True),
        Head(_("Mean of the top five"), True),
        Head(_("Points of the index"), True),
    ]
    rows = [
        row(
            [
                names[one.pillar],
                words.number(one.own_score, 1, language),
                words.number(one.top_score, 1, language),
                words.signed(-one.points, 1, language),
            ],
            heads,
        )
        for one in gap.pillars
    ]
    if gap.remainder:
        rows.append(row([_("Left by the method"), "–", "–", words.signed(-gap.remainder, 1, language)], heads))
    rows.append(row([_("Total"), "–", "–", words.signed(-gap.points, 1, language)], heads, class_="total"))
    return table(_("Gap to the mean of the top five, in points of 100"), heads, rows, key="t-gap")
