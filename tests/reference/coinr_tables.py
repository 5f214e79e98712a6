"""Stages, analyses and panels of the reference, computed by ours in the reference's columns."""

from __future__ import annotations

import math

import numpy as np
from coinr_files import Case, compare, located, number, numbers, raw_coin, raw_folder, relative
from coinr_pipeline import SCALE, example, stage

from beffroi.composite.coin_input import read_coin
from beffroi.composite.components import component_weights, cronbach_alpha, principal_components
from beffroi.composite.correlate import correlation, correlations, flag_pairs, size_effects, with_ancestors
from beffroi.composite.describe import describe
from beffroi.composite.fill_panel import fill_panel
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.outrank import outranking
from beffroi.composite.recipe import Recipe, build_index
from beffroi.composite.results import results, strengths_and_weaknesses, unit_summary
from beffroi.composite.roll_up import roll_up
from beffroi.composite.screen_units import availability, availability_by_group
from beffroi.composite.steps import Aggregate, Normalise, Screen, Treat
from beffroi.composite.trend import trends
from beffroi.composite.versions import compare_builds, remove_elements
from beffroi.composite.weigh import effective_weights, optimise_weights

STAGES = {
    "Raw": "raw", "Denominated": "denominate", "Imputed": "impute", "Screened": "screen", "Treated": "treat",
    "Normalised": "normalise", "Aggregated": "aggregate",
}  # fmt: skip
ROUNDING = 1e-12  # squared shares: an optimum to six digits
SAID = {True: "TRUE", False: "FALSE"}
Ours = dict[str, object]


def stages(case: Case) -> float:
    made = example(case.folder)
    if case.id in STAGES:
        return compare(stage(made, STAGES[case.id]), case.expected)
    keys = {"Lineage": "Indicator", "MetaInd": "iCode", "Treat_Dets": "iCode"}
    return compare(STAGE_TABLES[case.id](case), case.expected, keys=(keys.get(case.id, "uCode"),))


def lineage(case: Case) -> Ours:
    rows = raw_coin(case.folder).framework.lineage()
    return {name: [row[level] for row in rows] for level, name in enumerate(case.expected)}


def meta(case: Case) -> Ours:
    coin = raw_coin(case.folder)
    nodes, labels = coin.framework.nodes, coin.labels
    blank = [math.nan] * len(labels)
    return {
        "Level": [one.level for one in nodes] + blank,
        "iCode": [one.code for one in nodes] + list(labels),
        "iName": [one.name for one in nodes] + [one.name for one in labels.values()],
        "Direction": [one.direction for one in nodes] + blank,
        "Weight": [one.weight for one in nodes] + blank,
        "Unit": [one.unit for one in nodes] + [one.unit for one in labels.values()],
        "Target": [one.target for one in nodes] + blank,
        "Denominator": [one.denominator for one in nodes] + [""] * len(labels),
        "Parent": [one.parent for one in nodes] + [""] * len(labels),
        "Type": ["Indicator" if one.level == 1 else "Aggregate" for one in nodes]
        + [one.kind for one in labels.values()],
    }


def treat_details(case: Case) -> Ours:
    outcomes = example(case.folder).outliers.outcomes
    out: Ours = {"iCode": [one.indicator for one in outcomes]}
    for name in case.expected:
        if name == "winsorise.nwin":
            out[name] = [math.nan if one.winsorised is None else one.winsorised for one in outcomes]
        elif name != "iCode":
            round_, what = int(name.split(".")[0][-1]), ("Pass", "Skew", "Kurt").index(name.split(".")[1])
            cells = [one.shapes[round_][what] if len(one.shapes) > round_ else None for one in outcomes]
            out[name] = (
                ["" if one is None else SAID[bool(one)] for one in cells]
                if what == 0
                else [math.nan if one is None else one for one in cells]
            )
    return out


def treat_points(case: Case) -> Ours:
    made = example(case.folder)
    return {"uCode": list(made.coin.units), **{one.indicator: list(one.marks) for one in made.outliers.outcomes}}


def screening(case: Case) -> Ours:
    found = example(case.folder).screening
    return {
        **_availability(found.availability),
        "LowData": [SAID[bool(one)] for one in found.low_data],
        "LowNonZero": [SAID[bool(one)] for one in found.low_nonzero],
        "LowDatOrZeroFlag": [SAID[bool(one)] for one in found.low_data | found.low_nonzero],
        "Included": [SAID[bool(one)] for one in found.kept],
    }


def _availability(has: object) -> Ours:
    return {
        "uCode": list(has.units), "N_missing": has.missing, "N_zero": has.zeros,
        "N_miss_or_zero": has.missing + has.zeros, "Dat_Avail": has.available, "Non_Zero": has.nonzero,
    }  # fmt: skip


