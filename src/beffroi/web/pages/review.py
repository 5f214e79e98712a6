"""Review: one case a screen, what follows from a choice before it is made, and undo."""

from __future__ import annotations

from datetime import UTC, datetime
from difflib import SequenceMatcher
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.translation import gettext as _

from beffroi.federation import foresee, judgement, precision, review, undo
from beffroi.federation.errors import LaterDecisionsError
from beffroi.federation.log import Act
from beffroi.records import models
from beffroi.vocabulary.errors import UsageError
from beffroi.web import permissions, reason_words, words
from beffroi.web.directory_ask import whole
from beffroi.web.markup import Head, link, row, safe, table
from beffroi.web.registry_frame import author_name, field_names, kind_names, relation_names, said, show
from beffroi.web.told import told

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from beffroi.federation.review import Case, Side

CONFLICT, WRONG = 409, 400


def page(request: HttpRequest, lang: str) -> HttpResponse:
    """The first open case, or that there is none."""
    waiting = review.order()
    one = next((found for case_id in waiting if (found := review.load(case_id))), None)
    if one is None:
        context = {"title": _("What must be decided?"), "done": done_of(request), "ended": True,
                   "precision": _precision(lang)}  # fmt: skip
        return show(request, "registry/review.html", context)
    return _show(request, lang, waiting, one)


def case(request: HttpRequest, lang: str, case_id: str) -> HttpResponse:
    """Show one case, or decide it."""
    one = review.load(case_id)
    if one is None:
        return HttpResponseRedirect(f"/{lang}/registry/review/") if _is_known(case_id) else _gone()
    if request.method != "POST":
        return _show(request, lang, review.order(), one)
    answer = request.POST.get("decision", "")
    try:
        done = _decide(request, one, answer)
    except UsageError as error:
        return _show(request, lang, review.order(), one, problem=told(error))
    return HttpResponseRedirect(f"/{lang}/registry/review/?done={done.event}")


def _gone() -> HttpResponse:
    raise Http404


def _is_known(case_id: str) -> bool:
    left, _dash, right = case_id.partition("-")
    if case_id.startswith("t"):
        return case_id[1:].isdecimal() and models.Task.objects.filter(pk=int(case_id[1:9])).exists()
    pair = left.isdecimal() and right.isdecimal()
    return pair and models.Judgement.objects.filter(left=int(left[:9]), right=int(right[:9])).exists()


def _decide(request: HttpRequest, one: Case, answer: str, *, kind: str = "decide") -> judgement.Consequence:
    reason = request.POST.get("reason", "").strip()[:1000]
    author = permissions.person_of(request).author
    now = datetime.now(UTC)
    if one.id.startswith("t"):
        if answer not in {"noted", "wrong"}:
            raise UsageError(_("Choose one of the answers."))
        return judgement.close_task(int(one.id[1:]), answer, act=Act(author, now, "close"), reason=reason)
    value, _colon, relation = answer.partition(":")
    if value not in {"same", "different", "related", "unsure"}:
        raise UsageError(_("Choose one of the answers."))
    left, right = (int(part) for part in one.id.split("-"))
    act = Act(author, now, kind)
    return judgement.decide(left, right, value, act=act, relation=relation, reason=reason)


