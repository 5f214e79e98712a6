"""Size classes of enterprises by the French decree: micro-enterprise, SME, mid-size, large; and unknown.

Décret n° 2008-1354 of 18 December 2008 (in application of article 51 of law 2008-776), article 3: headcount, and yearly
turnover or balance-sheet total. Lists state no balance sheet, so that turnover alone speaks where it is known; where it
is not, headcount alone. A list whose headcounts are missing says nothing of size: that is a class of its own.
"""

from __future__ import annotations

MICRO, SME, MID, LARGE, UNKNOWN = "micro", "sme", "mid_size", "large", "unknown"
CLASSES = (MICRO, SME, MID, LARGE, UNKNOWN)
SOURCE = "Décret n° 2008-1354, art. 3"
# Fewer persons than, and turnover of at most (EUR a year).
_BOUNDS = ((MICRO, 10, 2e6), (SME, 250, 50e6), (MID, 5_000, 1.5e9))


def size_class(employees: str, revenue_eur: str = "") -> str:
    """Return the class of an enterprise from what a list states; `unknown` without a headcount.

    >>> size_class("9", "1500000"), size_class("9"), size_class("9", "3000000"), size_class("250")
    ('micro', 'micro', 'sme', 'mid_size')
    >>> size_class("5000"), size_class("", "1000"), size_class("about ten")
    ('large', 'unknown', 'unknown')
    """
    staff, revenue = _number(employees), _number(revenue_eur)
    if staff is None:
        return UNKNOWN
    return next((name for name, few, most in _BOUNDS if staff < few and (revenue or 0) <= most), LARGE)


def _number(text: str) -> float | None:
    try:
        return float(text.replace(" ", "").replace("\u202f", "").replace("\u00a0", ""))
    except ValueError:
        return None
