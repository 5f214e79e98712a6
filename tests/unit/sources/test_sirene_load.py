"""A snapshot is loaded whole or not at all, and what is not kept is counted."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from beffroi.sources.sirene_load import load_snapshot
from beffroi.store import registers_months
from beffroi.store.registers_months import LOADING, folder_of, months, read_manifest
from beffroi.store.tables import read_parquet
from beffroi.vocabulary.errors import SourceError, StoreError, UsageError

DAY = "2026-11-22"


@pytest.fixture
def register(tmp_path):
    return tmp_path / "register"


def load(files, register, month="2026-11", **more):
    return load_snapshot(files, register, month=month, today=DAY, **more)


def table(register, name):
    names, rows = read_parquet(folder_of(register) / f"{name}.parquet")
    return [dict(zip(names, row, strict=True)) for row in rows]


def column(register, name, wanted):
    return [row[wanted] for row in table(register, name)]


@pytest.mark.parametrize("form", ["parquet", "csv", "zip"])
def test_every_row_of_every_form_is_loaded(stock, tmp_path, register, form):
    manifest = load(stock.all(tmp_path / "in", form), register)

    assert {kind: manifest.rows[kind] for kind in stock.rows} == {kind: len(rows) for kind, rows in stock.rows.items()}
    assert manifest.faults == {"communes: unknown_commune": 1}
    assert months(register) == ("2026-11",)
    assert sorted(one.name for one in register.iterdir()) == [".lock", folder_of(register).name, "index.json"]


def test_the_three_forms_give_the_same_tables(stock, tmp_path):
    for form in ("parquet", "csv", "zip"):
        load(stock.all(tmp_path / form, form), tmp_path / f"register-{form}")

    for name in ("establishments", "legal_units", "names", "periods", "successions", "places", "activities"):
        found = [sorted(map(str, table(tmp_path / f"register-{form}", name))) for form in ("parquet", "csv", "zip")]
        assert found[0] == found[1] == found[2], name


def test_codes_lead_back_to_what_the_publisher_wrote(stock, tmp_path, register):
    load(stock.all(tmp_path / "in"), register)
    place = {one["key"]: one["code"] for one in table(register, "places")}
    activity = {one["key"]: (one["vintage"], one["code"]) for one in table(register, "activities")}
    size = {one["key"]: one["code"] for one in table(register, "sizes")}

    found = Counter(
        (f"{one['siren']:09}{one['nic']:05}", place[one["place"]], *activity[one["naf"]], size[one["size"]],
         one["active"], str(one["created"]), one["employer"])
        for one in table(register, "establishments")
    )  # fmt: skip

    assert found == Counter(
        (one["siret"], one["codeCommuneEtablissement"] or "", one["nomenclatureActivitePrincipaleEtablissement"],
         one["activitePrincipaleEtablissement"], one["trancheEffectifsEtablissement"],
         one["etatAdministratifEtablissement"] == "A", one["dateCreationEtablissement"],
         one["caractereEmployeurEtablissement"] == "O")
        for one in stock.rows["establishments"]
    )  # fmt: skip


def test_establishments_lie_in_the_order_that_prunes(stock, tmp_path, register):
    load(stock.all(tmp_path / "in"), register)
    keys = [(one["place"], one["naf"]) for one in table(register, "establishments")]

    assert keys == sorted(keys)


def test_legal_units_that_come_in_any_order_are_sorted(stock, tmp_path, register):
    stock.rows["legal_units"].reverse()
    load(stock.all(tmp_path / "in"), register)

    for name in ("legal_units", "names"):
        found = [one["siren"] for one in table(register, name)]
        assert len(found) > 1
        assert found == sorted(found)


def test_no_name_of_a_person_or_of_an_undisclosed_unit_is_loaded(stock, tmp_path, register):
    load(stock.all(tmp_path / "in"), register)
    named = {f"{one['siren']:09}" for one in table(register, "names")}
    units = stock.rows["legal_units"]
    may_be_named = {
        one["siren"]
        for one in units
        if one["statutDiffusionUniteLegale"] == "O" and not one["categorieJuridiqueUniteLegale"].startswith("1")
    }

    assert named == may_be_named
    assert 0 < len(named) < len(units)
    for path in folder_of(register).glob("*.parquet"):
        for row in read_parquet(path)[1]:
            assert "PERSONNESECRETE" not in str(row), path.name


def test_coordinates_of_undisclosed_establishments_are_not_kept(stock, tmp_path, register):
    load(stock.all(tmp_path / "in"), register)
    hidden = {one["siret"] for one in stock.rows["establishments"] if one["statutDiffusionEtablissement"] == "P"}
    kept = {
        (f"{one['siren']:09}{one['nic']:05}" in hidden): (one["x"], one["y"])
        for one in table(register, "establishments")
    }

    assert kept == {True: (None, None), False: (6524, 68620)}


def test_rows_with_faults_are_counted_by_reason_and_kept_apart(stock, tmp_path, register):
    rows = stock.rows["establishments"]
    rows[0]["siren"] = str(int(rows[0]["siren"]) + 1)
    rows[1]["codeCommuneEtablissement"] = rows[1]["codePaysEtrangerEtablissement"] = None
    rows[2]["siret"] = "00000000000000"
    rows[3]["etatAdministratifEtablissement"] = "?"
    rows[4]["nic"] = "1"
    rows[5]["siren"] = "12345"
    rows[6]["dateCreationEtablissement"] = "le 3 mai"
    stock.rows["legal_units"][0]["siren"] = "732829321"
    stock.rows["successions"][0]["siretEtablissementSuccesseur"] = "7"

    manifest = load(stock.all(tmp_path / "in", "csv"), register)

    assert manifest.faults == {
        "communes: unknown_commune": 1,
        "establishments: date_unreadable": 1,
        "establishments: nic_not_five_digits": 1,
        "establishments: no_commune": 1,
        "establishments: siren_fails_its_key": 1,
        "establishments: siren_not_nine_digits": 1,
        "establishments: siret_is_not_siren_and_nic": 1,
        "establishments: state_unknown": 1,
        "legal_units: siren_fails_its_key": 1,
        "successions: siret_not_fourteen_digits": 1,
    }
    assert manifest.rows["establishments"] == len(rows) - 7
    faulty = {one["row_key"]: one["reason"] for one in table(register, "faults") if one["file"] == "establishments"}
    assert faulty[rows[1]["siret"]] == "no_commune"
    assert len(faulty) == 7


def test_a_wrong_key_is_left_out_of_every_table_and_the_order_stays(stock, tmp_path, register):
    load(stock.all(tmp_path / "before", "parquet"), register)
    before = {one: column(register, one, "siren") for one in ("legal_units", "names", "periods", "establishments")}
    siren = before["names"][0]
    wrong = str(siren - siren % 10 + (siren + 1) % 10).zfill(9)
    for rows in stock.rows.values():
        for row in rows:
            if row.get("siren") == str(siren).zfill(9):
                row["siren"] = wrong
                row.update({"siret": wrong + row["nic"]} if "siret" in row else {})

    load(stock.all(tmp_path / "in", "parquet"), register, again=True)

    assert siren in before["periods"]
    assert siren in before["establishments"]
    for table_name, sirens in before.items():
        after = column(register, table_name, "siren")
        assert sorted(after) == sorted(one for one in sirens if one != siren), table_name
    assert column(register, "legal_units", "siren") == sorted(column(register, "legal_units", "siren"))


def test_of_rows_given_twice_the_open_one_is_kept_and_the_others_are_faults(stock, tmp_path, register):
    sites, units = stock.rows["establishments"], stock.rows["legal_units"]
    first = sites[0] | {"etatAdministratifEtablissement": "A"}
    closed = first | {"etatAdministratifEtablissement": "F", "dateDebut": "2020-01-01"}
    public = next(one for one in units if one["statutDiffusionUniteLegale"] == "O"
                  and not one["categorieJuridiqueUniteLegale"].startswith("1"))  # fmt: skip
    person = public | {"statutDiffusionUniteLegale": "P", "categorieJuridiqueUniteLegale": "1000"}
    once = len(sites)
    sites[0:1] = [closed, first, closed]
    units.append(person)

    manifest = load(stock.all(tmp_path / "in"), register)

    assert manifest.faults == {
        "communes: unknown_commune": 1,
        "establishments: given_twice": 2,
        "legal_units: given_twice": 1,
    }
    assert manifest.rows["establishments"] == once
    kept = [one for one in table(register, "establishments") if f"{one['siren']:09}{one['nic']:05}" == first["siret"]]
    assert [(one["active"], one["closed"]) for one in kept] == [(True, None)]
    assert {one["row_key"] for one in table(register, "faults") if one["reason"] == "given_twice"} == {
        first["siret"],
        person["siren"],
    }
    assert int(person["siren"]) not in {one["siren"] for one in table(register, "names")}
    keys = [(one["place"], one["naf"]) for one in table(register, "establishments")]
    assert keys == sorted(keys)


def test_lines_that_are_no_rows_are_counted_and_not_quoted(stock, tmp_path, register):
    path = stock.write(tmp_path, form="csv")
    lines = path.read_text("utf-8").splitlines(keepends=True)
    lines[3] = "too,few,PERSONNESECRETE\n"
    path.write_text("".join(lines), "utf-8")

    manifest = load([path], register)

    assert manifest.faults["lines_establishments: line_is_no_row"] == 1
    assert manifest.rows["establishments"] == len(stock.rows["establishments"]) - 1
    assert "PERSONNESECRETE" not in str(table(register, "faults"))


def test_a_quote_that_never_closes_is_refused(stock, tmp_path, register):
    path = stock.write(tmp_path, form="csv")
    lines = path.read_text("utf-8").splitlines(keepends=True)
    lines[10] = '"' + lines[10]
    path.write_text("".join(lines), "utf-8")

    with pytest.raises(SourceError, match=r"a quote opens in line 11 and does not close"):
        load([path], register)

    assert months(register) == ()


def test_a_renamed_column_is_named_with_the_one_that_resembles_it(stock, tmp_path, register):
    for row in stock.rows["establishments"]:
        row["codeCommuneEtab"] = row.pop("codeCommuneEtablissement")

    with pytest.raises(
        SourceError, match=r"lacks a column .*'codeCommuneEtablissement' \(the file has 'codeCommuneEtab'\)"
    ):
        load([stock.write(tmp_path)], register)

    assert months(register) == ()


def test_files_without_the_newer_columns_are_read(stock, tmp_path, register):
    for row in stock.rows["establishments"]:
        for name in ("coordonneeLambertAbscisseEtablissement", "coordonneeLambertOrdonneeEtablissement",
                     "activitePrincipaleNAF25Etablissement"):  # fmt: skip
            row.pop(name)

    load([stock.write(tmp_path)], register)

    assert {(one["x"], one["y"], one["naf25"]) for one in table(register, "establishments")} == {(None, None, 0)}


@pytest.mark.parametrize("form", ["zip", "parquet"])
def test_a_file_cut_short_is_refused_before_anything_is_read(stock, tmp_path, register, form):
    path = stock.write(tmp_path, form=form)
    path.write_bytes(path.read_bytes()[:-400])

    with pytest.raises(SourceError, match=r"is cut short or damaged .*Fetch it again.*Nothing was loaded"):
        load([path], register)

    assert months(register) == ()


def test_a_zip_damaged_in_its_middle_is_refused(stock, tmp_path, register):
    path = stock.write(tmp_path, form="zip")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)

    with pytest.raises(SourceError, match="cut short or damaged"):
        load([path], register)

    assert not list(register.rglob("*.csv"))


def test_a_file_that_is_not_what_its_columns_say_is_refused(stock, tmp_path, register):
    for row in stock.rows["establishments"]:
        row["siren"] = "123456789"

    with pytest.raises(SourceError, match=r"no row that can be kept \(siren_fails_its_key in"):
        load([stock.write(tmp_path)], register)


def test_a_file_of_something_else_is_refused(tmp_path, register):
    path = tmp_path / "autre.csv"
    path.write_text("a,b\n1,2\n")

    with pytest.raises(SourceError, match="none of the stock files of SIRENE"):
        load([path], register)


def test_establishments_are_needed_and_each_kind_once(stock, tmp_path, register):
    units = stock.write(tmp_path, "legal_units")
    sites = stock.write(tmp_path / "a")
    same = stock.write(tmp_path / "b", form="csv")

    with pytest.raises(UsageError, match="No file StockEtablissement"):
        load([units], register)
    with pytest.raises(UsageError, match=r"Two files of one kind .*establishments"):
        load([sites, same], register)


def test_a_checksum_that_differs_is_refused(stock, tmp_path, register):
    path = stock.write(tmp_path)

    with pytest.raises(SourceError, match="and the publisher gives 0000"):
        load([path], register, checksums={path.name: "0" * 64})


def test_months_stand_side_by_side_and_an_older_one_is_refused_unless_asked(stock, tmp_path, register):
    path = stock.write(tmp_path)
    load([path], register, "2026-10")
    stock.rows["establishments"].pop()
    other = stock.write(tmp_path)
    load([other], register, "2026-11")

    with pytest.raises(UsageError, match=r"2026-09 is older than that of 2026-11.*--older"):
        load([other], register, "2026-09")
    load([other], register, "2026-09", older=True)

    assert months(register) == ("2026-09", "2026-10", "2026-11")
    assert read_manifest(folder_of(register)).month == "2026-11"
    assert read_manifest(folder_of(register, "2026-10")).rows["establishments"] == len(stock.rows["establishments"]) + 1


def test_the_same_files_are_not_loaded_twice_and_others_only_when_asked(stock, tmp_path, register):
    path = stock.write(tmp_path)
    first = load([path], register)
    before = folder_of(register)
    stamp = (before / "manifest.json").stat().st_mtime_ns

    assert load([path], register) == first
    assert (before / "manifest.json").stat().st_mtime_ns == stamp
    stock.rows["establishments"].pop()
    other = stock.write(tmp_path)
    with pytest.raises(UsageError, match="loaded already, from other files"):
        load([other], register)
    assert load([other], register, again=True).rows["establishments"] == first.rows["establishments"] - 1
    assert not before.exists()


def test_a_month_is_written_as_one(stock, tmp_path, register):
    with pytest.raises(UsageError, match="'november' is no month"):
        load([stock.write(tmp_path)], register, "november")


def test_progress_reaches_its_end(stock, tmp_path, register):
    told = []
    load(stock.all(tmp_path / "in", "zip"), register, progress=lambda *one: told.append(one))

    assert {step for step, _, _ in told} >= {"checking StockEtablissement_utf8.zip", "codes", "establishments", "names"}
    assert told[-1][1] == told[-1][2]


def test_a_full_disk_leaves_nothing_half_loaded_and_the_load_goes_on_later(stock, tmp_path, register):
    files = stock.all(tmp_path / "in")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        with pytest.raises(StoreError, match="The disk is full"):
            load(files, register)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)

    assert months(register) == ()
    assert load(files, register).rows["establishments"] == len(stock.rows["establishments"])


def test_a_zip_that_would_not_fit_is_refused_before_it_is_unpacked(stock, tmp_path, register, monkeypatch):
    path = stock.write(tmp_path, form="zip")
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("beffroi.sources.sirene_files.shutil.disk_usage", lambda _: usage)

    with pytest.raises(StoreError, match=r"The disk is full: .* unpacks to .*give the Parquet file"):
        load([path], register)


SCRIPT = """
import sys
from pathlib import Path
from beffroi.sources.sirene_load import load_snapshot
def told(step, done, total):
    print(step, flush=True)
