"""Adopted seat rules: rule, inputs and result frozen with their fingerprint and the vote that adopted them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.assembly.apportion import apportion
from beffroi.assembly.frozen_rule import freeze, thaw, verify
from beffroi.charter import entries
from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Data, Day, Line, Link, Outside
from beffroi.charter.shape import Kind
from beffroi.federation.dated import holds_on, in_order
from beffroi.federation.seats import Simulated, simulate
from beffroi.vocabulary.errors import MethodError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction

    from beffroi.assembly.seat_rule import SeatRule, Territory
    from beffroi.charter.book import Book, Thing
    from beffroi.charter.entries import By
    from beffroi.charter.shape import Change


def adopt(
    body: str, territories: Sequence[Territory], rule: SeatRule, *, name: str, term: tuple[str, str], vote: str, by: By,
    decision: str = "",
) -> Thing:  # fmt: skip
    """Enter a seat rule as adopted, with its inputs and result frozen.

    Args:
        body: whose seats these are.
        territories: the inputs.
        rule: the rule.
        name: of the board and its term.
        term: its first day and its last, which may be empty.
        vote: the vote that adopted it.
        by: author and moment.
        decision: of the body that decided it; may be empty.

    Raises:
        SeatRuleError: the rule does not fit.
        UndecidedTieError: a tie that the rule does not break.
        RefusedError: no vote is named, or the rules of the charter refuse.
    """
    record = freeze(territories, apportion(territories, rule))
    values = {"name": name, "body": body, "record": record, "sha256": record["sha256"], "since": term[0],
              "until": term[1], "vote": vote, "decision": decision}  # fmt: skip
    return entries.create(SEATING, values, by=by, act="adopted")


def seating_on(book: Book, body: str, day: str) -> Thing | None:
    """Return the seat rule that holds for a body on a day, the newest when several do."""
    held = [one for one in book.linking(body, "seating", "body") if holds_on(one, day)]
    return max(held, key=lambda one: str(one.get("since")), default=None)


def record_of(seating: Thing) -> Mapping[str, object]:
    """Return the frozen record."""
    found = seating.get("record")
    return found if isinstance(found, dict) else {}


def run_again(
    seating: Thing, territories: Sequence[Territory], classes: Mapping[str, Mapping[str, Fraction]] | None = None
) -> tuple[Simulated, Simulated]:
    """Apply an adopted rule to its own inputs and to newer ones: the term that was, and the term to come.

    Raises:
        SeatRuleError: the rule names territories or measures that the new inputs lack.
        UndecidedTieError: a tie that the rule does not break.
    """
    old, rule = thaw(record_of(seating))
    return simulate(old, rule), simulate(territories, rule, classes)


def _record_fault(given: object) -> Text | None:
    try:
        if isinstance(given, dict) and verify(given):
            return None
    except MethodError as error:
        return Text(f"la règle figée n’est pas lisible : {error}", f"the frozen rule cannot be read: {error}")
    return Text("la règle figée ne donne pas son résultat : elle a été modifiée.",
                "the frozen rule does not give its result: it was changed.")  # fmt: skip


def _frozen(change: Change) -> Iterator[Fault]:
    record = record_of(change.after)
    if record.get("sha256") != change.after.get("sha256"):
        yield Fault("sha256", Text("L’empreinte n’est pas celle de la règle.", "The fingerprint is not the rule's."))
    if change.before is not None and any(change.is_set(name) for name in ("record", "sha256", "vote", "body", "since")):
        yield Fault("", Text(
            f"{change.before.id} est figée avec son vote ; une autre règle s’adopte par un autre vote.",
            f"{change.before.id} is frozen with its vote; another rule is adopted by another vote."))  # fmt: skip


SEATING = Kind(
    "seating", Text("règle de sièges adoptée", "adopted seat rule"),
    Text("règles de sièges adoptées", "adopted seat rules"),
    (
        Field("name", Line(160), Text("Nom", "Name"), is_required=True),
        Field("body", Link(("body",)), Text("Instance", "Body"), is_required=True),
        Field("record", Data(_record_fault), Text("Règle figée", "Frozen rule"), is_required=True),
        Field("sha256", Line(64), Text("Empreinte SHA-256", "SHA-256 fingerprint"), is_required=True),
        Field("vote", Outside("vote"), Text("Vote", "Vote"), is_required=True),
        Field("decision", Link(("decision",)), Text("Décision", "Decision")),
        Field("since", Day(), Text("Depuis", "Since"), is_required=True),
        Field("until", Day(), Text("Dernier jour", "Last day")),
    ),
    rules=(in_order, _frozen),
)  # fmt: skip
