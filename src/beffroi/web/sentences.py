"""Whole sentences about a region or an indicator, written in each language rather than translated."""

# ruff: noqa: E501 -- sentences and rows of data stay whole, to be read and searched for

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from beffroi.observatory.portrait import clearly
from beffroi.web import words
from beffroi.web.markup import ordinal, safe

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from beffroi.observatory.portrait import Ages, Freshness, Gap
    from beffroi.observatory.reading import Standing

HALF = 0.5


def where_title(name: str, language: str) -> str:
    """The question of a portrait."""
    if language == "fr":
        return f"Où en est {name} en Europe{words.JOINED}?"
    return f"Where does {name} stand in Europe?"


def rank_lead(name: str, one: Standing, ranked: int, language: str) -> SafeString:
    """The answer of a portrait: rank, number of regions, interval and its chance."""
    low, high, rank = (ordinal(each, language) for each in (one.rank_low, one.rank_high, one.rank))
    count, odds, own = words.number(ranked, 0, language), words.chance(0.9, language), escape(name)
    if language == "fr":
        place = (
            f"{odds} qu’elle soit à cette place précise"
            if one.rank_low == one.rank_high
            else f"entre la {low} et la {high} place ({odds})"
        )
        return safe(f"{own} est <strong>{rank} sur {count} régions</strong>, {place}.")
    if one.rank_low == one.rank_high:
        return safe(f"{own} ranks <strong>{rank} of {count} regions</strong>; {odds} say exactly that place.")
    return safe(f"{own} ranks <strong>{rank} of {count} regions</strong>, between {low} and {high} ({odds}).")


def sides(strong: list[str], weak: list[str], language: str) -> str:
    """What a region is strong and weak at, from short names of indicators."""
    strong, weak = ([words.lowered(one) for one in each[:2]] for each in (strong, weak))
    s, w = words.enumeration(strong, language), words.enumeration(weak, language)
    if language == "fr":
        if s and w:
            return f"Ce qui la porte{words.JOINED}: {s}. Ce qui la retient{words.JOINED}: {w}."
        if s or w:
            kind = ("fort" if s else "faible") + ("s" if len(strong or weak) > 1 else "")
            lead = "Ses points" if len(strong or weak) > 1 else "Son point"
            return f"{lead} {kind}{words.JOINED}: {s or w}."
        return "Aucun indicateur ne se détache nettement, ni en bien ni en mal."
    if s and w:
        return f"What lifts it: {s}. What holds it back: {w}."
    if s or w:
        return f"Its {'strong' if s else 'weak'} point{'s' if len(strong or weak) > 1 else ''}: {s or w}."
    return "No indicator stands out clearly, for better or for worse."


def top_five(one: Standing, language: str) -> str:
    """What can be said of a place among the first five."""
    p, odds = one.top_5.p, words.chance(one.top_5.p, language)
    if language == "fr":
        if p < 1 - words.CERTAIN:
            return "Rien ne permet encore d’espérer les cinq premières places."
        if p > words.CERTAIN:
            return "Elle est parmi les cinq premières dans presque tous les scénarios."
        return f"Pour les cinq premières places{words.JOINED}: {odds}."
    if p < 1 - words.CERTAIN:
        return "Nothing yet gives reason to hope for the top five."
    if p > words.CERTAIN:
        return "It is in the top five in almost every scenario."
    return f"For a place in the top five: {odds}."


def rank_finding(one: Standing, ranked: int, language: str) -> str:
    """How many regions are clearly above, below, or not separable."""
    above, level, below = clearly(one, ranked)
    a, e, b = (words.number(each, 0, language) for each in (above, level, below))
    if language == "fr":
        first = (
            "Aucune région ne la devance nettement" if not above
            else "Une région la devance nettement" if above == 1 else f"{a} régions la devancent nettement"
        )  # fmt: skip
        middle = (
            "aucune n’est au coude à coude" if not level else f"{e} {'est' if level == 1 else 'sont'} au coude à coude"
        )
        return f"{first}, {middle}, {b if below else 'aucune'} {'sont' if below > 1 else 'est'} nettement derrière"
    first = "No region is" if not above else "One region is" if above == 1 else f"{a} regions are"
    middle = "none" if not level else e
    return f"{first} clearly ahead, {middle} too close to call, {b if below else 'none'} clearly behind"


