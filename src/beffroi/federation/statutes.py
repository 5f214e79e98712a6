"""Statutes as data: who decides what, notice, quorum, majorities, delegation, ceilings. Pure: data in, data out.

A document has sections, all of them optional; what a body's own statutes leave out holds from the body above it. What a
vote is opened under is made of it by `vote_rules`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

import yaml

from beffroi.assembly.decision_rule import PUBLIC, SECRECIES, SECRET
from beffroi.assembly.vote import CHANNELS, Delegation, Election, Majority, Quorum
from beffroi.federation.dated import day_after
from beffroi.federation.statutes_read import Reader
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

DEFAULT = "default"
T = TypeVar("T")


class StatutesError(UsageError):
    """Statutes that cannot be read: the message names the path of every fault, `faults` holds them."""

    def __init__(self, where: str, faults: Sequence[Text]) -> None:
        super().__init__(f"{where}: " + " ".join(one.en for one in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Competence:
    """Which bodies decide one type of matter; with `own_territory`, only for the territory that is theirs."""

    bodies: tuple[str, ...]
    own_territory: bool = False
    words: Text = field(default_factory=lambda: Text("", ""))


@dataclass(frozen=True, slots=True)
class Limit:
    """How many may hold a function at once; years of transition (first day, last day, how many) may allow more."""

    most: int
    transitions: tuple[tuple[str, str, int], ...] = ()

    def on(self, day: str) -> int:
        """Return the limit of a day.

        >>> Limit(1, (("2016-01-01", "2016-12-31", 2),)).on("2016-06-01")
        2
        """
        return max([self.most, *(most for since, until, most in self.transitions if since <= day <= until)])

    @property
    def days_after_transitions(self) -> set[str]:
        """First days on which a transition no longer counts."""
        return {day_after(until) for _since, until, _most in self.transitions}


@dataclass(frozen=True, slots=True)
class BodyStatutes:
    """The statutes of a body on a day.

    Attributes:
        notice_days: days between convening and meeting, by type of meeting; `default` for the others.
        competences: by type of decision.
        quorum: who has to take part, by type of decision; `default` for the others.
        majorities: by type of decision; `default` for the others.
        channels: ways in which a vote may be cast, by type of decision; `default` for the others.
        secret_channels: the same for secret votes; a type that is not named is voted on as in public.
        delegation: what may be handed on; None: nothing.
        secret_types: types of decision that are always voted in secret.
        may_be_secret: types that may be voted in secret; `default` admits every type.
        may_split: whether an organisation that stands for several may split its weight.
        casting_vote: id of the organisation that decides when a majority is missed by exactly nothing; may be empty.
        vote_notice_hours: between freezing and first ballot, by type of decision; `default` for the others.
        least_open_hours: between the first and the last moment to vote, in the same way.
        elections: how candidates are elected, by type of decision; a type that is not named is no election.
        articles: the sentence that a refusal quotes, by type of decision; `default` for the others.
        public_pct_most, funder_pct_most: ceilings of public money and of one funder, in % of a year's income.
        functions: limits by function.
        sources: by section, the id and first day of the statutes that it comes from.
    """

    notice_days: Mapping[str, int]
    competences: Mapping[str, Competence]
    quorum: Mapping[str, tuple[Quorum, ...]]
    majorities: Mapping[str, tuple[Majority, ...]]
    channels: Mapping[str, tuple[str, ...]]
    secret_channels: Mapping[str, tuple[str, ...]]
    delegation: Delegation | None
    secret_types: tuple[str, ...]
    may_be_secret: tuple[str, ...]
    may_split: bool
    casting_vote: str
    vote_notice_hours: Mapping[str, int]
    least_open_hours: Mapping[str, int]
    elections: Mapping[str, Election]
    articles: Mapping[str, Text]
    public_pct_most: Fraction | None
    funder_pct_most: Fraction | None
    functions: Mapping[str, Limit]
    sources: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))

    def notice_for(self, meeting_type: str) -> int:
        """Return the notice of a type of meeting, in days; 0 where the statutes are silent."""
        return self.notice_days.get(meeting_type, self.notice_days.get(DEFAULT, 0))

    def secrecies(self, decision_type: str) -> tuple[str, ...]:
        """Return how a type of decision may be voted on: `public`, `secret`, or both.

        >>> found = read_statutes({"secret_types": ["board"], "may_be_secret": ["motion"]})
        >>> [found.secrecies(one) for one in ("board", "motion", "budget")]
        [('secret',), ('public', 'secret'), ('public',)]
        """
        if decision_type in self.secret_types:
            return (SECRET,)
        return SECRECIES if {decision_type, DEFAULT} & set(self.may_be_secret) else (PUBLIC,)

    def quorum_for(self, decision_type: str) -> tuple[Quorum, ...]:
        """Return who has to take part in a decision; nothing where the statutes are silent."""
        return of_type(self.quorum, decision_type, ())

    def majorities_for(self, decision_type: str) -> tuple[Majority, ...]:
        """Return the majorities that a decision needs: more than half of the weight for and against by default."""
        return of_type(self.majorities, decision_type, (Majority(),))

    def channels_for(self, decision_type: str) -> tuple[str, ...]:
        """Return the ways to vote on a decision; every way where the statutes are silent."""
        return of_type(self.channels, decision_type, CHANNELS)

    def secret_channels_for(self, decision_type: str) -> tuple[str, ...]:
        """Return the ways to vote on it in secret: those of a public vote where the statutes name no others."""
        return of_type(self.secret_channels, decision_type, self.channels_for(decision_type))

    def source(self, section: str) -> str:
        """Say where a section comes from, such as `statutes-1, 2016-01-01`; empty when nowhere."""
        return ", ".join(self.sources.get(section, ()))


def read_statutes(given: object, sources: Mapping[str, tuple[str, str]] | None = None) -> BodyStatutes:
    """Read statutes from JSON-like data.

    Raises:
        StatutesError: every fault, each with its path, such as `majorities.default[0].share`.

    >>> read_statutes({"notice_days": {"default": 15}}).notice_for("ordinary")
    15
    >>> read_statutes({"quorum": [{"share": 0.5}]})
    Traceback (most recent call last):
    beffroi.federation.statutes.StatutesError: statutes: quorum[0].share: 0.5 is no exact number; write 1/2 or '0.5'.
    """
    read = Reader()
    top = read.mapping(given, "")
    read.only(top, "", SECTIONS)
    found = BodyStatutes(
        notice_days=read.counts(top.get("notice_days", {}), "notice_days"),
        competences={
            name: Competence(*one) for name, one in read.competences(top.get("competences", {}), "competences").items()
        },
        quorum=read.by_type(top.get("quorum", []), "quorum", read.quorum),
        majorities=read.majorities(top.get("majorities", {}), "majorities"),
        channels=read.by_type(top.get("channels", list(CHANNELS)), "channels", read.channels),
        secret_channels=read.by_type(top.get("secret_channels", {}), "secret_channels", read.channels),
        delegation=read.delegation(top["delegation"], "delegation") if top.get("delegation") else None,
        secret_types=read.words(top.get("secret_types", []), "secret_types"),
        may_be_secret=read.words(top.get("may_be_secret", []), "may_be_secret"),
        may_split=read.flag(top.get("may_split", False), "may_split"),
        casting_vote=read.line(top.get("casting_vote") or "", "casting_vote"),
        vote_notice_hours=read.counts(top.get("vote_notice_hours", {}), "vote_notice_hours"),
        least_open_hours=read.counts(top.get("least_open_hours", {}), "least_open_hours"),
        elections=read.elections(top.get("elections", {}), "elections"),
        articles=read.articles(top.get("articles", {}), "articles"),
        public_pct_most=read.pct(top, "ceilings", "public_pct"),
        funder_pct_most=read.pct(top, "ceilings", "funder_pct"),
        functions={name: Limit(*one) for name, one in read.functions(top.get("functions", {}), "functions").items()},
        sources=MappingProxyType(dict(sources or {})),
    )
    if read.faults:
        raise StatutesError("statutes", read.faults)
    return found


SECTIONS = ("title", "notice_days", "competences", "quorum", "majorities", "channels", "secret_channels", "delegation",
            "secret_types", "may_be_secret", "may_split", "casting_vote", "vote_notice_hours", "least_open_hours",
            "elections", "articles", "ceilings", "functions")  # fmt: skip


def of_type(given: Mapping[str, T], decision_type: str, otherwise: T) -> T:
    """Return what is given for a type of decision, else for `default`, else what is named.

    >>> of_type({"default": 1, "budget": 2}, "budget", 0), of_type({}, "budget", 0)
    (2, 0)
    """
    return given.get(decision_type, given.get(DEFAULT, otherwise))


def parse(text: str, name: str = "statutes") -> dict[str, object]:
    """Return the document of a YAML or JSON text, checked.

    Raises:
        StatutesError: the text is no such document, or says what no statutes say; `name` and paths are told.
    """
    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark else ""
        raise StatutesError(name, [Text(f"{place}ni YAML ni JSON.", f"{place}neither YAML nor JSON.")]) from error
    given = _plain(given)
    try:
        read_statutes(given)
    except StatutesError as error:
        raise StatutesError(name, error.faults) from error
    assert isinstance(given, dict)  # noqa: S101 -- read_statutes refuses anything else
    return given


def fault_of(given: object) -> Text | None:
    """Return what is wrong with a document of statutes, every fault in one text; None when it can be read."""
    try:
        if isinstance(given, str):  # a text that no door could turn into a document says why
            parse(given)
        read_statutes(given)
    except StatutesError as error:
        return Text(" ".join(one.fr for one in error.faults), " ".join(one.en for one in error.faults))
    return None


def _plain(given: object) -> object:
    """YAML reads 2016-01-01 as a date; the charter keeps days as text."""
    if isinstance(given, dict):
        return {str(key): _plain(value) for key, value in given.items()}
    if isinstance(given, list):
        return [_plain(one) for one in given]
    return given.isoformat() if hasattr(given, "isoformat") else given
