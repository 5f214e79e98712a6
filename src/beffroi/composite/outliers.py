"""Treat outliers indicator by indicator: a test, a first treatment, the test again, a second treatment."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from beffroi.composite.transform import box_cox, log_ct, log_ct_orig, log_gii
from beffroi.composite.treat import KURTOSIS_LIMIT, SKEW_LIMIT, adjusted, log_transform, shape
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from beffroi.composite.compat import Compat
    from beffroi.composite.matrix import IndicatorMatrix

    Vector = npt.NDArray[np.float64]

Method = Literal["winsorise", "log_CT", "log_CT_orig", "log_CT_plus", "log_GII", "boxcox"]
FEWEST_FIGURES = 4  # kurtosis needs four
MOST_POINTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlierSpec:
    """How one indicator is treated.

    `first` acts on what fails the test, `second` (or None) on what still fails, on the original figures, or with
    `combine` on the treated ones. The test passes when |skewness| < `skew_limit` or kurtosis < `kurtosis_limit`.
    `win_most` bounds the points winsorised (None: no bound); winsorising stops at its own limits `win_skew` and
    `win_kurtosis`. `forced`: `first` is applied, up to its bound, whatever the test says. `power` is for Box-Cox.
    """

    first: Method | None = "winsorise"
    second: Method | None = "log_CT"
    win_most: int | None = MOST_POINTS
    win_skew: float = SKEW_LIMIT
    win_kurtosis: float = KURTOSIS_LIMIT
    skew_limit: float = SKEW_LIMIT
    kurtosis_limit: float = KURTOSIS_LIMIT
    combine: bool = False
    forced: bool = False
    power: float = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done to one indicator.

    `shapes` holds (passed, skewness, kurtosis) before, and after each treatment done; `winsorised` counts the points
    moved, or is None; `marks` says for each unit what was done to its figure (`winhi`, `winlo`, `log_CT`, …).
    """

    indicator: str
    shapes: tuple[tuple[bool, float, float], ...]
    winsorised: int | None
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outliers:
    """The treated table, and the outcome for each indicator, in its order.

    `blocks` holds the outcomes of each block of rows treated apart (year of a panel, in order); `outcomes` those of
    the last.
    """

    table: IndicatorMatrix
    outcomes: tuple[Outcome, ...] = field(default=())
    blocks: tuple[tuple[Outcome, ...], ...] = field(default=())


def winsorise_tied(
    x: Vector,
    *,
    most: int | None = MOST_POINTS,
    skew_limit: float = SKEW_LIMIT,
    kurtosis_limit: float = KURTOSIS_LIMIT,
    forced: bool = False,
) -> tuple[Vector, int, tuple[str, ...]]:
    """Move the most extreme figure, with all that tie with it, to the next one, until tame or `most` were moved.

    Args:
        x: figures, none missing.
        most: points to move at most (a tie may overstep it); None: no bound.
        skew_limit: stop once |skewness| is below,
        kurtosis_limit: or excess kurtosis is.
        forced: go on to `most` even when tame.

    Returns:
        The figures, how many were moved, and `winhi` or `winlo` for each that was.

    Source: COINr's winsorise (Becker et al. 2022, doi:10.21105/joss.04567), rule of the JRC.

    >>> winsorise_tied(np.array([1.0, 1.1, 1.2, 1.3, 1.25, 1.15, 9.0]))[1:]
    (1, ('', '', '', '', '', '', 'winhi'))
    """
    out = x.copy()
    high = low = np.zeros(x.shape, dtype=bool)
    moved = 0
    while most is None or moved < most:
        top, bottom = out.max(), out.min()
        tall, heavy = shape(out)
        if top == bottom or (not forced and (abs(tall) < skew_limit or heavy < kurtosis_limit)):
            break
        if tall >= 0:
            high = out == top
            out[high] = out[~high].max()
        else:
            low = out == bottom
            out[low] = out[~low].min()
        moved = int(np.count_nonzero(high) + np.count_nonzero(low))
    marks = tuple("winlo" if b else "winhi" if a else "" for a, b in zip(high, low, strict=True))
    return out, moved, marks


def log_ct_plus(x: Vector) -> Vector:
    """Return `log_ct`, mirrored when the tail is on the left, so that either tail is pulled in. NaN stays NaN.

    >>> log_ct_plus(np.array([0.0, 0.5, 0.6, np.nan])).round(3).tolist()
    [0.501, 2.244, 5.116, nan]
    """
    out = np.full(x.shape, np.nan)
    present = ~np.isnan(x)
    out[present] = log_transform(x[present])
    return out


