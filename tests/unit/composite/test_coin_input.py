"""COINr's two tables are read as they are, and all faults are told at once."""

from __future__ import annotations

import io

import numpy as np
import pytest
import xlsxwriter

from beffroi.composite.coin_input import TableError, read_coin
from beffroi.composite.tables import columns_of
from beffroi.vocabulary.errors import UsageError

META = """Level,iCode,iName,Parent,Direction,Weight,Unit,Target,Denominator,Type,minmax_lower
1,speed,Speed,Net,1,2,Mbps,30,,Indicator,1
1,delay,Delay,Net,-1,1,ms,,people,Indicator,
2,Net,Network,Index,1,1,Score,,,Aggregate,
3,Index,Index,,1,1,Score,,,Aggregate,
,side,Side,,,,,,,Group,
,people,People,,,,Thousands,,,Denominator,
"""
DATA = "uCode,uName,Time,side,people,speed,delay\nA,Aa,2020,n,2,10,4\nB,Bb,2020,s,3,NA,9\nA,Aa,2021,n,2,11,4\n"


def test_a_panel_with_groups_and_denominators_is_read() -> None:
    coin = read_coin(DATA, META)

    assert coin.units == ("A", "B", "A")
    assert coin.times == (2020.0, 2020.0, 2021.0)
    assert coin.group("side") == ("n", "s", "n")
    assert coin.denominators["people"].tolist() == [2, 3, 2]
    assert np.isnan(coin.data.column("speed")[1])
    assert coin.framework.node("speed").parameters == {"minmax_lower": 1.0}
    assert coin.framework.lineage() == (("speed", "Net", "Index"), ("delay", "Net", "Index"))
    assert coin.year(2021).units == ("A",)


def test_every_fault_is_named_with_row_and_column() -> None:
    meta = META.replace("delay,Delay,Net,-1,1", "delay,Delay,Nat,-2,x").replace("3,Index", "3,3Index")
    data = "uCode,side,speed\nA,n,ten\nA,n,11\n"

    with pytest.raises(TableError) as told:
        read_coin(data, meta)

    text = str(told.value)
    for said in (
        "iMeta: row 3, column 'Parent': 'Nat'",
        "iMeta: row 3, column 'Direction': -2",
        "iMeta: row 3, column 'Weight': 'x'",
        "iMeta: row 5, column 'iCode': '3Index'",
        "iData: row 2, column 'speed': 'ten'",
        "iData: row 3, column 'uCode': 'A' already stands in row 2",
        "iData: column 'delay'",
        "iData: column 'people'",
    ):
        assert said in text


def test_a_circle_in_the_tree_is_refused() -> None:
    meta = "Level,iCode,Parent,Direction,Weight,Type\n1,x,p,1,1,Indicator\n2,p,q,1,1,Aggregate\n2,q,p,1,1,Aggregate\n"

    with pytest.raises(TableError, match="circle"):
        read_coin("uCode,x\nA,1\n", meta)


@pytest.mark.parametrize(
    ("data", "meta", "said"),
    [
        ("x\n1\n", META, "uCode"),
        (DATA, "iCode,Level\nx,1\n", "Parent"),
        (DATA, "Level,iCode,Parent,Direction,Weight,Type\n,side,,,,Group\n", "names no indicator"),
        (DATA, META.replace("2,Net,Network,Index", "2,Net,Network,"), "has no parent"),
        (DATA, META.replace("1,speed", "0,speed"), "is not a level"),
        (DATA, META.replace("Group", "Grp"), "is not a type"),
        (DATA, META.replace("3,Index,Index,,", "4,Index,Index,,"), "level 3 is empty"),
        (DATA, META.replace(",people,Indicator", ",heads,Indicator"), "'heads' is not a column"),
        (DATA, META + "2,Lone,Lone,Index,1,1,,,,Aggregate,\n", "has no child"),
        (DATA, META + "1,speed,Again,Net,1,1,,,,Indicator,\n", "comes twice"),
        (DATA, META + "1,,Nameless,Net,1,1,,,,Indicator,\n", "is empty"),
        (DATA.replace("B,Bb", ",Bb"), META, "is empty"),
    ],
)
def test_what_is_wrong_is_said(data: str, meta: str, said: str) -> None:
    with pytest.raises(TableError, match=said):
        read_coin(data, meta)


class Frame:
    """What pandas and polars have in common."""

    def __init__(self, columns: dict[str, list[object]]) -> None:
        self.columns = list(columns)
        self._held = columns

    def __getitem__(self, name: str) -> list[object]:
        return self._held[name]


class Arrow:
    def to_pydict(self) -> dict[str, list[object]]:
        return {"a": [1, None]}


def workbook(rows: list[list[object]]) -> bytes:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held)
    sheet = book.add_worksheet()
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
    book.close()
    return held.getvalue()


def test_every_kind_of_table_gives_the_same_columns() -> None:
    expected = {"a": [1, None]}

    assert columns_of({"a": [1, float("nan")]}) == expected
    assert columns_of([{"a": 1}, {"a": None}]) == expected
    assert columns_of(Frame({"a": [1, None]})) == expected
    assert columns_of(Arrow()) == expected
    assert columns_of(workbook([["a", "b"], [1, 2], ["NA", 3]])) == {"a": [1.0, None], "b": [2.0, 3.0]}


def test_a_table_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(UsageError, match="comes twice"):
        columns_of("a,a\n1,2\n")
    with pytest.raises(UsageError, match="empty"):
        columns_of("")
    with pytest.raises(UsageError, match="cannot be read"):
        columns_of(3)  # type: ignore[arg-type]
