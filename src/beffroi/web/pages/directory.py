"""The directory: one question in the address, answered as table, list, map, files and linked data."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from beffroi.federation import directory, read
from beffroi.federation.directory import ANY
from beffroi.federation.territory import LEVELS, territory_name
from beffroi.observatory.home import home_folder
from beffroi.observatory.tables import Table
from beffroi.vocabulary.label_points import label_point, read_points
from beffroi.web import organisation_data, words
from beffroi.web.directory_ask import answer, sees_all, tail, whole
from beffroi.web.directory_words import membership_names, size_names, sort_names, status_names, trade_name
from beffroi.web.figures import Picture
from beffroi.web.markup import Head, link, row, table
from beffroi.web.registry_frame import file, show
from beffroi.web.svg import points_map

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import HttpRequest

    from beffroi.federation.directory import Entry, Found, Query
    from beffroi.web.svg.points_map import Spot

PAGE = 50
MOST_CHOICES = 40
VIEWS = ("table", "list", "map")
PUBLIC_COLUMNS = ("organisation", "legal_unit", "name", "brand", "naf", "address", "postcode", "city", "website",
                  "trade", "trades_accepted", "lists")  # fmt: skip


def listing(request: HttpRequest, lang: str) -> HttpResponse:
    """The directory: search, facets, and what was found as a table, a list or a map."""
    query, found = answer(request)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    number, pages, shown = directory.cut(found.entries, whole(request.GET.get("page", "1")), PAGE)
    more = {} if view == VIEWS[0] else {"view": view}
    views = {"table": _("Table"), "list": _("List"), "map": _("Map")}
    context = {
        "title": _("Who is in the federation?"),
        "query": query,
        "view": view,
        "count": _("Organisations shown: %(count)s.") % {"count": words.number(len(found.entries), 0, lang)},
        "hidden": not sees_all(request),
        "facets": _facets(query, found, lang, is_officer=sees_all(request)),
        "views": [(views[one], tail(query, **({} if one == VIEWS[0] else {"view": one})) or "?", one == view)
                  for one in VIEWS],
        "has_rows": bool(found.entries),
        "previous": tail(query, page=number - 1, **more) if number > 1 and view != "map" else "",
        "next": tail(query, page=number + 1, **more) if number < pages and view != "map" else "",
        "files": {kind: f"/{lang}/registry/organisations.{kind}{tail(query)}"
                  for kind in ("csv", "xlsx", "json", "jsonld")},
        "api": f"/api/v1/registry/organisations{tail(query)}",
    }  # fmt: skip
    caption = _("Page %(page)s of %(pages)s") % {"page": number, "pages": pages}
    if view == "map":
        context |= _map(found.entries, query, lang)
    elif view == "list":
        context |= {"cards": [_card(one, lang) for one in shown], "caption": caption}
    else:
        context |= {"table": _table(shown, query, lang, caption, is_officer=sees_all(request))}
    return show(request, "registry/listing.html", context)


def listing_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """The same organisations as on the page, as a file; columns that visitors may not see are left out."""
    _query, found = answer(request)
    columns, rows = read.organisation_rows(only=[one.id for one in found.entries])
    if not sees_all(request):
        kept = [columns.index(one) for one in PUBLIC_COLUMNS]
        columns, rows = PUBLIC_COLUMNS, [tuple(one[place] for place in kept) for one in rows]
    return file(request, Table("organisations", columns, tuple(rows)), kind)


def listing_linked(request: HttpRequest, lang: str) -> HttpResponse:
    """The same organisations as linked data (JSON-LD, schema.org)."""
    _query, found = answer(request)
    response = HttpResponse(
        organisation_data.graph(request, lang, found.entries), content_type="application/ld+json; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="organisations.jsonld"'
    return response


def map_picture(request: HttpRequest, lang: str) -> HttpResponse:
    """The map of the same organisations, as a file."""
    _query, found = answer(request)
    spots, _nowhere = _spots(found.entries)
    if not spots:
        raise Http404
    response = HttpResponse(_picture(spots, lang).file(), content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="organisations.svg"'
    return response


def _table(shown: Sequence[Entry], query: Query, lang: str, caption: str, *, is_officer: bool) -> str:
    names = {"name": _("Organisation"), "city": _("City"), "trade": _("Trade"), "size": _("Size")}

    def head(key: str) -> Head:
        down = query.sort == key
        url = tail(directory.Query(**{**_said(query), "sort": f"-{key}" if down else key}))
        sorted_as = "ascending" if down else "descending" if query.sort == f"-{key}" else ""
        return Head(names[key], url=url, sorted_as=sorted_as)

    heads = [head("name"), head("city"), Head(_("Post code")), head("trade"), Head(_("Lists"))]
    heads += [head("size"), Head(_("Status"))] if is_officer else []
    sizes, statuses = size_names(), status_names()
    rows = (
        row([link(_address(one, lang), one.name), one.city, one.postcode, _trades(one, lang), ", ".join(one.lists),
             *([sizes[one.size], statuses[one.status]] if is_officer else [])], heads)
        for one in shown
    )  # fmt: skip
    return table(caption, heads, rows, key="t-directory")


def _said(query: Query) -> dict[str, str]:
    return {name: getattr(query, name) for name in directory.PARAMETERS.values()}


def _card(one: Entry, lang: str) -> dict[str, object]:
    return {
        "url": _address(one, lang),
        "name": one.name,
        "place": " ".join(filter(None, (one.postcode, one.city))),
        "trades": _trades(one, lang),
        "lists": ", ".join(one.lists),
        "formerly": ", ".join(one.formerly),
    }


def _trades(one: Entry, lang: str) -> str:
    return ", ".join(trade_name(concept, lang) for concept in one.trades)


def _address(one: Entry, lang: str) -> str:
    return f"/{lang}/registry/organisation/{one.id}/"


def _facets(query: Query, found: Found, lang: str, *, is_officer: bool) -> list[dict[str, object]]:
    counts = found.facets
    lists = sorted(counts["list"].items())
    trades = [(one, n) for one, n in counts["trade"].most_common() if one]
    facets = [
        _facet("territory", _("Seat"), _("Everywhere"), _levels(counts["territory"], query.territory, lang)),
        _facet("trade", _("Trade"), _("All trades"), [("", [(one, trade_name(one, lang), n) for one, n in trades])]),
        _facet("list", _("List"), _("All lists"), [("", [(one, one, n) for one, n in lists])]),
        _facet("membership", _("Membership"), _("In any number of lists"),
               [("", _named(membership_names(), counts["membership"]))]),
    ]  # fmt: skip
    if any(set(one.acts_in) for one in found.entries) or query.acts_in:
        facets.insert(1, _facet("acts_in", _("Acts in"), _("Everywhere"),
                                _levels(counts["acts_in"], query.acts_in, lang)))  # fmt: skip
    if is_officer:
        facets += [
            _facet("size", _("Size"), _("All sizes"), [("", _named(size_names(), counts["size"]))]),
            _facet("status", _("Status"), _("In a list today"),
                   [("", [(ANY, status_names()[ANY], sum(counts["status"].values())),
                          *_named(status_names(), counts["status"])])]),
        ]  # fmt: skip
    facets.append(
        _facet("sort", _("Order"), _("By name"), [("", [(one, name, None) for one, name in sort_names().items()])])
    )
    for one in facets:
        one["value"] = getattr(query, str(one["name"]))
    return facets


def _facet(name: str, label: str, empty: str, groups: Sequence[tuple[str, Sequence[object]]]) -> dict[str, object]:
    return {"name": name, "label": label, "empty": empty, "groups": groups}


def _named(names: dict[str, str], counts: Counter[str]) -> list[tuple[str, str, int]]:
    return [(key, name, counts[key]) for key, name in names.items() if counts[key]]


def _levels(counts: Counter[str], asked: str, lang: str) -> list[tuple[str, list[tuple[str, str, int]]]]:
    labels = {"region": _("Regions"), "department": _("Départements"), "epci": _("Intercommunal bodies"),
              "commune": _("Communes")}  # fmt: skip
    by_level: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for code, count in counts.most_common():
        level = _level(code)
        if len(by_level[level]) < MOST_CHOICES or code == asked:
            by_level[level].append((code, territory_name(code, lang), count))
    if asked and not counts[asked]:
        by_level[_level(asked)].append((asked, territory_name(asked, lang), 0))
    return [(labels[level], sorted(by_level[level], key=lambda one: words.lowered(one[1]))) for level in LEVELS
            if by_level[level]]  # fmt: skip


def _level(code: str) -> str:
    if code[:2].isalpha():
        return "region"
    return {2: "department", 3: "department", 9: "epci"}.get(len(code), "commune")


def _spots(found: Iterable[Entry]) -> tuple[list[tuple[str, Spot]], int]:
    """Communes with how many organisations sit there; those without a point of their own share their département's."""
    path = home_folder() / "catalogue" / "label_points.csv"
    own = read_points(path) if path.is_file() else None
    counted: Counter[str] = Counter()
    for one in found:
        counted[one.seat.commune or one.seat.department] += 1
    nowhere = counted.pop("", 0)
    spots: dict[str, tuple[float, float, int, bool]] = {}
    for code, count in counted.items():
        point = label_point(code, own)
        if point is None:
            nowhere += count
            continue
        is_own = point.is_own and _level(code) == "commune"
        key = code if is_own else _department(code)
        spots[key] = (point.longitude, point.latitude, count + spots.get(key, (0, 0, 0, True))[2], is_own)
    held = [(code, points_map.Spot(territory_name(code, "fr"), x, y, count, is_own))
            for code, (x, y, count, is_own) in spots.items()]  # fmt: skip
    return sorted(held, key=lambda one: (-one[1].count, one[1].label)), nowhere


