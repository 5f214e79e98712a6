"""Two persons stand behind an edition: an editor hands it in, another account validates it or sends it back.

Signatures lie beside the edition, as errata do, so that the observatory is read without a database. They are only ever
added to; each carries the fingerprint of the edition that was signed and of the signature before it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from beffroi.vocabulary.errors import StoreError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from beffroi.observatory.home import Home

SUBMITTED, VALIDATED, SENT_BACK, NOT_VALIDATED = "submitted", "validated", "sent_back", "not_validated"
ROLES = {SUBMITTED: "editor", VALIDATED: "validator", SENT_BACK: "validator"}


@dataclass(frozen=True, slots=True)
class Signature:
    """What one account said of an edition: `act` (submitted, validated, sent_back), words, and what was signed."""

    act: str
    role: str
    account: int
    at: str
    fr: str
    en: str
    edition: str
    digest: str
    previous: str
    hash: str

    @property
    def on(self) -> str:
        """The day, ISO."""
        return self.at[:10]

    def words(self, language: str) -> str:
        """The words in a language; in the other one when they were written in it alone."""
        return Text(self.fr or self.en, self.en or self.fr).say(language)


@dataclass(frozen=True, slots=True)
class Validation:
    """Where an edition stands: its state, and the signature that says so (None when nobody signed)."""

    state: str
    by: Signature | None = None

    @property
    def is_validated(self) -> bool:
        """Whether two persons stand behind it."""
        return self.state == VALIDATED


def read_signatures(home: Home, edition_id: str) -> tuple[Signature, ...]:
    """Return the signatures of an edition, oldest first.

    Raises:
        StoreError: the file of signatures is damaged.
    """
    path = home.signatures(edition_id)
    if not path.exists():
        return ()
    try:
        return tuple(Signature(**json.loads(line)) for line in path.read_text("utf-8").splitlines())
    except (ValueError, TypeError) as error:
        raise StoreError(f"{path} is damaged ({error}). Restore it from a copy, or move it away.") from error


def validation_of(signatures: Iterable[Signature], digest: str) -> Validation:
    """Return where an edition of this fingerprint stands. What does not fit it, or was altered, counts for nothing.

    >>> validation_of((), "ab").state
    'not_validated'
    """
    held = tuple(signatures)
    if not held or unfit(held, digest):
        return Validation(NOT_VALIDATED)
    return Validation(held[-1].act, held[-1])


def unfit(signatures: Iterable[Signature], digest: str) -> tuple[str, ...]:
    """Return what is wrong with signatures of an edition of this fingerprint, each as a clause; none when they fit."""
    found, previous, editors = [], "", set[int]()
    for number, one in enumerate(signatures, 1):
        if one.digest != digest:
            found.append(f"signature {number} signs other figures ({one.digest[:12]})")
        if one.previous != previous or one.hash != fingerprint(one):
            found.append(f"signature {number} was altered, or one before it is gone")
        if one.act == SUBMITTED:
            editors.add(one.account)
        elif one.account in editors:
            found.append(f"signature {number} is of the account that handed the edition in")
        previous = one.hash
    return tuple(found)


def fingerprint(one: Signature) -> str:
    """Return the SHA-256 of a signature, that of the one before it included."""
    parts = {name: value for name, value in asdict(one).items() if name != "hash"}
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
