"""The method pages of the documentation are those the catalogue writes."""

from __future__ import annotations

from beffroi.catalogue.load import load
from beffroi.catalogue.pages import method_pages


def test_the_method_pages_say_what_the_definitions_say(root):
    folder = root / "docs" / "method"
    shipped = {one.relative_to(folder).as_posix(): one.read_text(encoding="utf-8") for one in folder.rglob("*.md")}

    assert shipped == method_pages(load()), "write them anew: ./beffroi catalogue pages docs/method"
