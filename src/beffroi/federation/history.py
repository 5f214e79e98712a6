"""How an organisation came to be: what ties its rows, and every decision on them, those taken back included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from beffroi.federation.read import resolve
from beffroi.records import models

if TYPE_CHECKING:
    from collections.abc import Iterable

WRITTEN_BY = {
    "left": "judgements__left__in", "right": "judgements__right__in", "overrides": "overrides__record__in",
    "claims": "claims__record__in", "closings": "closings__task__record__in", "trades": "trades__record__in",
    "verifications": "verifications__record__in", "requests": "requests__record__in",
    "answers": "answers__request__record__in", "renewals": "renewals__record__in",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tie:
    """A judgement between two rows of one organisation. `bits` is None where no evidence was weighed."""

    left: str
    right: str
    value: str
    origin: str
    probability: float | None
    bits: float | None
    sentence: str
    on: str
    is_followed: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """An event that touched the organisation's rows; `names` are the rows it judged, `detail` what it changed."""

    event: int
    at: str
    author: str
    kind: str
    reason: str
    names: tuple[str, ...]
    detail: str
    is_undone: bool


def ties(address: str) -> list[Tie]:
    """Return the judgements that count between the organisation's own rows, the oldest first."""
    records = _records(resolve(address))
    names = _names(records)
    said = models.Judgement.objects.filter(left__in=records, right__in=records, event__undone__isnull=True)
    return [
        Tie(names[one.left_id], names[one.right_id], one.value, one.origin, one.probability, one.bits, one.sentence,
            one.event.at.date().isoformat(), not hasattr(one, "conflict"))
        for one in said.select_related("event", "conflict").order_by("id")
    ]  # fmt: skip


def decisions(address: str) -> list[Decision]:
    """Return every event of a person that touched the organisation's rows, the newest first."""
    records = _records(resolve(address))
    touched = Q()
    for path in WRITTEN_BY.values():
        touched |= Q(**{path: records})
    mine = models.Event.objects.filter(touched).exclude(kind="import").values("id")
    events = list(
        models.Event.objects.filter(Q(id__in=mine) | Q(undoes__in=mine)).select_related("undone").order_by("-id")
    )
    ends = {one.pk: {end for said in one.judgements.all() for end in (said.left_id, said.right_id)} for one in events}
    names = _names({end for held in ends.values() for end in held})
    return [
        Decision(
            one.pk, f"{one.at:%Y-%m-%d %H:%M}", one.author, one.kind, str(one.payload.get("reason", "")),
            tuple(sorted(names[end] for end in ends[one.pk] if end in names)), _detail(one), hasattr(one, "undone"),
        )
        for one in events
    ]  # fmt: skip


def _detail(event: models.Event) -> str:
    if event.undoes_id:
        return str(event.undoes_id)
    field, value = event.payload.get("field"), event.payload.get("value")
    return f"{field}: {value}" if field else str(value or "")


def _records(address: str) -> list[int]:
    return sorted(models.Placement.objects.filter(organisation=address).values_list("record_id", flat=True))


def _names(records: Iterable[int]) -> dict[int, str]:
    """Return what each row is called: its list, its number there and its name; a legal unit by its number."""
    rows = models.Placement.objects.filter(record__in=set(records)).select_related("record__source", "version")
    return {
        one.record_id: f"{one.record.source.name} {one.version.row}: {one.version.fields.get('name', one.record.key)}"
        if one.version else one.record.key
        for one in rows
    }  # fmt: skip
