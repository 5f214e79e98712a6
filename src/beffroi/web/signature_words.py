"""Whether two persons stand behind an edition, in words for its pages, its list and the desk of those who sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.observatory.signatures import SENT_BACK, SUBMITTED, VALIDATED
from beffroi.web import words

if TYPE_CHECKING:
    from beffroi.observatory.reading import Edition
    from beffroi.observatory.signatures import Signature


def state(edition: Edition, lang: str) -> str:
    """Where an edition stands, as the rest of a sentence about it."""
    found = edition.validation
    on = {"day": words.day(found.by.on, lang)} if found.by else {}
    said = {
        VALIDATED: _("validated on %(day)s"),
        SUBMITTED: _("not validated, handed in on %(day)s"),
        SENT_BACK: _("not validated, sent back on %(day)s"),
    }
    return said[found.state] % on if found.state in said else _("not validated")


def warning(edition: Edition, lang: str) -> str:
    """Say that an edition is not validated; empty when it is."""
    return "" if edition.validation.is_validated else state(edition, lang)


def signatures(edition: Edition, lang: str) -> list[dict[str, str]]:
    """Every signature, oldest first: what was done, by which role and account, when, in which words."""
    return [_said(one, lang) for one in edition.signatures]


def _said(one: Signature, lang: str) -> dict[str, str]:
    acts = {
        SUBMITTED: _("handed in by the editor, account %(number)s"),
        VALIDATED: _("validated by the validator, account %(number)s"),
        SENT_BACK: _("sent back by the validator, account %(number)s"),
    }
    return {
        "on": words.day(one.on, lang),
        "act": acts[one.act] % {"number": one.account},
        "words": one.words(lang),
        # The words may have been written in the other language alone.
        "written_in": lang if getattr(one, lang) or not one.words(lang) else "en" if lang == "fr" else "fr",
        "digest": one.digest[:12],
    }
