"""Perimeters: what is inside in either revision, and files whose every fault is said with its line."""

from __future__ import annotations

import csv

import pytest

from beffroi.catalogue.activity_codes import DIVISIONS, read_code
from beffroi.catalogue.perimeters import load_perimeter, load_perimeters
from beffroi.vocabulary.errors import CatalogueError, UnknownDefinitionError, UsageError

ALL = load_perimeters()
ICT, CONTENT, SOFTWARE, PROXY = (
    ALL[one] for one in ("oecd_ict_sector", "oecd_ict_and_content", "software_and_services", "eurostat_proxy")
)


@pytest.mark.parametrize("perimeter", ALL.values(), ids=lambda one: one.id)
def test_a_perimeter_speaks_both_languages_and_says_where_it_comes_from(perimeter):
    texts = [perimeter.name, perimeter.definition, *(one.note for one in perimeter.breaks)]

    assert all(text.fr and text.en and "'" not in text.fr for text in texts)
    assert perimeter.source
    assert perimeter.version.isdigit()


@pytest.mark.parametrize(
    ("code", "ict", "content", "software", "proxy"),
    [
        ("62.01Z", True, True, True, True),
        ("6202A", True, True, True, True),
        ("58.29C", True, True, True, True),
        ("58.13Z", False, True, False, True),
        ("63.91Z", False, True, False, True),
        ("63.12Z", True, True, True, True),
        ("26.52Z", False, False, False, True),
        ("26.80Z", True, True, False, True),
        ("46.51Z", True, True, False, False),
        ("95.11Z", True, True, False, True),
        ("95.29Z", False, False, False, True),
        ("47.41Z", False, False, False, False),
    ],
)
def test_known_trades_fall_where_the_definitions_put_them(code, ict, content, software, proxy):
    assert [one.matches(code, "naf_2") for one in (ICT, CONTENT, SOFTWARE, PROXY)] == [ict, content, software, proxy]


def test_the_same_digits_mean_other_things_in_another_revision():
    assert not ICT.matches("63.91", "nace_2")  # news agencies
    assert ICT.matches("63.91", "nace_2_1")  # search portals
    assert PROXY.matches("95.11", "nace_2")
    assert not PROXY.matches("95.31", "naf_2025")  # motor vehicles
    assert ICT.matches("95.10Y", "naf_2025")


def test_codes_as_eurostat_writes_them():
    assert SOFTWARE.matches("J62", "nace_2")
    assert PROXY.matches("J62_63", "nace_2")
    assert PROXY.matches("J58-J63", "nace_2")
    assert PROXY.matches("J", "nace_2")
    assert PROXY.matches("K", "nace_2_1")
    assert not PROXY.matches("G47", "nace_2")
    assert read_code("J58-J63", "nace_2").digits == ("58", "59", "60", "61", "62", "63")


@pytest.mark.parametrize(
    ("code", "revision", "said"),
    [
        ("63", "nace_2", r"partly inside .*63\.1"),
        ("J", "nace_2", "partly inside"),
        ("C26", "nace_2", r"26\.1, 26\.2"),
        ("J62_63", "nace_2", "partly inside"),
        ("J62", "nace_2_1", "lies in section K"),
        ("45", "nace_2_1", "does not exist"),
        ("99.9999", "nace_2", "no code"),
        ("62Z", "naf_2", "no code"),
        ("", "naf_2", "no code"),
        ("J63_62", "nace_2", "no range"),
        ("J62_63_64", "nace_2", "no range"),
        ("V", "nace_2", "Section 'V'"),
        ("62", "sic_1987", "no revision"),
    ],
)
def test_codes_that_decide_nothing_are_refused(code, revision, said):
    with pytest.raises(UsageError, match=said):
        SOFTWARE.matches(code, revision) if code == "J62_63" else ICT.matches(code, revision)


def test_a_series_that_changes_its_content_says_so():
    assert all(one.is_broken for one in ALL.values())  # magnetic media, portals, or car repair
    portals = next(one for one in ICT.breaks if one.from_codes == ("63.12",))
    assert (portals.kind, portals.to_codes) == ("split", ("63.91", "60.39"))


@pytest.mark.parametrize("perimeter", ALL.values(), ids=lambda one: one.id)
def test_what_a_break_says_is_what_the_lists_do(perimeter):
    """Lost codes were inside and are not; merged and moved ones are inside on both sides; nothing else."""
    for one in perimeter.breaks:
        before = [perimeter.matches(code, "nace_2") for code in one.from_codes]
        after = [perimeter.matches(code, "nace_2_1") for code in one.to_codes]
        assert all(before)
        assert {"lost": not any(after), "merged": all(after), "moved": all(after), "split": True}[one.kind]
        assert one.kind != "split" or (any(after) and not all(after))


def official(shared, name, column):
    with (shared / "data" / "nomenclatures" / name).open(encoding="utf-8") as handle:
        return {row[column] for row in csv.DictReader(handle)}


