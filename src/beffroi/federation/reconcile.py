"""Which organisation of the registry, or unit of a register, a name in somebody's table means: candidates with scores.

An organisation of the registry is judged as linkage judges two lists; a unit of a register is ranked among the units it
competes with, as linkage does for a register. A score is the chance, in per cent, that this is the one; a match is one
that linkage would join without a person. Each query is answered by itself, whatever else was asked with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from beffroi.federation.directory_entries import entries
from beffroi.federation.territory import department_of_postcode
from beffroi.federation.units import legal_unit
from beffroi.linkage.judge import judge
from beffroi.linkage.model import models
from beffroi.linkage.rank import rank
from beffroi.linkage.rarity import Rarity
from beffroi.linkage.reason import evidence
from beffroi.linkage.record import Record, tidy
from beffroi.linkage.retrieve import Candidates
from beffroi.linkage.second_look import look
from beffroi.linkage.seek import sought
from beffroi.linkage.weigh import both_ways
from beffroi.store.register_index import RegisterIndex
from beffroi.vocabulary.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from beffroi.federation.directory_entries import Entry
    from beffroi.linkage.reason import Evidence
    from beffroi.linkage.record import Tidy

ORGANISATION, UNIT = "organisation", "legal_unit"
KINDS = (ORGANISATION, UNIT)
Register = RegisterIndex
PROPERTIES = ("name", "siren", "commune", "department", "trade", "website")
_KEPT = 40
_SURE = 100.0
_CELLS = {"siren": "siren", "commune": "city", "department": "department", "postcode": "postcode",
          "website": "website", "trade": "activity"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entity:
    """An organisation of the registry (`id` is its address) or a unit of a register (`id` is `siren:…`)."""

    id: str
    kind: str
    name: str
    siren: str
    commune: str
    postcode: str
    department: str
    website: str
    trades: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A name to be found, with what else is known of it: `properties` by id (see `PROPERTIES`, and `postcode`)."""

    words: str
    properties: Mapping[str, str] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset(KINDS)
    limit: int = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate: its score, 0 to 100, whether linkage would join it by itself, and its evidence in bits."""

    entity: Entity
    score: float
    is_match: bool
    bits: tuple[tuple[str, float], ...]


def find(asked: Asked, *, day: date, sees_all: bool, register: RegisterIndex | None = None) -> list[Candidate]:
    """Return the candidates of one query, the best first.

    Args:
        asked: the query.
        day: of the registry.
        sees_all: an officer asks; visitors are given organisations that agreed to be shown.
        register: an index of a register's units, if there is one.
    """
    room = _room(entries(day), sees_all=sees_all)
    row = _row(asked)
    exact = _by_number(asked, row, room, register)
    if exact:
        return [Candidate(exact, _SURE, is_match=True, bits=())]
    if not row.names:
        return []
    found = _organisations(row, room) if ORGANISATION in asked.kinds else []
    if UNIT in asked.kinds and register is not None:
        known = {one.siren for one in room.entities} - {""}
        found += [one for one in _units(row, register) if one.entity.siren not in known]
    found.sort(key=lambda one: (-one.score, one.entity.id))
    # Two that linkage would join are one too many: a person chooses.
    several = sum(one.is_match for one in found) > 1
    return [replace(one, is_match=one.is_match and not several) for one in found[: asked.limit]]


def _organisations(row: Tidy, room: _Room) -> list[Candidate]:
    """Judge the row as linkage judges two lists, pair by pair."""
    trained = models()["lists"]
    found = []
    for place in room.index.of(row, kept=_KEPT):
        compared = both_ways(row, room.rows[place], room.rarity)
        one = judge(row, room.rows[place], compared, model=trained.final, bands=trained)
        found.append(_candidate(room.entities[place], one.probability, one.decision == "automatic", one.evidence))
    return found


def _units(row: Tidy, register: RegisterIndex) -> list[Candidate]:
    """Rank the row's candidates in a register: they and "none of them" share the whole chance."""
    held = [_of_cells(cells) for cells in sought(row, register, kept=_KEPT)]
    if not held:
        return []
    rarity = Rarity.counted(register.count, register.size)
    trained = models()["register"]
    ranked = rank([row], [[unit for unit, _ in held]], rarity=rarity, model=trained.final)[0]
    entities = {unit.id: one for unit, one in held}
    found = []
    for place, choice in enumerate(ranked.choices):
        is_other = bool(row.siren and choice.unit.siren and row.siren != choice.unit.siren)
        weighed = evidence(row, choice.unit, replace(choice.compared, figures=choice.figures), trained.final)
        likeliest = place == 0 and choice.probability >= trained.automatic and not is_other
        is_sure = likeliest and look(row, choice.unit, rarity).holds
        found.append(_candidate(entities[choice.unit.id], choice.probability, is_sure, weighed))
    return found


