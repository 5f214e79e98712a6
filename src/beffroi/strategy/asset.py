"""Assets: what this territory has and others do not, to which actions are tied so that they are not everybody's."""

from __future__ import annotations

from beffroi.charter.field import Field
from beffroi.charter.holds import Line, Outside
from beffroi.charter.shape import Kind
from beffroi.strategy.fields import FIGURES, NAME, SAID
from beffroi.vocabulary.text import Text

ASSET = Kind(
    "asset", Text("atout", "asset"), Text("atouts", "assets"),
    (
        NAME, SAID,
        Field("territory", Outside("territory"), Text("Territoire", "Territory")),
        Field("source", Line(400), Text("D’où on le tient", "How we know"), is_required=True),
        FIGURES,
    ),
)  # fmt: skip
