"""By when, for all regions at once: the same answers as one region at a time."""

from __future__ import annotations

import numpy as np
import pytest

from beffroi.composite.arrivals import futures
from beffroi.composite.paces import paces
from beffroi.composite.trajectory import arrival
from beffroi.vocabulary.errors import MethodError

WEIGHTS = np.array([0.5, 0.3, 0.2])


@pytest.fixture(scope="module")
def world():
    rng = np.random.default_rng(4)
    points = rng.uniform(5, 95, (12, 3))
    slopes = rng.normal(1.0, 1.5, (12, 3))
    years = np.arange(2011, 2021)
    history = points + slopes * (years[:, None, None] - 2020) + rng.normal(0, 1.0, (10, 12, 3))
    return points, paces(history, years)


def mean(points):
    return points @ WEIGHTS


def test_all_regions_at_once_get_the_answers_of_one_at_a_time(world):
    points, moving = world

    together = futures(points, moving, scoring=mean, rng=np.random.default_rng(9), horizon=20, drawn=60)

    for row in range(points.shape[0]):
        for wanted in (1, 3, 6):
            alone = arrival(
                points, moving, row, wanted=wanted, scoring=mean, rng=np.random.default_rng(9), horizon=20, futures=60
            )
            found = together.arrival(row, wanted=wanted)
            assert found.chances == alone.chances
            assert found.standard_errors == alone.standard_errors
            assert found.never == alone.never
            assert found.path.tolist() == alone.path.tolist()
            assert found.median_year == alone.median_year or np.isnan([found.median_year, alone.median_year]).all()


def test_the_interval_holds_nine_futures_of_ten(world):
    points, moving = world
    seen = futures(points, moving, scoring=mean, rng=np.random.default_rng(9), horizon=10, drawn=200)

    for row in range(points.shape[0]):
        low, high = seen.interval(row)
        held = (seen.ranks[:, :, row] >= low[:, None]) & (seen.ranks[:, :, row] <= high[:, None])
        assert (held.mean(axis=1) >= 0.9).all()
        assert low[0] == high[0] == seen.path_ranks[0, row]


def test_what_cannot_be_looked_at_is_refused(world):
    points, moving = world
    rng = np.random.default_rng(1)
    with pytest.raises(MethodError, match="points are missing"):
        futures(points * np.nan, moving, scoring=mean, rng=rng)
    seen = futures(points, moving, scoring=mean, rng=rng, horizon=2, drawn=3)
    with pytest.raises(MethodError, match="rank 0"):
        seen.arrival(0, wanted=0)
