"""Link lists to each other, one list to itself, or lists to a register: records in, judgements proposed."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from beffroi.linkage.block import pairs_with
from beffroi.linkage.judge import Judgement
from beffroi.linkage.model import models
from beffroi.linkage.rank import Ranked, rank, traits
from beffroi.linkage.rarity import Rarity
from beffroi.linkage.reason import evidence, sentence
from beffroi.linkage.record import FIELDS
from beffroi.linkage.retrieve import Candidates
from beffroi.linkage.second_look import look
from beffroi.linkage.terms import terms_of
from beffroi.linkage.weigh import settled, weigher

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from beffroi.linkage.judge import Decision
    from beffroi.linkage.model import Linear, Trained
    from beffroi.linkage.record import Tidy

    Pair = tuple[int, int]

_REVIEWED = 5
_PIECE = 100_000
_CONTENT = attrgetter(*(f"record.{field}" for field in (*FIELDS, "source", "row")))


def link_lists(
    records: Sequence[Tidy],
    *,
    fresh: Collection[tuple[str, int]] | None = None,
    step: Callable[[], object] = lambda: None,
    along: Callable[[Pairs], Iterable[Pair]] = iter,
) -> list[Judgement]:
    """Propose links between the records of several lists, or within one.

    A record goes with at most one of each other list unless a person says so; two SIREN are never one unit; where two
    rows of a list fit almost equally well, a person chooses.

    Args:
        records: rows of all lists; `source` tells the lists apart.
        fresh: source and row of those that are new; only pairs with one of them are compared (default: all are new).
        step: called after each record that has been looked up, for a progress bar.
        along: goes through the pairs to compare (pairs × 2), for another.

    Returns:
        Judgements other than `no`, in an order that does not hang on the order of the rows.
    """
    ordered = in_order(records)
    asked = {place for place, one in enumerate(ordered) if fresh is None or one.id in fresh}
    terms = terms_of(ordered)
    weigh = weigher(Rarity.of_lists(ordered))
    found = {}
    for left, right in along(Pairs(pairs_with(ordered, asked, terms=terms, step=step))):
        weighed = weigh(ordered[left], ordered[right])
        if weighed:
            found[left, right] = weighed
    return settled(ordered, found, terms=terms)


def in_order(records: Iterable[Tidy]) -> list[Tidy]:
    """Order records by what they say; only rows that say the same keep the order of their list."""
    return sorted(records, key=_CONTENT)


class Pairs:
    """Pairs as plain numbers, a piece at a time, so that ten million of them do not all become objects."""

    def __init__(self, pairs: NDArray[np.int64]) -> None:
        self._pairs = pairs

    def __len__(self) -> int:
        return len(self._pairs)

    def __iter__(self) -> Iterator[Pair]:
        for start in range(0, len(self._pairs), _PIECE):
            yield from map(tuple, self._pairs[start : start + _PIECE].tolist())


def link_register(
    rows: Sequence[Tidy], register: Sequence[Tidy], *, step: Callable[[], object] = lambda: None
) -> list[Judgement]:
    """Propose for each row its unit in a register that fits in memory (some 200,000 units)."""
    index = Candidates(register)
    sirens = {unit.siren: unit for unit in register if unit.siren}
    candidates = []
    for row in rows:
        found = [register[place] for place in index.of(row)]
        if row.siren in sirens and sirens[row.siren] not in found:
            found.append(sirens[row.siren])
        candidates.append(found)
        step()
    return link_candidates(rows, candidates, rarity=Rarity(traits(unit) for unit in register))


def link_candidates(rows: Sequence[Tidy], candidates: Sequence[Sequence[Tidy]], *, rarity: Rarity) -> list[Judgement]:
    """Propose for each row its unit among candidates, such as an index on disk gave.

    Returns:
        For a row linked without a person, one judgement; for one to review, up to five, the most probable first.
    """
    trained = models()["register"]
    ranked = rank(rows, candidates, rarity=rarity, model=trained.final)
    return [judgement for one in ranked for judgement in _chosen(one, trained, rarity)]


def _chosen(ranked: Ranked, trained: Trained, rarity: Rarity) -> list[Judgement]:
    row = ranked.row
    same = next((each for each in ranked.choices if row.siren and each.unit.siren == row.siren), None)
    if same is not None:
        return [Judgement(row, same.unit, 0.9999, "automatic", f"same SIREN {row.siren}", (), "rule")]
    out = []
    for number, each in enumerate(ranked.choices[:_REVIEWED]):
        if each.probability < trained.review:
            break
        seen = look(row, each.unit, rarity)
        others = bool(row.siren and each.unit.siren)
        sure = number == 0 and each.probability >= trained.automatic and seen.holds and not others
        if not seen.is_shown:
            continue
        decision: Decision = "automatic" if sure else "related" if others else "review"
        out.append(_judgement(ranked, number, trained.final, decision, "" if sure or others else seen.reason))
        if sure:
            break
    return out


def _judgement(ranked: Ranked, number: int, model: Linear, decision: Decision, doubt: str) -> Judgement:
    row, each = ranked.row, ranked.choices[number]
    found = evidence(row, each.unit, replace(each.compared, figures=each.figures), model)
    more = f"SIREN {row.siren} is not that of the unit" if decision == "related" else _margin(ranked, number)
    reason = sentence(found, more="; ".join(filter(None, (doubt, more))))
    return Judgement(row, each.unit, each.probability, decision, reason, found, "model")


def _margin(ranked: Ranked, number: int) -> str:
    rest = [each.probability for place, each in enumerate(ranked.choices) if place != number]
    second = max(rest, default=0.0)
    if second <= 0:
        return "no other candidate"
    return f"the next candidate has {second:.3f}, none of them {ranked.none:.3f}"
