"""Every message of seats and votes, in English and French, with places for its parameters.

Rooms and doors keep ids and parameters; words come last. Pages may have texts of their own for the same ids.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.assembly.faults import Fault

ENGLISH, FRENCH = 0, 1

# ruff: noqa: E501 -- one message a line reads best
MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType({
    # What keeps a vote from opening
    "times": ("The vote opens at {opens} and closes at {closes}: the deadline must follow, both as UTC.", "Le vote ouvre à {opens} et ferme à {closes} : la clôture doit suivre l’ouverture, en temps universel."),
    "nobody_enrolled": ("Nobody may vote.", "Personne ne peut voter."),
    "enrolled_twice": ("{organisation} is on the roll twice.", "{organisation} figure deux fois sur la liste."),
    "weight_not_above_zero": ("{organisation} has the weight {weight}; it must lie above 0.", "{organisation} a le poids {weight} ; il doit dépasser 0."),
    "mandate_times": ("A mandate for {organisation} has no readable dates.", "Un mandat pour {organisation} a des dates illisibles."),
    "share_outside": ("A share is {share}; it must lie from 0 to 1.", "Une part vaut {share} ; elle doit être comprise entre 0 et 1."),
    "unknown_name": ("The statutes say '{name}', which is unknown.", "Les statuts disent « {name} », terme inconnu."),
    "no_majority": ("The statutes name no majority.", "Les statuts ne fixent aucune majorité."),
    "delegation_depth": ("A delegation goes {depth} steps; one at least is needed.", "La délégation va à {depth} degré ; il en faut au moins un."),
    "casting_vote": ("{organisation} cannot have the casting vote: it is not on the roll, or the vote is secret.", "{organisation} ne peut avoir voix prépondérante : absente de la liste, ou vote secret."),
    "split_and_secret": ("A secret vote cannot be split.", "Un vote secret ne peut être fractionné."),
    "candidates_without_election": ("There are candidates, but the statutes name no election.", "Il y a des candidats, mais les statuts ne prévoient pas d’élection."),
    "candidate_twice": ("{candidate} stands twice.", "{candidate} se présente deux fois."),
    "order_incomplete": ("The order for ties must name every candidate once.", "L’ordre de départage doit nommer chaque candidat une fois."),
    "split_in_election": ("Votes for candidates cannot be split.", "Les votes pour des candidats ne peuvent être fractionnés."),
    "seats_and_candidates": ("{seats} seats and {candidates} candidates: there must be one seat at least and as many candidates.", "{seats} sièges pour {candidates} candidats : il faut au moins un siège et autant de candidats."),
    "elects_nobody": ("'{kind}' elects nobody; choose a kind of decision that is an election.", "« {kind} » n’élit personne ; choisissez une sorte de décision qui est une élection."),
    "seats_fixed": ("{seats} seats were given; each election fills {fixed} by the statutes ({version}).", "{seats} sièges sont donnés ; d’après les statuts, chaque élection en pourvoit {fixed} ({version})."),
    "one_seat_only": ("{method} fills one seat.", "{method} pourvoit un seul siège."),
    "class_too_small": ("Only {members} may vote in the class {class}; under {least}, the urn would tell who voted what.", "La classe {class} ne compte que {members} votants ; sous {least}, l’urne dirait qui a voté quoi."),
    # Why an act is not admitted
    "act_form": ("An act '{act}' of another form than expected.", "Un acte « {act} » de forme inattendue."),
    "time_form": ("'{at}' is no time such as 2026-11-22T18:00:00Z.", "« {at} » n’est pas une heure comme 2026-11-22T18:00:00Z."),
    "before_opening": ("{at} is before the vote opens.", "{at} précède l’ouverture du vote."),
    "after_deadline": ("{at} is not before the deadline {closes}.", "{at} n’est pas avant la clôture {closes}."),
    "time_runs_back": ("{at} is earlier than the entry before.", "{at} précède l’entrée d’avant."),
    "not_enrolled": ("{organisation} is not on the roll.", "{organisation} n’est pas sur la liste."),
    "conflict_of_interest": ("{organisation} has declared a conflict of interest.", "{organisation} a déclaré un conflit d’intérêts."),
    "no_mandate": ("{person} has no mandate to act for {organisation}.", "{person} n’a pas mandat d’agir pour {organisation}."),
    "delegated_revoke_first": ("{organisation} has delegated its vote; {person} must revoke that first.", "{organisation} a délégué son vote ; {person} doit d’abord révoquer."),
    "channel_forbidden": ("The statutes do not admit votes by '{channel}'.", "Les statuts n’admettent pas le vote par « {channel} »."),
    "vote_is_secret": ("This vote is secret: no ballot carries a name.", "Ce vote est secret : aucun bulletin ne porte de nom."),
    "vote_is_public": ("This vote is public: there are no tokens.", "Ce vote est public : il n’y a pas de jeton."),
    "token_twice": ("{organisation} already has its token.", "{organisation} a déjà son jeton."),
    "token_class": ("The token is of another class than that of {organisation}.", "Le jeton n’est pas de la classe de {organisation}."),
    "choice_unknown": ("'{choice}' cannot be chosen.", "« {choice} » n’est pas un choix possible."),
    "choice_form": ("A list of candidates is expected.", "Une liste de candidats est attendue."),
    "too_many_choices": ("A ballot names {most} different candidates at most.", "Un bulletin nomme au plus {most} candidats différents."),
    "split_forbidden": ("{organisation} may not split its vote.", "{organisation} ne peut fractionner son vote."),
    "split_sum": ("The parts of {organisation} must sum to its weight {weight}, none below 0.", "Les parts de {organisation} doivent totaliser son poids {weight}, aucune sous 0."),
    "delegation_forbidden": ("The statutes do not admit delegation.", "Les statuts n’admettent pas la délégation."),
    "already_delegated": ("{organisation} has already delegated; revoke that first.", "{organisation} a déjà délégué ; révoquez d’abord."),
    "already_cast": ("The vote of {organisation} is already cast.", "Le vote de {organisation} est déjà exprimé."),
    "delegates_to_itself": ("{organisation} cannot delegate to itself.", "{organisation} ne peut se déléguer à elle-même."),
    "delegation_cycle": ("{to} already votes through {organisation}: the delegation would turn in a ring.", "{to} vote déjà par {organisation} : la délégation tournerait en rond."),
    "delegation_too_deep": ("A delegation goes {depth} step(s) at most.", "Une délégation va au plus à {depth} degré(s)."),
    "too_many_mandates": ("{person} may hold {most} mandates at most.", "{person} peut détenir au plus {most} mandats."),
    "too_much_weight": ("{person} may hold {share} of the weight at most.", "{person} peut détenir au plus {share} du poids."),
    "not_delegated": ("{organisation} has delegated nothing.", "{organisation} n’a rien délégué."),
    "token_not_signed": ("The token {token} is not signed by the office for this vote.", "Le jeton {token} n’est pas signé par le bureau pour ce vote."),
    "token_used_twice": ("The token {token} lies in the urn twice.", "Le jeton {token} figure deux fois dans l’urne."),
    "more_ballots_than_tokens": ("More ballots than the {tokens} tokens given out in the class {class}.", "Plus de bulletins que les {tokens} jetons remis dans la classe {class}."),
    # Why the result is what it is
    "quorum_missed": ("Quorum missed ({of}, {group}): {reached} take part, {needed} are needed.", "Quorum non atteint ({of}, {group}) : {reached} présents, {needed} requis."),
    "majority_reached": ("Majority reached ({of}, {base}): {reached} for, threshold {needed}.", "Majorité atteinte ({of}, {base}) : {reached} pour, seuil {needed}."),
    "majority_missed": ("Majority missed ({of}, {base}): {reached} for, threshold {needed}.", "Majorité non atteinte ({of}, {base}) : {reached} pour, seuil {needed}."),
    "majority_missed_by_nothing": ("Exactly on the threshold ({of}, {base}): {reached} for, more than {needed} is needed.", "Exactement au seuil ({of}, {base}) : {reached} pour, il faut plus de {needed}."),
    "nobody_expressed": ("Nobody counts for this majority ({of}, {base}).", "Personne ne compte pour cette majorité ({of}, {base})."),
    "groups_reached": ("Reached in {met} of {groups} groups ({within}).", "Atteinte dans {met} groupes sur {groups} ({within})."),
    "groups_missed": ("Reached in only {met} of {groups} groups ({within}).", "Atteinte dans seulement {met} groupes sur {groups} ({within})."),
    "casting_vote_for": ("{organisation} decides the tie with its casting vote.", "{organisation} départage par sa voix prépondérante."),
    "elected": ("Elected: {candidates}.", "Élus : {candidates}."),
    "tie_open": ("Nothing decides between {candidates}: the statutes give no order.", "Rien ne départage {candidates} : les statuts ne donnent pas d’ordre."),
    "tie_by_order": ("Put before an equal by the declared order: {candidates}.", "Départagés par l’ordre déclaré : {candidates}."),
    "seats_vacant": ("{seats} seat(s) stay vacant.", "{seats} siège(s) restent vacants."),
    "balance_missed": ("The wish for {trait} {value} is not met: {held} elected. It was not enforced.", "Le souhait {trait} {value} n’est pas satisfait : {held} élus. Il n’est pas imposé."),
    # What does not hold in a box or a log
    "box_hash": ("The box says {said}, but its fingerprint is {found}: it was changed.", "La boîte annonce {said}, mais son empreinte est {found} : elle a été modifiée."),
    "box_not_published": ("{published} was published, this box is {found}.", "L’empreinte publiée est {published}, celle de cette boîte {found}."),
    "chain_form": ("Entry {entry} of the log has another form.", "L’entrée {entry} du journal a une autre forme."),
    "chain_previous": ("Entry {entry} does not follow the one before.", "L’entrée {entry} ne suit pas la précédente."),
    "chain_number": ("Entry {entry} has another number.", "L’entrée {entry} a un autre numéro."),
    "chain_hash": ("Entry {entry} was changed.", "L’entrée {entry} a été modifiée."),
    "chain_head": ("The log ends at entry {entry} with another fingerprint than published.", "Le journal finit à l’entrée {entry} avec une autre empreinte que celle publiée."),
    "vote_was_cancelled": ("The log says that the vote was cancelled: its ballots are counted by nobody, and it has no box.", "Le journal dit que le vote a été annulé : ses bulletins ne sont dépouillés par personne, et il n’a pas de boîte."),
    "log_frame": ("The log has no opening and close.", "Le journal n’a ni ouverture ni clôture."),
    "opening_differs": ("Text, roll or rules are not those that were frozen.", "Le texte, la liste ou les règles ne sont pas ceux qui ont été figés."),
    "closing_differs": ("The log does not end with the close of this vote.", "Le journal ne finit pas par la clôture de ce vote."),
    "keys_and_classes": ("The keys are not those of the classes of the roll.", "Les clés ne sont pas celles des classes de la liste."),
    "urn_root": ("The urn is not the one that was closed.", "L’urne n’est pas celle qui a été close."),
    "result_differs": ("Counted again, the result is another one.", "Recompté, le résultat est autre."),
})  # fmt: skip


def say(found: Fault, language: int = ENGLISH) -> str:
    """Return a message in words.

    >>> from beffroi.assembly.faults import fault
    >>> say(fault("token_twice", organisation="O1"))
    'O1 already has its token.'
    >>> say(fault("token_twice", organisation="O1"), FRENCH)
    'O1 a déjà son jeton.'
    """
    return MESSAGES[found.id][language].format_map(dict(found.params))
