"""`beffroi up`: the main job. Build an edition when there is none, then serve it on a loopback address."""

from __future__ import annotations

import os
import socket
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from beffroi.cli.account import open_site
from beffroi.cli.show import progress
from beffroi.observatory.edition import build_edition, edition_ids
from beffroi.observatory.home import Home, home_folder
from beffroi.vocabulary.errors import StoreError, UsageError
from beffroi.vocabulary.geography import region

if TYPE_CHECKING:
    import argparse

DEFAULT_PORT = 8000
DEFAULT_REGION = "FRK"
LOOPBACK = "127.0.0.1"


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser], words: str) -> None:
    """Add the verb to the parser."""
    one = verbs.add_parser("up", help=words)
    one.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"port on {LOOPBACK} (default: {DEFAULT_PORT})")
    one.add_argument("--region", default=None, help=f"home region (default: BEFFROI_REGION or {DEFAULT_REGION})")
    one.add_argument("--build", action="store_true", help="build a new edition even if there is one")
    one.set_defaults(do=_up)


def _up(given: argparse.Namespace) -> int:
    home = Home(home_folder())
    chosen = given.region or os.environ.get("BEFFROI_REGION", DEFAULT_REGION)
    region(chosen)
    _refuse_taken(given.port)
    if given.build or not edition_ids(home):
        print(f"Building an edition under {home.path} …", file=sys.stderr, flush=True)
        with progress() as report:
            manifest = build_edition(home, today=datetime.now(UTC).date(), report=report)
        print(f"Edition {manifest.id}: figures of {manifest.first_year}–{manifest.last_year}.", file=sys.stderr)
    os.environ["BEFFROI_HOME"] = str(home.path)
    os.environ["BEFFROI_REGION"] = chosen
    try:
        open_site()
    except StoreError as error:
        print(f"beffroi: {error} The observatory is served without registry and accounts.", file=sys.stderr, flush=True)
    _serve(given.port)
    return 0


def _refuse_taken(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except (OSError, OverflowError) as error:
            raise UsageError(
                f"Port {port} cannot be used on {LOOPBACK} ({error}). Another program may hold it: "
                f"choose a free one from 1024 to 65535 with 'beffroi up --port {DEFAULT_PORT + 1}'."
            ) from error


def _serve(port: int) -> None:
    # Imported here: the other commands need neither the server nor its start-up time.
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415
    from granian.server import Server  # noqa: PLC0415

    server = Server(
        "beffroi.web.wsgi:application",
        address=LOOPBACK,
        port=port,
        interface=Interfaces.WSGI,
        log_level=LogLevels.warning,
        blocking_threads=4,
        backpressure=64,
    )
    server.on_startup(lambda: print(f"Beffroi is at http://{LOOPBACK}:{port}/ (Ctrl-C stops it).", flush=True))
    server.serve()
