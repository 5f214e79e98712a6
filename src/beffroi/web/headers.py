"""What every response carries: a strict content policy and its companions; and the language of its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

from beffroi.web.house import PRIVATE, section

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    Handler = Callable[[HttpRequest], HttpResponse]

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; font-src 'self'; connect-src 'self'"
)
# A picture file brings its own style and needs nothing else.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; sandbox"
YEAR_SECONDS = 31_536_000
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


OF_REGISTRY = "/api/v1/registry/"
NOBODY, ANYBODY = "frame-ancestors 'none'", "frame-ancestors *"


def is_figures(request: HttpRequest) -> bool:
    """Whether a request is for figures of the observatory, which scripts of any site may read."""
    return request.path.startswith("/api/") and not request.path.startswith(OF_REGISTRY)


class SafeHeaders:
    """Add the security headers to every response, static files and errors included."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers added."""
        response = self.get_response(request)
        is_picture = response.get("Content-Type", "").startswith("image/svg")
        policy = PICTURE_POLICY if is_picture else PAGE_POLICY
        is_framed = getattr(response, "may_be_framed", False)
        response["Content-Security-Policy"] = policy.replace(NOBODY, ANYBODY) if is_framed else policy
        response["X-Content-Type-Options"] = "nosniff"
        response["Referrer-Policy"] = "strict-origin-when-cross-origin"
        response["Permissions-Policy"] = PERMISSIONS
        response["Cross-Origin-Opener-Policy"] = "same-origin"
        is_open = getattr(response, "is_open_to_scripts", is_figures(request))
        response["Cross-Origin-Resource-Policy"] = "cross-origin" if is_open else "same-origin"
        if settings.BEFFROI_IS_PUBLIC:
            response["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
        if is_open:
            response["Access-Control-Allow-Origin"] = "*"  # open to be read, and never with a cookie
        return response


class PrivatePages:
    """Let nobody keep a copy of a page that may depend on who asks, an error there included."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; registry and accounts are not to be stored."""
        response = self.get_response(request)
        if section(request) in PRIVATE or request.path.startswith(OF_REGISTRY):
            response["Cache-Control"] = "no-store"
        return response


class LanguageOfAddress:
    """Speak the language that the address names; elsewhere the one the browser prefers, French first."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language of the address."""
        first = request.path.split("/")[1]
        language = first if first in {"fr", "en"} else preferred(request)
        with translation.override(language):
            response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", language)
        return response


def preferred(request: HttpRequest) -> str:
    """`fr` or `en` by the browser's wishes and their weights; French when it has none of the two."""
    wishes = []
    for number, part in enumerate(request.headers.get("Accept-Language", "").split(",")[:20]):
        tag, _, tail = part.strip().partition(";q=")
        try:
            weight = float(tail) if tail else 1.0
        except ValueError:
            weight = 0.0
        wishes.append((-weight, number, tag[:2].lower()))
    return next((tag for weight, _, tag in sorted(wishes) if tag in {"fr", "en"} and weight < 0), "fr")
