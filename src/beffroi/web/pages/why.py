"""Why a region is ahead of a rival or behind it, and why its rank changed since another edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.observatory import portrait
from beffroi.observatory.why import change, why
from beffroi.vocabulary.errors import UsageError
from beffroi.web import access, answers, figures, words
from beffroi.web.figures import Picture, credit
from beffroi.web.frame import open_scope, refused, respond, set_links
from beffroi.web.markup import Head, link, row, safe, table
from beffroi.web.pages.explain import number_url
from beffroi.web.pages.portrait import unranked
from beffroi.web.pages.questions import questions
from beffroi.web.svg import gap as gap_chart

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from beffroi.observatory.reading import Cell
    from beffroi.observatory.why import Change, Why
    from beffroi.web.frame import Scope


def page(request: HttpRequest, lang: str, code: str, edition: str | None = None) -> HttpResponse:
    """The gap between a region and a rival of the reader's choice."""
    scope = open_scope(request, lang, edition)
    wanted = portrait.require(scope.edition, code)
    if scope.reading.standing(wanted) is None:
        return unranked(request, scope, wanted)
    rival, error = _rival(request, scope, wanted)
    name = scope.name(wanted)
    choices = sorted(
        ((one.region, scope.name(one.region)) for one in scope.reading.standings if one.region != wanted),
        key=lambda pair: pair[1],
    )
    context: dict[str, object] = {
        "name": name,
        "code": wanted,
        "rival": rival,
        "error": error,
        "choices": choices,
        "action": scope.url(f"/region/{wanted}/why/").split("?")[0],
        "set_id": None if scope.is_default_set else scope.reading.set_id,
        "questions": questions(scope, wanted, "why"),
        "sets": set_links(scope),
        "title": answers.why_title(name, scope.name(rival), lang) if rival else _("Why the gap?"),
    }
    if rival and not error:
        context |= _answer(scope, why(scope.edition, scope.reading, wanted, rival))
        context |= _since(request, scope, wanted, rival)
    response = respond(request, scope, "why.html", context)
    return refused(response) if error else response


def rival_of(request: HttpRequest, scope: Scope, code: str) -> str:
    """The rival an address asks for, the usual one when it asks for none.

    Raises:
        UsageError: it cannot be compared with the region.
        UnknownRegionError: no place of the edition has that code.
    """
    rival, error = _rival(request, scope, code)
    if error or rival is None:
        raise UsageError(error or f"Set '{scope.reading.set_id}' ranks no other region than '{code}'.")
    return rival


def since_of(request: HttpRequest, scope: Scope) -> str | None:
    """The edition to compare with: the one asked for, else the next older one; None when there is none."""
    others = [one for one in access.editions() if one != scope.edition.id]
    asked = request.GET.get("since", "").strip()
    if asked:
        access.open_edition(asked)  # refuses an edition that is not here
        return asked if asked != scope.edition.id else None
    order = access.editions()
    older = order[order.index(scope.edition.id) + 1 :] if scope.edition.id in order else ()
    return next(iter(older), None) or next(iter(others), None)


def _rival(request: HttpRequest, scope: Scope, code: str) -> tuple[str | None, str]:
    typed = request.GET.get("with", "").strip()
    if not typed:
        return portrait.default_rival(scope.reading, code), ""
    rival = portrait.require(scope.edition, typed)
    if rival == code:
        return rival, _("A region has no gap to itself. Choose another region from the list.")
    if scope.reading.standing(rival) is None:
        return rival, _(
            "%(name)s is not ranked in this comparison set. Choose a region from the list, or another set."
        ) % {"name": scope.name(rival)}
    return rival, ""


def _answer(scope: Scope, found: Why) -> dict[str, object]:
    language = scope.language
    shorts = [(scope.say(scope.edition.indicators[one.indicator].short), one.points) for one in found.parts]
    lifts = [name for name, points in shorts if points >= answers.EVEN_POINTS]
    holds = [name for name, points in shorts if points <= -answers.EVEN_POINTS]
    names = {each.id: scope.say(each.name) for each in scope.edition.indices[scope.reading.index_id].pillars}
    pillar, points = found.pillars[0]
    base = f"/region/{found.region}/why"
    return {
        "lead": answers.why_lead(found, scope.name(found.region), scope.name(found.rival), lifts, holds, language),
        "finding": _("%(pillar)s makes the largest part: %(points)s")
        % {"pillar": names[pillar], "points": figures.points(points, language)},
        "picture": gap_picture(scope, found),
        "pillar_table": _pillar_table(scope, found, names),
        "part_table": _part_table(scope, found),
        "scenarios": words.number(scope.reading.scenarios, 0, language),
        "rival_name": scope.name(found.rival),
        "swap_url": scope.url(f"/region/{found.rival}/why/", **{"with": found.region}),
        "files": {
            kind: scope.url(f"{base}.{kind}", **{"with": found.rival}) for kind in ("csv", "xlsx", "json", "svg")
        },
    }


