"""Messages of approval in English and French, beside those of `assembly`."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from beffroi.assembly import words
from beffroi.assembly.words import ENGLISH, FRENCH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.assembly.faults import Fault

__all__ = ["ENGLISH", "FRENCH", "MESSAGES", "say"]

# ruff: noqa: E501 -- one message a line reads best
MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType({
    "secrecy_forbidden": ("The statutes do not admit a vote that is {secrecy}: “{article_en}”", "Les statuts n’admettent pas ce secret ou cette publicité du vote ({secrecy}) : « {article_fr} »"),
    "statutes_forbid_channel": ("The statutes do not admit votes by '{channel}': “{article_en}”", "Les statuts n’admettent pas le vote par « {channel} » : « {article_fr} »"),
    "no_channel": ("No way to vote is chosen.", "Aucune façon de voter n’est choisie."),
    "notice_too_short": ("The statutes ask for {hours} hour(s) of notice before the first ballot.", "Les statuts demandent un préavis de {hours} heure(s) avant le premier bulletin."),
    "open_too_short": ("The statutes ask for {hours} hour(s) between the first ballot and the deadline.", "Les statuts demandent {hours} heure(s) entre le premier bulletin et la clôture."),
    "seats_not_given": ("An election says how many seats it fills.", "Une élection dit combien de sièges elle pourvoit."),
    "vote_cancelled": ("The vote was cancelled at {at}: it takes no ballot, and nothing is counted.", "Le vote a été annulé à {at} : il ne reçoit aucun bulletin et n’est pas dépouillé."),
    "already_settled": ("The vote is over since {closes}: it is counted, and cannot be cancelled any more.", "Le vote est clos depuis {closes} : il est dépouillé et ne peut plus être annulé."),
    "no_reason": ("A cancelled vote says why: give a reason of 1 to {longest} letters.", "Un vote annulé dit pourquoi : donnez une raison de 1 à {longest} lettres."),
    "seat_rule_broken": ("The frozen seat rule is damaged, or no longer gives its result.", "La règle de sièges figée est abîmée, ou ne donne plus son résultat."),
    "vote_not_secret": ("This vote is public: there is no urn.", "Ce vote est public : il n’y a pas d’urne."),
    "not_closed_yet": ("The vote closes at {closes}; it cannot be counted before.", "Le vote ferme à {closes} ; il ne peut être dépouillé avant."),
    "channel_not_here": ("Ballots by '{channel}' are recorded by the election officer.", "Les bulletins par « {channel} » sont enregistrés par le responsable du scrutin."),
    "mandate_ended": ("The mandate of {person} for {organisation} ended after the roll was frozen.", "Le mandat de {person} pour {organisation} a pris fin après le gel de la liste."),
    "blinded_form": ("What was shown to be signed is no hexadecimal number of {digits} digits.", "Ce qui est présenté à la signature n’est pas un nombre hexadécimal de {digits} chiffres."),
})  # fmt: skip


def say(found: Fault, language: int = ENGLISH) -> str:
    """Return a message in words.

    >>> from beffroi.assembly.faults import fault
    >>> say(fault("no_channel")), say(fault("token_twice", organisation="O1"), FRENCH)
    ('No way to vote is chosen.', 'O1 a déjà son jeton.')
    """
    if found.id in MESSAGES:
        return MESSAGES[found.id][language].format_map(dict(found.params))
    return words.say(found, language)
