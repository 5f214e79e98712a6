"""Read the sections of statutes, collecting every fault with its path."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

from beffroi.assembly.exact import fraction
from beffroi.assembly.faults import InexactNumberError
from beffroi.assembly.vote import BASES, CHANNELS, ELECTIONS, OF, WITHIN, Delegation, Election, Majority, Quorum
from beffroi.vocabulary.text import LANGUAGES, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

HUNDRED = 100
T = TypeVar("T")


class Reader:
    """Reads values; what is wrong goes into `faults` and a harmless value comes back."""

    def __init__(self) -> None:
        self.faults: list[Text] = []

    def mapping(self, given: object, path: str) -> dict[str, Any]:
        """A mapping."""
        if isinstance(given, dict):
            return given
        self._say(path, f"{given!r} n’est pas un tableau de clés.", f"{given!r} is no mapping.")
        return {}

    def only(self, given: Mapping[str, Any], path: str, known: Sequence[str]) -> None:
        """Refuse unknown keys."""
        for key in given:
            if key not in known:
                listed = ", ".join(known)
                self._say(_under(path, key), f"inconnu ; on connaît {listed}.", f"unknown; known: {listed}.")

    def rows(self, given: object, path: str) -> list[tuple[str, dict[str, Any]]]:
        """A list of mappings, each with its path."""
        if not isinstance(given, list):
            self._say(path, f"{given!r} n’est pas une liste.", f"{given!r} is no list.")
            return []
        return [(f"{path}[{place}]", self.mapping(one, f"{path}[{place}]")) for place, one in enumerate(given)]

    def count(self, given: object, path: str, least: int = 0) -> int:
        """A whole number."""
        if isinstance(given, int) and not isinstance(given, bool) and given >= least:
            return given
        self._say(path, f"{given!r} : un nombre entier d’au moins {least} est attendu.",
                  f"{given!r}: a whole number of at least {least} is expected.")  # fmt: skip
        return least

    def counts(self, given: object, path: str) -> dict[str, int]:
        """Whole numbers by key."""
        return {key: self.count(value, _under(path, key)) for key, value in self.mapping(given, path).items()}

    def flag(self, given: object, path: str) -> bool:
        """Yes or no."""
        if not isinstance(given, bool):
            self._say(path, f"{given!r} : true ou false est attendu.", f"{given!r}: true or false is expected.")
        return given is True

    def share(self, given: object, path: str) -> Fraction:
        """An exact share from 0 to 1."""
        found = self._exact(given, path)
        if not 0 <= found <= 1:
            self._say(path, f"{found} n’est pas entre 0 et 1.", f"{found} is not between 0 and 1.")
        return found

    def pct(self, top: Mapping[str, Any], section: str, key: str) -> Fraction | None:
        """A ceiling in per cent; None when it is not given."""
        held = self.mapping(top.get(section, {}), section)
        self.only(held, section, ("public_pct", "funder_pct"))
        if key not in held:
            return None
        found = self._exact(held[key], f"{section}.{key}")
        if not 0 <= found <= HUNDRED:
            self._say(f"{section}.{key}", f"{found} n’est pas entre 0 et 100.", f"{found} is not between 0 and 100.")
        return found

    def word(self, given: object, path: str, known: Sequence[str]) -> str:
        """One of several words."""
        if isinstance(given, str) and given in known:
            return given
        self._say(path, f"{given!r} : un de {', '.join(known)} est attendu.",
                  f"{given!r}: one of {', '.join(known)} is expected.")  # fmt: skip
        return known[0]

    def words(self, given: object, path: str, known: Sequence[str] = ()) -> tuple[str, ...]:
        """A list of words."""
        if not isinstance(given, list) or not all(isinstance(one, str) and one for one in given):
            self._say(path, f"{given!r} n’est pas une liste de mots.", f"{given!r} is no list of words.")
            return ()
        for place, one in enumerate(given):
            if known:
                self.word(one, f"{path}[{place}]", known)
        return tuple(given)

    def line(self, given: object, path: str) -> str:
        """One line of text, which may be empty."""
        if isinstance(given, str) and "\n" not in given:
            return given.strip()
        self._say(path, f"{given!r} n’est pas une ligne de texte.", f"{given!r} is no line of text.")
        return ""

    def by_type(self, given: object, path: str, one: Callable[[object, str], T]) -> dict[str, T]:
        """A list that holds for every type of decision, or a mapping with a list for each type."""
        if isinstance(given, list):
            return {"default": one(given, path)}
        return {key: one(value, _under(path, key)) for key, value in self.mapping(given, path).items()}

    def channels(self, given: object, path: str) -> tuple[str, ...]:
        """Ways to vote."""
        return self.words(given, path, CHANNELS)

    def elections(self, given: object, path: str) -> dict[str, Election]:
        """How candidates are elected, by type of decision; 0 seats: each vote says how many."""
        found = {}
        for key, value in self.mapping(given, path).items():
            at = _under(path, key)
            one = self.mapping(value, at)
            self.only(one, at, ("method", "most_choices", "seats"))
            most = one.get("most_choices", 0)
            found[key] = Election(
                self.word(one.get("method", ELECTIONS[0]), f"{at}.method", ELECTIONS),
                self.count(one.get("seats", 0), f"{at}.seats"),
                None if most is None else self.count(most, f"{at}.most_choices"),
            )
        return found

    def articles(self, given: object, path: str) -> dict[str, Text]:
        """Sentences of the statutes in both languages, by type of decision."""
        found = {}
        for key, value in self.mapping(given, path).items():
            at = _under(path, key)
            one = self.mapping(value, at)
            self.only(one, at, LANGUAGES)
            for language in LANGUAGES:
                if not self.line(one.get(language, ""), _under(at, language)):
                    self._say(_under(at, language), "la phrase manque.", "the sentence is missing.")
            found[key] = Text(str(one.get("fr", "")), str(one.get("en", "")))
        return found

    def day(self, given: object, path: str) -> str:
        """A day."""
        try:
            return date.fromisoformat(str(given)).isoformat()
        except ValueError:
            self._say(path, f"{given!r} : un jour comme 2026-11-22 est attendu.",
                      f"{given!r}: a day such as 2026-11-22 is expected.")  # fmt: skip
            return ""

    def competences(self, given: object, path: str) -> dict[str, tuple[tuple[str, ...], bool, Text]]:
        """By type of decision: bodies, whether only for their own territory, words."""
        found = {}
        for key, value in self.mapping(given, path).items():
            at = _under(path, key)
            one = self.mapping(value, at)
            self.only(one, at, ("bodies", "own_territory", "words"))
            words = self.mapping(one.get("words", {}), _under(at, "words"))
            bodies = self.words(one.get("bodies", []), _under(at, "bodies"))
            if not bodies:
                self._say(_under(at, "bodies"), "au moins une instance doit décider.", "some body has to decide.")
            own = self.flag(one.get("own_territory", False), _under(at, "own_territory"))
            found[key] = (bodies, own, Text(str(words.get("fr", key)), str(words.get("en", key))))
        return found

    def quorum(self, given: object, path: str) -> tuple[Quorum, ...]:
        """Quorums."""
        found = []
        for at, one in self.rows(given, path):
            self.only(one, at, ("of", "share", "strict", "within"))
            found.append(Quorum(
                self.word(one.get("of", "members"), f"{at}.of", OF), self.share(one.get("share", "1/2"), f"{at}.share"),
                self.flag(one.get("strict", False), f"{at}.strict"), self._within(one, at)))  # fmt: skip
        return tuple(found)

    def majorities(self, given: object, path: str) -> dict[str, tuple[Majority, ...]]:
        """Majorities by type of decision."""
        found = {}
        for key, value in self.mapping(given, path).items():
            rows = []
            for at, one in self.rows(value, _under(path, key)):
                self.only(one, at, ("of", "base", "share", "strict", "within", "groups"))
                rows.append(self._majority(one, at))
            if not rows:
                self._say(
                    _under(path, key), "au moins une majorité est attendue.", "at least one majority is expected."
                )
            found[key] = tuple(rows)
        return found

    def _majority(self, one: Mapping[str, Any], at: str) -> Majority:
        return Majority(
            self.word(one.get("of", "members"), f"{at}.of", OF),
            self.word(one.get("base", "expressed"), f"{at}.base", BASES),
            self.share(one.get("share", "1/2"), f"{at}.share"),
            self.flag(one.get("strict", True), f"{at}.strict"),
            self._within(one, at),
            self.share(one.get("groups", 1), f"{at}.groups"),
        )

    def delegation(self, given: object, path: str) -> Delegation:
        """What may be handed on."""
        one = self.mapping(given, path)
        self.only(one, path, ("depth", "per_person", "weight_share"))
        return Delegation(
            self.count(one.get("depth", 1), f"{path}.depth", 1),
            self.count(one["per_person"], f"{path}.per_person", 1) if "per_person" in one else None,
            self.share(one["weight_share"], f"{path}.weight_share") if "weight_share" in one else None,
        )

    def functions(self, given: object, path: str) -> dict[str, tuple[int, tuple[tuple[str, str, int], ...]]]:
        """How many may hold a function, with years of transition."""
        found = {}
        for key, value in self.mapping(given, path).items():
            at = _under(path, key)
            one = self.mapping(value, at)
            self.only(one, at, ("most", "transitions"))
            rows = []
            for place, row in self.rows(one.get("transitions", []), f"{at}.transitions"):
                self.only(row, place, ("since", "until", "most"))
                rows.append((
                    self.day(row.get("since"), f"{place}.since"), self.day(row.get("until"), f"{place}.until"),
                    self.count(row.get("most"), f"{place}.most", 1)))  # fmt: skip
            found[key] = (self.count(one.get("most", 1), f"{at}.most"), tuple(rows))
        return found

    def _within(self, one: Mapping[str, Any], at: str) -> str | None:
        return self.word(one["within"], f"{at}.within", WITHIN) if one.get("within") else None

    def _exact(self, given: object, path: str) -> Fraction:
        try:
            return fraction(given)  # type: ignore[arg-type]  # -- anything else is refused by its error
        except InexactNumberError:
            self._say(path, f"{given} n’est pas un nombre exact ; écrivez 1/2 ou '0.5'.",
                      f"{given} is no exact number; write 1/2 or '0.5'.")  # fmt: skip
            return Fraction(1)

    def _say(self, path: str, fr: str, en: str) -> None:
        where = f"{path}: " if path else ""
        self.faults.append(Text(f"{where.replace(':', ' :')}{fr}", f"{where}{en}"))


def _under(path: str, key: str) -> str:
    return f"{path}.{key}" if path else str(key)
