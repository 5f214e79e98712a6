"""The questions asked of one region, as links from page to page; and how a place sought is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.web import words

if TYPE_CHECKING:
    from beffroi.web.frame import Scope

FIXED_TOPS = (5, 10)
QUARTER = 4


@dataclass(frozen=True, slots=True)
class QuestionLink:
    """A question and its address."""

    label: str
    url: str
    is_current: bool


def questions(scope: Scope, code: str, current: str) -> list[QuestionLink]:
    """Links to every question about a region; `current` is the one being answered."""
    asked = [
        ("portrait", _("Where it stands"), scope.url(f"/region/{code}/")),
        ("when", _("By when?"), scope.url(f"/region/{code}/when/")),
        ("peers", _("Who is like it?"), scope.url(f"/region/{code}/peers/")),
        ("why", _("Why the gap?"), scope.url(f"/region/{code}/why/")),
        ("merge", _("What if it merged?"), scope.url("/merge/", regions=[code])),
        ("weights", _("With other weights?"), scope.url("/weights/", region=code)),
    ]
    return [QuestionLink(label, url, key == current) for key, label, url in asked]


def place_sought(scope: Scope, rank: int, top: int) -> str:
    """The name of a top for a region of this rank: the next place, or the first five, ten or quarter."""
    language = scope.language
    quarter = max(1, len(scope.reading.standings) // QUARTER)
    if top == rank - 1 and top not in {*FIXED_TOPS, quarter}:
        return _("One place higher: %(rank)s") % {"rank": words.ordinal(top, language)}
    if top == quarter and top not in FIXED_TOPS:
        return _("Among the first quarter (%(top)s regions)") % {"top": words.number(top, 0, language)}
    return _("Among the first %(top)s") % {"top": words.number(top, 0, language)}
