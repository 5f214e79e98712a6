"""Learn the weights of linkage from labelled pairs: `train_linkage.py SHARED`, writes `linkage/data/*.json`.

    PYTHONPATH=src python tools/train_linkage.py ../shared [words names lists register]

Three models, all linear in the log-odds, with a Gaussian prior on the weights (MAP), fitted by L-BFGS:

- `names`: is one name the other's? Labelled organisation-name pairs (OpenSanctions name_bench).
- `lists`: are two rows of lists one organisation? Rows of one school list that name one school (UAI), laureates
  of the i-Lab contest (SIREN), and two directories of firms (web domain). What none of them shows keeps the prior.
- `register`: which unit of a register is this row? The school list against the register of schools.

For each, five more models are trained without one fifth of the labelled groups; thresholds come from figures that those
gave to rows they had not seen.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from scipy.optimize import minimize

from beffroi.linkage.block import pairs
from beffroi.linkage.identifiers import domain_of
from beffroi.linkage.model import FOLDS, Linear, fingerprint, fold_of, probability
from beffroi.linkage.name_features import NAME_FEATURES, name_features
from beffroi.linkage.names import read_name
from beffroi.linkage.pair import PAIR_FEATURES, compare
from beffroi.linkage.rank import RANK_FEATURES, Ranked, compare_candidates, rank_compared, traits
from beffroi.linkage.rarity import Rarity
from beffroi.linkage.record import Record, Tidy, tidy
from beffroi.linkage.retrieve import Candidates

DATA = Path(__file__).resolve().parents[1] / "src" / "beffroi" / "linkage" / "data"
# Natural log-odds expected before any label is seen; what no labelled set shows stays there.
PRIOR = {
    "same_domain": 4.0, "same_brand_domain": 3.0, "other_domain": -1.5, "same_phone": 4.0, "domain_is_name": 2.0,
    "same_street": 2.0, "same_postcode": 0.7, "same_commune": 1.5, "other_commune": -1.0, "other_department": -1.0,
    "closed": -1.0, "shared": 1.5, "left_only": -1.0, "right_only": -1.0, "replaced": -1.0, "same_core": 1.0,
}  # fmt: skip
# Evidence never turns round: an agreement does not speak against, a difference not for.
FOR = {"same_core", "shared", "shared_share", "likeness", "same_commune", "same_postcode", "same_street", "same_domain",
       "same_brand_domain", "same_phone", "domain_is_name", "list_profile"}  # fmt: skip
AGAINST = {"left_only", "right_only", "replaced", "typo", "numbers_differ", "country_only", "other_commune",
           "other_department", "other_domain", "homonyms_elsewhere", "closed", "replaced_share", "added_share",
           "forms_conflict"}  # fmt: skip
# A link made without a person is itself this probable, besides the precision of all such links; a person is asked to
# look where one pair in five is one organisation.
LEAST_SURE = 0.9
REVIEW_FROM = 0.2
Fit = Callable[[Callable[[str], bool]], np.ndarray]
Model = dict[str, Any]
Labelled = tuple[list[Tidy], list[str]]
STIFFNESS = {"names": 0.33, "lists": 0.5, "register": 0.3}


def common_words(shared: Path) -> None:
    """Count the words of legal names."""
    path = shared / "data/companies/gleif_francophone/entities.parquet"
    kinds = "category not in ('FUND', 'SUB_FUND')"
    rows = duckdb.sql(f"select distinct legal_name from '{path}' where {kinds} order by 1").fetchall()
    counts: Counter[str] = Counter()
    for (name,) in rows:
        counts.update(set(read_name(name).tokens))
    shares = {
        word: round(count / len(rows), 6)
        for word, count in sorted(counts.items())
        if count >= len(rows) / 5000 and not word.isdigit()
    }
    text = {"source": "Words of legal names other than funds, GLEIF (CC0), October 2025", "shares": shares}
    (DATA / "common_words.json").write_text(json.dumps(text, indent=0, ensure_ascii=False) + "\n", "utf-8")


def bounds(features: tuple[str, ...]) -> list[tuple[float | None, float | None]]:
    """Hold each weight on its side of 0."""
    return [(0.0 if one in FOR else None, 0.0 if one in AGAINST else None) for one in features] + [(None, None)]


def fit_pairs(figures: np.ndarray, same: np.ndarray, features: tuple[str, ...], stiffness: float) -> np.ndarray:
    """Logistic regression with the prior; the last value is the bias, which has none."""
    prior = np.array([PRIOR.get(one, 0.0) for one in features])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        u = figures @ w[:-1] + w[-1]
        p = 1 / (1 + np.exp(-np.clip(u, -500, 500)))
        value = np.logaddexp(0, u).sum() - u[same].sum() + stiffness / 2 * ((w[:-1] - prior) ** 2).sum()
        slope = p - same
        return value, np.append(figures.T @ slope + stiffness * (w[:-1] - prior), slope.sum())

    return minimize(loss, np.append(prior, -1.0), jac=True, method="L-BFGS-B", bounds=bounds(features)).x


def fit_choices(cases: list[tuple[np.ndarray, int]], stiffness: float) -> np.ndarray:
    """Conditional logit with "none" at 0: each case is its candidates' figures and the true place, -1 for none."""
    features = RANK_FEATURES
    prior = np.array([PRIOR.get(one, 0.0) for one in features])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = stiffness / 2 * ((w[:-1] - prior) ** 2).sum(), np.append(stiffness * (w[:-1] - prior), 0.0)
        for figures, true in cases:
            u = figures @ w[:-1] + w[-1]
            top = max(0.0, u.max())
            odds = np.exp(u - top)
            whole = odds.sum() + np.exp(-top)
            p = odds / whole
            value += top + np.log(whole) - (u[true] if true >= 0 else 0.0)
            slope[:-1] += p @ figures - (figures[true] if true >= 0 else 0.0)
            slope[-1] += p.sum() - (true >= 0)
        return value, slope

    return minimize(loss, np.append(prior, -3.0), jac=True, method="L-BFGS-B", bounds=bounds(features)).x


