"""Sign an edition: who may say what of it now, and the words added to those already there."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from beffroi.observatory.edition import read_manifest
from beffroi.observatory.signatures import (
    ROLES,
    SENT_BACK,
    SUBMITTED,
    VALIDATED,
    Signature,
    fingerprint,
    read_signatures,
    unfit,
    validation_of,
)
from beffroi.store.swap import locked, write_text
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from datetime import datetime

    from beffroi.observatory.home import Home

LONGEST_WORDS = 2000


class SignatureError(UsageError):
    """A signature that may not be given; nothing was written."""


def sign(home: Home, edition_id: str, act: str, *, account: int, words: Text, at: datetime) -> Signature:
    """Add a signature and return it. The door has asked whether the account holds the role (`ROLES`).

    Args:
        home: the house.
        edition_id: which edition.
        act: `submitted` by an editor; `validated` or `sent_back` by a validator, who is another account.
        account: number of the account.
        words: the note of the editor or the reason of the validator; one language may be empty. Validating needs none.
        at: when, with its time zone.

    Raises:
        UnknownEditionError: this house does not hold the edition.
        SignatureError: not now, not by this account, or not without words.
        BusyError: somebody else is signing.
    """
    manifest = read_manifest(home, edition_id)
    words = Text(words.fr.strip(), words.en.strip())
    with locked(home.signatures(edition_id).parent, doing="sign an edition"):
        held = read_signatures(home, edition_id)
        _refuse(held, manifest.digest, act, account, words)
        one = Signature(act, ROLES[act], account, at.isoformat(timespec="seconds"), words.fr, words.en,
                        edition_id, manifest.digest, held[-1].hash if held else "", "")  # fmt: skip
        one = Signature(**{**asdict(one), "hash": fingerprint(one)})
        lines = (json.dumps(asdict(each), ensure_ascii=False) for each in (*held, one))
        write_text(home.signatures(edition_id), "\n".join(lines) + "\n")
    return one


def _refuse(held: tuple[Signature, ...], digest: str, act: str, account: int, words: Text) -> None:
    if unfit(held, digest):
        raise SignatureError(Text(
            "Les signatures de cette édition ne vont pas avec elle. Faites « beffroi edition verify » d’abord.",
            "The signatures of this edition do not fit it. Run 'beffroi edition verify' first."))  # fmt: skip
    state = validation_of(held, digest).state
    if max(len(words.fr), len(words.en)) > LONGEST_WORDS:
        raise SignatureError(Text(f"Le texte compte plus de {LONGEST_WORDS} signes ; abrégez-le.",
                                  f"The words are longer than {LONGEST_WORDS} letters; shorten them."))  # fmt: skip
    if act != VALIDATED and not (words.fr or words.en):
        raise SignatureError(Text("Dites ce que vous avez vu, en français ou en anglais.",
                                  "Say what you found, in French or in English."))  # fmt: skip
    if act == SUBMITTED:
        if state in {SUBMITTED, VALIDATED}:
            raise SignatureError(Text("Cette édition est déjà soumise ou validée.",
                                      "This edition is handed in, or validated, already."))  # fmt: skip
        return
    if state != SUBMITTED and (act, state) != (SENT_BACK, VALIDATED):
        raise SignatureError(Text("Cette édition n’attend pas de validation : il faut d’abord la soumettre.",
                                  "This edition waits for no validation: an editor must hand it in."))  # fmt: skip
    if account in {one.account for one in held if one.act == SUBMITTED}:
        raise SignatureError(Text("Vous avez soumis cette édition ; une autre personne doit la valider.",
                                  "You handed this edition in; another person must validate it."))  # fmt: skip
