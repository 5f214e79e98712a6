"""A secret urn: who took a token is known, which ballot came from which token-taker is not.

1. The roll is cut into classes of electors who cannot be told apart: same weight, same college and territory where
   these count. Each class has its own key, frozen with the vote.
2. An elector's program draws a random token, hides it (`blind_signature.blind`) and has it signed once. The log keeps
   the organisation and the fingerprint of what was shown.
3. Without a name, the program hands in token, signature and choice. A later ballot with the same token replaces it.
4. At the deadline the urn is sorted by token and closed under the root of a tree. Whoever kept the token finds the
   ballot and a proof that it is in the urn.

What this protects and what not: docs/explanation/ballots.md.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.assembly import merkle
from beffroi.assembly.blind_signature import PublicKey, is_signed
from beffroi.assembly.exact import canonical
from beffroi.assembly.faults import Fault, fault
from beffroi.assembly.ledger import names_chosen
from beffroi.assembly.vote import CHOICES

if TYPE_CHECKING:
    from beffroi.assembly.vote import Vote

LEAST_CLASS = 5
TOKEN_DIGITS = 64


@dataclass(frozen=True, slots=True)
class UrnBallot:
    """A ballot without a name.

    Attributes:
        class_id: class of the elector, as `Vote.class_of` names it.
        token: 64 hexadecimal digits drawn by the elector.
        signature: the office's signature on it, hexadecimal.
        choice: `for`, `against`, `abstain`, or names.
        changes: how many times it replaced an earlier one.
    """

    class_id: str
    token: str
    signature: str
    choice: str | tuple[str, ...]
    changes: int = 0

    def as_record(self) -> dict[str, object]:
        """Return the ballot as JSON takes it."""
        choice = self.choice if isinstance(self.choice, str) else list(self.choice)
        return {
            "class": self.class_id, "token": self.token, "signature": self.signature,
            "choice": choice, "changes": self.changes,
        }  # fmt: skip


def small_classes(vote: Vote, *, least: int = LEAST_CLASS) -> tuple[Fault, ...]:
    """Name classes so small that the urn would tell who voted what.

    >>> from fractions import Fraction
    >>> from beffroi.assembly.vote import Elector, Statutes, Text, Vote
    >>> alone = Elector("O1", Fraction(3), ())
    >>> vote = Vote("v", "t", "2026", "2027", True, Text(1, "x"), Statutes(), (alone,))
    >>> small_classes(vote)[0].params
    (('class', '["3","",""]'), ('least', '5'), ('members', '1'))
    """
    sizes = Counter(vote.class_of(one) for one in vote.enrolled)
    return tuple(
        fault("class_too_small", **{"class": name}, members=size, least=least)
        for name, size in sorted(sizes.items())
        if size < least
    )


def token_message(vote_id: str, class_id: str, token: str) -> bytes:
    """Return what is signed for a token: 32 bytes that hold for this vote and class only.

    >>> token_message("v1", "1||", "00" * 32) == token_message("v2", "1||", "00" * 32)
    False
    """
    return hashlib.sha256(canonical({"vote": vote_id, "class": class_id, "token": token})).digest()


def ballot_fault(vote: Vote, keys: Mapping[str, PublicKey], ballot: UrnBallot) -> Fault | None:
    """Say why a ballot may not go into the urn, or nothing.

    >>> from fractions import Fraction
    >>> from beffroi.assembly.vote import Statutes, Text, Vote
    >>> vote = Vote("v", "t", "2026", "2027", True, Text(1, "x"), Statutes(), ())
    >>> ballot_fault(vote, {}, UrnBallot("1||", "00" * 32, "00", "for")).id
    'token_class'
    """
    if ballot.class_id not in keys:
        return fault("token_class", organisation="")
    choice = ballot.choice
    if vote.statutes.election is not None:
        read = names_chosen(vote, choice)
        if isinstance(read, Fault):
            return read
    elif choice not in CHOICES:
        return fault("choice_unknown", choice=choice if isinstance(choice, str) else ", ".join(choice))
    return None if _is_signed(vote, keys[ballot.class_id], ballot) else fault("token_not_signed", token=ballot.token)


def _is_signed(vote: Vote, key: PublicKey, ballot: UrnBallot) -> bool:
    token = ballot.token
    if len(token) != TOKEN_DIGITS or not set(token + ballot.signature) <= set("0123456789abcdef"):
        return False
    if len(ballot.signature) % 2:
        return False
    return is_signed(token_message(vote.id, ballot.class_id, token), bytes.fromhex(ballot.signature), key)


def leaf(ballot: UrnBallot) -> bytes:
    """Return the ballot as a leaf of the tree."""
    return canonical(ballot.as_record())


def root(ballots: Sequence[UrnBallot]) -> str:
    """Return the root over the urn, sorted by token; hexadecimal.

    >>> root(()) == hashlib.sha256(b"").hexdigest()
    True
    """
    return merkle.root([leaf(one) for one in sorted(ballots, key=lambda one: one.token)]).hex()


def receipt(ballots: Sequence[UrnBallot], token: str) -> dict[str, object]:
    """Return the proof that the ballot of a token lies in the urn: what an elector is shown after the close.

    Raises:
        KeyError: no ballot has this token.

    >>> one = UrnBallot("1||", "00" * 32, "ab", "for")
    >>> is_in_urn(receipt([one], one.token), root([one]))
    True
    """
    ordered = sorted(ballots, key=lambda one: one.token)
    places = [place for place, one in enumerate(ordered) if one.token == token]
    if not places:
        raise KeyError(token)
    proof = merkle.inclusion_proof([leaf(one) for one in ordered], places[0])
    return {
        "ballot": ordered[places[0]].as_record(),
        "index": places[0],
        "size": len(ordered),
        "proof": [one.hex() for one in proof],
    }


def is_in_urn(shown: Mapping[str, object], root_hex: str) -> bool:
    """Tell whether a receipt leads to the published root.

    >>> is_in_urn({"ballot": {}, "index": 0, "size": 1, "proof": []}, "00" * 32)
    False
    """
    proof, index, size = shown["proof"], shown["index"], shown["size"]
    if not isinstance(proof, Sequence) or not isinstance(index, int) or not isinstance(size, int):
        return False
    steps = [bytes.fromhex(str(one)) for one in proof]
    return merkle.is_included(
        canonical(shown["ballot"]), steps, index=index, size=size, root_hash=bytes.fromhex(root_hex)
    )
