"""A register of the national size, invented: the official columns, real commune codes, no real firm.

    python bench/register_data.py FOLDER [--establishments 43000000] [--seed 1]

Writes `StockUniteLegale_synthetic.parquet` and `StockEtablissement_synthetic.parquet` in the layout of the stock
files of SIRENE (INSEE). Every SIREN is drawn in order and given its key; communes are drawn by their inhabitants,
activities by the rough share of their section, staff bands by published orders of magnitude. 38 % of establishments
are active and 5.6 % have staff, as measured on the stock of 2026. The same seed gives the same rows. Names say that
they are synthetic, and the generator is never part of the program: none of it can be shown as real.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import duckdb

from beffroi.store.registers_keys import luhn_sql
from beffroi.vocabulary.communes import places

SHARES = Path(__file__).parent / "data" / "naf_rev2_shares.csv"
UNITS_PER_ESTABLISHMENT = 29 / 43
SLOTS = 1 << 20
ACTIVE = 0.381
EMPLOYER_IF_ACTIVE = 0.1457  # 5.6 % of all are active and have staff
# Staff bands of active employers, thousandths (orders of magnitude of INSEE's counts by band).
BANDS = {"01": 420, "02": 260, "03": 135, "11": 88, "12": 60, "21": 19, "22": 11, "31": 2, "32": 3, "41": 1, "42": 1}

UNIT_COLUMNS = """siren statutDiffusionUniteLegale unitePurgeeUniteLegale dateCreationUniteLegale sigleUniteLegale
sexeUniteLegale prenom1UniteLegale prenom2UniteLegale prenom3UniteLegale prenom4UniteLegale prenomUsuelUniteLegale
pseudonymeUniteLegale identifiantAssociationUniteLegale trancheEffectifsUniteLegale anneeEffectifsUniteLegale
dateDernierTraitementUniteLegale nombrePeriodesUniteLegale categorieEntreprise anneeCategorieEntreprise dateDebut
etatAdministratifUniteLegale nomUniteLegale nomUsageUniteLegale denominationUniteLegale
denominationUsuelle1UniteLegale denominationUsuelle2UniteLegale denominationUsuelle3UniteLegale
categorieJuridiqueUniteLegale activitePrincipaleUniteLegale nomenclatureActivitePrincipaleUniteLegale
nicSiegeUniteLegale economieSocialeSolidaireUniteLegale societeMissionUniteLegale caractereEmployeurUniteLegale
activitePrincipaleNAF25UniteLegale""".split()  # noqa: SIM905 -- read as the publisher lists them
SITE_COLUMNS = """siren nic siret statutDiffusionEtablissement dateCreationEtablissement
trancheEffectifsEtablissement anneeEffectifsEtablissement activitePrincipaleRegistreMetiersEtablissement
dateDernierTraitementEtablissement etablissementSiege nombrePeriodesEtablissement complementAdresseEtablissement
numeroVoieEtablissement indiceRepetitionEtablissement dernierNumeroVoieEtablissement
indiceRepetitionDernierNumeroVoieEtablissement typeVoieEtablissement libelleVoieEtablissement
codePostalEtablissement libelleCommuneEtablissement libelleCommuneEtrangerEtablissement
distributionSpecialeEtablissement codeCommuneEtablissement codeCedexEtablissement libelleCedexEtablissement
codePaysEtrangerEtablissement libellePaysEtrangerEtablissement identifiantAdresseEtablissement
coordonneeLambertAbscisseEtablissement coordonneeLambertOrdonneeEtablissement complementAdresse2Etablissement
numeroVoie2Etablissement indiceRepetition2Etablissement typeVoie2Etablissement libelleVoie2Etablissement
codePostal2Etablissement libelleCommune2Etablissement libelleCommuneEtranger2Etablissement
distributionSpeciale2Etablissement codeCommune2Etablissement codeCedex2Etablissement libelleCedex2Etablissement
codePaysEtranger2Etablissement libellePaysEtranger2Etablissement dateDebut etatAdministratifEtablissement
enseigne1Etablissement enseigne2Etablissement enseigne3Etablissement denominationUsuelleEtablissement
activitePrincipaleEtablissement nomenclatureActivitePrincipaleEtablissement caractereEmployeurEtablissement
activitePrincipaleNAF25Etablissement""".split()  # noqa: SIM905 -- as above


def slots(weights: dict[str, float]) -> list[str]:
    """Spread codes over a fixed number of slots by weight, each at least once."""
    total = sum(weights.values())
    spare = SLOTS - len(weights)
    counts = {code: 1 + int(weight / total * spare) for code, weight in weights.items()}
    largest = max(counts, key=lambda code: counts[code])
    counts[largest] += SLOTS - sum(counts.values())
    return [code for code, count in counts.items() for _ in range(count)]


def uniform(salt: int, *, of: str) -> str:
    """SQL of a number in [0, 1) drawn from a row's key, the same on every run and with any number of threads."""
    return f"((hash({of} + {salt} * 1000000007::UBIGINT) >> 11)::DOUBLE / 9007199254740992.0)"


