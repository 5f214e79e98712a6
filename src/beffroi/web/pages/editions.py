"""Every edition published here, newest first, with what was found wrong in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.web import access, signature_words, words
from beffroi.web.frame import address, open_scope, respond

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def page(request: HttpRequest, lang: str) -> HttpResponse:
    """The list of editions."""
    scope = open_scope(request, lang, None)
    listed = []
    for key in access.editions():
        one = access.open_edition(key)
        listed.append(
            {
                "id": one.id,
                "title": one.title.say(lang),
                "url": address(lang, "/", edition=one.id),
                "built_on": words.day(one.built_on, lang),
                "years": f"{one.first_year}–{one.last_year}",
                "digest": one.digest,
                "version": one.version,
                "errata": [each.say(lang) for each in one.errata],
                "state": signature_words.state(one, lang),
                "is_validated": one.validation.is_validated,
                "signatures": signature_words.signatures(one, lang),
                "is_current": one.id == scope.edition.id,
            }
        )
    context = {"title": _("Which editions were published?"), "listed": listed, "has_no_permalink": True}
    return respond(request, scope, "editions.html", context)
