"""Which acts of a vote are admitted: ballots, delegations, tokens, in the order of the log.

An act that is not admitted changes nothing and stays visible with every objection to it. The same rules serve a page
that asks before it writes (`objections`) and the count that reads the log again (`enter`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from beffroi.assembly.exact import fraction
from beffroi.assembly.faults import Fault, InexactNumberError, fault
from beffroi.assembly.vote import CHOICES
from beffroi.assembly.vote_faults import TIME

if TYPE_CHECKING:
    from beffroi.assembly.vote import Elector, Vote

Choice: TypeAlias = Mapping[str, Fraction] | tuple[str, ...]
FIELDS = {
    "attend": {"act", "at", "organisation"},
    "delegate": {"act", "at", "organisation", "by", "to"},
    "revoke": {"act", "at", "organisation", "by"},
    "cast": {"act", "at", "organisation", "by", "channel", "choice"},
    "token": {"act", "at", "organisation", "by", "channel", "class", "blinded_sha256"},
}


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot that counts for an organisation until another one replaces it."""

    by: str
    channel: str
    choice: Choice


def names_chosen(vote: Vote, given: object) -> tuple[str, ...] | Fault:
    """Read the names on a ballot of an election, or say what is wrong with them; no name is a blank ballot."""
    election = vote.statutes.election
    if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
        return fault("choice_form")
    known = {one.id for one in vote.candidates}
    most = len(known) if election is None or election.most_choices is None else election.most_choices
    if len(set(given)) < len(given) or len(given) > most:
        return fault("too_many_choices", most=most)
    if unknown := sorted(set(given) - known):
        return fault("choice_unknown", choice=", ".join(unknown))
    return tuple(given)


