import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.sources.sdmx_csv import read_sdmx_csv
from beffroi.sources.table import QueuedError
from beffroi.vocabulary.errors import SourceError

VERSION_1 = """DATAFLOW,LAST UPDATE,freq,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\r
ESTAT:HRST_ST_RCAT(1.0),28/04/26 23:00:00,A,PC_ACT,FRE1,2023,45.1,,\r
ESTAT:HRST_ST_RCAT(1.0),28/04/26 23:00:00,A,PC_ACT,FRE1,2024,46.3,b,\r
ESTAT:HRST_ST_RCAT(1.0),28/04/26 23:00:00,A,PC_ACT,FRM0,2024,,,C\r
"""
VERSION_2 = """STRUCTURE,STRUCTURE_ID,freq,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS
dataflow,ESTAT:HRST_ST_RCAT(1.0),A,PC_ACT,FRE1,2023,45.1,,
dataflow,ESTAT:HRST_ST_RCAT(1.0),A,PC_ACT,FRE1,2024,46.3,b,
dataflow,ESTAT:HRST_ST_RCAT(1.0),A,PC_ACT,FRM0,2024,,,C
"""
CODES = st.text("ABCDEFGHIJ0123456789_-", min_size=1, max_size=8)
FIELDS = st.text("0123456789.:-", max_size=6)
FLAGS = st.text("bdepu", max_size=3)


def read(text):
    table = read_sdmx_csv(io.StringIO(text, newline=""), dataset="hrst_st_rcat")
    return table.dimensions, [
        (row.line, row.codes, cell.period, cell.value, cell.status, cell.confidentiality)
        for row in table.rows
        for cell in row.cells
    ]


@pytest.mark.parametrize("text", [VERSION_1, VERSION_2, VERSION_2 + "\n\n"])
def test_both_versions_give_the_same_table(text):
    assert read(text) == (
        ("freq", "unit", "geo"),
        [
            (2, ("A", "PC_ACT", "FRE1"), "2023", "45.1", "", ""),
            (3, ("A", "PC_ACT", "FRE1"), "2024", "46.3", "b", ""),
            (4, ("A", "PC_ACT", "FRM0"), "2024", "", "", "C"),
        ],
    )


def test_files_of_before_2025_have_no_confidentiality_column():
    text = "DATAFLOW,LAST UPDATE,freq,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\nX,Y,A,FRE1,2019,1.5,c\n"

    assert read(text) == (("freq", "geo"), [(2, ("A", "FRE1"), "2019", "1.5", "c", "")])


def test_the_status_column_may_have_its_sdmx_name():
    text = "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,GEO,TIME_PERIOD,OBS_VALUE,OBS_STATUS\nd,X,I,A,FRE1,2019,1.5,p\n"

    assert read(text) == (("freq", "geo"), [(2, ("A", "FRE1"), "2019", "1.5", "p", "")])


def test_a_new_column_is_named_and_not_read():
    text = "DATAFLOW,LAST UPDATE,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,OBS_NOTE\n"

    table = read_sdmx_csv([text], dataset="x")

    assert table.warnings == ("Dataset x: column 'OBS_NOTE' is new to us and was not read.",)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("DATAFLOW,LAST UPDATE,freq,geo,TIME,OBS_VALUE,OBS_FLAG", "expected a column TIME_PERIOD"),
        ("DATAFLOW,LAST UPDATE,freq,geo,TIME_PERIOD,VALUE,OBS_FLAG", "expected a column OBS_VALUE"),
        ("DATAFLOW,LAST UPDATE,freq,geo,TIME_PERIOD,OBS_VALUE,FLAG", "expected a column OBS_FLAG"),
        ("DATAFLOW,LAST UPDATE,freq,region,TIME_PERIOD,OBS_VALUE,OBS_FLAG", "expected a column geo"),
        ("DATAFLOW,LAST UPDATE,geo,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG", "expected each column once"),
        ("GEO,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG", "expected each column once"),
        ('DATAFLOW,"LAST', "text that is not CSV"),
        ("", "the file is empty"),
    ],
)
def test_a_changed_header_is_refused_by_name(header, words):
    with pytest.raises(SourceError, match=words) as refusal:
        read_sdmx_csv([header] if header else [], dataset="hrst_st_rcat")

    assert "Dataset hrst_st_rcat" in str(refusal.value)


def test_a_row_of_another_width_is_refused_by_line():
    with pytest.raises(SourceError, match="line 3: found 8 fields, expected 9 as in the header"):
        read(VERSION_2.replace("46.3,b,", "46.3,b"))


def test_a_row_that_is_not_csv_is_refused_by_line():
    with pytest.raises(SourceError, match="line 3: found text that is not CSV"):
        read(VERSION_2.replace("A,PC_ACT,FRE1,2024", '"A"x,PC_ACT,FRE1,2024'))


@pytest.mark.parametrize(
    "receipt",
    [
        "<env:Envelope><ns0:syncResponse><queued><id>9f1</id><status>SUBMITTED</status></queued>",
        '{"status": "PROCESSING"}',
    ],
)
def test_a_receipt_for_a_queued_request_is_known_as_such(receipt):
    with pytest.raises(QueuedError, match="queued by the publisher"):
        read_sdmx_csv([receipt], dataset="x")


def test_a_message_in_place_of_a_table_is_quoted():
    fault = "<S:Fault><faultstring>EXTRACTION_TOO_BIG: change your filters</faultstring></S:Fault>"

    with pytest.raises(SourceError, match="a message where a table was expected: “EXTRACTION_TOO_BIG"):
        read_sdmx_csv([fault], dataset="x")


@given(
    lead=st.sampled_from([("DATAFLOW", "LAST UPDATE"), ("STRUCTURE", "STRUCTURE_ID")]),
    rows=st.lists(st.tuples(CODES, CODES, st.integers(1990, 2030).map(str), FIELDS, FLAGS, FLAGS)),
)
def test_what_is_written_is_read_back(lead, rows):
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*lead, "unit", "geo", "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG", "CONF_STATUS"])
    writer.writerows(["a, b", "c", *row] for row in rows)

    dimensions, found = read(text.getvalue())

    assert dimensions == ("unit", "geo")
    assert [(*codes, *rest) for _, codes, *rest in found] == rows
