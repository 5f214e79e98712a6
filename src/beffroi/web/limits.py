"""How often one sender may post: a count in memory for a minute, under a fingerprint that names nobody.

The fingerprint is keyed by a number that each server process draws at its start and never writes down, so that neither
an account nor a network address can be read from it, then or later.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from allauth.core.internal.httpkit import get_client_ip
from django.core.cache import cache

from beffroi.web import permissions
from beffroi.web.pages.errors import too_many

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

POSTS_A_MINUTE = 120  # a reviewer decides a case in half a second at best
POSTS_A_MINUTE_VISITOR = 30
MINUTE_SECONDS, DAY_SECONDS = 60, 86_400
_PROCESS_KEY = secrets.token_bytes(32)


def is_too_often(request: HttpRequest, what: str, *, most: int, seconds: int) -> bool:
    """Count one more of `what` by this sender, and say whether that is more than `most` in so many seconds."""
    account = permissions.person_of(request).account
    sender = f"account {account}" if account else f"address {get_client_ip(request)}"
    name = hmac.new(_PROCESS_KEY, f"{what} {sender}".encode(), hashlib.sha256).hexdigest()
    if cache.add(f"often-{name}", 1, seconds):
        return most < 1
    try:
        return cache.incr(f"often-{name}") > most
    except ValueError:  # it ended between the two lines
        return False


class PostLimit:
    """Refuse what is posted too often, before anything else hears of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or answer that it is too much."""
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            is_known = permissions.person_of(request).account is not None
            most = POSTS_A_MINUTE if is_known else POSTS_A_MINUTE_VISITOR
            if is_too_often(request, "post", most=most, seconds=MINUTE_SECONDS):
                return too_many(request)
        return self.get_response(request)
