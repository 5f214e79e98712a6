"""`beffroi up` as a reader meets it, on the starter's real figures, and a browser that may reach nothing else."""

from __future__ import annotations

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


FEW = "scenarios: 512"
PATIENCE_SECONDS = 300  # two cores may be busy with other tests


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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    surroundings = {**os.environ, "BEFFROI_HOME": str(home), "BEFFROI_REGION": "FRK"}
    log = (home / "up.log").open("w+")
    with (
        log,
        subprocess.Popen(
            [sys.executable, "-m", "beffroi", "up", "--port", str(port)], env=surroundings, stdout=log, stderr=log
        ) as server,
    ):
        _wait(f"http://127.0.0.1:{port}/en/about/", server, home / "up.log")
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def _wait(address, server, log):
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 -- loopback, made above
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"'beffroi up' does not answer at {address}: {log.read_text()}")


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
