"""The only way out of the house: fetch an address into a folder of snapshots.

A fetch asks whether what we keep is still current, continues a download that was cut, tries again when
a fault may pass, and keeps nothing that it has not received whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import httpx

from beffroi.sources.manners import Manners, PassingFaultError, check_address, wait_seconds
from beffroi.sources.partial import Partial, partial_of
from beffroi.sources.snapshot import Snapshot, find, fingerprint, forget, keep, verify
from beffroi.sources.transfer import Exchange, Received, transfer
from beffroi.sources.unpack import BrokenArchiveError, is_gzip, unpacked_bytes
from beffroi.vocabulary.errors import SourceError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole answer, kept.

    `retrieved_on` is the ISO day on which the bytes came: when `not_modified`, that of the snapshot we had.
    `remarks` are whole sentences for the reader, such as a damaged snapshot that was fetched again.
    """

    path: Path
    sha256: str
    bytes: int
    etag: str
    last_modified: str
    retrieved_on: str
    not_modified: bool
    remarks: tuple[str, ...] = ()


def fetch(
    address: str,
    *,
    into: Path,
    manners: Manners | None = None,
    progress: Callable[[int, int | None], None] | None = None,
    inspect: Callable[[Path], None] | None = None,
    today: str | None = None,
) -> Fetched:
    """Fetch an address, or learn that the snapshot we keep of it is current.

    Args:
        address: https; http for this machine only. Redirects are followed on the same host only.
        into: folder of snapshots, made when missing. One fetch of an address at a time.
        manners: limits, retries, clock; by default those of `Manners`.
        progress: called with bytes received so far and bytes in all, None when the publisher does not say.
        inspect: looks at the whole body before it is kept; raises `PassingFaultError` for a body that says
            “not ready yet”, any other `SourceError` to refuse it.
        today: ISO day to note; by default the day of the clock, UTC.

    Returns:
        Where the bytes are, their fingerprint and validators.

    Raises:
        UsageError: the address is not one that we fetch from.
        SourceError: the publisher did not answer, or not with something that can be kept.
        StoreError: the disk is full or refuses; no half-written file is left.
    """
    check_address(address)
    manners = manners or Manners()
    kept, remarks = _current(into, address)
    partial = partial_of(into, address)
    timeout = httpx.Timeout(manners.read_seconds, connect=manners.connect_seconds)
    # trust_env=False: no proxy, password file or certificate that a stray variable brings in.
    with httpx.Client(headers=_identity(), timeout=timeout, trust_env=False, proxy=manners.proxy) as client:
        deadline = manners.clock() + manners.most_seconds
        exchange = Exchange(client, address, partial, kept, manners, deadline, progress)
        received = _insist(exchange, inspect)
    if isinstance(received, Snapshot):
        return _fetched(into, received, not_modified=True, remarks=remarks)
    day = today or datetime.now(UTC).date().isoformat()
    return _fetched(into, _keep(into, exchange, received, day), not_modified=False, remarks=remarks)


def _identity() -> dict[str, str]:
    """Say who asks; ask for the file itself, since a range of a re-encoded file continues nothing."""
    try:
        number = version("beffroi")
    except PackageNotFoundError:  # run from a checkout
        number = "0"
    return {"User-Agent": f"Beffroi/{number}", "Accept": "*/*", "Accept-Encoding": "identity"}


def _current(into: Path, address: str) -> tuple[Snapshot | None, tuple[str, ...]]:
    """Return the snapshot we keep, if its bytes are sound; a damaged one is reported and forgotten."""
    kept = find(into, address)
    if kept is None:
        return None, ()
    try:
        verify(into, kept.sha256)
    except StoreError as error:
        forget(into, address)
        return None, (f"{error} It was fetched again.",)
    return kept, ()


def _insist(exchange: Exchange, inspect: Callable[[Path], None] | None) -> Received | Snapshot:
    """Transfer, and again after each fault that may pass, as often as manners allow."""
    manners = exchange.manners
    for attempt in range(1, manners.attempts + 1):
        try:
            received = transfer(exchange)
            if isinstance(received, Received):
                _check_whole(exchange.partial, inspect, most=manners.most_unpacked_bytes)
        except PassingFaultError as fault:
            wait = wait_seconds(manners, attempt=attempt, asked_seconds=fault.wait_seconds)
            is_too_long = wait > manners.patience_seconds or manners.clock() + wait > exchange.deadline
            if attempt == manners.attempts or is_too_long:
                raise _given_up(exchange, fault, attempt=attempt) from fault
            manners.sleep(wait)
        else:
            return received
    raise SourceError(f"{exchange.address} was not asked: manners allow {manners.attempts} attempts.")


def _check_whole(partial: Partial, inspect: Callable[[Path], None] | None, *, most: int) -> None:
    """Refuse bytes that are broken although all of them came; what is refused is not continued."""
    try:
        if is_gzip(partial.path):
            _check_gzip(partial.path, most=most)
        if inspect is not None:
            inspect(partial.path)
    except SourceError:
        partial.discard()
        raise


def _check_gzip(path: Path, *, most: int) -> None:
    try:
        unpacked_bytes(path, most=most)
    except BrokenArchiveError as error:  # the wire may have done it: the next answer may be sound
        raise PassingFaultError(str(error)) from error


def _given_up(exchange: Exchange, fault: PassingFaultError, *, attempt: int) -> SourceError:
    asked = f"; it asks to wait {fault.wait_seconds:g} s" if fault.wait_seconds else ""
    times = "once" if attempt == 1 else f"{attempt} times"
    return SourceError(
        f"Asked {exchange.address} {times}; at last: {fault}{asked}. "
        "Nothing was changed. Check the connection, or try again later: the publisher may be busy or down."
    )


def _keep(into: Path, exchange: Exchange, received: Received, day: str) -> Snapshot:
    partial = exchange.partial
    snapshot = Snapshot(
        address=exchange.address,
        sha256=fingerprint(partial.path),
        bytes=partial.path.stat().st_size,
        etag=received.etag,
        last_modified=received.last_modified,
        retrieved_on=day,
    )
    try:
        keep(into, partial.path, snapshot)
    finally:
        partial.discard()
    return snapshot


def _fetched(into: Path, snapshot: Snapshot, *, not_modified: bool, remarks: tuple[str, ...]) -> Fetched:
    return Fetched(
        path=verify(into, snapshot.sha256),
        sha256=snapshot.sha256,
        bytes=snapshot.bytes,
        etag=snapshot.etag,
        last_modified=snapshot.last_modified,
        retrieved_on=snapshot.retrieved_on,
        not_modified=not_modified,
        remarks=remarks,
    )