def threshold(scored: list[tuple[float, bool]], precision: float) -> float:
    """Return the least probability from which on the unseen rows keep the precision."""
    right = 0
    least = 1.0
    for total, (p, good) in enumerate(sorted(scored, reverse=True), 1):
        right += good
        if right / total >= precision:
            least = p
    return least


def written(features: tuple[str, ...], fit: Fit, groups: Iterable[str], automatic: float, review: float) -> Model:
    """Fit in full and without each fold; `fit` takes a test of which groups may be used."""
    return {
        "features": list(features),
        "final": [round(float(one), 4) for one in fit(lambda _: True)],
        "folds": [[round(float(one), 4) for one in fit(lambda group, k=k: fold_of(group) != k)] for k in range(FOLDS)],
        "seen": sorted({fingerprint(one) for one in groups}),
        "automatic": automatic,
        "review": review,
    }


def linears(found: Model) -> list[Linear]:
    """Return the model in use and those of the folds."""
    return [Linear(tuple(found["features"]), np.array(one[:-1]), one[-1]) for one in (found["final"], *found["folds"])]


def names(shared: Path) -> Model:
    """Learn to tell two names apart."""
    rows = list(csv.DictReader((shared / "reference/linkage/org_name_pairs.csv").open(encoding="utf-8")))
    rarity = Rarity()
    figures = np.array([name_features(read_name(r["name1"]), read_name(r["name2"]), rarity)[0] for r in rows])
    same = np.array([r["is_match"] == "true" for r in rows])
    groups = [" | ".join(sorted((r["name1"], r["name2"]))) for r in rows]

    def fit(used: Callable[[str], bool]) -> np.ndarray:
        chosen = np.array([used(group) for group in groups])
        return fit_pairs(figures[chosen], same[chosen], NAME_FEATURES, STIFFNESS["names"])

    found = written(NAME_FEATURES, fit, groups, 0.5, 0.5)
    folds = linears(found)[1:]
    said = np.array([folds[fold_of(g)].logit(x) >= 0 for g, x in zip(groups, figures, strict=True)])
    print(f"names: {len(rows)} pairs, F1 on unseen pairs {2 * (said & same).sum() / (said.sum() + same.sum()):.3f}")
    return found


