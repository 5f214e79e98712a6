"""Blind signatures against the vector of the standard."""

from __future__ import annotations

import hashlib

import pytest

from beffroi.assembly import blind_signature as bs

# RFC 9474, appendix A.3 (RSABSSA-SHA384-PSS-Deterministic, 4096 bits). Inputs in full; of each output of 1,024 digits
# the first and the last 64.
P = int(
    "e1f4d7a34802e27c7392a3cea32a262a34dc3691bd87f3f310dc75673488930559c120fd0410194fb8a0da55bd0b8122"
    "7e843fdca6692ae80e5a5d414116d4803fca7d8c30eaaae57e44a1816ebb5c5b0606c536246c7f11985d731684150b63"
    "c9a3ad9e41b04c0b5b27cb188a692c84696b742a80d3cd00ab891f2457443dadfeba6d6daf108602be26d7071803c671"
    "05a5426838e6889d77e8474b29244cefaf418e381b312048b457d73419213063c60ee7b0d81820165864fef93523c963"
    "5c22210956e53a8d96322493ffc58d845368e2416e078e5bcb5d2fd68ae6acfa54f9627c42e84a9d3f2774017e32ebca"
    "06308a12ecc290c7cd1156dcccfb2311",
    16,
)
Q = int(
    "c601a9caea66dc3835827b539db9df6f6f5ae77244692780cd334a006ab353c806426b60718c05245650821d39445d3a"
    "b591ed10a7339f15d83fe13f6a3dfb20b9452c6a9b42eaa62a68c970df3cadb2139f804ad8223d56108dfde30ba7d367"
    "e9b0a7a80c4fdba2fd9dde6661fc73fc2947569d2029f2870fc02d8325acf28c9afa19ecf962daa7916e21afad09eb62"
    "fe9f1cf91b77dc879b7974b490d3ebd2e95426057f35d0a3c9f45f79ac727ab81a519a8b9285932d9b2e5ccd347e59f3"
    "f32ad9ca359115e7da008ab7406707bd0e8e185a5ed8758b5ba266e8828f8d863ae133846304a2936ad7bc7c9803879d"
    "2fc4a28e69291d73dbd799f8bc238385",
    16,
)
INVERSE = int(
    "80682c48982407b489d53d1261b19ec8627d02b8cda5336750b8cee332ae260de57b02d72609c1e0e9f28e2040fc65b6"
    "f02d56dbd6aa9af8fde656f70495dfb723ba01173d4707a12fddac628ca29f3e32340bd8f7ddb557cf819f6b01e445ad"
    "96f874ba235584ee71f6581f62d4f43bf03f910f6510deb85e8ef06c7f09d9794a008be7ff2529f0ebb69decef646387"
    "dc767b74939265fec0223aa6d84d2a8a1cc912d5ca25b4e144ab8f6ba054b54910176d5737a2cff011da431bd5f2a0d2"
    "d66b9e70b39f4b050e45c0d9c16f02deda9ddf2d00f3e4b01037d7029cd49c2d46a8e1fc2c0c17520af1f4b5e25ba396"
    "afc4cd60c494a4c426448b35b49635b337cfb08e7c22a39b256dd032c00adddafb51a627f99a0e1704170ac1f1912e49"
    "d9db10ec04c19c58f420212973e0cb329524223a6aa56c7937c5dffdb5d966b6cd4cbc26f3201dd25c80960a1a111b32"
    "947bb78973d269fac7f5186530930ed19f68507540eed9e1bab8b00f00d8ca09b3f099aae46180e04e3584bd7ca054df"
    "18a1504b89d1d1675d0966c4ae1407be325cdf623cf13ff13e4a28b594d59e3eadbadf6136eee7a59d6a444c9eb4e219"
    "8e8a974f27a39eb63af2c9af3870488b8adaad444674f512133ad80b9220e09158521614f1faadfe8505ef57b7df6813"
    "048603f0dd04f4280177a11380fbfc861dbcbd7418d62155248dad5fdec0991f",
    16,
)
MESSAGE = bytes.fromhex(
    "8f3dc6fb8c4a02f4d6352edf0907822c1210a9b32f9bdda4c45a698c80023aa6b59f8cfec5fdbb36331372ebefedae7d"
)
SALT = bytes.fromhex("051722b35f458781397c3a671a7d3bd3096503940e4c4f1aaa269d60300ce449555cd7340100df9d46944c5356825abf")
BLINDED = (
    "10c166c6a711e81c46f45b18e5873cc4f494f003180dd7f115585d871a289302",
    "51837daa78f23e532156296b64352669c94a8a855acf30533d8e0594ace7c442",
)
BLIND_SIGNATURE = (
    "364f6a40dbfbc3bbb257943337eeff791a0f290898a6791283bba581d9eac90a",
    "40eda03382548a34a7110f9b1779bf3ef6011361611e6bc5c0dc851e1509de1a",
)
SIGNATURE = (
    "6fef8bf9bc182cd8cf7ce45c7dcf0e6f3e518ae48f06f3c670c649ac737a8b81",
    "a39001c5856fab36228f5ee2f2e1110811872fe7c865c42ed59029c706195d52",
)
KEY = bs.SecretKey(P, Q)
FACTOR = pow(INVERSE, -1, KEY.public.modulus)


