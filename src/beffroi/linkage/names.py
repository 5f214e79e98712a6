"""Read an organisation's name: its legal form off, its words, numbers and initials in one writing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from beffroi.linkage.fold import fold
from beffroi.linkage.legal_forms import join_initials, split_legal_form

if TYPE_CHECKING:
    from collections.abc import Mapping

STOP_WORDS = frozenset(
    "the of and for in on at by to a an et de du des la le les l d un une au aux en sur sous pour par dans chez "  # noqa: SIM905 -- words read as words
    "und der die das von zu fur y e el los las del di da do dos das van het een".split()
)
_ABBREVIATIONS = {
    "st": "saint", "ste": "sainte", "sts": "saints", "intl": "international", "int": "international",
    "ets": "etablissements", "univ": "universite", "labs": "lab", "laboratory": "lab", "laboratoire": "lab",
    "laboratories": "lab", "laboratoires": "lab", "nat": "national", "assoc": "association", "dept": "departement",
    "tech": "technologies", "technology": "technologies", "technologie": "technologies", "techno": "technologies",
    "syst": "systems", "systemes": "systems", "system": "systems", "systeme": "systems", "bros": "brothers",
    "mfg": "manufacturing", "svcs": "services", "svc": "services", "service": "services", "centre": "center",
    "ctr": "center", "ctre": "center", "organisation": "organization", "labour": "labor",
    "group": "groupe", "gruppe": "groupe", "grp": "groupe", "consulting": "conseil", "usa": "us",
}  # fmt: skip
_PHRASES = {("united", "states"): "us", ("united", "kingdom"): "uk", ("etats", "unis"): "us", ("int", "l"): "intl"}
_UNITS = {
    **{word: str(n) for n, word in enumerate("zero one two three four five six seven eight nine ten".split())},  # noqa: SIM905 -- words read as words
    **{word: str(n) for n, word in enumerate("un deux trois quatre cinq sept huit neuf dix".split(), 1) if n > 1},  # noqa: SIM905 -- words read as words
    "sept": "7", "huit": "8", "neuf": "9", "dix": "10",
    "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5",
    "1st": "1", "2nd": "2", "3rd": "3", "1er": "1", "1ere": "1",
}  # fmt: skip
_TENS = {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}  # noqa: SIM905 -- words read as words
_TENS["fourty"] = 40
_ROMAN = re.compile(r"(?:x{1,3}(?:ix|iv|v?i{0,3})|ix|iv|v?i{2,3}|vi|v)$")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}
_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_ACRONYM = re.compile(r"[A-Z][A-Z0-9]{1,7}")


@dataclass(frozen=True, slots=True)
class Name:
    """One name as linkage reads it.

    Attributes:
        text: as it was given.
        tokens: words without legal form and stop words (never empty unless the name is).
        squashed: every word of the core glued together.
        forms: families of legal form named.
        numbers: numbers in the name, Roman and spelled ones as digits.
        initials: first letters of the words, stop words left out.
        bracketed: words in brackets, which are also among `tokens`.
    """

    text: str
    tokens: tuple[str, ...]
    squashed: str
    forms: frozenset[str]
    numbers: frozenset[str]
    initials: str
    bracketed: frozenset[str]


@lru_cache(maxsize=200_000)
def read_name(text: str) -> Name:
    """Read a name.

    >>> one = read_name("The Crédit Agricole (Suisse) S.A.")
    >>> one.tokens, sorted(one.forms), sorted(one.bracketed)
    (('credit', 'agricole', 'suisse'), ['stock'], ['suisse'])
    >>> read_name("First Bank Int’l").tokens, read_name("Fund VIII L.P.").numbers
    (('1', 'bank', 'international'), frozenset({'8'}))
    """
    words = tuple(join_initials(fold(text).split()))
    words, forms = split_legal_form(_drop_article(words))
    bracketed = frozenset(word for part in _BRACKETS.findall(text) for word in fold(part).split())
    plain = _numbers(_phrases(words))
    kept = tuple(_ABBREVIATIONS.get(word, word) for word in plain if word not in STOP_WORDS) or plain
    return Name(
        text=text,
        tokens=kept,
        squashed="".join(_ABBREVIATIONS.get(w, w) if len(plain) > 1 else w for w in plain if w not in STOP_WORDS)
        or "".join(plain),
        forms=forms,
        numbers=frozenset(word for word in kept if word.isdigit()),
        initials="".join(word[0] for word in kept),
        bracketed=bracketed,
    )


def acronyms(text: str) -> tuple[str, ...]:
    """Return words in capitals within brackets, or beside a longer name, which may be its acronym.

    >>> acronyms("Institut national (INRIA)"), acronyms("TALEND")
    (('inria',), ())
    """
    inside = [part for part in _BRACKETS.findall(text) if _ACRONYM.fullmatch(part.strip())]
    return tuple(fold(one) for one in inside)


@cache
def writings_of_one_word() -> Mapping[str, str]:
    """Return words and the one writing in which they are compared, whatever stands around them.

    >>> [writings_of_one_word()[one] for one in ("ets", "first", "viii")]
    ['etablissements', '1', '8']
    """
    tens, units = ("", "x", "xx", "xxx"), ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
    roman = (ten + unit for ten in tens for unit in units if _ROMAN.fullmatch(ten + unit))
    return _ABBREVIATIONS | {word: str(value) for word, value in _TENS.items()} | _UNITS | {
        word: str(_roman(word)) for word in roman
    }  # fmt: skip


def _drop_article(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[1:] if len(words) > 1 and words[0] in ("the", "le", "la", "les") else words


def _phrases(words: tuple[str, ...]) -> tuple[str, ...]:
    out: list[str] = []
    place = 0
    while place < len(words):
        short = _PHRASES.get(words[place : place + 2])  # type: ignore[arg-type]  # -- a slice of two or fewer
        out.append(short or words[place])
        place += 2 if short else 1
    return tuple(out)


def _numbers(words: tuple[str, ...]) -> tuple[str, ...]:
    out: list[str] = []
    for place, word in enumerate(words):
        if word in _TENS:
            out.append(str(_TENS[word]))
        elif word in _UNITS and out and out[-1] in map(str, _TENS.values()) and words[place - 1] in _TENS:
            out[-1] = str(int(out[-1]) + int(_UNITS[word]))
        elif word in _UNITS:
            out.append(_UNITS[word])
        elif place and _ROMAN.fullmatch(word):
            out.append(str(_roman(word)))
        else:
            out.append(word)
    return tuple(out)


def _roman(word: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in word]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
