"""A small register in the layout of the stock files, drawn with a fixed seed, with every oddity of the real one."""

from __future__ import annotations

import csv
import random
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import duckdb

from beffroi.sources.sirene import ESTABLISHMENTS, LEGAL_UNITS, PERIODS, SUCCESSIONS

if TYPE_CHECKING:
    from pathlib import Path

# Words that must never be found in what is loaded.
PERSON = "PERSONNESECRETE"
COMMUNES = ("59350", "59009", "59512", "69123", "69381", "69382", "01025", "01144", "2A004", "75056", "75101", "97105",
            "98818", "99999")  # fmt: skip
ACTIVITIES = ("62.01Z", "62.02A", "63.11Z", "47.11F", "01.11Z", "26.11Z")
SIZES = ("NN", "00", "01", "02", "03", "11", "12", "21", "31", "53")
UNREAD = {
    "establishments": ("enseigne1Etablissement", "libelleVoieEtablissement"),
    "legal_units": ("nomUniteLegale", "prenom1UniteLegale", "pseudonymeUniteLegale"),
    "periods": ("enseigne1Etablissement", "changementActivitePrincipaleEtablissement"),
    "successions": ("commentaire",),
}
KINDS = {one.kind: one for one in (ESTABLISHMENTS, LEGAL_UNITS, PERIODS, SUCCESSIONS)}


def with_key(eight: int) -> str:
    """The SIREN that begins with eight digits, its key found by trying."""
    return next(f"{eight:08}{key}" for key in range(10) if holds(f"{eight:08}{key}"))


def holds(siren: str) -> bool:
    """The key of Luhn, as INSEE writes it down: every second digit from the right doubled, digits summed."""
    total = 0
    for position, digit in enumerate(reversed(siren)):
        total += sum(map(int, str(int(digit) * (1 + position % 2))))
    return total % 10 == 0


@dataclass
class Stock:
    """Rows by kind, under the publisher's names; None is an empty field."""

    rows: dict[str, list[dict[str, str | None]]]

    def columns(self, kind: str) -> list[str]:
        return list(self.rows[kind][0])

    def write(self, folder: Path, kind: str = "establishments", form: str = "parquet", name: str | None = None) -> Path:
        """Write one kind as `parquet`, `csv` or `zip`, typed as the publisher does."""
        folder.mkdir(parents=True, exist_ok=True)
        title = name or f"{KINDS[kind].title}_utf8"
        path = folder / f"{title}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, self.columns(kind), lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.rows[kind])
        if form == "zip":
            packed = path.with_suffix(".zip")
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.write(path, path.name)
            path.unlink()
            return packed
        if form == "parquet":
            target = path.with_suffix(".parquet")
            dates = [one for one in self.columns(kind) if one.startswith("date")]
            typed = ", ".join(f"CAST({one} AS DATE) AS {one}" for one in dates)
            source = f"read_csv('{path}', all_varchar = true, header = true)"
            duckdb.execute(f"COPY (SELECT * REPLACE ({typed}) FROM {source}) TO '{target}' (FORMAT parquet)")
            path.unlink()
            return target
        return path

    def all(self, folder: Path, form: str = "parquet") -> list[Path]:
        return [self.write(folder, kind, form) for kind in self.rows]


def make(seed: int = 1, units: int = 400) -> Stock:
    """Draw a register: sole traders, undisclosed units, old communes and codes, closed and foreign establishments."""
    chance = random.Random(seed)

    def day() -> str:
        return (date(2010, 1, 1) + timedelta(days=chance.randrange(5900))).isoformat()

    rows: dict[str, list[dict[str, str | None]]] = {kind: [] for kind in KINDS}
    for number in range(units):
        siren = with_key(10_000_000 + 7 * number)
        person = chance.random() < 0.4
        diffusion = "P" if chance.random() < 0.15 else "O"
        secret = person or diffusion == "P"
        rows["legal_units"].append(
            _row(
                "legal_units", siren=siren, diffusion=diffusion, created=day(), size=chance.choice(SIZES),
                category=chance.choice(("PME", "ETI", "GE", None)), since=day(), state=chance.choice("AAC"),
                name=PERSON if secret else f"SOCIETE {number}", acronym=PERSON if secret else f"S{number}",
                usual_name=PERSON if secret else None,
                legal_form=chance.choice(("1000", "1300")) if person else chance.choice(("5710", "5499", "9220")),
                naf=chance.choice(ACTIVITIES), nomenclature="NAFRev2", social=chance.choice(("O", "N", None)),
                mission=chance.choice(("O", None)), employer=chance.choice(("O", "N", None)), naf25="62.10Y",
            )
        )  # fmt: skip
        for k in range(chance.choice((1, 1, 1, 2, 3, 9))):
            nic, abroad, old = f"{11 + 10 * k:05}", chance.random() < 0.02, chance.random() < 0.05
            state = chance.choice("AAF")
            rows["establishments"].append(
                _row(
                    "establishments", siren=siren, nic=nic, siret=siren + nic, diffusion=diffusion, created=day(),
                    size=chance.choice(SIZES), head_office="true" if k == 0 else "false",
                    commune=None if abroad else chance.choice(COMMUNES), country="99101" if abroad else None,
                    since=day(), state=state, naf="72.2C" if old else chance.choice(ACTIVITIES),
                    nomenclature="NAFRev1" if old else "NAFRev2", employer=chance.choice(("O", "N", None)),
                    x="652469.02", y="6862035.26", naf25=chance.choice(("62.10Y", "63.91Y", None)),
                )
            )  # fmt: skip
            rows["periods"].append(
                _row(
                    "periods", siren=siren, nic=nic, started="2010-01-01", ended=None, state=state,
                    naf="62.01Z", nomenclature="NAFRev2", employer="N",
                )
            )  # fmt: skip
    sites = rows["establishments"]
    for before, after in zip(sites[:5], sites[5:10], strict=True):
        ends = {"predecessor": before["siret"], "successor": after["siret"]}
        more = {"on_day": "2020-05-01", "transfer": "false", "continuity": "true"}
        rows["successions"].append(_row("successions", **ends, **more))
    return Stock(rows)


def _row(kind: str, **ours: str | None) -> dict[str, str | None]:
    names = {**KINDS[kind].needed, **KINDS[kind].optional}
    return {names[one]: value for one, value in ours.items()} | dict.fromkeys(UNREAD[kind], PERSON)
