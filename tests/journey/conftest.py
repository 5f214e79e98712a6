"""Houses as people meet them, and browsers that may reach nothing else.

`site` is what `beffroi up` builds and serves on the starter's real figures; `open_house` is a house that a test fills
by commands before it is served; `browse` hands out browsers.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from importlib import resources

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
PASSWORD = "quatre mots sans rapport"  # noqa: S105 -- of everybody who is invented for these tests
FEW = "scenarios: 512"
PATIENCE_SECONDS = 300  # two cores may be busy with other tests


class House:
    """A house in a folder of its own, filled by commands."""

    def __init__(self, home):
        self.home = home
        self.surroundings = {**os.environ, "BEFFROI_HOME": str(home)}

    def run(self, *words, given=None):
        """Run `beffroi …`; return what it prints."""
        command = [sys.executable, "-m", "beffroi", *words]
        done = subprocess.run(command, env=self.surroundings, capture_output=True, text=True, input=given, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def add(self, name, *roles):
        """Open an account NAME@example.org with roles."""
        given = [word for role in roles for word in ("--role", role)]
        self.run("account", "add", f"{name}@example.org", "--name", name.title(), *given, given=PASSWORD + "\n")

    @contextlib.contextmanager
    def served(self, ready="/en/registry/"):
        """Serve the house; give its address once the page `ready` answers."""
        port = free_port()
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--access-log",
                   "beffroi.web.wsgi:application"]  # fmt: skip
        with running(command, self.surroundings, self.home / "server.log", f"http://127.0.0.1:{port}{ready}"):
            yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def open_house():
    """Begin a house in a folder: `House`."""
    return House


@pytest.fixture(scope="session")
def browse(chromium):
    """Open a browser at an address; fail on a request to anyone else and on what the content policy blocks."""

    @contextlib.contextmanager
    def browsing(address):
        contexts, faults = [], []

        def entered(name="", lang="en", *, width=1280, has_script=True):
            """A page, signed in by the form as NAME@example.org, or as a visitor."""
            contexts.append(chromium.new_context(viewport={"width": width, "height": 900},
                                                 java_script_enabled=has_script))  # fmt: skip
            page = contexts[-1].new_page()
            page.on("request", lambda one: None if one.url.startswith((address, "data:")) else faults.append(one.url))
            page.on("console", lambda one: faults.append(one.text) if "Content Security" in one.text else None)
            page.on("pageerror", lambda error: faults.append(str(error)))
            if name:
                page.goto(f"{address}/{lang}/account/login/")
                page.fill("#id_login", f"{name}@example.org")
                page.fill("#id_password", PASSWORD)
                page.keyboard.press("Enter")
                page.wait_for_url(f"**/{lang}/account/")
            return page

        yield entered
        for context in contexts:
            context.close()
        assert faults == []

    return browsing


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """The folder of the house that `site` serves."""
    return tmp_path_factory.mktemp("house")


@pytest.fixture(scope="session")
def site(home):
    """The address of a house that `beffroi up` built and serves: real figures, few scenarios."""
    index = home / "catalogue" / "indices" / "digital_region.yaml"
    index.parent.mkdir(parents=True)
    ours = resources.files("beffroi.catalogue").joinpath("indices/digital_region.yaml").read_text("utf-8")
    index.write_text(ours.replace("scenarios: 16384", FEW), encoding="utf-8")
    port = free_port()
    surroundings = {**os.environ, "BEFFROI_HOME": str(home), "BEFFROI_REGION": "FRK"}
    command = [sys.executable, "-m", "beffroi", "up", "--port", str(port)]
    with running(command, surroundings, home / "up.log", f"http://127.0.0.1:{port}/en/about/"):
        yield f"http://127.0.0.1:{port}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(command, surroundings, log, address):
    """Keep a server running once it answers at an address, and end it in any case."""
    with log.open("w") as kept, subprocess.Popen(command, env=surroundings, stdout=kept, stderr=kept) as server:
        try:
            end = time.monotonic() + PATIENCE_SECONDS
            while not answers(address):
                if time.monotonic() > end or server.poll() is not None:
                    pytest.fail(f"nothing answers at {address}: {log.read_text()}")
                time.sleep(0.2)
            yield
        finally:
            server.terminate()


def answers(address):
    try:
        with urllib.request.urlopen(address, timeout=30):  # noqa: S310 -- loopback, made above
            return True
    except OSError:
        return False


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
