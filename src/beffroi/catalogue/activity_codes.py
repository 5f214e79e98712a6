"""Codes of economic activities: which revision they belong to, and what a code as publishers write it means."""

from __future__ import annotations

import re
from dataclasses import dataclass

from beffroi.vocabulary.errors import UsageError

NACE_2, NACE_2_1 = "nace_2", "nace_2_1"
REVISIONS = (NACE_2, NACE_2_1)
# A national class begins with the four digits of its NACE class, so each NAF is read like its NACE.
READ_AS = {NACE_2: NACE_2, "naf_2": NACE_2, NACE_2_1: NACE_2_1, "naf_2025": NACE_2_1}

# First and last division of each section. Letters moved: J is 58 to 63 in one revision and 58 to 60 in the other.
SECTIONS = {
    NACE_2: "A01-03 B05-09 C10-33 D35-35 E36-39 F41-43 G45-47 H49-53 I55-56 J58-63 K64-66 L68-68 M69-75 N77-82 O84-84 "
    "P85-85 Q86-88 R90-93 S94-96 T97-98 U99-99",
    NACE_2_1: "A01-03 B05-09 C10-33 D35-35 E36-39 F41-43 G46-47 H49-53 I55-56 J58-60 K61-63 L64-66 M68-68 N69-75 "
    "O77-82 P84-84 Q85-85 R86-88 S90-93 T94-96 U97-98 V99-99",
}
UNUSED = {"04", "34", "40", "44", "48", "54", "57", "67", "76", "83", "89"}

CLASS = 2  # digits after the division, from which on a national letter may follow
RANGE = ("first", "last")

PART = re.compile(r"^(?P<section>[A-V])?(?:(?P<division>\d\d)(?:\.?(?P<rest>\d{1,2}))?(?P<national>[A-Z])?)?$")


def _divisions(revision: str) -> dict[str, tuple[str, ...]]:
    """Divisions by section."""
    found = {}
    for word in SECTIONS[revision].split():
        numbers = range(int(word[1:3]), int(word[4:6]) + 1)
        found[word[0]] = tuple(f"{one:02d}" for one in numbers if f"{one:02d}" not in UNUSED)
    return found


DIVISIONS = {revision: _divisions(revision) for revision in REVISIONS}
SECTION_OF = {
    revision: {division: section for section, held in DIVISIONS[revision].items() for division in held}
    for revision in REVISIONS
}


@dataclass(frozen=True, slots=True)
class ActivityCode:
    """What a code covers: digits without dots, each a division or finer; several for a range or a section."""

    given: str
    revision: str
    digits: tuple[str, ...]


def read_code(code: str, revision: str) -> ActivityCode:
    """Read a code of NACE or NAF as publishers write it.

    `62`, `62.0`, `62.01`, `62.01Z`, `6201Z`, with its section in front (`J62`), a section alone (`J`), or a range of
    divisions (`J62_63`, `J62_J63`, `J58-J63`).

    Args:
        code: the code.
        revision: `nace_2`, `naf_2` (NAF rév. 2), `nace_2_1` or `naf_2025`.

    Raises:
        UsageError: an unknown revision, no such shape, a division that the revision lacks, or one that lies in another
            section of it (J62 is a code of the older revision).

    >>> read_code("62.01Z", "naf_2").digits, read_code("J62_63", "nace_2").digits
    (('6201',), ('62', '63'))
    """
    if revision not in READ_AS:
        raise UsageError(f"'{revision}' is no revision of activities; expected one of {', '.join(READ_AS)}.")
    read_as = READ_AS[revision]
    parts = re.split(r"[-_]", code.strip().upper())
    if len(parts) == 1:
        return ActivityCode(code, read_as, _one(parts[0], code, read_as))
    first, last = (_one(part, code, read_as) for part in (parts[0], parts[-1]))
    ordered = [one for held in DIVISIONS[read_as].values() for one in held]
    if len(parts) > len(RANGE) or first[0] not in ordered or last[-1] not in ordered or first[0] >= last[-1]:
        raise UsageError(f"'{code}' is no range of activities; expected two divisions, the lower first, as in J62_63.")
    return ActivityCode(code, read_as, tuple(one for one in ordered if first[0] <= one <= last[-1]))


def _one(part: str, code: str, revision: str) -> tuple[str, ...]:
    found = PART.match(part)
    section, division = (found["section"], found["division"]) if found else (None, None)
    if not found or not part or (found["national"] and len(found["rest"] or "") != CLASS):
        raise UsageError(f"'{code}' is no code of activities; expected 62, 62.01, 62.01Z, J62 or J62_63.")
    if division is None:
        if section not in DIVISIONS[revision]:
            raise UsageError(f"Section '{section}' is not in {revision}; expected {', '.join(DIVISIONS[revision])}.")
        return DIVISIONS[revision][str(section)]
    home = SECTION_OF[revision].get(division)
    if home is None or (section and section != home):
        said = f"lies in section {home}" if home else "does not exist"
        raise UsageError(
            f"'{code}': division {division} {said} in {revision}; expected a code of that revision. "
            "Sections J to V changed letters between NACE Rev. 2 and 2.1: check which one the figures use."
        )
    return (division + (found["rest"] or ""),)
