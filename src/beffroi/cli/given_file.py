"""A list that somebody names on the command line: its bytes, or a plain refusal before they fill the memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.linkage import sheet
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


def read_given(path: Path) -> bytes:
    """Return the bytes of a list.

    Raises:
        UsageError: there is no such file, it may not be read, or it is larger than any list.
    """
    if not path.is_file():
        raise UsageError(f"{path} cannot be read: it is no file. Give the path of a list: CSV, XLSX, ODS or JSON.")
    try:
        size = path.stat().st_size
        if size > sheet.MOST_BYTES:
            raise sheet.UnreadableListError(
                f"{path.name} has {size:,} bytes; {sheet.MOST_BYTES:,} are the most. "
                "Split it, or keep only columns needed."
            )
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}. Check its owner and permissions.") from error
