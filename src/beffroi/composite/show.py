"""Show a result in a notebook: a table that a screen reader can follow, and a picture of ranks, both plain text.

Nothing is fetched and nothing runs: HTML and SVG without script, every word escaped.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from html import escape
from typing import TYPE_CHECKING

from beffroi.composite import frame
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    import polars as pl
    import pyarrow as pa

MOST_ROWS = 60  # a longer table hides the cell that made it
ROW, LABEL, PLOT, MARGIN, NUMBER = 18, 170, 360, 8, 70  # pixels
DIGITS = 4


class Shown(ABC):
    """What a result gains: columns, frames of pandas, polars and Arrow, and a table in a notebook."""

    __slots__ = ()

    @abstractmethod
    def to_columns(self) -> Mapping[str, Sequence[object]]:
        """Return name → cells, one cell a row; a missing figure is NaN."""

    def to_pandas(self) -> pd.DataFrame:
        """Return a pandas DataFrame (see `frame.to_pandas`)."""
        return frame.to_pandas(self)

    def to_polars(self) -> pl.DataFrame:
        """Return a polars DataFrame (see `frame.to_polars`)."""
        return frame.to_polars(self)

    def to_arrow(self) -> pa.Table:
        """Return an Arrow table (see `frame.to_arrow`)."""
        return frame.to_arrow(self)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return table_html(frame.as_columns(self), caption=type(self).__name__)


def table_html(columns: Mapping[str, Sequence[object]], *, caption: str, most: int = MOST_ROWS) -> str:
    """Return columns as an HTML table; the first column heads its row.

    Args:
        columns: name → cells, one cell a row; a missing figure is NaN or None and is shown as a dash.
        caption: says what the table shows.
        most: rows shown; the caption says how many there are.

    Returns:
        A `table` with `scope` on every header cell.

    >>> print(table_html({"uCode": ["A"], "score": [0.123456]}, caption="<Index>"))
    <table><caption>&lt;Index&gt;</caption><thead><tr><th scope="col">uCode</th><th scope="col">score</th></tr></thead>\
<tbody><tr><th scope="row">A</th><td>0.1235</td></tr></tbody></table>
    """
    total = max((len(cells) for cells in columns.values()), default=0)
    said = caption if total <= most else f"{caption}: first {most} of {total} rows"
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{_text(cells[row])}</th>' if place == 0 else f"<td>{_text(cells[row])}</td>"
            for place, cells in enumerate(columns.values())
        )
        + "</tr>"
        for row in range(min(total, most))
    )
    return f"<table><caption>{escape(said)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def bars_svg(
    labels: Sequence[str],
    values: Sequence[float],
    *,
    title: str,
    low: Sequence[float] | None = None,
    high: Sequence[float] | None = None,
    most: int = MOST_ROWS,
) -> str:
    """Draw a bar a row, and over it the interval from `low` to `high` if it is known.

    Args:
        labels: what each bar is of.
        values: its length, any scale; NaN draws no bar and says so.
        title: what is measured, with its unit.
        low: lower ends of the intervals, on the same scale,
        high: and upper ends.
        most: bars drawn; the description says how many rows there are.

    Returns:
        An SVG picture with a title and a description; it uses the colour of the text around it.

    Raises:
        UsageError: the lists differ in length, or one end of the intervals is missing.

    >>> bars_svg(("A",), (1.0,), title="Rank").startswith('<svg xmlns="http://www.w3.org/2000/svg" role="img"')
    True
    """
    given = [values, *(one for one in (low, high) if one is not None)]
    if (low is None) != (high is None) or {len(one) for one in given} != {len(labels)}:
        raise UsageError("Bars need one label and one value each, and both ends of every interval or none.")
    count = min(len(labels), most)
    ends = [x for one in given for x in one[:count] if not math.isnan(float(x))]
    start, stop = min([0.0, *ends]), max([0.0, *ends])

    def place(x: float) -> float:
        return LABEL + (float(x) - start) / ((stop - start) or 1.0) * PLOT

    rows = "".join(
        _bar(k, labels[k], float(values[k]), place, None if low is None or high is None else (low[k], high[k]))
        for k in range(count)
    )
    rest = f" The first {count} of {len(labels)} are shown." if count < len(labels) else ""
    said = f"{count} bars from {_text(start)} to {_text(stop)}{', with intervals' if low is not None else ''}.{rest}"
    width, height = LABEL + PLOT + NUMBER, count * ROW + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="12" fill="currentColor"><title>{escape(title)}</title>'
        f"<desc>{said}</desc>{rows}</svg>"
    )


def _bar(row: int, label: str, value: float, place: Callable[[float], float], ends: tuple[float, float] | None) -> str:
    middle = MARGIN + row * ROW + ROW / 2
    out = f'<text x="{LABEL - 6}" y="{middle + 4:g}" text-anchor="end">{escape(str(label)[:26])}</text>'
    if math.isnan(value):
        return out + f'<text x="{place(0.0):.1f}" y="{middle + 4:g}">–</text>'
    left, right = sorted((place(0.0), place(value)))
    out += f'<rect x="{left:.1f}" y="{middle - 6:g}" width="{right - left:.1f}" height="12" fill-opacity="0.35"/>'
    edge = right
    if ends is not None and not any(math.isnan(float(x)) for x in ends):
        low, high = place(ends[0]), place(ends[1])
        out += f'<path d="M{low:.1f} {middle:g}H{high:.1f}" stroke="currentColor" stroke-width="2"/>'
        edge = max(edge, high)
    return out + f'<text x="{edge + 5:.1f}" y="{middle + 4:g}">{_text(value)}</text>'


def _text(cell: object) -> str:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return "–"
    return f"{cell:.{DIGITS}g}" if isinstance(cell, float) and abs(cell) < 1 else _plain(cell)


def _plain(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.{DIGITS}f}".rstrip("0").rstrip(".")
    return escape(str(cell))
