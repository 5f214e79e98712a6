"""The one place where pages get the frozen fabric; it is read again when another one was built."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from beffroi.observatory import fabric_frozen
from beffroi.observatory.home import home_folder

if TYPE_CHECKING:
    from pathlib import Path

    from beffroi.observatory.fabric_frozen import Frozen


def frozen(month: str | None = None) -> Frozen | None:
    """The fabric of a month of this house, by default the newest; None when none was built.

    Raises:
        StoreError: it is damaged.
        UnknownDefinitionError: that month was not built.
    """
    folder = home_folder() / "fabric"
    index = folder / "index.json"
    return _read(folder, month or None, index.read_text(encoding="utf-8")) if index.exists() else None


def months() -> list[str]:
    """Months that pages can show, newest first."""
    return sorted(fabric_frozen.months_frozen(home_folder() / "fabric"), reverse=True)


@lru_cache(maxsize=4)
def _read(folder: Path, month: str | None, state: str) -> Frozen | None:  # noqa: ARG001 -- the state tells one build from the next
    return fabric_frozen.read(folder, month)
