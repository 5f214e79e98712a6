"""The chain of the index worked by hand on four regions and three indicators.

             jobs_pct   patents   delay_days (less is better)
    FR1         8         40         10
    FRK         6         20         20
    FRE         2         10         40
    DE1         4        n.a.        30

Patents of DE1 are missing and DE has no other region, so they are the median of 40, 20, 10 = 20.
Min–max: jobs 100, 66.67, 0, 33.33; patents 100, 33.33, 0, 33.33; delay (turned) 100, 66.67, 0, 33.33.
Pillar 'work' = jobs (weight 3) and delay (weight 1); pillar 'ideas' = patents; pillars weigh 1 and 1.
"""

from __future__ import annotations

import numpy as np
import pytest

from beffroi.catalogue.schema import Index, Pillar, ProfileRule, UncertaintySpec
from beffroi.composite.build import build
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.vocabulary.errors import ConstantIndicatorError, MethodError
from beffroi.vocabulary.text import Text

REGIONS = ("FR1", "FRK", "FRE", "DE1")
RAW = IndicatorMatrix(
    REGIONS,
    ("jobs_pct", "delay_days", "patents"),
    np.array([[8.0, 10.0, 40.0], [6.0, 20.0, 20.0], [2.0, 40.0, 10.0], [4.0, 30.0, np.nan]]),
)
DIRECTIONS = {"jobs_pct": 1, "delay_days": -1, "patents": 1}
COUNTRIES = {code: code[:2] for code in REGIONS}
NAME = Text("essai", "trial")


def index(**changes: object) -> Index:
    given = {
        "id": "trial",
        "name": NAME,
        "definition": NAME,
        "pillars": (
            Pillar("work", NAME, 1.0, {"jobs_pct": 3.0, "delay_days": 1.0}),
            Pillar("ideas", NAME, 1.0, {"patents": 1.0}),
        ),
        "min_indicator_coverage": 0.5,
        "min_region_coverage": 0.5,
        "imputation": "country_mean",
        "treatment": "winsorise_or_log",
        "normalisation": "min_max",
        "aggregation": "arithmetic",
        "uncertainty": UncertaintySpec(
            64, 1, 0.5, 0.5, ("min_max", "z_score"), ("arithmetic", "geometric"), ("winsorise_or_log", "none"), 4
        ),
        "profile": ProfileRule(0.667, 0.333, 3, 5, 0.05),
        "author": "test",
        "reviewed_on": "2026-11-22",
    }
    return Index(**{**given, **changes})  # type: ignore[arg-type]


def test_every_stage_is_the_one_worked_by_hand() -> None:
    built = build(RAW, index(), directions=DIRECTIONS, countries=COUNTRIES)

    assert built.imputed.matrix.column("patents").tolist() == [40, 20, 10, 20]
    assert built.imputed.reasons[3].tolist() == ["", "", "set_median"]
    assert [one.method for one in built.treated.decisions] == ["none", "none", "none"]
    third = 100 / 3
    expected = [[100, 100, 100], [2 * third, 2 * third, third], [0, 0, 0], [third, third, third]]
    np.testing.assert_allclose(built.normalised.values, expected, atol=1e-12)
    np.testing.assert_allclose(built.shape.effective, [0.375, 0.125, 0.5])
    np.testing.assert_allclose(built.pillar_scores[1], [2 * third, third])
    np.testing.assert_allclose(built.scores, [100, 50, 0, third], atol=1e-12)
    assert built.ranks.tolist() == [1, 2, 4, 3]


def test_a_geometric_mean_over_pillars_punishes_the_weak_pillar() -> None:
    built = build(RAW, index(aggregation="geometric"), directions=DIRECTIONS, countries=COUNTRIES)

    assert built.scores[1] == pytest.approx(np.sqrt(200 / 3 * 100 / 3))
    assert built.scores[2] == pytest.approx(1.0)  # points of 0 count as 1


def test_a_rarely_published_indicator_is_dropped_before_regions_are() -> None:
    sparse = RAW.with_values(np.where(np.arange(4)[:, None] * np.array([0, 0, 1]) >= 1, np.nan, RAW.values))

    built = build(sparse, index(), directions=DIRECTIONS, countries=COUNTRIES)

    assert built.screened.dropped == {"patents": 0.25}
    assert built.regions == REGIONS
    assert built.shape.pillars == ("work",)


def test_a_constant_indicator_is_named_with_its_value_and_the_remedy() -> None:
    flat = RAW.with_values(np.column_stack([np.full(4, 3.0), RAW.values[:, 1:]]))

    with pytest.raises(ConstantIndicatorError, match=r"'jobs_pct' is 3 in every one of 4 regions.*Take it out"):
        build(flat, index(), directions=DIRECTIONS, countries=COUNTRIES)


def test_too_few_regions_are_refused_with_the_counts() -> None:
    empty = RAW.with_values(np.full((4, 3), np.nan))

    with pytest.raises(MethodError, match="Only 0 of 4 regions"):
        build(empty, index(), directions=DIRECTIONS, countries=COUNTRIES)


def test_a_matrix_of_another_shape_is_refused() -> None:
    with pytest.raises(MethodError, match=r"shape \(1, 1\)"):
        IndicatorMatrix(("FRK",), ("x", "y"), np.zeros((1, 1)))
