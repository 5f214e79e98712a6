"""What two names have in common, as figures that a model can weigh."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz.distance import OSA, JaroWinkler

from beffroi.linkage.align import Alignment, align
from beffroi.linkage.countries import COUNTRY_WORDS
from beffroi.linkage.legal_forms import conflict

if TYPE_CHECKING:
    from beffroi.linkage.names import Name
    from beffroi.linkage.rarity import Rarity

NAME_FEATURES = (
    "same_core",
    "shared_share",
    "replaced_share",
    "added_share",
    "typo_share",
    "glued_likeness",
    "forms_conflict",
    "numbers_conflict",
    "typos",
    "country_only",
)


def name_features(left: Name, right: Name, rarity: Rarity) -> tuple[np.ndarray, Alignment]:
    """Describe a pair of names by figures between 0 and 1, the same for (a, b) and (b, a).

    Returns:
        One figure for each of `NAME_FEATURES`, and the alignment they were read from. `replaced` words stand on both
        sides without a partner, `added` words on one side only; both are shares of all bits of the longer name.

    >>> from beffroi.linkage.names import read_name
    >>> from beffroi.linkage.rarity import Rarity
    >>> figures, _ = name_features(read_name("Talend SA"), read_name("TALEND"), Rarity())
    >>> figures[:4].tolist()
    [1.0, 1.0, 0.0, 0.0]
    """
    found = align(left.tokens, right.tokens, rarity)
    shared = found.shared_bits + found.typo_bits
    whole = max(shared + max(found.left_bits, found.right_bits), 1e-9)
    same = bool(left.squashed) and left.squashed == right.squashed
    return np.array(
        [
            float(same),
            1.0 if same else found.shared_bits / whole,
            0.0 if same else min(found.left_bits, found.right_bits) / whole,
            0.0 if same else abs(found.left_bits - found.right_bits) / whole,
            0.0 if same else found.typo_bits / whole,
            max(
                OSA.normalized_similarity(left.squashed, right.squashed),
                JaroWinkler.normalized_similarity(left.squashed, right.squashed) ** 2,
            ),
            float(conflict(left.forms, right.forms)),
            float(left.numbers != right.numbers),
            0.0 if same else min(1.0, sum(one.quality < 1 for one in found.matches) / 3),
            float(bool((set(found.left_only) | set(found.right_only)) & COUNTRY_WORDS)),
        ]
    ), found
