"""A download under way: bytes so far, and the validator that says whether the rest still belongs to them."""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.sources.snapshot import storage_error

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Partial:
    """The file that receives an address, with a note of the validator beside it (`path` + `.json`)."""

    path: Path

    @property
    def note(self) -> Path:
        """Where the validator of the bytes so far is written."""
        return self.path.with_suffix(".json")

    def held(self) -> tuple[int, str]:
        """Return bytes so far and the validator to continue them with; (0, "") when they cannot be."""
        try:
            validator = json.loads(self.note.read_text(encoding="utf-8"))["validator"]
            size = self.path.stat().st_size
        except (OSError, ValueError, KeyError, TypeError):
            return 0, ""
        return (size, validator) if validator and size else (0, "")

    def start(self, validator: str) -> None:
        """Empty the file and note the validator of the bytes to come ("" when there is none)."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_bytes(b"")
            self.note.write_text(json.dumps({"validator": validator}), encoding="utf-8")
        except OSError as error:
            self.discard()
            raise storage_error(self.path, error) from error

    def add(self, chunk: bytes) -> None:
        """Write bytes at the end; when the disk refuses, leave nothing behind.

        Raises:
            StoreError: the disk is full or refuses.
        """
        try:
            with self.path.open("ab") as file:
                file.write(chunk)
        except OSError as error:
            self.discard()
            raise storage_error(self.path, error) from error

    def discard(self) -> None:
        """Remove the bytes so far and their note."""
        for path in (self.path, self.note):
            with contextlib.suppress(OSError):  # what cannot be removed is overwritten by the next start
                path.unlink(missing_ok=True)


def partial_of(into: Path, address: str) -> Partial:
    """Return the download under way of an address: one for each address, so one fetch of it at a time."""
    name = hashlib.sha256(address.encode()).hexdigest()[:32]
    return Partial(into / "partial" / f"{name}.part")


def strong_validator(etag: str, last_modified: str) -> str:
    """Return the validator that RFC 9110 allows in If-Range, or "".

    A weak ETag (`W/…`) promises equal meaning and not equal bytes, so a download cannot be continued by it.

    >>> strong_validator('"v1"', "")
    '"v1"'
    >>> strong_validator('W/"v1"', "Mon, 05 Jan 2026 10:00:00 GMT")
    ''
    """
    if etag:
        return "" if etag.startswith("W/") else etag
    return last_modified
