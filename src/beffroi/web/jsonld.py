"""Descriptions for search engines of data (schema.org Dataset), safe to stand inside a page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from beffroi.web.markup import safe

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from beffroi.web.frame import Scope


def dataset(request: HttpRequest, scope: Scope, path: str, name: str, **more: object) -> SafeString:
    """A Dataset whose address is the permalink; `<` is escaped so that no text can close the script."""
    licences = sorted({one.licence_url for one in scope.edition.sources.values()})
    page = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": request.build_absolute_uri(scope.permalink(path)),
        "name": name,
        "description": scope.say(scope.edition.indices[scope.reading.index_id].definition),
        "inLanguage": scope.language,
        "version": scope.edition.id,
        "datePublished": scope.edition.built_on,
        "temporalCoverage": f"{scope.edition.first_year}/{scope.edition.last_year}",
        "spatialCoverage": "Europe",
        "license": licences,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": "Beffroi"},
        **more,
    }
    return safe(json.dumps(page, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026"))


def thing(request: HttpRequest, *, name: str, language: str, type_: str = "CreativeWork", **more: object) -> SafeString:
    """A thing that a page is about, under the page's own address; escaped like `dataset`."""
    page = {
        "@context": "https://schema.org",
        "@type": type_,
        "@id": request.build_absolute_uri(request.get_full_path()),
        "name": name,
        "inLanguage": language,
        "isAccessibleForFree": True,
        **more,
    }
    return safe(json.dumps(page, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026"))
