"""Find organisations by words that may lack accents or carry a slip of the finger, and by list and department."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.federation.consent import GRANTED
from beffroi.federation.rows import plain
from beffroi.records import models

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SEARCHED = ("name", "brand", "city", "siren", "naf")
ONE_SLIP, TWO_SLIPS = 4, 8  # letters from which a word may be one or two slips away
OVERSEAS = ("97", "98")


@dataclass(frozen=True, slots=True)
class Entry:
    """An organisation as the directory shows it. `words` are what a search looks at, without accents or case."""

    id: str
    name: str
    city: str
    postcode: str
    lists: tuple[str, ...]
    is_public: bool
    words: tuple[str, ...]

    @property
    def department(self) -> str:
        """The French department of the post code; empty when there is none.

        >>> Entry("o", "", "", "97410", (), True, ()).department
        '974'
        """
        code = self.postcode.replace(" ", "")
        return code[: 3 if code.startswith(OVERSEAS) else 2] if len(code) == 5 and code.isdigit() else ""  # noqa: PLR2004 -- a French post code has five digits


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for; empty means everything."""

    words: str = ""
    list: str = ""
    department: str = ""


def entries() -> list[Entry]:
    """Return every organisation, by name."""
    lists: dict[str, list[str]] = {}
    held = models.Membership.objects.filter(until__isnull=True).order_by("source__name")
    for address, source in held.values_list("organisation_id", "source__name"):
        lists.setdefault(address, []).append(source)
    found = []
    for one in models.Organisation.objects.only("id", "name", "city", "postcode", "values").iterator():
        said = {key: str(value.get("value", "")) for key, value in one.values.items()}
        words = plain(" ".join([one.name, *(said.get(key, "") for key in SEARCHED)])).split()
        is_public = said.get("consent_directory") == GRANTED
        found.append(
            Entry(
                one.id,
                one.name,
                one.city,
                one.postcode,
                tuple(lists.get(one.id, ())),
                is_public,
                tuple(dict.fromkeys(words)),
            )
        )
    return sorted(found, key=lambda one: (plain(one.name), one.id))


def select(held: Iterable[Entry], query: Query) -> list[Entry]:
    """Return the entries that a query asks for, those whose words are written just so first.

    Each word must begin, or nearly be, a word of the entry: one slip (a letter more, less, other, or two swapped) from
    four letters on, two from eight on.
    """
    asked = plain(query.words).split()
    ranked = []
    for number, one in enumerate(held):
        if (query.list and query.list not in one.lists) or (query.department and query.department != one.department):
            continue
        far = [min((_distance(word, each) for each in one.words), default=None) for word in asked]
        if all(each is not None and each < FAR for each in far):
            ranked.append((sum(each or 0 for each in far), number, one))
    return [one for _, _, one in sorted(ranked, key=lambda found: found[:2])]


def facets(held: Sequence[Entry]) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Return lists and departments with how many entries each has."""
    by_list = Counter(each for one in held for each in one.lists)
    by_department = Counter(one.department for one in held if one.department)
    return sorted(by_list.items()), sorted(by_department.items())


FAR = 9


def _distance(word: str, other: str) -> int:
    if other.startswith(word):
        return 0
    slips = 2 if len(word) >= TWO_SLIPS else 1 if len(word) >= ONE_SLIP else 0
    if not slips or len(other) < len(word) - slips:
        return FAR
    found = slips_between(word, other[: len(word) + slips])
    if len(other) > len(word) + 1:  # a word half typed, with a slip
        found = min(found, slips_between(word, other[: len(word)]))
    return found if found <= slips else FAR


def slips_between(one: str, other: str) -> int:
    """Return how many letters to add, drop, change or swap with a neighbour to go from one word to the other.

    >>> slips_between("lyon", "lyno"), slips_between("numelink", "numerlink"), slips_between("a", "a")
    (1, 1, 0)
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, each in enumerate(other, 1):
            cost = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + (letter != each))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == each:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, last = last, line
    return last[-1]
