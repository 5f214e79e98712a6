"""The desk of editors and validators: which editions wait, and the form that hands in, validates or sends back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from beffroi.federation.audit import note
from beffroi.observatory.home import Home, home_folder
from beffroi.observatory.signatures import SENT_BACK, SUBMITTED, VALIDATED
from beffroi.observatory.signing import LONGEST_WORDS, SignatureError, sign
from beffroi.vocabulary.errors import BusyError
from beffroi.vocabulary.text import Text
from beffroi.web import access, permissions, signature_words, words
from beffroi.web.house import respond

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from beffroi.observatory.reading import Edition

CONFLICT = 409
ACTS = {SUBMITTED: "submit_edition", VALIDATED: "validate_edition", SENT_BACK: "validate_edition"}


@require_safe
def listing(request: HttpRequest, lang: str) -> HttpResponse:
    """Every edition with where it stands."""
    shown = [_shown(access.open_edition(key), lang) for key in access.editions()]
    return respond(request, "account/editions.html", {"title": _("Which editions wait for a signature?"),
                                                      "shown": shown})  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def one_edition(request: HttpRequest, lang: str, edition: str) -> HttpResponse:
    """One edition with its signatures; on POST, one more."""
    opened, problem = access.open_edition(edition), ""
    if request.method == "POST":
        act = request.POST.get("act", "")
        person = permissions.require(request, ACTS.get(act, "submit_edition"))
        said = Text(*(request.POST.get(name, "")[: LONGEST_WORDS + 1] for name in ("fr", "en")))
        try:
            _sign(opened, act, person.account or 0, said, request.path)
        except (SignatureError, BusyError) as error:
            problem = error.told(translation.get_language() or lang)
        else:
            return HttpResponseRedirect(request.path)
    person = permissions.person_of(request)
    state = opened.validation.state
    editors = {one.account for one in opened.signatures if one.act == SUBMITTED}
    context = {
        "title": _("Who stands behind edition %(id)s?") % {"id": opened.id},
        "edition": _shown(opened, lang) | {"digest": opened.digest},
        "signatures": signature_words.signatures(opened, lang),
        "can_submit": permissions.may(person, "submit_edition") and state not in {SUBMITTED, VALIDATED},
        "can_validate": permissions.may(person, "validate_edition") and person.account not in editors
        and state == SUBMITTED,
        "can_send_back": permissions.may(person, "validate_edition") and person.account not in editors
        and state in {SUBMITTED, VALIDATED},
        "is_own": permissions.may(person, "validate_edition") and person.account in editors and state == SUBMITTED,
        "typed": {name: request.POST.get(name, "") for name in ("fr", "en")},
        "longest": LONGEST_WORDS,
        "problem": problem,
    }  # fmt: skip
    return respond(request, "account/edition.html", context, status=CONFLICT if problem else 200)


def _sign(edition: Edition, act: str, account: int, said: Text, path: str) -> None:
    if act not in ACTS:
        raise SignatureError(Text("Choisissez une des réponses.", "Choose one of the answers."))
    now = datetime.now(UTC)
    sign(Home(home_folder()), edition.id, act, account=account, words=said, at=now)
    note("edition_signed", at=now, account=account, path=path, detail={"edition": edition.id, "act": act})


def _shown(one: Edition, lang: str) -> dict[str, str]:
    return {
        "id": one.id,
        "title": one.title.say(lang),
        "built_on": words.day(one.built_on, lang),
        "state": signature_words.state(one, lang),
        "url": f"/{lang}/edition/{one.id}/",
        "desk": f"/{lang}/account/editions/{one.id}/",
    }
