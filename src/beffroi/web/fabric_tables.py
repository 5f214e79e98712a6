"""Tables of the fabric as pages show them; a secret is a value with its reason, never a blank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.catalogue.perimeters import load_perimeters
from beffroi.observatory.fabric_read import RIVALS, Row, against, mapped, perimeter_rows
from beffroi.observatory.fabric_territories import name_of
from beffroi.observatory.tables import folded
from beffroi.web import fabric_words as say
from beffroi.web import words
from beffroi.web.fabric_pictures import sector, size_shares
from beffroi.web.markup import Head, link, row, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from beffroi.web.fabric_frame import Asked

_NONE = "–"
_LINKED = ("nuts1", "nuts2", "nuts3", "epci")


def count(one: Row, key: str, lang: str, *, reason: str = "reason") -> str:
    """A count, or why it is secret."""
    if one[reason]:
        return say.said(one[reason])
    return _NONE if one[key] is None else words.number(one[key], 0, lang)


def share(value: float | None, lang: str) -> str:
    """A share in per cent."""
    return _NONE if value is None else words.percent(value, lang, decimals=1)


def _heads(first: str, keys: Sequence[str], *, texts: Sequence[str] = ()) -> list[Head]:
    return [Head(say.said(first)), *(Head(say.said(key), is_number=True) for key in keys),
            *(Head(say.said(key)) for key in texts)]  # fmt: skip


def parts(asked: Asked, *, on_map: bool = False) -> str:
    """Territory by territory: counts, jobs, change, quotient with its interval and its reading; "" without parts."""
    lang = asked.lang
    found = mapped(asked.here) if on_map else asked.here.parts
    keys = ("units", "establishments", "jobs", *(("before",) if asked.about.before else ()), "quotient", "interval")
    heads = _heads("territory", keys, texts=("reading",))
    rows = []
    for one in sorted(found, key=lambda each: folded(name_of(each["territory"], lang))):
        name = name_of(one["territory"], lang)
        shown = link(asked.url(code=one["territory"]), name) if one["level"] in _LINKED else name
        if one["reason"]:
            rows.append(row([shown, *[_NONE] * len(keys), say.said(one["reason"])], heads))
            continue
        measured = one["quotient"] is not None
        cells = {
            "units": count(one, "units", lang),
            "establishments": count(one, "establishments", lang),
            "jobs": count(one, "jobs", lang, reason="jobs_reason"),
            "before": words.signed(one["establishments"] - one["before"], 0, lang)
            if one["before"] is not None
            else _NONE,
            "quotient": words.number(one["quotient"], 2, lang) if measured else _NONE,
            "interval": words.interval(one["low"], one["high"], 2, lang) if measured else _NONE,
        }
        read = say.said(one["reading"]) if measured else _NONE
        if on_map and one["x"] is None:
            read = f"{read}; {say.said('no_point')}"
        rows.append(row([shown, *(cells[key] for key in keys), read], heads))
    return table(say.said("map" if on_map else "parts"), heads, rows, key="parts") if rows else ""


def sizes(asked: Asked) -> str:
    """Establishments by size with shares; "" where the structure is not told."""
    heads = _heads("size", ("establishments", "share"))
    rows = [
        row([say.said(f"size_{one['size']}"), count(one, "establishments", asked.lang), share(part, asked.lang)], heads)
        for one, part in size_shares(asked.here.rows("sizes"))
    ]
    return table(say.said("sizes"), heads, rows, key="size-table") if rows else ""


def years(asked: Asked) -> str:
    """Births, deaths, rates and survival by year; "" below départements."""
    rates = ("birth_rate", "death_rate", "survival_1", "survival_3", "survival_5")
    heads = _heads("year", ("active", "births", "deaths", *rates))
    rows = []
    for one in asked.here.rows("years"):
        cells = [_NONE if one[key] is None else words.number(one[key], 0, asked.lang)
                 for key in ("active", "births", "deaths")]  # fmt: skip
        cells += [share(one[key], asked.lang) for key in rates]
        if one["reason"]:
            cells = [say.said(one["reason"]), *[_NONE] * (len(cells) - 1)]
        rows.append(row([str(one["year"]), *cells], heads))
    return table(say.said("years"), heads, rows, key="year-table") if rows else ""


def accounts(asked: Asked) -> str:
    """Medians of public accounts in the newest year told; "" where none were loaded."""
    held = asked.here.rows("accounts")
    newest = max((one["year"] for one in held), default=0)
    heads = [Head(say.said("figure")), Head(say.said("year")), Head(say.said("firms"), is_number=True),
             Head(say.said("median"), is_number=True)]  # fmt: skip
    rows = []
    for one in held:
        if one["year"] == newest:
            told = [words.number(one["firms"], 0, asked.lang), _median(one, asked.lang)]
            cells = [say.said(one["reason"]), _NONE] if one["reason"] else told
            rows.append(row([say.said(one["figure"]), str(one["year"]), *cells], heads))
    return table(say.said("accounts"), heads, rows, key="account-table") if rows else ""


def _median(one: Row, lang: str) -> str:
    unit = {"EUR": "€", "days": str(_("days")), "%": "%"}[one["unit"]]
    return words.measure(one["median"], unit, 0 if one["unit"] == "EUR" else 1, lang)


def sectors(asked: Asked, told: Sequence[Row], *, caption: str, key: str) -> str:
    """Activities with their density and where they lie between trade and digital."""
    keys = ("density", "to_technology", "to_commerce", "axis")
    heads = _heads("activity", keys)
    rows = []
    for one in told:
        cells = [_NONE if one[each] is None else words.number(one[each], 2, asked.lang) for each in keys[:3]]
        cells.append(_NONE if one["axis"] is None else words.signed(one["axis"], 2, asked.lang))
        rows.append(row([sector(one), *cells], heads))
    return table(caption, heads, rows, key=key) if rows else ""


def race(asked: Asked) -> str:
    """Establishments at the end of each year in digital, retail and trade, and digital's share of trade."""
    keys = ("digital", *RIVALS)
    heads = [*_heads("year", keys), Head(_("Digital for 100 of retail"), is_number=True)]
    rows = []
    for one in against(asked.here):
        cells = [count(one, each, asked.lang, reason=f"{each}_reason") for each in keys]
        ratio = None if not one["retail"] or one["digital"] is None else 100 * one["digital"] / one["retail"]
        cells.append(_NONE if ratio is None else words.number(ratio, 1, asked.lang))
        rows.append(row([str(one["year"]), *cells], heads))
    return table(say.said("race"), heads, rows, key="race-table") if rows else ""


