"""Compile the French catalogue, and list the messages of pages that it does not hold yet.

python tools/compile_messages.py            # writes django.mo
python tools/compile_messages.py --missing  # prints what remains to be written in French
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import polib

WEB = Path(__file__).parent.parent / "src/beffroi/web"
CATALOGUE = WEB / "locale/fr/LC_MESSAGES/django.po"
_SINGLE = re.compile(r"""\{%\s*translate\s+("([^"]*)"|'([^']*)')""")
_BLOCK = re.compile(r"\{%\s*blocktranslate([^%]*)%\}(.*?)\{%\s*endblocktranslate\s*%\}", re.DOTALL)
_PLURAL = re.compile(r"\{%\s*plural\s*%\}")
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def messages() -> set[tuple[str, str]]:
    """Every (message, plural or empty) of templates and modules."""
    found: set[tuple[str, str]] = set()
    for path in sorted(WEB.glob("templates/**/*.*")):
        found |= of_template(path.read_text("utf-8"))
    for path in sorted(WEB.rglob("*.py")):
        found |= {(one, "") for one in of_module(path.read_text("utf-8"))}
    return found


def of_template(text: str) -> set[tuple[str, str]]:
    """Messages of translate and blocktranslate tags."""
    found = {(match[2] or match[3], "") for match in _SINGLE.finditer(text)}
    for match in _BLOCK.finditer(text):
        parts = [_VARIABLE.sub(r"%(\1)s", part.replace("%", "%%")) for part in _PLURAL.split(match[2])]
        found.add((parts[0], parts[1] if len(parts) > 1 else ""))
    return found


def of_module(text: str) -> set[str]:
    """First arguments of `_(...)` calls."""
    return {
        node.args[0].value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "_"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def missing() -> list[tuple[str, str]]:
    """Messages without a French text."""
    catalogue = polib.pofile(str(CATALOGUE))
    written = {
        (one.msgid, one.msgid_plural)
        for one in catalogue
        if not one.fuzzy
        and not one.obsolete
        and (one.msgstr or (one.msgstr_plural and all(one.msgstr_plural.values())))
    }
    return sorted(messages() - written)


def compiled() -> bytes:
    """The catalogue as gettext reads it."""
    return bytes(polib.pofile(str(CATALOGUE)).to_binary())


if __name__ == "__main__":
    if "--missing" in sys.argv:
        for one, plural in missing():
            print(repr(one), repr(plural) if plural else "")
    else:
        CATALOGUE.with_suffix(".mo").write_bytes(compiled())