def _candidate(one: Entity, chance: float, is_match: bool, weighed: Sequence[Evidence]) -> Candidate:  # noqa: FBT001 -- values of one row
    return Candidate(
        one, round(100 * chance, 2), is_match, tuple((each.feature, round(each.bits, 2)) for each in weighed)
    )


def entity(identifier: str, *, day: date, sees_all: bool, register: RegisterIndex | None = None) -> Entity | None:
    """Return an entity by its id; None when there is none that may be shown."""
    room = _room(entries(day), sees_all=sees_all)
    found = room.by_id.get(identifier)
    if found is None and register is not None and identifier.startswith("siren:"):
        cells = register.by_siren(identifier.removeprefix("siren:"))
        found = _of_cells(cells[0])[1] if cells else None
    return found


def open_register(folder: Path) -> RegisterIndex | None:
    """Open the index of a register that this house holds; None when there is none that can be opened."""
    if not folder.is_dir():
        return None
    return _opened(folder, folder.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _opened(folder: Path, written_at: int) -> RegisterIndex | None:  # noqa: ARG001 -- an index built anew is opened anew
    try:
        return RegisterIndex(folder)
    except StoreError:
        return None


@dataclass(frozen=True, slots=True)
class _Room:
    """The visible organisations, ready to be searched."""

    held: tuple[Entry, ...]
    entities: list[Entity]
    rows: list[Tidy]
    index: Candidates
    rarity: Rarity
    by_id: dict[str, Entity]
    by_siren: dict[str, Entity]


_rooms: dict[bool, _Room] = {}


def _room(held: tuple[Entry, ...], *, sees_all: bool) -> _Room:
    known = _rooms.get(sees_all)
    if known is None or known.held is not held:
        visible = [one for one in held if sees_all or (one.lists and one.is_public)]
        rows = [_tidy(number, one) for number, one in enumerate(visible, start=1)]
        found = [_entity(one) for one in visible]
        known = _rooms[sees_all] = _Room(
            held, found, rows, Candidates(rows), Rarity.of_lists(rows), {one.id: one for one in found},
            {one.siren: one for one in found if one.siren},
        )  # fmt: skip
    return known


def _entity(one: Entry) -> Entity:
    siren = one.legal_unit.removeprefix("siren:") if one.legal_unit.startswith("siren:") else ""
    return Entity(
        one.id, ORGANISATION, one.name, siren, one.city, one.postcode, one.department, one.website, one.trades
    )


def _tidy(number: int, one: Entry) -> Tidy:
    other = (*one.formerly, "", "")
    siren = one.legal_unit.removeprefix("siren:") if one.legal_unit.startswith("siren:") else ""
    return tidy(Record(
        "registry", number, key=one.id, name=one.name, trade_name=other[0], acronym=other[1], city=one.city,
        postcode=one.postcode, website=one.website, siren=siren,
    ))  # fmt: skip


def _row(asked: Asked) -> Tidy:
    cells = {theirs: asked.properties[ours] for ours, theirs in _CELLS.items() if asked.properties.get(ours)}
    return tidy(Record("asked", 1, name=asked.words or asked.properties.get("name", ""), **cells))


def _by_number(asked: Asked, row: Tidy, room: _Room, register: RegisterIndex | None) -> Entity | None:
    """Who asks by a SIREN, in its own property or in the place of the name, is given its bearer."""
    siren = row.siren or legal_unit(asked.words).removeprefix("siren:")
    found = room.by_id.get(asked.words) or (room.by_siren.get(siren) if siren else None)
    if found is None and siren and register is not None:
        cells = register.by_siren(siren)
        found = _of_cells(cells[0])[1] if cells else None
    return found if found is not None and found.kind in asked.kinds else None


def _of_cells(cells: Mapping[str, str]) -> tuple[Tidy, Entity]:
    unit = tidy(Record(**{**cells, "source": "register", "row": int(cells["row"])}))  # type: ignore[arg-type]  # -- cells are a record's own
    one = unit.record
    name = f"siren:{unit.siren}" if unit.siren else one.key or f"row:{one.row}"
    department = unit.department or department_of_postcode(unit.postcode)
    return unit, Entity(name, UNIT, one.name, unit.siren, one.city, unit.postcode, department, one.website, ())
