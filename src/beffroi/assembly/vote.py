"""A vote as data: the frozen text, who may vote with what weight, and what the statutes say.

All of it is frozen before the first ballot. Times are UTC texts such as `2026-11-22T18:00:00Z`, so that they compare as
they read. Weights are exact fractions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

from beffroi.assembly.exact import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping

CHOICES = ("for", "against", "abstain")
CHANNELS = ("room", "remote", "post")
OF = ("members", "weight")
BASES = ("expressed", "cast", "present", "enrolled")
WITHIN = ("college", "territory")
ELECTIONS = ("approval", "plurality", "instant-runoff", "schulze")


@dataclass(frozen=True, slots=True)
class Mandate:
    """A person who represents an organisation, from a time on, until a time or without end."""

    person: str
    since: str
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Elector:
    """An organisation on the roll.

    Attributes:
        organisation: its id.
        weight: above 0.
        mandates: its representatives.
        college, territory: where its vote counts when the statutes count apart; may be empty.
        aggregated: it votes for several and may split its weight, where the statutes allow that.
        conflict: why it may not vote on this matter, or nothing.
    """

    organisation: str
    weight: Fraction
    mandates: tuple[Mandate, ...]
    college: str = ""
    territory: str = ""
    aggregated: bool = False
    conflict: str | None = None

    def is_represented_by(self, person: str, at: str) -> bool:
        """Tell whether the person holds a mandate at that time.

        >>> Elector("O1", Fraction(1), (Mandate("P1", "2026-01-01T00:00:00Z"),)).is_represented_by("P1", "2027")
        True
        """
        return any(
            one.person == person and one.since <= at and (one.until is None or at < one.until) for one in self.mandates
        )


@dataclass(frozen=True, slots=True)
class Quorum:
    """Who has to take part: a share of the members or of the weight, in all or in each college or territory.

    `strict` asks for more than the share, otherwise the share suffices.
    """

    of: str = "members"
    share: Fraction = Fraction(1, 2)
    strict: bool = False
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Majority:
    """How much has to be for it.

    Attributes:
        of: members or weight.
        base: `expressed` (for and against), `cast` (with abstentions), `present` (who takes part or is there) or
            `enrolled` (all who may vote).
        share, strict: more than the share of the base, or at least that.
        within: counted apart in each college or territory.
        groups: share of these groups in which it has to be reached.
    """

    of: str = "weight"
    base: str = "expressed"
    share: Fraction = Fraction(1, 2)
    strict: bool = True
    within: str | None = None
    groups: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Delegation:
    """What the statutes allow: steps from one to the next, mandates in one hand, share of the weight in one hand."""

    depth: int = 1
    per_person: int | None = None
    weight_share: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """A wish for those elected, checked and shown, never enforced: so many with a trait."""

    trait: str
    value: str
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Election:
    """How candidates are elected.

    Attributes:
        method: one of `ELECTIONS`; the last two fill one seat.
        seats: how many.
        most_choices: most names on a ballot; nothing sets no limit.
        order: candidates, best first, that breaks ties (by age, or drawn by lot in public); empty: ties stay open.
        balance: wishes.
    """

    method: str
    seats: int
    most_choices: int | None = None
    order: tuple[str, ...] = ()
    balance: tuple[Balance, ...] = ()


@dataclass(frozen=True, slots=True)
class Statutes:
    """The rules of this vote.

    `casting_vote` is the organisation that decides when a majority is missed by exactly nothing; without one the matter
    is refused then.
    """

    quorum: tuple[Quorum, ...] = ()
    majorities: tuple[Majority, ...] = (Majority(),)
    channels: tuple[str, ...] = CHANNELS
    delegation: Delegation | None = None
    split: bool = False
    casting_vote: str | None = None
    election: Election | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """What is voted on: number of the version, and the whole wording."""

    number: int
    content: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to elect, with the traits that balance looks at."""

    id: str
    traits: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Vote:
    """Everything that is frozen when a vote opens.

    Attributes:
        id, title: of the vote.
        opens, closes: first moment in, first moment out.
        is_secret: whether the urn holds tokens instead of names.
        text, statutes: see there.
        electorate: the roll, by organisation.
        candidates: of an election; empty for a decision.
    """

    id: str
    title: str
    opens: str
    closes: str
    is_secret: bool
    text: Text
    statutes: Statutes
    electorate: tuple[Elector, ...]
    candidates: tuple[Candidate, ...] = ()

    @property
    def enrolled(self) -> tuple[Elector, ...]:
        """Those who may vote: the roll without conflicts of interest."""
        return tuple(one for one in self.electorate if one.conflict is None)

    def class_of(self, elector: Elector) -> str:
        """Name the class of an elector in a secret urn: weight, and college or territory where they count apart.

        Ballots of one class cannot be told apart; the name says what an urn shows about a ballot.
        """
        rules: tuple[Quorum | Majority, ...] = (*self.statutes.quorum, *self.statutes.majorities)
        apart = {one.within for one in rules}
        college = elector.college if "college" in apart else ""
        territory = elector.territory if "territory" in apart else ""
        return canonical([elector.weight, college, territory]).decode()
