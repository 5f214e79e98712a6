"""What every page of the fabric knows: the territory, perimeter and month asked for, and how to link on with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from beffroi.catalogue.perimeters import load_perimeters
from beffroi.observatory.fabric_read import Place, place
from beffroi.observatory.fabric_territories import COUNTRY, inside, name_of
from beffroi.observatory.tables import folded
from beffroi.web import fabric_access
from beffroi.web import fabric_words as say
from beffroi.web.frame import open_scope, respond

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from beffroi.observatory.fabric_frozen import About
    from beffroi.web.figures import Picture
    from beffroi.web.frame import Scope

KINDS = ("csv", "xlsx", "json")
PAGES = ("", "map/", "related/", "against/", "perimeters/")


@dataclass(frozen=True, slots=True)
class Asked:
    """A territory of the frozen fabric as an address asks for it, and the reader's language."""

    scope: Scope
    here: Place
    months: list[str]

    @property
    def lang(self) -> str:
        """The reader's language."""
        return self.scope.language

    @property
    def about(self) -> About:
        """What the month says of itself."""
        return self.here.frozen.about

    @property
    def name(self) -> str:
        """The territory's name."""
        return name_of(self.here.code, self.lang)

    @property
    def credit(self) -> str:
        """Perimeter, nomenclature, source and month, for what is shown."""
        name = perimeter_names(self.lang).get(self.here.perimeter, self.here.perimeter)
        return say.credit(self.about, self.here.perimeter, name, self.lang)

    def url(self, tail: str = "", *, code: str | None = None) -> str:
        """The address of a page or file of a territory, by the same perimeter and month."""
        query = {
            key: value
            for key, value, usual in (
                ("perimeter", self.here.perimeter, self.about.perimeter),
                ("month", self.about.month, self.months[0]),
            )
            if value != usual
        }
        return f"/{self.lang}/fabric/{code or self.here.code}/{tail}{'?' + urlencode(query) if query else ''}"

    def files(self, what: str, *, picture: Picture | None = None) -> dict[str, str]:
        """Addresses of a table's files, and of its picture where there is one."""
        found = {kind: self.url(f"{what}.{kind}") for kind in KINDS}
        return found | ({"svg": self.url(f"{picture.key}.svg")} if picture else {})


def open_asked(request: HttpRequest, lang: str, code: str) -> tuple[Scope, Asked | None]:
    """Open what an address asks for; no fabric when none was built.

    Raises:
        UnknownRegionError: no such territory.
        UnknownDefinitionError: no such perimeter or month.
    """
    scope, frozen = open_scope(request, lang, None), fabric_access.frozen(request.GET.get("month", ""))
    if frozen is None:
        return scope, None
    here = place(frozen, code, request.GET.get("perimeter") or None)
    return scope, Asked(scope, here, fabric_access.months())


def empty(request: HttpRequest, scope: Scope) -> HttpResponse:
    """What this page will show, and the commands that lead there."""
    return respond(request, scope, "fabric_empty.html", {
        "title": say.said("index"), "lead": say.said("empty"), "has_no_permalink": True,
    })  # fmt: skip


def show(
    request: HttpRequest, asked: Asked, template: str, *, page: str, context: Mapping[str, object]
) -> HttpResponse:
    """Render a page with the choice of territory, perimeter and month, and the ways to the other pages."""
    about = asked.about
    frame = {
        "has_no_permalink": True,
        "synthetic": say.said("synthetic") if about.synthetic else "",
        "credit": asked.credit,
        "action": f"/{asked.lang}/fabric/",
        "page": page,
        "code": asked.here.code,
        "choices": _choices(asked),
        "perimeters": [(one, perimeter_names(asked.lang).get(one, one)) for one in about.perimeters],
        "perimeter": asked.here.perimeter,
        "months": [(one, say.month(one, asked.lang)) for one in asked.months],
        "month": about.month,
        "ways": [(words, asked.url(path), path == page) for path, words in _ways(asked)],
    }
    return respond(request, asked.scope, template, frame | dict(context))


def _ways(asked: Asked) -> list[tuple[str, str]]:
    words = {
        "": _("Overview"), "map/": _("Map"), "related/": _("Related sectors"), "against/": _("Digital and trade"),
        "perimeters/": _("Compare perimeters"),
    }  # fmt: skip
    shown = PAGES if asked.here.has_years else PAGES[:2]
    return [(path, words[path]) for path in shown]


def _choices(asked: Asked) -> list[tuple[str, str]]:
    codes = [COUNTRY, *inside(COUNTRY, "nuts1"), *inside(COUNTRY, "nuts3")]
    if asked.here.code not in codes:
        codes.append(asked.here.code)
    named = [(one, name_of(one, asked.lang)) for one in codes]
    twice = {name for _code, name in named if sum(name == other for _one, other in named) > 1}
    return sorted(
        ((one, f"{name} ({one})" if name in twice else name) for one, name in named),
        key=lambda pair: folded(pair[1]),
    )


def perimeter_names(lang: str) -> dict[str, str]:
    """Names of the catalogue's perimeters in a language."""
    return {key: one.name.say(lang) for key, one in load_perimeters().items()}
