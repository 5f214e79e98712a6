"""Normalise a whole table: each indicator by its own scale, over all years of a panel or each year apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from beffroi.composite import scales
from beffroi.vocabulary.errors import ConstantIndicatorError, MethodError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from beffroi.composite.coin import Framework, Node
    from beffroi.composite.compat import Compat
    from beffroi.composite.matrix import IndicatorMatrix

    Vector = npt.NDArray[np.float64]

ScaleMethod = Literal[
    "minmax", "zscore", "scaled", "dist2max", "dist2ref", "dist2targ", "fracmax", "rank", "prank", "borda",
    "goalposts", "custom", "none",
]  # fmt: skip
NEED_RANGE = frozenset({"minmax", "zscore", "dist2max", "prank"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How one indicator is scaled; a number that the method does not use is not looked at.

    minmax: `low`, `high`. zscore: `mean`, `sd`. scaled: (x − `lower`)/(`upper` − `lower`) × `factor`. dist2ref:
    `unit`, counted from 1. dist2targ: `target`, in the indicator's unit; by default iMeta's. dist2ref, dist2targ:
    `cap`. goalposts: `lower`, `upper` in the indicator's unit, `factor`, `truncate`. custom: `function`.
    `from_meta`: take the numbers from iMeta's further columns where they are given.
    """

    method: ScaleMethod = "minmax"
    low: float = 0.0
    high: float = 100.0
    mean: float = 0.0
    sd: float = 1.0
    lower: float = 0.0
    upper: float = 100.0
    factor: float = 100.0
    unit: int = 1
    target: float | None = None
    cap: bool = False
    truncate: bool = True
    from_meta: bool = False
    function: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]] | None = field(default=None, compare=False)


def scale_table(
    table: IndicatorMatrix,
    framework: Framework,
    *,
    scale: Scale | None = None,
    by_indicator: Mapping[str, Scale] | None = None,
    blocks: Sequence[npt.NDArray[np.intp]] | None = None,
    compat: Compat = "correct",
) -> IndicatorMatrix:
    """Multiply each indicator by its direction and scale it.

    Args:
        table: units × indicators, treated; NaN stays NaN and counts in no minimum, mean or rank.
        framework: directions, targets and parameters.
        scale: for every indicator not named in `by_indicator`; min–max to 0..100 by default.
        by_indicator: indicator → its own scale.
        blocks: rows to be scaled apart (years of a panel); None: all rows share one scale, so years compare.
        compat: `coinr` gives NaN or infinity where the default refuses.

    Returns:
        The same units and indicators, more is better, in the units of the scale.

    Raises:
        ConstantIndicatorError: an indicator has one value and the method divides by its range.
        MethodError: a target is missing or not above the worst figure; the maximum is not positive under fracmax.

    Source: OECD/JRC (2008), Handbook, section 1.5; COINr's Normalise.

    >>> from beffroi.composite.coin import Framework, Node
    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> tree = Framework((Node("delay", 1, "top", direction=-1), Node("top", 2, "")))
    >>> m = IndicatorMatrix(("A", "B", "C"), ("delay",), np.array([[10.0], [20.0], [30.0]]))
    >>> scale_table(m, tree).values.ravel().tolist()
    [100.0, 50.0, 0.0]
    """
    values, nodes = np.empty_like(table.values), {node.code: node for node in framework.nodes}
    alike = None if by_indicator else scale or Scale()
    signs = np.array([nodes[code].direction for code in table.indicators], dtype=float)
    for rows in blocks if blocks is not None else (np.arange(len(table.regions)),):
        if alike is not None and alike.method == "minmax" and not alike.from_meta:
            oriented = table.values[rows] * signs
            if _all_have_a_range(oriented):
                values[rows] = scales.minmax(oriented, low=alike.low, high=alike.high)
                continue
        for column, code in enumerate(table.indicators):
            node = nodes[code]
            chosen = (by_indicator or {}).get(code, scale or Scale())
            x = table.values[rows, column] * node.direction
            if compat == "correct":
                _refuse(x, chosen, node)
            with np.errstate(divide="ignore", invalid="ignore"):
                values[rows, column] = x if np.isnan(x).all() else scale_vector(x, chosen, node)
    return table.with_values(values)


