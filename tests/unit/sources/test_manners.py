from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.sources.manners import Manners, check_address, retry_after_seconds, wait_seconds

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        ("Sun, 22 Nov 2026 12:02:00 GMT", 120.0),
        ("Sun, 22 Nov 2026 12:02:00 -0000", 120.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("-5", 0.0),
        ("", 0.0),
    ],
)
def test_how_long_to_wait_is_read_as_seconds_or_as_a_date(header, seconds):
    assert retry_after_seconds(header, now=NOON) == seconds


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:80"])
def test_this_machine_may_be_asked_without_encryption(host):
    check_address(f"http://{host}/data")


@given(chance=st.floats(0, 1), attempt=st.integers(1, 60), asked=st.floats(0, 1e6))
def test_a_wait_is_never_shorter_than_asked_nor_longer_than_allowed(chance, attempt, asked):
    manners = Manners(chance=lambda: chance)

    wait = wait_seconds(manners, attempt=attempt, asked_seconds=asked)

    assert max(asked, 0.5) <= wait <= max(asked, manners.longest_wait_seconds)