def results_full(case: Case) -> Ours:
    table = results(example(case.folder), content="full")
    return {"uCode": list(table.units), "Rank": table.ranks, **table.columns}


def results_ranks(case: Case) -> Ours:
    table = results(example(case.folder), content="aggregates", use="ranks")
    return {"uCode": list(table.units), "Rank": table.ranks, **table.columns}


STAGE_TABLES = {
    "Lineage": lineage, "MetaInd": meta, "Treat_Dets": treat_details, "Treat_Points": treat_points,
    "Screen_DataSummary": screening, "Results_Full": results_full, "Results_ranks": results_ranks,
}  # fmt: skip


def analysis(case: Case) -> float:
    for prefix, function in ANALYSES.items():
        if case.id.startswith(prefix):
            return function(case)
    raise KeyError(case.id)


def statistics(case: Case) -> float:
    found = describe(example(case.folder).stages[STAGES[case.id.split("_")[1]]])
    names = {
        "iCode": "indicator", "Min": "least", "Max": "most", "Mean": "mean", "Median": "median", "Std": "std",
        "Skew": "skew", "Kurt": "kurtosis", "N.Avail": "available", "N.NonZero": "nonzero", "N.Unique": "unique",
        "N.Same": "same", "Frc.Avail": "share_available", "Frc.NonZero": "share_nonzero",
        "Frc.Unique": "share_unique", "Frc.Same": "share_same",
    }  # fmt: skip
    ours: Ours = {name: [getattr(one, field) for one in found] for name, field in names.items()}
    flags = {"Flag.Avail": "available", "Flag.NonZero": "nonzero", "Flag.Unique": "unique", "Flag.SkewKurt": "shape"}
    ours |= {name: [one.flags[field] or "ok" for one in found] for name, field in flags.items()}
    return compare(ours, case.expected, keys=("iCode",))


def _pairs(case: Case, found: object, *, swap: bool = True) -> float:
    first, second = ("Var2", "Var1") if swap else ("Var1", "Var2")
    ours = {
        first: [one.first for one in found], second: [one.second for one in found],
        "Correlation": [one.value for one in found],
    }  # fmt: skip
    return compare(ours, case.expected, keys=("Var1", "Var2"))


def correlation_table(case: Case) -> float:
    made = example(case.folder)
    tree, table = made.coin.framework, made.last
    kind = next((one for one in ("pearson", "spearman", "kendall") if one in case.id), "pearson")
    cut = 0.05 if "p05" in case.id else None
    if "_family_" in case.id:
        found = with_ancestors(table, tree, kind=kind, significant=cut)
        names = dict(enumerate(_level_names(case), 1))
        ours = [(one.first, names[tree.node(one.second).level], one.value) for one in found]
        codes = [(one.first, one.second, one.value) for one in found]
        return min(_family(case, ours), _family(case, codes))
    if "_lev12_" in case.id:
        return _pairs(case, with_ancestors(table, tree, up_to=(2,), kind=kind, significant=cut))
    if "_lev24_" in case.id:
        return _pairs(case, with_ancestors(table, tree, level=2, up_to=(4,), kind=kind, significant=cut))
    return _pairs(case, correlations(table, tree.indicators, tree.indicators, kind=kind, significant=cut), swap=False)


def _family(case: Case, rows: list[tuple[str, str, float]]) -> float:
    ours = {"Var2": [a for a, _, _ in rows], "Var1": [b for _, b, _ in rows], "Correlation": [c for *_, c in rows]}
    return compare(ours, case.expected, keys=("Var1", "Var2"))


def _level_names(case: Case) -> tuple[str, ...]:
    return ("Indicator", "Pillar", "Sub-index", "Index")


def flags(case: Case) -> float:
    made = example(case.folder)
    high = case.id.endswith("high")
    limits = {"above": 0.75, "level": 2} if high else {"below": -0.4, "level": 3}
    found = flag_pairs(made.stages["normalise"], made.coin.framework, **limits)
    wanted = case.expected
    theirs = {
        (g, *sorted((a, b))): number(c)
        for g, a, b, c in zip(*(wanted[one] for one in ("Group", "Ind1", "Ind2", "Corr")), strict=True)
    }
    ours = {(group, *sorted((one.first, one.second))): round(one.value, 3) for group, one in found}
    if set(ours) != set(theirs):
        return math.inf
    return max((abs(ours[key] - theirs[key]) for key in theirs), default=0.0)


