"""The legal unit that a row states: a SIREN by any of its numbers, or an invented one of the demonstration."""

from __future__ import annotations

import re

from beffroi.linkage.identifiers import SIREN_DIGITS, siren_of, siren_of_vat, siret_of

_INVENTED = re.compile(r"^DEMO-?(\d{5})$", re.IGNORECASE)


def legal_unit(siren: str, siret: str = "", vat: str = "") -> str:
    """Return the legal unit that cells name, as `siren:…`, or the empty text when none is valid.

    `DEMO-00001` names an invented unit (`demo:00001`): nobody can take it for a real number.

    >>> legal_unit("732 829 320"), legal_unit("", "732 829 320 00074"), legal_unit("732829321")
    ('siren:732829320', 'siren:732829320', '')
    >>> legal_unit("DEMO-00017"), legal_unit("", "", "FR 44 732829320")
    ('demo:00017', 'siren:732829320')
    """
    invented = _INVENTED.match(siren.strip())
    if invented:
        return f"demo:{invented[1]}"
    number = siren_of(siren) or siret_of(siren)[:SIREN_DIGITS] or siret_of(siret)[:SIREN_DIGITS] or siren_of_vat(vat)
    return f"siren:{number}" if number else ""
