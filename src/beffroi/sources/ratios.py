"""Ratios of the annual accounts that firms filed and did not keep confidential, by SIREN and closing day.

One row for each legal unit, closing day and kind of account: complete (C), simplified (S) or consolidated (K). Only
public accounts are in the data set; a row that says otherwise is not kept. No name is in it.

Source: Ministère de l'Économie, data set `ratios_inpi_bce` (data.economie.gouv.fr): CSV with semicolons and a byte
order mark, updated every month, Licence Ouverte 2.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.sources.sirene import StockFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ADDRESS = "https://data.economie.gouv.fr/api/explore/v2.1/catalog/datasets/ratios_inpi_bce/exports/csv?delimiter=%3B"

RATIOS = StockFile(
    "ratios",
    "ratios_inpi_bce",
    {
        "siren": "siren",
        "closed": "date_cloture_exercice",
        "turnover": "chiffre_d_affaires",
        "gross_margin": "marge_brute",
        "ebitda": "ebe",
        "ebit": "ebit",
        "net_result": "resultat_net",
        "debt_rate": "taux_d_endettement",
        "liquidity": "ratio_de_liquidite",
        "wear": "ratio_de_vetuste",
        "autonomy": "autonomie_financiere",
        "working_capital_share": "poids_bfr_exploitation_sur_ca",
        "interest_cover": "couverture_des_interets",
        "cash_flow_share": "caf_sur_ca",
        "repayment": "capacite_de_remboursement",
        "ebitda_share": "marge_ebe",
        "pretax_share": "resultat_courant_avant_impots_sur_ca",
        "working_capital_days": "poids_bfr_exploitation_sur_ca_jours",
        "stock_days": "rotation_des_stocks_jours",
        "customer_days": "credit_clients_jours",
        "supplier_days": "credit_fournisseurs_jours",
        "kind": "type_bilan",
        "confidentiality": "confidentiality",
    },
    {},
)
_LEAST = 5  # of its columns: enough to tell the file when one of them was renamed


def holds_ratios(path: Path, header: Sequence[str]) -> bool:
    """Whether this is the file of ratios, by its columns or its name.

    >>> from pathlib import Path
    >>> holds_ratios(Path("export.csv"), ("siren", "ebe", "ebit", "marge_brute", "resultat_net", "type_bilan"))
    True
    """
    own = [one for ours, one in RATIOS.needed.items() if ours != "siren"]
    return sum(one in header for one in own) >= _LEAST or path.name.startswith(RATIOS.title)
