"""Each scale by hand, and what must hold for all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from beffroi.composite import scales
from beffroi.composite.coin import Framework, Node
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.scaling import Scale, scale_table
from beffroi.vocabulary.errors import MethodError

TREE = Framework((Node("x", 1, "Index", target=30.0), Node("Index", 2, "")))
DOWN = Framework((Node("x", 1, "Index", direction=-1, target=10.0), Node("Index", 2, "")))
X = np.array([10.0, 20.0, 40.0, 20.0])


@pytest.mark.parametrize(
    ("scale", "points"),
    [
        (Scale(low=1, high=4), [1, 2, 4, 2]),
        (Scale(method="zscore", mean=5, sd=0.0), [5, 5, 5, 5]),
        (Scale(method="scaled", upper=50, factor=10), [2, 4, 8, 4]),
        (Scale(method="dist2max"), [0, 1 / 3, 1, 1 / 3]),
        (Scale(method="dist2ref", unit=2), [0, 1, 3, 1]),
        (Scale(method="dist2ref", unit=2, cap=True), [0, 1, 1, 1]),
        (Scale(method="dist2targ"), [0, 0.5, 1.5, 0.5]),
        (Scale(method="dist2targ", target=20.0, cap=True), [0, 1, 1, 1]),
        (Scale(method="fracmax"), [0.25, 0.5, 1, 0.5]),
        (Scale(method="rank"), [1, 2, 4, 2]),
        (Scale(method="borda"), [0, 1, 3, 1]),
        (Scale(method="prank"), [0, 1 / 3, 1, 1 / 3]),
        (Scale(method="goalposts", lower=10, upper=30, factor=2), [0, 1, 2, 1]),
        (Scale(method="goalposts", lower=10, upper=30, factor=2, truncate=False), [0, 1, 3, 1]),
        (Scale(method="custom", function=lambda x: x / 10), [1, 2, 4, 2]),
        (Scale(method="none"), [10, 20, 40, 20]),
    ],
)
def test_a_worked_example_of_each(scale: Scale, points: list[float]) -> None:
    table = IndicatorMatrix(tuple("ABCD"), ("x",), X[:, None])

    assert scale_table(table, TREE, scale=scale).values.ravel() == pytest.approx(points)


def test_less_is_better_turns_targets_and_goalposts() -> None:
    table = IndicatorMatrix(tuple("ABCD"), ("x",), X[:, None])

    posts = scale_table(table, DOWN, scale=Scale(method="goalposts", lower=10, upper=30, factor=1))
    target = scale_table(table, DOWN, scale=Scale(method="dist2targ"))

    assert posts.values.ravel().tolist() == [1.0, 0.5, 0.0, 0.5]
    assert target.values.ravel() == pytest.approx([1.0, 2 / 3, 0.0, 2 / 3])
    with pytest.raises(MethodError, match="not better than"):
        scale_table(table, DOWN, scale=Scale(method="dist2targ", target=50.0))


@given(arrays(float, st.integers(3, 12), elements=st.integers(1, 99).map(float), unique=True))
def test_the_order_is_kept_and_a_hole_stays_a_hole(x: np.ndarray) -> None:
    holed = np.append(x, np.nan)
    for scale in (scales.minmax, scales.zscore, scales.to_max, scales.share_of_max, scales.ranks,
                  scales.percentile_rank, scales.borda, scales.scaled):  # fmt: skip
        made = scale(holed)

        assert np.isnan(made[-1])
        assert np.array_equal(np.argsort(made[:-1]), np.argsort(x))
        assert made[:-1] == pytest.approx(scale(x))
