"""What moved between two editions: because of the figures, or because of the method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.observatory.edition import frozen_catalogue, frozen_core, make_tables, read_manifest
from beffroi.observatory.frozen import thaw_sets
from beffroi.store.tables import read_parquet
from beffroi.vocabulary.errors import UnknownDefinitionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from beffroi.observatory.home import Home
    from beffroi.observatory.reading import SetReading

_NEEDED = (
    "out__standings", "out__excluded", "out__pillars", "out__cells", "out__treated", "out__dropped",
    "out__pairwise", "out__runs", "out__goals", "out__levers", "out__hangs",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    """One region's change of rank and score from the older to the newer edition.

    `by_data`: change with the older method on the newer figures; `by_method`: the rest. Negative ranks are gains.
    None where the region is not ranked in one of the editions.
    """

    region: str
    rank_before: int | None
    rank_after: int | None
    rank_by_data: int | None
    rank_by_method: int | None
    score_before: float | None
    score_after: float | None
    score_by_data: float | None
    score_by_method: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two editions of one comparison set."""

    before: str
    after: str
    set_id: str
    definitions_changed: tuple[str, ...]
    observations_changed: int
    moves: tuple[Move, ...]


def compare_editions(
    home: Home, before: str, after: str, *, set_id: str, workers: int = 1,
    report: Callable[[str, int, int], None] | None = None,
) -> Comparison:  # fmt: skip
    """Split each region's change of rank into what the figures and what the method did.

    The older method is applied to the newer figures in between: before → (data) → between → (method) → after.

    Raises:
        UnknownEditionError: an edition is not here.
        UnknownDefinitionError: a set that one of the editions does not hold.
    """
    old, new = read_manifest(home, before), read_manifest(home, after)
    old_sets, new_sets = _sets(home, before), _sets(home, after)
    for name, sets in ((before, old_sets), (after, new_sets)):
        if set_id not in sets:
            raise UnknownDefinitionError(f"Edition '{name}' has no set '{set_id}' (it has: {', '.join(sets)}).")
    changed = tuple(
        sorted(
            name
            for name in {*old.definitions, *new.definitions}
            if old.definitions.get(name) != new.definitions.get(name)
        )
    )
    old_core, new_core = frozen_core(home, before), frozen_core(home, after)
    between = old_sets[set_id]
    if old_core != new_core:
        tables = make_tables(
            new_core,
            frozen_catalogue(home, before),
            index=old.index,
            year=int(new.built_on[:4]),
            workers=workers,
            report=report,
        )
        between = thaw_sets(
            {name: (tuple(columns), list(zip(*columns.values(), strict=True))) for name, columns in tables.items()}
        )[set_id]
    seen = {(one.series, one.region, one.year): (one.value, one.flags) for one in old_core[0]}
    now = {(one.series, one.region, one.year): (one.value, one.flags) for one in new_core[0]}
    revised = sum(seen.get(key) != now.get(key) for key in {*seen, *now})
    return Comparison(before, after, set_id, changed, revised, _moves(old_sets[set_id], between, new_sets[set_id]))


def _sets(home: Home, edition_id: str) -> dict[str, SetReading]:
    folder = home.edition(edition_id) / "tables"
    return thaw_sets({name: read_parquet(folder / f"{name}.parquet") for name in _NEEDED})


def _moves(old: SetReading, between: SetReading, new: SetReading) -> tuple[Move, ...]:
    before, middle, after = (_by_region(one) for one in (old, between, new))
    order = sorted({*before, *after}, key=lambda region: (after.get(region, (10**6, 0.0))[0], region))
    return tuple(_move(region, before.get(region), middle.get(region), after.get(region)) for region in order)


def _by_region(reading: SetReading) -> Mapping[str, tuple[int, float]]:
    return {one.region: (one.rank, one.score) for one in reading.standings}


def _move(
    region: str,
    before: tuple[int, float] | None,
    middle: tuple[int, float] | None,
    after: tuple[int, float] | None,
) -> Move:
    return Move(
        region,
        before[0] if before else None,
        after[0] if after else None,
        middle[0] - before[0] if before and middle else None,
        after[0] - middle[0] if after and middle else None,
        before[1] if before else None,
        after[1] if after else None,
        middle[1] - before[1] if before and middle else None,
        after[1] - middle[1] if after and middle else None,
    )
