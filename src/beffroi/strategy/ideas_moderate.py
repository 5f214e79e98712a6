"""What officers do with ideas: let them in, join, split, answer with a reason, and close a campaign.

Nothing is erased: an idea that was joined or split stays and leads to what it became, where its authors are credited.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import transaction

from beffroi.records.ideas import (
    OUTCOMES,
    Idea,
    IdeaAnswer,
    IdeaCampaign,
    IdeaClosing,
    IdeaGuest,
    IdeaLink,
    IdeaModeration,
)
from beffroi.strategy.ideas import UnknownIdeaError, Words, checked, draw, write_without_order
from beffroi.strategy.ideas_read import Standing, standings
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

FEWEST_PARTS = 2


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody to tell about an answer, in the language they wrote in."""

    email: str
    lang: str
    title: str
    idea: int
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Moderated:
    """Whether this was the first word about something that somebody contributed, as the door's log wants to know."""

    is_first: bool


def moderate(campaign: IdeaCampaign, idea: int, deed: str, *, by: str, at: datetime, reason: str = "") -> Moderated:
    """Publish an idea, or refuse it with a reason that its author can read.

    Raises:
        UsageError: another deed, no reason for a refusal, or the idea was joined, split or answered.
    """
    if deed not in {"published", "refused"}:
        raise UsageError(
            Text(
                "Une idée est publiée ou refusée.",
                "An idea is published or refused.",
            )
        )
    if deed == "refused" and not reason.strip():
        raise UsageError(
            Text(
                "Dites pourquoi l’idée est refusée.",
                "Say why the idea is refused.",
            )
        )
    with _writing(campaign):
        one = _standing(campaign, idea)
        if one.state in {"merged", "split"} or one.answer or one.state == deed:
            raise UsageError(
                Text(
                    "La décision a été prise entre-temps. Rien n’a été modifié.",
                    "This was decided meanwhile. Nothing was changed.",
                )
            )
        _say(campaign, idea, deed, reason=reason, by=by, at=at)
    return Moderated(is_first=one.state == "waiting" and not one.parents)


def merge(campaign: IdeaCampaign, ideas: Sequence[int], words: Words, *, by: str, at: datetime) -> int:
    """Join published ideas into one that the organiser words; all their authors are its authors.

    Raises:
        UsageError: fewer than two ideas, or one of them is not published.
    """
    if len(set(ideas)) < FEWEST_PARTS:
        raise UsageError(
            Text(
                "Choisissez au moins deux idées à réunir.",
                "Choose two ideas or more to join.",
            )
        )
    with _writing(campaign):
        found = [_published(campaign, one) for one in dict.fromkeys(ideas)]
        made = _make(campaign, words, lang=_lang_of(found[0]), at=at)
        _say(campaign, made, "published", reason="", by=by, at=at)
        for one in found:
            IdeaLink.objects.create(campaign=campaign, parent=one.id, child=made, kind="merge")
            _say(campaign, one.id, "merged", reason="", by=by, at=at)
    return made


def split(campaign: IdeaCampaign, idea: int, parts: Sequence[Words], *, by: str, at: datetime) -> tuple[int, ...]:
    """Make several ideas out of one; its authors are theirs.

    Raises:
        UsageError: fewer than two parts, or the idea is not published.
    """
    if len(parts) < FEWEST_PARTS:
        raise UsageError(
            Text(
                "Écrivez au moins deux parties.",
                "Write two parts or more.",
            )
        )
    with _writing(campaign):
        one = _published(campaign, idea)
        made = tuple(_make(campaign, words, lang=_lang_of(one), at=at) for words in parts)
        for part in made:
            IdeaLink.objects.create(campaign=campaign, parent=idea, child=part, kind="split")
            _say(campaign, part, "published", reason="", by=by, at=at)
        _say(campaign, idea, "split", reason="", by=by, at=at)
    return made


