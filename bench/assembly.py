"""Seats and votes: seconds by size, each beside a baseline of the same run.

    python bench/assembly.py [--json] [--only seats|power|tally|box|secret]

Seats: 100 territories × 1,000 seats by each rule, and how it grows. Baseline: the textbook loop that looks at every
territory for every seat, in floats (which may miss a tie). Power: 40 and 80 voters; baseline: every coalition of 18
listed, scaled. Tally: a public decision with 600 and 100,000 organisations of unequal weight, three in four voting, one
in ten twice; baseline: the same ballots added up in floats without any check. Box: writing and verifying the file, both
programs. Secret: blinding, signing, unblinding and checking one ballot with 2,048 bits.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import random
import resource
import statistics
import sys
import time
from fractions import Fraction
from importlib import util
from pathlib import Path

from beffroi.assembly import blind_signature as bs
from beffroi.assembly.apportion import apportion
from beffroi.assembly.box import box, closing, exported, opening
from beffroi.assembly.chain import chained
from beffroi.assembly.faults import SeatRuleError
from beffroi.assembly.power import power
from beffroi.assembly.seat_rule import METHODS, SeatRule, Territory
from beffroi.assembly.tally import tally
from beffroi.assembly.verify_box import verify_box
from beffroi.assembly.vote import Elector, Mandate, Quorum, Statutes, Text, Vote

DAY = "2026-11-22T"
DIVISOR = {
    "sainte-lague": lambda s: s + 0.5, "dhondt": lambda s: s + 1, "adams": lambda s: s or 1e-12,
    "huntington-hill": lambda s: (s * (s + 1)) ** 0.5 or 1e-12,
    "dean": lambda s: 2 * s * (s + 1) / (2 * s + 1) or 1e-12,
    "modified-sainte-lague": lambda s: s + 0.5 if s else 0.7,
}  # fmt: skip
# Two primes of 1,024 bits from the appendix of an early draft of RFC 9474: known to all, for timing only.
FIRST = (
    "ca9d82e9059fa3b145da850e0c451ff31093d819644ba29a3409393de2adfa1bcd65e8669a5c5140142c1404204edbc380d4e7a5c866c06bb242"
    "7c76b9e3d16bbfc1b1668dec219b8c59fee90b7baf557fc2feb13f2f4b30d8606d20b9928f4f588a3b34baa659b3bd1dd590c83e90e6251b5239"
    "fbbb73b12e90534a375e3f71"
)
SECOND = (
    "c075694f69db6a07456e19eeace01b430f2d6cc6cd5495d569e242b6f5e8ded7df27e6aeea4db4e307554fb519b68279a58d9e2d25cee4b37668"
    "554eec2f2feb79246955a07bd526f02a6afedc7a3aff2b8953287fef2c4a02207ccb9f14e4612e9af3447dd3401728a8957871b759b6bbf22aa0"
    "e8271b82f32dd5a2d2550197"
)


def seconds(call, repeats: int = 5) -> float:
    """Median time of a call."""
    gc.collect()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def row(what: str, size: str, ours: float, baseline: float | None) -> dict:
    ratio = None if baseline is None else ours / baseline
    return {"what": what, "size": size, "seconds": ours, "baseline_seconds": baseline, "ratio": ratio}


def textbook(weights, seats, divisor):
    got = [0] * len(weights)
    for _ in range(seats):
        got[max(range(len(weights)), key=lambda k: weights[k] / divisor(got[k]))] += 1
    return got


def bench_seats():
    rng = random.Random(1)  # noqa: S311 -- sizes for timing
    for territories, seats in ((10, 40), (100, 1000), (1000, 10000)):
        weights = [rng.randrange(1, 10**6) for _ in range(territories)]
        places = [
            Territory(f"T{k}", {"members": Fraction(w), "jobs": Fraction(w * 7 + k)}) for k, w in enumerate(weights)
        ]
        mixes = {"": {"members": Fraction(1)}, " mixed": {"members": Fraction(2, 3), "jobs": Fraction(1, 3)}}
        for method, (label, mix) in itertools.product(METHODS, mixes.items()):
            if territories == 1000 and (label or method not in DIVISOR):
                continue
            rule = SeatRule(method, seats, mix, ties="order", order=tuple(one.id for one in places))
            try:
                found = apportion(places, rule)
            except SeatRuleError:
                continue  # Droop's quota takes no shares
            assert sum(found.seats.values()) == seats
            loop = None
            if method in DIVISOR and territories < 1000 and not label:
                loop = seconds(lambda m=method, w=weights, n=seats: textbook(w, n, DIVISOR[m]), 1)
            ours = seconds(lambda p=places, r=rule: apportion(p, r), 1 if territories == 1000 else 3)
            yield row(f"seats {method}{label}", f"{territories} x {seats}", ours, loop)


def listed(weights, quota):
    return sum(sum(one) >= quota for k in range(len(weights) + 1) for one in itertools.combinations(weights, k))


def bench_power():
    rng = random.Random(2)  # noqa: S311 -- sizes for timing
    small = [rng.randrange(1, 30) for _ in range(18)]
    one_coalition = seconds(lambda: listed(small, sum(small) // 2 + 1), 1) / 2**18
    for voters in (18, 40, 80):
        held = {f"T{k}": rng.randrange(1, 30) for k in range(voters)}
        ours = seconds(lambda h=held: power(h, sum(h.values()) // 2 + 1), 3)
        yield row("power, all voters", f"{voters} voters", ours, one_coalition * 2**voters)


def made(organisations: int) -> tuple[Vote, list[dict]]:
    rng = random.Random(3)  # noqa: S311 -- sizes for timing
    roll = tuple(
        Elector(
            f"O{k}", Fraction(rng.randrange(1, 50), rng.choice((1, 2, 3))),
            (Mandate(f"P{k}", "2026-01-01T00:00:00Z"),), territory=f"T{k % 6}",
        )
        for k in range(organisations)
    )  # fmt: skip
    statutes = Statutes(quorum=(Quorum(), Quorum("weight", within="territory")))
    vote = Vote("v", "Bench", f"{DAY}08:00:00Z", f"{DAY}18:00:00Z", False, Text(1, "Text"), statutes, roll)
    acts = [
        {"act": "cast", "at": f"{DAY}09:00:00Z", "organisation": one.organisation, "by": one.mandates[0].person,
         "channel": "remote", "choice": rng.choice(("for", "for", "against", "abstain"))}
        for one in roll for _ in range(rng.choice((0, 1, 1, 1)) * rng.choice((1,) * 9 + (2,)))
    ]  # fmt: skip
    return vote, acts


def added_up(weights, acts):
    last = {one["organisation"]: one["choice"] for one in acts}
    sums = dict.fromkeys(("for", "against", "abstain"), 0.0)
    for name, choice in last.items():
        sums[choice] += weights[name]
    return sums


def bench_tally():
    for organisations in (600, 10_000, 100_000):
        vote, acts = made(organisations)
        weights = {one.organisation: float(one.weight) for one in vote.electorate}
        repeats = 1 if organisations > 50_000 else 3
        ours = seconds(lambda v=vote, a=acts: tally(v, a), repeats)
        yield row("tally", f"{organisations} organisations", ours, seconds(lambda w=weights, a=acts: added_up(w, a)))


def bench_box():
    script = Path(__file__).resolve().parents[1] / "tools" / "verify_ballots.py"
    spec = util.spec_from_file_location("verify_ballots", script)
    alone = util.module_from_spec(spec)
    spec.loader.exec_module(alone)
    for organisations in (600, 100_000):
        vote, acts = made(organisations)
        log = chained([opening(vote, at=f"{DAY}07:00:00Z"), *acts, closing(at=f"{DAY}18:00:00Z")])
        start = time.perf_counter()
        content = exported(box(vote, log))
        yield row("box written", f"{organisations}, {len(content) / 1e6:.1f} MB", time.perf_counter() - start, None)
        parsed = seconds(lambda c=content: json.loads(c), 1)
        assert not verify_box(content)
        yield row(
            "box verified, baseline json.loads", f"{organisations}", seconds(lambda c=content: verify_box(c), 1), parsed
        )
        assert alone.faults_of(content)[0] == []
        yield row("box verified alone", f"{organisations}", seconds(lambda c=content: alone.faults_of(c), 1), parsed)


def bench_secret():
    key = bs.SecretKey(int(FIRST, 16), int(SECOND, 16))
    token, salt, factor = bytes(range(32)), bytes(48), 2**1000 + 1
    shown = bs.blind(token, key.public, factor=factor, salt=salt)
    signed = bs.sign(shown, key)
    signature = bs.unblind(token, signed, key.public, factor=factor)
    period = (key.first_prime - 1) * (key.second_prime - 1)
    bare = seconds(lambda: pow(3, pow(65537, -1, period), key.public.modulus))
    yield row("blind", "2048 bits", seconds(lambda: bs.blind(token, key.public, factor=factor, salt=salt)), bare)
    yield row("sign", "2048 bits", seconds(lambda: bs.sign(shown, key)), bare)
    yield row("unblind", "2048 bits", seconds(lambda: bs.unblind(token, signed, key.public, factor=factor)), bare)
    yield row("check one ballot", "2048 bits", seconds(lambda: bs.is_signed(token, signature, key.public)), bare)


PARTS = {"seats": bench_seats, "power": bench_power, "tally": bench_tally, "box": bench_box, "secret": bench_secret}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", choices=PARTS, action="append")
    given = parser.parse_args()
    rows = []
    if not given.json:
        print(f"{'what':<52} {'size':<24} {'ms':>10} {'baseline ms':>12} {'ratio':>10}")
    for name in given.only or PARTS:
        for one in PARTS[name]():
            rows.append(one)
            if not given.json:
                base = "–" if one["ratio"] is None else f"{one['baseline_seconds'] * 1000:.3g}"
                ratio = "–" if one["ratio"] is None else f"{one['ratio']:.3g}"
                print(
                    f"{one['what']:<52} {one['size']:<24} {one['seconds'] * 1000:>10.2f} {base:>12} {ratio:>10}",
                    flush=True,
                )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if given.json:
        json.dump({"python": sys.version.split()[0], "peak_mb": peak, "rows": rows}, sys.stdout, indent=1)
    else:
        print(f"peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