def ends(content: bytes) -> tuple[str, str]:
    return content.hex()[:64], content.hex()[-64:]


def test_the_vector_of_the_standard_comes_out():
    blinded = bs.blind(MESSAGE, KEY.public, factor=FACTOR, salt=SALT)
    blind_signature = bs.sign(blinded, KEY)
    signature = bs.unblind(MESSAGE, blind_signature, KEY.public, factor=FACTOR)

    assert ends(blinded) == BLINDED
    assert ends(blind_signature) == BLIND_SIGNATURE
    assert ends(signature) == SIGNATURE
    assert bs.is_signed(MESSAGE, signature, KEY.public)


def test_any_change_of_a_signature_or_token_is_refused():
    signature = bs.unblind(
        MESSAGE, bs.sign(bs.blind(MESSAGE, KEY.public, factor=FACTOR, salt=SALT), KEY), KEY.public, factor=FACTOR
    )

    assert not bs.is_signed(MESSAGE + b"x", signature, KEY.public)
    assert not bs.is_signed(MESSAGE, signature[:-1], KEY.public)
    assert not bs.is_signed(MESSAGE, bytes(len(signature)), KEY.public)
    assert not bs.is_signed(MESSAGE, b"\xff" * len(signature), KEY.public)
    for place in range(0, len(signature), 37):
        changed = bytearray(signature)
        changed[place] ^= 1
        assert not bs.is_signed(MESSAGE, bytes(changed), KEY.public)


def test_what_the_office_saw_fits_every_token_equally():
    """For any token and any blinded message there is a factor that joins them: the office learns nothing."""
    blinded = bs.blind(MESSAGE, KEY.public, factor=FACTOR, salt=SALT)
    other = hashlib.sha384(b"another token").digest()
    encoded = int.from_bytes(bs._encode(other, KEY.public.modulus.bit_length() - 1, SALT), "big")
    ratio = int.from_bytes(blinded, "big") * pow(encoded, -1, KEY.public.modulus) % KEY.public.modulus
    factor = int.from_bytes(bs.sign(ratio.to_bytes(512, "big"), KEY), "big")

    assert bs.blind(other, KEY.public, factor=factor, salt=SALT) == blinded


def test_values_outside_the_protocol_are_refused():
    with pytest.raises(bs.BlindSignatureError, match="salt has 3 bytes"):
        bs.blind(MESSAGE, KEY.public, factor=FACTOR, salt=b"abc")
    for factor in (0, 1, P, KEY.public.modulus + 2):
        with pytest.raises(bs.BlindSignatureError, match="Draw another"):
            bs.blind(MESSAGE, KEY.public, factor=factor, salt=SALT)
    with pytest.raises(bs.BlindSignatureError, match="does not fit"):
        bs.sign(b"\xff" * 512, KEY)
    with pytest.raises(bs.BlindSignatureError, match="does not fit"):
        bs.unblind(MESSAGE, b"short", KEY.public, factor=FACTOR)
    with pytest.raises(bs.BlindSignatureError, match="signed something else"):
        bs.unblind(MESSAGE, bs.sign((5).to_bytes(512, "big"), KEY), KEY.public, factor=FACTOR)
    with pytest.raises(bs.BlindSignatureError, match="too short"):
        bs.blind(MESSAGE, bs.PublicKey(1009 * 1013, 17), factor=5, salt=SALT)
    assert not bs.is_signed(MESSAGE, b"\x01\x02", bs.PublicKey(33023, 17))


def test_a_damaged_key_hands_nothing_out():
    with pytest.raises(bs.BlindSignatureError, match="damaged"):
        bs.sign((5).to_bytes(512, "big"), bs.SecretKey(P, Q + 2))
