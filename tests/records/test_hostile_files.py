"""Files made to harm, through the door that people use: a clear refusal, exit code 2, and nothing stored."""

from __future__ import annotations

import pytest
from hostile_files import REFUSED, workbook

from beffroi.cli.main import main
from beffroi.records import models


@pytest.fixture
def bring(registry, home, tmp_path, capsysbinary):
    """Import bytes as a list; give the exit code and both outputs."""

    def run(content, name="list.csv"):
        (tmp_path / name).write_bytes(content)
        code = main(["members", "import", str(tmp_path / name), "--source", "Hostile"])
        out, err = (one.decode() for one in capsysbinary.readouterr())
        return code, out, err

    return run


@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_file_is_refused_and_nothing_is_stored(bring, case):
    content, message = REFUSED[case]
    code, out, err = bring(content)

    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert not models.Event.objects.exists()
    assert not models.Source.objects.exists()
    assert not models.Blob.objects.exists()


def test_a_file_larger_than_any_list_is_refused_before_it_is_read(bring, tmp_path):
    bring(b"Nom;CP\n", "small.csv")
    with (tmp_path / "huge.csv").open("wb") as page:
        page.truncate(2_000_000_000)  # takes no room on the disk, and would take 2 GB of memory
    code = main(["members", "import", str(tmp_path / "huge.csv"), "--source", "Hostile"])

    assert code == 2
    assert not models.Event.objects.exists()


def test_formulas_and_scripts_are_text_in_and_harmless_out(bring, capsysbinary):
    code, _, _ = bring(workbook(formula=True), "formulas.xlsx")
    assert code == 0
    assert set(models.Organisation.objects.values_list("name", flat=True)) == {"Alpha", "Beta", "Gamma"}
    code, _, _ = bring(b"Nom;CP\n<script>alert(1)</script>;=1+1\nAlpha;69001\n")
    assert code == 0
    assert main(["members", "export"]) == 0
    shown = capsysbinary.readouterr().out.decode()

    assert "<script>alert(1)</script>" in shown
    assert ",=" not in shown
    assert "'=1+1" in shown
