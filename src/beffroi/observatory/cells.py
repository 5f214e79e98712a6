"""Each figure of each region, followed from the raw value to its share of the index and its verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.normalise import positions
from beffroi.composite.profile import trend, verdict
from beffroi.composite.rank import rank
from beffroi.observatory.reading import Cell, Treated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from beffroi.catalogue.schema import Indicator, ProfileRule
    from beffroi.composite.build import Built
    from beffroi.observatory.assemble import Figure, Panel
    from beffroi.observatory.question import Question

FULL_YEAR = 0.5  # a position in a year that fewer than half the regions publish says nothing of the others


@dataclass(frozen=True, slots=True)
class _Peers:
    """One indicator among the ranked regions: present positions and ranks, and positions year by year."""

    figures: Mapping[str, Figure]
    position: Mapping[str, float]
    rank: Mapping[str, int]
    years: npt.NDArray[np.int64]
    by_year: npt.NDArray[np.float64]  # regions × years, NaN where missing


def cells(built: Built, panel: Panel, question: Question) -> dict[tuple[str, str], Cell]:
    """Return one cell for each ranked region and each indicator kept by the screening."""
    weights = built.shape.effective
    out: dict[tuple[str, str], Cell] = {}
    for column, name in enumerate(built.normalised.indicators):
        indicator = question.indicators[name]
        peers = _peers(panel, indicator, built.regions)
        treated = built.treated.matrix.values[:, column]
        for row, region in enumerate(built.regions):
            figure = peers.figures.get(region)
            span = _span(peers, row, region, question.index.profile)
            tendency, change = trend(peers.by_year[row], peers.years, question.index.profile)
            points = float(built.normalised.values[row, column])
            out[region, name] = Cell(
                region=region,
                indicator=name,
                raw=figure.value if figure else None,
                year=figure.year if figure else None,
                age=question.year - figure.year if figure else None,
                status=figure.status if figure else "O",
                origin=figure.origin if figure else "imputed",
                reason="" if figure else str(built.imputed.reasons[row, column]),
                used=float(built.imputed.matrix.values[row, column]),
                treated=float(treated[row]),
                low=float(treated.min()),
                high=float(treated.max()),
                normalised=points,
                weight=float(weights[column]),
                contribution=float(weights[column]) * points,
                rank=peers.rank.get(region),
                ranked=len(peers.rank),
                position=peers.position.get(region),
                position_low=None if np.isnan(span[0]) else span[0],
                position_high=None if np.isnan(span[1]) else span[1],
                verdict=verdict(*span, question.index.profile),
                trend=tendency,
                trend_change=None if np.isnan(change) else change,
                series_keys=tuple(one.key for one in indicator.series),
            )
    return out


def treatments(built: Built) -> dict[str, Treated]:
    """Return what was done to each indicator before scaling, with the bounds of its scale."""
    values = built.treated.matrix.values
    observed = built.imputed.reasons == ""
    return {
        one.indicator: Treated(
            one.indicator, one.method, one.skew, one.kurtosis, one.points,
            float(values[:, column].min()), float(values[:, column].max()),
            int(observed[:, column].sum()), int((~observed[:, column]).sum()),
        )
        for column, one in enumerate(built.treated.decisions)
    }  # fmt: skip


def _peers(panel: Panel, indicator: Indicator, regions: Sequence[str]) -> _Peers:
    figures = panel.latest(indicator, regions)
    oriented = np.array([indicator.direction * figures[one].value if one in figures else np.nan for one in regions])
    present = [number for number, one in enumerate(regions) if one in figures]
    ranks = rank(oriented[present]) if present else np.zeros(0, dtype=np.int32)
    where = positions(oriented)
    by_year = {
        year: values
        for year, values in _values_by_year(panel, indicator, regions).items()
        if np.count_nonzero(~np.isnan(values)) >= FULL_YEAR * len(present)
    }
    years = np.array(sorted(by_year), dtype=np.int64)
    table = [positions(indicator.direction * by_year[int(year)]) for year in years]
    return _Peers(
        figures,
        {regions[i]: float(where[i]) for i in present},
        {regions[i]: int(r) for i, r in zip(present, ranks, strict=True)},
        years,
        np.stack(table, axis=1) if table else np.full((len(regions), 0), np.nan),
    )


def _values_by_year(panel: Panel, indicator: Indicator, regions: Sequence[str]) -> dict[int, npt.NDArray[np.float64]]:
    out: dict[int, npt.NDArray[np.float64]] = {}
    for row, region in enumerate(regions):
        for figure in panel.figures.get((indicator.id, region), ()):
            out.setdefault(figure.year, np.full(len(regions), np.nan))[row] = figure.value
    return out


def _span(peers: _Peers, row: int, region: str, rule: ProfileRule) -> tuple[float, float]:
    """The lowest and highest position over the rule's last years with a figure, the present one included."""
    if region not in peers.position:
        return float("nan"), float("nan")
    known = peers.by_year[row][~np.isnan(peers.by_year[row])][-rule.years :]
    seen = [peers.position[region], *map(float, known)]
    return min(seen), max(seen)
