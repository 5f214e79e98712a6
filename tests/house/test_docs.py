"""README, manual and command line agree: a verb that nobody documents does not exist, and the reverse."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from beffroi.catalogue.load import load
from beffroi.cli.main import parser
from beffroi.vocabulary import errors

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
COMMANDS = ROOT / "docs" / "reference" / "commands.md"
BOOTSTRAP_VERBS = {"test"}  # run by ./beffroi itself, not by the program
COMMAND = re.compile(r"\./beffroi(?P<words>(?: [^\s`|>#&;)]+)*)")


def verbs_of(one: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> dict[str, argparse.ArgumentParser]:
    """Every verb that does something, spelled out (`edition build`), and its parser."""
    groups = [action for action in one._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        return {" ".join(path): one}
    return {
        name: leaf
        for group in groups
        for word, below in group.choices.items()
        for name, leaf in verbs_of(below, (*path, word)).items()
    }


def options_of(one: argparse.ArgumentParser) -> set[str]:
    named = {option for action in one._actions for option in action.option_strings}
    return {option for option in named if option.startswith("--")}


VERBS = verbs_of(parser())


def fault_of(words: list[str]) -> str:
    """What is wrong with a command of the manual, or nothing."""
    plain = [word for word in words if re.fullmatch(r"[a-z][a-z-]*", word)]
    options = {word.partition("=")[0] for word in words if word.startswith("--")}
    if not words or words[0] in BOOTSTRAP_VERBS or words[0] == "VERB" or options == {"--help"}:
        return ""
    verb = next((name for name in VERBS if plain[: len(name.split())] == name.split()), None)
    if verb is None:
        return f"no such verb: {' '.join(words)}"
    unknown = options - options_of(VERBS[verb])
    return f"{verb} has no {', '.join(sorted(unknown))}" if unknown else ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_on_a_page_exists(page):
    found = [match["words"].split() for match in COMMAND.finditer(page.read_text("utf-8"))]

    assert [fault for words in found if (fault := fault_of(words))] == []


def test_a_wrong_command_would_be_seen():
    assert fault_of(["rank-them-all"]) != ""
    assert fault_of([*next(iter(VERBS)).split(), "--no-such-option"]) != ""


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_and_option_is_documented(verb):
    sections = re.split(r"^## ", COMMANDS.read_text("utf-8"), flags=re.MULTILINE)
    section = next((text for text in sections if text.startswith(f"`{verb}")), "")
    missing = {option for option in options_of(VERBS[verb]) - {"--help"} if f"`{option}" not in section}

    assert section != "", f"docs/reference/commands.md has no section '## `{verb}`'"
    assert missing == set()


def test_every_error_and_its_exit_code_is_documented():
    page = (ROOT / "docs" / "reference" / "exit-codes.md").read_text("utf-8")
    raised = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Exception)]

    assert [
        one.__name__
        for one in raised
        if not re.search(rf"^\| {one.exit_code} \|.*`{one.__name__}`", page, re.MULTILINE)
    ] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_inside_the_project_leads_somewhere(page):
    links = re.findall(r"\]\(([^)\s#]+)", page.read_text("utf-8"))
    inside = [link for link in links if "://" not in link and not link.startswith("mailto:")]

    assert [link for link in inside if not (page.parent / link).exists()] == []


def examples() -> dict[str, str]:
    """Definitions shown in the manual: fenced YAML whose first line names its file."""
    blocks = (block for page in PAGES for block in re.findall(r"```yaml\n(.*?)```", page.read_text("utf-8"), re.DOTALL))
    return {found[1]: block for block in blocks if (found := re.match(r"# (\S+\.yaml)\n", block))}


def test_definitions_shown_in_the_manual_are_accepted(tmp_path):
    for name, block in examples().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(block, "utf-8")

    found = load(tmp_path)

    assert {Path(name).stem for name in examples()} <= {*found.indicators, *found.sets}


def test_every_variable_that_is_read_is_documented():
    page = (ROOT / "docs" / "reference" / "home-folder.md").read_text("utf-8")
    code = [ROOT / "beffroi", *(ROOT / "src").rglob("*.py")]
    read = {name for path in code for name in re.findall(r"[\"'](BEFFROI_[A-Z_]+)[\"']", path.read_text("utf-8"))}

    assert "BEFFROI_HOME" in read
    assert {name for name in read if f"`{name}`" not in page} == set()
