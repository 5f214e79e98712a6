"""Times of votes: UTC texts to the second, which compare as they read."""

from __future__ import annotations

from datetime import UTC, datetime

FORM = "%Y-%m-%dT%H:%M:%SZ"


def utc(moment: datetime) -> str:
    """Write a moment as a vote has it; parts of a second are cut off.

    >>> utc(datetime(2026, 11, 22, 18, 0, 0, 999_999, tzinfo=UTC))
    '2026-11-22T18:00:00Z'
    """
    return moment.astimezone(UTC).strftime(FORM)


def moment(text: str) -> datetime:
    """Read such a text.

    >>> utc(moment("2026-11-22T18:00:00Z"))
    '2026-11-22T18:00:00Z'
    """
    return datetime.strptime(text, FORM).replace(tzinfo=UTC)
