"""Write the tables of French communes shipped with the project: `communes.csv.gz`, `epcis.csv`, `departments.csv`.

Reads the official geographic code (INSEE), the members of the EPCI (DGCL) and a table of départements with their
NUTS-3 region, from a folder of public data beside the project.

    python tools/make_communes.py [--shared ../shared/data] [--out src/beffroi/vocabulary/data]

A commune that was merged into another keeps a line with its successor, since registers still carry its code; so does
a municipal arrondissement of Paris, Lyon or Marseille with its commune.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared" / "data"
OUT = PROJECT / "src" / "beffroi" / "vocabulary" / "data"

# The input gives Mayotte's region to all five: NUTS 2021 gives each overseas département its own (Eurostat, 2020).
OVERSEAS = {"971": "FRY10", "972": "FRY20", "973": "FRY30", "974": "FRY40", "976": "FRY50"}


def rows_of(path: Path) -> list[dict[str, object]]:
    """Rows of a CSV or Parquet file, every value as it stands."""
    reader = f"read_csv('{path}', all_varchar = true)" if path.suffix == ".csv" else f"read_parquet('{path}')"
    cursor = duckdb.execute(f"SELECT * FROM {reader}")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def communes(cog: Path) -> list[tuple[object, ...]]:
    """Every code a register may carry: code, name, successor ("" when it stands), département, EPCI, people."""
    epci = {row["code"]: row["epci"] for row in rows_of(cog / "epci_membres.parquet")}
    held = rows_of(cog / "communes.parquet")
    current = [row for row in held if row["type"] == "commune-actuelle"]
    out: dict[str, tuple[object, ...]] = {
        str(row["code"]): (
            row["code"],
            row["nom"],
            "",
            row["departement"],
            epci.get(row["code"], ""),
            row["population"],
        )
        for row in current
    }
    for row in held:
        parent = row["commune"] or row["chefLieu"]
        if parent:
            people = row["population"] if row["type"] == "arrondissement-municipal" else ""
            out.setdefault(str(row["code"]), (row["code"], row["nom"], parent, row["departement"], "", people))
    for row in current:
        for code in json.loads(str(row["anciensCodes"] or "[]")):
            out.setdefault(code, (code, "", row["code"], row["departement"], "", ""))
    return [tuple("" if value is None else value for value in out[code]) for code in sorted(out)]


def departments(cog: Path, points: Path) -> list[tuple[object, ...]]:
    """Code, name, INSEE region, NUTS-3 region and label point of each; collectivities overseas have no NUTS region."""
    at = {row["code"]: (row["lon"], row["lat"]) for row in rows_of(points)}
    nuts = {row["dep"]: row["nuts3"] for row in rows_of(cog / "departement_nuts_region.csv")} | OVERSEAS
    table = rows_of(cog / "departements.csv")
    regions = {row["code"]: nuts.get(row["code"], "") for row in table}
    return [
        (row["code"], row["nom"], row["region"], regions[row["code"]], *at.get(regions[row["code"]], ("", "")))
        for row in table
    ]


def write(path: Path, header: str, rows: list[tuple[object, ...]]) -> None:
    """Write CSV, compressed when the name says so; the same rows give the same bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.split())
    writer.writerows(rows)
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content, 9, mtime=0) if path.suffix == ".gz" else content)
    print(f"{path.name}: {len(rows)} rows, {path.stat().st_size:,} bytes")


def main() -> None:
    """Write the three tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    cog = given.shared / "geography" / "fr_cog_2026"
    points = given.shared / "geography" / "nuts_points" / "nuts_2021_points.csv"
    write(given.out / "communes.csv.gz", "code name successor department epci population", communes(cog))
    write(given.out / "departments.csv", "code name region nuts3 lon lat", departments(cog, points))
    epcis = [(row["code"], row["nom"], row["type"]) for row in rows_of(cog / "epci.csv")]
    write(given.out / "epcis.csv", "code name type", epcis)


if __name__ == "__main__":
    main()
