"""What holds for every file of the project, whoever writes it."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ("requirements.lock", "requirements-test.lock")
LONGEST_MODULE = 400

# Folders that only exist on somebody's machine; `(?<!…)` lets web addresses with such a part pass.
MACHINE_PATH = re.compile(r"(?<![\w.:/~}-])/(?:home|root|Users|work|mnt)/\w[\w.-]*")
ADDRESS = re.compile(r"(?:https?:)?//(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
# What names an address without loading it: a link that the reader follows, a namespace, a comment.
LOADS_NOTHING = re.compile(
    r"<a\b[^>]*>|<link\b[^>]*rel=\"(?:license|canonical|alternate)\"[^>]*>"
    r"|xmlns(?::\w+)?=\"[^\"]*\"|<!--.*?-->|\{#.*?#\}|/\*.*?\*/|(?m:^\s*//.*$)",
    re.DOTALL,
)
NAMES_ONLY = {"www.w3.org", "creativecommons.org", "www.gnu.org", "schema.org"}


def files_of_the_project() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:  # an unpacked archive
        return [
            path
            for path in ROOT.rglob("*")
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
        ]
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


def text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def pins(lock: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", text_of(ROOT / lock), re.MULTILINE):
        found.setdefault(canonicalize_name(name), []).append(version)
    return found


def addresses_loaded(text: str) -> list[str]:
    said = LOADS_NOTHING.sub("", text)
    return [found[0] for found in ADDRESS.finditer(said) if found["host"].lower() not in NAMES_ONLY]


def test_no_file_names_a_folder_of_somebodys_machine():
    here = str(ROOT)
    faults = [
        (str(path.relative_to(ROOT)), found[0])
        for path in files_of_the_project()
        if path.suffix != ".lock"
        for found in re.finditer(f"{re.escape(here)}|{MACHINE_PATH.pattern}", text_of(path))
    ]

    assert faults == []


def test_no_module_is_longer_than_one_idea():
    lengths = {
        str(path.relative_to(ROOT)): len(text_of(path).splitlines())
        for path in (ROOT / "src").rglob("*.py")
        if "migrations" not in path.parts
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_pages_load_nothing_from_elsewhere():
    web = ROOT / "src" / "beffroi" / "web"
    faults = [
        (str(path.relative_to(ROOT)), address)
        for path in web.rglob("*")
        if path.suffix in {".html", ".css", ".js", ".svg", ".txt", ".xml", ".json"}
        for address in addresses_loaded(text_of(path))
    ]

    assert faults == []


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example.org/x.js"></script>',
        '<img src="//tiles.example.org/1.png">',
        "@import url(https://fonts.example.org/css);",
        'fetch("http://api.example.org/v1")',
    ],
)
def test_a_load_from_elsewhere_is_seen(text):
    assert len(addresses_loaded(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://ec.europa.eu/eurostat">Eurostat</a>',
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        "/* see https://example.org/why */",
        '<link rel="license" href="https://example.org/licence">',
    ],
)
def test_an_address_that_loads_nothing_passes(text):
    assert addresses_loaded(text) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_every_dependency_in_a_version_that_fits(lock):
    wanted = list(PROJECT["project"]["dependencies"])
    if "test" in lock:
        wanted += PROJECT["dependency-groups"]["test"]
    held = pins(lock)
    faults = [
        line
        for line in wanted
        if (need := Requirement(line))
        and not (
            held.get(canonicalize_name(need.name))
            and all(need.specifier.contains(version) for version in held[canonicalize_name(need.name)])
        )
    ]

    assert faults == []


def test_tests_run_on_what_readers_run():
    to_run, to_test = map(pins, LOCKS)

    assert {name: to_test.get(name) for name in to_run} == to_run


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_exact_and_names_no_address(lock):
    text = text_of(ROOT / lock)
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]

    assert "://" not in text
    assert "index-url" not in text
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_dependency_says_what_it_is_for():
    text = text_of(ROOT / "pyproject.toml")
    lists = re.findall(r"^(?:dependencies|test) = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in lists for line in block.splitlines() if line.strip()]

    assert len(lists) == 2
    assert [line for line in lines if not re.fullmatch(r'\s+"[^"]+",\s+# \S.{7,}', line)] == []


def test_the_change_log_has_a_section_for_what_is_being_written():
    version = PROJECT["project"]["version"]
    headings = re.findall(r"^## \[(.+?)\]", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE)

    assert headings[:1] in (["Unreleased"], [version])


def test_the_version_is_said_once():
    package = text_of(ROOT / "src" / "beffroi" / "__init__.py")

    assert f'__version__ = "{PROJECT["project"]["version"]}"' in package
