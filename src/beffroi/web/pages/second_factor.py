"""Pages of the second factor: set it up, sign in with it, renew its recovery codes, give it up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import segno
from allauth.account.internal.decorators import login_stage_required
from allauth.core import ratelimit
from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beffroi.federation import second_factor, totp
from beffroi.vocabulary.errors import UsageError
from beffroi.web import permissions
from beffroi.web.house import respond
from beffroi.web.markup import safe
from beffroi.web.pages.errors import too_many
from beffroi.web.second_factor import MARK
from beffroi.web.sign_in import CodeStage

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

WRONG = 400
ISSUER = "Beffroi"


def _account(request: HttpRequest) -> int:
    account = permissions.person_of(request).account
    if account is None:
        raise Http404
    return account


def _too_often(request: HttpRequest, account: int) -> bool:
    return not ratelimit.consume(request, action="login_failed", key=f"code-{account}")


def _show(request: HttpRequest, *, problem: str = "", codes: tuple[str, ...] = ()) -> HttpResponse:
    account = _account(request)
    secret = second_factor.begun(account, key=settings.SECRET_KEY)
    otpauth = totp.address(secret, account=request.user.get_username(), issuer=ISSUER) if secret else ""
    context = {
        "title": _("Is your sign-in safe from a stolen password?"),
        "is_on": second_factor.is_set_up(account),
        "is_wanted": settings.BEFFROI_IS_PUBLIC,
        "secret": totp.as_text(secret) if secret else "",
        "address": otpauth,
        "qr": _qr(otpauth) if secret else "",
        "left": second_factor.codes_left(account),
        "codes": codes,
        "problem": problem,
    }
    return respond(request, "account/second_factor.html", context, status=WRONG if problem else 200)


def _qr(otpauth: str) -> SafeString:
    """Draw an address as a QR code. Dark on white whatever the reader's colours: cameras read no other."""
    drawn = segno.make_qr(otpauth, error="m")
    return safe(drawn.svg_inline(scale=4, border=4, light="#ffffff", dark="#000000", svgclass="qr", lineclass=None,
                                 omitsize=True, title=_("QR code of the key"), svgid="qr"))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, lang: str) -> HttpResponse:
    """Say whether there is a second factor; on POST, do what the button says."""
    if request.method != "POST":
        return _show(request)
    account, now, key = _account(request), datetime.now(UTC), settings.SECRET_KEY
    act, given = request.POST.get("act", ""), request.POST.get("code", "")[:40]
    if act != "begin" and _too_often(request, account):
        return too_many(request)
    try:
        if act == "begin":
            second_factor.begin(account, at=now)
        elif act == "confirm":
            codes = second_factor.confirm(account, given, key=key, at=now)
            request.session.cycle_key()
            request.session[MARK] = account
            return _show(request, codes=codes)  # shown this once, so in the answer itself
        elif act == "renew":
            return _show(request, codes=second_factor.renew_codes(account, given, key=key, at=now))
        elif act == "off":
            second_factor.give_up(account, given, key=key, at=now)
            request.session.pop(MARK, None)
    except UsageError:
        return _show(request, problem=_("This code is wrong or was used before. Wait for the next one and type it."))
    return HttpResponseRedirect(f"/{lang}/account/second-factor/")


@login_stage_required(stage=CodeStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]  # -- allauth ships no types
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code between the password and the house."""
    stage = request._login_stage  # type: ignore[attr-defined]  # noqa: SLF001 -- where allauth puts it
    account, problem = stage.login.user.pk, ""
    if request.method == "POST":
        if _too_often(request, account):
            return too_many(request)
        given = request.POST.get("code", "")[:40]
        if second_factor.check(account, given, key=settings.SECRET_KEY, at=datetime.now(UTC)):
            ratelimit.clear(request, action="login_failed", key=f"code-{account}")
            answer: HttpResponse = stage.exit()
            request.session[MARK] = account
            return answer
        permissions.note_failed_code(request, account)
        problem = _("This code is wrong or was used before. Wait for the next one and type it.")
    context = {"title": _("Which code does your telephone show?"), "problem": problem}
    return respond(request, "account/code.html", context, status=WRONG if problem else 200)
