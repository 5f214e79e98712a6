"""What a question about effort starts from: heads from peers, costs from paces, and the full scorer of an index."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.build import build
from beffroi.composite.gap_question import Question
from beffroi.composite.goalposts import to_figures
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from beffroi.catalogue.schema import Index
    from beffroi.composite.build import Built
    from beffroi.composite.gap import Scorer

    Floats = npt.NDArray[np.float64]

BEST_PEERS = 0.9  # what one peer in ten reaches is within reach


def heads(points: Floats, row: int, *, peers: Sequence[int] | None = None, quantile: float = BEST_PEERS) -> Floats:
    """Return how far the region is behind its best peers on each indicator, in points, 0 where it is ahead.

    Args:
        points: regions × indicators, more is better; NaN is left out.
        row: the region.
        peers: rows it is compared with; all others when not given.
        quantile: what counts as best among the peers (0..1).

    Returns:
        One head an indicator; 0 where the region or all its peers have no figure.

    >>> heads(np.array([[10.0, 90.0], [50.0, 50.0], [60.0, 60.0]]), 0, quantile=1.0).tolist()
    [50.0, 0.0]
    """
    rows = [one for one in range(points.shape[0]) if one != row] if peers is None else list(peers)
    if not rows:
        raise MethodError("No peer was given, so nothing says how far a region can go. Give at least one.")
    peers_seen = points[rows]
    whole = ~np.isnan(peers_seen).any(axis=0)
    best = np.full(points.shape[1], np.nan)
    best[whole] = np.quantile(peers_seen[:, whole], quantile, axis=0)  # all at once: one by one takes ten times as long
    for column in np.flatnonzero(~whole):
        seen = peers_seen[~np.isnan(peers_seen[:, column]), column]
        best[column] = np.quantile(seen, quantile) if seen.size else np.nan
    ahead: Floats = np.nan_to_num(np.maximum(best - points[row], 0.0))
    return ahead


def peer_years(yearly_progress: Floats, *, quantile: float = 0.5) -> Floats:
    """Return what one point costs on each indicator, in years of a typical peer.

    Args:
        yearly_progress: peers × indicators, points gained a year (trends); NaN is left out.
        quantile: which peer is typical: 0.5 the median one, 0.75 one that does well.

    Returns:
        1 / progress of the typical peer; infinite where the typical peer does not progress at all.

    >>> peer_years(np.array([[1.0, -1.0], [2.0, -2.0], [4.0, 0.0]])).tolist()
    [0.5, inf]
    """
    out = np.full(yearly_progress.shape[1], np.inf)
    for column in range(out.size):
        seen = yearly_progress[~np.isnan(yearly_progress[:, column]), column]
        pace = float(np.quantile(seen, quantile)) if seen.size else 0.0
        if pace > 0:
            out[column] = 1.0 / pace
    return out


def question_of(built: Built, region: str, *, cost: Floats, head: Floats) -> Question:
    """Return the question about one region of a built index; cost and head in the order of its indicators."""
    return Question(
        built.regions, built.normalised.indicators, built.normalised.values, built.shape.effective, region, cost, head
    )


def rebuild(built: Built, index: Index) -> Scorer:
    """Return a scorer that takes points back to figures and makes the whole index again, moving goalposts included.

    Args:
        built: the index of today.
        index: its definition, unchanged.

    Returns:
        A function from points (regions × indicators, on today's scale) to true scores; see `built_after`.
    """
    return lambda points: built_after(built, index, points).scores


def built_after(built: Built, index: Index, points: Floats) -> Built:
    """Build the index again from the figures that stand for other points.

    Args:
        built: the index of today.
        index: its definition, unchanged.
        points: regions × indicators, on today's scale.

    Returns:
        A new build. Only cells that differ from today's are taken back to figures (through scale, logarithm and
        direction); all others keep theirs, and a missing figure stays missing. Screening is kept; imputation,
        treatment, scaling and means are done anew.

    Raises:
        MethodError: a step cannot be applied to the new figures.
    """
    figures = built.screened.matrix.values.copy()
    changed = points != built.normalised.values
    for column in np.flatnonzero(changed.any(axis=0)):
        rows = changed[:, column]
        figures[rows, column] = to_figures(built, index, int(column), points[rows, column])
    return build(
        built.screened.matrix.with_values(figures),
        replace(index, min_indicator_coverage=0.0, min_region_coverage=0.0),
        directions=dict(zip(built.normalised.indicators, built.directions, strict=True)),
        countries=dict(zip(built.regions, built.countries, strict=True)),
    )
