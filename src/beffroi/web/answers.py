"""Whole sentences that answer the questions about a region, written in each language rather than translated."""

# ruff: noqa: E501 -- sentences stay whole, to be read and searched for

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from beffroi.web import words
from beffroi.web.markup import ordinal, safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.safestring import SafeString

    from beffroi.observatory.merge import Merged
    from beffroi.observatory.outlook import PathYear
    from beffroi.observatory.why import Change, Why

EVEN_POINTS = 0.05  # half of the last figure shown
RARE = 0.01


def odds(p: float, language: str) -> str:
    """A chance counted over some hundreds of futures: nothing finer than one in a hundred is claimed."""
    return words.chance(min(max(p, 0.0), 1.0), language) if RARE <= p <= 1 - RARE else _edge(p, language)


def _edge(p: float, language: str) -> str:
    if language == "fr":
        return (
            f"moins d’une{words.JOINED}chance sur{words.JOINED}100"
            if p < RARE
            else f"plus de 99{words.JOINED}chances sur{words.JOINED}100"
        )
    return (
        f"less than 1{words.JOINED}chance in{words.JOINED}100"
        if p < RARE
        else f"more than 99{words.JOINED}chances in{words.JOINED}100"
    )


def when_title(name: str, language: str) -> str:
    """The question of the years ahead."""
    if language == "fr":
        return f"Quand {name} peut-elle progresser{words.JOINED}?"
    return f"By when could {name} rise?"


def when_lead(name: str, now: PathYear, then: PathYear, language: str) -> SafeString:
    """Where the region would be after some years if everybody kept its pace."""
    own, count = escape(name), words.number(then.year, 0, language)
    today, rank, low, high = (ordinal(one, language) for one in (now.rank, then.rank, then.rank_low, then.rank_high))
    nine = words.chance(0.9, language)
    if language == "fr":
        return safe(
            f"{count} ans après ces chiffres, si chaque région garde son allure, {own} ({today} dans cette édition) serait <strong>{rank}</strong>, "
            f"entre la {low} et la {high} place ({nine})."
        )
    return safe(
        f"{count} years after these figures, if every region keeps its pace, {own} ({today} in this edition) would be <strong>{rank}</strong>, "
        f"between {low} and {high} ({nine})."
    )


def when_goal(title: str, p: float, language: str) -> str:
    """The chance that one place is held within twenty years, as a heading."""
    if language == "fr":
        return f"{title}, d’ici vingt ans{words.JOINED}: {odds(p, language)}"
    return f"{title}, within twenty years: {odds(p, language)}"


def peers_title(name: str, language: str) -> str:
    """The question of peers."""
    if language == "fr":
        return f"Quelles régions ressemblent à {name}{words.JOINED}?"
    return f"Which regions are like {name}?"


def peers_lead(name: str, nearest: Sequence[str], ahead: int, count: int, rank: int, language: str) -> SafeString:
    """Who is nearest, and how many of the peers rank better."""
    own, names = escape(name), escape(words.enumeration(list(nearest), language))
    place = ordinal(rank, language)
    if language == "fr":
        mieux = (
            "aucune n’est mieux classée"
            if ahead == 0
            else f"{ahead} {'est mieux classée' if ahead == 1 else 'sont mieux classées'}"
        )
        return safe(
            f"Les plus semblables sont {names}. Sur les {count} régions qui ressemblent le plus à {own} ({place}), <strong>{mieux}</strong>."
        )
    better = "none ranks" if ahead == 0 else f"{ahead} rank{'s' if ahead == 1 else ''}"
    return safe(
        f"The most alike are {names}. Of the {count} regions most like {own} ({place}), <strong>{better} better</strong>."
    )


def why_title(name: str, rival: str, language: str) -> str:
    """The question of a gap."""
    if language == "fr":
        return f"Pourquoi cet écart entre {name} et {rival}{words.JOINED}?"
    return f"Why the gap between {name} and {rival}?"


