"""Read one indicator from its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.catalogue.schema import Change, Indicator, Series, Unit
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from beffroi.catalogue.nodes import Fields

LEVELS = ("0", "1", "2")
NO_UNIT = Unit("", Text("", ""), Text("", ""), 0)


def read_indicator(
    fields: Fields, *, units: Mapping[str, Unit], unit_ids: Collection[str], sources: Collection[str]
) -> Indicator:
    """Build an indicator from its fields; faults go to `fields.faults`."""
    unit = fields.reference("unit", unit_ids, "unit")
    found = Indicator(
        id=fields.string("id"),
        name=fields.text("name"),
        short=fields.text("short"),
        definition=fields.text("definition"),
        why=fields.text("why"),
        seed=fields.string("seed"),
        unit=units.get(unit, NO_UNIT),
        direction=fields.choice("direction", (1, -1)),
        levels=_read_levels(fields),
        refresh_months=fields.integer("refresh_months", low=1, high=120),
        author=fields.string("author"),
        reviewed_on=fields.date("reviewed_on"),
        value=read_series(fields, "value", sources),
        numerator=read_series(fields, "numerator", sources),
        denominator=read_series(fields, "denominator", sources),
        weight_series=read_series(fields, "weight_series", sources),
        scale=fields.number("scale", low=1e-12, high=1e12, default=1.0),
        pooled_years=fields.integer("pooled_years", low=1, high=20, default=1),
        absent_is_zero=fields.flag("absent_is_zero", default=False),
        first_year=fields.integer("first_year", low=1900, high=2100, default=1900),
        last_year=fields.integer("last_year", low=1900, high=2100, default=2100),
        breaks=fields.texts("breaks"),
        changes=read_changes(fields),
    )
    _check_formula(fields)
    if found.first_year > found.last_year:
        fields.fault(
            "first_year",
            f"first_year {found.first_year} is after last_year {found.last_year}; expected the earlier year "
            "first; swap or correct them.",
        )
    fields.done()
    return found


def _check_formula(fields: Fields) -> None:
    is_rate = fields.has("value")
    halves = [key for key in ("numerator", "denominator") if fields.has(key)]
    if is_rate and halves:
        fields.fault("value", f"'value' stands beside '{halves[0]}'; expected one or the other; remove one.")
    if not is_rate and len(halves) < 2:  # noqa: PLR2004 -- a ratio has two halves
        fields.fault(
            "numerator",
            "neither 'value' nor both 'numerator' and 'denominator' are given; expected a published rate or "
            "the two halves of a ratio; add one or the other.",
        )


def _read_levels(fields: Fields) -> tuple[int, ...]:
    levels = []
    for given, _ in fields.strings("levels"):
        if given in LEVELS:
            levels.append(int(given))
        else:
            fields.fault("levels", f"level '{given}' is unknown; expected 0, 1 or 2; correct the list.")
    return tuple(levels)


def read_series(fields: Fields, key: str, sources: Collection[str]) -> Series | None:
    """A series under `key`, or None when the file gives none."""
    if not fields.has(key):
        return None
    inner = fields.below(key)
    if inner is None:
        return None
    series = Series(
        source=inner.reference("source", sources, "source"),
        dataset=inner.string("dataset"),
        filters=tuple((name, node.value) for name, node, _ in inner.pairs("filters")),
    )
    inner.done()
    return series


def read_changes(fields: Fields) -> tuple[Change, ...]:
    """The change log of a definition, empty when absent."""
    found = []
    for entry in fields.each("changes", default=()):
        found.append(Change(on=entry.date("on"), what=entry.text("what")))
        entry.done()
    return tuple(found)
