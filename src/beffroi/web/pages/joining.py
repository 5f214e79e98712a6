"""Join two organisations or separate one, by hand: what follows is shown before, and can be taken back after."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from beffroi.federation import directory, foresee, judgement, read
from beffroi.federation.consent import PREFIX
from beffroi.federation.errors import UnknownEntryError
from beffroi.federation.log import Act
from beffroi.vocabulary.errors import UsageError
from beffroi.web import permissions
from beffroi.web.registry_frame import field_names, said, show
from beffroi.web.told import told

if TYPE_CHECKING:
    from django.http import HttpRequest

    from beffroi.federation.directory_entries import Entry
    from beffroi.federation.survivorship import Survivor

CONFLICT = 409
MOST_FOUND = 20
LEFT, RIGHT = "left", "right"


def merge(request: HttpRequest, lang: str, address: str) -> HttpResponse:
    """Find the other organisation, see both side by side, say which values to keep and why, and join them."""
    here = read.portrait(address)
    asked = request.POST if request.method == "POST" else request.GET
    problem = ""
    try:
        other = read.portrait(asked["with"]) if asked.get("with") else None
    except UnknownEntryError as error:
        other, problem = None, told(error)
    if other is not None and other.id == here.id:
        other, problem = None, _("This is the same organisation. Choose another one.")
    if request.method == "POST" and other is not None:
        reason = request.POST.get("reason", "").strip()[:1000]
        if reason:
            try:
                return _joined(request, lang, here, other, reason)
            except UsageError as error:
                problem = told(error)
        else:
            problem = _("Say why they are one organisation.")
    context: dict[str, object] = {
        "title": _("Which organisation is the same as %(name)s?") % {"name": here.name},
        "here": here,
        "other": other,
        "problem": problem,
        "words": asked.get("q", "")[:200],
        "found": _found(asked.get("q", "")[:200], here.id) if other is None else [],
        "reason": asked.get("reason", ""),
        "back": f"/{lang}/registry/organisation/{here.id}/",
    }
    if other is not None:
        context |= _preview(here, other, asked.dict())
    return show(request, "registry/merge.html", context, status=CONFLICT if problem else 200)


def _found(words: str, but: str) -> list[Entry]:
    if not words.strip():
        return []
    found = directory.search(directory.Query(words, status="any"), day=datetime.now(UTC).date(), sees_all=True)
    return [one for one in found.entries if one.id != but][:MOST_FOUND]


def _joined(request: HttpRequest, lang: str, here: read.Portrait, other: read.Portrait, reason: str) -> HttpResponse:
    sides = {LEFT: here.id, RIGHT: other.id}
    keep = {
        name: sides[choice]
        for name, choice in ((one.removeprefix("keep."), value) for one, value in request.POST.items()
                             if one.startswith("keep."))
        if choice in sides
    }  # fmt: skip
    act = Act(permissions.person_of(request).author, datetime.now(UTC), "merge")
    done = judgement.merge(here.id, other.id, act=act, keep=keep, reason=reason)
    return HttpResponseRedirect(f"/{lang}/registry/organisation/{read.resolve(here.id)}/?done={done.event}")


def _preview(here: read.Portrait, other: read.Portrait, typed: dict[str, str]) -> dict[str, object]:
    ours, theirs = ({one.field: one.value for one in each.values} for each in (here, other))
    joint = foresee.joined_values([here.id, other.id])
    names = field_names()
    order = [*names, *sorted((ours.keys() | theirs.keys()) - names.keys())]
    rows = [_line(field, names.get(field, field), ours, theirs, joint, typed)
            for field in order if ours.get(field) or theirs.get(field)]  # fmt: skip
    first = judgement.first_rows(here.id, other.id)
    seen = foresee.same(*first) if first else foresee.Foreseen()
    return {
        "rows": rows,
        "stays": seen.stays,
        "leads": seen.leads,
        "refused": bool(seen.refused) or bool(here.legal_unit and other.legal_unit),
        "lists": sorted({*here.memberships, *other.memberships}),
    }


def _line(
    field: str, label: str, ours: dict[str, str], theirs: dict[str, str], joint: dict[str, Survivor],
    typed: dict[str, str],
) -> dict[str, object]:  # fmt: skip
    left, right = ours.get(field, ""), theirs.get(field, "")
    is_consent = field.startswith(PREFIX)
    kept = judgement.joint_consent(left, right) if is_consent else joint[field].value if field in joint else ""
    may_choose = bool(left and right) and left != right and not is_consent and field != "siren"
    return {
        "field": field, "label": label, "left": said(field, left), "right": said(field, right),
        "kept": said(field, kept), "is_same": left == right, "may_choose": may_choose, "is_consent": is_consent,
        "choice": typed.get(f"keep.{field}", ""),
    }  # fmt: skip


def split(request: HttpRequest, lang: str, address: str) -> HttpResponse:
    """Choose the rows that are another organisation, see what stays, and separate them."""
    here = read.portrait(address)
    given = request.POST if request.method == "POST" else request.GET
    known = {one.record for one in here.records}
    chosen = {int(one) for one in given.getlist("record") if one.isascii() and one.isdecimal()} & known
    reason, problem = given.get("reason", "").strip()[:1000], ""
    is_confirmed = request.method == "POST" and given.get("confirmed") == "yes"
    if request.method == "POST" and not (chosen and known - chosen):
        problem = _("Choose some of the rows, not all of them.")
    elif request.method == "POST" and not reason:
        problem = _("Say why these rows are another organisation.")
    elif is_confirmed:
        act = Act(permissions.person_of(request).author, datetime.now(UTC), "split")
        try:
            done = judgement.split(here.id, sorted(chosen), act=act, reason=reason)
        except UsageError as error:
            problem = told(error)
        else:
            return HttpResponseRedirect(f"/{lang}/registry/organisation/{read.resolve(here.id)}/?done={done.event}")
    context = {
        "title": _("Which rows are not %(name)s?") % {"name": here.name},
        "here": here,
        "chosen": chosen,
        "rows": [(one, one.record in chosen) for one in here.records],
        "going": [one for one in here.records if one.record in chosen],
        "staying": [one for one in here.records if one.record not in chosen],
        "reason": reason,
        "problem": problem,
        "asks": request.method == "POST" and not problem,
        "back": f"/{lang}/registry/organisation/{here.id}/",
    }
    return show(request, "registry/split.html", context, status=CONFLICT if problem else 200)
