"""How much an agreement on a word says: little for `technologies`, much for `minalogic`.

The measure is the binary logarithm of how seldom a word is (Fellegi and Sunter 1969,
doi:10.1080/01621459.1969.10501049, with the term frequencies of Winkler 2000): an agreement by chance on a word that
one record in 1,024 has is worth 10 bits.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from beffroi.linkage.place import point_trait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from beffroi.linkage.record import Tidy

LEAST_BITS = 0.25
_PRIOR_RECORDS = 200.0
_UNSEEN = 0.3


@cache
def common_words() -> Mapping[str, float]:
    """Return the share of organisations whose name has the word, for words that one name in 5,000 has or more.

    Source: words counted in 51,286 legal names of France, Belgium, Luxembourg, Switzerland and Canada (GLEIF, CC0,
    October 2025) by `tools/train_linkage.py`.

    >>> common_words()["international"] > common_words()["logistics"] > 0
    True
    """
    text = resources.files("beffroi.linkage").joinpath("data/common_words.json").read_text(encoding="utf-8")
    return dict(json.loads(text)["shares"])


class Rarity:
    """Word frequencies of the records at hand, steadied by those of organisations at large.

    >>> some = Rarity([("minalogic",), ("lyon", "technologies")])
    >>> some.bits("minalogic") > some.bits("international")
    True
    """

    def __init__(self, names: Iterable[Iterable[str]] = ()) -> None:
        """Count in how many names each word stands."""
        counts: Counter[str] = Counter()
        self._count: Callable[[str], int] = counts.__getitem__
        self._records = _PRIOR_RECORDS
        self._bits: dict[str, float] = {}
        self._places: dict[str, int] = {}
        for words in names:
            counts.update(set(words))
            self._records += 1

    @classmethod
    def counted(cls, count: Callable[[str], int], records: int) -> Rarity:
        """Take words counted elsewhere, such as by an index on disk.

        >>> Rarity.counted(lambda word: 512, 1024).bits("lyon") < 2
        True
        """
        one = cls()
        one._count = count
        one._records += records
        return one

    def bits(self, word: str) -> float:
        """Return what an agreement on the word is worth, in bits."""
        known = self._bits.get(word)
        if known is None:
            prior = common_words().get(word, 0.0) * _PRIOR_RECORDS
            share = (self._count(word) + prior + _UNSEEN) / (self._records + _UNSEEN)
            known = max(LEAST_BITS, -math.log2(min(1.0, share)))
            self._bits[word] = known
        return known

    @classmethod
    def of_lists(cls, records: Sequence[Tidy]) -> Rarity:
        """Count words, communes (`@lyon`), départements (`#69`), points, and communes of one list that have a name."""
        one = cls(
            {word for name in record.names for word in name.tokens}
            | {f"@{record.commune}", f"#{record.department}"}
            | ({point_trait(record.point)} if record.point else set())
            for record in records
        )
        first: dict[tuple[str, str], str] = {}
        several: dict[tuple[str, str], set[str]] = {}
        for record in records:
            for name in record.names if record.commune else ():
                key = (record.record.source, name.squashed)
                if first.setdefault(key, record.commune) != record.commune:
                    several.setdefault(key, {first[key]}).add(record.commune)
        for (_, squashed), communes in several.items():
            one._places[squashed] = max(one._places.get(squashed, 0), len(communes))
        return one

    def communes(self, squashed: str) -> int:
        """Return in how many communes one list has the name, 0 for one alone: homonyms, or sites of a network."""
        return self._places.get(squashed, 0)

    def count(self, word: str) -> int:
        """Return in how many of the records at hand the word stands."""
        return self._count(word)

    def share(self, word: str) -> float:
        """Return the share of the records at hand that have the word, never 0."""
        return (self._count(word) + _UNSEEN) / (self._records + _UNSEEN)
