"""Legal forms of organisations, by what they are, in the writings met in lists.

The families are coarse on purpose: a list writes `SA` for a `SAS` more often than two firms differ by that alone.
Facts read from INSEE's nomenclature of legal categories and the company law of the countries named.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Sequence

# family: writings, folded, by country; long before short is settled below.
_FAMILIES: dict[str, dict[str, str]] = {
    "limited": {
        "fr be lu ch": "sarl|sa rl|eurl|selarl|sprl|bvba|societe a responsabilite limitee|srl|gmbh|sagl",
        "fr": "entreprise unipersonnelle a responsabilite limitee|earl|selas",
        "gb ie us ca in sg": "ltd|limited|private limited|pvt ltd|pte ltd|limited liability company|llc|pty ltd|lllc",
        "de at": "gmbh|gesellschaft mit beschrankter haftung|ug|ug haftungsbeschrankt",
        "nl be": "bv|b v|besloten vennootschap",
        "it es pt br ro": "srl|s r l|sl|lda|ltda|societatea cu raspundere limitata|sociedad limitada",
        "pl cz sk hu": "sp z o o|sp z oo|sp zoo|sp z|spolka z ograniczona odpowiedzialnoscia|spol s r o|sro|s r o|kft",
        "ru ua": "ooo|tov|obshchestvo s ogranichennoi otvetstvennostiu",
        "dk no se fi": "aps|ehf",
    },
    "stock": {
        "fr be lu ch": "sa|societe anonyme|se|societas europaea",
        "de at ch": "ag|aktiengesellschaft|kgaa",
        "gb ie": "plc|public limited company",
        "us ca": "inc|incorporated|corp|corporation",
        "nl be": "nv|n v|naamloze vennootschap",
        "it es pt": "spa|s p a|sociedad anonima|societa per azioni",
        "pl": "spolka akcyjna",
        "ru ua": "oao|zao|pao|ao|jsc|ojsc|cjsc|pjsc|joint stock company|open joint stock company|"
        "closed joint stock company|public joint stock company|otkrytoe aktsionernoe obshchestvo|"
        "zakrytoe aktsionernoe obshchestvo|aktsionernoe obshchestvo",
        "dk no se fi": "a s|asa|ab|oy|oyj|aktiebolag|aktieselskab|publ",
        "jp kr": "kk|kabushiki kaisha",
    },
    "simplified": {"fr": "sas|sasu|societe par actions simplifiee|societe par actions simplifiee unipersonnelle|saas"},
    "partnership": {
        "fr be lu": "snc|scs|sca|sep|sccs|scsp|societe en nom collectif|societe en commandite simple|sci|scp|scm",
        "gb us": "lp|llp|lllp|limited partnership|limited liability partnership",
        "de": "kg|ohg|gmbh and co kg|gbr",
    },
    "cooperative": {
        "fr": "scop|scic|sca cooperative|societe cooperative|societe cooperative et participative|"
        "societe cooperative d interet collectif|sccl"
    },
    "association": {"fr be lu ch": "association loi 1901|assoc|asbl|loi 1901|association", "de": "e v|ev"},
    "grouping": {"fr": "gie|gip|groupement d interet economique|groupement d interet public|geie"},
    "public": {"fr": "epic|epa|epst|epscp|epcc"},
    "company": {"gb us": "co|company|co ltd|company limited|corp ltd|corporation limited|co inc", "fr": "cie|ste"},
}
_CO_LTD = {"co ltd": "limited", "company limited": "limited", "corporation limited": "limited", "co inc": "stock"}
_SHORT_IN_FRONT = 2
_LONG = 3
_NEAR = 0.92
_FAR = 3


def join_initials(words: Sequence[str]) -> list[str]:
    """Join single letters that follow each other, as those of `S. p. A.` do.

    >>> join_initials(["j", "p", "morgan"])
    ['jp', 'morgan']
    """
    out: list[str] = []
    run = ""
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            out.append(run)
            run = ""
        if word:
            out.append(word)
    return out


@cache
def _writings() -> dict[tuple[str, ...], str]:
    return {
        tuple(join_initials(writing.split())): _CO_LTD.get(writing, family)
        for family, countries in _FAMILIES.items()
        for writings in countries.values()
        for writing in writings.split("|")
    }


@cache
def _long_writings() -> tuple[tuple[str, str], ...]:
    return tuple(("".join(words), family) for words, family in _writings().items() if len(words) >= _LONG)


@cache
def _longest() -> int:
    return max(map(len, _writings()))


@cache
def one_word_forms() -> frozenset[str]:
    """Return the legal forms that are one word.

    >>> {"sarl", "gmbh"} <= one_word_forms(), "anonyme" in one_word_forms()
    (True, False)
    """
    return frozenset(words[0] for words in _writings() if len(words) == 1)


def split_legal_form(words: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Take legal forms off both ends of a name.

    Args:
        words: folded words of the name.

    Returns:
        The words that are left, never none, and the families taken off (`stock`, `limited` …).

    >>> split_legal_form(("deutsche", "bank", "ag"))
    (('deutsche', 'bank'), frozenset({'stock'}))
    >>> split_legal_form(("sas", "numelink"))
    (('numelink',), frozenset({'simplified'}))
    >>> split_legal_form(("sa",))
    (('sa',), frozenset())
    """
    found: set[str] = set()
    changed = True
    while changed:
        changed = False
        for size in range(min(_longest(), len(words) - 1), 0, -1):
            family = _family(words[-size:])
            if family:
                words, changed = words[:-size], True
                found.add(family)
                break
            family = _family(words[:size])
            if family and family != "company" and (size > 1 or len(words[0]) >= _SHORT_IN_FRONT):
                words, changed = words[size:], True
                found.add(family)
                break
    return words, frozenset(found)


@lru_cache(maxsize=100_000)
def _family(words: tuple[str, ...]) -> str | None:
    """Return the family of a writing; long ones may be mistyped (`joynt stock company`)."""
    known = _writings().get(words)
    if known or len(words) < _LONG:
        return known
    glued = "".join(words)
    near = (
        (similarity, family)
        for writing, family in _long_writings()
        if abs(len(writing) - len(glued)) <= _FAR
        and (similarity := OSA.normalized_similarity(glued, writing, score_cutoff=_NEAR)) >= _NEAR
    )
    return max(near, default=(0.0, None))[1]


def conflict(left: frozenset[str], right: frozenset[str]) -> bool:
    """Tell whether both names give a legal form and none is shared; `company` says too little to conflict.

    >>> conflict(frozenset({"stock"}), frozenset({"limited"})), conflict(frozenset({"stock"}), frozenset())
    (True, False)
    """
    left, right = left - {"company"}, right - {"company"}
    return bool(left and right and not left & right)
