"""An index of one's own, from tables as index makers have them."""

from __future__ import annotations

import csv

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from beffroi.cli.main import main
from beffroi.store.tables import read_parquet

DATA = "uCode,jobs,patents\nFR1,8,40\nFRK,6,20\nFRE,2,\n"
META = """Level,iCode,Parent,Direction,Weight,Type
1,jobs,index,1,1,Indicator
1,patents,index,1,3,Indicator
2,index,,1,1,Aggregate
"""


@pytest.fixture
def tables(tmp_path):
    (tmp_path / "data.csv").write_text(DATA, encoding="utf-8")
    (tmp_path / "meta.csv").write_text(META, encoding="utf-8")
    return [str(tmp_path / "data.csv"), str(tmp_path / "meta.csv"), "--out", str(tmp_path / "out")]


def rows(path):
    with path.open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def test_an_index_is_built_with_every_stage(tables, tmp_path, capsys):
    assert main(["composite", "build", *tables, "--impute", "mean"]) == 0

    assert "3 units, 2 indicators; first: FR1." in capsys.readouterr().out
    scores = {row["uCode"]: float(row["index"]) for row in rows(tmp_path / "out/scores.csv")}
    # jobs 100, 66.67, 0; patents 40, 20 and their mean 30: 100, 0, 50; weights 1 and 3.
    assert scores == pytest.approx({"FR1": 100.0, "FRK": 200 / 3 / 4, "FRE": 37.5})
    assert [row["rank"] for row in rows(tmp_path / "out/scores.csv")] == ["1.0", "2.0", "3.0"]
    stages = sorted(one.stem for one in (tmp_path / "out").glob("stage_*"))
    assert stages == ["stage_0_raw", "stage_1_impute", "stage_2_normalise", "stage_3_aggregate"]


@pytest.mark.parametrize("form", ["xlsx", "json", "parquet"])
def test_results_come_in_the_format_asked_for(tables, tmp_path, form):
    assert main(["composite", "build", *tables, "--impute", "median", "--format", form]) == 0

    file = tmp_path / f"out/scores.{form}"
    if form == "parquet":
        assert read_parquet(file, ["uCode"])[1][0] == ("FR1",)
    elif form == "xlsx":
        assert CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()[1][0] == "FR1"
    else:
        assert "FR1" in file.read_text(encoding="utf-8")


def test_a_zero_under_a_geometric_mean_is_named_with_the_remedy(tables, capsys):
    assert main(["composite", "build", *tables, "--impute", "mean", "--mean", "gmean"]) == 6

    assert "'patents' is 0 for FRK" in capsys.readouterr().err
    assert main(["composite", "build", *tables, "--impute", "mean", "--mean", "gmean", "--low", "1"]) == 0


def test_indicators_are_described_with_flags(tables, tmp_path):
    assert main(["composite", "stats", *tables]) == 0

    found = {row["indicator"]: row for row in rows(tmp_path / "out/stats.csv")}
    assert float(found["patents"]["mean"]) == 30.0
    assert found["patents"]["available"] == "2"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("uCode,jobs,patents\nFR1,8,many\nFR1,6,20\n", "many"),
        ("uCode,jobs\nFR1,8\n", "patents"),
    ],
)
def test_faults_name_row_and_column(tables, tmp_path, capsys, data, message):
    (tmp_path / "data.csv").write_text(data, encoding="utf-8")

    assert main(["composite", "build", *tables]) == 6

    said = capsys.readouterr().err
    assert message in said
    assert f"{tmp_path / 'data.csv'}: " in said or f"{tmp_path / 'meta.csv'}: " in said
    assert not (tmp_path / "out").exists()


def test_a_table_that_is_not_there_or_not_utf8_is_refused(tables, tmp_path, capsys):
    (tmp_path / "data.csv").write_bytes("uCode,été\nFR1,8\n".encode("latin-1"))

    assert main(["composite", "build", *tables]) == 2
    assert "is not UTF-8" in capsys.readouterr().err
    assert main(["composite", "build", "gone.csv", *tables[1:]]) == 2
    assert "gone.csv is no file" in capsys.readouterr().err


