"""A publisher on this machine: it speaks real HTTP, and answers, fails and cuts as a test tells it."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from beffroi.sources.manners import Manners


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
