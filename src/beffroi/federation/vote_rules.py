"""What a body may put to the vote on a day, and under which rules: statutes in force, read as a vote wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.assembly.decision_rule import PUBLIC, SECRET, DecisionRule
from beffroi.federation import competence
from beffroi.federation.bodies import bodies_on
from beffroi.federation.dated import holds_on
from beffroi.federation.statutes import of_type
from beffroi.federation.statutes_in_force import statutes_on
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from beffroi.charter.book import Book
    from beffroi.federation.statutes import BodyStatutes


class NoVoteRuleError(UsageError):
    """A body may not put a matter to the vote."""


def vote_rule(book: Book, body: str, decision_type: str, day: str) -> DecisionRule:
    """Return the rule under which a body votes on a type of decision on a day.

    Args:
        book: things as they stand.
        body: id of the body.
        decision_type: key in the competence table.
        day: on which the vote is frozen.

    Raises:
        NoVoteRuleError: no such body on that day, or its statutes do not let it decide this.
    """
    one = book.find(body)
    if one is None or one.kind != "body" or not holds_on(one, day):
        raise NoVoteRuleError(Text(
            f"{body} n’est pas une instance qui existe le {day}. Choisissez-en une de « beffroi bodies list ».",
            f"{body} is no body that stands on {day}. Choose one of 'beffroi bodies list'."))  # fmt: skip
    refused = competence.fault_of(book, body, decision_type, day)
    statutes = statutes_on(book, body, day)
    if refused is not None or statutes is None:
        raise NoVoteRuleError(refused or Text(f"{body} n’a pas de statuts.", f"{body} has no statutes."))
    name = Text(one.text("name", "fr"), one.text("name", "en"))
    return _rule(statutes, decision_type, body, name)


def vote_rules(book: Book, day: str) -> tuple[DecisionRule, ...]:
    """Return every rule under which some body may vote on a day, body by body, types sorted."""
    found = []
    for one in bodies_on(book, day):
        statutes = statutes_on(book, one.id, day)
        types = sorted(statutes.competences) if statutes else ()
        theirs = (each for each in types if competence.fault_of(book, one.id, each, day) is None)
        found += [vote_rule(book, one.id, each, day) for each in theirs]
    return tuple(found)


def _rule(statutes: BodyStatutes, decision_type: str, body: str, body_name: Text) -> DecisionRule:
    election, secrecies = statutes.elections.get(decision_type), statutes.secrecies(decision_type)
    section = next((one for one in ("majorities", "quorum", "competences") if one in statutes.sources), "")
    words, version = statutes.competences[decision_type].words, statutes.source(section)
    silent = Text(f"{words.fr} : d’après {version}", f"{words.en}: by {version}")
    return DecisionRule(
        id=decision_type, name=words, body=body, body_name=body_name,
        article=of_type(statutes.articles, decision_type, silent), version=version,
        secrecy=secrecies, quorum=statutes.quorum_for(decision_type),
        majorities=() if election else statutes.majorities_for(decision_type),
        channels=statutes.channels_for(decision_type) if PUBLIC in secrecies else (),
        secret_channels=statutes.secret_channels_for(decision_type) if SECRET in secrecies else (),
        delegation=statutes.delegation, split=statutes.may_split, casting_vote=statutes.casting_vote or None,
        election=election, least_notice_hours=of_type(statutes.vote_notice_hours, decision_type, 0),
        least_open_hours=of_type(statutes.least_open_hours, decision_type, 0),
    )  # fmt: skip
