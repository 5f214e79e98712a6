"""One's own account: who one is here, which roles one holds, and the addresses of signing in and of passwords."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from allauth.account import views
from django.urls import path, re_path
from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.federation.people import held_by
from beffroi.federation.second_factor import is_set_up
from beffroi.records.models import Organisation
from beffroi.web import permissions
from beffroi.web.charter_form import name_of
from beffroi.web.house import respond
from beffroi.web.pages import second_factor
from beffroi.web.second_factor import sleeping

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern


def role_names() -> dict[str, str]:
    """Roles in the reader's language."""
    return {
        "operator": _("operator"),
        "reviewer": _("reviewer of the registry"),
        "representative": _("representative of an organisation"),
        "drafter": _("member of a drafting team"),
        "secretary": _("territorial secretary"),
        "chair": _("chair of a committee"),
        "office": _("regional office"),
        "editor": _("editor of the observatory"),
        "validator": _("validator of the observatory"),
        "election_officer": _("election officer"),
        "funder": _("funder"),
        "partner": _("partner cluster"),
        "data_protection": _("data protection contact"),
    }


def home(request: HttpRequest, lang: str) -> HttpResponse:
    """What this account may do."""
    person = permissions.person_of(request)
    names = role_names()
    account = person.account or 0
    context = {
        "title": _("What may I do here?"),
        "person": person,
        "roles": [(names[one.role], *_scope(one.role, one.scope, lang)) for one in person.held],
        "may_decide": permissions.may(person, "decide"),
        "may_read_log": permissions.may(person, "read_log"),
        "may_sign": permissions.may(person, "sign_editions"),
        "may_answer": permissions.may(person, "answer_requests"),
        "has_second_factor": is_set_up(account),
        "is_sleeping": sleeping(request, account, held_by(account, datetime.now(UTC).date())),
    }
    return respond(request, "account/home.html", context)


def _scope(role: str, scope: str, lang: str) -> tuple[str, str]:
    """What a role is held for: its name and its address, where there are any."""
    if role == "representative":
        named = Organisation.objects.filter(pk=scope).values_list("name", flat=True).first()
        return named or scope, f"/{lang}/registry/organisation/{scope}/"
    thing = entries.book().find(scope)
    if thing is None:
        return scope, ""
    place = "agreements" if thing.kind == "agreement" else f"government/{thing.kind}"
    return name_of(thing, lang), f"/{lang}/{place}/{scope}/"


for_all: list[URLPattern] = [
    path("login/", views.login, name="account_login"),
    path("code/", second_factor.code, name="account_code"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
    path("confirm-email/", views.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", views.confirm_email, name="account_confirm_email"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-:\w]+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]
for_members: list[URLPattern] = [
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
]
