"""A plain CSV file as rows for `import_list`, and its columns by their headers: exact words, nothing guessed.

Workbooks, other encodings and columns found by content are the business of linkage's reader.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from beffroi.federation.consent import PREFIX
from beffroi.federation.rows import FIELDS, plain
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SEPARATORS = ",;\t|"
_WORDS = {
    "name": ("name", "nom", "denomination", "raison sociale", "company", "societe", "organisation"),
    "brand": ("brand", "marque", "enseigne", "nom commercial"),
    "siren": ("siren", "no siren", "numero siren"),
    "siret": ("siret", "no siret", "numero siret"),
    "own_id": ("id", "identifiant", "numero d adherent", "no adherent", "member id"),
    "legal_form": ("forme juridique", "legal form"),
    "naf": ("naf", "ape", "code naf", "code ape"),
    "state": ("etat", "state", "etat administratif"),
    "address": ("adresse", "address", "rue", "no et nom de rue"),
    "postcode": ("cp", "code postal", "postcode", "zip"),
    "city": ("ville", "commune", "city"),
    "department": ("departement", "department"),
    "country": ("pays", "country"),
    "website": ("site", "site web", "url", "url site web", "website", "web"),
    "email": ("email", "e mail", "mail", "courriel"),
    "phone": ("telephone", "tel", "phone"),
    "employees": ("effectif", "salaries", "employees"),
    "revenue_eur": ("ca", "chiffre d affaires", "revenue", "revenue eur"),
    "founded": ("annee de creation", "creation", "founded"),
    "description": ("description", "presentation"),
    "trade": ("metier", "categorie", "trade", "secteur"),
    "member_until": ("echeance", "member until", "adherent jusqu au"),
    "first_name": ("prenom", "first name"),
    "last_name": ("nom de famille", "last name"),
    "successor": ("successeur", "successor", "siren successeur"),
    f"{PREFIX}directory": ("publication", "annuaire", "consent directory"),
}


def read_rows(content: bytes, name: str) -> list[dict[str, str]]:
    r"""Return the rows of a CSV file in UTF-8, each cell by its header; empty rows stay, so that numbers match.

    Raises:
        UsageError: another encoding, no header, a header written twice, or a row longer than the header.

    >>> read_rows(b"Nom;CP\nAlpha;69001\n", "a.csv")
    [{'Nom': 'Alpha', 'CP': '69001'}]
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"'{name}' is not in UTF-8 (byte {error.start + 1}). Save it as 'CSV UTF-8' and import it again."
        ) from error
    first = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise UsageError(f"'{name}' is no CSV file: {error}. Save it as 'CSV UTF-8' and import it again.") from error
    if not lines or not any(lines[0]):
        raise UsageError(
            f"'{name}' begins with an empty line or is empty; expected a line of headers and rows below it."
        )
    header = [one.strip() for one in lines[0]]
    _refuse(header, lines, name)
    return [dict(zip(header, [*line, *[""] * (len(header) - len(line))], strict=True)) for line in lines[1:]]


def find_columns(header: Sequence[str], stated: Mapping[str, str]) -> dict[str, str]:
    """Return field → header: what is stated, then headers whose words are known.

    >>> find_columns(["Raison sociale", "CP", "Rang"], {"own_id": "Rang"})
    {'own_id': 'Rang', 'name': 'Raison sociale', 'postcode': 'CP'}
    """
    found = dict(stated)
    taken = set(found.values())
    by_word = {plain(one): one for one in header}
    for field, words in _WORDS.items():
        column = next((by_word[word] for word in (plain(field), *words) if word in by_word), None)
        if field not in found and column is not None and column not in taken:
            found[field] = column
            taken.add(column)
    return found


def stated_columns(text: str) -> dict[str, str]:
    """Read `field:header,field:header`.

    Raises:
        UsageError: another form, or an unknown field.

    >>> stated_columns("name:Raison sociale,siren:N° SIREN")
    {'name': 'Raison sociale', 'siren': 'N° SIREN'}
    """
    found = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        field, colon, column = part.partition(":")
        if not colon or not (field in FIELDS or field.startswith(PREFIX)):
            raise UsageError(
                f"'{part}' is not 'field:header'. Write --columns name:Nom,siren:SIREN with the fields "
                f"{', '.join(FIELDS)} or {PREFIX}…"
            )
        found[field] = column.strip()
    return found


def _refuse(header: Sequence[str], lines: Sequence[Sequence[str]], name: str) -> None:
    twice = sorted({one for one in header if header.count(one) > 1})
    if twice or not all(header):
        what = f"the header {', '.join(map(repr, twice))} twice" if twice else "a column without header"
        raise UsageError(f"'{name}' has {what}; each column needs a header of its own. Name them and import it again.")
    long = [number for number, line in enumerate(lines[1:], start=1) if any(line[len(header) :])]
    if long:
        raise UsageError(
            f"In '{name}', rows {', '.join(map(str, long[:10]))} have more cells than the header. A cell that holds "
            "the separator must stand in quotation marks. Correct the rows and import it again."
        )
