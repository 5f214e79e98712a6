"""Published indices as files: tree, weights and fixed bounds, ready to be applied to their publisher's figures."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml

from beffroi.vocabulary.errors import CatalogueError, UnknownDefinitionError
from beffroi.vocabulary.text import Text


@dataclass(frozen=True, slots=True)
class Leaf:
    """One indicator: the figures worth 0 and 100 points, and its weight among its siblings."""

    id: str
    low: float
    high: float
    weight: float


@dataclass(frozen=True, slots=True)
class Part:
    """A branch with its weight among its siblings and its indicators."""

    id: str
    weight: float
    indicators: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Dimension:
    """A first branch of the index."""

    id: str
    name: Text
    weight: float
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Preset:
    """A published index. `file` and `columns` say how its publisher's long table is laid out."""

    id: str
    name: Text
    definition: Text
    source: str
    file: str
    columns: dict[str, str]
    edition: str
    dimensions: tuple[Dimension, ...]


def preset_ids() -> tuple[str, ...]:
    """Return the ids of the presets shipped.

    >>> preset_ids()
    ('desi_2022',)
    """
    folder = resources.files("beffroi.catalogue").joinpath("presets")
    return tuple(sorted(one.name.removesuffix(".yaml") for one in folder.iterdir() if one.name.endswith(".yaml")))


def load_preset(preset_id: str) -> Preset:
    """Return a preset by its id; hyphens may stand for underscores.

    Raises:
        UnknownDefinitionError: no such preset.
        CatalogueError: its file lacks something.

    >>> len([leaf for d in load_preset("desi-2022").dimensions for part in d.parts for leaf in part.indicators])
    33
    """
    wanted = preset_id.replace("-", "_")
    if wanted not in preset_ids():
        raise UnknownDefinitionError(f"Preset '{preset_id}' is not here (known: {', '.join(preset_ids())}).")
    text = resources.files("beffroi.catalogue").joinpath("presets", f"{wanted}.yaml").read_text(encoding="utf-8")
    try:
        return _preset(yaml.safe_load(text))
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogueError(f"presets/{wanted}.yaml lacks or misspells {error}. Compare it with desi_2022.") from error


def _preset(given: dict[str, Any]) -> Preset:
    return Preset(
        id=given["id"],
        name=Text(**given["name"]),
        definition=Text(**given["definition"]),
        source=given["source"],
        file=given["file"],
        columns=dict(given["columns"]),
        edition=str(given["edition"]),
        dimensions=tuple(_dimension(one) for one in given["dimensions"]),
    )


def _leaf(code: str, given: dict[str, Any]) -> Leaf:
    return Leaf(code, float(given["low"]), float(given["high"]), float(given["weight"]))


def _dimension(given: dict[str, Any]) -> Dimension:
    parts = tuple(
        Part(
            str(one["id"]),
            float(one["weight"]),
            tuple(
                Leaf(str(code), **{key: float(x) for key, x in leaf.items()})
                for code, leaf in one["indicators"].items()
            ),
        )
        for one in given["parts"]
    )
    return Dimension(given["id"], Text(**given["name"]), float(given["weight"]), parts)
