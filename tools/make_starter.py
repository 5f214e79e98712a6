"""Write the figures shipped with the project: `catalogue/starter/series.yaml` and `figures.csv.gz`.

Reads public extracts from a folder beside the project, keeps years 2008 to 2020 and NUTS regions of levels 0
to 2 under the codes as given, and writes the project's own compact format, the same bytes for the same input.

    python tools/make_starter.py [--shared ../shared/data] [--out src/beffroi/catalogue/starter]
"""

from __future__ import annotations

import argparse
import gzip
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "src"))

from beffroi.catalogue.schema import Series  # noqa: E402 -- runs from a checkout, without installation
from beffroi.vocabulary.geography import is_region  # noqa: E402 -- as above

SHARED = PROJECT.parent / "shared" / "data"
OUT = PROJECT / "src" / "beffroi" / "catalogue" / "starter"
FIRST_YEAR, LAST_YEAR = 2008, 2020

# File, who stood between publisher and us, day of retrieval, what is known of that day: where only a month or
# a year of extraction is known, the day is the last of it.
HONTI = "Honti, Czvetkó and Abonyi (2020), Data in Brief 33, 106464, doi:10.17632/23gwn43ygp.1"
EXTRACTS = {
    "sti": (
        "regions/eurostat_sti_nuts_2011_2020/observations.parquet",
        "Nesta, eurito_indicators (GitHub)",
        "2022-04-30",
        "extracted in April 2022, the day is not stated",
    ),
    "i40": (
        "regions/i40_nuts2_2008_2019/long.parquet",
        HONTI,
        "2020-12-31",
        "published in December 2020, the day of extraction is not stated",
    ),
    "general": (
        "regions/eurostat_general_nuts2_2007_2018/observations.parquet",
        "A. Ballatore, open-geo-data-education (GitHub)",
        "2021-12-31",
        "extracted by 2021, the day is not stated",
    ),
    "internet": (
        "regions/eurostat_daily_internet_users/isoc_r_iuse_i_daily_pct.csv",
        "rOpenGov, R package regions (GitHub)",
        "2021-12-31",
        "extracted by 2021, the day is not stated",
    ),
    "arxiv": (
        "regions/eurito_arxiv_ai_nuts/preprints.parquet",
        "Nesta, eurito_indicators (GitHub)",
        "2021-12-31",
        "extracted in 2021, the day is not stated",
    ),
}
CC_BY = "CC BY 4.0"


@dataclass(frozen=True, slots=True)
class Recipe:
    """A series and the query that gives its regions, years and values from `{file}`."""

    series: Series
    extract: str
    query: str
    licence: str = CC_BY
    left_out: str = ""


def eurostat(dataset: str, **filters: str) -> Series:
    """A series of Eurostat, dimensions in the order of its programming interface."""
    return Series("eurostat", dataset, tuple(filters.items()))


def sti(series: Series) -> Recipe:
    """A series of the science-and-technology extract, found by dataset and dimensions in any order."""
    wanted = " and ".join(
        [f"dataset = '{series.dataset}'", f"len(string_split(dims, ';')) = {len(series.filters)}"]
        + [f"list_contains(string_split(dims, ';'), '{name}={value}')" for name, value in series.filters]
    )
    return Recipe(series, "sti", f"select geo, year, value from '{{file}}' where {wanted}")


def i40(series: Series, indicator: str, *, left_out: str = "", condition: str = "true") -> Recipe:
    """A series of the data set of Honti and others, by the name it has there."""
    query = f"select NUTS2, YEAR, value from '{{file}}' where indicator = '{indicator}' and {condition}"
    return Recipe(series, "i40", query, left_out=left_out)


def general(series: Series, variable: str) -> Recipe:
    """A series of the general extract, by the name it has there."""
    return Recipe(series, "general", f"select geo, year, value from '{{file}}' where variable = '{variable}'")


