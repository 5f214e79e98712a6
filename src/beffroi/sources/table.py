"""The common shape of Eurostat's formats: a table of coded rows, each with one or several cells by period."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.vocabulary.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

REGION = "geo"
FREQUENCY = "freq"

_TAG = re.compile(r"<[^>]*>")
_QUEUED = ("<queued", "syncresponse", "submitted", "processing")


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure as it stands in the file, unread: `column` says where, for messages."""

    column: str
    period: str
    value: str
    status: str
    confidentiality: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file: the code of every dimension, in the table's order, and its cells.

    The cells are to be gone through once: those of a line that nobody wants are never parted.
    """

    line: int
    codes: tuple[str, ...]
    cells: Iterable[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """Dimensions in the order of the file, lower case, and rows that are read as they are asked for."""

    dimensions: tuple[str, ...]
    rows: Iterator[Row]
    warnings: tuple[str, ...] = ()


class QueuedError(SourceError):
    """Eurostat has put the request in a queue and answered with a receipt instead of figures."""


def fault(dataset: str, *, line: int, given: str, expected: str) -> SourceError:
    """Word a fault of a file: where it is, what stands there, what should, and what to do.

    >>> print(fault("isoc_r", line=3, given="4 fields", expected="12 fields"))
    Dataset isoc_r, line 3: found 4 fields, expected 12 fields. Nothing of this series was changed. \
Look at the dataset on the publisher's site: if its format is new, the reader in beffroi.sources must follow.
    """
    return SourceError(
        f"Dataset {dataset}, line {line}: found {given}, expected {expected}. "
        "Nothing of this series was changed. Look at the dataset on the publisher's site: if its "
        "format is new, the reader in beffroi.sources must follow."
    )


def check_dimensions(dimensions: tuple[str, ...], *, dataset: str) -> None:
    """Refuse a table without regions, or with one dimension twice."""
    if REGION not in dimensions:
        raise fault(dataset, line=1, given=f"the columns {', '.join(dimensions)}", expected=f"a column {REGION}")
    if len(set(dimensions)) != len(dimensions):
        raise fault(dataset, line=1, given=f"the columns {', '.join(dimensions)}", expected="each column once")


def refuse_message(first_line: str, *, dataset: str) -> None:
    """Refuse a first line that begins a message (XML, HTML, JSON) where a table should begin.

    Raises:
        QueuedError: the message is the receipt of a queued request.
        SourceError: it is any other message, or nothing.
    """
    text = first_line.strip()
    if not text:
        raise SourceError(
            f"Dataset {dataset}: the file is empty, a table was expected. Refresh the source; "
            "if it stays empty, the publisher may have withdrawn the dataset."
        )
    if text[0] not in "<{[":
        return
    words = " ".join(_TAG.sub(" ", text).split())[:200] or text[:200]
    if any(word in text.lower() for word in _QUEUED):
        raise QueuedError(f"dataset {dataset} is queued by the publisher and not ready (“{words}”)")
    raise SourceError(
        f"Dataset {dataset}: the publisher sent a message where a table was expected: “{words}”. "
        "Check dataset and filters on its site."
    )
