"""Boards that readers may start from; the first is the real one of 2015, from 24 to 40 seats."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from beffroi.assembly.seat_rule import Reserve, SeatRule, Territory
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Preset:
    """A board ready to simulate. `classes` counts members by territory and size class."""

    id: str
    title: Text
    note: Text
    territories: tuple[Territory, ...]
    rule: SeatRule
    classes: Mapping[str, Mapping[str, Fraction]]


def _counts(**given: int) -> dict[str, Fraction]:
    return {name: Fraction(count) for name, count in given.items()}


GROWTH = Preset(
    "growth-2015",
    Text("De 24 à 40 sièges, dont 10 réservés", "From 24 to 40 seats, 10 of them reserved"),
    Text("Deux associations rejoignent le conseil : 170 et 80 adhérents à jour (presse de 2015). "
         "Les effectifs des trois autres territoires sont inventés.",
         "Two associations join the board: 170 and 80 paid-up members (press of 2015). "
         "The members of the three other territories are invented."),
    (
        Territory("Lyon", _counts(members=150)), Territory("Grenoble", _counts(members=90)),
        Territory("Clermont-Ferrand", _counts(members=60)), Territory("Saint-Étienne", _counts(members=170)),
        Territory("Valence", _counts(members=80)),
    ),
    SeatRule(
        "sainte-lague", 40, {"members": Fraction(1)},
        reserves=(Reserve("reserve", 10, ("Saint-Étienne", "Valence")),), ties="larger",
    ),
    {
        "Lyon": _counts(small=90, large=60), "Grenoble": _counts(small=50, large=40),
        "Clermont-Ferrand": _counts(small=45, large=15), "Saint-Étienne": _counts(small=150, large=20),
        "Valence": _counts(small=75, large=5),
    },
)  # fmt: skip
PRESETS = {GROWTH.id: GROWTH}
