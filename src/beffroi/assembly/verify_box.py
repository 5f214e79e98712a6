"""Whether a ballot box is what it was: fingerprints, chain, roll, rules, and the whole count again.

`tools/verify_ballots.py` asks the same with the standard library alone and none of this code.
"""

from __future__ import annotations

import json
from typing import Any

from beffroi.assembly import secret
from beffroi.assembly.blind_signature import PublicKey
from beffroi.assembly.box import FORMAT, VERSION, opening_of, urn_record, vote_of
from beffroi.assembly.chain import first_break
from beffroi.assembly.exact import canonical, digest
from beffroi.assembly.faults import BallotBoxError, Fault, InexactNumberError, fault
from beffroi.assembly.tally import tally
from beffroi.assembly.vote_faults import TIME, vote_faults

PARTS = {
    *("format", "version", "sha256"),
    *("vote", "text", "statutes", "candidates", "electorate", "keys"),
    *("log", "urn", "result"),
}

CANCEL = "cancel"  # an act of the log of a vote that is never counted


def read_box(content: bytes) -> dict[str, Any]:
    """Read the file of a ballot box.

    Raises:
        BallotBoxError: no JSON, not in its canonical form, or another format or version.

    >>> read_box(b"[]")
    Traceback (most recent call last):
    beffroi.assembly.faults.BallotBoxError: This is no ballot box: a JSON object with the 12 parts of version 1 ...
    """
    try:
        record = json.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BallotBoxError(f"This is no ballot box: it is no JSON in UTF-8 ({error}).") from error
    if (
        not isinstance(record, dict)
        or set(record) != PARTS
        or record["format"] != FORMAT
        or type(record["version"]) is not int
        or record["version"] != VERSION
    ):
        raise BallotBoxError(
            f"This is no ballot box: a JSON object with the {len(PARTS)} parts of version {VERSION} is expected."
        )
    try:
        same = canonical(record) == content
    except InexactNumberError as error:
        raise BallotBoxError(f"The ballot box holds a number that is not exact: {error}") from error
    if not same:
        raise BallotBoxError("The file is not in its canonical form: it was written or changed by something else.")
    return record


def verify_box(content: bytes, *, published: str | None = None) -> tuple[Fault, ...]:
    """List everything in the file of a ballot box that does not hold; nothing when all does.

    Args:
        content: the file.
        published: its fingerprint as published elsewhere. Without it, somebody who wrote a whole new box, log and
            result included, is not found out; with it, nobody can.

    Raises:
        BallotBoxError: it cannot be read as a ballot box at all.
    """
    record = read_box(content)
    found = []
    own = digest({name: part for name, part in record.items() if name != "sha256"})
    if own != record["sha256"]:
        found.append(fault("box_hash", said=record["sha256"], found=own))
    if published is not None and own != published.strip().lower():
        found.append(fault("box_not_published", published=published, found=own))
    vote = vote_of(record)
    if faults := vote_faults(vote):
        return (*found, *faults)
    if not isinstance(record["log"], list) or (gap := first_break(record["log"])):
        place, reason = (gap.place, gap.reason) if isinstance(record["log"], list) and gap else (0, "chain_form")
        return (*found, fault(reason, entry=place))
    found += _frame(record)
    try:
        keys, urn = _keys(record["keys"]), _urn(record["urn"], is_secret=vote.is_secret)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BallotBoxError(f"The keys or the urn of the ballot box cannot be read: {error!r}.") from error
    if vote.is_secret and set(keys) != {vote.class_of(one) for one in vote.enrolled}:
        found.append(fault("keys_and_classes"))
    if record["urn"] is not None and canonical(urn_record(urn)) != canonical(record["urn"]):
        found.append(fault("urn_root"))
    acts = [entry["body"] for entry in record["log"]][1:-1]
    if canonical(tally(vote, acts, urn=urn, keys=keys)) != canonical(record["result"]):
        found.append(fault("result_differs"))
    return tuple(found)


def _frame(record: dict[str, Any]) -> list[Fault]:
    """Check the first and last act: the fingerprints, the times, the urn."""
    bodies = [entry["body"] for entry in record["log"]]
    if len(bodies) < 2:  # noqa: PLR2004 -- an opening and a close
        return [fault("log_frame")]
    if any(one.get("act") == CANCEL for one in bodies):
        return [fault("vote_was_cancelled")]
    first, last = bodies[0], bodies[-1]
    at = first.get("at")
    if not _is_time(at) or at > record["vote"]["opens"] or first != opening_of(record, at=at):
        return [fault("opening_differs")]
    root = record["urn"]["root"] if isinstance(record["urn"], dict) and "root" in record["urn"] else ""
    end = last.get("at")
    if not _is_time(end) or end < record["vote"]["closes"] or last != {"act": "close", "at": end, "urn_root": root}:
        return [fault("closing_differs")]
    return []


def _is_time(given: object) -> bool:
    return isinstance(given, str) and bool(TIME.fullmatch(given))


def _keys(given: dict[str, dict[str, Any]]) -> dict[str, PublicKey]:
    keys = {name: PublicKey(int(one["modulus"], 16), int(one["exponent"])) for name, one in given.items()}
    again = {name: {"modulus": f"{one.modulus:x}", "exponent": one.exponent} for name, one in keys.items()}
    if canonical(again) != canonical(given):
        raise ValueError("a key has another form")
    return keys


def _urn(given: dict[str, Any] | None, *, is_secret: bool) -> tuple[secret.UrnBallot, ...]:
    if given is None and not is_secret:
        return ()
    if given is None or not is_secret:
        raise ValueError("a secret vote has an urn, a public one has none")
    return tuple(_urn_ballot(one) for one in given["ballots"])


def _urn_ballot(given: dict[str, Any]) -> secret.UrnBallot:
    texts, changes, choice = (given["class"], given["token"], given["signature"]), given["changes"], given["choice"]
    names = [choice] if isinstance(choice, str) else choice
    if not isinstance(names, list) or not all(isinstance(one, str) for one in (*texts, *names)):
        raise ValueError("an urn ballot has another form")
    if type(changes) is not int or changes < 0:
        raise ValueError("an urn ballot has another form")
    return secret.UrnBallot(*texts, choice if isinstance(choice, str) else tuple(choice), changes)
