"""The French catalogue is complete, well typed and compiled."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parents[2]
spec = importlib.util.spec_from_file_location("compile_messages", ROOT / "tools/compile_messages.py")
assert spec
assert spec.loader
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)


def test_every_message_is_written_in_french():
    assert tool.missing() == []


def test_no_message_is_left_from_the_past():
    written = {(one.msgid, one.msgid_plural) for one in polib.pofile(str(tool.CATALOGUE))}

    assert written - tool.messages() == set()


def test_the_compiled_catalogue_is_that_of_the_text():
    assert tool.CATALOGUE.with_suffix(".mo").read_bytes() == tool.compiled()


@pytest.mark.parametrize("entry", polib.pofile(str(tool.CATALOGUE)), ids=lambda one: one.msgid[:40])
def test_a_translation_keeps_variables_and_french_spaces(entry):
    for text in [entry.msgstr] if entry.msgstr else entry.msgstr_plural.values():
        assert set(re.findall(r"%\(\w+\)s", text)) == set(re.findall(r"%\(\w+\)s", entry.msgid))
        assert not re.search(r"[^\u202f\u00a0][;?!»]|«[^\u00a0]|[^\u00a0]:|'", text), text


def test_the_prose_of_both_languages_has_the_same_parts():
    for name in ("about", "method"):
        parts = [
            (text.count("<h2"), text.count("<li>"), sorted(set(re.findall(r"\{\{ [\w.]+ \}\}", text))))
            for text in (
                (tool.WEB / f"templates/{name}.{language}.html").read_text("utf-8") for language in ("fr", "en")
            )
        ]
        assert parts[0] == parts[1]
