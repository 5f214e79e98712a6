"""Fetch series of Eurostat and read them into observations.

Two ways lead to the same figures: `csv` asks for one series and gets little; `tsv` asks for a whole dataset
and picks the series here, which is kinder to the publisher when several series share a dataset.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from beffroi.sources.addresses import EUROSTAT_BASE, dataset_address, series_address
from beffroi.sources.eurostat_tsv import read_tsv
from beffroi.sources.fetch import fetch
from beffroi.sources.manners import PassingFaultError
from beffroi.sources.sdmx_csv import read_sdmx_csv
from beffroi.sources.selection import select
from beffroi.sources.table import QueuedError
from beffroi.sources.unpack import open_lines
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from beffroi.catalogue.schema import Series
    from beffroi.sources.fetch import Fetched
    from beffroi.sources.manners import Manners
    from beffroi.sources.table import Table
    from beffroi.vocabulary.observation import Observation

Form = Literal["csv", "tsv"]

EUROSTAT = "eurostat"
# Reuse of Commission documents: Decision 2011/833/EU; Eurostat's copyright notice names CC BY 4.0.
EUROSTAT_LICENCE = "CC BY 4.0"


@dataclass(frozen=True, slots=True)
class Reading:
    """One series, read whole: its figures, where they come from, and sentences a reader must know."""

    observations: tuple[Observation, ...]
    provenance: Provenance
    warnings: tuple[str, ...] = ()


def is_live(series: Series) -> bool:
    """Tell whether a series can be fetched from its publisher; others come with the starter only.

    >>> from beffroi.catalogue.schema import Series
    >>> is_live(Series("eurostat", "isoc_r_broad_h", ())), is_live(Series("insee", "flores", ()))
    (True, False)
    """
    return series.source == EUROSTAT


def read_series(
    series: Series,
    *,
    into: Path,
    base: str = EUROSTAT_BASE,
    form: Form = "csv",
    since_year: int | None = None,
    manners: Manners | None = None,
    progress: Callable[[int, int | None], None] | None = None,
    today: str | None = None,
) -> Reading:
    """Fetch one series and read it, or keep everything as it was.

    Args:
        series: source, dataset and the value of every dimension but frequency, region and time.
        into: folder of snapshots.
        base: address of the API.
        form: `csv` for the series alone, `tsv` for its whole dataset.
        since_year: first year wanted; None for all.
        manners: limits and retries, see `fetch`.
        progress: called with bytes received and bytes in all, see `fetch`.
        today: ISO day to note, see `fetch`.

    Returns:
        Annual observations of every region of the file, region codes as given, in the order of the file.

    Raises:
        UsageError: the series is not one of Eurostat's, or `form` is neither of the two.
        SourceError: no answer, or one that cannot be read; names dataset, line, column and remedy.
        StoreError: the disk is full or refuses.
    """
    address = address_of(series, base=base, form=form, since_year=since_year)
    fetched = fetch_table(
        address, series.dataset, into=into, form=form, manners=manners, progress=progress, today=today
    )
    return read_fetched(series, fetched, form=form, since_year=since_year)


def address_of(series: Series, *, base: str = EUROSTAT_BASE, form: Form, since_year: int | None = None) -> str:
    """Return the address that gives a series in a form.

    Raises:
        UsageError: the series is not one of Eurostat's, or `form` is neither `csv` nor `tsv`.
    """
    if not is_live(series):
        raise UsageError(
            f"Series {series.key} comes from '{series.source}', and only series of '{EUROSTAT}' are "
            "fetched live. Its figures are refreshed by a new starter: install a newer release, "
            "or build the starter again."
        )
    if form == "csv":
        return series_address(series, base=base, since_year=since_year)
    if form == "tsv":
        return dataset_address(series.dataset, base=base)
    raise UsageError(f"Form '{form}' is unknown. Write 'csv' for one series or 'tsv' for its whole dataset.")


def fetch_table(
    address: str,
    dataset: str,
    *,
    into: Path,
    form: Form,
    manners: Manners | None = None,
    progress: Callable[[int, int | None], None] | None = None,
    today: str | None = None,
) -> Fetched:
    """Fetch a file that begins as a table in its form must; a receipt for a queued request is waited out."""

    def refuse_other_than_table(path: Path) -> None:
        try:
            with open_lines(path) as lines:
                _read_table(lines, dataset, form=form)
        except QueuedError as error:
            raise PassingFaultError(str(error)) from error

    return fetch(address, into=into, manners=manners, progress=progress, inspect=refuse_other_than_table, today=today)


def read_fetched(series: Series, fetched: Fetched, *, form: Form, since_year: int | None = None) -> Reading:
    """Read one series out of a kept file, which may hold others as well."""
    with open_lines(fetched.path) as lines:
        observations, warnings = select(_read_table(lines, series.dataset, form=form), series, since_year=since_year)
    provenance = Provenance(
        series=series.key,
        source=series.source,
        dataset=series.dataset,
        filters=series.filters,
        licence=EUROSTAT_LICENCE,
        retrieved_on=fetched.retrieved_on,
        sha256=fetched.sha256,
        via="",
        is_starter=False,
    )
    return Reading(observations, provenance, (*fetched.remarks, *warnings))


def _read_table(lines: Iterable[str], dataset: str, *, form: Form) -> Table:
    return read_sdmx_csv(lines, dataset=dataset) if form == "csv" else read_tsv(lines, dataset=dataset)
