"""From draft to decision on both engines: the seven checks of approval, and conflicts of interest."""

from __future__ import annotations

import copy
import importlib.util
import json
import random
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import ballot_house as house
import pytest
from django.db import DatabaseError, connection, transaction

from beffroi.assembly import frozen_rule
from beffroi.assembly.apportion import apportion
from beffroi.assembly.box import exported
from beffroi.assembly.chain import chained
from beffroi.assembly.exact import digest
from beffroi.assembly.seat_rule import SeatRule, Territory
from beffroi.assembly.vote import Candidate, Mandate, Text
from beffroi.records.ballots import BallotAct, BallotElector, BallotVote, DraftVersion, UrnSlip
from beffroi.strategy import casting, closing, drafting, office_keys, opening, remarks, urn
from beffroi.strategy.electorate import with_conflicts
from beffroi.strategy.errors import (
    NotReadyError,
    RoomClosedError,
    StaleBaseError,
    UnknownRoomError,
    UnknownVoteError,
    VoteRefusedError,
)
from beffroi.strategy.vote_rows import vote_row
from beffroi.vocabulary.errors import StoreError, UsageError


def module(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


alone = module(house.SCRIPT)


@pytest.fixture(autouse=True)
def _short_keys(monkeypatch):
    monkeypatch.setattr(office_keys, "KEY_BITS", 1024)  # for speed in tests only


@pytest.fixture
def room(registry, tmp_path):
    return house.Room(tmp_path)


def refused(call) -> list[str]:
    with pytest.raises(VoteRefusedError) as caught:
        call()
    return [one.id for one in caught.value.faults]


def test_s17_1_only_the_named_people_enter_a_room_and_two_hand_in(room):
    assert drafting.enter(room.id, 1, clock=room.tick()).team == (1, 2)
    for stranger in (3, 9):
        with pytest.raises(UnknownRoomError):
            drafting.enter(room.id, stranger, clock=room.tick())
    with pytest.raises(UnknownRoomError):
        drafting.enter(room.id + 1, 1, clock=room.tick())

    drafting.seat(room.id, 3, by="account 1", at=room.tick())
    drafting.leave(room.id, 1, by="account 1", at=room.tick())
    drafting.leave(room.id, 2, by="account 3", at=room.tick())
    assert (drafting.team(room.id), drafting.rooms_of(3), drafting.rooms_of(1)) == ((3,), (room.id,), ())
    room.save()
    with pytest.raises(NotReadyError) as caught:
        room.hand_in()
    assert caught.value.reasons == (("team", 1),)
    with pytest.raises(UsageError):
        drafting.leave(room.id, 3, by="account 3", at=room.tick())
    with pytest.raises(UsageError):
        drafting.leave(room.id, 2, by="account 3", at=room.tick())
    with pytest.raises(UsageError):
        drafting.seat(room.id, 3, by="account 3", at=room.tick())
    assert room.look().state == "drafting"


def test_the_second_to_save_is_told_and_loses_nothing(room):
    first = room.save("un")
    drafting.save(room.id, "deux", base="1.1", by="account 1", at=room.tick())

    with pytest.raises(StaleBaseError) as caught:
        drafting.save(room.id, "trois", base="1.1", by="account 2", at=room.tick())

    assert caught.value.latest == "1.2"
    assert [one.content for one in drafting.versions(room.id)] == ["deux", "un"]
    drafting.save(room.id, "deux et trois", base="1.2", by="account 2", at=room.tick())
    assert (drafting.version(room.id, "1.3").content, drafting.version(room.id, "1.1")) == ("deux et trois", first)
    for wrong in ("9.9", "x", "1"):
        with pytest.raises(UnknownRoomError):
            drafting.version(room.id, wrong)
    for content in ("  ", "x" * 200_001):
        with pytest.raises(UsageError):
            drafting.save(room.id, content, base="1.3", by="account 2", at=room.tick())
    with pytest.raises(UsageError):
        drafting.create(" ", account=1, by="account 1", at=room.tick())


def test_s17_2_submission_freezes_text_and_roll_under_their_fingerprints(room):
    room.save("Nous posons la fibre.")
    step = room.hand_in()
    with pytest.raises(RoomClosedError):
        room.save("Autre chose.")
    with pytest.raises(RoomClosedError):
        room.hand_in()
    drafting.take_back(room.id, by="account 1", at=room.tick())
    with pytest.raises(RoomClosedError):
        drafting.take_back(room.id, by="account 1", at=room.tick())
    room.hand_in()
    assert [one.id for one in drafting.handed_in(clock=room.tick())] == [room.id]

    row = room.open(house.enrolled(3, O1={"weight": Fraction(3, 2)}))

    assert row.pk == "2026-1"
    assert row.text_sha256 == step.sha256 == digest({"number": 1, "content": "Nous posons la fibre."})
    box = house.end(row, room.home)
    assert (row.text_sha256, row.electorate_sha256) == (digest(box["text"]), digest(box["electorate"]))
    assert [one["weight"] for one in box["electorate"]] == ["1", "3/2", "1"]
    for table, field in ((BallotVote, "text"), (BallotElector, "weight"), (DraftVersion, "content")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            table.objects.update(**{field: "9"})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        BallotAct.objects.all()._raw_delete("default")


def test_a_vote_is_opened_once_and_only_for_a_text_that_was_handed_in(room):
    office = opening.Office("account 9", room.tick(), room.home)
    room.save()
    with pytest.raises(RoomClosedError):
        opening.open_draft(room.id, house.terms(), house.enrolled(2), office=office)
    row = room.open(house.enrolled(2))
    assert (room.look().state, room.look().vote, room.look(house.START + timedelta(days=2)).state) == (
        "voting", row.pk, "counting",
    )  # fmt: skip
    with pytest.raises(RoomClosedError):
        opening.open_draft(room.id, house.terms(), house.enrolled(2), office=office)
    with pytest.raises(UnknownVoteError):
        vote_row("2026-9")


def test_s17_3_a_second_ballot_replaces_the_first_and_the_log_shows_it(room):
    row = room.open(house.enrolled(3))

    first = house.vote(row, 0, "against", minutes=1)
    second = house.vote(row, 0, "for", minutes=2)
    assert refused(lambda: house.vote(row, 1, "for", by="P0")) == ["no_mandate"]
    assert refused(lambda: house.vote(row, 7, "for")) == ["not_enrolled"]
    assert refused(lambda: house.vote(row, 1, "perhaps")) == ["choice_unknown"]
    assert refused(lambda: house.vote(row, 1, "for", minutes=-1)) == ["before_opening"]
    assert refused(lambda: house.vote(row, 1, "for", minutes=600)) == ["after_deadline"]

    assert second["previous"] == first["hash"]
    assert closing.turnout(row) == 1
    box = house.end(row, room.home)
    assert [one["body"].get("choice") for one in box["log"]] == [None, "against", "for", None]
    assert box["result"]["counts"]["for"] == {"members": "1", "weight": "1"}
    assert box["result"]["counts"]["against"]["members"] == "0"


def test_s17_3_a_changed_secret_ballot_shows_only_that_it_was_changed(room):
    row = room.open(house.enrolled(5), house.terms(is_secret=True))
    held = house.token(row, 0, room.home)

    assert house.drop(row, held, "against") == 0
    assert house.drop(row, held, "for", minutes=3) == 1
    assert refused(lambda: house.token(row, 0, room.home, minutes=4)) == ["token_twice"]
    assert refused(lambda: house.vote(row, 0, "for")) == ["vote_is_secret"]
    box = house.end(row, room.home)

    assert [(one["choice"], one["changes"]) for one in box["urn"]["ballots"]] == [("for", 1)]
    assert box["result"]["counts"]["for"]["members"] == "1"
    assert "against" not in house.said([box["log"], box["urn"]])


def test_s17_4_delegation_is_revocable_one_step_deep_and_under_a_ceiling(room):
    row = room.open(house.enrolled(6))

    def give(one, to, minutes=1, by=None):
        actor = casting.Actor(f"O{one}", by or f"P{one}")
        return casting.delegate(row.pk, actor, f"O{to}", clock=house.at(minutes))

    assert refused(lambda: give(0, 0)) == ["delegates_to_itself"]
    assert refused(lambda: give(0, 1, by="P5")) == ["no_mandate"]
    give(0, 1)
    assert refused(lambda: give(1, 0, 2)) == ["delegation_cycle"]
    assert refused(lambda: give(1, 2, 2)) == ["delegation_too_deep"]
    assert refused(lambda: give(2, 0, 2)) == ["delegation_too_deep"]
    assert refused(lambda: give(0, 2, 2)) == ["already_delegated"]
    give(2, 1, 3)
    assert refused(lambda: give(3, 1, 4)) == ["too_many_mandates"]
    assert casting.delegations(row) == {"O0": "O1", "O2": "O1"}

    assert refused(lambda: house.vote(row, 0, "for", minutes=5)) == ["delegated_revoke_first"]
    house.vote(row, 0, "for", minutes=5, by="P1")
    assert refused(lambda: casting.revoke(row.pk, casting.Actor("O0", "P0"), clock=house.at(6))) == ["already_cast"]
    casting.revoke(row.pk, casting.Actor("O2", "P2"), clock=house.at(7))
    assert refused(lambda: casting.revoke(row.pk, casting.Actor("O2", "P2"), clock=house.at(8))) == ["not_delegated"]
    give(3, 1, 9)
    house.vote(row, 2, "against", minutes=10)

    box = house.end(row, room.home)
    assert box["result"]["not_counted"] == []
    assert (box["result"]["counts"]["for"]["members"], box["result"]["counts"]["against"]["members"]) == ("1", "1")


def test_a_person_s_ceiling_counts_all_organisations_they_speak_for(room):
    both = (Mandate("P1", "2026-01-01T00:00:00Z"),)
    row = room.open(house.enrolled(6, O2={"mandates": both}))
    for one, to in ((0, 1), (3, 2)):
        casting.delegate(row.pk, casting.Actor(f"O{one}", f"P{one}"), f"O{to}", clock=house.at())

    assert refused(lambda: casting.delegate(row.pk, casting.Actor("O4", "P4"), "O2", clock=house.at())) == [
        "too_many_mandates"
    ]
    assert casting.organisations_of(row, "P1", row.opens) == ["O1", "O2"]


def test_s17_5_the_exported_box_gives_the_same_result_and_quorum_missed_is_no_decision(room, tmp_path):
    row = room.open(house.enrolled(9))
    for number in (0, 1):
        house.vote(row, number, "against")
    assert refused(lambda: closing.settle(row.pk, by="x", at=house.at()(), home=room.home)) == ["not_closed_yet"]

    box = house.end(row, room.home)

    assert box["result"]["outcome"] == "no_decision"
    ran = house.run_script(exported(box), tmp_path)
    assert (ran.returncode, "no_decision" in ran.stdout) == (0, True)
    assert room.look().state == "drafting"
    assert room.look().label == "1.1"


@pytest.mark.parametrize("is_secret", [False, True])
def test_s17_5_thirds_and_split_votes_are_exact_and_the_order_of_ballots_changes_nothing(room, another, is_secret):
    roll = house.enrolled(5, **({} if is_secret else {
        "O0": {"weight": Fraction(1, 3)}, "O1": {"weight": Fraction(2, 3)}, "O2": {"aggregated": True},
    }))  # fmt: skip
    choices: list = ["for", "against", "abstain" if is_secret else {"for": "1/7", "abstain": "6/7"}, "for"]
    results = []
    for order in ([0, 1, 2, 3], [3, 2, 1, 0]):
        row = room.open(roll, house.terms(is_secret=is_secret))
        for place, number in enumerate(order):
            if is_secret:
                house.drop(row, house.token(row, number, room.home, minutes=place), choices[number], minutes=place)
            else:
                house.vote(row, number, choices[number], minutes=place)
        results.append(house.end(row, room.home)["result"])
        another()
        room = house.Room(room.home / "next")

    assert results[0] == results[1]
    if not is_secret:
        assert results[0]["counts"]["for"]["weight"] == str(Fraction(1, 3) + Fraction(1, 7) + 1)
        assert results[0]["counts"]["against"]["weight"] == "2/3"


def test_s17_5_every_change_of_a_box_from_the_database_is_seen_by_both_programs(room):
    row = room.open(house.enrolled(5), house.terms(is_secret=True))
    for number in range(2):
        house.drop(row, house.token(row, number, room.home), "for" if number else "against")
    box = house.end(row, room.home)
    tried = 0
    for path in _leaves(box):
        for seal in (False, True):
            forged = _changed(box, path)
            if seal:
                forged["log"] = list(chained([one["body"] for one in forged["log"]]))
                forged["sha256"] = digest({name: one for name, one in forged.items() if name != "sha256"})
            if forged == box:
                continue  # the chain was written anew over the same acts: nothing has changed
            content = json.dumps(forged, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
            published = box["sha256"]
            assert _faults(content, published), path
            tried += 1
    assert tried > 100


def _leaves(value, path=()):
    if isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(one, (*path, key))
    elif path[0] != "sha256":
        yield path


def _changed(box, path):
    forged = copy.deepcopy(box)
    place = forged
    for step in path[:-1]:
        place = place[step]
    held = place[path[-1]]
    place[path[-1]] = (held + 1 if type(held) is int else not held if isinstance(held, bool)
                       else "1" if held is None else held + "0")  # fmt: skip
    return forged


def _faults(content, published):
    """What both programs find; they must find something together."""
    try:
        ours = house.verify_box(content, published=published)
    except Exception as error:  # noqa: BLE001 -- unreadable is a way of being found out
        ours = [error]
    try:
        theirs = alone.faults_of(content, published)[0]
    except alone.NoBoxError as error:
        theirs = [error]
    assert bool(ours) == bool(theirs)
    return ours


def test_s17_6_a_refusal_opens_the_next_version_and_each_objection_needs_an_answer(room):
    row = room.open(house.enrolled(4))
    for number in range(3):
        house.vote(row, number, "against", objection=f"Trop cher, dit {number}." if number < 2 else "")
    assert house.end(row, room.home)["result"]["outcome"] == "refused"

    late = house.START + timedelta(days=2)
    now = room.look(late)
    assert (now.state, now.last_outcome, now.label, now.unanswered) == ("drafting", "refused", "2.1", 2)
    assert drafting.version(room.id, "2.1").content == drafting.version(room.id, "1.1").content
    room.save("Nous posons la fibre, moins cher.", late)
    with pytest.raises(NotReadyError) as caught:
        room.hand_in(late)
    assert caught.value.reasons == (("objections", 2),)

    for one in remarks.remarks(room.id):
        assert (one.kind, one.vote_id, one.organisation in {"O0", "O1"}) == ("objection", row.pk, True)
        remarks.answer(room.id, one.pk, "Le prix baisse.", by="account 1", at=late)
    room.hand_in(late)
    again = room.open(house.enrolled(4), house.terms(opens=late), at=late)

    assert (again.pk, again.text_number, again.text) == ("2026-2", 2, "Nous posons la fibre, moins cher.")
    actor = casting.Actor("O0", "P0")
    casting.cast(again.pk, actor, "for", clock=lambda: late)
    assert closing.settle_due(by="t", at=late + timedelta(days=1), home=room.home, room=room.id) == ("2026-2",)
    assert room.look(late + timedelta(days=1)).state == "approved"
    with pytest.raises(RoomClosedError):
        room.save("Encore.", late + timedelta(days=1))


def test_remarks_are_kinds_of_two_and_stay_in_their_room(room):
    room.save()
    one = remarks.remark(room.id, "Et le coût ?", round_=1, kind="comment", by="account 2", at=room.tick())
    assert room.look().unanswered == 0
    remarks.answer(room.id, one.pk, "Trois euros.", by="account 1", at=room.tick())
    with pytest.raises(UsageError):
        remarks.remark(room.id, "x", round_=1, kind="praise", by="account 2", at=room.tick())
    with pytest.raises(UsageError):
        remarks.remark(room.id, " ", round_=1, kind="comment", by="account 2", at=room.tick())
    with pytest.raises(UsageError):
        remarks.answer(room.id + 1, one.pk, "x", by="account 1", at=room.tick())
    assert [len(each.answers.all()) for each in remarks.remarks(room.id)] == [1]


def test_a_text_handed_in_and_frozen_within_one_second_was_voted_on(room):
    room.save()
    moment = room.tick()
    room.hand_in(at=moment + timedelta(milliseconds=400))
    row = room.open(house.enrolled(2), at=moment)  # votes are frozen to the second
    house.vote(row, 0, "against")
    house.vote(row, 1, "against")

    house.end(row, room.home)

    assert room.look(house.START + timedelta(days=1)).state == "drafting"


def test_s17_7_a_remote_vote_is_refused_where_the_statutes_forbid_it_with_the_rule(room):
    with pytest.raises(VoteRefusedError, match="Remote votes are not admitted") as caught:
        room.open(house.enrolled(3), house.terms("statutes"))
    assert [one.id for one in caught.value.faults] == ["statutes_forbid_channel"]
    wrong = house.terms("statutes", is_secret=True, channels=("room",))
    assert refused(lambda: room.open(house.enrolled(5), wrong)) == [
        "secrecy_forbidden", "statutes_forbid_channel",
    ]  # fmt: skip
    row = room.open(house.enrolled(3), house.terms("statutes", channels=("room",)))

    assert refused(lambda: house.vote(row, 0, "for")) == ["channel_forbidden"]
    house.vote(row, 0, "for", channel="room")
    for number in (1, 2):
        casting.attend(row.pk, f"O{number}", clock=house.at())
    box = house.end(row, room.home)
    assert box["result"]["outcome"] == "approved"
    assert box["result"]["turnout"]["present"]["members"] == "3"


def test_terms_that_the_statutes_forbid_are_listed_together(room):
    wrong = house.terms(channels=(), hours=0, opens=house.START - timedelta(days=3), visibility="nobody")
    assert refused(lambda: room.open(house.enrolled(2), wrong)) == [
        "no_channel", "unknown_name", "notice_too_short", "open_too_short", "times",
    ]  # fmt: skip


def test_s26_3_a_conflict_of_interest_is_shown_and_counts_nowhere(room):
    roll = with_conflicts(house.enrolled(4), {"O3": "fournisseur du projet"})
    row = room.open(roll)
    assert (row.enrolled, row.enrolled_weight) == (3, "3")

    assert refused(lambda: house.vote(row, 3, "for")) == ["conflict_of_interest"]
    assert refused(lambda: casting.delegate(row.pk, casting.Actor("O0", "P0"), "O3", clock=house.at())) == [
        "conflict_of_interest"
    ]
    house.vote(row, 0, "for")
    box = house.end(row, room.home)

    assert [one["conflict"] for one in box["electorate"]] == [None, None, None, "fournisseur du projet"]
    assert box["result"]["turnout"]["enrolled"]["members"] == "3"


def test_s24_5_the_adopted_seat_rule_is_frozen_with_the_vote(room):
    places = [Territory("Lyon", {"members": Fraction(24)}), Territory("Roanne", {"members": Fraction(6)})]
    record = frozen_rule.freeze(places, apportion(places, SeatRule("sainte-lague", 10, {"members": Fraction(1)})))
    broken = {**record, "result": {**record["result"], "seats": {"Lyon": 10, "Roanne": 0}}}
    assert refused(lambda: room.open(house.enrolled(2), seat_rule=broken)) == ["seat_rule_broken"]
    assert refused(lambda: room.open(house.enrolled(2), seat_rule={"format": "other"})) == ["seat_rule_broken"]

    row = room.open(house.enrolled(2), seat_rule=record)

    assert row.text.endswith(f"\n\nSHA-256: {record['sha256']}")
    assert frozen_rule.verify(row.seat_rule)
    assert row.text_sha256 == digest({"number": 1, "content": row.text})


def test_s16_3_tables_and_log_say_that_somebody_took_part_and_not_what(room):
    """Every value beside an organisation or account, in every table, against every value beside a secret ballot."""
    row = room.open(house.enrolled(6), house.terms(is_secret=True))
    held = [house.token(row, number, room.home, minutes=number) for number in range(5)]
    for number in (3, 0, 4, 1):
        house.drop(row, held[number], "for", minutes=10 + number, objection="Trop tôt." if number == 3 else "")
    box = house.end(row, room.home)

    named = house.said(list(BallotAct.objects.values())) + house.said(list(BallotElector.objects.values()))
    assert [one["act"] for one in BallotAct.objects.order_by("number").values("act")][1:6] == ["token"] * 5
    for hidden, signature in held:
        assert hidden.token not in named
        assert signature not in named
        assert hidden.blinded not in named
        assert hidden.factor not in named
    assert '"for"' not in named
    slips = list(UrnSlip.objects.values())
    assert {name for one in slips for name in one} == {
        "id", "vote_id", "class_id", "token", "signature", "choice", "changes",
    }  # fmt: skip
    assert "P3" not in house.said(slips)
    (objection,) = remarks.remarks(room.id)
    assert (objection.by, objection.organisation, objection.at.hour) == ("", "", 0)
    assert "id" not in box["urn"]["ballots"][0]
    assert box["result"]["turnout"]["cast"]["members"] == "4"


def test_nothing_but_the_roll_and_the_order_of_tokens_is_known_of_a_secret_vote(room):
    """The table of ballots is in no order that tells when they came."""
    row = room.open(house.enrolled(12), house.terms(is_secret=True))
    held = [house.token(row, number, room.home) for number in range(12)]
    for one in held:
        house.drop(row, one, "for")

    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM records_urnslip ORDER BY id")
        stored = [one[0] for one in cursor.fetchall()]

    assert stored != [hidden.token for hidden, _ in held]  # wrong once in 479,001,600 runs
    assert sorted(stored) == sorted(hidden.token for hidden, _ in held)


def test_keys_of_a_secret_vote_are_private_and_gone_after_the_close(room):
    row = room.open(house.enrolled(5), house.terms(is_secret=True))
    path = room.home / office_keys.FOLDER / f"{row.pk}.json"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    held = house.token(row, 0, room.home)
    primes = json.loads(path.read_text("utf-8"))
    assert all(prime not in house.said(row.keys) for one in primes.values() for prime in one[:2])

    kept = path.read_text("utf-8")
    path.write_text("{}", "utf-8")
    with pytest.raises(StoreError, match="cannot be read"):
        house.token(row, 1, room.home)
    path.write_text(kept.replace(next(iter(primes.values()))[0], "b"), "utf-8")
    with pytest.raises(StoreError, match="frozen with"):
        house.token(row, 1, room.home)
    path.write_text(kept, "utf-8")
    assert BallotAct.objects.filter(act="token").count() == 1
    house.drop(row, held, "for")
    house.end(row, room.home)

    assert not path.exists()
    assert office_keys.destroy(room.home, row.pk) is False
    with pytest.raises(StoreError):
        office_keys.keep(Path("/proc/nowhere"), "v", {})


def test_a_small_class_and_a_broken_blinding_are_refused(room):
    assert refused(lambda: room.open(house.enrolled(4), house.terms(is_secret=True))) == ["class_too_small"]
    row = room.open(house.enrolled(5), house.terms(is_secret=True))
    actor = casting.Actor("O0", "P0")
    for blinded in ("xyz", "ff", "f" * 256):
        assert refused(
            lambda shown=blinded: casting.sign_token(row.pk, actor, shown, home=room.home, clock=house.at())
        ) == ["blinded_form"]
    outside = casting.Actor("O9", "P9")
    assert refused(lambda: casting.sign_token(row.pk, outside, "0" * 256, home=room.home, clock=house.at())) == [
        "not_enrolled"
    ]
    assert not BallotAct.objects.filter(act="token").exists()


def test_a_receipt_leads_to_the_root_and_the_urn_takes_only_what_was_signed(room):
    row = room.open(house.enrolled(5), house.terms(is_secret=True))
    held = house.token(row, 0, room.home)
    hidden, signature = held
    assert refused(lambda: house.drop(row, (hidden, "00"), "for")) == ["token_not_signed"]
    assert refused(lambda: house.drop(row, held, "perhaps")) == ["choice_unknown"]
    assert refused(lambda: house.drop(row, held, "for", minutes=600)) == ["after_deadline"]
    assert refused(lambda: house.drop(row, held, "for", minutes=-1)) == ["before_opening"]
    house.drop(row, held, "for")
    box = house.end(row, room.home)

    shown = urn.proof(vote_row(row.pk), hidden.token.upper())
    assert (shown["holds"], shown["root"]) == (True, box["urn"]["root"])
    with pytest.raises(UnknownVoteError):
        urn.proof(vote_row(row.pk), "00")
    public = house.Room(room.home, "Autre").open(house.enrolled(2))
    assert refused(lambda: house.drop(public, held, "for")) == ["vote_not_secret", "token_class"][:1]
    assert signature


def test_a_board_is_elected_by_approval(room):
    rule = house.rule_of("board").for_seats(2)
    given = opening.Terms(rule, house.START, house.START + timedelta(hours=house.HOURS), False, ("remote",))
    matter = opening.Matter(
        "Conseil", Text(1, "Élisez."), tuple(Candidate(one, {"name": f"Candidate {one}"}) for one in "ABC")
    )
    office = opening.Office("account 9", room.tick(), room.home)
    row = opening.open_election(matter, given, house.enrolled(4), office=office)
    for number, names in enumerate((["A", "B"], ["B"], ["B", "C"], ["A"])):
        house.vote(row, number, names)
    assert refused(lambda: house.vote(row, 0, ["A", "B", "C"])) == ["too_many_choices"]

    box = house.end(row, room.home)

    assert (box["result"]["outcome"], box["result"]["election"]["elected"]) == ("elected", ["A", "B"])
    with pytest.raises(UsageError):
        opening.open_election(opening.Matter(" ", Text(1, "")), given, house.enrolled(4), office=office)


def test_a_slice_of_the_roll_judges_like_the_whole_one(room):
    """Random acts: what the database admits from a part of the log is what the count admits from all of it."""
    rng = random.Random(7)
    both = (Mandate("P1", "2026-01-01T00:00:00Z"), Mandate("P2", "2026-01-01T00:00:00Z"))
    row = room.open(house.enrolled(7, O2={"mandates": both}, O5={"weight": Fraction(5, 2), "aggregated": True}))
    admitted = 0
    for minute in range(120):
        one, to, by = (rng.randrange(7) for _ in range(3))
        actor = casting.Actor(f"O{one}", f"P{one if rng.random() < 0.8 else by}")
        act = rng.choice(["cast", "cast", "delegate", "delegate", "revoke", "attend"])
        try:
            if act == "cast":
                casting.cast(row.pk, actor, rng.choice(["for", "against", {"for": "1", "against": "3/2"}]),
                             clock=house.at(minute))  # fmt: skip
            elif act == "delegate":
                casting.delegate(row.pk, actor, f"O{to}", clock=house.at(minute))
            elif act == "revoke":
                casting.revoke(row.pk, actor, clock=house.at(minute))
            else:
                casting.attend(row.pk, actor.organisation, clock=house.at(minute))
            admitted += 1
        except VoteRefusedError:
            pass
    box = house.end(row, room.home)

    assert 20 < admitted < 100
    assert len(box["log"]) == admitted + 2
    assert box["result"]["not_counted"] == []
