"""The door's log for those who watch over it: filtered, exported, and checked with every other chained log."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from beffroi.federation import chains
from beffroi.observatory.tables import Table
from beffroi.records.accounts import AuditEntry
from beffroi.web import words
from beffroi.web.house import respond
from beffroi.web.markup import Head, row, table
from beffroi.web.registry_frame import author_name, file

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

PAGE = 100
LONGEST_NUMBER = 10
FILTERS = ("act", "account", "since", "until")


def act_names() -> dict[str, str]:
    """Acts of the log in the reader's language."""
    return {
        "refused": _("refused"), "signed_in": _("signed in"), "signed_out": _("signed out"),
        "sign_in_failed": _("wrong password"), "code_failed": _("wrong code"), "role_given": _("role given"),
        "role_ended": _("role ended"), "second_factor_on": _("second factor on"),
        "second_factor_off": _("second factor off"), "recovery_code_used": _("recovery code used"),
        "recovery_codes_new": _("new recovery codes"), "account_erased": _("account made anonymous"),
        "data_requested": _("request about one’s data"), "data_decided": _("answer to a request"),
        "contributed": _("anonymous contribution"),
    }  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _asked(request: HttpRequest) -> dict[str, str]:
    given = {one: request.GET.get(one, "").strip()[:30] for one in FILTERS}
    return {key: value for key, value in given.items() if value}


def _found(asked: dict[str, str]) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.order_by("-id")
    if "act" in asked:
        rows = rows.filter(act=asked["act"])
    if "account" in asked:
        typed = asked["account"]
        is_number = typed.isascii() and typed.isdecimal() and len(typed) < LONGEST_NUMBER
        rows = rows.filter(account=int(typed)) if is_number else rows.none()
    if since := _day(asked.get("since", "")):
        rows = rows.filter(at__gte=datetime.combine(since, time.min, UTC))
    if (until := _day(asked.get("until", ""))) and until < date.max:
        rows = rows.filter(at__lt=datetime.combine(until + timedelta(days=1), time.min, UTC))
    return rows


def _who(account: int | None) -> str:
    return f"{account} · {author_name(f'account {account}')}" if account else "–"


@require_safe
def page(request: HttpRequest, lang: str) -> HttpResponse:
    """The newest entries that fit, and on demand whether every log holds."""
    asked, names = _asked(request), act_names()
    found = _found(asked)
    count = found.count()
    heads = [
        Head(_("Entry"), is_number=True),
        Head(_("When (UTC)")),
        Head(_("Act")),
        Head(_("Account")),
        Head(_("Address")),
    ]
    lines = [
        row([one.pk, f"{one.at:%Y-%m-%d %H:%M}", names.get(one.act, one.act),
             _who(one.account), one.path or "–"], heads)
        for one in found[:PAGE]
    ]  # fmt: skip
    checked = chains.verify() if request.GET.get("check") == "1" else {}
    tail = f"?{urlencode(asked)}" if asked else ""
    context = {
        "title": _("What happened at the door?"),
        "count": words.number(count, 0, lang),
        "is_cut": count > PAGE,
        "asked": asked,
        "acts": sorted(names.items(), key=lambda one: one[1]),
        "table": table(_("Newest first"), heads, lines, key="t-log") if lines else "",
        "checked": [(name, words.number(entries, 0, lang), [(one.event, one.problem) for one in breaks])
                    for name, (entries, breaks) in checked.items()],
        "files": {kind: f"/{lang}/account/log.{kind}{tail}" for kind in ("csv", "xlsx", "json")},
        "check_url": f"/{lang}/account/log/?{urlencode({**asked, 'check': 1})}#check",
    }  # fmt: skip
    return respond(request, "privacy/log.html", context)


@require_safe
def download(request: HttpRequest, lang: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """All entries that fit, as a file; accounts by number."""
    rows = tuple(
        (one.pk, one.at.isoformat(timespec="seconds"), one.act, one.account, one.path, str(one.detail), one.hash)
        for one in _found(_asked(request)).iterator()
    )
    return file(request, Table("door-log", ("entry", "at", "act", "account", "path", "detail", "hash"), rows), kind)
