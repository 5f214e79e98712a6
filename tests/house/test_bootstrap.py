"""`./beffroi` on a machine that lacks something, is interrupted, or has done it all before.

Each checkout here is small: one home-made package in the lock, found on the disk, so that a set-up takes a
second and needs no network.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.machinery
import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "beffroi"

# Hides modules from one interpreter, as a Debian without them would.
HIDE = "import sys; sys.modules.update(dict.fromkeys({names!r}))\n"
PROGRAM = "import sys, bell; print(bell.SOUND, *sys.argv[1:]); sys.exit(3)\n"


def python_with_pip() -> str:
    for python in (sys.executable, getattr(sys, "_base_executable", "")):
        if python and not subprocess.run([python, "-m", "pip", "-V"], capture_output=True, check=False).returncode:
            return python
    return pytest.skip("no Python with pip here to set a checkout up with")


def make_wheel(folder: Path, version: str) -> str:
    """Write package `bell` as a wheel; return the line of a lock that asks for it."""
    info = f"bell-{version}.dist-info"
    files = {
        "bell.py": f"SOUND = 'dong {version}'\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: bell\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip('=')},"
        f"{len(text)}"
        for name, text in files.items()
    ]
    path = folder / f"bell-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
        wheel.writestr(f"{info}/RECORD", "\n".join([*record, f"{info}/RECORD,,", ""]))
    return f"bell=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


class Checkout:
    """A small project folder, and the machine it lies on."""

    def __init__(self, folder: Path, python: str) -> None:
        self.root = folder / "project"
        self.wheels = folder / "wheels"
        self.machine = folder / "machine"
        self.python = python
        package = self.root / "src" / "beffroi"
        for one in (package, self.wheels, self.machine):
            one.mkdir(parents=True)
        shutil.copy(SCRIPT, self.root)
        (package / "__init__.py").write_text("", "utf-8")
        (package / "__main__.py").write_text(PROGRAM, "utf-8")
        self.lock("1")
        self.hide("ensurepip")  # making a pip takes seconds: one test does it

    def lock(self, version: str) -> None:
        line = make_wheel(self.wheels, version)
        for name in ("requirements.lock", "requirements-test.lock"):
            (self.root / name).write_text(line, "utf-8")

    def hide(self, *names: str) -> None:
        (self.machine / "sitecustomize.py").write_text(HIDE.format(names=names), "utf-8")

    def command(self, *words: str) -> list[str]:
        return [self.python, str(self.root / "beffroi"), *words]

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
        path = f"{self.machine}{os.pathsep}/usr/bin{os.pathsep}/bin"
        place = {"PYTHONPATH": str(self.machine), "PATH": path}
        return {**kept, **place, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(*words), env=self.environment, capture_output=True, text=True, check=False)


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path, python_with_pip())


@pytest.fixture
def script():
    loader = importlib.machinery.SourceFileLoader("beffroi_bootstrap", str(SCRIPT))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("beffroi_bootstrap", loader))
    loader.exec_module(module)
    return module


def test_help_works_before_anything_is_installed(checkout):
    run = checkout.run("--help")

    assert (run.returncode, run.stderr) == (0, "")
    assert "./beffroi up" in run.stdout
    assert not (checkout.root / ".venv").exists()


def test_the_first_verb_sets_up_and_is_passed_on_the_second_finds_all_ready(checkout):
    first = checkout.run("rank", "FRK", "--set", "a b")
    second = checkout.run("rank")

    assert (first.returncode, first.stdout) == (3, "dong 1 rank FRK --set a b\n"), first.stderr
    assert "Ready after" in first.stderr
    assert (second.returncode, second.stdout, second.stderr) == (3, "dong 1 rank\n", "")


def test_help_is_completed_by_the_program_once_it_is_there(checkout):
    checkout.run("rank")

    run = checkout.run("--help")

    assert run.stdout.endswith("dong 1 --help\n")


def test_a_changed_lock_is_installed_anew(checkout):
    checkout.run("rank")
    checkout.lock("2")

    run = checkout.run("rank")

    assert run.stdout == "dong 2 rank\n"


def test_an_interrupted_set_up_starts_again(checkout):
    checkout.run("rank")
    (checkout.root / ".venv" / "set-up.json").unlink()
    shutil.rmtree(next((checkout.root / ".venv" / "lib").glob("python3.*")))

    run = checkout.run("rank")

    assert run.stdout == "dong 1 rank\n", run.stderr


def test_a_stamp_for_a_python_that_is_gone_counts_for_nothing(checkout):
    checkout.run("rank")
    python = checkout.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(checkout.root / "gone")

    run = checkout.run("rank")

    assert run.stdout == "dong 1 rank\n", run.stderr


def test_a_moved_folder_still_works(checkout):
    checkout.run("rank")
    checkout.root = checkout.root.rename(checkout.root.parent / "moved")

    run = checkout.run("rank")

    assert (run.stdout, run.stderr) == ("dong 1 rank\n", "")


def test_two_set_ups_at_once_make_one_environment(checkout):
    runs = [
        subprocess.Popen(
            checkout.command("rank"),
            env=checkout.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]

    said = [run.communicate(timeout=120) for run in runs]

    assert [out for out, _ in said] == ["dong 1 rank\n"] * 2
    assert sorted("Ready after" in words for _, words in said) == [False, True]


def test_with_ensurepip_the_environment_has_its_own_pip(checkout):
    if importlib.util.find_spec("ensurepip") is None:
        pytest.skip("this Python has no ensurepip")
    checkout.hide()

    run = checkout.run("rank")

    assert run.stdout == "dong 1 rank\n", run.stderr
    assert (checkout.root / ".venv" / "bin" / "pip").exists()


def test_without_ensurepip_and_pip_it_says_what_to_install(checkout):
    checkout.hide("ensurepip", "pip")

    run = checkout.run("up")

    assert run.returncode == 1
    assert "sudo apt-get install python3-venv" in run.stderr
    assert "Traceback" not in run.stderr


def test_bytes_that_differ_from_the_lock_are_refused_with_the_last_words_of_the_log(checkout):
    lock = checkout.root / "requirements.lock"
    lock.write_text("bell==1 --hash=sha256:" + "0" * 64 + "\n", "utf-8")

    run = checkout.run("rank")

    assert run.returncode == 1
    assert "Expected sha256 " + "0" * 64 in run.stderr
    assert not (checkout.root / ".venv" / "set-up.json").exists()


def test_a_uv_that_fails_gives_way_to_pip(checkout):
    uv = checkout.machine / "uv"
    uv.write_text("#!/bin/sh\necho no network for uv\nexit 2\n", "utf-8")
    uv.chmod(0o755)

    run = checkout.run("rank")

    assert run.stdout == "dong 1 rank\n", run.stderr
    assert "uv could not do it; going on with pip." in run.stderr


def test_a_folder_without_locks_says_that_it_is_not_whole(checkout):
    (checkout.root / "requirements.lock").unlink()

    run = checkout.run("rank")

    assert run.returncode == 1
    assert "get the whole project again" in run.stderr


def test_an_old_python_says_which_one_is_needed(script, monkeypatch, capsys):
    monkeypatch.setattr(script, "OLDEST", (99, 0))
    monkeypatch.setattr(script.shutil, "which", lambda _: None)

    assert script.main(["up"]) == 1
    assert "Python 99.0 or newer is needed" in capsys.readouterr().err


def test_without_browser_and_the_right_to_install_it_the_reason_is_given(script, monkeypatch):
    monkeypatch.setattr(script.shutil, "which", lambda name: "there" if name == "apt-get" else None)
    monkeypatch.setattr(script.os, "geteuid", lambda: 1000)

    assert "sudo apt-get install chromium" in script.why_no_browser()


def test_root_gets_a_missing_browser_after_asking_debian_what_there_is(script, monkeypatch, tmp_path):
    apt = tmp_path / "apt-get"
    browser = tmp_path / "bell-browser"
    apt.write_text(f'#!/bin/sh\necho "$*" >> {tmp_path}/asked\n[ "$1" = update ] || cp "$0" {browser}\n', "utf-8")
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setattr(script, "BROWSERS", (browser.name,))
    monkeypatch.setattr(script, "LOG", tmp_path / "log")
    monkeypatch.setattr(script.os, "geteuid", lambda: 0)

    reason = script.why_no_browser()

    asked = (tmp_path / "asked").read_text("utf-8").splitlines()
    assert reason == ""
    assert asked == ["update -q", "install -y -q --no-install-recommends chromium"]


def test_every_check_runs_even_when_the_first_one_fails(script, monkeypatch, tmp_path, capfd):
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$2 ($BEFFROI_NO_BROWSER)"\n[ "$2" != ruff ]\n', "utf-8")
    python.chmod(0o755)
    monkeypatch.setattr(script, "PYTHON", python)
    monkeypatch.setenv("BEFFROI_NO_BROWSER", "not today")

    code = script.run_checks(["-x"])

    said = capfd.readouterr().out
    assert code == 1
    assert [line for line in said.splitlines() if line.startswith("===")] == [
        "=== Lint (ruff check) ===",
        "=== Layout (ruff format --check) ===",
        "=== Types (mypy) ===",
        "=== Floors (lint-imports) ===",
        "=== Tests (pytest) ===",
    ]
    assert said.splitlines()[-1] == "pytest (not today)"
