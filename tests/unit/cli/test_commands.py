"""Every verb, as a person types it: what it prints, where, and its exit code."""

from __future__ import annotations

import csv
import io
import json
import socket

import pytest

from beffroi.cli.main import main, parser
from beffroi.store.tables import read_parquet


@pytest.fixture
def at(built, monkeypatch):
    """The house with edition 2026-1 is the one commands see."""
    monkeypatch.setenv("BEFFROI_HOME", str(built.path))
    return built


def said(capsys, *arguments, code=0):
    assert main(arguments) == code
    out = capsys.readouterr()
    return out.err if code else out.out


def test_rank_prints_a_table_and_the_same_as_json(at, capsys):
    text = said(capsys, "rank", "--region", "FRK", "--language", "fr")
    found = json.loads(said(capsys, "rank", "--region", "FRK", "--format", "json"))

    one = found["standings"][0]
    assert "Auvergne-Rhône-Alpes" in text
    assert f"{one['rank_low']}–{one['rank_high']}" in text
    assert found["ranked"] > 200


def test_rank_by_one_indicator_and_year(at, capsys):
    given = ("rank", "--set", "nuts2_2016", "--indicator", "hrst_pct_active", "--year", "2020", "--top", "5")

    found = json.loads(said(capsys, *given, "--format", "json"))["places"]

    assert [one["rank"] for one in found] == [1, 2, 3, 4, 5]
    assert found[3]["region"] == "FR10"
    assert "Île-de-France" in said(capsys, *given)


def test_a_region_outside_the_set_is_refused_with_the_set_that_has_it(at, capsys):
    message = said(capsys, "rank", "--region", "FRK2", code=2)

    assert message.startswith("beffroi: Region 'FRK2' (Rhône-Alpes) is not in set 'administrative_2016'.")
    assert "nuts2_2016 (use --set)" in message
    assert "Traceback" not in message


def test_region_shows_every_figure_behind_the_score(at, capsys):
    found = json.loads(said(capsys, "region", "FRK", "--format", "json"))

    assert sum(one["contribution"] for one in found["cells"]) == pytest.approx(found["standing"]["score"])
    text = said(capsys, "region", "FRK")
    assert "not_distinguishable" in text
    assert "Among the first 5" in text
    assert {one["top"] for one in found["goals"]} >= {5, 10}


def test_indicators_are_listed_and_shown_in_both_languages(at, capsys):
    listed = json.loads(said(capsys, "indicator", "list", "--format", "json"))

    assert len(listed) >= 16
    assert "hrst_st_rcat[" in said(capsys, "indicator", "show", "hrst_pct_active", "--language", "fr")
    assert listed[0]["name"]["fr"] in said(capsys, "indicator", "list", "--language", "fr")
    assert json.loads(said(capsys, "indicator", "show", "hrst_pct_active", "--format", "json"))["direction"] == 1
    assert "'mars' is not in the catalogue" in said(capsys, "indicator", "show", "mars", code=2)


def test_editions_are_listed_shown_and_verified(at, capsys):
    assert json.loads(said(capsys, "edition", "list", "--format", "json"))[0]["current"] is True
    assert "2026-1" in said(capsys, "edition", "list")
    assert "administrative_2016" in said(capsys, "edition", "show")
    assert json.loads(said(capsys, "edition", "show", "2026-1", "--format", "json"))["sets"]["nuts2_2016"]["ranked"]
    assert "holds" in said(capsys, "edition", "verify")


def test_an_empty_house_says_what_to_do(home, capsys):
    assert "beffroi edition build" in said(capsys, "edition", "list")
    assert "beffroi edition build" in said(capsys, "rank", code=2)


def test_a_damaged_edition_fails_verification_with_exit_code_one(house, monkeypatch, capsys):
    monkeypatch.setenv("BEFFROI_HOME", str(house.path))
    (house.edition("2026-1") / "definitions/units.yaml").write_text("")

    assert main(["edition", "verify"]) == 1
    assert "definitions/units.yaml" in capsys.readouterr().out


def test_an_edition_is_compared_with_itself_and_corrected(house, monkeypatch, capsys):
    monkeypatch.setenv("BEFFROI_HOME", str(house.path))

    assert "0 figures and 0 definitions changed" in said(
        capsys, "edition", "compare", "2026-1", "2026-1", "--region", "FRK"
    )
    found = json.loads(said(capsys, "edition", "compare", "2026-1", "2026-1", "--format", "json"))
    assert {one["rank_by_data"] for one in found["moves"]} == {0}
    said(capsys, "edition", "erratum", "2026-1", "--fr", "Corrigé.", "--en", "Corrected.")
    assert "Corrected." in said(capsys, "edition", "show")


