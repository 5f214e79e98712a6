"""Corrections to a published edition: added beside it, never inside it, and shown on its pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from beffroi.store.swap import write_text
from beffroi.vocabulary.errors import StoreError, UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from datetime import date

    from beffroi.observatory.home import Home


def read_errata(home: Home, edition_id: str) -> tuple[Text, ...]:
    """Return the errata of an edition, oldest first, each beginning with its day.

    Raises:
        StoreError: the file of errata is damaged.
    """
    return tuple(Text(f"{one['on']} : {one['fr']}", f"{one['on']}: {one['en']}") for one in _held(home, edition_id))


def add_erratum(home: Home, edition_id: str, *, text: Text, today: date) -> None:
    """Add one erratum; those already there stay.

    Raises:
        UsageError: a language is missing.
    """
    if not text.fr.strip() or not text.en.strip():
        raise UsageError("An erratum needs both languages: give --fr TEXT and --en TEXT.")
    held = [*_held(home, edition_id), {"on": today.isoformat(), "fr": text.fr.strip(), "en": text.en.strip()}]
    write_text(home.errata(edition_id), json.dumps(held, ensure_ascii=False, indent=1) + "\n")


def _held(home: Home, edition_id: str) -> list[dict[str, str]]:
    path = home.errata(edition_id)
    if not path.exists():
        return []
    try:
        return [{key: str(one[key]) for key in ("on", "fr", "en")} for one in json.loads(path.read_text("utf-8"))]
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{path} is damaged ({error}). Correct it by hand, or move it away.") from error
