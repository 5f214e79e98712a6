"""How often one sender may post: a count in memory for a minute, under a fingerprint that names nobody.

The fingerprint is keyed by a number that each server process draws at its start and never writes down, so that neither
an account nor a network address can be read from it, then or later.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import TYPE_CHECKING

from allauth.core.internal.httpkit import get_client_ip
from django.core.cache import cache

from beffroi.web import permissions

if TYPE_CHECKING:
    from django.http import HttpRequest

POSTS_A_MINUTE = 120  # a reviewer decides a case in half a second at best
POSTS_A_MINUTE_VISITOR = 30
_URN = re.compile(r"^/(?:fr|en)/votes/[^/]+/urn/$")
MINUTE_SECONDS, DAY_SECONDS = 60, 86_400
_PROCESS_KEY = secrets.token_bytes(32)


def is_nameless(request: HttpRequest) -> bool:
    """Whether nobody may look up who asks: a secret ballot goes into the urn without account and session."""
    return _URN.match(request.path) is not None


def is_too_often(request: HttpRequest, what: str, *, most: int, seconds: int) -> bool:
    """Count one more of `what` by this sender, and say whether that is more than `most` in so many seconds."""
    account = None if is_nameless(request) else permissions.person_of(request).account
    sender = f"account {account}" if account else f"address {get_client_ip(request)}"
    name = hmac.new(_PROCESS_KEY, f"{what} {sender}".encode(), hashlib.sha256).hexdigest()
    if cache.add(f"often-{name}", 1, seconds):
        return most < 1
    try:
        return cache.incr(f"often-{name}") > most
    except ValueError:  # it ended between the two lines
        return False
