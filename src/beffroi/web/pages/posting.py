"""The gate of all forms: what is posted too often goes no further. How large it may be: `web.sizes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.web import limits, permissions
from beffroi.web.pages.errors import too_many

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class PostLimit:
    """Refuse before anything else hears of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or answer that it is too much."""
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            is_known = not limits.is_nameless(request) and permissions.person_of(request).account is not None
            most = limits.POSTS_A_MINUTE if is_known else limits.POSTS_A_MINUTE_VISITOR
            if limits.is_too_often(request, "post", most=most, seconds=limits.MINUTE_SECONDS):
                return too_many(request)
        return self.get_response(request)
