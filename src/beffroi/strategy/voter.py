"""The voter's side of a secret vote: draw a token, hide it, take the office's signature off it, fill in a slip.

Pure functions for the voter's own program (`beffroi vote cast`), which needs nothing from the server but the paper that
the vote publishes. Randomness is a parameter.

Source: RFC 9474 (RSA Blind Signatures), section 4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from beffroi.assembly.blind_signature import SALT_BYTES, BlindSignatureError, PublicKey, blind, unblind
from beffroi.assembly.secret import TOKEN_DIGITS, UrnBallot, token_message
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PAPER = "beffroi-ballot-paper"


@dataclass(frozen=True, slots=True)
class Hidden:
    """A token that waits for its signature. `factor` is thrown away once the signature is there.

    Attributes:
        vote, class_id: what the token is for.
        token: 64 hexadecimal digits.
        factor: hides the token, hexadecimal.
        blinded: what is shown to the office, hexadecimal.
    """

    vote: str
    class_id: str
    token: str
    factor: str
    blinded: str


def keys_of_paper(paper: Mapping[str, Any]) -> dict[str, PublicKey]:
    """Read the keys of a ballot paper, by class.

    Raises:
        UsageError: it is no ballot paper of a secret vote.
    """
    try:
        if paper["format"] != PAPER or paper["vote"]["secrecy"] != "secret":
            raise UsageError("This is no ballot paper of a secret vote. Download it from the page of the vote.")
        return {name: PublicKey(int(one["modulus"], 16), int(one["exponent"])) for name, one in paper["keys"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(
            f"The ballot paper is damaged: {error!r}. Download it again from the page of the vote."
        ) from error


def hide(vote: str, class_id: str, key: PublicKey, *, random_bytes: Callable[[int], bytes]) -> Hidden:
    """Draw a token and hide it.

    Args:
        vote: what it is for.
        class_id: class of the elector.
        key: the office's public key of the class.
        random_bytes: such as `secrets.token_bytes`.
    """
    token = random_bytes(TOKEN_DIGITS // 2).hex()
    factor = 0
    while not 1 < factor < key.modulus or math.gcd(factor, key.modulus) != 1:
        factor = int.from_bytes(random_bytes(key.bytes_of_modulus), "big")
    message = token_message(vote, class_id, token)
    shown = blind(message, key, factor=factor, salt=random_bytes(SALT_BYTES))
    return Hidden(vote, class_id, token, f"{factor:x}", shown.hex())


def uncover(hidden: Hidden, blind_signature: str, key: PublicKey) -> str:
    """Take the factor off the office's signature; return the signature on the token, hexadecimal.

    Raises:
        UsageError: the office signed something else, or the text was cut.
    """
    try:
        signed = bytes.fromhex(blind_signature.strip())
        message = token_message(hidden.vote, hidden.class_id, hidden.token)
        return unblind(message, signed, key, factor=int(hidden.factor, 16)).hex()
    except (ValueError, BlindSignatureError) as error:
        raise UsageError(
            f"The signature does not fit the token ({error}). Copy it whole from the page; if it still fails, tell the "
            "election office and another member: the office did not sign what it was shown."
        ) from error


def slip(hidden: Hidden, signature: str, choice: str | tuple[str, ...]) -> UrnBallot:
    """Fill in the ballot that goes into the urn."""
    return UrnBallot(hidden.class_id, hidden.token, signature, choice)
