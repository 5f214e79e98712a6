"""What pages say of votes: rules as sentences, written in each language; states and choices by gettext."""

# ruff: noqa: E501 -- sentences stay whole, to be read and searched for

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from beffroi.assembly.faults import Fault
from beffroi.strategy.approval_words import ENGLISH, FRENCH, say
from beffroi.web.words import JOINED, enumeration

if TYPE_CHECKING:
    from collections.abc import Mapping

PARTS = {
    Fraction(1, 2): ("la moitié", "half"), Fraction(1, 3): ("un tiers", "a third"), Fraction(2, 3): ("deux tiers", "two thirds"),
    Fraction(1, 4): ("un quart", "a quarter"), Fraction(3, 4): ("trois quarts", "three quarters"), Fraction(1): ("la totalité", "all"),
}  # fmt: skip

MEASURES = {"members": ("membres", "members"), "weight": ("poids", "weight")}
BASES = {
    "expressed": ("voix pour et contre", "the votes for and against"), "present": ("présents", "those there"),
    "cast": ("bulletins, abstentions comprises", "all ballots, abstentions included"), "enrolled": ("inscrits", "the roll"),
}  # fmt: skip


def choice_names() -> dict[str, str]:
    """Choices in the reader's language."""
    return {"for": _("for"), "against": _("against"), "abstain": _("abstention")}


def outcome_names() -> dict[str, str]:
    """Outcomes and states of a vote in the reader's language."""
    return {
        "approved": _("approved"), "refused": _("refused"), "no_decision": _("no decision"), "elected": _("elected"),
        "tie": _("undecided: a tie"), "coming": _("not open yet"), "open": _("open"), "counting": _("to be counted"),
        "cancelled": pgettext("vote", "cancelled"),
    }  # fmt: skip


def office_names() -> dict[str, str]:
    """Who cancels a vote, in the reader's language."""
    return {"election_officer": _("the election officer"), "operator": _("the operator of the house")}


def outcome_sentences() -> dict[str, str]:
    """The answer of a result page."""
    return {
        "approved": _("The text is approved."), "refused": _("The text is refused."),
        "no_decision": _("There is no decision: too few took part. That is no refusal."),
        "elected": _("The election is decided."), "tie": _("Nothing decides between equals: there is no full result."),
    }  # fmt: skip


def channel_names() -> dict[str, str]:
    """Ways to vote in the reader's language."""
    return {"room": _("in the room"), "remote": _("remotely"), "post": _("by post")}


def method_names() -> dict[str, str]:
    """Methods of election in the reader's language."""
    return {
        "approval": _("approval: most named are elected"), "plurality": _("most votes"),
        "instant-runoff": _("instant run-off: order the candidates"), "schulze": _("Schulze: order the candidates"),
    }  # fmt: skip


def act_names() -> dict[str, str]:
    """Acts of a vote's log in the reader's language."""
    return {
        "open": _("opened"), "attend": _("is there"), "delegate": _("delegated to"), "revoke": _("took the delegation back"),
        "cast": _("ballot"), "token": _("took a token"), "close": pgettext("vote", "closed"),
        "cancel": pgettext("vote", "cancelled"),
    }  # fmt: skip


def state_names() -> dict[str, str]:
    """States of a draft in the reader's language."""
    return {
        "drafting": _("being drafted"), "handed_in": _("handed in"), "voting": _("put to the vote"),
        "counting": _("to be counted"), "approved": _("approved"),
    }  # fmt: skip


def part(share: str, language: str) -> str:
    """A share in words where it has some, else as a fraction."""
    exact = Fraction(share)
    names = PARTS.get(exact)
    return (names[0 if language == "fr" else 1]) if names else str(exact)


def rule_sentences(statutes: Mapping[str, Any], language: str) -> list[str]:
    """The rules of a vote as sentences: quorum, majority, ways to vote, delegation, split votes."""
    said = [_quorum(one, language) for one in statutes["quorum"]]
    said += [_majority(one, language) for one in statutes["majorities"] if statutes["election"] is None]
    names = channel_names()
    ways = enumeration([names[one] for one in statutes["channels"]], language)
    said.append(f"On vote {ways}." if language == "fr" else f"Votes are cast {ways}.")
    return [*said, *_election(statutes["election"], language), *_freedoms(statutes, language)]


