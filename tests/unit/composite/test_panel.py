"""Panels: every analysis works on one year or on all, ranks are those of a year, and a shared scale is replayed."""

from __future__ import annotations

import numpy as np
import pytest

from beffroi.composite.coin import Coin, Framework, Node
from beffroi.composite.components import cronbach_alpha, principal_components
from beffroi.composite.correlate import correlations, flag_pairs, size_effects, with_ancestors
from beffroi.composite.describe import describe
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.outliers import OutlierSpec
from beffroi.composite.panel import in_each_year, one_year
from beffroi.composite.recipe import Recipe, build_index
from beffroi.composite.results import results, strengths_and_weaknesses, unit_summary
from beffroi.composite.scaling import Scale
from beffroi.composite.steps import Aggregate, Custom, Denominate, Impute, Normalise, Screen, Treat
from beffroi.composite.trend import trends
from beffroi.composite.versions import compare_builds, remove_elements
from beffroi.composite.weigh import effective_weights, optimise_weights
from beffroi.vocabulary.errors import MethodError

nan = float("nan")
TREE = Framework(
    (
        Node("x", 1, "P", weight=2.0), Node("y", 1, "P", direction=-1), Node("z", 1, "Q", denominator="size"),
        Node("w", 1, "Q"), Node("P", 2, "Index"), Node("Q", 2, "Index", weight=2.0), Node("Index", 3, ""),
    )
)  # fmt: skip
YEARS = (2019.0, 2020.0, 2021.0)
N = 24


def panel(seed=3):
    rng = np.random.default_rng(seed)
    values = rng.lognormal(sigma=1.3, size=(3 * N, 4))
    values[rng.random(values.shape) < 0.08] = nan
    units = tuple(f"U{k:02d}" for k in range(N)) * 3
    times = tuple(year for year in YEARS for _ in range(N))
    order = rng.permutation(3 * N)  # rows come in any order
    coin = Coin(
        IndicatorMatrix(units, ("x", "y", "z", "w"), values),
        TREE,
        units,
        {"side": tuple("ns"[k % 2] for k in range(3 * N))},
        {"size": rng.uniform(1, 9, 3 * N)},
        times,
    )
    return coin.rows(order)


PANEL = panel()
ALL_STEPS = Recipe(
    (
        Denominate(), Screen(least_available=0.5), Impute(group="side", centre="median"), Treat(spec=OutlierSpec()),
        Normalise(pooled=False), Aggregate(),
    )
)  # fmt: skip
APART = build_index(PANEL, ALL_STEPS)
POOLED = build_index(PANEL, Recipe((Impute(), Treat(pooled=True), Normalise(scale=Scale(low=1.0)), Aggregate())))


@pytest.mark.parametrize("year", YEARS)
def test_a_year_scaled_apart_is_the_index_of_that_year_alone(year):
    alone = build_index(PANEL.year(year), ALL_STEPS)

    seen = APART.year(year)

    assert seen.coin.units == alone.coin.units
    for name, table in alone.stages.items():
        assert np.array_equal(seen.stages[name].values, table.values, equal_nan=True)
    assert seen.outliers.outcomes == alone.outliers.outcomes
    assert seen.screening.kept.tolist() == alone.screening.kept.tolist()
    assert seen.screening.availability.units == alone.screening.availability.units
    assert np.array_equal(seen.ranks, alone.ranks)


def test_outcomes_pooled_over_years_are_cut_to_the_year():
    marks = POOLED.year(2020).outliers.outcomes[0].marks

    rows = [place for place, when in enumerate(PANEL.times) if when == 2020]
    assert marks == tuple(POOLED.outliers.outcomes[0].marks[i] for i in rows)


def test_a_panel_on_one_scale_is_replayed_with_other_choices():
    geometric = POOLED.replay(Aggregate(rules=("amean", "gmean")))
    fresh = build_index(PANEL, geometric.recipe)

    assert np.array_equal(geometric.scores, fresh.scores)
    assert geometric.last.column("x").max() == 100.0
    assert POOLED.replay(drop=(Treat,)).recipe.names == ("impute", "normalise", "aggregate")
    year = POOLED.year(2021)
    assert np.array_equal(year.replay(Aggregate(rules=("amean", "gmean"))).scores, geometric.year(2021).scores)
    assert year.coin.times == ()


