"""One-time passwords by the clock (RFC 6238): a secret and the time in, six digits out."""

from __future__ import annotations

import base64
import hmac
import struct
from urllib.parse import quote, urlencode

PERIOD_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
DRIFT_STEPS = 1  # a telephone may be half a minute off, either way


def step_of(seconds: float) -> int:
    """Return the number of the period that a time (seconds since 1970) falls in.

    >>> step_of(59)
    1
    """
    return int(seconds // PERIOD_SECONDS)


def code(secret: bytes, step: int, *, digits: int = DIGITS) -> str:
    """Return the code of a period.

    Args:
        secret: at least one byte; 20 are usual.
        step: number of the period, from `step_of`.
        digits: 6, or 8 for the examples of the standard.

    Source: RFC 4226, section 5.3; RFC 6238, appendix B, from which the example is.

    >>> code(b"12345678901234567890", step_of(59), digits=8)
    '94287082'
    """
    digest = hmac.digest(secret, struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 0xF
    (number,) = struct.unpack(">I", digest[offset : offset + 4])
    return str((number & 0x7FFFFFFF) % 10**digits).zfill(digits)


def matching_step(secret: bytes, given: str, *, now: float, after: int = 0) -> int | None:
    """Return the period whose code was given, or None.

    Args:
        secret: shared with the telephone.
        given: what a person typed; spaces do not matter.
        now: seconds since 1970.
        after: last period whose code was used; that code and earlier ones are spent.

    >>> matching_step(b"12345678901234567890", "287 082", now=59), matching_step(b"x", "nonsense", now=59)
    (1, None)
    """
    typed = "".join(given.split())
    if not (typed.isascii() and typed.isdecimal() and len(typed) == DIGITS):
        return None
    current = step_of(now)
    for step in range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1):
        if step > after and hmac.compare_digest(code(secret, step), typed):
            return step
    return None


def as_text(secret: bytes) -> str:
    """Return the secret as people type it, in groups of four.

    >>> as_text(b"12345")
    'GEZD GNBV'
    """
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def address(secret: bytes, *, account: str, issuer: str) -> str:
    """Return the address that an authenticator on the same device opens.

    >>> address(b"12345", account="a@b.org", issuer="Beffroi")
    'otpauth://totp/Beffroi:a%40b.org?secret=GEZDGNBV&issuer=Beffroi'
    """
    query = urlencode({"secret": as_text(secret).replace(" ", ""), "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(account, safe='')}?{query}"
