"""Successions, history, sizes, accounts and years of the fabric agree with a count by hand and keep their secrets."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from beffroi.observatory.fabric_accounts import LEAST_FIRMS, TOO_FEW_ACCOUNTS, accounts_of
from beffroi.observatory.fabric_public import public_figures
from beffroi.observatory.fabric_sizes import SIZES, size_rows
from beffroi.observatory.fabric_stock import year_table
from beffroi.observatory.fabric_subject import subject
from beffroi.observatory.fabric_territories import COUNTRY, find, resolve, territories
from beffroi.observatory.fabric_years import demography_of, stocks_told
from beffroi.sources.sirene_load import load_snapshot
from beffroi.store.registers_lives import lines_sql, sizes_sql
from beffroi.survey.disclosure import TOO_FEW
from beffroi.vocabulary.errors import StoreError, UnknownRegionError, UsageError

HEADER = (
    "siren;date_cloture_exercice;chiffre_d_affaires;marge_brute;ebe;ebit;resultat_net;taux_d_endettement;"
    "ratio_de_liquidite;ratio_de_vetuste;autonomie_financiere;poids_bfr_exploitation_sur_ca;couverture_des_interets;"
    "caf_sur_ca;capacite_de_remboursement;marge_ebe;resultat_courant_avant_impots_sur_ca;"
    "poids_bfr_exploitation_sur_ca_jours;rotation_des_stocks_jours;credit_clients_jours;credit_fournisseurs_jours;"
    "type_bilan;confidentiality"
)


def ict(row, **changes):
    """Make a row of the ICT sector in Lille, diffused and active since 2012 unless told."""
    row |= {
        "codeCommuneEtablissement": "59350", "codePaysEtrangerEtablissement": None,
        "activitePrincipaleEtablissement": "62.01Z", "nomenclatureActivitePrincipaleEtablissement": "NAFRev2",
        "dateCreationEtablissement": "2012-01-01", "dateDebut": "2012-01-01", "etatAdministratifEtablissement": "A",
        "etablissementSiege": "true",
    } | changes  # fmt: skip
    return row


def closed(day):
    return {"etatAdministratifEtablissement": "F", "dateDebut": day}


def linked(link, before, after):
    ends = {"siretEtablissementPredecesseur": before["siret"], "siretEtablissementSuccesseur": after["siret"]}
    return link | ends | {"continuiteEconomique": "true"}


@pytest.fixture
def twelve(stock_maker):
    """Twelve units with one establishment each, all of the ICT sector in Lille."""
    made = stock_maker(units=60)
    first = {row["siren"]: row for row in reversed(made.rows["establishments"])}
    rows = [ict(row) for row in list(first.values())[:12]]
    made.rows["establishments"] = rows
    made.rows["periods"] = made.rows["periods"][:1]
    made.rows["successions"] = made.rows["successions"][:1]
    return made


def loaded(made, folder, *kinds):
    files = [made.write(folder / "in", kind) for kind in ("establishments", *kinds)]
    load_snapshot(files, folder / "r", month="2026-11", today="2026-11-22")
    return subject(folder / "r")


def test_who_takes_over_is_not_born_and_who_is_taken_over_does_not_die(twelve, tmp_path):
    rows, links = twelve.rows["establishments"], twelve.rows["successions"]
    for row in rows[:4]:
        row["dateCreationEtablissement"] = "2016-03-01"
    for row in rows[4:8]:
        row.update(closed("2018-05-05"))
    # 8 closed in 2018 and goes on in 9, created in 2018, that closed in 2020 and goes on in 10, created in 2020.
    rows[8] |= {"dateCreationEtablissement": "2016-01-01"} | closed("2018-06-01")
    rows[9] |= {"dateCreationEtablissement": "2018-06-01"} | closed("2020-06-01")
    rows[10] |= {"dateCreationEtablissement": "2020-06-01"}
    link = links[0]
    links[:] = [linked(link, rows[k], rows[k + 1]) for k in (8, 9)]
    # A link without continuity joins nothing.
    links.append(linked(link, rows[4], rows[0]) | {"continuiteEconomique": "false"})
    net = demography_of(loaded(twelve, tmp_path / "net", "successions"), by="country")
    gross = demography_of(loaded(twelve, tmp_path / "gross"), by="country")

    def told(answer, year):
        return next(row for row in answer.rows if row[2] == year)

    assert told(net, 2016)[4:6] == (5, 0)  # 0 to 3, and 8
    assert told(gross, 2016)[4:6] == (5, 0)
    assert told(net, 2018)[4:6] == (0, 4)  # 8 handed over to 9
    assert told(gross, 2018)[3:6] == (None, None, None)  # one birth is a secret
    assert told(gross, 2018)[-1] == TOO_FEW
    assert told(net, 2020)[4:6] == (0, 0)
    assert told(net, 2016)[10] == 1.0  # five years on, the line of 8 stands in 10
    assert net.lines != gross.lines


def test_a_line_that_turns_in_a_ring_ends(twelve, tmp_path):
    rows, links = twelve.rows["establishments"], twelve.rows["successions"]
    for row in rows[:2]:
        row.update(closed("2019-01-01"))
    pairs = ((0, 1), (1, 0), (2, 2))
    links[:] = [linked(links[0], rows[a], rows[b]) for a, b in pairs]
    asked = loaded(twelve, tmp_path, "successions")

    with asked.engine() as engine:
        found = engine.rows(lines_sql("country", activities=asked.inside(engine)))[1]

    assert sum(row[-1] for row in found) == 12
    assert sum(row[-1] for row in found if row[3]) == 2  # 0 and 1 took over; 2 cannot take over itself


def test_the_history_counts_activities_of_the_day(twelve, tmp_path):
    rows, past = twelve.rows["establishments"], twelve.rows["periods"]
    one = past[0] | {"nomenclatureActivitePrincipaleEtablissement": "NAFRev2", "dateFin": None,
                     "etatAdministratifEtablissement": "A"}  # fmt: skip
    # Until the end of June 2020 all sold at retail, then they wrote programs; three were closed in 2022 and came back.
    past[:] = []
    for k, row in enumerate(rows):
        of = one | {"siren": row["siren"], "nic": row["nic"]}
        past.append(of | {"dateDebut": "2012-01-01", "dateFin": "2020-06-30",
                          "activitePrincipaleEtablissement": "47.11F"})  # fmt: skip
        ict_now = of | {"activitePrincipaleEtablissement": "62.01Z"}
        if k < 3:
            past.append(ict_now | {"dateDebut": "2020-07-01", "dateFin": "2022-01-31"})
            past.append(ict_now | {"dateDebut": "2022-02-01", "dateFin": "2023-01-31",
                                   "etatAdministratifEtablissement": "F"})  # fmt: skip
            past.append(ict_now | {"dateDebut": "2023-02-01"})
        else:
            past.append(ict_now | {"dateDebut": "2020-07-01"})
    years = list(range(2018, 2025))
    found = {}
    for name, kinds in (("history", ("periods",)), ("today", ())):
        asked = loaded(twelve, tmp_path / name, *kinds)
        with asked.engine() as engine:
            for sector, codes in (("ict", None), ("retail", ("47",))):
                told = stocks_told(asked, engine, years, codes=codes)
                found[name, sector] = [told[COUNTRY, year][0] for year in years]

    assert found["history", "retail"] == [12, 12, 0, 0, 0, 0, 0]
    assert found["history", "ict"] == [0, 0, 12, 12, 9, 12, 12]
    assert found["today", "ict"] == [12] * 7
    assert found["today", "retail"] == [0] * 7


def test_stocks_by_year_are_a_table(twelve, tmp_path):
    for row in twelve.rows["establishments"][:4]:
        row.update(closed("2020-02-02"))
    loaded(twelve, tmp_path)

    whole = year_table(tmp_path / "r", territory="FRE", codes=("62",)).table
    parts = year_table(tmp_path / "r", level="department", territory="FRE").table

    assert whole.columns == ("nuts1", "name", "year", "establishments", "status", "reason")
    assert {row[2]: row[3] for row in whole.rows} == dict.fromkeys(range(2016, 2020), 12) | dict.fromkeys(
        range(2020, 2026), 8
    )
    assert {row[0] for row in parts.rows} == {"FRE11", "FRE12", "FRE21", "FRE22", "FRE23"}
    sdmx = year_table(tmp_path / "r", territory="FRE").sdmx(vintage="NAFRev2")
    assert {row[sdmx.columns.index("TIME_PERIOD")] for row in sdmx.rows} == {str(year) for year in range(2016, 2026)}
    with pytest.raises(UsageError, match="tell of single firms"):
        year_table(tmp_path / "r", territory="200093201")


@pytest.mark.parametrize(("units", "seed"), [(45, 3), (120, 5)])
def test_no_size_of_one_or_two_firms_can_be_solved(stock_maker, tmp_path, units, seed):
    asked = loaded(stock_maker(units=units, seed=seed), tmp_path)
    with asked.engine() as engine:
        public = public_figures(asked, engine)
        rows = size_rows(asked, engine, public)
        raw = {(a, b, s): n for b, a, s, n, _ in engine.rows(sizes_sql("epci", activities=asked.inside(engine)))[1]}
    level = {code: name for name, held in territories().items() for code in held}
    cells = sorted({(a, b, s) for a, b, _ in raw for s in SIZES})
    true = np.array([raw.get(one, 0) for one in cells], dtype=float)

    def holds(code, sizes):
        def lies(a, b):
            return b == code if level[code] == "epci" else code == COUNTRY or a.startswith(code)

        return np.array([float(s in sizes and lies(a, b)) for a, b, s in cells])

    known = [(holds(code, SIZES), one.establishments) for (_, code), one in public.inside.items() if one.establishments]
    known += [(holds(code, (size,)), n) for code, size, n, why in rows if not why]
    known = [(row, n) for row, n in known if row.any()]
    matrix, values = np.array([row for row, _ in known]), np.array([n for _, n in known], dtype=float)
    assert np.allclose(matrix @ true, values)
    secrets = [holds(code, (size,)) for code, size, _, why in rows if why == TOO_FEW]
    assert len(secrets) > 10
    for secret in secrets:
        most = -linprog(-secret, A_eq=matrix, b_eq=values, method="highs").fun
        assert most - secret @ true >= 1 - 1e-6


def accounts(path, rows):
    lines = [";".join([siren, day, turnover, *["1"] * 17, "12.5", kind, public])
             for siren, day, turnover, kind, public in rows]  # fmt: skip
    path.write_text("\ufeff" + "\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return path


def test_medians_of_accounts_are_those_of_five_firms_or_more(twelve, tmp_path):
    sites = twelve.rows["establishments"]
    for row in sites[6:]:
        row["codeCommuneEtablissement"] = "69123"
    sites[11]["etablissementSiege"] = "false"
    sirens = [row["siren"] for row in sites]
    rows = [(one, "2025-12-31", str(100 * k), "C", "Public") for k, one in enumerate(sirens)]
    rows += [
        (
            sirens[0],
            "2025-12-31",
            "999999",
            "S",
            "Public",
        ),  # the complete account comes first
        (sirens[1], "2025-06-30", "888888", "C", "Public"),  # and the last before earlier ones
        (sirens[2], "2025-12-31", "777777", "K", "Public"),  # consolidated: of a group
        (sirens[3], "2025-12-31", "1", "C", "Confidential"),
        (sirens[4], "2025-12-31", "1e3x", "C", "Public"),
        ("123456789", "2025-12-31", "1", "C", "Public"),
    ]
    made = accounts(tmp_path / "export.csv", rows)
    manifest = load_snapshot([twelve.write(tmp_path / "in"), made], tmp_path / "r", month="2026-11", today="2026-11-22")
    asked = subject(tmp_path / "r")

    assert manifest.rows["ratios"] == 15
    assert manifest.faults == {
        "ratios: not_public": 1, "ratios: number_unreadable": 1, "ratios: siren_fails_its_key": 1,
    }  # fmt: skip
    found = accounts_of(asked, by="nuts3")
    told = {(row[0], row[3]): row[4:] for row in found.rows if row[2] == 2025}
    assert told["FRE11", "turnover"] == (6, 250.0, "EUR", "")
    assert told["FRK26", "turnover"] == (5, 800.0, "EUR", "")
    assert told["FRE11", "supplier_days"] == (6, 12.5, "days", "")
    assert "ratios_inpi_bce" in found.table().rows[0][-1]
    alone = accounts_of(asked, territory="FR", by="country")
    assert next(row for row in alone.rows if row[3] == "turnover")[4] == 11


def test_fewer_than_five_accounts_are_a_secret(twelve, tmp_path):
    sirens = [row["siren"] for row in twelve.rows["establishments"]]
    made = accounts(tmp_path / "export.csv", [(one, "2025-12-31", "10", "C", "Public") for one in sirens[:4]])
    load_snapshot([twelve.write(tmp_path / "in"), made], tmp_path / "r", month="2026-11", today="2026-11-22")

    found = accounts_of(subject(tmp_path / "r"), territory="FR", by="country")

    assert LEAST_FIRMS == 5
    assert {row[-1] for row in found.rows} == {TOO_FEW_ACCOUNTS}
    assert {row[4:6] for row in found.rows} == {(None, None)}
    with pytest.raises(UsageError, match="Accounts are told"):
        accounts_of(subject(tmp_path / "r"), territory="200093201", by="epci")


def test_without_accounts_the_way_to_them_is_said(twelve, tmp_path):
    with pytest.raises(StoreError, match="fabric download ratios"):
        accounts_of(loaded(twelve, tmp_path))


def test_a_name_means_its_territories():
    assert resolve("  ile-de-FRANCE ") == "FR1"
    assert resolve("Lille") == "59350"
    assert find("Nord-Pas-de-Calais") == [("FRE1", "nuts2")]
    with pytest.raises(UsageError, match=r"'Paris' is the name of 2 territories: FR101 .*75056"):
        resolve("Paris")
    with pytest.raises(UsageError, match=r"and \d+ more"):
        resolve("Saint")
    with pytest.raises(UnknownRegionError, match="no territory"):
        resolve("Atlantide")
