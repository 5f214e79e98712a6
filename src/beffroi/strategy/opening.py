"""Putting a text to the vote: text, roll and rules are frozen together, under fingerprints that its page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db import transaction

from beffroi.assembly import frozen_rule, secret
from beffroi.assembly.box import frozen, opening
from beffroi.assembly.chain import START, linked
from beffroi.assembly.decision_rule import rule_record
from beffroi.assembly.exact import written
from beffroi.assembly.faults import Fault, SeatRuleError, fault
from beffroi.assembly.vote import Text, Vote
from beffroi.assembly.vote_faults import vote_faults
from beffroi.records.ballots import VISIBILITIES, BallotAct, BallotHead, BallotVote
from beffroi.strategy import drafting, office_keys
from beffroi.strategy.errors import RoomClosedError, VoteRefusedError
from beffroi.strategy.moments import moment, utc
from beffroi.strategy.vote_rows import write_roll
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text as Said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from beffroi.assembly.decision_rule import DecisionRule
    from beffroi.assembly.vote import Candidate
    from beffroi.records.ballots import DraftVersion
    from beffroi.strategy.electorate import Enrolled

SEALED = "\n\nSHA-256: "


@dataclass(frozen=True, slots=True)
class Terms:
    """What an election officer sets for one vote.

    Attributes:
        rule: how the body decides this, by its statutes (`federation.vote_rules`, handed on by the door).
        opens, closes: first moment in, first moment out.
        is_secret: whether ballots carry no name.
        channels: ways to vote, of those that the rule admits.
        visibility: `public`, or `members` for those with a role.
    """

    rule: DecisionRule
    opens: datetime
    closes: datetime
    is_secret: bool
    channels: tuple[str, ...]
    visibility: str = "public"


@dataclass(frozen=True, slots=True)
class Matter:
    """What is voted on.

    Attributes:
        title, text: as frozen.
        candidates: of an election.
        version: of a draft; nothing for an election.
        seat_rule: a frozen rule of seats that is adopted with the text.
    """

    title: str
    text: Text
    candidates: tuple[Candidate, ...] = ()
    version: DraftVersion | None = None
    seat_rule: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """Who opens a vote, when, and the home folder that keeps keys of secret votes."""

    by: str
    at: datetime
    home: Path


def open_draft(
    room: int, terms: Terms, enrolled: Sequence[Enrolled], *, office: Office,
    seat_rule: Mapping[str, Any] | None = None,
) -> BallotVote:  # fmt: skip
    """Put the text that a room handed in to the vote.

    Args:
        room: its number.
        terms: what the officer set.
        enrolled: the roll.
        office: who opens it.
        seat_rule: a frozen rule of seats (`assembly.frozen_rule`) that is adopted with the text, which then ends with
            its fingerprint.

    Raises:
        VoteRefusedError: the statutes forbid it, or the roll has faults; every reason is listed.
        RoomClosedError: the room has handed nothing in.
        StoreError: the keys of a secret vote cannot be kept.
    """
    now = drafting.look(room, clock=office.at)
    if now.state != "handed_in" or now.latest is None:
        raise RoomClosedError(
            Said(
                "La salle n’a soumis aucun texte qui attende un vote.",
                "The room has handed in no text that waits for a vote.",
            )
        )
    content = now.latest.content
    if seat_rule is not None:
        if not _holds(seat_rule):
            raise VoteRefusedError([fault("seat_rule_broken")])
        content += SEALED + str(seat_rule["sha256"])
    matter = Matter(now.title, Text(now.latest.round, content), version=now.latest, seat_rule=seat_rule)
    return _open(matter, terms, enrolled, office=office)


def open_election(matter: Matter, terms: Terms, enrolled: Sequence[Enrolled], *, office: Office) -> BallotVote:
    """Open an election; its text is what voters read above the names.

    Raises:
        VoteRefusedError: the statutes forbid it, or roll or candidates have faults; every reason is listed.
        UsageError: the title is empty.
    """
    if not matter.title.strip():
        raise UsageError(
            Said(
                "Une élection demande un titre.",
                "An election needs a title.",
            )
        )
    return _open(matter, terms, enrolled, office=office)


def term_faults(terms: Terms, *, at: datetime) -> list[Fault]:
    """List what the statutes have against the terms of a vote; the article is named with each."""
    rule, found = terms.rule, []
    article = {"article_fr": rule.article.fr, "article_en": rule.article.en}
    secrecy = "secret" if terms.is_secret else "public"
    if secrecy not in rule.secrecy:
        found.append(fault("secrecy_forbidden", secrecy=secrecy, **article))
    admitted = rule.admitted(is_secret=terms.is_secret)
    found += [fault("statutes_forbid_channel", channel=one, **article)
              for one in terms.channels if one not in admitted]  # fmt: skip
    if not terms.channels:
        found.append(fault("no_channel"))
    if terms.visibility not in VISIBILITIES:
        found.append(fault("unknown_name", name=terms.visibility))
    opens, closes = moment(utc(terms.opens)), moment(utc(terms.closes))
    if opens < moment(utc(at)) + timedelta(hours=rule.least_notice_hours):
        found.append(fault("notice_too_short", hours=rule.least_notice_hours))
    if closes - opens < timedelta(hours=rule.least_open_hours):
        found.append(fault("open_too_short", hours=rule.least_open_hours))
    if rule.election is not None and rule.election.seats == 0:
        found.append(fault("seats_not_given"))
    return found


def _open(matter: Matter, terms: Terms, enrolled: Sequence[Enrolled], *, office: Office) -> BallotVote:
    draft = _vote("", matter, terms, enrolled)
    faults = [*term_faults(terms, at=office.at), *vote_faults(draft)]
    faults += secret.small_classes(draft) if terms.is_secret else ()
    if faults:
        raise VoteRefusedError(faults)
    # Drawing primes takes seconds, so it is done before anybody has to wait.
    keys = office_keys.make_keys({draft.class_of(one) for one in draft.enrolled} if terms.is_secret else set())
    with transaction.atomic():
        if matter.version is not None:
            room = matter.version.room_id
            drafting.hold(room)
            if drafting.look(room, clock=office.at).state != "handed_in":
                raise RoomClosedError(
                    Said(
                        "Un autre bureau a ouvert ce vote, ou le texte a été repris.",
                        "Another officer has opened this vote, or the text was taken back.",
                    )
                )
        vote = _vote(_next_id(office.at), matter, terms, enrolled)
        row = _freeze(vote, matter, terms, keys={name: one.public for name, one in keys.items()}, office=office)
        write_roll(row, enrolled)
        if keys:
            office_keys.keep(office.home, row.pk, keys)
    return row


def _vote(vote_id: str, matter: Matter, terms: Terms, enrolled: Sequence[Enrolled]) -> Vote:
    statutes = terms.rule.statutes(terms.channels, is_secret=terms.is_secret)
    roll = tuple(one.elector for one in enrolled)
    return Vote(
        vote_id, matter.title.strip(), utc(terms.opens), utc(terms.closes), terms.is_secret, matter.text, statutes,
        roll, matter.candidates,
    )  # fmt: skip


def _freeze(vote: Vote, matter: Matter, terms: Terms, *, keys: Mapping[str, Any], office: Office) -> BallotVote:
    record, first = frozen(vote, keys), opening(vote, at=utc(office.at), keys=keys)
    version = matter.version
    row = BallotVote.objects.create(
        id=vote.id, room=version.room if version else None, version=version, body=terms.rule.body,
        rule=rule_record(terms.rule), title=vote.title, opens=vote.opens, closes=vote.closes, is_secret=vote.is_secret,
        visibility=terms.visibility, text_number=vote.text.number, text=vote.text.content,
        statutes=record["statutes"], candidates=record["candidates"], keys=record["keys"],
        seat_rule=dict(matter.seat_rule) if matter.seat_rule is not None else None, text_sha256=first["text_sha256"],
        electorate_sha256=first["electorate_sha256"], rules_sha256=first["rules_sha256"], enrolled=len(vote.enrolled),
        enrolled_weight=written(sum((one.weight for one in vote.enrolled), Fraction(0))), at=office.at, by=office.by,
    )  # fmt: skip
    entry = linked(1, START, first)
    BallotAct.objects.create(vote=row, act="open", **entry)
    BallotHead.objects.create(vote=row, number=1, hash=str(entry["hash"]), last=vote.opens)
    return row


def _next_id(at: datetime) -> str:
    """Return `year-number`. Opening takes turns on SQLite; elsewhere the key refuses the second of two."""
    year = f"{at:%Y}-"
    held = BallotVote.objects.filter(pk__startswith=year).values_list("pk", flat=True)
    return year + str(1 + max((int(one.removeprefix(year)) for one in held), default=0))


def _holds(seat_rule: Mapping[str, Any]) -> bool:
    try:
        return frozen_rule.verify(seat_rule)
    except SeatRuleError:
        return False