def schools(shared: Path) -> tuple[list[Tidy], list[str], list[Tidy]]:
    """Return the rows of the school list, their true units, and the register."""
    folder = shared / "reference/linkage"
    listed = list(csv.DictReader((folder / "lycees_source.csv").open(encoding="utf-8")))
    units = list(csv.DictReader((folder / "lycees_register.csv").open(encoding="utf-8")))
    rows = [
        tidy(Record("list", n, name=r["Lycées sources"], city=r["commune"], department=r["département"]))
        for n, r in enumerate(listed, 1)
    ]
    register = [
        tidy(Record("register", n, key=u["numero_uai"], name=u["full_name"], city=u["localite_acheminement_uai"],
                    department=u["departement"], postcode=u["code_postal_uai"], address=u["adresse_uai"]))
        for n, u in enumerate(units, 1)
    ]  # fmt: skip
    return rows, [r["uai"] for r in listed], register


def to_register(shared: Path) -> Model:
    """Learn to choose a unit of a register."""
    rows, truth, register = schools(shared)
    labelled = [n for n, uai in enumerate(truth) if uai]
    rarity = Rarity(traits(unit) for unit in register)
    index = Candidates(register)
    candidates = [[register[place] for place in index.of(row)] for row in rows]
    compared = compare_candidates(rows, candidates, rarity=rarity)
    first = Linear(
        RANK_FEATURES, np.array([PRIOR.get(one, 1.0 if one == "list_profile" else 0.0) for one in RANK_FEATURES]), -3.0
    )
    fitted = [[*first.weights.tolist(), first.bias]] * (FOLDS + 1)
    # Figures hang on the profile, the profile on the sure links, and these on the weights: twice round settles it.
    for _ in range(3):
        models = [Linear(RANK_FEATURES, np.array(one[:-1]), one[-1]) for one in fitted]
        ranked = [rank_compared(compared, rarity=rarity, model=one) for one in models]
        cases = [
            {n: (np.array([c.figures for c in each[n].choices]), _place(each[n], truth[n])) for n in labelled
             if each[n].choices}
            for each in ranked
        ]  # fmt: skip
        fitted = [
            fit_choices([case for n, case in cases[0].items()], STIFFNESS["register"]).tolist(),
            *(
                fit_choices(
                    [case for n, case in cases[k + 1].items() if fold_of(truth[n]) != k], STIFFNESS["register"]
                ).tolist()
                for k in range(FOLDS)
            ),
        ]
    known = {unit.record.key for unit in register}
    models = [Linear(RANK_FEATURES, np.array(one[:-1]), one[-1]) for one in fitted]
    ranked = [rank_compared(compared, rarity=rarity, model=one) for one in models[1:]]
    best = {n: ranked[fold_of(truth[n])][n].choices for n in labelled}
    scored = [(c[0].probability, c[0].unit.record.key == truth[n], truth[n] in known) for n, c in best.items() if c]
    linkable = [(p, good) for p, good, there in scored if there]
    everyone = [(p, good) for p, good, _ in scored]
    automatic = max(threshold(linkable, 0.995), threshold(everyone, 0.99), LEAST_SURE)
    count = sum(truth[n] in known for n in labelled)
    top1 = sum(good for _, good in linkable) / count
    top5 = sum(truth[n] in [c.unit.record.key for c in best[n][:5]] for n in labelled) / count
    share = sum(p >= automatic and good for p, good in linkable) / count
    print(f"register: top-1 {top1:.4f}, top-5 {top5:.4f}, automatic from {automatic:.3f}: {share:.3f} of the linkable")
    for target in (0.98, 0.99, 0.995):
        print("  ", target, [
            (round(t := threshold(x, target), 3), round(sum(p >= t and g for p, g in x) / count, 3))
            for x in (linkable, everyone)
        ])  # fmt: skip
    print("  ", dict(zip(RANK_FEATURES, np.round(fitted[0], 2), strict=False)))
    return {
        "features": list(RANK_FEATURES),
        "final": [round(one, 4) for one in fitted[0]],
        "folds": [[round(value, 4) for value in one] for one in fitted[1:]],
        "seen": sorted({fingerprint(truth[n]) for n in labelled}),
        "automatic": round(automatic, 4),
        "review": 0.05,
    }


