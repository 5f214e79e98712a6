"""Which statutes hold for a body on a day: its own, and for what they leave out those of the bodies above it.

Who decides what, and the ceilings of money, come from the top: no body widens its own powers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Data, Day, Line, Link
from beffroi.charter.shape import Kind
from beffroi.federation.bodies import ancestors_on
from beffroi.federation.statutes import BodyStatutes, fault_of, read_statutes
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.shape import Change

FROM_THE_TOP = ("competences", "ceilings")


def versions(book: Book, body: str) -> tuple[Thing, ...]:
    """Return the statutes of a body itself, newest first."""
    found = book.linking(body, "statutes", "body")
    return tuple(sorted(found, key=lambda one: str(one.get("since")), reverse=True))


def statutes_on(book: Book, body: str, day: str) -> BodyStatutes | None:
    """Return the statutes that hold for a body on a day; None where there are none."""
    merged: dict[str, object] = {}
    sources: dict[str, tuple[str, str]] = {}
    for one in reversed(ancestors_on(book, body, day)):
        version = next((each for each in versions(book, one.id) if str(each.get("since")) <= day), None)
        rules = version.get("rules") if version else None
        if version is not None and isinstance(rules, dict):
            taken = {name: rule for name, rule in rules.items() if not (name in FROM_THE_TOP and name in merged)}
            merged |= taken
            sources |= dict.fromkeys(taken, (version.id, str(version.get("since"))))
    return read_statutes(merged, sources) if merged else None


def _one_a_day(change: Change) -> Iterator[Fault]:
    for other in change.book.linking(str(change.after.get("body")), "statutes", "body"):
        if other.id != change.after.id and other.get("since") == change.after.get("since"):
            day = other.get("since")
            yield Fault("since", Text(f"{other.id} vaut déjà depuis le {day}.", f"{other.id} holds since {day}."))


def _kept(change: Change) -> Iterator[Fault]:
    """Rule: statutes that are in force are not rewritten; a new version begins on a later day."""
    before = change.before
    if before is None or str(before.get("since")) > change.at.date().isoformat():
        return
    if change.act == "archived" or any(change.is_set(name) for name in ("body", "since", "rules")):
        yield Fault("rules", Text(
            f"{before.id} est en vigueur depuis le {before.get('since')} ; ajoutez une nouvelle version plus tard.",
            f"{before.id} is in force since {before.get('since')}; add a new version that begins later."))  # fmt: skip


STATUTES = Kind(
    "statutes", Text("statuts", "statutes"), Text("statuts", "statutes"),
    (
        Field("name", Line(120), Text("Titre", "Title"), is_required=True),
        Field("body", Link(("body",)), Text("Instance", "Body"), is_required=True),
        Field("since", Day(), Text("En vigueur depuis", "In force since"), is_required=True),
        Field("rules", Data(fault_of), Text("Règles", "Rules"),
              Text("Document YAML ou JSON ; chaque faute dit son chemin.",
                   "A YAML or JSON document; each fault says its path."), is_required=True),
        Field("decision", Link(("decision",)), Text("Adoptés par", "Adopted by")),
    ),
    rules=(_one_a_day, _kept),
)  # fmt: skip
