"""`beffroi vote open` and `cancel`: put a draft that was handed in to the vote of a body, or cancel a vote."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.assembly.vote import CHANNELS
from beffroi.cli.account import open_site
from beffroi.cli.given_file import read_given
from beffroi.cli.show import add_format, print_json
from beffroi.observatory.home import home_folder
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from beffroi.records.ballots import BallotVote
    from beffroi.strategy.electorate import Enrolled

AUTHOR = "operator"
OFFICER = "election_officer"
ROLLS = ("represented", "members", "body")
VISIBILITIES = ("public", "members")


def add_to(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the ways to the verb `vote`."""
    one = ways.add_parser("open", help="put a draft that was handed in to the vote of a body, under its statutes")
    one.add_argument("--room", type=int, required=True, metavar="N", help="number of the drafting room")
    one.add_argument("--body", required=True, metavar="ID", help="body that votes, such as body-9")
    one.add_argument("--type", dest="kind", required=True, metavar="TYPE", help="type of decision, as its statutes say")
    one.add_argument("--opens", default="", metavar="TIME", help="such as 2026-12-01T18:00+01:00 (default: now)")
    one.add_argument("--closes", required=True, metavar="TIME", help="first moment without ballots, in the same form")
    one.add_argument("--secret", action="store_true", help="ballots carry no name")
    one.add_argument(
        "--channels", nargs="+", default=["remote"], choices=CHANNELS, help="ways to vote (default: remote)"
    )
    one.add_argument("--visibility", default=VISIBILITIES[0], choices=VISIBILITIES, help="who may read it")
    one.add_argument(
        "--roll", default=ROLLS[0], choices=ROLLS, help="who votes (default: members with a representative)"
    )
    one.add_argument("--table", type=Path, default=None, metavar="FILE", help="CSV of weights, colleges, conflicts")
    one.add_argument("--subjects", nargs="*", default=[], metavar="ID", help="what it is about, for declared conflicts")
    _add_as(one)
    one.set_defaults(do=_open)
    one = ways.add_parser("cancel", help="cancel a vote that is announced or open; nothing is deleted or counted")
    one.add_argument("vote", help="id of the vote")
    one.add_argument("--reason", required=True, help="why; its page shows it")
    _add_as(one)
    one.set_defaults(do=_cancel)


def _add_as(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="account", default="", metavar="ACCOUNT",
                        help="address or number of the election officer who asks (default: the operator)")  # fmt: skip
    add_format(parser)


def _open(given: argparse.Namespace) -> int:
    at = datetime.now(UTC).replace(microsecond=0)
    opens, closes = _moment(given.opens, "opens") if given.opens else at, _moment(given.closes, "closes")
    open_site()
    from beffroi.charter import entries  # noqa: PLC0415 -- after the registry is open
    from beffroi.federation.audit import note  # noqa: PLC0415 -- as above
    from beffroi.federation.vote_rules import vote_rule  # noqa: PLC0415 -- as above
    from beffroi.strategy.opening import Office, Terms, open_draft  # noqa: PLC0415 -- as above

    account = _account(given.account, at)
    rule = vote_rule(entries.book(), given.body, given.kind, at.date().isoformat())
    if rule.election is not None:
        raise UsageError(
            f"'{given.kind}' is an election of candidates, and a draft has none. Open it at /votes/new/election/."
        )
    ways = tuple(one for one in CHANNELS if one in given.channels)
    terms = Terms(rule, opens, closes, given.secret, ways, given.visibility)
    office = Office(AUTHOR if account is None else f"account {account}", at, home_folder())
    row = open_draft(given.room, terms, _roll(given, at), office=office)
    prints = {"vote": row.pk, "text_sha256": row.text_sha256, "electorate_sha256": row.electorate_sha256}
    note("vote_opened", at=at, account=account, detail=prints)
    return _say(given, row)


def _say(given: argparse.Namespace, row: BallotVote) -> int:
    if given.format == "json":
        print_json({
            "vote": row.pk, "title": row.title, "body": row.body, "type": row.rule["id"], "opens": row.opens,
            "closes": row.closes, "enrolled": row.enrolled, "text_sha256": row.text_sha256,
            "electorate_sha256": row.electorate_sha256, "rules_sha256": row.rules_sha256,
        })  # fmt: skip
        return 0
    print(f"Vote {row.pk}: {row.title}. {row.enrolled} organisations, {row.opens} to {row.closes}.")
    print(f"Text {row.text_sha256}, roll {row.electorate_sha256}.")
    return 0


def _roll(given: argparse.Namespace, at: datetime) -> tuple[Enrolled, ...]:
    from beffroi.charter import entries  # noqa: PLC0415 -- after the registry is open
    from beffroi.federation.electors import standing  # noqa: PLC0415 -- as above
    from beffroi.strategy.electorate import equal_weights, with_conflicts, with_table  # noqa: PLC0415 -- as above

    found = standing(at, entries.book(), which=given.roll, body=given.body, subjects=given.subjects,
                     language=given.language)  # fmt: skip
    enrolled = with_conflicts(equal_weights(found.names, found.mandates), found.conflicts)
    return with_table(enrolled, _text(given.table)) if given.table else enrolled


def _text(path: Path) -> str:
    try:
        return read_given(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is no UTF-8 text: {error}. Save it as CSV in UTF-8.") from error


def _cancel(given: argparse.Namespace) -> int:
    open_site()
    from beffroi.federation.audit import note  # noqa: PLC0415 -- after the registry is open
    from beffroi.strategy.cancelling import cancel  # noqa: PLC0415 -- as above

    at = datetime.now(UTC)
    account = _account(given.account, at)
    by, office = (AUTHOR, AUTHOR) if account is None else (f"account {account}", OFFICER)
    done = cancel(given.vote, given.reason, office=office, by=by, at=at, home=home_folder())
    note("vote_cancelled", at=at, account=account, detail={"vote": given.vote})
    if given.format == "json":
        print_json({"vote": given.vote, "reason": done.reason, "office": office, "log_sha256": done.hash})
    else:
        print(f"Vote {given.vote} is cancelled. Its ballots stay sealed; the log ends with {done.hash}.")
    return 0


def _account(typed: str, at: datetime) -> int | None:
    """Who asks for it: the number of an account that holds the office today; None for the operator."""
    if not typed:
        return None
    from django.contrib.auth.models import User  # noqa: PLC0415 -- after the registry is open

    from beffroi.federation.people import held_by  # noqa: PLC0415 -- as above

    which = {"pk": int(typed)} if typed.isdecimal() else {"email__iexact": typed.strip()}
    user = User.objects.filter(is_active=True, **which).first()
    if user is None:
        raise UsageError(f"There is no account '{typed}'. 'beffroi account list' shows them.")
    if OFFICER not in {one.role for one in held_by(user.pk, at.date())}:
        raise UsageError(
            f"Account {user.pk} is no election officer today. Give it the role: "
            f"beffroi account role {user.email} --give {OFFICER}."
        )
    return int(user.pk)


def _moment(typed: str, name: str) -> datetime:
    try:
        found = datetime.fromisoformat(typed)
    except ValueError as error:
        raise UsageError(f"--{name}: '{typed}' is no time. Write 2026-12-01T18:00+01:00, or …Z for UTC.") from error
    if found.tzinfo is None:
        raise UsageError(f"--{name}: '{typed}' has no time zone. Write {typed}+01:00, or {typed}Z for UTC.")
    return found.astimezone(UTC)
