"""`beffroi account`: open accounts, give and end roles, list them, check the log of the door."""

from __future__ import annotations

import getpass
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from beffroi.cli import account_privacy
from beffroi.cli.show import add_format, print_json, print_table
from beffroi.observatory.home import home_folder
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse

SITE = "beffroi.web.settings"
AUTHOR = "operator"


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser], words: str) -> None:
    """Add the verb to the parser."""
    top = verbs.add_parser("account", help=words)
    ways = top.add_subparsers(dest="way", metavar="WAY", required=True)
    one = ways.add_parser("add", help="open an account; the password is asked for, or read from standard input")
    one.add_argument("email")
    one.add_argument("--name", default="", help="shown to other officers instead of the address")
    one.add_argument("--role", action="append", default=[], metavar="ROLE[:SCOPE]", help="a role to give; repeatable")
    one.set_defaults(do=_add)
    one = ways.add_parser("role", help="give a role to an account, or end one")
    one.add_argument("email")
    choice = one.add_mutually_exclusive_group(required=True)
    choice.add_argument("--give", metavar="ROLE[:SCOPE]", help="such as reviewer, or representative:ADDRESS")
    choice.add_argument("--end", metavar="ROLE[:SCOPE]", help="a role that the account holds")
    one.set_defaults(do=_role)
    one = ways.add_parser("list", help="list accounts and the roles they hold today")
    add_format(one)
    one.set_defaults(do=_list)
    one = ways.add_parser("log", help="list the last entries of the door's log and check all of it")
    one.add_argument("--limit", type=int, default=20, help="how many entries to list (default: 20)")
    add_format(one)
    one.set_defaults(do=_log)
    account_privacy.add_to(ways, open_site)


def open_site() -> None:
    """Make the site's settings ready, keep its key, bring every table up to date, and hold no connection."""
    from beffroi.records.secret import keep_secret  # noqa: PLC0415 -- the other verbs need no Django
    from beffroi.records.settings import open_registry  # noqa: PLC0415 -- as above

    keep_secret(home_folder())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SITE)
    from django.conf import settings  # noqa: PLC0415 -- after its name is known

    _ = settings.INSTALLED_APPS  # read now, so that the registry's commands find a site that is configured
    open_registry(home_folder())
    from django.db import connections  # noqa: PLC0415 -- after settings

    connections.close_all()  # a server starts workers after this, which must not share one


def _now() -> datetime:
    return datetime.now(UTC)


def _add(given: argparse.Namespace) -> int:
    open_site()
    from allauth.account.models import EmailAddress  # noqa: PLC0415 -- after the site is open
    from django.contrib.auth.models import User  # noqa: PLC0415 -- as above
    from django.contrib.auth.password_validation import validate_password  # noqa: PLC0415 -- as above
    from django.core.exceptions import ValidationError  # noqa: PLC0415 -- as above
    from django.core.validators import validate_email  # noqa: PLC0415 -- as above
    from django.db import transaction  # noqa: PLC0415 -- as above

    from beffroi.federation.people import give  # noqa: PLC0415 -- as above

    email = given.email.strip().lower()
    if User.objects.filter(email__iexact=email).exists():
        raise UsageError(
            f"There is an account under {email}. Give it a role: beffroi account role {email} --give ROLE."
        )
    user = User(username=email[:150], email=email, first_name=given.name[:150])
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    try:
        validate_email(email)
        validate_password(password, user)
    except ValidationError as error:
        raise UsageError(f"No account was opened. {' '.join(error.messages)}") from error
    user.set_password(password)
    with transaction.atomic():
        user.save()
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        for one in given.role:
            role, _, scope = one.partition(":")
            give(user.pk, role, scope=scope, by=AUTHOR, at=_now())
    print(f"Account {user.pk}: {email}{', ' + ', '.join(given.role) if given.role else ', without a role'}.")
    return 0


def _role(given: argparse.Namespace) -> int:
    open_site()
    from django.contrib.auth.models import User  # noqa: PLC0415 -- after the site is open

    from beffroi.federation.people import end, give  # noqa: PLC0415 -- as above

    user = User.objects.filter(email__iexact=given.email.strip()).first()
    if user is None:
        raise UsageError(f"There is no account under {given.email}. 'beffroi account list' shows them.")
    role, _, scope = (given.give or given.end).partition(":")
    if given.give:
        give(user.pk, role, scope=scope, by=AUTHOR, at=_now())
    else:
        end(user.pk, role, scope=scope, by=AUTHOR, at=_now())
    print(f"Account {user.pk}: {role} {'given' if given.give else 'ended'}.")
    return 0


def _list(given: argparse.Namespace) -> int:
    open_site()
    from django.contrib.auth.models import User  # noqa: PLC0415 -- after the site is open

    from beffroi.federation.people import held_by  # noqa: PLC0415 -- as above

    rows = []
    for user in User.objects.order_by("id"):
        held = [f"{one.role}:{one.scope}" if one.scope else one.role for one in held_by(user.pk, _now().date())]
        rows.append((user.pk, user.email, user.first_name, ", ".join(held)))
    columns = ("account", "email", "name", "roles")
    if given.format == "json":
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(columns, rows)
    return 0


def _log(given: argparse.Namespace) -> int:
    open_site()
    from beffroi.federation.audit import broken  # noqa: PLC0415 -- after the site is open
    from beffroi.records.accounts import AuditEntry  # noqa: PLC0415 -- as above

    found = broken()
    for one in found:
        print(f"beffroi: entry {one.event}: {one.problem}", file=sys.stderr)
    rows = [
        (one.pk, f"{one.at:%Y-%m-%d %H:%M}", one.account, one.act, one.path)
        for one in AuditEntry.objects.order_by("-id")[: given.limit]
    ]
    columns = ("entry", "at_utc", "account", "act", "path")
    if given.format == "json":
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(columns, rows)
    return 1 if found else 0
