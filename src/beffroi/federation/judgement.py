"""A person's decisions: same, different, related, unsure; join, separate; correct a value; end a task.

Every decision is one event. It is rehearsed first: what it would break is refused before anything is written, and what
it would change is what a dry run reports. A case that somebody has decided meanwhile is refused, so that two reviewers
never decide it twice; to overrule a decision, undo it first.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from django.db import transaction

from beffroi.federation import derive, log
from beffroi.federation.consent import PREFIX, combine
from beffroi.federation.entries import new_judgement
from beffroi.federation.errors import AlreadyDecidedError, TwoLegalUnitsError, UnknownEntryError
from beffroi.federation.identity import Holder, Part, claims, seniority, title
from beffroi.federation.read import record_of, resolve
from beffroi.records import models
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from django.db.models import Model

    from beffroi.federation.log import Act

RELATIONS = ("part_of", "brand_of", "site_of", "successor_of", "group_of", "other")


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a decision does: organisations of the records concerned before and after, each as record ids."""

    event: int | None
    before: dict[str, tuple[int, ...]]
    after: dict[str, tuple[int, ...]]


def decide(
    left: int, right: int, value: str, *, act: Act, relation: str = "", reason: str = "", dry_run: bool = False
) -> Consequence:
    """Say whether two records are one organisation.

    `same` on a row that was tied to another legal unit moves it: the earlier tie is judged different in the same event.
    `different` is also "never again": no model or rule joins the pair until the decision is undone.

    Raises:
        AlreadyDecidedError: a person has decided this pair.
        TwoLegalUnitsError: `same` cannot be followed; nothing is written.
        UnknownEntryError: no such record.
    """
    if left == right:
        raise UsageError(Text(
            "Un enregistrement est le même que lui-même. Nommez-en deux.",
            "A record is the same as itself. Name two records."))  # fmt: skip
    if (value == "related") != bool(relation):
        raise UsageError(Text(
            f"Dites comment ils sont liés, et dans ce cas seulement ; choisissez entre : {', '.join(RELATIONS)}.",
            f"Say how they are related, and only then: one of {', '.join(RELATIONS)}."))  # fmt: skip
    for one in (left, right):
        record_of(one)

    def entries() -> list[Model]:
        _refuse_decided(left, right)
        said = [_by_person(left, right, value, reason, relation=relation)]
        if value == "same":
            said += [_by_person(record, anchor, "different", reason) for record, anchor in ties_to_give_up(left, right)]
        return list(said)

    payload = {"left": left, "right": right, "value": value, "relation": relation, "reason": reason}
    return carry_out(act, payload, entries, {left, right}, dry_run=dry_run)


def merge(
    first: str, second: str, *, act: Act, keep: Mapping[str, str] | None = None, reason: str = "", dry_run: bool = False
) -> Consequence:
    """Join two organisations: all their rows are judged the same. The older address stays, the other leads to it.

    Args:
        first: address of an organisation.
        second: address of the other.
        act: who and when.
        keep: field → address whose value is to be shown, where the usual rules would choose otherwise.
        reason: why, in the person's words.
        dry_run: report and write nothing.

    Raises:
        TwoLegalUnitsError: they are two legal units, or a person separated some of their rows.
    """
    one, other = resolve(first), resolve(second)
    if one == other:
        raise UsageError(Text(
            f"{first} et {second} sont déjà une seule organisation ({one}).",
            f"{first} and {second} are one organisation already ({one})."))  # fmt: skip
    left, right = _rows(one), _rows(other)
    kept = {name: _value(resolve(address), name) for name, address in (keep or {}).items()}
    _refuse_chosen_consent(kept)

    def entries() -> list[Model]:
        said: list[Model] = [
            _by_person(left[0], record, "same", reason)
            for record in (*left[1:], *right)
            if not _decided(left[0], record)
        ]
        return said + [models.Override(record_id=left[0], field=name, value=value, reason="kept in a join")
                       for name, value in (kept | _joint_consents(one, other)).items()]  # fmt: skip

    payload = {"joined": [one, other], "keep": dict(keep or {}), "reason": reason}
    return carry_out(act, payload, entries, {*left, *right}, dry_run=dry_run)


