"""What every answer of the read API is made of: its shape, its edition, its cache life, its problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ninja import Schema
from ninja.errors import HttpError

from beffroi.observatory.ranking import set_of
from beffroi.web import access

if TYPE_CHECKING:
    from django.http import HttpResponse

    from beffroi.observatory.reading import Edition, SetReading
    from beffroi.observatory.tables import Table


class Rows(Schema):
    """A table: the edition it comes from, how many rows, and the rows as objects."""

    edition: str
    count: int
    rows: list[dict[str, str | int | float | None]]


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


ANSWERS: Any = {200: Rows, 404: Problem, 422: Problem}


def open_set(edition: str | None, set_id: str | None) -> tuple[Edition, SetReading]:
    """Return the edition and comparison set asked for, the current and default ones when none is named."""
    opened = access.open_edition(edition)
    return opened, set_of(opened, set_id)


def answer(response: HttpResponse, edition: Edition, table: Table, *, is_pinned: bool) -> dict[str, object]:
    """Return a table as rows, kept for ever by browsers when the edition was named, else for minutes."""
    age = 31_536_000 if is_pinned else 300
    response["Cache-Control"] = f"public, max-age={age}{', immutable' if is_pinned else ''}"
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return {"edition": edition.id, "count": len(rows), "rows": rows}


def language_of(lang: str) -> str:
    """Return `fr` or `en`, and refuse anything else."""
    if lang not in {"fr", "en"}:
        raise HttpError(422, f"lang: '{lang}' is not a language of this house; use fr or en.")
    return lang
