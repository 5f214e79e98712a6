"""Trades as a concept scheme: labels in two languages, broader terms, mappings to NAF and NACE, permanent ids.

The model is SKOS; `trade_files` writes it as CSV and Turtle and reads it back.
Source: W3C (2009), SKOS Simple Knowledge Organization System Reference.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

from beffroi.vocabulary.errors import CatalogueError, UnknownDefinitionError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

MATCHES = ("exact", "close")
CODES = ("naf", "nace")


@dataclass(frozen=True, slots=True)
class Concept:
    """One trade. `matches` holds codes under (`exact` or `close`, `naf` or `nace`)."""

    id: str
    label: Text
    also: tuple[str, ...] = ()
    broader: str = ""
    replaced_by: str = ""
    matches: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A versioned list of trades; statistics name the version they used."""

    id: str
    name: Text
    version: str
    concepts: Mapping[str, Concept]

    def resolve(self, concept_id: str) -> Concept:
        """Return a concept by its id of today or of before a merger.

        Raises:
            UnknownDefinitionError: no concept ever had this id.

        >>> load_trades("digital").resolve("games").id
        'video_games'
        """
        if concept_id not in self.concepts:
            known = ", ".join(sorted(self.concepts))
            raise UnknownDefinitionError(f"Trade '{concept_id}' is not in scheme '{self.id}' (known: {known}).")
        found = self.concepts[concept_id]
        return self.resolve(found.replaced_by) if found.replaced_by else found

    def ancestors(self, concept_id: str) -> tuple[str, ...]:
        """Return the broader trades, nearest first.

        >>> load_trades("digital").ancestors("programming")
        ('it_services',)
        """
        broader = self.resolve(concept_id).broader
        return (broader, *self.ancestors(broader)) if broader else ()


_own: list[Path] = []


def use_own_trades(folder: Path) -> None:
    """Read schemes of this house from a folder from now on; one of the same id as ours stands before it."""
    _own[:] = [folder]


def scheme_ids() -> tuple[str, ...]:
    """Return the ids of the schemes shipped, and of this house's own.

    >>> "digital" in scheme_ids()
    True
    """
    shipped = [one.name for one in resources.files("beffroi.catalogue").joinpath("trades").iterdir()]
    own = [one.name for folder in _own if folder.is_dir() for one in folder.iterdir()]
    return tuple(sorted({one.removesuffix(".yaml") for one in (*shipped, *own) if one.endswith(".yaml")}))


def load_trades(scheme_id: str = "digital") -> Scheme:
    """Return a scheme by its id.

    Raises:
        UnknownDefinitionError: no such scheme.
        CatalogueError: its file lacks something, names an unknown concept or runs in a circle.
    """
    for folder in _own:
        path = folder / f"{scheme_id}.yaml"
        if path.is_file():
            return _read_own(path, path.stat().st_mtime_ns)
    if scheme_id not in scheme_ids():
        raise UnknownDefinitionError(f"Scheme '{scheme_id}' is not here (known: {', '.join(scheme_ids())}).")
    return _read_shipped(scheme_id)


@lru_cache(maxsize=16)
def _read_shipped(scheme_id: str) -> Scheme:
    name = f"{scheme_id}.yaml"
    return _read(name, resources.files("beffroi.catalogue").joinpath("trades", name).read_text(encoding="utf-8"))


@lru_cache(maxsize=16)
def _read_own(path: Path, written_at: int) -> Scheme:  # noqa: ARG001 -- a file written anew is read anew
    return _read(path.name, path.read_text(encoding="utf-8"))


def _read(name: str, text: str) -> Scheme:
    try:
        given = yaml.safe_load(text)
        concepts = [_concept(one) for one in given["concepts"]]
        return scheme(given["id"], Text(**given["name"]), str(given["version"]), concepts)
    except (KeyError, TypeError, yaml.YAMLError) as error:
        raise CatalogueError(f"trades/{name} lacks or misspells {error}. Compare it with digital.") from error


