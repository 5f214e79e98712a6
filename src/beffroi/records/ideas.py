"""Campaigns of ideas: questions, ideas, what was decided about them, and what was answered.

Everything but guests, drafts and anonymous ideas is append-only. An anonymous idea has neither account nor time; its
number is drawn by chance, and all rows of its campaign are written anew with each, so that no order is left either.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

AUDIENCES = ("members", "guests")
VOICES = ("participant", "organiser")
KINDS = ("merge", "split")
DEEDS = ("published", "refused", "merged", "split")
OUTCOMES = ("accepted", "refused", "later")


class IdeaCampaign(models.Model):
    """A question put to members, perhaps also to guests, between two days. Nothing of it can be changed once asked."""

    question_fr = models.CharField(max_length=300)
    question_en = models.CharField(max_length=300)
    text_fr = models.TextField(blank=True, default="")
    text_en = models.TextField(blank=True, default="")
    is_anonymous = models.BooleanField()
    audience = models.CharField(max_length=10)
    groups = models.JSONField(default=list)
    opens = models.DateField()
    closes = models.DateField()
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        """A campaign ends after it begins, and asks somebody."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(closes__gte=models.F("opens")), name="campaign_days"),
            models.CheckConstraint(condition=models.Q(audience__in=AUDIENCES), name="campaign_audience"),
        ]


class IdeaClosing(models.Model):
    """The end of a campaign, once every idea has its answer."""

    campaign = models.OneToOneField(IdeaCampaign, on_delete=models.PROTECT, related_name="closing")
    text = models.TextField(blank=True, default="")
    by = models.CharField(max_length=60)
    at = models.DateTimeField()


class IdeaGuest(models.Model):
    """Somebody without an account who confirmed an address; address and name go when they are needed no longer."""

    email = models.CharField(max_length=254, blank=True, default="")
    name = models.CharField(max_length=120, blank=True, default="")
    confirmed = models.DateTimeField()


class IdeaDraft(models.Model):
    """What a guest wrote and has not confirmed by mail yet."""

    campaign = models.ForeignKey(IdeaCampaign, on_delete=models.CASCADE, related_name="drafts")
    title = models.CharField(max_length=200)
    text = models.TextField()
    group = models.CharField(max_length=80, blank=True, default="")
    email = models.CharField(max_length=254)
    name = models.CharField(max_length=120, blank=True, default="")
    lang = models.CharField(max_length=2)
    at = models.DateTimeField()


class Idea(models.Model):
    """An idea of a campaign that shows names. One that the organiser put together has no author of its own."""

    id = models.BigAutoField(primary_key=True)  # drawn by chance, like that of an anonymous idea
    campaign = models.ForeignKey(IdeaCampaign, on_delete=models.PROTECT, related_name="ideas")
    title = models.CharField(max_length=200)
    text = models.TextField()
    voice = models.CharField(max_length=12)
    group = models.CharField(max_length=80, blank=True, default="")
    account = models.BigIntegerField(null=True)
    guest = models.ForeignKey(IdeaGuest, null=True, on_delete=models.PROTECT, related_name="ideas")
    lang = models.CharField(max_length=2)
    at = models.DateTimeField()

    class Meta:
        """Only known voices."""

        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(voice__in=VOICES), name="idea_voice")]


class AnonymousIdea(models.Model):
    """An idea that nobody can be asked about. No account, no time, no order."""

    id = models.BigAutoField(primary_key=True)  # SQLite keeps rows in this order: there is no other number to read
    campaign = models.ForeignKey(IdeaCampaign, on_delete=models.PROTECT, related_name="anonymous_ideas")
    title = models.CharField(max_length=200)
    text = models.TextField()
    voice = models.CharField(max_length=12)
    group = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        """Only known voices."""

        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(voice__in=VOICES), name="anonymous_voice")]


class IdeaLink(models.Model):
    """An idea made from another, by joining or by splitting."""

    campaign = models.ForeignKey(IdeaCampaign, on_delete=models.PROTECT, related_name="links")
    parent = models.BigIntegerField(db_index=True)
    child = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=10)

    class Meta:
        """A link is written once."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="idea_link_kind"),
            models.UniqueConstraint(fields=["parent", "child"], name="idea_link"),
        ]


class IdeaModeration(models.Model):
    """What was done with an idea, by whom and why; the last word holds."""

    id = models.BigAutoField(primary_key=True)  # drawn by chance: its order would tell that of anonymous ideas
    campaign = models.ForeignKey(IdeaCampaign, on_delete=models.PROTECT, related_name="moderation")
    idea = models.BigIntegerField()
    number = models.IntegerField()
    deed = models.CharField(max_length=10)
    reason = models.TextField(blank=True, default="")
    by = models.CharField(max_length=60)
    day = models.DateField()

    class Meta:
        """Words about one idea are counted."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(deed__in=DEEDS), name="idea_deed"),
            models.UniqueConstraint(fields=["idea", "number"], name="idea_deed_number"),
        ]


class IdeaAnswer(models.Model):
    """What the cluster answers to an idea, and why; earlier answers stay."""

    id = models.BigAutoField(primary_key=True)  # drawn by chance, as above
    campaign = models.ForeignKey(IdeaCampaign, on_delete=models.PROTECT, related_name="answers")
    idea = models.BigIntegerField()
    number = models.IntegerField()
    outcome = models.CharField(max_length=10)
    reason = models.TextField()
    by = models.CharField(max_length=60)
    day = models.DateField()

    class Meta:
        """Answers to one idea are counted."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(outcome__in=OUTCOMES), name="idea_outcome"),
            models.UniqueConstraint(fields=["idea", "number"], name="idea_answer_number"),
        ]
