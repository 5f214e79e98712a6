"""Key failure factors: what keeps the territory from being what it wants, rated on evidence, lifted by proof only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Choice, Day, Line, Outside, Outsides, Rows
from beffroi.charter.shape import Change, Kind
from beffroi.strategy.decision import APPROVED, outcome_of
from beffroi.strategy.facts import facts_of
from beffroi.strategy.fields import INDICATOR, NAME, OWNER, REGION_FIELD, SAID, THRESHOLDS
from beffroi.strategy.thresholds import is_passed
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beffroi.charter.book import Book, Thing

OPEN, EASING, LIFTED = "open", "easing", "lifted"
SEVERITIES = Choice({
    "1": Text("1, gêne", "1, a nuisance"), "2": Text("2, ralentit", "2, slows us down"),
    "3": Text("3, handicape", "3, handicaps us"), "4": Text("4, bloque", "4, blocks us"),
    "5": Text("5, condamne", "5, dooms us"),
})  # fmt: skip
_STATES = Choice({OPEN: Text("ouvert", "open"), EASING: Text("en recul", "easing"), LIFTED: Text("levé", "lifted")})
_EVIDENCE = Rows(
    (
        Field("day", Day(), Text("Jour", "Day"), is_required=True),
        Field("indicator", INDICATOR, Text("Indicateur", "Indicator")),
        REGION_FIELD,
        Field("edition", Line(20), Text("Édition", "Edition")),
        Field("document", Line(400), Text("Document", "Document")),
        Field("said", Line(400), Text("Ce que cela montre", "What it shows")),
    )
)


def severity_rests_on_evidence(change: Change) -> Iterator[Fault]:
    """A severity needs evidence; each piece is a figure of an edition, or a document."""
    rows = change.after.rows("evidence")
    if change.after.get("severity") and not rows:
        yield Fault(
            "severity",
            Text(
                "Une gravité repose sur au moins une pièce : un chiffre daté, ou un document.",
                "A severity rests on at least one piece: a dated figure, or a document.",
            ),
        )
    figures = facts_of(change).figures
    for number, row in enumerate(rows, 1):
        indicator = str(row.get("indicator") or "")
        is_own = indicator.startswith("figure-")
        if not indicator and not row.get("document"):
            yield Fault("evidence", Text(f"ligne {number} : donnez un indicateur ou un document.",
                                         f"row {number}: give an indicator or a document."))  # fmt: skip
        elif indicator and not is_own and not (row.get("region") and row.get("edition")):
            yield Fault("evidence", Text(f"ligne {number} : un chiffre se cite avec sa région et son édition.",
                                         f"row {number}: a figure is cited with its region and edition."))  # fmt: skip
        elif (
            indicator
            and not is_own
            and change.is_set("evidence")
            and figures.find(indicator, str(row["region"]), str(row["edition"])) is None
        ):
            yield Fault("evidence", Text(
                f"ligne {number} : l’édition {row['edition']} n’a pas ce chiffre pour {row['region']}.",
                f"row {number}: edition {row['edition']} has no such figure for {row['region']}."))  # fmt: skip


def lifted_by_proof(change: Change) -> Iterator[Fault]:
    """A factor is lifted only by a figure past its threshold, or by an approved decision."""
    if change.after.get("state") != LIFTED or not (change.is_set("state") or change.is_set("lifted_by")):
        return
    facts = facts_of(change)
    rows = change.after.rows("lifts_at")
    decision = change.after.text("lifted_by")
    found = outcome_of(decision, change.book, facts.votes) if decision else None
    is_decided = found is not None and found.outcome == APPROVED
    if not is_decided and not (rows and all(is_passed(row, change.book, facts.figures) for row in rows)):
        yield Fault("state", Text(
            "Un facteur n’est levé que par un indicateur au-delà de son seuil, ou par une décision approuvée.",
            "A factor is lifted only by an indicator past its threshold, or by an approved decision."))  # fmt: skip


FACTOR = Kind(
    "factor", Text("facteur d’échec", "failure factor"), Text("facteurs d’échec", "failure factors"),
    (
        NAME, SAID, OWNER,
        Field("severity", SEVERITIES, Text("Gravité", "Severity")),
        Field("evidence", _EVIDENCE, Text("Pièces", "Evidence")),
        Field("indicators", Outsides("indicator"), Text("Indicateurs à suivre", "Indicators to follow")),
        Field("region", Outside("region"), Text("Région (code NUTS)", "Region (NUTS code)")),
        Field("state", _STATES, Text("État", "State"), is_required=True),
        Field("lifts_at", Rows(THRESHOLDS), Text("Levé quand", "Lifted when")),
        Field("lifted_by", Outside("vote"), Text("Levé par la décision", "Lifted by the decision")),
        Field("source", Line(400), Text("D’où il vient", "Where it comes from")),
    ),
    rules=(severity_rests_on_evidence, lifted_by_proof),
)  # fmt: skip


def unanswered(book: Book) -> tuple[Thing, ...]:
    """Return the factors, not lifted, that no objective aims at."""
    return tuple(one for one in book.of("factor")
                 if one.get("state") != LIFTED and not book.linking(one.id, "objective", "factors"))  # fmt: skip
