"""The count: from a frozen vote and its log to the decision, every number, and reasons.

The outcome is one of `approved`, `refused`, `no_decision` (the quorum is missed, which is never a refusal), `elected`,
`tie` (an election that nothing decides; some may be elected all the same).
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING

from beffroi.assembly.count import Voice, Voices, check_majority, check_quorum, total
from beffroi.assembly.election import Elected, instant_runoff, most_votes, schulze
from beffroi.assembly.exact import written
from beffroi.assembly.faults import Fault, fault
from beffroi.assembly.ledger import Ledger
from beffroi.assembly.secret import ballot_fault
from beffroi.assembly.vote import CHOICES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from beffroi.assembly.blind_signature import PublicKey
    from beffroi.assembly.secret import UrnBallot
    from beffroi.assembly.vote import Balance, Election, Elector, Vote

Record = dict[str, object]


def tally(
    vote: Vote,
    acts: Sequence[Mapping[str, object]],
    *,
    urn: Sequence[UrnBallot] = (),
    keys: Mapping[str, PublicKey] | None = None,
) -> Record:
    """Count a vote.

    Args:
        vote: frozen, without faults.
        acts: the log between opening and close, in its order.
        urn: the ballots of a secret vote.
        keys: of a secret vote, by class.

    Returns:
        A record that JSON holds: `outcome`, `turnout`, `counts`, `quorum`, `majorities`, `election`, `not_counted`,
        `reasons`. Fractions are texts.

    >>> from beffroi.assembly.vote import Elector, Mandate, Statutes, Text, Vote
    >>> one = Elector("O1", Fraction(1), (Mandate("P1", "2026-01-01T00:00:00Z"),))
    >>> day = "2026-11-22T08:00:00Z", "2026-11-22T18:00:00Z"
    >>> vote = Vote("v", "Title", *day, False, Text(1, "We do it."), Statutes(), (one,))
    >>> act = {"act": "cast", "at": day[0], "organisation": "O1", "by": "P1", "channel": "room", "choice": "for"}
    >>> tally(vote, [act])["outcome"]
    'approved'
    """
    ledger = Ledger(vote)
    refused: list[Record] = []
    for place, act in enumerate(acts, start=2):  # the first entry of the log opens the vote
        refused += [{"entry": place, **one.as_record()} for one in ledger.enter(act)]
    counted: list[UrnBallot] = []
    if vote.is_secret:
        counted, faults = _admitted(vote, ledger, urn, keys or {})
        refused += faults
        voices, names = _classes(vote, ledger, counted), _names_in(vote, counted)
    else:
        voices, names = _members(vote, ledger), _names_of(vote, ledger)
    quorum = [check_quorum(rule, voices) for rule in vote.statutes.quorum]
    election = vote.statutes.election
    turnout = {what: _both(voices, what) for what in ("enrolled", "present", "cast")}
    result: Record = {
        "turnout": turnout,
        "counts": {name: _both(voices, name) for name in CHOICES} if election is None else {},
        "quorum": quorum,
        "majorities": [],
        "election": None,
        "not_counted": refused,
    }
    if not all(one["met"] for one in quorum):
        return {**result, "outcome": "no_decision", "reasons": [one.as_record() for one in _quorum_reasons(quorum)]}
    if election is None:
        return {**result, **_decide(vote, ledger, voices)}
    return {**result, **_elect(vote, election, names)}


def _both(voices: Sequence[Voice], what: str) -> dict[str, str]:
    return {of: written(total(voices, what, of)) for of in ("members", "weight")}


def _members(vote: Vote, ledger: Ledger) -> list[Voice]:
    voices = Voices(one.weight for one in vote.enrolled)
    for one in vote.enrolled:
        ballot = ledger.ballots.get(one.organisation)
        shares: Mapping[str, Fraction] = {}
        if ballot is not None:
            # A ballot of names takes part whole; what it elects is counted elsewhere.
            shares = {"for": one.weight} if isinstance(ballot.choice, tuple) else ballot.choice
        there = int(ballot is not None or one.organisation in ledger.present)
        voices.add(one.weight, present=there, shares=shares, place=(one.college, one.territory))
    return voices.all()


def _names_of(vote: Vote, ledger: Ledger) -> dict[tuple[str, ...], Fraction]:
    sums: dict[tuple[str, ...], Fraction] = {}
    for one in vote.enrolled:
        ballot = ledger.ballots.get(one.organisation)
        if ballot is not None and isinstance(ballot.choice, tuple):
            sums[ballot.choice] = sums.get(ballot.choice, Fraction(0)) + one.weight
    return sums


def _admitted(
    vote: Vote, ledger: Ledger, urn: Sequence[UrnBallot], keys: Mapping[str, PublicKey]
) -> tuple[list[UrnBallot], list[Record]]:
    """Sort out urn ballots: unsigned, double, or more in a class than tokens were given out."""
    given = Counter(ledger.tokens.values())
    taken: Counter[str] = Counter()
    seen: set[str] = set()
    counted, faults = [], []
    for place, one in enumerate(urn, start=1):
        found = ballot_fault(vote, keys, one)
        if found is None and one.token in seen:
            found = fault("token_used_twice", token=one.token)
        if found is None and taken[one.class_id] >= given[one.class_id]:
            found = fault("more_ballots_than_tokens", **{"class": one.class_id}, tokens=given[one.class_id])
        if found is not None:
            faults.append({"ballot": place, **found.as_record()})
            continue
        seen.add(one.token)
        taken[one.class_id] += 1
        counted.append(one)
    return counted, faults


def _classes(vote: Vote, ledger: Ledger, counted: Sequence[UrnBallot]) -> list[Voice]:
    own: dict[str, list[str]] = {}
    first: dict[str, Elector] = {}
    for one in vote.enrolled:
        name = vote.class_of(one)
        own.setdefault(name, []).append(one.organisation)
        first.setdefault(name, one)
    chosen = Counter((one.class_id, one.choice if isinstance(one.choice, str) else "for") for one in counted)
    voices = Voices(one.weight for one in vote.enrolled)
    for name, organisations in own.items():
        one = first[name]
        there = sum(each in ledger.tokens or each in ledger.present for each in organisations)
        shares = {choice: one.weight * chosen[name, choice] for choice in CHOICES if chosen[name, choice]}
        # College and territory differ within a class only where no rule looks at them.
        place = (one.college, one.territory)
        voices.add(one.weight, present=there, shares=shares, place=place, members=len(organisations))
    return voices.all()


def _names_in(vote: Vote, counted: Sequence[UrnBallot]) -> dict[tuple[str, ...], Fraction]:
    weights = {vote.class_of(one): one.weight for one in vote.enrolled}
    sums: dict[tuple[str, ...], Fraction] = {}
    for one in counted:
        if not isinstance(one.choice, str):
            names = tuple(one.choice)
            sums[names] = sums.get(names, Fraction(0)) + weights[one.class_id]
    return sums


def _quorum_reasons(quorum: Sequence[Record]) -> list[Fault]:
    return [
        fault("quorum_missed", of=one["of"], group=group["group"], needed=group["needed"], reached=group["reached"])
        for one in quorum
        for group in one["groups"]  # type: ignore[attr-defined]  # -- check_quorum gives a list of records
        if not group["met"]
    ]


def _decide(vote: Vote, ledger: Ledger, voices: Sequence[Voice]) -> Record:
    reasons: list[Fault] = []
    found = [check_majority(rule, voices) for rule in vote.statutes.majorities]
    casting = vote.statutes.casting_vote
    ballot = ledger.ballots.get(casting) if casting is not None else None
    for one in found:
        groups: list[Record] = one["groups"]  # type: ignore[assignment]  # -- check_majority gives a list of records
        if not one["met"] and one["within"] is None and groups[0]["missed_by_nothing"] and ballot is not None:
            one["met"] = isinstance(ballot.choice, dict) and set(ballot.choice) == {"for"}
            if one["met"]:
                reasons.append(fault("casting_vote_for", organisation=casting))
        reasons += _majority_reasons(one, groups)
    outcome = "approved" if all(one["met"] for one in found) else "refused"
    return {"outcome": outcome, "majorities": found, "reasons": [one.as_record() for one in reasons]}


def _majority_reasons(one: Record, groups: Sequence[Record]) -> list[Fault]:
    if one["within"] is not None:
        name = "groups_reached" if one["met"] else "groups_missed"
        return [fault(name, within=one["within"], met=one["met_in"], groups=len(groups))]
    group = groups[0]
    name = "majority_reached" if one["met"] else "nobody_expressed" if group["base"] == "0" else "majority_missed"
    if name == "majority_missed" and group["missed_by_nothing"]:
        name = "majority_missed_by_nothing"
    return [fault(name, of=one["of"], base=one["base"], needed=group["needed"], reached=group["reached"])]


def _elect(vote: Vote, election: Election, names: Mapping[tuple[str, ...], Fraction]) -> Record:
    candidates = [one.id for one in vote.candidates]
    if election.method == "instant-runoff":
        found = instant_runoff(names, candidates, order=election.order)
    elif election.method == "schulze":
        found = schulze(names, candidates, order=election.order)
    else:
        found = most_votes(names, candidates, seats=election.seats, order=election.order)
    balance = [_balance(vote, one, found) for one in election.balance]
    reasons = [fault("elected", candidates=", ".join(found.elected))] if found.elected else []
    if found.tied:
        reasons.append(fault("tie_open", candidates=", ".join(found.tied)))
    if found.by_order:
        reasons.append(fault("tie_by_order", candidates=", ".join(found.by_order)))
    if not found.tied and len(found.elected) < election.seats:
        reasons.append(fault("seats_vacant", seats=election.seats - len(found.elected)))
    reasons += [
        fault("balance_missed", trait=one["trait"], value=one["value"], held=one["held"])
        for one in balance
        if not one["met"]
    ]
    return {
        "outcome": "tie" if found.tied else "elected" if found.elected else "no_decision",
        "election": {
            "elected": list(found.elected), "tied": list(found.tied), "by_order": list(found.by_order),
            "rounds": [dict(one) for one in found.rounds], "balance": balance,
        },
        "reasons": [one.as_record() for one in reasons],
    }  # fmt: skip


def _balance(vote: Vote, wish: Balance, found: Elected) -> Record:
    held = sum(one.traits.get(wish.trait) == wish.value for one in vote.candidates if one.id in found.elected)
    met = (wish.at_least is None or held >= wish.at_least) and (wish.at_most is None or held <= wish.at_most)
    return {
        "trait": wish.trait, "value": wish.value, "at_least": wish.at_least, "at_most": wish.at_most,
        "held": held, "met": met,
    }  # fmt: skip
