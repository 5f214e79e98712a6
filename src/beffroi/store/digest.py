"""Fingerprints of tables by their content, and of files by their bytes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from beffroi.store.swap import told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from beffroi.store.tables import Value

DIGITS = 10  # significant digits that count: what two machines may round differently lies below


def digest_table(columns: Mapping[str, Sequence[Value]]) -> str:
    """Return the sha256 of a table's names and values, rows in their order.

    Floats count to 10 significant digits, so that the last bits of another processor change nothing.

    >>> digest_table({"x": [1.0, None]}) == digest_table({"x": [1.0 + 1e-15, None]})
    True
    """
    total = hashlib.sha256()
    for name, values in columns.items():
        total.update(f"\x1d{name}\x1e".encode())
        total.update("\x1f".join(_said(value) for value in values).encode())
    return total.hexdigest()


def digest_all(digests: Mapping[str, str]) -> str:
    """Return one fingerprint of named fingerprints, whatever their order."""
    return hashlib.sha256("\n".join(f"{name} {digests[name]}" for name in sorted(digests)).encode()).hexdigest()


def digest_file(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    with told(path), path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def digest_text(text: str) -> str:
    """Return the sha256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def _said(value: Value) -> str:
    if value is None:
        return "\x00"
    if isinstance(value, float):
        return f"{value:.{DIGITS}g}"
    return str(value)
