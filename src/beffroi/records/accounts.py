"""Who may act for whom, and what was refused or done at the door: entries, never changed.

An account is named by its number alone. It may be erased; what was written under its number stays, and names nobody.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

SHA256_HEX = 64


class Mandate(models.Model):
    """A role held by an account since a day, perhaps until another; `scope` is an organisation or a territory."""

    account = models.BigIntegerField(db_index=True)
    role = models.CharField(max_length=30)
    scope = models.CharField(max_length=40, blank=True, default="")
    since = models.DateField()
    until = models.DateField(null=True)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        """A mandate does not end before it begins."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")), name="mandate_days"
            )
        ]


class MandateEnd(models.Model):
    """A mandate taken back."""

    mandate = models.OneToOneField(Mandate, on_delete=models.PROTECT, related_name="end")
    by = models.CharField(max_length=60)
    at = models.DateTimeField()


class AuditEntry(models.Model):
    """An act at the door. Each carries the fingerprint of the one before; `account` is empty for a visitor."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    account = models.BigIntegerField(null=True)
    act = models.CharField(max_length=30)
    path = models.CharField(max_length=300, blank=True, default="")
    detail = models.JSONField()
    previous_hash = models.CharField(max_length=SHA256_HEX, blank=True)
    hash = models.CharField(max_length=SHA256_HEX, unique=True)
