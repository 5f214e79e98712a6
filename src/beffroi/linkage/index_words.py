"""The words by which a register of millions of units is searched: quick to take, and the same on both sides.

A register cannot be read name by name (`names.read_name`); its names are folded in bulk and cut into words. What is
found by these words is then read and compared in full, so that they decide only what is looked at.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypedDict

from beffroi.linkage.fold import fold
from beffroi.linkage.identifiers import domain_of
from beffroi.linkage.legal_forms import join_initials, one_word_forms
from beffroi.linkage.names import STOP_WORDS, writings_of_one_word
from beffroi.linkage.place import commune_code_of, commune_of, department_of, postcode_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from beffroi.linkage.record import Tidy

Term = tuple[str, str, tuple[int, ...], float]
_MANY = 3
_ACRONYM = range(2, 7)
_ACRONYM_QUALITY = 0.6


class Standards(TypedDict):
    """How the cells of a register are brought into one writing."""

    plain: Callable[[str], str]
    commune: Callable[[str, str], str]
    department: Callable[[str, str, str], str]
    activity: Callable[[str], str]
    label: Callable[[str], str]
    weak: frozenset[str]
    one_writing: Mapping[str, str]


def standards() -> Standards:
    """Return how an index reads a register, for whoever builds it."""
    return {
        "plain": plain_words,
        "commune": lambda given, code: commune_of(given, commune_code_of(code)),
        "department": lambda given, postcode, code: department_of(given, postcode_of(postcode), commune_code_of(code)),
        "activity": lambda given: fold(given).replace(" ", ""),
        "label": label_of,
        "weak": weak_words(),
        "one_writing": writings_of_one_word(),
    }


def plain_words(text: str) -> str:
    """Return the folded words of a name, single letters joined.

    >>> plain_words("L'Œuvre S. N. C. F. & Cie")
    'l oeuvre sncf and cie'
    """
    return " ".join(join_initials(fold(text).split()))


@cache
def weak_words() -> frozenset[str]:
    """Return words that nobody is found by while the name has others: stop words and legal forms.

    >>> {"de", "sarl"} <= weak_words(), "lyon" in weak_words()
    (True, False)
    """
    return STOP_WORDS | one_word_forms()


def label_of(address: str) -> str:
    """Return the label that a firm chose for its web or mail domain.

    >>> label_of("https://www.data-publica.com/x")
    'datapublica'
    """
    return domain_of(address).partition(".")[0].replace("-", "")


def core_words(plain: str) -> tuple[str, ...]:
    """Return the words that a unit is found by; weak ones only when there are no others.

    >>> core_words("la poste sa"), core_words("la sas")
    (('poste',), ('la', 'sas'))
    """
    words = tuple(plain.split())
    return tuple(word for word in words if word not in weak_words()) or words


def questions(record: Tidy) -> list[tuple[tuple[str, ...], list[Term]]]:
    """Return, for each name of a record, its words and the terms that stand for one or several of them.

    A term is its kind (`word` of the register, or `glued` neighbours there), its text, the places of the words that it
    stands for, and how much of them it is worth.

    >>> from beffroi.linkage.record import Record, tidy
    >>> [(words, terms)] = questions(tidy(Record("a", 1, name="Data Publica")))
    >>> words, [term[1] for term in terms if term[0] == "word"]
    (('data', 'publica'), ['data', 'publica', 'datapublica', 'dp'])
    """
    out = []
    label = label_of(record.record.website) or label_of(record.record.email)
    for name in record.names:
        raw = core_words(plain_words(name.text))
        out.append((tuple(writings_of_one_word().get(word, word) for word in raw), _terms(raw, label)))
    return out


def _terms(raw: tuple[str, ...], label: str) -> list[Term]:
    size, every = len(raw), tuple(range(len(raw)))
    found: list[Term] = [("word", writings_of_one_word().get(word, word), (n,), 1.0) for n, word in enumerate(raw)]
    found += [("glued", word, (n,), 1.0) for n, word in enumerate(raw)]
    found += [("word", raw[n] + raw[n + 1], (n, n + 1), 1.0) for n in range(size - 1)]
    whole = "".join(raw)
    if size > 1:
        found.append(("glued", whole, every, 1.0))
        found.append(("word", "".join(word[0] for word in raw), every, _ACRONYM_QUALITY))
    if size >= _MANY:
        found.append(("word", whole, every, 1.0))
    found += [("glued", f"#{raw[0]}", (0,), _ACRONYM_QUALITY)] * (size == 1 and len(whole) in _ACRONYM)
    if label:
        found += [("word", label, every, 1.0), ("glued", label, every, 1.0)]
    return found
