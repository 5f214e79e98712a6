"""A site over a made-up edition, and what every test of pages needs."""

from __future__ import annotations

import os
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import django
import made_up_edition as made_up
import pytest
from django.core import mail
from django.db import connections
from django.test import Client, override_settings

from beffroi.vocabulary.errors import UnknownEditionError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beffroi.web.settings")
django.setup()

import web_house as site  # noqa: E402 -- after Django is ready

from beffroi.web import access  # noqa: E402 -- as above

if TYPE_CHECKING:
    from beffroi.observatory.reading import Edition


class Shelf:
    """Two made-up editions."""

    def __init__(self) -> None:
        self.held = {"2026-1": made_up.build(), "2025-1": made_up.build("2025-1", seed=5)}

    def editions(self) -> tuple[str, ...]:
        return tuple(self.held)

    def open(self, edition_id: str | None) -> Edition:
        if edition_id is None:
            return self.held["2026-1"]
        if edition_id not in self.held:
            raise UnknownEditionError(f"Edition '{edition_id}' is not here.")
        return self.held[edition_id]


class EmptyShelf:
    """A house before its first edition."""

    def editions(self) -> tuple[str, ...]:
        return ()

    def open(self, edition_id: str | None) -> Edition:
        raise UnknownEditionError(f"No edition ({edition_id}).")


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture(scope="session")
def databases(tmp_path_factory):
    return site.Databases(tmp_path_factory.mktemp("databases"))


@pytest.fixture(autouse=True)
def _site(shelf, databases):
    access.use(shelf)
    site.point_to(databases.empty)
    yield
    access.use(shelf)
    connections.close_all()


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    """A home folder of its own for every test: what is uploaded lies there."""
    monkeypatch.setenv("BEFFROI_HOME", str(tmp_path / "home"))


@pytest.fixture
def people(databases, client):
    """The site over the invented cluster; call it with a role for a browser that is signed in so."""
    site.point_to(databases.fresh())
    mail.outbox = []
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        yield lambda role: site.sign_in(Client(SERVER_NAME="localhost", raise_request_exception=False), role)


@pytest.fixture
def edition(shelf):
    return shelf.open(None)


@pytest.fixture
def client():
    return Client(SERVER_NAME="localhost", raise_request_exception=False)


@pytest.fixture
def empty_house():
    access.use(EmptyShelf())


VOID = {"meta", "link", "input", "br", "hr", "img"}


class Checked(HTMLParser):
    """Reads a page strictly: balanced tags, unique ids, no inline style; keeps links, labels and headings."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.refers: list[str] = []
        self.words: list[str] = []
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "style" in given or tag == "style" or any(name.startswith("on") for name in given):
            self.faults.append(f"inline style or script on {tag}")
        if given.get("id"):
            self.ids.append(given["id"])
        for name in ("aria-labelledby", "aria-describedby", "for", "list"):
            self.refers += (given.get(name) or "").split()
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"} and self.rows:
            self.rows[-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] != "script":
            self.words.append(data)
            if self.rows and self.rows[-1] and ("td" in self.open or "th" in self.open):
                self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


@pytest.fixture
def read():
    def parsed(response) -> Checked:
        page = Checked()
        page.feed(response.content.decode())
        page.close()
        page.faults += [f"<{tag}> never closed" for tag in page.open if tag not in {"p", "li"}]
        return page

    return parsed


@pytest.fixture
def settings_of_house():
    """Change a setting of the site for one test."""
    changed = []

    def change(name, *, value):
        one = override_settings(**{name: value})
        one.enable()
        changed.append(one)

    yield change
    for one in reversed(changed):
        one.disable()


@pytest.fixture
def read_page(read):
    """`read`, under a name that leaves the registry's own `read` alone."""
    return read
