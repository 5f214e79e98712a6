"""Enter things of a strategy: the one way for doors, templates and stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from beffroi.charter import entries
from beffroi.charter.faults import Fault, RefusedError
from beffroi.strategy import genericity, vision
from beffroi.strategy.action import OVERRIDDEN, STARTED
from beffroi.strategy.facts import NOTHING, Facts
from beffroi.strategy.kinds import KINDS
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.charter.book import Thing
    from beffroi.charter.entries import By

CONTENT_ACTS = frozenset({"created", "changed", "template"})


def create(kind: str, values: Mapping[str, object], *, by: By, facts: Facts = NOTHING, act: str = "created",
           reason: str = "") -> Thing:  # fmt: skip
    """Enter a new thing of a kind and return it.

    Raises:
        RefusedError: its kind or its rules refuse it; every reason is told and nothing is written.
    """
    return entries.create(KINDS[kind], values, by=by, act=act, reason=reason, facts={"strategy": facts})


def change(
    thing: str, values: Mapping[str, object], *, by: By, facts: Facts = NOTHING, act: str = "changed", reason: str = "",
    expected: int | None = None,
) -> Thing:  # fmt: skip
    """Enter what changed in a thing and return it; `expected` is the last entry that the author saw.

    Raises:
        UnknownThingError: no such thing.
        ConflictError: somebody changed it meanwhile.
        RefusedError: values or rules do not allow it.
    """
    return entries.change(KINDS[kind_of(thing)], thing, values, by=by, expected=expected, act=act, reason=reason,
                          facts={"strategy": facts})  # fmt: skip


def archive(thing: str, *, by: By, reason: str = "") -> Thing:
    """Put a thing away: it leaves the lists and stays readable. Nothing is ever deleted."""
    return entries.archive(KINDS[kind_of(thing)], thing, by=by, reason=reason)


def restore(thing: str, *, by: By, reason: str = "") -> Thing:
    """Take an archived thing back into the lists."""
    return entries.restore(KINDS[kind_of(thing)], thing, by=by, reason=reason)


def approve(thing: str, decision: str, *, by: By, facts: Facts) -> Thing:
    """Enter that a decision approved a vision as it reads now, and return it with its new version."""
    now = entries.book().thing(thing)
    if now.get("approved_text") == vision.fingerprint(now.values):
        raise RefusedError([Fault("", Text("Ce texte est déjà approuvé.", "This text is approved already."))])
    values = {
        "approved_text": vision.fingerprint(now.values), "decision": decision,
        "version": 1 + int(str(now.get("version", 0))), "edition": facts.figures.edition_on(by.at.date()),
    }  # fmt: skip
    return change(thing, values, by=by, facts=facts, act=vision.ACT, expected=now.entry)


def approve_by_decision(thing: str, decision: Mapping[str, object], *, by: By, facts: Facts) -> Thing:
    """Enter a decision taken elsewhere and that it approved a vision, both or neither."""
    with transaction.atomic():
        return approve(thing, create("resolution", decision, by=by).id, by=by, facts=facts)


def review(action: str, answer: str, why: str, *, by: By) -> Thing:
    """Enter whether an action would fit any cluster, said by somebody who did not write it."""
    now = entries.book().thing(action)
    # An answer for an older text makes its author no writer of this one.
    history = [one for one in entries.history(action) if one.act in CONTENT_ACTS]
    writers = frozenset(one.author for one in history if set(one.change) & set(genericity.CONTENT))
    values = {"review": answer, "review_why": why, "review_by": by.author,
              "review_text": genericity.fingerprint(now.values)}  # fmt: skip
    return change(action, values, by=by, facts=Facts(writers=writers), act=genericity.ACT, expected=now.entry)


def override(action: str, *, by: By, facts: Facts, reason: str) -> Thing:
    """Start an action although a prerequisite is unmet; its owner says why, and that stays in the log."""
    return change(action, {"state": STARTED}, by=by, facts=facts, act=OVERRIDDEN, reason=reason)


def kind_of(thing: str) -> str:
    """Return the kind that an id begins with.

    >>> kind_of("objective-12")
    'objective'
    """
    kind = thing.rpartition("-")[0]
    if kind not in KINDS:
        raise RefusedError([Fault("", Text(f"« {thing} » n’est pas un numéro de la stratégie.",
                                           f"'{thing}' is no id of the strategy."))])  # fmt: skip
    return kind
