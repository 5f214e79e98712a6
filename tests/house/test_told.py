"""What pages may show of an error is said in both languages where it is raised."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "beffroi"
# Rooms whose errors pages show, and single modules of others.
SHOWN = (
    *sorted((SRC / "federation").glob("*.py")), *sorted((SRC / "strategy").glob("*.py")),
    *sorted((SRC / "charter").glob("*.py")), *sorted((SRC / "assembly").glob("*.py")),
    *(SRC / one for one in (
        "linkage/sheet.py", "linkage/columns.py", "observatory/signing.py", "observatory/merge.py",
        "observatory/portrait.py", "observatory/ranking.py", "observatory/tables.py", "observatory/weights.py",
        "observatory/why.py")),
)  # fmt: skip
# English alone, and why: what no page shows, or what a page says in words of its own.
COMMANDS = frozenset({
    "demo.py", "demo_government.py", "statutes_files.py", "voter.py", "person_export.py", "instance.py",  # no page
    "statutes.py", "seat_table.py",  # faults of files of the command line
    "verify_box.py", "box.py", "blind_signature.py", "rsa_key.py", "secret.py", "merkle.py",  # proofs of ballot boxes
    "frozen_rule.py", "exact.py", "power.py", "fairness.py", "biproportional.py",  # commands and the library
    "vote_words.py", "count.py",
})  # fmt: skip
OWN_WORDS = frozenset({
    "OutOfReachError",  # answered as if there were nothing
    "NotReadyError", "VoteRefusedError", "FieldsError", "RefusedError", "ConflictError",  # reasons in words of the page
    "StatutesError", "RollError",  # faults of YAML and of tables, each named
    "CatalogueError", "StoreError", "ValueError", "KeyError", "TypeError", "RuntimeError", "AssertionError",
})  # fmt: skip


def raises(path: Path):
    """(line, name of the error, its first argument) of every error raised with words."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
            called = node.exc.func
            yield node.lineno, getattr(called, "id", getattr(called, "attr", "")), node.exc.args[0]


def is_plain(words) -> bool:
    return isinstance(words, ast.Constant | ast.JoinedStr | ast.BinOp)


@pytest.mark.parametrize("path", [one for one in SHOWN if one.name not in COMMANDS], ids=lambda one: one.stem)
def test_an_error_that_a_page_may_show_is_written_in_both_languages(path):
    alone = [f"{path.name}:{line} {name}" for line, name, words in raises(path)
             if name.endswith("Error") and name not in OWN_WORDS and is_plain(words)]  # fmt: skip

    assert alone == [], "raise it with a Text(fr, en)"


def test_the_french_is_no_copy_of_the_english():
    texts = [
        (path.name, line, words.args)
        for path in SHOWN for line, _name, words in raises(path)
        if isinstance(words, ast.Call) and getattr(words.func, "id", "") in {"Text", "Said"} and len(words.args) == 2
    ]  # fmt: skip
    assert len(texts) > 100
    for name, line, (french, english) in texts:
        assert ast.dump(french) != ast.dump(english), f"{name}:{line}"
