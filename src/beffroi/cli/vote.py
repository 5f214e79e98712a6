"""`beffroi vote`: check the exported box of a vote, and what `vote_open`, `vote_house` and `vote_cast` add."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.assembly.faults import Fault
from beffroi.assembly.verify_box import read_box, verify_box
from beffroi.assembly.words import ENGLISH, FRENCH, say
from beffroi.cli import vote_cast, vote_house, vote_open
from beffroi.cli.show import add_format, print_json
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser], words: str) -> None:
    """Add the verb to the parser."""
    top = verbs.add_parser("vote", help=words)
    ways = top.add_subparsers(dest="way", metavar="WAY", required=True)
    one = ways.add_parser("verify", help="check every fingerprint of a box and count it again")
    one.add_argument("file", type=Path, help="exported ballot box")
    one.add_argument("--published", default=None, help="SHA-256 of the box as it was published")
    add_format(one)
    one.set_defaults(do=_verify)
    vote_open.add_to(ways)
    vote_house.add_to(ways)
    vote_cast.add_to(ways)


def _verify(given: argparse.Namespace) -> int:
    try:
        content = given.file.read_bytes()
    except OSError as error:
        raise UsageError(f"{given.file} cannot be read: {error.strerror}. Give the path of a ballot box.") from error
    language = FRENCH if given.language == "fr" else ENGLISH
    found = verify_box(content, published=given.published)
    record = read_box(content)
    if given.format == "json":
        said = [{**one.as_record(), "message": say(one, language)} for one in found]
        print_json({"holds": not found, "sha256": record["sha256"], "faults": said, "result": record["result"]})
        return int(bool(found))
    for one in found:
        print(say(one, language))
    if not found:
        result = record["result"]
        print(f"{record['vote']['title']}: {result['outcome']}. Everything holds. SHA-256 {record['sha256']}.")
        for reason in result["reasons"]:
            print(say(Fault(reason["id"], tuple(sorted(reason["params"].items()))), language))
    return int(bool(found))
