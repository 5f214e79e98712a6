"""Link lists to each other, one list to itself, or lists to a register: records in, judgements proposed."""

from __future__ import annotations

from dataclasses import astuple, replace
from typing import TYPE_CHECKING

from beffroi.linkage.block import pairs_with
from beffroi.linkage.group import group
from beffroi.linkage.judge import Judgement, judge
from beffroi.linkage.model import models
from beffroi.linkage.pair import Compared, compare
from beffroi.linkage.rank import Ranked, rank, traits
from beffroi.linkage.rarity import Rarity
from beffroi.linkage.reason import bits_of, evidence, sentence
from beffroi.linkage.retrieve import Candidates

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from beffroi.linkage.model import Linear
    from beffroi.linkage.record import Tidy

_REVIEWED = 5
_LIFT = 10.0


def link_lists(
    records: Sequence[Tidy],
    *,
    fresh: Collection[tuple[str, int]] | None = None,
    step: Callable[[], object] = lambda: None,
) -> list[Judgement]:
    """Propose links between the records of several lists, or within one.

    A record goes with at most one of each other list unless a person says so; two SIREN are never one unit; where two
    rows of a list fit almost equally well, a person chooses.

    Args:
        records: rows of all lists; `source` tells the lists apart.
        fresh: source and row of those that are new; only pairs with one of them are compared (default: all are new).
        step: called after each record, for a progress bar.

    Returns:
        Judgements other than `no`, in an order that does not hang on the order of the rows.
    """
    model = models()["lists"]
    ordered = sorted(records, key=_content)
    rarity = Rarity.of_lists(ordered)
    found: dict[tuple[int, int], Judgement] = {}
    asked = {place for place, one in enumerate(ordered) if fresh is None or one.id in fresh}
    for left, right in pairs_with(ordered, asked, step=step):
        known = ordered[left].siren and ordered[left].siren == ordered[right].siren
        compared = None if known else both_ways(ordered[left], ordered[right], rarity)
        found[left, right] = judge(ordered[left], ordered[right], compared, model=model.final, bands=model)
    labels = _groups(ordered, found)
    kept = [_settled(pair, one, labels) for pair, one in sorted(found.items())]
    return [one for one in kept if one.decision != "no"]


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
    return [judgement for one in ranked for judgement in _chosen(one, trained.final, trained.automatic, trained.review)]


def both_ways(left: Tidy, right: Tidy, rarity: Rarity) -> Compared | None:
    """Compare two records so that it does not matter which one stands left."""
    one, other = compare(left, right, rarity), compare(right, left, rarity)
    if one is None or other is None:
        return None
    return replace(one, figures=(one.figures + other.figures) / 2)


def _content(one: Tidy) -> tuple[object, ...]:
    """Order records by what they say; only rows that say the same keep the order of their list."""
    _, row, *cells = astuple(one.record)
    return (*cells, one.record.source, row)


def _groups(records: Sequence[Tidy], found: dict[tuple[int, int], Judgement]) -> list[int]:
    several = len({one.record.source for one in records}) > 1

    def allowed(left: list[int], right: list[int]) -> bool:
        sirens = {records[one].siren for one in (*left, *right)} - {""}
        sources = [records[one].record.source for one in (*left, *right)]
        return len(sirens) <= 1 and (not several or len(set(sources)) == len(sources))

    # Every pair that may be one is above 0 here; among these the groups take the better ones first.
    links = [
        (*pair, bits_of(one.probability) + _LIFT)
        for pair, one in found.items()
        if one.decision in ("automatic", "review")
    ]
    return group(len(records), links, allowed=allowed)


def _settled(pair: tuple[int, int], one: Judgement, labels: list[int]) -> Judgement:
    """Take back what better pairs of either record forbid."""
    if labels[pair[0]] == labels[pair[1]] or one.decision not in ("automatic", "review"):
        return one
    if one.decision == "review":
        return replace(one, decision="no")
    return replace(one, decision="review", reason=f"{one.reason}; another row fits better")


def _chosen(ranked: Ranked, model: Linear, automatic: float, review: float) -> list[Judgement]:
    row = ranked.row
    same = next((each for each in ranked.choices if row.siren and each.unit.siren == row.siren), None)
    if same is not None:
        return [Judgement(row, same.unit, 0.9999, "automatic", f"same SIREN {row.siren}", (), "rule")]
    out = []
    for number, each in enumerate(ranked.choices[:_REVIEWED]):
        others = row.siren and each.unit.siren
        sure = number == 0 and each.probability >= automatic and not others
        if not sure and each.probability < review:
            break
        compared = replace(each.compared, figures=each.figures)
        found = evidence(row, each.unit, compared, model)
        more = f"SIREN {row.siren} is not that of the unit" if others else _margin(ranked, number)
        decision = "automatic" if sure else "related" if others else "review"
        out.append(Judgement(row, each.unit, each.probability, decision, sentence(found, more=more), found, "model"))  # type: ignore[arg-type]  # -- one of the literals
        if sure:
            break
    return out


def _margin(ranked: Ranked, number: int) -> str:
    rest = [each.probability for place, each in enumerate(ranked.choices) if place != number]
    second = max(rest, default=0.0)
    if second <= 0:
        return "no other candidate"
    return f"the next candidate has {second:.3f}, none of them {ranked.none:.3f}"
