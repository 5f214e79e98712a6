"""An edition is frozen, found again, and safe from whatever happens to a build."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest
from pytest_socket import SocketBlockedError

from beffroi.observatory.compare import compare_editions
from beffroi.observatory.core import read_core, write_core
from beffroi.observatory.edition import build_edition, current_id, read_manifest
from beffroi.observatory.errata import add_erratum
from beffroi.observatory.home import Home
from beffroi.observatory.portrait import freshness
from beffroi.observatory.ranking import indicator_ranking, place_in, set_of
from beffroi.observatory.read import editions, open_edition
from beffroi.observatory.verify import verify_edition
from beffroi.store.swap import locked
from beffroi.vocabulary.errors import (
    BusyError,
    CatalogueError,
    ConstantIndicatorError,
    StoreError,
    UnknownDefinitionError,
    UnknownEditionError,
    UnknownRegionError,
    UsageError,
)
from beffroi.vocabulary.text import Text

DAY = date(2026, 11, 22)


def test_the_regions_of_the_founding_texts_are_ranked_with_their_uncertainty(built):
    edition = open_edition(built.path)

    reading = edition.sets["administrative_2016"]
    for code, name in (("FRK", "Auvergne-Rhône-Alpes"), ("FRE", "Hauts-de-France"), ("FR1", "Île-de-France")):
        one = place_in(edition, reading, code)
        assert edition.places[code].name.fr == name
        assert 1 <= one.rank_low <= one.rank_median <= one.rank_high <= len(reading.standings)
        assert one.robust_best <= one.robust_worst
        assert 0 <= one.top_5.p <= one.top_10.p <= one.top_quarter.p <= 1
    assert reading.above("FR1", "FRK") > 0.9
    assert reading.above("FRE", "FRK") < 0.1
    assert reading.above("FR1", "FRK") + reading.above("FRK", "FR1") == pytest.approx(1)


def test_at_least_sixteen_indicators_in_five_pillars_reach_the_index(built):
    for reading in open_edition(built.path).sets.values():
        assert len(reading.treated) >= 16
        assert len({pillar for _, pillar in reading.pillars}) >= 5
        assert len(reading.standings) > 200


def test_a_score_is_the_sum_of_what_its_cells_add(built):
    for reading in open_edition(built.path).sets.values():
        for one in reading.standings:
            added = sum(cell.contribution for (region, _), cell in reading.cells.items() if region == one.region)
            assert added == pytest.approx(one.score)


def test_s28_3_strengths_follow_the_declared_rule_and_say_where_intervals_overlap(built):
    edition = open_edition(built.path)
    seen = set()
    for reading in edition.sets.values():
        rule = edition.indices[reading.index_id].profile
        for cell in (one for one in reading.cells.values() if one.position_low is not None):
            low, high = cell.position_low, cell.position_high
            crosses = any(low < bound < high for bound in (rule.weakness_to, rule.strength_from))
            above, below = low >= rule.strength_from, high <= rule.weakness_to
            expected = "strength" if above else "weakness" if below else "not_distinguishable" if crosses else "middle"
            assert cell.verdict == expected, (cell.region, cell.indicator, low, high)
            seen.add((cell.verdict, cell.trend))
    assert {verdict for verdict, _ in seen} == {"strength", "weakness", "middle", "not_distinguishable"}
    assert {trend for _, trend in seen} >= {"up", "down", "steady"}


def test_s28_1_the_next_figure_is_due_a_period_and_a_year_after_the_newest(built):
    edition = open_edition(built.path)
    reading = edition.sets["administrative_2016"]
    wealth, graduates = (
        freshness(edition, reading, edition.indicators[one])
        for one in ("gdp_eur_per_head", "ict_graduates_per_million")
    )

    assert wealth.due_year == wealth.newest_year + 2
    assert wealth.is_stale == (wealth.due_year < int(edition.built_on[:4]))
    assert (graduates.is_ended, graduates.due_year) == (True, None)


def test_s28_6_an_edition_is_built_and_read_without_any_network(tmp_path, furnish, socket_disabled):
    home = furnish(tmp_path)

    build_edition(home, today=DAY, workers=1)

    edition = open_edition(home.path)
    assert all(reading.standings for reading in edition.sets.values())
    with pytest.raises(SocketBlockedError), pytest.warns(UserWarning, match="socket"):
        socket.create_connection(("127.0.0.1", 1))


def test_every_cell_says_where_its_figure_comes_from(built):
    edition = open_edition(built.path)
    for reading in edition.sets.values():
        for cell in reading.cells.values():
            assert set(cell.series_keys) <= set(edition.provenance)
            if cell.raw is None:
                assert (cell.origin, cell.rank, cell.year) == ("imputed", None, None)
                assert cell.reason in {"country_mean", "set_median"}
            else:
                assert cell.origin in {"observed", "parts", "recoded"}
                assert cell.age == 2026 - cell.year
                assert cell.position_low <= cell.position <= cell.position_high


def test_the_latest_figure_is_the_last_of_its_series(built):
    edition = open_edition(built.path)
    cell = edition.sets["administrative_2016"].cells["FRK", "hrst_pct_active"]

    last = edition.series["hrst_pct_active", "FRK"][-1]

    assert (cell.raw, cell.year) == (last.value, last.year)


def test_an_edition_holds_when_nothing_changed(built):
    found = verify_edition(built, "2026-1")

    assert found.holds
    assert found.files > found.tables > 10


def test_the_figures_do_not_depend_on_the_number_of_cores(built, furnish, tmp_path):
    other = furnish(tmp_path)

    manifest = build_edition(other, today=DAY, workers=2)

    assert manifest.digest == read_manifest(built, "2026-1").digest


def test_a_second_build_is_a_new_edition_and_leaves_the_first_alone(house):
    before = {one: one.read_bytes() for one in house.edition("2026-1").rglob("*") if one.is_file()}

    assert build_edition(house, today=DAY).id == "2026-2"

    assert editions(house.path) == ("2026-2", "2026-1")
    assert current_id(house) == "2026-2"
    assert {one: one.read_bytes() for one in before} == before


@pytest.mark.parametrize("name", ["tables/out__cells.parquet", "tables/core__observations.parquet"])
def test_a_changed_file_is_named_by_verify(house, name):
    file = house.edition("2026-1") / name
    file.write_bytes(file.read_bytes()[:-1] + b"?")

    found = verify_edition(house, "2026-1")

    assert found.damaged == (name,)
    assert not found.holds


def test_a_damaged_table_is_said_in_words(house):
    file = house.edition("2026-1") / "tables/out__cells.parquet"
    file.write_bytes(b"not parquet")

    with pytest.raises(StoreError, match=r"out__cells\.parquet cannot be read.*restore it from a copy"):
        open_edition(house.path)


def test_a_damaged_manifest_is_said_in_words(house):
    (house.edition("2026-1") / "manifest.json").write_text("{")

    with pytest.raises(StoreError, match=r"manifest\.json is damaged"):
        open_edition(house.path)


def test_a_build_killed_at_any_moment_leaves_the_old_edition_readable(house):
    code = (
        "import sys\nfrom datetime import date\nfrom pathlib import Path\n"
        "from beffroi.observatory.edition import build_edition\nfrom beffroi.observatory.home import Home\n"
        "build_edition(Home(Path(sys.argv[1])), today=date(2026, 11, 22), workers=1,\n"
        "              report=lambda *step: print(*step, flush=True))\n"
    )
    for lines in (1, 3):
        with subprocess.Popen(
            [sys.executable, "-c", code, str(house.path)], stdout=subprocess.PIPE, text=True
        ) as process:
            for _ in range(lines):
                assert process.stdout.readline()
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        assert editions(house.path) == ("2026-1",)
        assert open_edition(house.path).id == "2026-1"

    assert build_edition(house, today=DAY).id == "2026-2"


def test_a_build_killed_while_it_writes_leaves_the_old_edition_readable(house):
    code = (
        "import os, signal, sys\nfrom datetime import date\nfrom pathlib import Path\n"
        "import beffroi.observatory.edition as edition\nfrom beffroi.observatory.home import Home\n"
        "written = []\nwrite = edition.write_parquet\n"
        "def dying(path, columns):\n"
        "    write(path, columns); written.append(path)\n"
        "    if len(written) == 5: os.kill(os.getpid(), signal.SIGKILL)\n"
        "edition.write_parquet = dying\n"
        "edition.build_edition(Home(Path(sys.argv[1])), today=date(2026, 11, 22), workers=1)\n"
    )
    died = subprocess.run([sys.executable, "-c", code, str(house.path)], check=False)

    assert died.returncode == -signal.SIGKILL
    assert [one.name for one in house.editions.iterdir() if one.name.startswith(".unfinished")]
    assert editions(house.path) == ("2026-1",)
    assert open_edition(house.path).sets
    assert build_edition(house, today=DAY).id == "2026-2"
    assert not [one.name for one in house.editions.iterdir() if one.name.startswith(".unfinished")]


def test_a_full_disk_leaves_the_old_edition_readable(house):
    code = (
        "import resource, signal, sys\nfrom datetime import date\nfrom pathlib import Path\n"
        "sys.dont_write_bytecode = True  # it would be cut, and stay\n"
        "from beffroi.observatory.edition import build_edition\nfrom beffroi.observatory.home import Home\n"
        "from beffroi.vocabulary.errors import StoreError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))\n"
        "try: build_edition(Home(Path(sys.argv[1])), today=date(2026, 11, 22), workers=1)\n"
        "except StoreError as error: print(error)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, str(house.path)], capture_output=True, text=True, check=True
    ).stdout

    assert "The disk is full" in said
    assert "Free some space" in said
    assert editions(house.path) == ("2026-1",)
    assert open_edition(house.path).id == "2026-1"


def test_two_builds_at_once_are_refused(house):
    with locked(house.editions, doing="build an edition"), pytest.raises(BusyError, match=f"process {os.getpid()}"):
        build_edition(house, today=DAY)

    assert editions(house.path) == ("2026-1",)


@pytest.mark.parametrize(
    ("old", "new", "error", "said"),
    [
        ("\npillars:", "\npillars: [", CatalogueError, r"digital_region\.yaml:\d+"),
        ("weight: 1", "weight: -1", CatalogueError, r"digital_region\.yaml:\d+"),
    ],
)
def test_a_wrong_definition_is_named_with_its_line_and_the_old_edition_stays(house, old, new, error, said):
    file = house.definitions / "indices" / "digital_region.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    with pytest.raises(error, match=said):
        build_edition(house, today=DAY)

    assert editions(house.path) == ("2026-1",)


def test_an_indicator_with_one_value_everywhere_is_refused_by_name(house):
    observations, provenance = read_core(house)
    flat = tuple(replace(one, value=3.0) if "category=SE" in one.series else one for one in observations)
    live = tuple(replace(one, is_starter=False) for one in provenance)
    write_core(house.core, (flat, live))

    with pytest.raises(ConstantIndicatorError, match="'scientists_engineers_pct_active' is 3"):
        build_edition(house, today=DAY)

    assert editions(house.path) == ("2026-1",)


def test_compare_splits_a_move_into_data_and_method(house, furnish):
    furnish(house.path, changes={"aggregation: arithmetic": "aggregation: geometric"})
    by_method = build_edition(house, today=DAY).id
    observations, provenance = read_core(house)
    doubled = tuple(
        replace(one, value=one.value * 2) if one.region.startswith("FR") and "rd_e_gerdreg" in one.series else one
        for one in observations
    )
    write_core(house.core, (doubled, tuple(replace(one, is_starter=False) for one in provenance)))
    by_both = build_edition(house, today=DAY).id

    method = compare_editions(house, "2026-1", by_method, set_id="administrative_2016")
    data = compare_editions(house, by_method, by_both, set_id="administrative_2016")
    both = compare_editions(house, "2026-1", by_both, set_id="administrative_2016")

    assert method.definitions_changed == ("indices/digital_region.yaml",)
    assert method.observations_changed == 0
    assert all(not one.rank_by_data for one in method.moves)
    assert any(one.rank_by_method for one in method.moves)
    assert data.observations_changed > 0
    assert data.definitions_changed == ()
    assert all(not one.rank_by_method for one in data.moves)
    frk = next(one for one in data.moves if one.region == "FRK")
    assert frk.rank_by_data < 0
    assert frk.score_by_data > 0
    for one in both.moves:
        assert one.rank_after - one.rank_before == one.rank_by_data + one.rank_by_method


def test_an_erratum_stands_beside_the_edition_and_changes_no_file_of_it(house):
    digest = open_edition(house.path).digest

    add_erratum(house, "2026-1", text=Text("Corrigé.", "Corrected."), today=DAY)

    assert [one.fr for one in open_edition(house.path).errata] == ["2026-11-22 : Corrigé."]
    assert open_edition(house.path).digest == digest
    assert verify_edition(house, "2026-1").holds
    with pytest.raises(UsageError, match="both languages"):
        add_erratum(house, "2026-1", text=Text("Seul", " "), today=DAY)


def test_what_is_not_there_is_said_with_what_is(built, tmp_path):
    edition = open_edition(built.path)
    reading = set_of(edition, None)

    with pytest.raises(UnknownEditionError, match=r"'2031-1' is not in .*held: 2026-1"):
        open_edition(built.path, "2031-1")
    with pytest.raises(UnknownEditionError, match=r"no edition .* yet"):
        open_edition(tmp_path)
    with pytest.raises(UnknownRegionError, match="Nearest"):
        place_in(edition, reading, "FRX9")
    with pytest.raises(UnknownRegionError, match=r"not in set 'administrative_2016'.*ranked in: nuts2_2016"):
        place_in(edition, reading, "FRK2")
    with pytest.raises(UnknownRegionError, match="not ranked"):
        place_in(edition, reading, reading.excluded[0].region)
    with pytest.raises(UnknownDefinitionError, match="it has: administrative_2016, nuts2_2016"):
        set_of(edition, "mars")
    with pytest.raises(UnknownDefinitionError, match="'mars' is not in edition"):
        indicator_ranking(edition, reading, "mars")
    with pytest.raises(UnknownDefinitionError, match="Index 'mars'"):
        build_edition(Home(built.path), today=DAY, index="mars")


def test_an_indicator_ranks_the_members_with_a_figure(built):
    edition = open_edition(built.path)
    reading = edition.sets["nuts2_2016"]

    places = indicator_ranking(edition, reading, "hrst_pct_active", year=2020)

    values = {one.region: one.value for one in places}
    for one in places:
        assert one.rank == 1 + sum(value > one.value for value in values.values())
    assert values["FR10"] == 66.5
    assert values["FRK2"] == 56.3