def _all_have_a_range(values: Vector) -> bool:
    """Tell whether every column has two different figures: then all are scaled in one go, and none is refused."""
    seen = ~np.isnan(values)
    if not seen.any(axis=0).all():
        return False
    return bool((np.where(seen, values, -np.inf).max(axis=0) > np.where(seen, values, np.inf).min(axis=0)).all())


def scale_vector(x: Vector, scale: Scale, node: Node) -> Vector:
    """Scale one indicator already multiplied by its direction."""

    def number(name: str, otherwise: float) -> float:
        return node.parameters.get(name, otherwise) if scale.from_meta else otherwise

    known: dict[str, Callable[[], Vector]] = {
        "minmax": lambda: scales.minmax(
            x, low=number("minmax_lower", scale.low), high=number("minmax_upper", scale.high)
        ),
        "zscore": lambda: scales.zscore(x, mean=number("zscore_mean", scale.mean), sd=number("zscore_sd", scale.sd)),
        "scaled": lambda: scales.scaled(
            x,
            lower=number("scaled_lower", scale.lower),
            upper=number("scaled_upper", scale.upper),
            factor=number("scaled_scale_factor", scale.factor),
        ),
        "dist2max": lambda: scales.to_max(x),
        "dist2ref": lambda: scales.to_reference(x, unit=scale.unit, cap=scale.cap),
        "dist2targ": lambda: scales.to_target(
            x, target=_target(scale, node), cap=bool(number("dist2targ_cap_max", scale.cap))
        ),
        "fracmax": lambda: scales.share_of_max(x),
        "rank": lambda: scales.ranks(x),
        "prank": lambda: scales.percentile_rank(x),
        "borda": lambda: scales.borda(x),
        "goalposts": lambda: scales.goalposts(
            x,
            posts=(number("goalpost_lower", scale.lower), number("goalpost_upper", scale.upper)),
            factor=number("goalpost_scale", scale.factor),
            direction=node.direction,
            truncate=bool(number("goalpost_trunc2posts", scale.truncate)),
        ),
        "custom": lambda: np.asarray(x if scale.function is None else scale.function(x), dtype=float),
        "none": lambda: x,
    }
    return known[scale.method]()


def _target(scale: Scale, node: Node) -> float:
    target = node.target if scale.target is None else scale.target
    if np.isnan(target):
        raise MethodError(f"Indicator '{node.code}' has no target. Fill the column Target of iMeta.")
    return target * node.direction


def _refuse(x: Vector, scale: Scale, node: Node) -> None:
    seen = x[~np.isnan(x)]
    if not seen.size:
        raise MethodError(
            f"Indicator '{node.code}' has no figure at all, so it cannot be scaled. Take it out, or fill it first."
        )
    if scale.method in NEED_RANGE and seen.min() == seen.max():
        raise ConstantIndicatorError(
            f"Indicator '{node.code}' is {seen[0] * node.direction:g} for every unit, so it cannot be scaled between "
            "the worst and the best. Take it out of the index, or use goalposts."
        )
    if scale.method == "fracmax" and seen.max() <= 0:
        raise MethodError(
            f"Indicator '{node.code}' has no positive figure once its direction is applied, so a share of its maximum "
            "means nothing. Use 'minmax'."
        )
    if scale.method == "dist2targ" and _target(scale, node) <= seen.min():
        raise MethodError(
            f"The target of indicator '{node.code}' ({_target(scale, node) * node.direction:g}) is not better than its "
            "worst figure. Give the target in the indicator's own unit, after denomination and treatment."
        )
