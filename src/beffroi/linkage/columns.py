"""Find out which column of a list holds the name, the commune, the SIREN …: by header, else by content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from beffroi.linkage.fold import fold
from beffroi.linkage.identifiers import siren_of, siren_of_vat, siret_of
from beffroi.linkage.place import commune_code_of, commune_of, point_of
from beffroi.linkage.record import FIELDS, Record
from beffroi.vocabulary.communes import places
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from beffroi.linkage.sheet import Sheet

_SAMPLE = 400
_SHARE = 0.8
_LEAST_FILLED = 3
_LONGEST_NAME = 120
_YES_OR_NO = frozenset({"true", "false", "vrai", "faux", "oui", "non", "yes", "no"})
_WORD = re.compile(r"[^\W\d_]{2,}")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_COMMUNE_CODE = re.compile(r"\bcode( \w+)? commune\b|\binsee\b|\bcodgeo\b|\bdepcom\b|\bcitycode\b")
_DECIMALS = re.compile(r"-?\d{1,2}[.,]\d{3,}")
# Where coordinates need no header to be known: European France, which no amount and no share in per cent fills alone.
_FRANCE = ((41.0, 51.6), (-5.6, 9.9))
_SAYS_NOTHING = re.compile(r"(?:[a-z]|col|colonne|column|champ|field|var|unnamed)? ?\d*")
# Headers, folded, in the order in which they are believed.
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "siren": ("siren", "numero siren", "n siren", "no siren", "code siren", "siren number"),
    "siret": ("siret", "numero siret", "n siret", "siret siege", "siret du siege", "code siret"),
    "vat": ("tva", "vat", "vat id", "numero tva", "n tva", "tva intracommunautaire", "vat number",
            "numero tva intracommunautaire"),
    "name": (
        "nom", "name", "raison sociale", "denomination", "denomination sociale", "organisation", "organization",
        "entreprise", "societe", "structure", "nom de la structure", "nom de l entreprise", "nom entreprise",
        "nom de la societe", "nom societe", "nom structure", "company", "company name", "organisation name",
        "organization name", "legal name", "full name", "nom complet", "membre", "member", "adherent", "member name",
        "nom du membre", "nom organisation", "nom de l organisation", "libelle", "intitule", "etablissement",
        "nom etablissement", "nom de l etablissement", "denomination unite legale", "titre", "nom adherent",
        "institution", "nom legal", "firm", "business name",
    ),
    "trade_name": ("enseigne", "denomination usuelle 1 unite legale", "denomination usuelle1 unite legale",
                   "denomination usuelle etablissement", "enseigne1 etablissement", "nom commercial", "marque",
                   "brand", "trade name", "nom d usage", "nom usage", "usual name", "nom usuel"),
    "acronym": ("sigle", "acronyme", "acronym", "abbreviation", "short name", "nom court", "sigle unite legale"),
    "city": ("ville", "city", "commune", "localite", "town", "municipality", "nom commune", "nom de la commune",
             "libelle commune", "localite acheminement", "libelle commune etablissement", "ville siege",
             "commune siege", "libelle acheminement"),
    "postcode": ("code postal", "cp", "postcode", "post code", "postal code", "zip", "zip code", "code postal siege",
                 "code postal etablissement"),
    "department": ("departement", "department", "dept", "dep", "code departement", "numero departement", "dpt",
                   "code dept"),
    "address": ("adresse", "address", "rue", "street", "n et nom de rue", "adresse postale", "adresse 1",
                "street address", "numero et nom de rue", "voie", "adresse complete", "adresse siege"),
    "website": ("site web", "website", "site internet", "url", "url site web", "site", "web", "site url", "web site",
                "page web", "adresse web", "lien", "homepage", "url site"),
    "email": ("email", "e mail", "mail", "courriel", "adresse mail", "adresse email", "contact mail", "adresse e mail"),
    "phone": ("telephone", "tel", "phone", "phone number", "numero de telephone", "n telephone", "telephone fixe"),
    "activity": ("naf", "ape", "code naf", "code ape", "nace", "activite principale", "code nace", "naf rev 2",
                 "activite principale unite legale", "activite principale etablissement"),
    "year": ("annee de creation", "date de creation", "creation", "date creation", "founded", "year founded",
             "created", "annee creation", "year", "date creation unite legale",
             "date creation etablissement"),
    "active": ("etat", "est active", "active", "etat administratif", "etat administratif unite legale",
               "etat administratif etablissement", "status", "statut", "actif"),
    "commune_code": ("code commune", "code insee", "insee", "code commune insee", "code insee commune", "codgeo",
                     "depcom", "citycode", "code commune etablissement", "code officiel commune", "insee com",
                     "commune", "ville"),
    "latitude": ("latitude", "lat", "y wgs84", "geo point 2d", "geo point", "geopoint", "coordonnees gps",
                 "coordonnees geographiques", "coordonnees", "geolocalisation", "lat lon", "latlong", "latlng"),
    "longitude": ("longitude", "lon", "lng", "long", "x wgs84"),
    "key": ("key", "cle", "id", "identifiant", "identifier", "uai", "numero uai", "ref", "reference", "code", "numero",
            "row id", "member id", "n", "no", "matricule", "lei"),
}  # fmt: skip


class ColumnsError(UsageError):
    """Columns of a list cannot be told apart, or a mapping names what is not there."""


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which column holds which field, and how that was found: `stated`, `header` or `content`."""

    columns: Mapping[str, int]
    found_by: Mapping[str, str]


