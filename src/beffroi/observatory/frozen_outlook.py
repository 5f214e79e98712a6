"""The outlook as tables and back. An edition from before has none of them, and reads as an empty outlook."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from beffroi.observatory.columns import columns_of, rows_of
from beffroi.observatory.outlook import Arrival, Base, Outlook, Pace, PathYear, Peer, Required, Trait

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from beffroi.observatory.columns import Columns, Table
    from beffroi.store.tables import Value

Row = TypeVar("Row")
Key = TypeVar("Key", bound="Hashable")

LATER_TABLES = (
    "out__arrivals", "out__required", "out__paths", "out__paces", "out__peers", "out__traits", "out__bases",
)  # fmt: skip


def freeze_outlook(set_id: str, outlook: Outlook) -> dict[str, Columns]:
    """Return the outlook of one set as tables."""
    mark: dict[str, Value] = {"set_id": set_id}
    return {
        "out__arrivals": columns_of(Arrival, outlook.arrivals.values(), fixed=mark),
        "out__required": columns_of(Required, _flat(outlook.required), fixed=mark),
        "out__paths": columns_of(PathYear, _flat(outlook.paths), fixed=mark),
        "out__paces": columns_of(Pace, outlook.paces.values(), fixed=mark),
        "out__peers": columns_of(Peer, _flat(outlook.peers), fixed=mark),
        "out__traits": columns_of(Trait, outlook.traits.values(), fixed=mark),
        "out__bases": columns_of(Base, outlook.bases.values(), fixed=mark),
    }


def thaw_outlook(set_id: str, tables: Mapping[str, Table]) -> Outlook:
    """Return the outlook frozen by `freeze_outlook`; what a table that is not there would say is left empty."""

    def held(kind: type[Row], name: str) -> list[Row]:
        return rows_of(kind, tables[name], set_id=set_id) if name in tables else []  # type: ignore[type-var]  # -- all are dataclasses

    return outlook_of(
        arrivals=held(Arrival, "out__arrivals"),
        required=held(Required, "out__required"),
        paths=held(PathYear, "out__paths"),
        paces=held(Pace, "out__paces"),
        peers=held(Peer, "out__peers"),
        traits=held(Trait, "out__traits"),
        bases=held(Base, "out__bases"),
    )


def outlook_of(
    *,
    arrivals: Iterable[Arrival],
    required: Iterable[Required],
    paths: Iterable[PathYear],
    paces: Iterable[Pace],
    peers: Iterable[Peer],
    traits: Iterable[Trait],
    bases: Iterable[Base],
) -> Outlook:
    """Return plain rows as an outlook, found by region, top, indicator or trait."""
    return Outlook(
        arrivals={(one.region, one.top): one for one in arrivals},
        required=_grouped(required, lambda one: (one.region, one.top)),
        paths=_grouped(paths, lambda one: one.region),
        paces={(one.region, one.indicator): one for one in paces},
        peers=_grouped(peers, lambda one: one.region),
        traits={(one.region, one.trait): one for one in traits},
        bases={(one.region, one.indicator): one for one in bases},
    )


def _flat(groups: Mapping[Key, tuple[Row, ...]]) -> list[Row]:
    return [one for group in groups.values() for one in group]


def _grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, tuple[Row, ...]]:
    out: dict[Key, list[Row]] = {}
    for one in rows:
        out.setdefault(key(one), []).append(one)
    return {name: tuple(group) for name, group in out.items()}
