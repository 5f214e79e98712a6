"""Check the ballot box of a vote with Python alone: nothing of Beffroi, nothing to install.

    python3 verify_ballots.py BOX.json [--published SHA256]

It checks the fingerprints, the chain of the log, who was entitled to each act, delegations, the signatures of secret
ballots, and counts everything again. It prints what does not hold, or the result. Exit code: 0 all holds, 1 something
does not, 2 this is no ballot box. The form of the file: docs/reference/ballot-box.md.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections import Counter
from fractions import Fraction

NUMBER = re.compile(r"[+-]?\d{1,60}(?:/\d{1,60}|\.\d{1,60})?", re.ASCII)
TIME = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", re.ASCII)
PARTS = "candidates electorate format keys log result sha256 statutes text urn version vote"
CHOICES = ("for", "against", "abstain")
FIELDS = {
    "attend": "act at organisation",
    "delegate": "act at by organisation to",
    "revoke": "act at by organisation",
    "cast": "act at by channel choice organisation",
    "token": "act at blinded_sha256 by channel class organisation",
}


class NoBoxError(Exception):
    """The file cannot be read as a ballot box."""


def canonical(value):
    try:
        text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.encode("utf-8")
    except (ValueError, TypeError) as error:
        raise NoBoxError(str(error)) from error


def sha(value):
    return hashlib.sha256(canonical(value)).hexdigest()


def exact(value):
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    if not isinstance(value, str) or not NUMBER.fullmatch(value.strip()):
        raise NoBoxError(f"{value!r} is no exact number")
    return Fraction(value.strip())


def has_float(value):
    if isinstance(value, dict):
        return any(map(has_float, value.values()))
    return any(map(has_float, value)) if isinstance(value, list) else isinstance(value, float)


def is_time(value):
    return isinstance(value, str) and bool(TIME.fullmatch(value))


def note(name, **params):
    return {"id": name, "params": {key: str(value) for key, value in params.items()}}


# Who may do what ------------------------------------------------------------------------------------------------------


class Count:
    def __init__(self, box):
        self.box, self.rules, self.head = box, box["statutes"], box["vote"]
        self.roll = {one["organisation"]: one for one in box["electorate"]}
        self.weight = {name: exact(one["weight"]) for name, one in self.roll.items()}
        self.enrolled = [name for name, one in self.roll.items() if one["conflict"] is None]
        self.total = sum((self.weight[name] for name in self.enrolled), Fraction(0))
        self.names = [one["id"] for one in box["candidates"]]
        self.secret = self.head["secrecy"] == "secret"
        self.ballots, self.present, self.tokens, self.to = {}, set(), {}, {}
        self.behind = {}  # who has delegated to whom, one step
        self.mandated = {}
        for name, one in self.roll.items():
            for mandate in one["mandates"]:
                self.mandated.setdefault(mandate["person"], []).append(name)
        self.last = self.head["opens"]
        apart = {one["within"] for one in self.rules["quorum"] + self.rules["majorities"]}
        self.apart = [key if key in apart else None for key in ("college", "territory")]

    def class_of(self, name):
        one = self.roll[name]
        return canonical([str(self.weight[name])] + [one[key] if key else "" for key in self.apart]).decode()

    def holds(self, name, person, at):
        return any(
            m["person"] == person and m["since"] <= at and (m["until"] is None or at < m["until"])
            for m in self.roll[name]["mandates"]
        )

    def end(self, name):
        steps = 0
        while name in self.to:
            name, steps = self.to[name], steps + 1
        return name, steps

    def upstream(self, name):
        """Everybody whose vote arrives here, with the number of steps."""
        found, ring, steps = {}, [name], 0
        while ring:
            steps += 1
            ring = [one for each in ring for one in self.behind.get(each, ())]
            found.update(dict.fromkeys(ring, steps))
        return found

    def enter(self, body):
        found = self.against(body)
        if found:
            return found
        name, act = body["organisation"], body["act"]
        self.last = body["at"]
        if act == "attend":
            self.present.add(name)
        elif act == "delegate":
            self.to[name] = body["to"]
            self.behind.setdefault(body["to"], []).append(name)
        elif act == "revoke":
            self.behind[self.to.pop(name)].remove(name)
        elif act == "token":
            self.tokens[name] = body["class"]
        else:
            self.ballots[name] = self.read(name, body["choice"])[0]
        return []

    def against(self, body):
        act = body.get("act")
        form = FIELDS.get(act) if isinstance(act, str) else None
        texts = all(isinstance(value, str) for key, value in body.items() if key != "choice")
        if form is None or " ".join(sorted(body)) != form or not texts:
            return [note("act_form", act=act)]
        at, name, found = body["at"], body["organisation"], []
        if not is_time(at):
            found.append(note("time_form", at=at))
        else:
            if at < self.last:
                found.append(note("before_opening" if at < self.head["opens"] else "time_runs_back", at=at))
            if at >= self.head["closes"]:
                found.append(note("after_deadline", at=at, closes=self.head["closes"]))
        if name not in self.roll:
            return [*found, note("not_enrolled", organisation=name)]
        if self.roll[name]["conflict"] is not None:
            found.append(note("conflict_of_interest", organisation=name))
        if act == "delegate":
            found += self.against_delegating(name, body)
        elif act == "revoke":
            found += (
                [] if self.holds(name, body["by"], at) else [note("no_mandate", organisation=name, person=body["by"])]
            )
            found += [] if name in self.to else [note("not_delegated", organisation=name)]
            found += self.already(name)
        elif act == "cast":
            found += [note("vote_is_secret")] if self.secret else []
            found += self.against_voting(name, body) + self.read(name, body["choice"])[1]
        elif act == "token":
            found += [] if self.secret else [note("vote_is_public")]
            found += [note("token_twice", organisation=name)] if name in self.tokens else []
            found += [note("token_class", organisation=name)] if body["class"] != self.class_of(name) else []
            found += self.against_voting(name, body)
        return found

    def already(self, name):
        return [note("already_cast", organisation=name)] if name in self.ballots or name in self.tokens else []

    def against_voting(self, name, body):
        found = (
            [] if body["channel"] in self.rules["channels"] else [note("channel_forbidden", channel=body["channel"])]
        )
        if not self.holds(self.end(name)[0], body["by"], body["at"]):
            own = self.holds(name, body["by"], body["at"])
            found.append(note("delegated_revoke_first" if own else "no_mandate", organisation=name, person=body["by"]))
        return found

    def read(self, name, given):
        """Return the choice and what is wrong with it."""
        if self.rules["election"] is not None:
            wrong = self.against_names(given)
            return (None if wrong else tuple(given)), wrong
        weight = self.weight[name]
        if isinstance(given, str):
            known = given in CHOICES
            return ({given: weight}, []) if known else (None, [note("choice_unknown", choice=given)])
        if not isinstance(given, dict) or not self.rules["split"] or not self.roll[name]["aggregated"]:
            return None, [note("split_forbidden", organisation=name)]
        wrong = [note("split_sum", organisation=name, weight=weight)]
        try:
            shares = {key: exact(value) for key, value in given.items()}
        except (NoBoxError, ZeroDivisionError):
            return None, wrong
        if unknown := sorted(set(shares) - set(CHOICES)):
            return None, [note("choice_unknown", choice=", ".join(unknown))]
        bad = any(one < 0 for one in shares.values()) or sum(shares.values()) != weight
        return (None, wrong) if bad else (shares, [])

    def against_names(self, given):
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            return [note("choice_form")]
        most = self.rules["election"]["most_choices"]
        most = len(set(self.names)) if most is None else most
        if len(set(given)) < len(given) or len(given) > most:
            return [note("too_many_choices", most=most)]
        unknown = sorted(set(given) - set(self.names))
        return [note("choice_unknown", choice=", ".join(unknown))] if unknown else []

    def against_delegating(self, name, body):
        rule, to, at = self.rules["delegation"], body["to"], body["at"]
        if rule is None:
            return [note("delegation_forbidden")]
        found = [] if self.holds(name, body["by"], at) else [note("no_mandate", organisation=name, person=body["by"])]
        found += [note("already_delegated", organisation=name)] if name in self.to else []
        found += self.already(name)
        if to not in self.roll:
            return [*found, note("not_enrolled", organisation=to)]
        if self.roll[to]["conflict"] is not None:
            return [*found, note("conflict_of_interest", organisation=to)]
        if to == name:
            return [*found, note("delegates_to_itself", organisation=name)]
        end, steps = self.end(to)
        if end == name:
            return [*found, note("delegation_cycle", organisation=name, to=to)]
        up = {} if name in self.to else self.upstream(name)
        if self.depth_into(name) + 1 + steps > rule["depth"]:
            found.append(note("delegation_too_deep", depth=rule["depth"]))
        share = None if rule["weight_share"] is None else exact(rule["weight_share"])
        people = {m["person"] for m in self.roll[end]["mandates"] if self.holds(end, m["person"], at)}
        for person in sorted(people):
            own = {one for one in self.mandated[person] if self.holds(one, person, at)}
            ends = [one for one in own if one not in self.to]
            held = {each for one in ends for each in self.upstream(one)} | {name, *up}
            if rule["per_person"] is not None and len(held) > rule["per_person"]:
                found.append(note("too_many_mandates", person=person, most=rule["per_person"]))
            if share is not None and sum(self.weight[one] for one in held | own) > share * self.total:
                found.append(note("too_much_weight", person=person, share=share))
        return found

    def depth_into(self, name):
        return max(self.upstream(name).values(), default=0) if name not in self.to else 0


# Secret ballots -------------------------------------------------------------------------------------------------------


def mask(seed, length):
    blocks = (hashlib.sha384(seed + number.to_bytes(4, "big")).digest() for number in range(-(-length // 48)))
    return b"".join(blocks)[:length]


def is_signed(message, signature, modulus, exponent):
    """RSASSA-PSS-VERIFY of RFC 8017 with SHA-384, MGF1 and a salt of 48 bytes."""
    number = int.from_bytes(signature, "big")
    if len(signature) != (modulus.bit_length() + 7) // 8 or number >= modulus:
        return False
    bits = modulus.bit_length() - 1
    size = (bits + 7) // 8
    opened = pow(number, exponent, modulus)
    if size < 98 or opened >> bits:
        return False
    encoded = opened.to_bytes(size, "big")
    body, seed = encoded[: size - 49], encoded[size - 49 : -1]
    plain = int.from_bytes(body, "big") ^ int.from_bytes(mask(seed, len(body)), "big")
    plain &= (1 << (bits - 8 * 49)) - 1
    block = plain.to_bytes(len(body), "big")
    start = bytes(len(body) - 49) + b"\1"
    digest = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + block[-48:]).digest()
    return encoded[-1] == 0xBC and block[:-48] == start and seed == digest


def tree(leaves):
    """Root of the tree of RFC 9162."""
    if len(leaves) < 2:
        return hashlib.sha256(b"\0" + leaves[0]).digest() if leaves else hashlib.sha256(b"").digest()
    cut = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\1" + tree(leaves[:cut]) + tree(leaves[cut:])).digest()


def admit_urn(count):
    given, taken, seen, counted, faults = Counter(count.tokens.values()), Counter(), set(), [], []
    for place, one in enumerate(count.box["urn"]["ballots"], start=1):
        wrong = urn_ballot_fault(count, one)
        name = one["class"]
        if wrong is None and one["token"] in seen:
            wrong = note("token_used_twice", token=one["token"])
        if wrong is None and taken[name] >= given[name]:
            wrong = note("more_ballots_than_tokens", **{"class": name}, tokens=given[name])
        if wrong is not None:
            faults.append({"ballot": place, **wrong})
            continue
        seen.add(one["token"])
        taken[name] += 1
        counted.append(one)
    return counted, faults


def urn_ballot_fault(count, one):
    names = one["choice"] if isinstance(one["choice"], list) else [one["choice"]]
    if not all(isinstance(each, str) for each in (one["class"], one["token"], one["signature"], *names)):
        raise NoBoxError("an urn ballot has another form")
    key = count.box["keys"].get(one["class"])
    if key is None:
        return note("token_class", organisation="")
    if count.rules["election"] is not None:
        wrong = count.against_names(one["choice"])
        if wrong:
            return wrong[0]
    elif not isinstance(one["choice"], str) or one["choice"] not in CHOICES:
        return note("choice_unknown", choice=", ".join(names))
    token, signature = one["token"], one["signature"]
    good = bool(re.fullmatch("[0-9a-f]{64}", token)) and bool(re.fullmatch("([0-9a-f]{2})*", signature))
    if good:
        message = hashlib.sha256(canonical({"vote": count.head["id"], "class": one["class"], "token": token})).digest()
        good = is_signed(message, bytes.fromhex(signature), int(key["modulus"], 16), key["exponent"])
    return None if good else note("token_not_signed", token=token)


# Counting -------------------------------------------------------------------------------------------------------------


def voices_of(count, urn):
    """One row for each college and territory: what is enrolled, present and chosen, of members and of weight."""
    rows = {}
    for members, weight, there, shares, one in electors_of(count, urn):
        sums = rows.setdefault((one["college"], one["territory"]), {})
        parts = [("enrolled", members, members * weight), ("present", there, there * weight)]
        parts += [(name, share / weight, share) for name, share in shares.items()]
        for what, number, heavy in parts:
            sums[what, "members"] = sums.get((what, "members"), 0) + number
            sums[what, "weight"] = sums.get((what, "weight"), 0) + heavy
    return [(*place, sums) for place, sums in rows.items()]


def electors_of(count, urn):
    """Each elector or secret class: members, weight of one, members there, shares of all, and one of them."""
    if not count.secret:
        for name in count.enrolled:
            weight, ballot = count.weight[name], count.ballots.get(name)
            shares = {"for": weight} if isinstance(ballot, tuple) else ballot or {}
            yield 1, weight, int(ballot is not None or name in count.present), shares, count.roll[name]
        return
    own = {}
    for name in count.enrolled:
        own.setdefault(count.class_of(name), []).append(name)
    chosen = Counter((one["class"], one["choice"] if isinstance(one["choice"], str) else "for") for one in urn)
    for label, members in own.items():
        weight = count.weight[members[0]]
        there = sum(name in count.tokens or name in count.present for name in members)
        shares = {choice: weight * chosen[label, choice] for choice in CHOICES}
        yield len(members), weight, there, shares, count.roll[members[0]]


PICK = {"cast": CHOICES, "expressed": CHOICES[:2]}


def amount(rows, what, of):
    return sum((Fraction(row[2].get((one, of), 0)) for row in rows for one in PICK.get(what, (what,))), Fraction(0))


def grouped(rows, within):
    if within is None:
        return [("", rows)]
    own = {}
    for row in rows:
        own.setdefault(row[0 if within == "college" else 1], []).append(row)
    return sorted(own.items())


def quorum_of(rule, rows):
    groups = []
    for name, own in grouped(rows, rule["within"]):
        needed, reached = exact(rule["share"]) * amount(own, "enrolled", rule["of"]), amount(own, "present", rule["of"])
        met = reached > needed or (reached == needed and not rule["strict"])
        groups.append({"group": name, "needed": str(needed), "reached": str(reached), "met": met})
    return {"of": rule["of"], "within": rule["within"], "groups": groups, "met": all(one["met"] for one in groups)}


def majority_of(rule, rows):
    groups = []
    for name, own in grouped(rows, rule["within"]):
        base, reached = amount(own, rule["base"], rule["of"]), amount(own, "for", rule["of"])
        needed = exact(rule["share"]) * base
        level = base > 0 and reached == needed
        met = base > 0 and (reached > needed or (level and not rule["strict"]))
        groups.append({
            "group": name, "base": str(base), "needed": str(needed), "reached": str(reached),
            "met": met, "missed_by_nothing": bool(rule["strict"] and level),
        })  # fmt: skip
    won = len([one for one in groups if one["met"]])
    return {
        "of": rule["of"], "base": rule["base"], "within": rule["within"], "groups": groups,
        "met_in": won, "met": won > 0 and won >= exact(rule["groups"]) * len(groups),
    }  # fmt: skip


def count_box(box):
    """Count a box again and return its result."""
    count = Count(box)
    refused = [{"entry": entry["number"], **one} for entry in box["log"][1:-1] for one in count.enter(entry["body"])]
    urn = []
    if count.secret:
        urn, faults = admit_urn(count)
        refused += faults
    rows = voices_of(count, urn)
    election = count.rules["election"]

    def both(what):
        return {of: str(amount(rows, what, of)) for of in ("members", "weight")}

    quorum = [quorum_of(rule, rows) for rule in count.rules["quorum"]]
    result = {
        "turnout": {what: both(what) for what in ("enrolled", "present", "cast")},
        "counts": {name: both(name) for name in CHOICES} if election is None else {},
        "quorum": quorum, "majorities": [], "election": None, "not_counted": refused,
    }  # fmt: skip
    if not all(one["met"] for one in quorum):
        reasons = [
            note("quorum_missed", of=one["of"], group=g["group"], needed=g["needed"], reached=g["reached"])
            for one in quorum for g in one["groups"] if not g["met"]
        ]  # fmt: skip
        return {**result, "outcome": "no_decision", "reasons": reasons}
    if election is None:
        return {**result, **decide(count, rows)}
    if count.secret:
        weight = {count.class_of(name): count.weight[name] for name in count.enrolled}
        pairs = [(tuple(one["choice"]), weight[one["class"]]) for one in urn]
    else:
        pairs = [(count.ballots[name], count.weight[name]) for name in count.enrolled if name in count.ballots]
    return {**result, **elect(count, election, pairs)}


def decide(count, rows):
    reasons, found = [], [majority_of(rule, rows) for rule in count.rules["majorities"]]
    casting = count.rules["casting_vote"]
    for one in found:
        group = one["groups"][0]
        if not one["met"] and one["within"] is None and group["missed_by_nothing"] and casting in count.ballots:
            one["met"] = set(count.ballots[casting]) == {"for"}
            reasons += [note("casting_vote_for", organisation=casting)] if one["met"] else []
        if one["within"] is not None:
            name = "groups_reached" if one["met"] else "groups_missed"
            reasons.append(note(name, within=one["within"], met=one["met_in"], groups=len(one["groups"])))
            continue
        name = "majority_missed"
        if one["met"]:
            name = "majority_reached"
        elif group["base"] == "0":
            name = "nobody_expressed"
        elif group["missed_by_nothing"]:
            name = "majority_missed_by_nothing"
        reasons.append(note(name, of=one["of"], base=one["base"], needed=group["needed"], reached=group["reached"]))
    outcome = "approved" if all(one["met"] for one in found) else "refused"
    return {"outcome": outcome, "majorities": found, "reasons": reasons}


def elect(count, rule, pairs):
    order = {name: place for place, name in enumerate(rule["order"])}
    run = {"instant-runoff": runoff, "schulze": schulze}.get(rule["method"], most)
    elected, tied, rounds, lucky = run(pairs, count.names, rule["seats"], order)
    traits = {one["id"]: one["traits"] for one in count.box["candidates"]}
    balance = []
    for wish in rule["balance"]:
        held = len([name for name in elected if traits[name].get(wish["trait"]) == wish["value"]])
        low, high = wish["at_least"], wish["at_most"]
        met = (low is None or held >= low) and (high is None or held <= high)
        balance.append({**wish, "held": held, "met": met})
    reasons = [note("elected", candidates=", ".join(elected))] if elected else []
    reasons += [note("tie_open", candidates=", ".join(tied))] if tied else []
    reasons += [note("tie_by_order", candidates=", ".join(lucky))] if lucky else []
    if not tied and len(elected) < rule["seats"]:
        reasons.append(note("seats_vacant", seats=rule["seats"] - len(elected)))
    reasons += [
        note("balance_missed", trait=b["trait"], value=b["value"], held=b["held"]) for b in balance if not b["met"]
    ]
    shown = [{name: str(value) for name, value in one.items()} for one in rounds]
    details = {"elected": elected, "tied": tied, "by_order": lucky, "rounds": shown, "balance": balance}
    outcome = "tie" if tied else "elected" if elected else "no_decision"
    return {"outcome": outcome, "election": details, "reasons": reasons}


def most(pairs, names, seats, order):
    votes = {name: sum((weight for choice, weight in pairs if name in choice), Fraction(0)) for name in names}
    ranked = sorted((name for name in names if votes[name]), key=lambda name: (-votes[name], order.get(name, 0)))
    level = []
    if len(ranked) > seats and votes[ranked[seats - 1]] == votes[ranked[seats]]:
        level = [name for name in ranked if votes[name] == votes[ranked[seats]]]
    sure = {name for name in ranked[:seats] if order or name not in level}
    lucky = [name for name in level if name in sure]
    return [name for name in names if name in sure], [] if order else level, [votes], lucky


def runoff(pairs, names, seats, order):
    left, rounds, lucky = list(names), [], []
    while True:
        votes = dict.fromkeys(left, Fraction(0))
        for choice, weight in pairs:
            standing = [name for name in choice if name in votes]
            if standing:
                votes[standing[0]] += weight
        rounds.append(votes)
        living = sum(votes.values())
        winners = [name for name in left if living and votes[name] * 2 > living]
        if winners or not living:
            return winners, [], rounds, lucky
        lowest = min(votes.values())
        last = [name for name in left if votes[name] == lowest]
        if lowest == 0 and len(last) < len(left):
            left = [name for name in left if votes[name]]
            continue
        if len(last) > 1 and not order:
            return [], last, rounds, lucky
        gone = max(last, key=lambda name: order.get(name, 0))
        lucky += [name for name in last if name != gone]
        left.remove(gone)


def schulze(pairs, names, seats, order):
    prefers = {f"{a}>{b}": Fraction(0) for a in names for b in names if a != b}
    beats = {(a, b): Fraction(0) for a in names for b in names if a != b}
    for choice, weight in pairs:
        ranks = {name: choice.index(name) if name in choice else len(names) for name in names}
        for a, b in beats:
            beats[a, b] += weight if ranks[a] < ranks[b] else 0
    prefers = {f"{a}>{b}": value for (a, b), value in beats.items()}
    path = {(a, b): value if value > beats[b, a] else Fraction(0) for (a, b), value in beats.items()}
    for via in names:
        for a, b in beats:
            if via not in (a, b):
                path[a, b] = max(path[a, b], min(path[a, via], path[via, b]))
    if not any(choice for choice, _ in pairs):
        return [], [], [prefers], []
    best = [a for a in names if all(path[a, b] >= path[b, a] for b in names if b != a)]
    if len(best) > 1 and not order:
        return [], best, [prefers], []
    first = min(best, key=lambda name: order.get(name, 0))
    return [first], [], [prefers], [first] if len(best) > 1 else []


# The whole file -------------------------------------------------------------------------------------------------------


def faults_of(content, published=None):
    """Return everything that does not hold, and the box."""
    try:
        box = json.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NoBoxError(f"no JSON in UTF-8: {error}") from error
    if not isinstance(box, dict) or " ".join(sorted(box)) != PARTS:
        raise NoBoxError("a JSON object with the 12 parts of version 1 is expected")
    if box["format"] != "beffroi-ballot-box" or canonical(box["version"]) != b"1":
        raise NoBoxError("another format or version")
    if has_float(box) or canonical(box) != content:
        raise NoBoxError("not in its canonical form: it was written or changed by something else")
    found = []
    own = sha({key: value for key, value in box.items() if key != "sha256"})
    if own != box["sha256"]:
        found.append(f"box_hash: the file says {box['sha256']}, it is {own}")
    if published is not None and published.strip().lower() != own:
        found.append(f"box_not_published: {published} was published, this box is {own}")
    try:
        broken = chain_faults(box["log"]) + roll_faults(box)
        found += broken
        if not broken:
            found += frame_faults(box) + urn_faults(box)
            if canonical(count_box(box)) != canonical(box["result"]):
                found.append("result_differs: counted again, the result is another one")
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ZeroDivisionError) as error:
        raise NoBoxError(f"a part is missing or has another form: {error!r}") from error
    return found, box


def chain_faults(log):
    previous = "0" * 64
    for place, entry in enumerate(log, start=1):
        known = {key: entry[key] for key in ("number", "previous", "body")}
        if set(entry) != {*known, "hash"} or not isinstance(entry["body"], dict):
            return [f"chain_form: entry {place} has another form"]
        if entry["previous"] != previous or canonical(entry["number"]) != canonical(place):
            return [f"chain_previous: entry {place} does not follow the one before"]
        if sha(known) != entry["hash"]:
            return [f"chain_hash: entry {place} was changed"]
        previous = entry["hash"]
    return []


def roll_faults(box):
    names = [one["organisation"] for one in box["electorate"]]
    found = [f"enrolled_twice: {name}" for name, number in Counter(names).items() if number > 1]
    found += [f"weight_not_above_zero: {one['organisation']}" for one in box["electorate"] if exact(one["weight"]) <= 0]
    if not is_time(box["vote"]["opens"]) or not is_time(box["vote"]["closes"]):
        found.append("times: the vote has no opening or no deadline")
    return found + ([] if any(one["conflict"] is None for one in box["electorate"]) else ["nobody_enrolled"])


def frame_faults(box):
    first, last, head = box["log"][0]["body"], box["log"][-1]["body"], box["vote"]
    rules = {key: box[key] for key in ("vote", "statutes", "candidates", "keys")}
    hashes = {"text_sha256": box["text"], "electorate_sha256": box["electorate"], "rules_sha256": rules}
    opening = {"act": "open", "at": first["at"], **{key: sha(part) for key, part in hashes.items()}}
    found = []
    if any(one["body"].get("act") == "cancel" for one in box["log"]):
        found.append("vote_was_cancelled: the log says so; nobody counts its ballots, and it has no box")
    if first != opening or not is_time(first["at"]) or first["at"] > head["opens"]:
        found.append("opening_differs: text, roll or rules are not those that were frozen")
    root = "" if box["urn"] is None else box["urn"]["root"]
    closing = {"act": "close", "at": last["at"], "urn_root": root}
    if len(box["log"]) < 2 or last != closing or not is_time(last["at"]) or last["at"] < head["closes"]:
        found.append("closing_differs: the log does not end with the close of this vote")
    return found


def urn_faults(box):
    if (box["urn"] is None) == (box["vote"]["secrecy"] == "secret"):
        return ["urn_root: a secret vote has an urn, a public one has none"]
    if box["urn"] is None:
        return []
    ballots = box["urn"]["ballots"]
    found = [] if set(box["urn"]) == {"ballots", "root"} else ["urn_root: the urn has other parts than it should"]
    ordered = sorted(ballots, key=lambda one: one["token"])
    if ordered != ballots or tree([canonical(one) for one in ballots]).hex() != box["urn"]["root"]:
        found.append("urn_root: the urn is not the one that was closed")
    count = Count(box)
    if set(box["keys"]) != {count.class_of(name) for name in count.enrolled}:
        found.append("keys_and_classes: the keys are not those of the classes of the roll")
    return found


def main(arguments):
    published = None
    if len(arguments) == 3 and arguments[1] == "--published":
        published = arguments.pop()
        arguments.pop()
    if len(arguments) != 1:
        print(__doc__)
        return 2
    try:
        with open(arguments[0], "rb") as handle:
            found, box = faults_of(handle.read(), published)
    except (NoBoxError, OSError) as error:
        print(f"This is no ballot box that can be read: {error}", file=sys.stderr)
        return 2
    for one in found:
        print(one)
    if found:
        return 1
    print(f"{box['vote']['title']}: {box['result']['outcome']}. Everything holds. Fingerprint {box['sha256']}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
