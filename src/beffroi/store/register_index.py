"""A register of millions of units on disk, found by words, typos, département and SIREN (tantivy, memory-mapped).

It is rebuilt from the register's file and swapped in one step. What a unit is found by is prepared by its user (see
`linkage.retrieve`); here are terms and what they lead to. Each word is kept alone and with its département
(`minalogic 38`), so that a search in a known département touches short lists only.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import tantivy

from beffroi.store.swap import locked, new_folder
from beffroi.vocabulary.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

IN_MEMORY = 60_000
_WRITER_BYTES = 300_000_000
_COMMON = 20_000
_SELDOM = 200
_TYPO_FROM = 5
_TYPO_BOOST = 0.6
_ANYWHERE_BOOST = 0.5
_TOKENIZER = "whitespace_only"
_SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit to index: what it is found by, and what is given back.

    Attributes:
        siren: exact key, empty when there is none.
        words: words of its names, folded.
        department: code, empty when unknown.
        traits: what is counted of it beside its words.
        cells: what a search gives back.
    """

    siren: str
    words: Sequence[str]
    department: str
    traits: Sequence[str]
    cells: dict[str, str]


class RegisterIndex:
    """An index opened for searching.

    Attributes:
        size: number of units.
    """

    def __init__(self, folder: Path) -> None:
        """Open an index that `build` has made.

        Raises:
            StoreError: there is none, or it is damaged.
        """
        try:
            self._index = tantivy.Index.open(str(folder))
        except (ValueError, OSError) as error:
            raise StoreError(f"{folder} holds no register index: {error}. Build it again.") from error
        self._index.register_tokenizer(_TOKENIZER, _tokenizer())
        self._searcher = self._index.searcher()
        self._schema = self._index.schema
        self.size: int = self._searcher.num_docs

    @classmethod
    def build(cls, folder: Path, units: Iterable[Unit]) -> Self:
        """Index units into a new folder; nothing is left behind when it fails.

        Raises:
            StoreError: the folder exists, or the disk is full.
        """
        with locked(folder.parent, doing="index a register"), new_folder(folder) as part:
            index = tantivy.Index(_schema(), path=str(part))
            index.register_tokenizer(_TOKENIZER, _tokenizer())
            writer = index.writer(_WRITER_BYTES, 1)
            for unit in units:
                writer.add_document(_document(unit))
            writer.commit()
            writer.wait_merging_threads()
        return cls(folder)

    def count(self, word: str) -> int:
        """Return how many units have a word or trait."""
        field = "traits" if word[:1] in ("=", "@") else "words"
        return int(self._searcher.doc_freq(field, word))

    def by_siren(self, siren: str) -> list[dict[str, str]]:
        """Return the units of a SIREN."""
        return self._cells(tantivy.Query.term_query(self._schema, "siren", siren), 20)

    def search(self, words: Sequence[str], *, department: str = "", kept: int = 60) -> list[dict[str, str]]:
        """Return the units that share words with these, best first.

        Words that many units have only count within the département; a word that hardly any unit has is also looked
        for with one letter changed, left out, added or swapped.
        """
        clauses = [clause for word in dict.fromkeys(words) for clause in self._clauses(word, department)]
        if not clauses:
            return []
        return self._cells(tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in clauses]), kept)

    def _clauses(self, word: str, department: str) -> list[tantivy.Query]:
        query = tantivy.Query
        found = self.count(word)
        out = []
        if department:
            near = f"{word}{_SEPARATOR}{department}"
            out.append(query.term_query(self._schema, "near", near))
            if found < _SELDOM and len(word) >= _TYPO_FROM:
                out.append(query.boost_query(query.fuzzy_term_query(self._schema, "near", near), _TYPO_BOOST))
        if found and (found < _COMMON or not department):
            out.append(query.boost_query(query.term_query(self._schema, "words", word), _ANYWHERE_BOOST))
        if found < _SELDOM and len(word) >= _TYPO_FROM:
            typo = query.fuzzy_term_query(self._schema, "words", word)
            out.append(query.boost_query(typo, _TYPO_BOOST * _ANYWHERE_BOOST))
        return out

    def _cells(self, query: tantivy.Query, kept: int) -> list[dict[str, str]]:
        hits = self._searcher.search(query, kept, count=False).hits
        return [json.loads(self._searcher.doc(address)["cells"][0]) for _, address in hits]


def _tokenizer() -> tantivy.TextAnalyzer:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("siren", tokenizer_name="raw", index_option="basic")
    for name in ("words", "near", "traits"):
        builder.add_text_field(name, tokenizer_name=_TOKENIZER, index_option="basic")
    builder.add_bytes_field("cells", stored=True, indexed=False)
    return builder.build()


def _document(unit: Unit) -> tantivy.Document:
    near = [f"{word}{_SEPARATOR}{unit.department}" for word in unit.words] if unit.department else []
    one = tantivy.Document()
    if unit.siren:
        one.add_text("siren", unit.siren)
    one.add_text("words", " ".join(unit.words))
    one.add_text("near", " ".join(near))
    one.add_text("traits", " ".join(unit.traits))
    one.add_bytes("cells", json.dumps(unit.cells, ensure_ascii=False, separators=(",", ":")).encode())
    return one
