"""Declared conflicts of interest: who is too close to which matter, from which day to which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Choice, Day, Line, Outside, Whole
from beffroi.charter.shape import Kind
from beffroi.federation.dated import holds_on, in_order
from beffroi.federation.mandates import WHO
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.shape import Change

NATURES = {
    "supplier": Text("fournisseur", "supplier"),
    "beneficiary": Text("bénéficiaire", "beneficiary"),
    "owner": Text("part au capital", "share of the capital"),
    "employment": Text("emploi", "employment"),
    "family": Text("lien familial", "family tie"),
    "other": Text("autre", "other"),
}


def declared_on(book: Book, subject: str, day: str) -> tuple[Thing, ...]:
    """Return the declarations about a subject that hold on a day."""
    return tuple(one for one in book.of("conflict") if one.get("subject") == subject and holds_on(one, day))


def conflicts_for(book: Book, subject: str, day: str) -> dict[str, Text]:
    """Return who may not vote on a subject on a day, and why: organisations, and accounts as `account 3`.

    What comes out goes into `assembly.vote.Elector.conflict`, in the reader's language.
    """
    found: dict[str, Text] = {}
    for one in declared_on(book, subject, day):
        nature = NATURES[str(one.get("nature"))]
        said = one.text("reason")
        why = Text(f"{nature.fr} : {said}", f"{nature.en}: {said}")
        for who in _who(one):
            found[who] = Text(f"{found[who].fr} ; {why.fr}", f"{found[who].en}; {why.en}") if who in found else why
    return found


def _who(declared: Thing) -> Iterator[str]:
    if declared.get("organisation"):
        yield str(declared.get("organisation"))
    if declared.get("account") is not None:
        yield f"account {declared.get('account')}"


def _somebody(change: Change) -> Iterator[Fault]:
    if not any(_who(change.after)):
        yield Fault("organisation", Text("Donnez une organisation, ou le numéro d’un compte.",
                                         "Give an organisation, or the number of an account."))  # fmt: skip


def _not_shortened(change: Change) -> Iterator[Fault]:
    """Rule: a declaration is ended from today on, never taken back for days gone by."""
    before, today = change.before, change.at.date().isoformat()
    if before is None:
        return
    if change.act == "archived" or any(change.is_set(name) for name in ("organisation", "account", "subject", "since")):
        yield Fault("", Text("Une déclaration se termine par une date ; elle ne se retire pas.",
                             "A declaration is ended by a day; it is not taken back."))  # fmt: skip
    until = str(change.after.get("until", today))
    if change.is_set("until") and until < min(today, str(before.get("until", today))):
        yield Fault("until", Text(f"Le {until} est passé ; elle peut finir aujourd’hui, {today}.",
                                  f"{until} is past; it may end today, {today}."))  # fmt: skip


CONFLICT = Kind(
    "conflict", Text("conflit d’intérêts", "conflict of interest"),
    Text("conflits d’intérêts", "conflicts of interest"),
    (
        Field("organisation", Outside("organisation"), Text("Organisation", "Organisation")),
        Field("account", Whole(1), Text("Compte", "Account"), audience="officers", personal=WHO),
        Field("subject", Outside("thing"), Text("Sujet", "Subject"),
              Text("Numéro du projet, du vote ou du financeur, par exemple project-3.",
                   "Id of the project, vote or funder, such as project-3."), is_required=True),
        Field("nature", Choice(NATURES), Text("Nature", "Nature"), is_required=True),
        Field("reason", Line(300), Text("Raison", "Reason"), is_required=True),
        Field("since", Day(), Text("Depuis", "Since"), is_required=True),
        Field("until", Day(), Text("Jusqu’au", "Until")),
    ),
    title="reason",
    rules=(in_order, _somebody, _not_shortened),
)  # fmt: skip
