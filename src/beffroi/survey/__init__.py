"""What a survey of executives says of the whole sector: whom to ask, weights, estimates and their intervals.

Pure methods: arrays in, arrays out. No disk, network, clock or hidden randomness.
"""

from beffroi.survey.calibration import Calibrated, calibrate, calibrated, indicators, rake
from beffroi.survey.estimate import Estimate, design_effect, mean, ratio, total, weighting_effect
from beffroi.survey.frame import Response, Stratum, neyman_allocation, responses, sample_size
from beffroi.survey.proportions import proportion, proportion_of_count
from beffroi.survey.replicate import Replicates, estimate_by_replicates, jackknife, rescaled_bootstrap, weighted_median
from beffroi.survey.sampling import Design, Stage, design

__all__ = [
    "Calibrated",
    "Design",
    "Estimate",
    "Replicates",
    "Response",
    "Stage",
    "Stratum",
    "calibrate",
    "calibrated",
    "design",
    "design_effect",
    "estimate_by_replicates",
    "indicators",
    "jackknife",
    "mean",
    "neyman_allocation",
    "proportion",
    "proportion_of_count",
    "rake",
    "ratio",
    "rescaled_bootstrap",
    "responses",
    "sample_size",
    "total",
    "weighted_median",
    "weighting_effect",
]
