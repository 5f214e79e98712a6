"""Downloads: the tables of the observatory as files, and pictures as SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse

from beffroi.observatory import answer_tables, export, portrait, tables
from beffroi.observatory.why import change, why
from beffroi.web import access, figures
from beffroi.web.frame import keep, open_scope
from beffroi.web.pages import merge as merge_page
from beffroi.web.pages import peers as peers_page
from beffroi.web.pages import weights as weights_page
from beffroi.web.pages import when as when_page
from beffroi.web.pages import why as why_page
from beffroi.web.pages.compare import read as read_compared
from beffroi.web.pages.indicators import chosen_regions
from beffroi.web.pages.ranks import read as read_ranks

if TYPE_CHECKING:
    from collections.abc import Callable

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
    drawn = _REGION_PICTURES.get(picture)
    if drawn is None:
        raise Http404
    return _picture(scope, drawn(request, scope, wanted), f"{wanted}-{picture}")


def _rank_picture(request: HttpRequest, scope: Scope, code: str) -> Picture:
    rival = request.GET.get("rival", "").upper() or portrait.default_rival(scope.reading, code)
    return figures.rank_picture(scope, [code], figures.rivals_to_name(scope, code, rival))


def _profile_picture(_request: HttpRequest, scope: Scope, code: str) -> Picture:
    return figures.profile_picture(scope, code, portrait.cells_by_position(scope.edition, scope.reading, code))


def _why_picture(request: HttpRequest, scope: Scope, code: str) -> Picture:
    return why_page.gap_picture(scope, why(scope.edition, scope.reading, code, why_page.rival_of(request, scope, code)))


_REGION_PICTURES: dict[str, Callable[[HttpRequest, Scope, str], Picture | None]] = {
    "rank": _rank_picture,
    "profile": _profile_picture,
    "gap": lambda _request, scope, code: figures.gap_picture(scope, code, figures.gap_of(scope, code)),
    "path": lambda _request, scope, code: when_page.path_picture(scope, code),
    "peers": lambda _request, scope, code: peers_page.spread_picture(scope, code),
    "why": _why_picture,
}


def region_answer(
    request: HttpRequest, lang: str, code: str, answer: str, kind: str, edition: str | None = None
) -> HttpResponse:
    """The table of one question about a ranked region."""
    scope = open_scope(request, lang, edition)
    wanted = portrait.require(scope.edition, code)
    made = _REGION_ANSWERS.get(answer)
    if made is None or scope.reading.standing(wanted) is None:
        raise Http404
    return _file(request, scope, made(request, scope, wanted), kind)


def _why_table(request: HttpRequest, scope: Scope, code: str) -> Table:
    found = why(scope.edition, scope.reading, code, why_page.rival_of(request, scope, code))
    return answer_tables.why(scope.edition, scope.reading, found, language=scope.language)


def _change_table(request: HttpRequest, scope: Scope, code: str) -> Table:
    since = why_page.since_of(request, scope)
    older = access.open_edition(since) if since else None
    found = change(older, scope.edition, scope.reading.set_id, code) if older else None
    if found is None:
        raise Http404
    return answer_tables.change(scope.edition, scope.reading, found)


def _plain(made: Callable[..., Table]) -> Callable[[HttpRequest, Scope, str], Table]:
    return lambda _request, scope, code: made(scope.edition, scope.reading, code, language=scope.language)


_REGION_ANSWERS: dict[str, Callable[[HttpRequest, Scope, str], Table]] = {
    "when": _plain(answer_tables.when),
    "path": _plain(answer_tables.path),
    "peers": _plain(answer_tables.peers),
    "reach": _plain(answer_tables.better),
    "why": _why_table,
    "change": _change_table,
}


def merge_figures(request: HttpRequest, lang: str, kind: str, edition: str | None = None) -> HttpResponse:
    """The figures of merged regions."""
    scope = open_scope(request, lang, edition)
    found = merge_page.asked_for(request, scope)
    return _file(request, scope, answer_tables.merge(scope.edition, scope.reading, found, language=lang), kind)


def merge_picture(request: HttpRequest, lang: str, edition: str | None = None) -> HttpResponse:
    """The picture of merged regions."""
    scope = open_scope(request, lang, edition)
    found = merge_page.asked_for(request, scope)
    return _picture(scope, merge_page.spread_picture(scope, found), f"merge-{'-'.join(found.regions)}")


def weights_ranks(request: HttpRequest, lang: str, kind: str, edition: str | None = None) -> HttpResponse:
    """Ranks under the reader's weights."""
    scope = open_scope(request, lang, edition)
    found = weights_page.asked_for(request, scope)
    return _file(request, scope, answer_tables.weights(scope.edition, scope.reading, found, language=lang), kind)


def weights_picture(request: HttpRequest, lang: str, edition: str | None = None) -> HttpResponse:
    """The picture of ranks under the reader's weights."""
    scope = open_scope(request, lang, edition)
    found = weights_page.asked_for(request, scope)
    code = weights_page.region_of(request, scope)
    return _picture(scope, weights_page.rank_picture(scope, found, code), "own-weights")


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
