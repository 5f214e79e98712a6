"""Local offices: where, when, who, for what, and in which territory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Both, Day, Line, Link, Number, Outside, Rows
from beffroi.charter.shape import Kind
from beffroi.federation.dated import holds_on, in_order
from beffroi.federation.mandates import WHO
from beffroi.vocabulary.communes import places
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.shape import Change


def offices_on(book: Book, day: str, *, territory: str = "") -> tuple[Thing, ...]:
    """Return the offices open on a day, perhaps of one territory only."""
    return tuple(
        one for one in book.of("office") if holds_on(one, day) and territory in {"", str(one.get("territory"))}
    )


def staff_fte(office: Thing) -> float:
    """Return the staff of an office in full-time equivalents."""
    return sum(float(str(row.get("fte", "0"))) for row in office.rows("staff"))


def department_of_office(office: Thing) -> str:
    """Return the department in which an office stands; empty when its commune is not known."""
    found = places().get(str(office.get("commune", "")))
    return found.department if found else ""


def _in_territory(change: Change) -> Iterator[Fault]:
    code = str(change.after.get("commune"))
    place, territory = places().get(code), change.book.thing(str(change.after.get("territory")))
    if place is None:
        yield Fault("commune", Text(f"« {code} » n’est pas un code de commune de l’Insee, comme 42218.",
                                    f"'{code}' is no INSEE code of a commune, such as 42218."))  # fmt: skip
    elif territory.ids("departments") and place.department not in territory.ids("departments"):
        fr, en = territory.text("name", "fr"), territory.text("name", "en")
        yield Fault("commune", Text(f"{place.name} est dans le département {place.department}, hors de {fr}.",
                                    f"{place.name} lies in department {place.department}, outside {en}."))  # fmt: skip


OFFICE = Kind(
    "office", Text("antenne", "local office"), Text("antennes", "local offices"),
    (
        Field("name", Both(120), Text("Nom", "Name"), is_required=True),
        Field("territory", Link(("territory",)), Text("Territoire", "Territory"), is_required=True),
        Field("commune", Outside("commune", 5), Text("Commune (code Insee)", "Commune (INSEE code)"), is_required=True),
        Field("address", Line(200), Text("Adresse", "Address"), is_required=True),
        Field("hours", Both(200), Text("Horaires", "Hours"), is_required=True),
        Field("contact", Line(160), Text("Contact", "Contact"), is_required=True),
        Field("services", Rows((Field("name", Both(160), Text("Service", "Service"), is_required=True),)),
              Text("Services", "Services")),
        Field("staff", Rows((
            Field("role", Both(120), Text("Rôle", "Role"), is_required=True),
            Field("person", Line(120), Text("Personne", "Person"), personal=WHO),
            Field("fte", Number(0, 5), Text("Équivalent temps plein", "Full-time equivalent"), is_required=True),
        )), Text("Personnel", "Staff"), personal=WHO),
        Field("since", Day(), Text("Ouverte depuis", "Open since"), is_required=True),
        Field("until", Day(), Text("Dernier jour", "Last day")),
    ),
    rules=(in_order, _in_territory),
)  # fmt: skip
