"""The register of `beffroi link`: held in memory while it is small, else indexed once and used again.

The index lies in the home folder, named by the fingerprint of the file, its columns and the version of the index: the
same register is indexed once, a changed one anew. `sirene` names the national register as the house has loaded it.
"""

from __future__ import annotations

import codecs
import csv
import json
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tqdm import tqdm

from beffroi.cli.fabric_out import register_folder
from beffroi.cli.given_file import read_given
from beffroi.cli.show import rows_said
from beffroi.linkage.columns import find_columns, records_of
from beffroi.linkage.index_words import standards
from beffroi.linkage.link import link_register
from beffroi.linkage.record import Record, Tidy, tidy
from beffroi.linkage.seek import link_index
from beffroi.linkage.sheet import Sheet, csv_layout, read_sheet
from beffroi.observatory.home import Home, home_folder
from beffroi.store.digest import digest_file, digest_text
from beffroi.store.register_build import STAGES, VERSION, build
from beffroi.store.register_index import RegisterIndex
from beffroi.store.register_source import csv_source, parquet_sample, parquet_source
from beffroi.store.registers_months import folder_of, read_manifest
from beffroi.store.registers_units import UNIT_FIELDS, has_names, units_source
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from beffroi.linkage.columns import ColumnMap
    from beffroi.linkage.judge import Judgement

LOADED = "sirene"
IN_MEMORY = 60_000
_SMALL_BYTES = 40_000_000
_SAMPLE_BYTES = 2_000_000
_PIECE = 8_000_000
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def to_register(rows: Sequence[Tidy], path: Path, *, name: str, stated: Mapping[str, str]) -> list[Judgement]:
    """Look every row up in a register.

    Args:
        rows: of the lists.
        path: the register: CSV or Parquet of any size, or a workbook or JSON as lists may be.
        name: what to call it.
        stated: headers by field, which go before what is found.
    """
    if month := loaded_month(path):
        return _through_index(rows, _index_of_month(month), name)
    if path.suffix.lower() != ".parquet" and (_is_small(path) or not _is_csv(path)):
        sheet = read_sheet(read_given(path), name=name)
        columns = find_columns(sheet, name=name, stated=stated)
        say_columns(name, sheet, columns)
        if len(sheet.rows) <= IN_MEMORY:
            return _in_memory(rows, records_of(sheet, columns, source=name))
        if not _is_csv(path):
            return _through_index(rows, _index_of_sheet(path, sheet, columns), name)
    return _through_index(rows, _index_of_file(path, name, stated), name)


def index_of(path: Path, *, name: str, into: Path | None = None) -> RegisterIndex:
    """Index a register of any size and form: into a new folder, or where the house keeps indices."""
    if month := loaded_month(path):
        return _index_of_month(month, into)
    if path.suffix.lower() == ".parquet" or _is_csv(path):
        return _index_of_file(path, name, {}, into)
    sheet = read_sheet(read_given(path), name=name)
    columns = find_columns(sheet, name=name)
    say_columns(name, sheet, columns)
    return _index_of_sheet(path, sheet, columns, into)


def loaded_month(path: Path) -> str:
    """Return the month that `sirene` (the newest) or `sirene/2026-11` names; nothing for the path of a file.

    Raises:
        StoreError: that month is not loaded, or none.
        UsageError: it was loaded without the file of legal units, so that no unit has a name.
    """
    first, *rest = path.parts or ("",)
    if first != LOADED or len(rest) > 1 or path.exists():
        return ""
    folder = folder_of(register_folder(), rest[0] if rest else None)
    month = read_manifest(folder).month
    if not has_names(folder):
        raise UsageError(f"The register of {month} was loaded without names. Load StockUniteLegale with it: "
                         f"./beffroi fabric load FILES --month {month} --again.")  # fmt: skip
    return month


def say_columns(name: str, sheet: Sheet, columns: ColumnMap, *, count: str = "") -> None:
    """Say which column was taken for what; `count` where the sheet holds only the first rows."""
    count = count or rows_said(len(sheet.rows))
    said = ", ".join(f"{field} ← '{sheet.header[place]}'" for field, place in columns.columns.items())
    notes = f" ({', '.join(sheet.notes)})" if sheet.notes else ""
    tqdm.write(f"{name}: {count}; {said}{notes}", file=sys.stderr)


def _in_memory(rows: Sequence[Tidy], register: Sequence[Record]) -> list[Judgement]:
    units = [_unit(one) for one in tqdm(register, desc="reading the register", unit=" units", leave=False)]
    with tqdm(total=len(rows), desc="register", unit=" rows", leave=False) as bar:
        return link_register(rows, units, step=bar.update)


def _unit(record: Record) -> Tidy:
    """Name a unit by its key, else by its SIRET or SIREN."""
    one = tidy(record)
    return replace(one, record=replace(record, key=record.key or one.siret or one.siren))


