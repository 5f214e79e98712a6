"""The questions about a region in the read API: by when, peers, why, changes of rank, mergers and other weights."""


# ruff: noqa: ARG001, A002 -- ninja reads the signature: names are those of the address, each filter is a parameter

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse  # noqa: TC002 -- ninja reads annotations at run time
from ninja import Query, Router
from ninja.errors import HttpError

from beffroi.observatory import answer_tables, portrait
from beffroi.observatory.merge import merge
from beffroi.observatory.ranking import place_in
from beffroi.observatory.weights import Weights, reweigh
from beffroi.observatory.why import change, why
from beffroi.web import access
from beffroi.web.api_frame import ANSWERS, answer, language_of, open_set

if TYPE_CHECKING:
    from collections.abc import Callable

    from beffroi.observatory.tables import Table

router = Router()


def _of_region(
    response: HttpResponse, made: Callable[..., Table], code: str, edition: str | None, set: str | None, lang: str
) -> object:
    opened, reading = open_set(edition, set)
    wanted = portrait.require(opened, code)
    place_in(opened, reading, wanted)  # refuses a region that the set does not rank
    table = made(opened, reading, wanted, language=language_of(lang))
    return answer(response, opened, table, is_pinned=edition is not None)


@router.get("/regions/{code}/arrivals", response=ANSWERS, summary="By when: chances of each place, pace needed")
def show_arrivals(
    request: HttpRequest,
    response: HttpResponse,
    code: str,
    edition: str | None = None,
    set: str | None = None,
    lang: str = "en",
) -> object:
    """One row for each place not yet held and each term of 5, 10 and 20 years."""
    return _of_region(response, answer_tables.when, code, edition, set, lang)


@router.get("/regions/{code}/path", response=ANSWERS, summary="By when: rank year by year")
def show_path(
    request: HttpRequest,
    response: HttpResponse,
    code: str,
    edition: str | None = None,
    set: str | None = None,
    lang: str = "en",
) -> object:
    """The rank when everybody keeps its pace, and what holds it in 9 futures of 10."""
    return _of_region(response, answer_tables.path, code, edition, set, lang)


@router.get("/regions/{code}/peers", response=ANSWERS, summary="Regions alike in structure")
def show_peers(
    request: HttpRequest,
    response: HttpResponse,
    code: str,
    edition: str | None = None,
    set: str | None = None,
    lang: str = "en",
) -> object:
    """The ten nearest regions with their distance."""
    return _of_region(response, answer_tables.peers, code, edition, set, lang)


@router.get("/regions/{code}/reach", response=ANSWERS, summary="What the best of the peers reach")
def show_reach(
    request: HttpRequest,
    response: HttpResponse,
    code: str,
    edition: str | None = None,
    set: str | None = None,
    lang: str = "en",
) -> object:
    """The best tenth of the peers on each indicator, the largest lead first."""
    return _of_region(response, answer_tables.better, code, edition, set, lang)


@router.get("/regions/{code}/gap", response=ANSWERS, summary="Why the gap to a rival")
def show_gap(
    request: HttpRequest,
    response: HttpResponse,
    code: str,
    rival: str = Query(..., alias="with"),  # type: ignore[type-arg]  # -- ninja offers it as a function too
    edition: str | None = None,
    set: str | None = None,
    lang: str = "en",
) -> object:
    """The gap to the region `with`, by indicator; `gap_points` add up to it exactly."""
    opened, reading = open_set(edition, set)
    found = why(opened, reading, portrait.require(opened, code), portrait.require(opened, rival))
    table = answer_tables.why(opened, reading, found, language=language_of(lang))
    return answer(response, opened, table, is_pinned=edition is not None)


@router.get("/regions/{code}/change", response=ANSWERS, summary="Why the rank changed since another edition")
def show_change(
    request: HttpRequest,
    response: HttpResponse,
    code: str,
    since: str,
    edition: str | None = None,
    set: str | None = None,
) -> object:
    """Places lost (or, negative, gained) by cause; they add up to the change exactly."""
    opened, reading = open_set(edition, set)
    wanted = portrait.require(opened, code)
    found = change(access.open_edition(since), opened, reading.set_id, wanted)
    if found is None:
        raise HttpError(404, f"Region '{wanted}' is not ranked in set '{reading.set_id}' by both editions.")
    return answer(response, opened, answer_tables.change(opened, reading, found), is_pinned=edition is not None)


@router.get("/merge", response=ANSWERS, summary="What if regions merged")
def show_merger(
    request: HttpRequest,
    response: HttpResponse,
    regions: str,
    edition: str | None = None,
    set: str | None = None,
    lang: str = "en",
) -> object:
    """Figures and rank of the `regions` (codes separated by commas) put together."""
    opened, reading = open_set(edition, set)
    found = merge(opened, reading, [one for one in regions.split(",") if one.strip()])
    table = answer_tables.merge(opened, reading, found, language=language_of(lang))
    return answer(response, opened, table, is_pinned=edition is not None)


@router.get("/weights", response=ANSWERS, summary="Ranks under other weights")
def show_weights(
    request: HttpRequest,
    response: HttpResponse,
    w: str = "",
    i: str = "",
    edition: str | None = None,
    set: str | None = None,
    lang: str = "en",
) -> object:
    """Ranks with weights of pillars `w` and indicators `i`, such as `w=talent:2,use:0`; others keep the edition's."""
    opened, reading = open_set(edition, set)
    found = reweigh(opened, reading, Weights(_weights("w", w), _weights("i", i)))
    table = answer_tables.weights(opened, reading, found, language=language_of(lang))
    return answer(response, opened, table, is_pinned=edition is not None)


def _weights(name: str, text: str) -> dict[str, float]:
    out = {}
    for one in filter(None, (each.strip() for each in text.split(","))):
        key, _, number = one.partition(":")
        try:
            out[key.strip()] = float(number)
        except ValueError:
            raise HttpError(422, f"{name}: '{one[:60]}' is not a name and a number, such as talent:2.") from None
    return out
