"""The vision: a statement, a horizon, measurable claims; approved by a decision, version after version.

A vision is never in a state that somebody sets. It is approved when the text that was approved is its text: whoever
edits it writes the draft of the next version, and the last approved one stays in force and readable.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from beffroi.charter.book import after
from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Both, Line, Number, Outside, Rows, Whole
from beffroi.charter.shape import Change, Kind
from beffroi.strategy.decision import APPROVED, outcome_of
from beffroi.strategy.facts import facts_of
from beffroi.strategy.fields import INDICATOR_FIELD, NAME, REGION_FIELD, YEAR
from beffroi.strategy.figures import Figures, figure_of
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from beffroi.charter.book import Book, Entry, Thing
    from beffroi.vocabulary.figure import Figure

CONTENT = ("name", "statement", "horizon", "claims", "stages")
APPROVAL = ("approved_text", "version", "decision", "edition")
ACT = "approved"
MOST_ROWS = 8

_CLAIMS = Rows((
    Field("name", Both(120), Text("Ce que l’on vise", "What is aimed at"), is_required=True),
    INDICATOR_FIELD, REGION_FIELD,
    Field("target", Number(), Text("Cible", "Target"), is_required=True),
    Field("due", YEAR, Text("D’ici à l’année", "By the year"), is_required=True),
))  # fmt: skip
_STAGES = Rows(
    (
        Field("name", Both(120), Text("Étape", "Stage"), is_required=True),
        Field("said", Both(200), Text("À quoi on la reconnaît", "How one will know")),
        Field("due", YEAR, Text("D’ici à l’année", "By the year")),
    )
)


def only_a_decision_approves(change: Change) -> Iterator[Fault]:
    """Approval needs a measurable claim, a horizon, and an approved decision on this very text."""
    if change.act != ACT:
        touched = next((one for one in APPROVAL if change.is_set(one)), None)
        if touched:
            yield Fault(touched, Text("Seule une décision approuve une vision.", "Only a decision approves a vision."))
        return
    if not change.after.rows("claims") or not change.after.get("horizon"):
        yield Fault("claims", Text(
            "Une vision approuvée a un horizon et au moins un engagement mesurable, avec sa cible.",
            "An approved vision has a horizon and at least one measurable claim, with its target."))  # fmt: skip
    decision = change.after.text("decision")
    found = outcome_of(decision, change.book, facts_of(change).votes)
    if found is None or found.outcome != APPROVED:
        yield Fault("decision", Text(
            f"« {decision} » n’est pas une décision approuvée. Donnez le numéro d’un vote clos ou d’une décision.",
            f"'{decision}' is no approved decision. Give the id of a closed vote or of a decision."))  # fmt: skip
    elif found.text_hash and found.text_hash != change.after.get("approved_text"):
        yield Fault("decision", Text("Le texte voté n’est pas celui-ci.", "The text voted is not this one."))


def fits_one_page(change: Change) -> Iterator[Fault]:
    """A vision is read in two minutes and printed on one page: eight claims and eight stages at most."""
    for name in ("claims", "stages"):
        if len(change.after.rows(name)) > MOST_ROWS:
            yield Fault(name, Text(f"{MOST_ROWS} lignes au plus\u00a0: une vision se lit en deux minutes.",
                                   f"{MOST_ROWS} rows at most: a vision is read in two minutes."))  # fmt: skip


VISION = Kind(
    "vision", Text("vision", "vision"), Text("visions", "visions"),
    (
        NAME,
        Field("statement", Both(1500), Text("La vision", "The vision"),
              Text("Ce que le territoire veut devenir, pas ce qu’il va faire.",
                   "What the territory wants to become, not what it will do."), is_required=True),
        Field("horizon", YEAR, Text("Horizon (année)", "Horizon (year)")),
        Field("claims", _CLAIMS, Text("Engagements mesurables", "Measurable claims")),
        Field("stages", _STAGES, Text("Étapes", "Stages")),
        Field("approved_text", Line(64), Text("Empreinte du texte approuvé", "Fingerprint of the approved text")),
        Field("version", Whole(1), Text("Version approuvée", "Approved version")),
        Field("decision", Outside("vote"), Text("Décision", "Decision")),
        Field("edition", Line(20), Text("Édition au jour de l’approbation", "Edition on the day of approval")),
    ),
    rules=(only_a_decision_approves, fits_one_page),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """A version as approved: its number, day, decision, the edition of that day, and the vision as it read."""

    number: int
    on: date
    decision: str
    edition: str
    vision: Thing


@dataclass(frozen=True, slots=True)
class Headline:
    """A claim beside today's figure; `gap` is what is still missing (0 when reached), None without a figure."""

    name: Text
    indicator: str
    region: str
    target: Decimal
    due: int
    figure: Figure | None
    gap: Decimal | None
    is_stale: bool


def fingerprint(values: Mapping[str, object]) -> str:
    """Return the SHA-256 of a vision's content, which a vote refers to.

    >>> fingerprint({"name": {"fr": "A", "en": "A"}})[:8] == fingerprint({"name": {"en": "A", "fr": "A"}, "x": 1})[:8]
    True
    """
    content = {name: values[name] for name in CONTENT if name in values}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_in_force(vision: Thing) -> bool:
    """Whether some version of it was approved."""
    return bool(vision.get("version"))


def has_open_draft(vision: Thing) -> bool:
    """Whether its text differs from the approved one, or none was approved."""
    return vision.get("approved_text") != fingerprint(vision.values)


def versions(history: Iterable[Entry]) -> tuple[Version, ...]:
    """Return the approved versions of a vision, oldest first, from its entries."""
    found: list[Version] = []
    thing = None
    for entry in history:
        thing = after(thing, entry)
        if entry.act == ACT:
            found.append(Version(int(str(thing.get("version"))), entry.at.date(), thing.text("decision"),
                                 thing.text("edition"), thing))  # fmt: skip
    return tuple(found)


def headlines(vision: Thing, book: Book, figures: Figures, *, on: date, edition: str = "") -> tuple[Headline, ...]:
    """Return each claim beside its figure of an edition (empty: the current one)."""
    found = []
    for row in vision.rows("claims"):
        figure = figure_of(figures, book, str(row["indicator"]), str(row.get("region", "")), edition)
        found.append(_headline(row, figure, on))
    return tuple(found)


def _headline(row: Mapping[str, object], figure: Figure | None, on: date) -> Headline:
    target = Decimal(str(row["target"]))
    name = row["name"]
    said = Text(name["fr"], name["en"]) if isinstance(name, dict) else Text(str(name), str(name))
    gap = None if figure is None else max(Decimal(0), (target - figure.value) * figure.direction)
    is_stale = figure is not None and figure.is_stale(on)
    return Headline(said, str(row["indicator"]), str(row.get("region", "")), target, int(str(row["due"])), figure, gap,
                    is_stale)  # fmt: skip
