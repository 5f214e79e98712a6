"""What keeps a vote from being opened: every fault at once."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from beffroi.assembly.faults import Fault, fault
from beffroi.assembly.vote import BASES, CHANNELS, ELECTIONS, OF, WITHIN

if TYPE_CHECKING:
    from beffroi.assembly.vote import Election, Majority, Quorum, Statutes, Vote

TIME = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", re.ASCII)


def vote_faults(vote: Vote) -> tuple[Fault, ...]:
    """List what is wrong with the roll, the times and the statutes of a vote.

    >>> from fractions import Fraction
    >>> from beffroi.assembly.vote import Elector, Mandate, Statutes, Text, Vote
    >>> one = Elector("O1", Fraction(1), (Mandate("P1", "2026-01-01T00:00:00Z"),))
    >>> day = "2026-11-22T08:00:00Z", "2026-11-22T18:00:00Z"
    >>> vote_faults(Vote("v", "Title", *day, False, Text(1, "We do it."), Statutes(), (one,)))
    ()
    """
    return (*_roll(vote), *_statutes(vote.statutes, vote), *_candidates(vote))


def _roll(vote: Vote) -> list[Fault]:
    found = []
    if not TIME.fullmatch(vote.opens) or not TIME.fullmatch(vote.closes) or vote.opens >= vote.closes:
        found.append(fault("times", opens=vote.opens, closes=vote.closes))
    if not vote.enrolled:
        found.append(fault("nobody_enrolled"))
    counts = Counter(one.organisation for one in vote.electorate)
    found += [fault("enrolled_twice", organisation=name) for name, count in counts.items() if count > 1]
    for one in vote.electorate:
        if one.weight <= 0:
            found.append(fault("weight_not_above_zero", organisation=one.organisation, weight=one.weight))
        ends = [end for each in one.mandates for end in (each.since, each.until) if end is not None]
        if not all(TIME.fullmatch(end) for end in ends):
            found.append(fault("mandate_times", organisation=one.organisation))
    return found


def _statutes(given: Statutes, vote: Vote) -> list[Fault]:
    found = []
    rules: tuple[Quorum | Majority, ...] = (*given.quorum, *given.majorities)
    shares = [
        *(one.share for one in rules),
        *(one.groups for one in given.majorities),
        *([given.delegation.weight_share] if given.delegation and given.delegation.weight_share is not None else []),
    ]
    found += [fault("share_outside", share=share) for share in shares if not 0 <= share <= 1]
    names = [
        *((one.of, OF) for one in rules),
        *((one.base, BASES) for one in given.majorities),
        *((one.within, (None, *WITHIN)) for one in rules),
        *((one, CHANNELS) for one in given.channels),
    ]
    found += [fault("unknown_name", name=name) for name, known in names if name not in known]
    if not given.majorities and given.election is None:
        found.append(fault("no_majority"))
    if given.delegation and (given.delegation.depth < 1 or (given.delegation.per_person or 0) < 0):
        found.append(fault("delegation_depth", depth=given.delegation.depth))
    enrolled = {one.organisation for one in vote.enrolled}
    if given.casting_vote is not None and (vote.is_secret or given.casting_vote not in enrolled):
        found.append(fault("casting_vote", organisation=given.casting_vote))
    if vote.is_secret and given.split:
        found.append(fault("split_and_secret"))
    return found


def _candidates(vote: Vote) -> list[Fault]:
    election = vote.statutes.election
    if election is None:
        return [fault("candidates_without_election")] if vote.candidates else []
    names = [one.id for one in vote.candidates]
    found = [fault("candidate_twice", candidate=name) for name in sorted({n for n in names if names.count(n) > 1})]
    if election.order and sorted(election.order) != sorted(names):
        found.append(fault("order_incomplete"))
    if vote.statutes.split:
        found.append(fault("split_in_election"))
    return [*found, *_election(election, len(names))]


def _election(election: Election, candidates: int) -> list[Fault]:
    found = []
    if election.method not in ELECTIONS:
        found.append(fault("unknown_name", name=election.method))
    if not 1 <= election.seats <= candidates:
        found.append(fault("seats_and_candidates", seats=election.seats, candidates=candidates))
    if election.method in {"instant-runoff", "schulze"} and election.seats != 1:
        found.append(fault("one_seat_only", method=election.method))
    return found
