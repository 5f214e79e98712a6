"""Vision, objectives, genericity and failure factors: checks of S01 to S04 that need no page."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from beffroi.charter import entries
from beffroi.charter.faults import RefusedError
from beffroi.records.charter import CharterEntry
from beffroi.strategy import read, template_2006, vision, write
from beffroi.strategy.compare import side_by_side
from beffroi.strategy.decision import Outcome
from beffroi.strategy.failure_factor import unanswered
from beffroi.strategy.genericity import report
from beffroi.strategy.kinds import KINDS, named_outside


def refused(call, *args, **named):
    with pytest.raises(RefusedError) as found:
        call(*args, **named)
    return [one.field for one in found.value.faults], " ".join(found.value.say("en"))


def ids(things):
    return [one.id for one in things]


def test_s01_1_the_chain_reads_both_ways(cluster):
    programme = cluster.programme()
    objective = cluster.objective(programme)
    result = cluster.result(objective)
    action = cluster.action(programme, objectives=[result.id])
    project = cluster.enter("project", actions=[action.id])

    assert ids(read.chain(cluster.book, project.id).above) == [
        "vision-1", "objective-1", "result-1", "programme-1", "action-1",
    ]  # fmt: skip
    assert ids(read.chain(cluster.book, "vision-1").below) == [
        "objective-1", "result-1", "programme-1", "action-1", "project-1",
    ]  # fmt: skip
    middle = read.chain(cluster.book, result.id)
    assert (ids(middle.above), ids(middle.below)) == (["vision-1", "objective-1"], ["action-1", "project-1"])


def test_s01_2_no_action_enters_a_programme_whose_vision_is_a_draft(cluster):
    programme = cluster.enter("programme", vision=cluster.vision(is_approved=False).id)

    fields, why = refused(cluster.action, programme)

    assert fields == ["programme"]
    assert "vision-1) is still a draft" in why
    assert "Vision first" in why
    assert cluster.book.of("action") == ()
    cluster.approve(cluster.book.thing("vision-1"))
    assert cluster.action(programme).id == "action-1"
    other = cluster.enter("programme", vision=cluster.vision(is_approved=False).id)
    assert refused(cluster.set, cluster.book.thing("action-1"), programme=other.id)[0] == ["programme"]


def test_s01_3_an_action_without_objective_is_not_published(cluster):
    asset = cluster.enter("asset", source="seen")
    one = cluster.action(cluster.programme(), assets=[asset.id])
    write.review(one.id, "ours", "why", by=cluster.by("account 4"))

    fields, why = refused(cluster.set, one, state="published")

    assert fields == ["objectives"]
    assert "tie it to one" in why
    published = cluster.published()
    assert refused(cluster.set, published, objectives=[])[0] == ["objectives"]


@pytest.mark.parametrize("missing", ["baseline", "baseline_on", "target", "due", "source"])
def test_s01_4_an_objective_is_approved_only_when_it_is_measured(cluster, missing):
    objective = cluster.objective(cluster.programme())
    assert refused(cluster.set, objective, state="approved")[0] == ["state"]
    result = cluster.result(objective, **{missing: ""})
    fields, why = refused(cluster.set, objective, state="approved")
    assert fields == ["state"]
    assert "indicator, baseline, target, date and source" in why

    value = {"baseline": "3", "baseline_on": "2025-01-01", "target": "5", "due": "2031-01-01", "source": "s"}[missing]
    cluster.set(result, **{missing: value})
    assert cluster.set(objective, state="approved").get("state") == "approved"
    for change in ({missing: ""}, {"objective": cluster.objective(cluster.programme()).id}):
        assert "complete key result" in refused(cluster.set, result, reason="wish", **change)[1]
    assert refused(write.archive, result.id, by=cluster.by())[0] == [""]


def test_s01_5_an_objective_that_carries_actions_is_archived_never_deleted(cluster):
    action = cluster.published()
    objective = action.ids("objectives")[0]

    with pytest.raises(DatabaseError), transaction.atomic():
        CharterEntry.objects.filter(thing=objective).delete()
    write.archive(objective, by=cluster.by(), reason="replaced")

    assert cluster.book.of("objective") == ()
    assert cluster.book.thing(objective).is_archived
    assert cluster.book.thing(action.id).ids("objectives") == (objective,)
    assert not any("delete" in name for name in dir(write))


def test_s01_6_orphans_are_listed_and_the_template_has_none(cluster):
    programme = cluster.programme()
    bare = cluster.objective(programme)
    served = cluster.objective(programme)
    result = cluster.result(served)
    cluster.action(programme, objectives=[result.id])
    alone = cluster.action(programme, "alone")
    project = cluster.enter("project")
    factor = cluster.enter("factor")

    found = read.orphans(cluster.book)

    assert found.objectives_without_action == (bare,)
    assert found.actions_without_objective == (alone,)
    assert found.projects_without_objective == (project,)
    assert found.factors_without_objective == (factor,)
    assert found


def entered_template(cluster):
    shown = template_2006.enter_vision(by=cluster.by(), region="FRE")
    held = template_2006.enter_aims(shown.id, by=cluster.by(), region="FRE")
    assert "still a draft" in refused(template_2006.enter_means, held, by=cluster.by(), region="FRE")[1]
    cluster.approve(shown)
    return template_2006.enter_means(held, by=cluster.by(), region="FRE")


def test_s01_6_s04_1_s08_5_the_template_of_2006_ships_whole(cluster):
    held = entered_template(cluster)
    book = cluster.book

    assert not read.orphans(book)
    factors = book.of("factor")
    assert len(factors) == 5
    assert all(one.ids("indicators") and one.get("region") == "FRE" for one in factors)
    actions = book.of("action")
    assert len(actions) == 8
    assert book.thing(held["a8"].id).ids("after") == tuple(held[f"a{n}"].id for n in range(2, 8))
    assert all(one.text("name", lang) for one in book for lang in ("fr", "en"))
    assert all(one.get("state") == "draft" for one in actions)
    assert {one.verdict for one in report(book)} == {"unreviewed"}
    assert template_2006.entered("vision-1").keys() == held.keys()


def test_s01_6_indicators_of_the_template_are_in_the_catalogue(cluster):
    from beffroi.catalogue.load import load  # noqa: PLC0415 -- only this test needs it

    entered_template(cluster)
    known = {*load().indicators, "rank"}
    named = {
        id_ for one in cluster.book if one.kind in KINDS
        for _field, space, id_ in named_outside(KINDS[one.kind], one.values)
        if space == "indicator" and not id_.startswith("figure-")
    }  # fmt: skip
    assert named
    assert named <= known


def test_s02_3_the_version_approved_never_changes(cluster, said):
    one = cluster.vision()
    cluster.set(one, statement=said("We want more."))
    first = vision.versions(entries.history(one.id))
    cluster.approve(cluster.book.thing(one.id))

    both = vision.versions(entries.history(one.id))

    assert both[0] == first[0]
    assert [x.vision.text("statement", "en") for x in both] == ["We want.", "We want more."]
    assert [(x.number, x.edition) for x in both] == [(1, "2026-1"), (2, "2026-1")]


def test_s02_4_editing_writes_the_draft_of_a_new_version(cluster, said):
    one = cluster.vision()
    assert not vision.has_open_draft(one)

    edited = cluster.set(one, statement=said("Other."))

    assert vision.has_open_draft(edited)
    assert vision.is_in_force(edited)
    assert len(vision.versions(entries.history(one.id))) == 1
    back = cluster.set(one, statement=said("We want."))
    assert not vision.has_open_draft(back)
    assert "approved already" in refused(cluster.approve, back)[1]


def test_only_an_approved_decision_on_this_very_text_approves_a_vision(cluster):
    one = cluster.vision(is_approved=False)
    assert refused(cluster.set, one, version=1, approved_text="x")[0] == ["approved_text"]
    no = cluster.enter("resolution", body="B", day="2026-11-20", outcome="refused", document="m").id
    assert refused(cluster.approve, one, no)[0] == ["decision"]
    assert refused(cluster.approve, one, "vote-1")[0] == ["decision"]
    cluster.votes = {"vote-1": Outcome("approved", "0" * 64)}
    assert "not this one" in refused(cluster.approve, one, "vote-1")[1]
    cluster.votes = {"vote-1": Outcome("approved", vision.fingerprint(one.values))}
    assert cluster.approve(one, "vote-1").get("version") == 1
    bare = cluster.enter("vision", statement={"fr": "x", "en": "x"})
    assert refused(cluster.approve, bare)[0] == ["claims"]


def test_s02_5_a_headline_older_than_its_refresh_period_is_stale(cluster):
    one = cluster.vision()
    fresh, old = (
        vision.headlines(one, cluster.book, cluster.figures, on=day)[0] for day in (date(2027, 12, 1), date(2028, 1, 1))
    )
    assert (fresh.figure.year, str(fresh.figure.value), str(fresh.gap)) == (2025, "3.5", "1.5")
    assert (fresh.is_stale, old.is_stale) == (False, True)
    earlier = vision.headlines(one, cluster.book, cluster.figures, on=date(2026, 1, 1), edition="2025-1")[0]
    assert str(earlier.figure.value) == "3.0"


def test_s03_1_links_are_structured_and_prose_is_none(cluster):
    programme = cluster.programme()
    objective = cluster.objective(programme)
    one = cluster.action(programme, objectives=[objective.id], said={"fr": "Nos dunes.", "en": "Our dunes."})
    write.review(one.id, "ours", "why", by=cluster.by("account 4"))
    assert refused(cluster.set, one, state="published")[0] == ["assets"]
    assert "no asset-9" in refused(cluster.set, one, assets=["asset-9"])[1]

    for change in (
        {"figures": [{"indicator": "jobs", "region": "FRE", "edition": "2026-1"}]},
        {"figures": [], "factors": [cluster.enter("factor").id]},
        {"factors": [], "assets": [cluster.enter("asset", source="s").id]},
    ):
        cluster.set(one, reason="again", **change)
        write.review(one.id, "ours", "why", by=cluster.by("account 4"))
        assert cluster.set(one, state="published").get("state") == "published"
        cluster.set(one, state="draft", reason="more")


def test_s03_2_the_question_is_answered_by_somebody_else(cluster):
    programme = cluster.programme()
    asset = cluster.enter("asset", source="s")
    one = cluster.action(programme, objectives=[cluster.objective(programme).id], assets=[asset.id])
    assert refused(cluster.set, one, state="published")[0] == ["review"]
    for writer in ("account 3", "account 5"):
        if writer == "account 5":
            cluster.set(one, author=writer, said={"fr": "x", "en": "x"})
        assert "somebody else" in refused(write.review, one.id, "ours", "why", by=cluster.by(writer))[1]
    assert refused(cluster.set, one, author="account 4", review="ours")[0] == ["review"]

    assert refused(write.review, one.id, "", "", by=cluster.by("account 4"))[0] == ["review_why"]
    write.review(one.id, "anybodys", "Any port could.", by=cluster.by("account 4"))
    cluster.set(one, said={"fr": "y", "en": "y"})
    assert refused(cluster.set, one, state="published")[0] == ["review"]
    write.review(one.id, "ours", "Now it is ours.", by=cluster.by("account 4"))
    assert cluster.set(one, state="published").get("state") == "published"


def test_s03_3_the_report_names_actions_tied_to_nothing_of_their_own(cluster):
    programme = cluster.programme()
    asset, other = (cluster.enter("asset", source="s").id for _ in range(2))
    cluster.action(programme, "none")
    cluster.action(cluster.programme(), "single", assets=[asset])
    second = cluster.programme()
    cluster.action(second, "same", assets=[asset])
    cluster.action(second, "more", assets=[asset, other])

    found = {one.action.text("name", "en"): (one.verdict, one.own) for one in report(cluster.book)}

    assert found == {
        "none": ("unlinked", ()), "same": ("shared", ()), "single": ("unreviewed", (asset,)),
        "more": ("unreviewed", (other,)),
    }  # fmt: skip
    assert report(cluster.book)[0].action.text("name", "en") == "none"


def test_s03_4_a_near_copy_of_a_generic_action_is_a_hint_and_no_block(cluster):
    one = cluster.published(name="Fostering innovation")
    (found,) = report(cluster.book)
    assert found.near[0].en == "Foster innovation"
    assert 80 <= found.near[1] < 100
    assert one.get("state") == "published"
    cluster.set(one, name={"fr": "Tisser les dunes de Merlimont", "en": "Weave the dunes of Merlimont"})
    assert report(cluster.book)[0].near is None


def test_s04_2_severity_rests_on_evidence_and_keeps_its_history(cluster):
    one = cluster.enter("factor")
    assert refused(cluster.set, one, severity="4")[0] == ["severity"]
    for row, why in (
        ({"day": "2026-11-01"}, "an indicator or a document"),
        ({"day": "2026-11-01", "indicator": "jobs"}, "region and edition"),
        ({"day": "2026-11-01", "indicator": "jobs", "region": "FRE", "edition": "2019-1"}, "no such figure"),
    ):
        assert why in refused(cluster.set, one, severity="4", evidence=[row])[1]
    proof = {"day": "2026-11-01", "indicator": "jobs", "region": "FRE", "edition": "2025-1"}
    cluster.set(one, severity="4", evidence=[proof], owner="o1", reason="figures of 2025")
    cluster.set(one, severity="3", evidence=[proof, {"day": "2026-11-20", "document": "report 7"}], state="easing")

    rated = [(e.change["severity"], e.author, e.reason) for e in entries.history(one.id) if "severity" in e.change]
    assert rated == [("4", "account 3", "figures of 2025"), ("3", "account 3", "")]


def test_s04_3_lifted_only_past_the_threshold_or_by_decision(cluster):
    one = cluster.enter("factor")
    assert refused(cluster.set, one, state="lifted")[0] == ["state"]
    gate = {"indicator": "jobs", "region": "FRE", "side": "at_least", "value": "3.6"}
    assert "past its threshold" in refused(cluster.set, one, state="lifted", lifts_at=[gate])[1]
    assert refused(cluster.set, one, state="lifted", lifted_by="vote-1")[0] == ["state"]
    cluster.votes = {"vote-1": Outcome("refused")}
    assert refused(cluster.set, one, state="lifted", lifted_by="vote-1")[0] == ["state"]

    cluster.votes = {"vote-1": Outcome("approved")}
    assert cluster.set(one, state="lifted", lifted_by="vote-1").get("state") == "lifted"
    cluster.set(one, state="open", lifted_by="")
    lower = {**gate, "value": "3.5"}
    assert cluster.set(one, state="lifted", lifts_at=[lower]).get("state") == "lifted"
    cluster.set(one, state="open")
    assert refused(cluster.set, one, state="lifted", lifts_at=[lower, gate])[0] == ["state"]


def test_s04_4_factors_that_no_objective_aims_at_are_a_list(cluster):
    aimed, left, lifted = (cluster.enter("factor", name) for name in "abc")
    cluster.votes = {"vote-1": Outcome("approved")}
    cluster.set(lifted, state="lifted", lifted_by="vote-1")
    objective = cluster.enter("objective", vision=cluster.vision().id, factors=[aimed.id])
    assert ids(unanswered(cluster.book)) == [left.id]
    write.archive(objective.id, by=cluster.by())
    assert ids(unanswered(cluster.book)) == [aimed.id, left.id]


def test_s04_5_two_editions_stand_side_by_side(cluster):
    one = cluster.enter("factor", indicators=["jobs", "patents"], region="FRE")
    then = cluster.book
    cluster.set(one, severity="3", evidence=[{"day": "2026-11-20", "document": "d"}])

    (found,) = side_by_side(then, cluster.book, cluster.figures, before="2025-1", after="2026-1")

    assert (found.severity_before, found.severity_after) == ("", "3")
    jobs, patents = found.pairs
    assert (str(jobs.before.value), str(jobs.after.value), str(jobs.change), jobs.verdict) == (
        "3.0", "3.5", "0.5", "better",
    )  # fmt: skip
    assert (patents.change, patents.verdict) == (None, "unknown")


def test_what_was_believed_on_a_day(cluster):
    one = cluster.enter("factor")
    day = datetime(2027, 6, 1, tzinfo=UTC)
    cluster.ticks = iter(range(600_000, 600_010))
    cluster.set(one, severity="2", evidence=[{"day": "2028-01-01", "document": "d"}])
    assert entries.book(day).thing(one.id).get("severity") is None
    assert entries.book(day + timedelta(days=365)).thing(one.id).get("severity") == "2"
    assert read.overview(entries.book(day), cluster.figures, on=day.date()).vision is None


def test_an_indicator_leads_to_what_names_it(cluster):
    factor = cluster.enter("factor", indicators=["jobs"])
    vision_id = cluster.vision().id
    objective = cluster.enter("objective", vision=vision_id, factors=[factor.id])
    programme = cluster.enter("programme", vision=vision_id)
    cluster.action(programme, objectives=[objective.id])
    cluster.enter("factor", "other", indicators=["patents"])
    assert ids(read.naming(cluster.book, "jobs")) == ["vision-1", "factor-1", "objective-1", "action-1"]
