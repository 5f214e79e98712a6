"""S45, check 4: the whole house leaves in one file and comes back with nothing lost."""

from __future__ import annotations

import json
import stat
import zipfile
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User

from beffroi.charter import entries
from beffroi.charter.entries import By
from beffroi.charter.instance import export_instance, import_instance, tables
from beffroi.federation import audit, log
from beffroi.federation.judgement import merge
from beffroi.federation.people import give
from beffroi.strategy.stage import STAGE
from beffroi.vocabulary.errors import StoreError, UsageError

NOW = datetime(2026, 11, 22, 8, 0, 0, 123456, tzinfo=UTC)
TOP = {
    "name": {"fr": "Premier", "en": "First"}, "track": "rank", "place": 1, "metric": "rank", "region": "FRK",
    "population": "france", "threshold": "1", "better": "low", "by": "2036-01-01", "status": "open",
}  # fmt: skip


@pytest.fixture
def house(registry, tmp_path):
    """A house with something of everything, and its home folder."""
    registry.take("A", [("Alpha", "732829320", "69001", "alpha.fr")])
    registry.take("B", [("Alpha SAS", "", "69001", "alpha.fr")])
    merge(registry.home("A", "Alpha"), registry.home("B", "Alpha SAS"), act=registry.act("merge"))
    account = User.objects.create_user("a", "a@example.org", "quatre mots sans rapport")
    give(account.pk, "reviewer", by="operator", at=NOW)
    entries.create(STAGE, TOP, by=By("account 1", NOW))
    home = tmp_path / "home"
    (home / "editions" / "e1").mkdir(parents=True)
    (home / "editions" / "e1" / "scores.json").write_text("{}")
    (home / "secret-key").write_text("never")
    (home / "registers").mkdir()
    (home / "registers" / "huge").write_text("again")
    return home


def everything():
    return {one._meta.label: sorted(one._default_manager.values_list(), key=repr) for one in tables()}


def test_s45_4_nothing_is_lost_on_the_way_there_and_back(house, another, tmp_path):
    before = everything()
    carried = export_instance(tmp_path / "copy.zip", house)
    assert stat.S_IMODE((tmp_path / "copy.zip").stat().st_mode) == 0o600
    another()
    assert import_instance(tmp_path / "copy.zip", tmp_path / "new") == carried
    assert everything() == before
    assert (log.broken(), audit.broken(), entries.broken()) == ([], [], [])
    assert sorted(one.name for one in (tmp_path / "new").rglob("*") if one.is_file()) == ["scores.json"]


def test_s45_4_life_goes_on_in_the_new_house(house, another, registry, tmp_path):
    export_instance(tmp_path / "copy.zip", house)
    another()
    import_instance(tmp_path / "copy.zip", tmp_path / "new")
    registry.take("C", [("Gamma", "", "69001", "gamma.fr")])
    give(User.objects.get().pk, "office", by="operator", at=NOW)
    assert entries.create(STAGE, {**TOP, "place": 2}, by=By("account 1", NOW)).id == "stage-2"
    assert (log.broken(), audit.broken(), entries.broken()) == ([], [], [])


def test_a_house_that_is_not_empty_is_left_alone(house, tmp_path):
    export_instance(tmp_path / "copy.zip", house)
    before = everything()
    with pytest.raises(UsageError, match="not empty"):
        import_instance(tmp_path / "copy.zip", tmp_path / "new")
    assert everything() == before
    with pytest.raises(UsageError, match="is there already"):
        export_instance(tmp_path / "copy.zip", house)


def test_files_that_are_there_are_not_overwritten(house, another, tmp_path):
    export_instance(tmp_path / "copy.zip", house)
    another()
    with pytest.raises(UsageError, match=r"scores\.json is there already"):
        import_instance(tmp_path / "copy.zip", house)
    assert not User.objects.exists()


def rewritten(source, target, change):
    """A copy of a copy, with each file passed through `change(name, bytes)`."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            for changed_name, content in change(name, old.read(name)):
                new.writestr(changed_name, content)
    return target


@pytest.mark.parametrize(("change", "message"), [
    (lambda n, b: [(n, b.replace(b"Alpha", b"Omega"))], "was changed or cut"),
    (lambda n, b: [(n, b"" if n.endswith("auth.user.jsonl") else b)], "was changed or cut"),
    (lambda n, b: [(n, b)] if n != "manifest.json" else [], "no manifest"),
    (lambda n, b: [(n.replace("home/", "home/../"), b)], "outside the house"),
    (lambda n, b: [(n, json.dumps({**json.loads(b), "migrations": ["records.9999_x"]}).encode())]
     if n == "manifest.json" else [(n, b)], "newer version"),
])  # fmt: skip
def test_a_copy_that_is_not_whole_is_refused_and_nothing_taken_in(house, another, tmp_path, change, message):
    export_instance(tmp_path / "copy.zip", house)
    wrong = rewritten(tmp_path / "copy.zip", tmp_path / "wrong.zip", change)
    another()
    before = everything()
    with pytest.raises((StoreError, UsageError), match=message):
        import_instance(wrong, tmp_path / "new")
    assert everything() == before
    assert not list((tmp_path / "new").rglob("*.json"))


def test_a_cut_zip_is_refused(house, another, tmp_path):
    export_instance(tmp_path / "copy.zip", house)
    (tmp_path / "cut.zip").write_bytes((tmp_path / "copy.zip").read_bytes()[:-200])
    another()
    with pytest.raises(StoreError, match="damaged"):
        import_instance(tmp_path / "cut.zip", tmp_path / "new")
