"""What in a specification does not fit the figures and the recipe, read off before anything is computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from math import inf, isfinite
from typing import TYPE_CHECKING, cast, get_args

from beffroi.composite.fill import Centre
from beffroi.composite.fill_panel import PanelFilling
from beffroi.composite.outliers import Method
from beffroi.composite.scaling import ScaleMethod
from beffroi.composite.screen_units import Rule
from beffroi.composite.steps import Aggregate, Denominate, Impute, Normalise, Screen, Treat
from beffroi.composite.vary import (
    INSIDE,
    KINDS,
    DataNoise,
    DrawImputation,
    LeaveOut,
    Varied,
    VaryParameter,
    VaryStep,
    WeightDirichlet,
    WeightNoise,
    WeightSets,
    with_parameter,
)
from beffroi.composite.weigh import rescaled_weights
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from beffroi.composite.coin import Coin
    from beffroi.composite.draws import Setup
    from beffroi.composite.steps import Step

WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("normalise", "scale.method"): get_args(ScaleMethod),
    ("treat", "spec.first"): get_args(Method),
    ("treat", "spec.second"): get_args(Method),
    ("impute", "by"): ("column", "row", "panel"),
    ("impute", "centre"): get_args(Centre),
    ("impute", "panel"): get_args(PanelFilling),
    ("screen", "rule"): get_args(Rule),
}
WHOLE = ("win_most", "unit", "level", "most_years")
ONCE = (DataNoise, LeaveOut, DrawImputation, WeightSets)


def faults_of(varied: Varied, setup: Setup) -> tuple[str, ...]:
    """Return all that is wrong with one choice, each as a sentence; empty if it can be run."""
    match varied:
        case VaryStep():
            found = _step(varied, setup)
        case VaryParameter():
            found = _parameter(varied, setup)
        case WeightNoise() | WeightDirichlet():
            found = _level(varied, setup)
        case WeightSets():
            found = _sets(varied, setup)
        case DataNoise():
            found = _noise(varied, setup)
        case LeaveOut():
            found = _leaving(varied, setup)
        case DrawImputation():
            found = _filling(varied, setup)
    return tuple(f"'{varied.name}': {one}" for one in found)


def clashes(setup: Setup) -> tuple[str, ...]:
    """Return what is wrong with the choices together: names, and two that vary the same thing."""
    vary = setup.spec.vary
    out = [] if vary else ["nothing is listed. List at least one choice."]
    out += [f"the name '{name}' is given to {n} choices. Name each apart." for name, n in _many(o.name for o in vary)]
    steps = (one.step for one in vary if isinstance(one, VaryStep))
    out += [f"step '{step}' is varied {n} times. Put all its options into one." for step, n in _many(steps)]
    settings = (f"{one.step}.{one.parameter}" for one in vary if isinstance(one, VaryParameter))
    out += [f"'{name}' is varied {n} times. Put all its values into one." for name, n in _many(settings)]
    levels = (one.level for one in vary if isinstance(one, WeightNoise | WeightDirichlet))
    out += [f"the weights of level {level} are varied {n} times. Choose one way." for level, n in _many(levels)]
    kinds = (type(one).__name__ for one in vary if isinstance(one, ONCE))
    out += [f"there are {n} of kind {kind}. Give one." for kind, n in _many(kinds)]
    for one in (each for each in vary if isinstance(each, WeightDirichlet)):
        codes = set(setup.coin.framework.at(one.level))
        named = {code for sets in vary if isinstance(sets, WeightSets) for each in sets.sets for code in each}
        named |= {code for step in _options(setup, "aggregate") for code in getattr(step, "weights", None) or {}}
        nominal = {code for step in setup.recipe.steps if isinstance(step, Aggregate) for code in step.weights or {}}
        if clash := sorted((named - nominal) & codes):
            out.append(f"'{one.name}' draws the weight of '{clash[0]}', which another choice sets. Choose one way.")
    return tuple(out)


def _many(things: Iterable[object]) -> Iterator[tuple[object, int]]:
    return ((one, n) for one, n in Counter(things).items() if n > 1)


def _options(setup: Setup, step: str) -> list[Step]:
    varied = [one for one in setup.spec.vary if isinstance(one, VaryStep) and one.step == step]
    return [option for one in varied for option in one.options if option is not None]


def step_faults(step: Step, coin: Coin) -> list[str]:
    """Return what a step names that the coin does not have: groups, levels, denominators, codes."""
    tree, out = coin.framework, []
    match step:
        case Denominate():
            pairs = {n.code: n.denominator for n in tree.nodes if n.denominator} if step.by is None else dict(step.by)
            out += _unknown({*(step.by or {}), *(step.factors or {})}, tree.indicators, "is no indicator")
            out += _unknown(pairs.values(), coin.denominators, "is not among the denominators")
        case Screen():
            out += _unknown(step.force or {}, coin.units, "is no unit")
        case Impute():
            out += _unknown([step.group] if step.group else [], coin.groups, "is not a group column")
            if step.level is not None and not 1 < step.level <= tree.depth:
                out.append(f"level {step.level} has no groups of indicators: levels go from 2 to {tree.depth}.")
            if step.by == "panel" and not coin.times:
                out.append("filling over years needs a panel: a column Time with two years or more.")
        case Treat() | Normalise():
            out += _unknown(step.by_indicator or {}, tree.indicators, "is no indicator")
        case Aggregate():
            out += _unknown(step.weights or {}, tree.weights, "is not in the tree")
            out += _unknown(step.rules if isinstance(step.rules, Mapping) else (), tree.aggregates, "is no aggregate")
            needed = step.least_available if isinstance(step.least_available, Mapping) else ()
            out += _unknown(needed, tree.aggregates, "is no aggregate")
    return out


def _unknown(given: Iterable[str], known: Iterable[str], what: str) -> list[str]:
    there = tuple(known)
    said = f"{', '.join(there[:8])}{' …' if there[8:] else ''}" or "none"
    return [f"'{one}' {what} (known: {said})." for one in sorted(set(given) - set(there))]


def _step(varied: VaryStep, setup: Setup) -> list[str]:
    if varied.step not in KINDS:
        return [f"'{varied.step}' is not a step. Choose one of {', '.join(KINDS)}."]
    out = []
    kind = KINDS[varied.step]
    if not varied.options:
        out.append("no option is given. Give two or more.")
    if any(one is not None and not isinstance(one, kind) for one in varied.options):
        out.append(f"an option is not a step of kind {kind.__name__}.")
        return out
    if varied.step not in setup.recipe.names and None not in varied.options:
        out.append(_absent(varied.step, setup) + " Or list 'not done' among the options.")
    if varied.step == "aggregate" and None in varied.options:
        out.append("without aggregation there is no index to rank. Take 'not done' out.")
    for one in varied.options:
        out += step_faults(one, setup.coin) if one is not None else []
    return out


def _absent(step: str, setup: Setup) -> str:
    done = ", ".join(setup.recipe.names) or "nothing"
    return f"the recipe has no step '{step}' (it has: {done}), so varying it would change nothing. Add the step first."


def _parameter(varied: VaryParameter, setup: Setup) -> list[str]:
    if varied.step not in KINDS:
        return [f"'{varied.step}' is not a step. Choose one of {', '.join(KINDS)}."]
    out = []
    if varied.step not in setup.recipe.names and not _options(setup, varied.step):
        out.append(_absent(varied.step, setup))
    interval = varied.low is not None and varied.high is not None
    out += _ends(varied)
    done = [one for one in (*setup.recipe.steps, *_options(setup, varied.step)) if isinstance(one, KINDS[varied.step])]
    known: list[Step] = [*done] or [cast("Callable[[], Step]", KINDS[varied.step])()]
    for step in known:
        try:
            for value in varied.values or (varied.low,):
                with_parameter(step, varied.parameter, value)
        except MethodError as wrong:
            return [*out, str(wrong)]
    last = varied.parameter.rsplit(".", maxsplit=1)[-1]
    if interval and (last in WHOLE or _default(known[0], varied.parameter) is not float):
        out.append(f"'{varied.parameter}' is not a number with decimals. Give a list of `values`.")
    return out + [one for value in varied.values for one in _value(value, varied, known[0])]


def _ends(varied: VaryParameter) -> list[str]:
    low, high = varied.low, varied.high
    if bool(varied.values) == (low is not None or high is not None) or (low is None) != (high is None):
        return ["give either `values`, or both `low` and `high`."]
    if low is not None and high is not None and not -inf < low < high < inf:
        return [f"the interval from {low:g} to {high:g} is empty or has no end. Put low below high."]
    return []


def _value(value: object, varied: VaryParameter, step: Step) -> list[str]:
    words = WORDS.get((varied.step, varied.parameter))
    if words and value is not None and value not in words:
        return [f"{value!r} is not a value of '{varied.parameter}'. Choose among {', '.join(words)}."]
    if not words and not _fits(value, _default(step, varied.parameter), varied.parameter):
        return [f"{value!r} is of the wrong kind for '{varied.parameter}'."]
    return []


def _default(step: Step, parameter: str) -> type[object]:
    """The type of a setting, as its default shows it; shares and targets are numbers, though None by default."""
    inside, last = parameter.rpartition(".")[::2]
    thing: object = INSIDE[inside]() if inside else step
    value = next(one.default for one in fields(thing) if one.name == last)  # type: ignore[arg-type]  # -- a dataclass
    return float if last in ("least_available", "target", "least_nonzero") else type(value)


def _fits(value: object, kind: type[object], parameter: str) -> bool:
    if parameter.rsplit(".", maxsplit=1)[-1] in WHOLE:
        return value is None or (isinstance(value, int) and not isinstance(value, bool))
    if kind is float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and isfinite(float(str(value)))
    return kind is type(None) or isinstance(value, kind)


def _level(varied: WeightNoise | WeightDirichlet, setup: Setup) -> list[str]:
    tree, out = setup.coin.framework, []
    if not 1 <= varied.level <= tree.depth:
        out.append(f"there is no level {varied.level}: the tree has levels 1 to {tree.depth}.")
    else:
        parents = [tree.node(code).parent for code in tree.at(varied.level)]
        if len(set(parents)) == len(parents):
            out.append(f"no element of level {varied.level} has a sibling, so its weights change nothing.")
    if isinstance(varied, WeightNoise) and not 0 < varied.spread <= 1:
        out.append(f"a spread lies above 0 and up to 1, not at {varied.spread:g}: weights must not turn negative.")
    if isinstance(varied, WeightDirichlet) and not 0 < varied.concentration < inf:
        out.append(f"the concentration is a number above 0, not {varied.concentration:g}.")
    return out


def _sets(varied: WeightSets, setup: Setup) -> list[str]:
    out = [] if varied.sets else ["no set is given. Give two or more."]
    if varied.labels and len(varied.labels) != len(varied.sets):
        out.append(f"{len(varied.labels)} labels were given for {len(varied.sets)} sets. Give one each, or none.")
    for number, one in enumerate(varied.sets, start=1):
        lost = _unknown(one, setup.coin.framework.weights, f"has a weight in set {number} and is not in the tree")
        bad = [code for code, w in one.items() if not isfinite(w) or (w < 0 and setup.recipe.compat == "correct")]
        out += lost + [f"'{code}' has the weight {one[code]:g} in set {number}. Give 0 or more." for code in bad]
        if not lost and not bad:
            try:
                rescaled_weights(setup.coin.framework, {**setup.weights(), **one})
            except MethodError as wrong:
                out.append(f"set {number}: {wrong}")
    return out


def _noise(varied: DataNoise, setup: Setup) -> list[str]:
    coin = setup.coin
    codes = {*varied.sd, *(code for row in varied.errors.values() for code in row)}
    out = _unknown(codes, coin.framework.indicators, "has a standard error and is no indicator")
    out += _unknown(varied.errors, coin.units, "has standard errors and is no unit")
    errors = [*varied.sd.values(), *(sd for row in varied.errors.values() for sd in row.values())]
    if not all(isfinite(sd) and sd >= 0 for sd in errors) or not any(errors):
        out.append("standard errors are numbers of 0 or more, at least one above 0, in the indicator's own unit.")
    return out + _count(varied.draws)


def _leaving(varied: LeaveOut, setup: Setup) -> list[str]:
    codes = setup.coin.framework.indicators
    out = _unknown(varied.indicators, codes, "is to be left out and is no indicator")
    out += [f"'{code}' is listed {n} times." for code, n in _many(varied.indicators)]
    if len(codes) == 1:
        out.append("there is one indicator, and without it there is no index.")
    if varied.probability is not None and not 0 < varied.probability < 1:
        out.append(f"a probability lies between 0 and 1, not at {varied.probability:g}.")
    return out


def _filling(varied: DrawImputation, setup: Setup) -> list[str]:
    steps = [one for one in (*setup.recipe.steps, *_options(setup, "impute")) if isinstance(one, Impute)]
    out = [] if steps else [_absent("impute", setup)]
    out += [f"residuals are known for filling by column, not by {one.by}." for one in steps if one.by != "column"]
    return out + _count(varied.draws)


def _count(draws: int) -> list[str]:
    return [] if draws >= 1 else [f"{draws} tables were asked for. Ask for at least one."]
