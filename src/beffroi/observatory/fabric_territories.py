"""Territories of the fabric: which lie in which, and what they are called."""

from __future__ import annotations

from functools import cache

from beffroi.observatory.fabric_public import LEVELS
from beffroi.vocabulary.communes import department_names, epci_names, places
from beffroi.vocabulary.errors import UnknownRegionError, UsageError
from beffroi.vocabulary.geography import is_region, name

COUNTRY = "FR"
TOLD = (*LEVELS[1:], "commune")


@cache
def territories() -> dict[str, dict[str, frozenset[str]]]:
    """By level, each territory's code and the codes of all territories its communes lie in, itself among them."""
    held: dict[str, dict[str, set[str]]] = {level: {} for level in (*LEVELS, "commune")}
    for one in places().values():
        codes = (COUNTRY, one.nuts1, one.nuts2, one.nuts3, one.epci, one.commune)
        known = {code for code in codes if code}
        for level, code in zip(held, codes, strict=True):
            if code:
                held[level].setdefault(code, set()).update(known)
    return {level: {code: frozenset(above) for code, above in each.items()} for level, each in held.items()}


def level_of(code: str) -> str:
    """Level of a territory's code.

    >>> level_of("FRE"), level_of("FRE11"), level_of("200093201"), level_of("59350")
    ('nuts1', 'nuts3', 'epci', 'commune')

    Raises:
        UnknownRegionError: no territory has this code.
    """
    for level, held in territories().items():
        if code in held:
            return level
    raise UnknownRegionError(
        f"'{code}' is no territory. Give the code of a commune (59350), an EPCI (its SIREN, 200093201), a NUTS region "
        "(FRE, FRE1, FRE11) or FR."
    )


def canonical(code: str) -> str:
    """The NUTS-3 code of a département's code; any other code as it is.

    >>> canonical("59"), canonical("2A"), canonical("FRE")
    ('FRE11', 'FRM01', 'FRE')
    """
    return _nuts3_of().get(code, code)


@cache
def _nuts3_of() -> dict[str, str]:
    return {one.department: one.nuts3 for one in places().values() if one.nuts3}


def inside(code: str, level: str) -> list[str]:
    """Codes of a level that lie in a territory, in order; an EPCI across a border lies on both sides.

    >>> inside("FRE", "nuts3")
    ['FRE11', 'FRE12', 'FRE21', 'FRE22', 'FRE23']

    Raises:
        UsageError: a level that is none, or a commune, in which nothing lies.
        UnknownRegionError: no territory has this code.
    """
    if level not in TOLD:
        raise UsageError(f"'{level}' is no level of territories; expected one of {', '.join(TOLD)}.")
    level_of(code)
    return sorted(one for one, above in territories()[level].items() if code in above)


@cache
def name_of(code: str, language: str = "fr") -> str:
    """Name of a territory; its code where it has none.

    >>> name_of("59350"), name_of("FRE11"), name_of("200093201")
    ('Lille', 'Nord', 'Métropole Européenne de Lille')
    """
    if code in _departments():
        return _departments()[code]
    if is_region(code):
        return name(code).say(language)
    found = places().get(code)
    return epci_names().get(code) or (found.name if found else code)


@cache
def _departments() -> dict[str, str]:
    names = department_names()
    return {one.nuts3: names[one.department] for one in places().values() if one.nuts3}
