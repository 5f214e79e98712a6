"""Every message id has words in both languages, with the places that its parameters fill."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

from beffroi.assembly import words

ROOM = Path(words.__file__).parent
REASONS = {"chain_form", "chain_previous", "chain_number", "chain_hash", "chain_head"}
CHOSEN = {
    "no_mandate", "delegated_revoke_first", "before_opening", "time_runs_back", "not_enrolled", "conflict_of_interest",
    "groups_reached", "groups_missed", "majority_reached", "majority_missed", "majority_missed_by_nothing",
    "nobody_expressed",
}  # fmt: skip


def test_every_message_has_words_and_no_words_are_left_over():
    text = "".join(path.read_text("utf-8") for path in ROOM.glob("*.py") if path.name not in {"words.py", "faults.py"})
    used = set(re.findall(r'\bfault\(\s*"(\w+)"', text)) | REASONS | CHOSEN

    assert used == set(words.MESSAGES)


def test_both_languages_fill_the_same_places():
    for name, (english, french) in words.MESSAGES.items():
        places = [{field for _, field, _, _ in Formatter().parse(one) if field} for one in (english, french)]
        assert places[0] == places[1], name


def test_french_is_set_as_french_is():
    for _, french in words.MESSAGES.values():
        assert "'" not in french
        assert not re.search(r"[^\u202f\u00a0][;?!»]|[^\u202f\u00a0\d]:(?!\d)|«[^\u00a0]", french), french
