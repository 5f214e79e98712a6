"""By when would a unit of a panel hold a rank, everybody going on at its own pace on one fixed scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.gap import threshold
from beffroi.composite.gap_inputs import peer_years
from beffroi.composite.paces import paces
from beffroi.composite.steps import Normalise
from beffroi.composite.trajectory import ahead, arrival, required_pace
from beffroi.composite.tree_score import points_of, tree_of
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from beffroi.composite.recipe import IndexBuild
    from beffroi.composite.trajectory import Arrival, RequiredPace
    from beffroi.composite.tree_score import TreeScore

    Floats = npt.NDArray[np.float64]

ENDED = frozenset({"minmax", "goalposts", "dist2max", "prank"})  # scales that nothing can leave


@dataclass(frozen=True, slots=True)
class Journey:
    """A unit on its way to rank `wanted`.

    `today` its rank in `year`, the last of the panel; `paces` what it would need to be there in 5, 10 and 20 years;
    `moving` the share of the index's weight whose indicators have five years or more: the rest stands still.
    """

    unit: str
    wanted: int
    year: int
    today: int
    arrival: Arrival
    paces: tuple[RequiredPace, ...]
    moving: float


def journey(
    built: IndexBuild,
    unit: str,
    *,
    wanted: int,
    rng: np.random.Generator,
    horizon: int = 30,
    futures: int = 500,
) -> Journey:
    """Say by when a unit first holds a rank.

    Args:
        built: a panel of five years or more whose years share one scale (`Normalise(pooled=True)`).
        unit: its code; it and all others have every figure in the last year.
        wanted: rank to reach.
        rng: draws the futures.
        horizon: years looked ahead.
        futures: how many are drawn.

    Returns:
        Arrival and required paces. Units without a row in the last year take no part.

    Raises:
        MethodError: no panel, years of scales apart, an unknown unit, or a figure of the last year is missing.

    >>> from beffroi.composite import build_index, example_panel
    >>> found = journey(build_index(example_panel()), "Dogwood", wanted=5, rng=np.random.default_rng(1))
    >>> found.today, found.arrival.median_year, found.moving
    (7, 13.0, 1.0)
    """
    years, codes, history = history_of(built)
    tree = tree_of(built)
    points = history[-1]
    holes = np.argwhere(np.isnan(points))
    if holes.size:
        i, j = (int(k) for k in holes[0])
        raise MethodError(
            f"'{tree.indicators[j]}' is missing for {codes[i]} in {years[-1]}. Add a step `impute` (by panel)."
        )
    if unit not in codes:
        raise MethodError(f"'{unit}' has no row in {years[-1]}, the last year. Ask for a unit that has.")
    tree.refuse_low(points, codes)
    row = codes.index(unit)
    speed = paces(history, years, ends=_ends(built))
    seen = arrival(points, speed, row, wanted=wanted, scoring=tree, rng=rng, horizon=horizon, futures=futures)
    needed = []
    for later in (5, 10, 20):
        goal = threshold(tree(ahead(points, speed, row, years=later)), row, wanted)
        if np.isfinite(goal):
            needed.append(required_pace(_past(tree, history), row, threshold=goal, years=later))
    moving = float(tree.weights[speed.known].sum())
    return Journey(unit, wanted, int(years[-1]), int(seen.path[0]), seen, tuple(needed), moving)


def years_of_peers(built: IndexBuild, *, peers: Sequence[str] | None = None) -> dict[str, float]:
    """Return what one point costs on each indicator: years of a typical unit, from the paces of a panel.

    Args:
        built: a panel of five years or more whose years share one scale.
        peers: the units whose pace is typical; all when not given.

    Returns:
        Code → years for one point; infinite where the typical unit does not progress or no pace is known.

    Raises:
        MethodError: no panel, or an unknown peer.

    >>> from beffroi.composite import build_index, example_panel
    >>> {code: round(years, 2) for code, years in years_of_peers(build_index(example_panel())).items()}
    {'fibre': 0.28, 'masts': 0.28, 'coders': 0.66, 'leavers': 0.46, 'founders': 0.89}
    """
    years, codes, history = history_of(built)
    unknown = sorted(set(peers or ()) - set(codes))
    if unknown:
        raise MethodError(f"Peer '{unknown[0]}' has no row in {years[-1]}. Give codes of units of the last year.")
    speed = paces(history, years, ends=_ends(built))
    rows = list(range(len(codes))) if peers is None else [codes.index(one) for one in peers]
    slopes = np.where(speed.known, speed.shrunk, np.nan)[rows]
    return dict(zip(tree_of(built).indicators, peer_years(slopes).tolist(), strict=True))


def history_of(built: IndexBuild) -> tuple[npt.NDArray[np.int64], tuple[str, ...], Floats]:
    """Return years (ascending), the units of the last year, and points: years × units × indicators, NaN if missing.

    Raises:
        MethodError: no panel, or each year has a scale of its own.
    """
    coin = built.coin
    if not coin.times:
        raise MethodError("One year was given; a pace needs a panel: a column Time with five years or more.")
    step = next((one for one in built.recipe.steps if isinstance(one, Normalise)), None)
    if step is not None and not step.pooled:
        raise MethodError("Each year has its own scale, so points of two years do not compare. Use pooled: true.")
    points = points_of(built, complete=False)
    times = np.asarray(coin.times)
    years = np.unique(times)
    codes = tuple(coin.units[k] for k in np.flatnonzero(times == years[-1]))
    place = {code: k for k, code in enumerate(codes)}
    history = np.full((years.size, len(codes), points.shape[1]), np.nan)
    for row, (code, time) in enumerate(zip(coin.units, times, strict=True)):
        if code in place:
            history[int(np.searchsorted(years, time)), place[code]] = points[row]
    return years.astype(np.int64), codes, history


def _past(tree: TreeScore, history: Floats) -> Floats:
    """Score every past year; NaN where a figure is missing."""
    whole = ~np.isnan(history).any(axis=2)
    out = np.full(whole.shape, np.nan)
    out[whole] = tree(history[whole])
    return out


def _ends(built: IndexBuild) -> tuple[float, float]:
    """Return the ends of the scale all indicators share; infinite where there is none."""
    step = next(one for one in built.recipe.steps if isinstance(one, Normalise))
    scale = step.scale
    if step.by_indicator or (scale is not None and scale.method not in ENDED):
        return -np.inf, np.inf
    if scale is None or scale.method == "minmax":
        return (0.0, 100.0) if scale is None else (scale.low, scale.high)
    return (0.0, scale.factor) if scale.method == "goalposts" else (0.0, 1.0)
