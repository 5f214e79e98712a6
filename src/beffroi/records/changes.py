"""What members ask for, how it is answered, and until when a row is renewed: entries, never changed."""

from __future__ import annotations

from django.db import models


class Request(models.Model):
    """A value that a representative asks for and that waits for a reviewer; `account` names who asks."""

    event = models.ForeignKey("records.Event", on_delete=models.PROTECT, related_name="requests")
    record = models.ForeignKey("records.SourceRecord", on_delete=models.PROTECT, related_name="requests")
    account = models.BigIntegerField()
    field = models.CharField(max_length=40)
    value = models.TextField(blank=True)
    reason = models.TextField(blank=True)


class RequestAnswer(models.Model):
    """What a reviewer said to a request."""

    event = models.ForeignKey("records.Event", on_delete=models.PROTECT, related_name="answers")
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="answers")
    is_accepted = models.BooleanField()
    reason = models.TextField(blank=True)


class Renewal(models.Model):
    """The last day of a membership, said by a person for one row; what the row itself says later goes before it."""

    event = models.ForeignKey("records.Event", on_delete=models.PROTECT, related_name="renewals")
    record = models.ForeignKey("records.SourceRecord", on_delete=models.PROTECT, related_name="renewals")
    until = models.DateField()