def sizes(case: Case) -> float:
    found = size_effects(example(case.folder).stages["raw"], raw_coin(case.folder), limit=0.5)
    ours = {
        "Ind": [one.first for one in found], "Denom": [one.second for one in found],
        "Corr": [one.value for one in found],
    }  # fmt: skip
    return compare(ours, case.expected, keys=("Ind", "Denom"))


def alphas(case: Case) -> float:
    made, worst = example(case.folder), 0.0
    tree, rows = made.coin.framework, list(zip(*case.expected.values(), strict=True))
    for row in rows:
        code = next(cell for cell in row if cell in tree.weights)
        name = next(
            (cell for cell in row if cell in STAGES), "Aggregated" if tree.node(code).level > 2 else "Normalised"
        )
        table = made.stages[STAGES[name]]
        value = cronbach_alpha(table, tree.children(code))
        theirs = next(number(cell) for cell in reversed(row) if _is_number(cell))
        worst = max(worst, relative(np.array([value]), np.array([theirs])))
    return worst


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def effective(case: Case) -> float:
    tree = raw_coin(case.folder).framework
    shares = effective_weights(tree)
    ours = {
        "iCode": list(shares), "Level": [tree.node(one).level for one in shares],
        "Weight": [tree.node(one).weight for one in shares], "EffWeight": list(shares.values()),
    }  # fmt: skip
    return compare(ours, case.expected, keys=("iCode",))


def pca_weights(case: Case) -> float:
    level = int(case.id.split("_l")[-1]) if "_l" in case.id else int(case.id[-1])
    made = example(case.folder)
    tree = made.coin.framework
    ours = component_weights(made.last, tree, level=level, compat="coinr")
    theirs = dict(zip(case.expected["iCode"], numbers(case.expected["Weight"]), strict=True))
    if set(ours) != set(theirs):
        return math.inf
    for parent in tree.at(level + 1):
        codes = tree.children(parent)
        sign = np.sign(sum(ours[one] * theirs[one] for one in codes))
        ours |= {one: ours[one] * sign for one in codes}
    return relative(np.array([ours[one] for one in theirs]), np.array(list(theirs.values())))


def pca(case: Case) -> float:
    made = example(case.folder)
    group, codes = case.id.split("_", 2)[2], case.expected["var"]
    if set(codes) != set(made.coin.framework.children(group)):
        return math.inf
    found = principal_components(made.last, codes)
    worst = 0.0
    for place, name in enumerate(one for one in case.expected if one != "var"):
        theirs, ours = numbers(case.expected[name]), found.loadings[:, place]
        worst = max(worst, relative(ours * np.sign(ours @ theirs), theirs))
    printed = [float(one) for one in case.spec.split("sdev =")[-1].split()] if "sdev =" in case.spec else []
    for ours, theirs in zip(found.deviations, printed, strict=False):
        worst = max(worst, abs(float(f"{ours:.12g}") - theirs) / theirs)
    return worst


def removal(case: Case) -> float:
    found = remove_elements(example(case.folder), level=int(case.id[-1]))
    if "_mad_" in case.id:
        ours = {"element": list(found.mean_change), "MeanAbsDiff": list(found.mean_change.values())}
        return compare(ours, case.expected, keys=("element",))
    return compare({"uCode": list(found.units), **found.scores}, case.expected, keys=("uCode",))


def optimised(case: Case) -> float:
    """The optimum is numerical: ours must come at least as near the aim as theirs, by their own weights and figures."""
    made = example(case.folder)
    tree, table = made.coin.framework, made.stages["normalise"]
    level = int(case.id.split("_l")[1][0])
    codes = tree.at(level)
    desired, obtained, theirs = (numbers(case.expected[one]) for one in ("Desired", "Obtained", "OptWeight"))
    _, ours = optimise_weights(table, tree, level=level, compat="coinr")
    gaps = [((obtained - desired) ** 2).mean()]
    for order in (codes, tuple(sorted(codes, key=lambda one: (tree.node(one).parent, codes.index(one))))):
        rolled = roll_up(table, tree, weights=dict(zip(order, theirs, strict=True)), compat="coinr")
        influence = np.array([correlation(rolled.column(one), rolled.column(made.top))[0] for one in order])
        gaps.append(((influence / influence.sum() - desired) ** 2).mean())
    behind = float(((ours - desired) ** 2).mean()) - float(min(gaps))
    return max(relative(np.full(len(codes), 1 / len(codes)), desired), behind if behind > ROUNDING else 0.0)


