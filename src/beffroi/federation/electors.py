"""Who may stand on the roll of a vote: members or those that sit in a body, who speaks for each, and conflicts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from beffroi.assembly.vote import Mandate as VoteMandate
from beffroi.federation.conflicts import conflicts_for
from beffroi.federation.mandates import voters_on
from beffroi.federation.read import count_members
from beffroi.records.accounts import Mandate
from beffroi.records.models import Placement

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from beffroi.charter.book import Book

ROLLS = ("represented", "members", "body")
UTC_FORM = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Representative:
    """An account that speaks for an organisation from a moment on, until another or without end; UTC."""

    account: int
    since: datetime
    until: datetime | None


def members(day: date) -> dict[str, str]:
    """Return the members of a day, address to name: those that the count ends with, nobody lapsed or closed."""
    counted = set(count_members(day).members.records)
    placed = Placement.objects.filter(record_id__in=counted).values_list("organisation_id", "organisation__name")
    return dict(sorted(placed))


def representatives(day: date) -> dict[str, list[Representative]]:
    """Return who holds a mandate of representative that has not ended by a day, by organisation."""
    rows = Mandate.objects.filter(
        Q(until__isnull=True) | Q(until__gte=day), role="representative", end__isnull=True
    ).order_by("id")
    found: dict[str, list[Representative]] = {}
    for scope, account, since, until in rows.values_list("scope", "account", "since", "until"):
        last = None if until is None else _midnight(until + timedelta(days=1))
        found.setdefault(scope, []).append(Representative(account, _midnight(since), last))
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """Who may stand on a roll: names, mandates and declared conflicts, each by the id of the organisation."""

    names: dict[str, str]
    mandates: dict[str, list[VoteMandate]]
    conflicts: dict[str, str]


def standing(
    at: datetime, book: Book, *, which: str = "represented", body: str = "", subjects: Iterable[str] = (),
    language: str = "fr",
) -> Standing:  # fmt: skip
    """Return who may stand on the roll of a moment.

    An organisation has a conflict of interest when it declared one about a subject, or when the only account that
    speaks for it did.

    Args:
        at: the moment.
        book: with declared conflicts and the mandates of the body.
        which: `members`; `represented`, the members that somebody speaks for; or `body`, the members that sit in it.
        body: id of the body that votes.
        subjects: ids of what the vote is about.
        language: of the reasons.
    """
    day = at.date().isoformat()
    names, speakers = members(at.date()), representatives(at.date())
    if which == "body":
        sitting = {one.text("organisation") for one in voters_on(book, body, day)}
        names = {one: name for one, name in names.items() if one in sitting}
    elif which == "represented":
        names = {one: name for one, name in names.items() if one in speakers}
    declared = {who: why.say(language) for one in subjects for who, why in conflicts_for(book, one, day).items()}
    mandates = {key: [_mandate(one) for one in held] for key, held in speakers.items()}
    silent = {
        key: declared[held[0].person]
        for key, held in mandates.items()
        if key in names and len(held) == 1 and held[0].person in declared
    }
    return Standing(names, mandates, {**silent, **declared})


def _mandate(one: Representative) -> VoteMandate:
    until = one.until.strftime(UTC_FORM) if one.until else None
    return VoteMandate(f"account {one.account}", one.since.strftime(UTC_FORM), until)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