def _show(
    request: HttpRequest, lang: str, waiting: list[str], one: Case, *, problem: str = "", sampled_by: str = ""
) -> HttpResponse:
    place = waiting.index(one.id) if one.id in waiting else 0  # somebody may decide it between two looks
    following = waiting[(place + 1) % len(waiting)] if waiting else one.id
    heads = [Head(_("Field")), *(Head(f"{side.source}, {_('row')} {side.row}") for side in one.sides)]
    heads += [Head(_("Compared"))] if len(one.sides) > 1 else []
    names = {"before": _("before"), "after": _("after")}
    context = {
        "title": _("Were these rightly joined?") if sampled_by else _("Are these one organisation?")
        if len(one.sides) > 1 else _("What follows from the register?"),
        "why": reason_words.sentence(one.sentence, lang),
        "evidence": reason_words.picture(one.sentence, one.bits, lang, key="bits"),
        "is_sample": bool(sampled_by),
        "case": one,
        "kind": kind_names().get(one.kind, one.kind.replace("_", " ")),
        "is_pair": len(one.sides) > 1 and not one.id.startswith("t"),
        "position": _("An automatic link, drawn at random") if sampled_by else _("Case %(place)s of %(open)s")
        % {"place": words.number(place + 1, 0, lang), "open": words.number(max(len(waiting), 1), 0, lang)},
        "table": table(_("What each row says"), heads, _rows(one.sides, heads), key="t-case"),
        "chance": words.share(one.probability, lang) if one.probability is not None else "",
        "bits": words.signed(one.bits, 1, lang) if one.bits is not None else "",
        "organisations": [link(f"/{lang}/registry/organisation/{side.organisation}/",
                               side.fields.get("name", side.organisation)) for side in one.sides],
        "consequence": _("“Same” confirms the link; “Different” takes the two rows apart, for good.")
        if sampled_by else _consequence(one),
        "relations": _relations(),
        "details": [(names.get(key, key), value if isinstance(value, str) else " → ".join(value.values()))
                    for key, value in one.detail.items()],
        "precision": _precision(lang),
        "problem": problem,
        "done": done_of(request),
        "action": f"/{lang}/registry/review/sample/?seed={quote(sampled_by)}" if sampled_by
        else f"/{lang}/registry/review/{one.id}/",
        "later": f"/{lang}/registry/review/{following}/" if following != one.id else "",
    }  # fmt: skip
    return show(request, "registry/review.html", context, status=CONFLICT if problem else 200)


def _relations() -> list[tuple[str, str]]:
    names = relation_names()
    return [(one, names[one]) for one in judgement.RELATIONS]


def _rows(sides: tuple[Side, ...], heads: list[Head]) -> list[str]:
    names = field_names()
    order = [*names, *sorted({key for side in sides for key in side.fields} - set(names))]
    rows = []
    for field in order:
        values = [said(field, str(side.fields.get(field, ""))) for side in sides]
        if not any(values):
            continue
        cells: list[object] = [names.get(field, field), *(value or "–" for value in values)]
        if len(values) > 1:
            is_same = values[0].casefold() == values[1].casefold()
            if not is_same and all(values):
                cells[1:] = [safe(_marked(values[0], values[1])), safe(_marked(values[1], values[0]))]
            cells.append(_("the same") if is_same else _("differs") if all(values) else _("one says nothing"))
        rows.append(row(cells, heads))
    return rows


def _marked(text: str, other: str) -> str:
    """The text with what the other does not say in marks."""
    parts = []
    for act, start, end, _from, _to in SequenceMatcher(None, text.casefold(), other.casefold()).get_opcodes():
        piece = escape(text[start:end]) if len(text) == len(text.casefold()) else ""
        parts.append(piece if act == "equal" else f"<mark>{piece}</mark>" if piece else "")
    return "".join(parts) if len(text) == len(text.casefold()) else f"<mark>{escape(text)}</mark>"


def _consequence(one: Case) -> str:
    if one.id.startswith("t") or len(one.sides) < 2:  # noqa: PLR2004 -- a pair has two
        return ""
    left, right = (int(part) for part in one.id.split("-"))
    seen = foresee.same(left, right)
    if seen.refused:
        return _(
            "“Same” is not possible: they are two legal units, or a person separated them. Say how they are related."
        )
    if not seen.leads:
        return _("“Same” joins the two rows; no organisation disappears.")
    return _("“Same” makes one organisation: %(kept)s stays, and %(lost)s leads to it.") % {
        "kept": seen.stays,
        "lost": ", ".join(seen.leads),
    }


def _precision(lang: str) -> list[str]:
    """How often persons found links of each band to be right, with what such a count leaves open."""
    found = []
    for one in precision.bands():
        if one.share is None or one.low is None or one.high is None:
            continue
        found.append(_band_words()[one.name] % {
            "same": words.number(one.same, 0, lang), "total": words.number(one.decided, 0, lang),
            "low": words.percent(one.low, lang), "high": words.percent(one.high, lang),
        })  # fmt: skip
    return found


