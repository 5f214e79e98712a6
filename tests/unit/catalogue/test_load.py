"""Definitions read from files, and every fault of a broken catalogue said at once."""

import pytest

from beffroi.catalogue.load import load, load_texts
from beffroi.catalogue.schema import Series
from beffroi.vocabulary.errors import CatalogueError

SOUND = dict(load().files)
INDICATOR = "indicators/berd_pct_gdp.yaml"
INDEX = "indices/digital_region.yaml"
SET = "comparison_sets/nuts2_2016.yaml"


def faults_of(**changed):
    """Faults of the sound catalogue with texts replaced; keyword `indicator`, `index`, `set` or `files`."""
    files = SOUND | changed.pop("files", {})
    paths = {
        "indicator": INDICATOR,
        "index": INDEX,
        "set": SET,
        "source": "sources/grid.yaml",
        "units": "units.yaml",
    }
    for what, (old, new) in changed.items():
        assert old in files[paths[what]]
        files[paths[what]] = files[paths[what]].replace(old, new, 1)
    with pytest.raises(CatalogueError) as error:
        load_texts(files)
    return str(error.value).splitlines()


def test_the_shipped_catalogue_has_6_pillars_and_19_indicators():
    index = load().indices["digital_region"]

    assert [one.id for one in index.pillars] == [
        "talent",
        "research",
        "invention",
        "fabric",
        "use",
        "openness",
    ]
    assert set(index.indicators) == set(load().indicators)
    assert len(index.indicators) == 19


def test_an_indicator_is_read_with_its_series_unit_and_years():
    found = load().indicators["ict_graduates_per_million"]

    assert found.numerator == Series("eter", "graduates", (("isced11", "ED6"), ("iscedf13", "F06")))
    assert (found.unit.symbol.fr, found.direction, found.scale, found.last_year) == ("/M hab.", 1, 1e6, 2014)
    assert found.value is None


def test_a_catalogue_reads_back_from_its_own_texts():
    assert load_texts(load().files) == load()


def test_every_fault_is_said_at_once_with_file_and_line():
    faults = faults_of(
        files={"sources/broken.yaml": "id: broken\nname: {fr: [\n"},
        indicator=("direction: 1", "direction: 2\ndirektion: 1"),
        index=("scenarios: 16384", "scenarios: 1000"),
        set=("vintage: 2016", "vintage: 2017"),
        source=("licence: CC BY 4.0\n", ""),
    )

    assert [fault.split(": ")[0].split(":")[0] for fault in faults] == [
        "sources/broken.yaml",
        "sources/grid.yaml",
        INDICATOR,
        INDICATOR,
        INDEX,
        SET,
    ]
    assert all(fault.split(":")[1].isdigit() and fault.count(";") >= 2 for fault in faults)
    number = SOUND[INDEX].splitlines().index("  scenarios: 16384") + 1
    assert faults[4] == (
        f"{INDEX}:{number}: 'scenarios' is 1000; expected a power of two (Sobol points); write 512 or 1024."
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("direction: 1", "direction: 0", "'direction' is '0'; expected one of 1, -1"),
        (
            "unit: pct_gdp",
            "unit: pct_gpd",
            "unit 'pct_gpd' does not exist; expected an id of the catalogue; did you mean",
        ),
        ("source: eurostat", "source: eurostad", "source 'eurostad' does not exist"),
        ("author: Beffroi\n", "", "'author' is missing; expected a text; add the line 'author: …'."),
        ("author: Beffroi", "auteur: Beffroi", "key 'auteur' is unknown here"),
        ("reviewed_on: 2026-11-22", "reviewed_on: 22/11/2026", "expected a date as YYYY-MM-DD"),
        ("id: berd_pct_gdp", "id: berd", "the id is 'berd' in a file named 'berd_pct_gdp'"),
        ("value: {source", "numerator: {source", "neither 'value' nor both 'numerator' and 'denominator'"),
        ("weight_series:", "denominator:", "'value' stands beside 'denominator'"),
        (
            "refresh_months: 12",
            "refresh_months: often",
            "'refresh_months' is 'often'; expected a number from 1 to 120",
        ),
        ("refresh_months: 12", "refresh_months: 1.5", "expected a whole number"),
        (
            "refresh_months: 12",
            "first_year: 2012\nlast_year: 2010\nrefresh_months: 12",
            "first_year 2012 is after last_year 2010",
        ),
        ("levels: [0, 1, 2]", "levels: [3]", "level '3' is unknown; expected 0, 1 or 2"),
        ("levels: [0, 1, 2]", "levels: 2", "'levels' holds '2'; expected a list"),
        ("levels: [0, 1, 2]", "levels: [[2]]", "a list stands in a list of words"),
        ("levels: [0, 1, 2]", "", "'levels' is missing; expected a list"),
        ("direction: 1", "direction: 1\ndirection: 1", "'direction' is written twice"),
        ("name: {fr: ", "name: {de: ", "'fr' is missing"),
        ("name: {fr: ", "name: R&D\nx: {fr: ", "'name' holds 'R&D'; expected 'fr' and 'en'"),
        ("reviewed_on: 2026-11-22", "", "'reviewed_on' is missing; expected a date"),
        (
            "refresh_months: 12",
            "refresh_months: 12\nabsent_is_zero: yes",
            "'absent_is_zero' is 'yes'; expected one of true, false",
        ),
        ("refresh_months: 12", "refresh_months: [12]", "'refresh_months' holds a list; expected a number"),
        ("changes:", "changes: [x]\nhistory:", "'changes' lists 'x'; expected a mapping"),
        ("value: {source", "value: 3\nx: {source", "'value' holds '3'; expected a mapping"),
        ("sectperf: BES", "sectperf: {a: b}", "'sectperf' holds a mapping; expected one value"),
        ("unit: pct_gdp", "unit:", "'unit' holds nothing; expected a text"),
    ],
)
def test_a_broken_indicator_is_refused(old, new, said):
    assert any(said in fault and fault.startswith(f"{INDICATOR}:") for fault in faults_of(indicator=(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("hrst_pct_active: 1", "hrst_pct: 1", "indicator 'hrst_pct' does not exist"),
        (
            "hrst_pct_active: 1",
            "hrst_pct_active: -1",
            "the weight of 'hrst_pct_active' is '-1'; expected a number from 0 up",
        ),
        (
            "gerd_pct_gdp: 1",
            "hrst_pct_active: 1",
            "indicator 'hrst_pct_active' is already in pillar 'talent'",
        ),
        (
            "erasmus_incoming_per_million: 1\n      erasmus_outgoing_per_million: 1",
            "erasmus_incoming_per_million: 0\n      erasmus_outgoing_per_million: 0",
            "every indicator of pillar 'openness' weighs 0",
        ),
        ("    weight: 1\n", "    weight: -1\n", "'weight' is '-1'; expected a number from 0"),
        (
            "min_region_coverage: 0.65",
            "min_region_coverage: 65",
            "'min_region_coverage' is '65'; expected a number from 0 to 1",
        ),
        (
            "aggregation: arithmetic",
            "aggregation: mean",
            "'aggregation' is 'mean'; expected one of arithmetic, geometric, harmonic",
        ),
        ("normalisations: [min_max,", "normalisations: [minmax,", "'minmax' is unknown in 'normalisations'"),
        ("weakness_to: 0.333", "weakness_to: 0.8", "'weakness_to' 0.8 is above 'strength_from' 0.667"),
        ("uncertainty:\n", "uncertainty: none\nother:\n", "'uncertainty' holds 'none'; expected a mapping"),
        ("profile:\n", "profil:\n", "'profile' is missing; expected a mapping"),
    ],
)
def test_a_broken_index_is_refused(old, new, said):
    assert any(said in fault and fault.startswith(f"{INDEX}:") for fault in faults_of(index=(old, new)))


def test_an_index_without_any_weight_is_refused():
    text = SOUND[INDEX].replace("    weight: 1\n", "    weight: 0\n")

    assert any("every pillar weighs 0" in fault for fault in faults_of(files={INDEX: text}))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "vintage: 2016",
            "vintage: 2017",
            "'vintage' is '2017'; expected one of 2006, 2010, 2013, 2016, 2021",
        ),
        ("default_level: 2", "default_level: 3", "'default_level' is '3'; expected one of 0, 1, 2"),
        ("EL, ES", "GR, ES", "country 'GR' is unknown; expected a code as Eurostat writes it"),
        ("default_level: 2", "default_level: 2\nlevels: {FR: 4, XX: 1}", "level '4' is unknown"),
        ("default_level: 2", "default_level: 2\nlevels: {FR: 4, XX: 1}", "country 'XX' is unknown"),
        ("default_level: 2", "default_level: 2\ninclude: [FR71]", "region 'FR71' is not in NUTS 2016"),
        ("default_level: 2", "default_level: 2\nexclude: [FRK9]", "region 'FRK9' is not in NUTS 2016"),
    ],
)
def test_a_broken_comparison_set_is_refused(old, new, said):
    assert any(said in fault and fault.startswith(f"{SET}:") for fault in faults_of(set=(old, new)))