def _quorum(one: Mapping[str, Any], language: str) -> str:
    share = part(one["share"], language)
    if language == "fr":
        more, of = "plus de " if one["strict"] else "au moins ", "des membres" if one["of"] == "members" else "du poids"
        within = f", dans chaque {'collège' if one['within'] == 'college' else 'territoire'}" if one["within"] else ""
        return f"Quorum{JOINED}: {more}{share} {of} doit prendre part au vote{within}. Sinon il n’y a pas de décision."
    more, of = "more than " if one["strict"] else "at least ", "the members" if one["of"] == "members" else "the weight"
    within = f", in each {one['within']}" if one["within"] else ""
    return f"Quorum: {more}{share} of {of} must take part{within}. Otherwise there is no decision."


def _majority(one: Mapping[str, Any], language: str) -> str:
    share, base = part(one["share"], language), BASES[one["base"]]
    if language == "fr":
        more = "plus de " if one["strict"] else "au moins "
        unit = "en nombre de membres" if one["of"] == "members" else "pondérées"
        return f"Majorité{JOINED}: {more}{share} des {base[0]} ({unit})."
    more, unit = (
        ("more than " if one["strict"] else "at least "),
        "members counted" if one["of"] == "members" else "weighted",
    )
    return f"Majority: {more}{share} of {base[1]} ({unit})."


def _election(one: Mapping[str, Any] | None, language: str) -> list[str]:
    if one is None:
        return []
    method = method_names()[one["method"]]
    if language == "fr":
        return [f"Sièges à pourvoir{JOINED}: {one['seats']}. Méthode{JOINED}: {method}."]
    return [f"Seats to fill: {one['seats']}. Method: {method}."]


def _freedoms(statutes: Mapping[str, Any], language: str) -> list[str]:
    given, said = statutes["delegation"], []
    if given is not None and language == "fr":
        most = f", {given['per_person']} délégations au plus par personne" if given["per_person"] else ""
        said.append(f"Délégation admise, sur {given['depth']} degré{'s' if given['depth'] > 1 else ''}{most}.")
    elif given is not None:
        most = f", {given['per_person']} in one hand at most" if given["per_person"] else ""
        said.append(f"Delegation is admitted, {given['depth']} step{'s' if given['depth'] > 1 else ''} deep{most}.")
    if statutes["split"]:
        said.append("Une organisation qui vote pour plusieurs peut fractionner son poids." if language == "fr"
                    else "An organisation that votes for several may split its weight.")  # fmt: skip
    return said


def said_fault(found: Fault, names: Mapping[str, str], language: str) -> str:
    """A reason in words, with the names of organisations instead of their addresses."""
    params = tuple((key, names.get(value, value) if key in {"organisation", "to", "candidates"} else value)
                   for key, value in found.params)  # fmt: skip
    if found.id == "quorum_missed":
        return _quorum_missed(dict(found.params), language)
    if "base" in dict(found.params):
        params = tuple((key, _measured(key, value, language)) for key, value in params)
    return say(Fault(found.id, params), FRENCH if language == "fr" else ENGLISH)


def _measured(key: str, value: str, language: str) -> str:
    """What a majority counts, and of what, in words; other values stay."""
    known = {"of": MEASURES, "base": BASES}.get(key, {})
    return known[value][0 if language == "fr" else 1] if value in known else value


def _quorum_missed(params: Mapping[str, str], language: str) -> str:
    """How many took part and how many were needed, by members or by weight, in a group where there are groups."""
    is_french = language == "fr"
    needed, group = Fraction(params["needed"]), params["group"]
    if params["of"] == "members":
        least = str(math.ceil(needed))
        within = (f" dans {group}" if is_french else f" in {group}") if group else ""
        if is_french:
            return f"Quorum non atteint{within}{JOINED}: membres ayant pris part, {params['reached']}{JOINED}; requis, {least}."
        return f"Quorum missed{within}: {params['reached']} members took part, {least} are needed."
    within = f" ({group})" if group else ""
    if is_french:
        return f"Quorum non atteint{within}{JOINED}: poids des votants, {params['reached']}{JOINED}; requis, {needed}."
    return f"Quorum missed{within}: those who took part weigh {params['reached']}, {needed} is needed."
