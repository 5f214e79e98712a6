"""Vectors, weights, uncertainty runs, Compind, and the tables COINr's author ships, computed by ours."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from coinr_files import Case, Table, compare, numbers, raw_coin, raw_folder, read_table, relative
from coinr_pipeline import EXAMPLE, IMPUTE, example, pipeline
from coinr_tables import filled

from beffroi.composite import scales
from beffroi.composite.components import component_weights
from beffroi.composite.estimators import sensitivity_indices
from beffroi.composite.frontier import benefit_of_the_doubt
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.means import power_mean
from beffroi.composite.outliers import OutlierSpec, log_ct_plus, winsorise_tied
from beffroi.composite.outrank import copeland
from beffroi.composite.penalties import adjusted_mazziotta_pareto, mazziotta_pareto, standardise, wroclaw
from beffroi.composite.recipe import Recipe, build_index
from beffroi.composite.results import rank_column
from beffroi.composite.roll_up import roll_up
from beffroi.composite.scaling import Scale
from beffroi.composite.steps import Aggregate, Denominate, Impute, Normalise, Treat
from beffroi.composite.transform import box_cox, log_ct, log_ct_orig, log_gii
from beffroi.composite.treat import is_tame, kurtosis, skew
from beffroi.composite.vary import Specification, VaryParameter, VaryStep, WeightSets
from beffroi.composite.vary_uncertainty import Collect, replay_uncertainty
from beffroi.composite.weigh import equal_weights
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable

    from beffroi.composite.coin import Coin

Vector = np.ndarray


def _winsorised(x: Vector, **settings: object) -> Vector:
    out, present = x.copy(), ~np.isnan(x)
    out[present] = winsorise_tied(x[present], **settings)[0]
    return out


VECTORS: dict[str, Callable[[Vector], Vector]] = {
    "minmax": scales.minmax,
    "minmax15": lambda x: scales.minmax(x, low=1, high=5),
    "zscore": scales.zscore,
    "z52": lambda x: scales.zscore(x, mean=5, sd=2),
    "scaled": lambda x: scales.scaled(x, lower=-1, upper=4, factor=10),
    "dist2max": scales.to_max,
    "dist2ref": lambda x: scales.to_reference(x, unit=5),
    "dist2ref_cap": lambda x: scales.to_reference(x, unit=5, cap=True),
    "dist2targ": lambda x: scales.to_target(x, target=2),
    "dist2targ_cap": lambda x: scales.to_target(x, target=2, cap=True),
    "fracmax": scales.share_of_max,
    "prank": scales.percentile_rank,
    "rank": scales.ranks,
    "borda": scales.borda,
    "goalposts": lambda x: scales.goalposts(x, posts=(0, 3), factor=10),
    "goalposts_notrunc": lambda x: scales.goalposts(x, posts=(0, 3), factor=10, truncate=False),
    "goalposts_neg": lambda x: scales.goalposts(-x, posts=(0, 3), factor=10, direction=-1),
    "win5": _winsorised,
    "win2t": lambda x: _winsorised(x, most=2, skew_limit=0.5, kurtosis_limit=0.5),
    "winforce": lambda x: _winsorised(x, most=3, forced=True),
    "log_CT": log_ct,
    "log_CT_plus": log_ct_plus,
    "log_CT_orig": log_ct_orig,
    "log_GII": lambda x: log_gii(x, compat="coinr"),
    "boxcox05": lambda x: box_cox(x, power=0.5),
    "boxcox0": lambda x: box_cox(x, power=0),
}


def _vectors(folder: Path) -> dict[str, Vector]:
    table = read_table(folder / "expected" / "vector" / "vectors.csv")
    names = np.array(table["vec"])
    return {name: numbers(table["x"])[names == name] for name in dict.fromkeys(table["vec"])}


def vector(case: Case) -> float:
    expected = case.expected
    if case.id.startswith("vector_results"):
        return _applied(case, expected)
    if case.id == "vectors":
        return 0.0 if len(_vectors(case.folder)) == len(set(expected["vec"])) else math.inf
    if case.id == "skewkurt":
        found = {name: x[~np.isnan(x)] for name, x in _vectors(case.folder).items()}
        ours = {
            "vec": list(found), "skew": [skew(x) for x in found.values()],
            "kurt": [kurtosis(x) for x in found.values()],
            "pass": [str(is_tame(x)).upper() for x in found.values()],
        }  # fmt: skip
        return compare(ours, expected, keys=("vec",))
    if case.id.startswith("sa_ishigami"):
        return ishigami(case, expected)
    table = expected if case.id == "agg_input" else read_table(case.folder / "expected" / "vector" / "agg_input.csv")
    x, w = np.stack([numbers(one) for one in table.values()], axis=1), np.array([1, 2, 0.5, 1, 3.0])
    if case.id == "agg_input":
        return 0.0 if x.shape[1] == w.size else math.inf
    powers = {"amean": 1, "gmean": 0, "hmean": -1, "gen2": 2, "genm2": -2}
    ours = {name: power_mean(x, w, power=power, compat="coinr") for name, power in powers.items()}
    return compare({**ours, "copeland": copeland(x, w, compat="coinr")}, expected)


def _applied(case: Case, expected: Table) -> float:
    given, worst = _vectors(case.folder), 0.0
    names, functions = np.array(expected["vec"]), np.array(expected["fun"])
    places, theirs = numbers(expected["i"]), numbers(expected["y"])
    for name, function in dict.fromkeys(zip(expected["vec"], expected["fun"], strict=True)):
        rows = (names == name) & (functions == function)
        with np.errstate(all="ignore"):
            ours = VECTORS[function](given[name])
        worst = max(worst, relative(ours[places[rows].astype(int) - 1], theirs[rows]))
    return worst


def ishigami(case: Case, expected: Table) -> float:
    folder = case.folder / "expected" / "vector"
    design = read_table(folder / "sa_ishigami_design.csv")
    a, b, c = (np.pi * (2 * numbers(design[one]) - 1) for one in ("X1", "X2", "X3"))
    y = np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)
    if case.id.endswith("design"):
        return relative(y, numbers(expected["y"]))
    results = numbers(design["y"])
    first, total = sensitivity_indices(results, factors=3, compat="coinr")
    variance = np.full(3, results[: 2 * len(results) // 5].var(ddof=1))
    return compare({"Variable": ["V1", "V2", "V3"], "Si": first, "STi": total, "Variance": variance}, expected)


def weights(case: Case) -> float:
    tree = raw_coin(case.folder).framework
    theirs = dict(zip(case.expected["iCode"], numbers(case.expected["Weight"]), strict=True))
    if set(theirs) != set(tree.weights):
        return math.inf
    if case.id.startswith("random"):  # an input: it must cover the tree and carry an index
        made = roll_up(example(case.folder).stages["normalise"], tree, weights=theirs)
        return 0.0 if not np.isnan(made.values).any() else math.inf
    if case.id.startswith("pca"):
        level = int(case.id[-1])
        ours = component_weights(example(case.folder).last, tree, level=level, compat="coinr")
        for parent in tree.at(level + 1):
            sign = np.sign(sum(ours[one] * theirs[one] for one in tree.children(parent)))
            ours |= {one: ours[one] * sign for one in tree.children(parent)}
    elif case.id == "equal":
        ours = equal_weights(tree)
    elif case.id == "zeroed":
        ours = {**tree.weights, "LPI": 0.0, "Flights": 0.0, "Physical": 0.0}
    else:
        ours = tree.weights
    return relative(np.array([ours[one] for one in theirs]), np.array(list(theirs.values())))


def refused(case: Case) -> float:
    """Every configuration must be refused with a message that names an indicator or element."""
    codes = set(raw_coin(case.folder).framework.weights)
    names = ("im", "tr", "nm", "ag")
    for im, tr, nm, ag in zip(*(case.expected[name] for name in names), strict=True):
        try:
            if tr == "impute_panel":
                filled(case, im)
            else:
                pipeline(case.folder, {"impute": im, "treat": tr, "norm": nm, "agg": ag})
        except MethodError as no:
            if not codes & set(str(no).replace("'", " ").split()):
                return math.inf
        else:
            return math.inf
    return 0.0


def compind(case: Case) -> float:
    raw = read_table(raw_folder(case.folder) / f"Compind_{case.id}.csv")
    x = np.stack([numbers(raw[one]) for one in ("roads", "trains")], axis=1)
    z = standardise(x)
    ours = {
        "unit": raw[""],
        "mpi_pos": mazziotta_pareto(z),
        "mpi_neg": mazziotta_pareto(z, polarity="negative"),
        "ampi": adjusted_mazziotta_pareto(x).round(3),  # Compind prints three decimals
        "wroclaw": wroclaw(z),
        "bod": benefit_of_the_doubt(x)[0],
        "bod_25_75": benefit_of_the_doubt(x, least_share=0.25, most_share=0.75)[0],
    }
    return compare(ours, case.expected, keys=("unit",))


def synthetic(case: Case) -> float:
    coin = raw_coin(case.folder, "synth300x50_iData.csv", "synth300x50_iMeta.csv")
    made = build_index(coin, Recipe((Impute(group="Size_group"), Treat(), Normalise(), Aggregate()), "coinr"))
    ours = {"uCode": list(made.coin.units), **{one: made.last.column(one) for one in made.last.indicators}}
    return compare(ours, case.expected, keys=("uCode",))


SCENARIO = {"n_minmax": Scale(low=1), "n_zscore": Scale(method="zscore", mean=10, sd=2)}
MEANS = {"a_amean": "amean", "a_gmean": "gmean", "a_hmean": "hmean"}


@cache
def _scenario_points(folder: Path, winmax: int, norm: str) -> IndicatorMatrix:
    treat = Treat(spec=OutlierSpec(win_most=winmax))
    made = example(folder).replay(treat, Normalise(scale=SCENARIO[norm]), drop=(Aggregate,))
    return made.last


@cache
def _weight_sets(folder: Path) -> dict[int, dict[str, float]]:
    table = read_table(folder / "weight_sets.csv")
    out: dict[int, dict[str, float]] = {}
    for number_, code, weight in zip(table["set"], table["iCode"], numbers(table["Weight"]), strict=True):
        out.setdefault(int(number_), {})[code] = float(weight)
    return out


@cache
def _replayed(folder: Path, kind: str) -> Vector:
    """Scores of every unit (rows) in every replication (columns), from the reference's own draws."""
    here = folder / "expected" / kind
    given, sets = read_table(here / "draws.csv"), _weight_sets(here)
    points, norms, means = (list(dict.fromkeys(given[one])) for one in ("winmax", "norm", "agg"))
    spec = Specification(
        (
            VaryParameter("winmax", "treat", "spec.win_most", tuple(int(float(one)) for one in points)),
            VaryStep("norm", "normalise", tuple(Normalise(scale=SCENARIO[one]) for one in norms)),
            VaryStep("agg", "aggregate", tuple(Aggregate(rules=MEANS[one]) for one in means)),
            WeightSets("weights", tuple(sets.values())),
        )
    )
    draws = {
        "winmax": [points.index(one) for one in given["winmax"]],
        "norm": [norms.index(one) for one in given["norm"]],
        "agg": [means.index(one) for one in given["agg"]],
        "weights": [list(sets).index(int(float(one))) for one in given["weights"]],
    }
    found = replay_uncertainty(
        raw_coin(folder), EXAMPLE, spec, draws=draws, collect=Collect(scores=True, pairs=False)
    )  # fmt: skip
    kept = [found.units.index(one) for one in example(folder).coin.units]
    return found.scores.T[kept]