def split(
    organisation: str, records: Sequence[int], *, act: Act, reason: str = "", dry_run: bool = False
) -> Consequence:
    """Separate some rows from an organisation, for good. The part with the legal unit keeps the address.

    Raises:
        UnknownEntryError: a record is not of this organisation.
        UsageError: no record, or every record, is named.
    """
    address = resolve(organisation)
    everyone = _rows(address)
    part = sorted(set(records))
    rest = [one for one in everyone if one not in part]
    strangers = [one for one in part if one not in everyone]
    if strangers:
        raise UnknownEntryError(Text(
            f"Les enregistrements {', '.join(map(str, strangers))} ne sont pas de {address}, qui "
            f"tient {', '.join(map(str, everyone))}.",
            f"Records {', '.join(map(str, strangers))} are not of {address}; it holds "
            f"{', '.join(map(str, everyone))}."))  # fmt: skip
    if not part or not rest:
        raise UsageError(Text(
            f"Nommez une partie, et non tous, des enregistrements de {address} : {', '.join(map(str, everyone))}.",
            f"Name some, not all, of the records of {address}: {', '.join(map(str, everyone))}."))  # fmt: skip
    anchors = _anchors_of(address)

    def entries() -> list[Model]:
        pairs = dict.fromkeys(product(part, rest), "different")
        pairs |= {(side[0], one): "same" for side in (part, rest) for one in side[1:]}
        tied = {one for one in rest if _is_tied(one, anchors)}
        pairs |= {(one, anchor): "different" for one in (part if tied else ()) for anchor in anchors}
        return [_by_person(a, b, value, reason) for (a, b), value in pairs.items() if _said(a, b) != value]

    payload = {"organisation": address, "separated": part, "reason": reason}
    return carry_out(act, payload, entries, set(everyone), dry_run=dry_run)


def override(organisation: str, field: str, value: str, *, act: Act, reason: str = "") -> Consequence:
    """Show a value of a person's choice; what the lists say stays beside it."""
    address = resolve(organisation)
    record = models.Placement.objects.get(title=address).record_id
    payload = {"organisation": address, "field": field, "value": value, "reason": reason}
    return carry_out(
        act, payload, lambda: [models.Override(record_id=record, field=field, value=value, reason=reason)], {record}
    )


def verify(organisation: str, *, on: date, against: str, act: Act) -> Consequence:
    """Note that a person found an organisation right on a day, against something named."""
    address = resolve(organisation)
    record = models.Placement.objects.get(title=address).record_id
    payload = {"organisation": address, "on": on.isoformat(), "against": against}
    return carry_out(act, payload, lambda: [models.Verification(record_id=record, on=on, against=against)], {record})


def close_task(task: int, outcome: str, *, act: Act, reason: str = "") -> Consequence:
    """End a task.

    Raises:
        AlreadyDecidedError: it has ended.
    """
    found = models.Task.objects.filter(pk=task, event__undone__isnull=True).first()
    if found is None:
        raise UnknownEntryError(Text(
            f"Il n’y a pas de tâche {task}. La page des cas montre celles qui attendent.",
            f"There is no task {task}. 'beffroi members review' lists the open ones."))  # fmt: skip

    def entries() -> list[Model]:
        ended = models.Closing.objects.filter(task=found, event__undone__isnull=True).select_related("event").first()
        if ended is not None:
            raise AlreadyDecidedError(_too_late(Text(f"la tâche {task}", f"task {task}"), ended.outcome, ended.event))
        return [models.Closing(task=found, outcome=outcome, reason=reason)]

    payload = {"task": task, "outcome": outcome, "reason": reason}
    return carry_out(act, payload, entries, {found.record_id})


def carry_out(
    act: Act, payload: Mapping[str, object], entries: Callable[[], Sequence[Model]], touched: set[int], *,
    dry_run: bool = False,
) -> Consequence:  # fmt: skip
    """Rehearse a decision, write it as one event, and compute the groups it touches.

    Args:
        act: who, when, what kind.
        payload: what was asked.
        entries: makes the unsaved rows of the event; called twice, and free to refuse.
        touched: records concerned.
        dry_run: report and write nothing.
    """
    with log.writing() as head:
        before = _organisations(derive.reach(touched))
        handed_over = _rehearse(head, act, payload, entries, touched)
        written = [*entries(), *handed_over]
        event = log.new_event(head, act, payload, entries=written)
        reached = derive.recompute(touched)
        _refuse_unfollowed(event)
        after = _organisations(reached)
        if dry_run:
            transaction.set_rollback(True)
    return Consequence(None if dry_run else event.id, before, after)