def test_a_broken_unit_is_refused():
    assert any("'decimals' is missing" in fault for fault in faults_of(units=("  decimals: 1\n", "")))
    assert any("'pct' holds '%'" in fault for fault in faults_of(units=("pct_active:", "pct: '%'\npct_active:")))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a list\n", "the file holds no mapping"),
        ("", "the file holds no mapping"),
        ("a: b: c", "this is not YAML"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused(text, said):
    assert [said in fault for fault in faults_of(files={"sources/odd.yaml": text})] == [True]


def test_users_files_stand_over_ours(tmp_path):
    theirs = load().files[INDICATOR].replace("Business R&D", "Firms' R&D").replace("unit: pct_gdp", "unit: share")
    (tmp_path / "indicators").mkdir()
    (tmp_path / INDICATOR).write_text(theirs, encoding="utf-8")
    (tmp_path / "comparison_sets").mkdir()
    ours = SOUND[SET].replace("id: nuts2_2016", "id: alpine")
    (tmp_path / "comparison_sets" / "alpine.yaml").write_text(ours, encoding="utf-8")
    unit = "share:\n  name: {fr: part, en: share}\n  symbol: {fr: '', en: ''}\n  decimals: 2\n"
    (tmp_path / "units.yaml").write_text(unit.replace("''", "'‰'"), encoding="utf-8")

    found = load(tmp_path)

    assert (found.indicators["berd_pct_gdp"].short.en, found.indicators["berd_pct_gdp"].unit.id) == (
        "Firms' R&D",
        "share",
    )
    assert set(found.sets) == {"administrative_2016", "alpine", "nuts2_2016"}
    assert set(load().units) < set(found.units)
    assert load_texts(found.files) == found


def test_a_fault_in_a_users_file_names_that_file(tmp_path):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "mine.yaml").write_text("id: mine\n", encoding="utf-8")

    with pytest.raises(CatalogueError) as error:
        load(tmp_path)

    assert f"{tmp_path}/sources/mine.yaml:1: 'name' is missing" in str(error.value)


def test_a_folder_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(CatalogueError, match="there is no such folder"):
        load(tmp_path / "nowhere")
