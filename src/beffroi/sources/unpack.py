"""Bytes as received, compressed or not, opened as lines of text."""

from __future__ import annotations

import gzip
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from beffroi.vocabulary.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class BrokenArchiveError(SourceError):
    """A compressed file ends too early or is not what it says."""


_MAGIC = b"\x1f\x8b"
_CHUNK = 1 << 20


def is_gzip(path: Path) -> bool:
    """Tell by its first two bytes whether a file is compressed with gzip: names and headers mislead."""
    with path.open("rb") as file:
        return file.read(2) == _MAGIC


def unpacked_bytes(path: Path, *, most: int) -> int:
    """Read a gzip file to its end and return how much it holds.

    Args:
        path: a gzip file.
        most: unpacked bytes past which we stop: a small file may unpack to fill the memory.

    Raises:
        BrokenArchiveError: the file ends too early or is broken.
        SourceError: it unpacks to more than `most`.
    """
    done = 0
    try:
        with gzip.open(path) as file:
            while chunk := file.read(_CHUNK):
                done += len(chunk)
                if done > most:
                    raise SourceError(
                        f"The compressed file unpacks to more than {most:,} bytes. "
                        "Ask for fewer years or regions, or raise the limit."
                    )
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise BrokenArchiveError(f"the compressed file is broken or cut short ({error})") from error
    return done


@contextmanager
def open_lines(path: Path) -> Iterator[IO[str]]:
    """Open a kept file as UTF-8 text, unpacked on the way.

    Raises:
        SourceError: on reading, the bytes are not gzip to their end or not UTF-8.
    """
    try:
        with _text(path) as text:
            yield text
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise BrokenArchiveError(
            f"{path} is broken or cut short ({error}). Delete it and refresh the source."
        ) from error
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path} is not UTF-8 text ({error.reason} at byte {error.start}). "
            "The publisher may have changed its format: look at the file."
        ) from error


def _text(path: Path) -> IO[str]:
    """Open for reading; line ends stay as they came, for the csv module reads them itself."""
    if is_gzip(path):
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")
