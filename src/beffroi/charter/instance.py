"""The whole house in one file, and back: every table of the database, and the files that cannot be made again.

The file is a zip with `manifest.json`, one JSON Lines file for each table, and the files of the home folder. It holds
what people entered, accounts and password hashes included: it is written for its owner's eyes alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from django.apps import apps
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from beffroi.records.models import LogHead
from beffroi.vocabulary.errors import StoreError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import Manager, Model

FORMAT = 1
BATCH = 1_000
MANIFEST = "manifest.json"
# Written by migrations or by visits: made again, or of no use elsewhere.
LEFT_TABLES = {"contenttypes.contenttype", "auth.permission", "sessions.session"}
# Made again from publishers' files, or belonging to one machine.
LEFT_FILES = {"registers", "secret-key", "registry.sqlite3", "cache"}


class _Exact(DjangoJSONEncoder):
    """Moments to the microsecond: fingerprints rest on them, and Django's own encoder cuts them."""

    def default(self, o: object) -> object:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


@dataclass(frozen=True, slots=True)
class Carried:
    """What a file holds: rows for each table, and how many files."""

    rows: dict[str, int]
    files: int


def export_instance(target: Path, home: Path, *, told: Callable[[str], None] = lambda _line: None) -> Carried:
    """Write the whole house into one file; an interrupted export leaves nothing under its name.

    Args:
        target: the zip to write; it must not exist.
        home: the home folder.
        told: is told which table is being written.

    Raises:
        UsageError: the target exists.
        StoreError: it cannot be written.
    """
    if target.exists():
        raise UsageError(f"{target} is there already. Name another file, or put that one away first.")
    partial = target.with_name(f".unfinished-{target.name}")
    try:
        with _owner_only(partial) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            carried = _write(archive, home, told)
        partial.replace(target)
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror}. Nothing is left of it.") from error
    finally:
        partial.unlink(missing_ok=True)
    return carried


def import_instance(source: Path, home: Path, *, told: Callable[[str], None] = lambda _line: None) -> Carried:
    """Fill an empty house from such a file: all of it, or nothing.

    Args:
        source: a file written by `export_instance`.
        home: the home folder, in which no file of the same name may lie.
        told: is told which table is being read.

    Raises:
        UsageError: no such file, another format, or a house that is not empty.
        StoreError: the file is damaged, or was written by a newer version.
    """
    if not source.is_file():
        raise UsageError(f"There is no file {source}.")
    try:
        with zipfile.ZipFile(source) as archive:
            return _read(archive, home, told)
    except zipfile.BadZipFile as error:
        raise StoreError(f"{source} is damaged: {error}. Nothing was taken in. Copy it again.") from error


def tables() -> list[type[Model]]:
    """Return every table that is carried, by name."""
    found = [one for one in apps.get_models(include_auto_created=True) if label(one) not in LEFT_TABLES]
    return sorted(found, key=label)


def label(table: type[Model]) -> str:
    """Return the name of a table, such as `records.event`."""
    return table._meta.label_lower  # noqa: SLF001 -- Django's public-by-convention name


def _rows(table: type[Model]) -> Manager[Model]:
    return table._default_manager  # noqa: SLF001 -- as above


def _write(archive: zipfile.ZipFile, home: Path, told: Callable[[str], None]) -> Carried:
    rows, prints = {}, {}
    with transaction.atomic():  # one moment for all tables
        for table in tables():
            name = label(table)
            told(name)
            with archive.open(f"tables/{name}.jsonl", "w", force_zip64=True) as file:
                rows[name], prints[name] = _write_table(table, file)
    files = list(_files(home))
    for one in files:
        archive.write(one, f"home/{one.relative_to(home).as_posix()}")
    manifest = {"format": FORMAT, "rows": rows, "sha256": prints, "migrations": _migrations()}
    archive.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
    return Carried(rows, len(files))


