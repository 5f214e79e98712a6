"""`beffroi`: the commands of the house.

Exit codes: 0 done · 1 not so (a verification that fails) · 2 asked wrongly · 3 definitions · 4 publisher ·
5 store · 6 method · 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from beffroi import __version__
from beffroi.cli import (
    account,
    bodies,
    catalogue,
    composite,
    edition,
    export,
    fabric,
    house,
    indicator,
    link,
    members,
    rank,
    refresh,
    region,
    seats,
    strategy,
    trades,
    up,
    vote,
)
from beffroi.vocabulary.errors import BeffroiError

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130
_VERBS = (
    up,
    edition,
    rank,
    region,
    indicator,
    export,
    refresh,
    catalogue,
    composite,
    seats,
    strategy,
    vote,
    link,
    fabric,
    members,
    trades,
    bodies,
    account,
    house,
)


def parser() -> argparse.ArgumentParser:
    """Return the parser of all verbs."""
    top = argparse.ArgumentParser(
        prog="beffroi",
        description="Where a region stands in Europe for digital matters, how sure that is, and on what it rests.",
        epilog="Exit codes: 0 done, 1 not so, 2 asked wrongly, 3 definitions, 4 publisher, 5 store, 6 method.",
    )
    top.add_argument("--version", action="version", version=f"beffroi {__version__}")
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb in _VERBS:
        verb.add_to(verbs)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what goes wrong is said in one message, without traceback."""
    given = parser().parse_args(arguments)
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
