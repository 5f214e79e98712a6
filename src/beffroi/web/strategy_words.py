"""Figures, targets, amounts and states of the strategy in the reader's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.web import words
from beffroi.web.markup import link, safe, text

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from django.utils.safestring import SafeString

    from beffroi.vocabulary.figure import Figure


def value(figure: Figure, number: Decimal | None, language: str) -> str:
    """A number in the unit of a figure; a dash when missing."""
    return words.measure(
        None if number is None else float(number), figure.unit.say(language), figure.decimals, language
    )


def interval(figure: Figure, language: str) -> str:
    """A figure's interval in words, or that none is published."""
    if figure.low is None or figure.high is None:
        return _("no interval published")
    return _("interval %(span)s") % {
        "span": words.interval(float(figure.low), float(figure.high), figure.decimals, language)
    }


def quoted(figure: Figure | None, language: str, *, on: date) -> SafeString:
    """A figure with year, source, interval and permalink, and a mark when it is stale."""
    if figure is None:
        return safe(f'<span class="soft">{text(_("no figure yet"))}</span>')
    shown = link(f"/{language}{figure.permalink}", value(figure, figure.value, language))
    origin = f"{figure.dated.year}, {figure.source.say(language)}, {interval(figure, language)}"
    mark = f' <strong class="stale">{text(_("stale"))}</strong>' if figure.is_stale(on) else ""
    return safe(f'{shown} <span class="small soft">({text(origin)})</span>{mark}')


def euros(amount: Decimal, language: str) -> str:
    """An amount in euros, exact to the euro.

    >>> from decimal import Decimal
    >>> euros(Decimal("1250000.4"), "en")
    '€1,250,000'
    """
    shown = words.number(float(amount), 0, language)
    return f"{shown}{words.JOINED}€" if language == "fr" else f"€{shown}"


def pace_names() -> dict[str, str]:
    """How a key result stands, in the reader's language."""
    return {
        "reached": _("reached"), "on_pace": _("on pace"), "behind": _("behind the pace"), "unknown": _("not known yet"),
    }  # fmt: skip


def verdict_names() -> dict[str, str]:
    """What ties an action to the territory, in the reader's language."""
    return {
        "unlinked": _("tied to nothing of ours"), "shared": _("tied only to what every action names"),
        "anybodys": _("reviewed: would fit any cluster"), "unreviewed": _("not reviewed by another yet"),
        "ours": _("reviewed: belongs to this territory"),
    }  # fmt: skip


def change_names() -> dict[str, str]:
    """How an indicator moved between two editions, in the reader's language."""
    return {"better": _("better"), "worse": _("worse"), "same": _("unchanged"), "unknown": _("not comparable")}
