"""Replace figures with those the publisher gives today, series by series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.catalogue.load import load
from beffroi.observatory.core import read_core, replace_series, write_core
from beffroi.sources.eurostat import is_live
from beffroi.sources.refresh import Failure, refresh_series
from beffroi.store.swap import locked
from beffroi.vocabulary.errors import UnknownDefinitionError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from beffroi.observatory.home import Home
    from beffroi.sources.eurostat import Form


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did. `failed` maps series to the reason; `kept` are series that no live source gives."""

    replaced: tuple[str, ...]
    failed: dict[str, str]
    kept: tuple[str, ...]
    warnings: tuple[str, ...]
    figures: int


def refresh(
    home: Home,
    *,
    base: str,
    today: str,
    datasets: Sequence[str] = (),
    form: Form = "csv",
    progress: Callable[[str, int, int], None] | None = None,
) -> Refreshed:
    """Fetch every live series of the catalogue and put it in place of the one held.

    A series that fails keeps its old figures; a series is never half replaced. Editions already built do not change.

    Args:
        home: the house.
        base: address of the dissemination API.
        today: ISO day of retrieval.
        datasets: only these dataset codes; all when empty.
        form: `csv` asks for each series alone, `tsv` for whole datasets, once for all their series.
        progress: called with (step, done, total).

    Raises:
        UnknownDefinitionError: a dataset that no indicator reads.
        BusyError: another build or refresh is at work.
    """
    with locked(home.path, doing="refresh figures"):
        catalogue = load(home.definitions if home.definitions.exists() else None)
        every = tuple(dict.fromkeys(one for indicator in catalogue.indicators.values() for one in indicator.series))
        unknown = set(datasets) - {one.dataset for one in every}
        if unknown:
            known = ", ".join(sorted({one.dataset for one in every}))
            raise UnknownDefinitionError(f"No indicator reads dataset '{min(unknown)}' (read: {known}).")
        wanted = [one for one in every if is_live(one) and (not datasets or one.dataset in datasets)]
        outcomes = refresh_series(
            wanted,
            into=home.snapshots,
            base=base,
            today=today,
            form=form,
            progress=None if progress is None else lambda done, total: progress("series", done, total),
        )
        fresh = {
            one.provenance.series: (one.observations, one.provenance)
            for one in outcomes
            if not isinstance(one, Failure)
        }
        if fresh:
            write_core(home.core, replace_series(read_core(home), fresh))
    return Refreshed(
        replaced=tuple(fresh),
        failed={one.series.key: str(one.error) for one in outcomes if isinstance(one, Failure)},
        kept=tuple(one.key for one in every if not is_live(one)),
        warnings=tuple(warning for one in outcomes if not isinstance(one, Failure) for warning in one.warnings),
        figures=sum(len(observations) for observations, _ in fresh.values()),
    )
