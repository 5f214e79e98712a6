"""The words of the reference's manifest, turned into steps of ours."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from coinr_files import Case, located, number, raw_coin, read_table

from beffroi.composite.outliers import OutlierSpec
from beffroi.composite.recipe import IndexBuild, Recipe, build_index
from beffroi.composite.scaling import Scale
from beffroi.composite.steps import Aggregate, Denominate, Impute, Normalise, Screen, Step, Treat

if TYPE_CHECKING:
    from pathlib import Path

GROUP = "EurAsia_group"
IMPUTE: dict[str, Impute | None] = {
    "mean_grp": Impute(group=GROUP),
    "median_grp": Impute(group=GROUP, centre="median"),
    "mean": Impute(),
    "median": Impute(centre="median"),
    "rowmean_pillar": Impute(by="row", level=2),
    "none": None,
}
TREAT: dict[str, Treat | None] = {
    "default": Treat(),
    "winmax1": Treat(spec=OutlierSpec(win_most=1)),
    "winmax3": Treat(spec=OutlierSpec(win_most=3)),
    "tight": Treat(spec=OutlierSpec(win_skew=1, win_kurtosis=2, skew_limit=1, kurtosis_limit=2)),
    "logplus": Treat(spec=OutlierSpec(win_most=2, second="log_CT_plus")),
    "combine": Treat(
        spec=OutlierSpec(win_most=2, win_skew=1, win_kurtosis=2, skew_limit=1, kurtosis_limit=2, combine=True)
    ),
    "boxcox": Treat(spec=OutlierSpec(first="log_CT_orig", second=None)),
    "none": None,
}
SCALE: dict[str, Scale] = {
    "minmax_0_100": Scale(),
    "minmax_1_100": Scale(low=1),
    "zscore_0_1": Scale(method="zscore"),
    "zscore_100_10": Scale(method="zscore", mean=100, sd=10),
    "dist2max": Scale(method="dist2max"),
    "fracmax": Scale(method="fracmax"),
    "rank": Scale(method="rank"),
    "prank": Scale(method="prank"),
    "borda": Scale(method="borda"),
    "dist2ref12": Scale(method="dist2ref", unit=12),
    "dist2targ": Scale(method="dist2targ"),
    "n_minmax": Scale(),
    "n_zscore": Scale(method="zscore"),
    "n_rank": Scale(method="rank"),
    "n_prank": Scale(method="prank"),
}
RULES: dict[str, object] = {
    "amean": "amean", "gmean": "gmean", "hmean": "hmean", "gen_p05": 0.5, "gen_p2": 2.0, "gen_pm1": -1.0,
    "mix_agg": ("amean", "gmean", "gmean"), "copeland": "a_copeland", "copeland_top": ("amean", "amean", "a_copeland"),
    "all": "copeland", "top": ("amean", "amean", "copeland"), "mid": ("amean", "copeland", "amean"),
}  # fmt: skip
EXAMPLE = Recipe(
    (Denominate(), Impute(group=GROUP), Screen(least_available=0.9), Treat(), Normalise(), Aggregate()), "coinr"
)


@cache
def example(folder: Path) -> IndexBuild:
    return build_index(raw_coin(folder), EXAMPLE)


def words(spec: str) -> dict[str, str]:
    """`impute=mean_grp(EurAsia_group);treat=default winmax5` → impute: mean_grp, treat: default."""
    return dict(re.findall(r"(\w+)=([^\s;(,]+)", spec))


@cache
def treated(folder: Path, impute: str, treat: str, *, denominated: bool = True) -> IndexBuild:
    first: tuple[Step, ...] = (Denominate(),) if denominated else ()
    steps = (*first, *(one for one in (IMPUTE[impute], TREAT[treat]) if one is not None))
    return build_index(raw_coin(folder), Recipe(steps, "coinr"))


def grid(case: Case) -> IndexBuild:
    said = {"impute": "mean_grp", "treat": "default", "w": "Original", **words(case.spec)}
    if case.kind == "missing":
        said["treat"] = words(case.spec).get("treat", "default")
    return pipeline(case.folder, said)


def pipeline(folder: Path, said: dict[str, str]) -> IndexBuild:
    threshold = float(said["dat_thresh"]) if "dat_thresh" in said else None
    return treated(folder, said["impute"], said["treat"]).replay(
        Normalise(scale=SCALE[said["norm"]]),
        Aggregate(
            rules=RULES[said["agg"]], weights=weight_set(folder, said.get("w", "Original")), least_available=threshold
        ),
    )


def weight_set(folder: Path, name: str) -> dict[str, float] | None:
    if name == "Original":
        return None
    path = located(folder / "expected" / "weights" / f"{name}.csv")
    if path.is_file():
        table = read_table(path)
        return {code: number(w) for code, w in zip(table["iCode"], table["Weight"], strict=True)}
    codes = raw_coin(folder).framework.weights
    if name == "equal":
        return dict.fromkeys(codes, 1.0)
    if name == "zeroed":
        return {**codes, "LPI": 0.0, "Flights": 0.0, "Physical": 0.0}
    raise KeyError(name)


def scores(made: IndexBuild) -> dict[str, object]:
    """Columns as the reference has them: uCode, aggregates, Rank_Index."""
    nodes = made.coin.framework.aggregates
    return {
        "uCode": list(made.coin.units),
        **{code: made.last.column(code) for code in nodes},
        f"Rank_{made.top}": made.ranks,
    }


def stage(made: IndexBuild, name: str) -> dict[str, object]:
    table = made.stages[name]
    units = list(table.regions)
    return {"uCode": units, **{code: table.values[:, k] for k, code in enumerate(table.indicators)}}
