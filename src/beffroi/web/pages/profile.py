"""Who the members are before and after the lists are put together, and whether the lists complete each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from beffroi.federation import profile
from beffroi.federation.profile import DIMENSIONS, TOTAL
from beffroi.federation.size_class import SOURCE
from beffroi.federation.territory import territory_name
from beffroi.observatory.tables import Table
from beffroi.web import words
from beffroi.web.directory_ask import sees_all, today
from beffroi.web.directory_words import size_names, trade_name
from beffroi.web.figures import Picture
from beffroi.web.markup import Head, row, table
from beffroi.web.registry_frame import file, show
from beffroi.web.svg import two_shares

if TYPE_CHECKING:
    from django.http import HttpRequest

    from beffroi.federation.profile import Line, Profile

SHOWN = 12  # classes in a picture; the table has all


def page(request: HttpRequest, lang: str) -> HttpResponse:
    """Size, trade and place of each list, of all together, and of what remains."""
    found = _profile(request)
    total = found.line(TOTAL, TOTAL)
    context = {
        "title": _("Do the lists complete each other?"),
        "has_lists": bool(found.lists),
        "sentence": _overlap(found, total, lang),
        "mixes": [_mix(one, found, lang) for one in found.mixes],
        "sections": [_section(found, name, lang) for name in DIMENSIONS] if found.lists else [],
        "hidden": words.number(found.hidden, 0, lang) if found.hidden else "",
        "years": words.enumeration([str(year) for year in found.years], lang) if found.years else "",
        "source": SOURCE,
        "version": found.trades_version,
        "by_code": words.number(found.by_code, 0, lang) if found.by_code else "",
        "files": {kind: f"/{lang}/registry/profile/figures.{kind}" for kind in ("csv", "xlsx", "json")},
    }
    return show(request, "registry/profile.html", context)


def page_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:
    """The same figures as a file; a hidden cell is empty."""
    found = _profile(request)
    columns = ("dimension", "class", "name", *found.columns)
    rows = tuple(
        (one.dimension, one.code, _class_name(one.dimension, one.code, lang), *one.counts) for one in found.lines
    )
    return file(request, Table("profile", columns, rows), kind)


def picture(request: HttpRequest, lang: str, dimension: str) -> HttpResponse:
    """One of the pictures as a file."""
    drawn = _picture(_profile(request), dimension, lang) if dimension in DIMENSIONS else None
    if drawn is None:
        raise Http404
    response = HttpResponse(drawn.file(), content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="profile-{dimension}.svg"'
    return response


def _profile(request: HttpRequest) -> Profile:
    return profile.profile(today(), is_public=not sees_all(request))


def _overlap(found: Profile, total: Line, lang: str) -> str:
    several, together, after = (total.counts[found.columns.index(name)] for name in ("several", "together", "after"))
    if several is None or together is None or after is None:
        return _("Too few organisations to say how far the lists overlap.")
    return _(
        "%(together)s organisations stand in a list today, %(several)s of them (%(share)s) in several; "
        "%(after)s remain members. The numbers are exact."
    ) % {
        "together": words.number(together, 0, lang), "several": words.number(several, 0, lang),
        "share": words.percent(several / together if together else 0, lang), "after": words.number(after, 0, lang),
    }  # fmt: skip


def _mix(one: profile.Mix, found: Profile, lang: str) -> str:
    kinds = {"size": _("By size"), "trade": _("By trade"), "territory": _("By place")}
    verdict = (
        _("the lists are hardly alike: they complete each other") if one.dissimilarity >= FAR else
        _("the lists differ somewhat") if one.dissimilarity >= NEAR else _("the lists are much alike")
    )  # fmt: skip
    parts = [_("%(kind)s, %(verdict)s: %(share)s of either would have to change class for both to be the same.") % {
        "kind": kinds[one.dimension], "verdict": verdict, "share": words.percent(one.dissimilarity, lang)}]  # fmt: skip
    for list_name, code, lead in ((found.lists[0], one.first_code, one.first_lead),
                                  (found.lists[1], one.second_code, one.second_lead)):  # fmt: skip
        if lead > LEAST_LEAD:
            parts.append(_("%(list)s has more of “%(class)s” (%(lead)s points more).") % {
                "list": list_name, "class": _class_name(one.dimension, code, lang),
                "lead": words.number(100 * lead, 0, lang)})  # fmt: skip
    return " ".join(parts)


NEAR, FAR, LEAST_LEAD = 0.1, 0.3, 0.01


def _section(found: Profile, name: str, lang: str) -> dict[str, object]:
    titles = {"size": _("By size"), "trade": _("By trade"), "territory": _("By place")}
    labels = {"several": _("In several lists"), "together": _("Together"), "after": _("After"), "left": _("Left")}
    heads = [Head(_("Class"))]
    heads += [Head(labels.get(one, one.removeprefix("list:")), is_number=True) for one in found.columns]
    rows = []
    for one in found.lines:
        if one.dimension in {name, TOTAL}:
            cells = [_("hidden") if count is None else words.number(count, 0, lang) for count in one.counts]
            rows.append(row([_class_name(one.dimension, one.code, lang), *cells], heads,
                            class_="total" if one.dimension == TOTAL else ""))  # fmt: skip
    return {
        "name": name,
        "title": titles[name],
        "picture": _picture(found, name, lang),
        "svg": f"/{lang}/registry/profile/{name}.svg",
        "table": table(titles[name], heads, rows, key=f"t-{name}"),
    }


def _picture(found: Profile, name: str, lang: str) -> Picture | None:
    """Shares of two lists side by side; None unless there are two."""
    if len(found.lists) != 2:  # noqa: PLR2004 -- a picture of two
        return None
    lines = [one for one in found.lines if one.dimension == name][:SHOWN]
    shares = profile.shares_of(lines, found.line(TOTAL, TOTAL))
    if not shares:
        return None
    hidden = _("hidden")
    pairs = []
    for one in lines:
        pair = shares.get(one.code, (None, None))
        said = [hidden if share is None else words.percent(share, lang) for share in pair]
        pairs.append(two_shares.Pair(_short(name, one.code, lang), *pair, *said))
    titles = {
        "size": _("Size classes of the two lists"), "trade": _("Trades of the two lists"),
        "territory": _("Places of the two lists"),
    }  # fmt: skip
    first, second = found.lists
    description = ". ".join(f"{one.label}: {one.first_words} ({first}), {one.second_words} ({second})" for one in pairs)
    credit = _("Source: the lists taken in; share of each list in each class.")
    names = two_shares.Names(first, second, hidden)
    return Picture(
        name, titles[name], description, credit, lambda layout, _a: two_shares.draw(pairs, names, layout=layout)
    )


def _short(dimension: str, code: str, lang: str) -> str:
    return _class_name(dimension, code, lang).partition(" (")[0]


def _class_name(dimension: str, code: str, lang: str) -> str:
    if dimension == TOTAL:
        return _("all")
    if dimension == "size":
        return size_names()[code]
    if dimension == "trade":
        return trade_name(code, lang)
    return territory_name(code, lang) if code != "unknown" else _("place unknown")
