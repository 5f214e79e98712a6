"""The fabric in the read API: months, perimeters, territories by name, and the tables of a territory."""

# ruff: noqa: ARG001 -- ninja reads the signature: names are those of the address, each filter is a parameter

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from django.http import HttpRequest, HttpResponse  # noqa: TC002 -- ninja reads annotations at run time
from ninja import Router, Schema
from ninja.errors import HttpError

from beffroi.catalogue.perimeters import load_perimeters
from beffroi.observatory.fabric_read import place, table_of
from beffroi.observatory.fabric_territories import find, name_of
from beffroi.web import fabric_access
from beffroi.web.api_frame import Problem, language_of

if TYPE_CHECKING:
    from beffroi.observatory.fabric_frozen import Frozen

What = Literal["figures", "sizes", "years", "perimeters", "map", "related", "against", "accounts"]
router = Router()
MINUTES_SECONDS = 300


class FabricRows(Schema):
    """A table of the fabric: its month, source, whether its firms are invented, and the rows as objects.

    A secret is a missing figure with its `reason`.
    """

    month: str
    source: str
    synthetic: bool
    count: int
    rows: list[dict[str, str | int | float | None]]


FABRIC: Any = {200: FabricRows, 404: Problem, 422: Problem}


def _opened(month: str | None) -> Frozen:
    found = fabric_access.frozen(month)
    if found is None:
        raise HttpError(404, "No fabric is frozen here: ./beffroi fabric load FILES, then ./beffroi fabric build.")
    return found


def _answer(response: HttpResponse, frozen: Frozen, rows: list[dict[str, Any]]) -> dict[str, object]:
    response["Cache-Control"] = f"public, max-age={MINUTES_SECONDS}"
    about = frozen.about
    return {"month": about.month, "source": about.source, "synthetic": about.synthetic, "count": len(rows),
            "rows": rows}  # fmt: skip


@router.get("/months", response=FABRIC, summary="Fabric: months frozen, newest first")
def list_months(request: HttpRequest, response: HttpResponse) -> object:
    """Each month with the perimeters it was frozen for."""
    newest = _opened(None)
    rows = []
    for one in fabric_access.months():
        about = _opened(one).about
        rows.append({"month": one, "before": about.before, "built_on": about.built_on,
                     "nomenclature": about.nomenclature, "perimeters": " ".join(about.perimeters)})  # fmt: skip
    return _answer(response, newest, rows)


@router.get("/perimeters", response=FABRIC, summary="Fabric: what counts as digital")
def list_perimeters(request: HttpRequest, response: HttpResponse, month: str | None = None, lang: str = "en") -> object:
    """Each perimeter with its definition, source and codes in both nomenclatures."""
    frozen, language = _opened(month), language_of(lang)
    known = load_perimeters()
    rows = [
        {"id": key, "version": version, "name": known[key].name.say(language),
         "definition": known[key].definition.say(language), "source": known[key].source,
         "nace_2": " ".join(known[key].codes["nace_2"]), "nace_2_1": " ".join(known[key].codes["nace_2_1"]),
         "broken": int(known[key].is_broken)}
        for key, version in frozen.about.perimeters.items() if key in known
    ]  # fmt: skip
    return _answer(response, frozen, rows)


@router.get("/territories", response=FABRIC, summary="Fabric: territories by name or code")
def list_territories(request: HttpRequest, response: HttpResponse, q: str, lang: str = "en") -> object:
    """The territories that a name or code means: each with its level."""
    frozen, language = _opened(None), language_of(lang)
    rows = [{"territory": code, "level": level, "name": name_of(code, language)} for code, level in find(q)]
    return _answer(response, frozen, rows)


@router.get("/territories/{code}/{what}", response=FABRIC, summary="Fabric: a table of one territory")
def show_territory(
    request: HttpRequest,
    response: HttpResponse,
    code: str,
    what: What,
    perimeter: str | None = None,
    month: str | None = None,
    lang: str = "en",
) -> object:
    """A table as its page shows it; `figures` are those of the territory and of the territories just below."""
    language = language_of(lang)
    frozen = _opened(month)
    table = table_of(place(frozen, code, perimeter), what, language=language)
    return _answer(response, frozen, [dict(zip(table.columns, row, strict=True)) for row in table.rows])
