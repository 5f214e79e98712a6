"""Stages on the way: first in France, among five in Europe, first; three billion, then five.

A stage is a metric over a stated population with a threshold and a day. Its assessments are entered with their source
and keep the definition under which they were made.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Both, Choice, Day, Line, Link, Number, Outside, Prose, Whole
from beffroi.charter.shape import Kind
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.shape import Change

RANK, INDICATOR, REVENUE = "rank", "indicator", "member_revenue"
OPEN, REACHED = "open", "reached"
DECLARED = "declared"
METRICS = {
    RANK: Text("rang d’une région dans un ensemble de comparaison", "rank of a region in a comparison set"),
    INDICATOR: Text("valeur d’un indicateur", "value of an indicator"),
    REVENUE: Text("chiffre d’affaires cumulé des membres", "pooled revenue of the members"),
}
# What makes a stage what it is: when one of these changes, older assessments belong to the former definition.
DEFINING = ("metric", "region", "indicator", "population", "unit", "threshold", "better")


def _definition(change: Change) -> Iterator[Fault]:
    stage = change.after
    if stage.get("metric") == INDICATOR and not stage.get("indicator"):
        yield Fault("indicator", Text("Indicateur : à nommer pour cette mesure.", "Indicator: this metric needs one."))
    if stage.get("metric") != REVENUE and not stage.get("region"):
        yield Fault("region", Text("Région : à nommer pour cette mesure.", "Region: this metric needs one."))


def _one_place_each(change: Change) -> Iterator[Fault]:
    for one in change.book.of("stage"):
        same = (one.get("track"), one.get("place")) == (change.after.get("track"), change.after.get("place"))
        if same and one.id != change.after.id:
            yield Fault("place", Text(
                f"{one.id} tient déjà cette place sur ce parcours ; choisissez-en une autre.",
                f"{one.id} already holds this place on this track; choose another."))  # fmt: skip


def _reached_by_a_figure(change: Change) -> Iterator[Fault]:
    if not change.is_set("status") or change.after.get("status") != REACHED:
        return
    last = latest(change.book, change.after.id)
    if last is None or not is_met(change.after.values, Decimal(last.text("value"))):
        given = Text("aucune", "none") if last is None else Text(last.text("value"), last.text("value"))
        yield Fault("status", Text(
            f"La dernière mesure ({given.fr}) n’atteint pas le seuil ({change.after.text('threshold')}) : inscrivez "
            "d’abord une mesure qui l’atteint.",
            f"The latest assessment ({given.en}) does not meet the threshold ({change.after.text('threshold')}): enter "
            "one that does first."))  # fmt: skip
    before = [one for one in change.book.of("stage") if _is_earlier(one, change.after) and one.get("status") != REACHED]
    if before and not change.after.get("override_reason"):
        names = ", ".join(one.id for one in before)
        yield Fault("override_reason", Text(
            f"Une étape précédente n’est pas franchie ({names}). Franchissez-la d’abord, ou dites par écrit pourquoi "
            "passer outre.",
            f"An earlier stage is not reached ({names}). Reach it first, or say in writing why to go "
            "ahead."))  # fmt: skip


STAGE = Kind(
    "stage",
    Text("étape", "stage"),
    Text("étapes", "stages"),
    (
        Field("name", Both(120), Text("nom", "name"), is_required=True),
        Field("vision", Link(("vision",)), Text("vision", "vision")),
        Field("track", Line(40), Text("parcours", "track"), is_required=True,
              help=Text("Les étapes d’un même parcours se suivent.", "Stages of one track follow each other.")),
        Field("place", Whole(1), Text("place sur le parcours", "place on the track"), is_required=True),
        Field("metric", Choice(METRICS), Text("mesure", "metric"), is_required=True),
        Field("region", Outside("region"), Text("région", "region")),
        Field("indicator", Outside("indicator"), Text("indicateur", "indicator")),
        Field("population", Outside("population"), Text("population", "population"), is_required=True,
              help=Text("Parmi qui l’on se mesure : un ensemble de comparaison, ou les membres.",
                        "Among whom one is measured: a comparison set, or the members.")),
        Field("population_in_words", Both(300), Text("population en clair", "population in words")),
        Field("unit", Line(20), Text("unité", "unit")),
        Field("threshold", Number(), Text("seuil", "threshold"), is_required=True),
        Field("better", Choice({"high": Text("plus haut est mieux", "higher is better"),
                                "low": Text("plus bas est mieux", "lower is better")}),
              Text("sens", "direction"), is_required=True),
        Field("by", Day(), Text("échéance", "due"), is_required=True),
        Field("status", Choice({OPEN: Text("en chemin", "on the way"), REACHED: Text("franchie", "reached")}),
              Text("état", "status"), is_required=True),
        Field("reached_on", Day(), Text("franchie le", "reached on")),
        Field("override_reason", Prose(2000), Text("pourquoi passer outre", "why to go ahead")),
    ),
    rules=(_definition, _one_place_each, _reached_by_a_figure),
)  # fmt: skip


def _never_changed(change: Change) -> Iterator[Fault]:
    if change.before is not None and change.act not in {"archived", "restored"}:
        yield Fault("", Text(
            "Une mesure inscrite ne change pas : inscrivez-en une autre.",
            "An assessment does not change once entered: enter another one."))  # fmt: skip


def _under_the_present_definition(change: Change) -> Iterator[Fault]:
    stage = change.book.find(change.after.text("stage"))
    if change.before is None and stage is not None and change.after.get("definition") != stage.entry:
        yield Fault("definition", Text(
            f"L’étape a changé entre-temps (inscription {stage.entry}) : relisez-la, puis mesurez de nouveau.",
            f"The stage changed meanwhile (entry {stage.entry}): read it again, then assess it anew."))  # fmt: skip


def _inside_its_interval(change: Change) -> Iterator[Fault]:
    value, low, high = (change.after.text(name) for name in ("value", "low", "high"))
    if bool(low) != bool(high):
        yield Fault("low", Text("L’intervalle veut ses deux bornes.", "An interval needs both ends."))
    elif low and not Decimal(low) <= Decimal(value) <= Decimal(high):
        yield Fault("low", Text(
            f"{value} n’est pas entre {low} et {high}.",
            f"{value} does not lie between {low} and {high}."))  # fmt: skip


ASSESSMENT = Kind(
    "assessment",
    Text("mesure d’étape", "assessment"),
    Text("mesures d’étapes", "assessments"),
    (
        Field("stage", Link(("stage",)), Text("étape", "stage"), is_required=True),
        Field("definition", Whole(1), Text("inscription qui définit l’étape", "entry that defines the stage"),
              is_required=True),
        Field("on", Day(), Text("au", "on"), is_required=True),
        Field("value", Number(), Text("valeur", "value"), is_required=True),
        Field("low", Number(), Text("borne basse", "low end")),
        Field("high", Number(), Text("borne haute", "high end")),
        Field("stated_sum", Number(0), Text("somme déclarée par des membres", "sum stated by members")),
        Field("stated_by", Whole(0), Text("membres qui déclarent", "members who state")),
        Field("estimated_sum", Number(0), Text("estimation pour les autres", "estimate for the others")),
        Field("estimated_for", Whole(0), Text("membres estimés", "members estimated")),
        Field("source", Line(300), Text("source", "source"), is_required=True),
        Field("edition", Outside("edition"), Text("édition", "edition")),
        Field("permalink", Line(300), Text("adresse permanente", "permalink")),
    ),
    title="on",
    rules=(_never_changed, _under_the_present_definition, _inside_its_interval),
)  # fmt: skip


def latest(book: Book, stage: str) -> Thing | None:
    """Return the assessment of the latest day; None when there is none."""
    return max(book.linking(stage, "assessment", "stage"), key=lambda one: (one.text("on"), one.entry), default=None)


def is_met(definition: Mapping[str, object], value: Decimal) -> bool:
    """Whether a value meets the threshold of a definition.

    >>> [is_met({"threshold": "5", "better": better}, Decimal(4)) for better in ("low", "high")]
    [True, False]
    """
    threshold = Decimal(str(definition["threshold"]))
    return value <= threshold if definition.get("better") == "low" else value >= threshold


def _is_earlier(one: Thing, than: Thing) -> bool:
    places = (one.get("place"), than.get("place"))
    in_order = isinstance(places[0], int) and isinstance(places[1], int) and places[0] < places[1]
    return one.get("track") == than.get("track") and in_order
