"""Trades as a concept scheme: labels in two languages, broader terms, mappings to NAF and NACE, permanent ids.

The model is SKOS; `to_turtle` and `to_csv` write it, `from_csv` reads it back.
Source: W3C (2009), SKOS Simple Knowledge Organization System Reference.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

from beffroi.vocabulary.errors import CatalogueError, UnknownDefinitionError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MATCHES = ("exact", "close")
CODES = ("naf", "nace")
_COLUMNS = ("id", "label_fr", "label_en", "also", "broader", "replaced_by",
            *(f"{match}_{code}" for match in MATCHES for code in CODES))  # fmt: skip


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


def scheme_ids() -> tuple[str, ...]:
    """Return the ids of the schemes shipped.

    >>> scheme_ids()
    ('digital',)
    """
    folder = resources.files("beffroi.catalogue").joinpath("trades")
    return tuple(sorted(one.name.removesuffix(".yaml") for one in folder.iterdir() if one.name.endswith(".yaml")))


def load_trades(scheme_id: str = "digital") -> Scheme:
    """Return a scheme by its id.

    Raises:
        UnknownDefinitionError: no such scheme.
        CatalogueError: its file lacks something, names an unknown concept or runs in a circle.
    """
    if scheme_id not in scheme_ids():
        raise UnknownDefinitionError(f"Scheme '{scheme_id}' is not here (known: {', '.join(scheme_ids())}).")
    text = resources.files("beffroi.catalogue").joinpath("trades", f"{scheme_id}.yaml").read_text(encoding="utf-8")
    try:
        given = yaml.safe_load(text)
        concepts = [_concept(one) for one in given["concepts"]]
        return scheme(given["id"], Text(**given["name"]), str(given["version"]), concepts)
    except (KeyError, TypeError) as error:
        raise CatalogueError(f"trades/{scheme_id}.yaml lacks or misspells {error}. Compare it with digital.") from error


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


def to_csv(given: Scheme) -> str:
    """Return a scheme as CSV: one line for each concept, several words or codes separated by `|`."""
    page = io.StringIO(newline="")
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for one in given.concepts.values():
        codes = ["|".join(one.matches.get((match, code), ())) for match in MATCHES for code in CODES]
        writer.writerow([one.id, one.label.fr, one.label.en, "|".join(one.also), one.broader, one.replaced_by, *codes])
    return page.getvalue()


def from_csv(text: str, *, scheme_id: str, name: Text, version: str) -> Scheme:
    """Read a scheme that `to_csv` wrote, or that somebody else wrote in the same columns.

    Raises:
        CatalogueError: a column is missing, or the concepts do not hold together.

    >>> digital = load_trades()
    >>> from_csv(to_csv(digital), scheme_id="digital", name=digital.name, version=digital.version) == digital
    True
    """
    rows = csv.DictReader(io.StringIO(text, newline=""))
    missing = [one for one in _COLUMNS if one not in (rows.fieldnames or ())]
    if missing:
        raise CatalogueError(f"The file lacks the columns {', '.join(missing)}. Export a scheme to see the form.")
    return scheme(scheme_id, name, version, [_from_row(one) for one in rows])


def to_turtle(given: Scheme, *, base: str) -> str:
    """Return a scheme as SKOS in Turtle; `base` is the address under which concepts have their permalinks.

    >>> 'skos:prefLabel "Jeu vidéo"@fr' in to_turtle(load_trades(), base="urn:beffroi:trades/")
    True
    """
    top = f"<{base}{given.id}>"
    lines = [
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .",
        "@prefix dct: <http://purl.org/dc/terms/> .",
        "",
        f"{top} a skos:ConceptScheme ;",
        f"  skos:prefLabel {_quoted(given.name.fr)}@fr, {_quoted(given.name.en)}@en ;",
        f"  owl:versionInfo {_quoted(given.version)} .",
    ]
    for one in given.concepts.values():
        facts = [f"skos:inScheme {top}", f"skos:prefLabel {_quoted(one.label.fr)}@fr, {_quoted(one.label.en)}@en"]
        facts += [f"skos:altLabel {_quoted(word)}" for word in one.also]
        facts += [f"skos:broader <{base}{given.id}/{one.broader}>"] if one.broader else []
        facts += [f"dct:isReplacedBy <{base}{given.id}/{one.replaced_by}>"] if one.replaced_by else []
        facts += [f"skos:{match}Match <urn:{code}:{value}>"
                  for (match, code), values in one.matches.items() for value in values]  # fmt: skip
        lines += ["", f"<{base}{given.id}/{one.id}> a skos:Concept ;", "  " + " ;\n  ".join(facts) + " ."]
    return "\n".join(lines) + "\n"


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


def _from_row(row: Mapping[str, str]) -> Concept:
    def several(cell: str) -> tuple[str, ...]:
        return tuple(cell.split("|")) if cell else ()

    matches = {(match, code): several(row[f"{match}_{code}"])
               for match in MATCHES for code in CODES if row[f"{match}_{code}"]}  # fmt: skip
    label = Text(row["label_fr"], row["label_en"])
    return Concept(row["id"], label, several(row["also"]), row["broader"], row["replaced_by"], matches)


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


def _quoted(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(plain, escaped)
    return f'"{text}"'
