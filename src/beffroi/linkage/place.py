"""Read where a record is: département, post code, commune, street."""

from __future__ import annotations

import re
from functools import cache

from beffroi.linkage.fold import fold
from beffroi.vocabulary.geography import read_table

_POSTCODE = re.compile(r"\b(\d{4,5})\b")
_CEDEX = re.compile(r"\bced(?:ex)?\b.*$")
_DISTRICT = re.compile(r"\b\d{1,2}(?:e|er|eme)?\b(?: arrondissement)?")
_SAINT = re.compile(r"\bst\b")
_SAINTE = re.compile(r"\bste\b")
_SPREAD = re.compile(r"\b(?:le|la|les|l|d|de|du|des|en|sur|sous|a|au|aux)\b")
_STREET = {"av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "boul": "boulevard", "r": "rue",
           "pl": "place", "all": "allee", "chem": "chemin", "che": "chemin", "imp": "impasse", "rte": "route",
           "sq": "square", "fbg": "faubourg", "fg": "faubourg", "zi": "zone industrielle"}  # fmt: skip
_POSTCODE_DIGITS = 5
_OVERSEAS = ("97", "98")
_BRACKETS = re.compile(r"\(.*?\)")
_CODE = re.compile(r"0?(2[ab]|\d{1,3})", re.IGNORECASE)


def postcode_of(text: str) -> str:
    """Return a French post code; a workbook that ate the zero in front is forgiven.

    >>> postcode_of("38000.0"), postcode_of("1000"), postcode_of("F-75011 Paris"), postcode_of("-")
    ('38000', '01000', '75011', '')
    """
    found = _POSTCODE.search(text)
    return found[1].zfill(_POSTCODE_DIGITS) if found else ""


def department_of(text: str, postcode: str = "") -> str:
    """Return the code of a département, from its own cell or from the post code. Corsica is `20`, as in post codes.

    The cell holds a code, a post code or a name; what is none of them leaves the post code to say it.

    >>> department_of("033"), department_of("75003"), department_of("2A"), department_of("", "97200")
    ('33', '75', '20', '972')
    >>> department_of("COTES D'ARMOR"), department_of("Rhône (69)"), department_of("Nord", "62000"), department_of("?")
    ('22', '69', '59', '')
    """
    given = text.strip().removesuffix(".0")
    if len(given) == _POSTCODE_DIGITS and given.isdigit():
        postcode, given = given, ""
    found = _CODE.fullmatch(given)
    if found:
        code = found[1].upper().lstrip("0").zfill(2)
        return _as_in_postcodes(code)
    named = _by_name().get(commune_of(_BRACKETS.sub(" ", given))) if given else None
    return named or postcode[: 3 if postcode.startswith(_OVERSEAS) else 2]


def _as_in_postcodes(code: str) -> str:
    return "20" if code in ("2A", "2B") else code


@cache
def _by_name() -> dict[str, str]:
    return {commune_of(row["name"]): _as_in_postcodes(row["code"]) for row in read_table("departments.csv")}


def commune_of(text: str) -> str:
    """Return a commune's name without articles, district and postal marks, glued.

    >>> commune_of("ST QUENTIN CEDEX 4"), commune_of("Saint-Quentin"), commune_of("Paris 15e arrondissement")
    ('saintquentin', 'saintquentin', 'paris')
    """
    plain = _CEDEX.sub("", fold(_POSTCODE.sub(" ", text)))
    plain = _SAINTE.sub("sainte", _SAINT.sub("saint", plain))
    bare = _SPREAD.sub(" ", _DISTRICT.sub(" ", plain)).replace(" ", "")
    return bare or plain.replace(" ", "")


def street_of(text: str) -> str:
    """Return number and street, folded, the kind of street spelled out; nothing without a number.

    >>> street_of("8, av. de la République"), street_of("Centre commercial")
    ('8 avenue republique', '')
    """
    words = [_STREET.get(word, word) for word in _SPREAD.sub(" ", fold(text)).split()]
    return " ".join(words) if words and words[0].isdigit() else ""
