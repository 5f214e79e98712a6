"""Fields that several kinds share."""

from __future__ import annotations

from beffroi.charter.field import Field
from beffroi.charter.holds import Both, Choice, Line, Links, Number, Outside, Rows, Whole
from beffroi.vocabulary.text import Text

FIRST_YEAR, LAST_YEAR = 1900, 2200
INDICATOR = Outside("indicator")
REGION = Outside("region")
ORGANISATION = Outside("organisation")
SIDES = Choice({"at_least": Text("au moins", "at least"), "at_most": Text("au plus", "at most")})
YEAR = Whole(FIRST_YEAR, LAST_YEAR)

NAME = Field("name", Both(200), Text("Nom", "Name"), is_required=True)
SAID = Field("said", Both(4000), Text("En quelques phrases", "In a few sentences"))
OWNER = Field(
    "owner", ORGANISATION, Text("Porteur", "Owner"),
    Text("L’organisation du registre qui en répond.", "The organisation of the registry that answers for it."),
)  # fmt: skip
SOURCE = Field("source", Line(400), Text("Source", "Source"), is_required=True)
REGION_FIELD = Field("region", REGION, Text("Région (code NUTS)", "Region (NUTS code)"))
INDICATOR_FIELD = Field(
    "indicator", INDICATOR, Text("Indicateur", "Indicator"),
    Text("Un indicateur de l’observatoire, « rank » pour le rang, ou un chiffre de la maison comme figure-2.",
         "An indicator of the observatory, 'rank' for the rank, or a figure of your own such as figure-2."),
    is_required=True,
)  # fmt: skip

ASSETS = Field("assets", Links(("asset",)), Text("Atouts du territoire", "Assets of the territory"))
FACTORS = Field("factors", Links(("factor",)), Text("Facteurs d’échec visés", "Failure factors aimed at"))
FIGURES = Field(
    "figures",
    Rows((INDICATOR_FIELD, REGION_FIELD, Field("edition", Line(20), Text("Édition", "Edition")))),
    Text("Chiffres sur lesquels on s’appuie", "Figures it rests on"),
)
OBJECTIVES = Field("objectives", Links(("objective", "result")), Text("Objectifs servis", "Objectives served"))
THRESHOLDS = (
    INDICATOR_FIELD, REGION_FIELD,
    Field("side", SIDES, Text("Sens", "Side"), is_required=True),
    Field("value", Number(), Text("Seuil", "Threshold"), is_required=True),
)  # fmt: skip
SPENT = (
    Field("funder", Line(120), Text("Financeur", "Funder"), is_required=True),
    Field("organisation", ORGANISATION, Text("Son numéro au registre", "Its id in the registry")),
    Field("year", YEAR, Text("Année", "Year"), is_required=True),
    Field("committed_eur", Number(0), Text("Engagé, en euros", "Committed, in euros"), is_required=True),
    Field("spent_eur", Number(0), Text("Dépensé, en euros", "Spent, in euros")),
)
