"""Sentences about the fabric."""

# ruff: noqa: E501 -- sentences stay whole, to be read and searched for

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from beffroi.web import words
from beffroi.web.words import JOINED

if TYPE_CHECKING:
    from typing import Any

    from beffroi.observatory.fabric_frozen import About

_SAID = {
    "index": _("What is the digital fabric made of?"),
    "empty": _(
        "The fabric of a territory’s firms is counted in the national register SIRENE. No register is frozen for reading here yet. These commands lead there:"
    ),
    "synthetic": _("Synthetic register: these firms were invented for a trial; no such firm exists."),
    "units": _("Legal units"),
    "establishments": _("Establishments"),
    "jobs": _("Jobs, middles of bands"),
    "quotient": _("Location quotient"),
    "territory": _("Territory"),
    "interval": _("95% interval"),
    "reading": _("Reading"),
    "above": _("above France"),
    "below": _("below France"),
    "not_distinguishable": _("not distinguishable from France"),
    "too_few_units": _("secret: fewer than three firms"),
    "one_unit_dominates": _("secret: one firm dominates"),
    "complementary": _("secret: would lead to another secret"),
    "too_few_accounts": _("secret: fewer than five accounts"),
    "year": _("Year"),
    "active": _("Active in the year"),
    "births": _("Births"),
    "deaths": _("Deaths"),
    "birth_rate": _("Birth rate"),
    "death_rate": _("Death rate"),
    "survival_1": _("Survival after 1 year"),
    "survival_3": _("Survival after 3 years"),
    "survival_5": _("Survival after 5 years"),
    "before": _("Change since the month before"),
    "parts": _("Territory by territory"),
    "years": _("Births and deaths through the years"),
    "sizes": _("How large the establishments are"),
    "size": _("Persons employed"),
    "share": _("Share"),
    "size_0": _("none, or unknown"),
    "size_1-9": _("1 to 9"),
    "size_10-49": _("10 to 49"),
    "size_50-249": _("50 to 249"),
    "size_250+": _("250 or more"),
    "map": _("Where the establishments lie"),
    "point": _("Label point"),
    "no_point": _("not on the map: no coordinates"),
    "accounts": _("What public accounts say"),
    "figure": _("Figure"),
    "firms": _("Firms"),
    "median": _("Median"),
    "turnover": _("Turnover"),
    "ebitda_share": _("Gross operating surplus over turnover"),
    "pretax_share": _("Pre-tax result over turnover"),
    "autonomy": _("Equity over total assets"),
    "debt_rate": _("Debt over equity"),
    "customer_days": _("Time that customers take to pay"),
    "supplier_days": _("Time taken to pay suppliers"),
    "activity": _("Activity"),
    "density": _("Density"),
    "to_technology": _("Nearness to digital"),
    "to_commerce": _("Nearness to trade"),
    "axis": _("Place on the axis"),
    "strong": _("Strong sectors of the region, between trade and technology"),
    "openings": _("What the region could grow into"),
    "digital": _("Digital"),
    "retail": _("Retail trade"),
    "trade": pgettext_lazy("shops", "Trade"),
    "race": _("Digital and trade, end of each year"),
    "crosses": _("crosses"),
    "has crossed": _("has crossed"),
    "does not cross": _("does not cross"),
    "perimeter": _("Perimeter"),
    "new_share": _("NAF 2025 against NAF rev. 2"),
    "is_broken": _("The series is broken"),
    "is_whole": _("The series can be followed"),
}  # fmt: skip
_LEVELS = {
    "country": _("country"), "nuts1": _("region"), "nuts2": _("former region"), "nuts3": _("département"),
    "epci": _("intercommunal authority"), "commune": _("commune"),
}  # fmt: skip
# What the registers' and accounts' codes of sectors are, as they are shown beside each other.
RIVAL_CODES = {"retail": "47", "trade": "45, 46, 47"}


def said(key: str) -> str:
    """A phrase; an unknown key is shown as it is."""
    return str(_SAID.get(key, key))


def level(key: str) -> str:
    """A level of territories."""
    return str(_LEVELS[key])


def title(name: str) -> str:
    """The question of a territory's page."""
    return str(_("What is the digital fabric made of: %(name)s") % {"name": name})


