"""Read units, sources and comparison sets from their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.catalogue.faults import line_of, resembling
from beffroi.catalogue.schema import ComparisonSet, Source, Unit
from beffroi.vocabulary.geography import LEVELS, is_valid, known_vintages, nearest, regions

if TYPE_CHECKING:
    import yaml

    from beffroi.catalogue.nodes import Fields


def read_units(fields: Fields) -> dict[str, Unit]:
    """Build every unit of a file of units, by id."""
    found = {}
    for id_ in fields.nodes:
        inner = fields.below(id_)
        if inner is None:
            continue
        found[id_] = Unit(id_, inner.text("name"), inner.text("symbol"), inner.integer("decimals", low=0, high=9))
        inner.done()
    return found


def read_source(fields: Fields) -> Source:
    """Build a source from its fields; faults go to `fields.faults`."""
    found = Source(
        id=fields.string("id"),
        name=fields.text("name"),
        publisher=fields.string("publisher"),
        licence=fields.string("licence"),
        licence_url=fields.string("licence_url"),
        url=fields.string("url"),
        attribution=fields.text("attribution"),
    )
    fields.done()
    return found


def read_set(fields: Fields) -> ComparisonSet:
    """Build a comparison set from its fields; faults go to `fields.faults`."""
    vintage = fields.choice("vintage", known_vintages())
    found = ComparisonSet(
        id=fields.string("id"),
        name=fields.text("name"),
        definition=fields.text("definition"),
        vintage=vintage,
        default_level=fields.choice("default_level", LEVELS),
        levels=_read_levels(fields, vintage),
        countries=_read_countries(fields, vintage),
        include=_read_regions(fields, "include", vintage),
        exclude=_read_regions(fields, "exclude", vintage),
    )
    fields.done()
    return found


def _read_levels(fields: Fields, vintage: int) -> dict[str, int]:
    levels = {}
    for country, node, line in fields.pairs("levels", default=()):
        _check_country(fields, country, line, vintage)
        if node.value in [str(one) for one in LEVELS]:
            levels[country] = int(node.value)
        else:
            fields.faults.add(fields.path, line, f"level '{node.value}' is unknown; expected 0, 1 or 2; correct it.")
    return levels


def _read_countries(fields: Fields, vintage: int) -> tuple[str, ...]:
    given = fields.strings("countries")
    for country, line in given:
        _check_country(fields, country, line, vintage)
    return tuple(country for country, _ in given)


def _check_country(fields: Fields, country: str, line: int, vintage: int) -> None:
    known = regions(vintage, 0)
    if country not in known:
        remedy = resembling(country, known)
        what = f"country '{country}' is unknown; expected a code as Eurostat writes it (EL, UK); {remedy}"
        fields.faults.add(fields.path, line, what)


def _read_regions(fields: Fields, key: str, vintage: int) -> tuple[str, ...]:
    given = fields.strings(key, default=())
    for code, line in given:
        if not is_valid(code, vintage):
            near = nearest(code, count=1)[0]
            remedy = f"did you mean '{near.code}'?"
            what = f"region '{code}' is not in NUTS {vintage}; expected one of its codes; {remedy}"
            fields.faults.add(fields.path, line, what)
    return tuple(code for code, _ in given)


def check_id(fields: Fields, stem: str) -> None:
    """Report an id that is not the file's name."""
    node: yaml.Node | None = fields.nodes.get("id")
    if node is not None and node.value and node.value != stem:
        what = f"the id is '{node.value}' in a file named '{stem}'; expected the same; rename one of them."
        fields.faults.add(fields.path, line_of(node), what)