def test_build_from_the_command_line(house, monkeypatch, capsys):
    monkeypatch.setenv("BEFFROI_HOME", str(house.path))

    first = json.loads(said(capsys, "edition", "build", "--workers", "1", "--format", "json"))["id"]

    listed = json.loads(said(capsys, "edition", "list", "--format", "json"))
    assert [one["id"] for one in listed if one["current"]] == [first]
    assert len(listed) == 2


@pytest.mark.parametrize("what", ["ranks", "cells", "indicator", "series"])
def test_exports_in_every_format_hold_the_same_rows(at, capsysbinary, tmp_path, what):
    given = ["export", what, "--indicator", "hrst_pct_active"]

    assert main([*given, "--format", "json"]) == 0
    rows = json.loads(capsysbinary.readouterr().out)
    assert main(given) == 0
    lines = list(csv.reader(io.StringIO(capsysbinary.readouterr().out.decode("utf-8"))))
    assert main([*given, "--format", "parquet", "--into", str(tmp_path / "t.parquet")]) == 0
    names, parquet = read_parquet(tmp_path / "t.parquet")
    assert main([*given, "--format", "xlsx", "--into", str(tmp_path / "t.xlsx")]) == 0

    count = len(rows["rows"] if isinstance(rows, dict) else rows)
    assert count == len(lines) - 1 == len(parquet) > 100
    assert list(names) == lines[0]
    assert (tmp_path / "t.xlsx").read_bytes()[:2] == b"PK"


def test_sdmx_csv_and_a_region_are_exported(at, capsysbinary):
    assert main(["export", "series", "--indicator", "hrst_pct_active", "--region", "FRK", "--format", "sdmx-csv"]) == 0
    assert b"OBS_VALUE" in capsysbinary.readouterr().out.splitlines()[0]
    assert main(["export", "region", "--region", "FRK"]) == 0
    assert len(capsysbinary.readouterr().out.splitlines()) > 16


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["export", "indicator"], "Name an indicator"),
        (["export", "indicator", "--indicator", "mars"], "'mars' is not in edition"),
        (["export", "region"], "Name one region"),
        (["export", "ranks", "--format", "parquet"], "--into"),
        (["export", "ranks", "--region", "XX99"], "Nearest"),
    ],
)
def test_an_export_asked_wrongly_says_what_is_missing(at, capsys, arguments, message):
    assert message in said(capsys, *arguments, code=2)


def test_the_catalogue_is_checked_and_written_as_pages(at, capsys, tmp_path):
    assert "No fault in" in said(capsys, "catalogue", "check")
    said(capsys, "catalogue", "pages", str(tmp_path / "method"))
    page = (tmp_path / "method/indicators/hrst_pct_active.md").read_text(encoding="utf-8")
    assert "hrst_st_rcat[" in page


def test_a_broken_catalogue_fails_with_exit_code_three_and_every_line(home, capsys):
    own = home / "catalogue" / "comparison_sets"
    own.mkdir(parents=True)
    (own / "mine.yaml").write_text("id: mine\nvintage: 1999\n", encoding="utf-8")

    message = said(capsys, "catalogue", "check", code=3)

    assert "mine.yaml:2" in message
    assert message.count("mine.yaml") > 2


def test_refresh_refuses_a_dataset_nobody_reads(home, capsys):
    assert "No indicator reads dataset 'mars'" in said(capsys, "refresh", "--dataset", "mars", code=2)


def test_up_refuses_a_taken_port_before_it_builds(home, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        message = said(capsys, "up", "--port", str(port), code=2)

    assert f"Port {port} cannot be used" in message
    assert not (home / "editions").exists()


def test_up_refuses_a_region_that_does_not_exist(home, capsys):
    assert "Nearest" in said(capsys, "up", "--region", "FRX", code=2)


def test_version_and_help_leave_with_zero(capsys):
    for flag in ("--version", "--help"):
        with pytest.raises(SystemExit) as left:
            parser().parse_args([flag])
        assert left.value.code == 0
    assert "edition" in capsys.readouterr().out
