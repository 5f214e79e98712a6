"""`beffroi vote cast`: the voter's own program in a secret vote. It reads a ballot paper and talks to no server.

First call: a token is drawn and hidden, and kept in a file that only its owner reads; what is printed goes to the page
of the vote, to be signed. Second call, with the signature: the slip for the urn is printed, and the factor that hid the
token is forgotten.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from beffroi.assembly.vote import CHOICES
from beffroi.cli.show import print_json
from beffroi.strategy import voter
from beffroi.vocabulary.errors import StoreError, UsageError

if TYPE_CHECKING:
    import argparse


def add_to(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the way to the verb `vote`."""
    one = ways.add_parser("cast", help="draw and hide a token for a secret vote, then fill in the slip for the urn")
    one.add_argument("paper", type=Path, help="ballot paper, from the page of the vote")
    one.add_argument("--kept", type=Path, required=True, help="file that keeps the token, readable by its owner only")
    one.add_argument("--class", dest="class_id", default="", help="class of the elector, where the vote has several")
    one.add_argument("--signature", default="", help="what the office signed, from the page of the vote")
    one.add_argument("--choice", default="", help="for, against, abstain; or candidates, separated by commas")
    one.set_defaults(do=_cast)


def _cast(given: argparse.Namespace) -> int:
    paper = _read(given.paper, "ballot paper")
    if given.kept.exists():
        return _fill_in(given, paper)
    if given.signature or given.choice:
        raise UsageError(f"{given.kept} does not exist. Draw a token first, without --signature and --choice.")
    return _draw(given, paper)


def _draw(given: argparse.Namespace, paper: dict[str, Any]) -> int:
    keys = voter.keys_of_paper(paper)
    class_id = given.class_id or (next(iter(keys)) if len(keys) == 1 else "")
    if class_id not in keys:
        raise UsageError(f"Name the class of the elector with --class; one of: {' '.join(sorted(keys))}")
    hidden = voter.hide(paper["vote"]["id"], class_id, keys[class_id], random_bytes=secrets.token_bytes)
    _keep(given.kept, asdict(hidden), os.O_EXCL)
    print(hidden.blinded)
    return 0


def _fill_in(given: argparse.Namespace, paper: dict[str, Any]) -> int:
    kept = _read(given.kept, "kept token")
    keys = voter.keys_of_paper(paper)
    if kept.get("vote") != paper["vote"]["id"] or kept.get("class_id") not in keys:
        raise UsageError(f"{given.kept} keeps a token of another vote. Use another file with --kept.")
    hidden = voter.Hidden(*(str(kept.get(one, "")) for one in ("vote", "class_id", "token", "factor", "blinded")))
    signature = str(kept.get("signature", ""))
    if not signature:
        if not given.signature:
            print(hidden.blinded)  # drawn before; the office has not signed yet
            return 0
        signature = voter.uncover(hidden, given.signature, keys[hidden.class_id])
        # The factor would show to a third party which ballot is whose: it is forgotten.
        _keep(given.kept, {**kept, "factor": "", "blinded": "", "signature": signature}, os.O_TRUNC)
    choice = _choice(given.choice, paper)
    print_json(voter.slip(hidden, signature, choice).as_record() | {"vote": hidden.vote})
    return 0


def _choice(given: str, paper: dict[str, Any]) -> str | tuple[str, ...]:
    if paper["vote"]["kind"] == "decision":
        if given not in CHOICES:
            raise UsageError(f"--choice: '{given}' cannot be chosen; one of: {', '.join(CHOICES)}.")
        return given
    names = tuple(one.strip() for one in given.split(",") if one.strip())
    known = [one["id"] for one in paper["candidates"]]
    if unknown := [one for one in names if one not in known]:
        raise UsageError(f"--choice: unknown candidates {', '.join(unknown)}; the paper has: {', '.join(known)}.")
    return names


def _read(path: Path, what: str) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"The {what} {path} cannot be read: {error}.") from error
    if not isinstance(found, dict):
        raise UsageError(f"The {what} {path} is no JSON object.")
    return found


def _keep(path: Path, record: dict[str, Any], mode: int) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | mode, 0o600), "w") as file:
            json.dump(record, file)
    except OSError as error:
        raise StoreError(
            f"The token cannot be kept in {path}: {error.strerror}. Nothing was shown or signed."
        ) from error
