"""Bad input at the door: a message, nothing half-loaded, and the same command goes on where it stopped."""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from beffroi.cli.main import main
from beffroi.store.registers_months import LOADING, months

MONTH = ["--month", "2026-11"]


@pytest.fixture
def register(home):
    return home / "registers" / "sirene"


def refused(capsys, files, code, *words, more=MONTH):
    assert main(["fabric", "load", *map(str, files), *more]) == code
    said = capsys.readouterr().err
    for one in words:
        assert one in said, said
    return said


def test_a_truncated_zip(stock, tmp_path, capsys, register):
    whole = stock.write(tmp_path, form="zip")
    cut = tmp_path / "cut" / whole.name
    cut.parent.mkdir()
    cut.write_bytes(whole.read_bytes()[:-2000])

    refused(capsys, [cut], 4, "cut short or damaged", "Fetch it again", "Nothing was loaded")

    assert months(register) == ()
    assert main(["fabric", "load", str(whole), *MONTH]) == 0


def test_a_renamed_column(stock, tmp_path, capsys, register):
    stock.rows["establishments"] = [
        {("codeCommuneEtab" if name == "codeCommuneEtablissement" else name): value for name, value in row.items()}
        for row in stock.rows["establishments"]
    ]

    refused(capsys, [stock.write(tmp_path)], 4, "'codeCommuneEtablissement' (the file has 'codeCommuneEtab')")

    assert months(register) == ()


def test_a_renamed_column_of_the_ratios(stock, tmp_path, capsys, register):
    path = tmp_path / "export.csv"
    path.write_text("siren;date_cloture;chiffre_d_affaires;marge_brute;ebe;ebit;resultat_net;type_bilan\n", "utf-8")

    refused(capsys, [stock.write(tmp_path), path], 4, "ratios_inpi_bce", "'date_cloture_exercice'")

    assert months(register) == ()


def test_rows_that_cannot_be_kept_are_counted_by_their_reason(stock, tmp_path, capsys, register):
    wrong = [
        {"siren": "123456789"},
        {"siren": "7328293e2"},  # a number for the engine, and no SIREN
        {"siren": "73282932 "},
        {"siren": "7328_2932"},
        {"nic": "1e3"},
        {"nic": "0x001"},
        {"codeCommuneEtablissement": None, "codePaysEtrangerEtablissement": None},
    ]
    rows = stock.rows["establishments"]
    for row, change in zip(rows, wrong, strict=False):
        row.update({"siret": None} | change)

    assert main(["fabric", "load", str(stock.write(tmp_path, form="csv")), *MONTH]) == 0

    said = capsys.readouterr().out
    for count, reason in ((1, "siren fails its key"), (3, "siren not nine digits"), (2, "nic not five digits"),
                          (1, "no commune")):  # fmt: skip
        assert f"{count}  establishments: {reason}" in said
    assert main(["fabric", "months", "--format", "json"]) == 0
    (month,) = json.loads(capsys.readouterr().out)
    assert month["rows"]["establishments"] == len(rows) - len(wrong)


def test_a_legal_form_that_is_no_code_names_nobody(stock, tmp_path, capsys, register):
    for row in stock.rows["legal_units"]:
        row |= {"categorieJuridiqueUniteLegale": "1e4", "denominationUniteLegale": "PERSONNESECRETE"}

    files = [stock.write(tmp_path, kind) for kind in ("establishments", "legal_units")]
    assert main(["fabric", "load", *map(str, files), *MONTH]) == 0

    assert "0  names" in capsys.readouterr().out
    for path in register.rglob("*.parquet"):
        assert b"PERSONNESECRETE" not in path.read_bytes()


def test_an_older_snapshot(stock, tmp_path, capsys, register):
    path = stock.write(tmp_path)
    assert main(["fabric", "load", str(path), *MONTH]) == 0
    capsys.readouterr()

    refused(capsys, [path], 2, "older than that of 2026-11", "--older", more=["--month", "2026-10"])

    assert months(register) == ("2026-11",)


def run(files, home, **more):
    return subprocess.Popen(
        [sys.executable, "-m", "beffroi", "fabric", "load", *map(str, files), *MONTH],
        # A process that may not write cuts the bytecode of what it imports, and whoever imports it next fails.
        env={**os.environ, "BEFFROI_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path),
             "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more,
    )  # fmt: skip


def test_a_full_disk(stock_maker, tmp_path, home, register):
    files = [stock_maker(units=2000).write(tmp_path)]

    with run(files, home, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))) as first:
        _, said = first.communicate(timeout=120)

    assert first.returncode == 5, said
    assert "disk is full" in said
    assert "Traceback" not in said
    assert months(register) == ()
    assert main(["fabric", "load", *map(str, files), *MONTH]) == 0


@pytest.mark.parametrize("awaited", ["places.parquet", "establishments.parquet"])
def test_a_kill(stock, tmp_path, home, register, awaited):
    files = stock.all(tmp_path)

    with run(files, home) as first:
        end = time.monotonic() + 60
        while time.monotonic() < end and first.poll() is None and not list(register.glob(f"{LOADING}*/{awaited}")):
            time.sleep(0.002)
        first.send_signal(signal.SIGKILL)
        first.wait()

    assert months(register) == () or first.returncode == 0
    assert main(["fabric", "load", *map(str, files), *MONTH]) == 0
    assert months(register) == ("2026-11",)
    assert list(register.glob(f"{LOADING}*")) == []


def test_a_zip_of_something_else(tmp_path, capsys, home):
    path = Path(tmp_path) / "StockEtablissement_utf8.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "nothing")

    refused(capsys, [path], 4, "holds 0 CSV files")


def test_territories_are_named_and_a_name_of_several_is_refused_with_their_codes(stock, tmp_path, capsys, home):
    assert main(["fabric", "load", str(stock.write(tmp_path)), *MONTH]) == 0
    capsys.readouterr()

    for ask in (["table", "--by", "division"], ["quotient", "--by", "commune"]):
        assert main(["fabric", *ask, "--territory", "métropole européenne de lille", "--format", "csv"]) == 0
        assert capsys.readouterr().out.count("\r\n") > 1
        assert main(["fabric", *ask, "--territory", "Paris"]) == 2
        assert "FR101 (nuts3 Paris), 75056 (commune Paris)" in capsys.readouterr().err
        assert main(["fabric", *ask, "--territory", "Atlantide"]) == 2
    assert main(["fabric", "table", "--by", "year", "--territory", "Nord", "--format", "sdmx-csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {one["NUTS3"] for one in rows} == {"FRE11"}
    assert len({one["TIME_PERIOD"] for one in rows}) == 10
    assert main(["fabric", "table", "--by", "nuts3", "year", "--perimeter", "oecd_ict_sector"]) == 0
    assert "cells are secret" in capsys.readouterr().out
    assert main(["fabric", "table", "--naf", "62", "--perimeter", "oecd_ict_sector"]) == 2
    assert main(["fabric", "table", "--by", "nuts3", "division", "year"]) == 2
    assert main(["fabric", "accounts"]) == 5
    assert "download ratios" in capsys.readouterr().err
