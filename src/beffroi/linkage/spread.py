"""Linking as two functions of Arrow batches, for an engine that spreads them over machines.

Rows travel as JSON; what comes back is judged exactly as in one process. The lists, the count of their words and the
last word on groups and homonyms stay where the work was started.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import pyarrow as pa

from beffroi.linkage.homonyms import Claim
from beffroi.linkage.judge import Judgement
from beffroi.linkage.link import in_order
from beffroi.linkage.rarity import Rarity
from beffroi.linkage.reason import Evidence
from beffroi.linkage.record import Record, Tidy, tidy
from beffroi.linkage.retrieve import terms
from beffroi.linkage.terms import terms_of
from beffroi.linkage.weigh import settled, weigher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from beffroi.linkage.weigh import Weighed

ANSWERS = pa.schema([("one", pa.int64()), ("other", pa.int64()), ("answer", pa.string())])


def link_lists_spread(records: Sequence[Tidy], judge: Callable[[pa.Table, Judge], pa.Table]) -> list[Judgement]:
    """Propose the same links as `link_lists`, the pairs found and judged elsewhere.

    Args:
        records: rows of all lists, as they were read.
        judge: takes the rows as a table and a judge of pairs, and returns its answers (`ANSWERS`).
    """
    ordered = in_order(records)
    answers = judge(rows_table(ordered), Judge(Rarity.of_lists(ordered)))
    return settled(ordered, read_answers(answers, ordered), terms=terms_of(ordered))


def rows_table(records: Sequence[Tidy]) -> pa.Table:
    """Return rows as a table: their place, the number of their list, and all cells as JSON."""
    sources: dict[str, int] = {}
    return pa.table(
        {
            "place": pa.array(range(len(records)), type=pa.int64()),
            "source": pa.array([sources.setdefault(one.record.source, len(sources)) for one in records], pa.int64()),
            "cells": pa.array(
                [json.dumps(asdict(one.record), ensure_ascii=False) for one in records], type=pa.string()
            ),
        }
    )


def list_terms(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Return what each row can be found by."""
    for batch in batches:
        found = [
            (place, source, term)
            for place, source, cells in zip(*(batch[name].to_pylist() for name in batch.schema.names), strict=True)
            for term in dict.fromkeys(terms(_read(cells)))
        ]
        columns = zip(*found, strict=True) if found else ((), (), ())
        kinds = (pa.int64(), pa.int64(), pa.string())
        yield pa.record_batch(
            [pa.array(column, type=kind) for column, kind in zip(columns, kinds, strict=True)],
            names=["place", "source", "term"],
        )


@dataclass(frozen=True)
class Judge:
    """Judges pairs; made where the lists are, called on whatever machine holds the pairs."""

    rarity: Rarity

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Return what `weigher` says of each pair, pairs that it says nothing of left out."""
        weigh = weigher(self.rarity)
        for batch in batches:
            out = []
            for one, other, left, right in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                found = weigh(_read(left), _read(right))
                if found:
                    out.append((one, other, _written(found)))
            columns = zip(*out, strict=True) if out else ((), (), ())
            yield pa.record_batch(
                [pa.array(column, type=field.type) for column, field in zip(columns, ANSWERS, strict=True)],
                schema=ANSWERS,
            )


def read_answers(answers: pa.Table, records: Sequence[Tidy]) -> dict[tuple[int, int], Weighed]:
    """Return what was judged of each pair of places."""
    out: dict[tuple[int, int], Weighed] = {}
    for one, other, text in zip(*(column.to_pylist() for column in answers.columns), strict=True):
        said, rests = json.loads(text)
        evidence = tuple(Evidence(*each) for each in said.pop("evidence"))
        claim = rests and Claim(**{**rests, "words": tuple(tuple(each) for each in rests["words"])})
        out[one, other] = Judgement(left=records[one], right=records[other], evidence=evidence, **said), claim
    return out


def _written(found: Weighed) -> str:
    one, rests = found
    said = {name: getattr(one, name) for name in ("probability", "decision", "reason", "origin")}
    evidence = [(each.feature, each.words, each.bits) for each in one.evidence]
    return json.dumps([{**said, "evidence": evidence}, rests and asdict(rests)], ensure_ascii=False)


@lru_cache(maxsize=50_000)
def _read(cells: str) -> Tidy:
    return tidy(Record(**json.loads(cells)))
