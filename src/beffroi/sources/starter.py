"""The starter: figures shipped with the project, so that a house without network has something true to show.

They are real figures of public publishers, taken from intermediate collections that `series.yaml` names. A
build uses them until the same series is fetched from its publisher.
"""

from __future__ import annotations

import gzip
from importlib import resources

import yaml

from beffroi.vocabulary.observation import Observation
from beffroi.vocabulary.provenance import Provenance


def read_starter() -> tuple[tuple[Observation, ...], tuple[Provenance, ...]]:
    """Read every figure and series of the starter.

    Returns:
        Observations with region codes as their publisher gave them (several NUTS vintages, levels 0 to 2,
        years 2008 to 2020), ordered by series, region and year; and the provenance of each series.

    >>> figures, series = read_starter()
    >>> next(one.value for one in figures if (one.region, one.year) == ("FRK2", 2020))
    56.3
    >>> series[0].series
    'hrst_st_rcat[unit=PC_ACT,category=HRST]'
    """
    folder = resources.files("beffroi.catalogue").joinpath("starter")
    entries = yaml.safe_load(folder.joinpath("series.yaml").read_text(encoding="utf-8"))
    keys = {str(entry["number"]): entry["key"] for entry in entries}
    lines = gzip.decompress(folder.joinpath("figures.csv.gz").read_bytes()).decode().splitlines()
    rows = (line.split(",") for line in lines[1:])
    figures = tuple(Observation(keys[number], code, int(year), float(value)) for number, code, year, value in rows)
    return figures, tuple(_provenance(entry) for entry in entries)


def _provenance(entry: dict[str, str | dict[str, str]]) -> Provenance:
    filters = entry["filters"]
    pairs = tuple((name, str(value)) for name, value in filters.items()) if isinstance(filters, dict) else ()
    return Provenance(
        series=str(entry["key"]),
        source=str(entry["source"]),
        dataset=str(entry["dataset"]),
        filters=pairs,
        licence=str(entry["licence"]),
        retrieved_on=str(entry["retrieved_on"]),
        sha256="",
        via=str(entry["via"]),
        is_starter=True,
    )
