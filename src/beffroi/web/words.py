"""Numbers in words a reader of either language writes: separators, ordinals, chances, intervals.

French: comma, narrow no-break space between thousands and before `%`, `1er`, `38e`. English: point, comma, `38th`.
Text stays on one line where a break would hurt: no-break spaces join a number to its unit.
"""

from __future__ import annotations

import math
from typing import Literal

Language = Literal["fr", "en"]
NARROW = "\u202f"
JOINED = "\u00a0"
MINUS = "\u2212"
CERTAIN = 0.999
SMALLEST_SHARE = 0.01
ALMOST_ONE = 0.95  # rounds to one chance without misleading
_TEN, _HUNDRED, _THOUSAND = 10, 100, 1000
_TEENS = (11, 12, 13)
PROPER_NAMES = ("Erasmus", "Europe", "Eurostat", "Horizon")


def number(value: float, decimals: int, language: str) -> str:
    """A number with its separators.

    >>> number(-12345.678, 1, "en")
    '−12,345.7'
    >>> number(12345.678, 1, "fr") == "12" + NARROW + "345,7"
    True
    """
    text = f"{abs(value):,.{decimals}f}"
    sign = MINUS if value < 0 and any(digit in text for digit in "123456789") else ""
    if language == "fr":
        text = text.replace(",", NARROW).replace(".", ",")
    return sign + text


def signed(value: float, decimals: int, language: str) -> str:
    """A number that always shows its sign, except zero.

    >>> signed(2.34, 1, "en"), signed(0.01, 1, "en")
    ('+2.3', '0.0')
    """
    text = number(value, decimals, language)
    is_zero = not any(digit in text for digit in "123456789")
    return text if is_zero or value < 0 else f"+{text}"


def percent(share: float, language: str, *, decimals: int = 0) -> str:
    """A share in per cent.

    >>> percent(0.042, "en", decimals=1)
    '4.2%'
    """
    return number(share * 100, decimals, language) + (f"{NARROW}%" if language == "fr" else "%")


def share(p: float, language: str) -> str:
    """A share of scenarios in per cent that never claims certainty: `< 1%` and `> 99%` at the ends.

    >>> share(0.0, "en"), share(0.42, "en"), share(1.0, "en")
    ('< 1%', '42%', '> 99%')
    """
    if p < SMALLEST_SHARE:
        return f"< {percent(0.01, language)}"
    if p > 1 - SMALLEST_SHARE:
        return f"> {percent(0.99, language)}"
    return percent(min(max(p, 0.01), 0.99), language)


def measure(value: float | None, symbol: str, decimals: int, language: str) -> str:
    """A number with its unit; a dash when missing.

    >>> measure(4.25, "%", 1, "en"), measure(None, "%", 1, "en")
    ('4.2%', '–')
    """
    if value is None:
        return "–"
    text = number(value, decimals, language)
    if not symbol:
        return text
    if symbol.startswith("%"):
        return f"{text}{NARROW if language == 'fr' else ''}{symbol.replace(' ', JOINED)}"
    return f"{text}{JOINED}{symbol.replace(' ', JOINED)}"


def ending(rank: int, language: str, *, is_feminine: bool = True) -> str:
    """The letters after an ordinal number: `1re région`, `1er rang`, `38e`; `1st`, `22nd`, `113th`."""
    if language == "fr":
        return ("re" if is_feminine else "er") if rank == 1 else "e"
    if rank % 100 in _TEENS:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")


def ordinal(rank: int, language: str, *, is_feminine: bool = True) -> str:
    """A rank in letters and figures.

    >>> ordinal(38, "fr"), ordinal(1, "fr"), ordinal(1, "fr", is_feminine=False), ordinal(113, "en")
    ('38e', '1re', '1er', '113th')
    """
    return number(rank, 0, language) + ending(rank, language, is_feminine=is_feminine)


def chance(p: float, language: str) -> str:
    """A probability in plain words, rounded to what a reader can picture.

    >>> chance(0.9, "fr").replace(JOINED, " "), chance(0.9, "en").replace(JOINED, " ")
    ('9 chances sur 10', '9 chances in 10')
    >>> chance(0.0, "en").replace(JOINED, " "), chance(1.0, "en").replace(JOINED, " ")
    ('less than 1 chance in 1,000', 'more than 999 chances in 1,000')
    """
    if math.isnan(p) or not 0 <= p <= 1:
        raise ValueError(f"A chance lies between 0 and 1, not {p}.")
    if p < 1 - CERTAIN:
        return ("moins d’" if language == "fr" else "less than ") + _odds(1, _THOUSAND, language)
    if p > CERTAIN:
        return ("plus de " if language == "fr" else "more than ") + _odds(_THOUSAND - 1, _THOUSAND, language)
    edge = min(p, 1 - p)
    base = next((one for one in (_TEN, _HUNDRED) if edge * one >= ALMOST_ONE), _THOUSAND)
    return _odds(min(max(round(p * base), 1), base - 1), base, language)


def _odds(count: int, base: int, language: str) -> str:
    count_text, base_text = number(count, 0, language), number(base, 0, language)
    word = "chance" if count == 1 else "chances"
    if language == "fr":
        lead = "une" if count == 1 else count_text
        return f"{lead}{JOINED}{word} sur{JOINED}{base_text}"
    return f"{count_text}{JOINED}{word} in{JOINED}{base_text}"


def interval(low: float, high: float, decimals: int, language: str) -> str:
    """Two ends of an interval.

    >>> interval(27, 62, 0, "en").replace(JOINED, " ")
    '27 to 62'
    """
    joint = "à" if language == "fr" else "to"
    return f"{number(low, decimals, language)} {joint}{JOINED}{number(high, decimals, language)}"


_MONTHS = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


def day(iso: str, language: str) -> str:
    """An ISO date in words.

    >>> day("2026-11-01", "fr").replace(JOINED, " "), day("2026-11-02", "en").replace(JOINED, " ")
    ('1er novembre 2026', '2 November 2026')
    """
    try:
        year, month, date = (int(part) for part in iso[:10].split("-"))
        name = _MONTHS[language][month - 1]
    except (ValueError, IndexError):
        return iso
    first = "1er" if language == "fr" and date == 1 else str(date)
    return f"{first}{JOINED}{name}{JOINED}{year}"


def enumeration(items: list[str], language: str) -> str:
    """Items joined with commas and a final `et` or `and`.

    >>> enumeration(["a", "b", "c"], "en")
    'a, b and c'
    """
    if len(items) <= 1:
        return "".join(items)
    return f"{', '.join(items[:-1])} {'et' if language == 'fr' else 'and'} {items[-1]}"


def lowered(text: str) -> str:
    """A label's first letter in lower case, to stand inside a sentence; acronyms stay.

    >>> lowered("Business R&D"), lowered("R&D spending"), lowered("GDP")
    ('business R&D', 'R&D spending', 'GDP')
    """
    is_word = len(text) > 1 and text[1].islower() and not text.startswith(PROPER_NAMES)
    return text[0].lower() + text[1:] if is_word else text
