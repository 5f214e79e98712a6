"""A stock file is continued and checked; a look-up names no person."""

from __future__ import annotations

import hashlib
import json

import pytest

from beffroi.sources.sirene_download import FoundUnit, download, look_up
from beffroi.vocabulary.errors import SourceError, UsageError

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

BODY = b"PAR1" + bytes(range(256)) * 400 + b"PAR1"
SHA = hashlib.sha256(BODY).hexdigest()
ETAG = {"ETag": '"v1"'}


def test_a_cut_download_goes_on_with_a_range_and_is_checked(publisher, tmp_path, manners):
    half = len(BODY) // 2
    publisher.will(BODY, headers=ETAG, cut=half)
    publisher.will(BODY[half:], 206, headers=ETAG | {"Content-Range": f"bytes {half}-{len(BODY) - 1}/{len(BODY)}"})

    found = download(f"{publisher.base}/stock.parquet", into=tmp_path, sha256=SHA.upper(), manners=manners)

    assert found.path.read_bytes() == BODY
    assert [headers.get("range") for _, headers in publisher.asked] == [None, f"bytes={half}-"]
    assert publisher.asked[1][1]["if-range"] == '"v1"'


def test_a_download_that_a_killed_program_left_goes_on(publisher, tmp_path, manners):
    half = len(BODY) // 2
    rest = {"Content-Range": f"bytes {half}-{len(BODY) - 1}/{len(BODY)}"}
    publisher.will(BODY, headers=ETAG, cut=half).will(status=500)
    with pytest.raises(SourceError, match="3 times"):
        download(f"{publisher.base}/stock.parquet", into=tmp_path, sha256=SHA, manners=manners)

    publisher.answers.clear()
    publisher.will(BODY[half:], 206, headers=ETAG | rest)

    assert download(f"{publisher.base}/stock.parquet", into=tmp_path, sha256=SHA, manners=manners).sha256 == SHA


def test_a_file_with_another_fingerprint_is_not_kept(publisher, tmp_path, manners):
    publisher.will(BODY[:-1] + b"2", headers=ETAG)

    with pytest.raises(SourceError, match=r"3 times; at last: the file received has the SHA-256 .* publisher gives"):
        download(f"{publisher.base}/stock.parquet", into=tmp_path, sha256=SHA, manners=manners)

    assert not (tmp_path / "sha256").exists()


def answer(**more):
    unit = {
        "siren": "552100554", "nom_complet": "A B (C)", "nom_raison_sociale": "SOCIETE", "nature_juridique": "5710",
        "activite_principale": "62.01Z", "siege": {"commune": "59350"}, "etat_administratif": "A",
        "tranche_effectif_salarie": "12", "statut_diffusion": "O",
    }  # fmt: skip
    return json.dumps({"results": [unit | more], "total_results": 1}).encode()


def test_a_legal_person_is_found_by_its_siren(publisher, tmp_path, manners):
    publisher.will(answer())

    found = look_up("552100554", into=tmp_path, base=publisher.base, manners=manners)

    assert found == FoundUnit("552100554", "SOCIETE", "5710", "62.01Z", "59350", is_active=True, staff_band="12")
    assert publisher.asked[0][0] == "/search?q=552100554&page=1&per_page=1"


@pytest.mark.parametrize(
    "hidden",
    [{"nature_juridique": "1000"}, {"statut_diffusion": "P"}, {"statut_diffusion": None}, {"nature_juridique": ""}],
)
def test_no_name_of_a_person_or_an_undisclosed_unit_comes_back(publisher, tmp_path, manners, hidden):
    publisher.will(answer(nom_raison_sociale="PERSONNESECRETE", **hidden))

    found = look_up("552100554", into=tmp_path, base=publisher.base, manners=manners)

    assert found.name == ""


def test_what_is_unknown_or_unreadable_is_said(publisher, tmp_path, manners):
    publisher.will(b'{"results": []}').will(b'{"erreur": "x"}')

    assert look_up("552100554", into=tmp_path, base=publisher.base, manners=manners) is None
    with pytest.raises(SourceError, match=r"cannot be read .*KeyError"):
        look_up("732829320", into=tmp_path, base=publisher.base, manners=manners)
    with pytest.raises(UsageError, match="'55' is no SIREN"):
        look_up("55", into=tmp_path, base=publisher.base, manners=manners)
