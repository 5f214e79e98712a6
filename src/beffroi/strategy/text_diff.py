"""What changed between two texts: line by line, and word by word within a line that was rewritten."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|[^\s]+")
ALIKE = 0.4  # below, two lines have too little in common to be read as one rewritten line


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words: `same`, `added` or `removed`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the comparison: `same`, `added`, `removed`, or `changed` with its pieces."""

    kind: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The whole line, removed words included."""
        return "".join(one.text for one in self.pieces)


def differences(before: str, after: str) -> tuple[Line, ...]:
    r"""Compare two texts.

    Returns:
        Lines in reading order; every line of both texts is in it exactly once.

    >>> [(line.kind, line.text) for line in differences("one\ntwo", "one\nthree")]
    [('same', 'one'), ('removed', 'two'), ('added', 'three')]
    >>> differences("we pay two euros", "we pay three euros")[0].pieces[1]
    Piece(kind='removed', text='two')
    """
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    for act, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            lines += [_whole("same", one) for one in old[i:j]]
        else:
            lines += _rewritten(old[i:j], new[k:m])
    return tuple(lines)


def _rewritten(old: list[str], new: list[str]) -> list[Line]:
    """Pair lines in their order while they are alike; the rest was removed or added."""
    lines = []
    for before, after in zip(old, new, strict=False):
        if SequenceMatcher(None, before, after, autojunk=False).ratio() >= ALIKE:
            lines.append(Line("changed", _pieces(before, after)))
        else:
            lines += [_whole("removed", before), _whole("added", after)]
    paired = min(len(old), len(new))
    lines += [_whole("removed", one) for one in old[paired:]]
    return lines + [_whole("added", one) for one in new[paired:]]


def _pieces(before: str, after: str) -> tuple[Piece, ...]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces = []
    for act, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[i:j]), "".join(new[k:m])
        if act == "equal":
            pieces.append(Piece("same", gone))
            continue
        pieces += [Piece("removed", gone)] if gone else []
        pieces += [Piece("added", come)] if come else []
    return tuple(pieces)


def _whole(kind: str, text: str) -> Line:
    return Line(kind, (Piece(kind, text),))
