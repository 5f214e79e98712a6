"""What came of an action: an effect that was measured, one that is estimated, or an honest "unknown"."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Both, Choice, Day, Line, Number, Prose
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beffroi.charter.book import Thing
    from beffroi.charter.shape import Change

MEASURED, ESTIMATED, UNKNOWN = "measured", "estimated", "unknown"
STATUSES = Choice({
    MEASURED: Text("mesuré", "measured"), ESTIMATED: Text("estimé", "estimated"), UNKNOWN: Text("inconnu", "unknown"),
})  # fmt: skip
EFFECT = (
    Field("effect_expected", Number(), Text("Effet attendu", "Effect expected")),
    Field("effect_unit", Both(60), Text("Unité de l’effet", "Unit of the effect")),
    Field("effect_status", STATUSES, Text("Ce que l’on sait de l’effet", "What is known of the effect")),
    Field("effect", Number(), Text("Effet observé", "Effect observed")),
    Field("effect_on", Day(), Text("Constaté le", "Observed on")),
    Field("effect_dataset", Line(400), Text("Jeu de données", "Dataset"),
          Text("Où se trouvent les chiffres : édition et indicateur, ou document.",
               "Where the figures are: edition and indicator, or document.")),
    Field("effect_method", Prose(4000), Text("Méthode", "Method"),
          Text("Comment l’effet est séparé du reste.", "How the effect is told from the rest.")),
    Field("edition_before", Line(20), Text("Édition d’avant", "Edition before")),
    Field("edition_after", Line(20), Text("Édition d’après", "Edition after")),
)  # fmt: skip


def measured_says_how(change: Change) -> Iterator[Fault]:
    """Measured: value, day, dataset, method; estimated: value and method; else: unknown."""
    status = status_of(change.after)
    wanted = {
        MEASURED: ("effect", "effect_on", "effect_dataset", "effect_method"),
        ESTIMATED: ("effect", "effect_method"),
    }
    for name in wanted.get(status, ()):
        if change.after.get(name) is None:
            yield Fault(
                name,
                Text(
                    "Mesuré : valeur, jour, données, méthode ; estimé : valeur et méthode ; sinon, inconnu.",
                    "Measured: value, day, dataset, method; estimated: value and method; else: unknown.",
                ),
            )
    if status == UNKNOWN and change.after.get("effect") is not None:
        yield Fault("effect_status", Text("Une valeur est donnée : dites si elle est mesurée ou estimée.",
                                          "A value is given: say whether it is measured or estimated."))  # fmt: skip


def status_of(action: Thing) -> str:
    """Return what is known of an effect; nobody said anything: unknown."""
    return action.text("effect_status") or UNKNOWN


def effect_of(action: Thing) -> Decimal | None:
    """Return the effect observed or estimated; None when it is unknown."""
    value = action.get("effect")
    return None if value is None or status_of(action) == UNKNOWN else Decimal(str(value))
