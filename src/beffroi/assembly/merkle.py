"""One fingerprint for a whole urn, and a short proof that a ballot lies in it.

The tree of Certificate Transparency: leaves and inner nodes are hashed with different first bytes, so that a node can
never pass for a ballot.

Source: RFC 9162 (Certificate Transparency Version 2.0), sections 2.1.1 and 2.1.3; same tree as RFC 6962.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of one leaf, 32 bytes.

    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return hashlib.sha256(b"\0" + leaf).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root of the tree over the leaves in their order; of no leaf, the hash of nothing.

    >>> root([b"a", b"b"]) == root([b"b", b"a"])
    False
    """
    return _root([leaf_hash(leaf) for leaf in leaves])


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the hashes that lead from a leaf to the root, from the leaf up.

    Raises:
        IndexError: there is no leaf with that index.

    >>> len(inclusion_proof([b"a", b"b", b"c"], 2))
    1
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"There is no leaf {index} among {len(leaves)}.")
    return _proof([leaf_hash(leaf) for leaf in leaves], index)


def is_included(leaf: bytes, proof: Sequence[bytes], *, index: int, size: int, root_hash: bytes) -> bool:
    """Tell whether the proof leads from the leaf to the root of a tree of `size` leaves.

    Source: RFC 9162, section 2.1.3.2.

    >>> leaves = [b"a", b"b", b"c"]
    >>> is_included(b"c", inclusion_proof(leaves, 2), index=2, size=3, root_hash=root(leaves))
    True
    """
    if not 0 <= index < size:
        return False
    place, last, hashed = index, size - 1, leaf_hash(leaf)
    for one in proof:
        if last == 0:
            return False
        if place % 2 or place == last:
            hashed = _node(one, hashed)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            hashed = _node(hashed, one)
        place, last = place // 2, last // 2
    return last == 0 and hashed == root_hash


def _root(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    cut = _cut(len(hashes))
    return _node(_root(hashes[:cut]), _root(hashes[cut:]))


def _proof(hashes: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    if len(hashes) == 1:
        return ()
    cut = _cut(len(hashes))
    if index < cut:
        return (*_proof(hashes[:cut], index), _root(hashes[cut:]))
    return (*_proof(hashes[cut:], index - cut), _root(hashes[:cut]))


def _cut(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()
