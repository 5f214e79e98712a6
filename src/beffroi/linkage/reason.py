"""Say why two records are held for one, or not: a sentence, and each piece of evidence in bits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.linkage.pair import ON_NAMES, metres_apart
from beffroi.linkage.place import commune_name

if TYPE_CHECKING:
    from beffroi.linkage.model import Linear
    from beffroi.linkage.pair import Compared
    from beffroi.linkage.record import Tidy

_SHOWN = 4
_LEAST_SHOWN = 0.3
_METRES_TO = 1_000  # farther, kilometres say it better


@dataclass(frozen=True, slots=True)
class Evidence:
    """One observation and how many bits it speaks for (or, below 0, against) one organisation."""

    feature: str
    words: str
    bits: float


def evidence(left: Tidy, right: Tidy, compared: Compared, model: Linear) -> tuple[Evidence, ...]:
    """Return all evidence of a pair, the heaviest first; figures on the words of the name are one piece.

    The bits add up to the log-odds of the pair, its bias (what holds before any evidence) left out.
    """
    bits = model.evidence_bits(compared.figures)
    name = sum(bits.pop(one, 0.0) for one in ON_NAMES)
    found = [Evidence("name", _name_words(compared), name)]
    found += [
        Evidence(one, _by_points(one, left, right) or _words(one, left, right), value) for one, value in bits.items()
    ]
    return tuple(sorted(found, key=lambda each: (-abs(each.bits), each.feature)))


def sentence(found: tuple[Evidence, ...], *, more: str = "") -> str:
    """Return the heaviest evidence as one sentence.

    >>> sentence((Evidence("name", "same name", 9.14), Evidence("other_department", "département 75 / 92", -2.3)))
    'same name (+9.1 bits); département 75 / 92 (−2.3 bits)'
    """
    parts = [f"{one.words} ({_signed(one.bits)} bits)" for one in found if abs(one.bits) >= _LEAST_SHOWN][:_SHOWN]
    return "; ".join([*parts, *([more] if more else [])])


def bits_of(probability: float) -> float:
    """Return the log-odds of a probability in bits, held within ±40.

    >>> bits_of(0.5), bits_of(1.0)
    (0.0, 40.0)
    """
    least = 2.0**-40
    kept = min(max(probability, least), 1 - least)
    return round(math.log2(kept / (1 - kept)), 6)


def _signed(bits: float) -> str:
    return f"{bits:+.1f}".replace("-", "−")


def _name_words(compared: Compared) -> str:
    if compared["same_core"]:
        return f"same name '{compared.left_name.text.strip()}'"
    shared = " ".join(one.left for one in compared.alignment.matches)
    typos = [f"{one.left}/{one.right}" for one in compared.alignment.matches if one.quality < 1]
    parts = [f"names share '{shared}'" if shared else "names share no word"]
    parts += [f"written {', '.join(typos)}"] if typos else []
    alone = [" ".join(words) for words in (compared.alignment.left_only, compared.alignment.right_only) if words]
    parts += [f"not '{' / '.join(alone)}'"] if alone else []
    return ", ".join(parts)


def _words(feature: str, left: Tidy, right: Tidy) -> str:
    return {
        "same_commune": f"same commune '{_city(left) or _city(right)}'",
        "other_commune": f"commune '{_city(left)}' / '{_city(right)}'",
        "other_department": f"département {left.department} / {right.department}",
        "same_postcode": f"same post code {left.postcode}",
        "same_street": f"same street '{left.street}'",
        "same_domain": f"same web domain {left.domain}",
        "same_brand_domain": f"web domains {left.domain} / {right.domain}",
        "other_domain": f"web domain {left.domain} / {right.domain}",
        "same_phone": f"same telephone {left.phone}",
        "domain_is_name": f"web domain {left.domain or right.domain} is the name",
        "homonyms_elsewhere": "the name stands in several communes",
        "closed": "closed according to the register",
        "list_profile": "kind of unit that this list holds",
    }[feature]


def _city(one: Tidy) -> str:
    return one.record.city.strip() or commune_name(one.record.commune_code)


def _by_points(feature: str, left: Tidy, right: Tidy) -> str:
    """Say how far apart two records are where that is what the figure rests on; nothing where it is not."""
    metres = metres_apart(left, right)
    communes = bool(left.commune and right.commune)
    rests = {
        "same_commune": ("as in one commune", not communes),
        "other_commune": ("as in two communes", not communes),
        "other_department": ("as in two départements", not (left.department and right.department)),
        "same_street": ("as at one address", not left.street or left.street != right.street),
    }
    so, by_points = rests.get(feature, ("", False))
    if metres is None or not by_points:
        return ""
    apart = f"{metres:.0f} m" if metres < _METRES_TO else f"{metres / 1000:.0f} km"
    return f"points {apart} apart, {so}"
