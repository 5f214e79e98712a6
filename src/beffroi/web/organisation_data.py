"""Organisations for machines (schema.org as JSON-LD): public facts, no person, each under its permanent address."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from beffroi.federation.territory import territory_name
from beffroi.linkage.identifiers import siren_of
from beffroi.web.directory_words import trade_name
from beffroi.web.markup import safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from beffroi.federation.directory import Entry

CONTEXT = "https://schema.org"


def describe(request: HttpRequest, lang: str, one: Entry, *, naf: str = "", address: str = "") -> dict[str, object]:
    """One organisation as a schema.org Organization; what is not known is left out."""
    page = request.build_absolute_uri(f"/{lang}/registry/organisation/{one.id}/")
    kind, _colon, number = one.legal_unit.partition(":")
    identifiers = [_value("Beffroi", one.id)]
    if kind == "siren" and siren_of(number):
        identifiers += [_value("SIREN", number), _value("VAT", vat_of(number))]
    elif number:
        identifiers.append(_value(kind, number))
    seat = {"@type": "PostalAddress", "streetAddress": address, "postalCode": one.postcode,
            "addressLocality": one.city, "addressCountry": "FR" if one.department else ""}  # fmt: skip
    areas = [territory_name(code, lang) for code in one.acts_in]
    found: dict[str, object] = {
        "@type": "Organization",
        "@id": page,
        "url": page,
        "name": one.name,
        "alternateName": [name for name in one.formerly if name != one.name],
        "identifier": identifiers,
        "vatID": vat_of(number) if kind == "siren" and siren_of(number) else "",
        "address": {key: value for key, value in seat.items() if value} if one.postcode or one.city else "",
        "sameAs": web_address(one.website),
        "knowsAbout": [trade_name(concept, lang) for concept in one.trades],
        "memberOf": [{"@type": "Organization", "name": name} for name in one.lists],
        "areaServed": areas,
        "additionalProperty": [_value("NAF", naf)] if naf else [],
    }
    return {key: value for key, value in found.items() if value}


def page_data(described: dict[str, object]) -> SafeString:
    """A description to stand inside a page: no text can close the script."""
    return safe(_escaped({"@context": CONTEXT, **described}))


def graph(request: HttpRequest, lang: str, found: Iterable[Entry]) -> str:
    """Many organisations as one document."""
    return _escaped({"@context": CONTEXT, "@graph": [describe(request, lang, one) for one in found]})


def vat_of(siren: str) -> str:
    """The French VAT number that a SIREN has: two check digits before it.

    >>> vat_of("732829320")
    'FR44732829320'
    """
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02}{siren}"


def web_address(text: str) -> str:
    """A web site as an address that may be followed; empty when it is none.

    >>> web_address("minalogic.com"), web_address("javascript:alert(1)"), web_address("https://x.fr/a")
    ('https://minalogic.com', '', 'https://x.fr/a')
    """
    given = text.strip()
    whole = given if given.lower().startswith(("http://", "https://")) else f"https://{given}"
    try:
        parts = urlsplit(whole)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return whole if given and "." in host and " " not in whole and "@" not in parts.netloc else ""


def _value(name: str, value: str) -> dict[str, object]:
    return {"@type": "PropertyValue", "propertyID": name, "value": value}


def _escaped(document: dict[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026")
