"""More of the fabric: its map, the sectors that go with it, its weight against trade; and every table and picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from beffroi.catalogue.perimeters import load_perimeters
from beffroi.observatory import export
from beffroi.observatory.fabric_race import FIRST_YEAR
from beffroi.observatory.fabric_read import RIVALS, WHATS, is_country, races, related, table_of
from beffroi.web import fabric_pictures, fabric_tables
from beffroi.web import fabric_words as say
from beffroi.web.fabric_frame import empty, open_asked, show
from beffroi.web.fabric_pictures import PICTURES, STRONG_SHOWN
from beffroi.web.frame import keep
from beffroi.web.svg.map import outline_definition

if TYPE_CHECKING:
    from django.http import HttpRequest

    from beffroi.web.fabric_frame import Asked

_OPENINGS = 12
_WRITE = {
    "csv": (export.to_csv, export.CSV_TYPE), "xlsx": (export.to_xlsx, export.XLSX_TYPE),
    "json": (export.to_json, export.JSON_TYPE),
}  # fmt: skip


def located(request: HttpRequest, lang: str, code: str) -> HttpResponse:
    """Where the establishments are: label points of EPCI, or of the communes of one."""
    scope, asked = open_asked(request, lang, code)
    if asked is None:
        return empty(request, scope)
    picture = fabric_pictures.located(asked)
    return show(request, asked, "fabric_map.html", page="map/", context={
        "title": say.map_title(asked.name),
        "lead": _map_lead(asked, is_drawn=picture is not None),
        "outline": outline_definition() if picture else "",
        "picture": picture,
        "table": fabric_tables.parts(asked, on_map=True),
        "files": asked.files("map", picture=picture),
    })  # fmt: skip


def _map_lead(asked: Asked, *, is_drawn: bool) -> str:
    if not is_drawn:
        return _(
            "No label point is known here: they are medians of at least three addresses, and only the stock file of "
            "establishments with coordinates, for metropolitan France, gives them. The table says what the map would."
        )
    if asked.here.level == "epci":
        return _("Each circle is a commune. Choose a larger territory to see intercommunal authorities.")
    if is_country(asked.here):
        return _("Each circle is a département. Choose a region to see its intercommunal authorities.")
    return _("Each circle is an intercommunal authority; its page shows its communes.")


def related_sectors(request: HttpRequest, lang: str, code: str) -> HttpResponse:
    """Strong sectors of the region between trade and technology, and what it could grow into."""
    scope, asked = open_asked(request, lang, code)
    if asked is None:
        return empty(request, scope)
    strong = fabric_pictures.strong(asked)
    openings = [one for one in related(asked.here, lang) if one["specialised"] == 0 and one["density"] is not None]
    openings.sort(key=lambda one: -one["density"])
    drawn = fabric_pictures.axis(asked)
    return show(request, asked, "fabric_related.html", page="related/", context={
        "title": say.related_title(asked.name),
        "lead": _related_lead(asked, len(strong)),
        "picture": drawn,
        "table": fabric_tables.sectors(asked, strong[:STRONG_SHOWN], caption=say.said("strong"), key="strong"),
        "openings": fabric_tables.sectors(asked, openings[:_OPENINGS], caption=say.said("openings"), key="openings"),
        "files": asked.files("related", picture=drawn),
    })  # fmt: skip


def _related_lead(asked: Asked, strong: int) -> str:
    if is_country(asked.here):
        return _("Sectors are related by where they are found together in France. Choose a region to see its own.")
    if not strong:
        return _("No strong sector outside digital may be shown here. Choose a larger territory.")
    nearest = [fabric_pictures.sector(one) for one in fabric_pictures.strong(asked)[:3]]
    return _(
        "Outside digital, %(name)s is specialised in %(count)s sectors. Nearest to digital by where they are found "
        "together: %(nearest)s."
    ) % {"name": asked.name, "count": strong, "nearest": "; ".join(nearest)}


def against_trade(request: HttpRequest, lang: str, code: str) -> HttpResponse:
    """Digital against retail and trade through the years, and when they meet."""
    scope, asked = open_asked(request, lang, code)
    if asked is None:
        return empty(request, scope)
    met = races(asked.here)
    drawn = fabric_pictures.race(asked)
    return show(request, asked, "fabric_against.html", page="against/", context={
        "title": say.against_title(asked.name),
        "answers": [say.race_line(one, met[one], lang) for one in RIVALS if one in met],
        "is_told": asked.here.has_years,
        "first_year": FIRST_YEAR,
        "has_history": "periods" in asked.about.has,
        "picture": drawn,
        "table": fabric_tables.race(asked),
        "files": asked.files("against", picture=drawn),
        "definitions": _definitions(asked, lang),
    })  # fmt: skip


def _definitions(asked: Asked, lang: str) -> list[tuple[str, str, str]]:
    """Name, codes of NAF rev. 2, and words of each sector compared."""
    one = load_perimeters().get(asked.here.perimeter)
    own = (one.name.say(lang), ", ".join(one.codes["nace_2"]), one.definition.say(lang)) if one else None
    return [
        *([own] if own else []),
        (say.said("retail"), say.RIVAL_CODES["retail"],
         _("Division 47 of section G: retail trade, except of motor vehicles.")),
        (say.said("trade"), say.RIVAL_CODES["trade"],
         _("Section G of NACE: wholesale and retail trade, repair of motor vehicles. Wholesale of computers and "
           "telephones (46.5) is in it and, where the perimeter holds it, in digital as well.")),
    ]  # fmt: skip


def download(request: HttpRequest, lang: str, code: str, what: str, kind: str) -> HttpResponse:
    """A table of a page as a file, each row with its perimeter, month and source."""
    scope, asked = open_asked(request, lang, code)
    if asked is None:
        return empty(request, scope)
    if what not in WHATS:
        raise Http404
    made = table_of(asked.here, what, language=lang)
    write, content_type = _WRITE[kind]
    response = HttpResponse(write(made), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}.{kind}"'
    keep(response, scope)
    return response


def picture(request: HttpRequest, lang: str, code: str, what: str) -> HttpResponse:
    """A picture of a page as a file."""
    scope, asked = open_asked(request, lang, code)
    if asked is None:
        return empty(request, scope)
    made = PICTURES[what](asked) if what in PICTURES else None
    if made is None:
        raise Http404
    response = HttpResponse(made.file(), content_type="image/svg+xml; charset=utf-8")
    name = f"beffroi-fabric-{asked.here.code}-{what}-{asked.here.perimeter}-{asked.about.month}.svg"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    keep(response, scope)
    return response
