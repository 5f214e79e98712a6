"""Take an event back: one more event that names it. Only the groups it touched are computed again.

Because organisations are computed from what counts, undoing a join gives both back exactly as they were, addresses
included. Undoing an undo makes the event count again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from beffroi.federation import derive, log
from beffroi.federation.errors import AlreadyDecidedError, LaterDecisionsError, UnknownEntryError
from beffroi.federation.import_members import ranking, shared_records
from beffroi.records import changes, models
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection

    from beffroi.federation.log import Act


@dataclass(frozen=True, slots=True)
class Later:
    """A later decision about records of the same groups: it stays, and may look odd without the one undone."""

    event: int
    kind: str
    author: str
    at: str


@dataclass(frozen=True, slots=True)
class Undoing:
    """What an undo did: its event, the groups computed again (records), and the later decisions that stayed."""

    event: int | None
    undone: int
    records: frozenset[int]
    later: tuple[Later, ...]


def undo(event: int, *, act: Act, keep_later: bool = False, dry_run: bool = False) -> Undoing:
    """Take an event back.

    Args:
        event: its number.
        act: who and when.
        keep_later: go on although later decisions concern the same groups; they stay.
        dry_run: report and write nothing.

    Raises:
        UnknownEntryError: no such event.
        AlreadyDecidedError: it is undone already.
        LaterDecisionsError: later decisions concern the same groups, and `keep_later` is not given.
        UsageError: a later version of the same list stands on an import.
    """
    with log.writing() as head:
        target = models.Event.objects.filter(pk=event).first()
        if target is None:
            raise UnknownEntryError(
                Text(
                    f"Il n’y a pas d’événement {event} ; le dernier est {head.number}.",
                    f"There is no event {event}; the last one is {head.number}.",
                )
            )
        last = _last_undoing(target)
        chain = _chain(last)
        _refuse_newer_version(chain[-1])
        order = ranking()
        touched = _records_of(chain[-1])
        reached = derive.reach(touched)
        written = log.new_event(head, act, {"undoes": last.id, "of": chain[-1].id}, undoes=last)
        _mark(chain)
        for version in chain[-1].versions.all():
            if ranking() != order:
                touched |= shared_records(version.source)
        reached |= derive.recompute(touched)
        later = _later(chain[-1], reached, written.id)
        if later and not (keep_later or dry_run):
            said = "; ".join(f"event {one.event} ({one.kind} by {one.author})" for one in later)
            raise LaterDecisionsError(
                Text(
                    f"Des décisions ultérieures concernent les mêmes enregistrements : {said}. Elles resteraient. "
                    "Annulez-les d’abord, ou dites qu’elles peuvent rester.",
                    f"Later decisions concern the same records: {said}. They would stay. Undo them first, or say that "
                    "they may stay (--keep-later).",
                )
            )
        if dry_run:
            transaction.set_rollback(True)
    return Undoing(None if dry_run else written.id, last.id, frozenset(reached), later)


def foresee(event: int) -> Undoing:
    """Return what `undo` would do, by reading alone: no writer waits for it.

    Raises:
        UnknownEntryError: no such event.
        AlreadyDecidedError: it is undone already.
        UsageError: a later version of the same list stands on an import.
    """
    end = models.LogHead.objects.get(pk=1).number
    target = models.Event.objects.filter(pk=event).first()
    if target is None:
        raise UnknownEntryError(
            Text(
                f"Il n’y a pas d’événement {event} ; le dernier est {end}.",
                f"There is no event {event}; the last one is {end}.",
            )
        )
    last = _last_undoing(target)
    first = _chain(last)[-1]
    _refuse_newer_version(first)
    touched = _records_of(first)
    for version in first.versions.all():
        touched |= shared_records(version.source)  # at most these: whether they change hangs on the order of lists
    # Both ends of each of its judgements are among them: they reach the same records with it and without.
    reached = derive.reach(touched)
    return Undoing(None, last.id, frozenset(reached), _later(first, reached, end + 1))


def _last_undoing(event: models.Event) -> models.Event:
    """The event itself while it counts; after an undo and its undo, the end of that chain."""
    counts = True
    while (undoing := models.Event.objects.filter(undoes=event).first()) is not None:
        event, counts = undoing, not counts
    if not counts:
        raise AlreadyDecidedError(
            Text(
                f"{event.author} l’a déjà annulé (événement {event.id}). Pour qu’il compte de nouveau, "
                f"annulez l’événement {event.id}.",
                f"{event.author} has undone it already (event {event.id}). To make it count again, undo "
                f"event {event.id}.",
            )
        )
    return event


def _chain(event: models.Event) -> list[models.Event]:
    chain = [event]
    while chain[-1].undoes is not None:
        chain.append(chain[-1].undoes)
    return chain


def _mark(chain: list[models.Event]) -> None:
    for place, one in enumerate(chain):
        if place % 2 == 0:
            models.Undone.objects.get_or_create(event=one)
        else:
            models.Undone.objects.filter(event=one).delete()


def _records_of(event: models.Event) -> set[int]:
    found: set[int] = set()
    for left, right in event.judgements.values_list("left_id", "right_id"):
        found |= {left, right}
    for entries in (event.claims, event.overrides, event.verifications, event.trades, event.tasks, event.requests,
                    event.renewals):  # fmt: skip
        found.update(entries.values_list("record_id", flat=True))
    found.update(event.closings.values_list("task__record_id", flat=True))
    found.update(event.answers.values_list("request__record_id", flat=True))
    found.update(models.RecordVersion.objects.filter(version__event=event).values_list("record_id", flat=True))
    return found


def _refuse_newer_version(event: models.Event) -> None:
    for version in event.versions.all():
        newer = version.source.versions.filter(id__gt=version.id, event__undone__isnull=True).order_by("id").first()
        if newer is not None:
            raise UsageError(
                Text(
                    f"« {version.source.name} » a une version plus récente (événement {newer.event_id}). "
                    "Annulez d’abord celle-là.",
                    f"'{version.source.name}' has a newer version (event {newer.event_id}). Undo that one first.",
                )
            )


def _later(event: models.Event, records: Collection[int], until: int) -> tuple[Later, ...]:
    numbers: set[int] = set()
    for piece in derive.chunks(records):
        for table, field in (
            (models.Judgement, "left"), (models.Judgement, "right"), (models.Claim, "record"),
            (models.Override, "record"), (models.TradeDecision, "record"), (changes.Renewal, "record"),
        ):  # fmt: skip
            rows = table._default_manager.filter(  # noqa: SLF001 -- Django's public-by-convention name
                **{f"{field}__in": piece}, event__gt=event.id, event__lt=until, event__undone__isnull=True
            )
            numbers.update(rows.exclude(event__kind="import").values_list("event_id", flat=True))
    events = models.Event.objects.filter(id__in=numbers).order_by("id")
    return tuple(Later(one.id, one.kind, one.author, f"{one.at:%Y-%m-%d %H:%M}") for one in events)
