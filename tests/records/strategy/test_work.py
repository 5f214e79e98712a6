"""Order, projects, costs and effects: checks of S08, S09, S14 and S45 that need no page."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.charter import entries
from beffroi.charter.book import Thing
from beffroi.charter.faults import RefusedError
from beffroi.strategy import tables, write
from beffroi.strategy.cost import per_result
from beffroi.strategy.decision import Outcome
from beffroi.strategy.objective import targets
from beffroi.strategy.order import in_order, prerequisites
from beffroi.strategy.progress import progress
from beffroi.strategy.project import late, progress_of, share
from beffroi.strategy.read import overview


def refused(call, *args, **named):
    with pytest.raises(RefusedError) as found:
        call(*args, **named)
    return [one.field for one in found.value.faults], " ".join(found.value.say("en"))


def test_s08_1_an_action_requires_an_action_a_decision_or_a_threshold(cluster):
    programme = cluster.programme()
    first = cluster.published(programme, "first")
    gate = {"indicator": "jobs", "region": "FRE", "side": "at_least", "value": "4"}
    one = cluster.published(programme, "then", after=[first.id], decisions=["vote-7"], thresholds=[gate])
    found = prerequisites(one, cluster.book, cluster.facts())
    assert [(x.kind, x.id, x.is_met) for x in found] == [
        ("action", first.id, False), ("decision", "vote-7", False), ("threshold", "jobs", False),
    ]  # fmt: skip

    cluster.set(first, state="started")
    cluster.set(first, state="finished")
    cluster.votes = {"vote-7": Outcome("approved")}
    cluster.figures.held["2026-1"]["jobs", "FRE"] = "4.0"
    assert all(x.is_met for x in prerequisites(one, cluster.book, cluster.facts()))
    assert cluster.set(one, state="started").get("state") == "started"


def test_s08_2_an_unmet_prerequisite_is_overridden_by_the_owner_with_a_reason_kept(cluster):
    programme = cluster.programme()
    first = cluster.published(programme, "first")
    one = cluster.published(programme, "then", after=[first.id], owner="o1")
    fields, why = refused(cluster.set, one, state="started")
    assert fields == ["state"]
    assert "“first” is finished" in why
    owner, other = (cluster.facts(speaks_for=frozenset({name})) for name in ("o1", "o2"))
    assert "Only the owner" in refused(write.override, one.id, by=cluster.by(), facts=other, reason="now")[1]
    assert "written reason" in refused(write.override, one.id, by=cluster.by(), facts=owner, reason=" ")[1]

    write.override(one.id, by=cluster.by("account 9"), facts=owner, reason="The grant ends in June.")

    last = entries.history(one.id)[-1]
    assert (last.act, last.author, last.reason) == ("overridden", "account 9", "The grant ends in June.")
    assert cluster.book.thing(one.id).get("state") == "started"


def test_s08_3_cycles_are_refused(cluster):
    programme = cluster.programme()
    first = cluster.action(programme)
    second = cluster.action(programme, after=[first.id])
    third = cluster.action(programme, after=[second.id])
    fields, why = refused(cluster.set, first, after=[third.id])
    assert fields == ["after"]
    assert "action-1 → action-3 → action-2 → action-1" in why
    assert refused(cluster.set, first, after=[first.id])[0] == ["after"]


def test_s08_4_what_comes_first_stands_first(cluster):
    programme = cluster.programme()
    last = cluster.action(programme, "last", starts="2027-01-01")
    early = cluster.action(programme, "early", starts="2026-01-01")
    root = cluster.action(programme, "root", starts="2028-01-01")
    cluster.set(last, after=[root.id])
    order = [one.text("name", "en") for one in in_order(cluster.book.of("action"))]
    assert order == ["early", "root", "last"]
    assert [row[2] for row in tables.actions(cluster.book)[1]] == order
    assert early.id == "action-2"


@given(
    st.integers(1, 8).flatmap(lambda n: st.lists(st.lists(st.integers(0, n - 1), max_size=3), min_size=n, max_size=n))
)
def test_s08_4_any_order_respects_prerequisites_and_loses_nobody(requires):
    now = entries.datetime(2026, 1, 1, tzinfo=entries.UTC)
    actions = [
        Thing("action", f"action-{n}", {"after": [f"action-{m}" for m in set(before) if m < n]}, now, "", now, "", n)
        for n, before in enumerate(requires)
    ]
    found = [one.id for one in in_order(reversed(actions))]
    assert sorted(found) == sorted(one.id for one in actions)
    assert all(found.index(each) < found.index(one.id) for one in actions for each in one.ids("after"))


def test_states_come_in_their_order_and_steps_back_say_why(cluster):
    one = cluster.published()
    assert "does not go to" in refused(cluster.set, one, state="finished")[1]
    assert "Say why" in refused(cluster.set, one, state="stopped")[1]
    cluster.set(one, state="stopped", reason="no money")
    assert "does not go to" in refused(cluster.set, one, state="started")[1]


def project(cluster, **values):
    programme = cluster.programme()
    partners = [
        {"organisation": "o1", "role": "lead", "share": "1/3"},
        {"organisation": "o2", "role": "research", "share": "0.5"},
    ]
    whole = {"objectives": [cluster.objective(programme).id], "assets": [cluster.enter("asset", source="s").id],
             "partners": partners, "owner": "o1"}  # fmt: skip
    return cluster.enter("project", **{**whole, **values})


def test_s09_1_partners_have_role_and_exact_share(cluster):
    one = project(cluster)
    assert sum(share(row["share"]) for row in one.rows("partners")) == Fraction(5, 6)
    rows = list(one.rows("partners"))
    for more, why in (
        ({"organisation": "o3", "role": "user", "share": "1/5"}, "31/30"),
        ({"organisation": "o1", "role": "user", "share": "0"}, "twice"),
        ({"organisation": "o3", "role": "user", "share": "some"}, "such as 1/3"),
        ({"organisation": "o3", "role": "king", "share": "0"}, "'king'"),
        ({"role": "user", "share": "0"}, "must be given"),
    ):
        assert why in refused(cluster.set, one, partners=[*rows, more])[1]
    third = {"organisation": "o3", "role": "user", "share": "1/6"}
    cluster.set(one, partners=[*rows, third], lots=[{"name": "lot 1", "organisation": "o3"}])
    assert "not in the consortium" in refused(cluster.set, one, lots=[{"name": "lot 1", "organisation": "o9"}])[1]
    assert "one lead" in refused(cluster.set, one, state="published", partners=[third], lots=[])[1]
    assert cluster.set(one, state="published").get("state") == "published"


def test_s09_2_a_late_milestone_is_flagged_to_the_owner(cluster):
    miles = [{"name": "m1", "due": "2026-10-01"}, {"name": "m2", "due": "2026-09-01", "done": "2026-11-01"},
             {"name": "m3", "due": "2027-01-01"}]  # fmt: skip
    one = project(cluster, milestones=miles)
    assert late(cluster.book, date(2026, 11, 22)) == ()
    cluster.set(one, state="published")
    (found,) = late(cluster.book, date(2026, 11, 22))
    assert (found.milestone, found.days, found.owner) == ("m1", 52, "o1")
    assert len(late(cluster.book, date(2027, 2, 1))) == 2
    assert overview(cluster.book, cluster.figures, on=date(2026, 11, 22)).late == (found,)


def test_s09_3_progress_is_a_dated_statement_that_stays(cluster):
    one = project(cluster)
    assert "must be given" in refused(cluster.set, one, statements=[{"progress_pct": 10, "said": "x"}])[1]
    first = {"day": "2026-11-01", "progress_pct": 10, "said": "begun"}
    cluster.set(one, statements=[first])
    assert "stays" in refused(cluster.set, one, statements=[{**first, "progress_pct": 90}])[1]
    cluster.set(one, statements=[first, {"day": "2026-12-01", "progress_pct": 30, "said": "more"}])
    assert progress_of(cluster.book.thing(one.id))["progress_pct"] == 30


def test_s09_5_closing_asks_for_results_or_a_reason_for_none(cluster):
    one = project(cluster)
    cluster.set(one, state="published")
    cluster.set(one, state="started")
    fields, why = refused(cluster.set, one, state="finished")
    assert fields == ["results"]
    assert "reason why there are none" in why
    jobs = {"kind": "jobs", "number": "12", "day": "2026-11-20", "source": "payroll of o1"}
    assert cluster.set(one, state="finished", results=[jobs]).get("state") == "finished"
    other = project(cluster)
    for state in ("published", "started"):
        cluster.set(other, state=state)
    assert cluster.set(other, state="finished", no_result="The market was gone.").get("state") == "finished"


COSTS = [
    {"funder": "Region", "year": 2026, "committed_eur": "100000", "spent_eur": "40000.50"},
    {"funder": "State", "organisation": "o7", "year": 2027, "committed_eur": "5000"},
]


def test_s14_1_amounts_by_funder_and_year(cluster):
    cluster.published(costs=COSTS)
    columns, rows = tables.actions(cluster.book)
    money = [
        columns.index(name) for name in ("funder", "organisation", "year", "committed_eur", "spent_eur", "stated_by")
    ]
    assert [tuple(row[place] for place in money) for row in rows] == [
        ("Region", "", 2026, "100000", "40000.50", "action-1"), ("State", "o7", 2027, "5000", "0", "action-1"),
    ]  # fmt: skip
    seen = overview(cluster.book, cluster.figures, on=date(2026, 11, 22))
    assert (str(seen.committed_eur), str(seen.spent_eur)) == ("105000", "40000.50")
    assert "row 1" in refused(cluster.published, costs=[{"funder": "R", "year": 2026, "committed_eur": "-1"}])[1]


def test_s14_2_s45_1_targets_are_never_overwritten(cluster):
    result = cluster.result(cluster.objective(cluster.programme()))
    assert "say why" in refused(cluster.set, result, target="4")[1]
    cluster.set(result, author="account 8", reason="The crisis of 2027.", target="4", due="2033-01-01")
    cluster.set(result, source="another")
    found = targets(entries.history(result.id))
    assert [(str(one.target), one.due, one.by, one.comment) for one in found] == [
        ("5", "2031-01-01", "account 3", ""), ("4", "2033-01-01", "account 8", "The crisis of 2027."),
    ]  # fmt: skip
    assert found[0].at < found[1].at
    assert entries.broken() == []


@pytest.mark.parametrize(("values", "fields"), [
    ({"effect_status": "measured", "effect": "12"}, {"effect_on", "effect_dataset", "effect_method"}),
    ({"effect_status": "measured", "effect": "12", "effect_on": "2026-11-01", "effect_method": "m"},
     {"effect_dataset"}),
    ({"effect_status": "estimated", "effect": "12"}, {"effect_method"}),
    ({"effect": "12"}, {"effect_status"}),
    ({"effect_status": "guessed"}, {"effect_status"}),
])  # fmt: skip
def test_s14_3_a_measured_effect_needs_dataset_and_method(cluster, values, fields):
    assert set(refused(cluster.published, **values)[0]) == fields


MEASURED = {"effect_status": "measured", "effect": "8", "effect_on": "2026-11-01", "effect_dataset": "d",
            "effect_method": "m"}  # fmt: skip


def test_s14_4_no_cost_per_result_when_the_result_is_unknown(cluster):
    one = cluster.published(costs=COSTS)
    found = per_result(one, cluster.book)
    assert (found.eur, found.status) == (None, "unknown")
    assert "no cost per result" in found.refusal.en
    one = cluster.set(one, **MEASURED)
    assert str(per_result(one, cluster.book).eur) == "5000.0625"
    assert "zero or negative" in per_result(cluster.set(one, effect="0"), cluster.book).refusal.en
    one = cluster.set(one, effect="8")
    project(cluster, actions=[one.id], private_funding=[COSTS[0]])
    assert "confidential" in per_result(one, cluster.book).refusal.en
    bare = cluster.published(**MEASURED)
    assert "No spending" in per_result(bare, cluster.book).refusal.en


def test_s14_5_all_actions_with_funders_in_one_table(cluster):
    programme = cluster.programme()
    paid = cluster.published(programme, "paid", costs=COSTS)
    cluster.action(programme, "free")
    project(cluster, actions=[paid.id], funding=[{"funder": "EU", "year": 2028, "committed_eur": "7"}],
            private_funding=[{"funder": "Bank", "year": 2028, "committed_eur": "9"}])  # fmt: skip
    columns, rows = tables.actions(cluster.book)
    held = [dict(zip(columns, row, strict=True)) for row in rows]
    assert [(one["name_en"], one["funder"], one["stated_by"]) for one in held] == [
        ("paid", "Region", "action-1"), ("paid", "State", "action-1"), ("paid", "EU", "project-1"), ("free", "", ""),
    ]  # fmt: skip


def test_progress_knows_pace(cluster):
    result = cluster.result(cluster.objective(cluster.programme()), baseline_on="2024-12-31", due="2028-12-31")
    found = progress(result, cluster.book, cluster.figures)
    assert (str(found.way), found.state) == ("0.25", "on_pace")
    cluster.figures.held["2026-1"]["jobs", "FRE"] = "3.4"
    assert progress(result, cluster.book, cluster.figures).state == "behind"
    assert progress(result, cluster.book, cluster.figures, edition="2019-1").state == "unknown"


def test_figures_of_our_own_serve_wherever_an_indicator_does(cluster, said):
    own = cluster.enter("figure", definition=said("d"), unit=said("firms"), better="more", refresh_months=6)
    result = cluster.result(
        cluster.objective(cluster.programme()), indicator=own.id, region="", baseline="0", target="10"
    )
    assert progress(result, cluster.book, cluster.figures).state == "unknown"
    rows = [
        {"day": "2026-10-01", "value": "12.5", "source": "count"},
        {"day": "2026-05-01", "value": "3", "source": "count"},
    ]
    cluster.set(own, readings=rows)
    found = progress(result, cluster.book, cluster.figures)
    assert (found.state, str(found.figure.value), found.figure.decimals) == ("reached", "12.5", 1)
    assert "same day" in refused(cluster.set, own, readings=[rows[0], rows[0]])[1]
