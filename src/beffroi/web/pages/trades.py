"""Trades of the scheme, each under a permanent address that outlives mergers; and the scheme as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.utils.translation import gettext as _

from beffroi.catalogue.trade_files import to_csv, to_turtle
from beffroi.catalogue.trades import load_trades
from beffroi.federation import directory
from beffroi.web import words
from beffroi.web.directory_ask import sees_all, today
from beffroi.web.markup import Head, link, row, table
from beffroi.web.registry_frame import show

if TYPE_CHECKING:
    from collections import Counter

    from django.http import HttpRequest


def listing(request: HttpRequest, lang: str) -> HttpResponse:
    """All trades, the narrower under the broader, with how many organisations have each."""
    scheme = load_trades()
    counts = _counts(request)
    heads = [Head(_("Trade")), Head(_("Codes (NAF, NACE)")), Head(_("Organisations"), is_number=True)]
    rows = []
    for concept, depth in _tree():
        one = scheme.concepts[concept]
        label = f"{'– ' * depth}{one.label.say(lang)}"
        codes = ", ".join(f"{code} {value}" for (_match, code), values in one.matches.items()
                          for value in values).replace("naf", "NAF").replace("nace", "NACE")  # fmt: skip
        cells = [link(f"/{lang}/trades/{concept}/", label), codes or "–", words.number(counts[concept], 0, lang)]
        rows.append(row(cells, heads))
    rows.append(row([_("trade unknown"), "–", words.number(counts["unknown"], 0, lang)], heads))
    context = {
        "title": _("Which trades are there?"),
        "scheme": scheme,
        "name": scheme.name.say(lang),
        "table": table(_("Trades, version %(version)s") % {"version": scheme.version}, heads, rows, key="t-trades"),
        "files": {kind: f"/{lang}/trades/scheme.{kind}" for kind in ("csv", "ttl")},
    }
    return show(request, "registry/trades.html", context)


def concept(request: HttpRequest, lang: str, concept_id: str) -> HttpResponse:
    """One trade; an id of before a merger leads to the trade of today."""
    scheme = load_trades()
    one = scheme.resolve(concept_id)
    if one.id != concept_id:
        return HttpResponsePermanentRedirect(f"/{lang}/trades/{one.id}/")
    counts = _counts(request)

    def links(found: list[str]) -> list[tuple[str, str]]:
        return [(f"/{lang}/trades/{key}/", scheme.concepts[key].label.say(lang)) for key in found]

    context = {
        "title": one.label.say(lang),
        "one": one,
        "other_label": one.label.say("en" if lang == "fr" else "fr"),
        "scheme": scheme,
        "scheme_url": f"/{lang}/trades/",
        "broader": links([one.broader] if one.broader else []),
        "narrower": links([key for key, each in scheme.concepts.items()
                           if each.broader == one.id and not each.replaced_by]),
        "formerly": [(key, each.label.say(lang)) for key, each in scheme.concepts.items()
                     if each.replaced_by and scheme.resolve(key).id == one.id],
        "codes": [(_("exactly") if match == "exact" else _("nearly"), code.upper(), ", ".join(values))
                  for (match, code), values in one.matches.items()],
        "count": words.number(counts[one.id], 0, lang),
        "directory": f"/{lang}/registry/?trade={one.id}",
    }  # fmt: skip
    return show(request, "registry/trade.html", context)


def of_scheme(request: HttpRequest, lang: str, scheme_id: str, concept_id: str) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """A trade by the address that exported files give it."""
    return HttpResponsePermanentRedirect(f"/{lang}/trades/{load_trades(scheme_id).resolve(concept_id).id}/")


def scheme_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """The scheme as CSV or as SKOS in Turtle."""
    scheme = load_trades()
    if kind == "ttl":
        base = request.build_absolute_uri("/trades/")
        body, content_type = to_turtle(scheme, base=base), "text/turtle; charset=utf-8"
    else:
        body, content_type = to_csv(scheme), "text/csv; charset=utf-8"
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{scheme.id}-{scheme.version}.{kind}"'
    return response


def _counts(request: HttpRequest) -> Counter[str]:
    return directory.search(directory.Query(), day=today(), sees_all=sees_all(request)).facets["trade"]


def _tree() -> list[tuple[str, int]]:
    held = {key: one for key, one in load_trades().concepts.items() if not one.replaced_by}

    def below(parent: str, depth: int) -> list[tuple[str, int]]:
        found = []
        for key, one in held.items():
            if one.broader == parent:
                found += [(key, depth), *below(key, depth + 1)]
        return found

    return below("", 0)
