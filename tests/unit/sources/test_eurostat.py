import gzip
from urllib.parse import unquote

import pytest

from beffroi.catalogue.schema import Series
from beffroi.sources.eurostat import is_live, read_series
from beffroi.vocabulary.errors import SourceError, UsageError
from beffroi.vocabulary.observation import Observation, read_flags
from beffroi.vocabulary.provenance import Provenance

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

SERIES = Series("eurostat", "hrst_st_rcat", (("category", "HRST"), ("unit", "PC_ACT")))
CSV = """STRUCTURE,STRUCTURE_ID,freq,category,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS
dataflow,ESTAT:HRST_ST_RCAT(1.0),A,HRST,PC_ACT,FRE1,2023,45.1,,
dataflow,ESTAT:HRST_ST_RCAT(1.0),A,HRST,PC_ACT,FRE1,2024,46.3,b,
"""
TSV = """freq,category,unit,geo\\TIME_PERIOD\t2023 \t2024
A,HRST,PC_ACT,FRE1\t45.1 \t46.3 b
A,HRST,THS,FRE1\t1010 \t1022
"""
FIGURES = (
    Observation(SERIES.key, "FRE1", 2023, 45.1, read_flags("")),
    Observation(SERIES.key, "FRE1", 2024, 46.3, read_flags("b")),
)
QUEUED = b"<env:Envelope><syncResponse><queued><status>SUBMITTED</status></queued></syncResponse></env:Envelope>"


@pytest.fixture
def read(publisher, tmp_path, manners):
    def ask(**more):
        given = {"into": tmp_path, "base": publisher.base, "manners": manners, "today": "2026-11-22"}
        return read_series(SERIES, **given | more)

    return ask


@pytest.mark.parametrize(("form", "text"), [("csv", CSV), ("tsv", TSV)])
@pytest.mark.parametrize("pack", [gzip.compress, bytes])
def test_both_forms_give_the_same_figures_packed_or_not(publisher, read, form, text, pack):
    publisher.will(pack(text.encode()))

    reading = read(form=form)

    assert reading.observations == FIGURES
    assert reading.warnings == ()


def test_a_byte_order_mark_is_no_part_of_the_table(publisher, read):
    publisher.will(b"\xef\xbb\xbf" + CSV.encode())

    assert read().observations == FIGURES


def test_provenance_says_where_the_figures_come_from(publisher, read, tmp_path):
    publisher.will(CSV.encode())

    found = read().provenance

    sha256 = next(path.name for path in (tmp_path / "sha256").rglob("*") if path.is_file())
    assert found == Provenance(
        series="hrst_st_rcat[category=HRST,unit=PC_ACT]",
        source="eurostat",
        dataset="hrst_st_rcat",
        filters=(("category", "HRST"), ("unit", "PC_ACT")),
        licence="CC BY 4.0",
        retrieved_on="2026-11-22",
        sha256=sha256,
        via="",
        is_starter=False,
    )


def test_one_series_is_asked_for_by_name_of_dimension(publisher, read):
    publisher.will(CSV.encode())

    read(since_year=2015)

    assert unquote(publisher.asked[0][0]) == (
        "/sdmx/3.0/data/dataflow/ESTAT/hrst_st_rcat/1.0?c[freq]=A&c[category]=HRST&c[unit]=PC_ACT"
        "&c[TIME_PERIOD]=ge:2015&compress=true&format=csvdata&formatVersion=2.0&lang=en"
    )


def test_a_whole_dataset_is_asked_for_as_tsv(publisher, read):
    publisher.will(TSV.encode())

    read(form="tsv", since_year=2024)

    assert publisher.asked[0][0] == "/sdmx/2.1/data/hrst_st_rcat/?format=TSV&compressed=true"


def test_a_current_snapshot_gives_the_same_reading(publisher, read):
    publisher.will(CSV.encode(), headers={"ETag": '"v1"'}).will(status=304)

    assert read() == read(today="2026-12-01")


def test_a_damaged_snapshot_is_told_to_the_reader(publisher, read, tmp_path):
    publisher.will(CSV.encode(), headers={"ETag": '"v1"'})
    read()
    next(path for path in (tmp_path / "sha256").rglob("*") if path.is_file()).write_bytes(b"x")

    reading = read()

    assert reading.observations == FIGURES
    assert ["is damaged" in warning for warning in reading.warnings] == [True]


def test_a_queued_request_is_waited_out(publisher, read, waits):
    publisher.will(QUEUED).will(CSV.encode())

    assert read().observations == FIGURES
    assert waits == [1.0]


def test_a_request_that_stays_queued_is_given_up(publisher, read):
    publisher.will(QUEUED)

    with pytest.raises(SourceError, match=r"3 times; at last: dataset hrst_st_rcat is queued .*“SUBMITTED”"):
        read()


def test_a_file_that_is_not_text_is_refused(publisher, read):
    publisher.will(b"\xff\xfe\x00\x01")

    with pytest.raises(SourceError, match="is not UTF-8 text"):
        read()


def test_a_table_that_changed_inside_is_refused_and_stays_for_inspection(publisher, read, tmp_path):
    publisher.will(CSV.replace("46.3", "n.a.").encode())

    with pytest.raises(SourceError, match=r"Dataset hrst_st_rcat, line 3: found 'n\.a\.' in column OBS_VALUE"):
        read()

    assert [path.is_file() for path in (tmp_path / "sha256").glob("*/*")] == [True]


def test_a_series_of_another_publisher_is_not_live(publisher, tmp_path):
    series = Series("insee", "flores", (("naf", "62"),))

    with pytest.raises(UsageError, match=r"flores\[naf=62\] comes from 'insee'.*by a new starter"):
        read_series(series, into=tmp_path, base=publisher.base)

    assert not is_live(series)
    assert publisher.asked == []


def test_an_unknown_form_is_refused(read):
    with pytest.raises(UsageError, match="Form 'xml' is unknown"):
        read(form="xml")
