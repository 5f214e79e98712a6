"""How large a request may be: refused by what it says of itself, before a byte of it is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings

from beffroi.web.pages.errors import too_large

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

_TAKES_FILES = re.compile(r"^/(?:fr|en)/registry/import/")
LONGEST_NUMBER = 15
_FRAME_BYTES = 100_000  # what a form adds to its file


def most_bytes(path: str, *, is_known: bool) -> int:
    """How many bytes a request to an address may have; only the signed-in may send a file.

    >>> most_bytes("/fr/registry/import/", is_known=True) > most_bytes("/fr/registry/import/", is_known=False)
    True
    """
    if is_known and _TAKES_FILES.match(path):
        return int(settings.BEFFROI_UPLOAD_BYTES) + _FRAME_BYTES
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)


class Sizes:
    """Refuse requests that say they are larger than their address takes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or refuse with 413."""
        said = request.META.get("CONTENT_LENGTH") or "0"
        known = settings.SESSION_COOKIE_NAME in request.COOKIES
        is_number = said.isascii() and said.isdecimal() and len(said) <= LONGEST_NUMBER
        if not is_number or int(said) > most_bytes(request.path, is_known=known):
            return too_large(request)
        return self.get_response(request)
