"""The rank table: filters and order in the address, what is on screen to take away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.observatory.tables import RankQuery, select
from beffroi.web import figures, words
from beffroi.web.frame import open_scope, respond, set_links
from beffroi.web.jsonld import dataset
from beffroi.web.markup import Head, link, ordinal, rank_bar, row, safe, table
from beffroi.web.pages.explain import number_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from beffroi.web.frame import Scope

FIXED = ("rank", "name", "score", "coverage")


@dataclass(frozen=True, slots=True)
class Asked:
    """A rank query as typed: what can be understood, what cannot, and the columns wanted."""

    query: RankQuery
    columns: str
    errors: Mapping[str, str]
    typed: Mapping[str, str]

    @property
    def address(self) -> dict[str, str | None]:
        """The query as address parameters."""
        given = {key: value for key, value in self.typed.items() if value and key not in self.errors}
        return dict(given)


def read(request: HttpRequest, scope: Scope) -> Asked:
    """Read filters from the address; a wrong one is kept as typed, reported and left out."""
    names = ("q", "country", "sort", "dir", "top", "coverage", "columns")
    typed = {name: request.GET.get(name, "").strip()[:100] for name in names}
    errors = {}
    index = scope.edition.indices[scope.reading.index_id]
    sortable = {*FIXED, *(one.id for one in index.pillars), *index.indicators}
    query = RankQuery(words=typed["q"], is_descending=typed["dir"] == "desc")
    if typed["sort"] and typed["sort"] not in sortable:
        errors["sort"] = _("Regions cannot be sorted by “%(typed)s”. Choose from the list.") % {"typed": typed["sort"]}
    elif typed["sort"]:
        query = replace(query, sort=typed["sort"])
    countries = {scope.edition.places[one.region].country for one in scope.reading.standings}
    if typed["country"] and typed["country"].upper() not in countries:
        errors["country"] = _("No country “%(typed)s” in this set. Choose from the list.") % {"typed": typed["country"]}
    elif typed["country"]:
        query = replace(query, country=typed["country"].upper())
    if typed["top"]:
        if typed["top"].isdecimal() and int(typed["top"]) > 0:
            query = replace(query, top=int(typed["top"]))
        else:
            errors["top"] = _("“%(typed)s” is not a number of ranks. Write a whole number, such as 20.") % {
                "typed": typed["top"]
            }
    if typed["coverage"]:
        try:
            share = float(typed["coverage"].replace(",", ".").rstrip("% \u202f")) / 100
        except ValueError:
            share = -1.0
        if 0 <= share <= 1:
            query = replace(query, min_coverage=share)
        else:
            errors["coverage"] = _("“%(typed)s” is not a share. Write a number from 0 to 100, such as 80.") % {
                "typed": typed["coverage"]
            }
    columns = "indicators" if typed["columns"] == "indicators" else "pillars"
    return Asked(query, columns, errors, typed)


def page(request: HttpRequest, lang: str, edition: str | None = None) -> HttpResponse:
    """The table of all ranked regions, or of those asked for."""
    scope = open_scope(request, lang, edition)
    asked = read(request, scope)
    standings = select(scope.edition, scope.reading, asked.query, language=lang)
    index = scope.edition.indices[scope.reading.index_id]
    rows = _rows(scope.edition.digest, scope, asked.columns)
    ranked = len(scope.reading.standings)
    count = {"shown": words.number(len(standings), 0, lang), "ranked": words.number(ranked, 0, lang)}
    countries = {
        scope.edition.places[one.region].country: scope.say(scope.edition.places[one.region].country_name)
        for one in scope.reading.standings
    }
    first = scope.reading.standings[0]
    context = {
        "title": _("Who ranks where, and how surely?"),
        "first": scope.name(first.region),
        "first_chance": words.chance(first.share_at_rank, lang),
        "count": count,
        "asked": asked,
        "is_empty": not standings,
        "table": table(
            _("%(shown)s regions of %(ranked)s") % count,
            _heads(scope, asked),
            (rows[one.region] for one in standings),
            key="t-ranks",
        ),
        "sets": set_links(scope, "/regions/"),
        "set_id": None if scope.is_default_set else scope.reading.set_id,
        "countries": sorted(countries.items(), key=lambda pair: pair[1]),
        "sorts": [
            ("rank", _("Rank")),
            ("name", _("Name")),
            ("score", _("Score")),
            ("coverage", _("Coverage")),
            *((one.id, scope.say(one.name)) for one in index.pillars),
        ],
        "files": {kind: scope.url(f"/regions/export.{kind}", **asked.address) for kind in ("csv", "xlsx", "json")},
        "api_url": "/api/v1/ranks",
        "clear_url": scope.url("/regions/"),
        "more_columns": scope.url(
            "/regions/", **{**asked.address, "columns": "indicators" if asked.columns == "pillars" else None}
        ),
        "excluded": [(scope.name(one.region), words.percent(one.coverage, lang)) for one in scope.reading.excluded],
        "excluded_count": words.number(len(scope.reading.excluded), 0, lang),
        "method_excluded": scope.url("/method/") + "#excluded",
        "jsonld": dataset(request, scope, "/regions/", _("Who ranks where, and how surely?")),
    }
    return respond(request, scope, "regions.html", context)


def _heads(scope: Scope, asked: Asked) -> list[Head]:
    def head(label: str, sort: str, *, is_number: bool = True) -> Head:
        is_current = asked.query.sort == sort
        flipped = "desc" if is_current and not asked.query.is_descending else None
        url = scope.url("/regions/", **{**asked.address, "sort": None if sort == "rank" else sort, "dir": flipped})
        return Head(
            label,
            is_number,
            url,
            ("descending" if asked.query.is_descending else "ascending") if is_current else "",
        )

    found = [
        head(_("Region"), "name", is_number=False),
        head(_("Rank"), "rank"),
        Head(_("9 chances in 10"), True),
        Head(_("Interval")),
        Head(_("Country")),
        head(_("Score"), "score"),
        head(_("Coverage"), "coverage"),
    ]
    index = scope.edition.indices[scope.reading.index_id]
    if asked.columns == "indicators":
        for key in index.indicators:
            one = scope.edition.indicators[key]
            found.append(head(f"{scope.say(one.short)} ({scope.say(one.unit.symbol)})", key))
        return found
    return found + [head(scope.say(one.name), one.id) for one in index.pillars]


class _Kept:
    """A scope as a cache key: pages of one edition, set, language and kind of address share their rows."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.key = (
            scope.edition.id,
            scope.edition.digest,
            scope.reading.set_id,
            scope.language,
            scope.is_pinned,
        )

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and self.key == other.key


