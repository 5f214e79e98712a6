"""The stock files of SIRENE, the register of every legal unit and establishment of France (INSEE).

Five files, published every month as Parquet and as CSV in a zip: legal units, establishments (with or without
coordinates), their history, and successions between them. This module knows their names and columns, and which of
them this house reads. Columns that hold the names of persons are not among them: no first name, family name,
pseudonym, shop sign or address is ever read.

Source: INSEE, Base Sirene des entreprises et de leurs établissements, description of the stock files (NAF rev. 2 and
NAF 2025 side by side until the second replaces the first on 1 January 2027).
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.vocabulary.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class StockFile:
    """One kind of stock file.

    `kind` is our name of the table; `title` begins the publisher's file name; `needed` and `optional` map our
    columns to the publisher's.
    """

    kind: str
    title: str
    needed: Mapping[str, str]
    optional: Mapping[str, str]


ESTABLISHMENTS = StockFile(
    "establishments",
    "StockEtablissement",
    {
        "siren": "siren",
        "nic": "nic",
        "diffusion": "statutDiffusionEtablissement",
        "created": "dateCreationEtablissement",
        "size": "trancheEffectifsEtablissement",
        "head_office": "etablissementSiege",
        "commune": "codeCommuneEtablissement",
        "country": "codePaysEtrangerEtablissement",
        "since": "dateDebut",
        "state": "etatAdministratifEtablissement",
        "naf": "activitePrincipaleEtablissement",
        "nomenclature": "nomenclatureActivitePrincipaleEtablissement",
        "employer": "caractereEmployeurEtablissement",
    },
    {
        "siret": "siret",
        "x": "coordonneeLambertAbscisseEtablissement",
        "y": "coordonneeLambertOrdonneeEtablissement",
        "naf25": "activitePrincipaleNAF25Etablissement",
    },
)
LEGAL_UNITS = StockFile(
    "legal_units",
    "StockUniteLegale",
    {
        "siren": "siren",
        "diffusion": "statutDiffusionUniteLegale",
        "created": "dateCreationUniteLegale",
        "size": "trancheEffectifsUniteLegale",
        "category": "categorieEntreprise",
        "since": "dateDebut",
        "state": "etatAdministratifUniteLegale",
        "name": "denominationUniteLegale",
        "legal_form": "categorieJuridiqueUniteLegale",
        "naf": "activitePrincipaleUniteLegale",
        "nomenclature": "nomenclatureActivitePrincipaleUniteLegale",
        "social": "economieSocialeSolidaireUniteLegale",
        "employer": "caractereEmployeurUniteLegale",
    },
    {
        "acronym": "sigleUniteLegale",
        "usual_name": "denominationUsuelle1UniteLegale",
        "mission": "societeMissionUniteLegale",
        "naf25": "activitePrincipaleNAF25UniteLegale",
    },
)
PERIODS = StockFile(
    "periods",
    "StockEtablissementHistorique",
    {
        "siren": "siren",
        "nic": "nic",
        "ended": "dateFin",
        "started": "dateDebut",
        "state": "etatAdministratifEtablissement",
        "naf": "activitePrincipaleEtablissement",
        "nomenclature": "nomenclatureActivitePrincipaleEtablissement",
        "employer": "caractereEmployeurEtablissement",
    },
    {},
)
SUCCESSIONS = StockFile(
    "successions",
    "StockEtablissementLiensSuccession",
    {
        "predecessor": "siretEtablissementPredecesseur",
        "successor": "siretEtablissementSuccesseur",
        "on_day": "dateLienSuccession",
        "transfer": "transfertSiege",
        "continuity": "continuiteEconomique",
    },
    {},
)
STOCK_FILES = (ESTABLISHMENTS, LEGAL_UNITS, PERIODS, SUCCESSIONS)

# A column of one kind and of no other tells a file whatever its name.
_TELLING = {
    "changementActivitePrincipaleEtablissement": PERIODS,
    "siretEtablissementPredecesseur": SUCCESSIONS,
    "statutDiffusionUniteLegale": LEGAL_UNITS,
    "statutDiffusionEtablissement": ESTABLISHMENTS,
}
_HISTORY_OF_UNITS = "changementDenominationUniteLegale"


def recognise(path: Path, header: Sequence[str]) -> StockFile:
    """Return which stock file this is, by its columns, and by its name where a telling column was renamed.

    Args:
        path: the file; only its name is looked at.
        header: its columns.

    Raises:
        SourceError: no stock file that we read.

    >>> from pathlib import Path
    >>> recognise(Path("stock.csv"), ("siren", "statutDiffusionUniteLegale")).kind
    'legal_units'
    """
    if _HISTORY_OF_UNITS not in header:
        for column, one in _TELLING.items():
            if column in header:
                return one
        # The longest title first: StockEtablissement begins StockEtablissementHistorique.
        for one in sorted(STOCK_FILES, key=lambda one: -len(one.title)):
            if path.name.startswith((f"{one.title}_", f"{one.title}.")):
                return one
    raise SourceError(
        f"{path.name} is none of the stock files of SIRENE that are read here: "
        f"{', '.join(one.title for one in STOCK_FILES)}; nor is it ratios_inpi_bce. "
        "Give the publisher's files as they came."
    )


def columns_of(path: Path, stock: StockFile, header: Sequence[str]) -> dict[str, str]:
    """Return which column of the file is which of ours; every missing one is said at once.

    Args:
        path: the file, for the message.
        stock: its kind.
        header: its columns.

    Raises:
        SourceError: a needed column is not there, with the columns that resemble it.

    >>> from pathlib import Path
    >>> header = [*SUCCESSIONS.needed.values(), "dateDernierTraitementLienSuccession"]
    >>> columns_of(Path("x.csv"), SUCCESSIONS, header)["on_day"]
    'dateLienSuccession'
    """
    missing = [column for column in stock.needed.values() if column not in header]
    if missing:
        known = {*stock.needed.values(), *stock.optional.values()}
        new = [column for column in header if column not in known]
        said = "; ".join(f"'{column}'{_resembling(column, new)}" for column in missing)
        raise SourceError(
            f"{path.name} lacks {'a column' if len(missing) == 1 else f'{len(missing)} columns'} of {stock.title}: "
            f"{said}. The publisher may have renamed it: compare with the description of the file, and name the "
            "new column in its reader (beffroi/sources). Nothing was loaded."
        )
    given = {**stock.needed, **stock.optional}
    return {ours: theirs for ours, theirs in given.items() if theirs in header}


def _resembling(column: str, others: Sequence[str]) -> str:
    near = difflib.get_close_matches(column, others, n=1, cutoff=0.75)
    return f" (the file has '{near[0]}')" if near else ""
