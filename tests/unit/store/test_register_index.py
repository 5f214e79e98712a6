"""A register on disk gives back its units by word, typo, place and SIREN, as a scan of every row does."""

from __future__ import annotations

import csv
import json
import math
import os
import random
import signal
import subprocess
import sys
import time

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from beffroi.linkage.index_words import core_words, plain_words, questions, standards
from beffroi.linkage.record import Record, tidy
from beffroi.linkage.seek import link_index
from beffroi.store import register_build, register_search, register_steps
from beffroi.store.register_build import build
from beffroi.store.register_index import RegisterIndex
from beffroi.store.register_lists import FINGERPRINT_SQL, fingerprint
from beffroi.vocabulary.errors import BusyError, StoreError

FIELDS = ("key", "name", "trade_name", "city", "department", "postcode", "website", "siren", "activity",
          "commune_code")  # fmt: skip
ROWS = [
    {"key": "A", "name": "MINALOGIC PARTENAIRES", "city": "GRENOBLE", "postcode": "38000", "siren": "732829320"},
    {"key": "B", "name": "PROXEM", "city": "PARIS", "postcode": "75010", "activity": "62.01Z"},
    {"key": "C", "name": "PROXEM", "city": "LILLE", "department": "59", "activity": "62.02A"},
    {"key": "D", "name": "ANT'INNO", "city": "Montreuil", "postcode": "93100", "website": "www.ant-inno.com"},
    {"key": "E", "name": "ANTINNOVA", "trade_name": "Data Publica S.A.", "siren": "443 061 841"},
    {"key": "G", "name": "Œuvre & Cie", "city": "ST QUENTIN CEDEX 4", "postcode": "02100"},
    {"key": "H", "name": "LA SAS", "city": "LYON"},
    {"key": "I", "name": "NUMELINK", "commune_code": "59512"},
    {"key": "J", "name": "NUMELINK", "commune_code": "69381"},
    *({"key": f"F{n}", "name": f"FIRME {n:03d}", "city": "LYON", "postcode": "69001"} for n in range(50)),
]


def built(folder, rows, fields=FIELDS, **more):
    folder.mkdir(exist_ok=True)
    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("row", *fields))
        writer.writerows((n, *(row.get(field, "") for field in fields)) for n, row in enumerate(rows, 1))
    source = f"SELECT * FROM read_csv('{folder / 'rows.csv'}', all_varchar=true, header=true)"
    build(folder / "index", source, fields, given=folder / "rows.csv", standards=standards(), **more)
    return RegisterIndex(folder / "index")


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return built(tmp_path_factory.mktemp("register"), ROWS)


def keys(index, **cells):
    row = tidy(Record("a", 1, **cells))
    return [one["key"] for one in index.search(questions(row), department=row.department, commune=row.commune)]


def test_it_counts_its_units_words_places_and_activities(index):
    assert index.size == len(ROWS)
    assert index.count("proxem") == 2
    assert index.count("firme") == 50
    assert index.count("sas") == 1
    assert index.count("@lyon") == 52
    assert index.count("=62") == 2
    assert index.count("=6201") == 1
    assert index.count("nowhere") == 0


def test_a_unit_is_found_by_its_siren(index):
    assert [one["key"] for one in index.by_siren("732829320")] == ["A"]
    assert [one["key"] for one in index.by_siren("443061841")] == ["E"]
    assert index.by_siren("000000000") == []


def test_cells_come_back_as_they_were(index):
    assert index.by_siren("732829320") == [ROWS[0] | {"row": "1"}]


@pytest.mark.parametrize(
    ("name", "key"),
    [("minalogik", "A"), ("minalgoic", "A"), ("partenaire", "A"), ("Antinno", "D"), ("Ant inno", "D"), ("oeuvre", "G"),
     ("Data Publicas", "E"), ("La", "H"), ("DP", None)],
)  # fmt: skip
def test_a_unit_is_found_despite_its_writing(index, name, key):
    assert keys(index, name=name)[:1] == ([key] if key else [])


def test_the_place_brings_the_near_one_first(index):
    assert keys(index, name="proxem", department="59") == ["C", "B"]
    assert keys(index, name="proxem", city="Paris 10") == ["B", "C"]


def test_a_commune_given_by_its_code_alone_is_a_place(index):
    assert keys(index, name="Numelink", city="Roubaix") == ["I", "J"]
    assert keys(index, name="Numelink", commune_code="69381") == ["J", "I"]
    assert keys(index, name="Numelink", postcode="59100") == ["I", "J"]


