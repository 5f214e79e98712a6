"""Where the registry is kept: SQLite in the home folder, or PostgreSQL when `BEFFROI_DATABASE_URL` names one.

`configure` is for doors without pages (commands, tests); a site with pages takes `database` into its own settings.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

import django
from django.conf import settings

from beffroi.catalogue.trades import use_own_trades
from beffroi.vocabulary.errors import StoreError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

FILE = "registry.sqlite3"
WAIT_SECONDS = 60  # an import of a long list holds the pen this long at worst; a reviewer waits rather than fails
INSTALLED_APPS = ["beffroi.records"]
DATABASES: dict[str, dict[str, object]] = {}
SECRET_KEY = "nothing is signed here"  # noqa: S105 -- no session, no token: commands have no visitors
USE_TZ = True
TIME_ZONE = "UTC"


def database(home: Path) -> dict[str, object]:
    """Return Django's description of the database of one house.

    Raises:
        UsageError: `BEFFROI_DATABASE_URL` is not `postgresql://…`.
        StoreError: PostgreSQL is asked for and its driver is not installed.

    >>> from pathlib import Path
    >>> database(Path("/srv/beffroi"))["NAME"]
    '/srv/beffroi/registry.sqlite3'
    """
    url = os.environ.get("BEFFROI_DATABASE_URL", "")
    return postgresql(url) if url else sqlite(home / FILE)


def sqlite(path: Path) -> dict[str, object]:
    """One file. Writers queue from their first statement on, so that none is refused half-way."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "timeout": WAIT_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }


def postgresql(url: str) -> dict[str, object]:
    """A server, given as `postgresql://user:password@host:port/name`; a socket folder goes into `?host=`.

    Raises:
        UsageError: the address has another form.
        StoreError: the driver is not installed.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise UsageError(
            "BEFFROI_DATABASE_URL is not an address of PostgreSQL; expected "
            "postgresql://user:password@host:port/name. Correct it, or unset it to keep the registry in a file."
        )
    try:
        import psycopg  # noqa: F401, PLC0415 -- wanted only where a server is
    except ImportError as error:
        raise StoreError(
            "BEFFROI_DATABASE_URL names a PostgreSQL server, but its driver is not installed. "
            "Install beffroi[postgres], or unset the variable to keep the registry in a file."
        ) from error
    options: dict[str, object] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def configure(home: Path) -> None:
    """Make Django ready for the registry of one house, unless a site has done so already."""
    if not settings.configured:
        settings.configure(
            INSTALLED_APPS=INSTALLED_APPS,
            DATABASES={"default": database(home)},
            SECRET_KEY=SECRET_KEY,
            USE_TZ=USE_TZ,
            TIME_ZONE=TIME_ZONE,
        )
    django.setup()


def open_registry(home: Path) -> None:
    """Make Django ready and bring the tables up to date.

    Raises:
        StoreError: the database cannot be reached or written.
    """
    configure(home)
    use_own_trades(home / "catalogue" / "trades")
    from django.core.management import call_command  # noqa: PLC0415 -- after settings
    from django.db import DatabaseError  # noqa: PLC0415 -- after settings

    try:
        home.mkdir(parents=True, exist_ok=True)
        if not os.environ.get("BEFFROI_DATABASE_URL"):
            (home / FILE).touch(mode=0o600)  # it holds people's addresses and passwords' hashes
        call_command("migrate", verbosity=0, interactive=False)
    except (DatabaseError, OSError) as error:
        raise StoreError(
            f"The registry cannot be opened: {str(error).strip().splitlines()[0]}. Check that the home folder can be "
            "written, or that the server named by BEFFROI_DATABASE_URL runs and lets this user in."
        ) from error
