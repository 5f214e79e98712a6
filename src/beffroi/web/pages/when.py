"""By when: where the paces seen so far would take a region, with everybody moving, and what pace a place requires."""

# ruff: noqa: E501 -- sentences and rows of data stay whole, to be read and searched for

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.observatory import portrait
from beffroi.web import answers, words
from beffroi.web.figures import Picture, credit
from beffroi.web.frame import open_scope, respond, set_links
from beffroi.web.markup import Head, link, ordinal, row, table
from beffroi.web.pages.portrait import unranked
from beffroi.web.pages.questions import place_sought, questions
from beffroi.web.svg import path_chart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from beffroi.observatory.outlook import Arrival, Pace, Required
    from beffroi.observatory.reading import Standing
    from beffroi.web.frame import Scope

TOLD_YEARS = 10
Z95 = 1.96


def page(request: HttpRequest, lang: str, code: str, edition: str | None = None) -> HttpResponse:
    """The years ahead of one region."""
    scope = open_scope(request, lang, edition)
    wanted = portrait.require(scope.edition, code)
    standing = scope.reading.standing(wanted)
    if standing is None:
        return unranked(request, scope, wanted)
    name = scope.name(wanted)
    context: dict[str, object] = {
        "title": answers.when_title(name, lang),
        "name": name,
        "questions": questions(scope, wanted, "when"),
        "sets": set_links(scope),
        "picture": None,
    }
    if scope.reading.outlook.paths.get(wanted):
        context |= _answer(scope, standing)
    return respond(request, scope, "when.html", context)


def _answer(scope: Scope, standing: Standing) -> dict[str, object]:
    code, language = standing.region, scope.language
    path = scope.reading.outlook.paths[code]
    goals = sorted(
        (one for one in scope.reading.outlook.arrivals.values() if one.region == code), key=lambda one: -one.top
    )
    paces = [one for (region, _name), one in scope.reading.outlook.paces.items() if region == code]
    then = next((one for one in path if one.year == TOLD_YEARS), path[-1])
    finding = (
        answers.when_goal(place_sought(scope, standing.rank, goals[-1].top), goals[-1].within_20.p, language)
        if goals
        else _("It is first already.")
    )
    base = f"/region/{code}/"
    return {
        "lead": answers.when_lead(scope.name(code), path[0], then, language),
        "finding": finding,
        "picture": path_picture(scope, code),
        "path_table": _path_table(scope, code),
        "chance_table": _chance_table(scope, standing, goals) if goals else "",
        "pace_table": _required_table(scope, standing, goals) if goals else "",
        "shares": _shares(scope, paces),
        "basis_table": _basis_table(scope, paces),
        "futures": words.number(goals[0].futures, 0, language) if goals else "",
        "files": {
            "svg": scope.url(f"{base}path.svg"),
            "path": scope.url(f"{base}path.csv"),
            "csv": scope.url(f"{base}when.csv"),
            "xlsx": scope.url(f"{base}when.xlsx"),
            "json": scope.url(f"{base}when.json"),
        },
    }


def path_picture(scope: Scope, code: str) -> Picture | None:
    """The path of a region's rank; None where the edition holds none."""
    path = scope.reading.outlook.paths.get(code, ())
    standing = scope.reading.standing(code)
    if not path or standing is None:
        return None
    language = scope.language
    goals = sorted({one.top for one in scope.reading.outlook.arrivals.values() if one.region == code})
    marks = [path_chart.Mark(top, _mark(scope, standing.rank, top)) for top in goals]
    points = [path_chart.PathPoint(one.year, one.rank, one.rank_low, one.rank_high) for one in path]
    terms = path_chart.PathWords(
        lambda rank: words.ordinal(rank, language),
        lambda year: _("start") if year == 0 else _("+%(years)s years") % {"years": words.number(year, 0, language)},
        _("at everybody’s pace"),
    )
    end = path[-1]
    description = _("From %(now)s in this edition to %(then)s after %(years)s years, between %(low)s and %(high)s.") % {
        "now": words.ordinal(path[0].rank, language),
        "then": words.ordinal(end.rank, language),
        "years": words.number(end.year, 0, language),
        "low": words.ordinal(end.rank_low, language),
        "high": words.ordinal(end.rank_high, language),
    }
    title = _("Rank of %(name)s in the years to come") % {"name": scope.name(code)}
    count = len(scope.reading.standings)
    return Picture(
        "path", title, description, credit(scope),
        lambda layout, _alone: path_chart.draw(points, marks, count=count, words=terms, layout=layout),
    )  # fmt: skip


def _mark(scope: Scope, rank: int, top: int) -> str:
    if top == rank - 1:
        return words.ordinal(top, scope.language)
    return _("first %(top)s") % {"top": words.number(top, 0, scope.language)}