files = [Path(one) for one in sys.argv[2:]]
load_snapshot(files, Path(sys.argv[1]), month="2026-11", today="2026-11-22", progress=told)
print("done", flush=True)
"""


@pytest.mark.parametrize("step", ["unpacking", "codes", "establishments", "names"])
def test_a_load_killed_at_any_moment_leaves_nothing_and_goes_on(stock, tmp_path, register, step):
    files = [stock.write(tmp_path / "in", kind, "zip") for kind in ("establishments", "legal_units")]
    src = str(Path(__file__).resolve().parents[3] / "src")
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(register), *map(str, files)],
        stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": src},
    ) as process:  # fmt: skip
        for line in process.stdout:
            if line.startswith(step):
                process.send_signal(signal.SIGKILL)
                break
        process.wait()

    assert months(register) == ()
    left = sorted(one.name for one in register.glob(f"{LOADING}*/*.parquet"))
    manifest = load(files, register)
    assert manifest.rows["establishments"] == len(stock.rows["establishments"])
    assert manifest.rows["legal_units"] == len(stock.rows["legal_units"])
    assert not list(register.glob(f"{LOADING}*"))
    if step == "names":
        assert "establishments.parquet" in left


def test_what_a_killed_load_had_finished_is_not_done_again(stock, tmp_path, register, monkeypatch):
    files = stock.all(tmp_path / "in")
    whole = registers_months.encode

    def fails_at_names(given, coding, into, **more):
        if coding.table == "names":
            raise KeyboardInterrupt
        whole(given, coding, into, **more)

    monkeypatch.setattr(registers_months, "encode", fails_at_names)
    with pytest.raises(KeyboardInterrupt):
        load(files, register)
    monkeypatch.undo()
    (made,) = register.glob(f"{LOADING}*/establishments.parquet")
    stamp = made.stat().st_mtime_ns
    time.sleep(0.01)

    load(files, register)

    assert (folder_of(register) / "establishments.parquet").stat().st_mtime_ns == stamp


def test_a_register_of_invented_firms_is_marked_so(stock, tmp_path, register):
    path = stock.write(tmp_path, name="StockEtablissement_synthetic")

    assert load([path], register).synthetic


def test_real_rows_pass_through_the_same_reader(shared, tmp_path, register):
    source = shared / "data/companies/sirene_ess_numerique_2026/structures.parquet"
    codes = shared / "data/geography/fr_cog_2026/communes.parquet"
    target = tmp_path / "StockEtablissement_utf8.csv"
    # The extract names communes and not their codes: those that one commune alone bears are looked up.
    duckdb.execute(
        f"""COPY (SELECT s.siren, right(siret_siege, 5) AS nic, siret_siege AS siret,
            'O' AS "statutDiffusionEtablissement", date_creation AS "dateCreationEtablissement",
            tranche_effectifs AS "trancheEffectifsEtablissement", 'true' AS "etablissementSiege",
            c.code AS "codeCommuneEtablissement", NULL AS "codePaysEtrangerEtablissement", date_creation AS "dateDebut",
            CASE est_active WHEN 'True' THEN 'A' ELSE 'F' END AS "etatAdministratifEtablissement",
            replace(naf, ' ', '') AS "activitePrincipaleEtablissement",
            'NAFRev2' AS "nomenclatureActivitePrincipaleEtablissement", 'N' AS "caractereEmployeurEtablissement"
            FROM '{source}' AS s LEFT JOIN (SELECT upper(nom) AS nom, min(code) AS code FROM '{codes}'
            WHERE type = 'commune-actuelle' GROUP BY 1 HAVING count(*) = 1) AS c ON c.nom = upper(s.commune)
            ) TO '{target}' (HEADER)"""
    )

    manifest = load([target], register)

    kept, without = manifest.rows["establishments"], manifest.faults.get("establishments: no_commune", 0)
    assert kept + sum(count for reason, count in manifest.faults.items() if reason.startswith("est")) == 3667
    assert "establishments: siren_fails_its_key" not in manifest.faults
    assert kept + without > 3600
