"""The directory at size: milliseconds of processor for a page of 50, cold, warm, and after somebody wrote.

    python bench/directory.py [--rows 10000] [--json]

Invented organisations over the communes of six départements, in two lists. Measured beside a plain computation in the
same run: every organisation read and every word compared, as a page did before. SQLite in a temporary folder, or the
server named by `BEFFROI_DATABASE_URL` (an empty database).
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from beffroi.records.settings import open_registry

AT, DAY = datetime(2026, 11, 22, 8, tzinfo=UTC), date(2026, 11, 22)
COLUMNS = ("name", "own_id", "postcode", "city", "naf", "employees", "website", "consent_directory")
HERE = ("69", "38", "42", "63", "26", "74")
AGAIN = 15


def rows_of(start: int, count: int) -> list[tuple[str, ...]]:
    from beffroi.federation.demo_firms import _ENDS, _KINDS, _MIDDLES, _NAF, _STARTS  # noqa: PLC0415 -- once open
    from beffroi.vocabulary.communes import places  # noqa: PLC0415 -- as above

    chance = random.Random(start)  # noqa: S311 -- invented firms
    towns = [one for one in places().values() if one.code == one.commune and one.department in HERE]
    found = []
    for number in range(start, start + count):
        town, kind = chance.choice(towns), chance.choice(_KINDS)
        name = f"{chance.choice(_STARTS)}{chance.choice(_MIDDLES)}{chance.choice(_ENDS)}{number % 997:03} {kind}"
        staff = str(int(chance.lognormvariate(2, 1.5)))
        found.append((name, str(number), f"{town.department}000", town.name, _NAF[kind], staff, f"f{number}.example",
                      "oui" if number % 5 else "non"))  # fmt: skip
    return found


def fill(rows: int) -> None:
    from beffroi.federation.import_members import import_list  # noqa: PLC0415 -- once the registry is open
    from beffroi.federation.import_plan import Given  # noqa: PLC0415 -- as above
    from beffroi.federation.propose import propose_nothing  # noqa: PLC0415 -- as above

    for number, source in enumerate(("A", "B")):
        held = rows_of(number * rows, rows // 2)
        text = "\n".join(",".join(one) for one in (COLUMNS, *held)).encode()
        full = [dict(zip(COLUMNS, one, strict=True)) for one in held]
        given = Given(source, full, {one: one for one in COLUMNS}, f"{source}.csv", text, date(2026, 1, 1))
        import_list(given, by="bench", at=AT, propose=propose_nothing)


def milliseconds(act: object) -> float:
    """Of processor: other programs on the machine do not count, nor does waiting for a server."""
    start = time.process_time()
    act()  # type: ignore[operator]
    return (time.process_time() - start) * 1000


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--rows", type=int, default=10_000)
    wanted.add_argument("--json", action="store_true")
    given = wanted.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        open_registry(Path(folder))
        fill(given.rows)
        from beffroi.federation import directory  # noqa: PLC0415 -- once the registry is open
        from beffroi.federation.directory_entries import entries  # noqa: PLC0415 -- as above
        from beffroi.federation.judgement import override  # noqa: PLC0415 -- as above
        from beffroi.federation.log import Act  # noqa: PLC0415 -- as above
        from beffroi.federation.rows import plain  # noqa: PLC0415 -- as above
        from beffroi.records import models  # noqa: PLC0415 -- as above

        def page(words: str, **more: str) -> None:
            found = directory.search(directory.Query(words, **more), day=DAY, sees_all=True)
            directory.cut(found.entries, 3, 50)

        def plainly() -> None:
            for one in models.Organisation.objects.iterator():
                words = plain(" ".join(str(value["value"]) for value in one.values.values())).split()
                any(directory.slips_between("velodan", each[:8]) <= 1 for each in words)

        times = {"first page of a process": milliseconds(lambda: page(""))}
        asked = [
            ("", {}),
            ("velodan", {}),
            ("lyno conseil", {}),
            ("", {"territory": "38"}),
            ("", {"trade": "it_services"}),
        ]
        fresh = [milliseconds(lambda w=w, m=m, n=n: page(f"{w}{' ' * n}", **m)) for n in range(AGAIN) for w, m in asked]
        times["a question never asked before, median"] = statistics.median(fresh)
        times["a question never asked before, worst of 20"] = sorted(fresh)[int(len(fresh) * 0.95)]
        times["the same question again"] = statistics.median(
            [milliseconds(lambda: page("velodan")) for _ in range(AGAIN)]
        )
        address = entries(DAY)[0].id
        override(address, "website", "new.example", act=Act("bench", AT, "override"))
        times["first page after somebody wrote"] = milliseconds(lambda: page("velodan"))
        times["plainly, every organisation and word"] = milliseconds(plainly)
    kept = {key: round(value, 1) for key, value in times.items()}
    if given.json:
        print(json.dumps({"rows": given.rows, "milliseconds": kept}))
    else:
        for key, value in kept.items():
            print(f"{value:10.1f} ms  {key}")


if __name__ == "__main__":
    main()
