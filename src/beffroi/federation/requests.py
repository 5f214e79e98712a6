"""What an organisation says of itself: free fields at once, the others when a reviewer agrees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.federation import log
from beffroi.federation.consent import GRANTED, PREFIX, REFUSED, UNANSWERED
from beffroi.federation.entries import new_judgement
from beffroi.federation.errors import AlreadyDecidedError, UnknownEntryError
from beffroi.federation.import_members import anchors
from beffroi.federation.judgement import carry_out
from beffroi.federation.read import resolve
from beffroi.federation.rows import fault_of
from beffroi.federation.units import legal_unit
from beffroi.records import changes, models
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from django.db.models import Model

    from beffroi.federation.judgement import Consequence
    from beffroi.federation.log import Act

FREE = ("brand", "acronym", "description", "trade", "website", "employees", "revenue_eur")
ASKED = ("name", "legal_form", "siren", "address", "postcode", "city", "email", "phone", "first_name", "last_name",
         "consent_directory")  # fmt: skip
LONGEST = 5_000
_CARE = (REFUSED, UNANSWERED, GRANTED)


class FieldsError(UsageError):
    """Some values cannot be taken; `faults` says by field what is wrong and what to do."""

    def __init__(self, faults: Mapping[str, tuple[str, str]]) -> None:
        said = "; ".join(f"{field} {problem}. {remedy}" for field, (problem, remedy) in faults.items())
        super().__init__(f"Nothing was written: {said}")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit did: fields changed at once, and fields that wait. `event` is None when nothing was to change."""

    event: int | None
    at_once: tuple[str, ...]
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: `state` is `open`, `accepted` or `refused`; `now` is the value shown today."""

    id: int
    event: int
    organisation: str
    name: str
    account: int
    at: datetime
    field: str
    now: str
    value: str
    reason: str
    state: str
    answer: str = ""
    answered_at: datetime | None = None


def values_of(organisation: str) -> dict[str, str]:
    """Return the values of today of every field that an organisation may edit."""
    held = models.Organisation.objects.get(pk=resolve(organisation)).values
    said = {name: str(held.get(name, {}).get("value", "")) for name in (*FREE, *ASKED)}
    return said | {"siren": said["siren"].partition(":")[2] or said["siren"]}


def waits(field: str, before: str, after: str) -> bool:
    """Whether a change must wait for a reviewer: facts that identify, contacts, and any wider consent.

    >>> waits("website", "a.fr", "b.fr"), waits("name", "A", "B")
    (False, True)
    >>> waits("consent_directory", "granted", "refused"), waits("consent_directory", "refused", "granted")
    (False, True)
    """
    if field.startswith(PREFIX):
        return _CARE.index(after) > _CARE.index(before or UNANSWERED)
    return field not in FREE


def edit(organisation: str, wanted: Mapping[str, str], *, account: int, act: Act, reason: str = "") -> Edited:
    """Change what an organisation says of itself; what waits becomes a request. One event.

    Args:
        organisation: its address.
        wanted: field → value; fields left out, or as they are, stay.
        account: who asks, to be answered.
        act: the same person as the log calls them, and when.
        reason: why, in the person's words.

    Raises:
        FieldsError: values that no list could hold either, or fields nobody may edit.
    """
    address = resolve(organisation)
    now = values_of(address)
    strange = dict.fromkeys(wanted.keys() - now.keys(), ("cannot be edited", "Leave it out."))
    given = {name: " ".join(value.split()) if name != "description" else value.strip()
             for name, value in wanted.items() if name in now}  # fmt: skip
    changed = {name: value for name, value in given.items() if value != now[name]}
    faults = strange | {name: fault for name, value in changed.items() if (fault := _fault(name, value))}
    if faults:
        raise FieldsError(faults)
    if not changed:
        return Edited(None, (), ())
    waiting = tuple(name for name in changed if waits(name, now[name], changed[name]))
    record = models.Placement.objects.get(title=address).record_id

    def entries() -> list[Model]:
        return [
            changes.Request(record_id=record, account=account, field=name, value=value, reason=reason)
            if name in waiting
            else models.Override(record_id=record, field=name, value=value, reason=reason)
            for name, value in changed.items()
        ]

    payload = {"organisation": address, "fields": sorted(changed), "reason": reason}
    done = carry_out(act, payload, entries, {record})
    return Edited(done.event, tuple(name for name in changed if name not in waiting), waiting)


def requests(*, organisation: str = "", is_open: bool = False, limit: int | None = None) -> list[Asked]:
    """Return what was asked, the latest first; for one organisation, or only what is open."""
    rows = changes.Request.objects.filter(event__undone__isnull=True).select_related("event").order_by("-id")
    if organisation:
        rows = rows.filter(record__placement__organisation=resolve(organisation))
    found = [one for one in _with_answers(rows) if not is_open or one.state == "open"]
    return found if limit is None else found[:limit]


def request(number: int) -> Asked:
    """Return one request.

    Raises:
        UnknownEntryError: there is none of this number.
    """
    rows = changes.Request.objects.filter(pk=number, event__undone__isnull=True).select_related("event")
    found = next(_with_answers(rows), None)
    if found is None:
        raise UnknownEntryError(
            Text(
                f"Il n’y a pas de demande {number}. Elle a été retirée, ou jamais faite.",
                f"There is no request {number}. It was taken back, or never made.",
            )
        )
    return found


def answer(number: int, *, is_accepted: bool, act: Act, reason: str = "") -> Consequence:
    """Accept or refuse a request. An accepted SIREN moves all rows of the organisation to that legal unit.

    Raises:
        AlreadyDecidedError: it is answered.
        UsageError: a refusal without reason.
        TwoLegalUnitsError: a person separated the rows from that unit.
    """
    if not (is_accepted or reason.strip()):
        raise UsageError(
            Text(
                "Dites pourquoi la demande est refusée : qui l’a faite le lira.",
                "Say why the request is refused: whoever asked reads it.",
            )
        )
    asked = request(number)
    record = changes.Request.objects.get(pk=number).record_id
    rows = list(models.Placement.objects.filter(organisation=asked.organisation, version__isnull=False)
                .order_by("record_id").values_list("record_id", flat=True))  # fmt: skip

    def entries() -> list[Model]:
        if changes.RequestAnswer.objects.filter(request=number, event__undone__isnull=True).exists():
            raise AlreadyDecidedError(
                Text(
                    f"La demande {number} a déjà sa réponse. Rien n’a été écrit.",
                    f"Request {number} has been answered already. Nothing was written.",
                )
            )
        said: list[Model] = [changes.RequestAnswer(request_id=number, is_accepted=is_accepted, reason=reason)]
        if is_accepted and asked.field == "siren":
            said += _moved(asked, rows, reason)
        elif is_accepted:
            said.append(models.Override(record_id=record, field=asked.field, value=asked.value, reason=reason))
        return said

    payload = {"request": number, "accepted": is_accepted, "field": asked.field, "reason": reason}
    return carry_out(act, payload, entries, {record, *rows})


def _moved(asked: Asked, rows: list[int], reason: str) -> list[Model]:
    unit = legal_unit(asked.value)
    number = models.LogHead.objects.get(pk=1).number + 1
    anchor = anchors(number, {unit})[unit]
    held = models.Placement.objects.filter(organisation=asked.organisation, record__source__kind="unit")
    olds = [one for one in held.values_list("record_id", flat=True) if one != anchor]
    words = reason or "Asked by the organisation and accepted."
    return [
        new_judgement(row, one, value="same" if one == anchor else "different", origin="person", sentence=words)
        for row in rows
        for one in (anchor, *olds)
    ]


def _with_answers(rows: object) -> Iterator[Asked]:
    held: list[changes.Request] = list(rows)  # type: ignore[call-overload]  # -- a query set of requests
    answers = {
        one.request_id: one
        for one in changes.RequestAnswer.objects.filter(
            request__in=[one.pk for one in held[: log.BATCH]], event__undone__isnull=True
        ).select_related("event")
    }
    places = {
        one.record_id: one.organisation
        for one in models.Placement.objects.filter(record__in={one.record_id for one in held[: log.BATCH]})
        .select_related("organisation")
    }  # fmt: skip
    for one in held[: log.BATCH]:
        said, place = answers.get(one.pk), places.get(one.record_id)
        state = "open" if said is None else "accepted" if said.is_accepted else "refused"
        now = str(place.values.get(one.field, {}).get("value", "")) if place else ""
        yield Asked(
            one.pk, one.event_id, place.id if place else "", place.name if place else "", one.account, one.event.at,
            one.field, now, one.value, one.reason, state, said.reason if said else "", said.event.at if said else None,
        )  # fmt: skip


def _fault(name: str, value: str) -> tuple[str, str] | None:
    if len(value) > LONGEST:
        return "is too long", f"Keep it under {LONGEST} characters."
    if name.startswith(PREFIX):
        return None if value in _CARE else ("is no answer", f"Choose one of: {', '.join(_CARE)}.")
    if name == "name" and not value:
        return "is empty", "An organisation has a name."
    if name == "siren" and not value:
        return "is empty", "A legal unit is replaced by another, or a reviewer separates it."
    return fault_of(name, value) if value else None
