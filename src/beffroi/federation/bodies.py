"""Bodies of the federation as a tree with days: committees, offices, boards; where they come from, what they became."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Both, Choice, Day, Line, Link, Links, Prose, Rows
from beffroi.charter.shape import Kind
from beffroi.federation.dated import FOREVER, holds_on, in_order, overlap
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.shape import Change

TYPES = {
    "association": Text("association fondatrice", "founding association"),
    "general_assembly": Text("assemblée générale", "general assembly"),
    "regional_committee": Text("comité régional", "regional committee"),
    "territorial_committee": Text("comité territorial", "territorial committee"),
    "board": Text("conseil d’administration", "board"),
    "office": Text("bureau", "office"),
    "working_group": Text("groupe de travail", "working group"),
}
ROOTS = ("association", "general_assembly", "regional_committee")
OF_TERRITORY = ("territorial_committee",)


@dataclass(frozen=True, slots=True)
class Branch:
    """A body in the tree of a day; `depth` is 0 at a root."""

    body: Thing
    depth: int


def parent_on(body: Thing, day: str) -> str:
    """Return the id of the parent of a body on a day; empty for a root."""
    rows = sorted((str(one["since"]), str(one["body"])) for one in body.rows("parents") if str(one["since"]) <= day)
    return rows[-1][1] if rows else ""


def bodies_on(book: Book, day: str) -> tuple[Thing, ...]:
    """Return the bodies that stand on a day, in the order of their birth."""
    return tuple(one for one in book.of("body") if holds_on(one, day))


def tree_on(book: Book, day: str) -> tuple[Branch, ...]:
    """Return the bodies of a day, each followed by those below it. A body whose parent has ended stands as a root."""
    standing = bodies_on(book, day)
    ids = {one.id for one in standing}
    below: dict[str, list[Thing]] = {}
    for one in standing:
        parent = parent_on(one, day)
        below.setdefault(parent if parent in ids else "", []).append(one)

    def walk(parent: str, depth: int) -> Iterator[Branch]:
        for one in below.get(parent, ()):
            yield Branch(one, depth)
            yield from walk(one.id, depth + 1)

    return tuple(walk("", 0))


def ancestors_on(book: Book, body: str, day: str) -> tuple[Thing, ...]:
    """Return a body and all above it on a day, nearest first."""
    found: list[Thing] = []
    current = body
    while current and (one := book.find(current)) is not None and one not in found:
        found.append(one)
        current = parent_on(one, day)
    return tuple(found)


def survivor(book: Book, body: str) -> Thing:
    """Return the body that an id leads to after all mergers; the body itself when it was never merged.

    Raises:
        UnknownThingError: no thing has this id.
    """
    found = book.thing(body)
    seen = {found.id}
    while (into := str(found.get("merged_into", ""))) and into not in seen:
        seen.add(into)
        found = book.thing(into)
    return found


def forebears(book: Book, body: str) -> tuple[Thing, ...]:
    """Return every body that became part of this one, directly or through others, oldest birth first."""
    found: list[Thing] = []
    for one in book.thing(body).ids("merges"):
        found += [each for each in (*forebears(book, one), book.thing(one)) if each not in found]
    return tuple(found)


def _place(change: Change) -> Iterator[Fault]:
    body = change.after
    if body.get("type") in OF_TERRITORY and not body.get("territory"):
        yield Fault("territory", Text("Un comité territorial a un territoire.", "A territorial committee has one."))
    if not body.rows("parents") and body.get("type") not in ROOTS:
        yield Fault("parents", Text(
            "Seuls une assemblée générale, un comité régional ou une association fondatrice n’ont rien au-dessus "
            "d’eux ; donnez un parent.",
            "Only a general assembly, a regional committee or a founding association has nothing above it; give a "
            "parent."))  # fmt: skip
    if body.get("type") == "regional_committee":
        for other in change.book.of("body"):
            if other.id != body.id and other.get("type") == "regional_committee" and overlap(other, body):
                yield Fault("since", Text(
                    f"{other.id} est déjà comité régional en ces jours ; l’arbre n’a qu’un sommet.",
                    f"{other.id} is the regional committee of those days; the tree has one top."))  # fmt: skip


def _parents(change: Change) -> Iterator[Fault]:
    for number, row in enumerate(change.after.rows("parents"), 1):
        parent = change.after if row["body"] == change.after.id else change.book.find(str(row["body"]))
        since = str(row["since"])
        if parent is None:
            yield Fault("parents", Text(f"ligne {number} : {row['body']} n’existe pas.",
                                        f"row {number}: there is no {row['body']}."))  # fmt: skip
        elif not holds_on(parent, max(since, str(change.after.get("since", "")))):
            yield Fault("parents", Text(
                f"ligne {number} : {parent.id} n’existe pas le {since} ({_days(parent, 'fr')}).",
                f"row {number}: {parent.id} does not stand on {since} ({_days(parent, 'en')})."))  # fmt: skip


def _no_cycle(change: Change) -> Iterator[Fault]:
    bodies = {one.id: one for one in change.book.of("body", archived=True)} | {change.after.id: change.after}
    days = sorted({str(row["since"]) for one in bodies.values() for row in one.rows("parents")})
    for day in days:
        path, current = [change.after.id], parent_on(change.after, day)
        while current and current in bodies and current not in path:
            path.append(current)
            current = parent_on(bodies[current], day)
        if current == change.after.id:
            chain = " → ".join([*path, current])
            yield Fault("parents", Text(
                f"Au {day}, l’instance serait au-dessus d’elle-même : {chain}.",
                f"On {day} the body would stand above itself: {chain}."))  # fmt: skip
            return


def _closed(change: Change) -> Iterator[Fault]:
    before = change.before
    if before is not None and before.get("merged_into") and change.act not in {"archived", "restored"}:
        into = before.get("merged_into")
        yield Fault("", Text(f"{before.id} a fusionné dans {into} : son histoire est close.",
                             f"{before.id} merged into {into}: its history is closed."))  # fmt: skip


def _days(body: Thing, language: str) -> str:
    since, until = str(body.get("since", "")), str(body.get("until", ""))
    if language == "fr":
        return f"du {since} au {until}" if until and until != FOREVER else f"depuis le {since}"
    return f"{since} to {until}" if until and until != FOREVER else f"since {since}"


BODY = Kind(
    "body", Text("instance", "body"), Text("instances", "bodies"),
    (
        Field("name", Both(120), Text("Nom", "Name"), is_required=True),
        Field("type", Choice(TYPES), Text("Sorte", "Type"), is_required=True),
        Field("territory", Link(("territory",)), Text("Territoire", "Territory")),
        Field("parents", Rows((
            Field("body", Link(("body",)), Text("Instance", "Body"), is_required=True),
            Field("since", Day(), Text("Depuis", "Since"), is_required=True),
        )), Text("Au-dessus d’elle", "Above it"),
            Text("Une ligne par rattachement ; le plus récent vaut.", "A row for each attachment; the latest counts.")),
        Field("since", Day(), Text("Depuis", "Since"), is_required=True),
        Field("until", Day(), Text("Dernier jour", "Last day")),
        Field("mission", Prose(2000), Text("Mission", "Mission")),
        Field("contact", Line(200), Text("Contact", "Contact")),
        Field("merges", Links(("body",)), Text("Issue de", "Comes from")),
        Field("merged_into", Link(("body",)), Text("Devenue", "Became")),
    ),
    rules=(in_order, _place, _parents, _no_cycle, _closed),
)  # fmt: skip
