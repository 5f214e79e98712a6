"""The charter: what people entered about purposes, bodies and decisions, entry by entry, never changed."""

from __future__ import annotations

from django.db import models

SHA256_HEX = 64


class CharterEntry(models.Model):
    """What somebody said of one thing at one time. Each carries the fingerprint of the one before.

    `author` is an account's number or a name of ours, never a person's name. `change` holds the fields that changed.
    """

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    author = models.CharField(max_length=60)
    kind = models.CharField(max_length=30)
    thing = models.CharField(max_length=60, db_index=True)
    act = models.CharField(max_length=30)
    change = models.JSONField()
    reason = models.TextField(blank=True, default="")
    previous_hash = models.CharField(max_length=SHA256_HEX, blank=True)
    hash = models.CharField(max_length=SHA256_HEX, unique=True)