def answer(
    campaign: IdeaCampaign, idea: int, outcome: str, *, reason: str, by: str, at: datetime
) -> tuple[Notice, ...]:
    """Answer an idea with a reason, and return whom to tell: every author that can be reached.

    Raises:
        UsageError: another outcome, no reason, or the idea is not published.
    """
    if outcome not in OUTCOMES or not reason.strip():
        raise UsageError(
            Text(
                f"Répondez par {', '.join(OUTCOMES)}, et dites pourquoi.",
                f"Answer {', '.join(OUTCOMES)}, and say why.",
            )
        )
    with _writing(campaign):
        one = _published(campaign, idea)
        number = IdeaAnswer.objects.filter(idea=idea).count() + 1
        IdeaAnswer.objects.create(id=draw(), campaign=campaign, idea=idea, number=number, outcome=outcome,
                                  reason=reason.strip(), by=by, day=at.date())  # fmt: skip
    return _notices(one, outcome, reason.strip())


def unanswered(campaign: IdeaCampaign) -> list[Standing]:
    """Return the ideas that keep a campaign from being closed: those that wait, and those without an answer."""
    return [
        one for one in standings(campaign) if one.state == "waiting" or (one.state == "published" and not one.answer)
    ]


def close(campaign: IdeaCampaign, *, by: str, at: datetime, text: str = "") -> None:
    """Close a campaign for good.

    Raises:
        UsageError: an idea has no answer yet; the message names it.
    """
    with _writing(campaign):
        left = unanswered(campaign)
        if left:
            titles = "; ".join(f"“{one.title}”" for one in left[:5])
            raise UsageError(
                Text(
                    f"{len(left)} idées n’ont pas encore de réponse : {titles}. Répondez-y, puis fermez la campagne.",
                    f"{len(left)} ideas have no answer yet: {titles}. Answer them, then close the campaign.",
                )
            )
        IdeaClosing.objects.create(campaign=campaign, text=text.strip(), by=by, at=at)


@contextmanager
def _writing(campaign: IdeaCampaign) -> Iterator[None]:
    """One writer at a time for a campaign that is not closed; all of the block happens, or nothing."""
    with transaction.atomic():
        list(IdeaCampaign.objects.select_for_update().filter(pk=campaign.pk))
        if IdeaClosing.objects.filter(campaign=campaign).exists():
            raise UsageError(
                Text(
                    "Cette campagne est close. Rien n’a été modifié.",
                    "This campaign is closed. Nothing was changed.",
                )
            )
        yield


def _standing(campaign: IdeaCampaign, idea: int) -> Standing:
    found = next((one for one in standings(campaign) if one.id == idea), None)
    if found is None:
        raise UnknownIdeaError(
            Text(
                f"Il n’y a pas d’idée {idea} dans cette campagne.",
                f"There is no idea {idea} in this campaign.",
            )
        )
    return found


def _published(campaign: IdeaCampaign, idea: int) -> Standing:
    found = _standing(campaign, idea)
    if found.state != "published":
        raise UsageError(
            Text(
                f"« {found.title} » n’est pas publiée. Rien n’a été modifié.",
                f"“{found.title}” is {found.state}, not published. Nothing was changed.",
            )
        )
    return found


def _make(campaign: IdeaCampaign, words: Words, *, lang: str, at: datetime) -> int:
    said = checked(campaign, words)
    if campaign.is_anonymous:
        return write_without_order(campaign, said, voice="organiser")
    return Idea.objects.create(
        id=draw(), campaign=campaign, title=said.title, text=said.text, group=said.group, voice="organiser", lang=lang,
        at=at,
    ).pk  # fmt: skip


def _lang_of(one: Standing) -> str:
    return Idea.objects.filter(pk=one.id).values_list("lang", flat=True).first() or "fr"


def _say(campaign: IdeaCampaign, idea: int, deed: str, *, reason: str, by: str, at: datetime) -> None:
    number = IdeaModeration.objects.filter(idea=idea).count() + 1
    IdeaModeration.objects.create(id=draw(), campaign=campaign, idea=idea, number=number, deed=deed,
                                  reason=reason.strip(), by=by, day=at.date())  # fmt: skip


def _notices(one: Standing, outcome: str, reason: str) -> tuple[Notice, ...]:
    lang = _lang_of(one)
    emails = [*User.objects.filter(pk__in=one.accounts, is_active=True).order_by("pk").values_list("email", flat=True),
              *IdeaGuest.objects.filter(pk__in=one.guests).order_by("pk").values_list("email", flat=True)]  # fmt: skip
    return tuple(Notice(email, lang, one.title, one.id, outcome, reason) for email in dict.fromkeys(emails) if email)