def test_ranks_are_those_of_the_year_everywhere():
    table = results(POOLED, content="full", use="ranks")

    assert table.times == tuple(sorted(PANEL.times))
    for start in (0, N, 2 * N):
        assert table.ranks[start : start + N].tolist() == sorted(table.ranks[start : start + N])
        assert table.ranks[start] == 1
        assert max(table.columns["x"][start : start + N]) <= N
    one = results(POOLED, content="full", use="ranks", year=2020)
    assert one.units == table.units[N : 2 * N]
    assert one.times == ()
    assert all(np.array_equal(one.columns[k], table.columns[k][N : 2 * N]) for k in one.columns)
    inside = results(POOLED, group="side", year=2019)
    assert (inside.ranks == 1).sum() == 2


def test_one_units_place_needs_the_year():
    summary = unit_summary(POOLED, "U05", year=2020)

    assert summary == unit_summary(POOLED.year(2020), "U05")
    assert summary[0][3] == POOLED.year(2020).ranks[POOLED.year(2020).coin.units.index("U05")]
    strong, _ = strengths_and_weaknesses(APART, "U05", year=2021, top=2)
    assert strong == strengths_and_weaknesses(APART.year(2021), "U05", top=2)[0]
    assert all(one.rank <= N for one in strong)
    for ask in (unit_summary, strengths_and_weaknesses):
        with pytest.raises(MethodError, match="Say which year: 2019, 2020, 2021"):
            ask(POOLED, "U05")
    with pytest.raises(MethodError, match="no row for 1999"):
        results(POOLED, year=1999)
    with pytest.raises(MethodError, match="Leave the year out"):
        one_year(build_index(PANEL.year(2019), Recipe((Impute(), Normalise(), Aggregate()))), 2019)
    assert one_year(POOLED.year(2019), 2019).coin.units == POOLED.year(2019).coin.units


def test_elements_are_removed_in_every_year_and_the_scale_stays():
    found = remove_elements(POOLED)

    for year in YEARS:
        alone = remove_elements(POOLED.year(year))
        assert found.change_in(year) == pytest.approx(alone.mean_change)
    mean = {code: np.mean([found.change_in(year)[code] for year in YEARS]) for code in found.mean_change}
    assert found.mean_change == pytest.approx(mean)
    assert max(found.ranks["x"]) <= N
    with pytest.raises(MethodError, match="no row for 1999"):
        found.change_in(1999)


def test_versions_of_a_panel_are_compared_year_by_year():
    other = POOLED.replay(Normalise(scale=Scale(method="rank")))

    laid = compare_builds(POOLED, other)

    assert len(laid.units) == 3 * N
    for year in YEARS:
        alone = compare_builds(POOLED.year(year), other.year(year))
        rows = np.flatnonzero(np.array(laid.times) == year)
        assert [laid.units[i] for i in rows] == list(alone.units)
        assert np.array_equal(laid.difference[rows], alone.difference)
    moved = compare_builds(POOLED.year(2019), POOLED.year(2021), code="P")
    assert len(moved.units) == N
    assert moved.absolute.max() < N
    with pytest.raises(MethodError, match="One version is a panel"):
        compare_builds(POOLED, POOLED.year(2020))


def weights_found(year):
    return list(optimise_weights(year.stages["normalise"], TREE, level=2)[0].values())


@pytest.mark.parametrize(
    "analysis",
    [
        lambda year: [one.value for one in correlations(year.last, ("x",), ("y", "z"))],
        lambda year: [one.value for one in with_ancestors(year.last, TREE)],
        lambda year: [one.value for _, one in flag_pairs(year.last, TREE, above=-2)],
        lambda year: [one.value for one in size_effects(year.last, year.coin, limit=-1)],
        lambda year: [cronbach_alpha(year.last, ("x", "y", "z", "w"))],
        lambda year: principal_components(year.last, ("x", "y", "z")).deviations.tolist(),
        lambda year: [one.mean for one in describe(year.stages["treat"])],
        weights_found,
    ],
)
def test_an_analysis_in_each_year_is_that_of_the_years_alone_and_pooled_differs(analysis):
    recipe = Recipe((Impute(), Treat(), Normalise(pooled=False), Aggregate()))
    built = build_index(PANEL, recipe)

    found = in_each_year(built, analysis)

    assert list(found) == list(YEARS)
    for year in YEARS:
        assert found[year] == pytest.approx(analysis(build_index(PANEL.year(year), recipe)), nan_ok=True)
    assert analysis(built) != pytest.approx(found[YEARS[0]])


def test_what_has_no_years_and_what_needs_them():
    assert effective_weights(POOLED.coin.framework) == effective_weights(POOLED.year(2019).coin.framework)
    assert len(trends(PANEL)) == N * 4
    with pytest.raises(MethodError, match="Trends need a panel"):
        trends(PANEL.year(2019))
    with pytest.raises(MethodError, match="Year by year needs a panel"):
        in_each_year(POOLED.year(2019), describe)