def gap_picture(scope: Scope, found: Why) -> Picture:
    """What each indicator adds to the gap."""
    language = scope.language
    rows = [
        gap_chart.GapRow(
            scope.say(scope.edition.indicators[one.indicator].short), -one.points, figures.points(one.points, language)
        )
        for one in sorted(found.parts, key=lambda one: one.points)
    ]
    title = _("Gap between %(name)s and %(rival)s, by indicator") % {
        "name": scope.name(found.region),
        "rival": scope.name(found.rival),
    }
    description = ". ".join(f"{one.label}: {one.value}" for one in rows)
    return Picture("why", title, description, credit(scope), lambda layout, _alone: gap_chart.draw(rows, layout=layout))


def _pillar_table(scope: Scope, found: Why, names: dict[str, str]) -> SafeString:
    language, pillars = scope.language, scope.reading.pillars
    heads = [
        Head(_("Pillar")),
        Head(scope.name(found.region), True),
        Head(scope.name(found.rival), True),
        Head(_("Points of the index"), True),
    ]
    rows = [
        row(
            [
                names[key],
                link(number_url(scope, found.region, key), words.number(pillars[found.region, key].score, 1, language)),
                link(number_url(scope, found.rival, key), words.number(pillars[found.rival, key].score, 1, language)),
                words.signed(points, 2, language),
            ],
            heads,
        )
        for key, points in found.pillars
    ]
    rows.append(row([_("Total"), "–", "–", words.signed(found.points, 2, language)], heads, class_="total"))
    return table(_("The gap by pillar; the parts add up to the total, exactly"), heads, rows, key="t-why-pillars")


def _part_table(scope: Scope, found: Why) -> SafeString:
    language = scope.language
    heads = [
        Head(_("Indicator")),
        Head(scope.name(found.region), True),
        Head(scope.name(found.rival), True),
        Head(_("Share of the index"), True),
        Head(_("Points of the index"), True),
    ]
    rows = [
        row(
            [
                link(
                    scope.url(f"/indicator/{one.indicator}/", r=[found.region, found.rival]),
                    scope.say(scope.edition.indicators[one.indicator].name),
                ),
                _figure(scope, one.own),
                _figure(scope, one.rival),
                words.percent(one.own.weight, language, decimals=1),
                words.signed(one.points, 2, language),
            ],
            heads,
        )
        for one in found.parts
    ]
    rows.append(
        row(
            [_("Total"), "–", "–", words.percent(1.0, language), words.signed(found.points, 2, language)],
            heads,
            class_="total",
        )
    )
    return table(
        _("The gap by indicator: figures with their years, and what each adds to it"), heads, rows, key="t-why"
    )


def _figure(scope: Scope, cell: Cell) -> object:
    indicator = scope.edition.indicators[cell.indicator]
    if cell.raw is None:
        return safe(f"– <small>({words.lowered(_('no published figure'))})</small>")
    value = figures.value_of(cell, indicator, scope.language)
    return safe(f"{link(number_url(scope, cell.region, cell.indicator), value)} <small>({cell.year})</small>")


def _since(request: HttpRequest, scope: Scope, code: str, rival: str) -> dict[str, object]:
    others = [one for one in access.editions() if one != scope.edition.id]
    since = since_of(request, scope)
    context: dict[str, object] = {"others": others, "since": since, "change_table": ""}
    if since is None:
        return context
    found = change(access.open_edition(since), scope.edition, scope.reading.set_id, code)
    if found is None:
        return context
    query = {"with": rival, "since": since}
    return context | {
        "change": found,
        "change_finding": answers.change_finding(found, scope.language),
        "change_table": _change_table(scope, found),
        "is_other_field": (found.before, found.after) != (found.published_before, found.published_after),
        "published": [words.ordinal(one, scope.language) for one in (found.published_before, found.published_after)],
        "compared": words.number(found.regions, 0, scope.language),
        "change_files": {kind: scope.url(f"/region/{code}/change.{kind}", **query) for kind in ("csv", "xlsx", "json")},
    }


def _change_table(scope: Scope, found: Change) -> SafeString:
    language = scope.language
    said = {
        "own": _("Its own figures changed"),
        "others": _("The figures of the others changed"),
        "method": _("The method changed"),
        "revision": _("Figures of past years were revised"),
    }
    heads = [Head(_("Cause")), Head(_("Places (+ gained)"), True)]
    rows = [row([said[cause], words.signed(-places, 1, language)], heads) for cause, places in found.parts]
    rows.append(row([_("Total"), words.signed(float(found.before - found.after), 1, language)], heads, class_="total"))
    return table(_("What moved the rank; the parts add up to the change, exactly"), heads, rows, key="t-change")
