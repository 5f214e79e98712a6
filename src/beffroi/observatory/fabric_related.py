"""Which activities go with the perimeter and which of them a territory has: relatedness, density, and an axis.

Departements are compared: two activities are related when the départements specialised in one are those specialised in
the other. On the axis an activity lies between technology (the perimeter) and commerce (section G of NAF rev. 2,
divisions 45 to 47, without what the perimeter holds of it).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.observatory.fabric_answer import Answer
from beffroi.observatory.fabric_race import TRADE
from beffroi.observatory.fabric_territories import COUNTRY, inside, level_of, name_of
from beffroi.specialisation.quotient import is_specialised
from beffroi.specialisation.related_activities import Measure, relatedness, relatedness_density
from beffroi.store.registers_figures import Question, contributors_sql
from beffroi.survey.disclosure import SHOWN, TOO_FEW, Rule
from beffroi.vocabulary.activities import division_name
from beffroi.vocabulary.errors import MethodError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from beffroi.observatory.fabric_subject import Subject
    from beffroi.store.registers_engine import Engine
    from beffroi.store.tables import Value

    Floats = npt.NDArray[np.float64]

FEWEST_REGIONS = 5
RELATED = ("inside", "specialised", "density", "to_technology", "to_commerce", "axis")


@dataclass(frozen=True, slots=True)
class Space:
    """Départements × activities of establishments and their units, and how related the activities are.

    `activities` are codes of a level; `technology` and `commerce` tell which of them are a pole of the axis.
    """

    regions: tuple[str, ...]
    activities: tuple[str, ...]
    values: Floats
    units: Floats
    related: Floats
    technology: npt.NDArray[np.bool_]
    commerce: npt.NDArray[np.bool_]

    @property
    def to_technology(self) -> Floats:
        """Mean relatedness with the activities of the perimeter, itself left out."""
        return _mean_to(self.related, self.technology)

    @property
    def to_commerce(self) -> Floats:
        """Mean relatedness with trade, itself left out."""
        return _mean_to(self.related, self.commerce)


def _mean_to(related: Floats, pole: npt.NDArray[np.bool_]) -> Floats:
    count = pole.sum() - pole
    return np.asarray(np.divide(related @ pole, count, out=np.full(pole.size, np.nan), where=count > 0))


def space_of(asked: Subject, engine: Engine, *, by: str = "branch", measure: Measure = "proximity") -> Space:
    """Count départements × activities and relate the activities.

    Raises:
        MethodError: establishments in fewer than five départements: nothing is found together often enough.
    """
    question = Question(by=("territory", "activity"), territory="nuts3", activity=by, vintage=asked.vintage)
    found = {
        (str(region), str(activity)): (int(row[1]), int(row[0]))
        for region, activity, *row in engine.rows(contributors_sql(question, ordered=False))[1]
        if region and activity
    }
    regions, activities = (tuple(sorted({key[k] for key in found})) for k in (0, 1))
    if len(regions) < FEWEST_REGIONS:
        raise MethodError(
            f"Establishments lie in {len(regions)} départements; {FEWEST_REGIONS} or more are needed to say which "
            "activities go together. Load the register of the whole country."
        )
    values, units = (np.zeros((len(regions), len(activities))) for _ in range(2))
    for (region, activity), (count, firms) in found.items():
        at = regions.index(region), activities.index(activity)
        values[at], units[at] = count, firms
    related = relatedness(is_specialised(values), measure=measure)
    return Space(regions, activities, values, units, related, *poles(activities, asked))


def related_of(
    asked: Subject, *, territory: str, by: str = "branch", measure: Measure = "proximity", space: Space | None = None
) -> Answer:
    """Each activity in a territory: specialised or not, how near it is to what is there, its place on the axis.

    `density` is the share (0..1) of the activity's relatedness that the territory is specialised in. `axis` runs from
    -1 (goes with trade) to 1 (goes with the perimeter). Whether a territory is specialised in an activity of one or
    two firms is secret; no count is shown.

    Args:
        asked: perimeter and month.
        territory: NUTS region or the country.
        by: level of activities.
        measure: of relatedness.
        space: counted before.

    Raises:
        UsageError: a territory below NUTS-3.
        MethodError: fewer than five départements.

    Source: Hidalgo et al. (2007), Science 317, 482–487, doi:10.1126/science.1144581.
    """
    if space is None:
        with asked.engine() as engine:
            space = space_of(asked, engine, by=by, measure=measure)
    near = nearness(space)
    rows: list[tuple[Value, ...]] = []
    for k, (activity, has, dense, why) in enumerate(held_by(space, territory)):
        label = division_name(activity[:2], asked.vintage).fr
        rows.append((territory, name_of(territory), activity, label, int(space.technology[k]), has, dense, *near[k],
                     why))  # fmt: skip
    rows.sort(key=lambda row: (-row[6] if isinstance(row[6], float) else 1.0, str(row[2])))
    return Answer("relatedness", asked, ("territory", "name", "activity", "division"), RELATED, tuple(rows))


def held_by(space: Space, territory: str) -> list[tuple[str, int | None, float | None, str]]:
    """Each activity, whether the territory is specialised in it, its density there, and why the first is secret.

    Raises:
        UsageError: a territory below NUTS-3.
    """
    mine = _rows_of(space, territory)
    own, firms = space.values[mine].sum(axis=0), space.units[mine].sum(axis=0)
    # The territory stands beside the rest of the country: a table of two rows has the country as its total.
    has = is_specialised(np.stack([own, space.values.sum(axis=0) - own]))[:1]
    density = relatedness_density(has, space.related)[0]
    few = (firms > 0) & (firms < Rule().least_units)
    return [
        (one, None if few[k] else int(has[0, k]), _clean(density[k]), TOO_FEW if few[k] else SHOWN)
        for k, one in enumerate(space.activities)
    ]


def nearness(space: Space) -> list[tuple[float | None, float | None, float | None]]:
    """Of each activity: how near it is to the perimeter, how near to trade, and where it lies between them."""
    technology, commerce = space.to_technology, space.to_commerce
    pairs = [(_clean(one), _clean(other)) for one, other in zip(technology, commerce, strict=True)]
    return [(*pair, _axis(*pair)) for pair in pairs]


def poles(activities: Sequence[str], asked: Subject) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which activities the perimeter holds, and which are trade and not the perimeter's."""
    technology = np.array([one.startswith(asked.codes) for one in activities])
    return technology, np.array([one.startswith(TRADE[asked.vintage]) for one in activities]) & ~technology


def _rows_of(space: Space, territory: str) -> list[int]:
    level = level_of(territory)
    if level in ("epci", "commune"):
        raise UsageError("Related activities are told for départements and larger territories; give a NUTS code.")
    codes = {territory} if level == "nuts3" else set(inside(territory, "nuts3"))
    return [k for k, region in enumerate(space.regions) if region in codes or territory == COUNTRY]


def _axis(technology: float | None, commerce: float | None) -> float | None:
    if technology is None or commerce is None or technology + commerce == 0:
        return None
    return (technology - commerce) / (technology + commerce)


def _clean(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
