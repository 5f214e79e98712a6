"""Freeze the fabric of a month: every perimeter counted and protected beside the others, then put in place at once."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from beffroi.catalogue.perimeters import load_perimeters
from beffroi.observatory.fabric_accounts import accounts_told
from beffroi.observatory.fabric_before import before
from beffroi.observatory.fabric_frozen import About, keep
from beffroi.observatory.fabric_measures import quotient_row
from beffroi.observatory.fabric_public import LEVELS, Public, communes_within, public_figures
from beffroi.observatory.fabric_race import FIRST_YEAR, RETAIL, TRADE, race_of
from beffroi.observatory.fabric_related import held_by, nearness, poles, space_of
from beffroi.observatory.fabric_sizes import size_rows
from beffroi.observatory.fabric_subject import DEFAULT_PERIMETER, Subject, subject
from beffroi.observatory.fabric_territories import COUNTRY, inside
from beffroi.observatory.fabric_years import TREE, demography_told, event_secrets, stocks_told, years_of
from beffroi.store.registers_lives import points_sql
from beffroi.store.registers_months import months
from beffroi.store.registers_tables import REV2, REV21
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from beffroi.observatory.fabric_public import Figure, Held
    from beffroi.observatory.fabric_years import Stocks
    from beffroi.specialisation.trend_crossing import Crossing
    from beffroi.store.registers_engine import Engine
    from beffroi.store.tables import Value

    Rows = list[tuple[Value, ...]]
    Key = tuple[str, str]

MAY_BE = ("successions", "periods", "ratios")


def build(
    register: Path, into: Path, *, today: str, month: str | None = None, extra: Path | None = None,
    perimeters: Sequence[str] = (), report: Callable[[str, int, int], None] | None = None,
) -> About:  # fmt: skip
    """Compute the fabric of a month and put it in the place of what pages read of it before.

    Args:
        register: folder of the register.
        into: folder of the frozen fabric.
        today: ISO date printed on it.
        month: which month; by default the newest.
        extra: the house's own catalogue files.
        perimeters: ids to freeze; by default all of the catalogue, the usual one first.
        report: called with (step, done, total).

    Raises:
        StoreError: no register, or the disk is full; what was there stays.
        UnknownDefinitionError: no such perimeter.
        BusyError: another build is under way.
    """
    of = subject(register, month=month, extra=extra)
    wanted = list(perimeters) or sorted(load_perimeters(extra), key=lambda one: one != DEFAULT_PERIMETER)
    asked = [subject(register, perimeter=one, month=of.month, extra=extra) for one in wanted]
    earlier = [one for one in months(register) if one < of.month]
    about = About(
        of.month, earlier[-1] if earlier else "", {one.perimeter.id: one.perimeter.version for one in asked}, REV2,
        today, of.manifest.synthetic, tuple(one for one in MAY_BE if of.has(one)),
    )  # fmt: skip
    steps = _Steps(report or (lambda _step, _done, _total: None), 2 * len(asked) + 5)
    with of.engine() as engine:
        counted = _figures(asked, engine, steps)
        own = {one: counted[one, REV2] for one in wanted}
        tables: dict[str, Rows] = {
            "perimeters": _perimeters(counted),
            "sizes": _told(asked, lambda one: size_rows(one, engine, own[one.perimeter.id])),
        }
        steps.next("communes")
        tables["communes"] = _communes(asked, engine, own)
        steps.next("years")
        tables |= _years(asked, engine)
        steps.next("related activities")
        tables |= _related(asked, engine)
        tables["accounts"] = _told(asked if of.has("ratios") else [], lambda one: _all(accounts_told(one, engine)))
        tables["points"] = [
            (level, str(code), float(x), float(y))
            for level in ("nuts3", "epci", "commune")
            for code, x, y in sorted(engine.rows(points_sql(level))[1])
        ]
    steps.next(f"before: {about.before}")
    tables["territories"] = territory_rows(own, before(register, into, about, extra))
    steps.next("writing")
    keep(into, about, tables)
    return about


def _told(asked: Sequence[Subject], rows: Callable[[Subject], Rows]) -> Rows:
    return [(one.perimeter.id, *row) for one in asked for row in rows(one)]


def _all(by_territory: Mapping[str, Rows]) -> Rows:
    return [row for rows in by_territory.values() for row in rows]


@dataclass(slots=True)
class _Steps:
    report: Callable[[str, int, int], None]
    total: int
    done: int = 0

    def next(self, words: str) -> None:
        self.report(words, self.done, self.total)
        self.done += 1


def _figures(asked: Sequence[Subject], engine: Engine, steps: _Steps) -> dict[Key, Public]:
    """Figures of every perimeter by both nomenclatures, each protected beside those before it."""
    found: dict[Key, Public] = {}
    held: Held = {}
    for vintage in (REV2, REV21):
        for one in asked:
            steps.next(f"{one.perimeter.id}, {vintage}")
            found[one.perimeter.id, vintage] = public_figures(
                replace(one, vintage=vintage), engine, beside=list(found.values()), held=held
            )
    return _alike(found)


def _alike(found: Mapping[Key, Public]) -> dict[Key, Public]:
    """The same figures of all activities beside every perimeter: hidden where one of them hides them."""
    publics = list(found.values())
    whole = {key: min((one.whole[key] for one in publics), key=_shown) for key in publics[0].whole} if publics else {}
    return {name: Public(one.inside, whole) for name, one in found.items()}


def _shown(one: Figure) -> int:
    return (not one.reason) + (not one.jobs_reason)


def _quotients(perimeter: str, level: str, public: Public, nation: tuple[Figure, Figure]) -> Rows:
    return [(perimeter, level, *quotient_row(own, whole, nation)) for own, whole in public.of(level)]


def territory_rows(own: Mapping[str, Public], then: Mapping[tuple[str, str, str], int]) -> Rows:
    """Rows of the table `territories`: what may be shown of each perimeter, beside what was shown the month before."""
    rows: Rows = []
    for perimeter, public in own.items():
        nation = public.inside["country", COUNTRY], public.whole["country", COUNTRY]
        for level in LEVELS:
            for *row, reason in _quotients(perimeter, level, public, nation):
                rows.append((*row, None if reason else then.get((perimeter, level, str(row[2]))), reason))
    return rows


def _perimeters(counted: Mapping[Key, Public]) -> Rows:
    return [
        (perimeter, vintage, key[1], one.units, one.establishments, one.jobs, one.jobs_reason, one.reason)
        for (perimeter, vintage), public in counted.items()
        for key, one in public.inside.items()
        if key[0] in TREE
    ]


def _communes(asked: Sequence[Subject], engine: Engine, own: Mapping[str, Public]) -> Rows:
    """Communes that have something inside, or a secret."""
    anywhere = next(iter(own.values())).whole
    epcis = [code for (level, code), one in anywhere.items() if level == "epci" and one.establishments != 0]
    found: dict[Key, Public] = {}
    held: Held = {}
    for one in asked:
        found[one.perimeter.id, REV2] = communes_within(
            one, engine, own[one.perimeter.id], epcis, beside=list(found.values()), held=held
        )
    rows: Rows = []
    for (perimeter, _), public in _alike(found).items():
        nation = own[perimeter].inside["country", COUNTRY], own[perimeter].whole["country", COUNTRY]
        rows += [
            (*row, None, reason)
            for *row, reason in _quotients(perimeter, "commune", public, nation)
            if reason or row[5] or row[5] is None
        ]
    return rows


def _years(asked: Sequence[Subject], engine: Engine) -> dict[str, Rows]:
    """Births, deaths and survival; stocks of perimeters and of trade; and when they meet."""
    lived, long = years_of(asked[0]), list(range(FIRST_YEAR, int(asked[0].month[:4])))
    codes = [COUNTRY, *(code for level in TREE[1:] for code in inside(COUNTRY, level))]
    rivals: dict[str, Stocks] = {}
    for name, activities in (("retail", RETAIL), ("trade", TRADE[REV2])):
        rivals[name] = stocks_told(asked[0], engine, long, codes=activities, beside=list(rivals.values()))
    years: Rows = []
    races: Rows = []
    stocks: dict[str, Stocks] = {}
    events: list[dict[str, dict[tuple[str, int], int | None]]] = []
    for one in asked:
        told = demography_told(one, engine, lived, beside=events)
        rows = [row for code in codes for row in told[code]]
        years += [(one.perimeter.id, *row) for row in rows]
        events.append({
            kind: {(str(row[0]), int(str(row[2]))): row[at] for row in rows}  # type: ignore[misc]  # -- counts or None
            for kind, at in (("births", 4), ("deaths", 5))
        })  # fmt: skip
        secret = event_secrets(one, engine, long)
        mine = stocks_told(one, engine, long, beside=list(stocks.values()))
        for code in codes:
            for name, other in rivals.items():
                found = race_of(code, long, (mine, other), secret=secret)
                races.append((one.perimeter.id, name, code, *_met(found.found), found.reason))
            # Stocks differ by births and deaths: where those are secret, no stock is shown.
            why = next((secret[code, year] for year in long if secret[code, year]), "")
            if why:
                mine |= {(code, year): (None, mine[code, year][1] or why) for year in long}
        stocks[one.perimeter.id] = mine
    return {
        "years": years,
        "races": races,
        "stocks": [(name, code, year, *each) for name, held in (stocks | rivals).items()
                   for (code, year), each in held.items()],
    }  # fmt: skip


def _met(found: Crossing | None) -> tuple[Value, ...]:
    """Answer, year, interval and yearly change of the difference; an end that is endless is missing."""
    if found is None:
        return "", None, None, None, None
    return found.answer, *(float(one) if math.isfinite(one) else None for one in
                           (found.year, found.low, found.high, found.yearly))  # fmt: skip


def _related(asked: Sequence[Subject], engine: Engine) -> dict[str, Rows]:
    """What territories are specialised in, and how near each activity is to each perimeter and to trade."""
    try:
        space = space_of(asked[0], engine)
    except MethodError:  # a register of a few départements relates nothing
        return {"related": [], "activities": []}
    codes = [code for level in TREE[1:] for code in inside(COUNTRY, level)]
    near: Rows = []
    for one in asked:
        technology, commerce = poles(space.activities, one)
        own = replace(space, technology=technology, commerce=commerce)
        near += [
            (one.perimeter.id, activity, int(technology[k]), *each)
            for k, (activity, each) in enumerate(zip(space.activities, nearness(own), strict=True))
        ]
    return {"related": [(code, *row) for code in codes for row in held_by(space, code)], "activities": near}
