"""One organisation: its values with their origin, how fresh they are, what it does and where, and how it came to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponsePermanentRedirect
from django.utils.translation import gettext as _

from beffroi.catalogue.trades import load_trades
from beffroi.federation import history, lineage, read
from beffroi.federation.consent import GRANTED
from beffroi.federation.directory_entries import PUBLIC, entries
from beffroi.federation.freshness import DAYS, freshness
from beffroi.federation.territory import territory_name
from beffroi.observatory.tables import Table
from beffroi.records import models
from beffroi.web import directory_ask, organisation_data, permissions, reason_words, words
from beffroi.web.directory_ask import today
from beffroi.web.markup import Head, link, row, safe, table
from beffroi.web.pages import own, review
from beffroi.web.registry_frame import (
    author_name,
    field_names,
    file,
    kind_names,
    origin,
    relation_names,
    rule_names,
    said,
    show,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from beffroi.federation.directory import Entry

HIDDEN = ("territories",)  # shown in words above the table


def organisation(request: HttpRequest, lang: str, address: str) -> HttpResponse:
    """One organisation: its values with their origin, and for officers its rows and decisions."""
    shown, sees_all = open_organisation(request, address)
    if shown.id != address:
        return HttpResponsePermanentRedirect(f"/{lang}/registry/organisation/{shown.id}/")
    names, rules = field_names(), rule_names()
    heads = [Head(_("Field")), Head(_("Value")), Head(_("From")), Head(_("Why this one"))]
    heads += [Head(_("Other values"))] if sees_all else []
    rows = []
    for one in shown.values:
        if (sees_all or one.field in PUBLIC) and one.field not in HIDDEN:
            others = "; ".join(f"{said(one.field, value)} ({origin(place)})" for value, place in one.others)
            cells: list[object] = [names.get(one.field, one.field), _value(one.field, one.value), origin(one.origin),
                                   rules[one.rule]]  # fmt: skip
            rows.append(row([*cells, others or "–"] if sees_all else cells, heads))
    # An officer may be told of every organisation, anybody else of those that agreed to be shown.
    is_officer = directory_ask.sees_all(request)
    everything = {one.id: one for one in entries(today())}
    entry = everything[shown.id]
    visible = {key: one for key, one in everything.items() if is_officer or one.is_public or key == shown.id}
    values = {one.field: one.value for one in shown.values}
    context = {
        "title": shown.name,
        "shown": shown,
        "sees_all": sees_all,
        "fresh": _freshness(shown.id, lang),
        "formerly": entry.formerly,
        "seat": [link(f"/{lang}/registry/?territory={code}", territory_name(code, lang)) for code in
                 (entry.seat.commune, entry.seat.epci, entry.seat.department, entry.seat.region) if code],
        "acts_in": [link(f"/{lang}/registry/?acts_in={code}", territory_name(code, lang)) for code in entry.acts_in],
        "trades": _trades(shown.id, entry, lang),
        "trades_version": load_trades().version,
        "lineage": _lineage(shown.id, lang, visible),
        "relations": [(_related(one.kind), visible[one.organisation].name, one.organisation)
                      for one in shown.relations if one.organisation in visible],
        "table": table(_("What is known, and from where"), heads, rows, key="t-values"),
        "memberships": [(source, words.day(since, lang), words.day(until, lang) if until else "")
                        for source, since, until in shown.memberships],
        "decisions": [_decision(one) for one in history.decisions(shown.id)] if sees_all else [],
        "values_url": f"/{lang}/registry/organisation/{shown.id}/values",
        "history_url": f"/{lang}/registry/organisation/{shown.id}/history/",
        "may_edit": shown.id in dict(own.own_organisations(request)),
        "done": review.done_of(request),
        "jsonld": organisation_data.page_data(
            organisation_data.describe(request, lang, entry, naf=values.get("naf", ""),
                                       address=values.get("address", ""))
        ),
    }  # fmt: skip
    return show(request, "registry/organisation.html", context)


def organisation_file(request: HttpRequest, lang: str, address: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """Its values with their origin, as a file."""
    shown, sees_all = open_organisation(request, address)
    rows = [
        (shown.id, one.field, one.value, one.rule, one.origin,
         "; ".join(f"{value} ({place})" for value, place in one.others) if sees_all else "")
        for one in shown.values if sees_all or one.field in PUBLIC
    ]  # fmt: skip
    columns = ("organisation", "field", "value", "kept_by", "from", "other_values")
    return file(request, Table(f"values-{shown.id}", columns, tuple(rows)), kind)


def past(request: HttpRequest, lang: str, address: str) -> HttpResponse:
    """How an organisation came to be: what ties its rows, with the evidence, and every decision."""
    shown, _sees_all = _open_past(request, address)
    if shown.id != address:
        return HttpResponsePermanentRedirect(f"/{lang}/registry/organisation/{shown.id}/history/")
    found = history.ties(shown.id)
    heads = [Head(_("On")), Head(_("One row")), Head(_("Other row")), Head(_("Word")), Head(_("By")),
             Head(_("Bits"), is_number=True), Head(_("Why"))]  # fmt: skip
    values, origins = value_names(), origin_names()
    rows = (
        row([one.on, one.left, one.right, values[one.value], origins[one.origin],
             words.signed(one.bits, 1, lang) if one.bits is not None else "–",
             reason_words.sentence(one.sentence, lang)], heads)
        for one in found
    )  # fmt: skip
    pictures = []
    for number, one in enumerate(found):
        drawn = reason_words.picture(one.sentence, one.bits, lang, key=f"bits{number}")
        if drawn:
            pictures.append({"of": f"{one.left} · {one.right}", "picture": drawn[0], "table": drawn[1]})
    context = {
        "title": _("How did %(name)s come to be?") % {"name": shown.name},
        "shown": shown,
        "ties": len(found),
        "table": table(_("What holds its rows together"), heads, rows, key="t-ties") if found else "",
        "pictures": pictures,
        "decisions": [_decision(one) for one in history.decisions(shown.id)],
        "lineage": _lineage(shown.id, lang, {one.id: one for one in entries(today())}),
        "files": {kind: f"/{lang}/registry/organisation/{shown.id}/history.{kind}" for kind in ("csv", "xlsx", "json")},
        "page_url": f"/{lang}/registry/organisation/{shown.id}/",
    }
    return show(request, "registry/history.html", context)


def past_file(request: HttpRequest, lang: str, address: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """The same ties and decisions as a file."""
    shown, _sees_all = _open_past(request, address)
    columns = ("on", "what", "first", "second", "by", "probability", "bits", "why", "counts")
    rows: list[tuple[str | float | None, ...]] = [
        (one.on, one.value, one.left, one.right, one.origin, one.probability, one.bits, one.sentence,
         "yes" if one.is_followed else "refused")
        for one in history.ties(shown.id)
    ]  # fmt: skip
    rows += [(one.at, one.kind, " | ".join(one.names), one.detail, author_name(one.author), None, None, one.reason,
              "undone" if one.is_undone else "yes") for one in history.decisions(shown.id)]  # fmt: skip
    return file(request, Table(f"history-{shown.id}", columns, tuple(rows)), kind)


def _open_past(request: HttpRequest, address: str) -> tuple[read.Portrait, bool]:
    shown, sees_all = open_organisation(request, address)
    if not sees_all:
        permissions.require(request, "read_registry", organisation=shown.id)
    return shown, sees_all


def open_organisation(request: HttpRequest, address: str) -> tuple[read.Portrait, bool]:
    """Return an organisation and whether who asks may see all of it.

    Raises:
        Http404: they may not see it at all; written in the door's log.
        UnknownEntryError: there is none at this address.
    """
    shown = read.portrait(address)
    titles = models.Placement.objects.filter(organisation=shown.id).values_list("title", "born_title")
    addresses = {shown.id, *(one for pair in titles for one in pair)}
    person = permissions.person_of(request)
    sees_all = any(permissions.may(person, "read_registry", organisation=one) for one in addresses)
    consent = next((one.value for one in shown.values if one.field == "consent_directory"), "")
    if not sees_all and consent != GRANTED:
        permissions.require(request, "read_registry", organisation=shown.id)
    return shown, sees_all


def value_names() -> dict[str, str]:
    """What a judgement says, in the reader's language."""
    return {"same": _("the same"), "different": _("different"), "related": _("related"), "unsure": _("unsure")}


