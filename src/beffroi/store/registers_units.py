"""The legal units of a loaded month as a register that lists are linked to: name, head office, activity and state.

Only legal persons whose unit is diffused have a name here, so no sole trader is ever found by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CELLS = {
    "key": "printf('%09d', n.siren)",
    "siren": "printf('%09d', n.siren)",
    "name": "n.name",
    "trade_name": "n.trade_name",
    "acronym": "n.acronym",
    "city": "p.name",
    "department": "p.department",
    "activity": "a.code",
    "year": "CAST(year(u.created) AS VARCHAR)",
    "active": "CASE WHEN u.active THEN 'A' ELSE 'C' END",
}
UNIT_FIELDS = tuple(_CELLS)


def has_names(folder: Path) -> bool:
    """Tell whether a month holds names of legal units: whether its file of legal units was loaded."""
    return (folder / "names.parquet").exists()


def units_source(folder: Path) -> str:
    """Return SQL that selects `row` and `UNIT_FIELDS` of each named unit of a loaded month, in the order of SIREN.

    `key` is the SIREN. The place is that of the head office; of several, an active one. Cells that the month does not
    know are empty.

    Args:
        folder: of the month, with the coded tables (`registers_tables`).
    """
    cells = ", ".join(f"coalesce({cell}, '') AS {field}" for field, cell in _CELLS.items())
    # A month loaded before usual names were read has no column for them.
    names = f"(SELECT NULL::VARCHAR AS trade_name LIMIT 0) UNION ALL BY NAME SELECT * FROM {_table(folder, 'names')}"
    offices = (
        "SELECT siren, max_by(place, (active, nic)) AS place "
        f"FROM {_table(folder, 'establishments')} WHERE head_office GROUP BY siren"
    )
    return (
        f'SELECT row_number() OVER (ORDER BY n.siren) AS "row", {cells} FROM ({names}) AS n '
        f"JOIN {_table(folder, 'legal_units')} AS u ON u.siren = n.siren "
        f"LEFT JOIN {_table(folder, 'activities')} AS a ON a.key = u.naf AND u.naf <> 0 "
        f"LEFT JOIN ({offices}) AS h ON h.siren = n.siren "
        f"LEFT JOIN {_table(folder, 'places')} AS p ON p.key = h.place AND h.place <> 0"
    )


def _table(folder: Path, name: str) -> str:
    return "read_parquet('" + str(folder / f"{name}.parquet").replace("'", "''") + "')"
