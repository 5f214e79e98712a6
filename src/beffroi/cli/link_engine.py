"""Link lists on Spark, when one machine is outgrown; imported only when Spark is asked for (`beffroi[spark]`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tqdm import tqdm

from beffroi.linkage.block import KEPT
from beffroi.linkage.lead import MOST, NEAR_SHARE, PLACE_SHARE, SURE_BITS
from beffroi.linkage.retrieve import TYPO_FROM
from beffroi.linkage.spread import ANSWERS, Judge, link_lists_spread, list_terms
from beffroi.store.link_engine import LinkEngine, LinkSpark, judged
from beffroi.store.link_sql import Limits, steps
from beffroi.store.registers_engine import open_spark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from beffroi.linkage.judge import Judgement
    from beffroi.linkage.record import Tidy

LIMITS = Limits(MOST, KEPT + 1, SURE_BITS, PLACE_SHARE, NEAR_SHARE, TYPO_FROM)


def link_on_spark(rows: Sequence[Tidy], master: str, *, settings: Mapping[str, str] | None = None) -> list[Judgement]:
    """Link lists on Spark: the same links."""
    with open_spark(master, settings=dict(settings or {})) as spark:
        return link_on(LinkSpark(spark), rows)


def link_on(engine: LinkEngine, rows: Sequence[Tidy]) -> list[Judgement]:
    """Link lists on an engine of SQL."""
    stages = len(steps(LIMITS, sources=2)) + 2
    with tqdm(total=stages, desc="linking", unit=" steps", leave=False) as bar:

        def step(stage: str) -> None:
            bar.set_postfix_str(stage)
            bar.update()

        def judge(table: pa.Table, judge: Judge) -> pa.Table:
            return judged(
                engine, table, limits=LIMITS, list_terms=list_terms, judge=judge, answers=ANSWERS, step=step
            )  # fmt: skip

        return link_lists_spread(rows, judge)