def find_columns(sheet: Sheet, *, name: str, stated: Mapping[str, str] | None = None) -> ColumnMap:
    """Find the columns of a list.

    Args:
        sheet: the list.
        name: what to call it in messages.
        stated: headers by field, which go before anything found.

    Raises:
        ColumnsError: a stated field or header does not exist, or no column can be the name. All faults at once.

    >>> from beffroi.linkage.sheet import Sheet
    >>> some = Sheet(("Raison sociale", "CP", "x"), (("Minalogic", "38000", "732829320"),) * 3, ())
    >>> dict(find_columns(some, name="a.csv").columns)
    {'name': 0, 'postcode': 1, 'siren': 2}
    """
    columns, found_by = _stated(sheet, name, stated or {})
    folded = [_words(header) for header in sheet.header]
    # Headers that say it exactly go before those that only begin or end so, whatever the field.
    for fits in (_exactly, _loosely):
        for field in (one for one in SYNONYMS if one not in columns):
            barred = _barred(field, folded, columns)
            likely = (place for place in fits(folded, SYNONYMS[field]) if place not in barred)
            place = next((one for one in likely if _plausible(field, sheet, one)), None)
            if place is not None:
                columns[field], found_by[field] = place, "header"
    for field, test in _CONTENT.items():
        if field not in columns and not (field == "longitude" and "latitude" not in columns):
            place = _by_content(sheet, test, _barred(field, folded, columns) | _told(field, folded))
            if place is not None:
                columns[field], found_by[field] = place, "content"
    _drop_half_a_point(sheet, columns, found_by)
    if "name" not in columns:
        place = _likeliest_name(sheet, set(columns.values()))
        if place is not None:
            columns["name"], found_by["name"] = place, "content"
    if not {"name", "siren", "siret", "vat"} & set(columns):
        headers = ", ".join(f"'{one}'" for one in sheet.header if one)
        raise ColumnsError(
            Text(
                f"{name} : aucune colonne ne ressemble à un nom ou à un SIREN (en-têtes : {headers}). "
                "Dites laquelle : name:EN-TÊTE.",
                f"{name}: no column looks like a name or a SIREN (headers: {headers}). "
                f"Say which with --columns '{name}=name:HEADER'.",
            )
        )
    return ColumnMap(columns, found_by)


def records_of(sheet: Sheet, mapping: ColumnMap, *, source: str) -> list[Record]:
    """Return one record a row, the row's number counted from 1.

    >>> from beffroi.linkage.sheet import Sheet
    >>> records_of(Sheet(("Nom",), (("Bull",),), ()), ColumnMap({"name": 0}, {}), source="a.csv")[0].name
    'Bull'
    """
    return [
        Record(source, number, **{field: row[place].strip() for field, place in mapping.columns.items()})
        for number, row in enumerate(sheet.rows, 1)
    ]


def _words(header: str) -> str:
    """Return the words of a header, folded: `codePostalEtablissement` and `CODE_POSTAL` have two and more."""
    return fold(_CAMEL.sub(" ", header).replace("_", " "))


def _barred(field: str, folded: Sequence[str], columns: Mapping[str, int]) -> set[int]:
    """Columns that a field cannot have: those taken, and the code of a commune, which is no post code and no key."""
    codes = {place for place, header in enumerate(folded) if _COMMUNE_CODE.search(header)}
    return set(columns.values()) | (codes if field in {"postcode", "key"} else set())


def _told(field: str, folded: Sequence[str]) -> set[int]:
    """Columns whose header says what a year in them is of (`Exercice`, `Adhésion`), which may be anything."""
    return {place for place, header in enumerate(folded) if field == "year" and not _SAYS_NOTHING.fullmatch(header)}


def _drop_half_a_point(sheet: Sheet, columns: dict[str, int], found_by: dict[str, str]) -> None:
    """Forget a latitude found by its numbers alone that no longitude stands beside."""
    if found_by.get("latitude") == "content" and "longitude" not in columns:
        cells = _cells(sheet, columns["latitude"])
        if not _share(cells, lambda cell: bool(point_of(cell))) >= _SHARE:
            del columns["latitude"], found_by["latitude"]


def _stated(sheet: Sheet, name: str, stated: Mapping[str, str]) -> tuple[dict[str, int], dict[str, str]]:
    headers = {header.strip(): place for place, header in reversed(list(enumerate(sheet.header)))}
    loose = {fold(header): place for header, place in headers.items()}
    faults, columns = [], {}
    for field, header in stated.items():
        place = headers.get(header.strip(), loose.get(fold(header)))
        if field not in FIELDS:
            faults.append(f"'{field}' is no field (fields: {', '.join(FIELDS)})")
        elif place is None:
            faults.append(f"no column '{header}' (columns: {', '.join(one for one in sheet.header if one)})")
        else:
            columns[field] = place
    if faults:
        raise ColumnsError(
            Text(
                f"{name} : {'; '.join(faults)}.",
                f"{name}: " + "; ".join(faults) + ".",
            )
        )
    return columns, dict.fromkeys(columns, "stated")


