"""What pages of the registry share: the frame, the words for fields and steps, names of authors, files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.utils.translation import gettext as _

from beffroi.federation import demo, review
from beffroi.federation.consent import PREFIX
from beffroi.federation.rows import FIELDS
from beffroi.observatory import export
from beffroi.records import models
from beffroi.web import permissions
from beffroi.web.house import respond

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from beffroi.federation.list_file import Look
    from beffroi.observatory.tables import Table

_ACCOUNT = re.compile(r"^account (\d+)$")


def field_names() -> dict[str, str]:
    """Fields of a list in the reader's language."""
    return {
        "name": _("name"), "brand": _("brand"), "siren": _("SIREN"), "siret": _("SIRET"), "naf": _("activity (NAF)"),
        "state": _("state in the register"), "address": _("address"), "postcode": _("post code"), "city": _("city"),
        "website": _("web site"), "employees": _("employees"), "revenue_eur": _("yearly revenue, EUR"),
        "trade": _("trade"), "territories": _("territories of action"), "acronym": _("acronym"), "vat": _("VAT number"),
        "description": _("description"), "legal_form": _("legal form"), "email": _("e-mail"), "phone": _("telephone"),
        "founded": _("founded"), "successor": _("successor"), "own_id": _("number in the list"),
        "department": _("département"), "country": _("country"), "member_until": _("member until"),
        "consent_directory": _("consent to the directory"), "commune_code": _("commune (INSEE code)"),
        "latitude": _("latitude"), "longitude": _("longitude"),
    }  # fmt: skip


def list_fields(look: Look) -> dict[str, str]:
    """Every meaning that a column may have, in the reader's language; the ones in use first by their own order."""
    names = field_names() | {
        "acronym": _("acronym"), "vat": _("VAT number"), "own_id": _("the list's own number"),
        "legal_form": _("legal form"), "department": _("department"), "country": _("country"), "email": _("e-mail"),
        "phone": _("telephone"), "founded": _("year of foundation"), "description": _("description"),
        "first_name": _("first name of a person"), "last_name": _("last name of a person"),
        "successor": _("successor (SIREN)"),
    }  # fmt: skip
    consents = {one.field for one in look.columns if one.field.startswith(PREFIX)} | {f"{PREFIX}newsletter"}
    more = {one: _("consent: %(to)s") % {"to": one.removeprefix(PREFIX)} for one in sorted(consents)}
    return {one: names[one] for one in (*FIELDS, "consent_directory")} | {
        one: words for one, words in more.items() if one not in names
    }


def said(field: str, value: str) -> str:
    """A value as the reader's language has it: consents are words of ours, the rest is as the list says."""
    consents = {"granted": _("granted"), "refused": _("refused"), "unanswered": _("unanswered")}
    return consents.get(value, value) if field.startswith("consent_") else value


def origin(text: str) -> str:
    """List, day and row in the reader's language."""
    return text.replace(", row ", f", {_('row')} ")


def relation_names() -> dict[str, str]:
    """How two organisations may be related, in the reader's language."""
    return {
        "part_of": _("part of"), "brand_of": _("brand of"), "site_of": _("site of"),
        "successor_of": _("successor of"), "group_of": _("group of"), "other": _("otherwise related"),
    }  # fmt: skip


def step_names() -> dict[str, str]:
    """Steps of the count in the reader's language."""
    return {
        "same_organisation_in_one_list": _("same organisation in one list"),
        "same_organisation_in_several_lists": _("same organisation in several lists"),
        "gone_from_the_list": _("gone from the list"),
        "membership_lapsed": _("membership lapsed"),
        "closed_in_the_register": _("closed in the register"),
        "members": _("members"),
    }


def rule_names() -> dict[str, str]:
    """Why a value is shown, in the reader's language, by the words of the registry."""
    return {
        "a person's correction": _("a person corrected it"),
        "the register, for a legal fact": _("the register, for a legal fact"),
        "the most recent list": _("the most recent list"),
        "what most lists say": _("what most lists say"),
        "the most restrictive consent": _("the most restrictive consent"),
    }


def kind_names() -> dict[str, str]:
    """Kinds of events and cases in the reader's language."""
    return {
        "edit": _("edit by the organisation"), "answer": _("answer to a request"), "renew": _("renewal"),
        "verify": _("verification"), "trade": _("decision on a trade"), "override": _("correction"),
        "import": _("import"), "decide": _("decision"), "merge": _("join"), "split": _("separation"),
        "undo": _("undo"), "close": _("end of a task"), "doubtful": _("doubtful pair"), "closed": _("closed"),
        "moved": _("moved"), "renamed": _("renamed"), "absorbed": _("absorbed"), "vanished": _("vanished"),
        "two_legal_units": _("two legal units"), "separated": _("separated by a person"),
        "separated_by_a_person": _("separated by a person"), "two_rows_of_one_list": _("two rows of one list"),
        "check": _("check of an automatic link"), "sample": _("automatic link to check"),
        "territories": _("territories of action"),
    }  # fmt: skip


def author_name(author: str) -> str:
    """Who wrote: the name of an account that still is here, else what the log says."""
    match = _ACCOUNT.match(author)
    user = User.objects.filter(pk=int(match[1])).first() if match else None
    return (user.first_name or user.email) if user else author


def show(request: HttpRequest, template: str, context: Mapping[str, object], *, status: int = 200) -> HttpResponse:
    """Render a page of the registry, which always says when its firms are invented."""
    person = permissions.person_of(request)
    frame = {
        "is_demo": models.Event.objects.filter(author=demo.AUTHOR).exists(),
        "is_empty": not models.Organisation.objects.exists(),
        "person": person,
        "may_decide": permissions.may(person, "decide"),
        "may_import": permissions.may(person, "import_lists"),
        "speaks_for": any(one.role == "representative" for one in person.held),
        "may_verify": permissions.may(person, "verify"),
        "may_renew": permissions.may(person, "renew"),
        "may_manage_roles": permissions.may(person, "manage_roles"),
        "may_read_all": permissions.may(person, "read_registry"),
    }
    if frame["may_decide"]:
        frame["waiting"] = review.open_cases()
    return respond(request, template, {**frame, **context}, status=status)


def file(request: HttpRequest, table: Table, kind: str) -> HttpResponse:
    """A table as CSV, XLSX or JSON."""
    if kind == "xlsx":
        body, content_type = export.to_xlsx(table), export.XLSX_TYPE
    elif kind == "json":
        body, content_type = export.to_json(table), export.JSON_TYPE
    else:
        body, content_type = export.to_csv(table, with_bom=request.GET.get("bom") == "1"), export.CSV_TYPE
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{table.name}.{kind}"'
    return response