def perimeters(asked: Asked) -> str:
    """What each perimeter counts, by both nomenclatures."""
    lang = asked.lang
    found = {(one["perimeter"], one["nomenclature"]): one for one in perimeter_rows(asked.here)}
    heads = [Head(say.said("perimeter")), *(Head(one, is_number=True) for one in (
        f"{say.said('establishments')}, {_('NAF rev. 2')}", f"{say.said('establishments')}, {_('NAF 2025')}",
        say.said("new_share"), f"{say.said('jobs')}, {_('NAF rev. 2')}",
    ))]  # fmt: skip
    rows = []
    for one in load_perimeters().values():
        old, new = (found.get((one.id, vintage)) for vintage in ("NAFRev2", "NAF2025"))
        if old and new:
            sites = [count(each, "establishments", lang) for each in (old, new)]
            jobs = count(old, "jobs", lang, reason="jobs_reason")
            cells = [f"{one.name.say(lang)}, {one.version}", *sites, _gap(old, new, lang), jobs]
            rows.append(row(cells, heads))
    caption = f"{asked.name}, {say.month(asked.about.month, lang)}"
    return table(caption, heads, rows, key="perimeters")


def _gap(old: Row, new: Row, lang: str) -> str:
    if old["reason"] or new["reason"] or not old["establishments"]:
        return _NONE
    return words.signed((new["establishments"] / old["establishments"] - 1) * 100, 1, lang) + (
        f"{words.NARROW}%" if lang == "fr" else "%"
    )
