"""Five hundred ballots at once at the deadline, and a process that is killed while it casts."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import ballot_house as house
import pytest
from django.db import connection, connections

from beffroi.assembly.box import exported
from beffroi.assembly.chain import first_break
from beffroi.assembly.verify_box import verify_box
from beffroi.records.ballots import BallotAct
from beffroi.strategy import casting, closing, drafting
from beffroi.strategy.errors import StaleBaseError, VoteRefusedError
from beffroi.strategy.vote_rows import log_of, vote_row

BALLOTS, HANDS = 500, 25


@pytest.fixture
def room(registry, tmp_path):
    return house.Room(tmp_path)


def together(jobs):
    """Run jobs by many hands, each with a connection of its own; return what each gave or raised."""
    gate = threading.Barrier(HANDS)
    queue = iter(list(enumerate(jobs)))
    lock = threading.Lock()
    answers: dict[int, object] = {}

    def hand():
        gate.wait()
        while True:
            with lock:
                place, job = next(queue, (None, None))
            if job is None:
                break
            try:
                answers[place] = job()
            except Exception as error:  # noqa: BLE001 -- the test looks at what came out
                answers[place] = error
        connections.close_all()

    with ThreadPoolExecutor(HANDS) as pool:
        list(pool.map(lambda _: hand(), range(HANDS)))
    return [answers[place] for place in sorted(answers)]


def test_500_ballots_at_once_at_the_deadline_none_lost_none_double_none_late(room):
    """The clock passes the deadline while half of them still wait for their turn."""
    row = room.open(house.enrolled(BALLOTS))
    ticks = itertools.count()

    def clock():
        # Read while the log is held, so one ballot at a time: the 251st reader sees the deadline.
        return house.at(600 if next(ticks) >= BALLOTS // 2 else 599)()

    def job(number):
        actor = casting.Actor(f"O{number}", f"P{number}")
        return casting.cast(row.pk, actor, "for" if number % 3 else "against", clock=clock)

    answers = together([lambda number=number: job(number) for number in range(BALLOTS)])

    taken = [number for number, one in enumerate(answers) if isinstance(one, dict)]
    late = [one for one in answers if isinstance(one, VoteRefusedError)]
    assert (len(taken), len(late)) == (BALLOTS // 2, BALLOTS // 2)
    assert {one.faults[0].id for one in late} == {"after_deadline"}
    log = log_of(vote_row(row.pk))
    cast = [one["body"]["organisation"] for one in log if one["body"]["act"] == "cast"]
    assert sorted(cast) == sorted(f"O{number}" for number in taken)
    assert first_break(log) is None
    box = house.end(row, room.home)
    counts = box["result"]["counts"]
    assert int(counts["for"]["members"]) == sum(number % 3 != 0 for number in taken)
    assert box["result"]["turnout"]["cast"]["members"] == str(BALLOTS // 2)


def test_one_organisation_that_casts_many_times_at_once_has_one_ballot(room):
    row = room.open(house.enrolled(2))
    choices = ["for", "against"] * 15

    answers = together([lambda one=one: house.vote(row, 0, one) for one in choices])

    assert all(isinstance(one, dict) for one in answers)
    log = log_of(vote_row(row.pk))
    assert len(log) == len(choices) + 1
    last = log[-1]["body"]["choice"]
    box = house.end(row, room.home)
    assert box["result"]["counts"][last]["members"] == "1"
    assert box["result"]["turnout"]["cast"]["members"] == "1"


def test_one_organisation_takes_one_token_however_often_it_asks_at_once(room, monkeypatch):
    monkeypatch.setattr("beffroi.strategy.office_keys.KEY_BITS", 1024)
    row = room.open(house.enrolled(5), house.terms(is_secret=True))

    answers = together([lambda: house.token(row, 0, room.home) for _ in range(8)])

    assert sum(isinstance(one, tuple) for one in answers) == 1
    assert BallotAct.objects.filter(act="token").count() == 1
    assert sum(house.drop(row, one, "for") == 0 for one in answers if isinstance(one, tuple)) == 1


def test_of_two_who_save_or_open_at_once_one_is_told(room):
    room.save()
    saved = together([lambda name=name: drafting.save(
        room.id, name, base="1.1", by="account 1", at=room.tick()) for name in ("a", "b", "c")])  # fmt: skip
    assert sum(isinstance(one, StaleBaseError) for one in saved) == 2
    assert room.look().label == "1.2"
    room.hand_in()
    opened = together([lambda: room.open(house.enrolled(3), at=house.START) for _ in range(3)])
    assert sum(not isinstance(one, Exception) for one in opened) == 1


CASTER = """
import itertools, os, sys
from pathlib import Path
from django.conf import settings
settings.configure(INSTALLED_APPS=["beffroi.records"], DATABASES={"default": eval(sys.argv[1])}, USE_TZ=True,
                   SECRET_KEY="x", DEFAULT_AUTO_FIELD="django.db.models.BigAutoField")
import django
django.setup()
from datetime import datetime
from beffroi.strategy import casting
clock = lambda: datetime.fromisoformat(sys.argv[3])
for turn in itertools.count():
    number = turn % 40
    entry = casting.cast(sys.argv[2], casting.Actor(f"O{number}", f"P{number}"), "for" if turn % 2 else "against",
                         clock=clock)
    os.write(1, (entry["hash"] + "\\n").encode())
"""


@pytest.mark.parametrize("moment", [0.0071])
def test_a_ballot_is_whole_or_absent_when_the_process_is_killed(room, moment):
    row = room.open(house.enrolled(40))
    description = {name: value for name, value in connection.settings_dict.items()
                   if name in {"ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS"}}  # fmt: skip
    source = Path(__file__).parents[2] / "src"
    with subprocess.Popen(
        [sys.executable, "-c", CASTER, repr(description), row.pk, house.at(5)().isoformat()],
        stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(source)},
    ) as process:  # fmt: skip
        confirmed = [process.stdout.readline().decode().strip() for _ in range(15)]
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        confirmed += process.stdout.read().decode().split()

    log = log_of(vote_row(row.pk))
    written = [one["hash"] for one in log if one["body"]["act"] == "cast"]
    assert first_break(log) is None
    assert written[: len(confirmed)] == [one for one in confirmed if len(one) == 64]  # what was confirmed is there
    assert len(written) - len(confirmed) in {0, 1}  # one may be written whose voter heard nothing
    head = vote_row(row.pk).head
    assert (head.number, head.hash) == (log[-1]["number"], log[-1]["hash"])
    house.vote(row, 0, "abstain", minutes=6)
    box = closing.box_of(vote_row(row.pk), at=house.START + timedelta(hours=house.HOURS))
    assert verify_box(exported(box)) == ()
