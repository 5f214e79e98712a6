"""A build of an index as a list of steps: every stage is kept, and the list can be replayed with other choices."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.by_function import apply_by_block, fill_by_function
from beffroi.composite.denominate import denominate
from beffroi.composite.fill import fill_columns, fill_rows
from beffroi.composite.fill_panel import fill_panel
from beffroi.composite.outliers import treat_outliers
from beffroi.composite.rank import rank
from beffroi.composite.roll_up import roll_up
from beffroi.composite.scaling import scale_table
from beffroi.composite.screen_units import screen_units
from beffroi.composite.show import Shown
from beffroi.composite.steps import (
    ORDER,
    Aggregate,
    Custom,
    Denominate,
    Impute,
    Normalise,
    Screen,
    Step,
    Treat,
    name_of,
)
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from beffroi.composite.coin import Coin
    from beffroi.composite.compat import Compat
    from beffroi.composite.matrix import IndicatorMatrix
    from beffroi.composite.outliers import Outliers
    from beffroi.composite.screen_units import UnitScreening


@dataclass(frozen=True, slots=True)
class Recipe:
    """Steps in the order they are done, each kind at most once, and how to answer where COINr is wrong.

    >>> Recipe((Normalise(), Aggregate())).with_steps(Treat(), drop=(Aggregate,)).names
    ('treat', 'normalise')
    """

    steps: tuple[Step, ...] = (Normalise(), Aggregate())
    compat: Compat = "correct"

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.names):
            raise MethodError(f"A step comes twice in the recipe ({', '.join(self.names)}). Give each at most once.")

    @property
    def names(self) -> tuple[str, ...]:
        """What is done, in order."""
        return tuple(map(name_of, self.steps))

    def with_steps(self, *steps: Step, drop: tuple[type[Step], ...] = ()) -> Recipe:
        """Return the recipe with these steps in place of those of their kind, and without the kinds to `drop`.

        A step of a new kind goes to its place in the Handbook's order; a free step takes the place of its namesake.

        Raises:
            MethodError: a free step that the recipe does not name yet: only its maker knows where it belongs.
        """
        given = {name_of(one): one for one in steps}
        kept: list[Step] = [given.pop(name_of(one), one) for one in self.steps if type(one) not in drop]
        homeless = [name for name, one in given.items() if isinstance(one, Custom)]
        if homeless:
            raise MethodError(
                f"The free step '{homeless[0]}' has no place of its own. Write the recipe with it: Recipe((…, "
                f"Custom(name='{homeless[0]}', …), …))."
            )
        for kind in (one for one in ORDER if one.__name__.lower() in given):
            later = [
                place
                for place, one in enumerate(kept)
                if not isinstance(one, Custom) and ORDER.index(type(one)) > ORDER.index(kind)
            ]
            kept.insert(later[0] if later else len(kept), given[kind.__name__.lower()])
        return replace(self, steps=tuple(kept))


@dataclass(frozen=True, slots=True)
class IndexBuild(Shown):
    """An index with its recipe and every stage.

    `coin` holds the units that are left; `stages` maps `raw` and each step done to the table after it; `aggregate`
    holds indicators and nodes. `screening` and `outliers` are None where the step was not done. `whole` is set on one
    year of a panel: the panel's build and the year.
    """

    source: Coin
    coin: Coin
    recipe: Recipe
    stages: Mapping[str, IndicatorMatrix]
    screening: UnitScreening | None = None
    outliers: Outliers | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    whole: tuple[IndexBuild, float] | None = field(default=None, repr=False)

    @property
    def last(self) -> IndicatorMatrix:
        """The table after the last step."""
        return list(self.stages.values())[-1]

    @property
    def top(self) -> str:
        """The code of the index."""
        return self.coin.framework.at(self.coin.framework.depth)[0]

    @property
    def scores(self) -> npt.NDArray[np.float64]:
        """The index of each unit, NaN where missing."""
        return self.last.column(self.top)

    @property
    def ranks(self) -> npt.NDArray[np.float64]:
        """Rank of each unit (1 is best, ties share the better rank), in its year; NaN where the score is missing."""
        out = np.full(len(self.coin.units), np.nan)
        for rows in self.coin.blocks:
            seen = rows[~np.isnan(self.scores[rows])]
            if seen.size:
                out[seen] = rank(self.scores[seen])
        return out

    def to_columns(self) -> dict[str, Sequence[object]]:
        """Return uCode, Time in a panel, the rank if the recipe aggregates, and the table after the last step."""
        years: dict[str, Sequence[object]] = {"Time": self.coin.times} if self.coin.times else {}
        codes = self.last.indicators[::-1]
        ranks = {"rank": self.ranks.tolist()} if self.top in codes else {}
        return {"uCode": self.coin.units, **years, **ranks, **{one: self.last.column(one).tolist() for one in codes}}

    def year(self, time: float) -> IndexBuild:
        """Return one year of a panel, on the scale of the whole panel: nothing is computed again.

        Raises:
            MethodError: the panel has no row of this year.
        """
        return _cut(self, time)

    def replay(self, *steps: Step, drop: tuple[type[Step], ...] = (), compat: Compat | None = None) -> IndexBuild:
        """Build again from the raw figures with other choices; stages before the first change are taken over.

        One year of a panel is built again with its panel, so that what the years share (a scale) stays shared.
        """
        if self.whole:
            panel, year = self.whole
            return panel.replay(*steps, drop=drop, compat=compat).year(year)
        changed = self.recipe.with_steps(*steps, drop=drop)
        changed = changed if compat is None else replace(changed, compat=compat)
        return build_index(self.source, changed, known=self)


def build_index(coin: Coin, recipe: Recipe | None = None, *, known: IndexBuild | None = None) -> IndexBuild:
    r"""Build an index by a recipe.

    Args:
        coin: figures and framework, one year or a panel.
        recipe: the steps; by default min–max and weighted arithmetic means.
        known: an earlier build of the same coin; what both recipes begin with is not computed again.

    Returns:
        The build, with the table after every step.

    Raises:
        MethodError: a step cannot be applied to these figures; the indicator and unit are named.

    >>> from beffroi.composite.coin_input import read_coin
    >>> from beffroi.composite.scaling import Scale
    >>> coin = read_coin("uCode,x,y\nA,1,2\nB,3,1\nC,2,3\n", "Level,iCode,Parent,Direction,Weight,Type\n"
    ...     "1,x,top,1,1,Indicator\n1,y,top,1,1,Indicator\n2,top,,1,1,Aggregate\n")
    >>> made = build_index(coin)
    >>> made.scores.tolist(), made.replay(Normalise(scale=Scale(method="rank"))).ranks.tolist()
    ([25.0, 50.0, 75.0], [3.0, 2.0, 1.0])
    """
    recipe = recipe or Recipe()
    _refuse_infinite(coin)
    done = IndexBuild(coin, coin, recipe, {"raw": coin.data})
    shared = 0
    if known is not None and known.source is coin and known.recipe.compat == recipe.compat:
        while shared < min(len(recipe.steps), len(known.recipe.steps)) and _same(recipe, known.recipe, shared):
            shared += 1
        if "screen" not in known.recipe.names[shared:]:
            kept = ("raw", *recipe.names[:shared])
            done = replace(known, recipe=recipe, stages={name: known.stages[name] for name in kept})
            done = done if "treat" in kept else replace(done, outliers=None)
        else:
            shared = 0
    for step, name in zip(recipe.steps[shared:], recipe.names[shared:], strict=True):
        done = _do(done, step, name)
    return done


def _refuse_infinite(coin: Coin) -> None:
    endless = np.isinf(coin.data.values)
    if endless.any():
        row, column = map(int, np.argwhere(endless)[0])
        raise MethodError(
            f"Indicator '{coin.data.indicators[column]}' is infinite for {coin.units[row]}, so it has no place on a "
            "scale. Correct the figure, or leave it empty."
        )


def _same(one: Recipe, other: Recipe, place: int) -> bool:
    return one.steps[place] is other.steps[place] or one.steps[place] == other.steps[place]


def _do(done: IndexBuild, step: Step, name: str) -> IndexBuild:
    table, coin, compat = done.last, done.coin, done.recipe.compat
    apart = coin.blocks if coin.times else None
    match step:
        case Denominate():
            made = denominate(table, coin, by=step.by, factors=step.factors)
        case Screen():
            return _screened(done, step)
        case Impute():
            made = _imputed(table, coin, step)
        case Treat():
            blocks = None if step.pooled else apart
            treated = treat_outliers(
                table, spec=step.spec, by_indicator=step.by_indicator, blocks=blocks, compat=compat
            )
            done, made = replace(done, outliers=treated), treated.table
        case Normalise():
            made = scale_table(
                table, coin.framework, scale=step.scale, by_indicator=step.by_indicator,
                blocks=None if step.pooled else apart, compat=compat,
            )  # fmt: skip
        case Aggregate():
            made = roll_up(
                table, coin.framework, rules=step.rules, weights=step.weights, blocks=apart,
                least_available=step.least_available, compat=compat,
            )  # fmt: skip
            done = replace(done, weights={**coin.framework.weights, **(step.weights or {})})
        case Custom():
            rows = (np.arange(len(coin.units)),) if step.pooled else coin.blocks
            made = apply_by_block(table, step.function, rows, f"free step '{step.name}'")
    return replace(done, stages={**done.stages, name: made})


def _screened(done: IndexBuild, step: Screen) -> IndexBuild:
    found = screen_units(
        done.last, rule=step.rule, least_available=step.least_available, least_nonzero=step.least_nonzero,
        force=step.force,
    )  # fmt: skip
    made = done.last.keep(found.kept, np.ones(len(done.last.indicators), dtype=bool))
    coin = done.coin.rows(np.flatnonzero(found.kept))
    return replace(done, coin=coin, screening=found, stages={**done.stages, "screen": made})


def _imputed(table: IndicatorMatrix, coin: Coin, step: Impute) -> IndicatorMatrix:
    if step.by == "panel":
        if not coin.times:
            raise MethodError("Filling over years needs a panel: a column Time with two years or more.")
        table = fill_panel(table, coin.times, method=step.panel, most_years=step.most_years)
        return table if step.then is None else _imputed(table, coin, Impute(centre=step.then))
    values = table.values.copy()
    for rows in (np.arange(len(coin.units)),) if step.pooled else coin.blocks:
        part = type(table)(tuple(table.regions[i] for i in rows), table.indicators, table.values[rows])
        groups = [coin.group(step.group)[i] for i in rows] if step.group else None
        values[rows] = _filled(part, coin, step, groups).values
    return table.with_values(values)


def _filled(table: IndicatorMatrix, coin: Coin, step: Impute, groups: Sequence[str] | None) -> IndicatorMatrix:
    if step.by == "row":
        return fill_rows(
            table, coin.framework, centre=step.centre, level=step.level, normalise_first=step.normalise_first
        )
    if step.function is None:
        return fill_columns(table, centre=step.centre, groups=groups)
    labels = np.asarray(groups or ["all"] * len(table.regions), dtype=object)
    blocks = [np.flatnonzero(labels == one) for one in dict.fromkeys(labels) if one]
    return fill_by_function(table, step.function, blocks)


def _cut(built: IndexBuild, year: float) -> IndexBuild:
    """Return the year of a build: its rows of every stage, nothing computed again (see `IndexBuild.year`)."""
    source, coin = _rows(built.source, year), _rows(built.coin, year)

    def part(table: IndicatorMatrix) -> IndicatorMatrix:
        rows = source if len(table.regions) == len(built.source.units) else coin
        return type(table)(tuple(table.regions[i] for i in rows), table.indicators, table.values[rows])

    return replace(
        built,
        source=built.source.year(year),
        coin=built.coin.year(year),
        stages={name: part(table) for name, table in built.stages.items()},
        screening=_year_of_screening(built.screening, source) if built.screening else None,
        outliers=_year_of_outliers(built.outliers, coin, part, sorted(set(built.coin.times)).index(year))
        if built.outliers
        else None,
        whole=(built, year),
    )


def _rows(coin: Coin, year: float) -> npt.NDArray[np.intp]:
    return np.flatnonzero(np.asarray(coin.times) == year)


def _year_of_screening(found: UnitScreening, rows: npt.NDArray[np.intp]) -> UnitScreening:
    has = found.availability
    return replace(
        found,
        availability=replace(
            has,
            units=tuple(has.units[i] for i in rows),
            missing=has.missing[rows],
            zeros=has.zeros[rows],
            available=has.available[rows],
            nonzero=has.nonzero[rows],
        ),
        low_data=found.low_data[rows],
        low_nonzero=found.low_nonzero[rows],
        kept=found.kept[rows],
    )


def _year_of_outliers(
    found: Outliers, rows: npt.NDArray[np.intp], part: Callable[[IndicatorMatrix], IndicatorMatrix], place: int
) -> Outliers:
    if len(found.blocks) > 1:
        outcomes = found.blocks[place]
    else:
        outcomes = tuple(replace(one, marks=tuple(one.marks[i] for i in rows)) for one in found.outcomes)
    return replace(found, table=part(found.table), outcomes=outcomes, blocks=(outcomes,))