def profile_finding(strong: list[str], weak: list[str], language: str) -> str:
    """The heading above the picture of strengths and weaknesses."""
    s, w = (words.lowered(each[0]) if each else "" for each in (strong, weak))
    if language == "fr":
        if s and w:
            return f"Au mieux : {s} ; au plus bas : {w}"
        return (
            f"Au mieux{words.JOINED}: {s}"
            if s
            else f"Au plus bas{words.JOINED}: {w}"
            if w
            else "Un profil sans relief net"
        )
    if s and w:
        return f"At its best for {s}, at its lowest for {w}"
    return f"At its best for {s}" if s else f"At its lowest for {w}" if w else "A profile without clear relief"


def gap_finding(gap: Gap, pillar: str, language: str) -> str:
    """How far the first five are, and where most of it lies."""
    points, name = words.number(abs(gap.points), 1, language), words.lowered(pillar)
    if gap.points <= 0:
        if language == "fr":
            return f"À la hauteur des cinq premières{words.JOINED}: {points} points au-dessus de leur moyenne"
        return f"Level with the top five: {points} points above their mean"
    if language == "fr":
        return f"Il manque {points} points pour rejoindre la moyenne des cinq premières, d’abord en {name}"
    return f"{points} points short of the mean of the top five, first of all in {name}"


def ages_line(ages: Ages, language: str) -> str:
    """How old the figures behind a portrait are and how they came."""
    if ages.newest is None:
        return "Aucun chiffre publié." if language == "fr" else "No published figure."
    total = ages.observed + ages.parts + ages.recoded
    if language == "fr":
        found = f"{total} chiffres datent de {ages.oldest} à {ages.newest}, la moitié de {ages.middle} ou après"
        parts = f"{words.NARROW}; {ages.parts} sont composés à partir de régions plus petites" if ages.parts else ""
        moved = f"{words.NARROW}; {ages.recoded} sont convertis d’un ancien découpage" if ages.recoded else ""
        gone = (
            f"{words.NARROW}; {ages.missing} {'manque et est estimé' if ages.missing == 1 else 'manquent et sont estimés'} pour le seul calcul de l’indice"
            if ages.missing
            else ""
        )
        return f"{found}{parts}{moved}{gone}."
    found = f"{total} figures date from {ages.oldest} to {ages.newest}, half of them from {ages.middle} or later"
    parts = f"; {ages.parts} are put together from smaller regions" if ages.parts else ""
    moved = f"; {ages.recoded} are carried over from older boundaries" if ages.recoded else ""
    gone = (
        f"; {ages.missing} {'is' if ages.missing == 1 else 'are'} missing and estimated for the index alone"
        if ages.missing
        else ""
    )
    return f"{found}{parts}{moved}{gone}."