def _rehearse(
    head: models.LogHead, act: Act, payload: Mapping[str, object], entries: Callable[[], Sequence[Model]],
    touched: set[int],
) -> list[models.Claim]:  # fmt: skip
    """Carry the decision out, see which organisations fall apart, take it back, and return who keeps the address."""
    reached = derive.reach(touched)
    before = _organisations(reached)
    point = transaction.savepoint()
    number = head.number + 1
    log.new_event(head, act, payload, entries=entries())
    derive.recompute(reached)
    home = {record: address for address, records in _organisations(reached).items() for record in records}
    anchored = {one for one, _ in _tied_organisations(home.values())}
    found: list[models.Claim] = []
    for records in before.values():
        parts: dict[str, list[Holder]] = defaultdict(list)
        for record in records:
            parts[home[record]].append(_holder(record))
        moved = claims(
            [Part(tuple(holders), has_unit=address in anchored) for address, holders in sorted(parts.items())],
            fresh_title=title("", "", salt=f"{number}:{min(records)}"),
            fresh_seniority=seniority(number, "", str(min(records))),
        )
        found += [models.Claim(record_id=one.record, title=one.title, seniority=one.seniority) for one in moved]
    transaction.savepoint_rollback(point)
    head.refresh_from_db()
    return found


def _holder(record: int) -> Holder:
    claim = models.Claim.objects.filter(record=record, event__undone__isnull=True).order_by("-id").first()
    if claim is not None:
        return Holder(record, claim.title, claim.seniority)
    one = models.SourceRecord.objects.select_related("source").get(pk=record)
    return Holder(record, title(one.source.name, one.key), seniority(one.event_id, one.source.name, one.key))


def _tied_organisations(addresses: object) -> list[tuple[str, int]]:
    rows = models.Placement.objects.filter(organisation__in=set(addresses), record__source__kind="unit")  # type: ignore[call-overload]  # -- any collection of addresses
    return list(rows.values_list("organisation_id", "record_id"))


