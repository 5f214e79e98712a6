"""The fabric of a territory: how many firms, how large, where at home, born and closed; and what counts as digital."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from beffroi.catalogue.perimeters import Perimeter, load_perimeters
from beffroi.observatory.fabric_territories import COUNTRY, find, name_of
from beffroi.web import fabric_pictures, fabric_tables, words
from beffroi.web import fabric_words as say
from beffroi.web.fabric_frame import empty, open_asked, show
from beffroi.web.frame import open_scope, refused, respond

if TYPE_CHECKING:
    from django.http import HttpRequest

    from beffroi.observatory.fabric_read import Row
    from beffroi.web.fabric_frame import Asked

_PAGES = ("map", "related", "against", "perimeters")
_MOST_LISTED = 60
_DRAWN = fabric_pictures.sizes, fabric_pictures.quotient, fabric_pictures.years


def index(request: HttpRequest, lang: str) -> HttpResponse:
    """The country, the territory that was looked for, or how to load a register."""
    wanted = " ".join(request.GET.get("code", "").split())
    return _find(request, lang, wanted) if wanted else territory(request, lang, COUNTRY)


def _find(request: HttpRequest, lang: str, wanted: str) -> HttpResponse:
    """Send to the one territory that a code or a name means, or list those it could mean."""
    found = find(wanted)
    page = request.GET.get("page", "").strip("/")
    query = request.GET.copy()
    for name in ("code", "page"):
        query.pop(name, None)
    tail = f"{page}/" if page in _PAGES else ""
    more = f"?{query.urlencode()}" if query else ""
    if len(found) == 1:
        return HttpResponseRedirect(f"/{lang}/fabric/{found[0][0]}/{tail}{more}")
    scope = open_scope(request, lang, None)
    response = respond(request, scope, "fabric_found.html", {
        "title": _("Which territory is meant?"),
        "lead": _("“%(words)s” is the name of several territories. Choose one.") % {"words": wanted} if found
        else _("No territory is called “%(words)s”. Give a name (Lille), an INSEE code (59350) or a NUTS code (FRE).")
        % {"words": wanted},
        "found": [(f"/{lang}/fabric/{code}/{tail}{more}", name_of(code, lang), code, say.level(level))
                  for code, level in found[:_MOST_LISTED]],
        "action": f"/{lang}/fabric/", "wanted": wanted, "has_no_permalink": True,
    })  # fmt: skip
    return response if found else refused(response)


def territory(request: HttpRequest, lang: str, code: str) -> HttpResponse:
    """The fabric of one territory."""
    scope, asked = open_asked(request, lang, code)
    if asked is None:
        return empty(request, scope)
    sizes, quotients, years = (draw(asked) for draw in _DRAWN)
    return show(request, asked, "fabric.html", page="", context={
        "title": say.title(asked.name),
        "lead": _lead(asked),
        "facts": _facts(asked.here.own, lang),
        "size_picture": sizes,
        "size_table": fabric_tables.sizes(asked),
        "size_files": asked.files("sizes", picture=sizes),
        "picture": quotients,
        "part_table": fabric_tables.parts(asked),
        "files": asked.files("figures", picture=quotients),
        "year_picture": years,
        "year_table": fabric_tables.years(asked),
        "year_files": asked.files("years", picture=years),
        "is_net": "successions" in asked.about.has,
        "account_table": fabric_tables.accounts(asked),
        "account_files": asked.files("accounts"),
        "broken": _broken(asked, lang),
        "perimeters_url": asked.url("perimeters/") if asked.here.has_years else "",
    })  # fmt: skip


def _lead(asked: Asked) -> str:
    own, lang = asked.here.own, asked.lang
    if own["reason"]:
        return say.secret(asked.name, own["reason"])
    sentences = [say.lead(asked.name, own["establishments"], own["units"], lang)]
    if own["quotient"] is not None and asked.here.code != COUNTRY:
        sentences.append(say.standing(own["quotient"], own["low"], own["high"], own["reading"], lang))
    if own["before"] is not None:
        sentences.append(say.change(own["establishments"], own["before"], asked.about.before, lang))
    return " ".join(sentences)


def _facts(own: Row, lang: str) -> list[dict[str, str]]:
    found = [(key, fabric_tables.count(own, key, lang), "") for key in ("units", "establishments")]
    jobs = _(
        "Middles of each establishment’s staff band at the end of the year before last: an order of magnitude. The "
        "staff of most small ones is unknown."
    )
    found.append(("jobs", fabric_tables.count(own, "jobs", lang, reason="jobs_reason"), jobs))
    if own["quotient"] is not None:
        span = words.interval(own["low"], own["high"], 2, lang)
        found.append(
            ("quotient", words.number(own["quotient"], 2, lang), _("95%% interval: %(span)s") % {"span": span})
        )
    return [{"name": say.said(key), "figure": figure, "note": note} for key, figure, note in found]


def _broken(asked: Asked, lang: str) -> list[dict[str, str]]:
    """What changes sides between the nomenclatures in the perimeter shown."""
    one = load_perimeters().get(asked.here.perimeter)
    return _breaks(one, lang) if one else []


def perimeters(request: HttpRequest, lang: str, code: str) -> HttpResponse:
    """What each perimeter counts in a territory, by both nomenclatures."""
    scope, asked = open_asked(request, lang, code)
    if asked is None:
        return empty(request, scope)
    known = load_perimeters()
    return show(request, asked, "fabric_perimeters.html", page="perimeters/", context={
        "title": say.perimeters_title(asked.name),
        "table": fabric_tables.perimeters(asked),
        "kinds": [_told(known[one], lang) for one in asked.about.perimeters if one in known],
        "source": say.source(asked.about, lang),
        "files": asked.files("perimeters"),
        "is_told": asked.here.has_years,
    })  # fmt: skip


def _told(one: Perimeter, lang: str) -> dict[str, object]:
    return {
        "name": one.name.say(lang),
        "definition": one.definition.say(lang),
        "codes": [("NAF rév. 2" if lang == "fr" else "NAF rev. 2", ", ".join(one.codes["nace_2"])),
                  ("NAF 2025", ", ".join(one.codes["nace_2_1"]))],
        "source": one.source,
        "state": say.said("is_broken" if one.is_broken else "is_whole"),
        "breaks": _breaks(one, lang),
    }  # fmt: skip


def _breaks(one: Perimeter, lang: str) -> list[dict[str, str]]:
    return [
        {"codes": f"{', '.join(each.from_codes)} → {', '.join(each.to_codes)}", "note": each.note.say(lang)}
        for each in one.breaks
    ]
