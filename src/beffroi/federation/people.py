"""Roles of people: who may act, for which organisation or territory, from which day to which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet

from beffroi.federation.audit import note
from beffroi.records.accounts import Mandate, MandateEnd
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from datetime import date, datetime

# Section 7 of the founding design; a visitor has no account, a registered person no mandate.
ROLES = (
    "operator", "reviewer", "representative", "drafter", "secretary", "chair", "office", "editor", "validator",
    "election_officer", "funder", "partner", "data_protection",
)  # fmt: skip
SCOPED = {"representative": "organisation", "secretary": "territory", "funder": "agreement", "partner": "cluster"}


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds; `scope` is empty for roles without one."""

    role: str
    scope: str


def give(
    account: int, role: str, *, by: str, at: datetime, scope: str = "", since: date | None = None,
    until: date | None = None,
) -> int:  # fmt: skip
    """Give a role and return the number of the mandate.

    Raises:
        UsageError: no such role; or a scope is missing, or given where there is none.
    """
    if role not in ROLES:
        raise UsageError(
            Text(
                f"Le rôle « {role} » n’existe pas ; choisissez entre : {', '.join(ROLES)}.",
                f"There is no role '{role}'; one of: {', '.join(ROLES)}.",
            )
        )
    if (role in SCOPED) != bool(scope):
        if role not in SCOPED:
            raise UsageError(Text(f"Le rôle « {role} » n’a pas d’objet.", f"The role '{role}' has no scope."))
        kinds = {"organisation": "l’organisation", "territory": "le territoire", "agreement": "la convention",
                 "cluster": "le cluster"}  # fmt: skip
        raise UsageError(Text(
            f"Le rôle « {role} » demande un objet : {kinds[SCOPED[role]]} pour lequel il vaut.",
            f"The role '{role}' needs a scope: the {SCOPED[role]} it is for."))  # fmt: skip
    if since and until and until < since:
        raise UsageError(
            Text(
                f"Un mandat ne peut pas finir le {until}, avant de commencer le {since}.",
                f"A mandate cannot end on {until}, before it begins on {since}.",
            )
        )
    with transaction.atomic():
        mandate = Mandate.objects.create(
            account=account, role=role, scope=scope, since=since or at.date(), until=until, by=by, at=at
        )
        note("role_given", at=at, account=account, detail={"role": role, "scope": scope, "by": by})
    return mandate.pk


def end(account: int, role: str, *, by: str, at: datetime, scope: str = "") -> int:
    """Take a role back and return how many mandates ended.

    Raises:
        UsageError: the account does not hold the role.
    """
    with transaction.atomic():
        held = list(_standing(account, at.date()).filter(role=role, scope=scope))
        if not held:
            raise UsageError(
                Text(
                    f"Le compte {account} ne tient pas le rôle « {role} »{f' pour {scope}' if scope else ''}.",
                    f"Account {account} does not hold the role '{role}'{f' for {scope}' if scope else ''}.",
                )
            )
        for one in held:
            MandateEnd.objects.create(mandate=one, by=by, at=at)
        note("role_ended", at=at, account=account, detail={"role": role, "scope": scope, "by": by})
    return len(held)


def held_by(account: int, day: date) -> tuple[Held, ...]:
    """Return the roles that an account holds on a day."""
    rows = _standing(account, day).order_by("role", "scope").values_list("role", "scope")
    return tuple(dict.fromkeys(Held(role, scope) for role, scope in rows))


@dataclass(frozen=True, slots=True)
class Given:
    """A mandate: who holds which role for what, from when to when, and whether it was taken back."""

    id: int
    account: int
    role: str
    scope: str
    since: date
    until: date | None
    by: str
    ended_by: str
    ended_at: datetime | None


def mandates() -> list[Given]:
    """Return every mandate ever given, the latest first."""
    rows = Mandate.objects.select_related("end").order_by("-id")
    return [
        Given(
            one.pk, one.account, one.role, one.scope, one.since, one.until, one.by,
            one.end.by if hasattr(one, "end") else "", one.end.at if hasattr(one, "end") else None,
        )
        for one in rows
    ]  # fmt: skip


def end_mandate(number: int, *, by: str, at: datetime) -> None:
    """Take one mandate back, whether it has begun or not.

    Raises:
        UsageError: there is none of this number, or it was taken back.
    """
    with transaction.atomic():
        held = Mandate.objects.filter(pk=number, end__isnull=True).first()
        if held is None:
            raise UsageError(
                Text(
                    f"Il n’y a pas de mandat {number} auquel mettre fin. Quelqu’un l’a peut-être déjà fait.",
                    f"There is no mandate {number} to end. Somebody may have ended it already.",
                )
            )
        MandateEnd.objects.create(mandate=held, by=by, at=at)
        detail = {"role": held.role, "scope": held.scope, "by": by}
        note("role_ended", at=at, account=held.account, detail=detail)


def _standing(account: int, day: date) -> QuerySet[Mandate]:
    return Mandate.objects.filter(
        Q(until__isnull=True) | Q(until__gte=day), account=account, since__lte=day, end__isnull=True
    )
