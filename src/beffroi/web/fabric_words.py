"""Sentences about the fabric, written in each language rather than translated."""

# ruff: noqa: E501 -- sentences stay whole, to be read and searched for

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.web import words
from beffroi.web.words import JOINED, NARROW

if TYPE_CHECKING:
    from beffroi.observatory.fabric_frozen import About

_SAID = {
    "index": ("De quoi le tissu numérique est-il fait\u202f?", "What is the digital fabric made of?"),
    "empty": (
        "Le tissu d’entreprises d’un territoire se compte dans le registre national SIRENE. Aucun registre n’est encore chargé ici. Deux commandes y mènent\u00a0:",
        "The fabric of a territory’s firms is counted in the national register SIRENE. No register is loaded here yet. Two commands lead there:",
    ),
    "synthetic": (
        "Registre synthétique\u00a0: ces entreprises sont inventées pour un essai. Aucune n’existe.",
        "Synthetic register: these firms were invented for a trial; no such firm exists.",
    ),
    "units": ("Unités légales", "Legal units"),
    "establishments": ("Établissements", "Establishments"),
    "jobs": ("Emplois, milieux de tranches", "Jobs, middles of bands"),
    "quotient": ("Quotient de localisation", "Location quotient"),
    "territory": ("Territoire", "Territory"),
    "interval": ("Intervalle à 95\u202f%", "95% interval"),
    "reading": ("Lecture", "Reading"),
    "above": ("au-dessus de la France", "above France"),
    "below": ("au-dessous de la France", "below France"),
    "not_distinguishable": ("non distinguable de la France", "not distinguishable from France"),
    "too_few_units": ("secret\u00a0: moins de trois entreprises", "secret: fewer than three firms"),
    "one_unit_dominates": ("secret\u00a0: une entreprise domine", "secret: one firm dominates"),
    "complementary": ("secret\u00a0: mènerait à un autre secret", "secret: would lead to another secret"),
    "year": ("Année", "Year"),
    "active": ("Actifs dans l’année", "Active in the year"),
    "births": ("Créations", "Births"),
    "deaths": ("Fermetures", "Deaths"),
    "birth_rate": ("Taux de création", "Birth rate"),
    "survival_3": ("Survie à 3 ans", "Survival after 3 years"),
    "parts": ("Territoire par territoire", "Territory by territory"),
    "years": ("Naissances et fermetures au fil des ans", "Births and deaths through the years"),
    "how": (
        "Comment lire\u00a0: le point est la part des établissements numériques du territoire, rapportée à celle de la France (1)\u202f; le trait, son intervalle exact à 95\u202f%. Un trait qui touche 1 ne se distingue pas de la France.",
        "How to read: the dot is the territory’s share of digital establishments over that of France (1); the line is its exact interval at 95%. A line that touches 1 cannot be told from France.",
    ),
    "how_years": (
        "Comment lire\u00a0: établissements créés et fermés chaque année, d’après les dates du registre\u202f; l’activité est celle d’aujourd’hui.",
        "How to read: establishments created and closed in each year, from the register’s dates; their activity is today’s.",
    ),
    "other": ("Autre territoire", "Another territory"),
    "show": ("Voir le territoire", "Show the territory"),
    "compare": ("Comparer les périmètres", "Compare perimeters"),
    "back": ("Revenir au tissu du territoire", "Back to the territory’s fabric"),
    "perimeter": ("Périmètre", "Perimeter"),
    "new_share": ("Écart NAF 2025 / NAF rév. 2", "NAF 2025 against NAF rev. 2"),
    "breaks": ("Ce qui change de côté entre NAF rév. 2 et NAF 2025", "What changes sides between NAF rev. 2 and NAF 2025"),
    "is_broken": ("La série est rompue", "The series is broken"),
    "is_whole": ("La série se suit", "The series can be followed"),
    "epci_years": (
        "Les années ne sont données que pour les départements et les régions\u00a0: en dessous, elles parleraient d’entreprises isolées.",
        "Years are given for départements and regions only: below, they would tell of single firms.",
    ),
    "what_jobs": (
        "Les emplois sont les milieux des tranches d’effectifs de chaque établissement, un ordre de grandeur\u202f; l’effectif de la plupart des petits est inconnu.",
        "Jobs are the middles of each establishment’s staff band, an order of magnitude; the staff of most small ones is unknown.",
    ),
    "why_differ": (
        "En 2014, EY comptait 57\u202f141 emplois numériques en Auvergne-Rhône-Alpes\u202f; en 2017, l’INSEE, 117\u202f330 salariés. Les deux sont justes\u00a0: ils ne comptent pas les mêmes activités. C’est pourquoi chaque chiffre nomme ici son périmètre.",
        "In 2014 EY counted 57,141 digital jobs in Auvergne-Rhône-Alpes; in 2017 INSEE counted 117,330 employees. Both are right: they do not count the same activities. That is why every figure here names its perimeter.",
    ),
}  # fmt: skip
_LEVELS = {
    "country": ("pays", "country"), "nuts1": ("région", "region"), "nuts2": ("ancienne région", "former region"),
    "nuts3": ("département", "département"), "epci": ("intercommunalité", "intercommunal authority"),
}  # fmt: skip


