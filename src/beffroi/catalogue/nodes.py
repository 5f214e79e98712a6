"""Read fields from YAML that remembers its lines, and collect every fault instead of stopping at the first.

`Fields` is one mapping of one file. A reader asks it for what it expects (`text`, `number`, `choice` …); what
is missing or mistyped becomes a fault `path:line: given, expected, remedy` and a harmless stand-in value,
which nobody sees because `load` raises when there is any fault.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeVar

import yaml

from beffroi.catalogue.faults import Faults, kind, line_of, read_number, resembling
from beffroi.vocabulary.text import LANGUAGES, Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

T = TypeVar("T")
REQUIRED = object()


class Fields:
    """The keys of one mapping; `done` reports the keys that nobody asked for."""

    def __init__(self, path: str, node: yaml.MappingNode, faults: Faults) -> None:
        """Hold the mapping and report keys written twice."""
        self.path, self.node, self.faults = path, node, faults
        self.asked: set[str] = set()
        self.nodes: dict[str, yaml.Node] = {}
        self.lines: dict[str, int] = {}
        for key, value in node.value:
            if key.value in self.nodes:
                self._fault(line_of(key), f"'{key.value}' is written twice; expected once; remove one.")
            self.nodes[key.value] = value
            self.lines[key.value] = line_of(key)

    def _fault(self, line: int, what: str) -> None:
        self.faults.add(self.path, line, what)

    def fault(self, key: str, what: str) -> None:
        """Note a fault on the line of `key`, or of the mapping when the key is absent."""
        self._fault(self.lines.get(key, line_of(self.node)), what)

    def has(self, key: str) -> bool:
        """Whether the file gives this key."""
        self.asked.add(key)
        return key in self.nodes

    def done(self) -> None:
        """Report the keys that no reader asked for."""
        for key in self.nodes:
            if key not in self.asked:
                remedy = resembling(key, self.asked)
                self.fault(key, f"key '{key}' is unknown here; expected a key of this definition; {remedy}")

    def _take(self, key: str, expected: str, default: object) -> yaml.Node | None:
        if not self.has(key):
            if default is REQUIRED:
                self.fault(key, f"'{key}' is missing; expected {expected}; add the line '{key}: …'.")
            return None
        return self.nodes[key]

    def _scalar(self, key: str, expected: str, default: object) -> yaml.ScalarNode | None:
        node = self._take(key, expected, default)
        if node is None or (isinstance(node, yaml.ScalarNode) and node.value):
            return node
        self.fault(key, f"'{key}' holds {kind(node)}; expected {expected}; write it on one line after the colon.")
        return None

    def string(self, key: str, *, default: str | object = REQUIRED) -> str:
        """A word or sentence."""
        node = self._scalar(key, "a text", default)
        return node.value if node else default if isinstance(default, str) else ""

    def text(self, key: str) -> Text:
        """A mapping of `fr` and `en`."""
        node = self._take(key, "a text in French and English", REQUIRED)
        return self._text(key, node) if node else Text("", "")

    def _text(self, key: str, node: yaml.Node) -> Text:
        if not isinstance(node, yaml.MappingNode):
            self._fault(line_of(node), f"'{key}' holds {kind(node)}; expected 'fr' and 'en'; write both below it.")
            return Text("", "")
        inner = Fields(self.path, node, self.faults)
        found = Text(*(inner.string(language) for language in LANGUAGES))
        inner.done()
        return found

    def texts(self, key: str) -> tuple[Text, ...]:
        """A list of texts in both languages, empty when absent."""
        return tuple(self._text(key, node) for node in self._items(key, default=()))

    def number(
        self,
        key: str,
        *,
        low: float = float("-inf"),
        high: float = float("inf"),
        default: float | object = REQUIRED,
    ) -> float:
        """A number between `low` and `high`, both included."""
        expected = "a number" if low == float("-inf") else f"a number from {low:g} to {high:g}"
        node = self._scalar(key, expected, default)
        if node is None:
            return default if isinstance(default, (int, float)) else 0.0
        value = read_number(node)
        if value is None or not low <= value <= high:
            self.fault(key, f"'{key}' is '{node.value}'; expected {expected}; correct the value.")
            return 0.0
        return value

    def integer(self, key: str, *, low: int, high: int, default: int | object = REQUIRED) -> int:
        """A whole number between `low` and `high`, both included."""
        before = len(self.faults.found)
        value = self.number(key, low=low, high=high, default=default)
        if value != int(value) and len(self.faults.found) == before:
            self.fault(key, f"'{key}' is {value:g}; expected a whole number; round it.")
        return int(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """`true` or `false`."""
        return self.choice(key, ("true", "false"), default=str(default).lower()) == "true"

    def choice(self, key: str, options: Sequence[T], *, default: T | object = REQUIRED) -> T:
        """One of a few words or numbers."""
        spelled = [str(one) for one in options]
        node = self._scalar(key, f"one of {', '.join(spelled)}", default)
        if node is None:
            return next((one for one in options if one == default), options[0])
        if node.value not in spelled:
            remedy = "choose one of these."
            self.fault(key, f"'{key}' is '{node.value}'; expected one of {', '.join(spelled)}; {remedy}")
            return options[0]
        return options[spelled.index(node.value)]

    def date(self, key: str) -> str:
        """An ISO date."""
        node = self._scalar(key, "a date as YYYY-MM-DD", REQUIRED)
        if node is None:
            return ""
        try:
            return dt.date.fromisoformat(node.value).isoformat()
        except ValueError:
            self.fault(key, f"'{key}' is '{node.value}'; expected a date as YYYY-MM-DD; correct it.")
            return ""

    def reference(self, key: str, known: Collection[str], what: str) -> str:
        """The id of another definition (`what` says of which kind)."""
        given = self.string(key)
        if given and given not in known:
            self.fault(key, f"{what} '{given}' does not exist; expected an id of the catalogue; "
                            f"{resembling(given, known)}")  # fmt: skip
        return given

    def strings(self, key: str, *, default: tuple[str, ...] | object = REQUIRED) -> tuple[tuple[str, int], ...]:
        """A list of words, each with its line."""
        return tuple((node.value, line_of(node)) for node in self._items(key, default=default) if self._is_word(node))

    def _is_word(self, node: yaml.Node) -> bool:
        if isinstance(node, yaml.ScalarNode):
            return True
        self._fault(line_of(node), f"{kind(node)} stands in a list of words; expected a word; write only the word.")
        return False

    def pairs(self, key: str, *, default: object = REQUIRED) -> Iterator[tuple[str, yaml.ScalarNode, int]]:
        """A mapping of words to words or numbers: key, value and line."""
        fields = self.below(key, default=default)
        for name, node in fields.nodes.items() if fields else ():
            if isinstance(node, yaml.ScalarNode):
                yield name, node, fields.lines[name] if fields else 0
            else:
                self._fault(line_of(node), f"'{name}' holds {kind(node)}; expected one value; write one.")

    def below(self, key: str, *, default: object = REQUIRED) -> Fields | None:
        """The mapping under `key`."""
        node = self._take(key, "a mapping", default)
        if node is None or isinstance(node, yaml.MappingNode):
            return Fields(self.path, node, self.faults) if node else None
        self.fault(key, f"'{key}' holds {kind(node)}; expected a mapping; write 'key: value' lines below it.")
        return None

    def each(self, key: str, *, default: object = REQUIRED) -> tuple[Fields, ...]:
        """The mappings of a list."""
        found = []
        for node in self._items(key, default=default):
            if isinstance(node, yaml.MappingNode):
                found.append(Fields(self.path, node, self.faults))
            else:
                self._fault(line_of(node), f"'{key}' lists {kind(node)}; expected a mapping; write 'key: value'.")
        return tuple(found)

    def _items(self, key: str, *, default: object) -> list[yaml.Node]:
        node = self._take(key, "a list", default)
        if node is None:
            return []
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        self.fault(key, f"'{key}' holds {kind(node)}; expected a list; write each item after '- '.")
        return []


def compose(path: str, text: str, faults: Faults) -> Fields | None:
    """The mapping a file holds, or None with a fault when it is not YAML or not a mapping."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        faults.add(path, line, f"this is not YAML ({error.problem}); expected 'key: value' lines; correct the line.")
        return None
    if not isinstance(node, yaml.MappingNode):
        faults.add(path, 1, "the file holds no mapping; expected 'key: value' lines; start from a file beside it.")
        return None
    return Fields(path, node, faults)
