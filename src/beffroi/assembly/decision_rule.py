"""How a body takes one kind of decision, as its statutes say: what a vote is opened under, and what it freezes of it.

Federation reads statutes into these rules, strategy opens votes under them; doors pass a rule from one to the other.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from beffroi.assembly.exact import plain
from beffroi.assembly.faults import Fault, fault
from beffroi.assembly.vote import Delegation, Election, Majority, Quorum, Statutes
from beffroi.assembly.words import say
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from beffroi.vocabulary.text import Text

PUBLIC, SECRET = "public", "secret"
SECRECIES = (PUBLIC, SECRET)


class SeatsOfRuleError(UsageError):
    """A rule is asked to fill seats that it does not fill; `fault` says which it does, for doors to put into words."""

    def __init__(self, found: Fault) -> None:
        super().__init__(say(found))
        self.fault = found


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """How a body takes one kind of decision.

    Attributes:
        id, name: of the kind of decision, such as `statutes`.
        body, body_name: the body that decides.
        article: the sentence of the statutes that it comes from, shown when something is refused.
        version: where the rule stands, such as `statutes-1, 2016-01-01`.
        secrecy: `public`, `secret` or both.
        quorum, majorities, delegation, split, casting_vote: as a vote has them.
        election: how candidates are elected; None for a decision. `seats: 0` leaves their number to each vote, and
            `most_choices: 0` means as many names as seats.
        channels, secret_channels: ways to vote in a public and in a secret vote, of `room`, `remote`, `post`.
        least_notice_hours: between the freezing of a vote and its first ballot.
        least_open_hours: between the first and the last moment to vote.
    """

    id: str
    name: Text
    body: str
    body_name: Text
    article: Text
    version: str
    secrecy: tuple[str, ...]
    quorum: tuple[Quorum, ...]
    majorities: tuple[Majority, ...]
    channels: tuple[str, ...]
    secret_channels: tuple[str, ...]
    delegation: Delegation | None = None
    split: bool = False
    casting_vote: str | None = None
    election: Election | None = None
    least_notice_hours: int = 0
    least_open_hours: int = 0

    def admitted(self, *, is_secret: bool) -> tuple[str, ...]:
        """Return the ways to vote under this rule, in a public or in a secret vote."""
        return self.secret_channels if is_secret else self.channels

    def statutes(self, channels: Sequence[str], *, is_secret: bool) -> Statutes:
        """Return what a vote counts by. A secret vote has neither split votes nor a casting vote."""
        return Statutes(
            self.quorum, self.majorities, tuple(channels), self.delegation,
            split=self.split and not is_secret and self.election is None,
            casting_vote=None if is_secret else self.casting_vote, election=self.election,
        )  # fmt: skip

    def for_seats(self, seats: int, *, order: tuple[str, ...] = ()) -> DecisionRule:
        """Return the rule of an election for so many seats.

        Args:
            seats: how many are filled.
            order: candidates, best first, that breaks ties; empty: ties stay open.

        Raises:
            SeatsOfRuleError: the rule elects nobody, or always fills another number of seats.
        """
        if self.election is None:
            raise SeatsOfRuleError(fault("elects_nobody", kind=self.id))
        if self.election.seats not in {0, seats}:
            raise SeatsOfRuleError(fault("seats_fixed", seats=seats, fixed=self.election.seats, version=self.version))
        most = self.election.most_choices
        return replace(self, election=replace(self.election, seats=seats, order=order,
                                              most_choices=seats if most == 0 else most))  # fmt: skip


def rule_record(rule: DecisionRule) -> dict[str, Any]:
    """Return a rule as JSON takes it, shares as texts, to be kept with a vote.

    >>> from beffroi.vocabulary.text import Text
    >>> rule = DecisionRule("r", Text("a", "b"), "body-1", Text("c", "d"), Text("e", "f"), "statutes-1", ("public",),
    ...     (Quorum(),), (Majority(),), ("room",), ())
    >>> rule_record(rule)["quorum"][0]["share"], rule_record(rule)["name"]
    ('1/2', {'fr': 'a', 'en': 'b'})
    """
    found: dict[str, Any] = plain(asdict(rule))
    return found
