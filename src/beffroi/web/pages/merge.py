"""What if regions merged: the reader names two or more, the page puts their figures together and ranks the whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.observatory import portrait
from beffroi.observatory.merge import FEWEST, MOST, merge
from beffroi.observatory.tables import folded
from beffroi.vocabulary.errors import UsageError
from beffroi.web import answers, words
from beffroi.web.figures import Picture, credit
from beffroi.web.frame import open_scope, refused, respond, set_links
from beffroi.web.markup import Head, link, ordinal, row, safe, table
from beffroi.web.pages.compare import named
from beffroi.web.pages.explain import number_url
from beffroi.web.pages.questions import questions
from beffroi.web.svg import spread_chart
from beffroi.web.told import told

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from beffroi.observatory.merge import Merged, MergedFigure
    from beffroi.web.frame import Scope, SetLink

# The two mergers of 2016 from which the founding texts come.
SUGGESTED = (("FRK1", "FRK2"), ("FRE1", "FRE2"))


@dataclass(frozen=True, slots=True)
class Asked:
    """Regions to merge, faults found, and what was typed when it could not be read."""

    codes: tuple[str, ...]
    errors: tuple[str, ...]
    typed: str


def read(request: HttpRequest, scope: Scope) -> Asked:
    """Read regions from the address: `regions` repeated, and `add` as typed (a name or a code).

    Raises:
        UnknownRegionError: a code in `regions` is no place of the edition.
    """
    codes = [portrait.require(scope.edition, one) for one in request.GET.getlist("regions") if one.strip()]
    added, errors = request.GET.get("add", "").strip()[:100], []
    if added:
        found = named(scope, added)
        if found:
            codes.append(found)
        else:
            errors.append(
                _("No region is called “%(typed)s” in this edition. Write a name or a code, such as Bretagne or FRH.")
                % {"typed": added}
            )
    codes = list(dict.fromkeys(codes))
    errors += [
        _("%(name)s is not ranked in this comparison set, so it has no figures to merge here. Choose another set.")
        % {"name": scope.name(one)}
        for one in codes
        if scope.reading.standing(one) is None
    ]
    if len(codes) > MOST:
        errors.append(_("Ten regions at most can be merged here. Remove some."))
    return Asked(tuple(codes), tuple(errors), added if errors else "")


def asked_for(request: HttpRequest, scope: Scope) -> Merged:
    """The merger an address asks for.

    Raises:
        UsageError: it cannot be done.
    """
    asked = read(request, scope)
    if asked.errors:
        raise UsageError(" ".join(asked.errors))
    return merge(scope.edition, scope.reading, asked.codes)


def page(request: HttpRequest, lang: str, edition: str | None = None) -> HttpResponse:
    """The merger as a page."""
    scope = open_scope(request, lang, edition)
    asked = read(request, scope)
    codes = list(asked.codes)
    context: dict[str, object] = {
        "title": _("What if these regions merged?"),
        "questions": questions(scope, codes[0], "merge") if codes and scope.reading.standing(codes[0]) else [],
        "asked": asked,
        "chosen": [
            {"code": one, "name": scope.name(one), "remove": scope.url("/merge/", regions=_without(codes, one))}
            for one in codes
        ],
        "names": sorted({scope.name(one.region) for one in scope.reading.standings}, key=folded),
        "suggestions": _suggestions(scope),
        "action": scope.url("/merge/").split("?")[0],
        "set_id": None if scope.is_default_set else scope.reading.set_id,
        "sets": _sets(scope, codes),
    }
    if len(codes) >= FEWEST and not asked.errors:
        try:
            context |= _answer(scope, merge(scope.edition, scope.reading, codes))
        except UsageError as error:  # the set is too small for it
            context["asked"] = asked = Asked(asked.codes, (told(error),), "")
    response = respond(request, scope, "merge.html", context)
    return refused(response) if asked.errors else response


def _sets(scope: Scope, codes: list[str]) -> list[SetLink]:
    """The same page over each set, with the regions that it ranks."""
    links = set_links(scope, "/merge/")
    kept = [[one for one in codes if reading.standing(one)] for reading in scope.edition.sets.values()]
    default = next(iter(scope.edition.sets))
    return [
        replace(each, url=scope.url("/merge/", regions=held or None, set=None if set_id == default else set_id))
        for each, held, set_id in zip(links, kept, scope.edition.sets, strict=True)
    ]


def _without(codes: list[str], code: str) -> list[str] | None:
    return [one for one in codes if one != code] or None


def _suggestions(scope: Scope) -> list[SafeString]:
    default = next(iter(scope.edition.sets))
    out = []
    for pair in SUGGESTED:
        for set_id, reading in scope.edition.sets.items():
            if all(reading.standing(one) for one in pair):
                url = scope.url("/merge/", regions=list(pair), set=None if set_id == default else set_id)
                out.append(link(url, " + ".join(scope.name(one) for one in pair)))
                break
    return out


def _answer(scope: Scope, found: Merged) -> dict[str, object]:
    language = scope.language
    names = [scope.name(one) for one in found.regions]
    ranks = [one.rank for code in found.regions if (one := scope.reading.standing(code))]
    query = list(found.regions)
    return {
        "lead": answers.merge_lead(found, names, ranks, language),
        "population": "" if found.population is None else words.number(found.population, 0, language),
        "rank_table": _rank_table(scope, found),
        "picture": spread_picture(scope, found),
        "finding": _("Of %(count)s figures, %(exact)s add up exactly and %(estimated)s are estimates")
        % {
            "count": words.number(len(found.figures), 0, language),
            "exact": words.number(found.count("exact"), 0, language),
            "estimated": words.number(found.count("weighted_estimate") + found.count("partial_estimate"), 0, language),
        },
        "figure_table": _figure_table(scope, found),
        "files": {kind: scope.url(f"/merge/figures.{kind}", regions=query) for kind in ("csv", "xlsx", "json")}
        | {"svg": scope.url("/merge/figures.svg", regions=query)},
    }


def _rank_table(scope: Scope, found: Merged) -> SafeString:
    language = scope.language
    heads = [
        Head(_("Region")),
        Head(_("Rank"), True),
        Head(_("From – to"), True),
        Head(_("Among"), True),
        Head(_("Score"), True),
        Head(_("Inhabitants"), True),
    ]
    rows = []
    before = words.number(len(scope.reading.standings), 0, language)
    for code in found.regions:
        one = scope.reading.standing(code)
        if one:
            persons = "–" if one.population is None else words.number(one.population, 0, language)
            rows.append(
                row(
                    [
                        link(scope.url(f"/region/{code}/"), scope.name(code)),
                        ordinal(one.rank, language),
                        words.interval(one.rank_low, one.rank_high, 0, language),
                        before,
                        link(number_url(scope, code, "index"), words.number(one.score, 1, language)),
                        persons,
                    ],
                    heads,
                )
            )
    count = words.number(found.ranked, 0, language)
    whole = "–" if found.population is None else words.number(found.population, 0, language)
    rows += [
        row(
            [
                _("Together, on the scales of today"),
                ordinal(found.frozen_rank, language),
                words.interval(found.rank_low, found.rank_high, 0, language),
                count,
                words.number(found.frozen_score, 1, language),
                whole,
            ],
            heads,
            class_="me",
        ),
        row(
            [
                _("Together, on scales fitted again"),
                ordinal(found.refitted_rank, language),
                _("not computed"),
                count,
                words.number(found.refitted_score, 1, language),
                whole,
            ],
            heads,
            class_="me",
        ),
    ]
    caption = _(
        "Apart and together. Apart, the interval holds the rank in 9 scenarios of 10; together, it spans what the "
        "estimated figures could be, method and scales staying as they are"
    )
    return table(caption, heads, rows, key="t-merge")


def _how(one: MergedFigure) -> str:
    return {
        "exact": _("exact: sums over sums"),
        "weighted_estimate": _("estimate: mean weighted by inhabitants"),
        "partial_estimate": _("estimate: without the small part that has no figure"),
        "missing": _("missing: filled as everywhere in the index"),
    }[one.how]


def _figure_table(scope: Scope, found: Merged) -> SafeString:
    language = scope.language
    heads = [
        Head(_("Indicator")),
        *(Head(scope.name(code), True) for code in found.regions),
        Head(_("Together"), True),
        Head(_("How it was put together")),
        Head(_("Mean of the figures"), True),
    ]
    rows = []
    for one in found.figures:
        indicator = scope.edition.indicators[one.indicator]
        symbol, decimals = scope.say(indicator.unit.symbol), indicator.unit.decimals
        shown: list[object] = [
            link(scope.url(f"/indicator/{one.indicator}/", r=list(found.regions)), scope.say(indicator.name))
        ]
        for code, value, year in zip(found.regions, one.parts, one.years, strict=True):
            if value is None:
                shown.append("–")
                continue
            figure = link(number_url(scope, code, one.indicator), words.measure(value, symbol, decimals, language))
            shown.append(safe(f"{figure} <small>({year})</small>"))
        whole = words.measure(one.value, symbol, decimals, language)
        plain = words.measure(one.plain_mean, symbol, decimals, language)
        rows.append(row([*shown, whole, _how(one), plain], heads))
    caption = _("Each figure apart and together; the last column is what averaging would have said, and why not to")
    return table(caption, heads, rows, key="t-merged")


def spread_picture(scope: Scope, found: Merged) -> Picture:
    """The merged region among its parts on each indicator, in points of today's scale."""
    language = scope.language
    rows = []
    for one in found.figures:
        indicator = scope.edition.indicators[one.indicator]
        cells = [scope.reading.cells[code, one.indicator] for code in found.regions]
        seen = [cell.normalised / 100 for cell in cells if cell.raw is not None]
        value = words.measure(one.value, scope.say(indicator.unit.symbol), indicator.unit.decimals, language)
        is_known = one.value is not None
        rows.append(
            spread_chart.SpreadRow(
                scope.say(indicator.short),
                value,
                one.points / 100 if is_known else None,
                None,
                min(seen, default=None),
                max(seen, default=None),
            )
        )
    terms = spread_chart.SpreadWords(_("0 points"), _("100 points"), _("together"), "", _("from one part to the other"))
    names = words.enumeration([scope.name(one) for one in found.regions], language)
    title = _("%(names)s, apart and together") % {"names": names}
    description = ". ".join(f"{each.label}: {each.value}" for each in rows)
    years = sorted({year for one in found.figures for year in one.years if year is not None})
    span = f"{years[0]}–{years[-1]}" if years else ""
    return Picture(
        "merge",
        title,
        description,
        credit(scope, span),
        lambda layout, _alone: spread_chart.draw(rows, words=terms, layout=layout),
    )
