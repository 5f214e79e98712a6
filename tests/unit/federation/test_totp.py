"""Codes by time, against the examples of the standard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.federation import totp

SECRET = b"12345678901234567890"
# RFC 6238, appendix B, SHA-1 column.
PUBLISHED = [(59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"),
             (2000000000, "69279037"), (20000000000, "65353130")]  # fmt: skip


@pytest.mark.parametrize(("seconds", "code"), PUBLISHED)
def test_the_examples_of_the_standard_come_out(seconds, code):
    assert totp.code(SECRET, totp.step_of(seconds), digits=8) == code


# RFC 4226, appendix D: counters 0 to 9.
@pytest.mark.parametrize(
    ("counter", "code"),
    [(0, "755224"), (1, "287082"), (2, "359152"), (3, "969429"), (4, "338314"), (5, "254676"), (6, "287922"),
     (7, "162583"), (8, "399871"), (9, "520489")],
)  # fmt: skip
def test_the_six_digits_of_the_older_standard_come_out(counter, code):
    assert totp.code(SECRET, counter) == code


@given(st.binary(min_size=10, max_size=40), st.integers(100, 10**10), st.integers(-3, 3))
def test_a_code_is_taken_half_a_minute_early_or_late_and_never_twice(secret, now, off):
    step = totp.step_of(now) + off
    typed = totp.code(secret, step)

    found = totp.matching_step(secret, typed, now=now)

    if abs(off) <= 1:
        assert found is not None
        assert totp.matching_step(secret, typed, now=now, after=step) in {None, step + 1, step + 2}
    else:
        assert found is None or totp.code(secret, found) == typed


@given(st.text(max_size=12))
def test_whatever_is_typed_is_answered(text):
    assert totp.matching_step(SECRET, text, now=59) in {None, 0, 1, 2}
