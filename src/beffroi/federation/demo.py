"""The demonstration: two invented lists of 300, an invented register, a review, and a count that ends at 510."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from beffroi.federation.demo_firms import CLOSED, LAPSED, MEMBERS, Firm, invent, is_school, share_out
from beffroi.federation.import_members import import_list
from beffroi.federation.import_plan import Given
from beffroi.federation.judgement import close_task, decide, merge
from beffroi.federation.log import Act
from beffroi.federation.read import count_members
from beffroi.federation.review import queue
from beffroi.federation.undo import undo
from beffroi.records import models
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from beffroi.federation.waterfall import Waterfall

FIRST, SECOND = "Liste d’Amont (inventée)", "Liste d’Aval (inventée)"
REGISTER = "Registre inventé"
AUTHOR = "demonstration"
SEED = 2017
UNNUMBERED = 12  # shared organisations whose row in the second list lacks a number
DOUBTFUL = 4  # of these, the ones whose name is cut short and whose site is missing, so that a person decides
LEFT_OPEN = 2  # closures that are left for the visitor to deal with
_LIST = ("nom", "siren", "naf", "cp", "ville", "site", "effectif", "ca", "echeance", "publication")
_REGISTER = ("nom", "siren", "naf", "cp", "ville", "etat", "ca")
_FIELDS = {
    "nom": "name", "siren": "siren", "naf": "naf", "cp": "postcode", "ville": "city", "site": "website",
    "effectif": "employees", "ca": "revenue_eur", "echeance": "member_until", "publication": "consent_directory",
    "etat": "state",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demonstration loaded."""

    waterfall: Waterfall
    organisations: int
    waiting: int


def load_demo(*, at: datetime, seed: int = SEED) -> Demo:
    """Fill an empty registry with the invented cluster; dates are counted back from `at`.

    Raises:
        UsageError: the registry holds something already.
    """
    if models.Event.objects.exists():
        raise UsageError(
            "This registry is not empty, and invented firms must not mix with real ones. "
            "Set BEFFROI_HOME (or BEFFROI_DATABASE_URL) to a new place and run this again."
        )
    today = at.date()
    inside, outside = invent(seed=seed)
    first, second, both = share_out(inside, seed=seed)
    unnumbered = {one.number for one in both[:UNNUMBERED]}
    lapsed = {one.number for one in inside[MEMBERS : MEMBERS + LAPSED]}
    closed = {one.number for one in inside[MEMBERS + LAPSED : MEMBERS + LAPSED + CLOSED]}
    ended = (today - timedelta(days=30)).isoformat()
    _take(FIRST, _LIST, [_row(one, ended if one.number in lapsed else "") for one in first], at=at, days_ago=90)
    _take(SECOND, _LIST, _second_rows(second, unnumbered, lapsed, ended), at=at, days_ago=80)
    everyone = [one for one in (*inside, *outside) if not is_school(one)]
    for days_ago, gone in ((60, set[int]()), (7, closed)):
        rows = [_register_row(one, "C" if one.number in gone else "A") for one in everyone]
        _take(REGISTER, _REGISTER, rows, at=at, days_ago=days_ago, kind="register")
    _review(at)
    return Demo(count_members(today), models.Organisation.objects.count(), len(queue()))


def _row(one: Firm, until: str, *, short: bool = False, numbered: bool = True) -> tuple[str, ...]:
    number = one.siren if numbered and not is_school(one) else ""
    revenue = str(one.revenue_eur or "")
    consent = "oui" if one.number % 7 else "non"
    name, site = (f"{one.name.split()[0]} [fictif]", "") if short else (one.name, one.website)
    return name, number, one.naf, one.postcode, one.city, site, str(one.employees), revenue, until, consent


def _second_rows(second: Sequence[Firm], unnumbered: set[int], lapsed: set[int], ended: str) -> list[tuple[str, ...]]:
    short = set(sorted(unnumbered)[:DOUBTFUL])
    return [
        _row(one, ended * (one.number in lapsed), short=one.number in short, numbered=one.number not in unnumbered)
        for one in second
    ]


def _register_row(one: Firm, state: str) -> tuple[str, ...]:
    return one.name.upper(), one.siren, one.naf, one.postcode, one.city, state, str(one.revenue_eur)


def _take(
    source: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, at: datetime, days_ago: int,
    kind: str = "list",
) -> None:  # fmt: skip
    page = io.StringIO(newline="")
    writer = csv.writer(page)
    writer.writerows([columns, *rows])
    given = Given(
        source=source,
        rows=[dict(zip(columns, row, strict=True)) for row in rows],
        mapping={_FIELDS[one]: one for one in columns},
        file_name=f"{source}.csv",
        file_bytes=page.getvalue().encode(),
        as_of=_day(at, days_ago),
        kind=kind,
    )
    import_list(given, by=AUTHOR, at=at)


def _day(at: datetime, days_ago: int) -> date:
    return (at - timedelta(days=days_ago)).date()


def _review(at: datetime) -> None:
    """Decide what a reviewer would, and leave a few cases for the visitor."""
    school = False
    for case in [one for one in queue() if one.kind == "doubtful"]:
        left, right = (one.record for one in case.sides)
        ours, theirs = ((one.fields["name"].casefold().split(), one.fields["postcode"]) for one in case.sides)
        if (ours[0][0], ours[1]) != (theirs[0][0], theirs[1]) or {one.source for one in case.sides} != {FIRST, SECOND}:
            continue
        if "école" not in {*ours[0], *theirs[0]}:
            decide(left, right, "same", act=Act(AUTHOR, at, "decide"), reason="Same staff and revenue: one firm.")
        elif not school:
            school = True
            decide(left, right, "related", relation="part_of", act=Act(AUTHOR, at, "decide"),
                   reason="The school of the firm.")  # fmt: skip
    for case in [one for one in queue() if one.kind == "closed"][LEFT_OPEN:]:
        close_task(int(case.id[1:]), "noted", act=Act(AUTHOR, at, "close"), reason="Confirmed by the register.")
    # One join made by mistake and taken back, so that the history shows both.
    schools_only = models.Organisation.objects.filter(memberships__source__name=SECOND, legal_unit="")
    first, second = schools_only.order_by("name")[:2]
    mistake = merge(first.id, second.id, act=Act(AUTHOR, at, "merge"), reason="A mistake, taken back below.")
    undo(mistake.event or 0, act=Act(AUTHOR, at, "undo"))