def why_lead(found: Why, own: str, rival: str, lifts: Sequence[str], holds: Sequence[str], language: str) -> SafeString:
    """The gap in points, what makes it, and how sure the order is."""
    size = words.number(abs(found.points), 1, language)
    first, second = escape(own), escape(rival)
    chance = words.chance(found.above, language)
    up, down = (
        escape(words.enumeration([words.lowered(one) for one in each[:2]], language)) for each in (lifts, holds)
    )
    if language == "fr":
        if abs(found.points) < EVEN_POINTS:
            lead = f"{first} et {second} sont <strong>à égalité de points</strong>"
        else:
            side = "devance" if found.points > 0 else "suit"
            lead = f"{first} {side} {second} de <strong>{size} points sur 100</strong>"
        text = f"{lead}{words.NARROW}; qu’elle soit devant{words.JOINED}: {chance}."
        text += f" Ce qui la retarde le plus{words.JOINED}: {down}." if down else ""
        text += f" Ce qui l’avance le plus{words.JOINED}: {up}." if up else ""
        return safe(text)
    if abs(found.points) < EVEN_POINTS:
        lead = f"{first} and {second} have <strong>the same points</strong>"
    else:
        lead = (
            f"{first} is <strong>{size} points of 100</strong> {'ahead of' if found.points > 0 else 'behind'} {second}"
        )
    text = f"{lead}; that it is ahead: {chance}."
    text += f" What holds it back most: {down}." if down else ""
    text += f" What lifts it most: {up}." if up else ""
    return safe(text)


def change_finding(found: Change, language: str) -> str:
    """A change of rank between two editions, in words."""
    places = found.after - found.before
    before, after = (words.ordinal(one, language) for one in (found.before, found.after))
    size = words.number(abs(places), 0, language)
    if language == "fr":
        if places == 0:
            return f"Depuis l’édition {found.since}, elle est restée {after}"
        verb = "gagné" if places < 0 else "perdu"
        return f"Depuis l’édition {found.since}, elle a {verb} {size} place{'s' if abs(places) > 1 else ''}{words.JOINED}: de la {before} à la {after}"
    if places == 0:
        return f"Since edition {found.since}, it has stayed {after}"
    verb = "gained" if places < 0 else "lost"
    return f"Since edition {found.since}, it has {verb} {size} place{'s' if abs(places) > 1 else ''}: from {before} to {after}"


def merge_lead(found: Merged, names: Sequence[str], ranks: Sequence[int], language: str) -> SafeString:
    """Where the merged region would stand."""
    joined = escape(words.enumeration(list(names), language))
    rank, low, high, again = (
        ordinal(one, language) for one in (found.frozen_rank, found.rank_low, found.rank_high, found.refitted_rank)
    )
    count = words.number(found.ranked, 0, language)
    alone = words.enumeration([words.ordinal(one, language) for one in ranks], language)
    if language == "fr":
        span = (
            f"entre la {low} et la {high} place selon ce que valent les chiffres estimés"
            if found.rank_low != found.rank_high
            else "quels que soient les chiffres estimés"
        )
        return safe(
            f"Réunies, {joined} seraient <strong>{rank} sur {count} régions</strong>, {span}{words.NARROW}; séparées, elles sont {alone}. "
            f"Avec des échelles refaites{words.JOINED}: {again}."
        )
    span = (
        f"between {low} and {high} depending on what the estimated figures are worth"
        if found.rank_low != found.rank_high
        else "whatever the estimated figures are worth"
    )
    return safe(
        f"Together, {joined} would be <strong>{rank} of {count} regions</strong>, {span}; apart, they are {alone}. "
        f"With scales fitted again: {again}."
    )


def weights_lead(name: str, rank: int, low: int, high: int, edition_rank: int, count: int, language: str) -> SafeString:
    """A region's rank under other weights beside the edition's."""
    own = escape(name)
    now, best, worst, was = (ordinal(one, language) for one in (rank, low, high, edition_rank))
    total, nine = words.number(count, 0, language), words.chance(0.9, language)
    if language == "fr":
        return safe(
            f"Avec vos poids, {own} serait <strong>{now} sur {total} régions</strong>, entre la {best} et la {worst} place ({nine}). Avec ceux de l’édition, elle est {was}."
        )
    return safe(
        f"With your weights, {own} would rank <strong>{now} of {total} regions</strong>, between {best} and {worst} ({nine}). With those of the edition, it is {was}."
    )
