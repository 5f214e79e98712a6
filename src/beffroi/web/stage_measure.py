"""Assess a stage from what the house knows today: a rank, an indicator, or the members' revenue taken together."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault, RefusedError
from beffroi.federation.pooled_revenue import members_revenue, pooled_revenue
from beffroi.strategy.stage import INDICATOR, RANK
from beffroi.vocabulary.errors import MethodError, UnknownEditionError
from beffroi.vocabulary.text import Text
from beffroi.web import access, strategy_facts

if TYPE_CHECKING:
    from beffroi.charter.book import Thing
    from beffroi.observatory.reading import Edition, SetReading

COUNTRY = "/"  # `admin/FR`: the regions of France among those of the set `admin`


def assessed(stage: Thing) -> dict[str, object]:
    """Return the values of an assessment made today, with its source.

    Raises:
        RefusedError: the house cannot tell; the reason says what is missing.
    """
    given: dict[str, object] = {
        "stage": stage.id, "definition": stage.entry, "on": datetime.now(UTC).date().isoformat(),
    }  # fmt: skip
    metric = stage.text("metric")
    if metric == RANK:
        return {**given, **_rank(stage)}
    return {**given, **(_figure(stage) if metric == INDICATOR else _revenue())}


def populations() -> list[tuple[str, str]]:
    """Return what a rank can be taken among: each comparison set, and the home country in each."""
    try:
        edition = access.open_edition()
    except UnknownEditionError:
        return []
    found = []
    for key in edition.sets:
        name = edition.definitions[key].name
        found += [(key, name.fr), (f"{key}{COUNTRY}FR", f"{name.fr}, France")]
    return found


def _rank(stage: Thing) -> dict[str, object]:
    edition = _edition()
    key, _slash, country = stage.text("population").partition(COUNTRY)
    reading, region = edition.sets.get(key), stage.text("region")
    standing = reading.standing(region) if reading else None
    if reading is None or standing is None:
        raise _unknown(f"La région {region} n’est pas classée dans « {key} » (édition {edition.id}).",
                       f"The region {region} is not ranked in '{key}' (edition {edition.id}).")  # fmt: skip
    link = f"/edition/{edition.id}/number/{key}/{region}/index/"
    said = {"source": f"edition {edition.id}", "edition": edition.id, "permalink": link}
    if country:
        return {**said, "value": str(_rank_within(reading, region, country))}
    low, high = sorted((standing.rank_low, standing.rank_high))
    return {**said, "value": str(standing.rank), "low": str(low), "high": str(high)}


def _rank_within(reading: SetReading, region: str, country: str) -> int:
    rivals = [one.region for one in reading.standings if one.region.startswith(country)]
    if region not in rivals:
        raise _unknown(f"{region} n’est pas une région de {country}.", f"{region} is no region of {country}.")
    return rivals.index(region) + 1


def _figure(stage: Thing) -> dict[str, object]:
    figure = strategy_facts.figures().find(stage.text("indicator"), stage.text("region"))
    if figure is None:
        raise _unknown("L’édition actuelle n’a pas ce chiffre pour cette région.",
                       "The current edition holds no such figure for this region.")  # fmt: skip
    ends = {} if figure.low is None or figure.high is None else {"low": str(figure.low), "high": str(figure.high)}
    return {"value": str(figure.value), **ends, "source": figure.source.fr[:300], "edition": figure.edition,
            "permalink": figure.permalink, "on": min(figure.dated, datetime.now(UTC).date()).isoformat()}  # fmt: skip


def _revenue() -> dict[str, object]:
    try:
        pooled = pooled_revenue(members_revenue(datetime.now(UTC).date()))
    except MethodError as error:
        raise _unknown(f"Chiffre d’affaires des membres : {error}", f"Revenue of the members: {error}") from error
    return {
        "value": _euros(pooled.total_eur), "low": _euros(pooled.low_eur), "high": _euros(pooled.high_eur),
        "stated_sum": _euros(pooled.stated_eur), "stated_by": pooled.stated_by,
        "estimated_sum": _euros(pooled.estimated_eur), "estimated_for": pooled.estimated_for,
        "source": "registre des membres / registry of members",
    }  # fmt: skip


def _euros(amount: float) -> str:
    return str(round(amount))


def _edition() -> Edition:
    try:
        return access.open_edition()
    except UnknownEditionError as error:
        raise _unknown("Il n’y a pas encore d’édition : construisez-en une.",
                       "There is no edition yet: build one.") from error  # fmt: skip


def _unknown(french: str, english: str) -> RefusedError:
    return RefusedError([Fault("", Text(french, english))])
