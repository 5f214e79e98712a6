"""What a page of a vote reads from it: what was frozen, the ballots that counted, the result in words and tables."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from beffroi.assembly import frozen_rule
from beffroi.assembly.faults import Fault
from beffroi.records.ballots import BallotAct, BallotElector, BallotVote, DraftRemark
from beffroi.web import words
from beffroi.web.markup import Head, row, table
from beffroi.web.vote_words import channel_names, choice_names, outcome_sentences, rule_sentences, said_fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from beffroi.strategy.closing import Closed

MOST_ROWS = 1_000  # a page shows so many; files hold all


def earlier(held: BallotVote) -> BallotVote | None:
    """The vote before, on an earlier version of the same draft, that the same readers may see."""
    if held.room_id is None:
        return None
    return BallotVote.objects.filter(
        room=held.room_id, text_number__lt=held.text_number, visibility=held.visibility
    ).order_by("-text_number").first()  # fmt: skip


def cast_ballots(held: BallotVote) -> list[tuple[str, str, str, str, str, int]]:
    """The last ballot of each organisation in a public vote: address, name, choice, delegate or empty, way, changes."""
    names = dict(BallotElector.objects.filter(vote=held).values_list("organisation", "name"))
    given: dict[str, str] = {}
    last: dict[str, dict[str, Any]] = {}
    times: Counter[str] = Counter()
    delegates: dict[str, str] = {}
    for act, organisation, target, body in (
        BallotAct.objects.filter(vote=held).order_by("number").values_list("act", "organisation", "target", "body")
    ):
        if act == "delegate":
            given[organisation] = target
        elif act == "revoke":
            given.pop(organisation, None)
        elif act == "cast":
            last[organisation] = body
            times[organisation] += 1
            end = organisation
            while end in given:
                end = given[end]
            delegates[organisation] = names.get(end, end) if end != organisation else ""
    candidates = {one["id"]: one["traits"].get("name", one["id"]) for one in held.candidates}
    found = [
        (key, names.get(key, key), said_choice(body["choice"], candidates), delegates[key],
         channel_names().get(body["channel"], body["channel"]), times[key] - 1)
        for key, body in last.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: one[1].casefold())


def said_choice(choice: object, candidates: Mapping[str, str]) -> str:
    """A choice in words: for, against, parts of a weight, or names."""
    names = choice_names()
    if isinstance(choice, str):
        return names.get(choice, choice)
    if isinstance(choice, dict):
        return ", ".join(f"{names.get(name, name)} {part}" for name, part in choice.items())
    chosen = [candidates.get(one, one) for one in choice if isinstance(one, str)] if isinstance(choice, list) else []
    return ", ".join(chosen) or _("blank")


def result_context(held: BallotVote, closed: Closed, lang: str) -> dict[str, object]:
    """What the result page shows."""
    result = closed.result
    everybody = dict(BallotElector.objects.filter(vote=held).values_list("organisation", "name"))
    candidates = {one["id"]: one["traits"].get("name", one["id"]) for one in held.candidates}
    reasons = [said_fault(_fault(one, candidates), everybody, lang) for one in result["reasons"]]
    rows = [] if held.is_secret else cast_ballots(held)
    return {
        "closed": closed,
        "answer": outcome_sentences()[closed.outcome],
        "reasons": reasons,
        "counts": _counts(result, lang),
        "turnout": _("%(a)s of %(b)s organisations took part.") % {
            "a": words.number(int(result["turnout"]["cast"]["members"]), 0, lang),
            "b": words.number(int(result["turnout"]["enrolled"]["members"]), 0, lang)},
        "elected": [candidates.get(one, one) for one in (result["election"] or {}).get("elected", [])],
        "rounds": _rounds(result, candidates),
        "ballots": _ballots(rows[:MOST_ROWS]) if rows else "",
        "has_more": len(rows) > MOST_ROWS,
        "not_counted": [said_fault(_fault(one, candidates), everybody, lang) for one in result["not_counted"]][:50],
        "objections": [one.content for one in DraftRemark.objects.filter(vote=held)][:200],
    }  # fmt: skip


def _fault(one: Mapping[str, Any], candidates: Mapping[str, str]) -> Fault:
    params = dict(one["params"])
    if "candidates" in params:
        params["candidates"] = ", ".join(candidates.get(each, each) for each in params["candidates"].split(", "))
    return Fault(one["id"], tuple(sorted(params.items())))


def _counts(result: Mapping[str, Any], lang: str) -> str:
    if not result["counts"]:
        return ""
    heads = [Head(_("Choice")), Head(_("Organisations"), is_number=True), Head(_("Weight"), is_number=True)]
    names = choice_names()
    lines = [[names[one], result["counts"][one]["members"], result["counts"][one]["weight"]] for one in names]
    lines.append([_("took part"), result["turnout"]["cast"]["members"], result["turnout"]["cast"]["weight"]])
    lines.append([_("on the roll"), result["turnout"]["enrolled"]["members"], result["turnout"]["enrolled"]["weight"]])
    rows = [row([one[0], *(_exact(each, lang) for each in one[1:])], heads) for one in lines]
    return table(_("The count, exact"), heads, rows, key="t-counts")


def _exact(text_: str, lang: str) -> str:
    return words.number(int(text_), 0, lang) if text_.isdecimal() else text_


def _rounds(result: Mapping[str, Any], candidates: Mapping[str, str]) -> list[str]:
    """One table for each round of an election: candidate and weight of votes."""
    if result["election"] is None:
        return []
    heads = [Head(_("Candidate")), Head(_("Weight of votes"), is_number=True)]
    found: list[str] = []
    for number, one in enumerate(result["election"]["rounds"], start=1):
        rows = [row([" > ".join(candidates.get(each, each) for each in name.split(">")), weight], heads)
                for name, weight in one.items()]  # fmt: skip
        found.append(table(_("Round %(n)s") % {"n": number}, heads, rows, key=f"t-round-{number}"))
    return found


def _ballots(rows: Sequence[tuple[str, str, str, str, str, int]]) -> str:
    heads = [Head(_("Organisation")), Head(_("Ballot")), Head(_("Cast by")), Head(_("How")),
             Head(_("Changed"), is_number=True)]  # fmt: skip
    lines = [row([name, choice, delegate or _("its representative"), way, changes_], heads)
             for _key, name, choice, delegate, way, changes_ in rows]  # fmt: skip
    return table(_("Every ballot that counted, by organisation"), heads, lines, key="t-ballots")


def frozen_context(held: BallotVote, lang: str) -> dict[str, object]:
    """What was frozen: fingerprints, rules, roll in short, conflicts of interest, a seat rule."""
    conflicts = BallotElector.objects.filter(vote=held, conflict__isnull=False).order_by("place")
    seats = held.seat_rule
    return {
        "rules": rule_sentences(held.statutes, lang),
        "rule_name": held.rule["name"]["fr" if lang == "fr" else "en"],
        "article": held.rule["article"]["fr" if lang == "fr" else "en"],
        "conflicts": list(conflicts.values_list("name", "conflict")[:200]),
        "seat_rows": sorted(seats["result"]["seats"].items()) if seats else [],
        "seat_sha256": seats["sha256"] if seats else "",
        "seats_hold": frozen_rule.verify(seats) if seats else False,
    }
