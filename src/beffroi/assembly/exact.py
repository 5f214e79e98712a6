"""Exact numbers and the one way in which they are written down.

Weights and shares are fractions from the first to the last step: a vote of 1/3 three times is a whole vote. Written
down, a fraction is a text such as `"3/2"`; a record has one canonical form, hence one fingerprint.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from beffroi.assembly.faults import InexactNumberError

Number: TypeAlias = int | str | Fraction

_WRITTEN = re.compile(r"[+-]?\d{1,60}(?:/\d{1,60}|\.\d{1,60})?", re.ASCII)


def fraction(value: Number) -> Fraction:
    """Read an exact fraction from a whole number, a fraction, or a text such as `3/2` or `0.25`.

    Raises:
        InexactNumberError: a float, or a text that is no number, or a denominator of zero.

    >>> fraction("0.1") + fraction("0.2") == fraction("3/10")
    True
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, str) and _WRITTEN.fullmatch(value.strip()):
        try:
            return Fraction(value.strip())
        except ZeroDivisionError:
            pass
    raise InexactNumberError(
        f"{value!r} is no exact number. Write a whole number, a fraction (3/2), or a decimal as text (0.25)."
    )


def written(value: Fraction) -> str:
    """Write a fraction in lowest terms.

    >>> written(Fraction(6, 4)), written(Fraction(4, 2))
    ('3/2', '2')
    """
    return str(value)


def plain(value: object) -> Any:
    """Return a value as JSON takes it: fractions as text, tuples as lists.

    Raises:
        InexactNumberError: as `canonical`.

    >>> plain({"share": Fraction(1, 2), "bodies": ("a", "b")})
    {'share': '1/2', 'bodies': ['a', 'b']}
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Fraction):
        return written(value)
    if isinstance(value, Mapping):
        if wrong := [key for key in value if not isinstance(key, str)]:
            raise InexactNumberError(f"The key {wrong[0]!r} is no text, so the record has no one form.")
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [plain(one) for one in value]
    raise InexactNumberError(f"{value!r} has no one written form. Give text, whole numbers or fractions.")


def canonical(record: object) -> bytes:
    """Write a record as the one JSON text that stands for it: keys sorted, no spaces, UTF-8, no floats.

    Mappings, sequences, texts, whole numbers, true, false and nothing are taken; a fraction is written as text.

    Raises:
        InexactNumberError: a float or another type, a key that is no text, or text that UTF-8 cannot hold.

    Source: the sorting and spacing of RFC 8785 (JSON Canonicalization Scheme), without its floats; keys are sorted by
    code point.

    >>> canonical({"b": [1, None], "a": Fraction(1, 2)})
    b'{"a":"1/2","b":[1,null]}'
    """
    text = json.dumps(plain(record), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InexactNumberError(f"A text holds half a character ({error.reason}); it has no one form.") from error


def digest(record: object) -> str:
    """Return the SHA-256 of the canonical form, 64 hexadecimal digits.

    >>> digest({})
    '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'
    """
    return hashlib.sha256(canonical(record)).hexdigest()
