"""Territories: the federation's own division, made of whole departments, so that every member lies in one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Both, Day, Flag, Outsides
from beffroi.charter.shape import Kind
from beffroi.federation.dated import holds_on, in_order, overlap
from beffroi.vocabulary.communes import department_names
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.shape import Change

OVERSEAS = ("97", "98")
POSTCODE_DIGITS = 5


def department_of(postcode: str) -> str:
    """Return the French department of a post code, empty when it has none. Corsica is told apart by its prefixes.

    >>> department_of("42 000"), department_of("97410"), department_of("20200"), department_of("SW1A")
    ('42', '974', '2B', '')
    """
    code = postcode.replace(" ", "")
    if len(code) != POSTCODE_DIGITS or not code.isdecimal():
        return ""
    if code.startswith("20"):
        return "2A" if code < "20200" else "2B"
    return code[: 3 if code.startswith(OVERSEAS) else 2]


def territory_of_postcode(book: Book, postcode: str, day: str) -> str:
    """Return the id of the territory in which a post code lies on a day; empty when in none."""
    department = department_of(postcode)
    return next((one.id for one in territories_on(book, day) if department in one.ids("departments")), "")


def territories_on(book: Book, day: str) -> tuple[Thing, ...]:
    """Return the territories of a day, in the order of their birth."""
    return tuple(one for one in book.of("territory") if holds_on(one, day))


def is_whole(book: Book, territory: str) -> bool:
    """Whether a territory stands for the whole region, whose money may be spent anywhere in it."""
    found = book.find(territory)
    return bool(found and found.get("is_whole"))


def _departments(change: Change) -> Iterator[Fault]:
    names = department_names()
    own = change.after.ids("departments")
    for one in own:
        if one not in names:
            yield Fault("departments", Text(
                f"« {one} » n’est pas un département ; donnez des numéros comme 42 ou 2A.",
                f"'{one}' is no department; give numbers such as 42 or 2A."))  # fmt: skip
    if change.after.get("is_whole") and own:
        yield Fault("departments", Text(
            "La région entière ne compte pas de départements à elle ; laissez la liste vide.",
            "The whole region has no departments of its own; leave the list empty."))  # fmt: skip
    for other in change.book.of("territory"):
        shared = sorted(set(own) & set(other.ids("departments")))
        if other.id != change.after.id and shared and overlap(change.after, other):
            yield Fault("departments", Text(
                f"{', '.join(shared)} appartient déjà à {other.text('name', 'fr')} ({other.id}).",
                f"{', '.join(shared)} already belongs to {other.text('name', 'en')} ({other.id})."))  # fmt: skip


TERRITORY = Kind(
    "territory", Text("territoire", "territory"), Text("territoires", "territories"),
    (
        Field("name", Both(120), Text("Nom", "Name"), is_required=True),
        Field("departments", Outsides("department"), Text("Départements", "Departments"),
              Text("Numéros, par exemple 42 ou 2A. Un département appartient à un seul territoire.",
                   "Numbers such as 42 or 2A. A department belongs to one territory.")),
        Field("is_whole", Flag(), Text("Région entière", "Whole region"),
              Text("Pour les lignes d’argent qui ne sont d’aucun territoire.",
                   "For lines of money that belong to no single territory.")),
        Field("since", Day(), Text("Depuis", "Since"), is_required=True),
        Field("until", Day(), Text("Jusqu’au", "Until")),
    ),
    rules=(in_order, _departments),
)  # fmt: skip
