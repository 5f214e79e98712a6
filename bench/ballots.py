"""Votes kept in tables: seconds by size of the electorate, on SQLite and PostgreSQL.

    python bench/ballots.py [--json] [--sizes 600,100000] [--engines sqlite,postgresql] [--cast 600] [--hands 8]

Freeze: roll written and fingerprinted. Cast: one after another, then by several hands at once, each with its own
connection; ballots per second and the slowest twentieth. Close: the whole roll votes (the rest of the acts is written
in bulk, chained as ballots are), then reading, counting and writing the result. Export: the box as a file. Verify: both
programs over that file. Baseline of casting: one plain INSERT and commit through the same ORM, on the same engine.
"""

# ruff: noqa: PLC0415 -- tables are imported once Django knows its database

from __future__ import annotations

import argparse
import json
import os
import pwd
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from importlib import util
from pathlib import Path

ROOT = Path(__file__).parents[1]
START = datetime(2026, 11, 22, 8, tzinfo=UTC)


def engine_of(name: str, folder: Path) -> dict[str, object]:
    from beffroi.records.settings import postgresql, sqlite

    if name == "sqlite":
        return sqlite(folder / "registry.sqlite3")
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"))
    user: list[str] = []
    data = Path(tempfile.mkdtemp(prefix="bench-"))
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        owner = pwd.getpwnam("postgres")
        os.chown(data, owner.pw_uid, owner.pw_gid)
        user = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": data}
    subprocess.run([*user, binaries / "initdb", "-D", data / "d", "-U", "beffroi", "-A", "trust"], check=True, **quiet)
    options = f"-c listen_addresses='' -k {data}"
    start = [*user, binaries / "pg_ctl", "-D", data / "d", "-o", options, "-l", data / "log", "-w", "start"]
    subprocess.run(start, check=True, **quiet)
    engine_of.stop = lambda: (  # type: ignore[attr-defined]  # -- the one server of this run
        subprocess.run([*user, binaries / "pg_ctl", "-D", data / "d", "-m", "immediate", "stop"], check=True, **quiet),
        shutil.rmtree(data, ignore_errors=True),
    )
    return postgresql(f"postgresql://beffroi@/postgres?host={data}")


def enrolled(count: int):
    from beffroi.assembly.vote import Elector, Mandate
    from beffroi.strategy.electorate import Enrolled

    return [
        Enrolled(f"Firm {n}", Elector(f"O{n}", Fraction(1 + n % 7, 2), (Mandate(f"P{n}", "2026-01-01T00:00:00Z"),)))
        for n in range(count)
    ]


def _rule():
    """More than half of the weight, a quarter of the members taking part."""
    from beffroi.assembly.decision_rule import DecisionRule
    from beffroi.assembly.vote import Majority, Quorum
    from beffroi.vocabulary.text import Text

    said = Text("banc d’essai", "bench")
    quorum, majority = (Quorum("members", Fraction(1, 4)),), (Majority("weight"),)
    ways = ("room", "remote")
    return DecisionRule(
        "ordinary", said, "body-1", said, said, "bench", ("public", "secret"), quorum, majority, ways, ways
    )


def opened(count: int, folder: Path):
    from beffroi.strategy import drafting, opening

    before = START - timedelta(hours=1)
    room = drafting.create(f"Bench {count}", account=1, by="account 1", at=before)
    drafting.seat(room, 2, by="account 1", at=before)
    drafting.save(room, "Nous posons la fibre.\n" * 100, base="", by="account 1", at=before)
    drafting.hand_in(room, base="1.1", by="account 1", at=before)
    terms = opening.Terms(_rule(), START, START + timedelta(hours=10), False, ("remote",))
    roll = enrolled(count)
    start = time.perf_counter()
    row = opening.open_draft(room, terms, roll, office=opening.Office("account 9", before, folder))
    return row, time.perf_counter() - start


def timed_cast(row, number: int) -> float:
    from beffroi.strategy import casting

    start = time.perf_counter()
    casting.cast(row.pk, casting.Actor(f"O{number}", f"P{number}"), "for" if number % 3 else "against",
                 clock=lambda: START + timedelta(minutes=1))  # fmt: skip
    return time.perf_counter() - start


def by_hands(row, numbers, hands: int):
    from django.db import connections

    queue, lock, took = iter(numbers), threading.Lock(), []

    def hand():
        while True:
            with lock:
                number = next(queue, None)
            if number is None:
                break
            took.append(timed_cast(row, number))
        connections.close_all()

    threads = [threading.Thread(target=hand) for _ in range(hands)]
    start = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return time.perf_counter() - start, took


