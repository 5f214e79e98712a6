"""Write the tables of regions shipped with the project: `vocabulary/data/nuts.csv` and `nuts_flows.csv`.

Reads lists of NUTS codes, the conversion matrices of the Joint Research Centre (Pigaiani and Batista e Silva,
2022) and label points (Eurostat GISCO, © EuroGeographics), from a folder of public data beside the project.

    python tools/make_geography.py [--shared ../shared/data] [--out src/beffroi/vocabulary/data]

Every vintage found in the sources is written: a new one needs new input, not new code.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import defaultdict
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared" / "data"
OUT = PROJECT / "src" / "beffroi" / "vocabulary" / "data"

DEEPEST = 2  # NUTS level
FIRST_VINTAGE = 2006  # older codes have no conversion weights
SLIVER = 0.005  # flows below this share of both sides come from the drawing of borders, not from a reform
FIRST_POINTS = "2016"  # tables since 2021 put the label of Norway on Svalbard
UNNAMED = {"EL1": "Voreia Elláda", "EL2": "Kentriki Elláda", "HR01": "Sjeverozapadna Hrvatska"}  # in no table
SMALL_WORDS = re.compile(
    "a|al|an|and|auf|bei|da|das|de|degli|del|della|der|di|do|du|e|en|et|i|im|in|la|las|le|les|los|na|o|och|"
    "of|og|on|or|os|ou|pe|să|the|und|van|vom|von|y|z|za|d|am"
)
OTHER_SCRIPT = re.compile(r"[Ͱ-ϿЀ-ӿ]")


def with_el(code: str) -> str:
    """Eurostat writes Greece EL; some tables write GR."""
    return f"EL{code[2:]}" if code.startswith("GR") else code


def cased(name: str) -> str:
    """Write `BADEN-WÜRTTEMBERG` as `Baden-Württemberg`; leave a name with small letters alone.

    >>> cased("ÎLE DE FRANCE")
    'Île de France'
    """
    name = re.sub(r"\s+", " ", name).strip()
    name = re.sub(r" ?\(([A-Z]{2}|I)\)$", "", name)
    if name.upper() != name:
        return name
    words = re.split(r"([\s\-/,’'()]+)", name.lower())
    return "".join(
        word if position and SMALL_WORDS.fullmatch(word) else word[:1].upper() + word[1:]
        for position, word in enumerate(words)
    )


def read_valid(db: duckdb.DuckDBPyConnection, geography: Path) -> dict[str, set[int]]:
    """Vintages in which each code of levels 0 to 2 is valid, from every table that says so."""
    found: dict[str, set[int]] = defaultdict(set)
    reference = geography / "nuts_reference" / "all_valid_nuts_codes.parquet"
    rows = db.execute(f"select geo, right(nuts, 4)::int from '{reference}' where length(geo) <= 4").fetchall()
    matrices = geography / "nuts_crosswalks" / "cross_walks.parquet"
    for side in ("from", "to"):
        rows += db.execute(
            f"select distinct {side}_code, {side}_version::int from '{matrices}' where length({side}_code) <= 4"
        ).fetchall()
    for points in sorted((geography / "nuts_points").glob("nuts_*_points.csv")):
        vintage = int(points.stem.split("_")[1])
        rows += db.execute(f"select code, {vintage} from '{points}' where level <= 2").fetchall()
    for code, vintage in rows:
        if vintage >= FIRST_VINTAGE and "Z" not in code[2:]:
            found[with_el(code)].add(vintage)
            found[with_el(code)[:2]].add(vintage)
    return found


def read_names(db: duckdb.DuckDBPyConnection, geography: Path) -> dict[str, str]:
    """The newest Latin spelling of each code's name."""
    names: dict[str, str] = {}
    for points in sorted((geography / "nuts_points").glob("nuts_*_points.csv"), reverse=True):
        for code, name in db.execute(f"select code, name_latn from '{points}' where level <= 2").fetchall():
            names.setdefault(with_el(code), cased(name))
    changes = geography / "nuts_reference" / "nuts_changes_1999_2021.parquet"
    columns = [row[0] for row in db.execute(f"describe select * from '{changes}'").fetchall()]
    for column in sorted((one for one in columns if one.startswith("geo_name_")), reverse=True):
        vintage = column.rsplit("_", 1)[1]
        for code, name in db.execute(f"select code_{vintage}, {column} from '{changes}'").fetchall():
            if code and name and len(code) - 2 <= DEEPEST and not OTHER_SCRIPT.search(name):
                names.setdefault(with_el(code), cased(name))
    return names


