"""A reader sees the old state or the new one, whatever happens to the writer."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys

import pytest

from beffroi.store.swap import UNFINISHED, clear_unfinished, locked, new_file, new_folder, write_text
from beffroi.store.tables import read_parquet, write_parquet
from beffroi.vocabulary.errors import BusyError, StoreError


def test_a_folder_appears_whole_or_not_at_all(tmp_path):
    target = tmp_path / "2026-1"

    with new_folder(target) as part:
        (part / "a.txt").write_text("one")
        assert not target.exists()

    assert (target / "a.txt").read_text() == "one"
    assert [one.name for one in tmp_path.iterdir()] == ["2026-1"]


def test_a_block_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(KeyError), new_folder(tmp_path / "x") as part:
        (part / "a.txt").write_text("one")
        raise KeyError

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_exists_is_never_overwritten(tmp_path):
    (tmp_path / "x").mkdir()

    with pytest.raises(StoreError, match="never overwritten"), new_folder(tmp_path / "x"):
        pass


def test_a_file_is_replaced_in_one_step_and_kept_when_the_new_one_fails(tmp_path):
    target = tmp_path / "current"
    write_text(target, "old")

    with pytest.raises(ZeroDivisionError), new_file(target) as part:
        part.write_text("half")
        raise ZeroDivisionError

    assert target.read_text() == "old"
    write_text(target, "new")
    assert target.read_text() == "new"
    assert [one.name for one in tmp_path.iterdir()] == ["current"]


def test_a_second_writer_is_refused_and_told_who_holds_the_place(tmp_path):
    code = (
        "from pathlib import Path\nfrom beffroi.store.swap import locked\nfrom beffroi.vocabulary.errors import *\n"
        f"try:\n with locked(Path({str(tmp_path)!r}), doing='build'): pass\nexcept BusyError as e: print(e)\n"
    )
    with locked(tmp_path, doing="build an edition"):
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert f"process {os.getpid()} (build an edition) is already writing" in said
    assert "nothing was changed" in said
    with locked(tmp_path, doing="build an edition"):
        pass


def test_a_lock_dies_with_its_process_and_its_leftovers_are_cleared(tmp_path):
    code = (
        "import time\nfrom pathlib import Path\nfrom beffroi.store.swap import locked, new_folder\n"
        f"place = Path({str(tmp_path)!r})\n"
        "with locked(place, doing='x'), new_folder(place / 'y') as part:\n"
        " (part / 'a').write_text('a'); print('in', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "in\n"
        with pytest.raises(BusyError), locked(tmp_path, doing="z"):
            pass
        process.send_signal(signal.SIGKILL)

    with locked(tmp_path, doing="z"):
        assert sum(one.name.startswith(UNFINISHED) for one in tmp_path.iterdir()) == 1
        clear_unfinished(tmp_path)

    assert [one.name for one in tmp_path.iterdir()] == [".lock"]


def test_a_full_disk_is_said_in_words_and_leaves_the_old_file(tmp_path):
    target = tmp_path / "t.parquet"
    write_parquet(target, {"x": [1.0]})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(StoreError, match=r"The disk is full.*untouched.*BEFFROI_HOME"), new_file(target) as part:
            write_parquet(part, {"x": [float(i) ** 1.5 for i in range(10_000)]})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)

    assert read_parquet(target) == (("x",), [(1.0,)])


def test_a_place_that_cannot_be_written_is_named_with_the_remedy(tmp_path):
    (tmp_path / "file").write_text("")

    with (
        pytest.raises(StoreError, match=r"cannot be written.*BEFFROI_HOME"),
        locked(tmp_path / "file" / "x", doing="x"),
    ):
        pass
