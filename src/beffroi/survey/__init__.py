"""What a survey of executives says of the whole sector: design, weights, estimates and their intervals.

Pure methods: arrays in, arrays out. No disk, network, clock or hidden randomness.
"""

from beffroi.survey.calibration import Calibrated, calibrate, rake
from beffroi.survey.design import Design, Stage, design
from beffroi.survey.estimate import Estimate, design_effect, mean, ratio, total, weighting_effect
from beffroi.survey.proportion import proportion, proportion_of_count

__all__ = [
    "Calibrated",
    "Design",
    "Estimate",
    "Stage",
    "calibrate",
    "design",
    "design_effect",
    "mean",
    "proportion",
    "proportion_of_count",
    "rake",
    "ratio",
    "total",
    "weighting_effect",
]