def standing(case: Case) -> float:
    made = example(case.folder)
    kind, unit = case.id.split("_")
    found = strengths_and_weaknesses(made, unit)[kind == "weak"]
    ours = {
        "Code": [one.code for one in found], "Name": [one.name for one in found],
        "Pillar": [one.group for one in found], "Rank": [one.rank for one in found],
        "Value": [float(f"{one.value:.3g}") for one in found], "Unit": [one.unit for one in found],
    }  # fmt: skip
    return compare(ours, case.expected)


def unit(case: Case) -> float:
    rows = unit_summary(example(case.folder), case.id.split("_")[1])
    ours = {name: [row[place] for row in rows] for place, name in enumerate(("Code", "Name", "Score", "Rank"))}
    return compare(ours, case.expected, keys=("Code",))


def outrank(case: Case) -> float:
    table = example(case.folder).stages["normalise"]
    matrix = outranking(table.values, np.ones(len(table.indicators)), compat="coinr")
    ours = {f"X{k + 1}": matrix[:, k] for k in range(len(matrix))}
    return compare({"uCode": list(table.regions), **ours}, case.expected, keys=("uCode",))


def versions(case: Case) -> float:
    made = example(case.folder)
    other = made.replay(Normalise(scale=SCALE["zscore_0_1"]))
    found = compare_builds(made, other)
    expected = case.expected
    places = [found.units.index(one) for one in expected["uCode"]]
    columns = [name for name in expected if name != "uCode" and all(_is_number(cell) for cell in expected[name])]
    ours = (found.first, found.second, found.difference, found.absolute)
    return max(relative(mine[places], numbers(expected[name])) for mine, name in zip(ours, columns, strict=False))


def available(case: Case) -> float:
    made = example(case.folder)
    table = made.stages["raw"]
    if "bygroup" in case.id:
        shares = availability_by_group(table, made.coin.framework)
        return compare(
            {"uCode": list(table.regions), **{one: shares.column(one) for one in shares.indicators}},
            case.expected, keys=("uCode",),
        )  # fmt: skip
    return compare(_availability(availability(table)), case.expected, keys=("uCode",))


ANALYSES = {
    "stats_": statistics, "corrflags_": flags, "corr_": correlation_table, "denomcorr": sizes, "cronbach": alphas,
    "effweights": effective, "pca_weights": pca_weights, "pca_": pca, "remove_": removal, "optw_": optimised,
    "strong_": standing, "weak_": standing, "unit_": unit, "outrank": outrank, "compare_": versions,
    "dataavail": available,
}  # fmt: skip


def panel(case: Case) -> float:
    if case.id == "panel_with_holes":
        return 0.0 if _holed(case).times else math.inf
    if case.id.startswith("impute_panel_"):
        return filled(case, case.id.removeprefix("impute_panel_"))
    coin = raw_coin(case.folder, "ASEM_iData_p.csv")
    if case.id.startswith("trend_"):
        name = {"CAGR": "CAGR", "prc": "prc_change"}[case.id.split("_")[1]]
        found = trends(coin, measure=name)
        column = next(one for one in case.expected if one.startswith(("CAGR", "prc")))
        ours = {
            "uCode": [one.unit for one in found], "iCode": [one.indicator for one in found],
            column: [one.value for one in found], "Avail": [one.available for one in found],
            "t_first": [one.first for one in found], "t_latest": [one.latest for one in found],
        }  # fmt: skip
        return compare(ours, case.expected, keys=("uCode", "iCode"))
    steps = (Screen(least_available=0.9), Treat(), Normalise(pooled=case.id.endswith("TRUE")), Aggregate())
    made = build_index(coin, Recipe(steps, "coinr"))
    years = [f"{one:g}" for one in made.coin.times]
    ours = {"Time": years, "uCode": list(made.coin.units)}
    ours |= {code: made.last.column(code) for code in made.last.indicators}
    return compare(ours, case.expected, keys=("Time", "uCode"))


def _holed(case: Case) -> object:
    data = located(case.folder / "expected" / "panel" / "panel_with_holes.csv").read_text("utf-8")
    return read_coin(data, (raw_folder(case.folder) / "ASEM_iMeta.csv").read_text("utf-8"))


def filled(case: Case, method: str) -> float:
    coin = _holed(case)
    sized = IndicatorMatrix(coin.units, tuple(coin.denominators), np.stack(list(coin.denominators.values()), axis=1))
    ours: Ours = {"uCode": list(coin.units), "Time": [f"{one:g}" for one in coin.times], "uName": list(coin.names)}
    ours |= {name: list(values) for name, values in coin.groups.items()}
    for table in (coin.data, sized):
        made = fill_panel(table, coin.times, method=method)
        ours |= {code: made.column(code) for code in made.indicators}
    return compare(ours, case.expected, keys=("uCode", "Time"))
