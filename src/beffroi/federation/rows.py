"""Rows of a list as it came: cells understood by a mapping, a fingerprint, a key, faults, and questions.

A fault never changes a cell: the raw row is kept whole, and what cannot be trusted is left out of the understood
fields. Only a row that names nobody cannot be taken in.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.federation.consent import PREFIX, read_consent
from beffroi.federation.units import legal_unit
from beffroi.linkage.identifiers import siren_of_vat, siret_of
from beffroi.linkage.place import commune_code_of
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS = (
    "name", "brand", "acronym", "siren", "siret", "vat", "own_id", "legal_form", "naf", "state", "address", "postcode",
    "city", "department", "country", "website", "email", "phone", "employees", "revenue_eur", "founded", "description",
    "trade", "member_until", "first_name", "last_name", "successor", "commune_code", "latitude", "longitude",
)  # fmt: skip
LONGEST_CELL = 100_000
_ONE_LINE = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode
_CIVILITY = re.compile(r"^(?:m\.?|mr\.?|mrs\.?|ms\.?|mme\.?|mlle\.?|monsieur|madame|mademoiselle)\s+\S", re.IGNORECASE)
_PERSON_FORMS = {
    "1000",
    "ei",
    "entrepreneur individuel",
    "personne physique",
    "auto-entrepreneur",
    "micro-entrepreneur",
}
_APART = re.compile(r"[^0-9a-z]+")
_MAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: `number` counts from 1 after the header; `fields` are the understood cells, `key` names the row."""

    number: int
    raw: Mapping[str, str]
    fields: Mapping[str, str]
    row_hash: str
    key: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell. A fatal one keeps the row from being taken in."""

    row: int
    field: str
    given: str
    problem: str
    remedy: str
    is_fatal: bool = False


def check_mapping(mapping: Mapping[str, str], header: frozenset[str]) -> None:
    """Refuse a mapping that names unknown fields or absent columns, all faults at once.

    Raises:
        UsageError: with every wrong entry.

    >>> check_mapping({"name": "Nom"}, frozenset({"Nom", "CP"}))
    """
    faults = [f"'{one}' is no field" for one in mapping if one not in FIELDS and not one.startswith(PREFIX)]
    faults += [f"no column '{column}' for '{one}'" for one, column in mapping.items() if column not in header]
    if not {"name", "siren", "siret", "vat"} & mapping.keys():
        faults.append("nothing says who a row is: map 'name', 'siren', 'siret' or 'vat'")
    if faults:
        raise UsageError(
            Text(
                f"Les colonnes ne se lisent pas ainsi : {'; '.join(faults)}. Champs : {', '.join(FIELDS)}, "
                f"{PREFIX}… ; colonnes de ce fichier : {', '.join(sorted(header))}.",
                f"The columns cannot be read so: {'; '.join(faults)}. Fields: {', '.join(FIELDS)}, {PREFIX}…; "
                f"columns of this file: {', '.join(sorted(header))}. Give --columns field:header,…",
            )
        )


def row_hash(raw: Mapping[str, str], mapping_text: str) -> str:
    """Return the fingerprint of a row read under one mapping; the order of columns does not matter.

    >>> row_hash({"a": "1", "b": "2"}, "") == row_hash({"b": "2", "a": "1"}, "")
    True
    """
    text = _ONE_LINE(raw)
    return hashlib.sha256(f"{mapping_text}\n{text}".encode()).hexdigest()


def mapping_text(mapping: Mapping[str, str]) -> str:
    """Return a mapping as one line, whatever the order of its entries."""
    return _ONE_LINE(dict(mapping))


def read_row(
    number: int, raw: Mapping[str, str], mapping: Mapping[str, str], *, digest: str
) -> tuple[Row, list[Fault]]:
    """Understand one row.

    Args:
        number: place in the file, from 1 after the header.
        raw: every cell by its header.
        mapping: field → header.
        digest: the row's fingerprint.

    >>> row, faults = read_row(1, {"Nom": " Numélink ", "SIREN": "123"}, {"name": "Nom", "siren": "SIREN"}, digest="")
    >>> row.fields, [one.field for one in faults]
    ({'name': 'Numélink'}, ['siren'])
    """
    faults: list[Fault] = []
    fields: dict[str, str] = {}
    for name, column in mapping.items():
        cell = " ".join(str(raw.get(column) or "").split())
        if name.startswith(PREFIX):
            fields[name] = read_consent(cell)
        elif cell:
            kept = _understood(name, cell, number, faults)
            if kept:
                fields[name] = kept
    unit = legal_unit(fields.get("siren", ""), fields.get("siret", ""), fields.get("vat", ""))
    if unit:
        fields["siren"] = unit
    if not (fields.get("name") or unit):
        faults.append(
            Fault(number, "name", "", "names nobody", "Give a name, a SIREN or a SIRET, or leave the row out.", True)
        )
    return Row(number, raw, fields, digest, natural_key(fields)), faults


def natural_key(fields: Mapping[str, str]) -> str:
    """Return what names a row through all versions: legal unit, else the list's own id, else name and place.

    >>> natural_key({"name": "Beau Café"}) == natural_key({"name": "BEAU  CAFE"})
    True
    """
    if fields.get("siren", "").count(":"):
        return fields["siren"]
    if fields.get("own_id"):
        return f"id:{fields['own_id'][:150]}"
    return weak_key(fields)


def weak_key(fields: Mapping[str, str]) -> str:
    """Return the key made of name and post code alone."""
    words = f"{plain(fields.get('name', ''))}|{fields.get('postcode', '')}"
    return f"name:{hashlib.sha256(words.encode()).hexdigest()[:20]}"


def plain(text: str) -> str:
    """Return a text without case, accents or punctuation.

    >>> plain("L'Été – S.A.S.")
    'l ete s a s'
    """
    bare = text.casefold()
    if not bare.isascii():
        bare = "".join(one for one in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(one))
    return _APART.sub(" ", bare).strip()


def looks_like_a_person(fields: Mapping[str, str]) -> bool:
    """Whether a row seems to name a natural person, whose data may not be stored without asking.

    >>> looks_like_a_person({"name": "Mme Camille Durand"}), looks_like_a_person({"name": "Madame Clic SARL"})
    (True, True)
    >>> looks_like_a_person({"name": "Numélink", "last_name": "Durand"}), looks_like_a_person({"last_name": "Durand"})
    (False, True)
    """
    if _CIVILITY.match(fields.get("name", "")) or fields.get("legal_form", "").casefold() in _PERSON_FORMS:
        return True
    return bool(fields.get("last_name") and not fields.get("name"))


def _understood(name: str, cell: str, number: int, faults: list[Fault]) -> str:
    fault = fault_of(name, cell)
    if fault:
        shown = cell if len(cell) <= 60 else f"{cell[:60]}…"  # noqa: PLR2004 -- enough to find the cell again
        faults.append(Fault(number, name, shown, *fault))
        return ""
    return cell


def fault_of(name: str, cell: str) -> tuple[str, str] | None:  # noqa: PLR0911 -- one line for each kind of cell
    """Return what is wrong with a cell and what to do, None when nothing is.

    >>> fault_of("email", "nobody"), fault_of("email", "contact@example.org")
    (('is no address of e-mail', 'Write one address, such as contact@example.org.'), None)
    """
    if len(cell) > LONGEST_CELL:
        return "is too long", f"Keep cells under {LONGEST_CELL} characters."
    if name == "siren" and not legal_unit(cell):
        return "is no SIREN: its key does not hold", "Look the number up in the register."
    if name == "siret" and not siret_of(cell):
        return "is no SIRET: its key does not hold", "Look the number up in the register."
    if name == "vat" and cell.upper().startswith("FR") and not siren_of_vat(cell):
        return "is no French VAT number: its key does not hold", "Look the number up in the register."
    if name == "email" and not _MAIL.match(cell):
        return "is no address of e-mail", "Write one address, such as contact@example.org."
    if name == "member_until" and not _DAY.match(cell):
        return "is no day", "Write days as YYYY-MM-DD."
    if name == "commune_code" and not commune_code_of(cell):
        return "is no INSEE code of a commune", "Write five signs, such as 59350; a post code is another column."
    if name in {"employees", "revenue_eur"} and not re.fullmatch(r"\d+(?:\.\d+)?", cell.replace(" ", "")):
        return "is no number", "Write digits, with a point for decimals, without unit."
    return None
