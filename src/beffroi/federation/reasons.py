"""Read the sentence of a judgement back into its pieces: what was seen, and how many bits it is worth.

Linkage writes one sentence for each judgement, in English, heaviest evidence first (`linkage.reason`). Its forms are
few and fixed, so that doors can say each piece in the reader's language and draw its bits; words of a person stay as
they were written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BITS = re.compile(r"(.+?) \(([+−-]\d+\.\d) bits\)(?:; |$)", re.DOTALL)
_FORMS: dict[str, str] = {
    "same_name": r"same name '(.*)'",
    "same_commune": r"same commune '(.*)'",
    "other_commune": r"commune '(.*)' / '(.*)'",
    "other_department": r"département (\S*) / (\S*)",
    "same_postcode": r"same post code (\S*)",
    "same_street": r"same street '(.*)'",
    "points_one_commune": r"points (\d+ k?m) apart, as in one commune",
    "points_two_communes": r"points (\d+ k?m) apart, as in two communes",
    "points_two_departments": r"points (\d+ k?m) apart, as in two départements",
    "points_one_address": r"points (\d+ k?m) apart, as at one address",
    "same_domain": r"same web domain (\S+)",
    "same_brand_domain": r"web domains (\S+) / (\S+)",
    "domain_is_name": r"web domain (\S+) is the name",
    "other_domain": r"web domain (\S+) / (\S+)",
    "same_phone": r"same telephone (\S+)",
    "homonyms_elsewhere": r"the name stands in several communes",
    "closed": r"closed according to the register",
    "list_profile": r"kind of unit that this list holds",
    "same_siren": r"same SIREN (\S+)",
    "no_name": r"one of them has no name",
    "two_units": r"two legal units, SIREN (\S+) / (\S+)",
    "other_siren": r"SIREN (\S+) is not that of the unit",
    "part_of": r"'(.*)' names a part or a sister of it",
    "one_site_own_words": r"one web site, each with words of its own",
    "one_site_two_names": r"one web site, two names",
    "another_fits": r"another row fits better",
    "homonym": r"the name may be another's \(chance (\S+)\)",
    "alone": r"no other candidate",
    "next_candidate": r"the next candidate has (\S+), none of them (\S+)",
    "states_unit": r"The row states legal unit (\S+)\.",
    "states_other_unit": r"The list now states legal unit (\S+), where it stated (.+)\.",
    "person": r"A person decided\.",
    "register_says": r"The register says: (\w+)\.",
    # The words of a name: shared, written with a slip, and standing in one of them alone.
    "name_words": r"names share (?:'(.*?)'|no word)(?:, written (.*?))?(?:, not '(.*)')?",
}
_READ = {kind: re.compile(form, re.DOTALL) for kind, form in _FORMS.items()}
_ENDINGS = {kind: re.compile(rf"(?:^|; )({_FORMS[kind]})$") for kind in ("another_fits", "homonym")}


@dataclass(frozen=True, slots=True)
class Piece:
    """What was seen: its kind, the facts it names, its bits (None where it decides alone), and the text as written.

    `kind` is empty for words that are not linkage's own, such as a person's.
    """

    kind: str
    facts: tuple[str, ...]
    bits: float | None
    text: str


def read_reason(sentence: str) -> tuple[Piece, ...]:
    """Return the pieces of a sentence in its order.

    >>> [(one.kind, one.facts, one.bits) for one in read_reason("same name 'Edit' (+9.1 bits); no other candidate")]
    [('same_name', ('Edit',), 9.1), ('alone', (), None)]
    >>> read_reason("They share a door.")[0].kind
    ''
    """
    found, at = [], 0
    for match in _BITS.finditer(sentence):
        found.append(_piece(match[1], float(match[2].replace("−", "-"))))
        at = match.end()
    rest = sentence[at:]
    tail = []
    for ending in _ENDINGS.values():
        last = ending.search(rest)
        if last:
            tail = [_piece(last[1], None)]
            rest = rest[: last.start()]
    return (*found, *([_piece(rest, None)] if rest else []), *tail)


def shown_bits(pieces: tuple[Piece, ...]) -> float:
    """Return what the pieces named in a sentence add up to, in bits."""
    return round(sum(one.bits for one in pieces if one.bits is not None), 1)


def _piece(text: str, bits: float | None) -> Piece:
    for kind, form in _READ.items():
        match = form.fullmatch(text)
        if match:
            return Piece(kind, tuple(part or "" for part in match.groups()), bits, text)
    return Piece("", (), bits, text)
