"""Measure linkage on the labelled files of a folder: `linkage_cases.py [FOLDER]`, one line a set.

The folder is laid out as `../shared/reference/linkage`; a set whose files are not there is left out. No row is scored
by a model that has seen it: a labelled row that took part in training goes to the model trained without its fold (see
`beffroi.linkage.model`), any other row to the model in use. The two sets of persons need no training: their model is
fitted to the file itself without labels, with the same settings for both thresholds (log-odds 0).

- `name_pairs`: precision, recall and F1 of "the same organisation" at probability 0.5.
- `schools`: `top1`, `top5` and `automatic` are shares of the rows whose school is in the register;
  `automatic_precision` is over these rows, `automatic_precision_all` counts every automatic link of a labelled row,
  also one whose school the register does not have.
- `febrl3`, `historical_50k`: pairs of records within groups.
"""

# ruff: noqa: T201 -- a script that prints
from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

import duckdb
import numpy as np

from beffroi.linkage.fellegi_sunter import Comparison, block, score
from beffroi.linkage.group import group
from beffroi.linkage.model import models
from beffroi.linkage.name_features import name_features
from beffroi.linkage.names import read_name
from beffroi.linkage.rank import compare_candidates, rank_compared, traits
from beffroi.linkage.rarity import Rarity
from beffroi.linkage.record import Record, Tidy, tidy
from beffroi.linkage.retrieve import Candidates
from beffroi.linkage.second_look import look

SHARED = Path(__file__).resolve().parents[3] / "shared" / "reference" / "linkage"
UNKNOWN_PAIR = -1.0
MOST_ODDS = 15.0


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def line(name: str, **figures: float) -> str:
    shown = (f"{key}={value}" if isinstance(value, int) else f"{key}={value:.4f}" for key, value in figures.items())
    return " ".join([f"set={name}", *shown])


def quality(hits: float, said: float, true: float) -> dict[str, float]:
    precision, recall = hits / max(said, 1), hits / max(true, 1)
    return {"precision": precision, "recall": recall, "f1": 2 * hits / max(said + true, 1)}


def name_pairs(folder: Path) -> str:
    trained, rarity = models()["names"], Rarity()
    said, true = [], []
    for row in read(folder / "org_name_pairs.csv"):
        fold = trained.unseen(" | ".join(sorted((row["name1"], row["name2"]))))
        model = trained.final if fold is None else trained.folds[fold]
        figures, _ = name_features(read_name(row["name1"]), read_name(row["name2"]), rarity)
        said.append(model.logit(figures) >= 0)
        true.append(row["is_match"].lower() == "true")
    hits = sum(one and other for one, other in zip(said, true, strict=True))
    return line("name_pairs", **quality(hits, sum(said), sum(true)), pairs=len(said))


def schools(folder: Path) -> str:
    listed, units = read(folder / "lycees_source.csv"), read(folder / "lycees_register.csv")
    rows = [
        tidy(Record("list", n, name=row["Lycées sources"], city=row["commune"], department=row["département"]))
        for n, row in enumerate(listed, 1)
    ]
    register = [
        tidy(
            Record(
                "register", n, key=unit["numero_uai"], name=unit["full_name"],
                city=unit["localite_acheminement_uai"], department=unit["departement"],
                postcode=unit["code_postal_uai"], address=unit["adresse_uai"],
            )
        )
        for n, unit in enumerate(units, 1)
    ]  # fmt: skip
    truth = [row["uai"].strip() for row in listed]
    trained, rarity, index = models()["register"], Rarity(traits(unit) for unit in register), Candidates(register)
    candidates = [[register[place] for place in index.of(row)] for row in rows]
    folds = [trained.unseen(uai) if uai else None for uai in truth]
    compared = compare_candidates(rows, candidates, rarity=rarity)
    ranked = {
        fold: rank_compared(compared, rarity=rarity, model=trained.final if fold is None else trained.folds[fold])
        for fold in set(folds)
    }
    found = [
        [(one.unit.record.key, one.probability) for one in ranked[fold][n].choices] for n, fold in enumerate(folds)
    ]
    known = {unit.record.key for unit in register}
    linkable = [n for n, uai in enumerate(truth) if uai in known]
    automatic = [n for n, uai in enumerate(truth) if uai and found[n] and found[n][0][1] >= trained.automatic]
    automatic = [n for n in automatic if alone(rows[n], ranked[folds[n]][n].choices[0].unit, truth[n], rarity)]
    right = {n for n in automatic if found[n][0][0] == truth[n]}
    return line(
        "schools",
        top1=sum(truth[n] in [key for key, _ in found[n][:1]] for n in linkable) / len(linkable),
        top5=sum(truth[n] in [key for key, _ in found[n][:5]] for n in linkable) / len(linkable),
        automatic=sum(truth[n] in known for n in automatic) / len(linkable),
        automatic_precision=len(right) / max(1, sum(truth[n] in known for n in automatic)),
        automatic_precision_all=len(right) / max(1, len(automatic)),
        linkable=len(linkable),
    )


