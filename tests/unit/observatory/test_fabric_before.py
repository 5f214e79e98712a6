"""A month beside the one before: from both, and their difference, no secret of either can be solved."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from beffroi.observatory.fabric_before import before
from beffroi.observatory.fabric_build import territory_rows
from beffroi.observatory.fabric_frozen import TABLES, About, keep, read
from beffroi.observatory.fabric_public import public_figures
from beffroi.observatory.fabric_subject import subject
from beffroi.observatory.fabric_territories import territories
from beffroi.sources.sirene_load import load_snapshot
from beffroi.store.registers_tables import REV2
from beffroi.survey.disclosure import TOO_FEW

MONTHS = ("2026-10", "2026-11")
WIDE, NARROW = "oecd_ict_and_content", "oecd_ict_sector"
ICT, FILM, TRADE = "62.01Z", "59.11A", "47.11A"
# Commune → establishments of the ICT sector, of films and of trade, and how many of the first close within the month.
HELD = {
    "59350": (14, 6, 20, 2), "59512": (6, 2, 9, 1), "59009": (5, 0, 4, 0), "62041": (2, 1, 5, 0), "62193": (7, 1, 6, 4),
    "80021": (4, 0, 5, 2), "60057": (3, 3, 4, 1), "02691": (1, 1, 6, 0), "69123": (9, 4, 9, 1), "75056": (19, 4, 20, 3),
}  # fmt: skip


@pytest.fixture(scope="module")
def register(stock_maker, tmp_path_factory):
    """Two months of few firms."""
    folder = tmp_path_factory.mktemp("before")
    wanted = [(code, naf, k) for code, each in HELD.items()
              for naf, many in zip((ICT, FILM, TRADE), each, strict=False) for k in range(many)]  # fmt: skip
    for month in MONTHS:
        made = stock_maker(units=260, seed=11)
        first = {row["siren"]: row for row in reversed(made.rows["establishments"])}
        rows = [
            row | {"codeCommuneEtablissement": code, "codePaysEtrangerEtablissement": None,
                   "activitePrincipaleEtablissement": naf, "nomenclatureActivitePrincipaleEtablissement": "NAFRev2",
                   "etatAdministratifEtablissement":
                       "F" if month == MONTHS[1] and naf == ICT and k < HELD[code][3] else "A"}
            for row, (code, naf, k) in zip(first.values(), wanted, strict=False)
        ]  # fmt: skip
        assert len(rows) == len(wanted)
        made.rows["establishments"] = rows
        load_snapshot([made.write(folder / month)], folder / "r", month=month, today="2026-11-22")
    return folder / "r"


def freeze(register, into, month, *perimeters):
    """Freeze the figures of territories, protected as `build` protects them, without the tables beside them."""
    asked = [subject(register, perimeter=one, month=month) for one in perimeters]
    about = About(
        month, MONTHS[0] if month == MONTHS[1] else "", {one.perimeter.id: one.perimeter.version for one in asked},
        REV2, "2026-11-22", synthetic=True,
    )  # fmt: skip
    found = []
    with asked[0].engine() as engine:
        for one in asked:
            found.append(public_figures(one, engine, beside=list(found)))
    own = dict(zip(perimeters, found, strict=True))
    tables = dict.fromkeys(TABLES, ()) | {"territories": territory_rows(own, before(register, into, about, None))}
    keep(into, about, tables)


def figures(into, month, perimeter=NARROW):
    frozen = read(into, month)
    rows = [row for code in sorted(frozen.codes) for row in frozen.of("territories", code, perimeter)]
    return {(str(row["level"]), str(row["territory"])): row for row in rows}


@pytest.fixture(scope="module")
def other_perimeters(register, tmp_path_factory):
    """The first month frozen with two perimeters, the second with one: counted again it would hide other cells."""
    into = tmp_path_factory.mktemp("frozen")
    freeze(register, into, MONTHS[0], WIDE, NARROW)
    freeze(register, into, MONTHS[1], NARROW)
    return into


def test_from_two_months_and_their_difference_no_secret_can_be_solved(other_perimeters):
    """The attacker knows all that is shown of both months and each difference, and that no count is negative."""
    codes = sorted(HELD)
    above = territories()["commune"]
    true = np.array([HELD[code][0] - gone * HELD[code][3] for gone in (0, 1) for code in codes], dtype=float)
    held = [figures(other_perimeters, month) for month in MONTHS]

    def row(month, key):
        lies = np.array([float(key[1] in above[code]) for code in codes])
        return np.concatenate([lies * (month == 0), lies * (month == 1)])

    known = [(row(t, key), one["establishments"]) for t in (0, 1) for key, one in held[t].items() if not one["reason"]]
    known += [(row(1, key) - row(0, key), one["establishments"] - one["before"])
              for key, one in held[1].items() if one["before"] is not None]  # fmt: skip
    matrix, values = np.array([one for one, _ in known]), np.array([value for _, value in known], dtype=float)
    assert np.allclose(matrix @ true, values)
    secrets = [row(t, key) for t in (0, 1) for key, one in held[t].items() if one["reason"] == TOO_FEW]
    assert len(secrets) > 3
    for secret in secrets:
        most = -linprog(-secret, A_eq=matrix, b_eq=values, method="highs").fun
        assert most - secret @ true >= 1 - 1e-6


def test_a_secret_of_the_month_before_is_in_no_difference(other_perimeters):
    earlier, later = (figures(other_perimeters, month) for month in MONTHS)

    assert any(one["before"] is not None for one in later.values())
    assert any(one["before"] is None and not one["reason"] for one in later.values())
    for key, one in later.items():
        assert one["before"] in (None, earlier[key]["establishments"])
        assert one["before"] is None or not one["reason"]


def test_a_month_frozen_later_takes_back_what_it_hides(register, tmp_path):
    freeze(register, tmp_path, MONTHS[1], NARROW)
    alone = figures(tmp_path, MONTHS[1])
    freeze(register, tmp_path, MONTHS[0], WIDE, NARROW)
    earlier, later = (figures(tmp_path, month) for month in MONTHS)

    lost = [key for key, one in alone.items() if one["before"] is not None and earlier[key]["reason"]]
    assert lost
    assert all(later[key]["before"] is None for key in lost)
    assert any(one["before"] is not None for one in later.values())
