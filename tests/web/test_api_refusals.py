"""The read API under what its description does not allow: wrong types, missing arguments, other methods."""

from __future__ import annotations

import re
from urllib.parse import quote

import jsonschema
import pytest
from django.core.cache import cache
from django.test import Client

from beffroi.web.api import description

OPENAPI = description()
OPERATIONS = sorted(path for path, one in OPENAPI["paths"].items() if "get" in one)
WRONG = {"integer": ("x", "1.5", "1e3", "", "９x"), "number": ("x", "1,5", "--1")}


def types_of(schema):
    return [one["type"] for one in schema.get("anyOf", [schema]) if "type" in one]


def parameters(path):
    return OPENAPI["paths"][path]["get"].get("parameters", [])


def ask(path, arguments):
    inside = re.findall(r"{(\w+)}", path)
    filled = path
    for name in inside:
        filled = filled.replace(f"{{{name}}}", quote(arguments[name], safe="") or "x")
    query = {name: value for name, value in arguments.items() if name not in inside}
    return Client(SERVER_NAME="localhost", raise_request_exception=False).get(filled, query)


def check(path, response):
    """The answer is described: its status, its type, its content."""
    assert response.status_code in {200, 404, 422}, (response.status_code, response.content[:300])
    kind = response.headers["Content-Type"]
    if response.status_code == 404 and "html" in kind:
        return  # no operation has this address: a slash or a dot inside a part
    assert kind.startswith("application/json" if response.status_code == 200 else "application/problem+json")
    answers = OPENAPI["paths"][path]["get"]["responses"]
    named = answers[response.status_code]["content"][kind.partition(";")[0]]["schema"]
    jsonschema.validate(response.json(), {**named, "components": OPENAPI["components"]})
    if response.status_code != 200:
        assert response.json()["detail"]


@pytest.mark.parametrize("path", [one for one in OPERATIONS if any(
    set(types_of(each["schema"])) & set(WRONG) for each in parameters(one))])  # fmt: skip
def test_a_wrong_type_is_refused_as_a_problem(path):
    for one in parameters(path):
        for wanted in set(types_of(one["schema"])) & set(WRONG):
            for text in WRONG[wanted]:
                required = {each["name"]: "FRK" for each in parameters(path) if each["required"]}
                response = ask(path, {**required, one["name"]: text})
                assert response.status_code == 422, (one["name"], text)
                check(path, response)


@pytest.mark.parametrize("path", [one for one in OPERATIONS if any(
    each["required"] and each["in"] == "query" for each in parameters(one))])  # fmt: skip
def test_a_missing_argument_is_refused_as_a_problem(path):
    inside = {each["name"]: "FRK" for each in parameters(path) if each["in"] == "path"}
    response = ask(path, inside)

    assert response.status_code == 422
    check(path, response)


@pytest.fixture(autouse=True)
def _no_limit():
    cache.clear()


@pytest.mark.parametrize("path", OPERATIONS)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_but_reading_is_offered(path, method):
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    response = getattr(client, method)(re.sub(r"{\w+}", "FRK", path))

    assert response.status_code == 405
