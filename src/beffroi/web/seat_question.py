"""What a seats address asks: which territories, which rule, which balance; and the same as a form shows it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.assembly.exact import fraction
from beffroi.assembly.faults import InexactNumberError
from beffroi.assembly.seat_rule import METHODS, TIES, Reserve, SeatRule
from beffroi.federation.seat_inputs import MEASURES, seat_inputs
from beffroi.federation.seat_presets import GROWTH, PRESETS
from beffroi.federation.seat_table import read_classes, read_table
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

    from beffroi.assembly.seat_rule import Territory
    from beffroi.charter.book import Book

REGISTRY, TYPED = "registry", "typed"
LONGEST_TABLE = 6000
SHOWN = ("sainte-lague", "dhondt", "huntington-hill", "largest-remainder-hare", "equal")


@dataclass(frozen=True, slots=True)
class Question:
    """A board as an address asks for it.

    Attributes:
        source: `registry`, `typed`, or a preset.
        territories, classes: the inputs.
        names: what territories are called.
        rule: the rule.
        women_share: share of women among those who may sit.
        least_women, least_men, least_of_class: wishes of balance.
        note: what readers must know of the inputs.
    """

    source: str
    territories: tuple[Territory, ...]
    classes: Mapping[str, Mapping[str, Fraction]]
    names: Mapping[str, str]
    rule: SeatRule
    women_share: Fraction
    least_women: int = 0
    least_men: int = 0
    least_of_class: Mapping[str, int] = field(default_factory=dict)
    note: str = ""

    @property
    def asks_balance(self) -> bool:
        """Whether any wish of balance is stated."""
        return bool(self.least_women or self.least_men or self.least_of_class)


def read_question(asked: QueryDict, book: Book, day: str, lang: str) -> Question:
    """Read an address; what it leaves out comes from the preset, or is a small default.

    Raises:
        UsageError: a number that is none, a source or table that is not understood.
    """
    source = asked.get("from", "") or (REGISTRY if any(not one.get("is_whole") for one in book.of("territory")) else
                                       GROWTH.id)  # fmt: skip
    names: dict[str, str] = {}
    classes: Mapping[str, Mapping[str, Fraction]] = {}
    note, base = "", SeatRule("sainte-lague", 40, {"members": Fraction(1)}, ties="larger")
    if source in PRESETS:
        preset = PRESETS[source]
        territories, classes, base, note = preset.territories, preset.classes, preset.rule, preset.note.say(lang)
    elif source == TYPED:
        typed = asked.get("table", "")[:LONGEST_TABLE]
        territories, classes = read_table(typed), read_classes(typed)
    elif source == REGISTRY:
        inputs = seat_inputs(book, day)
        territories, classes = inputs.territories, inputs.classes
        names = {one.id: one.text("name", lang) for one in book.of("territory")}
        note = _("Members that lie in no territory: %(outside)s. Members whose staff is not known: %(silent)s.") % {
            "outside": inputs.outside, "silent": inputs.silent.get("jobs", 0)}  # fmt: skip
    else:
        raise UsageError(_("'%(given)s' is no source of territories.") % {"given": source[:40]})
    rule = _rule(asked, base, [one.id for one in territories], is_preset=source in PRESETS)
    sizes = {
        name: _count(asked, f"least_{name}") or 0 for name in sorted({one for held in classes.values() for one in held})
    }
    return Question(
        source, territories, classes, {one.id: names.get(one.id, one.id) for one in territories}, rule,
        _exact(asked.get("women_pct") or "40", "women_pct") / 100, _count(asked, "least_women") or 0,
        _count(asked, "least_men") or 0, {name: least for name, least in sizes.items() if least}, note,
    )  # fmt: skip


def form_of(
    found: Question | None, asked: QueryDict, *, labels: Mapping[str, str], sizes: Mapping[str, str]
) -> dict[str, object]:
    """What the form shows: what was asked, else what holds; `labels` and `sizes` name measures and size classes."""
    measures = measures_of(found)
    held = sorted({one for each in found.classes.values() for one in each}) if found else []
    rule = found.rule if found else SeatRule("sainte-lague", 40)
    reserve = rule.reserves[0] if rule.reserves else None
    return {
        "source": found.source if found else asked.get("from", ""),
        "table": asked.get("table", ""),
        "seats": rule.seats, "method": rule.method, "floor": rule.floor or "", "ceiling": rule.ceiling or "",
        "exponent": str(rule.exponent), "ties": rule.ties, "order": ", ".join(rule.order),
        "mix": [(one, labels.get(one, one), str(rule.mix[one]) if rule.mix.get(one) else "") for one in measures],
        "reserve_seats": reserve.seats if reserve else "",
        "reserve_for": reserve.territories if reserve else (),
        "women_pct": asked.get("women_pct", "40"), "least_women": asked.get("least_women", ""),
        "least_men": asked.get("least_men", ""),
        "sizes": [(name, sizes.get(name, name), asked.get(f"least_{name}", "")) for name in held],
    }  # fmt: skip


def measures_of(found: Question | None) -> tuple[str, ...]:
    """Measures that may be weighed, those of the registry first."""
    held = found.territories[0].measures if found and found.territories else {}
    return (*(one for one in MEASURES if one in held), *(one for one in held if one not in MEASURES))


def _rule(asked: QueryDict, base: SeatRule, ids: list[str], *, is_preset: bool) -> SeatRule:
    said: dict[str, object] = {**_bounds(asked), **_words(asked)}
    mix = {key[4:]: _exact(str(asked[key]), key) for key in asked if key.startswith("mix_") and str(asked[key]).strip()}
    if mix:
        said["mix"] = mix
    if asked.get("exponent"):
        said["exponent"] = _exact(str(asked["exponent"]), "exponent")
    if asked.get("order"):
        said["order"] = tuple(one.strip() for one in str(asked["order"]).split(",") if one.strip())
    if "reserve_seats" in asked or not is_preset:
        seats = _count(asked, "reserve_seats") or 0
        holders = tuple(str(one) for one in asked.getlist("reserve_for") if one in ids)
        said["reserves"] = (Reserve("reserve", seats, holders),) if seats else ()
    return replace(base, **said)  # type: ignore[arg-type]  # -- each checked where it is read


def _bounds(asked: QueryDict) -> dict[str, int | None]:
    """Seats and bounds; an emptied box says that there is no bound."""
    said: dict[str, int | None] = {}
    for name in ("seats", "floor", "ceiling"):
        if (count := _count(asked, name)) is not None:
            said[name] = count
    if "floor" in asked:
        said.setdefault("floor", 0)
    if "ceiling" in asked:
        said.setdefault("ceiling", None)
    return said


def _words(asked: QueryDict) -> dict[str, str]:
    said: dict[str, str] = {}
    for name, known in (("method", METHODS), ("ties", TIES)):
        if given := asked.get(name):
            if given not in known:
                raise UsageError(_("'%(given)s' was given for %(name)s; take one of %(known)s.")
                                 % {"given": given[:40], "name": name, "known": ", ".join(known)})  # fmt: skip
            said[name] = given
    return said


def _count(asked: QueryDict, name: str) -> int | None:
    typed = asked.get(name, "").strip()
    if not typed:
        return None
    if not typed.isascii() or not typed.isdecimal() or len(typed) > 6:  # noqa: PLR2004 -- no board is larger
        raise UsageError(_("'%(given)s' was given for %(name)s; a whole number is expected.")
                         % {"given": typed[:40], "name": name})  # fmt: skip
    return int(typed)


def _exact(typed: str, name: str) -> Fraction:
    try:
        return fraction(typed.strip().replace(",", ".")[:60])
    except InexactNumberError:
        raise UsageError(_("'%(given)s' was given for %(name)s; an exact number such as 3/2 or 0.25 is expected.")
                         % {"given": typed[:40], "name": name}) from None  # fmt: skip
