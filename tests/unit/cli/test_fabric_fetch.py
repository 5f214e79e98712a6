"""A stock file and a legal unit are fetched on the command line."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from beffroi.cli.main import main

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

BODY = b"PAR1" + bytes(range(256)) * 40 + b"PAR1"


def test_a_file_is_fetched_checked_and_its_place_said(home, publisher, capsys):
    publisher.will(BODY)
    sha = hashlib.sha256(BODY).hexdigest()

    assert main(["fabric", "download", f"{publisher.base}/stock.parquet", "--sha256", sha]) == 0

    path, said = capsys.readouterr().out.splitlines()
    assert Path(path).read_bytes() == BODY
    assert said == f"SHA-256 {sha}"


def test_a_unit_is_looked_up_and_a_person_has_no_name(home, publisher, capsys):
    unit = {"siren": "552100554", "nom_raison_sociale": "X", "nature_juridique": "1000", "etat_administratif": "A",
            "statut_diffusion": "O"}  # fmt: skip
    publisher.will(json.dumps({"results": [unit]}).encode())
    ask = ["fabric", "look-up", "552100554", "--interface", publisher.base, "--format", "json"]

    assert main(ask) == 0
    assert json.loads(capsys.readouterr().out)["name"] == ""
    assert main(["fabric", "look-up", "55"]) == 2
