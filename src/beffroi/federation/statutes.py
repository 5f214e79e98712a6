"""Statutes as data: who decides what, notice, quorum, majorities, delegation, ceilings. Pure: data in, data out.

A document has sections, all of them optional; what a body's own statutes leave out holds from the body above it. What a
vote needs is handed on as `assembly.vote.Statutes`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import yaml

from beffroi.assembly.vote import CHANNELS, Delegation, Majority, Quorum
from beffroi.assembly.vote import Statutes as VoteStatutes
from beffroi.federation.dated import day_after
from beffroi.federation.statutes_read import Reader
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

DEFAULT = "default"


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
        quorum: who has to take part.
        majorities: by type of decision; `default` for the others.
        channels: ways in which a vote may be cast.
        delegation: what may be handed on; None: nothing.
        secret_types: types of decision that are voted in secret.
        may_split: whether an organisation that stands for several may split its weight.
        public_pct_most, funder_pct_most: ceilings of public money and of one funder, in % of a year's income.
        functions: limits by function.
        sources: by section, the id and first day of the statutes that it comes from.
    """

    notice_days: Mapping[str, int]
    competences: Mapping[str, Competence]
    quorum: tuple[Quorum, ...]
    majorities: Mapping[str, tuple[Majority, ...]]
    channels: tuple[str, ...]
    delegation: Delegation | None
    secret_types: tuple[str, ...]
    may_split: bool
    public_pct_most: Fraction | None
    funder_pct_most: Fraction | None
    functions: Mapping[str, Limit]
    sources: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))

    def notice_for(self, meeting_type: str) -> int:
        """Return the notice of a type of meeting, in days; 0 where the statutes are silent."""
        return self.notice_days.get(meeting_type, self.notice_days.get(DEFAULT, 0))

    @property
    def allows_remote(self) -> bool:
        """Whether votes may be cast from afar."""
        return "remote" in self.channels

    def is_secret(self, decision_type: str) -> bool:
        """Whether a type of decision is voted in secret."""
        return decision_type in self.secret_types

    def vote_rules(self, decision_type: str) -> VoteStatutes:
        """Return what a vote of a type needs, as the assembly room understands it.

        >>> found = read_statutes({"majorities": {"merger": [{"share": "2/3", "strict": False}]}})
        >>> vote = found.vote_rules("merger")
        >>> vote.majorities[0].share, vote.channels
        (Fraction(2, 3), ('room', 'remote', 'post'))
        """
        majorities = self.majorities.get(decision_type, self.majorities.get(DEFAULT, (Majority(),)))
        return VoteStatutes(self.quorum, majorities, self.channels, self.delegation, self.may_split)

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
        quorum=read.quorum(top.get("quorum", []), "quorum"),
        majorities=read.majorities(top.get("majorities", {}), "majorities"),
        channels=read.words(top.get("channels", list(CHANNELS)), "channels", CHANNELS),
        delegation=read.delegation(top["delegation"], "delegation") if top.get("delegation") else None,
        secret_types=read.words(top.get("secret_types", []), "secret_types"),
        may_split=read.flag(top.get("may_split", False), "may_split"),
        public_pct_most=read.pct(top, "ceilings", "public_pct"),
        funder_pct_most=read.pct(top, "ceilings", "funder_pct"),
        functions={name: Limit(*one) for name, one in read.functions(top.get("functions", {}), "functions").items()},
        sources=MappingProxyType(dict(sources or {})),
    )
    if read.faults:
        raise StatutesError("statutes", read.faults)
    return found


SECTIONS = ("title", "notice_days", "competences", "quorum", "majorities", "channels", "delegation", "secret_types",
            "may_split", "ceilings", "functions")  # fmt: skip


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
