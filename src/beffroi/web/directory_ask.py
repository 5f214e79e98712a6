"""What an address asks of the directory: one reading for page, map, files, JSON-LD and interface."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from beffroi.federation import directory
from beffroi.federation.directory import FOR_OFFICERS, PARAMETERS, SORTS, VALUES, Query
from beffroi.web import permissions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.http import HttpRequest

    from beffroi.federation.directory import Found

LONGEST = 200
MOST_DIGITS = 8


def asked(given: Mapping[str, str], *, sees_all: bool) -> Query:
    """Read a query out of an address; what cannot be is left out, and so is what a visitor may not filter by.

    `department` is an older name of `territory`.
    """
    said = {field: str(given.get(name, "")).strip()[:LONGEST] for name, field in PARAMETERS.items()}
    said["territory"] = said["territory"] or str(given.get("department", "")).strip()[:LONGEST]
    for name, values in VALUES.items():
        if said[name] not in values:
            said[name] = ""
    if said["sort"].removeprefix("-") not in SORTS:
        said["sort"] = ""
    query = Query(**said)
    return query if sees_all else replace(query, **dict.fromkeys(FOR_OFFICERS, ""))


def sees_all(request: HttpRequest) -> bool:
    """Whether who asks may read the whole registry."""
    return permissions.may(permissions.person_of(request), "read_registry")


def answer(request: HttpRequest) -> tuple[Query, Found]:
    """Read what an address asks for and answer it, with what who asks may see."""
    everything = sees_all(request)
    query = asked(request.GET, sees_all=everything)
    return query, directory.search(query, day=today(), sees_all=everything)


def tail(query: Query, **more: str | int) -> str:
    """The address's question mark and what follows; nothing when nothing is asked.

    >>> tail(Query("lyon", territory="69"), page=2)
    '?q=lyon&territory=69&page=2'
    """
    said = {name: getattr(query, field) for name, field in PARAMETERS.items()} | more
    kept = {name: value for name, value in said.items() if value not in {"", None}}
    return f"?{urlencode(kept)}" if kept else ""


def whole(text: str, default: int = 1) -> int:
    """A small whole number as somebody typed it, else the default.

    >>> whole("7"), whole("x"), whole("99999999999")
    (7, 1, 1)
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else default


def today() -> date:
    """The day of the server, by UTC."""
    return datetime.now(UTC).date()
