"""Refusals and errors as pages: what happened, what is safe, what to do now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import DatabaseError
from django.http import HttpResponse
from django.utils.translation import gettext as _

from beffroi.federation.errors import UnknownEntryError
from beffroi.vocabulary.errors import (
    BeffroiError,
    StoreError,
    UnknownDefinitionError,
    UnknownEditionError,
    UnknownRegionError,
    UsageError,
)
from beffroi.web import access
from beffroi.web.house import PRIVATE, respond, section
from beffroi.web.told import told

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

NOT_FOUND, BROKEN, NOT_YET, BAD, STALE, TOO_MANY, TOO_LARGE = 404, 500, 503, 400, 403, 429, 413
_UNKNOWN = (UnknownEditionError, UnknownRegionError, UnknownDefinitionError, UnknownEntryError)


class Refusals:
    """Turn an error raised on purpose into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; errors come back through `process_exception`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for errors of ours; leave the rest to Django."""
        if isinstance(error, DatabaseError):
            return _page(
                request,
                NOT_YET,
                _("The registry cannot be read now"),
                _("Its tables are missing, in use or out of reach. The observatory does not need them and goes on."),
                kind="registry",
            )
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
                detail=told(error),
            )
        if isinstance(error, UsageError) and not isinstance(error, _UNKNOWN):
            return _page(
                request,
                BAD,
                _("This cannot be computed"),
                _("The address asks for something that makes no sense together. Correct it, or start again."),
                detail=told(error),
            )
        titles = {
            UnknownEditionError: _("This edition is not here"),
            UnknownRegionError: _("This region is not here"),
            UnknownDefinitionError: _("This page is not here"),
            UnknownEntryError: _("The registry does not hold this"),
        }
        title = next((words for kind, words in titles.items() if isinstance(error, kind)), _("This page is not here"))
        return _page(
            request,
            NOT_FOUND,
            title,
            _("The address names something that this edition does not hold.")
            if not isinstance(error, UnknownEntryError)
            else _("It was never there, or the list it came from was taken back."),
            detail=told(error),
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
        kind="private" if section(request) in PRIVATE else "",
    )


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """A form without its token: opened too long ago, or sent from another site."""
    return _page(
        request,
        STALE,
        _("This form can no longer be sent"),
        _("It was opened too long ago, or cookies are refused. Nothing was changed. Go back, reload, send it again."),
    )


def too_many(request: HttpRequest) -> HttpResponse:
    """Too many tries in a short time."""
    return _page(
        request,
        TOO_MANY,
        _("Too many tries"),
        _("Nothing was changed. Wait five minutes and try again."),
    )


def too_large(request: HttpRequest) -> HttpResponse:
    """A form larger than any of ours."""
    return _page(
        request,
        TOO_LARGE,
        _("This is too large"),
        _("Nothing was changed. A form takes five megabytes at the most, a list of members fifty."),
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
    context = {"title": title, "message": message, "detail": detail, "kind": kind, "status": status}
    response = respond(request, "error.html", context, status=status)
    response["Cache-Control"] = "no-store" if status >= BROKEN else "public, max-age=60"
    return response


def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Everything may be indexed; sorted and filtered tables need not be."""
    return HttpResponse("User-agent: *\nDisallow: /api/\n", content_type="text/plain; charset=utf-8")
