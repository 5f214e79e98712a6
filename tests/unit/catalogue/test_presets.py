"""Presets are whole: what does not fit is told, and what only resembles says so."""

from __future__ import annotations

import pytest

from beffroi.catalogue.presets import load_preset, preset_ids, read_preset
from beffroi.vocabulary.errors import CatalogueError

SMALL = """
id: small
name: {fr: Petit, en: Small}
definition: {fr: Petit, en: Small}
source: test
file: small.csv
columns: {edition: edition, unit: unit, indicator: code, value: value}
edition: "1"
method: {scale: minmax, means: [amean, amean]}
branches:
  - id: p
    weight: 1
    indicators: {x: {}, y: {weight: 2}}
"""


def test_every_preset_names_its_source_and_what_is_not_the_publishers():
    for name in preset_ids():
        preset = load_preset(name)

        assert preset.source
        assert (preset.kind == "like") == name.endswith("_like") == (preset.differs is not None)
        assert len(preset.leaves) >= 4


def test_stage_weights_sum_to_one_and_move_from_basic_to_innovation():
    stages = load_preset("rci-like").stages

    assert [sum(one) for one in zip(*stages.weights.values(), strict=True)] == pytest.approx([1.0] * 5)
    assert list(stages.weights["innovation"]) == sorted(stages.weights["innovation"])


def test_a_weight_is_one_unless_it_is_said():
    assert [leaf.weight for leaf in read_preset(SMALL, "small").leaves.values()] == [1.0, 2.0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("file: small.csv\n", ""), "'file'"),
        (("weight: 2", "weight: many"), "many"),
        (("weight: 2", "wait: 2"), "wait"),
        (("amean, amean", "amean"), "1 means for 2 levels"),
        (("amean, amean", "amean, mode"), "a mean not one of"),
        (("minmax", "furlongs"), "its scale is not one of"),
        (("id: small", "id: small\nkind: like"), "'differs' belongs"),
        (("branches:", "stages: {by: z, limits: [1], weights: {q: [1, 1]}}\nbranches:"), "do not weigh each"),
        (("branches:", "stages: {by: z, limits: [1], weights: {p: [1]}}\nbranches:"), "one weight more"),
        (
            ("  - id: p\n", "  - {id: q, weight: 1, branches: [{id: r, weight: 1, indicators: {z: {}}}]}\n  - id: p\n"),
            "different depths",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(changed, said):
    text = SMALL.replace(*changed)
    with pytest.raises(CatalogueError, match=said):
        read_preset(text, "small")


def test_stages_of_a_pooled_method_are_refused():
    text = SMALL.replace("minmax,", "minmax, pooled: true,").replace(
        "branches:", "stages: {by: z, limits: [1], weights: {p: [1, 1]}}\nbranches:"
    )

    with pytest.raises(CatalogueError, match="cannot be pooled"):
        read_preset(text, "small")
