"""The coded tables of a register, and the small tables that say what the codes mean.

A register of tens of millions of rows holds the same few thousand codes over and over. Its tables hold integers; the
words stand once, in `places`, `activities` and `sizes`. Keys follow the order of territories and of the nomenclature,
and establishments are sorted by them, so that one territory or one activity is a short run of row groups.

    establishments  siren nic place naf naf25 size created closed active employer head_office x y
    legal_units     siren legal_form naf naf25 size category created ceased active employer social mission
    names           siren name trade_name acronym only legal persons whose unit is diffused
    periods         siren nic started ended active naf employer
    successions     predecessor successor on_day transfer continuity
    ratios          siren closed kind, amounts in euros and ratios of an annual account
    places          key code name commune epci department nuts3 nuts2 nuts1 country, and `commune_key` … `country_key`
    activities      key vintage code class branch division section, and `code_key` … `section_key`
    sizes           key code label low high
    faults          file reason row_key detail kept

A `…_key` is the key of the first row that shares the territory or the activity: figures are counted by it and named
at the end. `place` 0 is no place in France, `naf` 0 no activity, `size` 0 no staff. `x` and `y` are hectometres of
Lambert's projection, for diffused establishments only. Dates are days; an unknown one is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from beffroi.vocabulary.communes import places
from beffroi.vocabulary.errors import UnknownDefinitionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from beffroi.store.tables import Value

TERRITORY_LEVELS = ("country", "nuts1", "nuts2", "nuts3", "department", "epci", "commune")
ACTIVITY_LEVELS = ("section", "division", "branch", "class", "code")
REV2, REV21 = "NAFRev2", "NAF2025"
NOWHERE = 0


@dataclass(frozen=True, slots=True)
class Band:
    """A staff band of SIRENE: its code, the size group of Eurostat, and persons employed from `low` to `high`.

    `high` is None for the open band of 10,000 and more.
    """

    code: str
    group: str
    low: int
    high: int | None


# Codes of `trancheEffectifs…` (INSEE), smallest first; the key of a band is its place in this list.
BANDS = (
    Band("NN", "0", 0, 0),
    Band("00", "0", 0, 0),
    Band("01", "1-9", 1, 2),
    Band("02", "1-9", 3, 5),
    Band("03", "1-9", 6, 9),
    Band("11", "10-49", 10, 19),
    Band("12", "10-49", 20, 49),
    Band("21", "50-249", 50, 99),
    Band("22", "50-249", 100, 199),
    Band("31", "50-249", 200, 249),
    Band("32", "250+", 250, 499),
    Band("41", "250+", 500, 999),
    Band("42", "250+", 1000, 1999),
    Band("51", "250+", 2000, 4999),
    Band("52", "250+", 5000, 9999),
    Band("53", "250+", 10000, None),
)

# First division of each section; NACE rev. 2.1 splits section J of rev. 2 into J and K and moves the rest on.
_SECTIONS = {
    REV2: "A01 B05 C10 D35 E36 F41 G45 H49 I55 J58 K64 L68 M69 N77 O84 P85 Q86 R90 S94 T97 U99",
    REV21: "A01 B05 C10 D35 E36 F41 G46 H49 I55 J58 K61 L64 M68 N69 O77 P84 Q85 R86 S90 T94 U97 V99",
}


def section_of(code: str, vintage: str = REV2) -> str:
    """Section letter of an activity code; "" for a code of another nomenclature or without known division.

    >>> section_of("62.01Z"), section_of("62.10Y", REV21), section_of("00.00Z")
    ('J', 'K', '')
    """
    division = code[:2]
    starts = [one for one in _SECTIONS.get(vintage, "").split() if one[1:] <= division]
    return starts[-1][0] if starts and division.isdecimal() else ""


def place_rows(unknown: Iterable[str] = ()) -> dict[str, list[Value]]:
    """Columns of `places`: nowhere first, then every code in the order of territories, then codes nobody knows.

    An unknown code belongs to no territory but its own, so that it is counted and never lost.
    """
    known = _known_places()
    unknown = sorted(unknown)
    start = len(known["key"])
    added: dict[str, list[Value]] = {name: [""] * len(unknown) for name in known}
    keys: list[Value] = list(range(start, start + len(unknown)))
    added |= {"key": keys, "commune_key": keys, "code": list(unknown), "commune": list(unknown)}
    added |= {f"{level}_key": [NOWHERE] * len(unknown) for level in TERRITORY_LEVELS[1:-1]}
    france = known["country"].index("FR")
    added |= {"country": ["FR"] * len(unknown), "country_key": [known["country_key"][france]] * len(unknown)}
    return {name: known[name] + added[name] for name in known}


@cache
def _known_places() -> dict[str, list[Value]]:
    header = ("key", "code", "name", "commune", "epci", "department", "nuts3", "nuts2", "nuts1", "country")
    rows: list[tuple[Value, ...]] = [(NOWHERE, "", "", "", "", "", "", "", "", "")]
    for key, one in enumerate(places().values(), start=1):
        parts = (one.commune, one.epci, one.department, one.nuts3, one.nuts2, one.nuts1)
        rows.append((key, one.code, one.name, *parts, "FR"))
    return _with_keys(_columns(header, rows), TERRITORY_LEVELS)


def activity_rows(found: Iterable[tuple[str, str]]) -> dict[str, list[Value]]:
    """Columns of `activities` from the pairs (nomenclature, code) that the files hold, in their order.

    Codes of nomenclatures before NAF rev. 2 stay apart: `67.20` of 1993 is not a class of today.
    """
    header = ("key", "vintage", *reversed(ACTIVITY_LEVELS))
    rows: list[tuple[Value, ...]] = [(0, "", "", "", "", "", "")]
    for key, (vintage, code) in enumerate(sorted({pair for pair in found if pair[1]}), start=1):
        is_current = vintage in _SECTIONS
        parts = (code[:5], code[:4], code[:2], section_of(code, vintage)) if is_current else ("", "", "", "")
        rows.append((key, vintage, code, *parts))
    columns = _columns(header, rows)
    return _with_keys(columns, ACTIVITY_LEVELS, within=columns["vintage"])


def size_rows() -> dict[str, list[Value]]:
    """Columns of `sizes`, one row for each staff band."""
    rows = [(key, one.code, one.group, one.low, one.high) for key, one in enumerate(BANDS)]
    return _columns(("key", "code", "label", "low", "high"), rows)


def check_level(level: str, levels: Sequence[str], *, what: str) -> str:
    """Return the level, or say which there are.

    Raises:
        UnknownDefinitionError: no such level.
    """
    if level not in levels:
        raise UnknownDefinitionError(f"'{level}' is no level of {what}. Choose one of: {', '.join(levels)}.")
    return level


def _columns(header: Sequence[str], rows: Sequence[Sequence[Value]]) -> dict[str, list[Value]]:
    return {name: [row[k] for row in rows] for k, name in enumerate(header)}


def _with_keys(
    columns: dict[str, list[Value]], levels: Sequence[str], *, within: Sequence[Value] | None = None
) -> dict[str, list[Value]]:
    keys: dict[str, list[Value]] = {}
    outer = within or [""] * len(columns["key"])
    for level in levels:
        first: dict[tuple[Value, Value], Value] = {}
        pairs = zip(outer, columns[level], strict=True)
        keys[f"{level}_key"] = [first.setdefault(pair, key) for pair, key in zip(pairs, columns["key"], strict=True)]
    return columns | keys


def rows_of(columns: Mapping[str, Sequence[Value]]) -> list[tuple[Value, ...]]:
    """Turn columns into rows.

    >>> rows_of({"a": [1, 2], "b": ["x", "y"]})
    [(1, 'x'), (2, 'y')]
    """
    return list(zip(*columns.values(), strict=True))
