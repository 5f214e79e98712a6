"""Definitions as Markdown pages: the method, written from the files that make it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from beffroi.catalogue.schema import Catalogue, ComparisonSet, Index, Indicator, Series, Source

HEAD = "<!-- Written by `beffroi catalogue pages`. Change the definition, not this page. -->\n\n"


def method_pages(catalogue: Catalogue) -> dict[str, str]:
    """Return every page by its path: one for each indicator, index and set, and an overview."""
    pages = {"README.md": _overview(catalogue)}
    pages |= {f"indicators/{one.id}.md": _indicator(one, catalogue) for one in catalogue.indicators.values()}
    pages |= {f"indices/{one.id}.md": _index(one, catalogue) for one in catalogue.indices.values()}
    pages |= {f"sets/{one.id}.md": _set(one) for one in catalogue.sets.values()}
    return {name: HEAD + text for name, text in pages.items()}


def _overview(catalogue: Catalogue) -> str:
    lines = ["# Method", "", "## Indices", ""]
    lines += [f"- [{one.name.en} / {one.name.fr}](indices/{one.id}.md)" for one in catalogue.indices.values()]
    lines += ["", "## Comparison sets", ""]
    lines += [f"- [{one.name.en} / {one.name.fr}](sets/{one.id}.md)" for one in catalogue.sets.values()]
    lines += ["", "## Indicators", "", "| indicator | unit | source |", "|---|---|---|"]
    lines += [
        f"| [{one.name.en} / {one.name.fr}](indicators/{one.id}.md) | {one.unit.name.en} | {source.publisher} |"
        for one, source in ((one, _source(one, catalogue)) for one in catalogue.indicators.values())
    ]
    return "\n".join(lines) + "\n"


def _indicator(one: Indicator, catalogue: Catalogue) -> str:
    source = _source(one, catalogue)
    lines = [
        f"# {one.name.en} / {one.name.fr}", "", one.definition.en, "", one.definition.fr, "",
        f"**Why.** {one.why.en}", "", f"**Pourquoi.** {one.why.fr}", "", f"> {one.seed}", "",
        "| | |", "|---|---|",
        f"| id | `{one.id}` |",
        f"| unit | {one.unit.name.en} / {one.unit.name.fr} |",
        f"| direction | {'more is better' if one.direction > 0 else 'less is better'} |",
        f"| levels | {', '.join(f'NUTS-{level}' for level in one.levels)} |",
        f"| source | {source.name.en} ({source.licence}) |",
        f"| refreshed | every {one.refresh_months} months |",
        f"| reviewed | {one.reviewed_on}, {one.author} |",
    ]  # fmt: skip
    lines += [f"| {role} | `{series.key}` |" for role, series in _roles(one)]
    if one.numerator:
        lines.append(f"| formula | {one.scale:,.0f} × numerator / denominator |")
    if one.pooled_years > 1:
        lines.append(f"| pooled | mean of {one.pooled_years} years |")
    if one.breaks:
        lines += ["", "## Known breaks and limits", "", *(f"- {text.en} / {text.fr}" for text in one.breaks)]
    lines += [
        "",
        "## Changes",
        "",
        *(f"- {change.on}: {change.what.en} / {change.what.fr}" for change in one.changes),
    ]
    return "\n".join(lines) + "\n"


def _index(one: Index, catalogue: Catalogue) -> str:
    spec, rule = one.uncertainty, one.profile
    lines = [
        f"# {one.name.en} / {one.name.fr}",
        "",
        one.definition.en,
        "",
        one.definition.fr,
        "",
        "## Weights",
        "",
    ]
    lines += ["| pillar | weight | indicator | weight in pillar |", "|---|---|---|---|"]
    for pillar in one.pillars:
        for name, weight in pillar.indicators.items():
            label = catalogue.indicators[name].name.en
            lines.append(f"| {pillar.name.en} | {pillar.weight:g} | [{label}](../indicators/{name}.md) | {weight:g} |")
    screening = (
        f"1. Screening: an indicator needs figures for {one.min_indicator_coverage:.0%} of regions, "
        f"a region {one.min_region_coverage:.0%} of the indicators kept."
    )
    scenarios = (
        f"{spec.scenarios} scrambled Sobol scenarios (seed {spec.seed}): pillar weights ± {spec.pillar_spread:.0%}, "
        f"indicator weights ± {spec.indicator_spread:.0%}; scales {', '.join(spec.normalisations)}; means "
        f"{', '.join(spec.aggregations)}; outliers {', '.join(spec.treatments)}; {spec.imputation_draws} fillings of "
        "missing figures."
    )
    verdict = (
        f"The interval of a region's position covers its last {rule.years} years with a figure. It is a strength when "
        f"the whole interval lies at or above {rule.strength_from:.0%}, a weakness at or below {rule.weakness_to:.0%}, "
        f"and not distinguishable when it crosses a threshold. Trend: Theil–Sen over {rule.trend_years} years, a move "
        f"from {rule.trend_step:.0%} of positions."
    )
    lines += ["", "## Steps", "", screening]
    lines += [f"2. Missing figures: `{one.imputation}`.", f"3. Outliers: `{one.treatment}`."]
    lines += [f"4. Scale: `{one.normalisation}`."]
    lines += [f"5. Means: arithmetic inside a pillar, `{one.aggregation}` over pillars."]
    lines += ["", "## Uncertainty", "", scenarios, "", "## Strength and weakness", "", verdict]
    return "\n".join(lines) + "\n"


def _set(one: ComparisonSet) -> str:
    levels = ", ".join(f"{country}: NUTS-{level}" for country, level in one.levels.items()) or "none"
    rows = {
        "vintage": f"NUTS {one.vintage}",
        "default level": f"NUTS-{one.default_level}",
        "other levels": levels,
        "countries": ", ".join(one.countries),
        "included": ", ".join(one.include) or "none",
        "excluded": ", ".join(one.exclude) or "none",
    }
    lines = [f"# {one.name.en} / {one.name.fr}", "", one.definition.en, "", one.definition.fr, "", "| | |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in rows.items()]
    return "\n".join(lines) + "\n"


def _roles(one: Indicator) -> list[tuple[str, Series]]:
    named = (
        ("value", one.value), ("numerator", one.numerator), ("denominator", one.denominator),
        ("weights of parts", one.weight_series),
    )  # fmt: skip
    return [(role, series) for role, series in named if series is not None]


def _source(one: Indicator, catalogue: Catalogue) -> Source:
    return catalogue.sources[one.series[0].source]
