"""Apply a published index to figures: its own tree, weights and fixed bounds, by the general engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.composite.coin_input import read_coin
from beffroi.composite.recipe import Recipe, build_index
from beffroi.composite.scaling import Scale
from beffroi.composite.steps import Aggregate, Normalise
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from beffroi.catalogue.presets import Preset
    from beffroi.composite.recipe import IndexBuild

TOP = "index"


def apply_preset(preset: Preset, figures: Mapping[tuple[str, str], float]) -> IndexBuild:
    """Build a published index from its publisher's figures.

    Args:
        preset: tree, weights and bounds.
        figures: (unit, indicator) → figure; an absent one is missing, and its weight goes to its siblings.

    Returns:
        The build; scores are points, 0–100 between the bounds and beyond them outside.

    Raises:
        MethodError: no figure belongs to an indicator of the preset.

    Source: European Commission, DESI 2022 methodological note, sections 3 and 4 (for the preset of that name).
    """
    leaves = {leaf.id: leaf for one in preset.dimensions for part in one.parts for leaf in part.indicators}
    units = sorted({unit for unit, code in figures if code in leaves})
    if not units:
        raise MethodError(
            f"No figure belongs to an indicator of '{preset.id}' ({', '.join(list(leaves)[:4])} …). "
            "Check the codes and the edition of the table."
        )
    seen = {code for _, code in figures}
    leaves = {code: leaf for code, leaf in leaves.items() if code in seen}
    # An indicator's code may not begin with a digit in the tables of index makers.
    data: dict[str, list[object]] = {"uCode": list(units)}
    data |= {f"i{code}": [figures.get((unit, code)) for unit in units] for code in leaves}
    scales = {
        f"i{code}": Scale(method="goalposts", lower=leaf.low, upper=leaf.high, factor=100.0, truncate=False)
        for code, leaf in leaves.items()
    }
    return build_index(read_coin(data, _meta(preset, leaves)), Recipe((Normalise(by_indicator=scales), Aggregate())))


def _meta(preset: Preset, kept: Container[str]) -> dict[str, list[object]]:
    rows: list[tuple[object, ...]] = []
    for one in preset.dimensions:
        inside: list[tuple[object, ...]] = []
        for part in one.parts:
            found = [leaf for leaf in part.indicators if leaf.id in kept]
            inside += [(1, f"i{leaf.id}", f"p{part.id}", 1, leaf.weight, "Indicator") for leaf in found]
            inside += [(2, f"p{part.id}", one.id, 1, part.weight, "Aggregate")] if found else []
        rows += [*inside, (3, one.id, TOP, 1, one.weight, "Aggregate")] if inside else []
    rows.append((4, TOP, None, 1, 1, "Aggregate"))
    names = ("Level", "iCode", "Parent", "Direction", "Weight", "Type")
    return {name: [row[k] for row in rows] for k, name in enumerate(names)}
