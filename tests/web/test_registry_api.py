"""The read interface of the registry."""

from __future__ import annotations

import json

import jsonschema
import pytest
from openapi_spec_validator import validate

from beffroi.federation.directory_entries import entries
from beffroi.records import models
from beffroi.web import pace
from beffroi.web.directory_ask import today
from beffroi.web.registry_api import description

PATHS = ("organisations", "organisations?q=lyon&page=2&size_of_page=3", "memberships?q=lyon", "waterfall", "profile",
         "trades", "territories/69123")  # fmt: skip


def test_the_description_is_valid_and_names_every_path():
    found = json.loads(json.dumps(description()))

    validate(found)
    assert len(found["paths"]) == 7
    assert {way for path in found["paths"].values() for way in path} == {"get"}


@pytest.mark.parametrize("role", ["visitor", "office"])
def test_answers_keep_to_the_description_and_are_kept_by_nobody(people, role):
    browser, described = people(role), json.loads(json.dumps(description()))
    one = next(each for each in entries(today()) if each.is_public and each.lists)
    for path in (*PATHS, f"organisations/{one.id}"):
        response = browser.get(f"/api/v1/registry/{path}")
        assert response.status_code == 200, path
        assert response.headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Origin" not in response.headers
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        route = "/api/v1/registry/" + path.partition("?")[0].replace(one.id, "{address}").replace("69123", "{code}")
        schema = described["paths"][route]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(response.json(), {**schema, "components": described["components"]})


def test_origins_and_rows_are_for_those_who_may_read_the_registry(people):
    one = None
    for role in ("visitor", "office"):
        browser = people(role)
        one = one or next(each for each in entries(today()) if each.is_public and len(each.lists) > 1)
        found = browser.get(f"/api/v1/registry/organisations/{one.id}").json()
        fields = {value["field"] for value in found["values"]}
        assert all(value["origin"] for value in found["values"])
        assert ("revenue_eur" in fields) == (role == "office")
        assert any(value["others"] for value in found["values"]) == (role == "office")
        steps = browser.get("/api/v1/registry/waterfall").json()["steps"]
        assert all((step["records"] is None) == (role == "visitor") for step in steps)
        assert sum(step["count"] for step in steps if step["sign"] == "+") == 600
    hidden = models.Organisation.objects.filter(values__consent_directory__value="refused").first().pk
    assert people("visitor").get(f"/api/v1/registry/organisations/{hidden}").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [("organisations/o-nothing", 404), ("organisations?page=x", 422), ("organisations?size_of_page=9999", 422),
     ("organisations?size_of_page=0", 422), ("territories/69?lang=de", 422)],
)  # fmt: skip
def test_a_refusal_is_a_problem_document(people, path, status):
    response = people("visitor").get(f"/api/v1/registry/{path}")

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["detail"]


def test_only_reading_is_allowed_and_not_without_end(people, monkeypatch):
    browser = people("visitor")
    assert browser.post("/api/v1/registry/organisations").status_code == 405
    monkeypatch.setattr(pace, "READS", 2)

    codes = [browser.get("/api/v1/registry/trades").status_code for _ in range(4)]

    assert codes == [200, 200, 429, 429]
