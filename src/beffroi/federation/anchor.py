"""Anchor the lists in a register too large to be taken in: only the units that members may be become rows of it.

Every standing row of a list is looked up in an index of the register. The units proposed for some row, and those kept
since last time, are taken in as a new version of the register's source. So the rest of the registry works as with a
small register: doubtful pairs are reviewed, values have their origin, and what a later month says of a unit (closed,
moved, renamed, gone) opens a task.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from beffroi.federation.import_members import import_list, standing
from beffroi.federation.import_plan import Given
from beffroi.federation.propose_links import CELLS, rows_by_source, said
from beffroi.linkage.record import Record, Tidy, tidy
from beffroi.linkage.seek import link_index
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from beffroi.federation.import_plan import Report
    from beffroi.federation.propose import Offered, Proposed, Reference
    from beffroi.linkage.judge import Judgement
    from beffroi.linkage.seek import Index

ID, SEEKERS = "id", "sought_for"
MAPPING = {"own_id": ID, "siren": "siren", **{ours: ours for ours in CELLS}}
HEADER = (ID, "siren", *CELLS, SEEKERS)


@dataclass(frozen=True, slots=True)
class Register:
    """A register to anchor lists in.

    Attributes:
        source: its name in the registry, the same each month.
        file_name: the file that was indexed.
        as_of: day of its figures.
        index: the units, found by words, place and SIREN.
    """

    source: str
    file_name: str
    as_of: date
    index: Index


@dataclass(slots=True)
class _Found:
    """Units by id, and what linkage says of them."""

    units: dict[str, Tidy] = field(default_factory=dict)
    seekers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    judgements: list[tuple[dict[Reference, Tidy], Judgement]] = field(default_factory=list)


def rows_to_look_up() -> int:
    """Return how many rows `anchor` looks up: what a progress bar is measured by."""
    return sum(one.kind == "list" for one in standing())


def anchor(
    register: Register, *, by: str, at: datetime, dry_run: bool = False, persons: str = "leave_out", reason: str = "",
    step: Callable[[], object] = lambda: None,
) -> Report:  # fmt: skip
    """Look every row of every list up in a register and take in the units that they may be.

    Args:
        register: where to look.
        by: who asks.
        at: when.
        dry_run: do everything, then take it back and report it.
        persons: units that seem to name natural persons: `leave_out` (nothing of them is stored), `keep` or `ask`.
        reason: why, shown in the log.
        step: called after each row looked up.

    Returns:
        As `import_list`: the same register over the same lists again writes nothing.

    Raises:
        UsageError: no list stands, or the source is known as a list.
        ImportRefusedError: units name natural persons and `persons` is `ask`.
    """
    offered = standing()
    if not any(one.kind == "list" for one in offered):
        raise UsageError(Text(
            "Aucune liste n’est au registre : rien à chercher. Importez d’abord une liste.",
            "No list stands in the registry, so there is nothing to anchor. Import a list first."))  # fmt: skip
    found = _seek(register, offered, step)
    rows = [_row(number, found) for number in sorted(found.units)]
    given = Given(register.source, rows, MAPPING, register.file_name, _csv(rows), register.as_of, "register")

    def propose(fresh: Sequence[Offered], others: Sequence[Offered]) -> list[Proposed]:
        return list(_proposed(register.source, found, fresh, others))

    return import_list(given, by=by, at=at, dry_run=dry_run, persons=persons, faulty="leave_out", propose=propose,
                       reason=reason)  # fmt: skip


def _seek(register: Register, offered: Sequence[Offered], step: Callable[[], object]) -> _Found:
    found = _Found()
    rows, kinds = rows_by_source(offered)
    for source, held in rows.items():
        if kinds[source] == "list":
            references = {one.id: reference for reference, one in held.items()}
            for one in link_index(list(held.values()), register.index, source=register.source, step=step):
                unit = _number(one.right)
                found.units[unit] = one.right
                found.seekers[unit].add(":".join(references[one.left.id]))
                found.judgements.append((held, one))
    for known in offered:
        if known.reference[0] == register.source:
            _keep(register, known.fields, found)
    return found


def _keep(register: Register, fields: Mapping[str, str], found: _Found) -> None:
    """A unit that stands stays, as the register has it now; one that the register has no longer is gone."""
    number, siren = fields.get("own_id", ""), fields.get("siren", "").rpartition(":")[2]
    if number in found.units or not siren:
        return
    for cells in register.index.by_siren(siren):
        unit = tidy(Record(**{**cells, "source": register.source, "row": int(cells["row"])}))  # type: ignore[arg-type]  # -- cells are a record's own
        if _number(unit) == number:
            found.units[number] = unit


def _number(unit: Tidy) -> str:
    return unit.record.key or unit.siret or unit.siren or str(unit.record.row)


def _row(number: str, found: _Found) -> dict[str, str]:
    unit = found.units[number]
    cells = {ours: getattr(unit.record, theirs) for ours, theirs in CELLS.items()}
    return {ID: number, "siren": unit.siren, **cells, SEEKERS: "; ".join(sorted(found.seekers[number]))}


def _csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    page = csv.DictWriter(text, HEADER)
    page.writeheader()
    page.writerows(rows)
    return text.getvalue().encode()


def _proposed(source: str, found: _Found, fresh: Sequence[Offered], others: Sequence[Offered]) -> Iterator[Proposed]:
    """Judgements about units that are new, changed, or sought for by other rows than before."""
    news = {one.reference for one in fresh}
    units = {one.fields.get("own_id", ""): one.reference for one in (*others, *fresh) if one.reference[0] == source}
    for held, one in found.judgements:
        reference = units.get(_number(one.right))
        if reference in news:
            yield from said({**held, reference: one.right}, [one], "linkage-register")