def _through_index(rows: Sequence[Tidy], index: RegisterIndex, name: str) -> list[Judgement]:
    with tqdm(total=len(rows), desc=f"{index.size:,} units", unit=" rows", leave=False) as bar:
        return link_index(rows, index, source=name, step=bar.update)


def _index_of_month(month: str, into: Path | None = None) -> RegisterIndex:
    """Open the index of the national register as loaded, built first if it is not there."""
    folder = folder_of(register_folder(), month)
    manifest = read_manifest(folder)
    invented = ", invented" if manifest.synthetic else ""
    tqdm.write(f"{LOADED}: legal persons of {month}{invented}", file=sys.stderr)
    return _index([LOADED, month, manifest.files], UNIT_FIELDS, lambda _work: units_source(folder),
                  given=folder / "names.parquet", into=into)  # fmt: skip


def _index_of_file(path: Path, name: str, stated: Mapping[str, str], into: Path | None = None) -> RegisterIndex:
    """Open the index of a CSV or Parquet file, built first if it is not there."""
    if path.suffix.lower() == ".parquet":
        header, some = parquet_sample(path)
        sheet = Sheet(header, some, ("Parquet",))
        columns = find_columns(sheet, name=name, stated=stated)
        say_columns(name, sheet, columns, count="units")
        named = {field: header[place] for field, place in columns.columns.items()}
        return _index_of_columns(path, columns, lambda _folder: parquet_source(path, named), into)
    sample = _first_lines(path)
    sheet, layout = read_sheet(sample, name=name, is_whole=False), csv_layout(sample, name=name)
    columns = find_columns(sheet, name=name, stated=stated)
    say_columns(name, sheet, columns, count="units")

    def source(folder: Path) -> str:
        text = path if _is_utf8(path) else _transcoded(path, layout.encoding, folder)
        return csv_source(
            text, columns.columns, width=len(sheet.header), separator=layout.separator, skipped=layout.header_lines
        )

    return _index_of_columns(path, columns, source, into)


def _index_of_sheet(path: Path, sheet: Sheet, columns: ColumnMap, into: Path | None = None) -> RegisterIndex:
    """Open the index of a workbook's rows, which are written down as CSV to build it."""

    def source(folder: Path) -> str:
        text = folder / "rows.csv"
        with text.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([sheet.header, *sheet.rows])
        return csv_source(text, columns.columns, width=len(sheet.header), separator=",", skipped=1)

    return _index_of_columns(path, columns, source, into)


def _index_of_columns(
    path: Path, columns: ColumnMap, source: Callable[[Path], str], into: Path | None = None
) -> RegisterIndex:
    said = [digest_file(path), dict(columns.columns)]
    return _index(said, list(columns.columns), source, given=path, into=into)


def _index(
    said: Sequence[object], fields: Sequence[str], source: Callable[[Path], str], *, given: Path, into: Path | None
) -> RegisterIndex:
    """Open an index that is named by what is said of it, built first if it is not there."""
    named = digest_text(json.dumps([VERSION, *said]))[:20]
    folder = into or Home(home_folder()).register_indices / named
    if not folder.exists():
        with TemporaryDirectory(prefix="beffroi-") as work, _stages() as step:
            build(folder, source(Path(work)), fields, given=given, standards=standards(), step=step)
    return RegisterIndex(folder)


@contextmanager
def _stages() -> Iterator[Callable[[str], None]]:
    with tqdm(total=STAGES, desc="indexing the register", unit=" steps", leave=False) as bar:

        def step(stage: str) -> None:
            bar.set_postfix_str(stage)
            bar.update()

        yield step


def _is_small(path: Path) -> bool:
    return not path.is_file() or path.stat().st_size <= _SMALL_BYTES


def _is_csv(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(64)
    return not start.startswith(_WORKBOOKS) and start.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] not in (b"[", b"{")


def _first_lines(path: Path) -> bytes:
    """Return the beginning of a file, up to the end of a line."""
    with path.open("rb") as file:
        start = file.read(_SAMPLE_BYTES)
    if len(start) < _SAMPLE_BYTES:
        return start
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = start.decode("utf-16", errors="ignore")
        return text[: text.rfind("\n") + 1].encode("utf-16")
    return start[: start.rfind(b"\n") + 1] or start


def _transcoded(path: Path, encoding: str, folder: Path) -> Path:
    """Write a file in UTF-8; what only its beginning said to be UTF-8 is read as its older neighbour."""
    text = folder / "register.csv"
    older = "cp1252" if encoding.startswith("utf-8") else encoding
    with (
        path.open(encoding=older, errors="replace", newline="") as given,
        text.open("w", encoding="utf-8", newline="") as file,
    ):
        while piece := given.read(_PIECE):
            file.write(piece)
    return text


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
