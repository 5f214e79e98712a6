"""What pages of the strategy look up in other rooms: figures of editions, outcomes of votes, organisations, regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.charter.faults import Fault, RefusedError
from beffroi.observatory.quote import Quotes
from beffroi.records import models
from beffroi.strategy.facts import Facts
from beffroi.strategy.figures import OWN
from beffroi.strategy.kinds import named_outside
from beffroi.strategy.vote_outcomes import outcomes
from beffroi.vocabulary.errors import UnknownEditionError
from beffroi.vocabulary.text import Text
from beffroi.web import access, permissions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.shape import Kind
    from beffroi.web.permissions import Person


def figures() -> Quotes:
    """The reader of the observatory's figures."""
    return Quotes(access.editions, access.open_edition)


def facts(person: Person) -> Facts:
    """What the rules look at when this person enters something."""
    speaks_for = frozenset(one.scope for one in person.held if one.role == "representative")
    return Facts(figures(), outcomes(), speaks_for, permissions.may(person, "edit_strategy"))


def check(kind: Kind, values: Mapping[str, object], book: Book, *, before: Thing | None = None) -> None:
    """Refuse organisations, regions and indicators that nobody knows; what cannot be looked up passes.

    What a thing named before passes too: an organisation may have left since, and its mention is history.

    Raises:
        RefusedError: one or more are unknown.
    """
    held = set(named_outside(kind, before.values)) if before else set()
    named = [one for one in named_outside(kind, values) if one not in held]
    found = [Fault(field, said) for field, space, id_ in named if (said := _unknown(space, id_, book)) is not None]
    if found:
        raise RefusedError(found)


def _unknown(space: str, id_: str, book: Book) -> Text | None:
    if space == "organisation" and not models.Organisation.objects.filter(pk=id_).exists():
        return Text(f"Le registre n’a pas d’organisation {id_}.", f"The registry has no organisation {id_}.")
    if space == "indicator" and not (book.find(id_) if id_.startswith(OWN) else figures().knows(id_)):
        return Text(f"Il n’y a pas d’indicateur {id_}.", f"There is no indicator {id_}.")
    if space == "region" and not _has_region(id_):
        return Text(f"L’observatoire n’a pas de région {id_}.", f"The observatory has no region {id_}.")
    return None


def _has_region(code: str) -> bool:
    try:
        return code in access.open_edition().places
    except UnknownEditionError:
        return True  # before the first edition nobody can tell


def name_outside(space: str, id_: str, *, language: str, sees_all: bool) -> str:
    """What a thing kept elsewhere is called. Organisations that did not agree to be shown keep their number."""
    if space == "organisation":
        one = models.Organisation.objects.filter(pk=id_).first()
        is_open = one is not None and one.values.get("consent_directory", {}).get("value") == "granted"
        return one.name if one is not None and (is_open or sees_all) else id_
    if (space, id_) == ("population", "members"):
        return _("members of the federation")
    try:
        edition = access.open_edition()
    except UnknownEditionError:
        return id_
    found: Text | None = None
    if space == "population" and id_ in edition.sets:
        found = edition.definitions[id_].name
    elif space == "indicator" and id_ in edition.indicators:
        found = edition.indicators[id_].short
    elif space in {"region", "territory"} and id_ in edition.places:
        found = edition.places[id_].name
    return found.say(language) if found else id_
