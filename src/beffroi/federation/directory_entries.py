"""Every organisation as the directory knows it, computed once for each state of the registry.

The end of the log names the state of the registry, and readings are a function of the entries; so what was read under
one hash holds until the next event. After an event only organisations whose values changed are understood anew.
"""

from __future__ import annotations

import gc
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast

from beffroi.catalogue.trades import load_trades
from beffroi.federation import taxonomy
from beffroi.federation.consent import GRANTED, PREFIX
from beffroi.federation.lineage import predecessors
from beffroi.federation.log import BATCH
from beffroi.federation.read import member_lines
from beffroi.federation.rows import plain
from beffroi.federation.size_class import CLASSES, UNKNOWN, size_class
from beffroi.federation.territory import Seat, seat
from beffroi.federation.waterfall import CLOSED, GONE, LAPSED, fate
from beffroi.records import models

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from beffroi.catalogue.trades import Scheme

PUBLIC = ("name", "brand", "naf", "address", "postcode", "city", "website", "trade")  # what a visitor may read
_NAMES = ("name", "brand", "acronym")
MEMBER, LAPSED_NOW, CLOSED_NOW, FORMER, OUTSIDE = "member", "lapsed", "closed", "former", "outside"
STATUSES = (MEMBER, LAPSED_NOW, CLOSED_NOW, FORMER, OUTSIDE)
_OF_STEP = {"": MEMBER, LAPSED: LAPSED_NOW, CLOSED: CLOSED_NOW, GONE: FORMER}


@dataclass(frozen=True, slots=True)
class Entry:
    """An organisation as the directory shows it.

    `codes` name every territory of its seat. `words` are what a visitor's search looks at, `all_words` an officer's: without accents or case. `trades` are those
    that a person accepted, else the one that the activity code alone stands for (`trades_by` is `person`, `code` or
    empty); `trade_codes` adds the broader ones, or is `unknown`. `formerly` are names that lead here.
    """

    id: str
    name: str
    legal_unit: str
    city: str
    postcode: str
    website: str
    seat: Seat
    codes: frozenset[str]
    acts_in: tuple[str, ...]
    lists: tuple[str, ...]
    trades: tuple[str, ...]
    trades_by: str
    trade_codes: frozenset[str]
    size: str
    status: str
    is_public: bool
    formerly: tuple[str, ...]
    order: str
    words: frozenset[str]
    all_words: frozenset[str]

    @property
    def department(self) -> str:
        """Code of the département of the seat; empty when there is none."""
        return self.seat.department

    @property
    def size_rank(self) -> int:
        """Place of its size among the classes."""
        return CLASSES.index(self.size)


@dataclass(frozen=True, slots=True)
class _Said:
    """What the values of one organisation say, whatever lists and days say."""

    website: str
    seat: Seat
    codes: frozenset[str]
    acts_in: tuple[str, ...]
    trades: tuple[str, ...]
    trades_by: str
    trade_codes: frozenset[str]
    size: str
    is_public: bool
    order: str
    names: tuple[str, ...]
    words: frozenset[str]
    all_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Kept:
    state: tuple[object, ...]
    entries: tuple[Entry, ...]
    said: dict[str, tuple[bytes, _Said]]
    parts: dict[str, tuple[tuple[object, ...], Entry]]


_kept: dict[object, _Kept] = {}
_turn = threading.Lock()


def entries(day: date) -> tuple[Entry, ...]:
    """Return every organisation by name, with the status it has on a day.

    The same object comes back as long as nobody wrote anything: take it for a key.
    """
    place = (connection.vendor, connection.settings_dict["NAME"], connection.settings_dict["HOST"])
    head = models.LogHead.objects.filter(pk=1).values_list("number", "hash").first()
    state = (head, day)
    with _turn:
        held = _kept.get(place)
        if held is None or held.state != state:
            with _without_collector():
                held = _read(day, state, held or _Kept((), (), {}, {}))
            _kept.clear()  # one house, one registry: another database is a test
            _kept[place] = held
    return held.entries


