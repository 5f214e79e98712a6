import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.sources.eurostat_tsv import read_tsv
from beffroi.sources.table import QueuedError
from beffroi.vocabulary.errors import SourceError

TABLE = (
    "freq,unit,geo\\TIME_PERIOD\t2022 \t2023 \t2024 \n"
    "A,PC_ACT,FRE1\t45.1 \t46.3 b\t: \n"
    "A,PC_ACT,FRM0\t: c\t0n\t1.2e-05 e p\n"
    "\n"
)
CODES = st.text("ABCDEFGHIJ0123456789_-", min_size=1, max_size=8)
VALUES = st.one_of(st.just(":"), st.floats(allow_nan=False, allow_infinity=False).map(repr), st.integers().map(str))
FLAGS = st.text("bdepuc", max_size=3)


def read(text):
    table = read_tsv(text.splitlines(keepends=True), dataset="hrst_st_rcat")
    rows = [(row.line, row.codes, [(cell.period, cell.value, cell.status) for cell in row.cells]) for row in table.rows]
    return table.dimensions, rows


@pytest.mark.parametrize("text", [TABLE, TABLE.replace("\n", "\r\n"), TABLE.replace("TIME_PERIOD", "time")])
def test_figures_and_flags_are_parted(text):
    assert read(text) == (
        ("freq", "unit", "geo"),
        [
            (2, ("A", "PC_ACT", "FRE1"), [("2022", "45.1", ""), ("2023", "46.3", "b"), ("2024", ":", "")]),
            (
                3,
                ("A", "PC_ACT", "FRM0"),
                [("2022", ":", "c"), ("2023", "0", "n"), ("2024", "1.2e-05", "e p")],
            ),
        ],
    )


def test_what_cannot_be_parted_stays_whole():
    assert read("geo\\TIME_PERIOD\t2022\nFRE1\t1,2 b\n")[1] == [(2, ("FRE1",), [("2022", "1,2 b", "")])]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("freq,unit,geo\t2022\n", "line 1: found the first column 'freq,unit,geo'"),
        ("freq,unit,region\\TIME_PERIOD\t2022\n", "expected a column geo"),
        ("geo,geo\\TIME_PERIOD\t2022\n", "expected each column once"),
        ("<html><h1>Maintenance</h1></html>", "a message where a table was expected: “Maintenance”"),
        (
            "unit,geo\\TIME_PERIOD\t2022\nPC,FRE1\t1\t2\n",
            "line 2: found 2 codes and 2 figures, expected 2 and 1",
        ),
        ("unit,geo\\TIME_PERIOD\t2022\nFRE1\t1\n", "line 2: found 1 codes and 1 figures, expected 2 and 1"),
    ],
)
def test_a_changed_table_is_refused(text, words):
    with pytest.raises(SourceError) as refusal:
        read(text)

    assert words in str(refusal.value)


def test_a_receipt_for_a_queued_request_is_known_as_such():
    with pytest.raises(QueuedError):
        read("<syncResponse><queued/></syncResponse>")


@given(
    years=st.lists(st.integers(1990, 2030).map(str), min_size=1, max_size=4, unique=True),
    data=st.data(),
)
def test_what_is_written_is_read_back(years, data):
    cells = st.lists(st.tuples(VALUES, FLAGS), min_size=len(years), max_size=len(years))
    rows = data.draw(st.lists(st.tuples(CODES, CODES, cells), max_size=4))
    head = "unit,geo\\TIME_PERIOD\t" + "\t".join(f"{year} " for year in years)
    lines = [f"{unit},{geo}\t" + "\t".join(f"{v} {f}" for v, f in cells) for unit, geo, cells in rows]

    dimensions, found = read("\n".join([head, *lines]))

    assert dimensions == ("unit", "geo")
    assert [(*codes, [(value, flag) for _, value, flag in cells]) for _, codes, cells in found] == rows
