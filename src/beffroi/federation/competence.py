"""Subsidiarity: which body decides which type of matter, by the statutes of the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.federation.bodies import TYPES, tree_on
from beffroi.federation.statutes_in_force import statutes_on
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from beffroi.charter.book import Book
    from beffroi.federation.statutes import Competence


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table: type of decision, who decides, and the statutes that say so."""

    decision_type: str
    competence: Competence
    source: str

    def say(self, language: str) -> str:
        """The rule as a sentence."""
        bodies = [TYPES[one].say(language) if one in TYPES else one for one in self.competence.bodies]
        own = self.competence.own_territory
        name = self.competence.words.say(language)
        if language == "fr":
            return (f"« {name} » se décide en {' ou '.join(bodies)}{', pour son seul territoire' if own else ''} "
                    f"({self.source})")  # fmt: skip
        only = ", for its own territory only" if own else ""
        return f"'{name}' is decided by: {' or '.join(bodies)}{only} ({self.source})"


def rule_for(book: Book, body: str, decision_type: str, day: str) -> Rule | None:
    """Return the rule for a type of decision as it holds for a body on a day; None where the statutes are silent."""
    statutes = statutes_on(book, body, day)
    found = statutes.competences.get(decision_type) if statutes else None
    return Rule(decision_type, found, statutes.source("competences")) if statutes and found else None


def table_on(book: Book, day: str) -> tuple[Rule, ...]:
    """Return the competence table of a day, by type: that of the first root of the tree which has one."""
    for branch in tree_on(book, day):
        statutes = statutes_on(book, branch.body.id, day) if branch.depth == 0 else None
        if statutes is not None and statutes.competences:
            source = statutes.source("competences")
            return tuple(Rule(name, one, source) for name, one in sorted(statutes.competences.items()))
    return ()


def fault_of(book: Book, body: str, decision_type: str, day: str, *, territory: str = "") -> Text | None:
    """Return why a body may not decide a matter on a day, with the rule; None when it may.

    A type that the statutes do not name is refused too: it says which types there are.

    Args:
        book: things as they stand.
        body: id of the body.
        decision_type: key in the competence table.
        day: of the decision.
        territory: that the matter concerns; empty: that of the body.

    Raises:
        UnknownThingError: no such body.
    """
    one = book.thing(body)
    rule = rule_for(book, body, decision_type, day)
    if rule is None:
        statutes = statutes_on(book, body, day)
        known = ", ".join(statutes.competences) if statutes else ""
        return Text(
            f"Les statuts ne disent pas qui décide « {decision_type} » ; ils connaissent : {known or 'rien'}.",
            f"The statutes do not say who decides '{decision_type}'; they know: {known or 'nothing'}.",
        )
    type_ = str(one.get("type"))
    if type_ not in rule.competence.bodies:
        return Text(
            f"{one.text('name', 'fr')} ({TYPES[type_].fr}) ne peut pas en décider : {rule.say('fr')}.",
            f"{one.text('name', 'en')} ({TYPES[type_].en}) may not decide this: {rule.say('en')}.",
        )
    if rule.competence.own_territory and territory and territory != one.get("territory"):
        return Text(
            f"{one.text('name', 'fr')} ne décide pas pour {territory} : {rule.say('fr')}.",
            f"{one.text('name', 'en')} does not decide for {territory}: {rule.say('en')}.",
        )
    return None