def test_a_preset_that_is_not_here_or_has_no_figures_is_refused(tmp_path, capsys):
    given = ["--input", str(tmp_path), "--out", str(tmp_path / "out")]

    assert main(["composite", "preset", "desi-1999", *given]) == 2
    assert "known: desi_2022" in capsys.readouterr().err
    assert main(["composite", "preset", "desi-2022", *given]) == 2
    assert "desi_indicators.csv is no file" in capsys.readouterr().err
    (tmp_path / "desi_indicators.csv").write_text("edition,country,code,value\n2022,FR,9z9,1\n", encoding="utf-8")
    assert main(["composite", "preset", "desi-2022", *given]) == 6
    assert "No figure belongs" in capsys.readouterr().err
    (tmp_path / "desi_indicators.csv").write_text("edition,country,code,value\n2022,FR,1a1,much\n", encoding="utf-8")
    assert main(["composite", "preset", "desi-2022", *given]) == 2
    assert "row 2, column 'value': 'much' is not a number" in capsys.readouterr().err
    (tmp_path / "desi_indicators.csv").write_text("year,country\n", encoding="utf-8")
    assert main(["composite", "preset", "desi-2022", *given]) == 2
    assert "has no column 'edition'" in capsys.readouterr().err


def test_the_weight_of_a_missing_figure_goes_to_its_siblings(tmp_path):
    figures = "edition,country,code,value\n2022,FR,1a1,0.5\n2022,FR,1b1,0.1\n"
    (tmp_path / "desi_indicators.csv").write_text(figures, encoding="utf-8")

    given = ["--input", str(tmp_path), "--out", str(tmp_path / "out")]
    assert main(["composite", "preset", "desi_2022", *given]) == 0

    assert [(row["code"], float(row["score"])) for row in rows(tmp_path / "out/scores.csv")] == [("FR", 75.0)]


def test_a_wide_table_without_the_edition_or_with_words_is_refused(tmp_path, capsys):
    table = tmp_path / "HDR23-24_Composite_indices_complete_time_series.csv"
    given = ["composite", "preset", "hdi", "--input", str(tmp_path), "--out", str(tmp_path / "out")]

    table.write_text("iso3,le_2022,eys_2022,mys_2022,gnipc_2022\nFRA,83.2,16,11.7,rich\n", encoding="utf-8")
    assert main([*given, "--edition", "1889"]) == 2
    assert "has no column 'le_1889'. Choose an --edition" in capsys.readouterr().err
    assert main(given) == 2
    assert "row 2, column 'gnipc_2022': 'rich' is not a number" in capsys.readouterr().err
    table.write_text("code,le_2022\nFRA,83.2\n", encoding="utf-8")
    assert main(given) == 2
    assert "has no column 'iso3'" in capsys.readouterr().err


def test_editions_share_a_scale_where_the_method_says_so(tmp_path, capsys):
    codes = ["tertiary_30_34_pct", "rd_public_pct_gdp", "rd_business_pct_gdp", "hightech_services_pct", "ict_graduates"]
    figures = {("2014", "FR1"): 0, ("2014", "FRK"): 1, ("2015", "FR1"): 4, ("2015", "FRK"): 3, ("2015", "FRE"): 2}
    lines = [f"{when},{unit},{code},{value}" for (when, unit), value in figures.items() for code in codes]
    lines.append("2015,FRL,ict_graduates,4")  # too little for a score
    (tmp_path / "ris_indicators.csv").write_text("edition,region,code,value\n" + "\n".join(lines), encoding="utf-8")

    assert main(["composite", "preset", "ris-like", "--input", str(tmp_path), "--out", str(tmp_path / "out")]) == 0

    assert "Not the publisher's own: Eight indicators" in capsys.readouterr().out
    scores = [(row["code"], row["score"]) for row in rows(tmp_path / "out/scores.csv")]
    assert scores == [("FR1", "1.0"), ("FRK", "0.75"), ("FRE", "0.5"), ("FRL", "")]


def test_a_table_of_figures_alone_asks_for_the_table_of_indicators(tables, capsys):
    assert main(["composite", "build", tables[0], *tables[2:]]) == 2
    assert "Give the table of indicators (iMeta) after it" in capsys.readouterr().err


def test_another_workbook_is_named_with_its_fault(tables, tmp_path, capsys):
    page = tmp_path / "other.xlsx"
    with xlsxwriter.Workbook(page) as book:
        book.add_worksheet("Notes").write(0, 0, "nothing here")
    assert main(["composite", "build", str(page), *tables[2:]]) == 2
    assert "other.xlsx" in capsys.readouterr().err
