"""Write `label_points.csv`: where to write the name of a French commune or département on a map.

Départements take the label point of their NUTS-3 region (Eurostat GISCO). Communes take the mean place of the higher
education institutions in them (French Ministry of Higher Education and Research, Licence Ouverte): these are the towns
where digital firms gather, and the only open points of communes beside the project. All other communes are shown at
their département, and say so; a house may add points of its own (see docs/reference/home-folder.md).

    python tools/make_label_points.py [--shared ../shared/data] [--out src/beffroi/vocabulary/data]
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from pathlib import Path
from statistics import mean

from beffroi.vocabulary.communes import places
from beffroi.vocabulary.geography import read_table

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared" / "data"
OUT = PROJECT / "src" / "beffroi" / "vocabulary" / "data"


def rows_of(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as page:
        return list(csv.DictReader(page))


def departments(folder: Path) -> dict[str, tuple[float, float]]:
    """Label point of each département in metropolitan France and the five overseas."""
    points = {row["code"]: (float(row["lon"]), float(row["lat"])) for row in rows_of(folder / "nuts_2021_points.csv")}
    return {row["code"]: points[row["nuts3"]] for row in read_table("departments.csv") if row["nuts3"] in points}


def communes(path: Path) -> dict[str, tuple[float, float]]:
    """Mean place of the institutions of each commune that stands today."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in rows_of(path):
        place = places().get(row["Code commune"])
        if place and row["géolocalisation"]:
            latitude, longitude = (float(part) for part in row["géolocalisation"].split(","))
            found[place.commune].append((longitude, latitude))
    return {code: (mean(x for x, _ in held), mean(y for _, y in held)) for code, held in found.items()}


def main() -> None:
    """Write the table."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--shared", type=Path, default=SHARED)
    wanted.add_argument("--out", type=Path, default=OUT)
    given = wanted.parse_args()
    found = departments(given.shared / "geography" / "nuts_points")
    found |= communes(given.shared / "companies" / "fr_esr_etablissements" / "etablissements.csv")
    with (given.out / "label_points.csv").open("w", encoding="utf-8", newline="") as page:
        writer = csv.writer(page, lineterminator="\n")
        writer.writerow(("code", "lon", "lat"))
        writer.writerows((code, f"{x:.4f}", f"{y:.4f}") for code, (x, y) in sorted(found.items()))


if __name__ == "__main__":
    main()
