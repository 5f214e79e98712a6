"""Live figures take the starter's place, whole series by whole series, and an edition shows them."""

from __future__ import annotations

import json
from datetime import date

import pytest

from beffroi.cli.main import main
from beffroi.observatory.core import read_core
from beffroi.observatory.edition import build_edition
from beffroi.observatory.read import open_edition
from beffroi.observatory.refresh import refresh
from beffroi.store.swap import locked
from beffroi.vocabulary.errors import BusyError

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]
DAY = date(2026, 11, 22)
HEADER = "DATAFLOW,LAST UPDATE,freq,unit,category,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n"


@pytest.fixture
def eurostat(publisher):
    """Eurostat on this machine: it knows one dataset and no other."""
    answer = type(publisher.will(b"no such dataset", 404).answers[0])

    def says(category, *figures):
        lines = [
            f"ESTAT:HRST_ST_RCAT(1.0),21/11/26 23:00:00,A,PC_ACT,{category},{geo},{year},{value},{flag},\n"
            for geo, year, value, flag in figures
        ]
        publisher.by_path[f"category%5D={category}&"] = answer((HEADER + "".join(lines)).encode())
        publisher.by_path[f"category]={category}&"] = publisher.by_path[f"category%5D={category}&"]

    publisher.says = says
    return publisher


def live(house, eurostat, **more):
    return refresh(house, base=eurostat.base, today="2026-11-22", **more)


def test_a_refreshed_series_replaces_the_starters_and_the_others_stay(house, eurostat):
    eurostat.says("HRST", ("FRK", 2025, 61.5, "p"), ("FRE", 2025, 55.0, ""), ("FR1", 2025, 70.0, ""))

    done = live(house, eurostat, datasets=["hrst_st_rcat"])

    assert len(done.replaced) == 1
    assert "category=HRST" in done.replaced[0]
    assert done.figures == 3
    assert any("category=SE" in one for one in done.failed)
    observations, provenance = read_core(house)
    fresh = {(one.region, one.year): one for one in observations if one.series == done.replaced[0]}
    assert set(fresh) == {("FRK", 2025), ("FRE", 2025), ("FR1", 2025)}
    assert fresh["FRK", 2025].flags.letters == "P"
    told = {one.series: one for one in provenance}
    assert told[done.replaced[0]].is_starter is False
    assert told[done.replaced[0]].retrieved_on == "2026-11-22"
    assert len(told[done.replaced[0]].sha256) == 64
    assert sum(one.is_starter for one in provenance) == len(provenance) - 1


def test_an_edition_built_after_a_refresh_shows_the_live_figure_and_the_old_one_does_not_move(house, eurostat):
    before = open_edition(house.path, "2026-1")
    codes = [one.region for one in before.sets["administrative_2016"].standings]
    eurostat.says("HRST", *((code, 2025, 40 + k / 10, "") for k, code in enumerate(codes)))
    live(house, eurostat, datasets=["hrst_st_rcat"])

    build_edition(house, today=DAY)

    cell = open_edition(house.path).sets["administrative_2016"].cells["FRK", "hrst_pct_active"]
    assert (cell.raw, cell.year) == (40 + codes.index("FRK") / 10, 2025)
    assert open_edition(house.path).from_starter == before.from_starter - 1
    assert open_edition(house.path, "2026-1").sets["administrative_2016"].cells["FRK", "hrst_pct_active"].year == 2020


def test_a_refresh_that_fails_altogether_changes_nothing(house, eurostat):
    before = read_core(house)

    done = live(house, eurostat, datasets=["rd_e_gerdreg"])

    assert done.replaced == ()
    assert "no such dataset" in next(iter(done.failed.values()))
    assert read_core(house) == before
    assert not house.core.exists()


def test_two_refreshes_at_once_are_refused(house, eurostat):
    with locked(house.path, doing="refresh figures"), pytest.raises(BusyError, match="already writing"):
        live(house, eurostat)


def test_the_command_says_what_was_replaced_and_fails_for_what_was_not(house, eurostat, monkeypatch, capsys):
    monkeypatch.setenv("BEFFROI_HOME", str(house.path))
    eurostat.says("HRST", ("FRK", 2025, 61.5, "p"))
    given = ["refresh", "--dataset", "hrst_st_rcat", "--base", eurostat.base]

    assert main(given) == 4
    out = capsys.readouterr()
    assert "1 series replaced (1 figures)" in out.out
    assert "category=SE" in out.err
    assert main([*given, "--format", "json"]) == 4
    assert json.loads(capsys.readouterr().out)["figures"] == 1


def test_whole_datasets_are_refreshed_from_the_bulk_files(house, eurostat):
    answer = type(eurostat.answers[0])
    lines = ["freq,unit,category,geo\\TIME_PERIOD\t2024 \t2025 "]
    lines += [f"A,PC_ACT,{category},FRK\t{value} b\t: c" for category, value in (("HRST", 60.1), ("SE", 8.4))]
    eurostat.by_path["/hrst_st_rcat"] = eurostat.by_path["/HRST_ST_RCAT"] = answer("\n".join(lines).encode())

    done = live(house, eurostat, datasets=["hrst_st_rcat"], form="tsv")

    assert len(done.replaced) == 2
    values = {(one.series in done.replaced, one.year): one.value for one in read_core(house)[0] if one.region == "FRK"}
    assert values[True, 2025] is None
    assert len([path for path, _ in eurostat.asked]) == 1
