"""Signing keys of secret votes: made for one vote, kept in a file that only its owner reads, destroyed at the close.

Never in the database, so that a copy of it cannot sign. What trust remains is in docs/explanation/ballots.md.
"""

from __future__ import annotations

import json
import os
import secrets
from typing import TYPE_CHECKING

from beffroi.assembly.blind_signature import SecretKey
from beffroi.assembly.rsa_key import BITS, new_key
from beffroi.vocabulary.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from beffroi.assembly.blind_signature import PublicKey

FOLDER = "vote-keys"
KEY_BITS = BITS


def make_keys(classes: Collection[str]) -> dict[str, SecretKey]:
    """Draw a key for each class; one or two seconds each."""
    return {name: new_key(secrets.randbits, bits=KEY_BITS) for name in sorted(classes)}


def keep(home: Path, vote_id: str, keys: Mapping[str, SecretKey]) -> None:
    """Write the keys of a vote, readable by their owner only.

    Raises:
        StoreError: the folder cannot be written, or there are keys of this vote already.
    """
    path = home / FOLDER / f"{vote_id}.json"
    parts = {name: [f"{one.first_prime:x}", f"{one.second_prime:x}", one.exponent] for name, one in keys.items()}
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(parts, file)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(
            f"The keys of vote {vote_id} cannot be kept in {path.parent} ({error.strerror}); the vote was not opened."
        ) from error


def key_of(home: Path, vote_id: str, class_id: str, public: PublicKey) -> SecretKey:
    """Read the key of a class.

    Raises:
        StoreError: the file is missing or damaged, or holds another key than the one that was frozen.
    """
    path = home / FOLDER / f"{vote_id}.json"
    try:
        first, second, exponent = json.loads(path.read_text("utf-8"))[class_id]
        found = SecretKey(int(first, 16), int(second, 16), int(exponent))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"The key of vote {vote_id} cannot be read from {path}. No token can be given out; ballots that hold one "
            "are still taken. Restore the file from a safe copy."
        ) from error
    if found.public != public:
        raise StoreError(f"The key in {path} is not the one that vote {vote_id} was frozen with.")
    return found


def destroy(home: Path, vote_id: str) -> bool:
    """Overwrite and remove the keys of a vote; tell whether there were any.

    Copies that a file system, a disk or a backup keeps are out of reach.
    """
    path = home / FOLDER / f"{vote_id}.json"
    try:
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return False
    return True
