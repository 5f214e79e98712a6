"""Keep the registry true: who was verified when, what registers changed, trades, and memberships renewed in bulk."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from beffroi.catalogue.trades import load_trades
from beffroi.federation import directory, freshness, judgement, read, renewals, review, taxonomy
from beffroi.federation.log import Act
from beffroi.federation.register_watch import KINDS
from beffroi.observatory.tables import Table
from beffroi.vocabulary.communes import department_names
from beffroi.vocabulary.errors import UsageError
from beffroi.web import permissions, words
from beffroi.web.markup import Head, link, row, table
from beffroi.web.pages.review import done_of
from beffroi.web.registry_frame import field_names, file, kind_names, show
from beffroi.web.told import told

if TYPE_CHECKING:
    from django.http import HttpRequest

    from beffroi.federation.review import Case

CONFLICT = 409
PAGE = 200
SCHEME = "digital"
OUTCOMES = ("noted", "wrong")
SHOWN = ("name", "siren", "address", "postcode", "city", "website")
FORMATS = ("csv", "xlsx", "json")


def _act(request: HttpRequest, kind: str) -> Act:
    return Act(permissions.person_of(request).author, datetime.now(UTC), kind)


def _today() -> date:
    return datetime.now(UTC).date()


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()[:1000]


def _must(is_right: object, message: str) -> None:
    if not is_right:
        raise UsageError(message)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(_("Write the day as YYYY-MM-DD.")) from error


def verify(request: HttpRequest, lang: str, address: str) -> HttpResponse:
    """Note that an organisation was found right on a day, against something named."""
    here = read.portrait(address)
    typed = {"on": _today().isoformat(), "against": "", **request.POST.dict()}
    problem = ""
    if request.method == "POST":
        against = typed["against"].strip()[:200]
        try:
            on = _day(typed["on"])
            _must(on <= _today() and against, _("Give a day that has come, and say against what you verified it."))
            done = judgement.verify(here.id, on=on, against=against, act=_act(request, "verify"))
        except UsageError as error:
            problem = told(error)
        else:
            return HttpResponseRedirect(f"/{lang}/registry/organisation/{here.id}/?done={done.event}")
    context = {
        "title": _("Is what we know of %(name)s still true?") % {"name": here.name},
        "here": here,
        "values": [(field_names().get(one.field, one.field), one.value) for one in here.values if one.field in SHOWN],
        "last": last_verified(here.id, lang),
        "typed": typed,
        "problem": problem,
        "back": f"/{lang}/registry/organisation/{here.id}/",
    }
    return show(request, "registry/verify.html", context, status=CONFLICT if problem else 200)


def last_verified(address: str, lang: str) -> str:
    """Return when an organisation was last verified and against what, as a sentence."""
    found = freshness.of(address)
    if found.on is None:
        return _("Nobody has verified it yet.")
    said = _("Last verified on %(day)s against: %(against)s.") % {
        "day": words.day(found.on.isoformat(), lang),
        "against": found.against,
    }
    return said if found.on >= _today() - freshness.LONGEST else f"{said} {_('That is more than twelve months ago.')}"


def _stale() -> Table:
    rows = tuple((one.organisation, one.name, one.on.isoformat() if one.on else "", one.against)
                 for one in freshness.stale(_today()))  # fmt: skip
    return Table("stale", ("organisation", "name", "verified_on", "against"), rows)


def stale(request: HttpRequest, lang: str) -> HttpResponse:
    """Organisations that nobody verified in the last twelve months, the longest ago first."""
    held = _stale()
    heads = [Head(_("Organisation")), Head(_("Last verified")), Head(_("Against"))]
    may_verify = permissions.may(permissions.person_of(request), "verify")
    heads += [Head(_("Verify"))] if may_verify else []
    rows = []
    for address, name, on, against in held.rows[:PAGE]:
        place = f"/{lang}/registry/organisation/{address}/"
        cells = [link(place, str(name)), words.day(str(on), lang) if on else _("never"), against or "–"]
        cells += [link(f"{place}verify/", _("Verify %(name)s") % {"name": name})] if may_verify else []
        rows.append(row(cells, heads))
    context = {
        "title": _("Whom has nobody verified for a year?"),
        "lead": _("Organisations not verified in the last twelve months: %(count)s.")
        % {"count": words.number(len(held.rows), 0, lang)},
        "more": len(held.rows) > PAGE,
        "table": table(_("The longest unverified first"), heads, rows, key="t-stale") if held.rows else "",
        "files": {kind: f"/{lang}/registry/stale.{kind}" for kind in FORMATS},
    }
    return show(request, "registry/table.html", context)


def stale_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """The same as a file, whole."""
    return file(request, _stale(), kind)


def _tasks(request: HttpRequest) -> tuple[list[Case], str]:
    asked = request.GET.get("kind", "")
    kind = asked if asked in KINDS else ""
    return [one for one in review.tasks() if kind in {"", one.kind}], kind


def tasks(request: HttpRequest, lang: str) -> HttpResponse:
    """What registers changed and nobody has looked at, each with its outcome to be said."""
    problem = ""
    if request.method == "POST":
        number, outcome = request.POST.get("task", ""), request.POST.get("outcome", "")
        try:
            _must(outcome in OUTCOMES and number.isascii() and number.isdecimal(), _("Choose one of the answers."))
            done = judgement.close_task(int(number), outcome, act=_act(request, "close"), reason=_reason(request))
        except UsageError as error:
            problem = told(error)
        else:
            return HttpResponseRedirect(f"/{lang}/registry/tasks/?done={done.event}")
    held, kind = _tasks(request)
    names = kind_names()
    context = {
        "title": _("What do the registers say has changed?"),
        "count": words.number(len(held), 0, lang),
        "kinds": [(one, names[one]) for one in KINDS],
        "kind": kind,
        "cases": [
            {
                "number": one.id[1:],
                "kind": names.get(one.kind, one.kind),
                "name": one.sides[0].fields.get("name", "") if one.sides else "",
                "organisation": one.sides[0].organisation if one.sides else "",
                "before": one.detail.get("before", ""),
                "after": one.detail.get("after", ""),
            }
            for one in held[:PAGE]
        ],
        "more": len(held) > PAGE,
        "problem": problem,
        "done": done_of(request),
        "files": {one: f"/{lang}/registry/tasks.{one}{'?' + urlencode({'kind': kind}) if kind else ''}"
                  for one in FORMATS},
    }  # fmt: skip
    return show(request, "registry/tasks.html", context, status=CONFLICT if problem else 200)


def tasks_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """The open tasks as a file."""
    rows = tuple(
        (one.id, one.kind, one.sides[0].organisation if one.sides else "",
         one.sides[0].fields.get("name", "") if one.sides else "", str(one.detail.get("before", "")),
         str(one.detail.get("after", "")))
        for one in _tasks(request)[0]
    )  # fmt: skip
    return file(request, Table("tasks", ("task", "kind", "organisation", "name", "before", "after"), rows), kind)


def trades(request: HttpRequest, lang: str, address: str) -> HttpResponse:
    """Trades of an organisation: those accepted, one of them the main one; and those that something speaks for."""
    here = read.portrait(address)
    scheme = load_trades(SCHEME)
    problem = ""
    if request.method == "POST":
        answer, concept = request.POST.get("answer", ""), request.POST.get("trade", "")
        try:
            _must(answer in {"accept", "main", "refuse"}, _("Choose one of the answers."))
            evidence = request.POST.get("evidence", "")[:500]
            done = taxonomy.decide_trade(
                here.id, SCHEME, concept, is_accepted=answer != "refuse", is_main=answer == "main",
                act=_act(request, "trade"), evidence=evidence,
            )  # fmt: skip
        except UsageError as error:
            problem = told(error)
        else:
            return HttpResponseRedirect(f"/{lang}/registry/organisation/{here.id}/trades/?done={done.event}")
    held = taxonomy.accepted(here.id)
    fields = {one.field: one.value for one in here.values}
    labels = {one.id: one.label.say(lang) for one in scheme.concepts.values() if not one.replaced_by}
    refused = taxonomy.refused(here.id)
    context = {
        "title": _("What does %(name)s do?") % {"name": here.name},
        "here": here,
        "held": [(labels.get(concept, concept), concept, is_main) for concept, is_main in held],
        "offered": [
            (labels[one.concept], one, one.concept in refused)
            for one in taxonomy.suggest(fields, scheme) if one.concept not in dict(held)
        ],
        "others": sorted(((one, label) for one, label in labels.items() if one not in dict(held)), key=lambda x: x[1]),
        "scheme": scheme,
        "problem": problem,
        "done": done_of(request),
        "back": f"/{lang}/registry/organisation/{here.id}/",
    }  # fmt: skip
    return show(request, "registry/organisation_trades.html", context, status=CONFLICT if problem else 200)


def renewal(request: HttpRequest, lang: str) -> HttpResponse:
    """Choose memberships by a filter, see what would change, and renew or end them in one event."""
    asked = request.POST if request.method == "POST" else request.GET
    words_asked, source, territory = (asked.get(name, "").strip()[:200] for name in ("q", "list", "department"))
    query = directory.Query(words_asked, source, territory)
    until, problem = asked.get("until", "").strip()[:10], ""
    shown = directory.search(query, day=_today(), sees_all=True)
    found = shown.entries
    lines = renewals.memberships([one.id for one in found], source=query.list)
    day = None
    try:
        day = _day(until) if until else None
        if request.method == "POST" and day is not None:
            _must(_reason(request), _("Say why these memberships change."))
            seen, act = request.POST.get("seen", ""), _act(request, "renew")
            done = renewals.renew(lines, until=day, seen=seen, act=act, reason=_reason(request))
            return HttpResponseRedirect(f"/{lang}/registry/renewals/?done={done.event}")
    except UsageError as error:
        problem = told(error)
    changing = [one for one in lines if day is not None and one.until != day.isoformat()]
    heads = [Head(_("Organisation")), Head(_("List")), Head(_("Runs until")), Head(_("Would run until"))]
    rows = (
        row([link(f"/{lang}/registry/organisation/{one.organisation}/", one.name), one.list,
             words.day(one.until, lang) if one.until else "–", words.day(until, lang)], heads)
        for one in changing[:PAGE]
    )  # fmt: skip
    context = {
        "title": _("Which memberships run until when?"),
        "query": query,
        "until": until,
        "lists": sorted(shown.facets["list"].items()),
        "departments": sorted((code, n) for code, n in shown.facets["territory"].items() if code in department_names()),
        "problem": problem,
        "reason": asked.get("reason", ""),
        "count": words.number(len(changing), 0, lang),
        "of": words.number(len(lines), 0, lang),
        "is_past": day is not None and day < _today(),
        "day": words.day(until, lang) if day else "",
        "has_day": day is not None,
        "seen": renewals.fingerprint(lines),
        "table": table(_("What would change"), heads, rows, key="t-renewals") if changing else "",
        "more": len(changing) > PAGE,
        "done": done_of(request),
    }
    return show(request, "registry/renewals.html", context, status=CONFLICT if problem else 200)
