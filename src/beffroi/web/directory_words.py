"""Words of the directory in the reader's language: sizes, states, trades, orders."""

from __future__ import annotations

from django.utils.translation import gettext as _

from beffroi.catalogue.trades import load_trades
from beffroi.federation.directory import ANY


def size_names() -> dict[str, str]:
    """Size classes, from the smallest on."""
    return {
        "micro": _("micro-enterprise (under 10 people)"), "sme": _("SME (10 to 249)"),
        "mid_size": _("mid-size (250 to 4,999)"), "large": _("large (5,000 and more)"), "unknown": _("size unknown"),
    }  # fmt: skip


def status_names() -> dict[str, str]:
    """What an organisation is today."""
    return {
        "member": _("member"), "lapsed": _("membership lapsed"), "closed": _("closed in the register"),
        "former": _("no longer in any list"), "outside": _("never in a list"), ANY: _("all, members or not"),
    }  # fmt: skip


def membership_names() -> dict[str, str]:
    """In how many lists an organisation stands today."""
    return {"one": _("in one list"), "several": _("in several lists"), "none": _("in no list today")}


def sort_names() -> dict[str, str]:
    """Orders of the directory."""
    return {
        "-name": _("by name, from Z"), "city": _("by city"), "trade": _("by trade"),
        "size": _("by size, smallest first"), "-size": _("by size, largest first"),
    }  # fmt: skip


def trade_name(concept: str, language: str) -> str:
    """A trade's name; `unknown` in words."""
    if concept == "unknown":
        return _("trade unknown")
    scheme = load_trades()
    return scheme.concepts[concept].label.say(language) if concept in scheme.concepts else concept
