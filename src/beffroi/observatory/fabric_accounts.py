"""What the firms of the perimeter earn, by their public annual accounts: medians of at least five firms.

A firm counts where its head office is. Accounts are of those who must file them and did not ask for confidentiality:
larger and more often companies than the sector is, so that a median speaks of them and not of all firms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.observatory.fabric_answer import Answer
from beffroi.observatory.fabric_territories import COUNTRY, inside, level_of, name_of
from beffroi.observatory.fabric_years import TREE
from beffroi.store.registers_lives import accounts_sql
from beffroi.survey.disclosure import SHOWN
from beffroi.vocabulary.errors import StoreError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from beffroi.observatory.fabric_subject import Subject
    from beffroi.store.registers_engine import Engine
    from beffroi.store.tables import Value

LEAST_FIRMS = 5
TOO_FEW_ACCOUNTS = "too_few_accounts"
YEARS = 3
# What is told: figure of the table of ratios → unit.
FIGURES = {
    "turnover": "EUR", "ebitda_share": "%", "pretax_share": "%", "autonomy": "%", "debt_rate": "%",
    "customer_days": "days", "supplier_days": "days",
}  # fmt: skip
SOURCE = "ratios_inpi_bce (INPI), Licence Ouverte 2.0"
ACCOUNTS = ("firms", "median", "unit")


def accounts_of(asked: Subject, *, territory: str = COUNTRY, by: str = "nuts3") -> Answer:
    """Medians of the accounts of a territory's firms, one row a figure and closing year.

    Fewer than five firms and the median is secret (`too_few_accounts`).

    Args:
        asked: perimeter and month.
        territory: the country or a NUTS region.
        by: `nuts1`, `nuts2`, `nuts3`, or the level of the territory itself.

    Raises:
        StoreError: no ratios were loaded with the month.
        UsageError: a territory below NUTS-3.
    """
    if not asked.has("ratios"):
        raise StoreError(
            f"No annual accounts were loaded with {asked.month}. Fetch the data set ratios_inpi_bce "
            "('./beffroi fabric download ratios') and give it with the stock files: "
            f"./beffroi fabric load FILES ratios_inpi_bce.csv --month {asked.month} --again."
        )
    if by not in TREE:
        raise UsageError(f"Accounts are told for {', '.join(TREE)}; not for {by}.")
    codes = [territory] if level_of(territory) == by else inside(territory, by)
    with asked.engine() as engine:
        told = accounts_told(asked, engine, levels=(by,))
    rows = [row for code in codes for row in told.get(code, [])]
    return Answer("accounts", asked, ("territory", "name", "year", "figure"), ACCOUNTS, tuple(rows), also_from=SOURCE)


def accounts_told(
    asked: Subject, engine: Engine, *, levels: Sequence[str] = TREE
) -> dict[str, list[tuple[Value, ...]]]:
    """Rows by territory, newest year last; a territory without accounts has none."""
    last = int(asked.month[:4]) - 1
    found: dict[str, list[tuple[Value, ...]]] = {}
    for level in levels:
        sql = accounts_sql(
            level, tuple(FIGURES), activities=asked.inside(engine), vintage=asked.vintage,
            years=(last - YEARS + 1, last),
        )  # fmt: skip
        for code, year, *values in sorted(engine.rows(sql)[1], key=lambda row: (str(row[0]), row[1])):
            if not code:
                continue
            for k, (figure, unit) in enumerate(FIGURES.items()):
                firms, median = values[2 * k : 2 * k + 2]
                start = code, name_of(code), int(year), figure
                is_secret = 0 < firms < LEAST_FIRMS
                told = (None, None) if is_secret else (int(firms), None if median is None else float(median))
                found.setdefault(str(code), []).append((*start, *told, unit, TOO_FEW_ACCOUNTS if is_secret else SHOWN))
    return found
