"""Cases of `beffroi.survey`: designs, estimates and weights as the reference gives them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from regional_files import MISSING, Case, Key, Table, number, numbers, rows_of

from beffroi import survey

if TYPE_CHECKING:
    from collections.abc import Callable

Found = dict[Key, float]


def names(given: object) -> list[str]:
    """A column, several columns or none."""
    return [] if given is None else list(given) if isinstance(given, list) else [str(given)]


def drawn(case: Case) -> tuple[Table, survey.Design]:
    rows = rows_of(case.folder, case.inputs)
    given = case.inputs["design"]
    strata = names(given.get("strata"))
    made = survey.design(
        len(next(iter(rows.values()))),
        units=[rows[name] for name in names(given.get("id"))],
        strata=["\x1f".join(parts) for parts in zip(*(rows[name] for name in strata), strict=True)] if strata else None,
        weights=numbers(rows[given["weights"]]) if given.get("weights") else None,
        population=[numbers(rows[name]) for name in names(given.get("fpc"))],
    )
    return rows, made


def level(case: Case) -> dict[str, float]:
    return {"level": case.inputs["level"]} if "level" in case.inputs else {}


def told(found: survey.Estimate) -> Found:
    return {
        ("estimate",): found.value,
        ("value",): found.value,
        ("se",): found.standard_error,
        ("low",): found.low,
        ("high",): found.high,
    }


def estimate(measure: Callable[..., survey.Estimate]) -> Callable[[Case], Found]:
    def run(case: Case) -> Found:
        rows, design = drawn(case)
        return told(measure(numbers(rows[case.inputs["variable"]]), design, **level(case)))

    return run


def survey_proportion(case: Case) -> Found:
    given = case.inputs
    if "successes" in given:
        return told(
            survey.proportion_of_count(given["successes"], given["n"], interval=given["interval"], **level(case))
        )
    rows, design = drawn(case)
    yes = [is_category(cell, given["category"]) for cell in rows[given["variable"]]]
    return told(survey.proportion(yes, design, interval=given["interval"], **level(case)))


def is_category(cell: str, category: object) -> float:
    if cell in MISSING:
        return math.nan
    if isinstance(category, (int, float)) and not isinstance(category, bool):
        return float(number(cell) == category)
    return float(cell == str(category))


def survey_deff(case: Case) -> Found:
    rows, design = drawn(case)
    values = numbers(rows[case.inputs["variable"]])
    return {("value",): survey.design_effect(values, design, replacement=case.inputs.get("replacement", False))}


def keyed(case: Case, rows: Table, weights: np.ndarray) -> Found:
    columns = case.inputs["columns"]
    keys = list(zip(*(rows[name] for name in names(columns["key"])), strict=True))
    if len(set(keys)) < len(keys):
        raise ValueError(f"a key stands twice in {case.inputs['table']}")
    return {key: float(weight) for key, weight in zip(keys, weights, strict=True)}


def rake(case: Case) -> Found:
    rows = rows_of(case.folder, case.inputs)
    margins = case.inputs["margins"]
    made = survey.rake(numbers(rows[case.inputs["columns"]["weight"]]), {name: rows[name] for name in margins}, margins)
    return keyed(case, rows, made.weights)


def auxiliary(rows: Table, name: str, size: int) -> list[float]:
    """(Intercept) is 1, a=b the indicator of category b of column a, else the numeric column."""
    if name == "(Intercept)":
        return [1.0] * size
    if name in rows:
        return numbers(rows[name])
    column, _, category = name.partition("=")
    return [float(cell == category) for cell in rows[column]]


def calibrate(case: Case) -> Found:
    rows = rows_of(case.folder, case.inputs)
    given = case.inputs
    start = numbers(rows[given["columns"]["weight"]])
    x = np.array([auxiliary(rows, name, len(start)) for name in given["totals"]]).T
    bounds = tuple(given["bounds"]) if given.get("bounds") else None
    made = survey.calibrate(start, x, list(given["totals"].values()), distance=given["distance"], bounds=bounds)
    return keyed(case, rows, made.weights)


METHODS: dict[str, Callable[[Case], Found]] = {
    "survey_total": estimate(survey.total),
    "survey_mean": estimate(survey.mean),
    "survey_proportion": survey_proportion,
    "survey_deff": survey_deff,
    "rake": rake,
    "calibrate": calibrate,
}
