"""The retention job of the federation: what is kept no longer, why, and how it goes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.account.models import EmailConfirmation
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db.models import Q

from beffroi.federation.erase import erase
from beffroi.federation.personal_data import register
from beffroi.records.privacy import SecondFactor
from beffroi.vocabulary.retention import Due

if TYPE_CHECKING:
    from datetime import datetime

BY = "retention"


def due(*, at: datetime) -> list[Due]:
    """List what declarations say may be kept no longer: idle accounts, dead sessions, links and keys never used."""
    idle, spent = _ago("accounts", at), _ago("sign_in", at)
    found = [
        Due("accounts", "auth.User", str(one.pk), "made anonymous", _idle_since(one))
        for one in User.objects.filter(Q(last_login__lt=idle) | Q(last_login__isnull=True, date_joined__lt=idle))
        .exclude(username__startswith="erased-").order_by("pk")
    ]  # fmt: skip
    found += [
        Due("sign_in", "sessions.Session", one.session_key[:6] + "…", "deleted", f"ended on {one.expire_date:%Y-%m-%d}")
        for one in Session.objects.filter(expire_date__lt=spent).order_by("expire_date", "session_key")
    ]
    found += [
        Due(
            "sign_in", "records.SecondFactor", str(one.account), "deleted", f"begun on {one.begun:%Y-%m-%d}, never used"
        )
        for one in SecondFactor.objects.filter(confirmed__isnull=True, begun__lt=spent).order_by("account")
    ]
    found += [
        Due("sign_in", "account.EmailConfirmation", str(one.pk), "deleted", f"made on {one.created:%Y-%m-%d}")
        for one in EmailConfirmation.objects.filter(created__lt=spent).order_by("pk")
    ]
    return found


def apply(*, at: datetime) -> list[Due]:
    """Carry out what `due` lists, and return it."""
    found, spent = due(at=at), _ago("sign_in", at)
    for one in found:
        if one.table == "auth.User":
            erase(int(one.key), by=BY, at=at, reason=one.why)
    Session.objects.filter(expire_date__lt=spent).delete()
    SecondFactor.objects.filter(confirmed__isnull=True, begun__lt=spent).delete()
    EmailConfirmation.objects.filter(created__lt=spent).delete()
    return found


def _idle_since(one: User) -> str:
    if one.last_login:
        return f"last signed in on {one.last_login:%Y-%m-%d}"
    return f"never signed in since {one.date_joined:%Y-%m-%d}"


def _ago(activity: str, at: datetime) -> datetime:
    days = register().activities[activity].days
    if days is None:
        raise ValueError(f"'{activity}' declares no number of days")  # a mistake of ours
    return at - timedelta(days=days)
