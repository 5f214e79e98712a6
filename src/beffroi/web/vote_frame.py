"""What pages of drafts and votes share: who may see what, for whom one may act, names, states and times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.http import Http404

from beffroi.observatory.home import home_folder
from beffroi.records.ballots import BallotElector
from beffroi.strategy import casting, closing
from beffroi.strategy.errors import UnknownVoteError
from beffroi.strategy.moments import moment, utc
from beffroi.strategy.vote_rows import vote_row
from beffroi.web import moments, permissions
from beffroi.web.vote_words import outcome_names

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from django.http import HttpRequest

    from beffroi.records.ballots import BallotVote
    from beffroi.web.permissions import Person


def now() -> datetime:
    """The moment of a request."""
    return datetime.now(UTC)


def home() -> Path:
    """Where keys of secret votes lie."""
    return home_folder()


def find(request: HttpRequest, vote_id: str) -> BallotVote:
    """Return a vote that the reader may see.

    Raises:
        Http404: there is none, or it is for members and the reader holds no role; the refusal is logged.
    """
    try:
        row = vote_row(vote_id)
    except UnknownVoteError as error:
        raise Http404 from error
    if not may_see(permissions.person_of(request), row):
        permissions.refuse(request, "read_votes")
    return row


def may_see(person: Person, row: BallotVote) -> bool:
    """Tell whether a person may read a vote: everybody a public one, those with a role the others."""
    return row.visibility == "public" or bool(person.held)


def state(row: BallotVote, at: datetime) -> str:
    """Return `coming`, `open`, `counting`, `cancelled`, or the outcome once it is written down."""
    if closing.is_cancelled(row):
        return "cancelled"
    if hasattr(row, "closing"):
        return str(row.closing.outcome)
    if closing.is_over(row, at):
        return "counting"
    return "open" if utc(at) >= row.opens else "coming"


def state_name(row: BallotVote, at: datetime) -> str:
    """The state in the reader's language."""
    return outcome_names()[state(row, at)]


def said_time(text: str, language: str) -> str:
    """A UTC text in words."""
    return moments.said(moment(text), language)


def names_of(row: BallotVote, organisations: Iterable[str]) -> dict[str, str]:
    """Names of organisations on a roll."""
    found = BallotElector.objects.filter(vote=row, organisation__in=list(organisations))
    return dict(found.values_list("organisation", "name"))


def own(row: BallotVote, person: Person, at: datetime) -> list[str]:
    """Organisations for which a person may act: by a mandate that was frozen with the roll and has not ended since."""
    held = {one.scope for one in person.held if one.role == "representative"}
    return [one for one in casting.organisations_of(row, person.author, utc(at)) if one in held]


def acting_for(row: BallotVote, person: Person, at: datetime) -> list[str]:
    """The same, with the organisations that delegated to them, and without those that delegated away."""
    mine = own(row, person, at)
    if not mine:
        return []
    given = casting.delegations(row)
    found = [one for one in mine if one not in given]
    for giver in given:
        end = giver
        while end in given:
            end = given[end]
        if end in mine and giver not in found:
            found.append(giver)
    return found


def account_of(author: str) -> int | None:
    """The number in `account 3`."""
    number = author.removeprefix("account ")
    return int(number) if author.startswith("account ") and number.isdecimal() else None


def account_by_email(email: str) -> User | None:
    """The account of an address."""
    return User.objects.filter(email__iexact=email.strip(), is_active=True).first()
