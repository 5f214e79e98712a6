"""Pages under load: requests a second and the slowest of twenty, on SQLite and PostgreSQL, as the registry grows.

    python bench/pages.py [--sizes 600,6000] [--seconds 5] [--readers 4] [--engines sqlite,postgresql] [--json]

The whole product is served as `beffroi up` serves it; readers on this machine ask for one address after another. The
baseline is `robots.txt` of the same server in the same run: what a request costs when there is nothing to say.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pwd
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

PORT = 8791
BASELINE = "/robots.txt"
ADDRESSES = ("/fr/", "/fr/regions/", "/fr/registry/", "/fr/registry/?q=firm+11", "/fr/registry/count/",
             "/fr/registry/organisations.csv", "/api/v1/openapi.json")  # fmt: skip
FILL = """
import sys
from datetime import date
from beffroi.cli.account import open_site
open_site()
from beffroi.federation.import_members import import_list
from beffroi.federation.import_plan import Given
from beffroi.federation.propose import propose_nothing
from registry import AT, COLUMNS, rows_of

half = int(sys.argv[1]) // 2
names = (*COLUMNS, "consent_directory")
for source, start in (("A", 0), ("B", half)):
    rows = [dict(zip(names, (*row, "oui"), strict=True)) for row in rows_of(start, half, source.lower() + ".example")]
    text = source.encode() + str(half).encode()
    given = Given(source, rows, {one: one for one in names}, source + ".csv", text, date(2026, 1, 1))
    import_list(given, by="bench", at=AT, propose=propose_nothing)
"""


@contextlib.contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A server of our own on a socket; yields the address of an empty database."""
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin/initdb")).parent
    data, user = folder / "data", []
    if os.geteuid() == 0:  # the server refuses to run as root
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        user = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]

    def run(program: str, *arguments: str) -> None:
        subprocess.run([*user, str(binaries / program), *arguments], check=True, cwd=folder, stdout=subprocess.DEVNULL)

    run("initdb", "-D", str(data), "-U", "beffroi", "-A", "trust")
    run(
        "pg_ctl", "-D", str(data), "-o", f"-c listen_addresses='' -k {folder}", "-l", str(folder / "log"), "-w", "start"
    )
    try:
        yield f"postgresql://beffroi@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")


@contextlib.contextmanager
def served(home: Path, address: str) -> Iterator[int]:
    """Serve a home folder; yields the process id."""
    environment = {**os.environ, "BEFFROI_HOME": str(home)} | ({"BEFFROI_DATABASE_URL": address} if address else {})
    command = [sys.executable, "-m", "beffroi", "up", "--port", str(PORT)]
    log = (home / "server.log").open("w")
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        for _second in range(300):
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(f"http://127.0.0.1:{PORT}{BASELINE}", timeout=2)
                break
            time.sleep(1)
        else:
            raise SystemExit(f"The server did not start: {(home / 'server.log').read_text()[-2000:]}")
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def measure(path: str, seconds: float, readers: int) -> dict[str, float]:
    """Ask for one address as fast as answers come; every answer must be a page."""
    times: list[float] = []
    sizes: list[int] = []
    wrong: list[int] = []
    end = time.perf_counter() + seconds

    def read() -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=60) as client:
            while time.perf_counter() < end:
                start = time.perf_counter()
                answer = client.get(path)
                times.append(time.perf_counter() - start)
                sizes.append(len(answer.content))
                if answer.status_code != 200:
                    wrong.append(answer.status_code)

    threads = [threading.Thread(target=read) for _ in range(readers)]
    begun = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    lasted = time.perf_counter() - begun
    if wrong:
        raise SystemExit(f"{path} answered {wrong[0]} {len(wrong)} times of {len(times)}")
    ordered = sorted(times)
    return {
        "requests_per_second": round(len(times) / lasted, 1), "p50_ms": round(1000 * statistics.median(ordered), 1),
        "p95_ms": round(1000 * ordered[int(0.95 * (len(ordered) - 1))], 1), "kilobytes": round(sizes[0] / 1000, 1),
    }  # fmt: skip


def memory_mb(process: int) -> float:
    """Resident memory of a process and its children, from /proc."""
    total, waiting = 0, [process]
    while waiting:
        one = waiting.pop()
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{one}/status").read_text()
            total += int(text.split("VmRSS:")[1].split()[0])
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
    return round(total / 1024, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="600,6000", help="organisations")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = []
    for engine in given.engines.split(","):
        for size in (int(one) for one in given.sizes.split(",")):
            folder = Path(tempfile.mkdtemp(prefix="beffroi-pages-"))
            server = Path(tempfile.mkdtemp(prefix="beffroi-pg-"))
            opened = postgresql(server) if engine == "postgresql" else contextlib.nullcontext("")
            try:
                with opened as address:
                    found += run(engine, size, folder, address, given)
            finally:
                for one in (folder, server):
                    shutil.rmtree(one, ignore_errors=True)
    if given.json:
        print(json.dumps(found, indent=1))


def run(engine: str, size: int, folder: Path, address: str, given: argparse.Namespace) -> list[dict[str, object]]:
    """Fill, serve and measure one engine at one size."""
    home = folder / "home"
    home.mkdir()
    path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "BEFFROI_HOME": str(home), "PYTHONPATH": path}
    environment |= {"BEFFROI_DATABASE_URL": address} if address else {}
    subprocess.run([sys.executable, "-c", FILL, str(size)], check=True, env=environment, stdout=subprocess.DEVNULL)
    rows: list[dict[str, object]] = []
    with served(home, address) as process:
        base = measure(BASELINE, given.seconds, given.readers)
        for one in (BASELINE, *ADDRESSES):
            httpx.get(f"http://127.0.0.1:{PORT}{one}", timeout=120)  # the first reader pays for what is kept
            got = measure(one, given.seconds, given.readers)
            row = {"engine": engine, "organisations": size, "address": one, **got,
                   "times_baseline": round(got["p50_ms"] / base["p50_ms"], 1), "server_mb": memory_mb(process),
                   "load": round(os.getloadavg()[0], 1)}  # fmt: skip
            rows.append(row)
            print("  ".join(f"{key}={value}" for key, value in row.items()), file=sys.stderr, flush=True)
    return rows


if __name__ == "__main__":
    main()
