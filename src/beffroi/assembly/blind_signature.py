"""Signing without seeing: the election office signs a token that it cannot recognise later.

RSABSSA-SHA384-PSS-Deterministic of RFC 9474. The voter hides a random token behind a random factor; the office signs
what it is shown once for each organisation on the roll; the voter removes the factor and holds an ordinary RSA-PSS
signature on the token. Every factor is as likely as another, so what the office saw tells nothing about the token,
however much it computes.

Limits. `sign` uses Python's whole numbers: its running time depends on the key, so it belongs where nobody but the
office measures it, and it is blinded once more against that by the voter's own factor. Randomness is a parameter: the
door draws it from `secrets`.

Source: RFC 9474 (RSA Blind Signatures), section 4; RFC 8017 (PKCS #1 v2.2), section 9.1 for the PSS encoding.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from dataclasses import dataclass

from beffroi.vocabulary.errors import MethodError

SALT_BYTES = 48
_HASH_BYTES = 48
_TRAILER = 0xBC


class BlindSignatureError(MethodError):
    """A value that the protocol does not admit."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An RSA key to verify with: modulus and exponent.

    >>> PublicKey(3233, 17).bytes_of_modulus
    2
    """

    modulus: int
    exponent: int

    @property
    def bytes_of_modulus(self) -> int:
        """Length of a signature in bytes."""
        return (self.modulus.bit_length() + 7) // 8


@dataclass(frozen=True, slots=True, repr=False)
class SecretKey:
    """An RSA key to sign with, from its two primes. It is never shown nor exported."""

    first_prime: int
    second_prime: int
    exponent: int = 65537

    @property
    def public(self) -> PublicKey:
        """The half that may be published."""
        return PublicKey(self.first_prime * self.second_prime, self.exponent)


def blind(token: bytes, key: PublicKey, *, factor: int, salt: bytes) -> bytes:
    """Hide a token: what the voter shows to the office.

    Args:
        token: at least 32 random bytes; two voters never share one.
        key: the office's public key.
        factor: a random number below the modulus, drawn by the voter and thrown away after `unblind`.
        salt: 48 random bytes.

    Raises:
        BlindSignatureError: the factor has no inverse, or the salt has another length.

    Source: RFC 9474, section 4.2.
    """
    if len(salt) != SALT_BYTES:
        raise BlindSignatureError(f"The salt has {len(salt)} bytes; {SALT_BYTES} are needed.")
    if not 1 < factor < key.modulus or math.gcd(factor, key.modulus) != 1:
        raise BlindSignatureError("The blinding factor has no inverse below the modulus. Draw another one.")
    encoded = int.from_bytes(_encode(token, key.modulus.bit_length() - 1, salt), "big")
    if math.gcd(encoded, key.modulus) != 1:
        raise BlindSignatureError("The encoded token shares a divisor with the modulus; the key is broken.")
    hidden = encoded * pow(factor, key.exponent, key.modulus) % key.modulus
    return hidden.to_bytes(key.bytes_of_modulus, "big")


def sign(blinded: bytes, key: SecretKey) -> bytes:
    """Sign what the voter shows; the office checks before that this voter has not been here yet.

    Raises:
        BlindSignatureError: the message is not below the modulus, or the computation went wrong.

    Source: RFC 9474, section 4.3.
    """
    public = key.public
    shown = int.from_bytes(blinded, "big")
    if len(blinded) != public.bytes_of_modulus or shown >= public.modulus:
        raise BlindSignatureError("The blinded message does not fit the key.")
    period = math.lcm(key.first_prime - 1, key.second_prime - 1)
    signed = pow(shown, pow(key.exponent, -1, period), public.modulus)
    if pow(signed, public.exponent, public.modulus) != shown:
        raise BlindSignatureError("The signature does not verify; the key is damaged. Nothing was handed out.")
    return signed.to_bytes(public.bytes_of_modulus, "big")


def unblind(token: bytes, blind_signature: bytes, key: PublicKey, *, factor: int) -> bytes:
    """Remove the factor and check the office's work.

    Raises:
        BlindSignatureError: the office did not sign this token.

    Source: RFC 9474, section 4.4.
    """
    signed = int.from_bytes(blind_signature, "big")
    if len(blind_signature) != key.bytes_of_modulus or signed >= key.modulus:
        raise BlindSignatureError("The blind signature does not fit the key.")
    signature = (signed * pow(factor, -1, key.modulus) % key.modulus).to_bytes(key.bytes_of_modulus, "big")
    if not is_signed(token, signature, key):
        raise BlindSignatureError("The office's signature does not verify: it signed something else, or another key.")
    return signature


def is_signed(token: bytes, signature: bytes, key: PublicKey) -> bool:
    """Tell whether the signature stands for the token (RSASSA-PSS with SHA-384 and a salt of 48 bytes).

    Source: RFC 8017, sections 8.1.2 and 9.1.2.
    """
    signed = int.from_bytes(signature, "big")
    if len(signature) != key.bytes_of_modulus or signed >= key.modulus:
        return False
    bits = key.modulus.bit_length() - 1
    size = (bits + 7) // 8
    opened = pow(signed, key.exponent, key.modulus)
    if opened.bit_length() > bits or size < _HASH_BYTES + SALT_BYTES + 2:
        return False
    encoded = opened.to_bytes(size, "big")
    masked, hashed = encoded[: size - _HASH_BYTES - 1], encoded[size - _HASH_BYTES - 1 : -1]
    salt = _unmask(masked, hashed, bits)[-SALT_BYTES:]
    return encoded[-1] == _TRAILER and hmac.compare_digest(encoded, _encode(token, bits, salt))


def _encode(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE with SHA-384 and MGF1."""
    size = (bits + 7) // 8
    if size < _HASH_BYTES + len(salt) + 2:
        raise BlindSignatureError("The key is too short for SHA-384; use 2048 bits at least.")
    hashed = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    block = bytes(size - len(salt) - _HASH_BYTES - 2) + b"\1" + salt
    return _unmask(block, hashed, bits) + hashed + bytes([_TRAILER])


def _unmask(block: bytes, seed: bytes, bits: int) -> bytes:
    """Mask or unmask, which is the same: exclusive or with MGF1, high bits cleared."""
    masked = bytearray(one ^ two for one, two in zip(block, _mask(seed, len(block)), strict=True))
    masked[0] &= 0xFF >> (8 * ((bits + 7) // 8) - bits)
    return bytes(masked)


def _mask(seed: bytes, length: int) -> bytes:
    """MGF1 with SHA-384."""
    blocks = (hashlib.sha384(seed + count.to_bytes(4, "big")).digest() for count in range(-(-length // _HASH_BYTES)))
    return b"".join(blocks)[:length]
