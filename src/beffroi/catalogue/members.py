"""Which regions a comparison set compares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.vocabulary.geography import parts, regions

if TYPE_CHECKING:
    from beffroi.catalogue.schema import ComparisonSet


def members(compared: ComparisonSet) -> tuple[str, ...]:
    """Codes of the regions of a set, sorted.

    For each country, every region of the country's level; then `exclude` is taken out with all its parts, and
    `include` put in, in place of its parts.

    >>> from beffroi.catalogue.load import load
    >>> [code for code in members(load().sets["administrative_2016"]) if code.startswith("BE")]
    ['BE1', 'BE2', 'BE3']
    """
    found = {
        code
        for country in compared.countries
        for code in regions(compared.vintage, compared.levels.get(country, compared.default_level), country)
    }
    for code in (*compared.exclude, *compared.include):
        found -= {code, *parts(code, compared.vintage)}
    return tuple(sorted(found | set(compared.include)))
