"""Territories, seat rules, groups and wishes as people write them: a CSV table or a YAML file, in exact numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import yaml

from beffroi.assembly.balance import Group, Wish
from beffroi.assembly.exact import fraction
from beffroi.assembly.faults import InexactNumberError
from beffroi.assembly.seat_rule import Reserve, SeatRule, Territory
from beffroi.federation.seat_table import BOUNDS, SeatTableError, count, read_classes, read_table
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction
    from pathlib import Path

NO_RULE = SeatRule("sainte-lague", 0)
_RULE = {"method", "seats", "mix", "exponent", "base", "floor", "ceiling", "reserves", "ties", "order"}


@dataclass(frozen=True, slots=True)
class SeatsFile:
    """What a file says: territories, a rule without what it leaves out, and members by class of each territory."""

    territories: tuple[Territory, ...]
    rule: SeatRule
    classes: Mapping[str, Mapping[str, Fraction]]


def read_seats(path: Path) -> SeatsFile:
    """Read territories from CSV (`territory`, `floor`, `ceiling`, a column a measure) or all of it from YAML.

    Raises:
        UsageError: the file is missing or says something else; file and place are named.
    """
    text = _text(path)
    try:
        if path.suffix.lower() in {".yaml", ".yml"}:
            return _from_yaml(_mapping(text))
        return SeatsFile(read_table(text), NO_RULE, read_classes(text))
    except (InexactNumberError, SeatTableError, _FormError) as error:
        raise UsageError(f"{path}: {error}") from error


def read_board(path: Path) -> tuple[int, tuple[Group, ...], tuple[Wish, ...], tuple[str, ...]]:
    """Read a board under wishes from YAML: seats, groups, wishes, order.

    Raises:
        UsageError: the file is missing or says something else; file and place are named.
    """
    try:
        given = _mapping(_text(path))
        groups = tuple(
            Group(one["id"], dict(one["traits"]), fraction(one["weight"]), count(one.get("most"), "most"))
            for one in given["groups"]
        )
        wishes = tuple(
            Wish(dict(one["traits"]), count(one.get("at_least"), "at_least"), count(one.get("at_most"), "at_most"))
            for one in given.get("wishes", ())
        )
        return count(given["seats"], "seats") or 0, groups, wishes, tuple(given.get("order", ()))
    except (InexactNumberError, SeatTableError, _FormError) as error:
        raise UsageError(f"{path}: {error}") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(
            f"{path}: {error!r}. A board has 'seats', 'groups' (id, traits, weight, most) and "
            "'wishes' (traits, at_least, at_most)."
        ) from error


def read_mix(given: str) -> dict[str, Fraction]:
    """Read a mix such as `members=1,jobs=1/2`.

    >>> read_mix("members=1,jobs=1/2")
    {'members': Fraction(1, 1), 'jobs': Fraction(1, 2)}
    """
    pairs = [one.partition("=") for one in given.split(",")]
    if bad := [name for name, sign, _ in pairs if not sign or not name.strip()]:
        raise UsageError(f"'{bad[0]}' is no part of a mix. Write --mix members=1,jobs=1/2.")
    try:
        return {name.strip(): fraction(value) for name, _, value in pairs}
    except InexactNumberError as error:
        raise UsageError(f"--mix: {error}") from error


class _FormError(Exception):
    """A file of another form; the caller knows its name."""


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise UsageError(f"{path} is no file. Give the path of a CSV or YAML file.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read as UTF-8 text: {error}.") from error


def _mapping(text: str) -> dict[str, Any]:
    try:
        # The base loader leaves every scalar a text, so 0.1 stays a tenth.
        given = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 -- BaseLoader makes texts, lists and mappings only
    except yaml.YAMLError as error:
        raise _FormError(f"this is no YAML: {error}") from error
    if not isinstance(given, dict):
        raise _FormError("a YAML mapping is expected")
    return given


def _from_yaml(given: dict[str, Any]) -> SeatsFile:
    try:
        territories = tuple(
            Territory(
                one["id"],
                {name: fraction(value) for name, value in one.get("measures", {}).items()},
                *(count(one.get(name), name) for name in BOUNDS),
            )
            for one in given["territories"]
        )
        classes = {
            name: {label: fraction(value) for label, value in one.items()}
            for name, one in given.get("classes", {}).items()
        }
        return SeatsFile(territories, _rule(given.get("rule", {})), classes)
    except (KeyError, TypeError, AttributeError) as error:
        raise _FormError(
            f"{error!r}. Expected: 'territories' (id, measures), and maybe 'rule' and 'classes'"
        ) from error


def _rule(given: dict[str, Any]) -> SeatRule:
    if unknown := sorted(set(given) - _RULE):
        raise _FormError(f"the rule says '{unknown[0]}', which is unknown (known: {', '.join(sorted(_RULE))})")
    said: dict[str, Any] = {name: given[name] for name in ("method", "ties") if name in given}
    for name in ("seats", "base", "floor", "ceiling"):
        if name in given:
            said[name] = count(given[name], name)
    if "mix" in given:
        said["mix"] = {name: fraction(value) for name, value in given["mix"].items()}
    if "exponent" in given:
        said["exponent"] = fraction(given["exponent"])
    said["order"] = tuple(given.get("order", ()))
    said["reserves"] = tuple(
        Reserve(
            one["id"], count(one["seats"], "seats") or 0, tuple(one["territories"]),
            str(one.get("share_rest", "false")).lower() == "true",
        )
        for one in given.get("reserves", ())
    )  # fmt: skip
    return replace(NO_RULE, **said)
