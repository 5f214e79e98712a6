"""Actions: what a programme does, in which order, on whose account, at what cost and to what effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Choice, Day, Link, Links, Outsides, Rows
from beffroi.charter.shape import Change, Kind
from beffroi.strategy import genericity
from beffroi.strategy.facts import facts_of
from beffroi.strategy.fields import ASSETS, FACTORS, FIGURES, NAME, OBJECTIVES, OWNER, SAID, SPENT, THRESHOLDS
from beffroi.strategy.measure import EFFECT, measured_says_how
from beffroi.strategy.order import FINISHED, cycle_through, unmet
from beffroi.strategy.programme import draft_vision
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

DRAFT, PUBLISHED, STARTED, STOPPED = "draft", "published", "started", "stopped"
OVERRIDDEN = "overridden"  # the act of an owner who starts an action although a prerequisite is unmet
STATES = Choice({
    DRAFT: Text("brouillon", "draft"), PUBLISHED: Text("publiée", "published"), STARTED: Text("engagée", "started"),
    FINISHED: Text("achevée", "finished"), STOPPED: Text("arrêtée", "stopped"),
})  # fmt: skip
STATES_OF = {  # French agrees: une action publiée, un projet publié
    "action": STATES,
    "project": Choice({
        DRAFT: Text("brouillon", "draft"), PUBLISHED: Text("publié", "published"), STARTED: Text("engagé", "started"),
        FINISHED: Text("achevé", "finished"), STOPPED: Text("arrêté", "stopped"),
    }),
}  # fmt: skip
NEXT = {
    DRAFT: {PUBLISHED, STOPPED}, PUBLISHED: {DRAFT, STARTED, STOPPED}, STARTED: {FINISHED, STOPPED},
    FINISHED: {STARTED}, STOPPED: {DRAFT},
}  # fmt: skip
REASONED = {(PUBLISHED, DRAFT), (FINISHED, STARTED), (STOPPED, DRAFT), (DRAFT, STOPPED), (PUBLISHED, STOPPED),
            (STARTED, STOPPED)}  # fmt: skip


def vision_comes_first(change: Change) -> Iterator[Fault]:
    """No action enters a programme whose vision was never approved."""
    if change.before is not None and not change.is_set("programme"):
        return
    programme = change.book.find(change.after.text("programme"))
    vision = draft_vision(change.book, programme) if programme else None
    if programme is not None and vision is not None:
        yield Fault("programme", Text(
            f"La vision de {programme.id} ({vision.id}) est encore un brouillon. D’abord la vision, puis les moyens : "
            "faites-la approuver, et revenez.",
            f"The vision of {programme.id} ({vision.id}) is still a draft. Vision first, then means: have it approved, "
            "then come back."))  # fmt: skip


def states_follow(change: Change) -> Iterator[Fault]:
    """States come in their order; steps back and ends need a reason."""
    before = change.before.text("state") if change.before else DRAFT
    now = change.after.text("state")
    if before == now:
        return
    if now not in NEXT[before]:
        names = STATES_OF[change.after.kind].options
        yield Fault("state", Text(f"De « {names[before].fr} », on ne passe pas à « {names[now].fr} ».",
                                  f"From “{names[before].en}” one does not go to “{names[now].en}”."))  # fmt: skip
    elif (before, now) in REASONED and not change.reason.strip():
        yield Fault("state", Text("Dites pourquoi.", "Say why."))


def published_is_tied(change: Change) -> Iterator[Fault]:
    """Once published, an action serves an objective, is tied to the territory, and was questioned by another."""
    if change.after.get("state") in {DRAFT, STOPPED}:
        return
    if not change.after.ids("objectives"):
        yield Fault("objectives", Text("Une action sans objectif n’est pas publiée : rattachez-la à un objectif.",
                                       "An action without an objective is not published: tie it to one."))  # fmt: skip
    if change.is_set("state") and change.after.get("state") == PUBLISHED:
        yield from genericity.missing(change.after)
    elif not genericity.links_of(change.after):
        yield from (one for one in genericity.missing(change.after) if one.field == "assets")


def starts_in_its_turn(change: Change) -> Iterator[Fault]:
    """An action starts when its prerequisites hold, or when its owner overrides with a written reason."""
    if change.after.get("state") != STARTED or not change.is_set("state"):
        return
    facts = facts_of(change)
    left = unmet(change.after, change.book, facts)
    if change.act == OVERRIDDEN:
        if not facts.is_office and change.after.text("owner") not in facts.speaks_for:
            yield Fault("state", Text("Seul le porteur peut passer outre.", "Only the owner may override."))
        if not change.reason.strip():
            yield Fault("state", Text("Passer outre demande une raison écrite.", "To override takes a written reason."))
        return
    for one in left:
        yield Fault("state", Text(f"Condition non remplie : {one.said.fr}.", f"Prerequisite unmet: {one.said.en}."))


def no_circle(change: Change) -> Iterator[Fault]:
    """No action waits for itself."""
    if change.is_set("after"):
        circle = cycle_through(change.after, change.book)
        if circle:
            said = " → ".join(circle)
            yield Fault("after", Text(f"Ces actions s’attendent en cercle : {said}.",
                                      f"These actions wait for one another in a circle: {said}."))  # fmt: skip


def days_in_order(change: Change) -> Iterator[Fault]:
    """It ends after it starts."""
    starts, ends = change.after.text("starts"), change.after.text("ends")
    if starts and ends and ends < starts:
        yield Fault("ends", Text("La fin précède le début.", "The end is before the start."))


ACTION = Kind(
    "action", Text("action", "action"), Text("actions", "actions"),
    (
        NAME, SAID, OWNER,
        Field("programme", Link(("programme",)), Text("Programme", "Programme"), is_required=True),
        OBJECTIVES, ASSETS, FACTORS, FIGURES,
        Field("state", STATES, Text("État", "State"), is_required=True),
        Field("starts", Day(), Text("Début", "Start")),
        Field("ends", Day(), Text("Fin", "End")),
        Field("after", Links(("action",)), Text("Après les actions", "After the actions")),
        Field("decisions", Outsides("vote"), Text("Après les décisions", "After the decisions")),
        Field("thresholds", Rows(THRESHOLDS), Text("Quand les seuils sont passés", "When thresholds are passed")),
        Field("costs", Rows(SPENT), Text("Coûts par financeur et par an", "Costs by funder and year")),
        *EFFECT, *genericity.REVIEW,
    ),
    rules=(vision_comes_first, states_follow, published_is_tied, starts_in_its_turn, no_circle, days_in_order,
           measured_says_how, genericity.reviewed_by_another),
)  # fmt: skip
