"""Pictures of the fabric: quotients, sizes, years, the map, the axis between trade and technology, and two sectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.observatory.fabric_read import RIVALS, Row, against, mapped, related
from beffroi.observatory.fabric_sizes import SIZES
from beffroi.observatory.fabric_territories import name_of
from beffroi.web import fabric_words as say
from beffroi.web import words
from beffroi.web.figures import Picture
from beffroi.web.svg import axis_dots, bars, lines, local_map, quotients

if TYPE_CHECKING:
    from collections.abc import Callable

    from beffroi.web.fabric_frame import Asked
    from beffroi.web.svg.primitives import Drawing, Layout

_LEAST_YEARS = 3
_MOST_QUOTIENTS = 40
STRONG_SHOWN = 15
_LONG = 46


def quotient(asked: Asked) -> Picture | None:
    """Location quotients of the parts with their intervals; none where no part has one."""
    lang = asked.lang
    told = [one for one in asked.here.parts if one["quotient"]]
    told.sort(key=lambda one: -one["quotient"])
    if not told:
        return None
    rows = [
        quotients.QuotientRow(name_of(one["territory"], lang), one["quotient"], one["low"], one["high"])
        for one in told[:_MOST_QUOTIENTS]
    ]
    description = ". ".join(f"{one.label}: {words.number(one.value, 2, lang)}" for one in rows)

    def mark(value: float) -> str:
        return words.number(value, 0 if value >= 1 else 2, lang)

    return Picture("quotient", say.said("parts"), description, asked.credit,
                   lambda layout, _alone: quotients.draw(rows, layout=layout, number=mark))  # fmt: skip


def size_shares(rows: list[Row]) -> list[tuple[Row, float | None]]:
    """Rows in the order of sizes, each with its share where every size is shown."""
    order = {size: n for n, size in enumerate(SIZES)}
    found = sorted(rows, key=lambda one: order[one["size"]])
    whole = sum(one["establishments"] or 0 for one in found)
    is_known = whole > 0 and not any(one["reason"] for one in found)
    return [(one, one["establishments"] / whole if is_known else None) for one in found]


def sizes(asked: Asked) -> Picture | None:
    """Establishments by size; none where there are none, or where the structure is not told."""
    told = size_shares(asked.here.rows("sizes"))
    if not any(one["establishments"] for one, _share in told):
        return None
    rows = []
    for one, share in told:
        figure = say.said(one["reason"]) if one["reason"] else words.number(one["establishments"], 0, asked.lang)
        if share is not None:
            figure += f" ({words.percent(share, asked.lang, decimals=1)})"
        rows.append(bars.BarRow(say.said(f"size_{one['size']}"), one["establishments"], figure))
    description = ". ".join(f"{one.label}: {one.said}" for one in rows)
    return Picture("sizes", say.said("sizes"), description, asked.credit,
                   lambda layout, _alone: bars.draw(rows, layout=layout))  # fmt: skip


def years(asked: Asked) -> Picture | None:
    """Births and deaths by year; none where fewer than three years are told."""
    told = [one for one in asked.here.rows("years") if not one["reason"]]
    if len(told) < _LEAST_YEARS or not any(one["births"] or one["deaths"] for one in told):
        return None
    traces = [
        lines.Trace(say.said(key), tuple((one["year"], float(one[key])) for one in told), key == "births")
        for key in ("births", "deaths")
    ]
    description = ". ".join(f"{one['year']}: {one['births']}, {one['deaths']}" for one in told)
    return _lines("years", say.said("years"), description, asked, traces)


def _lines(key: str, title: str, description: str, asked: Asked, traces: list[lines.Trace]) -> Picture:
    def number(value: float) -> str:
        return words.number(value, 0, asked.lang)

    def drawn(layout: Layout, _alone: bool) -> Drawing:  # noqa: FBT001 -- as every picture is drawn
        return lines.draw(traces, lines.Fan({}, ""), layout=layout, number=number)

    return Picture(key, title, description, asked.credit, drawn)


def located(asked: Asked) -> Picture | None:
    """Label points of the parts; none where no part has a point."""
    levels = {"below": 1, "not_distinguishable": 2, "above": 3}
    spots = [
        local_map.Spot(one["territory"], name_of(one["territory"], asked.lang), one["x"], one["y"],
                       one["establishments"], levels.get(one["reading"] or "", 0))
        for one in mapped(asked.here)
        if one["x"] is not None and (one["reason"] or one["establishments"])
    ]  # fmt: skip
    if not spots:
        return None
    legend = [(level, say.said(key)) for key, level in levels.items()]
    legend += [(-1, _("secret"))] if any(one.count is None for one in spots) else []
    largest = sorted((one for one in spots if one.count), key=lambda one: -(one.count or 0))[:10]
    description = ". ".join(f"{one.label}: {words.number(one.count or 0, 0, asked.lang)}" for one in largest)
    return Picture("map", say.said("map"), description, asked.credit,
                   lambda layout, alone: local_map.draw(spots, legend, layout=layout, is_standalone=alone))  # fmt: skip


def strong(asked: Asked) -> list[Row]:
    """Sectors outside the perimeter in which the territory is specialised, the nearest to digital first."""
    return [one for one in related(asked.here, asked.lang) if one["specialised"] == 1 and not one["inside"]]


def sector(one: Row) -> str:
    """An activity as it is shown: its code and the name of its division, cut to fit."""
    label = f"{one['activity']} {one['division']}" if one["division"] != one["activity"][:2] else one["activity"]
    return label if len(label) <= _LONG else f"{label[: _LONG - 1].rstrip()}…"


def axis(asked: Asked) -> Picture | None:
    """Strong sectors between trade and technology; none where none is known."""
    told = [one for one in strong(asked) if one["axis"] is not None][:STRONG_SHOWN]
    if not told:
        return None
    rows = [axis_dots.DotRow(sector(one), one["axis"]) for one in told]
    description = ". ".join(f"{one.label}: {words.signed(one.at, 2, asked.lang)}" for one in rows)
    poles = say.said("trade"), say.said("digital")
    return Picture("axis", say.said("strong"), description, asked.credit,
                   lambda layout, _alone: axis_dots.draw(rows, poles, layout=layout))  # fmt: skip


def race(asked: Asked) -> Picture | None:
    """Digital, retail and trade by year; none where digital is secret."""
    told = against(asked.here)
    if not told or any(one["digital"] is None for one in told):
        return None
    traces = [
        lines.Trace(say.said(key), tuple((one["year"], float(one[key])) for one in told), key == "digital")
        for key in ("digital", *RIVALS)
        if all(one[key] is not None for one in told)
    ]
    last = told[-1]
    description = ". ".join(
        f"{say.said(key)}: {words.number(last[key], 0, asked.lang)} ({last['year']})"
        for key in ("digital", *RIVALS)
        if last[key] is not None
    )
    return _lines("race", say.said("race"), description, asked, traces)


PICTURES: dict[str, Callable[[Asked], Picture | None]] = {
    "quotient": quotient, "sizes": sizes, "years": years, "map": located, "axis": axis, "race": race,
}  # fmt: skip
