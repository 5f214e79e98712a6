"""The second factor of an account: begin, confirm, check, renew its recovery codes, give it up.

The secret is derived from a salt in the database and the key of the house, so that neither alone gives a code.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from django.db import transaction

from beffroi.federation import totp
from beffroi.federation.audit import note
from beffroi.records.privacy import RecoveryCode, SecondFactor
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from datetime import datetime

# Who may change what others rely on, or read what is not for everybody.
STAFF = frozenset({
    "operator", "reviewer", "election_officer", "secretary", "chair", "office", "editor", "validator",
    "data_protection",
})  # fmt: skip
CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that reads like something else
_LENGTH = 10


def is_set_up(account: int) -> bool:
    """Whether an account has a second factor that was shown to work."""
    return SecondFactor.objects.filter(account=account, confirmed__isnull=False).exists()


def begin(account: int, *, at: datetime) -> None:
    """Choose a new secret, which counts only once `confirm` has seen a code of it.

    Raises:
        UsageError: the account has a second factor already.
    """
    with transaction.atomic():
        if is_set_up(account):
            raise UsageError(
                Text(
                    "Ce compte a un second facteur. Abandonnez-le avant d’en préparer un autre.",
                    "This account has a second factor. Give it up before another is set up.",
                )
            )
        SecondFactor.objects.update_or_create(
            account=account, defaults={"salt": secrets.token_hex(32), "begun": at, "last_step": 0}
        )


def begun(account: int, *, key: str) -> bytes | None:
    """Return the secret that waits to be confirmed, or None. `key` is that of the house."""
    found = SecondFactor.objects.filter(account=account, confirmed__isnull=True).first()
    return _secret(found, key) if found else None


def confirm(account: int, given: str, *, key: str, at: datetime) -> tuple[str, ...]:
    """Take the first code, which switches the second factor on, and return recovery codes, shown this once.

    Raises:
        UsageError: nothing was begun, or the code is not that of this moment.
    """
    with transaction.atomic():
        found = SecondFactor.objects.select_for_update().filter(account=account, confirmed__isnull=True).first()
        step = totp.matching_step(_secret(found, key), given, now=at.timestamp()) if found else None
        if found is None or step is None:
            raise UsageError(
                Text(
                    "Ce code n’est pas celui du moment. Regardez de nouveau le téléphone.",
                    "This code is not the one of this moment. Look at the telephone again.",
                )
            )
        found.confirmed, found.last_step = at, step
        found.save()
        note("second_factor_on", at=at, account=account)
        return _new_codes(account, key)


def check(account: int, given: str, *, key: str, at: datetime) -> bool:
    """Whether a code is right: one of the telephone not used before, or a recovery code, which is then spent."""
    with transaction.atomic():
        found = SecondFactor.objects.select_for_update().filter(account=account, confirmed__isnull=False).first()
        if found is None:
            return False
        step = totp.matching_step(_secret(found, key), given, now=at.timestamp(), after=found.last_step)
        if step is not None:
            found.last_step = step
            found.save()
            return True
        spent, _ = RecoveryCode.objects.filter(account=account, hash=_hash(account, given, key)).delete()
        if spent:
            note("recovery_code_used", at=at, account=account, detail={"left": codes_left(account)})
        return bool(spent)


def codes_left(account: int) -> int:
    """How many recovery codes are left."""
    return RecoveryCode.objects.filter(account=account).count()


def renew_codes(account: int, given: str, *, key: str, at: datetime) -> tuple[str, ...]:
    """Replace all recovery codes and return the new ones.

    Raises:
        UsageError: the code is wrong or was used.
    """
    _require(account, given, key=key, at=at)
    with transaction.atomic():
        note("recovery_codes_new", at=at, account=account)
        return _new_codes(account, key)


def give_up(account: int, given: str, *, key: str, at: datetime) -> None:
    """Switch the second factor off; nothing of it remains but the entry in the door's log.

    Raises:
        UsageError: the code is wrong or was used.
    """
    _require(account, given, key=key, at=at)
    forget(account, at=at, by=f"account {account}")


def forget(account: int, *, at: datetime, by: str) -> bool:
    """Take a second factor away, as an operator does for somebody who lost telephone and codes."""
    with transaction.atomic():
        gone, _ = SecondFactor.objects.filter(account=account).delete()
        RecoveryCode.objects.filter(account=account).delete()
        if gone:
            note("second_factor_off", at=at, account=account, detail={"by": by})
    return bool(gone)


def _require(account: int, given: str, *, key: str, at: datetime) -> None:
    if not check(account, given, key=key, at=at):
        raise UsageError(
            Text(
                "Ce code est faux ou a déjà servi. Attendez le suivant et saisissez-le.",
                "This code is wrong or was used before. Wait for the next one and type it.",
            )
        )


def _secret(found: SecondFactor, key: str) -> bytes:
    text = f"second factor {found.account} {found.salt}".encode()
    return hmac.digest(key.encode(), text, "sha256")[: totp.SECRET_BYTES]


def _new_codes(account: int, key: str) -> tuple[str, ...]:
    codes = tuple("".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)) for _ in range(CODES))
    RecoveryCode.objects.filter(account=account).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(account=account, hash=_hash(account, one, key)) for one in codes)
    return tuple(f"{one[:5]}-{one[5:]}" for one in codes)


def _hash(account: int, given: str, key: str) -> str:
    # A code has 49 random bits and the key is not in the database: a plain keyed fingerprint is enough.
    typed = "".join(one for one in given.lower() if one.isalnum())
    return hmac.new(key.encode(), f"recovery {account} {typed}".encode(), hashlib.sha256).hexdigest()
