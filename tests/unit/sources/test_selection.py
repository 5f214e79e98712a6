import io

import pytest

from beffroi.catalogue.schema import Series
from beffroi.sources.eurostat_tsv import read_tsv
from beffroi.sources.sdmx_csv import read_sdmx_csv
from beffroi.sources.selection import select
from beffroi.vocabulary.errors import SourceError
from beffroi.vocabulary.observation import Observation, read_flags

SERIES = Series("eurostat", "hrst_st_rcat", (("category", "HRST"), ("unit", "PC_ACT")))
HEADER = "DATAFLOW,LAST UPDATE,freq,category,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n"


def line(codes, rest, freq="A"):
    return f"ESTAT:HRST_ST_RCAT(1.0),28/04/26 23:00:00,{freq},{codes},{rest}\n"


def read(*lines, series=SERIES, header=HEADER, since_year=None):
    table = read_sdmx_csv(io.StringIO(header + "".join(lines), newline=""), dataset=series.dataset)
    return select(table, series, since_year=since_year)


def test_a_series_is_every_region_and_year_of_its_filters():
    observations, warnings = read(
        line("HRST,PC_ACT,FRE1", "2023,45.1,,"),
        line("HRST,PC_ACT,FRE1", "2024,46.3,bp,"),
        line("HRST,PC_ACT,FR", "2024,,,C"),
        line("HRST,PC_ACT,UKI3", "2019,:,,"),
        line("HRST,PC_ACT,FRM0", "2024,3,U,"),
        line("HRSTC,PC_ACT,FRE1", "2024,22.0,,"),
        line("HRST,THS,FRE1", "2024,1022.0,,"),
    )

    assert observations == (
        Observation(SERIES.key, "FRE1", 2023, 45.1, read_flags("")),
        Observation(SERIES.key, "FRE1", 2024, 46.3, read_flags("bp")),
        Observation(SERIES.key, "FR", 2024, None, read_flags("", "C")),
        Observation(SERIES.key, "UKI3", 2019, None, read_flags("o")),
        Observation(SERIES.key, "FRM0", 2024, 3.0, read_flags("u")),
    )
    assert warnings == ()


def test_only_annual_figures_since_the_year_asked_for_are_taken():
    observations, _ = read(
        line("HRST,PC_ACT,FRE1", "2013,1,,"),
        line("HRST,PC_ACT,FRE1", "2014,2,,"),
        line("HRST,PC_ACT,FRE1", "2015-Q1,3,,"),
        line("HRST,PC_ACT,FRE1", "2016,4,,", freq="Q"),
        since_year=2014,
    )

    assert [(one.year, one.value) for one in observations] == [(2014, 2.0)]


def test_an_unknown_flag_is_kept_marked_and_named_once():
    observations, warnings = read(
        line("HRST,PC_ACT,FRE1", "2023,45.1,bx,"),
        line("HRST,PC_ACT,FRE1", "2024,46.3,x,"),
        line("HRST,PC_ACT,FRE2", "2024,47.0,,Q"),
    )

    assert [(one.value, one.flags.letters, one.flags.confidentiality.name) for one in observations] == [
        (45.1, "BU", "FREE"),
        (46.3, "U", "FREE"),
        (47.0, "A", "NOT_FOR_PUBLICATION"),
    ]
    assert [warning.split(" is in no list")[0] for warning in warnings] == [
        "Dataset hrst_st_rcat, line 2: flag 'x'",
        "Dataset hrst_st_rcat, line 4: flag 'Q'",
    ]


@pytest.mark.parametrize("given", ["12,3", "1_000", "inf", "n/a", "0x1F", "12.3 b", "1 000"])
def test_a_value_that_is_no_number_is_refused_where_it_stands(given):
    quoted = f'"{given}"'

    with pytest.raises(SourceError, match=r"line 2: found '.*' in column OBS_VALUE, expected a number") as refusal:
        read(line("HRST,PC_ACT,FRE1", f"2023,{quoted},,"))

    assert given in str(refusal.value)


