"""Everything that is held about one person, found by the declarations alone, so that no table is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session

from beffroi.federation.personal_data import register
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import Model

    from beffroi.federation.personal_data import Declared

SEALED, NOBODY = "sealed", "nobody"
_GIVEN_UP = "erased-"


def account_of(email: str) -> int:
    """Return the number of the account under an address.

    Raises:
        UsageError: there is none.
    """
    found = User.objects.filter(email__iexact=email.strip()).values_list("pk", flat=True).first() if email else None
    if found is None:
        raise UsageError(f"There is no account under {email}. 'beffroi account list' shows them.")
    return found


def everything(account: int, *, at: datetime) -> dict[str, Any]:
    """Return all that is held about an account: table by table, with purpose, basis and retention in both languages.

    Fields that would let a thief in (fingerprints of passwords, keys of sessions) are named and not shown.

    Raises:
        UsageError: there is no such account.
    """
    user = User.objects.filter(pk=account).first()
    if user is None:
        raise UsageError(
            Text(
                f"Il n’y a pas de compte {account}.",
                f"There is no account {account}. 'beffroi account list' shows them.",
            )
        )
    declared = register()
    tables: dict[str, dict[str, Any]] = {}
    for table, one in declared.tables.items():
        rows = [_shown(row, one) for row in rows_of(account, user.email, one)] if one.fields else []
        if rows:
            tables[table] = {"activities": sorted(set(one.fields.values())), "withheld": sorted(one.withheld),
                             "rows": rows}  # fmt: skip
    used = sorted({key for one in tables.values() for key in one["activities"]})
    return {
        "account": account,
        "made_at": at.isoformat(timespec="seconds"),
        "activities": {
            key: {
                part: {"fr": text.fr, "en": text.en}
                for part in ("name", "purpose", "basis", "recipients", "retention")
                if (text := getattr(declared.activities[key], part))
            }
            for key in used
        },
        "tables": tables,
    }


def rows_of(account: int, email: str, one: Declared) -> Sequence[Model]:
    """Return a person's rows of a table."""
    if one.person == NOBODY:
        return []
    if one.person == SEALED:
        return sessions_of(account)
    if one.by == "email":
        if not email or email.startswith(_GIVEN_UP):
            return []
        wanted: dict[str, object] = {f"{one.person}__iexact": email}
    else:
        wanted = {one.person: f"account {account}" if one.by == "author" else account}
    manager = apps.get_model(one.table)._default_manager  # noqa: SLF001 -- Django's public-by-convention name
    return list(manager.filter(**wanted).order_by("pk").distinct())


def sessions_of(account: int) -> list[Session]:
    """Return the sessions in which an account is signed in."""
    return [one for one in Session.objects.all() if one.get_decoded().get("_auth_user_id") == str(account)]


def _shown(row: Model, one: Declared) -> dict[str, object]:
    found: dict[str, object] = {}
    for field in one.personal:
        value = getattr(row, field)
        found[field] = value if isinstance(value, bool | int | float | str | dict | list | None) else str(value)
    return found
