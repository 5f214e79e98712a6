"""Votes, logs and urns made up by hypothesis: entitled acts and others, in any order."""

from __future__ import annotations

import hashlib
from fractions import Fraction

from hypothesis import strategies as st

from beffroi.assembly import blind_signature as bs
from beffroi.assembly import secret
from beffroi.assembly.box import box, closing, opening, urn_record
from beffroi.assembly.chain import chained
from beffroi.assembly.vote import (
    Balance,
    Candidate,
    Delegation,
    Election,
    Elector,
    Majority,
    Mandate,
    Quorum,
    Statutes,
    Text,
    Vote,
)

DAY = "2026-11-22T"
OPENS, CLOSES = f"{DAY}08:00:00Z", f"{DAY}18:00:00Z"
# 1024 bits: short, for speed in tests only.
KEY = bs.SecretKey(
    int(
        "ca1b1b9a229fe6829d7feaf6016fc6b0a8ed018474e4b046c1dd50565df05fe9"
        "6961ea68b17b815c314819cb2dee098ec36fd61040d50353b81f2e9b4ed152d9",
        16,
    ),
    int(
        "c509488923fa42db65f86049238a69639a91c1f942ce9c975d0e25523d590ee5"
        "acf72e9b6483b3373311c63b5fb4c47932a5461dff1fffe6c48374aa1823a97f",
        16,
    ),
)
SHARES = st.sampled_from([Fraction(n, d) for n, d in ((0, 1), (1, 4), (1, 3), (1, 2), (2, 3), (1, 1))])
OF = st.sampled_from(["members", "weight"])
ENDS = st.sampled_from([None, f"{DAY}12:00:00Z"])
WITHIN = st.sampled_from([None, None, "college", "territory"])


def elector(number: int, **more) -> Elector:
    mandates = more.pop("mandates", (Mandate(f"P{number}", "2026-01-01T00:00:00Z"),))
    return Elector(f"O{number}", more.pop("weight", Fraction(1)), mandates, **more)


def vote(electorate, statutes=None, *, candidates=(), is_secret=False) -> Vote:
    return Vote(
        "v1", "Réseau de fibre", OPENS, CLOSES, is_secret, Text(1, "Nous posons la fibre."), statutes or Statutes(),
        tuple(electorate), tuple(Candidate(name, {"gender": "F" if name in "AC" else "M"}) for name in candidates),
    )  # fmt: skip


def act(kind: str, organisation: str, minute: int = 0, **more) -> dict:
    at = f"{DAY}{8 + minute // 60:02}:{minute % 60:02}:00Z"
    return {"act": kind, "at": at, "organisation": organisation, **more}


def cast(number: int, choice, minute: int = 0, *, by: str = "", channel: str = "room") -> dict:
    return act("cast", f"O{number}", minute, by=by or f"P{number}", channel=channel, choice=choice)


def whole_box(given: Vote, acts, *, urn=(), keys=None) -> dict:
    first = opening(given, at=f"{DAY}07:00:00Z", keys=keys)
    last = closing(at=f"{DAY}18:00:01Z", urn=urn_record(urn) if given.is_secret else None)
    return box(given, chained([first, *acts, last]), urn=urn, keys=keys)


def urn_ballot(given: Vote, number: int, choice) -> secret.UrnBallot:
    """Draw, blind, sign and unblind a token as an elector and the office do."""
    label = given.class_of(given.electorate[number])
    token = hashlib.sha256(f"token {number}".encode()).hexdigest()
    message, factor = secret.token_message(given.id, label, token), 3 + number
    shown = bs.blind(message, KEY.public, factor=factor, salt=hashlib.sha384(token.encode()).digest())
    signature = bs.unblind(message, bs.sign(shown, KEY), KEY.public, factor=factor)
    return secret.UrnBallot(label, token, signature.hex(), choice)


def keys_of(given: Vote) -> dict:
    return {given.class_of(one): KEY.public for one in given.enrolled}


