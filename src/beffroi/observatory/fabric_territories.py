"""Territories of the fabric: which lie in which, and what they are called."""

from __future__ import annotations

from functools import cache

from beffroi.observatory.fabric_public import LEVELS
from beffroi.observatory.tables import folded
from beffroi.vocabulary.communes import department_names, epci_names, places
from beffroi.vocabulary.errors import UnknownRegionError, UsageError
from beffroi.vocabulary.geography import is_region, name

COUNTRY = "FR"
_MOST_NAMED = 12
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


def find(words: str) -> list[tuple[str, str]]:
    """Codes and levels of the territories that a code or a name means, larger ones first.

    A code means itself. A name means every territory that bears it, whatever its accents and case; where none does,
    those whose name begins so, and then those that hold the words.

    >>> find("59350"), find("lille")[0], [code for code, _ in find("Paris")]
    ([('59350', 'commune')], ('59350', 'commune'), ['FR101', '75056'])
    >>> find("métropole européenne de Lille"), find("nowhere at all")
    ([('200093201', 'epci')], [])
    """
    text = _plain(canonical(words.strip()))
    if not text:
        return []
    exact = [(code, level) for level, held in territories().items() for code in held if _plain(code) == text]
    names = _names()
    exact = exact or list(names.get(text, ()))
    begun = exact or [one for name, held in names.items() if name.startswith(text) for one in held]
    found = begun or [one for name, held in names.items() if f" {text}" in name for one in held]
    order = list(territories())
    return sorted(dict.fromkeys(found), key=lambda one: (order.index(one[1]), one[0]))


def resolve(words: str) -> str:
    """The code of the one territory that a code or a name means.

    >>> resolve("FRE"), resolve("Hauts-de-France"), resolve("59"), resolve("Lille")
    ('FRE', 'FRE', 'FRE11', '59350')

    Raises:
        UnknownRegionError: none does.
        UsageError: several do; they are listed with their codes.
    """
    found = find(words)
    if not found:
        level_of(words)  # refuses it by saying what a code looks like
    if len(found) > 1:
        shown = ", ".join(f"{code} ({level} {name_of(code)})" for code, level in found[:_MOST_NAMED])
        more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
        raise UsageError(f"'{words}' is the name of {len(found)} territories: {shown}{more}. Give the code of one.")
    return found[0][0]


def _plain(text: str) -> str:
    return " ".join(folded(text).replace("-", " ").replace("'", " ").split())


@cache
def _names() -> dict[str, tuple[tuple[str, str], ...]]:
    """Territories by their folded names, in both languages; a level that repeats the one above it is left out."""
    by: dict[str, dict[tuple[str, str], None]] = {}
    for level, held in territories().items():
        for code in held:
            if level == "nuts2" and name_of(code) == name_of(code[:3]):
                continue
            for language in ("fr", "en"):
                by.setdefault(_plain(name_of(code, language)), {})[code, level] = None
    return {name: tuple(held) for name, held in by.items()}


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
    return list(_below().get((code, level), ()))


@cache
def _below() -> dict[tuple[str, str], tuple[str, ...]]:
    """By territory and level: the codes of the level that lie in it, in order."""
    found: dict[tuple[str, str], list[str]] = {}
    for level, held in territories().items():
        for code in sorted(held):
            for above in held[code]:
                found.setdefault((above, level), []).append(code)
    return {key: tuple(codes) for key, codes in found.items()}


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