def perimeters_title(name: str) -> str:
    """The question of the comparison."""
    return str(_("What counts as digital? %(name)s") % {"name": name})


def map_title(name: str) -> str:
    """The question of the map."""
    return str(_("Where are the digital establishments: %(name)s") % {"name": name})


def related_title(name: str) -> str:
    """The question of related sectors."""
    return str(_("Which strong sectors go with digital: %(name)s") % {"name": name})


def against_title(name: str) -> str:
    """The question of weights through the years."""
    return str(_("When will digital weigh as much as trade: %(name)s") % {"name": name})


def month(text: str, language: str) -> str:
    """A month in words."""
    return words.day(f"{text}-02", language).split(JOINED, 1)[1]


def lead(name: str, establishments: int, units: int, language: str) -> str:
    """How many."""
    sites, firms = (words.number(one, 0, language) for one in (establishments, units))
    return str(
        _("%(name)s counts %(sites)s active digital establishments of %(firms)s legal units (exact).")
        % {"name": name, "sites": sites, "firms": firms}
    )


def standing(value: float, low: float, high: float, reading: str, language: str) -> str:
    """The quotient and what may be said of it."""
    return str(
        _("Their share is %(figure)s times that of France (%(span)s, at 95%%): %(reading)s.")
        % {"figure": words.number(value, 2, language), "span": words.interval(low, high, 2, language), "reading": said(reading)}
    )  # fmt: skip


def change(now: int, before: int, when: str, language: str) -> str:
    """Against the month loaded before."""
    return str(
        _("%(change)s establishments since %(month)s (%(before)s then).")
        % {"change": words.signed(now - before, 0, language), "month": month(when, language),
           "before": words.number(before, 0, language)}
    )  # fmt: skip


def secret(name: str, reason: str) -> str:
    """A territory whose counts may not be shown."""
    return str(_("The figures of %(name)s may not be shown (%(why)s).") % {"name": name, "why": said(reason)})


def race_line(rival: str, race: dict[str, Any], language: str) -> str:
    """When digital meets another sector, with its interval, or that it does not."""
    terms = {
        "rival": said(rival),
        "codes": RIVAL_CODES[rival],
        "pace": words.signed(race["yearly"] or 0.0, 0, language),
    }
    if race["reason"]:
        return str(_("Against %(rival)s (NAF rev. 2, %(codes)s): %(why)s.") % (terms | {"why": said(race["reason"])}))
    if race["answer"] == "does not cross":
        return str(
            _(
                "Against %(rival)s (NAF rev. 2, %(codes)s): at its pace, digital does not catch up within fifty years; the difference moves by %(pace)s establishments a year."
            )
            % terms
        )
    terms |= {"year": f"{race['year']:.0f}", "low": _end(race["low"]), "high": _end(race["high"])}
    if race["answer"] == "has crossed":
        return str(
            _(
                "Against %(rival)s (NAF rev. 2, %(codes)s): the trends crossed in %(year)s (95%% interval: %(low)s to %(high)s)."
            )
            % terms
        )
    return str(
        _(
            "Against %(rival)s (NAF rev. 2, %(codes)s): if both go on as they did, as many in %(year)s (95%% interval: %(low)s to %(high)s)."
        )
        % terms
    )


def _end(year: float | None) -> str:
    return str(_("no end")) if year is None or not math.isfinite(year) else f"{year:.0f}"


def credit(about: About, perimeter: str, name: str, language: str) -> str:
    """Perimeter, nomenclature, source and month."""
    nomenclature = {"NAFRev2": _("NAF rev. 2")}.get(about.nomenclature, _("NAF 2025"))
    return str(
        _("Perimeter: %(name)s, %(version)s (%(nomenclature)s). %(source)s")
        % {"name": name, "version": about.perimeters[perimeter], "nomenclature": nomenclature, "source": source(about, language)}
    )  # fmt: skip


def source(about: About, language: str) -> str:
    """Source and month; an invented register says so."""
    return str(
        _("Source: %(source)s %(month)s.")
        % {
            "source": said("synthetic") if about.synthetic else f"{about.source},",
            "month": month(about.month, language),
        }
    )