@st.composite
def votes(draw, *, is_secret=False):
    size = draw(st.integers(1, 6))
    electorate = [
        elector(
            number,
            weight=draw(st.sampled_from([Fraction(1), Fraction(3, 2), Fraction(7)])),
            college=draw(st.sampled_from(["", "firms", "schools"])),
            territory=draw(st.sampled_from(["Lyon", "Grenoble"])),
            aggregated=draw(st.booleans()),
            conflict=draw(st.sampled_from([None, None, None, "supplier"])) if number else None,
            mandates=(
                Mandate(f"P{draw(st.integers(0, size))}", "2026-01-01T00:00:00Z", draw(ENDS)),
                Mandate(f"P{number}", "2026-01-01T00:00:00Z"),
            ),
        )
        for number in range(size)
    ]  # fmt: skip
    candidates = draw(st.sampled_from(["", "ABC", "ABCD"]))
    election = None
    if candidates:
        method = draw(st.sampled_from(["approval", "plurality", "instant-runoff", "schulze"]))
        many = method in {"approval", "plurality"}
        election = Election(
            method, draw(st.integers(1, 3)) if many else 1, draw(st.sampled_from([None, 2])),
            tuple(draw(st.permutations(candidates))) if draw(st.booleans()) else (), (Balance("gender", "F", 1, 1),),
        )  # fmt: skip
    statutes = Statutes(
        tuple(draw(st.lists(st.builds(Quorum, OF, SHARES, st.booleans(), WITHIN), max_size=2))),
        tuple(draw(st.lists(st.builds(
            Majority, OF,
            st.sampled_from(["expressed", "cast", "present", "enrolled"]), SHARES, st.booleans(), WITHIN, SHARES,
        ), min_size=1, max_size=2))),
        draw(st.sampled_from([("room", "remote", "post"), ("room",)])),
        draw(st.sampled_from([None, Delegation(), Delegation(2, 2, Fraction(1, 2)), Delegation(3)])),
        split=not candidates and not is_secret and draw(st.booleans()),
        casting_vote=None if is_secret else draw(st.sampled_from([None, "O0"])),
        election=election,
    )  # fmt: skip
    return vote(electorate, statutes, candidates=candidates, is_secret=is_secret)


def choices(given: Vote):
    names = [one.id for one in given.candidates]
    if given.is_secret and not names:
        return st.sampled_from(["for", "against", "abstain", "maybe", ["for"]])
    if names:
        return st.lists(st.sampled_from([*names, "Z"]) if len(names) == 3 else st.sampled_from(names), max_size=4)
    split = st.fixed_dictionaries(
        {"for": st.sampled_from(["1", "1/2", "3/4"]), "against": st.sampled_from(["1/2", "3/4", "6"])}
    )
    return st.sampled_from(["for", "for", "against", "abstain", "maybe"]) | split


@st.composite
def acts_of(draw, given: Vote, *, most=14):
    size = len(given.electorate)
    organisations = st.integers(0, size).map(lambda number: f"O{number}")
    people = st.integers(0, size).map(lambda number: f"P{number}")
    channels = st.sampled_from(["room", "room", "remote", "pigeon"])
    kinds = st.sampled_from(["cast", "cast", "cast", "attend", "delegate", "revoke", "token", "cheat"])
    minutes = sorted(draw(st.lists(st.integers(-30, 620), max_size=most)))
    log = []
    for minute in minutes:
        kind, organisation = draw(kinds), draw(organisations)
        more = {} if kind == "attend" else {"by": draw(st.just("P" + organisation[1:]) | people)}
        if kind == "cast":
            more |= {"channel": draw(channels), "choice": draw(choices(given))}
        elif kind == "delegate":
            more["to"] = draw(organisations)
        elif kind == "token":
            members = {one.organisation: given.class_of(one) for one in given.electorate}
            label = draw(st.sampled_from([members.get(organisation, "x"), members.get(organisation, "x"), "y"]))
            more |= {"channel": draw(channels), "class": label, "blinded_sha256": "00" * 32}
        log.append(act(kind, organisation, minute, **more))
    return log
