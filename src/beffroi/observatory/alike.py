"""What the regions most alike do better: the best tenth of the peers on each indicator, with one of them to visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.peers import best_peer
from beffroi.observatory.structure import TRAITS

if TYPE_CHECKING:
    from beffroi.observatory.reading import Edition, SetReading


@dataclass(frozen=True, slots=True)
class Better:
    """One indicator among the peers: `reach`, the figure of the best tenth of `count` peers, and an `example` near it.

    `lead`: how far that is ahead of the region as a share of the whole scale (0..1), None where the region has no
    figure, negative where the region does better. `least`..`most`: the peers' worst and best figure.
    """

    indicator: str
    reach: float
    count: int
    example: str
    lead: float | None
    least: float
    most: float


def better_peers(edition: Edition, reading: SetReading, region: str) -> tuple[Better, ...]:
    """Return every indicator on which a peer has a figure, the largest lead of the peers first.

    Indicators that serve to find the peers say nothing of what they do better and are left out.
    """
    names = [one.peer for one in reading.outlook.peers.get(region, ())]
    out = []
    for name in edition.indices[reading.index_id].indicators:
        if name in TRAITS or name not in reading.treated:
            continue
        sign = edition.indicators[name].direction
        raw = [reading.cells[one, name].raw for one in names]
        figures = np.array([np.nan if one is None else sign * one for one in raw], dtype=float)
        found = best_peer(figures[:, None], np.arange(len(names), dtype=np.intp))
        if found.row[0] < 0:
            continue
        reach = float(found.reachable[0])
        own = reading.cells[region, name].raw
        every = [sign * c.raw for (_, key), c in reading.cells.items() if key == name and c.raw is not None]
        spread = max(every) - min(every)
        lead = None if own is None or spread <= 0 else (reach - sign * own) / spread
        worst, best = sign * float(np.nanmin(figures)), sign * float(np.nanmax(figures))
        count = int(np.count_nonzero(~np.isnan(figures)))
        out.append(Better(name, sign * reach, count, names[int(found.row[0])], lead, worst, best))
    return tuple(sorted(out, key=lambda one: (one.lead is None, -(one.lead or 0.0))))
