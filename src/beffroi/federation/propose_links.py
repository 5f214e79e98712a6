"""What linkage proposes about rows that are new: links to every other list, within their own, and to registers.

Two lists are judged by themselves, as `beffroi link` judges them, whatever else the registry holds. So it does not
matter which of them came first, and only pairs that hold a new or changed row are compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from beffroi.federation.propose import Offered, Proposed
from beffroi.linkage.link import link_lists, link_register
from beffroi.linkage.reason import bits_of
from beffroi.linkage.record import Record, Tidy, tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from beffroi.federation.propose import Reference
    from beffroi.linkage.judge import Judgement

# What a decision of linkage is worth here. A relation is named by a person; linkage only sees that there is one.
VALUES = {"automatic": "same", "review": "unsure", "related": "related"}
_PROFILE = 500
# Fields of the registry, and what linkage calls them.
CELLS = {
    "name": "name", "brand": "trade_name", "acronym": "acronym", "city": "city", "department": "department",
    "postcode": "postcode", "address": "address", "website": "website", "email": "email", "phone": "phone",
    "siret": "siret", "naf": "activity", "founded": "year", "state": "active",
    "commune_code": "commune_code", "latitude": "latitude", "longitude": "longitude",
}  # fmt: skip


def propose(
    fresh: Sequence[Offered], standing: Sequence[Offered], *, step: Callable[[], object] = lambda: None
) -> list[Proposed]:
    """Propose judgements about fresh rows.

    Rows that state the same legal unit are one organisation by a rule of the registry already and are not proposed
    again; a row without one is looked up in every register that the registry holds.

    Args:
        fresh: rows that are new or changed.
        standing: all other rows that stand.
        step: called after each row looked up, for a progress bar.

    Returns:
        `same` where linkage is sure, `unsure` where a person decides, `related` where two are bound and not one; each
        with its probability, its log-odds in bits, and a sentence that names the evidence. In an order that does not
        hang on the order of the rows.

    >>> one = Offered(("A", "1"), "list", {"name": "Minalogic", "city": "Grenoble", "website": "minalogic.com"})
    >>> two = Offered(("B", "7"), "list", {"name": "MINALOGIC", "city": "Grenoble", "website": "www.minalogic.com"})
    >>> [(found.left, found.right, found.value) for found in propose([two], [one])]
    [(('A', '1'), ('B', '7'), 'same')]
    """
    rows, kinds = rows_by_source([*fresh, *standing])
    new = {one.reference for one in fresh}
    found: list[Proposed] = []
    lists = [source for source in rows if kinds[source] == "list"]
    registers = [source for source in rows if kinds[source] == "register"]
    for place, source in enumerate(lists):
        for other in lists[place:]:
            found += _between(rows[source], rows[other] if other != source else {}, new, step)
        for register in registers:
            found += _in_register(rows[source], rows[register], new, step)
    return sorted(found, key=lambda one: (one.left, one.right))


def lookups(fresh: Sequence[Offered], standing: Sequence[Offered]) -> int:
    """Return about how often `propose` will call `step`: what a progress bar is measured by.

    >>> lookups([Offered(("A", "1"), "list", {})], [Offered(("B", "1"), "list", {})])
    3
    """
    sizes: Counter[str] = Counter(one.reference[0] for one in (*fresh, *standing))
    new: Counter[str] = Counter(one.reference[0] for one in fresh)
    kinds = {one.reference[0]: one.kind for one in (*fresh, *standing)}
    lists = sorted(source for source in sizes if kinds[source] == "list")
    total = 0
    for place, source in enumerate(lists):
        total += new[source]
        for other in lists[place + 1 :]:
            both = new[source] + new[other]
            whole = any(new[one] == sizes[one] for one in (source, other))
            total += (sizes[source] + sizes[other]) if both and whole else both
        registers = (one for one in sizes if kinds[one] == "register")
        total += sum(sizes[source] if new[one] else new[source] for one in registers)
    return total


_Rows = dict[tuple[str, str], Tidy]


def rows_by_source(offered: Iterable[Offered]) -> tuple[dict[str, _Rows], dict[str, str]]:
    """Return rows by source and reference, both in order, and the kind of each source.

    A row's number is its place in that order.
    """
    by_source: dict[str, list[Offered]] = defaultdict(list)
    for one in offered:
        by_source[one.reference[0]].append(one)
    rows = {
        source: {
            one.reference: _tidy(source, number, one.fields)
            for number, one in enumerate(sorted(held, key=lambda each: each.reference), start=1)
        }
        for source, held in sorted(by_source.items())
    }
    return rows, {source: held[0].kind for source, held in by_source.items()}


def _tidy(source: str, number: int, fields: Mapping[str, str]) -> Tidy:
    cells = {theirs: fields[ours] for ours, theirs in CELLS.items() if fields.get(ours)}
    one = tidy(Record(source, number, **cells))
    kind, colon, unit = fields.get("siren", "").partition(":")
    return replace(one, siren=unit if kind == "siren" else f"{kind}:{unit}" if colon else "")


def _between(left: _Rows, right: _Rows, new: set[tuple[str, str]], step: Callable[[], object]) -> Iterator[Proposed]:
    """Compare two lists, or one with itself when `right` is empty."""
    rows = {**left, **right}
    asked = {rows[one].id for one in new & rows.keys()}
    if asked:
        yield from said(rows, link_lists(list(rows.values()), fresh=asked, step=step), "linkage-lists")


def _in_register(
    rows: _Rows, register: _Rows, new: set[tuple[str, str]], step: Callable[[], object]
) -> Iterator[Proposed]:
    """Look rows without a legal unit up: all of them when the register says something new, else the new ones.

    Some other rows of the list go with them, because candidates compete under what kinds of units the list holds.
    """
    news = new & register.keys()
    asking = {reference for reference, one in rows.items() if not one.siren and (news or reference in new)}
    if not asking:
        return
    others = islice((one for reference, one in rows.items() if reference not in asking), _PROFILE)
    found = link_register([*(rows[one] for one in sorted(asking)), *others], list(register.values()), step=step)
    both = {**rows, **register}
    for one in said(both, found, "linkage-register"):
        ends = {one.left, one.right}
        if ends & asking and ends & new:
            yield one


def said(rows: Mapping[Reference, Tidy], found: Iterable[Judgement], method: str) -> Iterator[Proposed]:
    """Give judgements of linkage as proposals between references; equal legal units are a rule's, and left out."""
    references = {one.id: reference for reference, one in rows.items()}
    for one in found:
        if one.left.siren and one.left.siren == one.right.siren:
            continue
        left, right = sorted((references[one.left.id], references[one.right.id]))
        value = VALUES[one.decision]
        yield Proposed(
            left, right, value, one.reason, origin="model", method=method, probability=one.probability,
            bits=bits_of(one.probability), relation="other" if value == "related" else "",
        )  # fmt: skip