def _place(ranked: Ranked, uai: str) -> int:
    return next((n for n, one in enumerate(ranked.choices) if one.unit.record.key == uai), -1)


def between_lists(shared: Path) -> Model:
    """Learn to compare rows of lists."""
    rows, truth, _ = schools(shared)
    known = [n for n, uai in enumerate(truth) if uai]
    sets = [([rows[n] for n in known], [truth[n] for n in known]), laureates(shared), directories(shared)]
    figures, same, groups = [], [], []
    for records, labels in sets:
        rarity = Rarity.of_lists(records)
        for left, right in pairs(records):
            found = compare(records[left], records[right], rarity)
            if found is None or not (labels[left] and labels[right]):
                continue
            # Which record stands left is chance: one figure for both orders.
            turned = compare(records[right], records[left], rarity)
            figures.append((found.figures + turned.figures) / 2)
            same.append(labels[left] == labels[right])
            groups.append((labels[left], labels[right]))
    figures, same = np.array(figures), np.array(same)

    def fit(used: Callable[[str], bool]) -> np.ndarray:
        chosen = np.array([used(left) and used(right) for left, right in groups])
        return fit_pairs(figures[chosen], same[chosen], PAIR_FEATURES, STIFFNESS["lists"])

    found = written(PAIR_FEATURES, fit, [g for pair in groups for g in pair], 0.0, 0.0)
    folds = linears(found)[1:]
    scored = [
        (probability(folds[fold_of(left)].logit(x)), bool(good))
        for (left, right), x, good in zip(groups, figures, same, strict=True)
        if fold_of(left) == fold_of(right)
    ]
    found["automatic"], found["review"] = round(max(threshold(scored, 0.995), LEAST_SURE), 4), REVIEW_FROM
    for target in (0.98, 0.99, 0.995):
        t = threshold(scored, target)
        print("  ", target, round(t, 3), sum(g and p >= t for p, g in scored) / max(1, sum(g for _, g in scored)))
    print(f"lists: {len(same)} pairs, {same.sum()} same; unseen {len(scored)}; automatic from {found['automatic']}")
    print("  ", dict(zip(PAIR_FEATURES, found["final"], strict=False)), found["final"][-1])
    return found


def directories(shared: Path) -> Labelled:
    """Two lists of firms: a web domain both give is taken as the truth and hidden from the model."""
    records, labels = [], []
    for name in ("systematic_paris_region_2014", "techonmap_2014"):
        path = shared / "data/member_lists" / f"{name}.csv"
        for n, row in enumerate(csv.DictReader(path.open(encoding="utf-8-sig")), 1):
            domain = domain_of(row["Url site web"])
            labels.append(domain.split(".")[0].replace("-", ""))
            records.append(tidy(Record(name, n, name=row["Nom"], city=row["Ville"], postcode=row["CP"])))
    return records, labels


def laureates(shared: Path) -> Labelled:
    """Return laureates of the i-Lab contest and their SIREN."""
    path = shared / "data/companies/ilab_laureats_1999_2025/laureats.parquet"
    known = "siren <> '' and entreprise <> ''"
    sql = f"select laureat_no, siren, entreprise, site_web from '{path}' where {known} order by 1"
    found = duckdb.sql(sql).fetchall()
    records = [tidy(Record("ilab", n, name=name, website=site or "")) for n, (_, _, name, site) in enumerate(found, 1)]
    return records, [siren for _, siren, *_ in found]


def main() -> None:
    """Learn the models asked for, keep the others."""
    shared = Path(sys.argv[1])
    learners = {"names": names, "lists": between_lists, "register": to_register}
    chosen = sys.argv[2:] or ["words", *learners]
    if "words" in chosen:
        common_words(shared)
    target = DATA / "models.json"
    models = json.loads(target.read_text("utf-8"))["models"] if target.exists() else {}
    models |= {name: learn(shared) for name, learn in learners.items() if name in chosen}
    source = "Learnt by tools/train_linkage.py from labelled pairs (see there); figures only, no record"
    target.write_text(json.dumps({"source": source, "models": models}, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
