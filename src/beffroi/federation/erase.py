"""Erasure: an account keeps its number and loses its name, so that logs hold and name nobody.

What a person wrote for others (decisions, reasons) stays under the number. What the registry shows of her as a contact
goes by an event of the registry. Rows of lists as received stay in their sealed history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.db import transaction

from beffroi.federation import judgement
from beffroi.federation.audit import note
from beffroi.federation.log import Act
from beffroi.federation.people import end, held_by
from beffroi.federation.person_export import sessions_of
from beffroi.federation.survivorship import CONTACT
from beffroi.records import models
from beffroi.records.privacy import RecoveryCode, SecondFactor
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Erased:
    """What went: sessions, roles ended, and (organisation, field) values that the registry no longer shows."""

    sessions: int
    roles: int
    contacts: tuple[tuple[str, str], ...]


def is_erased(account: int) -> bool:
    """Whether an account has lost its name."""
    return User.objects.filter(pk=account, username=_nameless(account)).exists()


def erase(account: int, *, by: str, at: datetime, reason: str) -> Erased:
    """Take name, address, password, sessions and second factor from an account, and end its roles.

    Raises:
        UsageError: there is no such account, or it is erased already.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=account).first()
        if user is None or user.username == _nameless(account):
            raise UsageError(
                Text(
                    f"Le compte {account} n’existe pas ou est déjà effacé. Rien n’a été modifié.",
                    f"Account {account} does not exist or is erased already. Nothing was changed.",
                )
            )
        contacts = _forget_contacts(user.email, by=by, at=at, reason=reason) if user.email else ()
        held = held_by(account, at.date())
        for one in held:
            end(account, one.role, scope=one.scope, by=by, at=at)
        sessions = sessions_of(account)
        for session in sessions:
            session.delete()
        EmailAddress.objects.filter(user_id=account).delete()
        SecondFactor.objects.filter(account=account).delete()
        RecoveryCode.objects.filter(account=account).delete()
        user.username, user.email, user.first_name, user.last_name = _nameless(account), "", "", ""
        user.is_active, user.last_login = False, None
        user.set_unusable_password()
        user.save()
        note("account_erased", at=at, account=account, detail={"by": by, "contacts": len(contacts)})
    return Erased(len(sessions), len(held), contacts)


def _nameless(account: int) -> str:
    return f"erased-{account}"


def _forget_contacts(email: str, *, by: str, at: datetime, reason: str) -> tuple[tuple[str, str], ...]:
    gone = []
    found = models.Organisation.objects.filter(placements__version__fields__email__iexact=email)
    for one in found.distinct().order_by("id"):
        for field in CONTACT:
            if one.values.get(field, {}).get("value"):
                judgement.override(one.id, field, "", act=Act(by, at, "erase"), reason=reason)
                gone.append((one.id, field))
    return tuple(gone)