class Ledger:
    """State of a vote while its log is read: the one thing here that changes."""

    def __init__(self, vote: Vote) -> None:
        self.vote = vote
        self.roll: dict[str, Elector] = {one.organisation: one for one in vote.electorate}
        self.weight = sum((one.weight for one in vote.enrolled), Fraction(0))
        self.ballots: dict[str, Ballot] = {}
        self.present: set[str] = set()
        self.tokens: dict[str, str] = {}
        self.delegates: dict[str, str] = {}
        self.carried: dict[str, set[str]] = {}
        self.last = vote.opens
        self._represented: dict[str, list[Elector]] = {}
        for one in vote.electorate:
            for mandate in one.mandates:
                self._represented.setdefault(mandate.person, []).append(one)

    def enter(self, body: Mapping[str, object]) -> tuple[Fault, ...]:
        """Take an act in if nothing speaks against it; return what does.

        >>> from beffroi.assembly.vote import Elector, Mandate, Statutes, Text, Vote
        >>> one = Elector("O1", Fraction(1), (Mandate("P1", "2026-01-01T00:00:00Z"),))
        >>> day = "2026-11-22T08:00:00Z", "2026-11-22T18:00:00Z"
        >>> ledger = Ledger(Vote("v", "Title", *day, False, Text(1, "We do it."), Statutes(), (one,)))
        >>> act = {"act": "cast", "at": day[0], "organisation": "O1", "by": "P2", "channel": "room", "choice": "for"}
        >>> [found.id for found in ledger.enter(act)], [found.id for found in ledger.enter({**act, "by": "P1"})]
        (['no_mandate'], [])
        """
        found = self.objections(body)
        if found:
            return found
        organisation, act = str(body["organisation"]), body["act"]
        self.last = str(body["at"])
        if act == "attend":
            self.present.add(organisation)
        elif act == "delegate":
            self._carry(organisation, str(body["to"]))
        elif act == "revoke":
            self._drop(organisation)
        elif act == "token":
            self.tokens[organisation] = str(body["class"])
        else:
            choice = self._read(body["choice"], self.roll[organisation])
            self.ballots[organisation] = Ballot(str(body["by"]), str(body["channel"]), choice)  # type: ignore[arg-type]  # -- objections has seen that it is no fault
        return ()

    def objections(self, body: Mapping[str, object]) -> tuple[Fault, ...]:
        """Return everything that speaks against an act; nothing changes."""
        act = body.get("act")
        form = FIELDS.get(act) if isinstance(act, str) else None
        texts = [value for name, value in body.items() if name != "choice"]
        if form is None or set(body) != form or not all(isinstance(one, str) for one in texts):
            return (fault("act_form", act=act),)
        found = self._time(str(body["at"]))
        elector = self.roll.get(str(body["organisation"]))
        if elector is None:
            return (*found, fault("not_enrolled", organisation=body["organisation"]))
        if elector.conflict is not None:
            found.append(fault("conflict_of_interest", organisation=elector.organisation))
        rules = {"delegate": self._delegate, "revoke": self._revoke, "cast": self._cast, "token": self._token}
        if act in rules:
            found += rules[act](elector, {name: value for name, value in body.items() if name != "act"})
        return tuple(found)

    def holder(self, organisation: str) -> str:
        """Return who votes for the organisation at the end of its delegations: itself when there is none."""
        while organisation in self.delegates:
            organisation = self.delegates[organisation]
        return organisation

    def _time(self, at: str) -> list[Fault]:
        if not TIME.fullmatch(at):
            return [fault("time_form", at=at)]
        found = []
        if at < self.last:
            found.append(fault("before_opening" if at < self.vote.opens else "time_runs_back", at=at))
        if at >= self.vote.closes:
            found.append(fault("after_deadline", at=at, closes=self.vote.closes))
        return found

    def _cast(self, elector: Elector, body: Mapping[str, object]) -> list[Fault]:
        found = [fault("vote_is_secret")] if self.vote.is_secret else []
        found += self._may_act(elector, body)
        choice = self._read(body["choice"], elector)
        return [*found, choice] if isinstance(choice, Fault) else found

    def _token(self, elector: Elector, body: Mapping[str, object]) -> list[Fault]:
        found = [] if self.vote.is_secret else [fault("vote_is_public")]
        if elector.organisation in self.tokens:
            found.append(fault("token_twice", organisation=elector.organisation))
        if body["class"] != self.vote.class_of(elector):
            found.append(fault("token_class", organisation=elector.organisation))
        return [*found, *self._may_act(elector, body)]

    def _may_act(self, elector: Elector, body: Mapping[str, object]) -> list[Fault]:
        """Say whether this person may vote for this organisation, in this way."""
        organisation, person, at = elector.organisation, str(body["by"]), str(body["at"])
        found = []
        if body["channel"] not in self.vote.statutes.channels:
            found.append(fault("channel_forbidden", channel=body["channel"]))
        holder = self.roll[self.holder(organisation)]
        if not holder.is_represented_by(person, at):
            is_own = elector.is_represented_by(person, at)
            message = "delegated_revoke_first" if is_own else "no_mandate"
            found.append(fault(message, organisation=organisation, person=person))
        return found

    def _read(self, given: object, elector: Elector) -> Choice | Fault:
        """Read a choice: shares of the weight for a decision, names for an election."""
        if self.vote.statutes.election is not None:
            return names_chosen(self.vote, given)
        if isinstance(given, str):
            return {given: elector.weight} if given in CHOICES else fault("choice_unknown", choice=given)
        return self._split(given, elector)

    def _split(self, given: object, elector: Elector) -> Choice | Fault:
        if not isinstance(given, Mapping) or not self.vote.statutes.split or not elector.aggregated:
            return fault("split_forbidden", organisation=elector.organisation)
        try:
            shares = {str(name): fraction(value) for name, value in given.items()}
        except InexactNumberError:
            return fault("split_sum", organisation=elector.organisation, weight=elector.weight)
        if not set(shares) <= set(CHOICES):
            return fault("choice_unknown", choice=", ".join(sorted(set(shares) - set(CHOICES))))
        if any(one < 0 for one in shares.values()) or sum(shares.values()) != elector.weight:
            return fault("split_sum", organisation=elector.organisation, weight=elector.weight)
        return shares

    def _delegate(self, elector: Elector, body: Mapping[str, object]) -> list[Fault]:
        organisation, to, at = elector.organisation, str(body["to"]), str(body["at"])
        rule = self.vote.statutes.delegation
        if rule is None:
            return [fault("delegation_forbidden")]
        found = [] if elector.is_represented_by(str(body["by"]), at) else [
            fault("no_mandate", organisation=organisation, person=body["by"])
        ]  # fmt: skip
        if organisation in self.delegates:
            found.append(fault("already_delegated", organisation=organisation))
        if organisation in self.ballots or organisation in self.tokens:
            found.append(fault("already_cast", organisation=organisation))
        target = self.roll.get(to)
        if target is None or target.conflict is not None:
            return [*found, fault("not_enrolled" if target is None else "conflict_of_interest", organisation=to)]
        if to == organisation:
            return [*found, fault("delegates_to_itself", organisation=organisation)]
        if self.holder(to) == organisation:
            return [*found, fault("delegation_cycle", organisation=organisation, to=to)]
        if self._steps_into(organisation) + 1 + self._steps_from(to) > rule.depth:
            found.append(fault("delegation_too_deep", depth=rule.depth))
        return [*found, *self._ceilings(organisation, self.roll[self.holder(to)], at)]

    def _ceilings(self, organisation: str, holder: Elector, at: str) -> list[Fault]:
        rule = self.vote.statutes.delegation
        if rule is None:
            return []
        moved = {organisation, *self.carried.get(organisation, ())}
        found = []
        for person in sorted({one.person for one in holder.mandates if holder.is_represented_by(one.person, at)}):
            own = {one.organisation for one in self._represented[person] if one.is_represented_by(person, at)}
            held = {name for one in own for name in self.carried.get(one, ())} | moved
            if rule.per_person is not None and len(held) > rule.per_person:
                found.append(fault("too_many_mandates", person=person, most=rule.per_person))
            weight = sum((self.roll[name].weight for name in held | own), Fraction(0))
            if rule.weight_share is not None and weight > rule.weight_share * self.weight:
                found.append(fault("too_much_weight", person=person, share=rule.weight_share))
        return found

    def _revoke(self, elector: Elector, body: Mapping[str, object]) -> list[Fault]:
        organisation = elector.organisation
        found = []
        if not elector.is_represented_by(str(body["by"]), str(body["at"])):
            found.append(fault("no_mandate", organisation=organisation, person=body["by"]))
        if organisation not in self.delegates:
            found.append(fault("not_delegated", organisation=organisation))
        if organisation in self.ballots or organisation in self.tokens:
            found.append(fault("already_cast", organisation=organisation))
        return found

    def _steps_from(self, organisation: str) -> int:
        steps = 0
        while organisation in self.delegates:
            organisation, steps = self.delegates[organisation], steps + 1
        return steps

    def _steps_into(self, organisation: str) -> int:
        """Count the steps of the longest delegation that arrives here."""
        arriving = self.carried.get(organisation, ())
        return max((self._steps_from(one) for one in arriving), default=0)

    def _carry(self, organisation: str, to: str) -> None:
        self.delegates[organisation] = to
        end = self.holder(to)
        self.carried.setdefault(end, set()).update({organisation, *self.carried.pop(organisation, ())})

    def _drop(self, organisation: str) -> None:
        end = self.holder(organisation)
        del self.delegates[organisation]
        own = {one for one in self.carried[end] if self.holder(one) == organisation}
        self.carried[end] -= own
        if own - {organisation}:
            self.carried[organisation] = own - {organisation}
