"""Invented firms whose totals are those of a real merger of clusters: no real name, number, site or person.

Names are made of syllables and say "[fictif]"; legal units are `DEMO-00001` …, which no register gives; sites end in
`.example`, which nobody can own (RFC 2606). The totals are public: two lists of 300 announced as 600 members and nearly
3 bn EUR, 510 members on the day.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

ROWS_PER_LIST = 300
MEMBERS = 510
SHARED = 58  # organisations in both lists
REPEATED = 2  # organisations written twice in one list
SCHOOLS = 8  # members without number or revenue, the first ones named like a firm of the same town
NAMESAKES = 3
LAPSED = 18
CLOSED = 12
NON_MEMBERS = 420
REVENUE_EUR = 2_970_000_000

_STARTS = (
    "Vél",
    "Mor",
    "Tal",
    "Bri",
    "Nov",
    "Cal",
    "Sor",
    "Lum",
    "Fen",
    "Gar",
    "Hel",
    "Pax",
    "Ruv",
    "Zel",
    "Dov",
    "Quin",
)
_MIDDLES = ("a", "e", "i", "o", "ora", "ine", "umi", "ilo", "ane", "eso", "ari", "ulo")
_ENDS = ("dan", "vex", "lis", "tor", "mia", "rec", "nox", "bel", "zan", "quo", "phi", "ges")
_KINDS = ("Logiciels", "Données", "Jeux", "Réseaux", "Conseil", "Studio", "Systèmes", "Capteurs")
_NAF = {"Logiciels": "58.29C", "Données": "63.11Z", "Jeux": "58.21Z", "Réseaux": "61.90Z", "Conseil": "62.02A",
        "Studio": "62.01Z", "Systèmes": "62.02A", "Capteurs": "26.11Z"}  # fmt: skip
_TOWNS = (("69001", "Lyon", 40), ("42000", "Saint-Étienne", 14), ("38000", "Grenoble", 20),
          ("63000", "Clermont-Ferrand", 12), ("26000", "Valence", 7), ("74000", "Annecy", 7))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Firm:
    """An invented firm; revenue in EUR a year."""

    number: int
    name: str
    naf: str
    postcode: str
    city: str
    employees: int
    revenue_eur: int

    @property
    def siren(self) -> str:
        """Its invented legal unit."""
        return f"DEMO-{self.number:05}"

    @property
    def website(self) -> str:
        """Its site, under a name reserved for examples; schools have none of their own."""
        return "" if is_school(self) else f"firme-{self.number:05}.example"


def invent(*, seed: int) -> tuple[list[Firm], list[Firm]]:
    """Return the organisations behind the two lists, and the firms outside them.

    The first `MEMBERS` have `REVENUE_EUR` together, to the euro; the last `SCHOOLS` of these are schools without
    revenue. After the members come those that lapsed or closed.

    >>> inside, outside = invent(seed=1)
    >>> sum(one.revenue_eur for one in inside[:MEMBERS]), len(inside), len(outside)
    (2970000000, 540, 420)
    """
    chance = random.Random(seed)  # noqa: S311 -- invented firms, not secrets
    names = _names(chance, MEMBERS + LAPSED + CLOSED + NON_MEMBERS)
    sizes = [chance.lognormvariate(0, 1.5) for _ in range(MEMBERS - SCHOOLS)]
    inside = [round(size / sum(sizes) * REVENUE_EUR / 1000) * 1000 for size in sizes]
    inside[inside.index(max(inside))] += REVENUE_EUR - sum(inside)
    inside += [0] * SCHOOLS
    gone = [chance.randrange(100, 3000) * 1000 for _ in range(LAPSED + CLOSED)]
    outside = [round(chance.lognormvariate(1.6, 1.3) * 1_000_000 / 1000) * 1000 for _ in range(NON_MEMBERS)]
    firms = [_firm(number, *one, chance) for number, one in
             enumerate(zip(names, [*inside, *gone, *outside], strict=True), start=1)]  # fmt: skip
    for place in range(SCHOOLS):
        number = MEMBERS - SCHOOLS + place
        firms[number] = _school(firms[number], firms[place] if place < NAMESAKES else firms[number])
    count = len(firms) - NON_MEMBERS
    return firms[:count], firms[count:]


def is_school(firm: Firm) -> bool:
    """Whether an invented organisation is a school, which no register of firms holds."""
    return MEMBERS - SCHOOLS < firm.number <= MEMBERS


def share_out(firms: list[Firm], *, seed: int) -> tuple[list[Firm], list[Firm], list[Firm]]:
    """Return the rows of the first list, those of the second, and the organisations in both.

    The first list takes the larger half, as in the merger that the totals come from.
    """
    chance = random.Random(seed)  # noqa: S311 -- invented firms, not secrets
    both = chance.sample(firms[NAMESAKES : MEMBERS - SCHOOLS], SHARED)
    held = {one.number for one in both}
    # Firms that lend a school their name go into the first list, schools (without revenue) end up in the second.
    alone = sorted((one for one in firms if one.number not in held),
                   key=lambda one: (one.number > NAMESAKES, -one.revenue_eur))  # fmt: skip
    cut = ROWS_PER_LIST - SHARED - REPEATED // 2
    first, second = [*both, *alone[:cut]], [*both, *alone[cut:]]
    # The last half of the repeats: one organisation written twice in each list.
    first.append(alone[NAMESAKES])
    second.append(alone[cut])
    chance.shuffle(first)
    chance.shuffle(second)
    return first, second, both


def _school(school: Firm, like: Firm) -> Firm:
    name = f"{like.name.split()[0]} École [fictif]"
    return replace(school, name=name, naf="85.42Z", postcode=like.postcode, city=like.city)


def _names(chance: random.Random, count: int) -> list[tuple[str, str]]:
    stems = [a + b + c for a in _STARTS for b in _MIDDLES for c in _ENDS]
    return [(stem, chance.choice(_KINDS)) for stem in chance.sample(stems, count)]


def _firm(number: int, name: tuple[str, str], revenue_eur: int, chance: random.Random) -> Firm:
    postcode, city, _ = chance.choices(_TOWNS, weights=[weight for _, _, weight in _TOWNS])[0]
    staff = max(1, round(revenue_eur / 110_000 * chance.uniform(0.7, 1.3)))
    return Firm(number, f"{name[0]} {name[1]} [fictif]", _NAF[name[1]], postcode, city, staff, revenue_eur)
