"""An attacker who knows all that is shown, and how sums work, does not come near a secret."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beffroi.survey.disclosure import (
    COMPLEMENTARY,
    DOMINATED,
    ROOT,
    SHOWN,
    TOO_FEW,
    Rule,
    Table,
    attack,
    primary,
    protect,
)
from beffroi.vocabulary.errors import MethodError


def totals(leaves, row_parents, column_parents, join):
    """Add leaves up two trees whose leaves stand last, in their order."""
    out = np.zeros((len(row_parents), len(column_parents)))
    out[-leaves.shape[0] :, -leaves.shape[1] :] = leaves
    for axis, parents in ((0, row_parents), (1, column_parents)):
        view = out if axis == 0 else out.T
        for node in reversed(range(len(parents))):
            parts = [k for k, parent in enumerate(parents) if parent == node]
            if parts:
                view[node] = join(view[parts], axis=0)
    return out


def drawn(seed, rows, columns, groups=0, *, firms=6.0):
    """Firms of skewed sizes in cells of skewed numbers, territories in groups when asked."""
    rng = np.random.default_rng(seed)
    middle = [0] * groups
    row_parents = (ROOT, *middle, *(1 + k * groups // rows if groups else 0 for k in range(rows)))
    column_parents = (ROOT, *[0] * columns) if columns > 1 else (ROOT,)
    count = rng.poisson(firms * rng.lognormal(sigma=1, size=(rows, columns)))
    jobs = rng.lognormal(2, 1.2, size=(rows, columns, 80)).round() + 1
    jobs = np.where(np.arange(80) < count[..., None], jobs, 0)
    return Table(
        totals(jobs.sum(2), row_parents, column_parents, np.sum),
        totals(np.minimum(count, 80), row_parents, column_parents, np.sum).astype(int),
        totals(jobs.max(2), row_parents, column_parents, np.max),
        row_parents,
        column_parents,
    )


def holds_against_the_attacker(table, done, rule):
    values = table.values
    for cell in zip(*np.nonzero(primary(table, rule) != SHOWN), strict=True):
        low, high = attack(table, done.secret, cell)
        value = values[cell]
        least = rule.width * value
        above = max(least, table.largest[cell] / rule.most_share - value, rule.step)
        assert low <= value - min(value, least) + 1e-5
        assert high >= value + above - 1e-5
        assert low <= done.low[cell] + 1e-5
        assert high >= done.high[cell] - 1e-5
    for cell in zip(*np.nonzero(done.secret), strict=True):
        low, high = attack(table, done.secret, cell)
        assert low - 1e-6 <= values[cell] <= high + 1e-6
        assert high - low > 1e-3, "a hidden cell can be recovered by subtraction"


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize(("rows", "columns", "groups"), [(4, 4, 0), (6, 3, 2), (9, 1, 3), (5, 1, 0)])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_secret_is_recovered_in_crossed_tables_and_hierarchies(seed, rows, columns, groups, exact):
    table, rule = drawn(seed, rows, columns, groups), Rule()

    done = protect(table, rule, exact=exact)

    holds_against_the_attacker(table, done, rule)
    assert done.method == ("exact" if exact else "heuristic")
    assert np.array_equal(done.values[~done.secret], table.values[~done.secret])
    assert np.isnan(done.values[done.secret]).all()


def test_a_large_table_is_protected_by_the_heuristic():
    table, rule = drawn(7, 30, 12, 5), Rule()

    done = protect(table, rule)

    assert done.method == "heuristic"
    assert (primary(table, rule) != SHOWN).sum() > 30
    holds_against_the_attacker(table, done, rule)


@settings(max_examples=25)
@given(
    leaves=st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=4),
    exact=st.booleans(),
)
def test_counts_hold_whatever_they_are(leaves, exact):
    count = np.array(leaves)
    parents = (ROOT, *[0] * len(leaves)), (ROOT, 0, 0, 0)
    values = totals(count, *parents, np.sum)
    table = Table(values, values.astype(int), (values > 0).astype(float), *parents)
    rule = Rule(most_share=1.0)

    holds_against_the_attacker(table, protect(table, rule, exact=exact), rule)


def test_without_further_hiding_the_attacker_would_find_every_secret():
    table = drawn(1, 4, 4)
    alone = primary(table) != SHOWN
    cell = tuple(np.argwhere(alone & (alone.sum(axis=1) == 1)[:, None])[0])

    assert attack(table, alone, cell) == pytest.approx((table.values[cell],) * 2)


def test_the_exact_answer_never_hides_more_weight():
    for seed in range(4):
        table = drawn(seed, 5, 4)
        weight = 1 + table.values / table.values.max()
        exact, quick = (weight[protect(table, exact=one).secret].sum() for one in (True, False))
        assert exact <= quick + 1e-9


def test_reasons_say_why_a_value_is_missing():
    values = np.array([[100.0], [2.0], [40.0], [38.0], [20.0]])
    units = np.array([[60], [2], [30], [9], [19]])
    largest = np.array([[35.0], [1.0], [5.0], [35.0], [3.0]])

    done = protect(Table(values, units, largest, (ROOT, 0, 0, 0, 0), (ROOT,)))

    assert done.reasons.ravel().tolist()[:2] == [SHOWN, TOO_FEW]
    assert done.reasons[3, 0] == DOMINATED
    assert set(done.reasons[[2, 4], 0]) <= {SHOWN, COMPLEMENTARY}
    holds_against_the_attacker(Table(values, units, largest, (ROOT, 0, 0, 0, 0), (ROOT,)), done, Rule())


def test_nothing_is_hidden_where_nothing_is_secret():
    values = np.array([[30.0], [10.0], [20.0]])
    table = Table(values, np.array([[9], [4], [5]]), values / 4, (ROOT, 0, 0), (ROOT,))

    done = protect(table)

    assert np.array_equal(done.values, values)
    assert not done.secret.any()


def test_a_table_of_one_secret_hides_its_total_too():
    values = np.array([[5.0], [5.0], [0.0]])
    table = Table(values, np.array([[1], [1], [0]]), values, (ROOT, 0, 0), (ROOT,))

    done = protect(table)

    assert done.secret.ravel().tolist() == [True, True, False]
    assert attack(table, done.secret, (1, 0)) == (0.0, float("inf"))


def test_what_another_measure_hides_stays_hidden():
    table = drawn(5, 4, 4)
    other = np.zeros(table.values.shape, dtype=bool)
    other[2, 2] = True

    done = protect(table, hidden=other)

    assert done.secret[2, 2]
    holds_against_the_attacker(table, done, Rule())


def test_a_table_that_does_not_add_up_is_refused():
    values = np.array([[9.0], [4.0], [4.0]])

    with pytest.raises(MethodError, match="not the sum of its parts"):
        Table(values, values.astype(int), values, (ROOT, 0, 0), (ROOT,))
    with pytest.raises(MethodError, match="known and not negative"):
        Table(-values, values.astype(int), values, (ROOT, 0, 0), (ROOT,))
    with pytest.raises(MethodError, match="must all be 3 × 1"):
        Table(values, values.astype(int)[:2], values, (ROOT, 0, 0), (ROOT,))
