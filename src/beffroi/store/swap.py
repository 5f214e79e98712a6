"""Build in a temporary place, then swap: a reader sees the old state or the new one, never a half.

A build killed at any moment leaves its temporary folder behind, which the next build clears away.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from beffroi.vocabulary.errors import BusyError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNFINISHED = ".unfinished-"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL_WORDS = ("no space left", "disk quota", "file too large", "not enough space")


@contextmanager
def locked(folder: Path, *, doing: str) -> Iterator[None]:
    """Hold the folder for one writer; a second one is refused at once. The lock dies with its process.

    Raises:
        BusyError: another process is writing there.
    """
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / ".lock").open("a+")
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            handle.seek(0)
            holder = handle.read().strip() or "another process"
            raise BusyError(
                f"Cannot {doing}: {holder} is already writing in {folder}. Wait until it has finished; "
                "nothing was changed."
            ) from error
        handle.truncate(0)
        handle.write(f"process {os.getpid()} ({doing})")
        handle.flush()
        yield


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Give a temporary folder beside `target`; when the block ends well it becomes `target`, else it is removed.

    Call it inside `locked`: leftovers of killed builds are cleared first.

    Raises:
        StoreError: `target` exists already, the disk is full, or the place cannot be written.
    """
    if target.exists():
        raise StoreError(f"{target} exists already and is never overwritten. Choose another name.")
    with told(target):
        clear_unfinished(target.parent)
        part = target.parent / f"{UNFINISHED}{target.name}-{os.getpid()}"
        part.mkdir(parents=True)
    try:
        with told(target):
            yield part
            for one in sorted(part.rglob("*")):
                _flush(one)
            part.rename(target)
            _flush(target.parent)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


@contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """Give a temporary path beside `target`; when the block ends well it replaces `target` in one step.

    Raises:
        StoreError: the disk is full or the place cannot be written.
    """
    with told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    part = target.parent / f"{UNFINISHED}{target.name}-{os.getpid()}"
    part.unlink(missing_ok=True)
    try:
        with told(target):
            yield part
            _flush(part)
            part.replace(target)
            _flush(target.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_text(target: Path, text: str) -> None:
    """Replace a small text file in one step."""
    with new_file(target) as part:
        part.write_text(text, encoding="utf-8")


def clear_unfinished(folder: Path) -> None:
    """Remove what killed builds left behind in `folder`."""
    for one in folder.glob(f"{UNFINISHED}*"):
        if one.is_dir():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)


@contextmanager
def told(place: Path) -> Iterator[None]:
    """Turn what the system says of a full or closed disk into words a person can act on."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StoreError(_full(place)) from error
        raise StoreError(
            f"{place} cannot be written: {error.strerror or error}. Check the folder's owner and permissions, "
            "or point BEFFROI_HOME elsewhere."
        ) from error
    except duckdb.Error as error:
        if any(words in str(error).lower() for words in _FULL_WORDS):
            raise StoreError(_full(place)) from error
        raise StoreError(
            f"{place} cannot be written: {str(error).splitlines()[0]}. What was there before is untouched."
        ) from error


def _full(place: Path) -> str:
    return (
        f"The disk is full: {place} could not be written. What was there before is untouched. "
        "Free some space (an edition takes a few MB) or point BEFFROI_HOME to another disk, then run this again."
    )


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
