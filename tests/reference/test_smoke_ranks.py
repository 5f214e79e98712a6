"""Ranks that others computed from the same public figures.

They took the codes that NUTS 2021 holds, among codes as given: 282 regions for the first indicator, 299 for
the second, which is rounded to 0.1 and full of ties. With ties a region holds a span of ranks.
"""

from beffroi.sources.starter import read_starter
from beffroi.vocabulary.geography import is_valid


def figures_of(series, year):
    figures, _ = read_starter()
    return {
        one.region: one.value
        for one in figures
        if (one.series, one.year) == (series, year) and len(one.region) == 4 and is_valid(one.region, 2021)
    }


def span_of_ranks(values, region):
    value = values[region]
    return 1 + sum(one > value for one in values.values()), sum(one >= value for one in values.values())


def test_human_resources_in_science_and_technology_2020():
    values = figures_of("hrst_st_rcat[unit=PC_ACT,category=HRST]", 2020)

    assert len(values) == 282
    assert (values["FR10"], values["FRK2"], values["FRE1"]) == (66.5, 56.3, 48.7)
    assert [span_of_ranks(values, code)[0] for code in ("FR10", "FRK2", "FRE1", "FRK1")] == [4, 26, 94, 151]


def test_high_tech_employment_2018():
    values = figures_of("htec_emp_reg2[nace_r2=HTC,sex=T,unit=PC_EMP]", 2018)

    assert len(values) == 299
    assert (values["FR10"], values["FRK2"], values["FRE1"]) == (7.4, 4.7, 2.4)
    for code, published in (("FR10", 19), ("FRK2", 73), ("FRE1", 203)):
        first, last = span_of_ranks(values, code)
        assert first <= published <= last
