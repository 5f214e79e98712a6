"""The one place where pages get an edition. Tests point it elsewhere with `use`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from beffroi.observatory import read
from beffroi.observatory.home import home_folder

if TYPE_CHECKING:
    from beffroi.observatory.reading import Edition


class EditionSource(Protocol):
    """Where editions come from."""

    def editions(self) -> tuple[str, ...]:
        """Ids of the editions held, newest first."""

    def open(self, edition_id: str | None) -> Edition:
        """Return an edition (None: the current one); raise UnknownEditionError when it is not held."""


class HomeSource:
    """Editions of this house's home folder."""

    def editions(self) -> tuple[str, ...]:
        """Ids of the editions held, newest first."""
        return read.editions(home_folder())

    def open(self, edition_id: str | None) -> Edition:
        """Return an edition of the home folder."""
        return read.open_edition(home_folder(), edition_id)


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
