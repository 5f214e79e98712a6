"""Questions asked of an index of one's own: least effort, why, mergers, by when, peers; each against an oracle."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from beffroi.composite.coin_input import read_coin
from beffroi.composite.explain_tree import explain_change, explain_units, split_gap
from beffroi.composite.gap import Linear
from beffroi.composite.gap_index import figures_at, levers, question_about, rescorer, what_it_takes
from beffroi.composite.gap_question import Question
from beffroi.composite.gap_tree import OnTree
from beffroi.composite.peers_index import peers_of
from beffroi.composite.recipe import Recipe, build_index
from beffroi.composite.recombine_index import merge_units
from beffroi.composite.roll_up import roll_up
from beffroi.composite.scaling import Scale
from beffroi.composite.steps import Aggregate, Denominate, Impute, Normalise, Treat
from beffroi.composite.trajectory_index import journey
from beffroi.composite.tree_score import Branch, TreeScore, points_of, tree_of
from beffroi.vocabulary.errors import MethodError

CODES = ("a", "b", "c", "d", "e")


def _coin(units: int = 12, *, seed: int = 1, years: tuple[int, ...] = (), pace: float = 0.0):
    rng = np.random.default_rng(seed)
    base = rng.gamma(3.0, 10.0, (units, len(CODES)))
    data: dict[str, list[object]] = {"uCode": [], **{code: [] for code in CODES}, "people": [], "area": []}
    if years:
        data["Time"] = []
    people, area = rng.integers(100, 900, units), rng.integers(10, 90, units)
    for number, year in enumerate(years or (0,)):
        for k in range(units):
            data["uCode"].append(f"U{k:02d}")
            data["people"].append(int(people[k]))
            data["area"].append(int(area[k]))
            if years:
                data["Time"].append(year)
            for j, code in enumerate(CODES):
                own = pace if k == 0 else 0.0
                data[code].append(float(base[k, j] + own * number + rng.normal(0, 0.01)))
    meta = {
        "Level": [1, 1, 1, 1, 1, 2, 2, 3, None, None],
        "iCode": [*CODES, "P", "Q", "top", "people", "area"],
        "Parent": ["P", "P", "Q", "Q", "Q", "top", "top", None, None, None],
        "Direction": [1, 1, 1, -1, 1, 1, 1, 1, None, None],
        "Weight": [1, 2, 1, 1, 3, 2, 3, 1, None, None],
        "Type": ["Indicator"] * 5 + ["Aggregate"] * 3 + ["Denominator"] * 2,
        "Denominator": ["people", None, None, None, None, None, None, None, None, None],
    }
    return read_coin(data, meta)


def _built(rules: object, *, treat: bool = False, **more: object):
    steps = (Normalise(scale=Scale(low=1.0)), Aggregate(rules=rules))
    return build_index(_coin(**more), Recipe((Treat(), *steps) if treat else steps))


RULES = st.sampled_from(
    ["amean", "gmean", "hmean", ("gmean", "amean"), ("amean", "gmean"), ("hmean", "gmean"), 0.5, -2.0]
)


@given(RULES, st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_the_tree_scores_as_the_engine_does(rules, seed) -> None:
    built = _built(rules, seed=seed)
    tree = tree_of(built)
    assert np.allclose(tree(points_of(built)), built.scores, rtol=1e-12)
    assert tree.weights.sum() == pytest.approx(1.0)


@given(RULES, st.integers(0, 1000), st.integers(0, 11), st.integers(0, 11))
@settings(max_examples=60, deadline=None)
def test_parts_of_a_gap_add_up_at_every_node(rules, seed, one, other) -> None:
    built = _built(rules, seed=seed)
    found = explain_units(built, f"U{one:02d}", f"U{other:02d}")
    framework = built.coin.framework
    assert found.gap == pytest.approx(built.scores[one] - built.scores[other], abs=1e-9)
    for node in framework.aggregates:
        assert sum(found.parts[c] for c in framework.children(node)) == pytest.approx(found.parts[node], abs=1e-8)


@pytest.mark.parametrize("power", [-2.0, -1.0, 0.0, 0.5, 1.0, 3.0])
def test_nearly_equal_children_do_not_break_a_gap(power: float) -> None:
    tree = TreeScore(("x", "y"), (Branch("top", ("x", "y"), np.array([0.3, 0.7]), power),))
    for step in (1e-3, 1e-6, 1e-10):
        pair = np.array([[50.0 + step, 40.0], [50.0, 40.0 + step]])
        parts = split_gap(tree, pair)
        assert parts["x"] + parts["y"] == pytest.approx(float(np.diff(tree(pair[::-1]))[0]), rel=1e-4, abs=1e-13)


@given(st.sampled_from(["gmean", "hmean", ("gmean", "amean"), ("amean", "gmean"), -2.0, 0.5]), st.integers(0, 200))
@settings(max_examples=15, deadline=None)
def test_least_effort_on_a_curved_tree_equals_slsqp(rules, seed) -> None:
    built = _built(rules, seed=seed)
    question = question_about(built, "U03", costs={"a": 2.0, "e": 0.5}, heads_to=1.0)
    tree = tree_of(built)
    solver = OnTree(tree)
    own = question.points[question.row]
    target = float((tree(own) + tree(own + question.room)) / 2)
    found = solver.cheapest(question, target)
    assert found is not None
    assert tree(own + found.moves) >= target - 1e-9
    oracle = min(
        (
            minimize(
                lambda d: d @ question.cost, start, jac=lambda _: question.cost, method="SLSQP",
                bounds=[(0, r) for r in question.room],
                constraints={"type": "ineq", "fun": lambda d: float(tree(own + np.maximum(d, 0))) - target},
                options={"ftol": 1e-12, "maxiter": 500},
            )
            for start in (question.room, question.room * 0.7)
        ),
        key=lambda one: one.fun if one.success else np.inf,
    )  # fmt: skip
    if oracle.success and tree(own + np.clip(oracle.x, 0, question.room)) >= target - 1e-7:
        assert found.cost <= oracle.fun * (1 + 1e-5) + 1e-6
    assert found.least_cost <= found.cost * (1 + 1e-9)
    assert found.least_cost == pytest.approx(found.cost, rel=1e-6)


def test_on_an_arithmetic_tree_tangents_and_greed_agree() -> None:
    built = _built("amean")
    question = question_about(built, "U02", costs={"b": 3.0})
    target = float(np.sort(built.scores)[-3])
    greedy, tangents = Linear().cheapest(question, target), OnTree(tree_of(built)).cheapest(question, target)
    assert greedy is not None
    assert tangents is not None
    assert tangents.cost == pytest.approx(greedy.cost, rel=1e-9)


@pytest.mark.parametrize("most", [1, 2])
def test_few_levers_equal_trying_every_choice(most: int) -> None:
    from itertools import combinations  # noqa: PLC0415 -- the oracle's own tool

    built = _built(("gmean", "amean"))
    question = question_about(built, "U03", heads_to=1.0)
    tree = tree_of(built)
    own = question.points[question.row]
    target = float(tree(own)) * 1.15

    def only(columns: tuple[int, ...]) -> float:
        head = np.where(np.isin(np.arange(own.size), columns), question.head, 0.0)
        alone = Question(
            question.regions,
            question.indicators,
            question.points,
            question.weights,
            question.region,
            question.cost,
            head,
        )
        found = OnTree(tree).cheapest(alone, target)
        return found.cost if found is not None else np.inf

    best = min(only(some) for some in combinations(range(own.size), most))
    found = OnTree(tree, most=most).cheapest(question, target)
    if np.isinf(best):
        assert found is None
    else:
        assert found is not None
        assert found.cost == pytest.approx(best, rel=1e-6)
        assert len(found.levers) <= most


@pytest.mark.parametrize("rules", ["amean", "gmean", ("amean", "gmean")])
@pytest.mark.parametrize("treat", [False, True])
def test_a_plan_reaches_its_rank_when_everything_is_built_again(rules, treat) -> None:
    built = _built(rules, treat=treat)
    order = np.argsort(-built.scores)
    unit = built.coin.units[order[5]]
    question = question_about(built, unit)
    found = what_it_takes(built, question, 3)
    assert found.feasible
    scores = rescorer(built)(question.moved(found.moves))
    assert (scores > scores[question.row] + 1e-9).sum() + 1 <= 3
    moved = levers(built, question, found.moves)
    assert {one.code for one in moved} == {code for code, _ in found.levers}
    for one in moved:
        better = one.figure_after > one.figure if one.code != "d" else one.figure_after < one.figure
        assert better


def test_out_of_reach_says_the_best_rank() -> None:
    built = _built("amean")
    worst = built.coin.units[int(np.argmin(built.scores))]
    found = what_it_takes(built, question_about(built, worst, costs=dict.fromkeys(CODES, float("inf"))), 1)
    assert not found.feasible
    assert found.best_rank == len(built.coin.units)


def test_a_mean_that_grows_too_steeply_is_refused() -> None:
    with pytest.raises(MethodError, match="above 1"):
        OnTree(tree_of(_built(2.0)))
    with pytest.raises(MethodError, match="copeland"):
        tree_of(_built("copeland"))


def test_zero_under_a_geometric_mean_names_cell_and_remedy() -> None:
    tree = TreeScore(("x", "y"), (Branch("top", ("x", "y"), np.array([0.5, 0.5]), 0.0),))
    with pytest.raises(MethodError, match=r"'y' is 0 for B.*1\.\.100"):
        tree.refuse_low(np.array([[1.0, 2.0], [1.0, 0.0]]), ("A", "B"))


@given(st.lists(st.floats(0, 100, allow_nan=False), min_size=3, max_size=12, unique=True), st.booleans())
def test_reading_the_scale_backwards_and_forwards(figures, falling) -> None:
    x = np.array(figures)
    if np.ptp(x) < 1e-3 or np.min(np.diff(np.sort(x))) < 1e-6:
        return
    points = (x.max() - x if falling else x - x.min()) / np.ptp(x) * 100
    wanted = np.array([0.0, 12.5, 50.0, 99.0, 100.0])
    back = figures_at(x, points, wanted)
    again = (x.max() - back if falling else back - x.min()) / np.ptp(x) * 100
    assert np.allclose(again, wanted, atol=1e-6)


def test_a_merger_of_sums_is_a_ratio_of_sums() -> None:
    recipe = Recipe((Denominate(), Normalise(), Aggregate()))
    coin = _coin()
    today = build_index(coin, recipe)
    made = merge_units(today, {"NEW": ("U00", "U05")}, weights="people")
    raw, people = coin.data.column("a"), coin.denominators["people"]
    expected = (raw[0] + raw[5]) / (people[0] + people[5])
    assert made.figures.values[-1, 0] == pytest.approx(expected)
    other = coin.data.column("b")
    assert made.figures.values[-1, 1] == pytest.approx(
        (other[0] * people[0] + other[5] * people[5]) / (people[0] + people[5])
    )
    assert made.figures.how[-1, 1] == "weighted_estimate"
    assert len(made.built.coin.units) == 11
    untouched = [k for k, unit in enumerate(made.built.coin.units) if unit != "NEW"]
    same = [today.coin.units.index(made.built.coin.units[k]) for k in untouched]
    assert np.allclose(made.frozen_scores[untouched], today.scores[same])


def test_rates_without_weights_are_missing_not_averaged() -> None:
    made = merge_units(_built("amean"), {"NEW": ("U00", "U05")})
    assert np.isnan(made.figures.values[-1]).all()
    assert (made.figures.how[-1] == "bounded").all()


def test_a_steady_climber_arrives_when_a_straight_line_says() -> None:
    coin = _coin(years=tuple(range(2014, 2022)), pace=2.0)
    built = build_index(coin, Recipe((Normalise(scale=Scale(low=1.0)), Aggregate())))
    last = built.coin.year(2021)
    found = journey(built, "U00", wanted=1, rng=np.random.default_rng(1), horizon=60, futures=200)
    assert found.year == 2021
    assert found.moving == pytest.approx(1.0)
    assert found.today >= 1
    assert len(last.units) == 12
    if np.isfinite(found.arrival.median_year):
        assert found.arrival.path[int(found.arrival.median_year)] <= 2


def test_one_year_has_no_pace() -> None:
    with pytest.raises(MethodError, match="needs a panel"):
        journey(_built("amean"), "U00", wanted=1, rng=np.random.default_rng(1))


def test_years_on_scales_apart_are_refused() -> None:
    coin = _coin(years=(2019, 2020, 2021))
    built = build_index(coin, Recipe((Normalise(pooled=False), Aggregate())))
    with pytest.raises(MethodError, match="own scale"):
        journey(built, "U00", wanted=1, rng=np.random.default_rng(1))


def test_a_change_of_rank_is_own_and_others() -> None:
    coin = _coin(years=(2019, 2020, 2021), pace=20.0)
    built = build_index(coin, Recipe((Normalise(scale=Scale(low=1.0)), Aggregate(rules="gmean"))))
    change = explain_change(built, "U00", start=2019, end=2021)
    parts = dict(zip(change.causes, change.parts, strict=True))
    assert sum(parts.values()) == pytest.approx(change.after - change.before)
    assert parts["method"] == parts["revision"] == 0
    assert abs(parts["own"]) >= abs(parts["others"])


def test_peers_are_alike_in_structure_not_in_success() -> None:
    built = _built("amean")
    found = peers_of(built, "U00", structure=("people", "area"), logs=("people",), k=4)
    assert len(found.peers) == 4
    distances = [one.distance for one in found.peers]
    assert distances == sorted(distances)
    points = points_of(built)
    rows = [built.coin.units.index(one.code) for one in found.peers]
    for j, one in enumerate(found.reach):
        assert one.reachable == pytest.approx(np.quantile(points[rows, j], 0.9))
    with pytest.raises(MethodError, match="known: people, area"):
        peers_of(built, "U00", structure=("GDP",))


def test_a_missing_figure_is_named_with_its_remedy() -> None:
    coin = _coin()
    values = coin.data.values.copy()
    values[4, 1] = np.nan
    from dataclasses import replace  # noqa: PLC0415 -- only here

    holed = replace(coin, data=coin.data.with_values(values))
    built = build_index(holed)
    with pytest.raises(MethodError, match=r"'b' is missing for U04 .*impute"):
        question_about(built, "U00")
    filled = build_index(holed, Recipe((Impute(), Normalise(), Aggregate())))
    assert question_about(filled, "U00").region == "U00"


def test_scoring_by_hand_is_scoring_by_the_engine() -> None:
    built = _built(("gmean", "amean"))
    again = roll_up(built.stages["normalise"], built.coin.framework, rules=("gmean", "amean"))
    assert np.allclose(again.column("top"), tree_of(built)(points_of(built)))
