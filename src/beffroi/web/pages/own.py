"""An organisation's own page: what it says of itself, what waits for a reviewer, and the reviewer's answers."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from beffroi.federation import read, requests
from beffroi.federation.consent import GRANTED, PREFIX, REFUSED, UNANSWERED
from beffroi.federation.errors import UnknownEntryError
from beffroi.federation.log import Act
from beffroi.observatory.tables import Table
from beffroi.records import models
from beffroi.vocabulary.errors import UsageError
from beffroi.web import import_words, permissions
from beffroi.web.pages.review import done_of
from beffroi.web.registry_frame import author_name, field_names, file, said, show
from beffroi.web.told import told

if TYPE_CHECKING:
    from django.http import HttpRequest

    from beffroi.federation.requests import Asked

_log = logging.getLogger("beffroi.mail")
CONFLICT = 409
PAGE = 200


def labels() -> dict[str, str]:
    """Fields that an organisation may edit, in the reader's language."""
    return field_names() | {
        "acronym": _("acronym"), "legal_form": _("legal form"), "email": _("e-mail"), "phone": _("telephone"),
        "description": _("description"), "first_name": _("first name of the contact"),
        "last_name": _("last name of the contact"),
    }  # fmt: skip


def own_organisations(request: HttpRequest) -> list[tuple[str, str]]:
    """Address and name of the organisations that this person speaks for today."""
    found = {}
    for one in permissions.person_of(request).held:
        if one.role == "representative":
            try:
                address = read.resolve(one.scope)
            except UnknownEntryError:  # its rows were taken back since the mandate was given
                continue
            found[address] = models.Organisation.objects.get(pk=address).name
    return sorted(found.items(), key=lambda one: one[1].casefold())


def mine(request: HttpRequest, lang: str) -> HttpResponse:
    """The organisations that this person speaks for; the only one at once."""
    held = own_organisations(request)
    if not held:
        permissions.require(request, "edit_organisation", organisation="none")
    if len(held) == 1:
        return HttpResponseRedirect(f"/{lang}/registry/organisation/{held[0][0]}/edit/")
    return show(request, "registry/mine.html", {"title": _("For which organisation do you speak?"), "held": held})


def edit(request: HttpRequest, lang: str, address: str) -> HttpResponse:
    """What an organisation says of itself: free fields at once, the others when a reviewer agrees."""
    known = dict(own_organisations(request))
    try:
        here = read.resolve(address)
    except UnknownEntryError:
        here = ""
    # A mandate may name an address that leads here since a join: it is asked for by its address of today.
    scope = next((one.scope for one in permissions.person_of(request).held
                  if one.role == "representative" and here in known and _leads(one.scope) == here), "none")  # fmt: skip
    person = permissions.require(request, "edit_organisation", organisation=scope)
    now = requests.values_of(here)
    typed, faults, problem = now, {}, ""
    if request.method == "POST":
        typed = now | {name: request.POST.get(name, "")[: requests.LONGEST + 1] for name in now if name in request.POST}
        act = Act(person.author, datetime.now(UTC), "edit")
        reason = request.POST.get("reason", "").strip()[:1000]
        try:
            done = requests.edit(here, typed, account=person.account or 0, act=act, reason=reason)
        except requests.FieldsError as error:
            words = import_words.faults()
            faults = {name: f"{words.get(what, what)}. {words.get(how, how)}" for name, (what, how) in
                      error.faults.items()}  # fmt: skip
        except UsageError as error:
            problem = told(error)
        else:
            tail = f"?done={done.event}" if done.event else "?same=1"
            return HttpResponseRedirect(f"/{lang}/registry/organisation/{here}/edit/{tail}")
    names = labels()
    context = {
        "title": _("What does %(name)s say of itself?") % {"name": known[here]},
        "free": [_field(one, names, typed, faults) for one in requests.FREE],
        "asked": [_field(one, names, typed, faults) for one in requests.ASKED],
        "answers": [(one, said("consent_", one)) for one in (GRANTED, UNANSWERED, REFUSED)],
        "faults": [(one, names.get(one, one), fault) for one, fault in faults.items()],
        "problem": problem,
        "history": [_shown(one, names) for one in requests.requests(organisation=here, limit=PAGE)],
        "done": done_of(request),
        "is_same": request.GET.get("same") == "1",
        "back": f"/{lang}/registry/organisation/{here}/",
    }
    return show(request, "registry/edit.html", context, status=CONFLICT if faults or problem else 200)


