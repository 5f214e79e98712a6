"""Grouping under constraints: what must hold whatever the judgements, and a slow oracle that says it plainly."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from beffroi.federation.grouping import ONE_LIST, SEPARATED, TWO_UNITS, Node, group
from beffroi.federation.verdict import Word, verdicts


@st.composite
def cases(draw):
    """Up to nine records, some of them anchors of legal units, and judgements between them."""
    count = draw(st.integers(1, 9))
    nodes = {
        one: Node(
            f"k{one}", unit=f"siren:{one}" if draw(st.integers(0, 3)) == 0 else "", list=draw(st.sampled_from("AB"))
        )
        for one in range(count)
    }
    pairs = st.sampled_from(list(itertools.combinations(range(count), 2)) or [(0, 0)])
    said = draw(
        st.lists(
            st.tuples(
                pairs,
                st.sampled_from(("same", "same", "same", "different", "related", "unsure")),
                st.sampled_from(("rule", "model", "person")),
                st.integers(-3, 9),
            ),
            max_size=14,
        )
    )
    words = [
        Word(number, *pair, value, origin, float(bits))
        for number, (pair, value, origin, bits) in enumerate(said)
        if pair[0] != pair[1]
    ]
    return nodes, words


def slow(nodes, words):
    """The rule, said plainly: strongest link first, join unless the whole joined group breaks a constraint."""
    held = verdicts(words)
    apart = {pair for pair, one in held.items() if one.origin == "person" and one.value in {"different", "related"}}
    groups = [{one} for one in nodes]
    strength = {"rule": 0, "person": 1, "model": 2}

    def rank(one):
        return strength[one.origin], -one.bits, *sorted((nodes[one.left].key, nodes[one.right].key))

    for word in sorted((one for one in held.values() if one.value == "same"), key=rank):
        left = next(one for one in groups if word.left in one)
        right = next(one for one in groups if word.right in one)
        joined = left | right
        shares_list = {nodes[one].list for one in left} & {nodes[one].list for one in right} - {""}
        if left is right or len({nodes[one].unit for one in joined} - {""}) > 1:
            continue
        if any(pair in apart for pair in itertools.combinations(sorted(joined), 2)):
            continue
        if word.origin == "model" and shares_list:
            continue
        groups = [one for one in groups if one not in (left, right)] + [joined]
    return {frozenset(one) for one in groups}


@given(cases())
def test_groups_are_those_of_the_plain_rule(case):
    nodes, words = case

    assert {frozenset(one) for one in group(nodes, words).groups} == slow(nodes, words)


@given(cases())
def test_every_record_stands_in_one_group_and_no_group_holds_two_legal_units(case):
    nodes, words = case
    groups = group(nodes, words).groups

    assert sorted(itertools.chain.from_iterable(groups)) == sorted(nodes)
    assert all(len({nodes[one].unit for one in members} - {""}) <= 1 for members in groups)


@given(cases())
def test_a_pair_that_a_person_separated_never_shares_a_group(case):
    nodes, words = case
    groups = group(nodes, words).groups

    for pair, word in verdicts(words).items():
        if word.origin == "person" and word.value in {"different", "related"}:
            assert not any(set(pair) <= set(members) for members in groups)


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_records_and_judgements_does_not_matter(case, chance):
    nodes, words = case
    shuffled_nodes = dict(chance.sample(list(nodes.items()), len(nodes)))
    shuffled = chance.sample(words, len(words))
    renamed = {one: place for place, one in enumerate(chance.sample(list(nodes), len(nodes)))}
    moved = [Word(one.id, renamed[one.left], renamed[one.right], one.value, one.origin, one.bits) for one in words]

    assert group(shuffled_nodes, shuffled).groups == group(nodes, words).groups
    assert {frozenset(one) for one in group({renamed[one]: node for one, node in nodes.items()}, moved).groups} == {
        frozenset(renamed[one] for one in members) for members in group(nodes, words).groups
    }


@given(cases(), cases())
def test_groups_that_nothing_ties_can_be_computed_apart(one, other):
    far = {key + 100: Node(f"z{node.key}", node.unit and node.unit + "0", node.list) for key, node in other[0].items()}
    far_words = [Word(w.id + 100, w.left + 100, w.right + 100, w.value, w.origin, w.bits) for w in other[1]]

    together = group(one[0] | far, [*one[1], *far_words])

    assert set(together.groups) == {*group(*one).groups, *group(far, far_words).groups}


@given(cases())
def test_a_refused_link_says_the_constraint_that_its_groups_break(case):
    nodes, words = case
    found = group(nodes, words)
    home = {one: set(members) for members in found.groups for one in members}
    by_id = {one.id: one for one in words}
    apart = [
        set(pair)
        for pair, one in verdicts(words).items()
        if one.origin == "person" and one.value in {"different", "related"}
    ]

    for number, reason in found.refused.items():
        left, right = home[by_id[number].left], home[by_id[number].right]
        assert left != right
        if reason == TWO_UNITS:
            assert len({nodes[one].unit for one in left | right} - {""}) == 2
        elif reason == SEPARATED:
            assert any(pair <= left | right for pair in apart)
        else:
            assert reason == ONE_LIST
            assert {nodes[one].list for one in left} & {nodes[one].list for one in right}


def test_a_chain_of_weak_links_does_not_join_two_firms():
    nodes = {1: Node("a", list="A"), 2: Node("b", list="B"), 3: Node("c", list="A")}
    words = [Word(1, 1, 2, "same", "model", 9.0), Word(2, 2, 3, "same", "model", 4.0)]

    assert group(nodes, words).groups == ((1, 2), (3,))
