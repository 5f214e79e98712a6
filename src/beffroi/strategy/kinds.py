"""All kinds of things of a strategy, by their names, in the order of the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.charter.holds import Outside, Outsides, Rows
from beffroi.strategy.action import ACTION
from beffroi.strategy.asset import ASSET
from beffroi.strategy.decision import DECISION
from beffroi.strategy.failure_factor import FACTOR
from beffroi.strategy.objective import OBJECTIVE, RESULT
from beffroi.strategy.own_figure import FIGURE
from beffroi.strategy.programme import PROGRAMME
from beffroi.strategy.project import PROJECT
from beffroi.strategy.vision import VISION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from beffroi.charter.shape import Kind

KINDS: Mapping[str, Kind] = {
    one.name: one for one in (VISION, FACTOR, ASSET, OBJECTIVE, RESULT, PROGRAMME, ACTION, PROJECT, FIGURE, DECISION)
}


def named_outside(kind: Kind, values: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """Give every id of something kept elsewhere: field, space (organisation, region …) and id, for doors to check.

    >>> list(named_outside(KINDS["asset"], {"territory": "FRE1"}))
    [('territory', 'territory', 'FRE1')]
    """
    for one in kind.fields:
        value = values.get(one.name)
        if value in (None, "", []):
            continue
        if isinstance(one.type, Outside):
            yield one.name, one.type.space, str(value)
        elif isinstance(one.type, Outsides) and isinstance(value, list):
            yield from ((one.name, one.type.space, str(each)) for each in value)
        elif isinstance(one.type, Rows) and isinstance(value, list):
            for column in one.type.columns:
                if isinstance(column.type, Outside):
                    for row in value:
                        if isinstance(row, dict) and row.get(column.name):
                            yield one.name, column.type.space, str(row[column.name])
