"""`beffroi edition`: build, list, show, verify, compare, correct."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from beffroi.cli.show import add_format, print_json, print_table, progress
from beffroi.observatory.compare import compare_editions
from beffroi.observatory.edition import DEFAULT_INDEX, build_edition, current_id, edition_ids, read_manifest
from beffroi.observatory.errata import add_erratum
from beffroi.observatory.home import Home, home_folder
from beffroi.observatory.read import open_edition
from beffroi.observatory.signatures import read_signatures, validation_of
from beffroi.observatory.verify import verify_edition
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    import argparse

    from beffroi.observatory.edition import Manifest


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser], words: str) -> None:
    """Add the verb to the parser."""
    top = verbs.add_parser("edition", help=words)
    ways = top.add_subparsers(dest="way", metavar="WAY", required=True)
    one = ways.add_parser("build", help="freeze what the house knows into a new edition and make it current")
    one.add_argument("--index", default=DEFAULT_INDEX, help=f"index of the catalogue (default: {DEFAULT_INDEX})")
    one.add_argument("--workers", type=int, default=None, help="threads; the figures do not depend on it")
    add_format(one)
    one.set_defaults(do=_build)
    one = ways.add_parser("list", help="list the editions, newest first")
    add_format(one)
    one.set_defaults(do=_list)
    one = ways.add_parser("show", help="say what an edition holds")
    one.add_argument("edition", nargs="?", help="such as 2026-1 (default: the current one)")
    add_format(one)
    one.set_defaults(do=_show)
    one = ways.add_parser("verify", help="check an edition's files, rebuild it and compare fingerprints")
    one.add_argument("edition", nargs="?", help="such as 2026-1 (default: the current one)")
    one.add_argument("--workers", type=int, default=1, help="threads; the figures do not depend on it")
    add_format(one)
    one.set_defaults(do=_verify)
    one = ways.add_parser("compare", help="say what moved between two editions by data and by method")
    one.add_argument("before")
    one.add_argument("after")
    one.add_argument("--set", default=None, help="comparison set (default: the first of the newer edition)")
    one.add_argument("--region", action="append", default=[], help="only this region (may be repeated)")
    add_format(one)
    one.set_defaults(do=_compare)
    one = ways.add_parser("erratum", help="add a correction beside an edition, in both languages")
    one.add_argument("edition")
    one.add_argument("--fr", required=True)
    one.add_argument("--en", required=True)
    one.set_defaults(do=_erratum)


def _build(given: argparse.Namespace) -> int:
    with progress() as report:
        manifest = build_edition(
            Home(home_folder()),
            today=datetime.now(UTC).date(),
            index=given.index,
            workers=given.workers,
            report=report,
        )
    if given.format == "json":
        print_json(asdict(manifest))
    else:
        span = f"{manifest.first_year}–{manifest.last_year}"
        print(f"Edition {manifest.id} built: figures of {span}, fingerprint {manifest.digest[:12]}.")
    return 0


def _list(given: argparse.Namespace) -> int:
    home = Home(home_folder())
    held = [read_manifest(home, one) for one in edition_ids(home)]
    shown = current_id(home) if held else None
    if given.format == "json":
        print_json(
            [
                {
                    "id": one.id,
                    "built_on": one.built_on,
                    "digest": one.digest,
                    "current": one.id == shown,
                    **_stands(home, one),
                }
                for one in held
            ]
        )
    elif held:
        print_table(
            ("edition", "built on", "figures of", "fingerprint", "signed", ""),
            [
                (
                    one.id,
                    one.built_on,
                    f"{one.first_year}–{one.last_year}",
                    one.digest[:12],
                    _said(_stands(home, one)),
                    "current" if one.id == shown else "",
                )
                for one in held
            ],
        )
    else:
        print("No edition yet. Run 'beffroi edition build'.")
    return 0


def _show(given: argparse.Namespace) -> int:
    home = Home(home_folder())
    manifest = read_manifest(home, given.edition or current_id(home))
    edition = open_edition(home.path, manifest.id)
    sets = {
        one.set_id: {
            "ranked": len(one.standings),
            "excluded": len(one.excluded),
            "scenarios": one.scenarios,
            "seed": one.seed,
        }
        for one in edition.sets.values()
    }
    if given.format == "json":
        signed = {**_stands(home, manifest), "signatures": [asdict(one) for one in edition.signatures]}
        errata = [one.say(given.language) for one in edition.errata]
        print_json({**asdict(manifest), "sets": sets, "errata": errata, **signed})
        return 0
    print(f"Edition {manifest.id}, built on {manifest.built_on} by Beffroi {manifest.version}")
    print(
        f"Index {manifest.index}; figures of {manifest.first_year}–{manifest.last_year}; fingerprint {manifest.digest}"
    )
    print(f"{len(edition.provenance)} series, {edition.from_starter} of them from the starter\n")
    print_table(
        ("set", "ranked", "excluded", "scenarios", "seed"),
        [(name, *one.values()) for name, one in sets.items()],
    )
    print(f"\nThis edition is {_said(_stands(home, manifest))}.")
    for each in edition.signatures:
        said = ". ".join(part for part in (each.act.replace("_", " "), each.words(given.language)) if part)
        print(f"  {each.on}, {each.role}, account {each.account}: {said}")
    for one in edition.errata:
        print(f"\nErratum. {one.say(given.language)}")
    return 0


def _verify(given: argparse.Namespace) -> int:
    home = Home(home_folder())
    with progress() as report:
        found = verify_edition(home, given.edition or current_id(home), workers=given.workers, report=report)
    if given.format == "json":
        print_json({**asdict(found), "holds": found.holds})
    elif found.holds:
        signed = f", {found.signatures} signatures fit" if found.signatures else ""
        print(f"Edition {found.edition} holds: {found.files} files intact, {found.tables} tables found again{signed}.")
    elif found.damaged:
        print(f"Edition {found.edition} is damaged: {', '.join(found.damaged)}. Restore these files from a copy.")
    elif found.differing:
        print(
            f"Edition {found.edition} comes out otherwise in: {', '.join(found.differing)}. Its files are intact, "
            "so the method has changed since: install the version named by 'beffroi edition show'."
        )
    if found.unfit:
        place = home.signatures(found.edition)
        print(f"Its signatures do not fit: {'; '.join(found.unfit)}. Restore {place} from a copy.")
    return 0 if found.holds else 1


def _compare(given: argparse.Namespace) -> int:
    home = Home(home_folder())
    chosen = given.set or next(iter(open_edition(home.path, given.after).sets))
    with progress() as report:
        found = compare_editions(home, given.before, given.after, set_id=chosen, report=report)
    moves = [one for one in found.moves if not given.region or one.region in given.region]
    if given.format == "json":
        print_json({**asdict(found), "moves": [asdict(one) for one in moves]})
        return 0
    print(f"{found.before} → {found.after}, set {found.set_id}: {found.observations_changed} figures and "
          f"{len(found.definitions_changed)} definitions changed.")  # fmt: skip
    for name in found.definitions_changed:
        print(f"  {name}")
    print_table(
        ("region", "rank before", "by data", "by method", "after", "score before", "by data", "by method", "after"),
        [
            (one.region, one.rank_before, one.rank_by_data, one.rank_by_method, one.rank_after,
             one.score_before, one.score_by_data, one.score_by_method, one.score_after)
            for one in moves
        ],
    )  # fmt: skip
    return 0


def _erratum(given: argparse.Namespace) -> int:
    home = Home(home_folder())
    read_manifest(home, given.edition)
    add_erratum(home, given.edition, text=Text(given.fr, given.en), today=datetime.now(UTC).date())
    print(f"Erratum added to edition {given.edition}; its figures are unchanged.")
    return 0


def _stands(home: Home, manifest: Manifest) -> dict[str, str]:
    found = validation_of(read_signatures(home, manifest.id), manifest.digest)
    return {"validation": found.state, "signed_on": found.by.on if found.by else ""}


def _said(stands: dict[str, str]) -> str:
    on = f" on {stands['signed_on']}" if stands["signed_on"] else ""
    return stands["validation"].replace("_", " ").replace("submitted", "handed in") + on
