"""What pages of ideas share: words for states and answers, authors by name, files, and mail to authors and guests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.core.mail import send_mail
from django.http import Http404
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from beffroi.strategy.ideas import UnknownIdeaError, campaign_of, state_of
from beffroi.strategy.ideas_read import guest_names, standings
from beffroi.web import permissions, words
from beffroi.web.registry_frame import author_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from beffroi.records.ideas import IdeaCampaign
    from beffroi.strategy.ideas_moderate import Notice
    from beffroi.strategy.ideas_read import Standing


def state_names() -> dict[str, str]:
    """States of campaigns and ideas in the reader's language."""
    return {
        "planned": pgettext("idea", "not open yet"), "open": pgettext("idea", "open"),
        "ended": _("waiting for answers"), "closed": _("closed, answered"), "waiting": _("waits for a moderator"),
        "published": pgettext("idea", "published"), "refused": _("not published"),
        "merged": _("joined with others"), "split": _("split"),
    }  # fmt: skip


def outcome_names() -> dict[str, str]:
    """Answers in the reader's language."""
    return {"accepted": _("accepted"), "refused": _("declined"), "later": _("later")}


def voice_names() -> dict[str, str]:
    """Who speaks, in the reader's language."""
    return {"participant": _("from a participant"), "organiser": _("from the organiser")}


def opened(number: int) -> IdeaCampaign:
    """The campaign of an address.

    Raises:
        Http404: there is none.
    """
    try:
        return campaign_of(number)
    except UnknownIdeaError as error:
        raise Http404 from error


def idea_of(campaign: IdeaCampaign, number: int) -> Standing:
    """One idea of a campaign.

    Raises:
        Http404: there is none.
    """
    found = next((one for one in standings(campaign) if one.id == number), None)
    if found is None:
        raise Http404
    return found


def question(campaign: IdeaCampaign, lang: str) -> str:
    """The question in the reader's language."""
    return campaign.question_fr if lang == "fr" else campaign.question_en


def explained(campaign: IdeaCampaign, lang: str) -> str:
    """What explains the question, in the reader's language."""
    return campaign.text_fr if lang == "fr" else campaign.text_en


def may_post(request: HttpRequest, campaign: IdeaCampaign) -> bool:
    """Whether this reader may post now. Nothing is kept of the question."""
    is_open = state_of(campaign, datetime.now(UTC).date()) == "open"
    return is_open and (campaign.audience == "guests" or permissions.person_of(request).account is not None)


def runs(request: HttpRequest) -> bool:
    """Whether this reader runs campaigns."""
    return permissions.may(permissions.person_of(request), "run_ideas")


def said(one: Standing, lang: str, *, guests: dict[int, str]) -> dict[str, object]:
    """An idea as pages show it."""
    names = [author_name(f"account {account}") for account in one.accounts]
    names += [guests.get(guest) or _("a guest") for guest in one.guests]
    return {
        "id": one.id,
        "title": one.title,
        "text": one.text,
        "voice": voice_names()[one.voice],
        "group": one.group,
        "day": words.day(one.day.isoformat(), lang) if one.day else "",
        "authors": names,
        "state": one.state,
        "state_name": state_names()[one.state],
        "reason": one.reason,
        "outcome": outcome_names()[one.answer.outcome] if one.answer else "",
        "answer": one.answer.reason if one.answer else "",
        "answered_on": words.day(one.answer.day.isoformat(), lang) if one.answer else "",
    }


def all_said(found: Iterable[Standing], lang: str) -> list[dict[str, object]]:
    """Ideas as pages show them."""
    held = list(found)
    guests = guest_names(held)
    return [said(one, lang, guests=guests) for one in held]


def send_link(email: str, lang: str, *, url: str, title: str) -> None:
    """Send a guest the link that confirms an idea."""
    with translation.override(lang):
        text = render_to_string("ideas/mail_confirm.txt", {"url": url, "title": title, "lang": lang})
        send_mail(_("Confirm your idea"), text, None, [email])


def tell(notices: Iterable[Notice], *, base: str, campaign: int) -> None:
    """Tell every author what was answered, each in the language they wrote in. No name stands in the subject."""
    for one in notices:
        with translation.override(one.lang):
            text = render_to_string("ideas/mail_answer.txt", {
                "title": one.title, "outcome": outcome_names()[one.outcome], "reason": one.reason, "lang": one.lang,
                "url": f"{base}/{one.lang}/ideas/{campaign}/idea/{one.idea}/",
            })  # fmt: skip
            send_mail(_("Your idea has an answer"), text, None, [one.email])
