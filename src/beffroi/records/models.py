"""Tables of the registry: entries that are never changed, and readings computed from them.

An entry belongs to an `Event`. Undoing is one more event that names the one it undoes; entries of an undone event do
not count. Nothing is ever updated or deleted among the entries.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from beffroi.records import ballots  # noqa: F401 -- Django finds tables from here
from beffroi.records.accounts import AuditEntry, Mandate, MandateEnd  # noqa: F401 -- Django finds tables from here
from beffroi.records.changes import Renewal, Request, RequestAnswer
from beffroi.records.charter import CharterEntry  # noqa: F401 -- as above
from beffroi.records.ideas import (  # noqa: F401 -- as above
    AnonymousIdea,
    Idea,
    IdeaAnswer,
    IdeaCampaign,
    IdeaClosing,
    IdeaDraft,
    IdeaGuest,
    IdeaLink,
    IdeaModeration,
)
from beffroi.records.privacy import DataDecision, DataRequest, RecoveryCode, SecondFactor  # noqa: F401 -- as above

VALUES = ("same", "different", "related", "unsure")
ORIGINS = ("rule", "model", "person")
KINDS = ("list", "register", "unit")
SHA256_HEX = 64


class Source(models.Model):
    """A list of members, a register, or the anchors of legal units. The lower `trust_rank`, the more it is believed."""

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=10)
    trust_rank = models.IntegerField(default=100)

    class Meta:
        """Only known kinds."""

        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="source_kind")]


class LogHead(models.Model):
    """The end of the log, in one row. Whoever writes holds it, so that writers take turns."""

    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=SHA256_HEX, default="")


class Event(models.Model):
    """What was done, by whom, when, and what would undo it; each event carries the fingerprint of the one before."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    author = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    payload = models.JSONField()
    inverse = models.JSONField()
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    previous_hash = models.CharField(max_length=SHA256_HEX)
    hash = models.CharField(max_length=SHA256_HEX, unique=True)


class Blob(models.Model):
    """The bytes of a file, named by their SHA-256."""

    sha256 = models.CharField(max_length=SHA256_HEX, primary_key=True)
    content = models.BinaryField()


class SourceVersion(models.Model):
    """A list as it came one day. Without `blob`, its bytes were not kept because rows were left out on purpose."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="versions")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="versions")
    file_name = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=SHA256_HEX)
    blob = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT)
    as_of = models.DateField()
    mapping = models.JSONField()
    counts = models.JSONField()


class SourceRecord(models.Model):
    """A row of a list through all its versions, known by `key`; `event` is its birth."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="records")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="records")
    key = models.CharField(max_length=200)

    class Meta:
        """A key is given once in a source."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "key"], name="record_key")]


class RecordVersion(models.Model):
    """What a row said from one version of its list on: every cell as it came, and the cells we understand."""

    version = models.ForeignKey(SourceVersion, on_delete=models.PROTECT, related_name="rows")
    record = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="versions")
    row = models.IntegerField()
    row_hash = models.CharField(max_length=SHA256_HEX)
    key = models.CharField(max_length=200)
    raw = models.JSONField()
    fields = models.JSONField()
    is_gone = models.BooleanField(default=False)


class Judgement(models.Model):
    """Whether two records are one organisation: the only truth about groups. `bits` is evidence, log2 of the odds."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="judgements")
    left = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="+")
    value = models.CharField(max_length=10)
    relation = models.CharField(max_length=30, blank=True, default="")
    origin = models.CharField(max_length=10)
    method = models.CharField(max_length=60, blank=True, default="")
    probability = models.FloatField(null=True)
    bits = models.FloatField(null=True)
    sentence = models.TextField()

    class Meta:
        """A pair is written one way round; only `related` carries a relation."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(left__lt=models.F("right")), name="judgement_order"),
            models.CheckConstraint(condition=models.Q(value__in=VALUES), name="judgement_value"),
            models.CheckConstraint(condition=models.Q(origin__in=ORIGINS), name="judgement_origin"),
            models.CheckConstraint(
                condition=models.Q(value="related") ^ models.Q(relation=""), name="judgement_relation"
            ),
            models.CheckConstraint(
                condition=models.Q(probability__isnull=True) | models.Q(probability__gte=0, probability__lte=1),
                name="judgement_probability",
            ),
        ]


class Claim(models.Model):
    """After a split: the address (`title`) that a record holds from then on, and how senior that makes it."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="claims")
    record = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="claims")
    title = models.CharField(max_length=20)
    seniority = models.CharField(max_length=260)


class Override(models.Model):
    """A value that a person set against what the lists say."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="overrides")
    record = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="overrides")
    field = models.CharField(max_length=40)
    value = models.TextField(blank=True)
    reason = models.TextField(blank=True)


class Verification(models.Model):
    """A person found a record right, on a day, against something named."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="verifications")
    record = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="verifications")
    on = models.DateField()
    against = models.CharField(max_length=200)


class TradeDecision(models.Model):
    """A trade accepted or refused for a record, in a version of the scheme, with the evidence shown to the person."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="trades")
    record = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="trades")
    scheme = models.CharField(max_length=60)
    scheme_version = models.CharField(max_length=30)
    concept = models.CharField(max_length=60)
    is_accepted = models.BooleanField()
    is_main = models.BooleanField(default=False)
    evidence = models.TextField(blank=True)


class Task(models.Model):
    """Something a register says that a person must look at: it never changes a link by itself."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="tasks")
    record = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=30)
    detail = models.JSONField()


class Closing(models.Model):
    """How a task ended."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="closings")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="closings")
    outcome = models.CharField(max_length=30)
    reason = models.TextField(blank=True)


class Undone(models.Model):
    """Reading: the events that do not count at present."""

    event = models.OneToOneField(Event, primary_key=True, on_delete=models.CASCADE, related_name="undone")


class Organisation(models.Model):
    """Reading: a group of records, with the values that survive and those that compete with them."""

    id = models.CharField(max_length=20, primary_key=True)
    legal_unit = models.CharField(max_length=40, blank=True, db_index=True)
    name = models.CharField(max_length=300, db_index=True)
    city = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    values = models.JSONField()
    trades = models.JSONField()


class Placement(models.Model):
    """Reading: the organisation of a record, its row of today, the address it holds, and the one it was born with.

    `paid_until` is the last day of the row's membership (ISO), by the row or by a renewal, whichever was said last.
    """

    record = models.OneToOneField(SourceRecord, primary_key=True, on_delete=models.CASCADE, related_name="placement")
    version = models.ForeignKey(RecordVersion, null=True, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=20, db_index=True)
    born_title = models.CharField(max_length=20, db_index=True)
    paid_until = models.CharField(max_length=10, blank=True, default="")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="placements")


class Membership(models.Model):
    """Reading: an organisation stands in a list since a day, perhaps until another."""

    id = models.CharField(max_length=50, primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="memberships")
    since = models.DateField()
    until = models.DateField(null=True)


class Conflict(models.Model):
    """Reading: a judgement that says "same" and is not followed, with the reason."""

    judgement = models.OneToOneField(Judgement, primary_key=True, on_delete=models.CASCADE, related_name="conflict")
    reason = models.CharField(max_length=30)


ENTRIES = (
    Event, Blob, SourceVersion, SourceRecord, RecordVersion, Judgement, Claim, Override, Verification, TradeDecision,
    Task, Closing, Request, RequestAnswer, Renewal,
)  # fmt: skip
READINGS = (Undone, Organisation, Placement, Membership, Conflict)