def scheme(scheme_id: str, name: Text, version: str, concepts: Iterable[Concept]) -> Scheme:
    """Put concepts together and check them.

    Raises:
        CatalogueError: every fault at once: ids given twice, unknown broader terms or successors, circles.
    """
    listed = list(concepts)
    held = {one.id: one for one in listed}
    faults = [f"'{one}' is written {count} times" for one, count in _counts(listed).items() if count > 1]
    for one in listed:
        faults += [f"'{one.id}' names '{other}', which is not here"
                   for other in (one.broader, one.replaced_by) if other and other not in held]  # fmt: skip
    if not faults:
        faults = [f"'{one.id}' leads back to itself" for one in listed if _circles(one, held)]
    if faults:
        raise CatalogueError(f"Scheme '{scheme_id}': {'; '.join(faults)}. Correct its file.")
    return Scheme(scheme_id, name, version, held)


def to_yaml(given: Scheme) -> str:
    """Return a scheme as a file of the catalogue.

    >>> _read("digital.yaml", to_yaml(load_trades())) == load_trades()
    True
    """
    concepts = []
    for one in given.concepts.values():
        page: dict[str, Any] = {"id": one.id, "label": {"fr": one.label.fr, "en": one.label.en}}
        page |= {"also": list(one.also)} if one.also else {}
        page |= {key: value for key, value in (("broader", one.broader), ("replaced_by", one.replaced_by)) if value}
        for (match, code), values in one.matches.items():
            page.setdefault(match, {})[code] = list(values)
        concepts.append(page)
    page = {"id": given.id, "name": {"fr": given.name.fr, "en": given.name.en}, "version": given.version,
            "concepts": concepts}  # fmt: skip
    return yaml.safe_dump(page, allow_unicode=True, sort_keys=False, width=120)


def merge_concepts(given: Scheme, old: str, new: str, *, version: str) -> Scheme:
    """Return a new version of a scheme in which one trade is part of another; the old id leads to the new one.

    What the old one was called and the codes it stood for go to the new one as words and near codes.

    Raises:
        UnknownDefinitionError: no such trade.
        CatalogueError: the two are one, or the version is not a new one.

    >>> done = merge_concepts(load_trades(), "repair", "wholesale", version="2026.2")
    >>> done.resolve("repair").id, done.version, "95.11Z" in done.concepts["wholesale"].matches["close", "naf"]
    ('wholesale', '2026.2', True)
    """
    gone, kept = given.resolve(old), given.resolve(new)
    if gone.id == kept.id or version == given.version:
        raise CatalogueError(
            f"'{old}' cannot be merged into '{new}' as version {version}: name two trades and a version other than "
            f"{given.version}."
        )
    matches = dict(kept.matches)
    for code in CODES:
        more = [value for match in MATCHES for value in gone.matches.get((match, code), ())]
        known = {value for match in MATCHES for value in kept.matches.get((match, code), ())}
        held = (*matches.get(("close", code), ()), *(value for value in more if value not in known))
        matches |= {("close", code): tuple(dict.fromkeys(held))} if held else {}
    also = tuple(dict.fromkeys((*kept.also, gone.label.fr, gone.label.en, *gone.also)))
    changed = {
        kept.id: replace(kept, also=also, matches=matches, broader="" if kept.broader == gone.id else kept.broader),
        gone.id: replace(gone, replaced_by=kept.id, broader="", matches={}),
    }
    concepts = [changed.get(one.id, one) for one in given.concepts.values()]
    concepts = [replace(one, broader=kept.id) if one.broader == gone.id else one for one in concepts]
    return scheme(given.id, given.name, version, concepts)


def _concept(given: dict[str, Any]) -> Concept:
    matches = {(match, code): tuple(given[match][code])
               for match in MATCHES for code in CODES if given.get(match, {}).get(code)}  # fmt: skip
    return Concept(
        id=given["id"],
        label=Text(**given["label"]),
        also=tuple(given.get("also", ())),
        broader=given.get("broader", ""),
        replaced_by=given.get("replaced_by", ""),
        matches=matches,
    )


def _counts(concepts: Iterable[Concept]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in concepts:
        found[one.id] = found.get(one.id, 0) + 1
    return found


def _circles(start: Concept, held: Mapping[str, Concept]) -> bool:
    for step in ("broader", "replaced_by"):
        seen, here = {start.id}, getattr(start, step)
        while here:
            if here in seen:
                return True
            seen.add(here)
            here = getattr(held[here], step)
    return False
