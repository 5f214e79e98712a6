"""Drafts and votes: entries, never changed, but for the head of a vote's log.

Accounts are named by number (`account 3`), never by name. Whatever belongs to a secret ballot has a random key, so that
neither its number nor its place in the table tells when it came in.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

SHA256_HEX = 64
AUTHOR = 60
REMARKS = ("comment", "objection")
STEPS = ("handed_in", "taken_back")
ACTS = ("open", "attend", "delegate", "revoke", "cast", "token", "close", "cancel")
MAILS = ("invitation", "reminder", "result", "cancelled")
OFFICES = ("election_officer", "operator")
VISIBILITIES = ("public", "members")


class DraftRoom(models.Model):
    """A place where a few named people write a text."""

    title = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.CharField(max_length=AUTHOR)


class DraftSeat(models.Model):
    """Somebody came into a room, or left it; the last entry of an account holds."""

    room = models.ForeignKey(DraftRoom, on_delete=models.PROTECT, related_name="seats")
    account = models.BigIntegerField(db_index=True)
    is_in = models.BooleanField()
    at = models.DateTimeField()
    by = models.CharField(max_length=AUTHOR)


class DraftVersion(models.Model):
    """A text as saved. `round` counts what is put to the vote, `number` the saves within it."""

    room = models.ForeignKey(DraftRoom, on_delete=models.PROTECT, related_name="versions")
    round = models.IntegerField()
    number = models.IntegerField()
    content = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=AUTHOR)

    class Meta:
        """Two people cannot save the same version."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["room", "round", "number"], name="draft_version")]


class DraftStep(models.Model):
    """A version is handed in for a vote, or taken back before one opens."""

    room = models.ForeignKey(DraftRoom, on_delete=models.PROTECT, related_name="steps")
    version = models.ForeignKey(DraftVersion, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=SHA256_HEX)
    at = models.DateTimeField()
    by = models.CharField(max_length=AUTHOR)

    class Meta:
        """Only known steps."""

        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(kind__in=STEPS), name="draft_step")]


class BallotVote(models.Model):
    """A vote as frozen: text, rules and fingerprints. Its roll stands in `BallotElector`.

    `opens` and `closes` are UTC texts to the second, as the box has them. `rule` is what the body's statutes say, from
    which `statutes` come; `seat_rule` a frozen rule of seats that is adopted with the text, if there is one.
    """

    id = models.CharField(max_length=20, primary_key=True)
    room = models.ForeignKey(DraftRoom, null=True, on_delete=models.PROTECT, related_name="votes")
    version = models.ForeignKey(DraftVersion, null=True, on_delete=models.PROTECT, related_name="votes")
    body = models.CharField(max_length=60)
    rule = models.JSONField()
    title = models.CharField(max_length=200)
    opens = models.CharField(max_length=20)
    closes = models.CharField(max_length=20, db_index=True)
    is_secret = models.BooleanField()
    visibility = models.CharField(max_length=10)
    text_number = models.IntegerField()
    text = models.TextField()
    statutes = models.JSONField()
    candidates = models.JSONField()
    keys = models.JSONField()
    seat_rule = models.JSONField(null=True)
    text_sha256 = models.CharField(max_length=SHA256_HEX)
    electorate_sha256 = models.CharField(max_length=SHA256_HEX)
    rules_sha256 = models.CharField(max_length=SHA256_HEX)
    enrolled = models.IntegerField()
    enrolled_weight = models.CharField(max_length=130)
    at = models.DateTimeField()
    by = models.CharField(max_length=AUTHOR)

    class Meta:
        """Open to all, or to members."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(visibility__in=VISIBILITIES), name="vote_visibility"),
            models.CheckConstraint(condition=models.Q(opens__lt=models.F("closes")), name="vote_times"),
        ]


class BallotElector(models.Model):
    """An organisation on the roll of a vote; `weight` is an exact fraction as text, `name` what pages show."""

    vote = models.ForeignKey(BallotVote, on_delete=models.PROTECT, related_name="electors")
    place = models.IntegerField()
    organisation = models.CharField(max_length=40)
    name = models.CharField(max_length=300)
    weight = models.CharField(max_length=130)
    college = models.CharField(max_length=60, blank=True)
    territory = models.CharField(max_length=60, blank=True)
    is_aggregated = models.BooleanField(default=False)
    conflict = models.TextField(null=True)  # noqa: DJ001 -- none and an empty reason differ

    class Meta:
        """Each organisation stands once on a roll."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["vote", "organisation"], name="elector_once")]


