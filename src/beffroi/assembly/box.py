"""A ballot box as one file: what was frozen, the log, the urn, the result, under one fingerprint.

The form is documented in docs/reference/ballot-box.md and has a version. A file is the canonical text of its record, so
that one content has one sequence of bytes.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from beffroi.assembly import secret
from beffroi.assembly.exact import canonical, digest, fraction, plain, written
from beffroi.assembly.faults import BallotBoxError, InexactNumberError
from beffroi.assembly.tally import tally
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

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from beffroi.assembly.blind_signature import PublicKey

FORMAT = "beffroi-ballot-box"
VERSION = 1


def frozen(vote: Vote, keys: Mapping[str, PublicKey] | None = None) -> dict[str, Any]:
    """Return everything that is frozen when a vote opens, as JSON takes it.

    >>> vote = Vote("v", "Title", "2026", "2027", False, Text(1, "We do it."), Statutes(), ())
    >>> sorted(frozen(vote))
    ['candidates', 'electorate', 'keys', 'statutes', 'text', 'vote']
    """
    return {
        "vote": {
            "id": vote.id, "title": vote.title, "opens": vote.opens, "closes": vote.closes,
            "kind": "decision" if vote.statutes.election is None else "election",
            "secrecy": "secret" if vote.is_secret else "public",
        },
        "text": {"number": vote.text.number, "content": vote.text.content},
        "statutes": plain(asdict(vote.statutes)),
        "candidates": [{"id": one.id, "traits": dict(one.traits)} for one in vote.candidates],
        "electorate": [_elector_record(one) for one in vote.electorate],
        "keys": {
            name: {"modulus": f"{key.modulus:x}", "exponent": key.exponent} for name, key in (keys or {}).items()
        },
    }  # fmt: skip


def opening(vote: Vote, *, at: str, keys: Mapping[str, PublicKey] | None = None) -> dict[str, str]:
    """Return the first act of a log: fingerprints of the text, the roll and the rules, as the ballot page shows them.

    >>> vote = Vote("v", "Title", "2026", "2027", False, Text(1, "We do it."), Statutes(), ())
    >>> opening(vote, at="2026-01-01T00:00:00Z")["act"]
    'open'
    """
    return opening_of(frozen(vote, keys), at=at)


def opening_of(record: Mapping[str, Any], *, at: str) -> dict[str, str]:
    """Return the first act for a record of `frozen`."""
    rules = {name: record[name] for name in ("vote", "statutes", "candidates", "keys")}
    return {
        "act": "open",
        "at": at,
        "text_sha256": digest(record["text"]),
        "electorate_sha256": digest(record["electorate"]),
        "rules_sha256": digest(rules),
    }


def urn_record(ballots: Sequence[secret.UrnBallot]) -> dict[str, Any]:
    """Return the closed urn: ballots sorted by token, and the root over them.

    >>> urn_record(())["ballots"]
    []
    """
    ordered = sorted(ballots, key=lambda one: one.token)
    return {"ballots": [one.as_record() for one in ordered], "root": secret.root(ordered)}


def closing(*, at: str, urn: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Return the last act of a log: with the root of the urn in a secret vote.

    >>> closing(at="2026-01-01T00:00:00Z")
    {'act': 'close', 'at': '2026-01-01T00:00:00Z', 'urn_root': ''}
    """
    return {"act": "close", "at": at, "urn_root": "" if urn is None else str(urn["root"])}


def box(
    vote: Vote,
    log: Sequence[Mapping[str, Any]],
    *,
    urn: Sequence[secret.UrnBallot] = (),
    keys: Mapping[str, PublicKey] | None = None,
) -> dict[str, Any]:
    """Count a closed vote and return its box.

    Args:
        vote: as it was opened.
        log: chained entries from `opening` to `closing`.
        urn: ballots of a secret vote.
        keys: of a secret vote, by class.

    Returns:
        The record; `exported` writes it.
    """
    acts = [entry["body"] for entry in log][1:-1]
    kept = urn_record(urn) if vote.is_secret else None
    ordered = sorted(urn, key=lambda one: one.token)
    record = {
        "format": FORMAT,
        "version": VERSION,
        **frozen(vote, keys),
        "log": [dict(entry) for entry in log],
        "urn": kept,
        "result": tally(vote, acts, urn=ordered, keys=keys),
    }
    return {**record, "sha256": digest(record)}


