"""What the statutes of a body say about votes, as data: which kinds of decision, by which quorum and majority, how.

A file (YAML or JSON) holds one body with its rules. What a vote freezes is one of these rules, put into the terms of
`assembly`. Nothing has a default that a body could dislike: quorum, majority and channels must be written.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import yaml

from beffroi.assembly.exact import fraction
from beffroi.assembly.faults import InexactNumberError
from beffroi.assembly.vote import (
    BASES,
    CHANNELS,
    ELECTIONS,
    OF,
    WITHIN,
    Delegation,
    Election,
    Majority,
    Quorum,
    Statutes,
)
from beffroi.strategy.errors import StatutesError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SECRECIES = ("public", "secret")
_BODY = {"body", "name", "version", "least_notice_hours", "least_open_hours", "rules"}
_RULE = {
    *("name", "article", "secrecy", "quorum", "majorities", "channels", "secret_channels"),
    *("delegation", "split", "casting_vote", "election"),
}


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """How one kind of decision is taken.

    Attributes:
        id, name: of the kind, such as `ordinary`.
        article: the sentence of the statutes that it comes from, shown when something is refused.
        secrecy: `public`, `secret` or both.
        quorum, majorities, delegation, split, casting_vote, election: as `assembly` has them. An election's number of
            seats comes with each vote (`for_seats`); `most_choices: 0` means as many names as seats.
        channels, secret_channels: ways to vote in a public and in a secret vote, of `room`, `remote`, `post`.
    """

    id: str
    name: Text
    article: Text
    secrecy: tuple[str, ...]
    quorum: tuple[Quorum, ...]
    majorities: tuple[Majority, ...]
    channels: tuple[str, ...]
    secret_channels: tuple[str, ...]
    delegation: Delegation | None = None
    split: bool = False
    casting_vote: str | None = None
    election: Election | None = None

    def admitted(self, *, is_secret: bool) -> tuple[str, ...]:
        """Ways to vote under this rule.

        >>> DecisionRule("r", Text("", ""), Text("", ""), (), (), (), ("remote",), ("room",)).admitted(is_secret=True)
        ('room',)
        """
        return self.secret_channels if is_secret else self.channels

    def statutes(self, channels: Sequence[str], *, is_secret: bool) -> Statutes:
        """Return what `assembly` counts by. A secret vote has neither split votes nor a casting vote."""
        return Statutes(
            self.quorum, self.majorities, tuple(channels), self.delegation,
            split=self.split and not is_secret and self.election is None,
            casting_vote=None if is_secret else self.casting_vote, election=self.election,
        )  # fmt: skip

    def for_seats(self, seats: int, *, order: tuple[str, ...] = ()) -> DecisionRule:
        """Return the rule of an election for so many seats, with a declared order for ties."""
        if self.election is None:
            raise StatutesError(
                Text(
                    f"La règle « {self.id} » n’élit personne. Choisissez une règle qui a une partie « election ».",
                    f"The rule '{self.id}' elects nobody. Choose a rule with a part 'election'.",
                )
            )
        most = self.election.most_choices
        return replace(self, election=replace(self.election, seats=seats, order=order,
                                              most_choices=seats if most == 0 else most))  # fmt: skip


@dataclass(frozen=True, slots=True)
class BodyStatutes:
    """The rules of votes of one body, in one version of its statutes.

    `least_notice_hours` lie between the freezing of a vote and its first ballot, `least_open_hours` between the first
    and the last moment to vote.
    """

    body: str
    name: Text
    version: str
    least_notice_hours: int
    least_open_hours: int
    rules: tuple[DecisionRule, ...]

    def rule(self, rule_id: str) -> DecisionRule:
        """Return a rule by its id.

        Raises:
            StatutesError: there is none of that name.
        """
        found = next((one for one in self.rules if one.id == rule_id), None)
        if found is None:
            known = ", ".join(one.id for one in self.rules)
            raise StatutesError(
                Text(
                    f"Les statuts de « {self.body} » n’ont pas de règle « {rule_id} » ; ils ont : {known}.",
                    f"The statutes of '{self.body}' have no rule '{rule_id}'; they have: {known}.",
                )
            )
        return found


def read_statutes(content: str) -> BodyStatutes:
    """Read statutes from YAML or JSON.

    Raises:
        StatutesError: the text is no YAML, or says something else than statutes; every fault is listed.
    """
    try:
        given = yaml.safe_load(content)
    except yaml.YAMLError as error:
        raise StatutesError(f"The statutes are no YAML: {error}.") from error
    return statutes_of(given)


def statutes_of(given: object) -> BodyStatutes:
    """Read statutes from a mapping.

    Raises:
        StatutesError: parts are missing, unknown or of another form; every fault is listed.

    >>> statutes_of({"body": "board"})
    Traceback (most recent call last):
    beffroi.strategy.errors.StatutesError: These statutes cannot be used: it lacks least_notice_hours, ...
    """
    if not isinstance(given, dict):
        raise StatutesError("The statutes are a mapping with: " + ", ".join(sorted(_BODY)) + ".")
    faults = list(_body_faults(given))
    if faults:
        raise StatutesError("These statutes cannot be used: " + " ".join(faults))
    rules = tuple(_rule(name, one) for name, one in given["rules"].items())
    return BodyStatutes(
        given["body"], _text(given["name"]), str(given["version"]), given["least_notice_hours"],
        given["least_open_hours"], rules,
    )  # fmt: skip


def rule_record(rule: DecisionRule) -> dict[str, Any]:
    """Return a rule as JSON takes it, to be frozen with a vote and read again by `rule_of`."""
    plain: dict[str, Any] = _plain({name: one for name, one in asdict(rule).items() if name != "id"})
    return {"id": rule.id, **plain}


def rule_of(record: Mapping[str, Any]) -> DecisionRule:
    """Read a rule that `rule_record` wrote.

    >>> rule = DecisionRule("r", Text("a", "b"), Text("c", "d"), ("public",), (Quorum(),), (Majority(),), ("room",), ())
    >>> rule_of(rule_record(rule)) == rule
    True
    """
    return _rule(record["id"], {name: one for name, one in record.items() if name != "id"})


def _body_faults(given: dict[str, Any]) -> Iterator[str]:
    if missing := sorted(_BODY - set(given)):
        yield f"it lacks {', '.join(missing)}."
    if unknown := sorted(set(map(str, given)) - _BODY):
        yield f"{', '.join(unknown)}: unknown."
    if missing or unknown:
        return
    if not isinstance(given["body"], str) or not given["body"]:
        yield "body: a short name is expected."
    if not _is_text(given["name"]):
        yield "name: a text with fr and en is expected."
    for name in ("least_notice_hours", "least_open_hours"):
        if type(given[name]) is not int or given[name] < 0:
            yield f"{name}: a whole number of hours from 0 on is expected."
    rules = given["rules"]
    if not isinstance(rules, dict) or not rules:
        yield "rules: at least one kind of decision is expected."
        return
    for name, rule in rules.items():
        yield from (f"rules.{name}: {one}" for one in _rule_faults(rule))


def _rule_faults(rule: object) -> Iterator[str]:
    if not isinstance(rule, dict) or (wrong := sorted(_RULE ^ set(rule))):
        yield f"it must have exactly these parts: {', '.join(sorted(_RULE))}" + (
            f"; {', '.join(wrong)} missing or unknown." if isinstance(rule, dict) else "."
        )
        return
    for name in ("name", "article"):
        if not _is_text(rule[name]):
            yield f"{name}: a text with fr and en is expected."
    for name, known in (("secrecy", SECRECIES), ("channels", CHANNELS), ("secret_channels", CHANNELS)):
        if not isinstance(rule[name], list | tuple) or not set(rule[name]) <= set(known):
            yield f"{name}: a list of {', '.join(known)} is expected."
    if not isinstance(rule["split"], bool):
        yield "split: true or false is expected."
    if not rule["majorities"] and rule["election"] is None:
        yield "majorities: one at least is needed where nobody is elected."
    try:
        made = _rule("", rule)
    except (KeyError, TypeError, ValueError, AttributeError, InexactNumberError) as error:
        yield f"a quorum, majority, delegation or election has another form ({error})."
        return
    yield from _name_faults(made)


def _name_faults(made: DecisionRule) -> Iterator[str]:
    both: tuple[Quorum | Majority, ...] = (*made.quorum, *made.majorities)
    shares = [*(one.share for one in both), *(one.groups for one in made.majorities)]
    if any(not 0 <= one <= 1 for one in shares):
        yield "a share lies from 0 to 1."
    names = [
        *((one.of, OF) for one in both),
        *((one.within, (None, *WITHIN)) for one in both),
        *((one.base, BASES) for one in made.majorities),
        *([(made.election.method, ELECTIONS)] if made.election else []),
    ]
    for name, known in names:
        if name not in known:
            yield f"'{name}' is none of {', '.join(map(str, known))}."
    if made.delegation and made.delegation.depth < 1:
        yield "delegation: the depth is 1 at least; write null where delegation is not admitted."


def _rule(rule_id: str, given: Mapping[str, Any]) -> DecisionRule:
    delegation, election = given["delegation"], given["election"]
    if delegation is not None:
        share = delegation.get("weight_share")
        delegation = Delegation(**{**delegation, "weight_share": None if share is None else fraction(share)})
    if election is not None:
        election = Election(**{**election, "order": tuple(election.get("order", ())), "balance": ()})
    return DecisionRule(
        rule_id, _text(given["name"]), _text(given["article"]), tuple(given["secrecy"]),
        tuple(Quorum(**{**one, "share": fraction(one["share"])}) for one in given["quorum"]),
        tuple(
            Majority(**{**one, "share": fraction(one["share"]), "groups": fraction(one.get("groups", 1))})
            for one in given["majorities"]
        ),
        tuple(given["channels"]), tuple(given["secret_channels"]), delegation, given["split"], given["casting_vote"],
        election,
    )  # fmt: skip


def _is_text(given: object) -> bool:
    return isinstance(given, dict) and set(given) == {"fr", "en"} and all(isinstance(v, str) for v in given.values())


def _text(given: Mapping[str, str]) -> Text:
    return Text(given["fr"], given["en"])


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Fraction) else value
