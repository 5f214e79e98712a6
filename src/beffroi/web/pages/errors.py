"""Refusals and errors as pages: what happened, what is safe, what to do now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from beffroi.vocabulary.errors import (
    BeffroiError,
    StoreError,
    UnknownDefinitionError,
    UnknownEditionError,
    UnknownRegionError,
    UsageError,
)
from beffroi.web import access

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

NOT_FOUND, BROKEN, NOT_YET, BAD = 404, 500, 503, 400
_UNKNOWN = (UnknownEditionError, UnknownRegionError, UnknownDefinitionError)


class Refusals:
    """Turn an error raised on purpose into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; errors come back through `process_exception`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for errors of ours; leave the rest to Django."""
        if not isinstance(error, BeffroiError):
            return None
        if isinstance(error, UnknownEditionError | StoreError) and not _has_editions():
            return _page(
                request,
                NOT_YET,
                _("No edition yet"),
                _("This house has not built an edition of its observatory yet."),
                kind="empty",
            )
        if isinstance(error, StoreError):
            return _page(
                request,
                BROKEN,
                _("The edition cannot be read"),
                _("Its files are missing or damaged. Nothing was lost by your visit."),
                detail=str(error),
            )
        if isinstance(error, UsageError) and not isinstance(error, _UNKNOWN):
            return _page(
                request,
                BAD,
                _("This cannot be computed"),
                _("The address asks for something that makes no sense together. Correct it, or start again."),
                detail=str(error),
            )
        titles = {
            UnknownEditionError: _("This edition is not here"),
            UnknownRegionError: _("This region is not here"),
            UnknownDefinitionError: _("This page is not here"),
        }
        title = next((words for kind, words in titles.items() if isinstance(error, kind)), _("This page is not here"))
        return _page(
            request,
            NOT_FOUND,
            title,
            _("The address names something that this edition does not hold."),
            detail=str(error),
        )


def _has_editions() -> bool:
    try:
        return bool(access.editions())
    except BeffroiError:
        return False


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """No page at this address."""
    return _page(
        request,
        NOT_FOUND,
        _("There is no page at this address"),
        _("It may have been mistyped, or the page has another name. No permalink of an edition ever disappears."),
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """A request that cannot be understood, for instance for a host this house does not answer for."""
    return HttpResponse("Bad request. / Requête incorrecte.\n", status=BAD, content_type="text/plain; charset=utf-8")


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours."""
    return _page(
        request,
        BROKEN,
        _("Something broke on our side"),
        _("Editions are read-only, so nothing was lost. Try again in a minute; if it lasts, tell the house."),
    )


def _page(
    request: HttpRequest, status: int, title: str, message: str, *, detail: str = "", kind: str = ""
) -> HttpResponse:
    lang = translation.get_language() or "fr"
    first = request.path.split("/")[1]
    other = "en" if lang == "fr" else "fr"
    tail = request.get_full_path()[len(first) + 1 :] if first in {"fr", "en"} else "/"
    names = ("home", "regions", "compare", "indicators", "method", "data", "about", "editions")
    context = {
        "lang": lang,
        "other_lang": other,
        "other_url": f"/{other}{tail}",
        "title": title,
        "message": message,
        "detail": detail,
        "kind": kind,
        "status": status,
        "links": {one: f"/{lang}/" if one == "home" else f"/{lang}/{one}/" for one in names},
    }
    response = render(request, "error.html", context, status=status)
    response["Cache-Control"] = "no-store" if status >= BROKEN else "public, max-age=60"
    return response


def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Everything may be indexed; sorted and filtered tables need not be."""
    return HttpResponse("User-agent: *\nDisallow: /api/\n", content_type="text/plain; charset=utf-8")
