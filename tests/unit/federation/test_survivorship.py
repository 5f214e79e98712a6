from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from beffroi.federation.survivorship import Correction, Statement, survive

STATEMENTS = st.lists(
    st.builds(
        Statement,
        version=st.integers(1, 10**6),
        key=st.text("abc", min_size=1, max_size=3),
        source=st.sampled_from(("A", "B", "C")),
        is_register=st.booleans(),
        is_gone=st.booleans(),
        as_of=st.sampled_from(("2015-01-01", "2016-01-01", "2017-01-01")),
        trust_rank=st.sampled_from((1, 2)),
        fields=st.dictionaries(
            st.sampled_from(("name", "website", "consent_mail")),
            st.sampled_from(("refused", "granted", "unanswered")), max_size=3,
        ),
    ),
    min_size=1, max_size=6, unique_by=(lambda one: one.version, lambda one: (one.source, one.key)),
)  # fmt: skip


def said(version, source, *, as_of="2016-01-01", register=False, gone=False, trust=1, **fields):
    return Statement(version, f"k{version}", source, register, gone, as_of, trust, fields)


@given(STATEMENTS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(statements, chance):
    assert survive(chance.sample(statements, len(statements))) == survive(statements)


@given(STATEMENTS)
def test_a_value_was_said_by_the_row_it_names_and_every_other_value_stays(statements):
    by_version = {one.version: one for one in statements}
    for field, kept in survive(statements).items():
        stated = {one.fields.get(field) for one in statements} - {None}

        assert by_version[kept.origin].fields[field] == kept.value
        assert {value for value, _ in kept.others} | {kept.value} >= stated
        assert kept.value not in {value for value, _ in kept.others}


def test_the_register_wins_for_legal_facts_and_the_newest_list_for_living_ones():
    rows = [
        said(1, "Register", as_of="2014-01-01", register=True, name="ALPHA SAS", website="old.fr"),
        said(2, "A", as_of="2016-01-01", name="Alpha", website="alpha.fr"),
    ]
    kept = survive(rows)

    assert (kept["name"].value, kept["name"].rule) == ("ALPHA SAS", "R2")
    assert (kept["website"].value, kept["website"].rule) == ("alpha.fr", "R3")


def test_without_a_register_most_lists_decide_then_the_newest():
    rows = [said(1, "A", name="Alpha"), said(2, "B", name="Alpha"), said(3, "C", as_of="2017-01-01", name="Alfa")]

    assert (survive(rows)["name"].value, survive(rows)["name"].rule) == ("Alpha", "R4")
    assert survive(rows[1:])["name"].value == "Alfa"


def test_of_two_lists_of_one_day_the_more_trusted_is_believed():
    rows = [said(1, "A", trust=2, website="a.fr"), said(2, "B", trust=1, website="b.fr")]

    assert survive(rows)["website"].value == "b.fr"


def test_a_row_that_left_its_list_speaks_only_where_no_other_does():
    rows = [said(1, "A", as_of="2017-01-01", gone=True, website="a.fr", phone="1"), said(2, "B", website="b.fr")]

    assert survive(rows)["website"].value == "b.fr"
    assert survive(rows)["phone"].value == "1"


def test_the_last_correction_wins_over_everything_and_hides_nothing():
    rows = [said(1, "Register", register=True, name="ALPHA")]
    kept = survive(rows, [Correction(9, "name", "Alpha!"), Correction(4, "name", "Alpha?")])["name"]

    assert (kept.value, kept.rule, kept.origin, kept.others) == ("Alpha!", "R1", 9, (("ALPHA", 1),))


def test_one_refusal_refuses_for_all_lists():
    rows = [said(1, "A", consent_mail="granted"), said(2, "B", consent_mail="refused"), said(3, "C")]

    assert survive(rows)["consent_mail"].value == "refused"
    assert survive([rows[0], rows[2]])["consent_mail"].value == "granted"
