"""Figures carried from one NUTS vintage to another, by hand and on the real crosswalk."""

from __future__ import annotations

import csv
import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.specialisation import convert, crosswalk, fitting_vintages, vintage_of, without_slivers
from beffroi.vocabulary.errors import MethodError, UsageError

SPLIT = crosswalk(["A", "A", "B"], ["X", "Y", "Y"], [3.0, 1.0, 4.0])


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("XYZ"), st.floats(0.1, 1e6)), min_size=1), st.data())
def test_counts_keep_their_sum_and_rates_stay_between_their_parts(flows, data):
    once = {(a, b): w for a, b, w in flows}
    made = crosswalk([a for a, _ in once], [b for _, b in once], list(once.values()))
    values = {a: data.draw(st.floats(0, 1e6)) for a in {one.from_code for one in made}}

    counts = convert(values, made, kind="count").values
    assert sum(counts.values()) == pytest.approx(sum(values.values()), rel=1e-9)
    for code, rate in convert(values, made, kind="rate").values.items():
        parts = [values[one.from_code] for one in made if one.to_code == code]
        assert min(parts) - 1e-6 <= rate <= max(parts) + 1e-6


def test_a_missing_part_makes_the_figure_missing_and_says_how_large_it_was():
    found = convert({"A": np.nan, "B": 10.0}, SPLIT, kind="count")

    assert np.isnan(found.values["X"])
    assert np.isnan(found.values["Y"])
    assert found.missing_weight == {"X": 1.0, "Y": 0.2}
    absent = convert({"B": 10.0, "FRZZ": 3.0}, SPLIT, kind="rate")
    assert np.isnan(absent.values["Y"])
    assert absent.unplaced == ("FRZZ",)


def test_a_region_without_weight_has_no_share():
    nothing = crosswalk(["A", "B"], ["X", "Y"], [0.0, 1.0])

    assert np.isnan(convert({"A": 1.0, "B": 2.0}, nothing, kind="count").values["X"])
    assert np.isnan(convert({"A": np.nan, "B": 2.0}, nothing, kind="count").values["X"])


def test_a_sliver_is_small_for_both_sides():
    flows = crosswalk(["A", "A", "B", "V"], ["X", "Y", "Y", "Y"], [1000.0, 1.0, 1000.0, 1.0])

    assert [(one.from_code, one.to_code) for one in without_slivers(flows)] == [("A", "X"), ("B", "Y"), ("V", "Y")]
    assert without_slivers(flows, share=0) == flows


@pytest.fixture(scope="session")
def real(shared):
    path = shared / "reference" / "regional" / "data" / "nuts_crosswalk.csv.gz"
    rows = list(csv.DictReader(gzip.decompress(path.read_bytes()).decode().splitlines()))

    def flows(old, new, level, weight):
        kept = [
            row
            for row in rows
            if (row["from_version"], row["to_version"]) == (str(old), str(new)) and float(row["level"]) == level
        ]
        columns = ([row[name] for row in kept] for name in ("from_code", "to_code"))
        return crosswalk(*columns, [float(row[weight]) for row in kept])

    return flows


@pytest.mark.shared
def test_the_french_recode_of_2016_is_pure_once_slivers_are_dropped(real):
    """FR71 became FRK2 and nothing else; the matrices show 49 persons crossing a border that did not move."""
    for weight in ("pop18", "areaKm"):
        flows = [one for one in real(2013, 2016, 2, weight) if one.from_code.startswith("FR")]
        pure = without_slivers(flows)
        assert len({one.from_code for one in pure}) == len(pure) == len({one.to_code for one in pure})
        assert {("FR71", "FRK2"), ("FR30", "FRE1"), ("FR22", "FRE2")} <= {(one.from_code, one.to_code) for one in pure}
        assert len(flows) > len(pure)


@pytest.mark.shared
def test_a_real_split_survives_the_rule(real):
    flows = real(2010, 2021, 2, "pop18")
    lithuania = [one for one in without_slivers(flows) if one.from_code == "LT00"]

    assert {one.to_code for one in lithuania} == {"LT01", "LT02"}


@pytest.mark.shared
def test_dropping_slivers_rescues_figures_without_changing_them_much(real):
    flows = [one for one in real(2013, 2016, 2, "pop18") if one.from_code.startswith("FR")]
    values = {one.from_code: 100.0 for one in flows if one.from_code != "FR22"}  # one region did not report

    kept = convert(values, flows, kind="rate").values
    dropped = convert(values, without_slivers(flows), kind="rate").values
    assert sum(np.isnan(v) for v in kept.values()) > sum(np.isnan(v) for v in dropped.values()) == 1


def test_a_table_of_which_nobody_knows_the_vintage_is_refused():
    with pytest.raises(UsageError, match="2006, 2010, 2013 equally well"):
        vintage_of(["FR71", "FR30"])
    assert vintage_of(["FR71", "FR30"], stated=2013) == 2013
    with pytest.raises(UsageError, match="said to be NUTS 2021"):
        vintage_of(["FR71", "FR30"], stated=2021)
    with pytest.raises(UsageError, match="None of the 1 codes"):
        vintage_of(["ZZ99"])


def test_one_code_that_one_vintage_alone_holds_settles_it():
    assert [one.vintage for one in fitting_vintages(["FRK2", "LT01"], level=2)] == [2016, 2021]
    only = fitting_vintages(["HR02", "FRK2"])
    assert [one.vintage for one in only] == [2021]
    assert vintage_of(["HR02", "FRK2"]) == 2021


def test_crosswalks_and_kinds_that_cannot_be_are_refused():
    with pytest.raises(MethodError, match="1 of them missing"):
        crosswalk(["A"], ["X"], [np.nan])
    with pytest.raises(MethodError, match="twice"):
        crosswalk(["A", "A"], ["X", "X"], [1.0, 2.0])
    with pytest.raises(UsageError, match="kind of figure"):
        convert({}, SPLIT, kind="sum")
