"""Keys for secret votes: two random primes for each class of electors, made for one vote.

Randomness is a parameter: the room draws it from `secrets`. Primality is probable, by Miller and Rabin: the chance that
a number that is none passes 44 rounds lies below 2^-88 whatever the number, and far below that for a random one.

Source: FIPS 186-5 (Digital Signature Standard), appendices A.1.3 (probable primes) and B.3.1 (Miller–Rabin).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from beffroi.assembly.blind_signature import BlindSignatureError, SecretKey

if TYPE_CHECKING:
    from collections.abc import Callable

EXPONENT = 65537
BITS = 2048
LEAST_BITS = 1024  # a signature with SHA-384 needs about 800; less than 2,048 only in tests
ROUNDS = 44
_SMALL = tuple(n for n in range(3, 2000, 2) if all(n % d for d in range(3, math.isqrt(n) + 1, 2)))


def new_key(random_bits: Callable[[int], int], *, bits: int = BITS) -> SecretKey:
    """Draw a key.

    Args:
        random_bits: gives a random whole number of so many bits, such as `secrets.randbits`.
        bits: size of the modulus, even.

    Raises:
        BlindSignatureError: fewer bits than the signature needs, or an odd number of them.

    >>> import random
    >>> new_key(random.Random(1).getrandbits, bits=1024).public.modulus.bit_length()
    1024
    """
    if bits < LEAST_BITS or bits % 2:
        raise BlindSignatureError(
            f"A key of {bits} bits cannot be used; an even number from {LEAST_BITS} on is needed."
        )
    first = _prime(random_bits, bits // 2)
    while True:
        second = _prime(random_bits, bits // 2)
        # The two lie far apart (FIPS 186-5, A.1.3, step 5.4), or the modulus could be factored from its square root.
        if abs(first - second) >> (bits // 2 - 100):
            return SecretKey(first, second, EXPONENT)


def is_probably_prime(number: int, random_bits: Callable[[int], int], *, rounds: int = ROUNDS) -> bool:
    """Tell whether a number passes so many rounds of Miller and Rabin's test with random bases.

    >>> import random
    >>> [n for n in range(60) if is_probably_prime(n, random.Random(2).getrandbits)][-4:]
    [43, 47, 53, 59]
    >>> is_probably_prime(3215031751, random.Random(3).getrandbits)  # a pseudoprime to the bases 2, 3, 5 and 7
    False
    """
    if number < 4:  # noqa: PLR2004 -- 2 and 3 are prime; below, nothing is
        return number in {2, 3}
    if number % 2 == 0:
        return False
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(_passes(number, 2 + random_bits(number.bit_length() + 64) % (number - 3), odd, twos)
               for _ in range(rounds))  # fmt: skip


def _passes(number: int, base: int, odd: int, twos: int) -> bool:
    power = pow(base, odd, number)
    if power in {1, number - 1}:
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False


def _prime(random_bits: Callable[[int], int], bits: int) -> int:
    while True:
        # The two highest bits are set, so that the product of two has its full length.
        candidate = random_bits(bits) | 3 << (bits - 2) | 1
        if any(candidate % small == 0 for small in _SMALL) or math.gcd(candidate - 1, EXPONENT) != 1:
            continue
        if is_probably_prime(candidate, random_bits):
            return candidate
