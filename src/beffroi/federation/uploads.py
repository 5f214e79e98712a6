"""Lists that were uploaded and are not imported yet: one folder each, read by its owner alone, gone after two days.

The registry itself holds nothing of them. Whoever works on one holds its lock, and a process that is started holds a
life line from its first moment; both die with the process. An upload that says it is being worked on while nobody holds
either was interrupted.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from beffroi.federation.errors import UnknownEntryError
from beffroi.vocabulary.errors import BusyError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import IO

KEPT = timedelta(hours=48)
PATIENCE = timedelta(seconds=10)  # between what is asked and the process that does it
FOLDER = "uploads"
_ID = re.compile(r"^[0-9a-f]{16}$")
REHEARSE, IMPORT = "rehearse", "import"


@dataclass(frozen=True, slots=True)
class Upload:
    """What is known and was stated of one file. `stage` is what was asked for last, `asked_at` when (ISO, UTC)."""

    id: str
    file_name: str
    size: int
    at: str
    by: str
    source: str
    as_of: str
    kind: str = "list"
    trust_rank: int = 100
    mapping: Mapping[str, str] = field(default_factory=dict)
    persons: str = "ask"
    purpose: str = ""
    faulty: str = "refuse"
    stage: str = ""
    asked_at: str = ""


class Shelf:
    """The uploads of one house, under its home folder."""

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER

    def keep(self, pieces: Iterable[bytes], one: Upload) -> Upload:
        """Keep a file and what is known of it, under a name nobody can guess."""
        kept = replace(one, id=secrets.token_hex(8))
        place = self.folder / kept.id
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place.mkdir(mode=0o700)
        size = 0
        with (place / "content").open("xb") as page:
            for piece in pieces:
                page.write(piece)
                size += len(piece)
        kept = replace(kept, size=size)
        self.save(kept)
        return kept

    def save(self, one: Upload) -> None:
        """Write down what is stated of an upload."""
        self.write(one.id, "upload", asdict(one))

    def load(self, upload_id: str) -> Upload:
        """Return an upload.

        Raises:
            UnknownEntryError: there is none, or it was too old and is gone.
        """
        found = self.read(upload_id, "upload") if _ID.match(upload_id) else None
        if found is None:
            raise UnknownEntryError(
                Text(
                    f"Il n’y a pas d’envoi {upload_id}. Les envois sont gardés {KEPT // timedelta(hours=1)} "
                    "heures : envoyez la liste de nouveau.",
                    f"There is no upload {upload_id}. Uploads are kept for {KEPT // timedelta(hours=1)} "
                    "hours: upload the "
                    "list again.",
                )
            )
        return Upload(**found)  # type: ignore[arg-type]  # -- written by `save`

    def content(self, upload_id: str) -> bytes:
        """Return the bytes of an upload; none once they were imported.

        Raises:
            UnknownEntryError: they are gone.
        """
        try:
            return (self.folder / self.load(upload_id).id / "content").read_bytes()
        except FileNotFoundError as error:
            raise UnknownEntryError(
                Text(
                    f"Le fichier de l’envoi {upload_id} n’est plus ici. Envoyez-le de nouveau.",
                    f"The file of upload {upload_id} is no longer here. Upload it again.",
                )
            ) from error

    def change_content(self, one: Upload, content: bytes) -> Upload:
        """Put other bytes in the place of a file; what was worked out from the old ones is forgotten."""
        _swap(self.folder / one.id / "content", content)
        self.forget(one.id, "result", "progress", "links")
        kept = replace(one, size=len(content), stage="", asked_at="")
        self.save(kept)
        return kept

    def all(self) -> list[Upload]:
        """Return every upload, the latest first."""
        names = [path.name for path in self.folder.iterdir()] if self.folder.is_dir() else []
        found = [Upload(**one) for name in names if (one := self.read(name, "upload"))]  # type: ignore[arg-type]  # -- written by `save`
        return sorted(found, key=lambda one: one.at, reverse=True)

    def sweep(self, now: datetime) -> None:
        """Throw away what is too old and nobody works on."""
        for path in list(self.folder.iterdir()) if self.folder.is_dir() else ():
            old = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC) < now - KEPT
            if old and not self.is_held(path.name):
                shutil.rmtree(path, ignore_errors=True)

    def discard(self, upload_id: str) -> None:
        """Throw an upload away.

        Raises:
            BusyError: somebody works on it.
        """
        with self.hold(self.load(upload_id).id):
            shutil.rmtree(self.folder / upload_id)

    def drop_content(self, upload_id: str) -> None:
        """Throw the bytes away and keep the report: the registry holds them now, or was told to leave rows out."""
        for name in ("content", "links.json"):
            (self.folder / upload_id / name).unlink(missing_ok=True)

    def read(self, upload_id: str, name: str) -> dict[str, object] | None:
        """Return what was written under a name, None when nothing was."""
        try:
            found = json.loads((self.folder / upload_id / f"{name}.json").read_text("utf-8"))
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def write(self, upload_id: str, name: str, page: Mapping[str, object]) -> None:
        """Write a page of JSON beside the file, whole or not at all."""
        text = json.dumps(page, ensure_ascii=True)  # a broken surrogate of a header stays what it is
        _swap(self.folder / upload_id / f"{name}.json", text.encode())

    def forget(self, upload_id: str, *names: str) -> None:
        """Throw pages away."""
        for name in names:
            (self.folder / upload_id / f"{name}.json").unlink(missing_ok=True)

    def life_line(self, upload_id: str) -> IO[str]:
        """Return an open file whose lock lives as long as whoever holds it open: for a process that is started.

        Each process has one of its own, so that the next may start while the last one is still leaving.
        """
        handle = (self.folder / upload_id / f"alive-{secrets.token_hex(4)}").open("x")
        _lock(handle)
        return handle

    @contextmanager
    def hold(self, upload_id: str) -> Iterator[None]:
        """Work on an upload alone.

        Raises:
            BusyError: somebody does already.
        """
        with (self.folder / upload_id / "lock").open("a") as handle:
            _lock(handle)
            yield

    def is_held(self, upload_id: str) -> bool:
        """Whether somebody works on an upload at this moment, or a process that will is starting."""
        try:
            with self.hold(upload_id):
                return any(_is_locked(path) for path in (self.folder / upload_id).glob("alive-*"))
        except BusyError:
            return True
        except OSError:  # no such folder any more
            return False

    def state(self, one: Upload, now: datetime) -> str:
        """Return `asked` nothing yet, `running`, `interrupted`, or `done` when a result is there."""
        if self.read(one.id, "result") is not None:
            return "done"
        if not one.stage:
            return "asked"
        if self.is_held(one.id) or datetime.fromisoformat(one.asked_at) > now - PATIENCE:
            return "running"
        # It may have ended between the two looks.
        return "done" if self.read(one.id, "result") is not None else "interrupted"


def _lock(handle: IO[str]) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise BusyError(
            Text(
                "Cet envoi est en cours de traitement. Rien n’a été modifié. Attendez qu’il finisse.",
                "This upload is being worked on. Nothing was changed. Wait until it ends.",
            )
        ) from error


def _is_locked(path: Path) -> bool:
    try:
        with path.open("a") as handle:
            _lock(handle)
            path.unlink()  # whoever held it is gone
    except BusyError:
        return True
    return False


def _swap(path: Path, content: bytes) -> None:
    fresh = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    fresh.write_bytes(content)
    os.replace(fresh, path)  # noqa: PTH105 -- the atomic one, by its own name
