"""What campaigns of ideas keep no longer: drafts never confirmed, and addresses of guests once the answers are out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Max, Q

from beffroi.records.ideas import IdeaDraft, IdeaGuest
from beffroi.vocabulary.retention import Due

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

DRAFT_DAYS, GUEST_DAYS = 3, 90


def due(*, at: datetime) -> list[Due]:
    """List drafts older than three days and addresses of guests ninety days after their campaign was closed."""
    found = [
        Due("guests", "records.IdeaDraft", str(one.pk), "deleted", f"written on {one.at:%Y-%m-%d}, never confirmed")
        for one in _drafts(at).order_by("pk")
    ]
    found += [
        Due("guests", "records.IdeaGuest", str(one.pk), "address and name removed", "campaign closed long ago")
        for one in _guests(at).order_by("pk")
    ]
    return found


def apply(*, at: datetime) -> list[Due]:
    """Carry out what `due` lists, and return it."""
    found = due(at=at)
    _drafts(at).delete()
    IdeaGuest.objects.filter(pk__in=[one.pk for one in _guests(at)]).update(email="", name="")
    return found


def forget_guest(email: str) -> int:
    """Take address and name from everything that a guest posted, as the guest may ask. Returns how many there were."""
    drafts, _ = IdeaDraft.objects.filter(email__iexact=email).delete()
    return drafts + IdeaGuest.objects.filter(email__iexact=email).update(email="", name="")


def _drafts(at: datetime) -> QuerySet[IdeaDraft]:
    return IdeaDraft.objects.filter(at__lt=at - timedelta(days=DRAFT_DAYS))


def _guests(at: datetime) -> QuerySet[IdeaGuest]:
    named = IdeaGuest.objects.exclude(Q(email="") & Q(name=""))
    return named.annotate(end=Max("ideas__campaign__closing__at")).filter(end__lt=at - timedelta(days=GUEST_DAYS))
