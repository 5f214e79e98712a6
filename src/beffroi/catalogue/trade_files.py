"""A scheme of trades as files that travel: CSV, and SKOS in Turtle; both are read back to the same scheme.

Turtle is read as far as schemes need it: prefixes, `a`, lists by `;` and `,`, addresses, names, texts with a language.
Sources: W3C (2009), SKOS Reference; W3C (2014), RDF 1.1 Turtle.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from beffroi.catalogue.trades import CODES, MATCHES, Concept, Scheme, scheme
from beffroi.vocabulary.errors import CatalogueError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_COLUMNS = ("id", "label_fr", "label_en", "also", "broader", "replaced_by",
            *(f"{match}_{code}" for match in MATCHES for code in CODES))  # fmt: skip
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_VERSION = "http://www.w3.org/2002/07/owl#versionInfo"
_REPLACED = "http://purl.org/dc/terms/isReplacedBy"
_TOKEN = re.compile(
    r'''[ \t\r\n]+|\#[^\n]*|(?P<iri><[^<>"{}|^`\\\s]*>)|(?P<text>"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*")'''
    r"|(?P<lang>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)|(?P<kind>\^\^)|(?P<mark>[;,.](?![\w])|[;,.]$)|(?P<name>[\w.-]*:(?:[\w.-]*[\w-])?|a\b|PREFIX\b|BASE\b)",
    re.DOTALL,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_ESCAPED = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)


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

    >>> from beffroi.catalogue.trades import load_trades
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

    >>> from beffroi.catalogue.trades import load_trades
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


def from_turtle(text: str) -> Scheme:
    """Read a scheme from SKOS in Turtle: one `skos:ConceptScheme` and its concepts, in their order.

    Raises:
        CatalogueError: the text is no Turtle that we read, holds no scheme, or the concepts do not hold together.

    >>> from beffroi.catalogue.trades import load_trades
    >>> digital = load_trades()
    >>> from_turtle(to_turtle(digital, base="https://example.org/trades/")) == digital
    True
    """
    facts: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in _triples(text):
        facts[subject][predicate].append(value)
    tops = [one for one, said in facts.items() if (_SKOS + "ConceptScheme", "") in said[_TYPE]]
    if len(tops) != 1:
        raise CatalogueError(f"The file names {len(tops)} concept schemes; expected one skos:ConceptScheme.")
    top = facts[tops[0]]
    concepts = [_from_facts(one, said, tops[0]) for one, said in facts.items()
                if (_SKOS + "Concept", "") in said[_TYPE]]  # fmt: skip
    version = next((value for value, _ in top[_VERSION]), "1")
    return scheme(_last(tops[0]), _label(tops[0], top), version, concepts)


def _from_row(row: Mapping[str, str]) -> Concept:
    def several(cell: str) -> tuple[str, ...]:
        return tuple(cell.split("|")) if cell else ()

    matches = {(match, code): several(row[f"{match}_{code}"])
               for match in MATCHES for code in CODES if row[f"{match}_{code}"]}  # fmt: skip
    label = Text(row["label_fr"], row["label_en"])
    return Concept(row["id"], label, several(row["also"]), row["broader"], row["replaced_by"], matches)


def _from_facts(address: str, said: Mapping[str, list[tuple[str, str]]], top: str) -> Concept:
    def named(predicate: str) -> str:
        return next((_id(value, top) for value, _ in said.get(predicate, ())), "")

    matches: dict[tuple[str, str], tuple[str, ...]] = {}
    for match in MATCHES:
        for code in CODES:
            held = [value.removeprefix(f"urn:{code}:") for value, _ in said.get(f"{_SKOS}{match}Match", ())
                    if value.startswith(f"urn:{code}:")]  # fmt: skip
            matches |= {(match, code): tuple(held)} if held else {}
    return Concept(
        _id(address, top),
        _label(address, said),
        tuple(value for value, _ in said.get(_SKOS + "altLabel", ())),
        named(_SKOS + "broader"),
        named(_REPLACED),
        matches,
    )


def _label(address: str, said: Mapping[str, list[tuple[str, str]]]) -> Text:
    labels = {language: value for value, language in said.get(_SKOS + "prefLabel", ())}
    any_one = next(iter(labels.values()), _last(address))
    return Text(labels.get("fr", labels.get("", any_one)), labels.get("en", labels.get("", any_one)))


def _id(address: str, top: str) -> str:
    return address.removeprefix(f"{top}/") if address.startswith(f"{top}/") else _last(address)


def _last(address: str) -> str:
    return re.split(r"[/#:]", address.rstrip("/#"))[-1]


def _triples(text: str) -> Iterator[tuple[str, str, tuple[str, str]]]:
    """Subject, predicate and (value, language) of each statement."""
    prefixes: dict[str, str] = {}
    words = list(_words(text))
    at = 0
    while at < len(words):
        kind, word = words[at]
        if word in {"@prefix", "PREFIX"}:
            prefixes[words[at + 1][1].removesuffix(":")] = words[at + 2][1]
            at += 4 if word == "@prefix" else 3
            continue
        subject, at = _resolved(kind, word, prefixes), at + 1
        predicate = ""
        while (at < len(words) and words[at][1] != ".") or (at < len(words) and words[at][0] != "mark"):
            kind, word = words[at]
            if kind == "mark":
                predicate = "" if word == ";" else predicate
                at += 1
            elif not predicate:
                predicate, at = _TYPE if word == "a" else _resolved(kind, word, prefixes), at + 1
            else:
                language = ""
                value = word if kind == "text" else _resolved(kind, word, prefixes)
                at += 1
                if at < len(words) and words[at][0] == "lang":
                    language, at = words[at][1][1:], at + 1
                elif at < len(words) and words[at][0] == "kind":
                    at += 2
                yield subject, predicate, (value, language)
        at += 1


def _words(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            line = text.count("\n", 0, at) + 1
            raise CatalogueError(
                f"Line {line} holds '{text[at : at + 20].strip()}', which is no Turtle that is read here "
                "(no blank nodes, no collections, no numbers). Export a scheme to see the form."
            )
        at = found.end()
        kind = found.lastgroup
        if kind == "iri":
            yield kind, found[0][1:-1]
        elif kind == "text":
            inside = found[0][3:-3] if found[0].startswith('"""') else found[0][1:-1]
            yield kind, _ESCAPED.sub(_unescaped, inside)
        elif kind is not None:
            yield kind, found[0]


def _unescaped(found: re.Match[str]) -> str:
    said = found[1]
    return chr(int(said[1:], 16)) if said[0] in "uU" and len(said) > 1 else _ESCAPES.get(said, said)


def _resolved(kind: str, word: str, prefixes: Mapping[str, str]) -> str:
    if kind != "name":
        return word
    prefix, _colon, rest = word.partition(":")
    if prefix not in prefixes:
        raise CatalogueError(f"'{word}' uses the prefix '{prefix}:', which the file does not declare. Declare it.")
    return prefixes[prefix] + rest


def _quoted(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(plain, escaped)
    return f'"{text}"'
