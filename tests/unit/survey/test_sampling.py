"""Designs are checked once; variance is what repeated drawing shows."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from beffroi.survey import design, design_effect, mean, ratio, total, weighting_effect
from beffroi.survey.variance import variance_of_total
from beffroi.vocabulary.errors import MethodError


def test_weights_follow_from_the_populations_of_all_stages():
    found = design(4, units=[["p", "p", "q", "q"], ["1", "2", "1", "2"]], population=[[10] * 4, [4, 4, 6, 6]])

    assert found.weights.tolist() == [10, 10, 15, 15]  # 10/2 · 4/2 and 10/2 · 6/2
    assert found.degrees_of_freedom == 1
    assert design(2, units=[["p", "q"], ["1", "1"]], population=[[10, 10]]).weights.tolist() == [5, 5]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"strata": ["a"]}, "strata has 1"),
        ({"units": [["p", "q"]], "weights": [1.0]}, "weights has 1"),
        ({}, "Neither weights nor populations"),
        ({"weights": [1.0, 0.0]}, "not above 0"),
        ({"weights": [1.0, np.nan]}, "not above 0"),
        ({"population": [[10, 20]]}, "differ within a stratum"),
        ({"population": [[1, 1]]}, "smaller than what was drawn"),
        ({"population": [[np.nan, np.nan]]}, "missing"),
        ({"population": [[10, 10], [10, 10]]}, "every stage"),
        ({"units": [["p", "p"]], "strata": ["a", "b"], "weights": [1, 1]}, "two strata"),
    ],
)
def test_designs_that_cannot_be_are_refused(given, said):
    with pytest.raises(MethodError, match=said):
        design(2, **given)


def test_nobody_answered():
    with pytest.raises(MethodError, match="nobody answered"):
        design(0)


def test_the_variance_of_every_possible_sample_is_estimated_without_bias():
    """Two strata of a population of ten: every sample of 2 and 3 is drawn once. The estimates scatter by exactly what
    the formula says on average."""
    first, second = np.array([1.0, 4.0, 9.0, 2.0]), np.array([3.0, 8.0, 8.0, 1.0, 6.0, 5.0])
    strata, population = ["a"] * 2 + ["b"] * 3, [[4, 4, 6, 6, 6]]
    drawn = design(5, strata=strata, population=population)
    found = [
        total(np.array([*one, *two]), drawn)
        for one in itertools.combinations(first, 2)
        for two in itertools.combinations(second, 3)
    ]

    values = np.array([one.value for one in found])
    assert values.mean() == pytest.approx(first.sum() + second.sum())
    assert np.mean([one.standard_error**2 for one in found]) == pytest.approx(values.var())


def test_two_stages_are_estimated_without_bias():
    """Every sample of two of three clusters, and of two units in each."""
    clusters = [np.array([1.0, 5.0, 9.0]), np.array([2.0, 3.0]), np.array([7.0, 7.0, 1.0, 4.0])]
    values, variances, chance = [], [], []
    for pair in itertools.combinations(range(3), 2):
        inside = [list(itertools.combinations(clusters[k], 2)) for k in pair]
        for one, two in itertools.product(*inside):
            drawn = design(
                4,
                units=[["p", "p", "q", "q"], ["1", "2", "1", "2"]],
                population=[[3] * 4, [clusters[pair[0]].size] * 2 + [clusters[pair[1]].size] * 2],
            )
            found = total(np.array([*one, *two]), drawn)
            values.append(found.value)
            variances.append(found.standard_error**2)
            chance.append(1 / (3 * len(inside[0]) * len(inside[1])))
    values, variances, chance = map(np.array, (values, variances, chance))

    assert chance.sum() == pytest.approx(1)
    mean_value = (chance * values).sum()
    assert mean_value == pytest.approx(sum(one.sum() for one in clusters))
    assert (chance * variances).sum() == pytest.approx((chance * (values - mean_value) ** 2).sum())


def test_asking_everybody_leaves_no_doubt():
    found = total([1.0, 2.0, 3.0], design(3, population=[[3, 3, 3]]))

    assert (found.value, found.standard_error) == (6, 0)


def test_a_domain_keeps_its_place_in_the_design():
    """The others are not dropped: that their number varies is part of the doubt."""
    drawn = design(4, population=[[40] * 4])
    y = np.array([5.0, 5.0, np.nan, 1.0])
    inside = [True, True, False, False]
    found = total(y, drawn, domain=inside)

    assert found.value == 100
    assert found.answers == 2
    assert found.standard_error == pytest.approx(total([5.0, 5.0, 0.0, 0.0], drawn).standard_error)
    assert mean(y, drawn, domain=inside).value == 5
    assert np.isnan(total(y, drawn).value)
    assert np.isnan(mean(y, drawn).low)
    assert np.isnan(ratio([1.0] * 4, [0.0] * 4, drawn).value)


def test_a_mean_is_a_ratio_of_totals_and_not_a_mean_of_ratios():
    exports, revenue = [0.0, 90.0], [10.0, 100.0]

    assert ratio(exports, revenue, design(2, weights=[1, 1])).value == pytest.approx(90 / 110)


def test_intervals_of_means_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(11)
    people = [rng.normal(10, 3, 60), rng.normal(30, 9, 40)]
    truth = np.concatenate(people).mean()
    drawn = design(22, strata=["a"] * 12 + ["b"] * 10, population=[[60] * 12 + [40] * 10])
    samples = [np.concatenate([rng.choice(p, n, replace=False) for p, n in zip(people, (12, 10), strict=True)])
               for _ in range(800)]  # fmt: skip
    found = [mean(one, drawn) for one in samples]

    assert 0.92 < np.mean([one.low <= truth <= one.high for one in found]) < 0.98


def test_one_unit_of_several_shows_no_variance_and_is_refused():
    lonely = design(3, strata=["a", "b", "b"], population=[[5, 9, 9]])
    with pytest.raises(MethodError, match="single unit"):
        total([1.0, 2.0, 3.0], lonely)
    alone = design(3, strata=["a", "b", "b"], population=[[1, 9, 9]])
    assert total([1.0, 2.0, 3.0], alone).standard_error > 0  # the only one there is: nothing to guess


def test_effects_of_design_and_of_weights():
    y = np.array([1.0, 1.0, 9.0, 9.0])
    strata = design(4, strata=["a", "a", "b", "b"], population=[[20] * 4])
    clusters = design(4, units=[["p", "p", "q", "q"]], weights=[10] * 4)

    assert design_effect(y, strata) == pytest.approx(0)
    assert design_effect(y, clusters, replacement=True) == pytest.approx(3)
    assert np.isnan(design_effect([1.0, 2.0], design(2, population=[[2, 2]])))
    assert np.isnan(design_effect([1.0], design(1, weights=[2.0])))
    w = np.array([1.0, 2.0, 5.0])
    assert weighting_effect(w) == pytest.approx(1 + (w.std() / w.mean()) ** 2)
    with pytest.raises(MethodError, match="not above 0"):
        weighting_effect([1.0, 0.0])


def test_bad_questions_are_refused():
    drawn = design(2, weights=[1, 1])
    with pytest.raises(MethodError, match="one a row"):
        total([1.0], drawn)
    with pytest.raises(MethodError, match="at least one inside"):
        total([1.0, 2.0], drawn, domain=[False, False])
    with pytest.raises(MethodError, match="level"):
        total([1.0, 2.0], drawn, level=95)
    assert np.isnan(variance_of_total(np.array([np.nan, 1.0]), drawn))
