"""Campaigns of ideas: ask a question, post an idea under a name, or with no link to anybody at all.

`post_without_name` takes neither person nor time: what is not given cannot be kept.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core import signing
from django.db import transaction

from beffroi.records.ideas import (
    AUDIENCES,
    VOICES,
    AnonymousIdea,
    Idea,
    IdeaCampaign,
    IdeaDraft,
    IdeaGuest,
)
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

LONGEST_TITLE, LONGEST_TEXT, LONGEST_GROUP = 200, 4_000, 80
MOST_GROUPS = 30
LINK_DAYS = 3  # a guest confirms within so many days
_SALT = "beffroi.ideas.confirm"
_LARGEST = 2**62


class UnknownIdeaError(UsageError):
    """A campaign or idea that is not here."""


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody writes: a title, a text, and the group they count themselves to, if any."""

    title: str
    text: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What a campaign asks, of whom, and when. `text` explains; `groups` are offered to those who answer."""

    question_fr: str
    question_en: str
    opens: date
    closes: date
    is_anonymous: bool
    audience: str = "members"
    text_fr: str = ""
    text_en: str = ""
    groups: Sequence[str] = ()


def open_campaign(asked: Question, *, by: str, at: datetime) -> int:
    """Write a campaign down for good and return its number. Named or anonymous: it cannot be changed afterwards.

    Raises:
        UsageError: a question is missing in a language, the days are the wrong way round, or a group is named twice.
    """
    groups = [one.strip()[:LONGEST_GROUP] for one in asked.groups if one.strip()]
    if not asked.question_fr.strip() or not asked.question_en.strip():
        raise UsageError(
            Text(
                "La question manque dans une langue. Écrivez-la en français et en anglais.",
                "The question is missing in one language. Write it in French and in English.",
            )
        )
    if asked.closes < asked.opens:
        raise UsageError(
            Text(
                f"Une campagne ne peut pas finir le {asked.closes}, avant de commencer le {asked.opens}.",
                f"A campaign cannot end on {asked.closes}, before it begins on {asked.opens}.",
            )
        )
    if asked.audience not in AUDIENCES:
        raise UsageError(
            Text(
                f"« {asked.audience} » ne peut pas être interrogé ; choisissez entre : {', '.join(AUDIENCES)}.",
                f"'{asked.audience}' cannot be asked; one of: {', '.join(AUDIENCES)}.",
            )
        )
    if len(set(groups)) < len(groups) or len(groups) > MOST_GROUPS:
        raise UsageError(
            Text(
                f"Nommez chaque groupe une fois, {MOST_GROUPS} au plus.",
                f"Name each group once, {MOST_GROUPS} at most.",
            )
        )
    made = IdeaCampaign.objects.create(
        question_fr=asked.question_fr.strip()[:300], question_en=asked.question_en.strip()[:300],
        text_fr=asked.text_fr.strip()[:LONGEST_TEXT], text_en=asked.text_en.strip()[:LONGEST_TEXT],
        is_anonymous=asked.is_anonymous, audience=asked.audience, groups=groups, opens=asked.opens,
        closes=asked.closes, by=by, at=at,
    )  # fmt: skip
    return made.pk


def campaign_of(number: int) -> IdeaCampaign:
    """Return a campaign.

    Raises:
        UnknownIdeaError: there is none of that number.
    """
    found = IdeaCampaign.objects.select_related("closing").filter(pk=min(number, _LARGEST)).first()
    if found is None:
        raise UnknownIdeaError(
            Text(
                f"Il n’y a pas de campagne {number}.",
                f"There is no campaign {number}.",
            )
        )
    return found


def state_of(campaign: IdeaCampaign, day: date) -> str:
    """Return `planned`, `open`, `ended` (no more ideas, answers are due) or `closed`."""
    if hasattr(campaign, "closing"):
        return "closed"
    if day < campaign.opens:
        return "planned"
    return "open" if day <= campaign.closes else "ended"


def post(
    campaign: IdeaCampaign, words: Words, *, account: int, lang: str, at: datetime, voice: str = "participant"
) -> int:
    """Post an idea under an account. It waits for a moderator.

    Raises:
        UsageError: the campaign is not open, is anonymous, or title or text is missing.
    """
    _require_open(campaign, at.date(), is_anonymous=False)
    return _write(campaign, checked(campaign, words), voice=voice, account=account, lang=lang, at=at).pk


def post_without_name(campaign: IdeaCampaign, words: Words, *, day: date, voice: str = "participant") -> int:
    """Post an idea that nothing ties to whoever wrote it: the day only tells whether the campaign is open.

    Raises:
        UsageError: the campaign is not open, is not anonymous, or title or text is missing.
    """
    _require_open(campaign, day, is_anonymous=True)
    return write_without_order(campaign, checked(campaign, words), voice=voice)


def write_without_order(campaign: IdeaCampaign, words: Words, *, voice: str) -> int:
    """Write an anonymous idea, and all others of its campaign anew, so that the database holds no order of arrival.

    A server such as PostgreSQL numbers the transaction of each row; after this all rows of the campaign have the same.
    """
    new = AnonymousIdea(
        id=draw(), campaign=campaign, title=words.title, text=words.text, group=words.group, voice=voice
    )
    with transaction.atomic():
        list(IdeaCampaign.objects.select_for_update().filter(pk=campaign.pk))  # one writer at a time
        rows = [*AnonymousIdea.objects.filter(campaign=campaign), new]
        AnonymousIdea.objects.filter(campaign=campaign).delete()
        AnonymousIdea.objects.bulk_create(sorted(rows, key=lambda one: one.pk))
    return new.pk


def draft(campaign: IdeaCampaign, words: Words, *, email: str, name: str, lang: str, at: datetime) -> str:
    """Keep what a guest wrote until the address is confirmed, and return the token of the link to send there.

    Raises:
        UsageError: the campaign is not open, asks no guests, is anonymous, or something is missing.
    """
    _require_open(campaign, at.date(), is_anonymous=False)
    if campaign.audience != "guests":
        raise UsageError(
            Text(
                "Cette campagne n’interroge que les membres. Connectez-vous, ou demandez à un membre "
                "de proposer l’idée.",
                "This campaign asks members only. Sign in, or ask a member to post the idea.",
            )
        )
    said = checked(campaign, words)
    kept = IdeaDraft.objects.create(
        campaign=campaign, title=said.title, text=said.text, group=said.group, email=email.strip()[:254],
        name=name.strip()[:120], lang=lang, at=at,
    )  # fmt: skip
    return signing.dumps({"draft": kept.pk}, salt=_SALT)


def draft_of(token: str) -> IdeaDraft:
    """Return what a link confirms.

    Raises:
        UnknownIdeaError: the link is forged, too old, or was used.
    """
    try:
        number = signing.loads(token, salt=_SALT, max_age=timedelta(days=LINK_DAYS))["draft"]
    except (signing.BadSignature, KeyError, TypeError) as error:
        raise UnknownIdeaError(
            Text(
                "Ce lien est faux ou trop ancien. Proposez l’idée de nouveau.",
                "This link is wrong or too old. Post the idea again.",
            )
        ) from error
    found = IdeaDraft.objects.select_related("campaign").filter(pk=number).first()
    if found is None:
        raise UnknownIdeaError(
            Text(
                "Ce lien a déjà servi : l’idée attend sa modération, ou a reçu sa réponse.",
                "This link was used already: the idea waits for a moderator, or has been answered.",
            )
        )
    return found


def confirm(token: str, *, at: datetime) -> Idea:
    """Turn a draft into an idea of a guest, once.

    Raises:
        UnknownIdeaError: as in `draft_of`.
        UsageError: the campaign has ended meanwhile.
    """
    with transaction.atomic():
        kept = draft_of(token)
        _require_open(kept.campaign, at.date(), is_anonymous=False)
        gone, _ = IdeaDraft.objects.filter(pk=kept.pk).delete()
        if not gone:
            raise UnknownIdeaError(
                Text(
                    "Ce lien a déjà servi.",
                    "This link was used already.",
                )
            )
        guest = IdeaGuest.objects.create(email=kept.email, name=kept.name, confirmed=at)
        said = Words(kept.title, kept.text, kept.group)
        return _write(kept.campaign, said, voice="participant", guest=guest, lang=kept.lang, at=at)


def draw() -> int:
    """Return a number by chance: neither order nor count can be read from it."""
    return secrets.randbelow(_LARGEST - 1) + 1


def _write(
    campaign: IdeaCampaign, words: Words, *, voice: str, lang: str, at: datetime, account: int | None = None,
    guest: IdeaGuest | None = None,
) -> Idea:  # fmt: skip
    if voice not in VOICES:
        raise UsageError(
            Text(
                f"« {voice} » n’est pas une voix ; choisissez entre : {', '.join(VOICES)}.",
                f"'{voice}' is no voice; one of: {', '.join(VOICES)}.",
            )
        )
    return Idea.objects.create(
        id=draw(), campaign=campaign, title=words.title, text=words.text, group=words.group, voice=voice, lang=lang,
        account=account, guest=guest, at=at,
    )  # fmt: skip


def _require_open(campaign: IdeaCampaign, day: date, *, is_anonymous: bool) -> None:
    if state_of(campaign, day) != "open":
        raise UsageError(
            Text(
                f"Cette campagne prend les idées du {campaign.opens} au {campaign.closes} seulement.",
                f"This campaign takes ideas from {campaign.opens} to {campaign.closes} only.",
            )
        )
    if campaign.is_anonymous != is_anonymous:
        raise UsageError(
            Text(
                "Montrer les noms ou non s’est décidé à l’ouverture de la campagne.",
                "Whether a campaign shows names was settled when it was opened.",
            )
        )


def checked(campaign: IdeaCampaign, words: Words) -> Words:
    """Return the words without blanks around them.

    Raises:
        UsageError: title or text is missing or too long, or the campaign has no such group.
    """
    title, text, group = (one.replace("\0", "").strip() for one in (words.title, words.text, words.group))
    if not title or not text:
        raise UsageError(
            Text(
                "Une idée demande un titre et un texte.",
                "An idea needs a title and a text.",
            )
        )
    if len(title) > LONGEST_TITLE or len(text) > LONGEST_TEXT:
        raise UsageError(
            Text(
                f"Un titre compte {LONGEST_TITLE} signes au plus, un texte {LONGEST_TEXT}.",
                f"A title has {LONGEST_TITLE} characters at most, a text {LONGEST_TEXT}.",
            )
        )
    if group and group not in campaign.groups:
        raise UsageError(
            Text(
                f"« {group[:LONGEST_GROUP]} » n’est pas un groupe de cette campagne.",
                f"'{group[:LONGEST_GROUP]}' is no group of this campaign.",
            )
        )
    return Words(title, text, group)