def _write_table(table: type[Model], file: IO[bytes]) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    for row in _rows(table).order_by("pk").iterator(chunk_size=BATCH):
        line = serializers.serialize("jsonl", [row], cls=_Exact).strip().encode() + b"\n"
        file.write(line)
        digest.update(line)
        count += 1
    return count, digest.hexdigest()


def _read(archive: zipfile.ZipFile, home: Path, told: Callable[[str], None]) -> Carried:
    manifest = _manifest(archive)
    full = next((label(one) for one in tables() if one is not LogHead and _rows(one).exists()), None)
    if full is not None:
        raise UsageError(f"This house is not empty ({full} has rows). Set BEFFROI_HOME to a new folder first.")
    names = [one for one in archive.namelist() if one.startswith("home/") and not one.endswith("/")]
    targets = {name: _target(home, name) for name in names}
    taken = next((one for one in targets.values() if one.exists()), None)
    if taken is not None:
        raise UsageError(f"{taken} is there already. Set BEFFROI_HOME to a new folder, then take it in.")
    with transaction.atomic():
        LogHead.objects.all().delete()
        for table in tables():
            told(label(table))
            _read_table(archive, table, manifest)
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            with connection.cursor() as cursor:
                cursor.execute(statement)
        _unpack(archive, targets)
    return Carried({str(name): int(count) for name, count in manifest["rows"].items()}, len(targets))


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    except (KeyError, ValueError) as error:
        raise UsageError(
            "This is no copy of a house: it has no manifest. Copies are made by 'beffroi house export'."
        ) from error
    unknown = sorted(set(manifest["migrations"]) - set(_migrations()))
    if manifest["format"] != FORMAT or unknown:
        raise StoreError("This copy was made by a newer version. Update Beffroi first; nothing was taken in.")
    return manifest


def _read_table(archive: zipfile.ZipFile, table: type[Model], manifest: dict[str, Any]) -> None:
    name = label(table)
    if name not in manifest["rows"]:
        return  # a table that came later than the copy
    digest = hashlib.sha256()
    with archive.open(f"tables/{name}.jsonl") as file:
        for lines in _batches(file):
            for line in lines:
                digest.update(line)
            made = [one.object for one in serializers.deserialize("jsonl", b"".join(lines).decode())]
            _rows(table).bulk_create(made)
    if digest.hexdigest() != manifest["sha256"][name]:
        raise StoreError(f"The table {name} of this copy was changed or cut. Nothing was taken in.")


def _batches(file: IO[bytes]) -> Iterator[list[bytes]]:
    lines: list[bytes] = []
    for line in file:
        lines.append(line)
        if len(lines) == BATCH:
            yield lines
            lines = []
    if lines:
        yield lines


def _files(home: Path) -> Iterator[Path]:
    for top in sorted(home.iterdir()) if home.is_dir() else ():
        if top.name in LEFT_FILES or top.name.startswith((".", "registry.sqlite3")):
            continue
        for one in [top] if top.is_file() else sorted(top.rglob("*")):
            if one.is_file() and not any(part.startswith(".") for part in one.relative_to(home).parts):
                yield one


def _target(home: Path, name: str) -> Path:
    parts = PurePosixPath(name).parts[1:]
    if not parts or any(part in {"..", ""} or "\\" in part or part.startswith("/") for part in parts):
        raise StoreError(f"This copy names a file outside the house: {name}. Nothing was taken in.")
    return home.joinpath(*parts)


def _unpack(archive: zipfile.ZipFile, targets: dict[str, Path]) -> None:
    """Write the files last, inside the transaction: a full disk undoes the tables, and the files are taken away."""
    done: list[Path] = []
    try:
        for name, target in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            done.append(target)
            with archive.open(name) as file, target.open("xb") as copy:
                while block := file.read(1 << 20):
                    copy.write(block)
    except (OSError, zipfile.BadZipFile) as error:
        for one in done:
            one.unlink(missing_ok=True)
        raise StoreError(f"The files of this copy cannot be written: {error}. Nothing was taken in.") from error


def _migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _owner_only(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
