"""Published indices as files: tree, weights, bounds and steps, ready to be applied to their publisher's figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

import yaml

from beffroi.vocabulary.errors import CatalogueError, UnknownDefinitionError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

ScaleName = Literal["goalposts", "minmax", "zscore"]
MeanName = Literal["amean", "gmean", "hmean"]
SCALES, MEANS = ("goalposts", "minmax", "zscore"), ("amean", "gmean", "hmean")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One indicator: its weight among its siblings, and the figures worth nothing and full points, if they are fixed.

    `direction` is −1 where less is better. `log`: bounds and figures are compared by their logarithms.
    """

    id: str
    weight: float = 1.0
    low: float = 0.0
    high: float = 1.0
    direction: int = 1
    log: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of the tree below the index: its weight among its siblings, and branches or indicators."""

    id: str
    weight: float
    children: tuple[Branch, ...] | tuple[Leaf, ...]
    name: Text | None = None


@dataclass(frozen=True, slots=True)
class Method:
    """The steps, in the order in which they are done; an absent one is not done.

    `cap_deviations`: figures further from the mean than so many standard deviations count as the last one within.
    `root_skewness`: the square root is taken where the skewness is above. `scale`, then `points` for a figure at the
    upper bound, `truncate` to the bounds. `means`: one a level, from the one above the indicators. `pooled`: caps,
    roots and scales look at all editions of the table together. `least_available`: the share of its children that a
    node needs, else it has no score.
    """

    scale: ScaleName
    means: tuple[MeanName, ...]
    points: float = 1.0
    truncate: bool = False
    cap_deviations: float | None = None
    root_skewness: float | None = None
    pooled: bool = False
    least_available: float | None = None


@dataclass(frozen=True, slots=True)
class Stages:
    """Weights of the first branches by stage of development.

    A unit is in the first stage whose limit is above its figure of `by`, else in the last; `weights` has for each
    branch one weight a stage, one more than there are limits.
    """

    by: str
    limits: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Preset:
    """A published index. `file` and `columns` say how its publisher's table is laid out.

    `kind` is `published` (the publisher's own method, whole) or `like`, and then `differs` says what is not the
    publisher's. A long table has the columns edition, unit, indicator and value; in a wide one `cell` makes the name
    of the column of an indicator in an edition. `encoding` is that of a table that is not UTF-8.
    """

    id: str
    name: Text
    definition: Text
    source: str
    file: str
    columns: Mapping[str, str]
    edition: str
    method: Method
    children: tuple[Branch, ...] | tuple[Leaf, ...]
    kind: Literal["published", "like"] = "published"
    differs: Text | None = None
    cell: str = ""
    encoding: str = "utf-8"
    stages: Stages | None = None
    leaves: Mapping[str, Leaf] = field(default_factory=dict)

    @property
    def dimensions(self) -> tuple[Branch, ...]:
        """The first branches; none where the index is a mean of indicators."""
        return tuple(one for one in self.children if isinstance(one, Branch))


def preset_ids() -> tuple[str, ...]:
    """Return the ids of the presets shipped.

    >>> preset_ids()
    ('desi_2022', 'hdi', 'rci_like', 'ris_like')
    """
    folder = resources.files("beffroi.catalogue").joinpath("presets")
    return tuple(sorted(one.name.removesuffix(".yaml") for one in folder.iterdir() if one.name.endswith(".yaml")))


def load_preset(preset_id: str) -> Preset:
    """Return a preset by its id; hyphens may stand for underscores.

    Raises:
        UnknownDefinitionError: no such preset.
        CatalogueError: its file lacks something.

    >>> len(load_preset("desi-2022").leaves)
    33
    """
    wanted = preset_id.replace("-", "_")
    if wanted not in preset_ids():
        raise UnknownDefinitionError(f"Preset '{preset_id}' is not here (known: {', '.join(preset_ids())}).")
    text = resources.files("beffroi.catalogue").joinpath("presets", f"{wanted}.yaml").read_text(encoding="utf-8")
    return read_preset(text, f"presets/{wanted}.yaml")


def read_preset(text: str, where: str) -> Preset:
    """Read the YAML of a preset; `where` names it in a message.

    Raises:
        CatalogueError: it lacks or misspells something, or its parts do not fit each other.
    """
    try:
        made = _preset(yaml.safe_load(text))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CatalogueError(f"{where} lacks or misspells {error}. Compare it with desi_2022.") from error
    _check(made, where)
    return made


def _preset(given: dict[str, Any]) -> Preset:
    children = _children(given)
    stages = given.get("stages")
    return Preset(
        id=given["id"],
        name=Text(**given["name"]),
        definition=Text(**given["definition"]),
        source=given["source"],
        file=given["file"],
        columns=dict(given["columns"]),
        edition=str(given["edition"]),
        method=_method(given["method"]),
        children=children,
        kind=given.get("kind", "published"),
        differs=Text(**given["differs"]) if "differs" in given else None,
        cell=given.get("cell", ""),
        encoding=given.get("encoding", "utf-8"),
        stages=_stages(stages) if stages else None,
        leaves={leaf.id: leaf for leaf in _leaves(children)},
    )


def _method(given: dict[str, Any]) -> Method:
    return Method(**{**given, "means": tuple(given["means"])})


def _stages(given: dict[str, Any]) -> Stages:
    weights = {code: tuple(map(float, shares)) for code, shares in given["weights"].items()}
    return Stages(str(given["by"]), tuple(map(float, given["limits"])), weights)


def _leaf(code: str, given: dict[str, Any]) -> Leaf:
    numbers = {key: float(value) for key, value in given.items() if key in ("weight", "low", "high")}
    return Leaf(code, **{**given, **numbers})


def _children(given: dict[str, Any]) -> tuple[Branch, ...] | tuple[Leaf, ...]:
    if "indicators" in given:
        return tuple(_leaf(str(code), leaf) for code, leaf in given["indicators"].items())
    return tuple(
        Branch(str(one["id"]), float(one["weight"]), _children(one), Text(**one["name"]) if "name" in one else None)
        for one in given["branches"]
    )


def _leaves(children: tuple[Branch, ...] | tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    return tuple(leaf for one in children for leaf in (_leaves(one.children) if isinstance(one, Branch) else (one,)))


def _depths(children: tuple[Branch, ...] | tuple[Leaf, ...], above: int = 1) -> set[int]:
    return {
        depth
        for one in children
        for depth in (_depths(one.children, above + 1) if isinstance(one, Branch) else {above})
    }


def _check(made: Preset, where: str) -> None:
    faults, depths = [], _depths(made.children)
    if len(depths) > 1:
        faults.append(f"its indicators stand at different depths ({sorted(depths)})")
    elif len(made.method.means) != min(depths):
        faults.append(f"it has {len(made.method.means)} means for {min(depths)} levels")
    if made.method.scale not in SCALES or not set(made.method.means) <= set(MEANS):
        faults.append(f"its scale is not one of {', '.join(SCALES)}, or a mean not one of {', '.join(MEANS)}")
    if (made.kind == "like") != (made.differs is not None):
        faults.append("'differs' belongs to a preset of the kind 'like', and every such preset says it")
    if made.stages and set(made.stages.weights) != {one.id for one in made.dimensions}:
        faults.append("its stages do not weigh each first branch")
    if made.stages and {len(one) for one in made.stages.weights.values()} != {len(made.stages.limits) + 1}:
        faults.append("its stages need one weight more than limits")
    if made.stages and made.method.pooled:
        faults.append("stages are those of one edition, so its method cannot be pooled")
    if faults:
        raise CatalogueError(f"{where}: {'; '.join(faults)}. Compare it with desi_2022 and rci_like.")
