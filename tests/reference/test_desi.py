"""The preset gives the scores that the European Commission published for DESI 2022.

Published scores: European Commission (July 2022), DESI 2022 thematic chapters, figure 1, for the countries of which no
cell is missing in the table at hand.
"""

from __future__ import annotations

import csv

import pytest

from beffroi.cli.main import main

PUBLISHED = {
    "DK": 69.3, "NL": 67.4, "SE": 65.2, "IE": 62.7, "ES": 60.8, "EE": 56.5, "AT": 54.7, "SI": 53.4, "FR": 53.3,
    "DE": 52.9, "LT": 52.7, "EU": 52.3, "PT": 50.8, "BE": 50.3, "LV": 49.7, "IT": 49.3, "HU": 43.8, "SK": 43.4,
    "BG": 37.7, "RO": 30.6,
}  # fmt: skip


@pytest.mark.shared
def test_the_published_scores_come_out_to_a_tenth(shared, tmp_path):
    folder = shared / "data/published_indices/desi_2022_country"

    assert main(["composite", "preset", "desi-2022", "--input", str(folder), "--out", str(tmp_path)]) == 0

    with (tmp_path / "scores.csv").open(encoding="utf-8") as handle:
        scores = {row["code"]: float(row["score"]) for row in csv.DictReader(handle)}
    assert len(scores) == 28
    assert {code: scores[code] for code in PUBLISHED} == pytest.approx(PUBLISHED, abs=0.0501)