@contextmanager
def _without_collector() -> Iterator[None]:
    """Many small values are made and none in a ring: looking for rings meanwhile doubles the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(day: date, state: tuple[object, ...], before: _Kept) -> _Kept:
    scheme = load_trades()
    lists: dict[str, list[str]] = {}
    held = models.Membership.objects.filter(until__isnull=True).order_by("source__name")
    for address, source in held.values_list("organisation_id", "source__name"):
        lists.setdefault(address, []).append(source)
    ends = {address: _OF_STEP[step] for address, step in fate(member_lines(day)).items()}
    said: dict[str, tuple[bytes, _Said]] = {}
    rows = models.Organisation.objects.annotate(
        said=Cast("values", TextField()), known_trades=Cast("trades", TextField())
    ).values_list("id", "legal_unit", "name", "city", "postcode", "said", "known_trades")
    kept = []
    for address, unit, name, city, postcode, values, trades in rows.iterator(BATCH):
        mark = blake2b(f"{unit}\x1f{name}\x1f{postcode}\x1f{city}\x1f{values}\x1f{trades}".encode(), digest_size=16).digest()
        known = before.said.get(address)
        if known is None or known[0] != mark:
            known = (mark, _understood(unit, json.loads(values), json.loads(trades), (name, postcode, city), scheme))
        said[address] = known
        kept.append((address, unit, name, city, postcode))
    old = predecessors({address: one[1].names for address, one in said.items()})
    parts: dict[str, tuple[tuple[object, ...], Entry]] = {}
    for row in kept:
        address = row[0]
        more = (tuple(lists.get(address, ())), ends.get(address, OUTSIDE), old.get(address, ()))
        mine = (row, said[address][0], *more)
        known_part = before.parts.get(address)
        parts[address] = (
            known_part if known_part and known_part[0] == mine else (mine, _entry(row, said[address][1], *more))
        )
    found = sorted((one for _, one in parts.values()), key=lambda one: (one.order, one.id))
    return _Kept(state, tuple(found), said, parts)


def _entry(
    row: tuple[str, str, str, str, str], said: _Said, lists: tuple[str, ...], status: str, old: tuple[str, ...]
) -> Entry:
    address, unit, name, city, postcode = row
    more = frozenset(word for text in (*lists, *old) for word in plain(text).split())
    formerly = tuple(dict.fromkeys(one for one in (*said.names, *old) if plain(one) != said.order))
    return Entry(
        address, name, unit, city, postcode, said.website, said.seat, said.codes, said.acts_in, lists, said.trades, said.trades_by,
        said.trade_codes, said.size, status, said.is_public, formerly, said.order, said.words | more, said.all_words | more,
    )  # fmt: skip


def _understood(
    unit: str, values: dict[str, dict[str, object]], trades: list[dict[str, object]], shown: tuple[str, str, str],
    scheme: Scheme,
) -> _Said:  # fmt: skip
    name, postcode, city = shown
    place = seat(postcode, city)
    said = {name: str(one.get("value", "")) for name, one in values.items()}
    names = [said.get(one, "") for one in _NAMES]
    names += [str(other[0]) for one in _NAMES for other in values.get(one, {}).get("others", ())]  # type: ignore[attr-defined]  # -- JSON of ours
    held, by, codes = taxonomy.trades_of(trades, said.get("naf", ""), scheme)
    labels = [label for one in codes if one in scheme.concepts
              for label in (scheme.concepts[one].label.fr, scheme.concepts[one].label.en)]  # fmt: skip
    number = unit.partition(":")[2]
    public = [*(said.get(name, "") for name in PUBLIC), *names, number, *labels]
    others = [text for name, text in said.items() if not name.startswith(PREFIX)]
    others += [str(other[0]) for name, one in values.items() if not name.startswith(PREFIX)
               for other in one.get("others", ())]  # type: ignore[attr-defined]  # -- JSON of ours  # fmt: skip
    words = frozenset(plain(" ".join(public)).split())
    size = size_class(said.get("employees", ""), said.get("revenue_eur", "")) if "employees" in said else UNKNOWN
    return _Said(
        said.get("website", ""), place, place.codes, tuple(one for one in said.get("territories", "").split(";") if one), held, by,
        codes, size, said.get("consent_directory") == GRANTED, plain(name), tuple(dict.fromkeys(one for one in names if one)),
        words, words | frozenset(plain(" ".join(others)).split()),
    )  # fmt: skip