def exported(record: Mapping[str, Any]) -> bytes:
    """Return the file of a box.

    >>> exported({"b": 1, "a": 2})
    b'{"a":2,"b":1}'
    """
    return canonical(record)


def vote_of(record: Mapping[str, Any]) -> Vote:
    """Read the frozen vote of a box.

    Raises:
        BallotBoxError: a part is missing, has another form, or one too many.

    >>> vote = Vote("v", "Title", "2026", "2027", False, Text(1, "We do it."), Statutes(), ())
    >>> vote_of(frozen(vote)) == vote
    True
    """
    try:
        head, text = record["vote"], record["text"]
        vote = Vote(
            head["id"], head["title"], head["opens"], head["closes"], head["secrecy"] == "secret",
            Text(text["number"], text["content"]), _statutes(record["statutes"]),
            tuple(_elector(one) for one in record["electorate"]),
            tuple(Candidate(one["id"], dict(one["traits"])) for one in record["candidates"]),
        )  # fmt: skip
        again = {name: part for name, part in frozen(vote).items() if name != "keys"}
        same = canonical(again) == canonical({name: record[name] for name in again})
    except (KeyError, TypeError, ValueError, AttributeError, InexactNumberError) as error:
        raise BallotBoxError(f"The frozen part of the ballot box cannot be read: {error!r}.") from error
    if not same or not _is_typed(vote):
        raise BallotBoxError("The frozen part of the ballot box holds more, or in another form, than this version has.")
    return vote


def _elector_record(one: Elector) -> dict[str, Any]:
    return {
        "organisation": one.organisation, "weight": written(one.weight),
        "mandates": [{"person": each.person, "since": each.since, "until": each.until} for each in one.mandates],
        "college": one.college, "territory": one.territory, "aggregated": one.aggregated, "conflict": one.conflict,
    }  # fmt: skip


def _is_typed(vote: Vote) -> bool:
    """Tell whether texts are texts: a number where a text belongs would break the count later."""
    texts = [vote.id, vote.title, vote.opens, vote.closes, vote.text.content]
    texts += [each for one in vote.electorate for each in (one.organisation, one.college, one.territory)]
    texts += [each for one in vote.electorate for m in one.mandates for each in (m.person, m.since, m.until or "")]
    texts += [one.conflict or "" for one in vote.electorate]
    texts += [each for one in vote.candidates for each in (one.id, *one.traits.values())]
    flags = [vote.statutes.split, *(one.aggregated for one in vote.electorate)]
    delegation, election = vote.statutes.delegation, vote.statutes.election
    needed = [vote.text.number, delegation.depth if delegation else 1, election.seats if election else 1]
    counts = [delegation.per_person] if delegation else []
    counts += [election.most_choices] if election else []
    counts += [end for one in election.balance for end in (one.at_least, one.at_most)] if election else []
    return (
        all(isinstance(one, str) for one in texts)
        and all(isinstance(one, bool) for one in flags)
        and all(type(one) is int for one in needed)
        and all(one is None or type(one) is int for one in counts)
    )


def _elector(given: Mapping[str, Any]) -> Elector:
    mandates = tuple(Mandate(**one) for one in given["mandates"])
    return Elector(**{**given, "weight": fraction(given["weight"]), "mandates": mandates})


def _statutes(given: Mapping[str, Any]) -> Statutes:
    delegation, election = given["delegation"], given["election"]
    if delegation is not None:
        share = delegation["weight_share"]
        delegation = Delegation(**{**delegation, "weight_share": None if share is None else fraction(share)})
    if election is not None:
        balance = tuple(Balance(**one) for one in election["balance"])
        election = Election(**{**election, "order": tuple(election["order"]), "balance": balance})
    return Statutes(
        **{
            **given,
            "quorum": tuple(Quorum(**{**one, "share": fraction(one["share"])}) for one in given["quorum"]),
            "majorities": tuple(
                Majority(**{**one, "share": fraction(one["share"]), "groups": fraction(one["groups"])})
                for one in given["majorities"]
            ),
            "channels": tuple(given["channels"]),
            "delegation": delegation,
            "election": election,
        }
    )
