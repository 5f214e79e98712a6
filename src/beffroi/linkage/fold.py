"""Fold text so that case, accents, punctuation and script no longer tell two writings of one word apart."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that Unicode does not decompose, and Cyrillic and Greek after the passport style (ICAO Doc 9303, part 3).
_LETTERS = str.maketrans(
    {
        **dict(zip("œæßøłđðþı", ("oe", "ae", "ss", "o", "l", "d", "d", "th", "i"), strict=True)),
        **dict(
            zip(
                "абвгдезийклмнопрстуфхцчшщъыьэюяжіїєґ",
                (*"abvgdeziiklmnoprstuf", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "iu", "ia", "zh", "i", "i",
                 "ie", "g"),
                strict=True,
            )
        ),
        **dict(
            zip(
                "αβγδεζηθικλμνξοπρστυφχψως",
                (*"avgdeziti", "k", "l", "m", "n", "x", "o", "p", "r", "s", "t", "y", "f", "ch", "ps", "o", "s"),
                strict=True,
            )
        ),
    }
)  # fmt: skip
_DOTTED = re.compile(r"\b(\w)\.(?=\w\b)")
_APOSTROPHES = re.compile(r"[’‘ʼ`´']")
_POSSESSIVE = re.compile(r"'s\b")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_OTHER = re.compile(r"[^0-9a-z]+")


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """Return lower-case Latin letters and digits, words apart by one space.

    An ampersand becomes `and`; dotted initials are joined; invisible characters go.

    >>> fold("Société Générale, S.A.")
    'societe generale sa'
    >>> fold("L’Œuvre & Cie"), fold("БАЙ")
    ('l oeuvre and cie', 'bai')
    """
    low = _INVISIBLE.sub("", text).lower().translate(_LETTERS)
    plain = "".join(one for one in unicodedata.normalize("NFKD", low) if not unicodedata.combining(one))
    plain = _POSSESSIVE.sub(" ", _APOSTROPHES.sub("'", plain.translate(_LETTERS)))
    plain = _DOTTED.sub(r"\1", plain.replace("&", " and ").replace("+", " plus "))
    return _OTHER.sub(" ", plain).strip()


def squash(text: str) -> str:
    """Return the folded text without spaces.

    >>> squash("Core-Techs")
    'coretechs'
    """
    return fold(text).replace(" ", "")
