"""Deeds that go with a kind: convene, cancel and announce a meeting, approve minutes, put a thing away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.charter.faults import Fault, RefusedError
from beffroi.federation import government
from beffroi.federation.invitations import accounts_invited, invitation
from beffroi.federation.meetings import MEETING, cancel, convene, is_convened
from beffroi.federation.minutes import approve, next_meeting
from beffroi.vocabulary.text import Text
from beffroi.web.government_frame import by_here

if TYPE_CHECKING:
    from django.http import HttpRequest

    from beffroi.charter.book import Thing

PUT_AWAY = ("archive", "restore")
DEEDS: dict[str, tuple[str, ...]] = {
    "meeting": ("convene", "cancel", "invite", *PUT_AWAY),
    "minutes": ("approve", *PUT_AWAY),
    **{name: PUT_AWAY for name in government.KINDS if name not in {"meeting", "minutes", "seating"}},
}


def offered(one: Thing) -> list[tuple[str, str]]:
    """The deeds that make sense now, with their words; the charter still decides."""
    if one.kind == "meeting" and not one.is_archived:
        if one.get("is_cancelled"):
            return [("invite", _("Send the cancellation by mail"))]
        if is_convened(one):
            return [("invite", _("Send the invitation by mail")), ("cancel", _("Cancel the meeting"))]
        return [("convene", _("Convene the meeting")), ("archive", _("Put away"))]
    if one.kind == "minutes":
        return [] if one.get("approved_at") else [("approve", _("Enter their approval at the next meeting"))]
    if one.kind == "seating":
        return []
    return [("restore", _("Take back"))] if one.is_archived else [("archive", _("Put away"))]


def do(request: HttpRequest, lang: str, one: Thing, deed: str) -> None:
    """Do a deed.

    Raises:
        RefusedError: the rules do not allow it; nothing was written or sent.
    """
    by = by_here(request)
    if deed == "convene":
        convene(one.id, by=by)
    elif deed == "cancel":
        cancel(one.id, by=by)
    elif deed == "approve":
        meeting = next_meeting(entries.book(), entries.book().thing(str(one.get("meeting"))))
        approve(one.id, meeting.id if meeting else str(one.get("meeting")), by=by)
    elif deed == "invite":
        _invite(request, lang, one)
    elif deed == "restore":
        entries.restore(government.KINDS[one.kind], one.id, by=by)
    else:
        entries.archive(government.KINDS[one.kind], one.id, by=by)


def _invite(request: HttpRequest, lang: str, meeting: Thing) -> None:
    book = entries.book()
    if not is_convened(meeting):
        raise RefusedError([Fault("", Text("Convoquez la réunion d’abord.", "Convene the meeting first."))])
    wanted = accounts_invited(book, meeting)
    addresses = list(
        User.objects.filter(pk__in=wanted, is_active=True).exclude(email="").values_list("email", flat=True)
    )
    if not addresses:
        raise RefusedError([Fault("", Text(
            "Aucun mandat de cette instance ne porte un compte avec une adresse.",
            "No mandate of this body bears an account with an address."))])  # fmt: skip
    said = invitation(book, meeting, url=request.build_absolute_uri("/").rstrip("/"), first=lang)
    for one in addresses:  # one message each: nobody learns the address of another
        mail = EmailMessage(said.subject, said.text, to=[one], headers={"Auto-Submitted": "auto-generated"})
        mail.attach("meeting.ics", said.calendar.decode(), "text/calendar")
        mail.send()
    entries.change(MEETING, meeting.id, {}, by=by_here(request), act="invited", reason=f"{len(addresses)} e-mails")
