"""`beffroi members …` from the file to the count and back, and what it says when something is wrong."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys

import pytest

from beffroi.cli.main import main
from beffroi.records import models

A = "Nom;SIREN;CP;Site web\nAlpha SAS;732 829 320;69001;alpha.fr\nBeta;;69002;beta.fr\n"
B = "name,siren,zip,website\nALPHA,732829320,69001,alpha.com\nTau,,69002,tau.com\nOmega,443061841,42000,\n"


@pytest.fixture
def command(registry, home, tmp_path, capsysbinary):
    """`command("merge", …)` gives exit code, output and error output; files are written first."""
    (tmp_path / "a.csv").write_text(A, "utf-8")
    (tmp_path / "b.csv").write_text(B, "utf-8")

    def run(*words, code=0):
        given = [str(tmp_path / word) if str(word).endswith(".csv") else str(word) for word in words]
        answer = main(["members", *given])
        out, err = (one.decode() for one in capsysbinary.readouterr())
        assert answer == code, err
        run.said = err
        return out if code == 0 else err

    return run


@pytest.fixture
def loaded(command):
    command("import", "a.csv", "--source", "A", "--as-of", "2026-01-01")
    command("import", "b.csv", "--source", "B", "--as-of", "2026-01-01")
    return command


def addresses(command) -> dict[str, str]:
    return {row["name"]: row["organisation"] for row in csv.DictReader(io.StringIO(command("export")))}


def test_a_list_is_taken_in_and_a_second_time_not(command):
    dry = command("import", "a.csv", "--source", "A", "--dry-run")
    assert "nothing was written" in dry
    assert models.Event.objects.count() == 0

    said = command("import", "a.csv", "--source", "A")
    shown = [line.split()[:2] for line in command.said.splitlines()]
    assert shown[2:6] == [["name", "Nom"], ["siren", "SIREN"], ["postcode", "CP"], ["website", "Site"]]
    assert "Alpha SAS | Beta" in command.said
    assert "2 rows of A: 2 new, 0 changed" in said
    assert "present version already" in command("import", "a.csv", "--source", "A")


def test_columns_can_be_stated_and_are_remembered(command, tmp_path):
    (tmp_path / "c.csv").write_text("Qui,Où\n12,69001\n", "utf-8")
    assert "nothing says who a row is" in command("import", "c.csv", "--source", "C", code=2)
    (tmp_path / "c.csv").write_text("Qui,Où\nAlpha,69001\n", "utf-8")
    assert "is not 'field:header'" in command("import", "c.csv", "--source", "C", "--columns", "Qui", code=2)

    command("import", "c.csv", "--source", "C", "--columns", "name:Qui,postcode:Où")
    (tmp_path / "c.csv").write_text("Qui,Où\nAlpha,69001\nBeta,69002\n", "utf-8")
    assert json.loads(command("import", "c.csv", "--source", "C", "--format", "json"))["new"] == 1


def test_faulty_rows_stop_the_list_and_can_be_taken_away(command, tmp_path):
    (tmp_path / "c.csv").write_text("Nom,SIREN\nAlpha,123456789\n,\n =x,\n,987\n", "utf-8")
    said = command("import", "c.csv", "--source", "C", "--faults", "faults.csv", code=2)
    assert "1 rows of 'c.csv' name nobody (rows 4)" in said

    faults = list(csv.DictReader(io.StringIO((tmp_path / "faults.csv").read_text("utf-8"))))
    assert [(one["row"], one["field"], one["fatal"]) for one in faults] == [
        ("1", "siren", ""), ("4", "siren", ""), ("4", "name", "yes"),
    ]  # fmt: skip
    assert "1 left out" in command("import", "c.csv", "--source", "C", "--faulty", "leave_out")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"), (b"Nom;CP\na;b;c\n", "rows 1 have more cells"),
        (b"Nom;CP\na;b\nc;d\ne;f;g\n", "rows 3 have more cells"), (b"Nom;CP\n", "no row below its header"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused_in_words(command, tmp_path, content, message):
    (tmp_path / "c.csv").write_bytes(content)

    assert message in command("import", "c.csv", "--source", "C", code=2)
    assert "cannot be read" in command("import", "none.csv", "--source", "C", code=2)


def test_a_join_is_made_and_taken_back(loaded):
    held = addresses(loaded)
    said = loaded("merge", held["Beta"], held["Tau"], "--keep", f"website={held['Tau']}", "--by", "Sacha")
    event = re.search(r"members undo (\d+)", said)[1]
    assert len(addresses(loaded)) == 3
    assert "tau.com" in loaded("export", "--what", "values", "--organisation", held["Tau"])
    assert "Sacha" in loaded("undo")

    assert "nothing was written" in loaded("undo", event, "--dry-run")
    assert f"event {event} is undone; 2 records" in loaded("undo", event)
    assert addresses(loaded) == held
    assert "has undone it already" in loaded("undo", event, code=2)


def test_two_legal_units_are_refused_with_advice(loaded):
    held = addresses(loaded)

    assert "say 'related'" in loaded("merge", held["ALPHA"], held["Omega"], code=2)
    assert "There is no organisation o-x" in loaded("merge", "o-x", held["Omega"], code=2)


def test_a_case_is_reviewed_and_separated_again(loaded, registry):
    left, right = registry.record("A", "Beta"), registry.record("B", "Tau")
    assert "0 of 0 open cases" in loaded("review")
    assert "Say what" in loaded("review", f"{left}-{right}", code=2)
    assert "is no number" in loaded("review", "x-y", "--same", code=2)
    assert "end it with --close" in loaded("review", "t1", "--same", code=2)

    loaded("review", f"{left}-{right}", "--same", "--reason", "Same street.")
    assert "has decided" in loaded("review", f"{left}-{right}", "--different", code=2)
    done = json.loads(loaded("split", registry.home("A", "Beta"), right, "--format", "json", "--dry-run"))
    assert (done["event"], len(done["after"])) == (None, 2)


def test_the_count_is_shown_and_each_step_lists_its_records(loaded):
    said = loaded("waterfall", "--day", "2026-06-01")
    assert said.startswith("2 + 3 = 5 → − 1 same organisation in several lists = 4")
    found = json.loads(loaded("waterfall", "--format", "json"))
    assert sum(one["count"] for one in found["lists"]) - sum(one["count"] for one in found["removed"]) == 4

    step = json.loads(loaded("waterfall", "--step", "same_organisation_in_several_lists", "--format", "json"))
    assert [(one["list"], one["name"]) for one in step] == [("B", "ALPHA")]
    assert "There is no step 'x'" in loaded("waterfall", "--step", "x", code=2)


def test_tables_are_taken_away(loaded, tmp_path):
    loaded("export", "--what", "records", "--into", str(tmp_path / "records.csv"))
    assert len((tmp_path / "records.csv").read_text("utf-8").splitlines()) == 6
    assert len(json.loads(loaded("export", "--what", "stale", "--format", "json"))["rows"]) == 4
    assert len(json.loads(loaded("export", "--what", "log", "--format", "json"))["rows"]) == 2
    assert "Name one organisation" in loaded("export", "--what", "values", code=2)


def test_a_formula_in_a_list_is_harmless_in_an_export(command, tmp_path):
    (tmp_path / "c.csv").write_text('Nom,CP\n"=HYPERLINK(""x"")",1\n', "utf-8")
    command("import", "c.csv", "--source", "C")

    assert "'=HYPERLINK" in command("export")


def test_it_works_in_a_fresh_process_and_an_unknown_database_is_named(tmp_path):
    (tmp_path / "a.csv").write_text(A, "utf-8")
    words = [sys.executable, "-m", "beffroi", "members", "import", str(tmp_path / "a.csv"), "--source", "A"]
    own = {**os.environ, "BEFFROI_HOME": str(tmp_path / "home"), "PYTHONPATH": os.pathsep.join(sys.path)}
    own.pop("DJANGO_SETTINGS_MODULE", None)

    def run(**more):
        return subprocess.run(words, env={**own, **more}, capture_output=True, text=True, check=False)

    first, second = run(), run()
    wrong = run(BEFFROI_DATABASE_URL="mysql://x/y")
    absent = run(BEFFROI_DATABASE_URL=f"postgresql://x@/y?host={tmp_path}")

    assert "2 new" in first.stdout
    assert "present version already" in second.stdout
    assert (wrong.returncode, wrong.stderr.startswith("beffroi: BEFFROI_DATABASE_URL is not an address")) == (2, True)
    assert (absent.returncode, "The registry cannot be opened" in absent.stderr) == (5, True)
