"""What must hold for any figures: units, improvement, order."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from beffroi.catalogue.schema import Index, Pillar, ProfileRule, UncertaintySpec
from beffroi.composite.build import build
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.normalise import positions
from beffroi.composite.rank import rank
from beffroi.composite.treat import is_tame, log_transform, treat, winsorise
from beffroi.vocabulary.text import Text

NAME = Text("essai", "trial")
INDICATORS = ("a", "b", "c")
figures = arrays(float, st.tuples(st.integers(6, 12), st.just(3)), elements=st.integers(1, 500).map(float), unique=True)


def index(treatment: str = "none", normalisation: str = "min_max", aggregation: str = "arithmetic") -> Index:
    spec = UncertaintySpec(8, 1, 0.5, 0.5, ("min_max",), ("arithmetic",), ("none",), 1)
    pillars = (Pillar("p", NAME, 2.0, {"a": 1.0, "b": 2.0}), Pillar("q", NAME, 1.0, {"c": 1.0}))
    return Index(
        "trial", NAME, NAME, pillars, 0.1, 0.1, "country_mean", treatment, normalisation, aggregation,  # type: ignore[arg-type]
        spec, ProfileRule(0.667, 0.333, 3, 5, 0.05), "test", "2026-11-22",
    )  # fmt: skip


def built(values: np.ndarray, chosen: Index, regions: tuple[str, ...] | None = None):
    names = regions or tuple(f"FR{i:02d}" for i in range(values.shape[0]))
    matrix = IndicatorMatrix(names, INDICATORS, values)
    return build(matrix, chosen, directions=dict.fromkeys(INDICATORS, 1), countries=dict.fromkeys(names, "FR"))


@given(figures, st.sampled_from([0.001, 0.5, 3.0, 1000.0]), st.sampled_from(["min_max", "z_score", "percentile"]))
def test_a_change_of_unit_changes_nothing(values: np.ndarray, factor: float, scale: str) -> None:
    before = built(values, index(normalisation=scale))
    after = built(values * np.array([factor, 1.0, 1.0]), index(normalisation=scale))

    np.testing.assert_allclose(after.scores, before.scores, rtol=1e-9, atol=1e-9)


@given(figures, st.integers(0, 5), st.integers(0, 2), st.integers(1, 400), st.sampled_from(["arithmetic", "geometric"]))
def test_a_better_value_never_lowers_a_score(values: np.ndarray, row: int, column: int, gain: int, mean: str) -> None:
    better = values.copy()
    better[row, column] += gain

    before, after = (built(one, index(aggregation=mean)) for one in (values, better))

    assert after.scores[row] >= before.scores[row] - 1e-9
    assert after.ranks[row] <= before.ranks[row]


@given(figures, st.randoms(use_true_random=False), st.sampled_from(["winsorise_or_log", "none"]))
def test_the_order_of_regions_changes_nothing(values: np.ndarray, random, treatment: str) -> None:
    names = [f"FR{i:02d}" for i in range(values.shape[0])]
    order = list(range(len(names)))
    random.shuffle(order)

    before = built(values, index(treatment))
    after = built(values[order], index(treatment), tuple(names[i] for i in order))

    np.testing.assert_allclose(after.scores, before.scores[order], rtol=1e-9)
    assert after.ranks.tolist() == before.ranks[order].tolist()


@given(arrays(float, st.integers(1, 30), elements=st.integers(0, 8).map(float)))
def test_a_rank_is_one_more_than_the_number_of_better_scores(scores: np.ndarray) -> None:
    obvious = [1 + sum(other > one for other in scores) for one in scores]

    assert rank(scores).tolist() == obvious


@given(arrays(float, st.integers(2, 30), elements=st.one_of(st.integers(0, 8).map(float), st.just(float("nan")))))
def test_a_position_is_the_share_of_others_done_better_than(x: np.ndarray) -> None:
    present = [value for value in x if not np.isnan(value)]
    assume(len(present) > 1)

    obvious = [
        np.nan if np.isnan(one)
        else (sum(o < one for o in present) + 0.5 * (sum(o == one for o in present) - 1)) / (len(present) - 1)
        for one in x
    ]  # fmt: skip

    np.testing.assert_allclose(positions(x), obvious)


@settings(max_examples=60)
@given(arrays(float, st.integers(8, 40), elements=st.floats(0, 1e6).map(lambda v: round(v**3 / 1e12, 4))))
def test_treatment_never_reverses_two_regions(x: np.ndarray) -> None:
    assume(x.max() > x.min())
    moved, points = winsorise(x)

    assert points <= 5
    assert all(moved[i] <= moved[k] for i in range(x.size) for k in range(x.size) if x[i] <= x[k])
    order = np.argsort(x, kind="stable")
    assert (np.diff(log_transform(x)[order]) >= 0).all()


def test_what_is_tame_is_left_alone() -> None:
    x = np.arange(20.0)
    matrix = IndicatorMatrix(tuple(f"FR{i:02d}" for i in range(20)), ("x",), x[:, None])

    assert is_tame(x)
    assert (treat(matrix, method="winsorise_or_log").matrix.values == matrix.values).all()
