from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from beffroi.federation.consent import GRANTED, REFUSED, UNANSWERED, combine
from beffroi.federation.verdict import Word, verdicts

WORDS = st.lists(
    st.tuples(
        st.sampled_from(("same", "different", "related", "unsure")), st.sampled_from(("rule", "model", "person"))
    ),
    min_size=1, max_size=6,
).map(lambda said: [Word(number, 1, 2, *one) for number, one in enumerate(said)])  # fmt: skip


@given(WORDS, st.randoms(use_true_random=False))
def test_the_order_of_judgements_does_not_matter(words, chance):
    assert verdicts(chance.sample(words, len(words))) == verdicts(words)


@given(WORDS)
def test_a_person_outranks_a_rule_and_a_rule_a_model(words):
    held = verdicts(words)[1, 2]
    present = {one.origin for one in words}

    assert held.origin == next(one for one in ("person", "rule", "model") if one in present)


@given(WORDS)
def test_never_merge_again_holds_against_every_later_model(words):
    barred = [*words, Word(90, 1, 2, "different", "person"), Word(91, 2, 1, "same", "model", 99.0)]

    assert verdicts(barred)[1, 2].value == "different"


@given(st.lists(st.sampled_from((REFUSED, UNANSWERED, GRANTED)), min_size=1))
def test_s19_6_consents_are_never_wider_than_the_narrowest(answers):
    expected = REFUSED if REFUSED in answers else UNANSWERED if UNANSWERED in answers else GRANTED

    assert combine(answers) == expected
