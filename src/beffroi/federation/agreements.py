"""What a funder and the federation signed: how much, from when to when, for which actions, and the reports owed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Both, Day, Line, Link, Links, Number, Rows
from beffroi.charter.shape import Kind
from beffroi.federation.dated import FOREVER, in_order
from beffroi.federation.money import INCOME, amount_of, year_of
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.shape import Change
    from beffroi.federation.people import Held

LATE, DUE, DONE = "late", "due", "done"


@dataclass(frozen=True, slots=True)
class Duty:
    """A report owed: what, by when, handed over on which day (empty: not yet), and whether it is late, due or done."""

    name: Text
    due: str
    delivered: str
    reference: str
    state: str


def own_agreements(book: Book, held: Iterable[Held]) -> tuple[Thing, ...]:
    """Return the agreements that roles open: every one to a chair or the office, to a funder those it is named for."""
    roles = tuple(held)
    if any(one.role in {"chair", "office"} for one in roles):
        return book.of("agreement")
    theirs = {one.scope for one in roles if one.role == "funder"}
    return tuple(one for one in book.of("agreement") if one.id in theirs)


def duties(agreement: Thing, day: str) -> tuple[Duty, ...]:
    """Return what is owed under an agreement as of a day, by due date."""
    found = []
    for row in agreement.rows("duties"):
        due, delivered = str(row["due"]), str(row.get("delivered") or "")
        is_done = bool(delivered) and delivered <= day
        state = DONE if is_done else LATE if due < day else DUE
        name = row["name"]
        said = Text(str(name["fr"]), str(name["en"])) if isinstance(name, dict) else Text(str(name), str(name))
        found.append(Duty(said, due, delivered if is_done else "", str(row.get("reference") or ""), state))
    return tuple(sorted(found, key=lambda one: one.due))


def paid_by_year(book: Book, agreement: Thing) -> dict[int, Decimal]:
    """Return what the funder paid the federation in each year while the agreement held, exact."""
    since, until = agreement.text("since"), agreement.text("until") or FOREVER
    found: dict[int, Decimal] = {}
    for line in book.linking(agreement.text("funder"), "money", "funder"):
        if line.get("direction") == INCOME and since <= line.text("day") <= until:
            found[year_of(line)] = found.get(year_of(line), Decimal(0)) + amount_of(line)
    return found


def years_of(agreement: Thing, today: str) -> range:
    """Return the years in which an agreement holds; one without an end runs to this year."""
    first = int(agreement.text("since")[:4])
    return range(first, max(first, int((agreement.text("until") or today)[:4])) + 1)


def _delivered_is_past(change: Change) -> Iterator[Fault]:
    today = change.at.date().isoformat()
    for row in change.after.rows("duties"):
        if str(row.get("delivered") or "") > today:
            yield Fault("duties", Text(
                f"Un rapport ne peut pas être remis le {row['delivered']}, un jour à venir.",
                f"A report cannot have been handed over on {row['delivered']}, a day to come."))  # fmt: skip


AGREEMENT = Kind(
    "agreement", Text("convention", "agreement"), Text("conventions", "agreements"),
    (
        Field("name", Both(200), Text("Titre", "Title"), is_required=True),
        Field("funder", Link(("funder",)), Text("Financeur", "Funder"), is_required=True),
        Field("signed_on", Day(), Text("Signée le", "Signed on"), is_required=True),
        Field("since", Day(), Text("Depuis", "Since"), is_required=True),
        Field("until", Day(), Text("Dernier jour", "Last day")),
        Field("amount_eur", Number(0), Text("Montant, EUR", "Amount, EUR"), is_required=True),
        Field("finances", Links(("action", "project")), Text("Actions et projets financés",
                                                             "Actions and projects it finances")),
        Field("duties", Rows((
            Field("name", Both(200), Text("Rapport", "Report"), is_required=True),
            Field("due", Day(), Text("À remettre le", "Due on"), is_required=True),
            Field("delivered", Day(), Text("Remis le", "Handed over on")),
            Field("reference", Line(200), Text("Pièce", "Document")),
        )), Text("Rapports dus", "Reports due")),
        Field("document", Line(200), Text("Référence du document", "Reference of the document"), is_required=True),
    ),
    rules=(in_order, _delivered_is_past),
)  # fmt: skip