def _leads(address: str) -> str:
    try:
        return read.resolve(address)
    except UnknownEntryError:
        return ""


def _field(name: str, names: dict[str, str], typed: dict[str, str], faults: dict[str, str]) -> dict[str, object]:
    return {"name": name, "label": names.get(name, name), "value": typed.get(name, ""), "fault": faults.get(name, ""),
            "is_long": name == "description", "is_consent": name.startswith(PREFIX)}  # fmt: skip


def states() -> dict[str, str]:
    """Where a request stands."""
    return {"open": _("waits"), "accepted": _("accepted"), "refused": _("turned down")}


def _shown(one: Asked, names: dict[str, str]) -> dict[str, object]:
    return {
        "id": one.id, "label": names.get(one.field, one.field), "organisation": one.organisation, "name": one.name,
        "now": said(one.field, one.now), "value": said(one.field, one.value), "reason": one.reason,
        "state": states()[one.state], "is_open": one.state == "open", "answer": one.answer,
        "at": f"{one.at:%Y-%m-%d %H:%M}", "by": author_name(f"account {one.account}"),
    }  # fmt: skip


def queue(request: HttpRequest, lang: str) -> HttpResponse:
    """What organisations ask for; accept, or refuse with a reason."""
    problem = ""
    if request.method == "POST":
        number, answer = request.POST.get("request", ""), request.POST.get("answer", "")
        reason = request.POST.get("reason", "").strip()[:1000]
        try:
            if answer not in {"accept", "refuse"} or not (number.isascii() and number.isdecimal()):
                problem = _("Choose one of the answers.")
            elif answer == "refuse" and not reason:
                problem = _("Say why the request is refused: whoever asked reads it.")
            else:
                act = Act(permissions.person_of(request).author, datetime.now(UTC), "answer")
                done = requests.answer(int(number[:9]), is_accepted=answer == "accept", act=act, reason=reason)
                _tell(requests.request(int(number[:9])), lang)
                return HttpResponseRedirect(f"/{lang}/registry/requests/?done={done.event}")
        except UsageError as error:
            problem = told(error)
    names = labels()
    is_all = request.GET.get("state") == "all"
    held = requests.requests(is_open=not is_all, limit=PAGE)
    context = {
        "title": _("What do organisations ask for?"),
        "held": [_shown(one, names) for one in held],
        "is_all": is_all,
        "problem": problem,
        "done": done_of(request),
        "files": {kind: f"/{lang}/registry/requests.{kind}{'?state=all' if is_all else ''}"
                  for kind in ("csv", "xlsx", "json")},
    }  # fmt: skip
    return show(request, "registry/requests.html", context, status=CONFLICT if problem else 200)


def queue_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """The same requests as a file; accounts are named by their number."""
    held = requests.requests(is_open=request.GET.get("state") != "all")
    rows = tuple((one.id, one.at.isoformat(), one.organisation, one.name, one.account, one.field, one.now, one.value,
                  one.reason, one.state, one.answer) for one in held)  # fmt: skip
    columns = ("request", "at", "organisation", "name", "account", "field", "now", "asked", "reason", "state", "answer")
    return file(request, Table("requests", columns, rows), kind)


def _tell(asked: Asked, lang: str) -> None:
    """Send the answer to whoever asked. The answer stands even where no mail goes out."""
    user = User.objects.filter(pk=asked.account, is_active=True).first()
    if user is None or not user.email:
        return
    subject = _("Your request for %(name)s has been answered") % {"name": " ".join(asked.name.split())}
    lines = [
        _("You asked that %(field)s be: %(value)s") % {"field": labels().get(asked.field, asked.field),
                                                       "value": said(asked.field, asked.value)},
        _("The answer: %(state)s") % {"state": states()[asked.state]},
        *([asked.answer] if asked.answer else []),
        f"/{lang}/registry/organisation/{asked.organisation}/edit/",
    ]  # fmt: skip
    try:
        send_mail(subject, "\n\n".join(lines) + "\n", None, [user.email])
    except OSError:
        _log.exception("The answer to request %s could not be sent.", asked.id)