def siren(base: str) -> str:
    """SQL of a SIREN: eight digits and the key of Luhn."""
    return f"({base})::VARCHAR || ((10 - {luhn_sql(f'({base}) * 10')} % 10) % 10)::VARCHAR"


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of slots that rows are drawn from."""
    known = {
        one.code: one.people for one in places().values() if one.people and one.code not in ("75056", "69123", "13055")
    }
    with SHARES.open(encoding="utf-8") as file:
        activities = {row["code"]: float(row["share"]) for row in csv.DictReader(file)}
    for name, weights in (("communes", known), ("activities", activities), ("bands", BANDS)):
        connection.execute(
            f"CREATE TABLE {name} AS SELECT generate_subscripts(codes, 1) - 1 AS slot, unnest(codes) AS code "
            "FROM (SELECT $codes AS codes)",
            {"codes": slots({code: float(weight) for code, weight in weights.items()})},
        )


def units_sql(units: int, seed: int) -> str:
    """Legal units, in the order of their SIREN."""
    draw = lambda salt: uniform(seed * 100 + salt, of="u")  # noqa: E731 -- ten draws read better so
    values = {
        "siren": siren("(10000000 + u * 3)::INT"),
        "statutDiffusionUniteLegale": f"CASE WHEN {draw(1)} < 0.08 THEN 'P' ELSE 'O' END",
        "dateCreationUniteLegale": f"DATE '1980-01-01' + (sqrt({draw(2)}) * 17000)::INT",
        "trancheEffectifsUniteLegale": "b.code",
        "nombrePeriodesUniteLegale": "1",
        "categorieEntreprise": f"CASE WHEN {draw(3)} < 0.97 THEN 'PME' WHEN {draw(4)} < 0.8 THEN 'ETI' ELSE 'GE' END",
        "dateDebut": f"DATE '2008-01-01' + ({draw(5)} * 6800)::INT",
        "etatAdministratifUniteLegale": f"CASE WHEN {draw(6)} < 0.45 THEN 'A' ELSE 'C' END",
        "nomUniteLegale": f"CASE WHEN {draw(7)} < 0.6 THEN 'NOM SYNTHETIQUE ' || u END",
        "denominationUniteLegale": f"CASE WHEN {draw(7)} >= 0.6 THEN 'SYNTHETIQUE ' || u END",
        "categorieJuridiqueUniteLegale": f"CASE WHEN {draw(7)} < 0.6 THEN '1000' ELSE '5710' END",
        "activitePrincipaleUniteLegale": "a.code",
        "nomenclatureActivitePrincipaleUniteLegale": "'NAFRev2'",
        "nicSiegeUniteLegale": "'00011'",
        "caractereEmployeurUniteLegale": f"CASE WHEN {draw(8)} < 0.06 THEN 'O' ELSE 'N' END",
        "activitePrincipaleNAF25UniteLegale": "left(a.code, 5) || 'Y'",
    }
    chosen = ", ".join(f"{values.get(name, 'NULL::VARCHAR')} AS {name}" for name in UNIT_COLUMNS)
    return (
        f"SELECT {chosen} FROM (SELECT range::UBIGINT AS u FROM range({units})) AS drawn "
        f"JOIN activities AS a ON a.slot = ({draw(9)} * {SLOTS})::INT % {SLOTS} "
        f"JOIN bands AS b ON b.slot = ({draw(10)} * {SLOTS})::INT % {SLOTS}"
    )


def sites_sql(units: int, sites: int, seed: int) -> str:
    """Establishments: each unit has one, some have more, a few have hundreds."""
    draw = lambda salt: uniform(seed * 100 + salt, of="e")  # noqa: E731 -- as above
    per_unit = uniform(seed * 100 + 50, of="u")
    rare = uniform(seed * 100 + 51, of="u")
    extra = (
        f"CASE WHEN {rare} < 0.00005 THEN ({per_unit} * 800)::INT ELSE floor(ln(1 - {per_unit}) / ln(0.34))::INT END"
    )
    values = {
        "siren": "siren", "nic": "lpad((11 + 10 * k)::VARCHAR, 5, '0')",
        "siret": "siren || lpad((11 + 10 * k)::VARCHAR, 5, '0')",
        "statutDiffusionEtablissement": f"CASE WHEN {draw(21)} < 0.08 THEN 'P' ELSE 'O' END",
        "dateCreationEtablissement": f"DATE '1980-01-01' + (sqrt({draw(22)}) * 17000)::INT",
        "trancheEffectifsEtablissement": "CASE WHEN employer THEN b.code ELSE 'NN' END",
        "anneeEffectifsEtablissement": "CASE WHEN employer THEN 2024 END",
        "dateDernierTraitementEtablissement": "TIMESTAMP '2026-10-01'", "etablissementSiege": "k = 0",
        "nombrePeriodesEtablissement": "CASE WHEN active THEN 1 ELSE 2 END",
        "numeroVoieEtablissement": f"({draw(23)} * 300)::INT::VARCHAR", "typeVoieEtablissement": "'RUE'",
        "libelleVoieEtablissement": f"'VOIE SYNTHETIQUE ' || ({draw(24)} * 5000)::INT",
        "codePostalEtablissement": "left(c.code, 2) || '000'", "libelleCommuneEtablissement": "'COMMUNE ' || c.code",
        "codeCommuneEtablissement": "c.code",
        "coordonneeLambertAbscisseEtablissement": f"(200000 + {draw(25)} * 900000)::INT::VARCHAR",
        "coordonneeLambertOrdonneeEtablissement": f"(6100000 + {draw(26)} * 900000)::INT::VARCHAR",
        "dateDebut": f"DATE '2008-01-01' + ({draw(27)} * 6800)::INT",
        "etatAdministratifEtablissement": "CASE WHEN active THEN 'A' ELSE 'F' END",
        "activitePrincipaleEtablissement": "a.code",
        "nomenclatureActivitePrincipaleEtablissement": "'NAFRev2'",
        "caractereEmployeurEtablissement": "CASE WHEN employer THEN 'O' ELSE 'N' END",
        "activitePrincipaleNAF25Etablissement": "left(a.code, 5) || 'Y'",
    }  # fmt: skip
    chosen = ", ".join(f"{values.get(name, 'NULL::VARCHAR')} AS {name}" for name in SITE_COLUMNS)
    return (
        f"SELECT {chosen} FROM (SELECT *, {draw(28)} < {ACTIVE} AS active, "
        f"{draw(28)} < {ACTIVE * EMPLOYER_IF_ACTIVE} AS employer FROM ("
        f"SELECT {siren('(10000000 + u * 3)::INT')} AS siren, u * 1000 + k AS e, k FROM ("
        f"SELECT u, unnest(range(1 + {extra})) AS k FROM (SELECT range::UBIGINT AS u FROM range({units}))) "
        f"LIMIT {sites})) "
        f"JOIN activities AS a ON a.slot = ({draw(29)} * {SLOTS})::INT % {SLOTS} "
        f"JOIN communes AS c ON c.slot = ({draw(30)} * {SLOTS})::INT % {SLOTS} "
        f"JOIN bands AS b ON b.slot = ({draw(31)} * {SLOTS})::INT % {SLOTS}"
    )


def generate(folder: Path, establishments: int, *, seed: int = 1) -> tuple[Path, Path]:
    """Write both stock files; those that stand already with this size and seed are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    units = int(establishments * UNITS_PER_ESTABLISHMENT)
    out = (folder / "StockUniteLegale_synthetic.parquet", folder / "StockEtablissement_synthetic.parquet")
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = true")
        fill(connection)
        for path, sql in zip(out, (units_sql(units, seed), sites_sql(units, establishments, seed)), strict=True):
            if not path.exists():
                part = path.with_suffix(".part")
                # Small tables are built from, not probed, so their order is lost; the stock comes sorted by SIRET.
                sorted_sql = f"{sql} ORDER BY 1, 2" if establishments < 5 * SLOTS else sql
                connection.execute(f"COPY ({sorted_sql}) TO '{part}' (FORMAT parquet, COMPRESSION snappy)")
                part.rename(path)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--establishments", type=int, default=43_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for path in generate(given.folder, given.establishments, seed=given.seed):
        print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
