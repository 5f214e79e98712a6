"""A running site over the made-up edition, and a browser that may reach nothing else."""

from __future__ import annotations

import importlib.util
import os
import shutil
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_given):
        pass


@pytest.fixture(scope="session")
def site():
    """The address of a site served in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beffroi.web.settings")
    import django  # noqa: PLC0415 -- after its settings are named

    django.setup()
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 -- after setup

    from beffroi.web import access  # noqa: PLC0415 -- after setup

    spec = importlib.util.spec_from_file_location("made_up", Path(__file__).parents[1] / "web/edition.py")
    assert spec
    assert spec.loader
    made_up = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made_up)
    edition = made_up.build()

    class One:
        def editions(self):
            return (edition.id,)

        def open(self, edition_id):
            del edition_id
            return edition

    access.use(One())
    with make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def chromium():
    if not BROWSER:
        pytest.skip("no Chromium on this machine: install it to walk through pages as a reader does")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- only where there is a browser

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=BROWSER, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, site):
    """Open pages; fail on a request to anyone else and on anything the content policy blocks."""
    contexts, faults = [], []

    def opened(path, *, width=1280, has_script=True, **options):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=has_script,
            accept_downloads=True,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "request",
            lambda request: None if request.url.startswith((site, "data:")) else faults.append(request.url),
        )
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(site + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []
