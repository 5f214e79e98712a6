"""One request to a publisher: ask, judge the answer, and let its bytes run into the partial file.

Nothing here tries twice: a fault that may pass is a `PassingFaultError`, and `fetch` decides.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx

from beffroi.sources.manners import Manners, PassingFaultError, check_address, retry_after_seconds
from beffroi.sources.partial import Partial, strong_validator
from beffroi.vocabulary.errors import SourceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from beffroi.sources.snapshot import Snapshot

_MOST_REDIRECTS = 5
_SHOWN_CHARACTERS = 200
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_MAY_PASS = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)


@dataclass(frozen=True, slots=True)
class Received:
    """What the headers of a complete answer said of its bytes."""

    etag: str
    last_modified: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One address, the way to it, and what we already have of it."""

    client: httpx.Client
    address: str
    partial: Partial
    kept: Snapshot | None
    manners: Manners
    deadline: float
    progress: Callable[[int, int | None], None] | None = None


def transfer(exchange: Exchange) -> Received | Snapshot:
    """Ask once and receive the whole answer into the partial file.

    Returns:
        The validators of the bytes received, or the snapshot we keep when the publisher says it is current.

    Raises:
        PassingFaultError: no connection, a slow or broken answer, 408, 429 or 5xx: worth another try.
        SourceError: an answer that asking again will not change.
        StoreError: the disk is full or refuses.
    """
    held, validator = exchange.partial.held()
    try:
        with _answer(exchange, _headers(exchange.kept, held=held, validator=validator)) as response:
            if response.status_code == HTTPStatus.NOT_MODIFIED and exchange.kept is not None:
                return exchange.kept
            _refuse_failures(response, exchange)
            done = _continue_or_start(response, exchange.partial, held=held)
            _receive(response, exchange, done=done)
            return Received(response.headers.get("etag", ""), response.headers.get("last-modified", ""))
    except httpx.TimeoutException as error:
        raise PassingFaultError(f"no answer in time ({type(error).__name__})") from error
    except httpx.RequestError as error:
        raise PassingFaultError(f"the connection failed ({error or type(error).__name__})") from error


def _headers(kept: Snapshot | None, *, held: int, validator: str) -> dict[str, str]:
    headers = {}
    if kept is not None and kept.etag:
        headers["If-None-Match"] = kept.etag
    if kept is not None and kept.last_modified:
        headers["If-Modified-Since"] = kept.last_modified
    if held:
        headers |= {"Range": f"bytes={held}-", "If-Range": validator}
    return headers


@contextmanager
def _answer(exchange: Exchange, headers: dict[str, str]) -> Iterator[httpx.Response]:
    """Follow redirects on the same host only: another host is another publisher."""
    address = httpx.URL(exchange.address)
    for _ in range(_MOST_REDIRECTS):
        request = exchange.client.build_request("GET", address, headers=headers)
        response = exchange.client.send(request, stream=True)
        try:
            if not response.has_redirect_location:
                yield response
                return
            address = _redirected(address, response)
        finally:
            response.close()
    raise SourceError(
        f"Asked {exchange.address}; it redirected {_MOST_REDIRECTS} times without an answer. "
        "Look at the address in a browser and correct it."
    )


def _redirected(address: httpx.URL, response: httpx.Response) -> httpx.URL:
    try:
        target = address.join(response.headers["location"])
        check_address(str(target))
    except (UsageError, httpx.InvalidURL) as error:
        raise SourceError(f"Asked {address}; it redirects to a place that we do not follow. {error}") from error
    if (target.host, target.port) != (address.host, address.port):
        raise SourceError(
            f"Asked {address}; it redirects to another host, {target.host}, which we do not follow. "
            "If the publisher has moved, change the address in the definition of the source."
        )
    return target


def _refuse_failures(response: httpx.Response, exchange: Exchange) -> None:
    status = response.status_code
    if status in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
        return
    if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        exchange.partial.discard()
        raise PassingFaultError("the publisher no longer has the rest of the download (416)")
    if status in _MAY_PASS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        asked = retry_after_seconds(response.headers.get("retry-after", ""), now=datetime.now(UTC))
        raise PassingFaultError(f"status {status} {response.reason_phrase}", wait_seconds=asked)
    raise SourceError(
        f"Asked {exchange.address}; the answer was {status} {response.reason_phrase}{_beginning(response)}. "
        "Check dataset and filters against the publisher's site: it may have renamed or withdrawn them."
    )


def _beginning(response: httpx.Response) -> str:
    """Quote the first words of a refusal, where publishers explain themselves."""
    text = ""
    for chunk in response.iter_text(_SHOWN_CHARACTERS):
        text = " ".join(re.sub(r"<[^>]*>", " ", chunk).split())
        break
    return f" (“{text[:_SHOWN_CHARACTERS]}”)" if text else ""


def _continue_or_start(response: httpx.Response, partial: Partial, *, held: int) -> int:
    """Return from which byte this answer continues, once the partial file is ready for it."""
    if response.status_code == HTTPStatus.OK:
        etag, last_modified = response.headers.get("etag", ""), response.headers.get("last-modified", "")
        partial.start(strong_validator(etag, last_modified))
        return 0
    given = response.headers.get("content-range", "")
    match = _CONTENT_RANGE.fullmatch(given)
    if not held or match is None or int(match[1]) != held:
        partial.discard()
        raise PassingFaultError(f"asked for the bytes from {held} on, and got the range “{given}”")
    return held


def _receive(response: httpx.Response, exchange: Exchange, *, done: int) -> None:
    total = _total_bytes(response, done=done)
    _refuse_too_large(total or 0, exchange)
    for chunk in response.iter_raw():
        done += len(chunk)
        _refuse_too_large(done, exchange)
        exchange.partial.add(chunk)
        if exchange.progress is not None:
            exchange.progress(done, total)
        if exchange.manners.clock() > exchange.deadline:
            raise SourceError(
                f"Asked {exchange.address}; after {exchange.manners.most_seconds:g} s only {done:,} bytes "
                "had come. Try again: the download continues where it stopped, if the publisher allows it."
            )
    if total is not None and done != total:
        raise PassingFaultError(f"the answer stopped after {done:,} of {total:,} bytes")


def _total_bytes(response: httpx.Response, *, done: int) -> int | None:
    """Return the size of the whole file as announced, or None."""
    match = _CONTENT_RANGE.fullmatch(response.headers.get("content-range", ""))
    if match is not None and match[3] != "*":
        return int(match[3])
    length = response.headers.get("content-length", "")
    return done + int(length) if length.isdecimal() else None


def _refuse_too_large(size: int, exchange: Exchange) -> None:
    if size <= exchange.manners.most_bytes:
        return
    exchange.partial.discard()
    raise SourceError(
        f"Asked {exchange.address}; the answer has at least {size:,} bytes, and the limit is "
        f"{exchange.manners.most_bytes:,}. Narrow the filters or the years, or raise the limit."
    )
