"""Acts of a vote: ballots, delegations, presence, tokens. Each is one entry of the log, whole or not at all.

Whoever writes holds the head of the vote's log; the time of an act is read while it is held. So acts stand in the order
of their times, and none is dated before the deadline and written after it. The rules are those of `assembly.ledger`,
asked over the part of the roll that the act concerns: a ballot among 100,000 organisations reads a handful.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction

from beffroi.assembly.blind_signature import BlindSignatureError, sign
from beffroi.assembly.chain import linked
from beffroi.assembly.exact import fraction
from beffroi.assembly.faults import fault
from beffroi.assembly.ledger import Ledger
from beffroi.records.ballots import BallotAct, BallotHead, BallotMandate, BallotVote
from beffroi.strategy import office_keys, remarks
from beffroi.strategy.errors import UnknownVoteError, VoteRefusedError
from beffroi.strategy.moments import utc
from beffroi.strategy.vote_rows import acts_of, cancelled_faults, electors, keys_of, vote_from
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    Clock = Callable[[], datetime]

BYTE_DIGITS = 2


def now() -> datetime:
    """The clock of the house."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for which organisation, by which way."""

    organisation: str
    person: str
    channel: str = "remote"


def cast(vote_id: str, actor: Actor, choice: object, *, objection: str = "", clock: Clock = now) -> dict[str, object]:
    """Cast or replace the ballot of an organisation in a public vote.

    Args:
        vote_id: of the vote.
        actor: who.
        choice: `for`, `against`, `abstain`, parts of the weight (`{"for": "1/2", …}`), or names in an election.
        objection: what the drafters must answer if the text is refused; may be empty.
        clock: read while the log is held.

    Returns:
        The entry, whose `hash` is the receipt.

    Raises:
        VoteRefusedError: it is not admitted; every reason is listed and nothing is written.
        UnknownVoteError: there is no such vote.
    """
    said = {"organisation": actor.organisation, "by": actor.person, "channel": actor.channel, "choice": _plain(choice)}
    with turn(vote_id) as (row, head):
        at = clock()
        entry = _enter(row, head, {"act": "cast", **said}, at)
        if objection.strip():
            remarks.with_ballot(row, objection, organisation=actor.organisation, by=actor.person, at=at)
    return entry


def attend(vote_id: str, organisation: str, *, clock: Clock = now) -> dict[str, object]:
    """Note that an organisation is there, whether it votes or not.

    Raises:
        VoteRefusedError: it is not on the roll, has a conflict of interest, or the deadline is past.
    """
    with turn(vote_id) as (row, head):
        return _enter(row, head, {"act": "attend", "organisation": organisation}, clock())


def delegate(vote_id: str, actor: Actor, to: str, *, clock: Clock = now) -> dict[str, object]:
    """Give the vote of an organisation to another one's representative.

    Raises:
        VoteRefusedError: to itself, in a ring, too deep, above a ceiling, or after the ballot was cast.
    """
    said = {"organisation": actor.organisation, "by": actor.person, "to": to}
    with turn(vote_id) as (row, head):
        return _enter(row, head, {"act": "delegate", **said}, clock())


def revoke(vote_id: str, actor: Actor, *, clock: Clock = now) -> dict[str, object]:
    """Take a delegation back, until its holder has cast the ballot.

    Raises:
        VoteRefusedError: nothing was delegated, the ballot is cast, or the person has no mandate.
    """
    said = {"organisation": actor.organisation, "by": actor.person}
    with turn(vote_id) as (row, head):
        return _enter(row, head, {"act": "revoke", **said}, clock())


def sign_token(vote_id: str, actor: Actor, blinded: str, *, home: Path, clock: Clock = now) -> str:
    """Sign what a voter's program shows, once for each organisation, and log that it was done.

    Args:
        vote_id: of a secret vote.
        actor: who.
        blinded: the hidden token, hexadecimal.
        home: where the keys are.
        clock: read while the log is held.

    Returns:
        The blind signature, hexadecimal. It is not kept: whoever loses it has lost the vote.

    Raises:
        VoteRefusedError: it is not admitted; every reason is listed and nothing is written.
        StoreError: the signing key cannot be read; nothing is written.
    """
    with turn(vote_id) as (row, head):
        vote = vote_from(row, electors(row, {actor.organisation}))
        class_id = vote.class_of(vote.electorate[0]) if vote.electorate else ""
        said = {"organisation": actor.organisation, "by": actor.person, "channel": actor.channel, "class": class_id}
        shown = _bytes(blinded, row, class_id)
        entry = {"act": "token", **said, "blinded_sha256": hashlib.sha256(shown).hexdigest()}
        _enter(row, head, entry, clock())
        key = office_keys.key_of(home, vote_id, class_id, keys_of(row)[class_id])
        try:
            return sign(shown, key).hex()
        except BlindSignatureError as error:
            digits = BYTE_DIGITS * key.public.bytes_of_modulus
            raise VoteRefusedError([fault("blinded_form", digits=digits)]) from error


