"""A vote that is cancelled: nothing is deleted, nothing counted, and the text waits for another vote."""

from __future__ import annotations

import threading
from datetime import timedelta

import ballot_house as house
import pytest
from django.db import DatabaseError, connections, transaction

from beffroi.assembly.box import box, exported
from beffroi.assembly.chain import first_break
from beffroi.assembly.verify_box import verify_box
from beffroi.records.ballots import BallotAct, BallotCancelling, BallotHead, BallotVote, UrnSlip
from beffroi.strategy import cancelling, casting, closing, drafting, vote_mail
from beffroi.strategy.errors import UnknownVoteError, VoteRefusedError
from beffroi.strategy.office_keys import FOLDER
from beffroi.strategy.vote_outcomes import decided, outcomes
from beffroi.strategy.vote_rows import electors, keys_of, log_of, urn_of, vote_from, vote_row


@pytest.fixture
def room(registry, home, monkeypatch):
    monkeypatch.setattr("beffroi.strategy.office_keys.KEY_BITS", 1024)
    return house.Room(home)


def cancel(row, home, *, minutes=5.0, reason="La salle est fermée.", office="election_officer"):
    return cancelling.cancel(row.pk, reason, office=office, by="account 9", at=house.at(minutes)(), home=home)


def refused(act):
    with pytest.raises(VoteRefusedError) as caught:
        act()
    return [one.id for one in caught.value.faults]


def test_a_cancelled_vote_takes_no_ballot_and_is_never_counted(room):
    row = room.open(house.enrolled(3))
    house.vote(row, 0, "for")

    done = cancel(row, room.home)

    head, acts = BallotHead.objects.get(pk=row.pk), list(BallotAct.objects.filter(vote=row).order_by("number"))
    assert (head.hash, head.number, acts[-1].act, acts[-1].hash) == (done.hash, 3, "cancel", done.hash)
    assert acts[-1].body == {"act": "cancel", "at": "2026-11-22T08:05:00Z", "office": "election_officer",
                             "reason": "La salle est fermée."}  # fmt: skip
    assert first_break(log_of(row)) is None
    assert [one.act for one in acts] == ["open", "cast", "cancel"]  # the ballot is there, sealed
    assert refused(lambda: house.vote(row, 1, "for", minutes=6)) == ["vote_cancelled"]
    assert refused(lambda: casting.attend(row.pk, "O1", clock=house.at(6))) == ["vote_cancelled"]
    late = house.at(60 * house.HOURS + 1)()
    held = vote_row(row.pk)
    for act in (lambda: closing.box_of(held, at=late), lambda: closing.result_of(held, at=late),
                lambda: closing.settle(row.pk, by="x", at=late, home=room.home)):  # fmt: skip
        assert refused(act) == ["vote_cancelled"]
    assert closing.settle_due(by="x", at=late, home=room.home) == ()
    assert not closing.is_over(held, late)
    assert (decided()[row.pk].state, outcomes()[row.pk].outcome) == ("cancelled", "open")
    assert BallotCancelling.objects.get().by == "account 9"


def test_it_is_cancelled_once_before_the_deadline_and_with_a_reason(room):
    row = room.open(house.enrolled(2))
    assert refused(lambda: cancel(row, room.home, reason=" \n")) == ["no_reason"]
    assert refused(lambda: cancel(row, room.home, reason="x" * 2001)) == ["no_reason"]
    assert refused(lambda: cancel(row, room.home, minutes=60 * house.HOURS)) == ["already_settled"]
    with pytest.raises(UnknownVoteError):
        cancelling.cancel("2026-99", "x", office="operator", by="x", at=house.START, home=room.home)
    assert not BallotCancelling.objects.exists()
    cancel(row, room.home, minutes=-60)  # announced, not open yet
    assert BallotAct.objects.get(act="cancel").body["at"] == "2026-11-22T07:00:00Z"
    assert refused(lambda: cancel(row, room.home)) == ["vote_cancelled"]
    for statement in ("UPDATE records_ballotcancelling SET reason = 'x'", "DELETE FROM records_ballotact",
                      "DELETE FROM records_ballotmail WHERE 1 = 0 OR id > 0"):  # fmt: skip
        if "ballotmail" in statement:
            vote_mail.BallotMail.objects.create(vote=row, account=1, kind="cancelled", at=house.START, by="x")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connections["default"].cursor().execute(statement)