@pytest.mark.shared
@pytest.mark.parametrize("perimeter", ALL.values(), ids=lambda one: one.id)
def test_every_code_exists_in_the_official_lists(shared, perimeter):
    old = official(shared, "naf_rev2_fr.csv", "code")
    new = official(shared, "nace_rev2_1_en.csv", "code")

    assert set(perimeter.codes["nace_2"]) | {c for b in perimeter.breaks for c in b.from_codes} <= old
    assert set(perimeter.codes["nace_2_1"]) | {c for b in perimeter.breaks for c in b.to_codes} <= new


@pytest.mark.shared
def test_sections_and_divisions_are_the_official_ones(shared):
    for name, revision, keys in (
        ("naf_rev2_hierarchy.csv", "nace_2", ("NIV1", "NIV2")),
        ("nace_rev2_1_en.csv", "nace_2_1", ("parentCode", "code")),
    ):
        with (shared / "data" / "nomenclatures" / name).open(encoding="utf-8") as handle:
            pairs = {(row[keys[0]], row[keys[1]]) for row in csv.DictReader(handle) if len(row[keys[1]]) == 2}
        ours = {(section, one) for section, held in DIVISIONS[revision].items() for one in held}
        assert {pair for pair in pairs if len(pair[0]) == 1} == ours


@pytest.mark.shared
def test_every_official_class_lies_on_one_side(shared):
    for name, revision in (("naf_rev2_fr.csv", "naf_2"), ("nace_rev2_1_en.csv", "nace_2_1")):
        for code in official(shared, name, "code"):
            if len(code) >= 5:
                for perimeter in ALL.values():
                    assert perimeter.matches(code, revision) in (True, False)


GOOD = """id: mine
version: "1"
name: {fr: "Le mien", en: "Mine"}
definition: {fr: "À moi", en: "Mine alone"}
source: "I say so"
codes:
  nace_2: ["62"]
  nace_2_1: ["62"]
"""


def written(folder, text, name="mine.yaml"):
    place = folder / "perimeters" / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(text, "utf-8")
    return folder


def test_ones_own_perimeter_stands_beside_ours_or_replaces_it(tmp_path):
    found = load_perimeters(written(tmp_path, GOOD))
    assert found["mine"].matches("62.01Z", "naf_2")
    assert not found["mine"].is_broken
    written(tmp_path, GOOD.replace("id: mine", "id: oecd_ict_sector"), "oecd_ict_sector.yaml")
    assert not load_perimeter("oecd-ict-sector", tmp_path).matches("61", "nace_2")
    with pytest.raises(UnknownDefinitionError, match="did you mean 'oecd_ict_sector'"):
        load_perimeter("oecd-ict-sectors")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('nace_2: ["62"]', 'nace_2: ["62", "62.01"]', "mine.yaml:7: '62.01' and '62' hold each other"),
        ('nace_2: ["62"]', 'nace_2: ["45.99Z"]', "mine.yaml:7: '45.99Z' is not written as a code"),
        ('nace_2: ["62"]', 'nace_2: ["J62_63"]', "mine.yaml:7: 'J62_63' is not written"),
        ('nace_2: ["62"]', 'nace_2: ["04"]', "mine.yaml:7: '04': division 04 does not exist"),
        ('nace_2: ["62"]', "nace_2: []", "mine.yaml:7: 'nace_2' lists no code"),
        ('nace_2_1: ["62"]', 'nace_2_1: ["45"]', "mine.yaml:8: '45': division 45 does not exist in nace_2_1"),
        ('  nace_2_1: ["62"]\n', "", "'nace_2_1' is missing"),
        ("id: mine", "id: yours", "mine.yaml:1: the id is 'yours'"),
        ('version: "1"\n', "", "'version' is missing"),
        ('en: "Mine"}', 'de: "Meins"}', "'en' is missing"),
        ("source", "sauce", "key 'sauce' is unknown"),
        ("codes:\n", "codes: 62\nother:\n", "'codes' holds '62'"),
        ("id: mine", "id: [", "this is not YAML"),
    ],
)
def test_each_fault_is_said_with_its_line(tmp_path, old, new, said):
    with pytest.raises(CatalogueError) as caught:
        load_perimeters(written(tmp_path, GOOD.replace(old, new)))

    assert said in str(caught.value)


def test_all_faults_are_said_at_once(tmp_path):
    bad = GOOD.replace('["62"]', '["04", "62", "62"]') + "breaks:\n  - {from: ['62'], to: ['77777'], kind: eaten}\n"
    with pytest.raises(CatalogueError) as caught:
        load_perimeters(written(tmp_path, bad))

    lines = str(caught.value).splitlines()
    assert len(lines) == 7  # two in each list, and code, kind and note of the break
    assert all("mine.yaml:" in line for line in lines)
