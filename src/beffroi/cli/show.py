"""Results on a terminal: aligned text for people, JSON for machines, a progress bar on the error stream."""

from __future__ import annotations

import json
import sys
import unicodedata
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from tqdm import tqdm

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence
    from typing import TextIO

    from beffroi.store.tables import Value


def add_format(parser: argparse.ArgumentParser) -> None:
    """Give a command `--format text|json` and `--language fr|en`."""
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text for people, json for machines")
    add_language(parser)


def add_language(parser: argparse.ArgumentParser) -> None:
    """Give a command `--language fr|en`."""
    parser.add_argument("--language", choices=("fr", "en"), default="en", help="language of names (default: en)")


def print_json(value: object) -> None:
    """Print one JSON document."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def print_table(header: Sequence[str], rows: Sequence[Sequence[Value]], *, file: TextIO | None = None) -> None:
    """Print aligned columns: numbers to the right, words to the left, a dash where there is nothing.

    They go to standard output unless `file` says otherwise.
    """
    said = [[_said(value) for value in row] for row in rows]
    widths = [max(_width(cell) for cell in column) for column in zip(header, *said, strict=True)]
    right = [all(not isinstance(row[k], str) for row in rows) for k in range(len(header))]
    for line in [list(header), ["─" * width for width in widths], *said]:
        print("  ".join(_padded(*one) for one in zip(line, widths, right, strict=True)).rstrip(), file=file)


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Give a function (step, done, total) that draws a bar with the time left, when someone is there to see it."""
    bar: tqdm[NoReturn] = tqdm(total=1, unit="", unit_scale=True, file=sys.stderr, disable=None, leave=False)

    def report(step: str, done: int, total: int) -> None:
        bar.total = max(total, 1)
        bar.set_description(step, refresh=False)
        bar.update(done - bar.n)
        bar.refresh()

    try:
        yield report
    finally:
        bar.close()


def _said(value: Value) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 100 else f"{value:.1f}"  # noqa: PLR2004 -- four digits suffice on a terminal
    return str(value)


def _width(text: str) -> int:
    return sum(0 if unicodedata.combining(one) else 1 for one in text)


def _padded(text: str, width: int, is_number: bool) -> str:  # noqa: FBT001 -- one column's nature
    blank = " " * (width - _width(text))
    return blank + text if is_number else text + blank


def rows_said(count: int) -> str:
    """Say how many rows there are.

    >>> rows_said(1), rows_said(560)
    ('1 row', '560 rows')
    """
    return f"{count} row{'s' * (count != 1)}"
