"""Where this house keeps its data: everything lies under BEFFROI_HOME."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


def home_folder() -> Path:
    """Return BEFFROI_HOME, or `beffroi` under XDG_DATA_HOME, or `~/.local/share/beffroi`."""
    given = os.environ.get("BEFFROI_HOME")
    if given:
        return Path(given).expanduser()
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "beffroi"


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of one house.

    >>> Home(Path("/srv/beffroi")).edition("2026-1").as_posix()
    '/srv/beffroi/editions/2026-1'
    """

    path: Path

    @property
    def editions(self) -> Path:
        """Frozen editions, one folder each."""
        return self.path / "editions"

    @property
    def current(self) -> Path:
        """A text file naming the edition shown by default."""
        return self.editions / "current"

    @property
    def core(self) -> Path:
        """The DuckDB file of observations from which editions are built."""
        return self.path / "core.duckdb"

    @property
    def snapshots(self) -> Path:
        """Bytes received from publishers, named by their sha256."""
        return self.path / "snapshots"

    @property
    def definitions(self) -> Path:
        """The user's own catalogue files, laid out like ours."""
        return self.path / "catalogue"

    @property
    def register_indices(self) -> Path:
        """Indices of registers that lists were linked to, named by what they were built from."""
        return self.path / "register_indices"

    def edition(self, edition_id: str) -> Path:
        """The folder of one edition."""
        return self.editions / edition_id

    def errata(self, edition_id: str) -> Path:
        """The corrections published beside an edition."""
        return self.path / "errata" / f"{edition_id}.json"

    def signatures(self, edition_id: str) -> Path:
        """What editors and validators signed of an edition, one line each."""
        return self.path / "signatures" / f"{edition_id}.jsonl"
