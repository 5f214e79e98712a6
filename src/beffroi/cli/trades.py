"""`beffroi trades`: the scheme of trades as files, a scheme of one's own, and two trades made one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.catalogue.trade_files import from_csv, from_turtle, to_csv, to_turtle
from beffroi.catalogue.trades import load_trades, merge_concepts, to_yaml, use_own_trades
from beffroi.cli.given_file import read_given
from beffroi.cli.members_tables import write
from beffroi.cli.show import print_json, print_table
from beffroi.observatory.home import home_folder
from beffroi.store.swap import new_file
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    import argparse

    from beffroi.catalogue.trades import Scheme


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser], words: str) -> None:
    """Add the verb to the parser."""
    top = verbs.add_parser("trades", help=words)
    ways = top.add_subparsers(dest="way", metavar="WAY", required=True)
    one = _way(ways, "export", "write the scheme as CSV or SKOS (Turtle), or show it")
    one.add_argument("--format", choices=("text", "json", "csv", "turtle"), default="text", help="default: text")
    one.add_argument("--base", default="urn:beffroi:trades/", help="address under which concepts stand (turtle)")
    one.add_argument("--into", type=Path, default=None, help="file to write (default: standard output)")
    one.set_defaults(do=_export)
    one = _way(ways, "import", "take a scheme of this house from CSV or SKOS (Turtle)")
    one.add_argument("file", type=Path, metavar="FILE")
    one.add_argument("--name-fr", default="", help="name in French (default: that of the scheme it replaces)")
    one.add_argument("--name-en", default="", help="name in English")
    one.add_argument("--version", default="", help="its version, which statistics will name (needed for CSV)")
    one.set_defaults(do=_import)
    one = _way(ways, "merge", "make one trade part of another; the old id leads to the new one for good")
    one.add_argument("old")
    one.add_argument("new")
    one.add_argument("--version", required=True, help="version of the scheme from now on")
    one.set_defaults(do=_merge)


def _way(ways: argparse._SubParsersAction[argparse.ArgumentParser], name: str, words: str) -> argparse.ArgumentParser:
    one = ways.add_parser(name, help=words)
    one.add_argument("--scheme", default="digital", help="id of the scheme (default: digital)")
    return one


def _export(given: argparse.Namespace) -> int:
    use_own_trades(_folder())
    scheme = load_trades(given.scheme)
    if given.format == "csv":
        write(to_csv(scheme).encode(), given.into)
    elif given.format == "turtle":
        write(to_turtle(scheme, base=given.base).encode(), given.into)
    elif given.format == "json":
        print_json({"id": scheme.id, "version": scheme.version, "trades": [
            {"id": one.id, "fr": one.label.fr, "en": one.label.en, "broader": one.broader,
             "replaced_by": one.replaced_by} for one in scheme.concepts.values()]})  # fmt: skip
    else:
        print(f"{scheme.name.en}, version {scheme.version}")
        columns = ("id", "français", "English", "broader", "merged into")
        print_table(columns, [(one.id, one.label.fr, one.label.en, one.broader, one.replaced_by)
                              for one in scheme.concepts.values()])  # fmt: skip
    return 0


def _import(given: argparse.Namespace) -> int:
    use_own_trades(_folder())
    text = read_given(given.file).decode("utf-8-sig")
    if given.file.suffix.lower() in {".ttl", ".turtle"}:
        found = from_turtle(text)
    else:
        if not given.version:
            raise UsageError("A CSV says nothing of its version, which statistics must name: give --version 2027.1.")
        known = load_trades().name
        name = Text(given.name_fr or known.fr, given.name_en or known.en)
        found = from_csv(text, scheme_id=given.scheme, name=name, version=given.version)
    path = _keep(found)
    print(f"Scheme '{found.id}', version {found.version}: {len(found.concepts)} trades are in {path}.")
    return 0


def _merge(given: argparse.Namespace) -> int:
    use_own_trades(_folder())
    done = merge_concepts(load_trades(given.scheme), given.old, given.new, version=given.version)
    path = _keep(done)
    print(f"'{given.old}' is part of '{done.resolve(given.old).id}' from version {done.version} on ({path}).")
    return 0


def _keep(scheme: Scheme) -> Path:
    """Write a scheme of this house; the version before stays beside it."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{scheme.id}.yaml"
    if path.is_file():
        before = load_trades(scheme.id)
        path.replace(folder / f"{scheme.id}-{before.version}.before")
    with new_file(path) as part:
        part.write_text(to_yaml(scheme), encoding="utf-8")
    return path


def _folder() -> Path:
    return home_folder() / "catalogue" / "trades"
