"""The one place where pages get the frozen fabric; it is read again when another one was built."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from beffroi.observatory import fabric_frozen
from beffroi.observatory.home import home_folder

if TYPE_CHECKING:
    from pathlib import Path

    from beffroi.observatory.fabric_frozen import Frozen


def current() -> Frozen | None:
    """The fabric of this house; None when none was built.

    Raises:
        StoreError: it is damaged.
    """
    folder = home_folder() / "fabric"
    pointer = folder / "current"
    return _read(folder, pointer.read_text(encoding="utf-8")) if pointer.exists() else None


@lru_cache(maxsize=2)
def _read(folder: Path, name: str) -> Frozen | None:  # noqa: ARG001 -- the name tells one state from the next
    return fabric_frozen.read(folder)
