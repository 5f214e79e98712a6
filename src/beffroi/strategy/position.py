"""Weight as power and counter-power: position notes that cite figures, and contacts with institutions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.charter.field import Field, Personal
from beffroi.charter.holds import Both, Choice, Day, Line, Link, Prose, Rows
from beffroi.charter.shape import Kind
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beffroi.charter.shape import Change

AUDIENCES = {
    "politicians": Text("élus", "elected officials"),
    "institutions": Text("institutions", "institutions"),
    "media": Text("presse", "media"),
    "members": Text("membres", "members"),
}
CONTACT_YEARS = 5
_CITED = (
    Field("says", Both(300), Text("ce que dit le chiffre", "what the figure says"), is_required=True),
    Field("value", Line(60), Text("valeur", "value"), is_required=True),
    Field("year", Line(20), Text("année", "year"), is_required=True),
    Field("source", Line(200), Text("source", "source"), is_required=True),
    Field("permalink", Line(300), Text("adresse permanente", "permalink"), is_required=True,
          help=Text("L’adresse d’un chiffre dans une édition : elle contient /edition/.",
                    "The address of a figure in an edition: it has /edition/ in it.")),
)  # fmt: skip


def _cites_editions(change: Change) -> Iterator[Fault]:
    for number, row in enumerate(change.after.rows("figures"), 1):
        if "/edition/" not in str(row.get("permalink", "")):
            yield Fault("figures", Text(
                f"Chiffre {number} : l’adresse « {row.get('permalink')} » n’est pas celle d’une édition ; prenez "
                "l’adresse permanente au bas de la page du chiffre.",
                f"Figure {number}: the address '{row.get('permalink')}' is not that of an edition; take the permalink "
                "at the foot of the figure's page."))  # fmt: skip


def _published_with_figures(change: Change) -> Iterator[Fault]:
    if change.after.get("state") == "published" and not change.after.rows("figures"):
        yield Fault("figures", Text(
            "Une note publiée cite un chiffre au moins.", "A published note cites one figure at least."))  # fmt: skip


NOTE = Kind(
    "note",
    Text("note de position", "position note"),
    Text("notes de position", "position notes"),
    (
        Field("name", Both(200), Text("titre", "title"), is_required=True),
        Field("on", Day(), Text("date", "date"), is_required=True),
        Field("for_whom", Choice(AUDIENCES), Text("destinataires", "for whom"), is_required=True),
        Field("position", Both(6000), Text("position", "position"), is_required=True),
        Field("figures", Rows(_CITED), Text("chiffres cités", "figures cited")),
        Field("state", Choice({"draft": Text("brouillon", "draft"), "published": Text("publiée", "published")}),
              Text("état", "state"), is_required=True),
    ),
    rules=(_cites_editions, _published_with_figures),
)  # fmt: skip

CONTACT = Kind(
    "contact",
    Text("contact avec une institution", "contact with an institution"),
    Text("contacts avec des institutions", "contacts with institutions"),
    (
        Field("institution", Line(200), Text("institution", "institution"), is_required=True, audience="officers"),
        Field("person", Line(200), Text("personne et fonction", "person and office"), audience="officers",
              personal=Personal(Text("savoir qui a été rencontré, au titre de sa fonction",
                                     "to know who was met, in virtue of their office"), CONTACT_YEARS * 365)),
        Field("on", Day(), Text("le", "on"), is_required=True, audience="officers"),
        Field("subject", Line(300), Text("objet", "subject"), is_required=True, audience="officers"),
        Field("said", Prose(5000), Text("ce qui s’est dit", "what was said"), audience="officers"),
        Field("note", Link(("note",)), Text("note remise", "note handed over"), audience="officers"),
    ),
    title="subject",
)  # fmt: skip