def _exactly(folded: Sequence[str], words: Sequence[str]) -> Iterator[int]:
    """Yield the columns whose header is one of the words, in the order of the words."""
    for word in words:
        yield from (place for place, header in enumerate(folded) if header == word)


def _loosely(folded: Sequence[str], words: Sequence[str]) -> Iterator[int]:
    """Yield the columns whose header begins or ends with one of the words."""
    for word in words:
        if len(word) > _LEAST_FILLED:
            yield from (
                place
                for place, header in enumerate(folded)
                if header.startswith(f"{word} ") or header.endswith(f" {word}")
            )


def _cells(sheet: Sheet, place: int) -> list[str]:
    return [cell for row in sheet.rows[:_SAMPLE] if (cell := row[place].strip())]


def _plausible(field: str, sheet: Sheet, place: int) -> bool:
    """A header may lie: a name without letters, a SIREN that is none, a site that is a number are not taken."""
    cells = _cells(sheet, place)
    if field == "name" and _says_yes_or_no(cells):
        return False
    if not cells and field not in _PROVED:
        return True
    return field not in _SAYS or _share(cells, _SAYS[field]) > (_SHARE if field in _PROVED else 1 - _SHARE)


def _says_yes_or_no(cells: Sequence[str]) -> bool:
    return bool(cells) and {cell.lower() for cell in cells} <= _YES_OR_NO


def _by_content(sheet: Sheet, test: Callable[[str], bool], taken: set[int]) -> int | None:
    for place in range(len(sheet.header)):
        if place not in taken:
            cells = _cells(sheet, place)
            if len(cells) >= _LEAST_FILLED and _share(cells, test) >= _SHARE:
                return place
    return None


def _likeliest_name(sheet: Sheet, taken: set[int]) -> int | None:
    """Take the column of words whose cells differ most; of equals the first."""
    best: tuple[float, int] | None = None
    for place in range(len(sheet.header)):
        cells = _cells(sheet, place)
        if place in taken or not cells or _share(cells, lambda cell: bool(_WORD.search(cell))) < _SHARE:
            continue
        if _says_yes_or_no(cells):
            continue
        if sum(map(len, cells)) / len(cells) > _LONGEST_NAME:
            continue
        different = (
            round(len({fold(cell) for cell in cells}) / len(cells), 2) * len(cells) / max(1, len(sheet.rows[:_SAMPLE]))
        )
        if best is None or different > best[0]:
            best = (different, place)
    return best[1] if best else None


def _share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, cells)) / len(cells) if cells else 0.0


def _lies_within(cell: str, bounds: tuple[float, float]) -> bool:
    return bool(_DECIMALS.fullmatch(cell)) and bounds[0] <= float(cell.replace(",", ".")) <= bounds[1]


def _is_point_in_france(cell: str) -> bool:
    point = point_of(cell)
    return point is not None and all(low <= one <= high for one, (low, high) in zip(point, _FRANCE, strict=True))


@cache
def _communes() -> frozenset[str]:
    return frozenset(commune_of(one.name) for one in places().values())


# What some cells of a column must look like for its header to be believed; of the proved, most.
_PROVED = {"commune_code"}
_SAYS: Mapping[str, Callable[[str], bool]] = {
    "name": lambda cell: bool(_WORD.search(cell)),
    "city": lambda cell: bool(_WORD.search(cell)),
    "siren": lambda cell: bool(siren_of(cell) or siret_of(cell)),
    "siret": lambda cell: bool(siren_of(cell) or siret_of(cell)),
    "year": lambda cell: bool(re.match(r"(1[5-9]|20)\d\d", cell)),
    "commune_code": lambda cell: bool(commune_code_of(cell)),
    "latitude": lambda cell: bool(point_of(cell) or point_of(cell, "0")),
}
_CONTENT: Mapping[str, Callable[[str], bool]] = {
    "siret": lambda cell: bool(siret_of(cell)),
    "siren": lambda cell: bool(siren_of(cell)),
    "vat": lambda cell: bool(siren_of_vat(cell)),
    "email": lambda cell: bool(re.fullmatch(r"\S+@\S+\.\w+", cell)),
    "website": lambda cell: bool(re.match(r"(https?://|www\.)\S+", cell)),
    "postcode": lambda cell: bool(re.fullmatch(r"(0[1-9]|[1-8]\d|9[0-8])\d{3}", cell)),
    "phone": lambda cell: bool(re.fullmatch(r"(\+33|0033|0)[\s.()0-9-]{9,16}", cell)),
    "city": lambda cell: commune_of(cell) in _communes(),
    "year": lambda cell: bool(re.fullmatch(r"(19|20)\d\d", cell)),
    "latitude": lambda cell: _lies_within(cell, _FRANCE[0]) or _is_point_in_france(cell),
    "longitude": lambda cell: _lies_within(cell, _FRANCE[1]),
}
