"""Read plain values (of YAML or JSON) into typed ones, noting every fault with its place before any is raised."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from beffroi.vocabulary.errors import MethodError


class DefinitionError(MethodError):
    """A definition that cannot be read; the message has one line a fault, each with its place."""


@dataclass(slots=True)
class Faults:
    """What is wrong with a mapping, place by place; nothing is raised before all of it is known."""

    found: list[str] = field(default_factory=list)

    def add(self, place: str, given: object, expected: str) -> None:
        """Note that `given` stands at `place`, where `expected` was expected."""
        self.found.append(f"{place}: {given!r} was given; expected {expected}.")

    def settle(self) -> None:
        """Raise all faults, if any.

        Raises:
            DefinitionError: there is at least one.
        """
        if self.found:
            count = len(self.found)
            head = f"The definition has {count} fault{'s' if count > 1 else ''}:"
            raise DefinitionError("\n".join((head, *self.found)))


Check = Callable[[object, str, Faults], Any]


def number(value: object, place: str, faults: Faults) -> float:
    """Take a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        faults.add(place, value, "a number")
        return 0.0
    return float(value)


def whole(value: object, place: str, faults: Faults) -> int:
    """Take a whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        faults.add(place, value, "a whole number")
        return 0
    return value


def flag(value: object, place: str, faults: Faults) -> bool:
    """Take true or false."""
    if not isinstance(value, bool):
        faults.add(place, value, "true or false")
        return False
    return value


def text(value: object, place: str, faults: Faults) -> str:
    """Take a text."""
    if not isinstance(value, str) or not value:
        faults.add(place, value, "a text")
        return ""
    return value


def one_of(*known: str) -> Check:
    """Take one of these texts."""

    def check(value: object, place: str, faults: Faults) -> str:
        if value not in known:
            faults.add(place, value, f"one of {', '.join(known)}")
        return str(value)

    return check


def either(check: Check) -> Check:
    """Take nothing, or what `check` takes."""
    return lambda value, place, faults: None if value is None else check(value, place, faults)


def by_name(check: Check) -> Check:
    """Take a mapping from names to what `check` takes."""

    def read(value: object, place: str, faults: Faults) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            faults.add(place, value, "a mapping")
            return {}
        return {str(name): check(one, f"{place}.{name}", faults) for name, one in value.items()}

    return read


def listed(check: Check) -> Check:
    """Take a list of what `check` takes."""

    def read(value: object, place: str, faults: Faults) -> tuple[Any, ...]:
        if isinstance(value, str) or not isinstance(value, Sequence):
            faults.add(place, value, "a list")
            return ()
        return tuple(check(one, f"{place}[{k}]", faults) for k, one in enumerate(value, start=1))

    return read


def settings(checks: Mapping[str, Check], make: Callable[..., Any] = dict) -> Check:
    """Take a mapping with these names at most, and hand what was read to `make`."""

    def read(value: object, place: str, faults: Faults) -> Any:
        if value is None:
            return make()
        if not isinstance(value, Mapping):
            faults.add(place, value, f"a mapping with {', '.join(checks)}")
            return make()
        for name in value:
            if name not in checks:
                faults.add(f"{place}.{name}", name, f"one of {', '.join(checks)}")
        found = {n: check(value[n], f"{place}.{n}", faults) for n, check in checks.items() if n in value}
        try:
            return make(**found)
        except MethodError as error:  # settings that exclude each other
            faults.add(place, dict(value), f"settings that go together: {error}")
            return make()

    return read
