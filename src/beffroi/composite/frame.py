"""Give results to pandas, polars or Arrow. None of them is needed otherwise: each is imported when it is asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from beffroi.composite.matrix import IndicatorMatrix
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

Cells = dict[str, list[object]]


@runtime_checkable
class Tabular(Protocol):
    """What can say itself in columns of equal length."""

    def to_columns(self) -> Mapping[str, Sequence[object]]:
        """Return name → cells, one cell a row."""
        ...


Convertible = Tabular | IndicatorMatrix | Mapping[str, Sequence[object]] | Sequence[Any]
"""A result with `to_columns`, a table of figures, columns, or a sequence of records (dataclasses) of one kind."""


def as_columns(what: Convertible) -> Cells:
    """Return a result as columns of plain Python cells; a missing figure is NaN.

    Raises:
        UsageError: it is none of the kinds named, or its columns differ in length.

    >>> as_columns(IndicatorMatrix(("A", "B"), ("x",), np.array([[1.0], [2.0]])))
    {'uCode': ['A', 'B'], 'x': [1.0, 2.0]}
    """
    if isinstance(what, IndicatorMatrix):
        made: Mapping[str, Sequence[object]] = {
            "uCode": what.regions,
            **{code: what.column(code).tolist() for code in what.indicators},
        }
    elif isinstance(what, Tabular):
        made = what.to_columns()
    elif isinstance(what, Mapping):
        made = what
    elif isinstance(what, Sequence) and what and all(is_dataclass(one) for one in what):
        made = {one.name: [getattr(row, one.name) for row in what] for one in fields(what[0])}
    else:
        raise UsageError(
            f"A {type(what).__name__} is no table. Give a result, an IndicatorMatrix, columns, or records of one kind."
        )
    columns = {name: [_plain(cell) for cell in cells] for name, cells in made.items()}
    if len({len(cells) for cells in columns.values()}) > 1:
        lengths = ", ".join(f"{name}: {len(cells)}" for name, cells in columns.items())
        raise UsageError(f"The columns differ in length ({lengths}). Give one cell a row in each.")
    return columns


def to_pandas(what: Convertible) -> pd.DataFrame:
    """Return a result as a pandas DataFrame; a missing figure is NaN.

    Raises:
        UsageError: pandas is not installed.

    >>> to_pandas({"uCode": ["A"], "rank": [1]}).to_dict("list")
    {'uCode': ['A'], 'rank': [1]}
    """
    made: pd.DataFrame = _library("pandas").DataFrame(as_columns(what))
    return made


def to_polars(what: Convertible) -> pl.DataFrame:
    """Return a result as a polars DataFrame; a missing figure is null.

    Raises:
        UsageError: polars is not installed.

    >>> to_polars({"uCode": ["A", "B"], "rank": [1.0, float("nan")]}).to_dict(as_series=False)
    {'uCode': ['A', 'B'], 'rank': [1.0, None]}
    """
    made: pl.DataFrame = _library("polars").DataFrame(_with_none(as_columns(what)))
    return made


def to_arrow(what: Convertible) -> pa.Table:
    """Return a result as an Arrow table; a missing figure is null.

    Raises:
        UsageError: pyarrow is not installed.
    """
    return _library("pyarrow").table(_with_none(as_columns(what)))


def _with_none(columns: Cells) -> Cells:
    return {
        name: [None if isinstance(cell, float) and math.isnan(cell) else cell for cell in cells]
        for name, cells in columns.items()
    }


def _plain(cell: object) -> object:
    if isinstance(cell, np.generic):
        return cell.item()
    return dict(cell) if isinstance(cell, Mapping) else cell


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as missing:
        raise UsageError(
            f"'{name}' is not installed, so the result cannot become its table. Install {name}."
        ) from missing
