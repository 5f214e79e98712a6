"""The frame of pages that belong to the house and to no edition, and how accounts are opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.shortcuts import render
from django.utils import translation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

# One a line, so that a new room adds a line.
NAMES = (
    "home",
    "regions",
    "compare",
    "indicators",
    "method",
    "data",
    "about",
    "editions",
    "registry",
    "trades",
    "strategy",
    "votes",
    "drafts",
    "ideas",
    "account",
)
# Sections that stand under "Strategy", "Votes" and "Government" in the menu.
STRATEGY = (
    "strategy", "vision", "factors", "objectives", "actions", "projects", "stages", "chain", "cooperation", "notes",
    "contacts", "review",
)  # fmt: skip
GOVERNMENT = ("bodies", "meetings", "seats", "money", "offices", "structures", "agreements", "government")
PRIVATE = frozenset({"registry", "trades", "account", "votes", "drafts", "ideas", *STRATEGY, *GOVERNMENT})


def section(request: HttpRequest) -> str:
    """The second part of an address: `registry` of `/fr/registry/count/`."""
    parts = request.path.split("/")
    return parts[2] if len(parts) > 3 and parts[1] in {"fr", "en"} else ""  # noqa: PLR2004 -- "", language, section, …


def frame(request: HttpRequest) -> dict[str, object]:
    """Language, links and the same page in the other language, for every template."""
    lang = translation.get_language() or "fr"
    first = request.path.split("/")[1]
    other = "en" if lang == "fr" else "fr"
    tail = request.get_full_path()[len(first) + 1 :] if first in {"fr", "en"} else "/"
    return {
        "lang": lang,
        "other_lang": other,
        "other_url": f"/{other}{tail}",
        "section": "strategy" if section(request) in STRATEGY else section(request),
        "links": {one: f"/{lang}/" if one == "home" else f"/{lang}/{one}/" for one in NAMES},
        "is_government": section(request) in GOVERNMENT,
        "may_keep_cookie": section(request) in PRIVATE,
        "is_open_for_signup": settings.BEFFROI_SIGNUP,
    }


def respond(request: HttpRequest, template: str, context: Mapping[str, object], *, status: int = 200) -> HttpResponse:
    """Render a page of the house."""
    return render(request, template, dict(context), status=status)


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # -- allauth ships no types
    """Accounts are opened by an operator; visitors open their own only where the house says so."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- allauth's signature
        """Whether `BEFFROI_SIGNUP=1`."""
        return bool(settings.BEFFROI_SIGNUP)

    def get_login_stages(self) -> list[str]:
        """Allauth's own, then the second factor."""
        return [*super().get_login_stages(), "beffroi.web.sign_in.CodeStage"]

    def get_login_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 -- allauth's signature
        """One's own page."""
        return f"/{translation.get_language() or 'fr'}/account/"

    get_signup_redirect_url = get_login_redirect_url
    get_password_change_redirect_url = get_login_redirect_url

    def get_logout_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 -- allauth's signature
        """The portrait."""
        return f"/{translation.get_language() or 'fr'}/"