def _band_words() -> dict[str, str]:
    return {
        precision.SAMPLED: _(
            "Of %(total)s automatic links drawn at random, persons found %(same)s to be right: "
            "between %(low)s and %(high)s of all automatic links are (9 chances in 10)."
        ),
        precision.LOOKED_AT: _(
            "Of %(total)s automatic links that somebody chose to look at, %(same)s stood "
            "(%(low)s to %(high)s, 9 chances in 10); they say nothing of the others."
        ),
        precision.REVIEWED: _(
            "So far persons found %(same)s of %(total)s pairs to be the same: "
            "between %(low)s and %(high)s of such pairs (9 chances in 10)."
        ),
    }


def sampling(request: HttpRequest, lang: str) -> HttpResponse:
    """Automatic links drawn at random, to be looked at one by one: show the next, or decide it."""
    seed = request.GET.get("seed", "")[:20] or precision.SEED
    if request.method == "POST":
        left, _dash, right = request.POST.get("case", "").partition("-")
        one = precision.sampled(whole(left, 0), whole(right, 0))
        if one is None:
            raise Http404
        try:
            done = _decide(request, one, request.POST.get("decision", ""), kind=precision.CHECK)
        except UsageError as error:
            return _show(request, lang, [one.id], one, problem=told(error), sampled_by=seed)
        return HttpResponseRedirect(f"/{lang}/registry/review/sample/?seed={quote(seed)}&done={done.event}")
    cases = precision.sample(1, seed=seed)
    if not cases:
        context = {"title": _("Were these rightly joined?"), "done": done_of(request), "ended": True,
                   "precision": _precision(lang)}  # fmt: skip
        return show(request, "registry/review.html", context)
    return _show(request, lang, [one.id for one in cases], cases[0], sampled_by=seed)


def done_of(request: HttpRequest) -> dict[str, object] | None:
    """What this person has just done, by `?done=`: its event, words for it, and how to take it back."""
    typed = request.GET.get("done", "")
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 10):  # noqa: PLR2004 -- no event has ten digits
        return None
    event = models.Event.objects.filter(pk=int(typed), undone__isnull=True).first()
    if event is None or event.author != permissions.person_of(request).author:
        return None
    kind = kind_names().get(event.kind, event.kind)
    names = [models.Organisation.objects.filter(placements__record=one).values_list("name", flat=True).first()
             for one in (event.payload.get("left"), event.payload.get("right")) if one]  # fmt: skip
    return {"id": event.pk, "kind": kind, "names": [one for one in names if one], "is_undo": event.undoes_id}


def undoing(request: HttpRequest, lang: str, event: int) -> HttpResponse:
    """Show what taking an event back would do, or take it back."""
    if request.method not in {"GET", "HEAD", "POST"}:
        return HttpResponseNotAllowed(["GET", "POST"])
    found = models.Event.objects.filter(pk=event).first()
    if found is None:
        raise Http404
    act = Act(permissions.person_of(request).author, datetime.now(UTC), "undo")
    problem = ""
    if request.method == "POST":
        try:
            done = undo.undo(event, act=act, keep_later=request.POST.get("keep_later") == "yes")
        except LaterDecisionsError:
            problem = _("Later decisions concern the same records. Nothing was changed. Say that they may stay.")
        except UsageError as error:
            problem = told(error)
        else:
            return HttpResponseRedirect(f"/{lang}/registry/review/?done={done.event}")
    try:
        trial = undo.foresee(event)
    except UsageError as error:
        trial, problem = None, problem or told(error)
    context = {
        "title": _("Take event %(event)s back?") % {"event": event},
        "event": found,
        "kind": kind_names().get(found.kind, found.kind),
        "by": author_name(found.author),
        "at": f"{found.at:%Y-%m-%d %H:%M}",
        "placed": words.number(len(trial.records), 0, lang) if trial else "",
        "later": [(one, author_name(one.author)) for one in trial.later] if trial else [],
        "may_undo": trial is not None,
        "problem": problem,
    }
    return show(request, "registry/undo.html", context, status=CONFLICT if problem else 200)
