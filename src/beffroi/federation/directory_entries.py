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
from typing import TYPE_CHECKING, Any

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
from beffroi.federation.size_class import CLASSES, size_class
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

    `codes` name every territory of its seat. `words` are what a visitor's search looks at, `all_words` an officer's:
    without accents or case. `trades` are those that a person accepted, else the one that the activity code alone stands
    for (`trades_by` is `person`, `code` or empty); `trade_codes` adds the broader ones, or is `unknown`. `formerly` are
    other names that lead here, `order` is what the directory is sorted by.
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
    scheme = load_trades()
    state = (head, day, scheme.version)
    with _turn:
        held = _kept.get(place)
        if held is None or held.state != state:
            with _without_collector():
                is_known = held is not None and held.state[2] == scheme.version
                held = _read(day, state, scheme, held if held and is_known else _Kept((), (), {}, {}))
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


def _read(day: date, state: tuple[object, ...], scheme: Scheme, before: _Kept) -> _Kept:
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
        mark = blake2b(
            f"{unit}\x1f{name}\x1f{postcode}\x1f{city}\x1f{values}\x1f{trades}".encode(), digest_size=16
        ).digest()
        known = before.said.get(address)
        if known is None or known[0] != mark:
            known = (mark, _understood(unit, json.loads(values), json.loads(trades), (name, postcode, city), scheme))
        said[address] = known
        kept.append((address, unit, name, city, postcode))
    old = _old_names(said)
    parts: dict[str, tuple[tuple[object, ...], Entry]] = {}
    for row in kept:
        address = row[0]
        more = (tuple(lists.get(address, ())), ends.get(address, OUTSIDE), old.get(address, ((), ())))
        mine = (row, said[address][0], *more)
        known_part = before.parts.get(address)
        parts[address] = (
            known_part if known_part and known_part[0] == mine else (mine, _entry(row, said[address][1], *more))
        )
    found = sorted((one for _, one in parts.values()), key=lambda one: (one.order, one.id))
    return _Kept(state, tuple(found), said, parts)


def _entry(
    row: tuple[str, str, str, str, str], said: _Said, lists: tuple[str, ...], status: str,
    old: tuple[tuple[str, ...], tuple[str, ...]],
) -> Entry:  # fmt: skip
    address, unit, name, city, postcode = row
    public, hidden = old
    more = frozenset(word for text in (*lists, *public) for word in plain(text).split())
    rest = frozenset(word for text in hidden for word in plain(text).split())
    formerly = tuple(dict.fromkeys(one for one in (*said.names, *public) if plain(one) != said.order))
    return Entry(
        id=address, name=name, legal_unit=unit, city=city, postcode=postcode, website=said.website, seat=said.seat,
        codes=said.codes, acts_in=said.acts_in, lists=lists, trades=said.trades, trades_by=said.trades_by,
        trade_codes=said.trade_codes, size=said.size, status=status, is_public=said.is_public, formerly=formerly,
        order=said.order, words=said.words | more, all_words=said.all_words | more | rest,
    )  # fmt: skip


def _old_names(said: dict[str, tuple[bytes, _Said]]) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Names that lead to an organisation because it followed theirs: those that agreed to be shown, and the others."""
    found = {}
    for heir, formers in predecessors().items():
        held = [said[one][1] for one in formers if one in said]
        found[heir] = tuple(tuple(name for one in held if one.is_public is wanted for name in one.names)
                            for wanted in (True, False))  # fmt: skip
    return found  # type: ignore[return-value]  # -- two tuples each


def _understood(
    unit: str, values: dict[str, Any], trades: list[dict[str, object]], shown: tuple[str, str, str], scheme: Scheme
) -> _Said:
    name, postcode, city = shown
    place = seat(postcode, city)
    said = {one: str(held.get("value", "")) for one, held in values.items()}
    others = {one: [str(other[0]) for other in held.get("others", ())] for one, held in values.items()}
    names = [said.get(one, "") for one in _NAMES] + [other for one in _NAMES for other in others.get(one, ())]
    held, by, codes = taxonomy.trades_of(trades, said.get("naf", ""), scheme)
    labels = [label for one in codes if one in scheme.concepts
              for label in (scheme.concepts[one].label.fr, scheme.concepts[one].label.en)]  # fmt: skip
    public = [*(said.get(one, "") for one in PUBLIC), *names, unit.partition(":")[2], *labels]
    rest = [text for one in said if not one.startswith(PREFIX) for text in (said[one], *others[one])]
    words = frozenset(plain(" ".join(public)).split())
    return _Said(
        website=said.get("website", ""),
        seat=place,
        codes=place.codes,
        acts_in=tuple(one for one in said.get("territories", "").split(";") if one),
        trades=held,
        trades_by=by,
        trade_codes=codes,
        size=size_class(said.get("employees", ""), said.get("revenue_eur", "")),
        is_public=said.get("consent_directory") == GRANTED,
        order=plain(name),
        names=tuple(dict.fromkeys(one for one in names if one)),
        words=words,
        all_words=words | frozenset(plain(" ".join(rest)).split()),
    )
