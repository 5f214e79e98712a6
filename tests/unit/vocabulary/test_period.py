"""Periods as publishers write them."""

from __future__ import annotations

import pytest

from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.period import Period, read_period


@pytest.mark.parametrize(
    ("text", "period", "months"),
    [
        ("2020", Period(2020), (1, 12)),
        ("2020-A1", Period(2020), (1, 12)),
        ("2020-S2", Period(2020, "S", 2), (7, 12)),
        ("2020Q1", Period(2020, "Q", 1), (1, 3)),
        ("2020-M07", Period(2020, "M", 7), (7, 7)),
        ("2020-12", Period(2020, "M", 12), (12, 12)),
    ],
)
def test_a_period_is_read_with_its_months(text, period, months):
    found = read_period(text)

    assert found == period
    assert (found.first_month, found.last_month) == months
    assert found.is_annual == (months == (1, 12))


@pytest.mark.parametrize("text", ["", "20", "2020-Q5", "2020-13", "2020-S3", "été 2020"])
def test_what_is_no_period_is_refused_with_examples(text):
    with pytest.raises(UsageError, match="2020-Q3"):
        read_period(text)
