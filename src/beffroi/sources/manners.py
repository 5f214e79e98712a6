"""How we behave towards a publisher: how long, how much, how often, and towards which addresses."""

from __future__ import annotations

import ipaddress
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from beffroi.vocabulary.errors import SourceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable


class PassingFaultError(SourceError):
    """A fault that may pass by itself; `wait_seconds` is what the publisher asked for, if anything."""

    def __init__(self, message: str, *, wait_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds


@dataclass(frozen=True, slots=True)
class Manners:
    """Limits of one fetch; clock, sleep and chance are passed in so that tests need not wait.

    `attempts` in all, the first included; the wait doubles from `first_wait_seconds` up to
    `longest_wait_seconds`; a publisher who asks for more than `patience_seconds` is not waited for.
    `most_bytes` bounds what is received, `most_unpacked_bytes` what it unpacks to, `most_seconds` one whole
    fetch, waits included.
    `proxy` is used only when given here: the environment is not consulted.
    """

    attempts: int = 5
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 60.0
    patience_seconds: float = 300.0
    connect_seconds: float = 15.0
    read_seconds: float = 120.0
    most_seconds: float = 1800.0
    most_bytes: int = 1 << 30
    most_unpacked_bytes: int = 8 << 30
    proxy: str | None = None
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random  # spreads retries of many clients; nothing secret hangs on it


def wait_seconds(manners: Manners, *, attempt: int, asked_seconds: float = 0.0) -> float:
    """Return how long to wait after the failed `attempt` (1 is the first), in seconds.

    Exponential back-off with half of it left to chance, and never less than what the publisher asked for.

    >>> calm = Manners(first_wait_seconds=1, longest_wait_seconds=5, chance=lambda: 1.0)
    >>> [wait_seconds(calm, attempt=n) for n in (1, 2, 3, 4)]
    [1.0, 2.0, 4.0, 5.0]
    >>> wait_seconds(calm, attempt=1, asked_seconds=30)
    30.0
    """
    longest = min(manners.longest_wait_seconds, manners.first_wait_seconds * 2.0 ** (attempt - 1))
    return float(max(asked_seconds, longest * (0.5 + manners.chance() / 2)))


def retry_after_seconds(header: str, *, now: datetime) -> float:
    """Read a Retry-After header, in seconds or as a date; one that says neither counts as none.

    >>> retry_after_seconds("7", now=datetime(2026, 1, 1, tzinfo=UTC))
    7.0
    >>> retry_after_seconds("Thu, 01 Jan 2026 00:01:00 GMT", now=datetime(2026, 1, 1, tzinfo=UTC))
    60.0
    >>> retry_after_seconds("soon", now=datetime(2026, 1, 1, tzinfo=UTC))
    0.0
    """
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def check_address(address: str) -> None:
    """Refuse an address that we do not fetch from.

    Raises:
        UsageError: not https (http is for this machine only), without host, or with a password in it.

    >>> check_address("https://ec.europa.eu/eurostat/api")
    >>> check_address("http://127.0.0.1:8000/data")
    >>> check_address("http://ec.europa.eu/")
    Traceback (most recent call last):
        ...
    beffroi.vocabulary.errors.UsageError: Address http://ec.europa.eu/ is not https. Write it with https://.
    """
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise UsageError(f"Address {address} cannot be read ({error}). Write it as https://host/path.") from error
    if not parts.hostname:
        raise UsageError(f"Address {address} names no host. Write it as https://host/path.")
    if parts.username is not None or parts.password is not None:
        raise UsageError(f"The address of {parts.hostname} holds a user name or password. Take it out.")
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname)):
        return
    raise UsageError(f"Address {address} is not https. Write it with https://.")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
