"""Votes between tables and the terms of `assembly`: written once, read whole for a count, or in part for one ballot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.assembly.blind_signature import PublicKey
from beffroi.assembly.box import vote_of
from beffroi.assembly.exact import canonical, fraction
from beffroi.assembly.faults import Fault, fault
from beffroi.assembly.secret import UrnBallot
from beffroi.assembly.vote import Elector, Mandate, Vote
from beffroi.records.ballots import BallotAct, BallotCancelling, BallotElector, BallotMandate, BallotVote, UrnSlip
from beffroi.strategy.errors import UnknownVoteError
from beffroi.strategy.moments import utc
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from beffroi.strategy.electorate import Enrolled

BATCH = 2_000


def vote_row(vote_id: str) -> BallotVote:
    """Return the row of a vote.

    Raises:
        UnknownVoteError: there is none with this id.
    """
    found = BallotVote.objects.filter(pk=vote_id).select_related("closing", "cancelling", "head").first()
    if found is None:
        raise UnknownVoteError(
            Text(
                f"Il n’y a pas de vote « {vote_id} ».",
                f"There is no vote '{vote_id}'.",
            )
        )
    return found


def cancelled_faults(row: BallotVote) -> list[Fault]:
    """Return why a cancelled vote neither takes a ballot nor is counted; nothing for any other vote."""
    found = BallotCancelling.objects.filter(vote=row).values_list("at", flat=True).first()
    return [] if found is None else [fault("vote_cancelled", at=utc(found))]


def write_roll(row: BallotVote, enrolled: Sequence[Enrolled]) -> None:
    """Insert the roll in its order."""
    BallotElector.objects.bulk_create(
        (
            BallotElector(
                vote=row, place=place, organisation=one.elector.organisation, name=one.name,
                weight=str(one.elector.weight), college=one.elector.college, territory=one.elector.territory,
                is_aggregated=one.elector.aggregated, conflict=one.elector.conflict,
            )
            for place, one in enumerate(enrolled)
        ),
        batch_size=BATCH,
    )  # fmt: skip
    BallotMandate.objects.bulk_create(
        (
            BallotMandate(vote=row, organisation=one.elector.organisation, person=each.person, since=each.since,
                          until=each.until)
            for one in enrolled
            for each in one.elector.mandates
        ),
        batch_size=BATCH,
    )  # fmt: skip


def electors(row: BallotVote, organisations: Collection[str] | None = None) -> tuple[Elector, ...]:
    """Read the roll, or the part of it that concerns some organisations, in its order."""
    rows = BallotElector.objects.filter(vote=row).order_by("place")
    held = BallotMandate.objects.filter(vote=row).order_by("id")
    if organisations is not None:
        rows, held = rows.filter(organisation__in=organisations), held.filter(organisation__in=organisations)
    mandates: dict[str, list[Mandate]] = {}
    for organisation, person, since, until in held.values_list("organisation", "person", "since", "until"):
        mandates.setdefault(organisation, []).append(Mandate(person, since, until))
    columns = ("organisation", "weight", "college", "territory", "is_aggregated", "conflict")
    return tuple(
        Elector(key, fraction(weight), tuple(mandates.get(key, ())), college, territory, is_aggregated, conflict)
        for key, weight, college, territory, is_aggregated, conflict in rows.values_list(*columns)
    )


def vote_from(row: BallotVote, roll: Sequence[Elector]) -> Vote:
    """Put a vote together from its row and a roll, which may be a part of the whole one."""
    record = {
        "vote": {
            "id": row.pk, "title": row.title, "opens": row.opens, "closes": row.closes,
            "secrecy": "secret" if row.is_secret else "public",
            "kind": "decision" if row.statutes["election"] is None else "election",
        },
        "text": {"number": row.text_number, "content": row.text},
        "statutes": row.statutes,
        "electorate": [],
        "candidates": row.candidates,
    }  # fmt: skip
    bare = vote_of(record)
    return Vote(
        bare.id, bare.title, bare.opens, bare.closes, bare.is_secret, bare.text, bare.statutes, tuple(roll),
        bare.candidates,
    )  # fmt: skip


def keys_of(row: BallotVote) -> dict[str, PublicKey]:
    """Return the public keys of a secret vote, by class."""
    return {name: PublicKey(int(one["modulus"], 16), one["exponent"]) for name, one in row.keys.items()}


def log_of(row: BallotVote) -> list[dict[str, object]]:
    """Return the log as the box has it: chained entries from the opening on."""
    columns = ("number", "previous", "body", "hash")
    return list(BallotAct.objects.filter(vote=row).order_by("number").values(*columns))


def acts_of(row: BallotVote, organisations: Iterable[str]) -> list[dict[str, object]]:
    """Return what was done by some organisations, in its order."""
    found = BallotAct.objects.filter(vote=row, organisation__in=organisations).order_by("number")
    return list(found.values_list("body", flat=True))


def urn_of(row: BallotVote) -> tuple[UrnBallot, ...]:
    """Return the urn: of each token the ballot that came last, sorted by token."""
    last: dict[str, UrnSlip] = {}
    for one in UrnSlip.objects.filter(vote=row).order_by("token", "changes"):
        last[one.token] = one
    return tuple(
        UrnBallot(one.class_id, one.token, one.signature, _choice(one.choice), one.changes) for one in last.values()
    )


def is_same(one: object, other: object) -> bool:
    """Tell whether two records have the same canonical form."""
    return canonical(one) == canonical(other)


def _choice(given: object) -> str | tuple[str, ...]:
    return given if isinstance(given, str) else tuple(given)  # type: ignore[arg-type]  # -- a list of names
