"""Apply a published index to figures: its own tree, steps, weights and bounds, by the general engine."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from beffroi.catalogue.presets import Branch
from beffroi.composite.cap import cap_outliers, root_if_skewed
from beffroi.composite.coin_input import read_coin
from beffroi.composite.recipe import Recipe, build_index
from beffroi.composite.scaling import Scale
from beffroi.composite.steps import Aggregate, Custom, Normalise, Step
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    import numpy.typing as npt

    from beffroi.catalogue.presets import Leaf, Method, Preset, Stages
    from beffroi.composite.matrix import IndicatorMatrix
    from beffroi.composite.recipe import IndexBuild

    Floats = npt.NDArray[np.float64]
    Vector = npt.NDArray[np.float64]
    Figures = Mapping[tuple[str, str], float]

TOP = "index"


def apply_preset(
    preset: Preset, figures: Figures, *, other_editions: Mapping[str, Figures] | None = None
) -> IndexBuild:
    """Build a published index from its publisher's figures.

    Args:
        preset: tree, steps, weights and bounds.
        figures: (unit, indicator) → figure; an absent one is missing, and its weight goes to its siblings.
        other_editions: year → such figures. Only a preset whose method is pooled looks at them: they share the caps
            and the scale.

    Returns:
        The build of this edition. Scores are on the publisher's scale; a unit of which a preset with stages does not
        know the stage has no score.

    Raises:
        MethodError: no figure belongs to an indicator of the preset, or a logarithm or root meets a figure that it
            cannot take (unit and indicator are named).

    Source: that of the preset.

    >>> from beffroi.catalogue.presets import load_preset
    >>> hdi = load_preset("hdi")
    >>> halfway = {("Somewhere", "le"): 52.5, ("Somewhere", "eys"): 9, ("Somewhere", "mys"): 7.5,
    ...     ("Somewhere", "gnipc"): (100 * 75_000) ** 0.5}
    >>> apply_preset(hdi, halfway).scores.round(6).tolist()
    [0.5]
    """
    tables = {"": figures, **(other_editions or {})} if preset.method.pooled else {"": figures}
    rows = [(when, unit) for when, one in tables.items() for unit in sorted({u for u, c in one if c in preset.leaves})]
    if not any(when == "" for when, _ in rows):
        raise MethodError(
            f"No figure belongs to an indicator of '{preset.id}' ({', '.join(list(preset.leaves)[:4])} …). "
            "Check the codes and the edition of the table."
        )
    seen = {code for one in tables.values() for _, code in one}
    kept = {code: leaf for code, leaf in preset.leaves.items() if code in seen}
    data: dict[str, list[object]] = {"uCode": [unit for _, unit in rows]}
    if len(tables) > 1:
        places = {when: place for place, when in enumerate(tables)}
        data["Time"] = [places[when] for when, _ in rows]
    data |= {_code(code): [tables[when].get((unit, code)) for when, unit in rows] for code in kept}
    stages = [figures.get((unit, preset.stages.by)) for _, unit in rows] if preset.stages else []
    coin = read_coin(data, _meta(preset, kept))
    built = build_index(coin, Recipe(_steps(preset, kept, stages)))
    return built.year(0.0) if coin.times else built


def _steps(preset: Preset, kept: Mapping[str, Leaf], stages: Sequence[float | None]) -> tuple[Step, ...]:
    method, steps = preset.method, list[Step]()
    deviations, skewness = method.cap_deviations, method.root_skewness
    if deviations is not None:
        steps.append(_by_column("cap", method, lambda x, _: cap_outliers(x, deviations=deviations)))
    if skewness is not None:
        steps.append(_by_column("root", method, lambda x, where: root_if_skewed(x, skewness=skewness, what=where)))
    logs = {_code(code) for code, leaf in kept.items() if leaf.log}
    if logs:
        steps.append(_by_column("log", method, _log, logs))
    scales = {_code(code): _scale(leaf, method) for code, leaf in kept.items()}
    steps.append(Normalise(by_indicator=scales, pooled=method.pooled))
    if preset.stages is None:
        return (*steps, Aggregate(rules=method.means, least_available=method.least_available))
    shares = _by_stage(preset.stages, [one.id for one in _present(preset, kept)], stages)
    last_rule = partial(_weighted, shares=shares)
    return (*steps, Aggregate(rules=(*method.means[:-1], last_rule), least_available=method.least_available))


def _by_column(
    name: str, method: Method, function: Callable[[Vector, str], Vector], only: Collection[str] | None = None
) -> Custom:
    def on(table: IndicatorMatrix) -> IndicatorMatrix:
        values = table.values.copy()
        for place, code in enumerate(table.indicators):
            if only is None or code in only:
                values[:, place] = function(values[:, place], code)
        return table.with_values(values)

    return Custom(name=name, function=on, pooled=method.pooled)


def _log(x: Vector, where: str) -> Vector:
    if (x <= 0).any():
        raise MethodError(f"Indicator '{where}' has a figure of {np.nanmin(x):g}, which has no logarithm. Correct it.")
    return np.log(x)


def _scale(leaf: Leaf, method: Method) -> Scale:
    if method.scale == "minmax":
        return Scale(method="minmax", low=0.0, high=method.points)
    if method.scale == "zscore":
        return Scale(method="zscore", sd=method.points)
    low, high = (float(np.log(leaf.low)), float(np.log(leaf.high))) if leaf.log else (leaf.low, leaf.high)
    return Scale(method="goalposts", lower=low, upper=high, factor=method.points, truncate=method.truncate)


def _by_stage(stages: Stages, branches: Sequence[str], figures: Sequence[float | None]) -> Floats:
    """Units × branches: the weights of each unit's stage, NaN where the stage is unknown."""
    known = np.array([np.nan if one is None else one for one in figures])
    place = np.searchsorted(stages.limits, known, side="right")
    table = np.array([stages.weights[one] for one in branches])
    return np.where(np.isnan(known), np.nan, table[:, np.minimum(place, table.shape[1] - 1)]).T