def said(key: str, language: str) -> str:
    """A phrase; an unknown key is shown as it is."""
    return _SAID.get(key, (key, key))[0 if language == "fr" else 1]


def level(key: str, language: str) -> str:
    """A level of territories."""
    return _LEVELS[key][0 if language == "fr" else 1]


def title(name: str, language: str) -> str:
    """The question of a territory's page."""
    if language == "fr":
        return f"De quoi le tissu numérique est-il fait{JOINED}: {name}"
    return f"What is the digital fabric made of: {name}"


def perimeters_title(name: str, language: str) -> str:
    """The question of the comparison."""
    if language == "fr":
        return f"Qu’appelle-t-on numérique{NARROW}? {name}"
    return f"What counts as digital? {name}"


def month(text: str, language: str) -> str:
    """A month in words."""
    return words.day(f"{text}-02", language).split(JOINED, 1)[1]


def lead(name: str, establishments: int, units: int, language: str) -> str:
    """How many."""
    sites, firms = (words.number(one, 0, language) for one in (establishments, units))
    if language == "fr":
        return f"{name} compte {sites} établissements numériques actifs, de {firms} unités légales (compte exact)."
    return f"{name} counts {sites} active digital establishments of {firms} legal units (exact)."


def standing(value: float, low: float, high: float, reading: str, language: str) -> str:
    """The quotient and what may be said of it."""
    figure, span = words.number(value, 2, language), words.interval(low, high, 2, language)
    if language == "fr":
        return f"Leur part vaut {figure} fois celle de la France (de {span}, à 95{NARROW}%){JOINED}: {said(reading, language)}."
    return f"Their share is {figure} times that of France ({span}, at 95%): {said(reading, language)}."


def change(now: int, before: int, when: str, language: str) -> str:
    """Against the month loaded before."""
    figure = words.signed(now - before, 0, language)
    if language == "fr":
        return f"{figure} établissements depuis {month(when, language)}."
    return f"{figure} establishments since {month(when, language)}."


def secret(name: str, reason: str, language: str) -> str:
    """A territory whose counts may not be shown."""
    if language == "fr":
        return f"Les chiffres de {name} ne peuvent être montrés ({said(reason, language)})."
    return f"The figures of {name} may not be shown ({said(reason, language)})."


def credit(about: About, perimeter: str, language: str) -> str:
    """Perimeter, nomenclature, source and month."""
    vintage = {"NAFRev2": ("NAF rév. 2", "NAF rev. 2")}.get(about.nomenclature, ("NAF 2025", "NAF 2025"))
    name = vintage[0 if language == "fr" else 1]
    head = "Périmètre" if language == "fr" else "Perimeter"
    joint = f"{JOINED}:" if language == "fr" else ":"
    return f"{head}{joint} {perimeter}, {about.version} ({name}). {source(about, language)}"


def source(about: About, language: str) -> str:
    """Source and month; an invented register says so."""
    joint = f"{JOINED}:" if language == "fr" else ":"
    when = month(about.month, language)
    return (
        f"Source{joint} {said('synthetic', language)} {when}."
        if about.synthetic
        else f"Source{joint} {about.source}, {when}."
    )
