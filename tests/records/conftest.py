"""An empty registry for each test, on every engine: SQLite always, PostgreSQL where its server is installed."""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from databases import point_to
from django.core.management import call_command
from django.db import connection, connections

from beffroi.federation.import_members import import_list
from beffroi.federation.import_plan import Given
from beffroi.federation.log import Act
from beffroi.federation.propose import propose_nothing
from beffroi.records import models
from beffroi.records.settings import postgresql, sqlite

ENGINES = ("sqlite", "postgresql")
START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
TEMPLATE = "template_registry"


def pytest_generate_tests(metafunc):
    if "registry" in metafunc.fixturenames:
        metafunc.parametrize("engine", ENGINES, indirect=True, scope="session")


class Sqlite:
    """One file per test, copied from one that is ready."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.numbers = folder, itertools.count()
        point_to(sqlite(folder / TEMPLATE))
        call_command("migrate", verbosity=0)
        connections.close_all()

    def fresh(self) -> dict[str, object]:
        path = self.folder / f"{next(self.numbers)}.sqlite3"
        shutil.copy(self.folder / TEMPLATE, path)
        return sqlite(path)

    def clear(self) -> None:
        """Let go of what `fresh` gave."""
        for one in self.folder.glob("*.sqlite3*"):
            one.unlink()

    def stop(self) -> None:
        pass


class Postgresql:
    """A server of our own on a socket in a temporary folder, and one database per test."""

    def __init__(self, binaries: Path) -> None:
        self.binaries, self.numbers = binaries, itertools.count()
        self.held: list[str] = []
        self.folder = Path(tempfile.mkdtemp(prefix="beffroi-pg-"))
        self.user = []
        if os.geteuid() == 0:  # the server refuses to run as root
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self.user = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        self._run("initdb", "-D", str(self.folder / "data"), "-U", "beffroi", "-A", "trust", "--no-sync")
        options = f"-c listen_addresses='' -k {self.folder} -c fsync=off"
        self._run(
            "pg_ctl", "-D", str(self.folder / "data"), "-o", options, "-l", str(self.folder / "log"), "-w", "start"
        )
        point_to(self.at("postgres"))
        self.sql(f"CREATE DATABASE {TEMPLATE}")
        point_to(self.at(TEMPLATE))
        call_command("migrate", verbosity=0)
        connections.close_all()

    def at(self, name: str) -> dict[str, object]:
        return postgresql(f"postgresql://beffroi@/{name}?host={self.folder}")

    def sql(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    def fresh(self) -> dict[str, object]:
        name = f"registry_{next(self.numbers)}"
        point_to(self.at("postgres"))
        self.sql(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        self.held.append(name)
        return self.at(name)

    def clear(self) -> None:
        """Let go of what `fresh` gave."""
        point_to(self.at("postgres"))
        while self.held:
            self.sql(f"DROP DATABASE {self.held.pop()} WITH (FORCE)")

    def stop(self) -> None:
        connections.close_all()
        with contextlib.suppress(subprocess.CalledProcessError):  # it may never have started
            self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self.user, str(self.binaries / program), *arguments],
            check=True, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


@pytest.fixture(scope="session")
def engines(tmp_path_factory):
    """Call it with a name for a server or folder that gives fresh registries; it stays for the tests to come."""
    started = {}

    def started_once(name):
        if name not in started:
            started[name] = Sqlite(tmp_path_factory.mktemp("sqlite")) if name == "sqlite" else Postgresql(_binaries())
        return started[name]

    yield started_once
    for one in started.values():
        one.stop()


def _binaries() -> Path:
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("no PostgreSQL server on this machine")
    return found[-1].parent


@pytest.fixture(scope="session")
def engine(request, engines):
    """The engine of this test."""
    return engines(request.param)


class Registry:
    """An empty registry, and short words for what tests do with it."""

    def __init__(self) -> None:
        self.ticks = itertools.count(1)

    def act(self, kind="judge", author="Camille") -> Act:
        return Act(author, START + timedelta(minutes=next(self.ticks)), kind)

    def take(self, source, rows, *, columns=("name", "siren", "postcode", "website"), as_of=date(2026, 1, 1), **more):
        """Import rows given as tuples in the order of `columns`; nothing is proposed unless the test says by what."""
        more.setdefault("propose", propose_nothing)
        options = {key: more.pop(key) for key in ("dry_run", "persons", "faulty", "propose") if key in more}
        full = [dict(zip(columns, row, strict=True)) for row in rows]
        text = "\n".join([",".join(columns), *(",".join(row) for row in rows)]).encode()
        given = Given(source, full, {one: one for one in columns}, f"{source}.csv", text, as_of, **more)
        return import_list(given, by="Camille", at=START + timedelta(minutes=next(self.ticks)), **options)

    def record(self, source, name) -> int:
        rows = models.RecordVersion.objects.filter(record__source__name=source, fields__name=name)
        return rows.latest("id").record_id

    def home(self, source, name) -> str:
        return models.Placement.objects.get(record=self.record(source, name)).organisation_id

    def groups(self) -> set[frozenset[tuple[str, str]]]:
        """Organisations as sets of (list, name): no number, no address."""
        found: dict[str, set[tuple[str, str]]] = {}
        rows = models.Placement.objects.filter(version__isnull=False)
        for address, source, fields in rows.values_list("organisation_id", "record__source__name", "version__fields"):
            found.setdefault(address, set()).add((source, fields.get("name", "")))
        return {frozenset(one) for one in found.values()}

    def readings(self) -> dict[str, list[tuple[object, ...]]]:
        """Every derived table, whole."""
        tables = (models.Organisation, models.Placement, models.Membership, models.Conflict)
        return {one.__name__: sorted(one.objects.values_list(), key=repr) for one in tables}


@pytest.fixture
def registry(engine):
    """An empty registry on the engine under test."""
    point_to(engine.fresh())
    yield Registry()
    connections.close_all()
    engine.clear()
    connections.close_all()


@pytest.fixture
def another(engine):
    """Call it to go on with a second empty registry."""
    return lambda: point_to(engine.fresh())


@pytest.fixture
def opened():
    """Call it with a description to open that database; it is let go at the end."""
    yield point_to
    connections.close_all()
