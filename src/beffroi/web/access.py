"""The one place where pages get an edition. Tests point it elsewhere with `use`."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from pathlib import Path

    from beffroi.observatory.reading import Edition


class EditionSource(Protocol):
    """Where editions come from."""

    def editions(self) -> tuple[str, ...]:
        """Ids of the editions held, newest first."""

    def open(self, edition_id: str | None) -> Edition:
        """Return an edition (None: the current one); raise UnknownEditionError when it is not held."""


class _Reader(Protocol):
    def editions(self, home: Path) -> tuple[str, ...]: ...

    def open_edition(self, home: Path, edition_id: str | None = None) -> Edition: ...


class _HomeModule(Protocol):
    def home_folder(self) -> Path: ...


class HomeSource:
    """Editions of this house's home folder."""

    def editions(self) -> tuple[str, ...]:
        """Ids of the editions held, newest first."""
        return _reader().editions(_home())

    def open(self, edition_id: str | None) -> Edition:
        """Return an edition of the home folder."""
        return _reader().open_edition(_home(), edition_id)


def _reader() -> _Reader:
    # Late: the reader opens files through the store, and pages must import without it.
    return cast("_Reader", importlib.import_module("beffroi.observatory.read"))


def _home() -> Path:
    return cast("_HomeModule", importlib.import_module("beffroi.observatory.home")).home_folder()


_source: list[EditionSource] = [HomeSource()]


def use(source: EditionSource) -> None:
    """Take editions from `source` from now on."""
    _source[0] = source


def editions() -> tuple[str, ...]:
    """Ids of the editions held, newest first."""
    return _source[0].editions()


def open_edition(edition_id: str | None = None) -> Edition:
    """Return an edition (None: the current one)."""
    return _source[0].open(edition_id)
