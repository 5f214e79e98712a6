"""Compare two records: the evidence for and against, each in its own figure.

Words count by their rarity, in units of eight bits, so that a figure means the same in a list of 300 and in a register
of millions. A field that one record lacks says nothing: its figures are 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz.distance import JaroWinkler

from beffroi.linkage.align import Alignment, align, similarity
from beffroi.linkage.countries import COUNTRY_WORDS
from beffroi.linkage.place import metres_between, point_trait

if TYPE_CHECKING:
    from beffroi.linkage.names import Name
    from beffroi.linkage.rarity import Rarity
    from beffroi.linkage.record import Tidy

BITS = 8.0
MOST_BITS = 24.0
_NEAR_COMMUNE = 0.8
_LEAST_PLACE = 4
# Two geocoders put one address up to some tens of metres apart; a commune is a few kilometres wide. Beyond forty two
# points are in two communes, beyond two hundred in two départements.
ONE_ADDRESS, ONE_COMMUNE, TWO_COMMUNES, TWO_DEPARTMENTS = 60.0, 3_000.0, 40_000.0, 200_000.0
_MOST_AT_A_POINT = 4  # records; more stand at the middle of a commune, where what has no address is put
_SOMEWHERE_NEAR = 4.0  # bits: one record of sixteen stands in a large town
# In one order: sums of floats hang on it, and processes that share the work must agree to the last digit.
ON_NAMES = (
    "shared",
    "left_only",
    "right_only",
    "replaced",
    "typo",
    "same_core",
    "likeness",
    "numbers_differ",
    "country_only",
)
ON_PLACES = ("same_commune", "other_commune", "other_department", "same_postcode", "same_street")
ON_CONTACTS = ("same_domain", "same_brand_domain", "other_domain", "same_phone", "domain_is_name")
PAIR_FEATURES = (*ON_NAMES, *ON_PLACES, *ON_CONTACTS, "homonyms_elsewhere", "closed")


@dataclass(frozen=True, slots=True)
class Compared:
    """Two records side by side: the figures, and the names they were read from."""

    figures: np.ndarray
    alignment: Alignment
    left_name: Name
    right_name: Name

    def __getitem__(self, feature: str) -> float:
        """Return one figure by name."""
        return float(self.figures[PAIR_FEATURES.index(feature)])


def compare(left: Tidy, right: Tidy, rarity: Rarity) -> Compared | None:
    """Compare two records on the best pair of their names; None when one of them has no name.

    >>> from beffroi.linkage.rarity import Rarity
    >>> from beffroi.linkage.record import Record, tidy
    >>> a = tidy(Record("a", 1, name="Cedexis", website="http://cedexis.com"))
    >>> b = tidy(Record("b", 1, name="CEDEXIS SAS", website="www.cedexis.fr"))
    >>> found = compare(a, b, Rarity())
    >>> found["same_core"], found["same_brand_domain"], found["other_domain"]
    (1.0, 1.0, 0.0)
    """
    found = [
        (figures, alignment, one, other)
        for one in left.names
        for other in right.names
        for figures, alignment in (_names(one, other, rarity, (left.commune, right.commune)),)
    ]
    if not found:
        return None
    best = found[0] if len(found) == 1 else max(found, key=_fit)
    where = places(left, right, rarity)
    homonyms = where[1] + where[2] > 0 and max(rarity.communes(one.squashed) for one in best[2:]) > 1
    figures = np.concatenate(
        [best[0], where, contacts(left, right), [float(homonyms), float(left.closed or right.closed)]]
    )
    return Compared(figures, *best[1:])


def _fit(each: tuple[np.ndarray, Alignment, Name, Name]) -> tuple[float, float]:
    figures = each[0]
    return figures[0] - figures[1] / 2 - figures[2] / 4 - figures[3], figures[5]


def _names(left: Name, right: Name, rarity: Rarity, communes: tuple[str, str]) -> tuple[np.ndarray, Alignment]:
    found = align(left.tokens, right.tokens, rarity)
    left_bits, right_bits = (
        sum(rarity.bits(word) for word in words if not is_place(word, communes))
        for words in (found.left_only, found.right_only)
    )
    same = bool(left.squashed) and left.squashed == right.squashed
    shared = found.shared_bits + (max(map(rarity.bits, left.tokens)) if same and not found.matches else 0.0)
    return np.array(
        [
            min(shared, MOST_BITS) / BITS,
            0.0 if same else min(left_bits, MOST_BITS) / BITS,
            0.0 if same else min(right_bits, MOST_BITS) / BITS,
            0.0 if same else min(left_bits, right_bits, MOST_BITS) / BITS,
            0.0 if same else found.typo_bits / BITS,
            float(same),
            JaroWinkler.normalized_similarity(left.squashed, right.squashed),
            float(left.numbers != right.numbers),
            float(bool((set(found.left_only) | set(found.right_only)) & COUNTRY_WORDS)),
        ]
    ), found


def is_place(word: str, communes: tuple[str, str]) -> bool:
    """A word that repeats where one of the two is says nothing about its name: `Lycée Alain-Fournier Bourges`."""
    return len(word) >= _LEAST_PLACE and (word in communes[0] or word in communes[1])


def places(left: Tidy, right: Tidy, rarity: Rarity) -> list[float]:
    """Return the figures of `ON_PLACES`. Coordinates say what communes, départements and streets leave unsaid."""
    both = bool(left.commune and right.commune)
    near = both and (
        left.commune == right.commune
        or similarity(left.commune, right.commune) >= _NEAR_COMMUNE
        or left.commune.startswith(right.commune)
        or right.commune.startswith(left.commune)
    )
    other = both and not near
    departments = bool(left.department and right.department)
    elsewhere = departments and left.department != right.department
    street = bool(left.street) and left.street == right.street
    metres = metres_apart(left, right)
    if metres is not None:
        near, other = (near, other) if both else (metres <= ONE_COMMUNE, metres > TWO_COMMUNES)
        elsewhere = elsewhere if departments else metres > TWO_DEPARTMENTS
        street = street or (metres <= ONE_ADDRESS and _are_addresses(left, right, rarity))
    return [
        _bits_of_place(left.commune, right.commune, rarity) / BITS if near else 0.0,
        float(other),
        float(elsewhere),
        float(bool(left.postcode) and left.postcode == right.postcode),
        float(street),
    ]


def metres_apart(left: Tidy, right: Tidy) -> float | None:
    """Return how far apart two records are by their coordinates; None where one has none."""
    return metres_between(left.point, right.point) if left.point and right.point else None


def _are_addresses(left: Tidy, right: Tidy, rarity: Rarity) -> bool:
    """Tell whether few stand at the points of two records; an index that counts no points cannot tell."""
    return 1 <= max(rarity.count(point_trait(one.point)) for one in (left, right) if one.point) <= _MOST_AT_A_POINT


def _bits_of_place(one: str, other: str, rarity: Rarity) -> float:
    known = [rarity.bits(f"@{each}") for each in (one, other) if each]
    return min(known, default=_SOMEWHERE_NEAR)


def contacts(left: Tidy, right: Tidy) -> list[float]:
    """Return the figures of `ON_CONTACTS`."""
    both = bool(left.domain and right.domain)
    same = both and left.domain == right.domain
    brand = both and not same and _brand(left.domain) == _brand(right.domain)
    named = any(
        _brand(one.domain) == name.squashed or one.domain.replace(".", "").replace("-", "") == name.squashed
        for one, other in ((left, right), (right, left))
        if one.domain
        for name in other.names
    )
    return [
        float(same),
        float(brand),
        float(both and not same and not brand),
        float(bool(left.phone) and left.phone == right.phone),
        float(named),
    ]


def _brand(domain: str) -> str:
    """Return the label a firm chose: `ip-label.com` and `iplabel.fr` are one."""
    return domain.partition(".")[0].replace("-", "")
