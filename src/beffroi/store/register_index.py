"""A register of tens of millions of units on disk, found by words, typos, place and SIREN (arrays, memory-mapped).

Units are numbered by département, then commune, then name. So the units of a place are a range of numbers, and the
units that have a word within a place are a slice of the word's sorted list, found by two binary searches. It is built
by `register_build`, used through `register_search`.
"""

from __future__ import annotations

import json
import os
import weakref
import zlib
from typing import TYPE_CHECKING

import numpy as np

from beffroi.store.register_build import BITS_STEP, IN_BLOCK, VERSION
from beffroi.store.register_lists import Lists, Vocabulary, fingerprint, mapped, unit_bits
from beffroi.store.register_search import search
from beffroi.store.register_steps import BLOCK_SEPARATOR, SEPARATOR
from beffroi.vocabulary.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from beffroi.store.register_lists import Numbers
    from beffroi.store.register_search import Term

_MOST_OF_ONE_SIREN = 20
_KEPT_BLOCKS = 4096


class RegisterIndex:
    """An index opened for searching.

    Attributes:
        size: number of units.
    """

    def __init__(self, folder: Path) -> None:
        """Open an index that `register_build.build` has made.

        Raises:
            StoreError: there is none, it is damaged, or it was built by another version.
        """
        try:
            meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
            if meta["version"] != VERSION:
                raise StoreError(f"{folder} was built by another version of Beffroi. Build it again.")
            self.size: int = meta["units"]
            self._fields: list[str] = meta["fields"]
            self._unit_bits = unit_bits(self.size)
            self._units, self._typos = Lists(folder, "units"), Lists(folder, "typos")
            self._glued = Lists(folder, "glued", np.uint32)
            self.words = Vocabulary(folder)
            self._counts = mapped(folder / "words.counts", np.uint32)
            self._bits = mapped(folder / "units.bits", np.uint8)
            self._starts = mapped(folder / "cells.starts", np.uint64)
            # Read, not mapped: blocks lie far apart, and each would bring its neighbours into memory.
            self._packed = os.open(folder / "cells.packed", os.O_RDONLY)
            weakref.finalize(self, os.close, self._packed)
            self._sirens = mapped(folder / "siren.numbers", np.int32)
            self._siren_units = mapped(folder / "siren.units", np.int32)
        except (OSError, ValueError, KeyError) as error:
            raise StoreError(f"{folder} holds no register index: {error}. Build it again.") from error
        self._activities: dict[str, int] = meta["activities"]
        self._departments: dict[str, tuple[int, int]] = {}
        self._communes: dict[str, list[tuple[int, int, str]]] = {}
        for department, commune, start, count in meta["places"]:
            low, _ = self._departments.get(department, (start, 0))
            self._departments[department] = (low, start + count)
            self._communes.setdefault(commune, []).append((start, start + count, department))
        self._blocks: dict[int, list[str]] = {}
        self._known: dict[str, int] = {}

    def count(self, word: str) -> int:
        """Return how many units have a word, an activity (`=62`) or a commune (`@lyon`)."""
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._count(word)
        return known

    def by_siren(self, siren: str) -> list[dict[str, str]]:
        """Return the units of a SIREN; none for the number of a foreign unit, which no SIREN is."""
        if not (siren.isascii() and siren.isdigit()):
            return []
        wanted = np.int32(int(siren))
        low = int(np.searchsorted(self._sirens, wanted, side="left"))
        high = int(np.searchsorted(self._sirens, wanted, side="right"))
        return self.cells(self._siren_units[low : min(high, low + _MOST_OF_ONE_SIREN)].tolist())

    def search(
        self,
        questions: Sequence[tuple[Sequence[str], Sequence[Term]]],
        *,
        department: str = "",
        commune: str = "",
        kept: int = 40,
    ) -> list[dict[str, str]]:
        """Return the units that share the rarest words with one of these names, near ones before others, best first.

        Args:
            questions: for each name its words, and terms that stand for them (kind, text, places of the words, worth).
            department: code, empty when unknown.
            commune: as the index writes it, empty when unknown.
            kept: how many at most.
        """
        best: dict[int, float] = {}
        for words, terms in questions:
            found = search(self, words, terms, places=self.places(department, commune), kept=kept)
            for unit, score in zip(found.units.tolist(), found.scores.tolist(), strict=True):
                best[unit] = max(score, best.get(unit, score))
        return self.cells(sorted(best, key=lambda unit: (-best[unit], unit))[:kept])

    def places(self, department: str, commune: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Return ranges of units: those of the département (else of all communes of the name), and of the commune."""
        communes = [one for one in self._communes.get(commune, []) if commune and department in ("", one[2])]
        near = [(low, high) for low, high, _ in communes]
        wide = [self._departments[department]] if department in self._departments and department else near
        return wide, near

    def cells(self, units: Sequence[int]) -> list[dict[str, str]]:
        """Return the cells of units, their row included; empty ones are left out."""
        out = []
        for unit in units:
            row = self._block(unit // IN_BLOCK)[unit % IN_BLOCK].split(SEPARATOR)
            cells = {name: value for name, value in zip(self._fields, row, strict=False) if value}
            out.append(cells | {"row": row[-1]})
        return out

    def of_word(self, number: int) -> Numbers:
        """Return the units that have a word, sorted."""
        return self._units.of(number)

    def of_glued(self, text: str) -> Numbers:
        """Return units whose neighbouring words (or initials, after `#`) make the text, and hardly any other."""
        mark, size, bits = fingerprint(text), self._glued.size, self._unit_bits
        found = self._glued.of(mark & (size - 1))
        check = (mark >> (size.bit_length() - 1)) & ((1 << (32 - bits)) - 1)
        low = int(np.searchsorted(found, np.uint32(check << bits)))
        high = int(np.searchsorted(found, np.uint32((check << bits) + (1 << bits) - 1), side="right"))
        return (found[low:high] & np.uint32((1 << bits) - 1)).astype(np.int32)

    def of_typo(self, text: str) -> Numbers:
        """Return numbers of words that are the text once a letter is left out, and of a few others."""
        return self._typos.of(fingerprint(text) & (self._typos.size - 1))

    def found(self, number: int) -> int:
        """Return how many units have a word, by its number."""
        return int(self._counts[number])

    def bits(self, units: Numbers) -> np.ndarray:
        """Return for units how many bits their words weigh together."""
        return np.asarray(self._bits[units] * np.float32(BITS_STEP), dtype=np.float32)

    def _count(self, word: str) -> int:
        if word[:1] == "=":
            return self._activities.get(word[1:], 0)
        if word[:1] == "@":
            return sum(high - low for low, high, _ in self._communes.get(word[1:], []))
        number = self.words.find(word)
        return int(self._counts[number]) if number >= 0 else 0

    def _block(self, number: int) -> list[str]:
        known = self._blocks.get(number)
        if known is None:
            start, end = int(self._starts[number]), int(self._starts[number + 1])
            known = zlib.decompress(os.pread(self._packed, end - start, start)).decode().split(BLOCK_SEPARATOR)
            if len(self._blocks) >= _KEPT_BLOCKS:
                self._blocks.clear()
            self._blocks[number] = known
        return known