def origin_names() -> dict[str, str]:
    """Who a judgement is from, in the reader's language."""
    return {"rule": _("a rule: an identifier"), "model": _("the model"), "person": _("a person")}


def _value(field: str, value: str) -> object:
    address = organisation_data.web_address(value) if field == "website" else ""
    return link(address, value) if address else said(field, value)


def _freshness(organisation_id: str, lang: str) -> dict[str, object]:
    found = next(iter(freshness(organisation_id)), None)
    if found is None or found.on is None:
        return {"on": "", "is_stale": True}
    is_stale = (today() - found.on).days > DAYS
    return {"on": words.day(found.on.isoformat(), lang), "against": found.against, "is_stale": is_stale}


def _trades(organisation_id: str, entry: Entry, lang: str) -> list[dict[str, object]]:
    scheme = load_trades()
    stated = models.Organisation.objects.values_list("trades", flat=True).get(pk=organisation_id)
    said_in = {scheme.resolve(str(one["concept"])).id: one for one in stated if one["scheme"] == scheme.id}
    found = []
    for concept in entry.trades:
        known = said_in.get(concept, {})
        found.append({
            "name": scheme.concepts[concept].label.say(lang),
            "url": f"/{lang}/trades/{concept}/",
            "is_main": bool(known.get("is_main")),
            "version": str(known.get("version", scheme.version)),
            "by_code": entry.trades_by == "code",
        })  # fmt: skip
    return found


def _lineage(organisation_id: str, lang: str, visible: Mapping[str, Entry]) -> list[dict[str, object]]:
    steps = lineage.steps_of(organisation_id)
    names = {key: one.name for key, one in visible.items()}
    return [
        {
            "sentence": safe(_("%(heir)s followed %(former)s") % {
                "heir": link(f"/{lang}/registry/organisation/{one.heir}/", names[one.heir]),
                "former": link(f"/{lang}/registry/organisation/{one.former}/", names[one.former]),
            }),
            "since": words.day(one.since, lang),
            "source": _("a person") if one.source == "person" else one.source,
        }
        for one in steps
        if one.heir in visible and one.former in visible
    ]  # fmt: skip


def _related(kind: str) -> str:
    name, _space, turned = kind.partition(" ")
    label = relation_names().get(name, name)
    return f"← {label}" if turned else f"{label} →"


def _decision(one: history.Decision) -> dict[str, object]:
    return {
        "id": one.event,
        "at": one.at,
        "by": author_name(one.author),
        "kind": kind_names().get(one.kind, one.kind),
        "reason": one.reason,
        "names": one.names,
        "detail": _said_detail(one),
        "is_undone": one.is_undone,
    }


def _said_detail(one: history.Decision) -> str:
    if one.kind == "undo":
        return _("event %(id)s") % {"id": one.detail}
    return value_names().get(one.detail, one.detail)
