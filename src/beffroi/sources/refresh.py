"""Refresh many series: each wholly or not at all, and the failure of one never stops another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from beffroi.sources.addresses import EUROSTAT_BASE
from beffroi.sources.eurostat import Form, Reading, address_of, fetch_table, read_fetched
from beffroi.vocabulary.errors import BeffroiError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from beffroi.catalogue.schema import Series
    from beffroi.sources.manners import Manners


@dataclass(frozen=True, slots=True)
class Failure:
    """A series that could not be refreshed, and why; what was kept of it before still stands."""

    series: Series
    error: BeffroiError


@dataclass(frozen=True, slots=True)
class _Errand:
    """How every series of one refresh is fetched and read."""

    into: Path
    form: Form
    since_year: int | None
    manners: Manners | None
    today: str | None


def refresh_series(  # noqa: PLR0913 -- which series, where to keep them, and six defaults of one meaning each
    series: Iterable[Series],
    *,
    into: Path,
    base: str = EUROSTAT_BASE,
    workers: int = 1,
    form: Form = "csv",
    since_year: int | None = None,
    manners: Manners | None = None,
    progress: Callable[[int, int], None] | None = None,
    today: str | None = None,
) -> tuple[Reading | Failure, ...]:
    """Fetch and read series, several at a time if wished; series of one file share one download.

    Args:
        series: what to refresh; a series given twice is refreshed once and answered twice.
        into: folder of snapshots.
        base: address of the API.
        workers: downloads at a time; one is kindest.
        form: `csv` for each series alone, `tsv` for whole datasets.
        since_year: first year wanted; None for all.
        manners: limits and retries, see `fetch`.
        progress: called with series done and series in all, by one thread at a time.
        today: ISO day to note, see `fetch`.

    Returns:
        For each series, in the order given, its reading or why there is none.
    """
    wanted = tuple(series)
    outcomes: dict[Series, Reading | Failure] = {}
    files: dict[str, list[Series]] = {}
    for one in dict.fromkeys(wanted):
        try:
            address = address_of(one, base=base, form=form, since_year=since_year)
        except BeffroiError as error:
            outcomes[one] = Failure(one, error)
        else:
            files.setdefault(address, []).append(one)
    count = _Count(len(outcomes) + sum(map(len, files.values())), progress)
    count.add(len(outcomes))
    read_one = partial(_read_file, errand=_Errand(into, form, since_year, manners, today), count=count)
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        for found in pool.map(read_one, files.items()):
            outcomes.update(found)
    return tuple(outcomes[one] for one in wanted)


class _Count:
    """Series done, told to whoever shows progress."""

    def __init__(self, total: int, progress: Callable[[int, int], None] | None) -> None:
        self._done = 0
        self._total = total
        self._progress = progress
        self._lock = Lock()

    def add(self, number: int) -> None:
        with self._lock:
            self._done += number
            if self._progress is not None and number:
                self._progress(self._done, self._total)


def _read_file(
    file: tuple[str, Sequence[Series]], *, errand: _Errand, count: _Count
) -> dict[Series, Reading | Failure]:
    """Fetch one file and read every series of it."""
    address, members = file
    try:
        fetched = fetch_table(
            address,
            members[0].dataset,
            into=errand.into,
            form=errand.form,
            manners=errand.manners,
            today=errand.today,
        )
    except BeffroiError as error:
        count.add(len(members))
        return {one: Failure(one, error) for one in members}
    outcomes: dict[Series, Reading | Failure] = {}
    for one in members:
        try:
            outcomes[one] = read_fetched(one, fetched, form=errand.form, since_year=errand.since_year)
        except BeffroiError as error:
            outcomes[one] = Failure(one, error)
        count.add(1)
    return outcomes
