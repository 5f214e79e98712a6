"""Ask a register: which keys a territory or a set of activities covers.

    with open_duckdb() as engine:
        engine.add_tables(folder_of(register))
        question = Question(territory="nuts3", activity="division", places=within(engine, "FRE"))
        names, rows = engine.rows(counts_sql(question))

Figures come from `registers_figures`, engines from `registers_engine`, months from `registers_months`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from beffroi.store.registers_tables import REV2, TERRITORY_LEVELS
from beffroi.vocabulary.errors import UnknownDefinitionError, UnknownRegionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from beffroi.store.registers_engine import Engine
    from beffroi.store.registers_figures import Ranges


def within(engine: Engine, code: str, *, prefix: str = "") -> Ranges:
    """Ranges of place keys of a territory of any level: `59350`, `200093201`, `59`, `FRE11`, `FRE1`, `FRE`.

    Args:
        engine: knows the tables of a month.
        code: of a commune, EPCI, département, NUTS region of level 1 to 3, or `FR`.
        prefix: before the names of the tables, as given to `add_tables`.

    Raises:
        UnknownRegionError: no territory of any level has this code.
    """
    for level in TERRITORY_LEVELS:
        sql = f"SELECT key FROM {prefix}places WHERE {level} = '{_plain(code)}' ORDER BY key"
        _, rows = engine.rows(sql)
        if rows:
            return as_ranges([int(row[0]) for row in rows])
    raise UnknownRegionError(
        f"'{code}' is no territory of this register. Give the code of a commune (59350), an EPCI (its SIREN, "
        "200093201), a département (59), or a NUTS region (FRE, FRE1, FRE11)."
    )


def perimeter(engine: Engine, codes: Iterable[str], *, vintage: str = REV2, prefix: str = "") -> Ranges:
    """Ranges of activity keys of codes at any level of the nomenclature: `62`, `63.1`, `62.01Z`.

    Args:
        engine: knows the tables of a month.
        codes: beginnings of activity codes.
        vintage: nomenclature of the codes.
        prefix: before the names of the tables.

    Raises:
        UnknownDefinitionError: a code that no activity of this register begins with, all of them said at once.
    """
    _, rows = engine.rows(f"SELECT key, code FROM {prefix}activities WHERE vintage = '{vintage}' ORDER BY key")
    wanted = tuple(dict.fromkeys(codes))
    unknown = [one for one in wanted if not any(str(code).startswith(one) for _, code in rows)]
    if unknown:
        raise UnknownDefinitionError(
            f"No activity of {vintage} in this register begins with {', '.join(unknown)}. "
            "Give codes such as 62, 63.1 or 62.01Z, of the nomenclature asked for."
        )
    return as_ranges([int(key) for key, code in rows if str(code).startswith(wanted)])


def as_ranges(keys: Sequence[int]) -> Ranges:
    """Bring sorted keys into as few ranges as hold them and no other.

    >>> as_ranges([1, 2, 3, 7, 9, 10])
    ((1, 3), (7, 7), (9, 10))
    """
    if not keys:
        return ()
    breaks = [k for k, (one, other) in enumerate(pairwise(keys), start=1) if other != one + 1]
    starts = [0, *breaks]
    ends = [*breaks, len(keys)]
    return tuple((keys[start], keys[end - 1]) for start, end in zip(starts, ends, strict=True))


def _plain(code: str) -> str:
    return code.replace("'", "")
