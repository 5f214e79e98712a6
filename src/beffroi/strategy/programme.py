"""Programmes: actions that serve one vision together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.charter.field import Field
from beffroi.charter.holds import Line, Link
from beffroi.charter.shape import Kind
from beffroi.strategy.fields import NAME, OWNER, SAID
from beffroi.strategy.vision import is_in_force
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from beffroi.charter.book import Book, Thing

PROGRAMME = Kind(
    "programme", Text("programme", "programme"), Text("programmes", "programmes"),
    (
        NAME, SAID, OWNER,
        Field("vision", Link(("vision",)), Text("Vision servie", "Vision served"), is_required=True),
        Field("source", Line(400), Text("D’où vient ce programme", "Where this programme comes from")),
    ),
)  # fmt: skip


def draft_vision(book: Book, programme: Thing) -> Thing | None:
    """Return the vision of a programme when no version of it was approved; None when one is in force."""
    vision = book.find(programme.text("vision"))
    return vision if vision is not None and not is_in_force(vision) else None