RECIPES = (
    sti(eurostat("hrst_st_rcat", unit="PC_ACT", category="HRST")),
    sti(eurostat("hrst_st_rcat", unit="PC_ACT", category="SE")),
    sti(eurostat("rd_e_gerdreg", sectperf="TOTAL", unit="PC_GDP")),
    sti(eurostat("rd_e_gerdreg", sectperf="BES", unit="PC_GDP")),
    sti(eurostat("rd_p_persreg", sex="T", sectperf="TOTAL", prof_pos="TOTAL", unit="PC_EMP_FTE")),
    sti(eurostat("pat_ep_rtec", tech="HT", unit="P_MHAB")),
    sti(eurostat("pat_ep_rtec", tech="CTE", unit="P_MHAB")),
    i40(
        eurostat("demo_r_d2jan", unit="NR", sex="T", age="TOTAL"),
        "demo_r_d2jan_UNIT_NR__SEX_T__AGE_TOTAL",
        condition="value > 0",
        left_out="populations of zero, which stand for a missing figure",
    ),
    i40(
        eurostat("edat_lfse_04", sex="T", isced11="ED5-8", age="Y25-64", unit="PC"),
        "edat_lfse_04_SEX_T__ISCED11_ED5-8__AGE_Y25-64__UNIT_PC",
    ),
    *(
        i40(
            eurostat("htec_emp_reg2", nace_r2=sector, sex="T", unit="PC_EMP"),
            f"htec_emp_reg2_NACE_R2_{sector}__UNIT_PC_EMP__SEX_T",
        )
        for sector in ("HTC", "KIS_HTC", "KIS")
    ),
    i40(
        Series("eter", "graduates", (("isced11", "ED6"), ("iscedf13", "F06"))),
        "Graduates_at_ISCED_6_-_Information_and_Communication_Technologies",
        condition="true qualify max(value) over (partition by left(NUTS2, 2), YEAR) > 0",
        left_out="years in which every region of a country has zero, which stands for a missing figure",
    ),
    i40(Series("grid", "organisations", (("unit", "NR"),)), "GRID_COUNT"),
    i40(Series("erasmus", "mobility", (("direction", "IN"), ("unit", "NR"))), "ERASMUS_TO_COUNT"),
    i40(Series("erasmus", "mobility", (("direction", "OUT"), ("unit", "NR"))), "ERASMUS_FROM_COUNT"),
    general(eurostat("tgs00003", unit="MIO_EUR"), "region_gdp"),
    general(eurostat("tgs00049", unit="PC_HH_IACC"), "broadband_access_household"),
    Recipe(
        eurostat("isoc_r_iuse_i", indic_is="I_IDAY", unit="PC_IND"),
        "internet",
        "select geo, year, value from '{file}'",
    ),
    Recipe(
        Series("nesta", "arxiv_preprints", (("topic", "artificial_intelligence"), ("unit", "NR"))),
        "arxiv",
        "select region_id, year, value from '{file}' where indicator = 'artificial_intelligence_count'",
        licence="MIT",
    ),
)


def read_figures(db: duckdb.DuckDBPyConnection, recipe: Recipe, shared: Path) -> list[tuple[str, int, float]]:
    """Figures of one series by region and year, sorted."""
    query = recipe.query.format(file=shared / EXTRACTS[recipe.extract][0])
    rows = {
        (region, int(year)): float(value)
        for region, year, value in db.execute(query).fetchall()
        if value is not None and FIRST_YEAR <= year <= LAST_YEAR and is_region(region)
    }
    return [(region, year, value) for (region, year), value in sorted(rows.items())]


def spelled(value: float) -> str:
    """The shortest decimal that reads back as the same number."""
    return str(int(value)) if value == int(value) else repr(value)


def described(number: int, recipe: Recipe, count: int) -> str:
    """One entry of `series.yaml`."""
    _, via, retrieved_on, known = EXTRACTS[recipe.extract]
    filters = ", ".join(f"{name}: {value}" for name, value in recipe.series.filters)
    lines = [
        f"- number: {number}",
        f'  key: "{recipe.series.key}"',
        f"  source: {recipe.series.source}",
        f"  dataset: {recipe.series.dataset}",
        f"  filters: {{{filters}}}",
        f"  licence: {recipe.licence}",
        f'  retrieved_on: "{retrieved_on}"  # {known}',
        f'  via: "{via}"',
        f"  figures: {count}",
    ]
    if recipe.left_out:
        lines.append(f'  left_out: "{recipe.left_out}"')
    return "\n".join(lines)


def write_starter(shared: Path, out: Path) -> None:
    """Read the extracts under `shared` and write both files into `out`."""
    figures: list[str] = []
    entries: list[str] = []
    with duckdb.connect() as db:
        for number, recipe in enumerate(RECIPES, start=1):
            rows = read_figures(db, recipe, shared)
            entries.append(described(number, recipe, len(rows)))
            figures += [f"{number},{region},{year},{spelled(value)}" for region, year, value in rows]
    heading = "# Written by tools/make_starter.py: the series shipped with the project.\n"
    (out / "series.yaml").write_text(heading + "\n".join(entries) + "\n", encoding="utf-8")
    with (
        (out / "figures.csv.gz").open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed,
    ):
        packed.write(("series,region,year,value\n" + "\n".join(figures) + "\n").encode())


def run() -> None:
    """Read the command line and write the starter."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder of public data")
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write to")
    arguments = parser.parse_args()
    write_starter(arguments.shared, arguments.out)


if __name__ == "__main__":
    run()