def test_the_text_goes_back_to_where_it_waits_for_a_vote(room):
    first = room.open(house.enrolled(2))
    cancel(first, room.home)
    after = house.at(7)()
    assert (room.look(after).state, room.look(after).vote) == ("handed_in", "")
    assert [one.id for one in drafting.handed_in(clock=after)] == [room.id]

    again = room.open(house.enrolled(2), house.terms(opens=house.START + timedelta(minutes=10)), at=after)

    assert (again.text_number, again.text_sha256) == (first.text_number, first.text_sha256)
    cancel(again, room.home, minutes=20)
    drafting.take_back(room.id, by="account 1", at=house.at(21)())
    saved = room.save("Nous posons moins de fibre.", at=house.at(22)())
    assert (saved.round, saved.number) == (2, 1)  # what was put to the vote stays what it was
    room.hand_in(at=house.at(23)())
    third = room.open(house.enrolled(2), house.terms(opens=house.START + timedelta(minutes=30)), at=house.at(24)())
    assert room.look(house.at(31)()).state == "voting"
    assert len({first.pk, again.pk, third.pk}) == BallotVote.objects.count() == 3


def test_the_urn_of_a_cancelled_vote_is_sealed_and_its_keys_are_destroyed(room):
    row = room.open(house.enrolled(6), house.terms(is_secret=True))
    held = [house.token(row, number, room.home) for number in (0, 1)]
    house.drop(row, held[0], "for")
    assert (room.home / FOLDER / f"{row.pk}.json").exists()

    cancel(row, room.home)

    assert not (room.home / FOLDER / f"{row.pk}.json").exists()
    assert refused(lambda: house.drop(row, held[1], "for", minutes=6)) == ["vote_cancelled"]
    assert UrnSlip.objects.count() == 1


def test_a_box_made_of_a_cancelled_vote_is_told_by_both_programs(room, tmp_path):
    row = room.open(house.enrolled(3))
    house.vote(row, 0, "for")
    cancel(row, room.home)
    held = vote_row(row.pk)
    log = log_of(held)
    forged = exported(box(vote_from(held, electors(held)), [*log, closing._close(held, log[-1], ())],
                          urn=urn_of(held), keys=keys_of(held)))  # fmt: skip

    assert [one.id for one in verify_box(forged)] == ["vote_was_cancelled"]
    checked = house.run_script(forged, tmp_path)
    assert checked.returncode == 1
    assert "vote_was_cancelled" in checked.stdout + checked.stderr


def test_those_on_the_roll_can_be_told_once(room):
    roll = house.enrolled(2, O0={"mandates": (house.Mandate("account 4", "2026-01-01T00:00:00Z"),)})
    row = room.open(roll)
    cancel(row, room.home)
    assert vote_mail.to_write_to(row, "cancelled") == (4,)
    words = dict.fromkeys(("title", "opens", "closes", "url", "sha256"), "x") | {"reason": "La salle est fermée."}
    subject, body = vote_mail.message("cancelled", {"fr": words, "en": words}, "fr")
    assert subject == "Vote annulé : x"
    assert "La salle est fermée." in body
    vote_mail.BallotMail.objects.create(vote=row, account=4, kind="cancelled", at=house.START, by="x")
    assert vote_mail.to_write_to(row, "cancelled") == ()


def test_ballots_and_the_cancelling_take_turns(room):
    """Whoever comes first is in the log before; no ballot stands after the cancelling."""
    row = room.open(house.enrolled(12))
    seen = []

    def one(number):
        try:
            house.vote(row, number, "for")
            seen.append("cast")
        except VoteRefusedError:
            seen.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(12)]
    for each in threads[:6]:
        each.start()
    cancel(row, room.home)
    for each in threads[6:]:
        each.start()
    for each in threads:
        each.join()

    acts = list(BallotAct.objects.filter(vote=row).order_by("number").values_list("act", flat=True))
    assert acts[-1] == "cancel"
    assert acts.count("cast") == seen.count("cast") == len(acts) - 2
    assert seen.count("refused") >= 6
    assert len(seen) == 12
