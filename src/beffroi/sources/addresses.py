"""Where Eurostat's dissemination API gives a series, or the whole dataset that holds it.

Source: Eurostat, user guide of the data browser, "API - Getting started" and "API - Detailed guidelines"
(SDMX 3.0 and 2.1 data queries), read in November 2026.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from beffroi.catalogue.schema import Series

EUROSTAT_BASE = "https://ec.europa.eu/eurostat/api/dissemination"


def series_address(series: Series, *, base: str = EUROSTAT_BASE, since_year: int | None = None) -> str:
    """Return the address of one series as SDMX-CSV 2.0, annual figures only.

    The 3.0 form names each dimension, so the order of the dataset's dimensions, which Eurostat may change,
    need not be known.

    >>> from beffroi.catalogue.schema import Series
    >>> series = Series("eurostat", "hrst_st_rcat", (("category", "HRST"), ("unit", "PC_ACT")))
    >>> print(series_address(series, base="https://x", since_year=2015).replace("&", chr(10)))
    https://x/sdmx/3.0/data/dataflow/ESTAT/hrst_st_rcat/1.0?c[freq]=A
    c[category]=HRST
    c[unit]=PC_ACT
    c[TIME_PERIOD]=ge:2015
    compress=true
    format=csvdata
    formatVersion=2.0
    lang=en
    """
    chosen = [("freq", "A"), *series.filters]
    clauses = [f"c[{quote(name, safe='')}]={quote(value, safe='')}" for name, value in chosen]
    if since_year is not None:
        clauses.append(f"c[TIME_PERIOD]=ge:{since_year}")
    form = "compress=true&format=csvdata&formatVersion=2.0&lang=en"
    path = f"sdmx/3.0/data/dataflow/ESTAT/{quote(series.dataset, safe='')}/1.0"
    return f"{base.rstrip('/')}/{path}?{'&'.join(clauses)}&{form}"


def dataset_address(dataset: str, *, base: str = EUROSTAT_BASE) -> str:
    """Return the address of a whole dataset as TSV: one download for all of its series.

    >>> dataset_address("htec_emp_reg2", base="https://x")
    'https://x/sdmx/2.1/data/htec_emp_reg2/?format=TSV&compressed=true'
    """
    return f"{base.rstrip('/')}/sdmx/2.1/data/{quote(dataset, safe='')}/?format=TSV&compressed=true"
