"""Files of a publisher as they come: Parquet, CSV, or one CSV in a zip, checked before anything is read from them."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
import zlib
from typing import TYPE_CHECKING

from beffroi.vocabulary.errors import SourceError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_CHUNK = 1 << 22
_ZIP, _PARQUET = b"PK", b"PAR1"
_SPARE_BYTES = 64 << 20


def fingerprint(path: Path, *, progress: Callable[[int, int], None] | None = None) -> str:
    """Return the SHA-256 of a file.

    Args:
        path: the file.
        progress: called with bytes done and in all.

    Raises:
        SourceError: there is no such file, or it cannot be read.
    """
    total = hashlib.sha256()
    try:
        size, done = path.stat().st_size, 0
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                total.update(chunk)
                done += len(chunk)
                if progress is not None:
                    progress(done, size)
    except OSError as error:
        raise SourceError(f"{path} cannot be read ({error.strerror or error}). Check the name of the file.") from error
    return total.hexdigest()


def unpacked(path: Path, into: Path, *, progress: Callable[[int, int], None] | None = None) -> Path:
    """Return a file that can be read as a table: the file itself, or the one CSV of a zip, unpacked whole.

    A file that was unpacked before is used again when it has the size that the zip announces.

    Args:
        path: Parquet, CSV or zip; its first bytes count, not its name.
        into: folder for what is unpacked, made when missing.
        progress: called with bytes unpacked and in all.

    Raises:
        SourceError: the zip is cut short, damaged, or holds something else than one CSV; a Parquet file is cut.
        StoreError: there is no room for what it unpacks to.
    """
    with path.open("rb") as file:
        first = file.read(4)
    if first[:2] == _ZIP:
        return _from_zip(path, into, progress=progress)
    if first == _PARQUET:
        _check_parquet(path)
    elif path.suffix.lower() == ".parquet":
        raise SourceError(f"{path.name} is not Parquet, whatever its name says. Fetch it again; nothing was loaded.")
    elif path.suffix.lower() == ".zip":
        raise _cut(path, "it does not begin as a zip does")
    return path


def _from_zip(path: Path, into: Path, *, progress: Callable[[int, int], None] | None) -> Path:
    try:
        with zipfile.ZipFile(path) as archive:
            tables = [one for one in archive.infolist() if one.filename.lower().endswith(".csv")]
            if len(tables) != 1:
                raise SourceError(
                    f"{path.name} holds {len(tables)} CSV files; one was expected. "
                    "Unpack it and give the one that is meant."
                )
            target = into / tables[0].filename.rsplit("/", 1)[-1]
            if target.exists() and target.stat().st_size == tables[0].file_size:
                return target
            _check_room(into, tables[0].file_size, what=path.name)
            _unpack(archive, tables[0], target, progress=progress)
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise _cut(path, str(error)) from error
    return target


def _unpack(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, *, progress: Callable[[int, int], None] | None
) -> None:
    part = target.with_name(f"{target.name}.part")
    try:
        with archive.open(member) as packed, part.open("wb") as file:
            while chunk := packed.read(_CHUNK):
                file.write(chunk)
                if progress is not None:
                    progress(file.tell(), member.file_size)
        part.replace(target)
    except OSError as error:
        raise StoreError(
            f"{target.name} could not be unpacked ({error.strerror or error}): it takes "
            f"{member.file_size / 1e9:.1f} GB. Free some space or point BEFFROI_HOME to another disk. "
            "Nothing was loaded."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _check_room(into: Path, needed: int, *, what: str) -> None:
    into.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(into).free
    if free < needed + _SPARE_BYTES:
        raise StoreError(
            f"The disk is full: {what} unpacks to {needed / 1e9:.1f} GB and {free / 1e9:.1f} GB are free in {into}. "
            "Free some space, point BEFFROI_HOME to another disk, or give the Parquet file, which needs no unpacking. "
            "Nothing was loaded."
        )


def _check_parquet(path: Path) -> None:
    with path.open("rb") as file:
        file.seek(-4, 2)
        if file.read(4) != _PARQUET:
            raise _cut(path, "its end is missing")


def _cut(path: Path, why: str) -> SourceError:
    return SourceError(
        f"{path.name} is cut short or damaged ({why}; it has {path.stat().st_size:,} bytes). Fetch it again and "
        "compare its size with the publisher's. Nothing was loaded."
    )