def _department(code: str) -> str:
    from beffroi.vocabulary.communes import places  # noqa: PLC0415 -- a large table, wanted for maps alone

    return places()[code].department if code in places() else code


def _picture(spots: Sequence[tuple[str, Spot]], lang: str) -> Picture:
    title = _("Where the organisations sit")
    description = ". ".join(f"{one.label}: {words.number(one.count, 0, lang)}" for _code, one in spots[:20])
    credit = _(
        "Points: Eurostat GISCO (départements), French Ministry of Higher Education (communes). Outline: Natural Earth."
    )
    shown = [one for _code, one in spots]
    return Picture("map", title, description, credit, lambda layout, _alone: points_map.draw(shown, layout=layout))


def _map(found: Sequence[Entry], query: Query, lang: str) -> dict[str, object]:
    spots, nowhere = _spots(found)
    if not spots:
        return {"nowhere": words.number(nowhere, 0, lang)}
    heads = [Head(_("Place")), Head(_("Organisations"), is_number=True), Head(_("Point"))]
    own, shared = _("of the commune"), _("of the département, for its other communes")
    rows = (
        row([link(tail(directory.Query(**{**_said(query), "territory": code}), view="map"), one.label),
             words.number(one.count, 0, lang), own if one.is_own else shared], heads)
        for code, one in spots
    )  # fmt: skip
    first = spots[0][1]
    finding = _("Most sit in %(place)s: %(count)s of %(total)s") % {
        "place": first.label, "count": words.number(first.count, 0, lang),
        "total": words.number(len(found), 0, lang),
    }  # fmt: skip
    return {
        "picture": _picture(spots, lang),
        "finding": finding,
        "table": table(_("Places, the most frequent first"), heads, rows, key="t-map"),
        "svg": f"/{lang}/registry/organisations.svg{tail(query)}",
        "nowhere": words.number(nowhere, 0, lang) if nowhere else "",
    }
