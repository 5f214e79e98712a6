"""Workbooks laid out as the JRC's COIN Tool: read as they are, every fault with its cell."""

from __future__ import annotations

import io

import numpy as np
import pytest
import xlsxwriter

from beffroi.composite.coin_input import TableError
from beffroi.composite.coin_tool import read_coin_tool
from beffroi.composite.recipe import Recipe, build_index
from beffroi.composite.scaling import Scale
from beffroi.composite.steps import Aggregate, Normalise
from beffroi.vocabulary.errors import UsageError

INDICATORS = {  # column: weight, direction, lower, upper, index, sub-index, pillar, sub-pillar, name, code
    "E": (2, 1, 0, 100, "Index", "si.01", "p.01", "sp.01", "Speed", "Ind.01"),
    "F": (1, -1, 0, 10, "Index", "si.01", "p.01", "sp.01", "Delay", "Ind.02"),
    "H": (1, 1, 0, 1, "Index", "si.01", "p.02", "sp.01", "Skill", "Ind.04"),  # column G is unused
}
UNITS = {17: ("Aland", "A", 80, 2, 0.5), 18: ("Bland", "B", 20, "n/a", 1), 20: (None, "C", 50, 6, "n/a")}
NODES = {5: ("p.01", 3, "Network"), 6: ("p.02", 1, "People"), 7: ("sp.01", 1, "--"), 8: ("Index", 1, "All")}


def workbook(*, changed=None, header=4, sheets=("Start", "Database", "Framework"), title="Dimension/indicator"):
    cells = {
        "Database": {f"{column}{row}": x for column, all_ in INDICATORS.items() for row, x in enumerate(all_, start=7)},
        "Framework": {f"H{header}": title},
    }
    cells["Database"]["G16"] = "Ind.03"
    for row, (name, code, *figures) in UNITS.items():
        cells["Database"] |= {f"B{row}": name, f"C{row}": code}
        cells["Database"] |= {f"{column}{row}": x for column, x in zip(INDICATORS, figures, strict=True)}
    for row, (code, weight, name) in NODES.items():
        place = row + header - 4
        cells["Framework"] |= {f"C{place}": code, f"E{place}": weight, f"H{place}": name}
    for where, value in (changed or {}).items():
        sheet, cell = where.split("!")
        cells[sheet][cell] = value
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        for name in sheets:
            sheet = book.add_worksheet(name)
            for cell, value in cells.get(name, {}).items():
                if value is not None:
                    sheet.write(cell, value)
    return held.getvalue()


@pytest.mark.parametrize("header", [4, 5])
def test_a_workbook_of_the_tool_is_read_as_it_is(header):
    coin = read_coin_tool(workbook(header=header))

    assert coin.units == ("A", "B", "C")
    assert coin.names == ("Aland", "Bland", "C")
    assert coin.framework.lineage() == (
        ("Ind.01", "p.01", "Index"),
        ("Ind.02", "p.01", "Index"),
        ("Ind.04", "p.02", "Index"),
    )  # sub-pillars and sub-indices are not used: all indicators have one
    assert coin.framework.weights == {"Ind.01": 2, "Ind.02": 1, "Ind.04": 1, "p.01": 3, "p.02": 1, "Index": 1}
    assert coin.framework.directions.tolist() == [1, -1, 1]
    assert [coin.framework.node(one).name for one in ("Ind.02", "p.02", "Index")] == ["Delay", "People", "All"]
    assert coin.framework.node("Ind.02").parameters == {"goalpost_lower": 0.0, "goalpost_upper": 10.0}
    assert np.array_equal(coin.data.values, [[80, 2, 0.5], [20, np.nan, 1], [50, 6, np.nan]], equal_nan=True)


def test_the_index_of_the_workbook_can_be_built_with_its_goalposts():
    scale = Scale(method="goalposts", factor=100.0, from_meta=True)

    built = build_index(read_coin_tool(workbook()), Recipe((Normalise(scale=scale), Aggregate())))

    # A: (2·80 + 80)/3 = 80, then (3·80 + 50)/4; B: 20 alone, then (3·20 + 100)/4; C: (2·50 + 40)/3 alone.
    assert built.scores == pytest.approx([72.5, 40.0, 140 / 3])


def test_all_faults_are_told_at_once_with_their_cells():
    changed = {
        "Database!E7": None, "Database!F8": 3, "Database!H9": "low", "Database!H16": "Ind.01", "Database!E17": "many",
        "Database!C18": "A", "Database!C20": None, "Database!F11": "Other", "Framework!E6": None,
    }  # fmt: skip

    with pytest.raises(TableError) as told:
        read_coin_tool(workbook(changed=changed))

    for said in (
        "Database, cell E7: the weight is missing",
        "Database, cell F8: 3 is not a direction",
        "Database, cell H9: 'low' is not a number",
        "Database, cell H16: 'Ind.01' already stands in E16",
        "Database, cell E17: 'many' is not a number",
        "Database, cell C18: 'A' already stands in C17",
        "Database, cell C20: the unit's code is missing",
        "Database, cell F13: 'p.01' stands under 'Other' here, but not so in E13",
        "Database, cell F11: 'Other' is not a code of column C of sheet Framework",
        "Framework, cell E6: the weight is missing",
    ):
        assert said in str(told.value)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: b"no workbook", "no workbook"),
        (lambda: workbook(sheets=("Start", "Database")), "no sheet 'Framework'"),
        (lambda: workbook(title="Name"), "Framework, cell H4: no column is headed"),
        (lambda: workbook(changed={"Framework!C6": "p.01"}), "Framework, cell C6: 'p.01' comes twice"),
        (
            lambda: workbook(changed={f"Database!{c}{r}": None for c in "EFH" for r in (17, 18, 20)}),
            "Database, cell E17: no figure",
        ),
    ],
)
def test_another_workbook_is_refused(made, said):
    with pytest.raises((TableError, UsageError), match=said):
        read_coin_tool(made())