def plain_insert(row, count: int) -> float:
    """The floor under casting: one entry of the same size, inserted and committed, with no check at all."""
    from beffroi.records.ballots import BallotMail

    took = []
    for number in range(count):
        start = time.perf_counter()
        BallotMail.objects.create(vote=row, account=number, kind="invitation", at=START, by="x" * 60)
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def fill(row, count: int) -> None:
    """Write the other ballots in bulk, chained as ballots are."""
    from beffroi.assembly.chain import linked
    from beffroi.records.ballots import BallotAct, BallotHead

    head = BallotHead.objects.get(pk=row.pk)
    done = set(BallotAct.objects.filter(vote=row).values_list("organisation", flat=True))
    batch = []
    for number in range(count):
        if f"O{number}" in done:
            continue
        body = {"act": "cast", "at": head.last, "organisation": f"O{number}", "by": f"P{number}", "channel": "remote",
                "choice": "for" if number % 3 else "against"}  # fmt: skip
        entry = linked(head.number + 1, head.hash, body)
        head.number, head.hash = head.number + 1, str(entry["hash"])
        batch.append(BallotAct(vote=row, act="cast", organisation=f"O{number}", **entry))
    BallotAct.objects.bulk_create(batch, batch_size=2000)
    head.save()


def bench(name: str, size: int, folder: Path, given: argparse.Namespace):
    from beffroi.assembly.box import exported
    from beffroi.assembly.verify_box import verify_box
    from beffroi.strategy import closing
    from beffroi.strategy.vote_rows import vote_row

    def line(what: str, seconds: float, **more):
        return {"engine": name, "electorate": size, "what": what, "seconds": round(seconds, 4), **more}

    row, seconds = opened(size, folder)
    yield line("freeze text, roll and rules", seconds)
    few = min(given.cast, size // 2)
    yield line("baseline: one plain insert", plain_insert(row, 100))
    alone = [timed_cast(row, number) for number in range(few)]
    yield line("cast, one after another", sum(alone), ballots=few, per_second=round(few / sum(alone), 1),
               p95_ms=round(1000 * statistics.quantiles(alone, n=20)[-1], 1))  # fmt: skip
    seconds, took = by_hands(row, range(few, 2 * few), given.hands)
    yield line(f"cast, {given.hands} hands at once", seconds, ballots=few, per_second=round(few / seconds, 1),
               p95_ms=round(1000 * statistics.quantiles(took, n=20)[-1], 1))  # fmt: skip
    fill(row, size)
    start = time.perf_counter()
    closed = closing.settle(row.pk, by="account 9", at=START + timedelta(hours=11), home=folder)
    yield line("close: read, count, write", time.perf_counter() - start, outcome=closed.outcome)
    start = time.perf_counter()
    content = exported(closing.box_of(vote_row(row.pk), at=START + timedelta(hours=11)))
    yield line("export the box", time.perf_counter() - start, megabytes=round(len(content) / 1e6, 2))
    start = time.perf_counter()
    assert verify_box(content, published=closed.sha256) == ()
    yield line("verify, our program", time.perf_counter() - start)
    spec = util.spec_from_file_location("verify_ballots", ROOT / "tools" / "verify_ballots.py")
    alone_program = util.module_from_spec(spec)
    spec.loader.exec_module(alone_program)
    start = time.perf_counter()
    assert alone_program.faults_of(content, closed.sha256)[0] == []
    yield line("verify, stand-alone program", time.perf_counter() - start)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--json", action="store_true")
    ask.add_argument("--sizes", default="600,100000")
    ask.add_argument("--engines", default="sqlite,postgresql")
    ask.add_argument("--cast", type=int, default=300)
    ask.add_argument("--hands", type=int, default=8)
    ask.add_argument("--one", default="", help=argparse.SUPPRESS)  # engine:size, in a process of its own
    given = ask.parse_args()
    if given.one:
        return one_run(given)
    rows = []
    for name in given.engines.split(","):
        for size in given.sizes.split(","):
            again = [sys.executable, __file__, "--one", f"{name}:{size}", "--cast", str(given.cast),
                     "--hands", str(given.hands)]  # fmt: skip
            done = subprocess.run(again, check=True, capture_output=True, text=True)
            rows += [json.loads(text) for text in done.stdout.splitlines()]
    if given.json:
        print(json.dumps(rows, indent=1))
        return None
    for one in rows:
        more = " ".join(f"{key}={value}" for key, value in list(one.items())[4:])
        print(f"{one['engine']:<11}{one['electorate']:>8}  {one['what']:<30}{one['seconds']:>10.3f} s  {more}")
    return None


def one_run(given: argparse.Namespace) -> None:
    from django.conf import settings

    name, size = given.one.split(":")
    folder = Path(tempfile.mkdtemp(prefix="bench-ballots-"))
    try:
        settings.configure(
            INSTALLED_APPS=["beffroi.records"], DATABASES={"default": engine_of(name, folder)}, USE_TZ=True,
            SECRET_KEY="bench",  # noqa: S106 -- nothing is signed DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        )  # fmt: skip
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        for one in bench(name, int(size), folder, given):
            print(json.dumps(one), flush=True)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"engine": name, "electorate": int(size), "what": "memory at its most", "seconds": 0,
                          "megabytes": round(memory)}))  # fmt: skip
    finally:
        getattr(engine_of, "stop", lambda: None)()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
