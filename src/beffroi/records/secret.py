"""The key that signs cookies and reset links: made once for a house, kept in its home folder, readable by its owner."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from beffroi.vocabulary.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

FILE = "secret-key"
BYTES = 48


def secret_key(home: Path) -> str:
    """Return the key of `BEFFROI_SECRET_KEY`, else that of the house, else a new one for this process alone.

    >>> from pathlib import Path
    >>> len(secret_key(Path("/nowhere"))) >= 48
    True
    """
    given = os.environ.get("BEFFROI_SECRET_KEY", "")
    if given:
        return given
    try:
        kept = (home / FILE).read_text("utf-8").strip()
    except OSError:
        kept = ""
    return kept or secrets.token_urlsafe(BYTES)


def keep_secret(home: Path) -> None:
    """Make the key of a house unless it has one.

    Raises:
        StoreError: the home folder cannot be written.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(home / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(BYTES))
    except FileExistsError:
        return
    except OSError as error:
        raise StoreError(
            f"The key of this house cannot be kept in {home} ({error.strerror}). "
            "Make the folder writable, or set BEFFROI_SECRET_KEY."
        ) from error
