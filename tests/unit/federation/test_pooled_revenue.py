"""S31, check 3: the members' revenue, stated and estimated, both shown, and no group counted twice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.federation.pooled_revenue import MemberRevenue, pooled_revenue
from beffroi.vocabulary.errors import MethodError


def firm(name, revenue, employees=5, *, consents=True, group=""):
    return MemberRevenue(name, revenue, consents=consents, employees=employees, group=group)


def test_s31_3_what_is_stated_and_what_is_estimated_are_shown_apart():
    small = [firm(f"s{n}", revenue) for n, revenue in enumerate((1.0, 3.0))]
    large = [firm(f"l{n}", revenue, 300) for n, revenue in enumerate((100.0, 140.0))]
    found = pooled_revenue([*small, *large, firm("x", None), firm("y", None, 400), firm("z", 2.0, consents=False)])
    assert (found.stated_eur, found.stated_by) == (244.0, 4)
    assert (found.estimated_eur, found.estimated_for) == (pytest.approx(2.0 + 2.0 + 120.0), 3)
    assert found.total_eur == pytest.approx(368.0)
    assert 244.0 <= found.low_eur < found.total_eur < found.high_eur


def test_s31_3_a_figure_without_consent_changes_nothing():
    base = [firm("a", 1.0), firm("b", 3.0)]
    assert pooled_revenue([*base, firm("c", 999.0, consents=False)]) == pooled_revenue([*base, firm("c", None)])


def test_s31_3_a_group_counts_once_by_its_largest_figure():
    group = [firm("parent", 50.0, group="g"), firm("child", 20.0, group="g"), firm("silent", None, group="g")]
    found = pooled_revenue([firm("a", 1.0), *group])
    assert (found.total_eur, found.inside_groups) == (51.0, ("child", "silent"))


def test_bands_with_one_figure_join_their_neighbours():
    found = pooled_revenue([firm("a", 2.0, 5), firm("b", 4.0, 20), firm("c", None, 100), firm("d", None, None)])
    assert found.estimated_eur == pytest.approx(6.0)


def test_nothing_can_be_said_of_silent_members_alone():
    with pytest.raises(MethodError, match="1 of 2 members"):
        pooled_revenue([firm("a", 1.0), firm("b", None)])
    assert pooled_revenue([]).total_eur == 0
    assert pooled_revenue([firm("a", 1.0)]).high_eur == 1.0


firms = st.lists(
    st.builds(
        lambda revenue, employees, consents, group: (revenue, employees, consents, group),
        st.none() | st.integers(0, 100), st.none() | st.integers(0, 500), st.booleans(), st.sampled_from(["", "", "g"]),
    ), min_size=2, max_size=12,
)  # fmt: skip


@given(firms, st.randoms())
def test_order_does_not_matter_and_parts_make_the_whole(made, chance):
    members = [firm(f"m{n}", one[0] and float(one[0]), one[1], consents=one[2], group=one[3])
               for n, one in enumerate(made)]  # fmt: skip
    shuffled = list(members)
    chance.shuffle(shuffled)
    try:
        found = pooled_revenue(members)
    except MethodError:
        return
    again = pooled_revenue(shuffled)
    assert np.isclose(found.total_eur, again.total_eur)
    assert np.isclose(found.stated_eur + found.estimated_eur, found.total_eur)
    assert found.low_eur <= found.total_eur + 1e-9
    assert found.stated_by + found.estimated_for + len(found.inside_groups) == len(members)
