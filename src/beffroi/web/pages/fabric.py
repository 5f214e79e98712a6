"""The fabric of a territory: how many firms, where they are at home, born and closed; and what counts as digital."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect

from beffroi.catalogue.perimeters import Perimeter, load_perimeters
from beffroi.observatory import export
from beffroi.observatory.fabric_frozen import PERIMETERS, TERRITORIES, YEARS
from beffroi.observatory.fabric_territories import COUNTRY, canonical, inside, name_of
from beffroi.observatory.tables import Table, folded
from beffroi.vocabulary.errors import UnknownRegionError
from beffroi.web import fabric_access, words
from beffroi.web import fabric_words as say
from beffroi.web.figures import Picture
from beffroi.web.frame import keep, open_scope, respond
from beffroi.web.markup import Head, link, row, table
from beffroi.web.svg import lines, quotients

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from beffroi.observatory.fabric_frozen import About, Frozen
    from beffroi.web.frame import Scope

_BELOW = {"country": "nuts1", "nuts1": "nuts3", "nuts2": "nuts3", "nuts3": "epci"}
_LEAST_YEARS = 3
Row = dict[str, Any]  # a frozen row by its columns


@dataclass(frozen=True, slots=True)
class Place:
    """A territory with its row, the rows of its parts, and its years."""

    code: str
    own: Row
    parts: Sequence[Row]
    years: Sequence[Row]


def index(request: HttpRequest, lang: str) -> HttpResponse:
    """The country, or how to load a register."""
    code = request.GET.get("code", "").strip()
    if code:
        return HttpResponseRedirect(f"/{lang}/fabric/{canonical(code)[:12]}/")
    return territory(request, lang, COUNTRY)


def territory(request: HttpRequest, lang: str, code: str) -> HttpResponse:
    """The fabric of one territory."""
    scope, fabric = open_scope(request, lang, None), fabric_access.current()
    if fabric is None:
        return _empty(request, scope)
    here = _place(fabric, code)
    name, own = name_of(here.code, lang), here.own
    sentences = [say.secret(name, own["reason"], lang)]
    if not own["reason"]:
        sentences = [say.lead(name, own["establishments"], own["units"], lang)]
        if own["quotient"] is not None and here.code != COUNTRY:
            sentences.append(say.standing(own["quotient"], own["low"], own["high"], own["reading"], lang))
        if own["before"] is not None:
            sentences.append(say.change(own["establishments"], own["before"], fabric.about.before, lang))
    credit = say.credit(fabric.about, _names(lang)[fabric.about.perimeter], lang)
    context = _frame(fabric.about, lang) | {
        "title": say.title(name, lang),
        "lead": " ".join(sentences),
        "facts": _facts(own, lang),
        "credit": credit,
        "files": {kind: f"/{lang}/fabric/{here.code}/figures.{kind}" for kind in ("csv", "xlsx", "json")},
        "years_files": {kind: f"/{lang}/fabric/{here.code}/years.{kind}" for kind in ("csv", "xlsx", "json")},
        "picture": _quotient_picture(here, credit, lang),
        "part_table": _parts(here, lang),
        "year_picture": _year_picture(here, credit, lang),
        "year_table": _years(here, lang) if here.years else "",
        "compare": f"/{lang}/fabric/{here.code}/perimeters/" if here.years else "",
        "action": f"/{lang}/fabric/",
        "choices": _choices(lang),
        "code": here.code,
    }
    return respond(request, scope, "fabric.html", context)


def perimeters(request: HttpRequest, lang: str, code: str) -> HttpResponse:
    """What each perimeter counts in a territory, by both nomenclatures."""
    scope, fabric = open_scope(request, lang, None), fabric_access.current()
    if fabric is None:
        return _empty(request, scope)
    here = _place(fabric, code)
    found = {(one["perimeter"], one["nomenclature"]): one for one in _perimeter_rows(fabric, here.code)}
    known = load_perimeters()
    heads = [Head(say.said("perimeter", lang)), *(Head(one, is_number=True) for one in (
        f"{say.said('establishments', lang)}, NAF rev. 2", f"{say.said('establishments', lang)}, NAF 2025",
        say.said("new_share", lang), f"{say.said('jobs', lang)}, NAF rev. 2",
    ))]  # fmt: skip
    rows = []
    for one in known.values():
        old, new = (found.get((one.id, vintage)) for vintage in ("NAFRev2", "NAF2025"))
        if old and new:
            cells = [f"{one.name.say(lang)}, {one.version}", *(_count(each, lang) for each in (old, new)),
                     _gap(old, new, lang), _jobs(old, lang)]  # fmt: skip
            rows.append(row(cells, heads))
    name = name_of(here.code, lang)
    caption = f"{name}, {say.month(fabric.about.month, lang)}"
    context = _frame(fabric.about, lang) | {
        "title": say.perimeters_title(name, lang),
        "lead": say.said("why_differ", lang),
        "table": table(caption, heads, rows, key="perimeters"),
        "kinds": [_told(one, lang) for one in known.values()],
        "jobs_note": say.said("what_jobs", lang),
        "breaks_title": say.said("breaks", lang),
        "source": say.source(fabric.about, lang),
        "files": {kind: f"/{lang}/fabric/{here.code}/perimeters.{kind}" for kind in ("csv", "xlsx", "json")},
        "back": link(f"/{lang}/fabric/{here.code}/", say.said("back", lang)),
    }
    return respond(request, scope, "fabric_perimeters.html", context)


def download(request: HttpRequest, lang: str, code: str, what: str, kind: str) -> HttpResponse:
    """The figures of a page as a file, each row with its perimeter, month and source."""
    scope, fabric = open_scope(request, lang, None), fabric_access.current()
    if fabric is None:
        return _empty(request, scope)
    here = _place(fabric, code)
    columns, rows = {
        "figures": (TERRITORIES, [here.own, *here.parts]),
        "years": (YEARS, here.years),
        "perimeters": (PERIMETERS, _perimeter_rows(fabric, here.code)),
    }[what]
    about = fabric.about
    of = (about.perimeter, about.version, about.nomenclature) if what != "perimeters" else ()
    names = ("of_perimeter", "perimeter_version", "of_nomenclature")[: len(of)]
    body = tuple((*(one[column] for column in columns), *of, about.month, about.source) for one in rows)
    made = Table(f"beffroi-fabric-{here.code}-{what}-{about.month}", (*columns, *names, "month", "source"), body)
    write = {"csv": (export.to_csv, export.CSV_TYPE), "xlsx": (export.to_xlsx, export.XLSX_TYPE),
             "json": (export.to_json, export.JSON_TYPE)}[kind]  # fmt: skip
    response = HttpResponse(write[0](made), content_type=write[1])
    response["Content-Disposition"] = f'attachment; filename="{made.name}.{kind}"'
    keep(response, scope)
    return response


def _empty(request: HttpRequest, scope: Scope) -> HttpResponse:
    lang = scope.language
    return respond(request, scope, "fabric.html", {
        "title": say.said("index", lang), "lead": say.said("empty", lang), "is_empty": True, "has_no_permalink": True,
    })  # fmt: skip


def _frame(about: About, lang: str) -> dict[str, object]:
    return {"synthetic": say.said("synthetic", lang) if about.synthetic else "", "has_no_permalink": True}


def _place(fabric: Frozen, code: str) -> Place:
    wanted = canonical(code)
    rows = [dict(zip(TERRITORIES, one, strict=True)) for one in fabric.territories]
    own = next((one for one in rows if one["territory"] == wanted), None)
    if own is None:
        raise UnknownRegionError(f"'{code}' is no territory of the fabric. Give a NUTS code (FRE, FRE11) or an EPCI.")
    below = _BELOW.get(own["level"])
    held = set(inside(wanted, below)) if below else set()
    years = [dict(zip(YEARS, one, strict=True)) for one in fabric.years if one[0] == wanted]
    return Place(wanted, own, [one for one in rows if one["level"] == below and one["territory"] in held], years)


def _perimeter_rows(fabric: Frozen, code: str) -> list[Row]:
    return [one for each in fabric.perimeters if (one := dict(zip(PERIMETERS, each, strict=True)))["territory"] == code]


def _names(lang: str) -> dict[str, str]:
    return {key: one.name.say(lang) for key, one in load_perimeters().items()}


def _count(one: Row, lang: str) -> str:
    if one["reason"]:
        return say.said(one["reason"], lang)
    return words.number(one["establishments"], 0, lang)


def _jobs(one: Row, lang: str) -> str:
    if one["jobs_reason"]:
        return say.said(one["jobs_reason"], lang)
    return "–" if one["jobs"] is None else words.number(one["jobs"], 0, lang)


def _gap(old: Row, new: Row, lang: str) -> str:
    if old["reason"] or new["reason"] or not old["establishments"]:
        return "–"
    return words.signed((new["establishments"] / old["establishments"] - 1) * 100, 1, lang) + (
        f"{words.NARROW}%" if lang == "fr" else "%"
    )


def _told(one: Perimeter, lang: str) -> dict[str, object]:
    return {
        "name": one.name.say(lang),
        "definition": one.definition.say(lang),
        "state": say.said("is_broken" if one.is_broken else "is_whole", lang),
        "breaks": [
            {"codes": f"{', '.join(each.from_codes)} → {', '.join(each.to_codes)}", "note": each.note.say(lang)}
            for each in one.breaks
        ],
    }


def _facts(own: Row, lang: str) -> list[dict[str, str]]:
    counts = [(key, _count(own | {"establishments": own[key]}, lang), "") for key in ("units", "establishments")]
    found = [*counts, ("jobs", _jobs(own, lang), say.said("what_jobs", lang))]
    if own["quotient"] is not None:
        span = words.interval(own["low"], own["high"], 2, lang)
        found.append(
            (
                "quotient",
                words.number(own["quotient"], 2, lang),
                f"{say.said('interval', lang)}{words.JOINED if lang == 'fr' else ''}: {span}",
            )
        )
    return [{"name": say.said(key, lang), "figure": figure, "note": note} for key, figure, note in found]


def _quotient_picture(here: Place, credit: str, lang: str) -> Picture | None:
    told = [one for one in here.parts if one["quotient"]]
    told.sort(key=lambda one: -one["quotient"])
    if not told:
        return None
    rows = [
        quotients.QuotientRow(name_of(one["territory"], lang), one["quotient"], one["low"], one["high"])
        for one in told[:40]
    ]
    description = ". ".join(f"{one.label}: {words.number(one.value, 2, lang)}" for one in rows)
    return Picture(
        "quotient", say.said("parts", lang), description, credit,
        lambda layout, _alone: quotients.draw(rows, layout=layout, number=lambda value: _mark(value, lang)),
    )  # fmt: skip


def _mark(value: float, lang: str) -> str:
    return words.number(value, 0 if value >= 1 else 2, lang)


def _parts(here: Place, lang: str) -> str:
    keys = ("units", "establishments", "jobs", "quotient", "interval")
    heads = [Head(say.said("territory", lang)), *(Head(say.said(key, lang), is_number=True) for key in keys),
             Head(say.said("reading", lang))]  # fmt: skip
    rows = []
    for one in sorted(here.parts, key=lambda each: folded(name_of(each["territory"], lang))):
        name = link(f"/{lang}/fabric/{one['territory']}/", name_of(one["territory"], lang))
        if one["reason"]:
            rows.append(row([name, *["–"] * len(keys), say.said(one["reason"], lang)], heads))
            continue
        measured = one["quotient"] is not None
        rows.append(row([
            name, *(words.number(one[key], 0, lang) for key in ("units", "establishments")), _jobs(one, lang),
            words.number(one["quotient"], 2, lang) if measured else "–",
            words.interval(one["low"], one["high"], 2, lang) if measured else "–",
            say.said(one["reading"], lang) if measured else "–",
        ], heads))  # fmt: skip
    return table(say.said("parts", lang), heads, rows, key="parts") if rows else ""


def _year_picture(here: Place, credit: str, lang: str) -> Picture | None:
    told = [one for one in here.years if not one["reason"]]
    if len(told) < _LEAST_YEARS or not any(one["births"] or one["deaths"] for one in told):
        return None
    traces = [
        lines.Trace(say.said(key, lang), tuple((one["year"], float(one[key])) for one in told), key == "births")
        for key in ("births", "deaths")
    ]
    description = ". ".join(f"{one['year']}: {one['births']}, {one['deaths']}" for one in told)
    return Picture(
        "years", say.said("years", lang), description, credit,
        lambda layout, _alone: lines.draw(
            traces, lines.Fan({}, ""), layout=layout, number=lambda value: words.number(value, 0, lang)
        ),
    )  # fmt: skip


def _years(here: Place, lang: str) -> str:
    keys = ("active", "births", "deaths", "birth_rate", "survival_3")
    heads = [Head(say.said("year", lang)), *(Head(say.said(key, lang), is_number=True) for key in keys)]
    rows = []
    for one in here.years:
        cells = [_share(one[key], lang) if key.endswith(("rate", "3")) else _plain(one[key], lang) for key in keys]
        if one["reason"]:
            cells = [say.said(one["reason"], lang), *["–"] * (len(keys) - 1)]
        rows.append(row([str(one["year"]), *cells], heads))
    return table(say.said("years", lang), heads, rows, key="year-table")


def _plain(value: int | None, lang: str) -> str:
    return "–" if value is None else words.number(value, 0, lang)


def _share(value: float | None, lang: str) -> str:
    return "–" if value is None else words.percent(value, lang, decimals=1)


def _choices(lang: str) -> list[tuple[str, str]]:
    codes = [COUNTRY, *inside(COUNTRY, "nuts1"), *inside(COUNTRY, "nuts3")]
    return sorted(((one, name_of(one, lang)) for one in codes), key=lambda pair: folded(pair[1]))
