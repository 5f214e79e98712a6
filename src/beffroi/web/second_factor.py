"""Whether a session has passed the second factor, and which roles count in it.

On a loopback address a second factor is each person's choice. As soon as the house is public, roles of staff sleep in
a session that has not passed it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from beffroi.federation.second_factor import STAFF

if TYPE_CHECKING:
    from django.http import HttpRequest

    from beffroi.federation.people import Held

MARK = "passed_second_factor"  # in a session: the account that passed


def awake(request: HttpRequest, account: int, held: tuple[Held, ...]) -> tuple[Held, ...]:
    """Return the roles that count in this session."""
    if not settings.BEFFROI_IS_PUBLIC or request.session.get(MARK) == account:
        return held
    return tuple(one for one in held if one.role not in STAFF)


def sleeping(request: HttpRequest, account: int, held: tuple[Held, ...]) -> bool:
    """Whether some role waits for a second factor."""
    return len(awake(request, account, held)) < len(held)
