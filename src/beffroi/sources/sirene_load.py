"""Load a monthly snapshot of SIRENE: check every file first, then code them all, then swap the month in."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

from beffroi.sources.ratios import RATIOS, holds_ratios
from beffroi.sources.sirene import ESTABLISHMENTS, columns_of, recognise
from beffroi.sources.sirene_files import fingerprint, unpacked
from beffroi.store.registers_encode import Input, Machine, read_header
from beffroi.store.registers_months import Manifest, check_month, folder_of, load_month, read_manifest
from beffroi.vocabulary.errors import SourceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

SYNTHETIC = "synthetic"  # a file whose name says so was invented for a measurement


def load_snapshot(  # noqa: PLR0913 -- what may be asked of a load; all but three by name
    files: Sequence[Path],
    register: Path,
    *,
    month: str,
    today: str,
    older: bool = False,
    again: bool = False,
    machine: Machine | None = None,
    checksums: Mapping[str, str] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Manifest:
    """Load stock files of one month into the register.

    Args:
        files: stock files as published (Parquet, CSV, zip), at most one of each kind, establishments among them; also
            the ratios of annual accounts.
        register: folder of the register, made when missing.
        month: the snapshot's month, `2026-11`.
        today: ISO day, noted in the manifest.
        older: load a month older than the newest one loaded.
        again: put these files in the place of others of the same month.
        machine: threads and memory that may be taken.
        checksums: SHA-256 by file name, as the publisher gives them; a file that differs is refused.
        progress: called with the step, and how much is done and in all.

    Returns:
        What was loaded: rows of each table, and rows not kept or marked, by reason.

    Raises:
        UsageError: a file twice, no establishments, an older month, or a month loaded before, unless asked for.
        SourceError: a file is cut, damaged, renamed its columns, or is no stock file.
        StoreError: the disk is full; nothing is half-loaded.
        BusyError: another load is under way.
    """
    told = progress or (lambda _step, _done, _total: None)
    prints = {path.name: fingerprint(path, progress=_step(told, f"checking {path.name}")) for path in files}
    _check_sums(prints, checksums or {})
    digest = hashlib.sha256("".join(sorted(prints.values())).encode()).hexdigest()
    if not check_month(register, month, digest=digest, older=older, again=again):
        return read_manifest(folder_of(register, month))
    rooms = register / "unpacked"
    try:
        inputs = tuple(_input(path, rooms, told) for path in files)
        _check_kinds(inputs)
        synthetic = any(SYNTHETIC in name.lower() for name in prints)
        manifest = Manifest(month=month, loaded_on=today, files=prints, synthetic=synthetic)
        loaded = load_month(
            register, month, inputs, digest=digest, manifest=manifest, machine=machine, progress=progress
        )
    except SourceError:
        shutil.rmtree(rooms, ignore_errors=True)  # what came out of a bad file is not used again
        raise
    shutil.rmtree(rooms, ignore_errors=True)
    return loaded


def _input(path: Path, rooms: Path, told: Callable[[str, int, int], None]) -> Input:
    table = unpacked(path, rooms, progress=_step(told, f"unpacking {path.name}"))
    header = read_header(table)
    stock = RATIOS if holds_ratios(path, header) else recognise(path, header)
    return Input(stock.kind, table, columns_of(path, stock, header))


def _check_kinds(inputs: Sequence[Input]) -> None:
    kinds = [one.kind for one in inputs]
    twice = sorted({kind for kind in kinds if kinds.count(kind) > 1})
    if twice:
        raise UsageError(f"Two files of one kind were given ({', '.join(twice)}). Give one file of each kind.")
    if ESTABLISHMENTS.kind not in kinds:
        raise UsageError(f"No file {ESTABLISHMENTS.title} was given; without establishments there is nothing to count.")


def _check_sums(prints: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    for name, expected in wanted.items():
        if name in prints and prints[name] != expected.lower():
            raise SourceError(
                f"{name} has the SHA-256 {prints[name][:12]}… and the publisher gives {expected[:12]}…. "
                "Fetch it again; nothing was loaded."
            )


def _step(told: Callable[[str, int, int], None], words: str) -> Callable[[int, int], None]:
    return lambda done, total: told(words, done, total)
