"""`beffroi members profile`, `precision`, `territories`, `index` and `beffroi trades`."""

from __future__ import annotations

import csv
import io
import json

import pytest

from beffroi.catalogue.trades import load_trades, use_own_trades
from beffroi.cli.main import main
from beffroi.federation.reconcile import Asked, find, open_register

A = "name,siren,city,zip,employees\nAlpha,732829320,Lyon,69001,12\nBeta,,Lyon,69002,4\n"
B = "name,siren,city,zip,employees\nALPHA,732829320,Lyon,69001,12\nOmega,443061841,Grenoble,38000,\n"


@pytest.fixture
def command(registry, home, tmp_path, capsysbinary):
    """`command("profile", …)` gives what is printed."""
    for name, text in (("a.csv", A), ("b.csv", B)):
        (tmp_path / name).write_text(text, "utf-8")
        assert main(["members", "import", str(tmp_path / name), "--source", name[0].upper()]) == 0
    capsysbinary.readouterr()

    def run(*words, code=0, verb="members"):
        answer = main([verb, *map(str, words)])
        out, err = (one.decode() for one in capsysbinary.readouterr())
        assert answer == code, err
        return out if code == 0 else err

    yield run
    use_own_trades(tmp_path / "none")


def test_s27_2_the_profile_is_printed_and_written(command, tmp_path):
    said = command("profile")
    assert "By size" in said
    assert "Trades by version 2026.1" in said
    command("profile", "--format", "csv", "--into", tmp_path / "p.csv")
    rows = {
        (one["dimension"], one["class"]): one
        for one in csv.DictReader(io.StringIO((tmp_path / "p.csv").read_text("utf-8")))
    }
    assert rows["size", "unknown"]["list:B"] == "1"
    assert rows["total", "total"]["together"] == "3"
    public = json.loads(command("profile", "--public", "--format", "json"))["rows"]
    assert not {1, 2} & {value for row in public for value in row.values()}


def test_precision_and_its_sample(command):
    assert "automatic_sampled" in command("precision", "--sample", "2")
    found = json.loads(command("precision", "--format", "json"))
    assert [one["decided"] for one in found["bands"]] == [0, 0, 0]
    assert found["sample"] == []


def test_s20_1_territories_of_action_are_said_and_taken_back(command):
    rows = {one["name"]: one["organisation"] for one in csv.DictReader(io.StringIO(command("export")))}
    assert "nothing was written" in command("territories", rows["Beta"], "FRK", "59", "--dry-run")
    assert "Auvergne-Rhône-Alpes, Nord" in command("territories", rows["Beta"], "FRK", "59")
    assert "FRK;59" in command("export", "--what", "values", "--organisation", rows["Beta"])
    assert "no territory in particular" in command("territories", rows["Beta"])
    assert "is no territory" in command("territories", rows["Beta"], "nowhere", code=2)
    assert command("export", "--what", "lineage").splitlines() == ["organisation,followed,since,said_by"]


def test_a_register_is_indexed_where_the_service_looks(command, home, tmp_path):
    register = "siren,denomination,commune,code postal\n552100554,Fonderie Obscure,Lyon,69001\n"
    (tmp_path / "r.csv").write_text(register, "utf-8")

    assert "1 units are indexed" in command("index", tmp_path / "r.csv")
    assert "exists already" in command("index", tmp_path / "r.csv", code=2)

    from datetime import date  # noqa: PLC0415 -- used here alone

    held = open_register(home / "registers" / "index")
    found = find(Asked("Fonderie Obscure"), day=date(2026, 1, 1), sees_all=False, register=held)
    assert [one.entity.id for one in found] == ["siren:552100554"]
    assert open_register(tmp_path / "nothing") is None


def test_s06_6_a_scheme_goes_out_is_edited_and_comes_back(command, home, tmp_path):
    command("export", "--format", "csv", "--into", tmp_path / "t.csv", verb="trades")
    text = (tmp_path / "t.csv").read_text("utf-8").replace("Jeu vidéo,", "Jeux vidéo,")
    (tmp_path / "t.csv").write_text(text, "utf-8")
    assert "give --version" in command("import", tmp_path / "t.csv", code=2, verb="trades")
    assert "15 trades" in command("import", tmp_path / "t.csv", "--version", "2027.1", verb="trades")
    assert load_trades().concepts["video_games"].label.fr == "Jeux vidéo"

    said = command("merge", "repair", "wholesale", "--version", "2027.2", verb="trades")
    assert "'repair' is part of 'wholesale' from version 2027.2" in said
    assert "wholesale" in command("export", verb="trades")
    assert json.loads(command("export", "--format", "json", verb="trades"))["version"] == "2027.2"
    command("export", "--format", "turtle", "--into", tmp_path / "t.ttl", verb="trades")
    command("import", tmp_path / "t.ttl", verb="trades")
    assert load_trades().resolve("repair").id == "wholesale"
    assert sorted(one.name for one in (home / "catalogue" / "trades").iterdir()) == [
        "digital-2027.1.before", "digital-2027.2.before", "digital.yaml",
    ]  # fmt: skip
    assert "version 2027.2" in command("profile")