# Imputation and free steps


def holes_as(value):
    return lambda table: table.with_values(np.where(np.isnan(table.values), value, table.values))


def with_column_means(table):
    return table.with_values(np.where(np.isnan(table.values), np.nanmean(table.values, axis=0), table.values))


def test_a_function_by_year_or_group_is_the_filling_by_column():
    for group in (None, "side"):
        for pooled in (False, True):
            by_column = build_index(PANEL, Recipe((Impute(group=group, pooled=pooled),))).last
            by_function = build_index(
                PANEL, Recipe((Impute(by="table", function=with_column_means, group=group, pooled=pooled),))
            ).last
            assert np.allclose(by_column.values, by_function.values, rtol=1e-12)
    apart, pooled = (build_index(PANEL, Recipe((Impute(pooled=one),))).last.values for one in (False, True))
    assert not np.allclose(apart, pooled)


def test_rows_of_a_year_are_filled_from_their_year():
    filled = build_index(PANEL, Recipe((Impute(by="row"),)))

    alone = build_index(PANEL.year(2020), Recipe((Impute(by="row"),)))
    assert np.array_equal(filled.year(2020).last.values, alone.last.values)


def test_who_has_no_group_gets_nothing():
    coin = Coin(
        IndicatorMatrix(("A", "B", "C"), ("x",), np.array([[1.0], [nan], [nan]])),
        Framework((Node("x", 1, "Index"), Node("Index", 2, ""))),
        ("A", "B", "C"),
        {"side": ("n", "n", "")},
    )

    made = build_index(coin, Recipe((Impute(by="table", function=holes_as(7.0), group="side"),)))

    assert made.last.values[:2].ravel().tolist() == [1.0, 7.0]
    assert np.isnan(made.last.values[2, 0])


def test_an_observed_figure_that_changes_is_named():
    def rounded(table):
        return table.with_values(np.nan_to_num(np.round(table.values, 1)))

    with pytest.raises(MethodError, match=r"changed '[xyzw]' of U\d\d from \S+ to \S+\. Only missing"):
        build_index(PANEL, Recipe((Impute(by="table", function=rounded),)))


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda table: table.values, "gave a ndarray"),
        (lambda table: IndicatorMatrix(table.regions, ("a", "b", "c", "d"), table.values), "other units or indicators"),
        (lambda table: table.with_values(table.values / 0.0), "made 'x' of U.. infinite"),
    ],
)
def test_a_function_that_gives_something_else_is_refused(function, said):
    with np.errstate(all="ignore"), pytest.raises(MethodError, match=said):
        build_index(PANEL, Recipe((Custom(name="mine", function=function),)))


def test_a_free_step_is_named_kept_and_replayed():
    root = Custom(name="root", function=lambda table: table.with_values(np.sqrt(table.values)))
    least = Custom(name="least", function=lambda t: t.with_values(t.values - np.nanmin(t.values, axis=0)), pooled=False)

    built = build_index(PANEL, Recipe((root, least, Impute(), Normalise(), Aggregate())))

    assert list(built.stages) == ["raw", "root", "least", "impute", "normalise", "aggregate"]
    assert np.allclose(built.stages["root"].values ** 2, PANEL.data.values, equal_nan=True)
    assert all(np.nanmin(built.year(year).stages["least"].values) == 0 for year in YEARS)
    cubes = built.replay(Custom(name="root", function=lambda table: table.with_values(table.values**3)), Treat())
    assert cubes.recipe.names == ("root", "least", "impute", "treat", "normalise", "aggregate")
    assert not np.allclose(cubes.scores, built.scores)
    with pytest.raises(MethodError, match="'other' has no place of its own"):
        built.replay(Custom(name="other", function=holes_as(1.0)))
    for name in ("", "treat", "raw"):
        with pytest.raises(MethodError, match="cannot name a free step"):
            Custom(name=name, function=holes_as(1.0))
    with pytest.raises(MethodError, match="twice"):
        Recipe((root, root))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"by": "table"}, "give a function with by='table'"),
        ({"function": holes_as(1.0)}, "give a function with by='table'"),
        ({"by": "row", "group": "side"}, "has no groups of units"),
        ({"by": "panel", "group": "side"}, "has no groups of units"),
        ({"level": 2}, "looks at no level"),
        ({"by": "panel", "pooled": True}, "already looks at all years"),
    ],
)
def test_settings_that_would_be_passed_over_are_refused(settings, said):
    with pytest.raises(MethodError, match=said):
        Impute(**settings)