def _rows(digest: str, scope: Scope, columns: str) -> Mapping[str, str]:
    del digest  # part of the key below; named here to say that rows belong to one edition
    return _built(_Kept(scope), columns)


@lru_cache(maxsize=32)
def _built(kept: _Kept, columns: str) -> Mapping[str, str]:
    scope = kept.scope
    reading, language, ranked = scope.reading, scope.language, len(scope.reading.standings)
    index = scope.edition.indices[reading.index_id]
    width = len(index.indicators) if columns == "indicators" else len(index.pillars)
    heads = [Head(""), Head("", True), Head("", True), Head(""), Head(""), Head("", True), Head("", True)] + [
        Head("", True)
    ] * width
    found = {}
    for one in reading.standings:
        place = scope.edition.places[one.region]
        if columns == "indicators":
            cells = [reading.cells.get((one.region, key)) for key in index.indicators]
            more = [
                "–"
                if cell is None or cell.raw is None
                else words.number(cell.raw, scope.edition.indicators[cell.indicator].unit.decimals, language)
                for cell in cells
            ]
        else:
            own = [reading.pillars.get((one.region, each.id)) for each in index.pillars]
            more = [words.number(each.score, 1, language) if each else "–" for each in own]
        found[one.region] = row(
            [
                link(scope.url(f"/region/{one.region}/"), place.name.say(language)),
                ordinal(one.rank, language),
                words.interval(one.rank_low, one.rank_high, 0, language),
                safe(rank_bar(one.rank_low, one.rank, one.rank_high, ranked)),
                place.country_name.say(language),
                link(number_url(scope, one.region, "index"), words.number(one.score, 1, language)),
                words.percent(one.coverage, language),
                *more,
            ],
            heads,
        )
    return found


def credit(scope: Scope) -> str:
    """Source line of the table."""
    return figures.credit(scope)