def treat_outliers(
    table: IndicatorMatrix,
    *,
    spec: OutlierSpec | None = None,
    by_indicator: Mapping[str, OutlierSpec | None] | None = None,
    blocks: Sequence[npt.NDArray[np.intp]] | None = None,
    compat: Compat = "correct",
) -> Outliers:
    """Treat each indicator by its specification.

    Args:
        table: units × indicators, each in its own unit; missing figures stay missing and count in no test.
        spec: for every indicator not named in `by_indicator`.
        by_indicator: indicator → its own specification, or None to leave it as it is.
        blocks: rows to be treated apart from each other (years of a panel); None: all rows together.
        compat: `coinr` ignores `forced` on an indicator that passes the test, and returns log_GII's input.

    Returns:
        The treated table, where an indicator is in its own unit, winsorised, or transformed; and what was done.

    Raises:
        MethodError: a specification names an indicator that is not in the table.

    Source: OECD/JRC (2008), Handbook, section 1.4; COINr's Treat.

    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> m = IndicatorMatrix(tuple("abcdefg"), ("x",), np.array([[1.0, 1.1, 1.2, 1.3, 1.25, 1.15, 9.0]]).T)
    >>> treat_outliers(m).outcomes[0].winsorised
    1
    """
    unknown = sorted(set(by_indicator or {}) - set(table.indicators))
    if unknown:
        raise MethodError(f"'{unknown[0]}' has a treatment but is not in the table. Check its code.")
    chosen = {one: (by_indicator or {}).get(one, spec or OutlierSpec()) for one in table.indicators}
    values = table.values.copy()
    found: list[tuple[Outcome, ...]] = []
    for rows in blocks if blocks is not None else (np.arange(len(table.regions)),):
        outcomes, blank = [], ("",) * len(rows)
        tame = _tame_already(table.values[rows], list(chosen.values()))
        for column, indicator in enumerate(table.indicators):
            if column in tame:
                outcomes.append(Outcome(indicator, (tame[column],), None, blank))
                continue
            values[rows, column], outcome = treat_vector(table.values[rows, column], chosen[indicator], compat=compat)
            outcomes.append(replace(outcome, indicator=indicator))
        found.append(tuple(outcomes))
    return Outliers(table.with_values(values), found[-1], tuple(found))


def _tame_already(values: Vector, chosen: Sequence[OutlierSpec | None]) -> dict[int, tuple[bool, float, float]]:
    """Test all columns at once, which is most of the work: the shape of each that passes, and so stays as it is."""
    present = ~np.isnan(values)
    count = present.sum(axis=0)
    filled = np.where(present, values, 0.0)
    d = np.where(present, values - filled.sum(axis=0) / np.maximum(count, 1), 0.0)
    square = d * d
    out = {}
    moments = np.stack([square.sum(axis=0), (square * d).sum(axis=0), (square * square).sum(axis=0)], axis=1)
    for column, (spec, n, (m2, m3, m4)) in enumerate(zip(chosen, count.tolist(), moments.tolist(), strict=True)):
        if spec is None or spec.first is None or spec.forced or n < FEWEST_FIGURES or m2 == 0:
            continue
        tall, heavy = adjusted(n, m2 / n, m3 / n, m4 / n)
        if abs(tall) < spec.skew_limit or heavy < spec.kurtosis_limit:
            out[column] = (True, tall, heavy)
    return out


def treat_vector(x: Vector, spec: OutlierSpec | None, *, compat: Compat = "correct") -> tuple[Vector, Outcome]:
    """Treat one indicator: figures with NaN where missing in, treated figures and the outcome out.

    Fewer than four figures, or figures that are all equal, are left as they are.
    """
    present = ~np.isnan(x)
    seen = x[present]
    blank = ("",) * x.size
    if spec is None or spec.first is None or seen.size < FEWEST_FIGURES or seen.min() == seen.max():
        return x.copy(), Outcome("", (), None, blank)
    shapes = [_shape(seen, spec)]
    if shapes[0][0] and not (spec.forced and compat == "correct"):
        return x.copy(), Outcome("", tuple(shapes), None, blank)
    if compat == "coinr" and spec.second is None and spec.first != "winsorise":
        return x.copy(), Outcome("", tuple(shapes), None, blank)
    done, moved, marks = _apply(spec.first, seen, spec, compat)
    shapes.append(_shape(done, spec))
    if not shapes[1][0] and spec.second is not None:
        done, again, second = _apply(spec.second, done if spec.combine else seen, spec, compat)
        moved = moved if again is None else again
        marks = tuple(f"{a}+{b}" if b else a for a, b in zip(marks, second, strict=True))
        shapes.append(_shape(done, spec))
    out, said = x.copy(), np.array(blank, dtype=object)
    out[present], said[present] = done, marks
    return out, Outcome("", tuple(shapes), moved, tuple(map(str, said)))


def _shape(x: Vector, spec: OutlierSpec) -> tuple[bool, float, float]:
    tall, heavy = shape(x)
    return abs(tall) < spec.skew_limit or heavy < spec.kurtosis_limit, tall, heavy


def _apply(method: Method, x: Vector, spec: OutlierSpec, compat: Compat) -> tuple[Vector, int | None, tuple[str, ...]]:
    if method == "winsorise":
        return winsorise_tied(
            x, most=spec.win_most, skew_limit=spec.win_skew, kurtosis_limit=spec.win_kurtosis, forced=spec.forced
        )
    functions: dict[str, Callable[[Vector], Vector]] = {
        "log_CT": log_ct,
        "log_CT_orig": log_ct_orig,
        "log_CT_plus": log_ct_plus,
        "log_GII": lambda y: log_gii(y, compat=compat),
        "boxcox": lambda y: box_cox(y, power=spec.power),
    }
    return functions[method](x), None, (str(method),) * x.size
