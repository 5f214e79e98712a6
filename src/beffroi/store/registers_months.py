"""Monthly snapshots of a register, side by side, each whole or absent.

    register/index.json            which folder holds which month
    register/2026-11-3fa9…/        the coded tables of one month, with `manifest.json`
    register/.loading-2026-11-…/   a load under way, or what a killed one left: the next load goes on there

A month is loaded when the index names it; the index changes in one step.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from beffroi.store.registers_encode import (
    Input,
    Machine,
    count_rows,
    encode,
    gather_faults,
    stage_text,
    write_dictionaries,
)
from beffroi.store.registers_sql import CODINGS
from beffroi.store.swap import locked, told, write_text
from beffroi.vocabulary.errors import StoreError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_PARTS = 1000  # a step's share of the progress shown
LOADING = ".loading-"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a loaded month holds and came from.

    `files` maps each file given to its sha256; `rows` counts the rows of each table; `faults` counts rows by
    `table: reason`; `synthetic` marks a register that was invented for a measurement.
    """

    month: str
    loaded_on: str
    files: dict[str, str]
    rows: dict[str, int] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)
    synthetic: bool = False


def months(register: Path) -> tuple[str, ...]:
    """Months loaded, oldest first; none when there is no register yet.

    Raises:
        StoreError: the index is damaged.
    """
    return tuple(sorted(_index(register)))


def folder_of(register: Path, month: str | None = None) -> Path:
    """Return the folder of a month, by default of the newest.

    Raises:
        StoreError: nothing is loaded, or not that month.
    """
    held = _index(register)
    if not held:
        raise StoreError(f"No register is loaded in {register}. Run './beffroi fabric load FILES --month YYYY-MM'.")
    chosen = month or max(held)
    if chosen not in held:
        raise StoreError(f"Month {chosen} is not loaded. Months loaded: {', '.join(sorted(held))}.")
    return register / held[chosen]


def read_manifest(folder: Path) -> Manifest:
    """Read what a loaded month says of itself.

    Raises:
        StoreError: the manifest is missing or damaged.
    """
    try:
        return Manifest(**json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(f"{folder / 'manifest.json'} cannot be read ({error}). Load the month again.") from error


def check_month(register: Path, month: str, *, digest: str, older: bool, again: bool) -> bool:
    """Whether the month has to be loaded; False when these very files are loaded already.

    Args:
        register: folder of the register.
        month: the snapshot's month, `2026-11`.
        digest: fingerprint of the files given.
        older: load a month older than the newest one all the same.
        again: put other files in the place of a month that is loaded.

    Raises:
        UsageError: no month, an older one, or a month loaded from other files, unless asked for.
    """
    if not _MONTH.fullmatch(month):
        raise UsageError(f"'{month}' is no month. Write it as 2026-11.")
    held = _index(register)
    if held.get(month) == _name(month, digest) and (register / held[month]).is_dir():
        return False
    if month in held and not again:
        raise UsageError(
            f"Month {month} is loaded already, from other files. Nothing was changed. "
            "To put these in their place, add --again."
        )
    newer = max(held, default=month)
    if month < newer and not older:
        raise UsageError(
            f"The snapshot of {month} is older than that of {newer}, which is loaded. Nothing was changed. To load it "
            "beside the newer one, add --older; figures go on coming from the newest month unless one is named."
        )
    return True


def load_month(
    register: Path,
    month: str,
    inputs: tuple[Input, ...],
    *,
    digest: str,
    manifest: Manifest,
    machine: Machine | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Manifest:
    """Code the files of one month and make it readable in one step; a load that was killed goes on.

    Args:
        register: folder of the register.
        month: the snapshot's month.
        inputs: the files, at most one of each kind, establishments among them.
        digest: fingerprint of the files: a killed load goes on only with the same.
        manifest: what is known of the load before it; rows and faults are added.
        machine: threads and memory that may be taken.
        progress: called with the step, and thousandths done and in all.

    Returns:
        The manifest as kept.

    Raises:
        BusyError: another load is under way.
        SourceError: a file cannot be read.
        StoreError: the disk is full; what was loaded before is untouched.
    """
    machine = machine or Machine()
    told_progress = progress or (lambda _step, _done, _total: None)
    with locked(register, doing=f"load the register of {month}"):
        part = register / f"{LOADING}{_name(month, digest)}"
        clear_loading(register, but=part)
        final = register / _name(month, digest)
        if not final.is_dir():
            with told(part):
                part.mkdir(exist_ok=True)
            if not (part / "manifest.json").exists():
                _code(part, inputs, machine=machine, progress=told_progress)
                _finish(part, manifest)
            _clear_parts(part)
            with told(final):
                part.rename(final)
        replaced = _index(register).get(month)
        write_text(register / "index.json", json.dumps(_index(register) | {month: final.name}, indent=1))
        if replaced and replaced != final.name:
            shutil.rmtree(register / replaced, ignore_errors=True)
    return read_manifest(final)


def clear_loading(register: Path, *, but: Path | None = None) -> None:
    """Remove what loads of other files left behind."""
    for one in register.glob(f"{LOADING}*"):
        if one != but:
            shutil.rmtree(one, ignore_errors=True)


def _code(
    part: Path, inputs: tuple[Input, ...], *, machine: Machine, progress: Callable[[str, int, int], None]
) -> None:
    texts = sum(one.is_text for one in inputs)
    total = _PARTS * (texts + 1 + sum(len(CODINGS[one.kind]) for one in inputs))
    steps = iter(range(0, total, _PARTS))

    def step(words: str) -> Callable[[float], None]:
        start = next(steps)
        progress(words, start, total)
        return lambda fraction: progress(words, start + int(fraction * _PARTS), total)

    staged = tuple(
        stage_text(one, part, machine=machine, fraction=step(f"reading {one.path.name}")) if one.is_text else one
        for one in inputs
    )
    step("codes")
    write_dictionaries(staged, part, machine=machine)
    for one in staged:
        for coding in CODINGS[one.kind]:
            encode(one, coding, part, machine=machine, fraction=step(coding.table.replace("_", " ")))


def _finish(part: Path, manifest: Manifest) -> None:
    tables = sorted({coding.table for codings in CODINGS.values() for coding in codings})
    rows = {one: count_rows(part / f"{one}.parquet") for one in tables if (part / f"{one}.parquet").exists()}
    known = asdict(manifest) | {"rows": rows, "faults": gather_faults(part)}
    write_text(part / "manifest.json", json.dumps(known, indent=1, ensure_ascii=False))


def _clear_parts(part: Path) -> None:
    for pattern in ("raw_*.parquet", "faults_*.parquet"):
        for one in part.glob(pattern):
            one.unlink()


def _name(month: str, digest: str) -> str:
    return f"{month}-{digest[:12]}"


def _index(register: Path) -> dict[str, str]:
    path = register / "index.json"
    try:
        return {str(month): str(name) for month, name in json.loads(path.read_text(encoding="utf-8")).items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        raise StoreError(
            f"{path} cannot be read ({error}). Restore it from a copy, or write it again: one line for each month, "
            '{"2026-11": "2026-11-…"}, after the folders beside it.'
        ) from error
