"""A register drawn at random, of any size, as Parquet; and rows that are some of its units, spoilt.

Names have one to three made-up words, chosen after Zipf so that homonyms abound, a legal form, and a commune of one of
96 départements. A row is a unit whose name has been spoilt: a letter wrong in the longest word (30 %), a word left out
(15 %), words swapped (7 %) or glued (7 %), a legal form added (40 %); the département is known for 85 %, the
commune for 75 %.
"""

from __future__ import annotations

import resource
import time
from pathlib import Path

import duckdb
import numpy as np

VOWELS = ("a", "e", "i", "o", "u", "ou", "an", "in")
SYLLABLES = [first + vowel + last for first in "bcdfglmnprstv" for vowel in VOWELS for last in ("", "r", "l", "s")]
FORMS = ("SARL", "SAS", "SA", "EURL", "SCI", "")
WORDS, COMMUNES, DEPARTMENTS = 200_000, 20_000, 96
FIELDS = ("key", "name", "city", "postcode", "siren")
_STEP = 1_000_000


class Clock:
    """Wall and processor seconds of this process and its children since it was made."""

    def __init__(self):
        self._wall, self._cpu = time.perf_counter(), self.used()

    def said(self, name: str) -> str:
        wall, cpu = time.perf_counter() - self._wall, self.used() - self._cpu
        return f"{name}_s={wall:.2f} {name}_cpu_s={cpu:.2f}"

    @staticmethod
    def used() -> float:
        used = [resource.getrusage(one) for one in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(one.ru_utime + one.ru_stime for one in used)


def rss_mb() -> float:
    """The most memory that this program held. `getrusage` would count what its parent held before it began."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def words(rng):
    sizes = rng.integers(2, 5, WORDS)
    chosen = rng.integers(0, len(SYLLABLES), (WORDS, 4))
    return np.array(
        ["".join(SYLLABLES[one] for one in row[:size]) for row, size in zip(chosen, sizes, strict=True)], dtype=object
    )


def sirens(numbers: np.ndarray) -> np.ndarray:
    """Nine digits whose last one is Luhn's key."""
    total = np.zeros(len(numbers), dtype=np.int64)
    for place in range(8):
        digit = (10_000_000 + numbers) // 10**place % 10
        value = digit * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return (10_000_000 + numbers) * 10 + -total % 10


def draw(path: Path, units: int, seed: int = 1) -> None:
    """Write the register."""
    rng = np.random.default_rng(seed)
    known = words(rng)
    with duckdb.connect() as connection:
        connection.register("given_words", {"word": known, "n": np.arange(WORDS)})
        connection.execute("CREATE TABLE words AS SELECT * FROM given_words")
        connection.execute(
            "CREATE TABLE units (key BIGINT, name VARCHAR, city VARCHAR, postcode VARCHAR, siren VARCHAR)"
        )
        path.unlink(missing_ok=True)
        for start in range(0, units, _STEP):
            count = min(_STEP, units - start)
            ranks = np.minimum(rng.zipf(1.15, (count, 3)) - 1, WORDS - 1)
            picked = np.where(rng.random((count, 3)) < 0.5, rng.integers(0, WORDS, (count, 3)), ranks)
            sizes, forms = rng.integers(1, 4, count), rng.integers(0, 6, count)
            numbers = np.arange(start, start + count)
            rows = {
                "key": numbers, "a": picked[:, 0], "b": np.where(sizes > 1, picked[:, 1], -1),
                "c": np.where(sizes > 2, picked[:, 2], -1), "form": forms, "commune": rng.integers(0, COMMUNES, count),
                "siren": sirens(numbers),
            }  # fmt: skip
            connection.register("rows", rows)
            connection.execute(
                f"""
                INSERT INTO units
                SELECT key,
                       trim(upper(concat_ws(' ', one.word, two.word, three.word)) || ' ' || {list(FORMS)}[form + 1]),
                       here.word || ' sur ' || next.word,
                       printf('%02d%03d', commune % {DEPARTMENTS} + 1, commune % 1000), printf('%09d', siren)
                FROM rows JOIN words one ON one.n = a
                LEFT JOIN words two ON two.n = b LEFT JOIN words three ON three.n = c
                JOIN words here ON here.n = commune JOIN words next ON next.n = commune + 1
                """  # noqa: S608 -- names and numbers of our own
            )
            connection.unregister("rows")
        connection.execute(f"COPY units TO '{path}' (FORMAT parquet, COMPRESSION zstd)")


def some(path: Path, count: int, seed: int = 2) -> list[dict[str, str]]:
    """Return the cells of units drawn from a register."""
    with duckdb.connect() as connection:
        [(units,)] = connection.execute(f"SELECT count(*) FROM '{path}'").fetchall()  # noqa: S608 -- our own file
        keys = np.sort(np.random.default_rng(seed).choice(units, count, replace=False))
        connection.register("keys", {"key": keys})
        found = connection.execute(f"SELECT u.* FROM '{path}' u JOIN keys USING (key) ORDER BY key")  # noqa: S608 -- as above
        return [{name: str(cell) for name, cell in zip(FIELDS, row, strict=True)} for row in found.fetchall()]


def spoilt(cells: dict[str, str], rng) -> dict[str, str]:
    parts = [one for one in cells["name"].split() if one not in FORMS]
    drawn = rng.random()
    if drawn < 0.3:
        longest = max(range(len(parts)), key=lambda n: len(parts[n]))
        place = int(rng.integers(0, len(parts[longest])))
        parts[longest] = parts[longest][:place] + "X" + parts[longest][place + int(rng.integers(0, 2)) :]
    elif drawn < 0.45 and len(parts) > 1:
        del parts[int(rng.integers(0, len(parts)))]
    elif drawn < 0.52:
        parts.reverse()
    elif drawn < 0.59:
        parts = ["".join(parts)]
    out = {"name": " ".join(parts), "key": cells["key"]}
    if rng.random() < 0.4:
        out["name"] += " SAS"
    if rng.random() < 0.85:
        out["department"] = cells["postcode"][:2]
    if rng.random() < 0.75:
        out["city"] = cells["city"]
    return out
