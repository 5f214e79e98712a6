"""A file as it comes, as rows for `import_list`: linkage reads it and finds the columns, the registry adds its own.

What a person has said of a source's columns is kept: the mapping of its last version holds for the next one as long as
the file has these columns, and is found anew where it has not.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.federation.consent import PREFIX
from beffroi.federation.rows import FIELDS, check_mapping, plain
from beffroi.linkage import columns
from beffroi.linkage.sheet import Sheet, UnreadableListError, read_sheet
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SAMPLE = 400
_SHOWN = 3
_LISTED = 10
_LONGEST_SHOWN = 40
_SHARE_OF_A_COLUMN = 0.5
# What linkage reads is called otherwise here.
_FROM_LINKAGE = {"key": "own_id", "trade_name": "brand", "activity": "naf", "active": "state", "year": "founded"}
# Fields found by the words of their headers: those that linkage has no use for, and numbers that are wanted even when
# most of them are wrong, because their faults are to be shown.
_WORDS = {
    "siren": ("no siren", "n siren", "numero siren"),
    "siret": ("no siret", "n siret", "numero siret"),
    "legal_form": ("forme juridique", "legal form", "categorie juridique"),
    "country": ("pays", "country"),
    "employees": ("effectif", "effectifs", "salaries", "employees", "nombre de salaries"),
    "revenue_eur": ("ca", "chiffre d affaires", "revenue", "revenue eur", "ca eur", "turnover"),
    "description": ("description", "presentation"),
    "trade": ("metier", "categorie", "trade", "secteur"),
    "member_until": ("echeance", "member until", "adherent jusqu au"),
    "first_name": ("prenom", "first name"),
    "last_name": ("nom de famille", "last name", "nom du contact"),
    "successor": ("successeur", "successor", "siren successeur"),
    f"{PREFIX}directory": ("publication", "annuaire", "consent directory"),
}
_IDS = ("id", "identifiant", "numero d adherent", "no adherent", "n adherent", "member id", "own id")
_PART = re.compile(rf",(?=\s*(?:{'|'.join((*FIELDS, *_FROM_LINKAGE))}|{PREFIX}\w+):)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column that was understood: how (`stated`, `remembered`, `header`, `content`), and a few of its cells."""

    field: str
    header: str
    found_by: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListFile:
    """Rows by header, the mapping field → header, what a person should check, and columns that stay unread."""

    rows: tuple[dict[str, str], ...]
    mapping: Mapping[str, str]
    columns: tuple[Column, ...]
    unread: tuple[str, ...]
    notes: tuple[str, ...]


def read_list(
    content: bytes, *, name: str, stated: Mapping[str, str] | None = None, remembered: Mapping[str, str] | None = None
) -> ListFile:
    r"""Read a list and say which column holds what.

    Args:
        content: the file's bytes: CSV in any encoding and separator, XLSX, XLS, ODS or JSON.
        name: what to call it in messages.
        stated: headers by field, which go before anything found; an empty header leaves the field out.
        remembered: headers by field of the source's last version.

    Returns:
        Every row with every cell; rows count from 1 after the header. A column without header is named by its place, a
        header written twice by its turn.

    Raises:
        UsageError: the file is no list, a stated field or header does not exist, or nothing says who a row is.

    >>> found = read_list(b"Raison sociale;CP;Effectif\nMinalogic;38000;12\n", name="a.csv")
    >>> dict(found.mapping)
    {'name': 'Raison sociale', 'postcode': 'CP', 'employees': 'Effectif'}
    """
    sheet = read_sheet(content, name=name)
    header = _named(sheet.header)
    _refuse_overhang(sheet, name)
    wanted = {field: column for field, column in (stated or {}).items() if column}
    dropped = {field for field, column in (stated or {}).items() if not column}
    found = _settled(header, wanted, remembered or {})
    if not (remembered and found.keys() >= remembered.keys() - dropped):
        found |= _found(sheet, header, found, name)
    found = {field: one for field, one in found.items() if field not in dropped}
    mapping = {field: found[field][0] for field in (*FIELDS, *sorted(found.keys() - set(FIELDS))) if field in found}
    check_mapping(mapping, frozenset(header))
    place = {one: number for number, one in enumerate(header)}
    shown = tuple(
        Column(field, column, found[field][1], _samples(sheet, place[column])) for field, column in mapping.items()
    )
    unread = tuple(one for one in header if one not in mapping.values())
    rows = tuple(dict(zip(header, row, strict=True)) for row in sheet.rows)
    return ListFile(rows, mapping, shown, unread, sheet.notes)


