"""Files to take away: same numbers, safe text, the right types."""

# ruff: noqa: E501 -- sentences and rows of data stay whole, to be read and searched for

from __future__ import annotations

import csv
import io
import json
import zipfile
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.observatory.export import harmless, to_csv, to_json, to_xlsx
from beffroi.observatory.tables import Table

HOSTILE = Table("t", ("name", "value"), (("=cmd()", -1.5), ("+1", 2), ("@x", None), ('a,"b"\r\nc', 0.1 + 0.2), ("-", 3.0)))  # fmt: skip


def test_csv_is_rfc_4180_and_text_is_harmless():
    body = to_csv(HOSTILE).decode()

    rows = list(csv.reader(io.StringIO(body, newline="")))
    assert rows == [
        ["name", "value"], ["'=cmd()", "-1.5"], ["'+1", "2"], ["'@x", ""], ['a,"b"\r\nc', "0.3"], ["'-", "3.0"],
    ]  # fmt: skip
    assert body.endswith("\r\n")
    assert to_csv(HOSTILE, with_bom=True).startswith(b"\xef\xbb\xbf")


@given(st.text())
def test_no_text_cell_starts_a_formula(text):
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert harmless(text).endswith(text)


def test_xlsx_keeps_numbers_as_numbers_and_text_as_text():
    with zipfile.ZipFile(io.BytesIO(to_xlsx(HOSTILE))) as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 -- our own file
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}

    assert sheet.findall(".//m:f", space) == []
    kinds = {cell.get("r"): cell.get("t") for cell in sheet.findall(".//m:c", space)}
    assert kinds["A2"] == "s"
    assert kinds["B2"] in {None, "n"}


def test_json_refuses_what_json_cannot_say():
    assert json.loads(to_json(HOSTILE))["rows"][0] == {"name": "=cmd()", "value": -1.5}
    with pytest.raises(ValueError, match="JSON compliant"):
        to_json(Table("t", ("x",), ((float("nan"),),)))


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
@pytest.mark.parametrize(
    "path",
    [
        "/regions/export",
        "/region/FRK/figures",
        "/indicator/gdp/ranking",
        "/indicator/gdp/series",
        "/compare/figures",
        "/compare/ranks",
    ],
)
def test_a_download_has_a_name_and_a_type(client, path, kind):
    response = client.get(f"/fr{path}.{kind}")

    assert response.status_code == 200
    assert f'.{kind}"' in response.headers["Content-Disposition"]
    assert 'attachment; filename="beffroi-2026-1' in response.headers["Content-Disposition"]


def test_the_same_figures_in_csv_json_and_api(client, edition):
    rows = list(csv.DictReader(io.StringIO(client.get("/en/region/FRE/figures.csv").content.decode())))
    twin = client.get("/en/region/FRE/figures.json").json()["rows"]
    served = client.get("/api/v1/regions/FRE").json()["rows"]

    assert (
        [row["indicator"] for row in rows] == [row["indicator"] for row in twin] == [row["indicator"] for row in served]
    )
    for row, one, other in zip(rows, twin, served, strict=True):
        cell = edition.sets["administrative_2016"].cells["FRE", row["indicator"]]
        assert (float(row["value"]) if row["value"] else None) == one["value"]
        assert other["value"] == cell.raw
        assert row["unit"] == one["unit"]


def test_sdmx_has_the_columns_of_the_standard(client):
    rows = list(csv.reader(io.StringIO(client.get("/en/indicator/gdp/sdmx.csv").content.decode())))

    assert rows[0] == [
        "DATAFLOW",
        "FREQ",
        "INDICATOR",
        "REF_AREA",
        "TIME_PERIOD",
        "OBS_VALUE",
        "UNIT_MEASURE",
        "OBS_STATUS",
    ]
    assert rows[1][0] == "BEFFROI:OBSERVATORY(2026-1)"


@pytest.mark.parametrize("path", ["/region/FRK/rank.svg", "/region/FRK/profile.svg", "/region/FRK/gap.svg", "/indicator/gdp/map.svg", "/indicator/gdp/series.svg", "/compare/rank.svg"])  # fmt: skip
def test_a_picture_file_stands_alone(client, path):
    response = client.get(f"/fr{path}")

    root = ET.fromstring(response.content)  # noqa: S314 -- our own file
    assert response.headers["Content-Type"].startswith("image/svg+xml")
    assert root.find("{http://www.w3.org/2000/svg}style") is not None
    assert root.find("{http://www.w3.org/2000/svg}title") is not None
    assert "style-src 'unsafe-inline'" in response.headers["Content-Security-Policy"]
    assert b"url(" not in response.content
