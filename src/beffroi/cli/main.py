"""`beffroi`: the commands of the house.

Exit codes: 0 done · 1 not so (a verification that fails) · 2 asked wrongly · 3 definitions · 4 publisher ·
5 store · 6 method · 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from beffroi import __version__
from beffroi.vocabulary.errors import BeffroiError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

INTERRUPTED = 130
# What each verb does; its options stand in the module of its name, which is read only when the verb is asked for: all
# of them together take seconds.
VERBS: Mapping[str, str] = {
    "up": "build the first edition if there is none, then serve the observatory here",
    "edition": "build, list, show, verify, compare or correct editions",
    "rank": "rank the regions of a set, with uncertainty",
    "region": "show a region's strengths, weaknesses and the figures behind its score",
    "indicator": "list the indicators or show the definition of one",
    "export": "write a table of an edition as CSV, XLSX, JSON, Parquet or SDMX-CSV",
    "refresh": "replace the starter's figures with those Eurostat gives today",
    "catalogue": "check the definitions or write them as pages",
    "composite": "build or describe an index of your own from iData and iMeta tables",
    "seats": "share the seats of a board between territories, in exact numbers",
    "strategy": "what the cluster wants, what hinders it, what it does, what came of it",
    "vote": "votes: open, list, cancel, close, export, verify, and cast a secret ballot",
    "link": "link member lists to each other and to a register",
    "fabric": "load the national register and count a territory's firms in it",
    "members": "the registry: import lists, review, merge, split, undo, explain the count",
    "trades": "the scheme of trades: show, export, import, merge two trades",
    "bodies": "bodies of the federation: the tree, who sits, statutes, calendars",
    "account": "accounts of the site: open them, give and end roles, check the door's log",
    "house": "carry the whole house, tables and files, in one file",
}


def parser(asked: str | None = None) -> argparse.ArgumentParser:
    """Return the parser of all verbs.

    Args:
        asked: the one verb whose options are wanted; those of all when not given.
    """
    top = argparse.ArgumentParser(
        prog="beffroi",
        description="Where a region stands in Europe for digital matters, how sure that is, and on what it rests.",
        epilog="Exit codes: 0 done, 1 not so, 2 asked wrongly, 3 definitions, 4 publisher, 5 store, 6 method.",
    )
    top.add_argument("--version", action="version", version=f"beffroi {__version__}")
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb, words in VERBS.items():
        if asked in (None, verb):
            import_module(f"beffroi.cli.{verb}").add_to(verbs, words)
        else:
            verbs.add_parser(verb, help=words)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what goes wrong is said in one message, without traceback."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    given = parser(next((one for one in words if not one.startswith("-")), "")).parse_args(words)
    try:
        return int(given.do(given))
    except BeffroiError as error:
        print(f"beffroi: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("beffroi: interrupted; what was there before is untouched.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has left (`| head`): nothing to say, and nobody to say it to.
        sys.stderr.close()
        return 0


def run() -> None:
    """Entry point of the console script."""
    sys.exit(main())
