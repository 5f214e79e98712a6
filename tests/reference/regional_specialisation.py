"""Cases of `beffroi.specialisation`: inputs as the reference gives them, results by key."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from regional_files import Case, Key, activity_of, numbers, roles_of

from beffroi import specialisation as s

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

Found = dict[Key, float]
Pair = tuple[list[float], list[float] | None]
ONE: Key = ("value",)


def pairs(case: Case) -> dict[Key, Pair]:
    """What is measured and its reference: inline, a column, or each region or industry of a table with the totals."""
    given = case.inputs
    if "x" in given:
        return {ONE: (given["x"], given.get("reference"))}
    if "by" not in given:
        columns = roles_of(case.folder, given)
        reference = numbers(columns["reference"]) if "reference" in columns else None
        return {ONE: (numbers(columns["value"]), reference)}
    table = activity_of(case)
    names, rows = _rows(table, given["by"])
    return {(name,): (row, rows.sum(axis=0)) for name, row in zip(names, rows, strict=True)}


def _rows(table: s.ActivityTable, by: str) -> tuple[tuple[str, ...], np.ndarray]:
    return {"region": (table.regions, table.values), "industry": (table.activities, table.values.T)}[by]


def single(measure: Callable[..., float], **options: object) -> Callable[[Case], Found]:
    """A measure of amounts alone; `options` map names of inputs to names of arguments."""

    def run(case: Case) -> Found:
        chosen = {argument: case.inputs[name] for name, argument in options.items() if name in case.inputs}
        return {key: measure(x, **chosen) for key, (x, _) in pairs(case).items()}

    return run


def against(measure: Callable[..., float]) -> Callable[[Case], Found]:
    """A measure of amounts against a reference."""
    return lambda case: {key: measure(x, reference) for key, (x, reference) in pairs(case).items()}


def location_quotient(case: Case) -> Found:
    own, whole, nation_own, nation = (
        case.inputs[name] for name in ("region_industry", "region_total", "nation_industry", "nation_total")
    )
    return {ONE: s.location_quotient(own, whole, nation_activity=nation_own, nation_total=nation)}


def location_quotients(case: Case) -> Found:
    table = activity_of(case)
    made = s.is_specialised if case.inputs.get("binary") else s.location_quotients
    return cells(made(table.values), table.regions, table.activities)


def cells(values: np.ndarray, rows: tuple[str, ...], columns: tuple[str, ...]) -> Found:
    return {(a, b): float(values[i, j]) for i, a in enumerate(rows) for j, b in enumerate(columns)}


def each(values: np.ndarray, names: tuple[str, ...]) -> Found:
    return {(name,): float(value) for name, value in zip(names, values, strict=True)}


def krugman(case: Case) -> Found:
    by = case.inputs.get("by")
    if by is None or not isinstance(case.inputs.get("reference"), str):
        return against(s.krugman)(case)
    names, rows = _rows(activity_of(case), by)
    return each(s.krugman_of_rows(rows, reference=case.inputs["reference"]), names)


def herfindahl(case: Case) -> Found:
    measure = s.herfindahl_normalised if case.inputs.get("normalised") else s.herfindahl
    output = case.inputs.get("output", "index")
    if output == "equivalent_number":
        made = single(measure)(case)
        return (
            {key: 1 / value for key, value in made.items()}
            if case.inputs.get("normalised")
            else single(s.equivalent_number)(case)
        )
    if output != "index":
        raise ValueError(f"output '{output}'")
    return single(measure)(case)


def litzenberger(case: Case) -> Found:
    columns = roles_of(case.folder, case.inputs)
    table = activity_of(case)
    place = {key: row for row, key in enumerate(zip(columns["region"], columns["industry"], strict=True))}
    firms, area, people = (numbers(columns[role]) for role in ("establishments", "area", "population"))
    of_region = {region: (area[row], people[row]) for row, region in enumerate(columns["region"])}
    made = s.litzenberger_sternberg(
        table.values,
        [[firms[place[a, b]] if (a, b) in place else 0.0 for b in table.activities] for a in table.regions],
        area=[of_region[region][0] for region in table.regions],
        population=[of_region[region][1] for region in table.regions],
    )
    return cells(made, table.regions, table.activities)


def theil_parts(case: Case) -> Found:
    if "x" in case.inputs:
        x, groups = case.inputs["x"], [str(one) for one in case.inputs["group"]]
    else:
        columns = roles_of(case.folder, case.inputs)
        x, groups = numbers(columns["value"]), columns["group"]
    made = s.theil_decomposition(x, groups, index=case.inputs.get("index", "T"))
    return {("total",): made.total, ("between",): made.between, ("within",): made.within}


def plants(case: Case) -> tuple[list[float], list[str], dict[str, float]]:
    given = case.inputs
    reference = {str(code): float(value) for code, value in given["region_reference"].items()}
    return given["plant_employment"], [str(code) for code in given["plant_region"]], reference


def agglomeration(measure: Callable[..., s.Agglomeration]) -> Callable[[Case], Found]:
    return lambda case: {(name,): value for name, value in asdict(measure(*plants(case))).items()}


def coagglomeration(case: Case) -> Found:
    jobs, regions, reference = plants(case)
    industries = [str(one) for one in case.inputs["plant_industry"]]
    return {("gamma",): s.coagglomeration(jobs, regions, industries, reference=reference)}


def shift_share(measure: Callable[..., object]) -> Callable[[Case], Found]:
    names = ("growth", "national", "mix", "regional", "allocation", "net_total_shift")

    def run(case: Case) -> Found:
        made = measure(*(case.inputs[f"{who}_{when}"] for who in ("region", "nation") for when in ("start", "end")))
        return {(name,): getattr(made, name) for name in names if hasattr(made, name)}

    return run


def specialised(case: Case) -> tuple[np.ndarray, s.ActivityTable]:
    table = activity_of(case)
    return s.is_specialised(table.values), table


def by_region(measure: Callable[[np.ndarray], np.ndarray]) -> Callable[[Case], Found]:
    def run(case: Case) -> Found:
        m, table = specialised(case)
        return each(measure(m), table.regions)

    return run


def by_activity(measure: Callable[[np.ndarray], np.ndarray]) -> Callable[[Case], Found]:
    def run(case: Case) -> Found:
        m, table = specialised(case)
        return each(measure(m), table.activities)

    return run


def co_occurrence(case: Case) -> Found:
    m, table = specialised(case)
    return cells(s.co_occurrence(m, diagonal=case.inputs["diagonal"]), table.activities, table.activities)


def relatedness(case: Case) -> Found:
    m, table = specialised(case)
    made = s.relatedness(m, measure=case.inputs["measure"], diagonal=case.inputs["diagonal"])
    return cells(made, table.activities, table.activities)


def density(case: Case) -> Found:
    m, table = specialised(case)
    phi = s.relatedness(m, measure=case.inputs["measure"], diagonal=case.inputs["diagonal"])
    if case.inputs.get("binarise_relatedness"):
        phi = s.above_chance(phi)
    return cells(s.relatedness_density(m, phi, scale=case.inputs.get("scale", 1)), table.regions, table.activities)


def fitness(case: Case) -> Found:
    m, table = specialised(case)
    made = s.fitness_complexity(m, iterations=case.inputs["iterations"], update=case.inputs.get("update", "sequential"))
    if case.inputs["side"] == "region":
        return each(made.fitness, table.regions)
    return each(made.complexity, table.activities)


def nuts_convert(case: Case) -> Found:
    given = case.inputs
    rows = roles_of(case.folder, given)
    cross = roles_of(case.folder, given["crosswalk"])
    wanted = float(given["from_version"]), float(given["to_version"]), float(given["level"])
    keep = [
        row
        for row, versions in enumerate(
            zip(*(numbers(cross[role]) for role in ("from_version", "to_version", "level")), strict=True)
        )
        if versions == wanted
    ]
    weights = numbers(cross["weight"])
    flows = s.crosswalk(
        [cross["from_code"][k] for k in keep], [cross["to_code"][k] for k in keep], [weights[k] for k in keep]
    )
    years: dict[str, dict[str, float]] = {}
    times = rows.get("time", [""] * len(rows["geo"]))
    for geo, time, value in zip(rows["geo"], times, numbers(rows["value"]), strict=True):
        if geo in years.setdefault(time, {}):
            raise ValueError(f"{geo} has two figures in {time}")
        years[time][geo] = value
    return {
        (geo, time) if "time" in rows else (geo,): value
        for time, values in years.items()
        for geo, value in s.convert(values, flows, kind=given["kind"]).values.items()
    }


METHODS: dict[str, Callable[[Case], Found]] = {
    "location_quotient": location_quotient,
    "location_quotient_table": location_quotients,
    "hoover_index": against(s.hoover),
    "gini_specialisation": against(s.gini_of_quotients),
    "gini_concentration": against(s.gini_of_quotients),
    "gini": single(s.gini, normalised="normalised"),
    "hoover_gini": against(s.hoover_gini),
    "locational_gini": against(s.locational_gini),
    "krugman_specialisation": krugman,
    "krugman_concentration": krugman,
    "hachman_index": against(s.hachman),
    "herfindahl": herfindahl,
    "entropy": single(s.entropy, base="base"),
    "litzenberger_sternberg": litzenberger,
    "theil": single(s.theil, index="index"),
    "theil_between_within": theil_parts,
    "atkinson": single(s.atkinson, epsilon="epsilon"),
    "ellison_glaeser": agglomeration(s.ellison_glaeser),
    "maurel_sedillot": agglomeration(s.maurel_sedillot),
    "ellison_glaeser_coagglomeration": coagglomeration,
    "shift_share_dunn": shift_share(s.shift_share),
    "shift_share_esteban_marquillas": shift_share(s.shift_share_esteban_marquillas),
    "shift_share_gerfin": shift_share(s.shift_share_index),
    "diversity": by_region(s.diversity),
    "ubiquity": by_activity(s.ubiquity),
    "co_occurrence": co_occurrence,
    "relatedness": relatedness,
    "relatedness_density": density,
    "eci": by_region(lambda m: s.economic_complexity(m).eci),
    "pci": by_activity(lambda m: s.economic_complexity(m).pci),
    "fitness": fitness,
    "nuts_convert": nuts_convert,
}
