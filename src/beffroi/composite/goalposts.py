"""Today's scale held fast: figures of other years or of changed regions to points, and points back to figures.

An index scaled between its worst and best region has goalposts that move with them. To look ahead, to try a move or
to merge regions, the goalposts of one build are kept: its treatment, its scale, its direction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.normalise import POINTS_AT_MEAN, POINTS_PER_DEVIATION, positions
from beffroi.composite.transform import LOG_SHIFT
from beffroi.composite.treat import skew
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.catalogue.schema import Index
    from beffroi.composite.build import Built

    Floats = npt.NDArray[np.float64]


def to_points(built: Built, index: Index, figures: Floats) -> Floats:
    """Bring figures onto the scale of a build, without fitting it anew.

    Args:
        built: the build whose goalposts are kept.
        index: its definition.
        figures: … × indicators, raw, in the order of the build's indicators; NaN stays NaN.

    Returns:
        Points of the same shape. They may leave 0–100 where a figure lies beyond all of the build's, except on a
        winsorised or percentile scale, which ends where the build's does.

    Raises:
        MethodError: another number of indicators.

    Source: OECD/JRC (2008), Handbook, section 1.5 (comparison over time needs fixed bounds).
    """
    indicators = built.normalised.indicators
    if figures.shape[-1] != len(indicators):
        raise MethodError(
            f"Figures of {figures.shape[-1]} indicators were given; the index has {len(indicators)} after screening. "
            f"Give these, in this order: {', '.join(indicators)}."
        )
    out = np.empty(figures.shape)
    for column in range(len(indicators)):
        scale = built.directions[column] * built.treated.matrix.values[:, column]
        x = built.directions[column] * _treated(built, column, figures[..., column])
        if index.normalisation == "min_max":
            out[..., column] = (x - scale.min()) / np.ptp(scale) * 100.0
        elif index.normalisation == "z_score":
            out[..., column] = POINTS_AT_MEAN + POINTS_PER_DEVIATION * (x - scale.mean()) / scale.std(ddof=1)
        else:
            order = np.argsort(scale)
            out[..., column] = np.interp(x, scale[order], positions(scale)[order] * 100.0)
    return out


def to_figures(built: Built, index: Index, column: int, points: Floats) -> Floats:
    """Take points of one indicator back to figures: the inverse of `to_points`.

    Args:
        built: the build whose goalposts are kept.
        index: its definition.
        column: the indicator's place.
        points: any shape; NaN stays NaN.

    Returns:
        Figures in the indicator's unit. On a percentile scale, between the figures seen, which end at 0 and 100.
    """
    scale = built.directions[column] * built.treated.matrix.values[:, column]
    if index.normalisation == "min_max":
        back = scale.min() + points / 100.0 * np.ptp(scale)
    elif index.normalisation == "z_score":
        back = scale.mean() + (points - POINTS_AT_MEAN) / POINTS_PER_DEVIATION * scale.std(ddof=1)
    else:
        order = np.argsort(scale)
        back = np.interp(points, positions(scale)[order] * 100.0, scale[order])
    back = built.directions[column] * back
    if built.treated.decisions[column].method != "log":
        return np.asarray(back)
    before = built.imputed.matrix.values[:, column]
    shift = LOG_SHIFT * float(np.ptp(before))
    if skew(before) > 0:
        return np.asarray(np.exp(back) + before.min() - shift)
    return np.asarray(before.max() + shift - np.exp(-back))


def _treated(built: Built, column: int, figures: Floats) -> Floats:
    method, before = built.treated.decisions[column].method, built.imputed.matrix.values[:, column]
    if method == "winsorised":
        moved = built.treated.matrix.values[:, column]
        return np.asarray(np.clip(figures, moved.min(), moved.max()))
    if method != "log":
        return figures
    shift = LOG_SHIFT * float(np.ptp(before))
    if skew(before) > 0:  # a logarithm ends at the least figure seen
        return np.asarray(np.log(np.maximum(figures, before.min()) - before.min() + shift))
    return np.asarray(-np.log(before.max() - np.minimum(figures, before.max()) + shift))
