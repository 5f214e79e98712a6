"""Who may do what: the one place that decides, for pages, files and interfaces alike.

Every view is marked with the act that it is. `Gate` asks before a view runs; a view that nobody marked is refused. A
refusal looks like a page that does not exist, and is written in the door's log.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.cache import cache
from django.db import DatabaseError
from django.dispatch import receiver
from django.http import Http404
from django.urls import URLResolver

from beffroi.federation.audit import note
from beffroi.federation.people import Held, held_by
from beffroi.web.second_factor import awake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

_log = logging.getLogger("beffroi.door")
HOUR_SECONDS = 3600

VISITOR, REGISTERED = "visitor", "registered"  # without an account; with one, whatever its roles
_EVERYBODY = frozenset({VISITOR, REGISTERED})
# Act → who may. An act with a scope is also open to those whose mandate names the very object (see `may`).
ACTS: dict[str, frozenset[str]] = {
    "read_observatory": _EVERYBODY,
    "sign_in": _EVERYBODY,
    "sign_editions": frozenset({"editor", "validator"}),  # the view asks further, by the two acts below
    "submit_edition": frozenset({"editor"}),
    "validate_edition": frozenset({"validator"}),
    "read_directory": _EVERYBODY,
    "read_count": _EVERYBODY,
    "own_account": frozenset({REGISTERED}),
    "read_registry": frozenset({"reviewer", "operator", "office"}),
    "decide": frozenset({"reviewer"}),
    "undo": frozenset({"reviewer"}),
    "read_ideas": _EVERYBODY,
    "post_idea": _EVERYBODY,  # the page asks whether the campaign is for members only
    "run_ideas": frozenset({"office", "chair"}),
    "read_log": frozenset({"operator", "data_protection"}),
    "answer_requests": frozenset({"data_protection"}),
    "import_lists": frozenset({"operator"}),
    "renew": frozenset({"operator", "reviewer"}),
    "verify": frozenset({"reviewer", "office"}),
    "manage_roles": frozenset({"operator"}),
    "speak_for": frozenset({REGISTERED}),  # the view itself asks for which organisation, by the next act
    "edit_organisation": frozenset(),
    "keep_contacts": frozenset({"office", "chair"}),
    # Drafts and votes: the views ask further, room by room and vote by vote.
    "read_votes": _EVERYBODY,
    "put_into_urn": _EVERYBODY,
    "read_drafts": frozenset({REGISTERED}),
    "start_draft": frozenset({"drafter"}),
    "cast_ballot": frozenset({"representative"}),
    "run_votes": frozenset({"election_officer"}),
    "read_strategy": _EVERYBODY,
    "read_strategy_drafts": frozenset({"office", "chair", "drafter", "secretary"}),
    "edit_strategy": frozenset({"office", "chair"}),
    "answer_review": frozenset({"office", "chair", "drafter", "secretary"}),
    "override_prerequisite": frozenset({"office", "chair"}),
    "read_amounts": frozenset(),  # of a project: partners only
    "read_agreements": frozenset({"funder", "office", "chair"}),  # a funder those of its own mandate: the views ask
    "read_government": _EVERYBODY,
    "run_government": frozenset({"secretary", "chair", "office"}),  # each within reach: see `federation.reach`
    "rule_government": frozenset({"chair", "office"}),
}
OF_OWN_ORGANISATION = frozenset({"read_registry", "edit_organisation", "override_prerequisite", "read_amounts"})
_ACT_OF: dict[object, str] = {}


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks. `account` is None for a visitor; `author` is what logs call them, a number that names nobody."""

    account: int | None = None
    name: str = ""
    held: tuple[Held, ...] = field(default=())

    @property
    def roles(self) -> frozenset[str]:
        """Roles held today, and whether there is an account at all."""
        return frozenset({VISITOR} if self.account is None else {REGISTERED, *(one.role for one in self.held)})

    @property
    def author(self) -> str:
        """The name of this person in logs.

        >>> Person(3, "Camille").author
        'account 3'
        """
        return f"account {self.account}"