@dataclass(frozen=True, slots=True)
class Seen:
    """One column of a file: its header, what it seems to hold (empty: not understood), how that was found, samples."""

    header: str
    field: str
    found_by: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """A file before anybody has said what its columns hold."""

    columns: tuple[Seen, ...]
    rows: int
    notes: tuple[str, ...]


def look_at(content: bytes, *, name: str, remembered: Mapping[str, str] | None = None) -> Look:
    r"""Return every column with a few of its cells and what it seems to hold, for a person to correct.

    Unlike `read_list` it does not refuse a file in which nothing says who a row is: the person may.

    Raises:
        UnreadableListError: the file is no list.

    >>> found = look_at(b"Nom;CP;x\nMinalogic;38000;?\n", name="a.csv")
    >>> [(one.header, one.field) for one in found.columns]
    [('Nom', 'name'), ('CP', 'postcode'), ('x', '')]
    """
    sheet = read_sheet(content, name=name)
    header = _named(sheet.header)
    _refuse_overhang(sheet, name)
    found = _settled(header, {}, remembered or {})
    if not (remembered and found.keys() >= remembered.keys()):
        by_words = _by_words(header, found)
        found |= by_words
        with contextlib.suppress(UsageError):
            taken = {column for column, _ in found.values()}
            theirs = _by_linkage(sheet, header, taken, found, name)
            found |= {field: one for field, one in theirs.items() if field not in found}
    meanings = {column: (field, by) for field, (column, by) in found.items()}
    return Look(
        tuple(Seen(one, *meanings.get(one, ("", "")), _samples(sheet, place)) for place, one in enumerate(header)),
        len(sheet.rows), sheet.notes,
    )  # fmt: skip


def headers_of(sheet: Sheet) -> tuple[str, ...]:
    """Return a header of its own for each column: an empty one is named by its place, a repeated one by its turn."""
    return _named(sheet.header)


def stated_columns(text: str) -> dict[str, str]:
    """Read `field:header,field:header`; headers may hold commas and colons, `field:` leaves a field out.

    Raises:
        UsageError: another form, or an unknown field.

    >>> stated_columns("name:Raison sociale, usuelle,siren:N° SIREN,naf:")
    {'name': 'Raison sociale, usuelle', 'siren': 'N° SIREN', 'naf': ''}
    """
    found = {}
    for part in filter(None, (one.strip() for one in _PART.split(text))):
        field, colon, column = part.partition(":")
        field = _FROM_LINKAGE.get(field.strip(), field.strip())
        if not colon or not (field in FIELDS or field.startswith(PREFIX)):
            raise UsageError(
                Text(
                    f"« {part} » n’est pas « champ:en-tête ». Écrivez name:Nom,siren:SIREN avec les champs "
                    f"{', '.join(FIELDS)} ou {PREFIX}…",
                    f"'{part}' is not 'field:header'. Write --columns name:Nom,siren:SIREN with the fields "
                    f"{', '.join(FIELDS)} or {PREFIX}…",
                )
            )
        found[field] = column.strip()
    return found


def _named(header: Sequence[str]) -> tuple[str, ...]:
    """Give each column a header of its own."""
    taken: Counter[str] = Counter()
    out: list[str] = []
    for place, text in enumerate(header, start=1):
        base = " ".join(text.split()) or f"column {place}"
        taken[base] += 1
        one = base if taken[base] == 1 else f"{base} ({taken[base]})"
        while one in out:
            taken[base] += 1
            one = f"{base} ({taken[base]})"
        out.append(one)
    return tuple(out)


