"""Tables come back as they went in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beffroi.store.digest import digest_all, digest_file, digest_table, digest_text
from beffroi.store.tables import read_database, read_parquet, write_database, write_parquet
from beffroi.vocabulary.errors import StoreError

words = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
row = st.tuples(
    st.none() | words,
    st.none() | st.integers(-(2**52), 2**52),
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
    st.none() | st.booleans(),
)


@settings(max_examples=40)
@given(st.lists(row, max_size=8))
def test_parquet_and_duckdb_give_back_what_they_were_given(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("t")
    full = [("é", 1, 0.5, True), *rows]  # one full row, so that a column otherwise empty keeps its type
    table = {name: [one[k] for one in full] for k, name in enumerate(("word", "count", "share", "flag"))}

    write_parquet(folder / "t.parquet", table)
    write_database(folder / "t.duckdb", {"core__t": table})

    assert read_parquet(folder / "t.parquet") == (tuple(table), full)
    assert read_database(folder / "t.duckdb", "core__t") == (tuple(table), full)


def test_whole_numbers_among_floats_become_floats(tmp_path):
    write_parquet(tmp_path / "t.parquet", {"x": [1, 2.5]})

    assert read_parquet(tmp_path / "t.parquet")[1] == [(1.0,), (2.5,)]


def test_a_column_of_two_kinds_is_refused(tmp_path):
    with pytest.raises(TypeError, match="int, str"):
        write_parquet(tmp_path / "t.parquet", {"x": [1, "a"]})


@pytest.mark.parametrize("name", ["uCode", "emploi numérique", 'a "b"; DROP TABLE rows', "select"])
def test_a_column_keeps_the_name_its_owner_gave(tmp_path, name):
    write_parquet(tmp_path / "t.parquet", {name: [1], "other": ["x"]})

    assert read_parquet(tmp_path / "t.parquet", [name]) == ((name,), [(1,)])


def test_a_name_that_is_no_table_is_refused(tmp_path):
    with pytest.raises(ValueError, match="DROP TABLE"):
        write_database(tmp_path / "t.duckdb", {"x; DROP TABLE": {"x": [1]}})


def test_a_damaged_file_is_named_with_the_remedy(tmp_path):
    (tmp_path / "t.parquet").write_bytes(b"PAR1 not really")

    with pytest.raises(StoreError, match=r"t\.parquet cannot be read.*edition build"):
        read_parquet(tmp_path / "t.parquet")
    with pytest.raises(StoreError, match="is missing"):
        read_database(tmp_path / "gone.duckdb", "x")


def test_a_fingerprint_changes_with_any_value_name_or_order():
    base = {"x": [1.0, 2.0], "y": ["a", None]}
    others = [
        {"x": [2.0, 1.0], "y": ["a", None]},
        {"x": [1.0, 2.0], "y": ["a", ""]},
        {"z": [1.0, 2.0], "y": ["a", None]},
        {"x": [1.0, 2.000000001], "y": ["a", None]},
    ]

    assert len({digest_table(one) for one in [base, *others]}) == 5


def test_fingerprints_of_texts_files_and_collections_agree(tmp_path):
    (tmp_path / "t").write_text("é", encoding="utf-8")

    assert digest_file(tmp_path / "t") == digest_text("é")
    assert digest_all({"a": "1", "b": "2"}) == digest_all({"b": "2", "a": "1"})
