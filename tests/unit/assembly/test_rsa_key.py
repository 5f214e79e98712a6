"""Keys: primes that are primes, of the right size, and a whole round of signing with them."""

from __future__ import annotations

import random

import pytest

from beffroi.assembly import blind_signature as bs
from beffroi.assembly.rsa_key import is_probably_prime, new_key

# Carmichael numbers and strong pseudoprimes to many bases: OEIS A002997, and A014233 for the last two.
NONE = [561, 1105, 1729, 2465, 6601, 8911, 62745, 825265, 3215031751, 3825123056546413051]
PRIMES = [2, 3, 5, 7919, 2**61 - 1, 2**89 - 1, 2**127 - 1, 2**521 - 1]


@pytest.mark.parametrize("number", NONE)
def test_numbers_that_pass_for_primes_are_found_out(number):
    assert not is_probably_prime(number, random.Random(1).getrandbits)  # noqa: S311 -- chance for cases


@pytest.mark.parametrize("number", PRIMES)
def test_primes_are_primes(number):
    assert is_probably_prime(number, random.Random(1).getrandbits)  # noqa: S311 -- chance for cases


def test_small_numbers_are_told_apart():
    found = [n for n in range(-3, 2000) if is_probably_prime(n, random.Random(n).getrandbits)]  # noqa: S311 -- as above
    assert found == [n for n in range(2, 2000) if all(n % d for d in range(2, int(n**0.5) + 1))]


def test_a_new_key_signs_what_it_cannot_read():
    key = new_key(random.Random(4).getrandbits, bits=1024)  # noqa: S311 -- a key for tests
    assert (key.public.modulus.bit_length(), key.first_prime.bit_length(), key.second_prime.bit_length()) == (
        1024,
        512,
        512,
    )
    token = b"t" * 32
    shown = bs.blind(token, key.public, factor=12345, salt=b"s" * 48)
    signature = bs.unblind(token, bs.sign(shown, key), key.public, factor=12345)
    assert bs.is_signed(token, signature, key.public)


@pytest.mark.parametrize("bits", [512, 1025])
def test_a_key_too_short_or_odd_is_refused(bits):
    with pytest.raises(bs.BlindSignatureError, match=str(bits)):
        new_key(random.Random(4).getrandbits, bits=bits)  # noqa: S311 -- a key for tests
