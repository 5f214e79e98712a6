"""Who sits in a body, from which day to which: mandates with their substitutes, and the composition on any day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.charter.field import Field, Personal
from beffroi.charter.holds import Choice, Day, Line, Link, Outside, Whole
from beffroi.charter.shape import Kind
from beffroi.federation.dated import FOREVER, holds_on, in_order, overlap
from beffroi.federation.statutes_in_force import statutes_on
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.shape import Change

FUNCTIONS = {
    "president": Text("présidence", "chair"),
    "vice_president": Text("vice-présidence", "vice-chair"),
    "secretary": Text("secrétariat", "secretary"),
    "treasurer": Text("trésorerie", "treasurer"),
    "member": Text("membre", "member"),
    "substitute": Text("suppléance", "substitute"),
    "observer": Text("observation", "observer"),
}
WHO = Personal(
    Text("Dire qui siège et qui a décidé, comme les statuts l’exigent.",
         "To say who sits and who decided, as the statutes ask."),
    3653,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seat:
    """A mandate on a day. `stands_in` is set when a substitute sits for somebody whose mandate has ended early."""

    mandate: Thing
    substitutes: tuple[Thing, ...]
    stands_in: bool = False


def composition_on(book: Book, body: str, day: str) -> tuple[Seat, ...]:
    """Return who sits in a body on a day, by function and then birth; nobody outside the body's own days.

    Raises:
        UnknownThingError: no such body.
    """
    if not holds_on(book.thing(body), day):
        return ()
    mandates = [one for one in book.linking(body, "mandate", "body") if holds_on(one, day)]
    ids = {one.id for one in mandates}
    order = list(FUNCTIONS)
    seats = []
    for one in sorted(mandates, key=lambda each: order.index(str(each.get("function")))):
        titular = str(one.get("substitute_of", ""))
        if titular in ids:
            continue
        found = tuple(each for each in mandates if each.get("substitute_of") == one.id)
        seats.append(Seat(one, found, stands_in=bool(titular)))
    return tuple(seats)


def voters_on(book: Book, body: str, day: str) -> tuple[Thing, ...]:
    """Return the mandates that vote in a body on a day: all but observers and substitutes of somebody who sits."""
    return tuple(one.mandate for one in composition_on(book, body, day) if one.mandate.get("function") != "observer")


def bodies_of(book: Book, account: int, day: str) -> tuple[str, ...]:
    """Return the ids of the bodies in which an account sits on a day."""
    held = (one for one in book.of("mandate") if one.get("account") == account and holds_on(one, day))
    return tuple(dict.fromkeys(str(one.get("body")) for one in held))


def days_of_change(book: Book, body: str) -> tuple[str, ...]:
    """Return the days on which the composition of a body changes, newest first."""
    rows = book.linking(body, "mandate", "body")
    return tuple(sorted({str(one.get("since")) for one in rows}, reverse=True))


def _named(change: Change) -> Iterator[Fault]:
    if not (change.after.get("person") or change.after.get("account") is not None):
        yield Fault("person", Text("Nommez la personne, ou donnez le numéro de son compte.",
                                   "Name the person, or give the number of the account."))  # fmt: skip


def _within_body(change: Change) -> Iterator[Fault]:
    body = change.book.find(str(change.after.get("body")))
    if body is None:
        return
    since, until = str(change.after.get("since")), str(change.after.get("until", FOREVER))
    begins, ends = str(body.get("since", "")), str(body.get("until", FOREVER))
    if since < begins or since > ends or (change.after.get("until") and until > ends):
        yield Fault("since", Text(
            f"{body.id} existe depuis le {begins}{f' et jusqu’au {ends}' if ends != FOREVER else ''} ; "
            "le mandat doit tenir dans ces jours.",
            f"{body.id} stands since {begins}{f' and until {ends}' if ends != FOREVER else ''}; "
            "the mandate must lie within these days."))  # fmt: skip


def _substitute(change: Change) -> Iterator[Fault]:
    titular = change.book.find(str(change.after.get("substitute_of", "")))
    if change.after.get("function") == "substitute" and titular is None:
        yield Fault("substitute_of", Text("De qui est-ce la suppléance ?", "For whom does the substitute stand?"))
    if titular is not None and (
        titular.get("body") != change.after.get("body") or titular.get("substitute_of")
        or titular.id == change.after.id
    ):  # fmt: skip
        yield Fault("substitute_of", Text(
            f"{titular.id} n’est pas un mandat titulaire de la même instance.",
            f"{titular.id} is no full mandate of the same body."))  # fmt: skip


def _once(change: Change) -> Iterator[Fault]:
    for other in change.book.linking(str(change.after.get("body")), "mandate", "body"):
        if other.id == change.after.id or not overlap(other, change.after):
            continue
        same = [name for name in ("account", "person") if change.after.get(name) not in (None, "")
                and change.after.get(name) == other.get(name)]  # fmt: skip
        if same:
            yield Fault(same[0], Text(f"Cette personne y siège déjà par {other.id} en ces jours.",
                                      f"This person already sits there by {other.id} on those days."))  # fmt: skip


def _limits(change: Change) -> Iterator[Fault]:
    """Rule: no more holders of a function on any day than the statutes of that day allow, transitions included."""
    body, function = str(change.after.get("body")), str(change.after.get("function"))
    others = [
        one for one in change.book.linking(body, "mandate", "body")
        if one.get("function") == function and one.id != change.after.id and overlap(one, change.after)
    ]  # fmt: skip
    starts = {str(one.get("since")) for one in (*others, change.after)}
    statutes = statutes_on(change.book, body, str(change.after.get("since")))
    limit = statutes.functions.get(function) if statutes else None
    if limit is None:
        return
    starts |= limit.days_after_transitions
    for day in sorted(one for one in starts if holds_on(change.after, one)):
        held = 1 + sum(holds_on(one, day) for one in others)
        if held > limit.on(day):
            label = FUNCTIONS[function]
            most = limit.on(day)
            yield Fault("function", Text(
                f"Le {day}, il y aurait {held} mandats « {label.fr} » ; les statuts en permettent {most}.",
                f"On {day} there would be {held} mandates '{label.en}'; the statutes allow {most}."))  # fmt: skip
            return


MANDATE = Kind(
    "mandate", Text("mandat", "mandate"), Text("mandats", "mandates"),
    (
        Field("body", Link(("body",)), Text("Instance", "Body"), is_required=True),
        Field("person", Line(120), Text("Personne", "Person"), personal=WHO),
        Field("account", Whole(1), Text("Compte", "Account"),
              Text("Numéro du compte, pour les invitations.", "Number of the account, for invitations."),
              audience="officers", personal=WHO),
        Field("organisation", Outside("organisation"), Text("Organisation", "Organisation")),
        Field("territory", Link(("territory",)), Text("Territoire représenté", "Territory represented")),
        Field("function", Choice(FUNCTIONS), Text("Fonction", "Function"), is_required=True),
        Field("substitute_of", Link(("mandate",)), Text("Supplée", "Substitute for")),
        Field("since", Day(), Text("Depuis", "Since"), is_required=True),
        Field("until", Day(), Text("Dernier jour", "Last day")),
    ),
    title="person",
    rules=(in_order, _named, _within_body, _substitute, _once, _limits),
)  # fmt: skip
