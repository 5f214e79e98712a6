"""Ranks by sorting whole numbers are those of counting who is above, to nine decimals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from beffroi.composite.rank import DECIMALS, rank, rank_present


def counted(scores: np.ndarray) -> np.ndarray:
    rounded = np.round(scores, DECIMALS)
    return 1 + (rounded[..., None, :] > rounded[..., :, None]).sum(axis=-1)


@given(
    arrays(
        float, st.tuples(st.integers(1, 4), st.integers(1, 9)),
        elements=st.one_of(
            st.floats(-1e3, 1e3), st.sampled_from((0.0, -0.0, 1e-10, 5e-10, 1e-9, 50.0, 50.0 + 4e-10, 1e6, -1e6))
        ),
    )
)  # fmt: skip
def test_ranks_are_counted_to_nine_decimals(scores: np.ndarray) -> None:
    assert (rank(scores) == counted(scores)).all()


@pytest.mark.parametrize("scale", [1.0, 1e7, 1e40, 1e305])
def test_scores_of_any_size_are_ranked(scale: float) -> None:
    scores = np.random.default_rng(1).normal(size=(5, 300)) * scale
    scores[:, 7] = scores[:, 9]

    assert (rank(scores) == 1 + (scores[:, None, :] > scores[:, :, None]).sum(axis=-1)).all()
    assert rank(scores)[0].tolist() == rank(scores[0]).tolist()


def test_no_scores_have_no_ranks() -> None:
    assert rank(np.zeros((0, 3))).shape == (0, 3)
    assert rank(np.zeros(0)).shape == (0,)
    assert rank(np.zeros((2, 2, 2))).tolist() == np.ones((2, 2, 2)).tolist()


def test_a_missing_score_has_rank_zero_and_counts_for_nobody() -> None:
    scores = np.array([[3.0, np.nan, 5.0, 3.0], [np.nan, np.nan, np.nan, np.nan], [1.0, 2.0, 3.0, 4.0]])

    assert rank_present(scores).tolist() == [[2, 0, 1, 2], [0, 0, 0, 0], [4, 3, 2, 1]]
