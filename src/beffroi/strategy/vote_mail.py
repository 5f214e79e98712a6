"""Messages about a vote: invitation, reminder to those who have not voted, result, cancelling.

They are sent only when an officer asks.

Plain text in the reader's language, or in both where it is not known. No name and no choice stands in a message, and
its subject tells nothing but the title of the vote. Django's mail settings decide where messages go: to the console
until an operator names a server.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.mail import EmailMessage, get_connection

from beffroi.records.ballots import BallotAct, BallotMail, BallotMandate
from beffroi.strategy.casting import delegations
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from beffroi.records.ballots import BallotVote

LANGUAGES = ("fr", "en")
SUBJECTS = {
    "invitation": Text("Vote\u00a0: {title}", "Vote: {title}"),
    "reminder": Text("Rappel de vote\u00a0: {title}", "Reminder to vote: {title}"),
    "cancelled": Text("Vote annulé\u00a0: {title}", "Vote cancelled: {title}"),
    "result": Text("Résultat du vote\u00a0: {title}", "Result of the vote: {title}"),
}
BODIES = {
    "invitation": Text(
        "Vous êtes appelé à voter pour une organisation que vous représentez.\n\n{title}\n\nOuverture\u00a0: {opens}\n"
        "Clôture\u00a0: {closes}\n\nTexte, règles et bulletin\u00a0:\n{url}\n",
        "You are called to vote for an organisation that you represent.\n\n{title}\n\nOpens: {opens}\n"
        "Closes: {closes}\n\nText, rules and ballot:\n{url}\n",
    ),
    "reminder": Text(
        "Une organisation que vous représentez n’a pas encore voté.\n\n{title}\n\nClôture\u00a0: {closes}\n\n{url}\n",
        "An organisation that you represent has not voted yet.\n\n{title}\n\nCloses: {closes}\n\n{url}\n",
    ),
    "cancelled": Text(
        "Le vote est annulé. Les bulletins déjà déposés restent scellés et ne sont pas dépouillés.\n\n{title}\n\n"
        "Raison\u00a0: {reason}\n\n{url}\n",
        "The vote is cancelled. Ballots that were cast stay sealed and are not counted.\n\n{title}\n\n"
        "Reason: {reason}\n\n{url}\n",
    ),
    "result": Text(
        "Le vote est dépouillé.\n\n{title}\n\nRésultat, décompte et boîte de vote à vérifier\u00a0:\n{url}\n\n"
        "Empreinte de la boîte (SHA-256)\u00a0: {sha256}\n",
        "The vote is counted.\n\n{title}\n\nResult, count and the ballot box to verify:\n{url}\n\n"
        "Fingerprint of the box (SHA-256): {sha256}\n",
    ),
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a message. `language` is `fr`, `en`, or empty: then it comes in both."""

    account: int
    address: str
    language: str = ""


def to_write_to(row: BallotVote, kind: str) -> tuple[int, ...]:
    """Return the accounts that a message of this kind is for and that have not had it.

    An invitation, a result and the news of a cancelling go to all who act for somebody on the roll, once. A reminder
    goes to those who act for an organisation that has neither voted nor taken its token, and may be sent again.
    """
    held = BallotMandate.objects.filter(vote=row)
    if kind == "reminder":
        acts = BallotAct.objects.filter(vote=row, act__in=("cast", "token"))
        done = set(acts.values_list("organisation", flat=True))
        given = delegations(row)
        rows = [(one, person) for one, person in held.values_list("organisation", "person") if one not in done]
        persons = {person for one, person in rows if one not in given}
    else:
        persons = set(held.values_list("person", flat=True))
    numbers = {int(one.removeprefix("account ")) for one in persons if one.removeprefix("account ").isdecimal()}
    had = set() if kind == "reminder" else set(
        BallotMail.objects.filter(vote=row, kind=kind).values_list("account", flat=True)
    )  # fmt: skip
    return tuple(sorted(numbers - had))


def message(kind: str, values: Mapping[str, Mapping[str, str]], language: str) -> tuple[str, str]:
    """Return subject and body.

    Args:
        kind: `invitation`, `reminder`, `cancelled` or `result`.
        values: by language: title, opens, closes, url, sha256, reason.
        language: `fr`, `en`, or empty for both.

    >>> words = dict.fromkeys(("title", "opens", "closes", "url", "sha256"), "x")
    >>> message("reminder", {"fr": words, "en": words}, "en")[0]
    'Reminder to vote: x'
    """
    wanted = (language,) if language in LANGUAGES else LANGUAGES
    bodies = [BODIES[kind].say(one).format_map(values[one]) for one in wanted]
    subject = SUBJECTS[kind].say(wanted[0]).format_map(values[wanted[0]])
    return " ".join(subject.split()), "\n---\n\n".join(bodies)


def send(
    row: BallotVote, kind: str, recipients: Sequence[Recipient], values: Mapping[str, Mapping[str, str]], *,
    by: str, at: datetime,
) -> int:  # fmt: skip
    """Send a message to each recipient, one at a time, and note who got it; return how many.

    Whoever cannot be reached (`OSError`, which SMTP errors are) ends the sending; those before have theirs, and the
    next try goes on with the others.
    """
    sent = 0
    with get_connection() as connection:
        for one in recipients:
            subject, body = message(kind, values, one.language)
            headers = {"Auto-Submitted": "auto-generated"}
            EmailMessage(subject, body, to=[one.address], connection=connection, headers=headers).send()
            BallotMail.objects.create(vote=row, account=one.account, kind=kind, at=at, by=by)
            sent += 1
    return sent
