"""What every test may count on: the same examples each time, and fixtures named after what they give."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

settings.register_profile("house", derandomize=True, deadline=None, database=None)
settings.load_profile("house")


def pytest_collection_modifyitems(items):
    reason = os.environ.get("BEFFROI_NO_BROWSER") or ("" if find_browser() else "no Chromium on this machine")
    if reason:
        for item in items:
            if "browser" in item.keywords:
                item.add_marker(pytest.mark.skip(reason=reason))


def find_browser() -> str:
    return next((path for path in map(shutil.which, BROWSERS) if path), "")


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; a test that asks for it is marked `browser`."""
    return find_browser()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real data beside the project, never inside it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no folder ../shared with real data beside the project")
    return folder


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """An empty home of Beffroi's own for one test."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("BEFFROI_HOME", str(folder))
    return folder
