"""What counts as "digital": named, versioned lists of activities, in both revisions, with the break between them shown.

The choice of a perimeter moves a figure more than any sampling: 57,141 or 117,330 jobs in one region. So each figure
names its perimeter, and a perimeter is a file (`perimeters/*.yaml`), checked when it is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Literal

from beffroi.catalogue.activity_codes import NACE_2, NACE_2_1, REVISIONS, read_code
from beffroi.catalogue.faults import Faults, resembling
from beffroi.catalogue.nodes import Fields, compose
from beffroi.catalogue.read_plain import check_id
from beffroi.vocabulary.errors import CatalogueError, UnknownDefinitionError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from beffroi.vocabulary.text import Text

BreakKind = Literal["merged", "moved", "split", "lost", "gained"]
BREAK_KINDS: tuple[BreakKind, ...] = ("merged", "moved", "split", "lost", "gained")


@dataclass(frozen=True, slots=True)
class Break:
    """What becomes of some activities from NACE Rev. 2 to 2.1.

    `merged`: several codes become one, all inside; `moved`: another code, still inside; `split`: part of them leaves;
    `lost`, `gained`: they leave or enter whole, because the new code cannot be divided. A series goes on over `merged`
    and `moved` alone.
    """

    from_codes: tuple[str, ...]
    to_codes: tuple[str, ...]
    kind: BreakKind
    note: Text


@dataclass(frozen=True, slots=True)
class Perimeter:
    """A named and versioned list of activities. `codes` are prefixes, by revision (`nace_2`, `nace_2_1`)."""

    id: str
    version: str
    name: Text
    definition: Text
    source: str
    codes: Mapping[str, tuple[str, ...]]
    breaks: tuple[Break, ...]

    @property
    def is_broken(self) -> bool:
        """Whether a series over both revisions changes its content."""
        return any(one.kind in {"split", "lost", "gained"} for one in self.breaks)

    def matches(self, code: str, revision: str) -> bool:
        """Whether an activity is inside.

        Args:
            code: as publishers write it: `62`, `62.01Z`, `6201Z`, `J62`, `J62_63` …
            revision: `nace_2`, `naf_2` (NAF rév. 2), `nace_2_1` or `naf_2025`. The same digits mean other things in
                another revision: 63.91 were news agencies and are now search portals.

        Raises:
            UsageError: the code does not exist, or is so coarse that a part of it is inside and a part outside.

        >>> digital = load_perimeters()["oecd_ict_sector"]
        >>> digital.matches("62.01Z", "naf_2"), digital.matches("63.91", "nace_2"), digital.matches("63.91", "nace_2_1")
        (True, False, True)
        """
        given = read_code(code, revision)
        held = [one.replace(".", "") for one in self.codes[given.revision]]
        verdicts = {_verdict(digits, held) for digits in given.digits}
        if len(verdicts) > 1 or verdicts == {None}:
            parts = [one for one in self.codes[given.revision] if one.replace(".", "").startswith(given.digits)]
            raise UsageError(
                f"'{code}' lies partly inside the perimeter '{self.id}' ({', '.join(parts)}) and partly outside; "
                "expected a code that lies on one side. Take figures by finer codes, or another perimeter."
            )
        return verdicts == {True}


def _verdict(digits: str, held: list[str]) -> bool | None:
    """Inside, outside, or (None) partly both."""
    if any(digits.startswith(one) for one in held):
        return True
    return None if any(one.startswith(digits) for one in held) else False


def load_perimeters(extra: Path | None = None) -> dict[str, Perimeter]:
    """Read the perimeters of the house, and over them the users' own.

    Args:
        extra: a folder with `perimeters/*.yaml`; a file of the same name replaces ours.

    Returns:
        Perimeters by id, sorted.

    Raises:
        CatalogueError: every fault of every file, each as `file:line: given, expected, remedy`.

    >>> sorted(load_perimeters())
    ['eurostat_proxy', 'oecd_ict_and_content', 'oecd_ict_sector', 'software_and_services']
    """
    faults = Faults()
    files = {}
    for shown, root in (("catalogue", resources.files("beffroi.catalogue")), (str(extra), extra)):
        place = root.joinpath("perimeters") if root else None
        for file in place.iterdir() if place and place.is_dir() else ():
            if file.name.endswith(".yaml"):
                files[file.name] = f"{shown}/perimeters/{file.name}", file.read_text(encoding="utf-8")
    found = {}
    for name, (path, text) in sorted(files.items()):
        fields = compose(path, text, faults)
        if fields is not None:
            check_id(fields, name.removesuffix(".yaml"))
            found[name.removesuffix(".yaml")] = _perimeter(fields)
    if faults.found:
        raise CatalogueError("\n".join(faults.found))
    return found


def load_perimeter(perimeter_id: str, extra: Path | None = None) -> Perimeter:
    """Return one perimeter; hyphens may stand for underscores.

    Raises:
        UnknownDefinitionError: no such perimeter.
        CatalogueError: as `load_perimeters`.

    >>> load_perimeter("oecd-ict-sector").version
    '2007'
    """
    known = load_perimeters(extra)
    wanted = perimeter_id.replace("-", "_")
    if wanted not in known:
        raise UnknownDefinitionError(f"Perimeter '{perimeter_id}' is not here; {resembling(wanted, known)}")
    return known[wanted]


def _perimeter(fields: Fields) -> Perimeter:
    made = Perimeter(
        id=fields.string("id"),
        version=fields.string("version"),
        name=fields.text("name"),
        definition=fields.text("definition"),
        source=fields.string("source"),
        codes=_codes(fields),
        breaks=tuple(_break(one) for one in fields.each("breaks", default=())),
    )
    fields.done()
    return made


def _codes(fields: Fields) -> dict[str, tuple[str, ...]]:
    below = fields.below("codes")
    if below is None:
        return dict.fromkeys(REVISIONS, ())
    found = {revision: _list(below, revision, revision) for revision in REVISIONS}
    below.done()
    return found


def _list(fields: Fields, key: str, revision: str) -> tuple[str, ...]:
    """Codes of a list that exist, each once and none inside another."""
    given = fields.strings(key)
    kept: list[str] = []
    for code, line in given:
        fault = _fault(code, revision, kept)
        if fault:
            fields.faults.add(fields.path, line, fault)
        else:
            kept.append(code)
    if fields.has(key) and not given:
        fields.fault(key, f"'{key}' lists no code; expected one at least; add it.")
    return tuple(kept)


def _fault(code: str, revision: str, before: list[str]) -> str:
    try:
        digits = read_code(code, revision).digits
    except UsageError as error:
        return str(error)
    if len(digits) > 1 or code != _written(digits[0]):
        return f"'{code}' is not written as a code; expected digits such as 62 or 62.01; write '{_written(digits[0])}'."
    for other in before:
        one, two = other.replace(".", ""), digits[0]
        if one.startswith(two) or two.startswith(one):
            return f"'{code}' and '{other}' hold each other; expected each activity once; remove one."
    return ""


def _written(digits: str) -> str:
    return f"{digits[:2]}.{digits[2:]}" if digits[2:] else digits


def _break(fields: Fields) -> Break:
    made = Break(
        from_codes=_list(fields, "from", NACE_2),
        to_codes=_list(fields, "to", NACE_2_1),
        kind=fields.choice("kind", BREAK_KINDS),
        note=fields.text("note"),
    )
    fields.done()
    return made