def alone(row: Tidy, unit: Tidy, group: str, rarity: Rarity) -> bool:
    """Tell whether row and unit hold on their own, in the eyes of a model that has not seen them."""
    lists = models()["lists"]
    fold = lists.unseen(group)
    return look(row, unit, rarity, model=lists.final if fold is None else lists.folds[fold]).holds


def persons(name: str, path: Path, unit: str, rules: list[list[str]], comparisons: list[Comparison]) -> str:
    table = duckdb.read_parquet(str(path))
    rows = table.fetchall()
    columns = {
        column: ["" if row[place] is None else str(row[place]) for row in rows]
        for place, column in enumerate(table.columns)
    }
    # The number of the unit stands in its own column, or within the record's: rec-12-dup-3 is a copy of rec-12-org.
    truth = [one.split("-")[1] if name == "febrl3" else one for one in columns.pop(unit)]
    for column, letters in (("dob", 4), ("surname", 4)):
        if column in columns:
            columns[f"{column}_{letters}"] = [one[:letters] for one in columns[column]]
    if "postcode_fake" in columns:
        columns["outward"] = [one.partition(" ")[0] for one in columns["postcode_fake"]]
    pairs = block(columns, rules)
    odds = np.clip(score(columns, comparisons, pairs), -MOST_ODDS, MOST_ODDS)
    links = ((int(a), int(b), float(x)) for (a, b), x in zip(pairs, odds, strict=True))
    labels = group(len(truth), links, missing=UNKNOWN_PAIR)
    return line(
        name,
        **quality(couples(zip(labels, truth, strict=True)), couples(labels), couples(truth)),
        records=len(truth),
        compared=len(pairs),
    )


def couples(labels: object) -> int:
    """Pairs of records that share a label."""
    return sum(count * (count - 1) // 2 for count in Counter(labels).values())


def febrl3(folder: Path) -> str:
    rules = [
        ["soc_sec_id"], ["date_of_birth"], ["given_name", "surname"], ["surname", "postcode"],
        ["given_name", "postcode"], ["address_1"], ["address_2"], ["suburb", "surname"], ["suburb", "given_name"],
        ["postcode", "street_number"], ["surname", "street_number"], ["given_name", "street_number"],
        ["suburb", "street_number"], ["surname", "state"],
    ]  # fmt: skip
    edits = {"date_of_birth": (0.85, 0.7), "soc_sec_id": (0.85, 0.7), "postcode": (0.7,), "street_number": (0.6,)}
    comparisons = [Comparison(one) for one in ("given_name", "surname", "address_1", "address_2", "suburb")]
    comparisons += [Comparison(one, bounds, "edits") for one, bounds in edits.items()]
    return persons("febrl3", folder / "febrl" / "dataset3.parquet", "rec_id", rules, comparisons)


def historical_50k(folder: Path) -> str:
    rules = [
        ["dob", "first_name"], ["dob", "surname"], ["dob", "birth_place"], ["dob", "outward"], ["postcode_fake"],
        ["full_name"], ["first_name", "surname"], ["surname", "birth_place"], ["surname", "dob_4"],
        ["surname", "occupation"], ["first_name", "dob_4", "birth_place"], ["first_name", "outward"],
        ["first_name", "birth_place", "occupation"], ["surname_4", "outward"], ["dob_4", "outward"],
    ]  # fmt: skip
    comparisons = [Comparison(one) for one in ("first_name", "surname", "birth_place", "occupation")]
    comparisons += [Comparison("dob", (0.89, 0.75), "edits"), Comparison("postcode_fake", (0.85, 0.5), "edits")]
    return persons("historical_50k", folder / "splink" / "historical_50k.parquet", "cluster", rules, comparisons)


SETS = {
    name_pairs: "org_name_pairs.csv",
    schools: "lycees_source.csv",
    febrl3: "febrl/dataset3.parquet",
    historical_50k: "splink/historical_50k.parquet",
}


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    found = [measure for measure, file in SETS.items() if (folder / file).is_file()]
    for measure in found:
        print(measure(folder), flush=True)
    if not found:
        print(f"{folder} has none of: {', '.join(SETS.values())}", file=sys.stderr)
    return 0 if found else 2


if __name__ == "__main__":
    sys.exit(main())