def replications(case: Case) -> float:
    folder, expected = case.folder, case.expected
    if case.id == "draws":
        known = set(expected["norm"]) <= set(SCENARIO) and set(expected["agg"]) <= set(MEANS)
        here = folder / "expected" / case.kind
        return (
            0.0 if known and {int(float(one)) for one in expected["weights"]} <= set(_weight_sets(here)) else math.inf
        )
    if case.id == "weight_sets":
        codes = set(raw_coin(folder).framework.weights)
        return (
            0.0
            if all(set(one) == codes for one in _weight_sets(folder / "expected" / case.kind).values())
            else math.inf
        )
    made = example(folder)
    units = list(made.coin.units)
    if case.id == "nominal":
        return compare({"uCode": units, "Score": made.scores, "Rank": made.ranks}, expected, keys=("uCode",))
    scores = _replayed(folder, case.kind)
    ranks = np.stack([rank_column(one) for one in scores.T], axis=1)
    if case.id in ("scores", "ranks"):
        table, nominal = (scores, made.scores) if case.id == "scores" else (ranks, made.ranks)
        ours = {f"r_{k + 1}": table[:, k] for k in range(table.shape[1])}
        return compare({"uCode": units, "Nominal": nominal, **ours}, expected, keys=("uCode",))
    if case.id == "rankstats":
        return compare(_spread(units, made.ranks, _own(ranks, case)), expected, keys=("uCode",))
    return _indices(ranks, made.ranks, expected)


