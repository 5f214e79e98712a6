from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from beffroi.federation.identity import Holder, Part, claims, senior, seniority, title

HOLDERS = st.lists(st.integers(0, 40), min_size=2, max_size=8, unique=True).map(
    lambda numbers: [Holder(one, f"o-{one}", seniority(one % 5, "A", str(one))) for one in numbers]
)


@st.composite
def splits(draw):
    holders = draw(HOLDERS)
    cut = draw(st.integers(1, len(holders) - 1))
    units = draw(st.tuples(st.booleans(), st.booleans()))
    return Part(tuple(holders[:cut]), units[0]), Part(tuple(holders[cut:]), units[1])


def after(part, moved):
    given_over = {one.record: one for one in moved}
    return senior(given_over.get(one.record, one) for one in part.holders).title


@given(splits())
def test_the_part_with_the_legal_unit_keeps_the_address(parts):
    old = senior([*parts[0].holders, *parts[1].holders]).title
    moved = claims(parts, fresh_title="o-fresh", fresh_seniority="999999999999:")
    titles = [after(one, moved) for one in parts]

    assert titles.count(old) == 1
    assert titles[0] != titles[1]
    if parts[0].has_unit != parts[1].has_unit:
        assert titles[[one.has_unit for one in parts].index(True)] == old
    elif len(parts[0].holders) != len(parts[1].holders):
        assert titles[len(parts[1].holders) > len(parts[0].holders)] == old


@given(splits())
def test_the_order_of_parts_does_not_matter(parts):
    def moved(one):
        return set(claims(one, fresh_title="o-fresh", fresh_seniority="9"))

    assert moved(parts) == moved(parts[::-1])


@given(HOLDERS, st.integers(41, 60))
def test_a_later_record_never_changes_the_address(holders, later):
    grown = [*holders, Holder(later, f"o-{later}", seniority(9, "A", str(later)))]

    assert senior(grown).title == senior(holders).title


def test_addresses_are_made_of_list_and_key_alone():
    assert title("A", "k") == title("A", "k")
    assert len({title("A", "k"), title("A", "k2"), title("B", "k"), title("A", "k", salt="7")}) == 4
