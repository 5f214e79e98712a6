"""Trades of organisations: proposed with evidence, accepted or refused by a person, counted with their version."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.catalogue.trades import load_trades
from beffroi.federation.judgement import carry_out
from beffroi.federation.read import resolve
from beffroi.federation.rows import plain
from beffroi.records import models

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from beffroi.catalogue.trades import Scheme
    from beffroi.federation.judgement import Consequence
    from beffroi.federation.log import Act


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A trade that an organisation seems to have, and what speaks for it."""

    concept: str
    evidence: str
    is_exact: bool


def suggest(fields: Mapping[str, str], scheme: Scheme) -> list[Suggestion]:
    """Return the trades that an organisation's activity code and words speak for, the surest first.

    A code that belongs to one trade alone is exact; a code shared by several, or a word, is a hint. Nothing is
    assigned: a person accepts or refuses.

    >>> from beffroi.catalogue.trades import load_trades
    >>> [(one.concept, one.evidence) for one in suggest({"naf": "58.21Z", "name": "Pixel"}, load_trades())]
    [('video_games', 'NAF 58.21Z is this trade.')]
    """
    code = fields.get("naf", "").replace(" ", "").upper()
    text = " ".join(plain(fields.get(name, "")) for name in ("trade", "description", "name"))
    found = {}
    for one in scheme.concepts.values():
        if one.replaced_by:
            continue
        words = sorted(word for word in one.also if re.search(rf"\b{re.escape(plain(word))}\b", text))
        if code and code in one.matches.get(("exact", "naf"), ()):
            found[one.id] = Suggestion(one.id, f"NAF {code} is this trade.", is_exact=True)
        elif code and code in one.matches.get(("close", "naf"), ()):
            found[one.id] = Suggestion(one.id, f"NAF {code} is close to this trade.", is_exact=False)
        elif words:
            found[one.id] = Suggestion(one.id, f"The row says: {', '.join(words)}.", is_exact=False)
    return sorted(found.values(), key=lambda one: (not one.is_exact, "NAF" not in one.evidence, one.concept))


def decide_trade(
    organisation: str, scheme_id: str, concept: str, *, is_accepted: bool, act: Act, is_main: bool = False,
    evidence: str = "",
) -> Consequence:  # fmt: skip
    """Accept or refuse a trade for an organisation; one of several may be the main one.

    Raises:
        UnknownDefinitionError: no such scheme or trade.
        UnknownEntryError: no such organisation.
    """
    scheme = load_trades(scheme_id)
    kept = scheme.resolve(concept).id
    address = resolve(organisation)
    record = models.Placement.objects.get(title=address).record_id
    payload = {"organisation": address, "trade": kept, "accepted": is_accepted, "main": is_main}
    return carry_out(
        act, payload,
        lambda: [models.TradeDecision(record_id=record, scheme=scheme.id, scheme_version=scheme.version, concept=kept,
                                      is_accepted=is_accepted, is_main=is_main and is_accepted, evidence=evidence)],
        {record},
    )  # fmt: skip


def trades_of(
    said: Iterable[Mapping[str, object]], naf: str, scheme: Scheme
) -> tuple[tuple[str, ...], str, frozenset[str]]:
    """Return an organisation's trades, where they come from, and all codes that count it.

    Args:
        said: trades that a person accepted, as the registry holds them.
        naf: activity code, for organisations of which nobody has said anything.
        scheme: the scheme of today; ids of before a merger lead to those of today.

    Returns:
        Ids, the main one first; `person`, `code` (the activity code stands for this trade alone) or empty; and these
        ids with every broader one, or `unknown`.

    >>> from beffroi.catalogue.trades import load_trades
    >>> trades_of([], "62.01Z", load_trades())[:2]
    (('programming',), 'code')
    >>> trades_of([], "", load_trades())
    ((), '', frozenset({'unknown'}))
    """
    held = sorted((one for one in said if one["scheme"] == scheme.id), key=lambda one: not one["is_main"])
    own = tuple(dict.fromkeys(scheme.resolve(str(one["concept"])).id for one in held))
    by = "person" if own else ""
    if not own:
        code = naf.replace(" ", "").upper()
        own = tuple(one.id for one in scheme.concepts.values()
                    if code and not one.replaced_by and code in one.matches.get(("exact", "naf"), ()))  # fmt: skip
        own, by = (own, "code") if len(own) == 1 else ((), "")
    codes = frozenset(own) | {broader for one in own for broader in scheme.ancestors(one)}
    return own, by, codes or frozenset({"unknown"})


def accepted(organisation: str) -> list[tuple[str, bool]]:
    """Return the trades of an organisation, the main one first, each with whether it is that."""
    held = models.Organisation.objects.get(pk=resolve(organisation)).trades
    return sorted(((str(one["concept"]), bool(one["is_main"])) for one in held), key=lambda one: (not one[1], one[0]))


def refused(organisation: str) -> set[str]:
    """Return the trades that a person refused for an organisation, and did not accept since."""
    rows = models.TradeDecision.objects.filter(
        event__undone__isnull=True, record__placement__organisation=resolve(organisation)
    )  # fmt: skip
    said: dict[str, bool] = dict(rows.order_by("id").values_list("concept", "is_accepted"))  # the last word holds
    return {concept for concept, is_accepted in said.items() if not is_accepted}


def count_trades(scheme_id: str) -> tuple[str, dict[str, int]]:
    """Return the version of the scheme and the number of organisations by trade, `unknown` among them.

    An organisation counts once under each of its trades, and under every broader one.
    """
    scheme = load_trades(scheme_id)
    counted: Counter[str] = Counter()
    for trades in (
        models.Organisation.objects.filter(memberships__until__isnull=True).distinct().values_list("trades", flat=True)
    ):
        own = {scheme.resolve(str(one["concept"])).id for one in trades if one["scheme"] == scheme_id}
        counted.update(own | {broader for one in own for broader in scheme.ancestors(one)} or {"unknown"})
    return scheme.version, dict(sorted(counted.items()))