def _spread(units: list[str], nominal: Vector, ranks: Vector) -> dict[str, object]:
    low, high = np.quantile(ranks, (0.05, 0.95), axis=1)
    return {
        "uCode": units, "Nominal": nominal, "Mean": ranks.mean(axis=1), "Median": np.median(ranks, axis=1),
        "Q5": low, "Q95": high,
    }  # fmt: skip


def _own(ranks: Vector, case: Case) -> Vector:
    """In a design for sensitivity only A and B are free samples; COINr takes its rank intervals from these."""
    run = case.id.split("_")[0] if case.kind == "author_vignette" else case.kind.split("_")[0].upper()
    if run != "SA":
        return ranks
    path = case.folder / "expected" / case.kind / ("SA_Sensitivity.csv" if "_" in case.id else "sensitivity.csv")
    return ranks[:, : 2 * ranks.shape[1] // (_factors(path) + 2)]


def _factors(path: Path) -> int:
    return len(read_table(path)["Variable"]) if path.is_file() else 4  # the vignette varies four things


def _indices(ranks: Vector, nominal: Vector, expected: Table) -> float:
    moved = np.abs(ranks - nominal[:, None]).mean(axis=0)
    first, total = sensitivity_indices(moved, factors=len(expected["Variable"]), compat="coinr")
    return max(relative(first, numbers(expected["Si"])), relative(total, numbers(expected["STi"])))


def author_vignette(case: Case) -> float:
    """Tables with draws of their own: what follows from each other is computed, scores must lie in the model."""
    run, what = case.id.split("_")
    made = example(case.folder)
    units, expected = list(made.coin.units), case.expected
    here = Path(case.file).parent

    def other(name: str) -> tuple[list[str], Vector, Vector]:
        table = read_table(case.folder / here / f"{run}_{name}.csv")
        reps = [one for one in table if one.startswith("r_")]
        return table["uCode"], numbers(table["Nominal"]), np.stack([numbers(table[one]) for one in reps], axis=1)

    if what == "Nominal":
        return compare({"uCode": units, "Score": made.scores, "Rank": made.ranks}, expected, keys=("uCode",))
    if what == "Scores":
        codes, nominal, scores = other("Scores")
        ours = np.array([made.scores[units.index(one)] for one in codes])
        order = [units.index(one) for one in codes]
        return max(relative(ours, nominal), *(_in_the_model(case.folder, one, order) for one in scores.T))
    codes, nominal, scores = other("Scores")
    ranks = np.stack([rank_column(one) for one in scores.T], axis=1)
    place = rank_column(nominal)
    if what == "Ranks":
        ours_ = {f"r_{k + 1}": ranks[:, k] for k in range(ranks.shape[1])}
        return compare({"uCode": codes, "Nominal": place, **ours_}, expected, keys=("uCode",))
    if what == "RankStats":
        return compare(_spread(codes, place, _own(ranks, case)), expected, keys=("uCode",))
    return _indices(ranks, place, expected)


@cache
def _spans(folder: Path) -> tuple[tuple[str, Vector, Vector], ...]:
    """Pillars of every choice of steps, as columns that any weights of levels 2 and 3 combine."""
    tree, out = raw_coin(folder).framework, []
    for winmax in range(1, 6):
        for norm in SCENARIO:
            points = _scenario_points(folder, winmax, norm)
            for mean in ("amean", "gmean"):
                rolled = roll_up(points, tree, rules=mean, compat="coinr")
                columns = np.stack([rolled.column(one) for one in tree.at(2)], axis=1)
                columns = np.log(columns) if mean == "gmean" else columns
                out.append((mean, columns, np.linalg.pinv(columns)))
    return tuple(out)


def _in_the_model(folder: Path, scores: Vector, order: list[int]) -> float:
    """How far the scores are from the nearest index with some weights of levels 2 and 3 (their draws are unknown)."""
    best = math.inf
    own = np.empty(len(order))
    own[order] = scores
    for mean, columns, inverse in _spans(folder):
        aim = np.log(own) if mean == "gmean" else own
        shares = inverse @ aim
        found = columns @ shares
        found = np.exp(found) if mean == "gmean" else found
        if (shares > 0).all() and abs(shares.sum() - 1) < 1e-6:
            best = min(best, relative(found, own))
    return best


V06 = {
    "Raw": None, "Denominated": "Raw", "Imputed": "Denominated", "Treated": "Imputed", "Normalised": "Treated",
    "Aggregated": "Normalised",
}  # fmt: skip


def author_v06(case: Case) -> float:
    """Each stage of the author's own table from the stage before it."""
    coin, expected = raw_coin(case.folder), case.expected
    codes = expected["UnitCode"]
    order = [coin.units.index(one) for one in codes]
    here = coin.rows(np.array(order))
    before = V06[case.id]
    if before is None:
        table = here.data
    else:
        source = read_table(case.folder / Path(case.file).parent / f"{before}.csv")
        given = np.stack([numbers(source[one]) for one in coin.framework.indicators], axis=1)
        table = _v06_step(case.id, IndicatorMatrix(tuple(codes), coin.framework.indicators, given), here)
    worst = 0.0
    for name in expected:
        if name in table.indicators:
            ours = table.column(name)
            if before is None:  # the author's table holds ten significant digits, nine decimals
                ours = np.array([float(f"{one:.10g}") if abs(one) >= 10 else round(one, 9) for one in ours])
            worst = max(worst, relative(ours, numbers(expected[name])))
    return worst


def _v06_step(name: str, table: IndicatorMatrix, coin: Coin) -> IndicatorMatrix:
    start = replace(coin, data=table)
    step = {
        "Denominated": Denominate(), "Imputed": IMPUTE["mean_grp"], "Treated": Treat(), "Normalised": Normalise(),
        "Aggregated": Aggregate(),
    }[name]  # fmt: skip
    return build_index(start, Recipe((step,), "coinr")).last