def _bytes(blinded: str, row: BallotVote, class_id: str) -> bytes:
    key = keys_of(row).get(class_id)
    digits = BYTE_DIGITS * key.bytes_of_modulus if key else 0
    clean = blinded.strip().lower()
    if key is not None and (len(clean) != digits or not set(clean) <= set("0123456789abcdef")):
        raise VoteRefusedError([fault("blinded_form", digits=digits)])
    return bytes.fromhex(clean) if key is not None else b""


@contextmanager
def turn(vote_id: str) -> Iterator[tuple[BallotVote, BallotHead]]:
    """Hold the head of a vote's log until the block ends; all of the block happens, or nothing."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        # A ballot that was confirmed must outlive a power cut; the rest of the registry is content with less.
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
    with transaction.atomic():
        head = BallotHead.objects.select_for_update(of=("self",)).select_related("vote").filter(pk=vote_id).first()
        if head is None:
            raise UnknownVoteError(
                Text(
                    f"Il n’y a pas de vote « {vote_id} ».",
                    f"There is no vote '{vote_id}'.",
                )
            )
        yield head.vote, head


def _enter(row: BallotVote, head: BallotHead, said: Mapping[str, object], at: datetime) -> dict[str, object]:
    """Append an act if nothing speaks against it."""
    # A clock that was set back between two acts must not refuse the second one.
    body = {**said, "at": max(utc(at), head.last) if utc(at) >= row.opens else utc(at)}
    faults = cancelled_faults(row) or ledger_of(row, said, last=head.last).objections(body)
    if faults:
        raise VoteRefusedError(faults)
    entry = linked(head.number + 1, head.hash, body)
    BallotAct.objects.create(
        vote=row, act=str(body["act"]), organisation=str(body["organisation"]), target=str(body.get("to", "")), **entry
    )
    head.number, head.hash, head.last = head.number + 1, str(entry["hash"]), str(body["at"])
    head.save()
    return entry


def ledger_of(row: BallotVote, said: Mapping[str, object], *, last: str) -> Ledger:
    """Return the state of a vote as far as an act can see it: the organisations that the act depends on."""
    concerned = _concerned(row, said)
    ledger = Ledger(vote_from(row, electors(row, concerned)))
    ledger.weight = fraction(row.enrolled_weight)
    for body in acts_of(row, concerned):
        ledger.enter(body)
    ledger.last = last
    return ledger


def _concerned(row: BallotVote, said: Mapping[str, object]) -> set[str]:
    """Who must be looked at: for a ballot, the chain of delegations; for a delegation, all that its ceilings count."""
    organisation = str(said["organisation"])
    found = set(_onward(row, organisation))
    if said["act"] != "delegate":
        return found
    chain = _onward(row, str(said["to"]))
    persons = BallotMandate.objects.filter(vote=row, organisation=chain[-1]).values_list("person", flat=True)
    own = BallotMandate.objects.filter(vote=row, person__in=list(persons)).values_list("organisation", flat=True)
    return found | set(chain) | _backward(row, {organisation, *chain, *own})


def _onward(row: BallotVote, organisation: str) -> list[str]:
    """Follow the delegations from an organisation to whoever votes for it."""
    chain = [organisation]
    while (to := _delegate_of(row, chain[-1])) and to not in chain:
        chain.append(to)
    return chain


def _delegate_of(row: BallotVote, organisation: str) -> str:
    acts = BallotAct.objects.filter(vote=row, organisation=organisation, act__in=("delegate", "revoke"))
    last = acts.order_by("-number").values_list("act", "target").first()
    return last[1] if last is not None and last[0] == "delegate" else ""


def _backward(row: BallotVote, ends: set[str]) -> set[str]:
    """Everybody whose delegations lead to one of these."""
    found, new = set(ends), set(ends)
    while new:
        acts = BallotAct.objects.filter(vote=row, target__in=new, act="delegate")
        givers = set(acts.values_list("organisation", flat=True))
        new = {one for one in givers - found if _delegate_of(row, one) in found}
        found |= new
    return found


def _plain(choice: object) -> object:
    """A choice as the log keeps it: texts, lists and mappings of texts."""
    if isinstance(choice, dict):
        return {str(name): str(part) for name, part in choice.items()}
    return list(choice) if isinstance(choice, list | tuple) else choice


def delegations(row: BallotVote) -> dict[str, str]:
    """Return who has delegated to whom at present."""
    acts = BallotAct.objects.filter(vote=row, act__in=("delegate", "revoke")).order_by("number")
    state: dict[str, str] = {}
    for organisation, act, target in acts.values_list("organisation", "act", "target"):
        if act == "delegate":
            state[organisation] = target
        else:
            state.pop(organisation, None)
    return state


def organisations_of(row: BallotVote, person: str, at: str) -> Sequence[str]:
    """Return the organisations for which a person may act in a vote at a time, by their own mandates."""
    held = BallotMandate.objects.filter(vote=row, person=person, since__lte=at)
    return [organisation for organisation, until in held.order_by("organisation").values_list("organisation", "until")
            if until is None or at < until]  # fmt: skip
