"""A whole edition and its heaviest page: seconds, memory, bytes, each beside a baseline of the same run.

    python bench/edition.py

Build: `beffroi edition build` in a fresh process on the starter's figures, against the same build with 256 scenarios
(what everything but the scenarios costs). Page: the rank table of every region of the largest set, median of 200
requests through the whole application, at 50, 300 and 1,500 regions (the real ones repeated under made-up codes), with
pillars and with every indicator, against a plain Django template that loops over the same cells.
"""

from __future__ import annotations

import gzip
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np

REQUESTS = 200


def build(home: Path, scenarios: int | None) -> tuple[float, float]:
    """Build in a child process; return seconds and peak megabytes."""
    if scenarios:
        text = resources.files("beffroi.catalogue").joinpath("indices/digital_region.yaml").read_text("utf-8")
        place = home / "catalogue/indices/digital_region.yaml"
        place.parent.mkdir(parents=True)
        place.write_text(text.replace("scenarios: 16384", f"scenarios: {scenarios}"), encoding="utf-8")
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "beffroi", "edition", "build"],
        check=True, env={**os.environ, "BEFFROI_HOME": str(home)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def pages(home: Path) -> None:
    """Time the rank table and the plain template."""
    os.environ["BEFFROI_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "beffroi.web.settings"
    import django  # noqa: PLC0415 -- settings first

    django.setup()
    from django.template import Context, Engine  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from beffroi.observatory.read import open_edition  # noqa: PLC0415
    from beffroi.web import access  # noqa: PLC0415

    real = open_edition(home)
    plain = Engine().from_string(
        "{% for one, cells in rows %}<tr><td>{{ one.rank }}</td><td>{{ one.region }}</td>"
        "<td>{{ one.score|floatformat:1 }}</td>{% for cell in cells %}"
        "<td>{{ cell.raw|floatformat:1 }} ({{ cell.year }})</td>{% endfor %}</tr>{% endfor %}"
    )
    client = Client(headers={"host": "127.0.0.1", "accept-encoding": "gzip"})
    print("\nregions  shown         page ms   plain ms   ratio   wire kB")
    for count in (50, 300, 1500):
        edition = enlarged(real, count)
        access.use(Shelf(edition))
        reading = next(iter(edition.sets.values()))
        rows = [(one, [reading.cells[one.region, name] for name in reading.treated]) for one in reading.standings]
        base = median(lambda rows=rows: plain.render(Context({"rows": rows})))
        for shown, query in (("pillars", ""), ("indicators", "?columns=indicators")):
            address = f"/fr/regions/{query}"
            response = client.get(address)
            assert response.status_code == 200, address
            body = response.content if response.get("Content-Encoding") == "gzip" else gzip.compress(response.content)
            ours = median(lambda address=address: client.get(address))
            print(f"{count:>7}  {shown:<12} {ours:>8.1f} {base:>10.1f} {ours / base:>6.2f}× {len(body) / 1000:>9.1f}")


class Shelf:
    """One edition, whatever is asked for."""

    def __init__(self, edition):
        self.edition = edition

    def editions(self):
        return (self.edition.id,)

    def open(self, edition_id):
        del edition_id
        return self.edition


def enlarged(edition, count: int):
    """The edition with its largest set cut to, or repeated up to, so many regions."""
    reading = max(edition.sets.values(), key=lambda one: len(one.standings))
    bases = {}
    for number in range(count):
        one = reading.standings[number % len(reading.standings)]
        bases[one.region if number < len(reading.standings) else f"{one.region}{number}"] = one
    made = replace(
        reading,
        standings=tuple(replace(one, region=code, rank=k + 1) for k, (code, one) in enumerate(bases.items())),
        cells={
            (code, name): replace(reading.cells[one.region, name], region=code)
            for code, one in bases.items()
            for name in reading.treated
        },
        pillars={
            (code, pillar): replace(each, region=code)
            for code, one in bases.items()
            for (region, pillar), each in reading.pillars.items()
            if region == one.region
        },
        pairwise=np.full((count, count), 0.5, dtype=np.float32),
    )
    places = {code: replace(edition.places[one.region], code=code) for code, one in bases.items()}
    return replace(edition, id=f"2026-{count}", places=places, sets={made.set_id: made})


def median(call) -> float:
    """Median milliseconds of many calls, the first left out."""
    call()
    spent = []
    for _ in range(REQUESTS):
        start = time.perf_counter()
        call()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


def main() -> None:
    """Build twice, then time the pages of the full edition."""
    with tempfile.TemporaryDirectory() as folder:
        few, _ = build(Path(folder) / "few", 256)
        full, peak = build(Path(folder) / "full", None)
        print(
            f"edition build: {full:.1f} s with 16,384 scenarios in each set, {few:.1f} s with 256: {full / few:.2f}×;"
        )
        print(f"peak memory {peak:.0f} MB")
        pages(Path(folder) / "full")


if __name__ == "__main__":
    main()
