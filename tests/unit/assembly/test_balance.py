"""Two-way seats and boards under several wishes: against their definition and against every composition listed."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from beffroi.assembly.apportion import apportion
from beffroi.assembly.balance import Group, Wish, compose
from beffroi.assembly.biproportional import METHODS, biproportional
from beffroi.assembly.divisors import DIVISORS
from beffroi.assembly.faults import InfeasibleError, SeatRuleError, UndecidedTieError
from beffroi.assembly.seat_rule import SeatRule, Territory

SIZES = st.integers(1, 3), st.integers(1, 3)


@st.composite
def matrices(draw):
    height, width = draw(SIZES[0]), draw(SIZES[1])
    cells = [(f"r{i}", f"c{j}") for i in range(height) for j in range(width)]
    weights = {cell: Fraction(draw(st.integers(0, 60))) for cell in cells}
    seats = {cell: draw(st.integers(0, 4)) for cell in cells}  # so that the sums can be met where weights allow
    rows = {f"r{i}": sum(v for (r, _), v in seats.items() if r == f"r{i}") for i in range(height)}
    columns = {f"c{j}": sum(v for (_, c), v in seats.items() if c == f"c{j}") for j in range(width)}
    return weights, rows, columns


def sums(seats, place, names):
    return {name: sum(count for cell, count in seats.items() if cell[place] == name) for name in names}


@pytest.mark.parametrize("method", METHODS)
@given(case=matrices())
@settings(max_examples=60)
def test_divisors_of_rows_and_columns_certify_the_seats(method, case):
    """The definition of Balinski and Demange, checked on the answer without regard to how it was found."""
    weights, rows, columns = case
    term = DIVISORS[method].term
    try:
        found = biproportional(weights, rows, columns, method=method, order=tuple(weights))
    except InfeasibleError:
        assert not feasible(weights, rows, columns)
        return

    assert sums(found.seats, 0, rows) == rows
    assert sums(found.seats, 1, columns) == columns
    for (row, column), count in found.seats.items():
        quotient = weights[row, column] / (found.row_divisors[row] * found.column_divisors[column])
        assert count == 0 or term(count - 1) <= quotient
        assert quotient <= term(count)


def feasible(weights, rows, columns):
    cells = [cell for cell, weight in weights.items() if weight]

    def fits(index, rows_left, columns_left):
        if index == len(cells):
            return not any(rows_left.values()) and not any(columns_left.values())
        row, column = cells[index]
        return any(
            fits(index + 1, {**rows_left, row: rows_left[row] - k}, {**columns_left, column: columns_left[column] - k})
            for k in range(min(rows_left[row], columns_left[column]) + 1)
        )

    return fits(0, rows, columns)


def test_infeasible_margins_are_explained():
    weights = {("A", "small"): Fraction(5), ("B", "small"): Fraction(5), ("B", "large"): Fraction(2)}

    with pytest.raises(InfeasibleError, match="A need 3 seats together, but have a weight only in small, which hold 2"):
        biproportional(weights, {"A": 3, "B": 1}, {"small": 2, "large": 2})
    with pytest.raises(InfeasibleError, match="'huge' has 1 seats, but nobody"):
        biproportional(weights, {"A": 2, "B": 1}, {"small": 2, "huge": 1})
    with pytest.raises(SeatRuleError, match="Rows hold 4 seats, columns 3"):
        biproportional(weights, {"A": 3, "B": 1}, {"small": 3})
    with pytest.raises(SeatRuleError, match="'adams' shares no matrix"):
        biproportional(weights, {"A": 1}, {"small": 1}, method="adams")


def test_a_tie_in_a_matrix_is_named_and_broken_by_order_only():
    even = {(row, column): Fraction(1) for row in "AB" for column in "xy"}
    margins = {"A": 1, "B": 1}, {"x": 1, "y": 1}

    with pytest.raises(UndecidedTieError, match="A/x, A/y, B/x, B/y tie"):
        biproportional(even, *margins)
    assert biproportional(even, *margins, order=(("B", "x"), ("A", "x"))).seats == {
        ("A", "x"): 0, ("A", "y"): 1, ("B", "x"): 1, ("B", "y"): 0,
    }  # fmt: skip


@given(
    st.lists(st.integers(1, 40), min_size=2, max_size=4),
    st.integers(1, 6),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 6)), max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_a_board_under_wishes_is_the_nearest_of_all(weights, seats, raw):
    groups = [Group(f"g{i}", {"odd": str(i % 2), "first": str(i < 1)}, Fraction(w)) for i, w in enumerate(weights)]
    traits = ({"odd": "1"}, {"odd": "0"}, {"first": "True"})
    wishes = [Wish(traits[which], at_least=low, at_most=low + more) for which, low, more in raw]
    every = [
        one for one in itertools.product(range(seats + 1), repeat=len(groups))
        if sum(one) == seats and all(wish.is_kept(groups, one) for wish in wishes)
    ]  # fmt: skip
    order = tuple(one.id for one in groups)
    if not every:
        with pytest.raises(InfeasibleError, match="cannot be kept"):
            compose(groups, seats, wishes, order=order)
        return

    def distance(one):
        return sum(Fraction(count * count, weight) for count, weight in zip(one, weights, strict=True))

    least = min(map(distance, every))
    found = compose(groups, seats, wishes, order=order)

    assert found.distance == least
    assert tuple(found.seats.values()) == max(one for one in every if distance(one) == least)


@given(st.lists(st.integers(1, 300), min_size=1, max_size=6), st.integers(1, 12))
@settings(max_examples=30, deadline=None)
def test_without_wishes_the_nearest_board_is_sainte_lague(weights, seats):
    places = [Territory(f"T{i}", {"n": Fraction(w)}) for i, w in enumerate(weights)]
    try:
        found = apportion(places, SeatRule("sainte-lague", seats, {"n": Fraction(1)}))
    except UndecidedTieError:
        assume(False)

    assert compose([Group(one.id, {}, one.measures["n"]) for one in places], seats, []).seats == found.seats


def test_conflicting_wishes_are_reduced_to_a_smallest_set_in_words():
    groups = [
        Group("Lyon women", {"territory": "Lyon", "gender": "F"}, Fraction(10), most=2),
        Group("Lyon men", {"territory": "Lyon", "gender": "M"}, Fraction(30)),
        Group("Grenoble men", {"territory": "Grenoble", "gender": "M"}, Fraction(20)),
    ]
    harmless = Wish({"territory": "Grenoble"}, at_least=1)
    wishes = [harmless, Wish({"gender": "M"}, at_most=3), Wish({"gender": "F"}, at_least=1)]

    with pytest.raises(InfeasibleError) as raised:
        compose(groups, 6, wishes)

    assert str(raised.value).splitlines()[1:-1] == ["- at most 3 seats for gender M"]
    both = [harmless, Wish({"territory": "Lyon"}, at_least=5), Wish({"territory": "Grenoble"}, at_least=2, at_most=2)]
    with pytest.raises(InfeasibleError) as raised:
        compose(groups, 6, both)
    assert str(raised.value).splitlines()[1:-1] == [
        "- at least 5 seats for territory Lyon",
        "- exactly 2 seats for territory Grenoble",
    ]
    with pytest.raises(InfeasibleError, match="cannot fill 6 seats"):
        compose(groups[:1], 6, [])
    with pytest.raises(InfeasibleError, match="cannot fill 1 seats"):
        compose([], 1, [])


def test_equally_near_boards_are_named():
    twins = [Group("a", {}, Fraction(1)), Group("b", {}, Fraction(1))]

    with pytest.raises(UndecidedTieError, match="2 compositions or more are equally near; they differ for a, b"):
        compose(twins, 3, [])
    assert dict(compose(twins, 3, [], order=("b", "a")).seats) == {"a": 1, "b": 2}
    with pytest.raises(SeatRuleError, match="own name"):
        compose([twins[0], twins[0]], 1, [])