def test_a_web_label_leads_to_the_unit(index):
    assert keys(index, name="Quite another", website="http://ant-inno.fr")[:1] == ["D"]


def test_nothing_to_look_for_finds_nothing(index):
    assert index.search([]) == []
    assert keys(index, name="xylophage") == []


def test_rows_are_linked_through_it(index):
    rows = [
        tidy(Record("a", 1, name="Minalogik Partenaires", city="Grenoble", postcode="38000")),
        tidy(Record("a", 2, name="Proxem SAS", city="Paris", postcode="75010")),
        tidy(Record("a", 3, name="Other", siren="732 829 320")),
        tidy(Record("a", 4, name="Xylophage")),
    ]
    links = link_index(rows, index, source="register")

    assert [(one.left.record.row, one.right.record.key) for one in links if one.decision == "automatic"] == [
        (1, "A"),
        (2, "B"),
        (3, "A"),
    ]


texts = st.text(st.sampled_from("ABCDefgié'’.&+-_  çŒßл`(0x¹ª"), max_size=24)


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, min_size=1, max_size=20))
def test_sql_folds_names_as_the_method_does_or_leaves_them_to_it(names):
    low = f"strip_accents(lower(left(name, {register_steps._LONGEST_NAME})))"
    with duckdb.connect() as connection:
        connection.register("given_names", {"name": np.array(names, dtype=object)})
        folded = connection.execute(f"SELECT name, {register_steps._folded(low)} FROM given_names").fetchall()

    assert {name: plain for name, plain in folded if plain is not None} == {
        name: plain_words(name) for name, plain in folded if plain is not None
    }


def test_most_names_are_folded_by_sql():
    low = "strip_accents(lower('SOCIÉTÉ D''ÉTUDES (LYON) - L''ATELIER & CIE, S.A.R.L'))"
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT {register_steps._folded(low)}").fetchall() == [(None,)]
        easy = low.replace(", S.A.R.L", " SARL")
        assert connection.execute(f"SELECT {register_steps._folded(easy)}").fetchall() == [
            ("societe d etudes lyon l atelier and cie sarl",)
        ]


def test_the_fingerprint_of_a_text_is_that_of_the_engine():
    with duckdb.connect() as connection:
        for text in ("", "abc", "lyonfrance"):
            assert connection.execute(f"SELECT {FINGERPRINT_SQL}('{text}')").fetchall() == [(fingerprint(text),)]


WORDS = ("lyon", "digital", "conseil", "minalogic", "proxem", "talend", "services", "boulanger", "nuxeo", "systemes")
CITIES = ("Lyon", "Paris", "Lille", "")
DEPARTMENTS = {"Lyon": "69", "Paris": "75", "Lille": "59", "": ""}


def drawn(count, seed):
    chance = random.Random(seed)  # noqa: S311 -- cases, no secret
    rows = []
    for n in range(count):
        city = chance.choice(CITIES)
        words = chance.choices(WORDS, weights=range(1, len(WORDS) + 1), k=chance.randint(1, 3))
        form = chance.choice(("SARL", "SAS", ""))
        name = " ".join([*words, *([form] if form else [])]).upper()
        rows.append({"key": str(n), "name": name, "city": city, "department": DEPARTMENTS[city]})
    return rows


def scanned(rows, asked):
    """What the search finds, by looking at every unit and every word, without typos and glued words."""
    names = [core_words(plain_words(row["name"])) for row in rows]
    counts = {word: sum(word in name for name in names) for name in names for word in name}
    bits = {word: math.log2((len(rows) + 1) / count) for word, count in counts.items()}
    words = core_words(plain_words(asked["name"]))
    inside = {field: sum(row[field] == asked[field] for row in rows) for field in ("city", "department")}
    out = {}
    for row, name in zip(rows, names, strict=True):
        shared = sum(bits.get(word, 0.0) for word in words if word in name)
        if not set(words) & set(name):
            continue
        extra = max(0.0, round(sum(bits[word] for word in set(name)) * 2) / 2 - shared)
        places = [
            0.6 * math.log2((len(rows) + 1) / inside[field])
            for field in ("city", "department")
            if asked[field] and row[field] == asked[field]
        ]
        out[row["key"]] = shared - extra / 4 + max(places, default=0.0)
    return out


