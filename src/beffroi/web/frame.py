"""What every page knows: its language, its edition, whether its address is pinned to it, and how to link on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.shortcuts import render
from django.utils.cache import patch_cache_control

from beffroi.observatory.ranking import set_of
from beffroi.web import access, signature_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

    from beffroi.observatory.reading import Edition, SetReading
    from beffroi.vocabulary.text import Text

Query = dict[str, str | list[str]]
BAD = 400
YEAR_SECONDS, MINUTES_SECONDS = 31_536_000, 300


@dataclass(frozen=True, slots=True)
class Scope:
    """The reader's place: language, edition, comparison set, and the page's path under the prefix.

    `is_pinned`: the address names the edition and will always show it; else it shows the current one.
    """

    language: str
    edition: Edition
    reading: SetReading
    is_pinned: bool
    is_default_set: bool
    path: str
    query: str

    def say(self, text: Text) -> str:
        """A text of the edition in the reader's language."""
        return text.say(self.language)

    def url(self, path: str, **query: str | int | Sequence[str] | None) -> str:
        """The address of a page of the same language, edition and set; empty query values are left out."""
        return address(self.language, path, edition=self.edition.id if self.is_pinned else None, query=self.kept(query))

    def permalink(self, path: str, **query: str | int | Sequence[str] | None) -> str:
        """The same address, pinned to this edition."""
        return address(self.language, path, edition=self.edition.id, query=self.kept(query))

    def kept(self, query: Mapping[str, str | int | Sequence[str] | None]) -> Query:
        """The query with the comparison set added unless it is the default one."""
        found: Query = {} if self.is_default_set or "set" in query else {"set": self.reading.set_id}
        for key, value in query.items():
            if isinstance(value, str | int):
                found |= {key: str(value)} if value != "" else {}
            elif value:
                found[key] = list(value)
        return found

    def name(self, region: str) -> str:
        """A region's name in the reader's language; its code when unknown."""
        place = self.edition.places.get(region)
        return place.name.say(self.language) if place else region


def address(language: str, path: str, *, edition: str | None, query: Query | None = None) -> str:
    """A page's address from its parts."""
    prefix = f"/{language}/edition/{edition}" if edition else f"/{language}"
    tail = f"?{urlencode(query, doseq=True)}" if query else ""
    return f"{prefix}{path}{tail}"


def open_scope(request: HttpRequest, lang: str, edition: str | None, *, set_id: str | None = None) -> Scope:
    """Open the edition and set that an address asks for.

    Raises:
        UnknownEditionError: no edition, or none of that name.
        UnknownDefinitionError: the edition holds no such set.
    """
    opened = access.open_edition(edition)
    default = next(iter(opened.sets))
    wanted = set_id or request.GET.get("set") or default
    prefix = f"/{lang}/edition/{edition}" if edition else f"/{lang}"
    return Scope(
        lang,
        opened,
        set_of(opened, wanted),
        is_pinned=edition is not None,
        is_default_set=wanted == default,
        path=request.path.removeprefix(prefix) or "/",
        query=request.META.get("QUERY_STRING", ""),
    )


@dataclass(frozen=True, slots=True)
class SetLink:
    """A comparison set to switch to."""

    name: str
    url: str
    is_current: bool


def set_links(scope: Scope, path: str | None = None, **query: str | Sequence[str]) -> list[SetLink]:
    """Links to the same page over each comparison set."""
    default = next(iter(scope.edition.sets))
    links = []
    for set_id in scope.edition.sets:
        chosen = None if set_id == default else set_id
        url = scope.url(path or scope.path, **{**query, "set": chosen})
        links.append(SetLink(scope.say(scope.edition.definitions[set_id].name), url, set_id == scope.reading.set_id))
    return links


def respond(request: HttpRequest, scope: Scope, template: str, context: Mapping[str, object]) -> HttpResponse:
    """Render a page with its frame and the cache life its address allows."""
    tail = f"?{scope.query}" if scope.query else ""
    other = "en" if scope.language == "fr" else "fr"
    edition = scope.edition.id if scope.is_pinned else None
    newest = access.editions()
    frame = {
        "scope": scope,
        "lang": scope.language,
        "section": scope.path.split("/")[1] or "home",
        "kick_years": (scope.edition.first_year, scope.edition.last_year),
        "other_lang": other,
        "other_url": address(other, scope.path, edition=edition) + tail,
        "own_url": address(scope.language, scope.path, edition=edition) + tail,
        "canonical": request.build_absolute_uri(address(scope.language, scope.path, edition=scope.edition.id) + tail),
        "absolute_own": request.build_absolute_uri(address(scope.language, scope.path, edition=edition) + tail),
        "absolute_other": request.build_absolute_uri(address(other, scope.path, edition=edition) + tail),
        "permalink": address(scope.language, scope.path, edition=scope.edition.id) + tail,
        "links": {
            "home": scope.url("/"),
            "regions": scope.url("/regions/"),
            "compare": scope.url("/compare/"),
            "indicators": scope.url("/indicators/"),
            "method": scope.url("/method/"),
            "data": scope.url("/data/"),
            "about": scope.url("/about/"),
            "editions": address(scope.language, "/editions/", edition=None),
            "current": address(scope.language, scope.path, edition=None) + tail,
        },
        "is_outdated": scope.is_pinned and bool(newest) and newest[0] != scope.edition.id,
        "validation": signature_words.warning(scope.edition, scope.language),
        "errata": [scope.say(one) for one in scope.edition.errata],
        "starter": scope.edition.from_starter,
        "series_count": len(scope.edition.provenance),
    }
    response = render(request, template, {**frame, **context})
    # Not for ever, even at a pinned address: errata and signatures are added beside figures that never change.
    patch_cache_control(response, public=True, max_age=MINUTES_SECONDS)
    return response


def refused(response: HttpResponse) -> HttpResponse:
    """Turn a page that says what was wrong with its address into a refusal, which nobody keeps for long."""
    response.status_code = BAD
    response["Cache-Control"] = "public, max-age=60"
    return response


def keep(response: HttpResponse, scope: Scope) -> None:
    """Say how long figures and pictures may be kept: for ever at a pinned address, minutes at a plain one."""
    if scope.is_pinned:
        patch_cache_control(response, public=True, max_age=YEAR_SECONDS, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=MINUTES_SECONDS)
