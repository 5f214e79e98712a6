"""Tables come from pandas, polars and Arrow unchanged, and results go back to them."""

from __future__ import annotations

import builtins
import importlib
import io
import math

import numpy as np
import pytest
import xlsxwriter

from beffroi.composite.coin_input import read_coin
from beffroi.composite.correlate import correlations
from beffroi.composite.describe import describe
from beffroi.composite.frame import as_columns, to_arrow, to_pandas, to_polars
from beffroi.composite.recipe import Recipe, build_index
from beffroi.composite.results import results, strengths_and_weaknesses
from beffroi.composite.steps import Aggregate, Normalise
from beffroi.composite.tables import columns_of
from beffroi.composite.versions import compare_builds, remove_elements
from beffroi.vocabulary.errors import UsageError

pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")
pa = pytest.importorskip("pyarrow")

DATA = {"uCode": ["A", "B", "C"], "side": ["n", "s", "n"], "x": [1.0, 2.0, None], "y": [3, 1, 2]}
META = {
    "Level": [1, 1, 2, None], "iCode": ["x", "y", "Index", "side"], "Parent": ["Index", "Index", None, None],
    "Direction": [1, -1, 1, None], "Weight": [1, 1, 1, None], "Type": ["Indicator", "Indicator", "Aggregate", "Group"],
}  # fmt: skip


def workbook(columns):
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet = book.add_worksheet()
        for place, (name, cells) in enumerate(columns.items()):
            sheet.write_column(0, place, [name, *("NA" if cell is None else cell for cell in cells)])
    return held.getvalue()


FRAMES = {
    "pandas": pd.DataFrame,
    "pandas, nullable": lambda columns: pd.DataFrame(columns).convert_dtypes(),
    "pandas of float32": lambda columns: (
        pd.DataFrame(columns).astype({"x": "float32"}, errors="ignore") if "x" in columns else pd.DataFrame(columns)
    ),
    "polars": pl.DataFrame,
    "arrow": pa.table,
    "csv": lambda columns: pd.DataFrame(columns).to_csv(index=False),
    "xlsx": workbook,
}
COIN = read_coin(DATA, META)
BUILT = build_index(COIN)


@pytest.mark.parametrize("kind", FRAMES)
def test_a_coin_is_the_same_from_every_library(kind):
    frame = FRAMES[kind]

    coin = read_coin(frame(DATA), frame(META))

    assert coin.units == COIN.units
    assert coin.groups == COIN.groups
    assert repr(coin.framework) == repr(COIN.framework)
    assert np.array_equal(coin.data.values, COIN.data.values, equal_nan=True)
    assert build_index(coin).scores.tolist() == BUILT.scores.tolist()


def test_a_frame_that_cannot_be_meant_is_refused():
    twice = pd.DataFrame([[1, 2]], columns=["a", "a"])
    arrow = pa.table([pa.array([1]), pa.array([2])], names=["a", "a"])
    for table in (twice, arrow):
        with pytest.raises(UsageError, match="'a' comes twice"):
            columns_of(table)
    with pytest.raises(UsageError, match="lazy frame"):
        columns_of(pl.LazyFrame({"a": [1]}))
    with pytest.raises(UsageError, match="no workbook"):
        columns_of(b"uCode,x")


TABLES = {
    "results": results(BUILT, content="full"),
    "build": BUILT,
    "unaggregated build": build_index(COIN, Recipe((Normalise(),))),
    "removal": remove_elements(BUILT),
    "comparison": compare_builds(BUILT, BUILT.replay(Aggregate(weights={"x": 3.0}))),
    "stage": BUILT.stages["raw"],
    "statistics": describe(COIN.data),
    "correlations": correlations(BUILT.last, ("x",), ("y", "Index")),
    "standings": strengths_and_weaknesses(BUILT, "B")[0],
}


@pytest.mark.parametrize("name", TABLES)
def test_results_are_the_same_in_every_library(name):
    what = TABLES[name]
    plain = as_columns(what)

    frames = {
        "pandas": to_pandas(what).to_dict("list"),
        "polars": to_polars(what).to_dict(as_series=False),
        "arrow": to_arrow(what).to_pydict(),
    }

    for found in frames.values():
        assert list(found) == list(plain)
        for column, cells in plain.items():
            for cell, other in zip(cells, found[column], strict=True):
                missing = isinstance(cell, float) and math.isnan(cell)
                assert (other is None or math.isnan(other)) if missing else other == cell


def test_a_result_converts_itself():
    table = results(BUILT)

    assert table.to_pandas().equals(to_pandas(table))
    assert table.to_polars().equals(to_polars(table))
    assert table.to_arrow().equals(to_arrow(table))
    assert table.to_pandas().columns.tolist() == ["uCode", "rank", "Index"]


def test_the_years_of_a_panel_are_a_column():
    data = {
        "uCode": ["A", "B", "A", "B"],
        "Time": [1, 1, 2, 2],
        "side": list("nsns"),
        "x": [1, 2, 3, 4],
        "y": [4, 3, 2, 1],
    }
    panel = build_index(read_coin(data, META))

    for what in (panel, results(panel), compare_builds(panel, panel)):
        assert as_columns(what)["Time"] == [1.0, 1.0, 2.0, 2.0]


@pytest.mark.parametrize("what", [3, [], "text", [1, 2]])
def test_what_is_no_table_is_refused(what):
    with pytest.raises(UsageError, match="is no table"):
        as_columns(what)


def test_columns_of_unequal_length_are_refused():
    with pytest.raises(UsageError, match="a: 1, b: 2"):
        as_columns({"a": [1], "b": [1, 2]})


def test_a_library_that_is_not_installed_is_named(monkeypatch):
    def absent(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("beffroi.composite.frame.import_module", absent)

    for convert, name in ((to_pandas, "pandas"), (to_polars, "polars"), (to_arrow, "pyarrow")):
        with pytest.raises(UsageError, match=f"Install {name}"):
            convert({"a": [1]})


def test_no_library_is_imported_before_it_is_asked_for(monkeypatch):
    asked, real = [], builtins.__import__

    def watch(name, *more, **named):
        asked.append(name.split(".")[0])
        return real(name, *more, **named)

    monkeypatch.setattr(builtins, "__import__", watch)
    for module in ("beffroi.composite.frame", "beffroi.composite.show"):
        spec = importlib.util.find_spec(module)
        spec.loader.exec_module(importlib.util.module_from_spec(spec))

    assert not {"pandas", "polars", "pyarrow"} & set(asked)


def test_a_code_that_is_a_number_stays_that_number_in_a_workbook():
    data = {"uCode": [11, 84], "x": [1.5, 2], "y": [1, 2], "side": ["n", "s"]}

    assert read_coin(workbook(data), META).units == ("11", "84")
