"""A house with one small edition of real figures, and a publisher on this machine that answers, fails and cuts."""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources

import made_up_stock
import pytest

from beffroi.observatory.edition import build_edition
from beffroi.observatory.home import Home
from beffroi.sources.manners import Manners

DAY = date(2026, 11, 22)


def furnished(path, *, scenarios=256, changes=None):
    """Give a house its own index: ours with fewer scenarios, and other changes of text."""
    text = resources.files("beffroi.catalogue").joinpath("indices/digital_region.yaml").read_text(encoding="utf-8")
    assert "scenarios: 16384" in text
    text = text.replace("scenarios: 16384", f"scenarios: {scenarios}")
    for old, new in (changes or {}).items():
        assert old in text
        text = text.replace(old, new)
    place = path / "catalogue" / "indices" / "digital_region.yaml"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return Home(path)


@pytest.fixture(scope="session")
def furnish():
    """`furnish(path, changes={old: new})` gives a house its own index."""
    return furnished


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A house with edition 2026-1; nobody changes it."""
    home = furnished(tmp_path_factory.mktemp("house"))
    build_edition(home, today=DAY, workers=1)
    return home


@pytest.fixture
def house(built, tmp_path):
    """A copy of that house, to be changed freely."""
    shutil.copytree(built.path, tmp_path / "house")
    return Home(tmp_path / "house")


@dataclass
class Answer:
    """`cut`: bytes after which the connection breaks; `sized`: whether Content-Length is sent."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    sized: bool = True
    after_seconds: float = 0.0


@dataclass
class Publisher:
    """`asked` lists requests as (path, headers); `answers` are given in turn, the last one for ever."""

    base: str = ""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    by_path: dict[str, Answer] = field(default_factory=dict)

    def will(self, body: bytes = b"", status: int = 200, **more: object) -> Publisher:
        self.answers.append(Answer(body, status, **more))
        return self

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        self.asked.append((path, headers))
        for part, answer in self.by_path.items():
            if part in path:
                return answer
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def _handler(publisher: Publisher) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name.lower(): value for name, value in self.headers.items()}
            answer = publisher.answer(self.path, asked)
            time.sleep(answer.after_seconds)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.send_response(answer.status)
                if answer.sized and answer.status != 304:
                    self.send_header("Content-Length", str(len(answer.body)))
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body[: answer.cut])
                self.wfile.flush()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@pytest.fixture
def publisher():
    """A publisher on a free port of 127.0.0.1, stopped after the test."""
    one = Publisher()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(one))
    one.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield one
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def waits() -> list[float]:
    """Seconds that a fetch would have slept."""
    return []


@pytest.fixture
def manners(waits) -> Manners:
    """Three attempts, no chance, and no real waiting."""
    return Manners(attempts=3, sleep=waits.append, chance=lambda: 1.0, connect_seconds=2, read_seconds=2)


@pytest.fixture
def stock():
    """Stock files of SIRENE in the official layout, with units that nobody has; to be changed freely."""
    return made_up_stock.make()


@pytest.fixture(scope="session")
def stock_maker():
    """`stock_maker(seed=…, units=…)` draws other stock files."""
    return made_up_stock.make
