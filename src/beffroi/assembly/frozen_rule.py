"""A rule, its inputs and its result as one record with a fingerprint, to be frozen with the vote that adopts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.assembly.apportion import Apportionment, apportion
from beffroi.assembly.exact import digest, fraction, written
from beffroi.assembly.faults import SeatRuleError
from beffroi.assembly.seat_rule import Reserve, SeatRule, Territory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


FORMAT = "beffroi-seats"
VERSION = 1


def freeze(territories: Sequence[Territory], found: Apportionment) -> dict[str, object]:
    """Return rule, inputs and result as a record that JSON holds, with its SHA-256.

    >>> from fractions import Fraction
    >>> town = [Territory("A", {"members": Fraction(6)})]
    >>> record = freeze(town, apportion(town, SeatRule("dhondt", 2, {"members": Fraction(1)})))
    >>> record["result"], verify(record)
    ({'seats': {'A': 2}, 'reserved': {}, 'ties': []}, True)
    """
    rule = found.rule
    record: dict[str, object] = {
        "format": FORMAT,
        "version": VERSION,
        "rule": {
            "method": rule.method,
            "seats": rule.seats,
            "mix": {name: written(weight) for name, weight in rule.mix.items()},
            "exponent": written(rule.exponent),
            "base": rule.base,
            "floor": rule.floor,
            "ceiling": rule.ceiling,
            "reserves": [
                {
                    "id": one.id,
                    "seats": one.seats,
                    "territories": list(one.territories),
                    "share_rest": one.share_rest,
                }
                for one in rule.reserves
            ],
            "ties": rule.ties,
            "order": list(rule.order),
        },
        "territories": [
            {
                "id": one.id,
                "measures": {name: written(value) for name, value in one.measures.items()},
                "floor": one.floor,
                "ceiling": one.ceiling,
            }
            for one in territories
        ],
        "result": {
            "seats": dict(found.seats),
            "reserved": {name: dict(one) for name, one in found.reserved.items()},
            "ties": [
                {"among": list(one.among), "seats": one.seats, "winners": list(one.winners), "by": one.by}
                for one in found.ties
            ],
        },
    }
    return {**record, "sha256": digest(record)}


def verify(record: Mapping[str, object]) -> bool:
    """Tell whether a frozen record is unchanged and its rule still gives its result.

    Raises:
        SeatRuleError: the record is no frozen seat rule of this version.

    >>> verify({"format": "other"})
    Traceback (most recent call last):
    beffroi.assembly.faults.SeatRuleError: This is no frozen seat rule of version 1.
    """
    territories, rule = thaw(record)
    return freeze(territories, apportion(territories, rule)) == record


def thaw(record: Mapping[str, object]) -> tuple[tuple[Territory, ...], SeatRule]:
    """Return the inputs of a frozen record.

    Raises:
        SeatRuleError: the record is no frozen seat rule of this version.
    """
    if record.get("format") != FORMAT or record.get("version") != VERSION:
        raise SeatRuleError(f"This is no frozen seat rule of version {VERSION}.")
    try:
        return _territories(record["territories"]), _rule(record["rule"])
    except (KeyError, TypeError, AttributeError) as error:
        raise SeatRuleError(f"The frozen seat rule is damaged: {error!r}.") from error


def _territories(given: object) -> tuple[Territory, ...]:
    return tuple(
        Territory(
            one["id"],
            {name: fraction(value) for name, value in one["measures"].items()},
            one["floor"],
            one["ceiling"],
        )
        for one in given  # type: ignore[attr-defined]  # -- thaw turns a wrong shape into an error
    )


def _rule(given: object) -> SeatRule:
    one: dict[str, object] = dict(given)  # type: ignore[call-overload]  # -- as above
    reserves = tuple(
        Reserve(each["id"], each["seats"], tuple(each["territories"]), each["share_rest"])
        for each in one.pop("reserves")  # type: ignore[attr-defined]  # -- as above
    )
    mix = {name: fraction(value) for name, value in one.pop("mix").items()}  # type: ignore[attr-defined]  # -- as above
    exponent = fraction(one.pop("exponent"))  # type: ignore[arg-type]  # -- as above
    order = tuple(one.pop("order"))  # type: ignore[arg-type, var-annotated]  # -- as above
    return SeatRule(mix=mix, exponent=exponent, order=order, reserves=reserves, **one)  # type: ignore[arg-type]  # -- as above
