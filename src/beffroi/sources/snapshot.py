"""What publishers sent, kept byte for byte under its own fingerprint.

A snapshot lies at `sha256/ab/abcdef…` of its folder, so two publications never overwrite each other and
damage shows. `index.json` beside them remembers which address gave which snapshot, and by which validators to
ask whether it has changed since.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import threading
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from beffroi.vocabulary.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

_INDEX = "index.json"
_FULL = (errno.ENOSPC, errno.EDQUOT)
# Readers of several datasets share one index: a change reads it, adds a line and writes it back.
_INDEX_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Bytes we hold: where they came from, on which ISO day, and the publisher's validators."""

    address: str
    sha256: str
    bytes: int
    etag: str
    last_modified: str
    retrieved_on: str


def place(into: Path, sha256: str) -> Path:
    """Return where the bytes of a fingerprint lie in the folder, whether or not they are there.

    >>> from pathlib import Path
    >>> place(Path("kept"), "abcdef").as_posix()
    'kept/sha256/ab/abcdef'
    """
    return into / "sha256" / sha256[:2] / sha256


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(into: Path, sha256: str) -> Path:
    """Check that a snapshot is there and still has the bytes that were received.

    Returns:
        Its path.

    Raises:
        StoreError: the file is missing, cannot be read, or its bytes have changed.
    """
    path = place(into, sha256)
    try:
        found = fingerprint(path)
    except FileNotFoundError as error:
        raise StoreError(f"Snapshot {path} is missing. Refresh the source to fetch it again.") from error
    except OSError as error:
        raise storage_error(path, error) from error
    if found != sha256:
        raise StoreError(
            f"Snapshot {path} is damaged: its bytes have the SHA-256 {found[:12]}… and should have "
            f"{sha256[:12]}…. Delete the file and refresh the source to fetch it again; check the disk."
        )
    return path


def find(into: Path, address: str) -> Snapshot | None:
    """Return what we hold from an address, without checking its bytes (see `verify`)."""
    return _read_index(into).get(address)


def keep(into: Path, partial: Path, snapshot: Snapshot) -> Path:
    """Move complete bytes to the place of their fingerprint and remember their address.

    The move is atomic: a reader sees the whole file or none. The index follows the file, so an interruption
    between the two costs one download and never a wrong answer.

    Raises:
        StoreError: the disk is full or refuses.
    """
    path = place(into, snapshot.sha256)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise storage_error(path, error) from error
    with _INDEX_LOCK:
        _write_index(into, _read_index(into) | {snapshot.address: snapshot})
    return path


def forget(into: Path, address: str) -> None:
    """Remove a damaged snapshot and its line in the index, so that the next request asks for everything."""
    with _INDEX_LOCK:
        index = _read_index(into)
        snapshot = index.pop(address, None)
        if snapshot is not None:
            place(into, snapshot.sha256).unlink(missing_ok=True)
            _write_index(into, index)


def storage_error(path: Path, error: OSError) -> StoreError:
    """Say in words what the disk refused.

    >>> from pathlib import Path
    >>> str(storage_error(Path("kept/x"), OSError(errno.ENOSPC, "No space left on device")))[:46]
    'The disk is full: kept/x could not be written '
    """
    if error.errno in _FULL:
        return StoreError(
            f"The disk is full: {path} could not be written and nothing half-written was left. "
            "Free some space and try again."
        )
    return StoreError(
        f"{path} could not be read or written ({error.strerror or error}). "
        "Check that the folder exists and that this account may write there."
    )


def _read_index(into: Path) -> dict[str, Snapshot]:
    path = into / _INDEX
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return {address: Snapshot(address=address, **entry) for address, entry in entries.items()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise storage_error(path, error) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise StoreError(
            f"{path} cannot be read as the list of kept snapshots ({error}). "
            "Delete it: the snapshots stay, and each is asked for once more."
        ) from error


def _write_index(into: Path, index: dict[str, Snapshot]) -> None:
    path = into / _INDEX
    fresh = into / f".{_INDEX}.new"
    entries = {address: asdict(snapshot) for address, snapshot in sorted(index.items())}
    for entry in entries.values():
        del entry["address"]
    try:
        fresh.write_text(json.dumps(entries, indent=1, ensure_ascii=False), encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise storage_error(path, error) from error