def _refuse_overhang(sheet: Sheet, name: str) -> None:
    """Cells beyond the last header mostly mean a separator inside a cell: the row would be read shifted."""
    last = max((place for place, text in enumerate(sheet.header, start=1) if text.strip()), default=0)
    long = [number for number, row in enumerate(sheet.rows, start=1) if any(cell.strip() for cell in row[last:])]
    if long and (len(long) < _SHARE_OF_A_COLUMN * len(sheet.rows) or len(sheet.rows) == 1):
        more = " …" if len(long) > _LISTED else ""
        raise UnreadableListError(
            Text(
                f"Dans {name}, les lignes {', '.join(map(str, long[:_LISTED]))}{more} ont plus de cellules "
                "que l’en-tête. Une cellule qui contient le séparateur doit être entre guillemets. "
                "Corrigez ces lignes et importez de nouveau.",
                f"In {name}, rows {', '.join(map(str, long[:_LISTED]))}{more} have more cells than the "
                "header. A cell that "
                "holds the separator must stand in quotation marks. Correct the rows and import it again.",
            )
        )


def _settled(
    header: Sequence[str], stated: Mapping[str, str], remembered: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    """Return field → (header, how) of what a person has said, for this file first."""
    loose = {plain(one): one for one in reversed(header)}
    found = {
        field: (column if column in header else loose.get(plain(column), column), "stated")
        for field, column in stated.items()
    }
    taken = {column for column, _ in found.values()}
    for field, column in remembered.items():
        if field not in found and column in header and column not in taken:
            found[field] = (column, "remembered")
    return found


def _found(
    sheet: Sheet, header: tuple[str, ...], known: Mapping[str, tuple[str, str]], name: str
) -> dict[str, tuple[str, str]]:
    """Return field → (header, how) of what headers and cells say, in columns that nobody has spoken for."""
    found = _by_words(header, known)
    taken = {column for column, _ in (*known.values(), *found.values())}
    theirs = _by_linkage(sheet, header, taken, {**known, **found}, name)
    return found | {field: one for field, one in theirs.items() if field not in known and field not in found}


def _by_words(header: tuple[str, ...], known: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    taken = {column for column, _ in known.values()}
    found: dict[str, tuple[str, str]] = {}
    by_word = {plain(one): one for one in reversed(header) if one not in taken}
    for field, words in (*_WORDS.items(), ("own_id", _IDS)):
        column = next((by_word[word] for word in (plain(field), *words) if word in by_word), None)
        if field not in known and column is not None and column not in taken:
            found[field] = (column, "header")
            taken.add(column)
    return found


def _by_linkage(
    sheet: Sheet, header: tuple[str, ...], taken: set[str], known: Mapping[str, object], name: str
) -> dict[str, tuple[str, str]]:
    hidden = {place for place, one in enumerate(header) if one in taken}
    rows = sheet.rows[:_SAMPLE]
    seen = Sheet(
        tuple("" if place in hidden else one for place, one in enumerate(sheet.header)),
        tuple(tuple("" if place in hidden else cell for place, cell in enumerate(row)) for row in rows),
        (),
    )
    try:
        found = columns.find_columns(seen, name=name)
    except columns.ColumnsError:
        if {"name", "siren", "siret"} & known.keys():
            return {}
        raise UsageError(
            Text(
                f"{name} : rien ne dit qui est une ligne. Dites quelle colonne le fait : name:EN-TÊTE "
                f"ou siren:EN-TÊTE ; colonnes de ce fichier : {', '.join(header)}.",
                f"{name}: nothing says who a row is. Say which column does with --columns name:HEADER or siren:HEADER; "
                f"columns of this file: {', '.join(header)}.",
            )
        ) from None
    out = {}
    for theirs, place in found.columns.items():
        ours = _FROM_LINKAGE.get(theirs, theirs)
        by = found.found_by[theirs]
        if ours == "own_id" and not _names_rows(sheet, place):
            continue
        if ours == "name" and by == "content" and {"siren", "siret"} & known.keys():
            continue
        if ours in FIELDS:
            out[ours] = (header[place], by)
    return out


def _names_rows(sheet: Sheet, place: int) -> bool:
    """Whether a column can be the list's own key: a cell in every row, none twice, and not merely 1, 2, 3 …."""
    cells = [row[place].strip() for row in sheet.rows if any(row)]
    return all(cells) and len(set(cells)) == len(cells) and cells != [str(one) for one in range(1, len(cells) + 1)]


def _samples(sheet: Sheet, place: int) -> tuple[str, ...]:
    seen = dict.fromkeys(cell.strip() for row in sheet.rows[:_SAMPLE] if (cell := row[place]).strip())
    cut = [one if len(one) <= _LONGEST_SHOWN else f"{one[:_LONGEST_SHOWN]}…" for one in seen]
    return tuple(cut[:_SHOWN])
