"""The read API."""

# ruff: noqa: E501 -- sentences and rows of data stay whole, to be read and searched for

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "path",
    [
        "editions",
        "sets",
        "ranks",
        "ranks?country=FR&sort=talent&top=20&coverage=50&lang=fr",
        "regions/FRK",
        "indicators",
        "indicators/gdp",
        "cells?region=FRK,FRE&indicator=gdp,patents",
    ],
)
def test_an_answer_names_its_edition(client, path):
    response = client.get(f"/api/v1/{path}")

    assert response.status_code == 200
    page = response.json()
    assert page["edition"] == "2026-1"
    assert page["count"] == len(page["rows"]) > 0
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"/api/v1/{path}", headers={"if-none-match": response.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("path", "status"),
    [("regions/ZZZ", 404), ("indicators/zz", 404), ("ranks?set=zz", 404), ("ranks?edition=zz", 404), ("ranks?sort=zz", 404),
     ("ranks?top=x", 422), ("ranks?dir=x", 422), ("ranks?lang=de", 422), ("cells", 422)],
)  # fmt: skip
def test_a_refusal_is_a_problem_document(client, path, status):
    response = client.get(f"/api/v1/{path}")

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == status
    assert response.json()["detail"]


def test_a_named_edition_may_be_kept_for_ever(client):
    assert "immutable" in client.get("/api/v1/ranks?edition=2026-1").headers["Cache-Control"]


def test_the_description_is_served_and_no_page_from_elsewhere(client):
    described = client.get("/api/v1/openapi.json").json()

    assert described["openapi"].startswith("3.1")
    rooms = {path.split("/")[3] for path in described["paths"]}
    assert rooms >= {"editions", "regions", "fabric", "votes", "strategy", "bodies"}
    assert client.get("/api/v1/docs").status_code == 404


def test_only_reading_is_allowed(client):
    assert client.post("/api/v1/ranks").status_code == 405
