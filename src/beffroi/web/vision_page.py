"""The vision as one page: statement, stages, headline figures with gap, date and source; for screens and for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.web import words
from beffroi.web.markup import Head, row, safe, table, text
from beffroi.web.one_page import Line, Sheet, draw
from beffroi.web.strategy_words import interval, quoted, value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.safestring import SafeString

    from beffroi.charter.book import Thing
    from beffroi.strategy.vision import Headline
    from beffroi.web.strategy_frame import View


def headline_table(view: View, found: Sequence[Headline]) -> SafeString:
    """Each claim with today's figure, what is missing, target, date and source."""
    if not found:
        return safe("")
    heads = [Head(_("What is aimed at")), Head(_("Now")), Head(_("Target")), Head(_("Still missing"))]
    rows = (
        row([one.name.say(view.language), quoted(one.figure, view.language, on=view.day), _target(one, view.language),
             _missing(one, view.language)], heads)
        for one in found
    )  # fmt: skip
    return table(_("Headline figures"), heads, rows, key="t-headlines")


def stage_list(view: View, vision: Thing) -> SafeString:
    """The stages of a vision, in their order."""
    rows = vision.rows("stages")
    items = "".join(f"<li>{text(_stage(one, view.language))}</li>" for one in rows)
    return safe(f"<ol>{items}</ol>" if items else "")


def pdf(view: View, vision: Thing, found: Sequence[Headline], *, foot: str) -> bytes:
    """The vision on one A4 page."""
    lang = view.language
    lines = [Line(vision.text("statement", lang), 12.5, gap=10)]
    if vision.get("horizon"):
        lines.append(Line(_("Horizon: %(year)s") % {"year": vision.get("horizon")}, 11, is_bold=True, gap=8))
    if vision.rows("stages"):
        lines.append(Line(_("Stages"), 13, is_bold=True, gap=14))
        lines += [
            Line(f"{number}. {_stage(one, lang)}", 11, gap=3) for number, one in enumerate(vision.rows("stages"), 1)
        ]
    if found:
        lines.append(Line(_("Where we stand"), 13, is_bold=True, gap=14))
    for one in found:
        lines.append(Line(one.name.say(lang), 11, is_bold=True, gap=6))
        lines.append(Line(_standing(view, one), 10.5, gap=1))
    return draw(Sheet(vision.text("name", lang), tuple(lines), foot, lang))


def _standing(view: View, one: Headline) -> str:
    lang = view.language
    target = _("Target: %(target)s.") % {"target": _target(one, lang)}
    if one.figure is None:
        return f"{_('No figure yet.')} {target}"
    now = _("Now: %(value)s (%(year)s, %(source)s; %(interval)s).") % {
        "value": value(one.figure, one.figure.value, lang), "year": one.figure.year,
        "source": one.figure.source.say(lang), "interval": interval(one.figure, lang),
    }  # fmt: skip
    missing = _("Still missing: %(gap)s.") % {"gap": _missing(one, lang)}
    stale = f" {_('This figure is stale.')}" if one.is_stale else ""
    return f"{now}{stale} {target} {missing}"


def _target(one: Headline, language: str) -> str:
    shown = value(one.figure, one.target, language) if one.figure else words.number(float(one.target), 0, language)
    return _("%(target)s by %(year)s") % {"target": shown, "year": one.due}


def _missing(one: Headline, language: str) -> str:
    if one.gap is None or one.figure is None:
        return "–"
    if not one.gap:
        return _("nothing: reached")
    if one.indicator == "rank":
        return _("%(count)s places") % {"count": words.number(float(one.gap), 0, language)}
    return value(one.figure, one.gap, language)


def _stage(row_: object, language: str) -> str:
    assert isinstance(row_, dict)  # noqa: S101 -- rows of a thing
    said = "" if not row_.get("said") else f"{words.JOINED}: " if language == "fr" else ": "
    detail = row_["said"][language] if row_.get("said") else ""
    due = f" ({row_['due']})" if row_.get("due") else ""
    return f"{row_['name'][language]}{due}{said}{detail}"
