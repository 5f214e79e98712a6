"""Downloads: the tables of the observatory as files, and pictures as SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse

from beffroi.observatory import export, portrait, tables
from beffroi.web import figures
from beffroi.web.frame import keep, open_scope
from beffroi.web.pages.compare import read as read_compared
from beffroi.web.pages.indicators import chosen_regions
from beffroi.web.pages.ranks import read as read_ranks

if TYPE_CHECKING:
    from django.http import HttpRequest

    from beffroi.observatory.tables import Table
    from beffroi.web.figures import Picture
    from beffroi.web.frame import Scope


def _file(request: HttpRequest, scope: Scope, table: Table, kind: str) -> HttpResponse:
    if kind == "xlsx":
        body, content_type = export.to_xlsx(table), export.XLSX_TYPE
    elif kind == "json":
        body, content_type = export.to_json(table), export.JSON_TYPE
    else:
        body, content_type = export.to_csv(table, with_bom=request.GET.get("bom") == "1"), export.CSV_TYPE
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{table.name}.{kind}"'
    keep(response, scope)
    return response


def _picture(scope: Scope, picture: Picture | None, name: str) -> HttpResponse:
    if picture is None:
        raise Http404
    response = HttpResponse(picture.file(), content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="beffroi-{scope.edition.id}-{name}.svg"'
    keep(response, scope)
    return response


def ranks(request: HttpRequest, lang: str, kind: str, edition: str | None = None) -> HttpResponse:
    """The rank table as on screen."""
    scope = open_scope(request, lang, edition)
    found = tables.select(scope.edition, scope.reading, read_ranks(request, scope).query, language=lang)
    return _file(request, scope, tables.ranks(scope.edition, scope.reading, found, language=lang), kind)


def region_figures(request: HttpRequest, lang: str, code: str, kind: str, edition: str | None = None) -> HttpResponse:
    """Every indicator of a region."""
    scope = open_scope(request, lang, edition)
    wanted = portrait.require(scope.edition, code)
    return _file(request, scope, tables.region(scope.edition, scope.reading, wanted, language=lang), kind)


def region_picture(
    request: HttpRequest, lang: str, code: str, picture: str, edition: str | None = None
) -> HttpResponse:
    """One of the pictures of a region's page."""
    scope = open_scope(request, lang, edition)
    wanted = portrait.require(scope.edition, code)
    if scope.reading.standing(wanted) is None:
        raise Http404
    if picture == "rank":
        rival = request.GET.get("rival", "").upper() or portrait.default_rival(scope.reading, wanted)
        found = figures.rank_picture(scope, [wanted], figures.rivals_to_name(scope, wanted, rival))
    elif picture == "profile":
        cells = portrait.cells_by_position(scope.edition, scope.reading, wanted)
        found = figures.profile_picture(scope, wanted, cells)
    elif picture == "gap":
        found = figures.gap_picture(scope, wanted, figures.gap_of(scope, wanted))
    else:
        raise Http404
    return _picture(scope, found, f"{wanted}-{picture}")


def compare_ranks(request: HttpRequest, lang: str, kind: str, edition: str | None = None) -> HttpResponse:
    """Ranks and pillars of the compared regions."""
    scope = open_scope(request, lang, edition)
    standings = [scope.reading.standing(one) for one in read_compared(request, scope).ranked]
    found = [one for one in standings if one]
    return _file(request, scope, tables.ranks(scope.edition, scope.reading, found, language=lang), kind)


def compare_figures(request: HttpRequest, lang: str, kind: str, edition: str | None = None) -> HttpResponse:
    """Indicators of the compared regions."""
    scope = open_scope(request, lang, edition)
    order = scope.edition.indices[scope.reading.index_id].indicators
    wanted = [(code, key) for code in read_compared(request, scope).ranked for key in order]
    return _file(request, scope, tables.cells(scope.edition, scope.reading, wanted, language=lang), kind)


def compare_picture(request: HttpRequest, lang: str, edition: str | None = None) -> HttpResponse:
    """Rank intervals of the compared regions."""
    scope = open_scope(request, lang, edition)
    ranked = read_compared(request, scope).ranked
    return _picture(scope, figures.rank_picture(scope, ranked[:1], ranked[1:]) if ranked else None, "compare")


def indicator_ranking(
    request: HttpRequest, lang: str, indicator_id: str, kind: str, edition: str | None = None
) -> HttpResponse:
    """One indicator in every region."""
    scope = open_scope(request, lang, edition)
    return _file(request, scope, tables.indicator(scope.edition, scope.reading, indicator_id, language=lang), kind)


def indicator_series(
    request: HttpRequest, lang: str, indicator_id: str, kind: str, edition: str | None = None
) -> HttpResponse:
    """One indicator over the years, for every ranked region."""
    scope = open_scope(request, lang, edition)
    regions = [one.region for one in tables.in_order(scope.edition, scope.reading, indicator_id)]
    return _file(request, scope, tables.series(scope.edition, indicator_id, regions, language=lang), kind)


def indicator_sdmx(request: HttpRequest, lang: str, indicator_id: str, edition: str | None = None) -> HttpResponse:
    """The same series in SDMX-CSV 1.0."""
    scope = open_scope(request, lang, edition)
    regions = [one.region for one in tables.in_order(scope.edition, scope.reading, indicator_id)]
    return _file(request, scope, tables.sdmx(scope.edition, indicator_id, regions), "csv")


def indicator_picture(
    request: HttpRequest, lang: str, indicator_id: str, picture: str, edition: str | None = None
) -> HttpResponse:
    """The map or the lines of an indicator."""
    scope = open_scope(request, lang, edition)
    tables.in_order(scope.edition, scope.reading, indicator_id)  # refuses an unknown indicator
    indicator = scope.edition.indicators[indicator_id]
    regions = chosen_regions(request, scope)
    if picture == "map":
        return _picture(scope, figures.map_picture(scope, indicator, regions[0], regions[1:]), f"{indicator_id}-map")
    if picture == "series":
        return _picture(scope, figures.series_picture(scope, indicator, regions), f"{indicator_id}-series")
    raise Http404
