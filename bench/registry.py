"""The registry at size: seconds for each act, beside a plain computation of every organisation in the same run.

    python bench/registry.py [--rows 100000 | --linked 10000 [--splink PYTHON] [--postgres …/15/bin]] [--json]

Two invented lists share half of their organisations. Measured: the first import of both, the same file again, the same
rows in a new file, one join, its undo, one import of 1 % changed rows; the baseline is `derive.rebuild`, which is what
an undo costs a program that computes all groups again. With `--linked` rows have no number and are linked by names and
sites; plain Splink (`--splink`, an interpreter that has it), pg_trgm and plain SQL stand beside it. They keep no
decisions, so that taking a link back, or the same file again, costs them what is printed: linking anew. SQLite in a
temporary folder, or the server named by `BEFFROI_DATABASE_URL` (an empty database).
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.records.settings import open_registry

if TYPE_CHECKING:
    from collections.abc import Iterator

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
COLUMNS = ("name", "siren", "postcode", "website")
TIMES: dict[str, float] = {}
PROCESSOR: dict[str, float] = {}


@contextmanager
def timed(what: str) -> Iterator[None]:
    start, busy = time.perf_counter(), time.process_time()
    yield
    TIMES[what] = round(time.perf_counter() - start, 3)
    PROCESSOR[what] = round(time.process_time() - busy, 3)
    print(f"{what}: {TIMES[what]:.3f} s, of which processor {PROCESSOR[what]:.3f} s", file=sys.stderr, flush=True)


def siren(number: int) -> str:
    """A number whose key holds, of the invented unit `number`."""
    from beffroi.linkage.identifiers import luhn  # noqa: PLC0415 -- kept beside its only use

    return next(text for last in range(10) if luhn(text := f"{10_000_000 + number:08}{last}"))


def rows_of(start: int, count: int, site: str) -> list[tuple[str, ...]]:
    return [
        (f"Firm {one}", siren(one), f"{one % 95_000 + 1000:05}", f"{one}.{site}") for one in range(start, start + count)
    ]


def named(start: int, count: int, *, cut: bool) -> list[tuple[str, ...]]:
    """Rows without number whose names are three rare syllables and a trade; every third is cut, every second sited."""
    ends = [first + last for first in ("dan", "vex", "lis", "tor", "mia", "rec", "nox", "bel", "zan", "quo")
            for last in ("ar", "el", "in", "os", "um", "ay", "ek", "ir", "ol", "ut")]  # fmt: skip
    rows = []
    for one in range(start, start + count):
        high, low = divmod(one, 100)
        stem = f"{ends[high // 100 % 100]}{ends[high % 100]}{ends[low]}".title()
        trade = ("Logiciels", "Conseil", "Studio", "Capteurs", "Jeux")[one % 5]
        name = stem if cut and one % 3 == 0 else f"{stem} {trade}"
        rows.append((name, "", f"{one % 95 + 1:02}{one % 7:03}", f"{stem.lower()}.example" if one % 2 else ""))
    return rows


def take(source: str, rows: list[tuple[str, ...]], *, tail: str = "", linked: bool = False) -> object:
    from beffroi.federation.import_members import import_list  # noqa: PLC0415 -- once the registry is open
    from beffroi.federation.import_plan import Given  # noqa: PLC0415 -- once the registry is open
    from beffroi.federation.propose import propose_nothing  # noqa: PLC0415 -- once the registry is open

    text = "\n".join([",".join(COLUMNS), *(",".join(row) for row in rows)]) + tail
    full = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    given = Given(source, full, {one: one for one in COLUMNS}, f"{source}.csv", text.encode(), date(2026, 1, 1))
    more = {} if linked else {"propose": propose_nothing}
    return import_list(given, by="bench", at=AT, **more)


def measure(rows: int) -> None:
    from beffroi.federation import derive  # noqa: PLC0415 -- once the registry is open
    from beffroi.federation.judgement import merge  # noqa: PLC0415 -- once the registry is open
    from beffroi.federation.log import Act  # noqa: PLC0415 -- once the registry is open
    from beffroi.federation.read import count_members  # noqa: PLC0415 -- once the registry is open
    from beffroi.federation.undo import undo  # noqa: PLC0415 -- once the registry is open
    from beffroi.records import models  # noqa: PLC0415 -- once the registry is open

    half = rows // 2
    first, second = rows_of(0, half, "a.example"), rows_of(half // 2, half, "b.example")
    loose = [(f"Loose {one}", "", "69001", "") for one in range(2)]
    with timed("import_first_list"):
        take("A", first)
    with timed("import_second_list"):
        take("B", [*second, *loose])
    with timed("reimport_same_file"):
        assert take("B", [*second, *loose]).event is None  # type: ignore[attr-defined]  # -- a Report
    with timed("reimport_same_rows_new_bytes"):
        take("B", [*second, *loose], tail="\n")
    changed = [(name, unit, code, "new.example") if place % 100 == 0 else (name, unit, code, site)
               for place, (name, unit, code, site) in enumerate(second)]  # fmt: skip
    with timed("reimport_one_percent_changed"):
        take("B", [*changed, *loose])
    pair = [models.Organisation.objects.get(name=name).id for name, *_ in loose]
    with timed("merge"):
        done = merge(*pair, act=Act("bench", AT, "merge"))
    with timed("undo"):
        undo(done.event or 0, act=Act("bench", AT, "undo"))
    with timed("waterfall"):
        count = count_members(date(2026, 6, 1)).members.count
    assert count == half + half // 2 + 2
    kept = list(models.Organisation.objects.order_by("id").values_list())
    with timed("baseline_compute_everything"):
        derive.rebuild()
    assert list(models.Organisation.objects.order_by("id").values_list()) == kept


def measure_linked(rows: int) -> None:
    """Two lists without any number, half of their organisations shared, linked at import by names and sites."""
    with timed("linked_import_first_list"):
        take("L", named(0, rows, cut=False), linked=True)
    second = named(rows // 2, rows, cut=True)
    with timed("linked_import_second_list"):
        report = take("M", second, linked=True)
    print(f"of {rows // 2:,} shared: {report.judgements}", file=sys.stderr)  # type: ignore[attr-defined]  # -- a Report
    with timed("linked_reimport_same_file"):
        assert take("M", second, linked=True).event is None  # type: ignore[attr-defined]  # -- a Report
    with timed("linked_reimport_same_rows_new_bytes"):
        take("M", second, tail="\n", linked=True)
    _join_and_undo()
    changed = [(*row[:3], f"new-{row[3]}") if place % 100 == 0 else row for place, row in enumerate(second)]
    with timed("linked_reimport_one_percent_changed"):
        take("M", changed, linked=True)


def _join_and_undo() -> None:
    from beffroi.federation.judgement import merge  # noqa: PLC0415 -- once the registry is open
    from beffroi.federation.log import Act  # noqa: PLC0415 -- once the registry is open
    from beffroi.federation.undo import undo  # noqa: PLC0415 -- once the registry is open
    from beffroi.records import models  # noqa: PLC0415 -- once the registry is open

    kept = list(models.Organisation.objects.order_by("id").values_list())
    pair = [row[0] for row in kept[:: len(kept) - 1]]
    with timed("linked_merge"):
        done = merge(*pair, act=Act("bench", AT, "merge"))
    with timed("linked_undo"):
        undo(done.event or 0, act=Act("bench", AT, "undo"))
    assert list(models.Organisation.objects.order_by("id").values_list()) == kept


def measure_others(rows: int, splink: str | None, postgres: Path | None) -> None:
    """Link the same two lists by programs that keep no decisions."""
    from linkage_others import plainly, trigrams_between, with_splink  # noqa: PLC0415 -- only asked for with --linked

    with tempfile.TemporaryDirectory() as folder:
        sides = {"a": (0, named(0, rows, cut=False)), "b": (rows // 2, named(rows // 2, rows, cut=True))}
        for source, (start, side) in sides.items():
            lines = (f"{number},{name},{code[:2]},{code}" for number, (name, _, code, _) in enumerate(side, start))
            Path(f"{folder}/{source}.csv").write_text("\n".join(["id,name,department,city", *lines]) + "\n")
        paths = [f"{folder}/{source}.csv" for source in sides]
        plainly(paths, rows, rows // 2)
        if postgres:
            trigrams_between(postgres, paths, rows)
        if splink:
            with_splink(splink, paths, f"rows={rows}+{rows}", rows // 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--linked", type=int, default=0, help="measure this instead: rows of each list to link")
    parser.add_argument("--splink", help="an interpreter that has Splink 5, with --linked")
    parser.add_argument("--postgres", type=Path, help="folder of PostgreSQL's programs, with --linked")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        open_registry(Path(folder))
        (measure_linked if given.linked else measure)(given.linked or given.rows)
    if given.linked:
        measure_others(given.linked, given.splink, given.postgres)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if given.json:
        print(
            json.dumps(
                {
                    "rows": given.linked or given.rows,
                    "seconds": TIMES,
                    "processor_seconds": PROCESSOR,
                    "peak_mb": round(peak),
                }
            )
        )
    else:
        print(f"{given.linked or given.rows:,} rows, peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