def read_points(db: duckdb.DuckDBPyConnection, geography: Path) -> dict[str, tuple[float, float]]:
    """Label point of each code, degrees, from the first table that has it."""
    found: dict[str, tuple[float, float]] = {}
    tables = sorted((geography / "nuts_points").glob("nuts_*_points.csv"), reverse=True)
    for points in sorted(tables, key=lambda table: FIRST_POINTS not in table.name):
        for code, lon, lat in db.execute(f"select code, lon, lat from '{points}' where level <= 2").fetchall():
            found.setdefault(with_el(code), (round(lon, 2), round(lat, 2)))
    return found


def read_flows(db: duckdb.DuckDBPyConnection, geography: Path) -> list[tuple[int, int, str, str, float]]:
    """Persons (2018) who live in both regions, for codes that some reform touched; slivers dropped."""
    matrices = geography / "nuts_crosswalks" / "cross_walks.parquet"
    rows = db.execute(
        "select from_version::int, to_version::int, from_code, to_code, sum(pop18), level::int "
        f"from '{matrices}' where level in (1, 2) and from_version != to_version group by all"
    ).fetchall()
    left: dict[tuple[int, int, str], float] = defaultdict(float)
    right: dict[tuple[int, int, str], float] = defaultdict(float)
    flows = [(a, b, with_el(c), with_el(d), w or 0.0) for a, b, c, d, w, _ in rows if a >= FIRST_VINTAGE <= b]
    for a, b, c, d, w in flows:
        left[a, b, c] += w
        right[a, b, d] += w
    kept = [
        (a, b, c, d, round(w, 1))
        for a, b, c, d, w in flows
        if w and (w >= SLIVER * left[a, b, c] or w >= SLIVER * right[a, b, d])
    ]
    touched = {(a, b, code) for a, b, c, d, _ in kept if c != d for code in (c, d)}
    return sorted(row for row in kept if (row[0], row[1], row[2]) in touched or (row[0], row[1], row[3]) in touched)


def successor_names(names: dict[str, str], flows: list[tuple[int, int, str, str, float]]) -> None:
    """Give a code without a Latin name the name of the region it became, where it became one region."""
    became: dict[str, set[str]] = defaultdict(set)
    for _, _, old, new, _ in flows:
        became[old].add(new)
    for code, found in became.items():
        if code not in names and len(found) == 1:
            names[code] = names[found.pop()]


def write_geography(shared: Path, out: Path) -> None:
    """Read the sources under `shared` and write both tables into `out`."""
    geography = shared / "geography"
    with duckdb.connect() as db:
        valid, names = read_valid(db, geography), read_names(db, geography)
        points, flows = read_points(db, geography), read_flows(db, geography)
    successor_names(names, flows)
    with (out / "nuts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "name", "level", "vintages", "lon", "lat"))
        for code, vintages in sorted(valid.items()):
            lon, lat = points.get(code, ("", ""))
            spaced = " ".join(str(one) for one in sorted(vintages))
            writer.writerow((code, names.get(code) or UNNAMED[code], len(code) - 2, spaced, lon, lat))
    with (out / "nuts_flows.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("from_vintage", "to_vintage", "from_code", "to_code", "persons"))
        writer.writerows(flows)


def run() -> None:
    """Read the command line and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder of public data")
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write to")
    arguments = parser.parse_args()
    write_geography(arguments.shared, arguments.out)


if __name__ == "__main__":
    run()
