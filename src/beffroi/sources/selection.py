"""Pick one series out of a table: the rows its filters name, annual, each region and year once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.sources.figures import marked_missing, read_marks, read_value, read_year
from beffroi.sources.table import FREQUENCY, REGION, fault
from beffroi.vocabulary.errors import SourceError
from beffroi.vocabulary.observation import Observation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beffroi.catalogue.schema import Series
    from beffroi.sources.table import Cell, Row, Table

_ANNUAL = "A"
_SHOWN_CODES = 12


def select(
    table: Table, series: Series, *, since_year: int | None = None
) -> tuple[tuple[Observation, ...], tuple[str, ...]]:
    """Return the observations of a series, in the order of the file, and what a reader must know of them.

    Args:
        table: the publisher's table, which may hold other series as well.
        series: dimension and value of each filter.
        since_year: first year wanted; None for all.

    Raises:
        SourceError: the table lacks a dimension of the series, or has one of several codes that the series
            does not name; no row fits the filters; no figure is annual or recent enough; two figures disagree
            about one region and year.
    """
    rows = _SeriesRows(table, series)
    found: dict[tuple[str, int], tuple[Observation, int]] = {}
    strange: dict[str, int] = {}
    repeated = 0
    for row in rows.chosen():
        for cell in row.cells:
            year = read_year(cell.period)
            if year is None or (since_year is not None and year < since_year):
                continue
            one, unknown = _observe(cell, row, series, region=row.codes[rows.region], year=year)
            for flag in unknown:
                strange.setdefault(flag, row.line)
            first, line = found.setdefault((one.region, one.year), (one, row.line))
            if first is not one:
                _refuse_disagreement(first, one, dataset=series.dataset, lines=(line, row.line))
                repeated += 1
    if not found:
        raise rows.why_nothing(since_year)
    said = _said_of(series, strange=strange, repeated=repeated)
    return tuple(one for one, _ in found.values()), (*table.warnings, *rows.unnamed(), *said)


class _SeriesRows:
    """The rows of one series, and a memory of the codes met, to say why when there are none."""

    def __init__(self, table: Table, series: Series) -> None:
        _refuse_unknown_dimension(table, series)
        at = {name: position for position, name in enumerate(table.dimensions)}
        wanted = {name.lower(): value for name, value in series.filters}
        if FREQUENCY in at:
            wanted[FREQUENCY] = _ANNUAL
        self._table = table
        self._series = series
        self._wanted = {at[name]: value for name, value in wanted.items()}
        self._met: dict[int, set[str]] = {position: set() for position in self._wanted}
        self._open = [position for name, position in at.items() if name not in wanted and name != REGION]
        self._open_codes: dict[int, str] = {}
        self._is_met = False
        self.region = at[REGION]

    def chosen(self) -> Iterator[Row]:
        """Yield the rows that fit every filter."""
        for row in self._table.rows:
            for position, codes in self._met.items():
                codes.add(row.codes[position])
            if all(row.codes[position] == value for position, value in self._wanted.items()):
                self._is_met = True
                self._refuse_mixture(row)
                yield row

    def unnamed(self) -> Iterator[str]:
        """Name the dimensions that the series leaves open, each with the one code that was found."""
        for position, code in self._open_codes.items():
            yield (
                f"Dataset {self._series.dataset}: the filters of {self._series.key} do not name column "
                f"'{self._table.dimensions[position]}'. It holds '{code}' only; add it to the catalogue."
            )

    def why_nothing(self, since_year: int | None) -> SourceError:
        """Say which filter fits no row, or what else keeps the series empty."""
        asked = f"Dataset {self._series.dataset}: nothing was found for series {self._series.key}"
        if not any(self._met.values()):
            return SourceError(
                f"{asked}: the table has a header and no row. Check the filters on the publisher's site: "
                "it may have renamed a code or withdrawn the figures."
            )
        if self._is_met:
            since = "" if since_year is None else f" since {since_year}"
            return SourceError(f"{asked}: it has rows and no annual figure{since}. Ask for earlier years.")
        return SourceError(
            f"{asked}: {self._misfit()}. Look at the dataset on the publisher's site and correct the "
            "filters of the indicator in the catalogue."
        )

    def _misfit(self) -> str:
        for position, value in self._wanted.items():
            met = sorted(self._met[position])
            if value not in met:
                shown = ", ".join(met[:_SHOWN_CODES]) + (" …" if len(met) > _SHOWN_CODES else "")
                return f"column '{self._table.dimensions[position]}' never holds '{value}', it holds {shown}"
        return "each of its codes exists, and no row has them all"

    def _refuse_mixture(self, row: Row) -> None:
        """Two codes of a dimension that the series does not name would be two series in one."""
        for position in self._open:
            given = row.codes[position]
            first = self._open_codes.setdefault(position, given)
            if given != first:
                raise fault(
                    self._series.dataset,
                    line=row.line,
                    given=f"'{given}' after '{first}' in column '{self._table.dimensions[position]}'",
                    expected=f"one code, since series {self._series.key} does not say which one it means",
                )


def _refuse_unknown_dimension(table: Table, series: Series) -> None:
    for name, _ in series.filters:
        if name.lower() not in table.dimensions:
            raise fault(
                series.dataset,
                line=1,
                given=f"the columns {', '.join(table.dimensions)}",
                expected=f"a column '{name}', which series {series.key} filters by",
            )


def _observe(cell: Cell, row: Row, series: Series, *, region: str, year: int) -> tuple[Observation, tuple[str, ...]]:
    value = read_value(cell, dataset=series.dataset, line=row.line)
    flags, unknown = read_marks(cell.status, cell.confidentiality)
    flags = marked_missing(flags) if value is None else flags
    return Observation(series.key, region, year, value, flags), unknown


def _refuse_disagreement(first: Observation, second: Observation, *, dataset: str, lines: tuple[int, int]) -> None:
    if first != second:
        raise SourceError(
            f"Dataset {dataset}, lines {lines[0]} and {lines[1]}: region {first.region} has {first.value} "
            f"({first.flags.letters}) and {second.value} ({second.flags.letters}) for {first.year}, expected "
            "one figure. Report it to the publisher; nothing of this series was changed."
        )


def _said_of(series: Series, *, strange: dict[str, int], repeated: int) -> Iterator[str]:
    for flag, line in strange.items():
        yield (
            f"Dataset {series.dataset}, line {line}: flag '{flag}' is in no list of Eurostat that we know. "
            "Figures with it are kept, marked as of low reliability or as not for publication. "
            "See vocabulary/observation.py to add it."
        )
    if repeated:
        yield f"Dataset {series.dataset}: {repeated} figures of {series.key} stand twice, unchanged."
