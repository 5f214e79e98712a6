"""Lists of numbers on disk, one after the other: by word, or by the fingerprint of a text (memory-mapped)."""

from __future__ import annotations

import hashlib
import mmap
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    Numbers = NDArray[np.int32]


class Lists:
    """Sorted lists of numbers, each named by a number of its own."""

    def __init__(self, folder: Path, name: str, kind: type[np.generic] = np.int32) -> None:
        """Open what `write_lists` has written."""
        self._starts = mapped(folder / f"{name}.starts", np.uint32)
        self._values = mapped(folder / f"{name}.values", kind)
        self.size = len(self._starts) - 1

    def of(self, number: int) -> Numbers:
        """Return one list; it is read from disk where it is looked at."""
        return self._values[int(self._starts[number]) : int(self._starts[number + 1])]

    def length(self, number: int) -> int:
        """Return the length of a list without reading it."""
        return int(self._starts[number + 1]) - int(self._starts[number])


class Vocabulary:
    """Sorted words, each named by its place."""

    def __init__(self, folder: Path) -> None:
        """Open what `write_words` has written."""
        self._starts = memoryview(_bytes(folder / "words.starts")).cast("I")
        self._text = _bytes(folder / "words.text")
        self.size = len(self._starts) - 1

    def word(self, number: int) -> str:
        """Return a word."""
        return self._text[self._starts[number] : self._starts[number + 1]].decode("ascii")

    def find(self, word: str) -> int:
        """Return the number of a word, −1 when there is none."""
        wanted, low, high = word.encode(), 0, self.size
        starts, text = self._starts, self._text
        while low < high:
            middle = (low + high) // 2
            if text[starts[middle] : starts[middle + 1]] < wanted:
                low = middle + 1
            else:
                high = middle
        return low if low < self.size and text[starts[low] : starts[low + 1]] == wanted else -1


def fingerprint(text: str) -> int:
    """Return 64 bits of a text; `FINGERPRINT_SQL` gives the same.

    >>> fingerprint("abc") & 1023
    726
    """
    return int.from_bytes(hashlib.md5(text.encode(), usedforsecurity=False).digest()[8:], "little")


FINGERPRINT_SQL = "md5_number_lower"


def unit_bits(units: int) -> int:
    """Return how many bits the number of a unit takes.

    >>> unit_bits(30_000_000)
    25
    """
    return max(1, (units - 1).bit_length())


def write_lists(folder: Path, name: str, *, size: int, parts: Iterable[tuple[Numbers, Numbers]]) -> NDArray[np.int64]:
    """Write lists from pairs (number of the list, value of 32 bits), sorted by both; a pair given twice counts once.

    Returns:
        The length of each list.
    """
    lengths = np.zeros(size, dtype=np.int64)
    last = -1
    with (folder / f"{name}.values").open("wb") as file:
        for numbers, values in parts:
            both = (numbers.astype(np.int64) << 32) | values
            fresh = np.diff(both, prepend=last) != 0
            if len(both):
                last = int(both[-1])
                lengths += np.bincount(numbers[fresh], minlength=size)
            np.ascontiguousarray(values[fresh]).tofile(file)
    np.concatenate([[0], np.cumsum(lengths)]).astype(np.uint32).tofile(folder / f"{name}.starts")
    return lengths


def write_words(folder: Path, words: Iterable[str]) -> None:
    """Write sorted words of ASCII letters and digits."""
    coded = [word.encode("ascii") for word in words]
    (folder / "words.text").write_bytes(b"".join(coded))
    lengths = np.fromiter(map(len, coded), dtype=np.int64, count=len(coded))
    np.concatenate([[0], np.cumsum(lengths)]).astype(np.uint32).tofile(folder / "words.starts")


def mapped(path: Path, kind: type[np.generic]) -> NDArray[Any]:
    """Map an array of numbers into memory, as a plain array."""
    if not path.stat().st_size:
        return np.zeros(0, dtype=kind)
    return np.memmap(path, dtype=kind, mode="r").view(np.ndarray)


def _bytes(path: Path) -> mmap.mmap | bytes:
    if not path.stat().st_size:
        return b""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