class BallotMandate(models.Model):
    """Who may act for an organisation in a vote, between two UTC texts."""

    vote = models.ForeignKey(BallotVote, on_delete=models.PROTECT, related_name="mandates")
    organisation = models.CharField(max_length=40)
    person = models.CharField(max_length=AUTHOR)
    since = models.CharField(max_length=20)
    until = models.CharField(max_length=20, null=True)  # noqa: DJ001 -- none: without end

    class Meta:
        """Found from both ends."""

        indexes: ClassVar = [
            models.Index(fields=["vote", "organisation"], name="ballot_mandate_of"),
            models.Index(fields=["vote", "person"], name="ballot_mandate_by"),
        ]


class BallotHead(models.Model):
    """The end of a vote's log, in one row. Whoever writes holds it, so that ballots take turns."""

    vote = models.OneToOneField(BallotVote, primary_key=True, on_delete=models.PROTECT, related_name="head")
    number = models.IntegerField()
    hash = models.CharField(max_length=SHA256_HEX)
    last = models.CharField(max_length=20)


class BallotAct(models.Model):
    """An entry of a vote's log. `body` is what is hashed; `organisation` and `target` repeat it for searching."""

    vote = models.ForeignKey(BallotVote, on_delete=models.PROTECT, related_name="acts")
    number = models.IntegerField()
    act = models.CharField(max_length=10)
    organisation = models.CharField(max_length=40, blank=True)
    target = models.CharField(max_length=40, blank=True)
    body = models.JSONField()
    previous = models.CharField(max_length=SHA256_HEX)
    hash = models.CharField(max_length=SHA256_HEX)

    class Meta:
        """Numbers follow one another; nothing is written twice."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vote", "number"], name="ballot_act_number"),
            models.CheckConstraint(condition=models.Q(act__in=ACTS), name="ballot_act_kind"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["vote", "organisation", "number"], name="ballot_act_of"),
            models.Index(fields=["vote", "target"], name="ballot_act_to"),
        ]


class UrnSlip(models.Model):
    """A ballot without a name; a later one with the same token replaces it. No time, no author, a random key."""

    id = models.BigIntegerField(primary_key=True)
    vote = models.ForeignKey(BallotVote, on_delete=models.PROTECT, related_name="slips")
    class_id = models.CharField(max_length=300)
    token = models.CharField(max_length=SHA256_HEX)
    signature = models.TextField()
    choice = models.JSONField()
    changes = models.IntegerField()

    class Meta:
        """Each change of a ballot is one entry."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["vote", "token", "changes"], name="urn_slip")]


class BallotClosing(models.Model):
    """What a count gave, and the fingerprint of the box it is exported in."""

    vote = models.OneToOneField(BallotVote, on_delete=models.PROTECT, related_name="closing")
    outcome = models.CharField(max_length=20)
    result = models.JSONField()
    sha256 = models.CharField(max_length=SHA256_HEX)
    at = models.DateTimeField()
    by = models.CharField(max_length=AUTHOR)


class BallotCancelling(models.Model):
    """A vote that was cancelled before its deadline: why, in which office; `hash` is that of its entry of the log."""

    vote = models.OneToOneField(BallotVote, on_delete=models.PROTECT, related_name="cancelling")
    reason = models.TextField()
    office = models.CharField(max_length=20)
    hash = models.CharField(max_length=SHA256_HEX)
    at = models.DateTimeField()
    by = models.CharField(max_length=AUTHOR)

    class Meta:
        """Only known offices."""

        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(office__in=OFFICES), name="ballot_office")]


class DraftRemark(models.Model):
    """A comment or an objection, by a drafter or with a ballot. With a secret ballot: no author, only the day."""

    id = models.BigIntegerField(primary_key=True)
    room = models.ForeignKey(DraftRoom, on_delete=models.PROTECT, related_name="remarks")
    round = models.IntegerField()
    kind = models.CharField(max_length=10)
    content = models.TextField()
    vote = models.ForeignKey(BallotVote, null=True, on_delete=models.PROTECT, related_name="remarks")
    organisation = models.CharField(max_length=40, blank=True, default="")
    at = models.DateTimeField()
    by = models.CharField(max_length=AUTHOR, blank=True, default="")

    class Meta:
        """Only known kinds."""

        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(kind__in=REMARKS), name="draft_remark")]


class DraftAnswer(models.Model):
    """What the drafters answer to a remark."""

    remark = models.ForeignKey(DraftRemark, on_delete=models.PROTECT, related_name="answers")
    content = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=AUTHOR)


class BallotMail(models.Model):
    """A message that an officer had sent about a vote."""

    vote = models.ForeignKey(BallotVote, on_delete=models.PROTECT, related_name="mails")
    account = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=AUTHOR)

    class Meta:
        """Only known kinds."""

        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(kind__in=MAILS), name="ballot_mail")]


GUARDED = (
    DraftRoom, DraftSeat, DraftVersion, DraftStep, DraftRemark, DraftAnswer, BallotVote, BallotElector, BallotMandate,
    BallotAct, UrnSlip, BallotClosing, BallotMail, BallotCancelling,
)  # fmt: skip
