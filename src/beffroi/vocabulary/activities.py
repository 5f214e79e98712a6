"""What the divisions of activities are called, in both languages.

Source: Eurostat, NACE Rev. 2, Statistical classification of economic activities in the European Community (2008), with
headings shortened; divisions whose content changed in NACE Rev. 2.1 are named only for the revision they belong to.
"""

from __future__ import annotations

from functools import cache

from beffroi.vocabulary.geography import read_table
from beffroi.vocabulary.text import Text

REV2 = "NAFRev2"


@cache
def _divisions() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in read_table("naf_divisions.csv")}


def division_name(code: str, vintage: str = REV2) -> Text:
    """Name of a division; its code where the revision has no name here.

    >>> division_name("62").fr, division_name("47").en
    ('Programmation et conseil informatiques', 'Retail trade')
    >>> division_name("45", "NAF2025").fr
    '45'
    """
    row = _divisions().get(code)
    if row is None or (vintage != REV2 and row["only"] == REV2):
        return Text(code, code)
    return Text(row["fr"], row["en"])
