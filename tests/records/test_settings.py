"""Where the registry is kept, and what is said when it cannot be."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest

from beffroi.records.settings import database, postgresql
from beffroi.vocabulary.errors import StoreError, UsageError


def test_a_file_in_the_home_folder_is_the_default(tmp_path, monkeypatch):
    monkeypatch.delenv("BEFFROI_DATABASE_URL", raising=False)
    found = database(tmp_path)

    assert found["NAME"] == str(tmp_path / "registry.sqlite3")
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_an_address_of_a_server_is_taken_apart(monkeypatch, tmp_path):
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed")
    monkeypatch.setenv("BEFFROI_DATABASE_URL", "postgresql://a%40b:p%2Fw@db.example:5433/registry?sslmode=require")
    found = database(tmp_path)

    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("registry", "a@b", "p/w")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("db.example", "5433", {"sslmode": "require"})


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://host", "registry"])
def test_another_address_is_refused(url):
    with pytest.raises(UsageError, match="is not an address of PostgreSQL"):
        postgresql(url)


def test_a_missing_driver_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"Install beffroi\[postgres\]"):
        postgresql("postgresql://x/y")


def test_only_its_owner_reads_the_registry(tmp_path):
    said = (
        "from pathlib import Path; from beffroi.records.settings import open_registry; "
        f"open_registry(Path({str(tmp_path)!r}))"
    )
    environment = {**os.environ}
    environment.pop("BEFFROI_DATABASE_URL", None)
    subprocess.run([sys.executable, "-c", said], check=True, env=environment)
    assert stat.S_IMODE((tmp_path / "registry.sqlite3").stat().st_mode) == 0o600
