"""Which database the tests are on."""

from __future__ import annotations

import contextlib

from django.db import connections


def point_to(description) -> None:
    """Make every thread open this database from now on."""
    connections.close_all()
    connections.settings = connections.configure_settings({"default": description})
    with contextlib.suppress(AttributeError):
        del connections["default"]
