"""Identifiers of legal units, checked by their key: SIREN, SIRET, and the invented ones of the demonstration."""

from __future__ import annotations

import re

SIREN_DIGITS = 9
SIRET_DIGITS = 14
_LA_POSTE = "356000000"
_INVENTED = re.compile(r"^DEMO-?(\d{5})$", re.IGNORECASE)


def luhn_holds(digits: str) -> bool:
    """Whether a number keeps Luhn's key (ISO/IEC 7812-1).

    >>> luhn_holds("732829320"), luhn_holds("732829321")
    (True, False)
    """
    doubled = [int(one) * (1 + place % 2) for place, one in enumerate(reversed(digits))]
    return sum(one // 10 + one % 10 for one in doubled) % 10 == 0


def siret_holds(digits: str) -> bool:
    """Whether 14 digits are a SIRET; establishments of La Poste keep another key (sum of digits divisible by 5).

    >>> siret_holds("73282932000074"), siret_holds("35600000049837")
    (True, True)
    """
    if len(digits) != SIRET_DIGITS or not luhn_holds(digits[:SIREN_DIGITS]):
        return False
    return luhn_holds(digits) or (digits.startswith(_LA_POSTE) and sum(map(int, digits)) % 5 == 0)


def legal_unit(siren: str, siret: str = "") -> str:
    """Return the legal unit that two cells name, as `siren:…`, or the empty text when neither is valid.

    `DEMO-00001` names an invented unit (`demo:00001`): nobody can take it for a real number.

    >>> legal_unit("732 829 320"), legal_unit("", "732 829 320 00074"), legal_unit("732829321")
    ('siren:732829320', 'siren:732829320', '')
    >>> legal_unit("DEMO-00017")
    'demo:00017'
    """
    invented = _INVENTED.match(siren.strip())
    if invented:
        return f"demo:{invented[1]}"
    digits = _digits(siren)
    if len(digits) == SIRET_DIGITS and siret_holds(digits):
        return f"siren:{digits[:SIREN_DIGITS]}"
    if len(digits) == SIREN_DIGITS and luhn_holds(digits):
        return f"siren:{digits}"
    digits = _digits(siret)
    return f"siren:{digits[:SIREN_DIGITS]}" if siret_holds(digits) else ""


def _digits(cell: str) -> str:
    kept = re.sub(r"[\s.\u00a0\u202f-]", "", cell)
    return kept if kept.isascii() and kept.isdigit() else ""