def may(person: Person, act: str, *, organisation: str = "") -> bool:
    """Whether a person may do an act, perhaps only with one organisation.

    >>> one = Person(3, "", (Held("representative", "o1"),))
    >>> may(one, "read_registry"), may(one, "read_registry", organisation="o1"), may(one, "decide", organisation="o1")
    (False, True, False)
    """
    if person.roles & ACTS[act]:
        return True
    is_theirs = any(one.role == "representative" and one.scope == organisation for one in person.held)
    return act in OF_OWN_ORGANISATION and bool(organisation) and is_theirs


def person_of(request: HttpRequest) -> Person:
    """Who asks. Without a session cookie nothing is looked up anywhere."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return Person()
    known = getattr(request, "beffroi_person", None)
    if isinstance(known, Person):
        return known
    user = request.user
    found = Person()
    if user.is_authenticated and user.pk is not None:
        held = awake(request, user.pk, held_by(user.pk, datetime.now(UTC).date()))
        found = Person(user.pk, user.get_full_name() or user.email, held)
    request.beffroi_person = found  # type: ignore[attr-defined]  # -- kept for this request
    return found


def require(request: HttpRequest, act: str, *, organisation: str = "") -> Person:
    """Return who asks when they may; refuse otherwise.

    Raises:
        Http404: they may not. It is written in the door's log.
    """
    person = person_of(request)
    if not may(person, act, organisation=organisation):
        _refuse(request, person, act)
    return person


def refuse(request: HttpRequest, act: str) -> NoReturn:
    """Refuse something that lies outside what a person may see or do, although the view is open to them.

    Raises:
        Http404: always. It is written in the door's log.
    """
    _refuse(request, person_of(request), act)


def mark(patterns: Iterable[URLPattern | URLResolver], act: str) -> None:
    """Say which act the views behind these addresses are."""
    for one in patterns:
        if isinstance(one, URLResolver):
            mark(one.url_patterns, act)
        else:
            mark_view(one.callback, act)


def mark_view(view: Callable[..., Any] | None, act: str) -> None:
    """Say which act a view is; two acts for one view are a mistake of ours."""
    if act not in ACTS or _ACT_OF.setdefault(view, act) != act:
        raise ValueError(f"{view} cannot be marked '{act}'; it is '{_ACT_OF.get(view)}'")


def act_of(view: Callable[..., Any] | None) -> str:
    """The act that a view is; empty when nobody marked it."""
    return _ACT_OF.get(view, "")


class Gate:
    """Ask before any view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; views are asked about in `process_view`."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: object) -> None:
        """Refuse a view that is not marked, or not for this person."""
        act = act_of(view)
        if not act:
            _log.error("The view %r is marked with no act, so nobody may see it.", view)
            raise Http404
        if VISITOR not in ACTS[act]:
            require(request, act)


def _refuse(request: HttpRequest, person: Person, act: str) -> NoReturn:
    match = request.resolver_match
    route = match.route if match else ""
    # Once an hour for each account and address: a robot at the door must not fill the log.
    if cache.add(f"refused-{person.account}-{hash((route, act))}", 1, HOUR_SECONDS):
        _write("refused", request, person.account, {"act": act, "method": str(request.method)})
    raise Http404


@receiver(user_logged_in, dispatch_uid="beffroi-in")
def _signed_in(request: HttpRequest, user: Any, **_: object) -> None:
    _write("signed_in", request, user.pk, {})


@receiver(user_logged_out, dispatch_uid="beffroi-out")
def _signed_out(request: HttpRequest, user: Any, **_: object) -> None:
    if user is not None:
        _write("signed_out", request, user.pk, {})


@receiver(user_login_failed, dispatch_uid="beffroi-failed")
def _not_signed_in(request: HttpRequest | None = None, **_: object) -> None:
    if request is not None:
        _write("sign_in_failed", request, None, {})


def note_failed_code(request: HttpRequest, account: int) -> None:
    """Write down that the password was right and the second factor was not."""
    _write("code_failed", request, account, {})


def _write(act: str, request: HttpRequest, account: int | None, detail: dict[str, str]) -> None:
    try:
        note(act, at=datetime.now(UTC), account=account, path=request.path, detail=detail)
    except DatabaseError:  # a refusal stands even where it cannot be written down
        _log.exception("The door's log cannot be written: %s by %s.", act, account)
