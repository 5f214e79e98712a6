"""A house with one small edition: the starter's real figures, few scenarios."""

from __future__ import annotations

import shutil
from datetime import date
from importlib import resources

import pytest

from beffroi.observatory.edition import build_edition
from beffroi.observatory.home import Home

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
