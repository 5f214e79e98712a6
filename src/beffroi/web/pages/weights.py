"""The ranking under the reader's own weights: asked by a plain form whose address can be shared."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from beffroi.observatory import portrait
from beffroi.observatory.weights import HEAVIEST, SCENARIOS, Weights, reweigh
from beffroi.vocabulary.errors import UsageError
from beffroi.web import answers, words
from beffroi.web.figures import Picture, credit
from beffroi.web.frame import open_scope, refused, respond, set_links
from beffroi.web.markup import Head, link, ordinal, rank_bar, row, safe, table
from beffroi.web.pages.questions import questions
from beffroi.web.svg import rank_chart

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from beffroi.observatory.weights import Reweighed
    from beffroi.web.frame import Scope

PILLAR, INDICATOR = "w.", "i."
FIRST, NEAR = 10, 5
LONGEST = 20


@dataclass(frozen=True, slots=True)
class Field:
    """A weight to give: its name in the address, its label, what stands in it, and what is wrong with it."""

    key: str
    id: str
    label: str
    value: str
    share: str
    error: str


@dataclass(frozen=True, slots=True)
class Group:
    """A pillar's weight and those of its indicators."""

    pillar: Field
    indicators: tuple[Field, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, field by field: numbers read, and faults by field name."""

    weights: Weights
    typed: dict[str, str]
    errors: dict[str, str]


def read(request: HttpRequest, scope: Scope) -> Asked:
    """Read weights `w.<pillar>` and `i.<indicator>` from the address, with a comma or a point."""
    index = scope.edition.indices[scope.reading.index_id]
    known = {PILLAR + one.id for one in index.pillars} | {INDICATOR + one for one in index.indicators}
    found: dict[str, dict[str, float]] = {PILLAR: {}, INDICATOR: {}}
    typed, errors = {}, {}
    for key, text in request.GET.items():
        if not key.startswith((PILLAR, INDICATOR)):
            continue
        if key not in known:
            errors[key[:60]] = _("The index has no weight called “%(name)s”.") % {"name": key[:60]}
            continue
        typed[key] = str(text).strip()[:LONGEST]
        if not typed[key]:
            continue
        value = _number(typed[key])
        if value is None or not 0 <= value <= HEAVIEST:
            errors[key] = _("“%(typed)s” is not a number from 0 to 100.") % {"typed": typed[key]}
        else:
            found[key[:2]][key[2:]] = value
    return Asked(Weights(found[PILLAR], found[INDICATOR]), typed, errors)


def asked_for(request: HttpRequest, scope: Scope) -> tuple[Reweighed, ...]:
    """The ranking an address asks for.

    Raises:
        UsageError: a weight is no number from 0 to 100, has no name of the index, or nothing is left that counts.
    """
    asked = read(request, scope)
    if asked.errors:
        raise UsageError(" ".join(asked.errors.values()))
    return reweigh(scope.edition, scope.reading, asked.weights)


def page(request: HttpRequest, lang: str, edition: str | None = None) -> HttpResponse:
    """The form, and the ranking it asks for."""
    scope = open_scope(request, lang, edition)
    asked = read(request, scope)
    code = region_of(request, scope)
    found: tuple[Reweighed, ...] = ()
    errors = dict(asked.errors)
    if not errors:
        try:
            found = reweigh(scope.edition, scope.reading, asked.weights)
        except UsageError:
            errors[PILLAR + scope.edition.indices[scope.reading.index_id].pillars[0].id] = _(
                "All weights are 0, so nothing is left to rank by. Give at least one a weight above 0."
            )
    groups = _groups(scope, asked, errors)
    ids = {field.key: field.id for group in groups for field in (group.pillar, *group.indicators)}
    context: dict[str, object] = {
        "title": _("What would the ranks be with your weights?"),
        "questions": questions(scope, code, "weights"),
        "groups": groups,
        "errors": [(ids.get(key, "form"), message) for key, message in errors.items()],
        "code": code,
        "choices": sorted(
            ((one.region, scope.name(one.region)) for one in scope.reading.standings), key=lambda pair: pair[1]
        ),
        "action": scope.url("/weights/").split("?")[0],
        "reset": scope.url("/weights/", region=code),
        "set_id": None if scope.is_default_set else scope.reading.set_id,
        "sets": set_links(scope, "/weights/", region=code, **_query(asked)),
        "is_own": not asked.weights.is_empty,
    }
    if found:
        context |= _answer(scope, found, code, asked)
    response = respond(request, scope, "weights.html", context)
    return refused(response) if errors else response


def region_of(request: HttpRequest, scope: Scope) -> str:
    """The region to highlight: the one asked for, else the house's own, else the first.

    Raises:
        UnknownRegionError: no place of the edition has that code.
    """
    asked = request.GET.get("region", "").strip()
    wanted = portrait.require(scope.edition, asked) if asked else settings.BEFFROI_REGION
    return wanted if scope.reading.standing(wanted) else scope.reading.standings[0].region


def _query(asked: Asked) -> dict[str, str]:
    """The weights that were really given, in few words, so that the address can be shared."""
    given = [(PILLAR, asked.weights.pillars), (INDICATOR, asked.weights.indicators)]
    return {prefix + name: f"{weight:g}" for prefix, found in given for name, weight in found.items()}


def _number(text: str) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _groups(scope: Scope, asked: Asked, errors: dict[str, str]) -> list[Group]:
    index, language = scope.edition.indices[scope.reading.index_id], scope.language
    held = [one for one in index.pillars if any(name in scope.reading.treated for name in one.indicators)]
    weights = {one.id: asked.weights.pillars.get(one.id, one.weight) for one in held}
    total = sum(weights.values())
    out = []
    for pillar in held:
        inside = {
            name: asked.weights.indicators.get(name, weight)
            for name, weight in pillar.indicators.items()
            if name in scope.reading.treated
        }
        key = PILLAR + pillar.id
        share = weights[pillar.id] / total if total else 0.0
        sum_inside = sum(inside.values())
        fields = tuple(
            Field(
                INDICATOR + name,
                f"i-{name}",
                scope.say(scope.edition.indicators[name].name),
                asked.typed.get(INDICATOR + name) or f"{weight:g}",
                words.percent(share * weight / sum_inside if sum_inside else 0.0, language, decimals=1),
                errors.get(INDICATOR + name, ""),
            )
            for name, weight in inside.items()
        )
        own = Field(
            key,
            f"w-{pillar.id}",
            scope.say(pillar.name),
            asked.typed.get(key) or f"{weights[pillar.id]:g}",
            words.percent(share, language, decimals=1),
            errors.get(key, ""),
        )
        is_moved = any(
            asked.weights.indicators.get(name, weight) != weight for name, weight in pillar.indicators.items()
        )
        out.append(Group(own, fields, is_moved or any(one.error for one in fields)))
    return out


def _answer(scope: Scope, found: Sequence[Reweighed], code: str, asked: Asked) -> dict[str, object]:
    language = scope.language
    own = next(one for one in found if one.region == code)
    query = {"region": code, **_query(asked)}
    near = [one for one in found if one.rank <= FIRST or abs(one.rank - own.rank) <= NEAR]
    moves = sorted(found, key=lambda one: -abs(one.edition_rank - one.rank))
    biggest = moves[0]
    return {
        "lead": answers.weights_lead(
            scope.name(code), own.rank, own.rank_low, own.rank_high, own.edition_rank, len(found), language
        ),
        "finding": _("The region that moves most is %(name)s: from %(before)s to %(after)s")
        % {
            "name": scope.name(biggest.region),
            "before": words.ordinal(biggest.edition_rank, language),
            "after": words.ordinal(biggest.rank, language),
        }
        if biggest.rank != biggest.edition_rank
        else _("These are the weights of the edition, so no rank changes"),
        "picture": rank_picture(scope, found, code),
        "near_table": _table(
            scope, near, code, key="t-near", caption=_("Ranks with your weights beside those of the edition")
        ),
        "full_table": _table(scope, found, code, key="t-all", caption=_("All regions with your weights, best first")),
        "scenarios": words.number(SCENARIOS, 0, language),
        "share_url": scope.permalink("/weights/", **query),
        "files": {kind: scope.url(f"/weights/ranks.{kind}", **query) for kind in ("csv", "xlsx", "json", "svg")},
    }


def rank_picture(scope: Scope, found: Sequence[Reweighed], code: str) -> Picture:
    """Every region's rank under the weights asked for, with its interval."""
    language = scope.language
    points = [rank_chart.RankPoint(one.region, one.rank, one.rank_low, one.rank_high) for one in found]
    ranks = {one.region: one.rank for one in found}
    named = {code: rank_chart.Named(f"{scope.name(code)} · {words.ordinal(ranks[code], language)}", "me")}
    for key in (found[0].region, found[-1].region):
        named.setdefault(key, rank_chart.Named(scope.name(key), "riv"))
    terms = rank_chart.RankWords(
        f"← {_('better placed')}", f"{_('less well placed')} →", lambda rank: words.ordinal(rank, language)
    )
    description = ". ".join(f"{scope.name(key)}: {words.ordinal(ranks[key], language)}" for key in named)
    return Picture(
        "weights",
        _("Ranks under the weights asked for, with their uncertainty"),
        description,
        credit(scope),
        lambda layout, _alone: rank_chart.draw(points, named, words=terms, layout=layout),
    )


def _table(scope: Scope, found: Iterable[Reweighed], code: str, *, key: str, caption: str) -> SafeString:
    language, count = scope.language, len(scope.reading.standings)
    heads = [
        Head(_("Region")),
        Head(_("Rank with your weights"), True),
        Head(_("9 chances in 10"), True),
        Head(_("Interval")),
        Head(_("Rank in the edition"), True),
        Head(_("Places gained"), True),
        Head(_("Score"), True),
    ]
    rows = [
        row(
            [
                link(scope.url(f"/region/{one.region}/"), scope.name(one.region)),
                ordinal(one.rank, language),
                words.interval(one.rank_low, one.rank_high, 0, language),
                safe(rank_bar(one.rank_low, one.rank, one.rank_high, count)),
                ordinal(one.edition_rank, language),
                words.signed(one.edition_rank - one.rank, 0, language),
                words.number(one.score, 1, language),
            ],
            heads,
            class_="me" if one.region == code else "",
        )
        for one in found
    ]
    return table(caption, heads, rows, key=key)