def test_a_value_of_a_tsv_that_is_no_number_is_refused_by_year():
    table = read_tsv(["category,unit,geo\\TIME_PERIOD\t2023\t2024", "HRST,PC_ACT,FRE1\t1\t1,2 b"], dataset="h")

    with pytest.raises(SourceError, match="Dataset hrst_st_rcat, line 2: found '1,2 b' in column 2024"):
        select(table, SERIES)


def test_a_renamed_dimension_is_refused_by_name():
    with pytest.raises(
        SourceError, match="line 1: found the columns freq, cat, unit, geo, expected a column 'category'"
    ):
        read(header=HEADER.replace("category", "cat"))


def test_a_code_that_the_file_never_holds_is_named_with_those_it_holds():
    with pytest.raises(SourceError, match="column 'category' never holds 'HRST', it holds HRSTC, HRSTE"):
        read(line("HRSTE,PC_ACT,FRE1", "2024,1,,"), line("HRSTC,PC_ACT,FRE1", "2024,1,,"))


def test_many_codes_are_shown_in_part():
    lines = [line(f"C{number:02},PC_ACT,FRE1", "2024,1,,") for number in range(20)]

    with pytest.raises(SourceError, match=r"it holds C00, .*, C11 …\."):
        read(*lines)


def test_codes_that_never_meet_are_said_to():
    with pytest.raises(SourceError, match="each of its codes exists, and no row has them all"):
        read(line("HRST,THS,FRE1", "2024,1,,"), line("HRSTC,PC_ACT,FRE1", "2024,1,,"))


def test_an_empty_dataset_is_refused():
    with pytest.raises(SourceError, match=r"hrst_st_rcat: nothing was found .* a header and no row"):
        read()


@pytest.mark.parametrize(("since_year", "words"), [(2030, "no annual figure since 2030"), (None, "no annual figure.")])
def test_a_series_without_a_figure_in_its_years_is_refused(since_year, words):
    with pytest.raises(SourceError, match=words):
        read(line("HRST,PC_ACT,FRE1", "2024-Q1,1,,"), since_year=since_year)


def test_a_new_dimension_of_one_code_is_read_and_named():
    lines = (line("HRST,PC_ACT,T,FRE1", "2023,45.1,,"), line("HRST,PC_ACT,T,FRE1", "2024,46.3,,"))

    observations, warnings = read(*lines, header=HEADER.replace("unit,", "unit,sex,"))

    assert [one.value for one in observations] == [45.1, 46.3]
    assert warnings == (
        (
            f"Dataset hrst_st_rcat: the filters of {SERIES.key} do not name column 'sex'. "
            "It holds 'T' only; add it to the catalogue."
        ),
    )


def test_a_new_dimension_of_two_codes_is_refused():
    lines = (line("HRST,PC_ACT,T,FRE1", "2023,45.1,,"), line("HRST,PC_ACT,F,FRE1", "2024,46.3,,"))

    with pytest.raises(SourceError, match="line 3: found 'F' after 'T' in column 'sex', expected one code"):
        read(*lines, header=HEADER.replace("unit,", "unit,sex,"))


def test_a_figure_that_stands_twice_is_taken_once_and_said():
    observations, warnings = read(line("HRST,PC_ACT,FRE1", "2023,45.1,,"), line("HRST,PC_ACT,FRE1", "2023,45.10,,"))

    assert len(observations) == 1
    assert warnings == (f"Dataset hrst_st_rcat: 1 figures of {SERIES.key} stand twice, unchanged.",)


def test_two_figures_for_one_region_and_year_are_refused():
    lines = (line("HRST,PC_ACT,FRE1", "2023,45.1,,"), line("HRST,PC_ACT,FRE1", "2023,45.2,,"))

    with pytest.raises(SourceError, match=r"lines 2 and 3: region FRE1 has 45.1 \(A\) and 45.2 \(A\) for 2023"):
        read(*lines)


def test_a_table_without_frequency_is_annual_by_its_periods():
    table = read_tsv(["category,unit,geo\\TIME_PERIOD\t2023\t2024-06", "HRST,PC_ACT,FRE1\t1\t2"], dataset="h")

    observations, _ = select(table, SERIES)

    assert [(one.year, one.value) for one in observations] == [(2023, 1.0)]
