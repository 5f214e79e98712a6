"""Who holds which role, for what and until when: list, give, end."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.federation import people, read
from beffroi.observatory.tables import Table
from beffroi.records import models
from beffroi.vocabulary.errors import UsageError
from beffroi.web import permissions, words
from beffroi.web.charter_form import name_of
from beffroi.web.pages.account import role_names
from beffroi.web.registry_frame import author_name, file, show
from beffroi.web.told import told

if TYPE_CHECKING:
    from django.http import HttpRequest

    from beffroi.federation.people import Given

CONFLICT = 409
NAMES = ("email", "role", "scope", "since", "until")


def page(request: HttpRequest, lang: str) -> HttpResponse:
    """Every mandate, those of today first; a form for one more."""
    today, problem = datetime.now(UTC).date(), ""
    typed = {name: request.POST.get(name, "").strip()[:254] for name in NAMES}
    if request.method == "POST":
        try:
            _change(request, typed)
        except UsageError as error:
            problem = told(error)
        else:
            return HttpResponseRedirect(f"/{lang}/registry/roles/")
    names = role_names()
    emails = dict(User.objects.values_list("pk", "email"))
    held = people.mandates()
    named = dict(models.Organisation.objects.filter(pk__in=[one.scope for one in held]).values_list("pk", "name"))
    shown = [_shown(one, names, emails, today, lang) | {"scope_name": _scope(one.scope, named, lang)} for one in held]
    context = {
        "title": _("Who may do what here?"),
        "held": [one for one in shown if one["is_standing"]],
        "past": [one for one in shown if not one["is_standing"]],
        "roles": [(one, names[one], people.SCOPED.get(one, "")) for one in people.ROLES],
        "emails": sorted(one for one in emails.values() if one),
        "typed": {"since": today.isoformat(), **{name: value for name, value in typed.items() if value}},
        "problem": problem,
        "files": {kind: f"/{lang}/registry/roles.{kind}" for kind in ("csv", "xlsx", "json")},
    }
    return show(request, "registry/roles.html", context, status=CONFLICT if problem else 200)


def roles_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """Every mandate as a file; accounts are named by their number."""
    rows = tuple(
        (one.id, one.account, one.role, one.scope, one.since.isoformat(), one.until.isoformat() if one.until else "",
         one.by, one.ended_at.isoformat() if one.ended_at else "", one.ended_by)
        for one in people.mandates()
    )  # fmt: skip
    columns = ("mandate", "account", "role", "scope", "since", "until", "by", "ended_at", "ended_by")
    return file(request, Table("roles", columns, rows), kind)


def _change(request: HttpRequest, typed: dict[str, str]) -> None:
    by, at = permissions.person_of(request).author, datetime.now(UTC)
    ended = request.POST.get("end", "")
    if ended:
        if not (ended.isascii() and ended.isdecimal()):
            raise UsageError(_("Choose one of the answers."))
        people.end_mandate(int(ended[:9]), by=by, at=at)
        return
    user = User.objects.filter(email__iexact=typed["email"]).first() if typed["email"] else None
    if user is None:
        raise UsageError(_("There is no account under this address. Accounts are opened by the command."))
    scope = typed["scope"]
    if people.SCOPED.get(typed["role"]) == "organisation" and scope:
        scope = read.resolve(scope)
    people.give(
        user.pk, typed["role"], by=by, at=at, scope=scope, since=_day(typed["since"]), until=_day(typed["until"])
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(_("Write the day as YYYY-MM-DD.")) from error


def _scope(scope: str, named: dict[str, str], lang: str) -> str:
    """An organisation, territory or agreement by its name."""
    thing = entries.book().find(scope)
    return name_of(thing, lang) if thing else named.get(scope, scope)


def _shown(one: Given, names: dict[str, str], emails: dict[int, str], today: date, lang: str) -> dict[str, object]:
    is_over = one.until is not None and one.until < today
    return {
        "id": one.id,
        "who": emails.get(one.account) or f"account {one.account}",
        "role": names.get(one.role, one.role),
        "scope": one.scope,
        "is_organisation": people.SCOPED.get(one.role) == "organisation",
        "since": words.day(one.since.isoformat(), lang),
        "until": words.day(one.until.isoformat(), lang) if one.until else "",
        "by": author_name(one.by),
        "ended": f"{one.ended_at:%Y-%m-%d}" if one.ended_at else "",
        "ended_by": author_name(one.ended_by) if one.ended_by else "",
        "is_standing": one.ended_at is None and not is_over,
        "is_to_come": one.since > today,
    }
