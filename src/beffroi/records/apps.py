"""The app's name and the size of its keys."""

from __future__ import annotations

from django.apps import AppConfig


class Records(AppConfig):
    """Registry of the federation."""

    name = "beffroi.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
