"""Groups are made by what their pairs say on average, and never against a rule."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from beffroi.linkage.group import MISSING_LOGIT, group

SIZE = 7
links = st.dictionaries(
    st.sampled_from(list(combinations(range(SIZE), 2))), st.integers(-600, 600).map(lambda n: n / 100), max_size=21
)


def slowly(size, known, allowed=lambda _a, _b: True):
    """Average linkage by its definition: look at all pairs of groups, join the best, begin again."""
    groups = [[one] for one in range(size)]
    while True:
        means = []
        for a, b in combinations(range(len(groups)), 2):
            pairs = [(min(i, j), max(i, j)) for i in groups[a] for j in groups[b]]
            if any(pair in known for pair in pairs) and allowed(groups[a], groups[b]):
                mean = sum(known.get(pair, MISSING_LOGIT) for pair in pairs) / len(pairs)
                means.append((mean, groups[a], groups[b]))
        best = max((one[0] for one in means), default=0)
        if best <= 0:
            return groups, means
        _, left, right = next(one for one in means if one[0] == best)
        groups = [one for one in groups if one not in (left, right)] + [left + right]


@settings(max_examples=200)
@given(links)
def test_it_agrees_with_the_definition_where_no_two_means_tie(known):
    if len(set(known.values())) < len(known):
        return
    expected, _ = slowly(SIZE, known)
    found = group(SIZE, [(*pair, logit) for pair, logit in known.items()])

    assert sorted(map(sorted, expected)) == sorted(
        [one for one in range(SIZE) if found[one] == first] for first in set(found)
    )


@given(links, st.randoms(use_true_random=False))
def test_the_order_of_the_links_does_not_matter(known, chance):
    given_ = [(*pair, logit) for pair, logit in known.items()]
    before = group(SIZE, given_)
    chance.shuffle(given_)

    assert group(SIZE, given_) == before


@given(links, st.lists(st.sampled_from(("", "A", "B")), min_size=SIZE, max_size=SIZE))
def test_s19_5_two_siren_are_never_in_one_group(known, sirens):
    def allowed(left, right):
        return len({sirens[one] for one in (*left, *right)} - {""}) <= 1

    found = group(SIZE, [(*pair, logit) for pair, logit in known.items()], allowed=allowed)

    for first in set(found):
        assert len({sirens[one] for one in range(SIZE) if found[one] == first} - {""}) <= 1


def test_one_false_link_does_not_chain_two_groups():
    left, right = list(combinations(range(4), 2)), list(combinations(range(4, 8), 2))
    false = [(3, 4, 1.5)]

    found = group(8, [*((*pair, 3.0) for pair in (*left, *right)), *false])

    assert found == [0, 0, 0, 0, 4, 4, 4, 4]