def _weighted(values: Floats, _: Vector, *, shares: Floats) -> Vector:
    shares = np.where(np.isnan(values), 0.0, shares)
    total = shares.sum(axis=1)
    sums = (np.nan_to_num(values) * shares).sum(axis=1)
    return np.asarray(np.divide(sums, total, out=np.full(len(values), np.nan), where=total > 0))


def _present(preset: Preset, kept: Mapping[str, Leaf]) -> list[Branch]:
    return [one for one in preset.dimensions if _leaves_of(one) & set(kept)]


def _leaves_of(branch: Branch) -> set[str]:
    return {code for one in branch.children for code in (_leaves_of(one) if isinstance(one, Branch) else (one.id,))}


def _code(code: str) -> str:
    """An indicator's code may not begin with a digit in the tables of index makers."""
    return code if code[0].isalpha() else f"i{code}"


def _meta(preset: Preset, kept: Mapping[str, Leaf]) -> dict[str, list[object]]:
    rows = _rows(preset.children, TOP, len(preset.method.means), kept)
    rows.append((len(preset.method.means) + 1, TOP, None, 1, 1, "Aggregate"))
    names = ("Level", "iCode", "Parent", "Direction", "Weight", "Type")
    return {name: [row[k] for row in rows] for k, name in enumerate(names)}


def _rows(
    children: Sequence[Branch | Leaf], parent: str, level: int, kept: Mapping[str, Leaf]
) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for one in children:
        if isinstance(one, Branch):
            inside = _rows(one.children, _code(one.id), level - 1, kept)
            rows += [*inside, (level, _code(one.id), parent, 1, one.weight, "Aggregate")] if inside else []
        elif one.id in kept:
            rows.append((1, _code(one.id), parent, one.direction, one.weight, "Indicator"))
    return rows
