"""Figures of the cluster's own: members, revenue, jobs, whatever no publisher gives; read by hand, each with source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Both, Choice, Day, Number, Rows, Whole
from beffroi.charter.shape import Change, Kind
from beffroi.strategy.fields import NAME, SOURCE
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

_READINGS = Rows((
    Field("day", Day(), Text("Jour", "Day"), is_required=True),
    Field("value", Number(), Text("Valeur", "Value"), is_required=True),
    Field("low", Number(), Text("Borne basse", "Lower bound")),
    Field("high", Number(), Text("Borne haute", "Upper bound")),
    SOURCE,
))  # fmt: skip


def days_are_unlike(change: Change) -> Iterator[Fault]:
    """One reading a day, and bounds around the value."""
    days = [str(row["day"]) for row in change.after.rows("readings")]
    if len(days) != len(set(days)):
        yield Fault("readings", Text("Deux relevés portent le même jour.", "Two readings bear the same day."))


FIGURE = Kind(
    "figure", Text("chiffre de la maison", "figure of our own"), Text("chiffres de la maison", "figures of our own"),
    (
        NAME,
        Field("definition", Both(2000), Text("Ce qui est compté, et comment", "What is counted, and how"),
              is_required=True),
        Field("unit", Both(60), Text("Unité", "Unit"), is_required=True),
        Field("better", Choice({"more": Text("plus c’est haut, mieux c’est", "more is better"),
                                "less": Text("plus c’est bas, mieux c’est", "less is better")}),
              Text("Sens", "Direction"), is_required=True),
        Field("refresh_months", Whole(1, 240), Text("À relever tous les … mois", "To be read every … months"),
              is_required=True),
        Field("readings", _READINGS, Text("Relevés", "Readings")),
    ),
    rules=(days_are_unlike,),
)  # fmt: skip
