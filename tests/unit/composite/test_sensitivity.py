"""Shares of variance: known ones (Ishigami, a sum), SALib on the same design, and those of a built index."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beffroi.composite.rank import rank
from beffroi.composite.sensitivity import DesignError, choice, design, sobol_indices
from beffroi.composite.sensitivity_rank import FACTORS, draws_at, hangs_on, rank_sensitivity, scores_at
from beffroi.composite.uncertainty import CHOICES, run
from beffroi.vocabulary.errors import MethodError


def ishigami(u):
    x = np.pi * (2 * u - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def rng():
    return np.random.default_rng(2026)


def test_ishigami_has_its_analytic_shares():
    """V = a²/8 + bπ⁴/5 + b²π⁸/18 + 1/2 with a = 7, b = 0.1 (Ishigami & Homma 1990)."""
    a, b = 7.0, 0.1
    v1, v2 = 0.5 * (1 + b * np.pi**4 / 5) ** 2, a**2 / 8
    v13 = b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    v = v1 + v2 + v13
    laid_out = design([[0], [1], [2]], 2**14, rng=rng())

    s = sobol_indices(ishigami(laid_out.points), laid_out, rng=rng())

    np.testing.assert_allclose(s.first[:, 0], [v1 / v, v2 / v, 0.0], atol=0.005)
    np.testing.assert_allclose(s.total[:, 0], [(v1 + v13) / v, v2 / v, v13 / v], atol=0.005)
    assert s.variance[0] == pytest.approx(v, rel=0.005)
    assert (s.first_low <= s.first).all()
    assert (s.first <= s.first_high).all()
    assert (s.total_low <= s.total).all()
    assert (s.total <= s.total_high).all()


def test_estimates_equal_those_of_salib_on_the_same_design():
    sobol = pytest.importorskip("SALib.analyze.sobol", reason="SALib is an oracle, not a dependency")
    n, d = 512, 3
    laid_out = design([[0], [1], [2]], n, rng=rng())
    y = ishigami(laid_out.points) + 100.0

    ours = sobol_indices(y, laid_out, rng=rng(), resamples=0)
    blocks = y.reshape(d + 2, n)
    theirs_order = np.stack([blocks[0], *blocks[2:], blocks[1]], axis=1).ravel()  # A, AB…, B for each base point
    problem = {"num_vars": d, "names": list("abc"), "bounds": [[0, 1]] * d}
    theirs = sobol.analyze(problem, theirs_order, calc_second_order=False, num_resamples=2, seed=1)

    np.testing.assert_allclose(ours.first[:, 0], theirs["S1"], rtol=1e-9)
    np.testing.assert_allclose(ours.total[:, 0], theirs["ST"], rtol=1e-9)
    assert np.isnan(ours.first_low).all()


@given(st.floats(-1e3, 1e3), st.floats(0.1, 100), st.integers(0, 99))
@settings(max_examples=20)
def test_a_change_of_origin_and_unit_changes_nothing(origin: float, unit: float, seed: int):
    laid_out = design([[0, 2], [1]], 64, rng=np.random.default_rng(seed))
    y = ishigami(laid_out.points)

    one = sobol_indices(y, laid_out, rng=rng(), resamples=0)
    other = sobol_indices(origin + unit * y, laid_out, rng=rng(), resamples=0)

    np.testing.assert_allclose(one.first, other.first, atol=1e-7)
    np.testing.assert_allclose(one.total, other.total, atol=1e-7)


def test_a_sum_of_a_choice_and_a_number_by_hand():
    """y = 3·[second of two choices] + u: variances 9/4 and 1/12, so shares 27/28 and 1/28, and no interaction."""
    laid_out = design([[0], [1]], 2**12, rng=rng())
    y = 3.0 * choice(laid_out.points[:, 0], 2) + laid_out.points[:, 1]

    s = sobol_indices(np.column_stack([y, np.ones_like(y)]), laid_out, rng=rng())

    np.testing.assert_allclose(s.first[:, 0], [27 / 28, 1 / 28], atol=0.005)
    np.testing.assert_allclose(s.total[:, 0], [27 / 28, 1 / 28], atol=0.005)
    assert np.isnan(s.first[:, 1]).all()


def test_many_outputs_at_once_equal_each_alone():
    laid_out = design([[0], [1], [2]], 64, rng=rng())
    y = ishigami(laid_out.points)[:, None] + laid_out.points @ np.arange(3 * 150.0).reshape(3, 150) / 100

    together = sobol_indices(y, laid_out, rng=np.random.default_rng(1))

    for k in (0, 63, 64, 149):
        alone = sobol_indices(y[:, k], laid_out, rng=np.random.default_rng(1))
        np.testing.assert_allclose(together.total[:, k], alone.total[:, 0])
        np.testing.assert_allclose(together.first_low[:, k], alone.first_low[:, 0])


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    held = 0
    for seed in range(40):
        laid_out = design([[0], [1]], 128, rng=np.random.default_rng(seed))
        y = laid_out.points @ np.array([1.0, 2.0])
        s = sobol_indices(y, laid_out, rng=np.random.default_rng(seed))
        held += int(s.total_low[1, 0] <= 0.8 <= s.total_high[1, 0])

    assert held >= 34


@pytest.mark.parametrize(("groups", "n"), [([[0], [0]], 8), ([[0], [2]], 8), ([], 8), ([[0]], 12), ([[0]], 1)])
def test_designs_that_make_no_sense_are_refused(groups, n):
    with pytest.raises(DesignError):
        design(groups, n, rng=rng())


def test_outputs_that_do_not_fit_are_refused():
    laid_out = design([[0]], 4, rng=rng())

    with pytest.raises(DesignError, match="7 outputs were given for 12"):
        sobol_indices(np.zeros(7), laid_out, rng=rng())
    with pytest.raises(DesignError, match="not a number"):
        sobol_indices(np.full(12, np.nan), laid_out, rng=rng())


def test_the_nominal_point_gives_the_nominal_scores_and_the_same_points_the_same_scenarios(make, trial_index):
    from scipy.stats import qmc  # noqa: PLC0415 -- one test only

    built = make(trial_index)
    spec = trial_index.uncertainty
    middle = np.full((1, CHOICES + 2 + 4), 0.5)
    middle[0, :CHOICES] = 0.0

    np.testing.assert_allclose(scores_at(built, trial_index, middle)[0], built.scores, rtol=1e-12)
    u = qmc.Sobol(CHOICES + 6, scramble=True, rng=np.random.default_rng(spec.seed)).random(spec.scenarios)
    np.testing.assert_array_equal(scores_at(built, trial_index, u), run(built, trial_index).scores)
    with pytest.raises(MethodError, match="need 10"):
        draws_at(u[:, :5], spec, built.shape)


def test_a_rank_hangs_only_on_what_varies(make, trial_index):
    built = make(trial_index)
    only = replace(
        trial_index.uncertainty, pillar_spread=0.0, indicator_spread=0.0, imputation_draws=1,
        treatments=("winsorise_or_log",), aggregations=("arithmetic",),
    )  # fmt: skip
    result = rank_sensitivity(built, replace(trial_index, uncertainty=only), 1024, rng=rng())

    moving = [k for k in range(20) if not np.isnan(result.by_region.total[0, k])]
    assert moving
    for k in moving:
        hangs = hangs_on(result, result.regions[k])
        assert hangs[0].factor == "normalisation"
        assert hangs[0].total == pytest.approx(1.0, abs=0.1)
        assert [h.total for h in hangs[1:]] == [0.0] * 5
    for k in set(range(20)) - set(moving):
        assert hangs_on(result, result.regions[k]) == ()


def test_every_region_and_the_mean_change_have_their_shares(make, trial_index):
    built = make(trial_index)

    result = rank_sensitivity(built, trial_index, 128, rng=rng())

    assert result.factors == FACTORS
    assert result.ranks.shape == (128 * 8, 20)
    assert result.by_region.first.shape == (6, 20)
    assert result.overall.total.shape == (6, 1)
    change = np.abs(result.ranks - rank(built.scores)).mean(axis=1)
    assert result.overall.variance[0] == pytest.approx(np.concatenate([change[:128], change[128:256]]).var())
    with pytest.raises(MethodError, match="'XX' is not among the 20"):
        hangs_on(result, "XX")
