"""Establishments at the end of each year, as a table: by country, NUTS regions or départements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.observatory.fabric import SECRET, Fabric
from beffroi.observatory.fabric_subject import subject
from beffroi.observatory.fabric_territories import COUNTRY, inside, level_of, name_of
from beffroi.observatory.fabric_years import TREE, stocks_told, years_of
from beffroi.observatory.tables import Table
from beffroi.store.registers_tables import REV2
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

YEAR = "year"
_LEVELS = {"department": "nuts3"}


def year_table(
    register: Path, *, level: str | None = None, territory: str = COUNTRY, codes: Sequence[str] = (),
    vintage: str = REV2, month: str | None = None,
) -> Fabric:  # fmt: skip
    """Count the establishments that stood at the end of each of the last ten years.

    Args:
        register: folder of the register.
        level: `nuts1`, `nuts2`, `nuts3` or `department`; by default the territory as a whole.
        territory: code of the country or of a NUTS region.
        codes: beginnings of the activity codes counted; none for all of the nomenclature.
        vintage: nomenclature of activities.
        month: snapshot; by default the newest.

    Returns:
        Rows of territory, its name, `year`, `establishments`, `status` and `reason`. Staff is of today: years have no
        jobs.

    Raises:
        UsageError: a territory or level below NUTS-3, whose years would tell of single firms.
        StoreError: no register, or not that month.
    """
    own = level_of(territory)
    wanted = _LEVELS.get(level or own, level or own)
    if own not in TREE or wanted not in TREE:
        raise UsageError(f"Years are told for {', '.join(TREE)}: below, they would tell of single firms.")
    asked = subject(register, month=month, vintage=vintage)
    places = [territory] if wanted == own else inside(territory, wanted)
    years = years_of(asked)
    with asked.engine() as engine:
        told = stocks_told(asked, engine, years, codes=tuple(codes) or ("",))
    rows = []
    for code in places:
        for year in years:
            value, why = told[code, year]
            rows.append((code, name_of(code), year, value, SECRET if why else "shown", why))
    header = (wanted, "name", YEAR, "establishments", "status", "reason")
    hidden = sum(bool(row[-1]) for row in rows)
    return Fabric(Table("fabric", header, tuple(rows)), asked.month, asked.manifest.synthetic, hidden)