@pytest.mark.parametrize("seed", range(4))
def test_it_ranks_as_a_scan_of_every_row_does(tmp_path, seed, monkeypatch):
    monkeypatch.setattr(register_search, "_typos", lambda *_given: [])
    rows = drawn(300, seed)
    index = built(tmp_path, rows, ("key", "name", "city", "department"))
    for asked in drawn(40, seed + 100):
        known = scanned(rows, asked)
        row = tidy(Record("a", 1, **{**asked, "key": ""}))
        words_only = [(words, [term for term in terms if term[0] == "word" and len(term[2]) == 1])
                      for words, terms in questions(row)]  # fmt: skip
        found = index.search(words_only, department=row.department, commune=row.commune, kept=400)
        scores = [known[one["key"]] for one in found]

        assert {one["key"] for one in found} == set(known)
        assert scores == pytest.approx(sorted(known.values(), reverse=True), abs=1e-3)


def test_every_word_one_letter_away_is_found(tmp_path):
    words = sorted({one + other for one in ("minalog", "proxem", "talend") for other in ("ic", "is", "ices", "i", "")})
    index = built(tmp_path, [{"key": one, "name": one} for one in words], ("key", "name"))
    for word in words:
        for asked in (f"x{word}", word[1:], word[:2] + "q" + word[3:], word[1] + word[0] + word[2:]):
            near = {one for one in words if OSA.distance(asked, one) <= 1}
            assert near <= set(keys(index, name=asked))


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_rows_does_not_matter(tmp_path, seed):
    rows = drawn(200, seed)
    shuffled = random.Random(seed).sample(rows, len(rows))  # noqa: S311 -- a case, no secret
    one, other = (
        built(tmp_path / name, each, ("key", "name", "city", "department"))
        for name, each in (("one", rows), ("other", shuffled))
    )
    for asked in drawn(20, seed + 50):
        cells = {**asked, "key": ""}
        assert keys(one, **cells) == keys(other, **cells)


def test_a_common_word_leads_to_the_two_rarest_together(index, monkeypatch):
    monkeypatch.setattr(register_search, "MOST_ANYWHERE", 0)
    monkeypatch.setattr(register_search, "MOST_NEAR", 5)

    assert keys(index, name="Firme 007")[0] == "F7"
    assert len(keys(index, name="Firme")) == 5


def test_an_empty_register_finds_nothing(tmp_path):
    index = built(tmp_path, [], ("key", "name", "city"))

    assert index.size == 0
    assert keys(index, name="Anything", city="Lyon") == []
    assert index.by_siren("732829320") == []


def test_an_index_is_never_overwritten_and_what_is_none_is_refused(tmp_path):
    with pytest.raises(StoreError, match="Build it again"):
        RegisterIndex(tmp_path)
    built(tmp_path / "one", ROWS[:3])
    with pytest.raises(StoreError, match="exists"):
        built(tmp_path / "one", ROWS[:3])
    meta = tmp_path / "one" / "index" / "meta.json"
    meta.write_text(json.dumps(json.loads(meta.read_text("utf-8")) | {"version": 0}), "utf-8")
    with pytest.raises(StoreError, match="another version"):
        RegisterIndex(tmp_path / "one" / "index")


KILLED = """
import sys, time
from pathlib import Path
from beffroi.linkage.index_words import standards
from beffroi.store.register_build import build

def step(stage):
    print(stage, flush=True)
    if stage == sys.argv[2]:
        time.sleep(60)

source = "SELECT range AS row, 'FIRME ' || range AS name FROM range(1, 500)"
build(Path(sys.argv[1]), source, ("name",), given=Path("given"), standards=standards(), step=step)
"""


@pytest.mark.parametrize("stage", ["sorting units", "packing cells"])
def test_a_build_killed_leaves_nothing_half_and_the_next_one_clears_up(tmp_path, stage):
    home = tmp_path / "indices"
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(home / "index"), stage], stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    for line in process.stdout:
        if line.strip() == stage:
            break
    with pytest.raises(BusyError, match="index a register"):
        build(home / "index", "SELECT 1 AS row, 'A' AS name", ("name",), given=home, standards=standards())
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()

    assert not (home / "index").exists()
    assert [one for one in home.iterdir() if one.name != ".lock"] != []
    stages = []
    build(
        home / "index", "SELECT 1 AS row, 'A' AS name", ("name",), given=home, standards=standards(), step=stages.append
    )
    assert [one.name for one in home.iterdir() if one.name != ".lock"] == ["index"]
    assert len(stages) == register_build.STAGES
    assert RegisterIndex(home / "index").size == 1


def test_a_siren_is_found_in_less_than_a_millisecond(index):
    start = time.perf_counter()
    for _ in range(100):
        index.by_siren("732829320")

    assert (time.perf_counter() - start) / 100 < 0.005
