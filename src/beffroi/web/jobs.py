"""Long work in a process of its own, so that no page waits for it and no restart of the server leaves a half."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from beffroi.federation.uploads import Shelf
from beffroi.observatory.home import home_folder

if TYPE_CHECKING:
    from collections.abc import Callable

_started: list[subprocess.Popen[bytes]] = []


def _in_a_process(upload_id: str) -> None:
    _started[:] = [one for one in _started if one.poll() is None]  # the ended ones are let go
    surroundings = {**os.environ, "BEFFROI_HOME": str(home_folder())}
    command = [sys.executable, "-m", "beffroi", "members", "job", upload_id]
    with Shelf(home_folder()).life_line(upload_id) as line:  # ours is closed at the end, the process keeps its own
        _started.append(
            subprocess.Popen(  # noqa: S603 -- our own program, and an id of 16 hexadecimal digits
                command,
                env=surroundings,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(line.fileno(),),
            )
        )


_launch: list[Callable[[str], None]] = [_in_a_process]


def use(launch: Callable[[str], None]) -> Callable[[str], None]:
    """Start work otherwise from now on; return how it was started before."""
    before = _launch[0]
    _launch[0] = launch
    return before


def launch(upload_id: str) -> None:
    """Start the work that was asked of an upload."""
    _launch[0](upload_id)
