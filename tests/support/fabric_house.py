"""A house with an invented register of two months, loaded and frozen once for all tests of pages."""

from __future__ import annotations

import random

import made_up_stock as stock

from beffroi.observatory.fabric_build import build
from beffroi.sources.sirene_load import load_snapshot

PERIMETERS = ("oecd_ict_sector", "software_and_services")


# Commune → kilometres of Lambert-93.
AT = {"59350": (704, 7059), "59009": (709, 7058), "59512": (711, 7065), "69123": (842, 6519), "75056": (652, 6862)}
RATIOS = "siren;date_cloture_exercice;chiffre_d_affaires;marge_brute;ebe;ebit;resultat_net;taux_d_endettement;ratio_de_liquidite;ratio_de_vetuste;autonomie_financiere;poids_bfr_exploitation_sur_ca;couverture_des_interets;caf_sur_ca;capacite_de_remboursement;marge_ebe;resultat_courant_avant_impots_sur_ca;poids_bfr_exploitation_sur_ca_jours;rotation_des_stocks_jours;credit_clients_jours;credit_fournisseurs_jours;type_bilan;confidentiality"  # noqa: E501 -- the publisher's header


def placed(made, seed=4):
    """Give establishments coordinates around their commune, and enough closings in each year to be told."""
    chance = random.Random(seed)
    closed = 0
    for row, past in zip(made.rows["establishments"], made.rows["periods"], strict=True):
        x, y = AT.get(row["codeCommuneEtablissement"], (652, 6862))
        # As many closed in each year as may be told, and a history that agrees with the dates.
        if row["etatAdministratifEtablissement"] == "F":
            closed += 1
            row["dateDebut"] = f"{2014 + closed % 12}-05-05"
            row["dateCreationEtablissement"] = min(row["dateCreationEtablissement"], row["dateDebut"])
        past["dateDebut"] = row["dateCreationEtablissement"]
        past["dateFin"] = row["dateDebut"] if row["etatAdministratifEtablissement"] == "F" else None
        past["etatAdministratifEtablissement"] = "A"
        for name in ("activitePrincipaleEtablissement", "nomenclatureActivitePrincipaleEtablissement"):
            past[name] = row[name]
        row["coordonneeLambertAbscisseEtablissement"] = str(1000 * x + chance.randrange(2000))
        row["coordonneeLambertOrdonneeEtablissement"] = str(1000 * y + chance.randrange(2000))
    return made


def ratios(made, folder, seed=7):
    """Invented accounts of two years for the units of a register, in the publisher's layout."""
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "ratios_inpi_bce_synthetic.csv"
    sirens = [row["siren"] for row in made.rows["legal_units"]]
    lines = [
        ";".join([one, f"{year}-12-31", *(str(chance.randrange(1, 900_000)) for _ in range(5)),
                  *(f"{chance.uniform(-5, 90):.3f}" for _ in range(14)), chance.choice("CS"), "Public"])
        for one in sirens for year in (2024, 2025)
    ]  # fmt: skip
    path.write_text("\ufeff" + "\n".join([RATIOS, *lines]) + "\n", encoding="utf-8")
    return path


def furnished(home, *, units=(150, 180), perimeters=PERIMETERS):
    """Load two months and freeze both; the newer one with every kind of file."""
    register = home / "registers" / "sirene"
    for month, count in zip(("2025-11", "2026-11"), units, strict=True):
        made = placed(stock.make(units=count))
        files = [made.write(home / month, name="StockEtablissement_synthetic")]
        if month == "2026-11":
            files += [made.write(home / month, kind) for kind in ("legal_units", "periods", "successions")]
            files.append(ratios(made, home / month))
        load_snapshot(files, register, month=month, today="2026-11-22")
    for month in ("2025-11", "2026-11"):
        build(register, home / "fabric", today="2026-11-22", month=month, perimeters=perimeters)
    return home