def _path_table(scope: Scope, code: str) -> SafeString:
    language = scope.language
    heads = [Head(_("Years after the figures")), Head(_("Rank"), True), Head(_("9 chances in 10"), True)]
    rows = [
        row(
            [
                words.number(one.year, 0, language),
                ordinal(one.rank, language),
                words.interval(one.rank_low, one.rank_high, 0, language),
            ],
            heads,
        )
        for one in scope.reading.outlook.paths[code]
    ]
    return table(_("Rank year by year when everybody keeps its pace"), heads, rows, key="t-path")


def _share(p: float, error: float, language: str) -> str:
    shown = words.share(p, language)
    return shown if shown[0] in "<>" else f"{shown} ±{words.JOINED}{words.number(Z95 * error * 100, 0, language)}"


def _chance_table(scope: Scope, standing: Standing, goals: Sequence[Arrival]) -> SafeString:
    language = scope.language
    heads = [
        Head(_("Place sought")),
        Head(_("Within 5 years"), True),
        Head(_("Within 10 years"), True),
        Head(_("Within 20 years"), True),
        Head(_("Not within 20 years"), True),
        Head(_("Median year"), True),
    ]
    rows = [
        row(
            [
                place_sought(scope, standing.rank, one.top),
                *(
                    _share(each.p, each.standard_error, language)
                    for each in (one.within_5, one.within_10, one.within_20, one.never)
                ),
                _("not within 20 years")
                if one.median_year is None
                else _("+%(years)s years") % {"years": words.number(one.median_year, 0, language)},
            ],
            heads,
        )
        for one in goals
    ]
    caption = _(
        "Share of futures in which the place is held for the first time within so many years after the figures; ± is the counting error in points (95%)"
    )
    return table(caption, heads, rows, key="t-when")


def _required_table(scope: Scope, standing: Standing, goals: Sequence[Arrival]) -> SafeString:
    language = scope.language
    heads = [
        Head(_("Place sought")),
        Head(_("In"), True),
        Head(_("Score needed then"), True),
        Head(_("Pace needed, points a year"), True),
        Head(_("One region in ten keeps"), True),
        Head(_("Best seen"), True),
        Head(_("Is it realistic?")),
    ]
    rows = [
        row(
            [
                place_sought(scope, standing.rank, goal.top),
                _("%(years)s years") % {"years": words.number(one.years, 0, language)},
                words.number(one.threshold, 1, language),
                *(words.signed(pace, 2, language) for pace in (one.pace, one.good, one.best)),
                _realism(one),
            ],
            heads,
        )
        for goal in goals
        for one in scope.reading.outlook.required.get((standing.region, goal.top), ())
    ]
    return table(
        _("Points of the index to gain each year, the others moving, against the paces seen"),
        heads,
        rows,
        key="t-required",
    )


def _realism(one: Required) -> str:
    if one.pace > one.best:
        return _("faster than any region was seen to go")
    if one.pace > one.good:
        return _("faster than nine regions in ten")
    return _("one region in ten keeps such a pace")


def _shares(scope: Scope, paces: Sequence[Pace]) -> dict[str, str]:
    held: Counter[str] = Counter()
    for one in paces:
        held[one.basis] += scope.reading.cells[one.region, one.indicator].weight  # type: ignore[assignment]  # -- a Counter adds floats as well
    return {basis: words.percent(held[basis], scope.language) for basis in ("own", "common", "still")}


def _basis_table(scope: Scope, paces: Sequence[Pace]) -> SafeString:
    language = scope.language
    heads = [
        Head(_("Indicator")),
        Head(_("Years with a figure"), True),
        Head(_("From – to"), True),
        Head(_("Pace seen"), True),
        Head(_("Pace used"), True),
        Head(_("On what it rests")),
    ]
    said = {
        "own": _("its own figures, drawn to the common pace as far as they are uncertain"),
        "common": _("fewer than five years: the common pace of the set"),
        "still": _("fewer than five years in every region: nobody moves"),
    }
    rows = [
        row(
            [
                link(
                    scope.url(f"/indicator/{one.indicator}/", r=one.region),
                    scope.say(scope.edition.indicators[one.indicator].name),
                ),
                words.number(one.years, 0, language),
                f"{one.first_year}–{one.last_year}" if one.first_year else "–",
                "–" if one.observed is None else words.signed(one.observed, 2, language),
                f"{words.signed(one.used, 2, language)} ±{words.JOINED}{words.number(Z95 * one.spread, 2, language)}",
                said[one.basis],
            ],
            heads,
        )
        for one in paces
    ]
    return table(
        _("Pace of each indicator, in points of its 0–100 scale a year; ± holds it in 95 futures of 100"),
        heads,
        rows,
        key="t-paces",
    )
