"""Second factors of sign-in, and what people ask about their own data.

A second factor is no entry: whoever gives it up leaves nothing behind. Requests and decisions are entries.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

SHA256_HEX = 64
REQUESTS = ("erasure", "correction")
OUTCOMES = ("granted", "refused")


class SecondFactor(models.Model):
    """The salt of a secret shared with a person's telephone; the secret itself needs the key of the house too."""

    account = models.BigIntegerField(unique=True)
    salt = models.CharField(max_length=SHA256_HEX)
    begun = models.DateTimeField()
    confirmed = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)


class RecoveryCode(models.Model):
    """The fingerprint of a code that works once when the telephone is lost."""

    account = models.BigIntegerField(db_index=True)
    hash = models.CharField(max_length=SHA256_HEX)


class DataRequest(models.Model):
    """What a person asks about her own data."""

    account = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=20)
    text = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        """Only known kinds."""

        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(kind__in=REQUESTS), name="request_kind")]


class DataDecision(models.Model):
    """How a request was answered, and why."""

    request = models.OneToOneField(DataRequest, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=20)
    reason = models.TextField()
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        """Only known outcomes."""

        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(outcome__in=OUTCOMES), name="request_end")]