def stale_line(fresh: Freshness, refresh_months: int, language: str) -> str:
    """The state of an indicator's figures: fresh, late (age and why) or ended."""
    if fresh.newest_year is None or fresh.months is None:
        return "Aucun chiffre dans cette édition." if language == "fr" else "No figure in this edition."
    years = words.number(fresh.months / 12, 1, language)
    if language == "fr":
        base = f"Dernier chiffre{words.JOINED}: {fresh.newest_year}, soit {years} ans à la date de l’édition."
        if not fresh.is_stale:
            return f"{base} L’éditeur publie tous les {refresh_months} mois{words.JOINED}: c’est à jour."
        why = (
            "La série s’arrête là, pour la raison donnée sous « Ruptures »." if fresh.is_ended
            else "Soit l’éditeur est en retard, soit la série est venue avec la réserve de départ et attend une relève."
        )  # fmt: skip
        return f"{base} C’est plus vieux que le rythme de l’éditeur ({refresh_months} mois). {why}"
    base = f"Newest figure: {fresh.newest_year}, {years} years old at the edition’s date."
    if not fresh.is_stale:
        return f"{base} The publisher updates every {refresh_months} months: this is current."
    why = (
        "The series ends there, for the reason given under “Breaks”." if fresh.is_ended
        else "Either the publisher is late, or the series came with the starter and waits for a refresh."
    )  # fmt: skip
    return f"{base} That is older than the publisher’s rhythm ({refresh_months} months). {why}"


_CODES = {
    "strength": ("force", "strength"), "weakness": ("faiblesse", "weakness"), "middle": ("dans la moyenne", "middling"),
    "not_distinguishable": ("non distinguable", "not distinguishable"), "unknown": ("inconnu", "unknown"),
    "observed": ("publié", "published"), "parts": ("composé de régions plus petites", "from smaller regions"),
    "recoded": ("converti d’un ancien découpage", "carried over boundaries"), "imputed": ("estimé", "estimated"),
    "not_published": ("non publié", "not published"), "coverage": ("trop peu de chiffres", "too few figures"),
    "too_few_figures": ("trop peu de chiffres", "too few figures"),
    "by_country_mean": ("la moyenne du pays", "the country’s mean"), "by_set_median": ("la médiane", "the median"),
    "by_country_draw": ("un tirage parmi le pays", "a draw within the country"),
    "country_mean": ("non publié ; estimé par la moyenne du pays", "not published; estimated by the country’s mean"),
    "set_median": ("non publié ; estimé par la médiane", "not published; estimated by the median"),
    "country_draw": ("non publié ; tiré parmi le pays", "not published; drawn within the country"),
    "set_draw": ("non publié ; tiré parmi les régions", "not published; drawn among regions"),
    "none": ("aucun traitement", "no treatment"), "winsorised": ("valeurs extrêmes ramenées", "extremes pulled in"),
    "log": ("échelle logarithmique", "logarithmic scale"),
    "up": ("en hausse", "rising"), "down": ("en baisse", "falling"), "steady": ("stable", "steady"),
    "min_max": ("du minimum au maximum", "minimum to maximum"), "z_score": ("écarts-types", "standard scores"),
    "percentile": ("rangs centiles", "percentile ranks"), "arithmetic": ("moyenne arithmétique", "arithmetic mean"),
    "geometric": ("moyenne géométrique", "geometric mean"), "harmonic": ("moyenne harmonique", "harmonic mean"),
    "winsorise_or_log": ("extrêmes ramenés, ou logarithme", "extremes pulled in, or logarithm"),
    "": ("", ""),
}  # fmt: skip
_STATUS = {
    "A": ("normal", "normal"), "B": ("rupture de série", "break in series"), "D": ("définition différente", "definition differs"),
    "E": ("estimé", "estimated"), "F": ("prévision", "forecast"), "I": ("imputé par l’éditeur", "imputed by the publisher"),
    "L": ("non collecté", "not collected"), "M": ("sans objet", "cannot exist"), "N": ("non significatif", "not significant"),
    "O": ("manquant", "missing"), "P": ("provisoire", "provisional"), "U": ("peu fiable", "low reliability"),
}  # fmt: skip


def code(value: str, language: str) -> str:
    """A code of an edition in words; an unknown one is shown as it is, without underscores."""
    found = _CODES.get(value)
    return value.replace("_", " ") if found is None else found[0 if language == "fr" else 1]


def status(letters: str, language: str) -> str:
    """SDMX status letters in words."""
    found = [_STATUS.get(letter, (letter, letter))[0 if language == "fr" else 1] for letter in letters]
    return ", ".join(found)
