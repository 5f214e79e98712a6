"""The fabric of a month as pages read it: computed once from the register, frozen, and put in place in one step.

    fabric/current                     name of the folder that pages read
    fabric/2026-11-<digest>/           tables of one month as Parquet, with `about.json`

Pages never count in the register: what they show was protected all at once when it was frozen.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from beffroi.catalogue.perimeters import load_perimeters
from beffroi.observatory.fabric_measures import QUOTIENT, quotient_row
from beffroi.observatory.fabric_public import LEVELS, Public, public_figures
from beffroi.observatory.fabric_subject import DEFAULT_PERIMETER, SOURCE, SYNTHETIC, subject
from beffroi.observatory.fabric_territories import COUNTRY
from beffroi.observatory.fabric_years import DEMOGRAPHY, TREE, demography_of
from beffroi.store.digest import digest_text
from beffroi.store.registers_months import months
from beffroi.store.registers_tables import REV2, REV21
from beffroi.store.swap import locked, new_folder, write_text
from beffroi.store.tables import read_parquet, write_parquet
from beffroi.survey.disclosure import COMPLEMENTARY, Rule
from beffroi.vocabulary.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from beffroi.store.tables import Rows, Value

TERRITORIES = ("level", "territory", "name", *QUOTIENT, "before", "reason")
PERIMETERS = ("perimeter", "nomenclature", "territory", "units", "establishments", "jobs", "jobs_reason", "reason")
YEARS = ("territory", "name", "year", *DEMOGRAPHY, "reason")
_TABLES = {"territories": TERRITORIES, "perimeters": PERIMETERS, "years": YEARS}


@dataclass(frozen=True, slots=True)
class About:
    """What frozen figures say of themselves; `before` is the month they are compared with, "" for none."""

    month: str
    before: str
    perimeter: str
    version: str
    nomenclature: str
    built_on: str
    synthetic: bool

    @property
    def source(self) -> str:
        """Where the figures come from."""
        return SYNTHETIC if self.synthetic else SOURCE


@dataclass(frozen=True, slots=True)
class Frozen:
    """Figures of a month, as tables of rows."""

    about: About
    territories: Rows
    perimeters: Rows
    years: Rows


def build(
    register: Path, into: Path, *, today: str, month: str | None = None, extra: Path | None = None,
    report: Callable[[str, int, int], None] | None = None,
) -> About:  # fmt: skip
    """Compute the fabric of a month and put it in the place of what pages read before.

    Args:
        register: folder of the register.
        into: folder of the frozen fabric.
        today: ISO date printed on it.
        month: which month; by default the newest.
        extra: the house's own catalogue files.
        report: called with (step, done, total).

    Raises:
        StoreError: no register, or the disk is full; what was there stays.
        BusyError: another build is under way.
    """
    told = report or (lambda _step, _done, _total: None)
    of = subject(register, month=month, extra=extra)
    earlier = [one for one in months(register) if one < of.month]
    about = About(of.month, earlier[-1] if earlier else "", of.perimeter.id, of.perimeter.version, of.vintage, today,
                  of.manifest.synthetic)  # fmt: skip
    asked = [(one, vintage) for one in load_perimeters(extra) for vintage in (REV2, REV21)]
    steps = len(asked) + 2
    counted: dict[tuple[str, str], Public] = {}
    for done, (perimeter, vintage) in enumerate(asked):
        told(f"{perimeter}, {vintage}", done, steps)
        one = subject(register, perimeter=perimeter, month=of.month, vintage=vintage, extra=extra)
        with one.engine() as engine:
            counted[perimeter, vintage] = public_figures(one, engine)
    told("before", len(asked), steps)
    before = _before(register, about.before, extra)
    told("years", len(asked) + 1, steps)
    years = [row for level in TREE for row in demography_of(of, by=level).rows]
    tables = {
        "territories": _territories(counted[DEFAULT_PERIMETER, REV2], before),
        "perimeters": _perimeters(counted),
        "years": years,
    }
    _keep(into, about, tables)
    return about


def read(into: Path) -> Frozen | None:
    """The fabric that pages show; None when none was built.

    Raises:
        StoreError: it is damaged.
    """
    pointer = into / "current"
    if not pointer.exists():
        return None
    folder = into / pointer.read_text(encoding="utf-8").strip()
    try:
        about = About(**json.loads((folder / "about.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(f"{folder} cannot be read ({error}). Run './beffroi fabric build' again.") from error
    tables = {name: read_parquet(folder / f"{name}.parquet")[1] for name in _TABLES}
    return Frozen(about, tables["territories"], tables["perimeters"], tables["years"])


def _keep(into: Path, about: About, tables: dict[str, list[tuple[Value, ...]]]) -> None:
    text = json.dumps(asdict(about), ensure_ascii=False, indent=1)
    name = f"{about.month}-{digest_text(text + json.dumps(tables, ensure_ascii=False))[:12]}"
    with locked(into, doing="freeze the fabric"):
        if not (into / name).is_dir():
            with new_folder(into / name) as part:
                (part / "about.json").write_text(text, encoding="utf-8")
                for table, rows in tables.items():
                    columns = list(zip(*rows, strict=True)) or [()] * len(_TABLES[table])
                    write_parquet(part / f"{table}.parquet", dict(zip(_TABLES[table], map(list, columns), strict=True)))
        write_text(into / "current", name + "\n")


def _before(register: Path, month: str, extra: Path | None) -> Public | None:
    if not month:
        return None
    one = subject(register, month=month, extra=extra)
    with one.engine() as engine:
        return public_figures(one, engine)


def _territories(public: Public, before: Public | None) -> list[tuple[Value, ...]]:
    nation = public.inside["country", COUNTRY], public.whole["country", COUNTRY]
    rows: list[tuple[Value, ...]] = []
    for level in LEVELS:
        for own, whole in public.of(level):
            code, name, *measures, reason = quotient_row(own, whole, nation)
            past = before.inside.get((level, own.code)) if before else None
            rows.append((level, code, name, *measures, past.establishments if past else None, reason))
    return rows


def _perimeters(counted: dict[tuple[str, str], Public]) -> list[tuple[Value, ...]]:
    """Every perimeter of the country and NUTS regions; none that would tell of one or two firms by difference."""
    keys = [key for key in next(iter(counted.values())).inside if key[0] in TREE]
    hidden = _telling(counted, keys)
    rows: list[tuple[Value, ...]] = []
    for (perimeter, vintage), public in counted.items():
        for key in keys:
            one = public.inside[key]
            if (perimeter, vintage, key[1]) in hidden and one.is_shown:
                rows.append((perimeter, vintage, key[1], None, None, None, COMPLEMENTARY, COMPLEMENTARY))
            else:
                rows.append(
                    (perimeter, vintage, key[1], one.units, one.establishments, one.jobs, one.jobs_reason, one.reason)
                )
    return rows


def _telling(counted: dict[tuple[str, str], Public], keys: Sequence[tuple[str, str]]) -> set[tuple[str, str, str]]:
    """Perimeters whose figure differs from another's by one or two; with them all of the same parent."""
    found: set[tuple[str, str, str]] = set()
    order = list(counted)
    for key in keys:
        for k, later in enumerate(order):
            one = counted[later].inside[key].establishments
            others = [counted[earlier].inside[key].establishments for earlier in order[:k]]
            gaps = [abs(one - other) for other in others if one is not None and other is not None]
            if any(0 < gap < Rule().least_units for gap in gaps):
                found |= {(*later, code) for code in _family(key[1], keys)}
    return found


def _family(code: str, keys: Sequence[tuple[str, str]]) -> set[str]:
    """A region and its siblings; an only child with its parent's family."""
    if code == COUNTRY:
        return {code}
    siblings = {one for _, one in keys if len(one) == len(code) and one[:-1] == code[:-1]}
    return siblings if len(siblings) > 1 else siblings | _family(code[:-1], keys)
