"""The room where a few named people draft: who sits in it, what was saved, when it is handed in for a vote.

A text is known as `round.number`: the round counts what is put to the vote, the number the saves within it. Nothing is
written over; whoever saves from an old version is told, and keeps both texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Max

from beffroi.assembly.exact import digest
from beffroi.records.ballots import BallotVote, DraftRemark, DraftRoom, DraftSeat, DraftStep, DraftVersion
from beffroi.strategy.errors import NotReadyError, RoomClosedError, StaleBaseError, UnknownRoomError
from beffroi.strategy.moments import utc
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from datetime import datetime

LEAST_TEAM = 2
LONGEST_TITLE, LONGEST_TEXT = 200, 200_000


@dataclass(frozen=True, slots=True)
class Room:
    """A room as it stands.

    Attributes:
        id, title: of the room.
        team: accounts that sit in it.
        latest: the version saved last, or nothing before the first.
        state: `drafting`, `handed_in`, `voting`, `approved`; `refused` and `no_decision` lead back to `drafting`.
        vote: id of the vote that is going on or approved the text; empty otherwise.
        last_outcome: of the last vote: `refused`, `no_decision`, `approved` or empty.
        unanswered: objections without an answer.
    """

    id: int
    title: str
    team: tuple[int, ...]
    latest: DraftVersion | None
    state: str
    vote: str
    last_outcome: str
    unanswered: int

    @property
    def label(self) -> str:
        """Round and number of the latest version."""
        return label(self.latest)


def label(version: DraftVersion | None) -> str:
    """Return `round.number` of a version; empty for none."""
    return f"{version.round}.{version.number}" if version else ""


def create(title: str, *, account: int, by: str, at: datetime) -> int:
    """Open a room with its first member and return its number.

    Raises:
        UsageError: the title is empty or too long.
    """
    clean = " ".join(title.split())
    if not clean or len(clean) > LONGEST_TITLE:
        raise UsageError(
            Text(
                f"Un titre compte de 1 à {LONGEST_TITLE} signes ; celui-ci en a {len(clean)}.",
                f"A title has 1 to {LONGEST_TITLE} letters; this one has {len(clean)}.",
            )
        )
    with transaction.atomic():
        room = DraftRoom.objects.create(title=clean, at=at, by=by)
        DraftSeat.objects.create(room=room, account=account, is_in=True, at=at, by=by)
    return room.pk


def rooms_of(account: int) -> tuple[int, ...]:
    """Return the rooms in which an account sits, newest first."""
    mine = DraftSeat.objects.filter(account=account).values_list("room", flat=True).distinct()
    return tuple(room for room in sorted(mine, reverse=True) if account in team(room))


def team(room: int) -> tuple[int, ...]:
    """Return the accounts that sit in a room, in the order in which they came."""
    last: dict[int, bool] = {}
    for account, is_in in DraftSeat.objects.filter(room=room).order_by("id").values_list("account", "is_in"):
        last.pop(account, None)
        last[account] = is_in
    return tuple(account for account, is_in in last.items() if is_in)


def enter(room: int, account: int, *, clock: datetime) -> Room:
    """Return a room for somebody who sits in it.

    Raises:
        UnknownRoomError: there is no such room, or the account does not sit in it.
    """
    seated = team(room)
    if account not in seated:
        raise UnknownRoomError(
            Text(
                f"Il n’y a pas de salle {room} où siège le compte {account}.",
                f"There is no room {room} in which account {account} sits.",
            )
        )
    return look(room, clock=clock)


def look(room: int, *, clock: datetime) -> Room:
    """Return a room as it stands.

    Raises:
        UnknownRoomError: there is no such room.
    """
    found = DraftRoom.objects.filter(pk=room).first()
    if found is None:
        raise UnknownRoomError(
            Text(
                f"Il n’y a pas de salle {room}.",
                f"There is no room {room}.",
            )
        )
    latest = _latest(room)
    step = DraftStep.objects.filter(room=room).order_by("-id").first()
    # A cancelled vote leaves the text where it waited for one.
    votes = BallotVote.objects.filter(room=room, cancelling__isnull=True).order_by("-at", "-id")
    vote = votes.select_related("closing").first()
    outcome = vote.closing.outcome if vote is not None and hasattr(vote, "closing") else ""
    state = "drafting"
    if vote is not None and not outcome:
        # Between the deadline and the count the text stays as it was voted on.
        state = "voting" if utc(clock) < vote.closes else "counting"
    elif outcome == "approved":
        state = "approved"
    elif step is not None and step.kind == "handed_in" and (vote is None or utc(step.at) > utc(vote.at)):
        # In whole seconds, as votes are frozen: what was handed in and frozen within one second was voted on.
        state = "handed_in"
    shown = vote.pk if vote is not None and state in {"voting", "counting", "approved"} else ""
    return Room(room, found.title, team(room), latest, state, shown, outcome, _unanswered(room))


def hold(room: int) -> None:
    """Make whoever else changes the room wait until the transaction ends; SQLite lets one write at a time anyway.

    Raises:
        UnknownRoomError: there is no such room.
    """
    if not DraftRoom.objects.select_for_update().filter(pk=room).exists():
        raise UnknownRoomError(
            Text(
                f"Il n’y a pas de salle {room}.",
                f"There is no room {room}.",
            )
        )


def seat(room: int, account: int, *, by: str, at: datetime) -> None:
    """Invite an account into a room.

    Raises:
        UsageError: it sits there already.
    """
    with transaction.atomic():
        hold(room)
        if account in team(room):
            raise UsageError(
                Text(
                    "Cette personne siège déjà dans la salle.",
                    "This person already sits in the room.",
                )
            )
        DraftSeat.objects.create(room_id=room, account=account, is_in=True, at=at, by=by)


def leave(room: int, account: int, *, by: str, at: datetime) -> None:
    """Take an account out of a room; what it wrote stays under its number.

    Raises:
        UsageError: it does not sit there, or it is the last one.
    """
    with transaction.atomic():
        hold(room)
        seated = team(room)
        if account not in seated:
            raise UsageError(
                Text(
                    "Cette personne ne siège pas dans la salle.",
                    "This person does not sit in the room.",
                )
            )
        if len(seated) == 1:
            raise UsageError(
                Text(
                    "La dernière personne ne peut pas partir : plus personne ne lirait la salle. Invitez "
                    "d’abord quelqu’un.",
                    "The last person cannot leave: nobody could read the room any more. Invite somebody first.",
                )
            )
        DraftSeat.objects.create(room_id=room, account=account, is_in=False, at=at, by=by)


def save(room: int, content: str, *, base: str, by: str, at: datetime) -> DraftVersion:
    """Save a version.

    Args:
        room: its number.
        content: the whole text.
        base: label of the version that the writer had before their eyes; empty for the first.
        by: who.
        at: when.

    Raises:
        StaleBaseError: somebody saved meanwhile; nothing is written.
        RoomClosedError: the text is handed in, being voted on, or approved.
        UsageError: the text is empty or too long.
    """
    clean = content.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not clean or len(clean) > LONGEST_TEXT:
        raise UsageError(
            Text(
                f"Un texte compte de 1 à {LONGEST_TEXT} signes ; celui-ci en a {len(clean)}.",
                f"A text has 1 to {LONGEST_TEXT} letters; this one has {len(clean)}.",
            )
        )
    try:
        with transaction.atomic():
            hold(room)
            now = look(room, clock=at)
            if now.state != "drafting":
                raise RoomClosedError(
                    Text(
                        "Le texte ne peut pas être modifié maintenant : il est soumis, mis au vote ou approuvé.",
                        "The text cannot be changed now: it is handed in, being voted on, or approved.",
                    )
                )
            if now.label != base:
                raise StaleBaseError(Text(
f"La version {now.label} a été enregistrée entre-temps ; la vôtre part de {base or 'rien'}.",
f"Version {now.label} was saved meanwhile; yours rests on {base or 'none'}.",
),
                                     latest=now.label)  # fmt: skip
            held = now.latest
            # A text that was voted on stays what it was: the next one belongs to a new round.
            is_voted = held is not None and BallotVote.objects.filter(room=room, version__round=held.round).exists()
            place = (1, 1) if held is None else (held.round + 1, 1) if is_voted else (held.round, held.number + 1)
            return DraftVersion.objects.create(
                room_id=room, round=place[0], number=place[1], content=clean, at=at, by=by
            )
    except IntegrityError as error:
        raise StaleBaseError(
            Text(
                "Quelqu’un a enregistré au même moment.",
                "Somebody saved at the same moment.",
            ),
            latest=label(_latest(room)),
        ) from error


def version(room: int, wanted: str) -> DraftVersion:
    """Return a version by its label.

    Raises:
        UnknownRoomError: the room has no such version.
    """
    round_, _, number = wanted.partition(".")
    if round_.isdecimal() and number.isdecimal() and len(wanted) < 12:  # noqa: PLR2004 -- no room has so many versions
        found = DraftVersion.objects.filter(room=room, round=int(round_), number=int(number)).first()
        if found is not None:
            return found
    raise UnknownRoomError(
        Text(
            f"Il n’y a pas de version « {wanted} » du texte de la salle {room}.",
            f"There is no version '{wanted}' of the text of room {room}.",
        )
    )


def versions(room: int) -> tuple[DraftVersion, ...]:
    """Return every version, newest first."""
    return tuple(DraftVersion.objects.filter(room=room).order_by("-round", "-number"))


def hand_in(room: int, *, base: str, by: str, at: datetime) -> DraftStep:
    """Hand the latest version in: from here on the text is frozen under its fingerprint.

    Raises:
        NotReadyError: fewer than two people sit in the room, nothing was saved, or objections have no answer.
        StaleBaseError: the latest version is not the one that was read.
        RoomClosedError: it is handed in already, being voted on, or approved.
    """
    with transaction.atomic():
        hold(room)
        now = look(room, clock=at)
        if now.state != "drafting":
            raise RoomClosedError(
                Text(
                    "Le texte est déjà soumis, mis au vote ou approuvé.",
                    "The text is handed in already, being voted on, or approved.",
                )
            )
        reasons = [("team", len(now.team))] if len(now.team) < LEAST_TEAM else []
        reasons += [("text", 0)] if now.latest is None else []
        reasons += [("objections", now.unanswered)] if now.unanswered else []
        if reasons or now.latest is None:
            raise NotReadyError(f"The draft is not ready: {reasons}.", reasons=reasons)
        if now.label != base:
            raise StaleBaseError(
                Text(
                    f"La version {now.label} a été enregistrée entre-temps ; vous lisiez {base}.",
                    f"Version {now.label} was saved meanwhile; you read {base}.",
                ),
                latest=now.label,
            )
        return DraftStep.objects.create(
            room_id=room, version=now.latest, kind="handed_in", sha256=fingerprint(now.latest), at=at, by=by
        )


def take_back(room: int, *, by: str, at: datetime) -> DraftStep:
    """Take a text back before a vote on it opens.

    Raises:
        RoomClosedError: it is not handed in.
    """
    with transaction.atomic():
        hold(room)
        now = look(room, clock=at)
        if now.state != "handed_in" or now.latest is None:
            raise RoomClosedError(
                Text(
                    "Le texte n’est pas soumis, il ne peut donc pas être repris.",
                    "The text is not handed in, so it cannot be taken back.",
                )
            )
        sha256 = fingerprint(now.latest)
        return DraftStep.objects.create(
            room_id=room, version=now.latest, kind="taken_back", sha256=sha256, at=at, by=by
        )


def handed_in(*, clock: datetime) -> tuple[Room, ...]:
    """Return the rooms whose text waits for a vote, oldest first."""
    rooms = DraftStep.objects.values("room").annotate(last=Max("id")).order_by("last").values_list("room", flat=True)
    return tuple(one for one in (look(room, clock=clock) for room in rooms) if one.state == "handed_in")


def fingerprint(version: DraftVersion) -> str:
    """Return the SHA-256 of a text as the ballot page shows it: of its round and its whole wording."""
    return digest({"number": version.round, "content": version.content})


def _latest(room: int) -> DraftVersion | None:
    return DraftVersion.objects.filter(room=room).order_by("-round", "-number").first()


def _unanswered(room: int) -> int:
    return DraftRemark.objects.filter(room=room, kind="objection", answers__isnull=True).count()
