"""Where sign-in stops for the second factor, after the password."""

from __future__ import annotations

import allauth.account.internal  # noqa: F401 -- before `stages`, with which it forms a ring
from allauth.account.stages import LoginStage
from django.http import HttpResponseRedirect
from django.urls import reverse

from beffroi.federation.second_factor import is_set_up


class CodeStage(LoginStage):  # type: ignore[misc]  # -- allauth ships no types
    """After the password, ask for the code of an account that has a second factor."""

    key = "beffroi_code"
    urlname = "account_code"

    def handle(self) -> tuple[HttpResponseRedirect | None, bool]:
        """Send to the page that asks for the code, or go on."""
        user = self.login.user
        if user is None or not is_set_up(user.pk):
            return None, True
        return HttpResponseRedirect(reverse(self.urlname)), True