def _organisations(records: set[int] | frozenset[int]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    for piece in derive.chunks(records):
        rows = models.Placement.objects.filter(record__in=piece, version__isnull=False)
        for address, record in rows.values_list("organisation_id", "record_id"):
            found[address].append(record)
    return {address: tuple(sorted(found[address])) for address in sorted(found)}


def _rows(address: str) -> list[int]:
    rows = models.Placement.objects.filter(organisation=address, version__isnull=False)
    return sorted(rows.values_list("record_id", flat=True))


def _anchors_of(address: str) -> list[int]:
    rows = models.Placement.objects.filter(organisation=address, record__source__kind="unit")
    return sorted(rows.values_list("record_id", flat=True))


def _value(address: str, name: str) -> str:
    held = models.Organisation.objects.get(pk=address).values
    if name not in held:
        raise UnknownEntryError(Text(
            f"{address} n’a pas de valeur pour « {name} » ; il y a {', '.join(sorted(held))}.",
            f"{address} has no value for '{name}'; it has {', '.join(sorted(held))}."))  # fmt: skip
    return str(held[name]["value"])


def _refuse_chosen_consent(kept: Mapping[str, str]) -> None:
    chosen = sorted(name for name in kept if name.startswith(PREFIX))
    if chosen:
        raise UsageError(Text(
            f"On ne choisit pas entre des consentements ({', '.join(chosen)}) : le plus restrictif vaut.",
            f"Nobody chooses between consents ({', '.join(chosen)}): the most restrictive one holds."))  # fmt: skip


def joint_consent(first: str, second: str) -> str:
    """Return the consent of two organisations joined: the most restrictive; one that was never asked takes no part.

    >>> joint_consent("granted", "refused"), joint_consent("", "granted")
    ('refused', 'granted')
    """
    return combine(one for one in (first, second) if one)


def first_rows(one: str, other: str) -> tuple[int, int] | None:
    """Return a row of each of two organisations, by which `merge` ties them; None when one has none."""
    left, right = _rows(resolve(one)), _rows(resolve(other))
    return (left[0], right[0]) if left and right else None


def _joint_consents(one: str, other: str) -> dict[str, str]:
    """Consents to write down because a person's correction on one side would hide a refusal on the other."""
    first, second = (models.Organisation.objects.get(pk=address).values for address in (one, other))
    shared = {name for name in first.keys() & second.keys() if name.startswith(PREFIX)}
    return {
        name: joint_consent(first[name]["value"], second[name]["value"])
        for name in sorted(shared)
        if "R1" in {first[name]["rule"], second[name]["rule"]}
    }


def _by_person(left: int, right: int, value: str, reason: str, *, relation: str = "") -> models.Judgement:
    sentence = reason or "A person decided."
    return new_judgement(left, right, value=value, origin="person", sentence=sentence, relation=relation)


def _decided(left: int, right: int) -> models.Judgement | None:
    first, second = sorted((left, right))
    said = models.Judgement.objects.filter(left=first, right=second, origin="person", event__undone__isnull=True)
    return said.select_related("event").order_by("-id").first()


def _said(left: int, right: int) -> str:
    found = _decided(left, right)
    return found.value if found else ""


def _refuse_decided(left: int, right: int) -> None:
    found = _decided(left, right)
    if found is not None:
        raise AlreadyDecidedError(
            _too_late(Text(f"la paire {left}, {right}", f"the pair {left}, {right}"), found.value, found.event)
        )


def _too_late(what: Text, outcome: str, event: models.Event) -> Text:
    day = f"{event.at:%Y-%m-%d %H:%M}"
    return Text(
        f"{event.author} a déjà décidé de {what.fr} : {outcome} (événement {event.id}, {day} UTC). "
        f"Rien n’a été écrit. Pour décider autrement, annulez d’abord l’événement {event.id}.",
        f"{event.author} has decided {what.en} already: {outcome} (event {event.id}, {day} UTC). "
        f"Nothing was written. To decide otherwise, undo event {event.id} first.",
    )


def ties_to_give_up(left: int, right: int) -> list[tuple[int, int]]:
    """Return the ties (record, anchor) to other legal units that `same` on a row and an anchor takes back."""
    kinds = dict(models.SourceRecord.objects.filter(id__in=(left, right)).values_list("id", "source__kind"))
    found = []
    for record, anchor in ((left, right), (right, left)):
        if kinds[anchor] == "unit" and kinds[record] != "unit":
            found += [(record, one) for one in _ties_of(record) if one != anchor]
    return found


def _ties_of(record: int) -> list[int]:
    said = models.Judgement.objects.filter(value="same", event__undone__isnull=True)
    ends = [*said.filter(left=record, right__source__kind="unit").values_list("right_id", flat=True),
            *said.filter(right=record, left__source__kind="unit").values_list("left_id", flat=True)]  # fmt: skip
    return [one for one in sorted(set(ends)) if _said(record, one) != "different"]


def _is_tied(record: int, anchors: Sequence[int]) -> bool:
    return bool(set(_ties_of(record)) & set(anchors))


def _refuse_unfollowed(event: models.Event) -> None:
    refused = models.Conflict.objects.filter(judgement__event=event).select_related("judgement").first()
    if refused is not None:
        one = refused.judgement
        raise TwoLegalUnitsError(Text(
            f"Les enregistrements {one.left_id} et {one.right_id} ne peuvent pas être une seule "
            "organisation. Rien n’a été écrit. Si l’un dépend de l’autre, lui succède ou en est "
            "un site, dites « lié » ; si une ligne donne la mauvaise unité légale, corrigez-la "
            "d’abord.",
            f"Records {one.left_id} and {one.right_id} cannot be one organisation: "
            f"{refused.reason.replace('_', ' ')}. "
            "Nothing was written. If one belongs to, follows or is a site of the other, say "
            "'related'; if a row states "
            "the wrong legal unit, correct that first."))  # fmt: skip
