"""A small invented table to try the engine on: eight valleys, five indicators, two themes; one year, or six."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.composite.coin_input import read_coin

if TYPE_CHECKING:
    from beffroi.composite.coin import Coin

UNITS = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel")
FIGURES = {  # of the last year; founders are a count, to be divided by people
    "fibre": (62.0, 48.0, 91.0, 30.0, 77.0, 55.0, 18.0, 84.0),
    "masts": (7.0, 5.5, 9.0, 3.0, 8.5, 4.0, 2.0, 6.0),
    "coders": (4.1, 6.2, 5.0, 2.2, 3.3, 7.5, 1.4, 2.9),
    "leavers": (12.0, 9.0, 10.0, 19.0, 14.0, 8.0, 21.0, 16.0),
    "founders": (120.0, 300.0, 260.0, 40.0, 90.0, 410.0, 15.0, 70.0),
    "people": (100.0, 220.0, 150.0, 80.0, 95.0, 330.0, 60.0, 110.0),
    "area": (900.0, 450.0, 300.0, 1500.0, 700.0, 250.0, 2100.0, 1200.0),
}
YEARLY = {  # what a year adds, the same each year
    "fibre": (3.0, 4.0, 1.0, 5.0, 2.0, 4.5, 3.5, 1.5),
    "masts": (0.3, 0.5, 0.2, 0.4, 0.1, 0.6, 0.3, 0.2),
    "coders": (0.1, 0.3, 0.2, 0.1, 0.0, 0.4, 0.1, 0.1),
    "leavers": (-0.5, -0.2, -0.3, -0.8, -0.1, -0.4, -0.6, -0.2),
    "founders": (5.0, 12.0, 8.0, 4.0, 2.0, 20.0, 1.0, 3.0),
    "people": (0.0,) * 8,
    "area": (0.0,) * 8,
}
META = """Level,iCode,iName,Parent,Direction,Weight,Unit,Type,Denominator
1,fibre,Homes with fibre,Access,1,2,Percent,Indicator,
1,masts,Mobile masts,Access,1,1,Per 1000,Indicator,
1,coders,People who write software,Work,1,1,Percent,Indicator,
1,leavers,Young people who leave,Work,-1,1,Percent,Indicator,
1,founders,Founders of firms,Work,1,2,Number,Indicator,people
2,Access,Access,Index,1,1,,Aggregate,
2,Work,Work,Index,1,1,,Aggregate,
3,Index,Digital valleys,,1,1,,Aggregate,
,people,Inhabitants,,,,Thousand,Denominator,
,area,Area,,,,km2,Denominator,
"""
LAST, YEARS = 2025, 6


def example_coin() -> Coin:
    """Return the last year of the invented table.

    >>> example_coin().units[:3], example_coin().framework.depth
    (('Alder', 'Birch', 'Cedar'), 3)
    """
    return read_coin({"uCode": list(UNITS), **{code: list(values) for code, values in FIGURES.items()}}, META)


def example_panel() -> Coin:
    """Return six years of the invented table.

    >>> sorted(set(example_panel().times))
    [2020.0, 2021.0, 2022.0, 2023.0, 2024.0, 2025.0]
    """
    data: dict[str, list[object]] = {"uCode": [], "Time": [], **{code: [] for code in FIGURES}}
    for year in range(LAST - YEARS + 1, LAST + 1):
        data["uCode"] += list(UNITS)
        data["Time"] += [year] * len(UNITS)
        for code, values in FIGURES.items():
            data[code] += [x + slope * (year - LAST) for x, slope in zip(values, YEARLY[code], strict=True)]
    return read_coin(data, META)
