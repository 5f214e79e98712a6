"""The reconciliation service, asked as OpenRefine asks, and held to the rules of version 0.2."""

from __future__ import annotations

import json

import jsonschema
import pytest

from beffroi.cli.link_register import index_of
from beffroi.federation.directory_entries import entries
from beffroi.records import models
from beffroi.web import pace
from beffroi.web.directory_ask import today

HERE = "/en/registry/reconcile/"
TEXT, NUMBER = {"type": "string"}, {"type": "number"}
NAMED = {"type": "object", "required": ["id", "name"], "properties": {"id": TEXT, "name": TEXT}}
TEMPLATE = {"type": "string", "pattern": r"\{\{id\}\}"}
PLACE = {"type": "object", "properties": {"service_url": TEXT, "service_path": TEXT}}
# The rules of the report of 10 April 2023, sections 3 to 6, written down anew.
MANIFEST = {
    "type": "object",
    "required": ["versions", "name", "identifierSpace", "schemaSpace"],
    "properties": {
        "versions": {"type": "array", "items": TEXT, "contains": {"const": "0.2"}},
        "name": TEXT,
        "identifierSpace": {"type": "string", "pattern": "^https?://"},
        "schemaSpace": {"type": "string", "pattern": "^https?://"},
        "defaultTypes": {"type": "array", "items": NAMED, "uniqueItems": True},
        "view": {"type": "object", "required": ["url"], "properties": {"url": TEMPLATE}},
        "preview": {"type": "object", "required": ["url", "width", "height"],
                    "properties": {"url": TEMPLATE, "width": {"type": "integer"}, "height": {"type": "integer"}}},
        "suggest": {"type": "object", "additionalProperties": PLACE},
        "extend": {"type": "object",
                   "properties": {"propose_properties": PLACE, "property_settings": {"type": "array"}}},
    },
}  # fmt: skip
RESULTS = {
    "type": "object",
    "additionalProperties": {
        "type": "object", "required": ["result"],
        "properties": {"result": {"type": "array", "items": {
            "type": "object", "required": ["id", "name", "score"],
            "properties": {
                "id": TEXT, "name": TEXT, "description": TEXT, "score": NUMBER, "match": {"type": "boolean"},
                "type": {"type": "array", "items": NAMED},
                "features": {"type": "array", "items": {"type": "object", "required": ["id", "value"],
                                                        "properties": {"id": TEXT, "value": NUMBER}}},
            },
        }}},
    },
}  # fmt: skip
VALUE = {
    "oneOf": [
        NAMED | {"additionalProperties": False},
        {"type": "object", "required": ["str"], "properties": {"str": TEXT}, "additionalProperties": False},
    ]
}
EXTENSION = {
    "type": "object", "required": ["meta", "rows"],
    "properties": {"meta": {"type": "array", "items": NAMED},
                   "rows": {"type": "object", "additionalProperties": {
                       "type": "object", "additionalProperties": {"type": "array", "items": VALUE}}}},
}  # fmt: skip


class Refine:
    """A client that does what OpenRefine does with a column of names."""

    def __init__(self, browser):
        self.browser = browser
        self.manifest = self.read(browser.get(HERE), MANIFEST)

    def read(self, response, schema):
        assert response.status_code == 200, response.content
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Content-Type"].startswith("application/json")
        page = response.json()
        jsonschema.validate(page, schema)
        return page

    def path(self, place):
        url = place["service_url"] + place["service_path"]
        assert url.startswith("http://localhost/")
        return url.removeprefix("http://localhost")

    def reconcile(self, queries):
        return self.read(self.browser.post(HERE, {"queries": json.dumps(queries)}), RESULTS)

    def suggest(self, what, prefix):
        return self.browser.get(self.path(self.manifest["suggest"][what]), {"prefix": prefix}).json()["result"]

    def extend(self, ids, properties):
        asked = {"ids": ids, "properties": [{"id": one} for one in properties]}
        return self.read(self.browser.post(HERE, {"extend": json.dumps(asked)}), EXTENSION)


def public(count):
    held = [one for one in entries(today()) if one.is_public and one.lists and one.city]
    return held[:: len(held) // count][:count]


def test_a_column_of_names_is_matched_and_extended_as_by_openrefine(people):
    refine = Refine(people("visitor"))
    wanted = public(20)
    queries = {
        f"q{n}": {"query": one.name.upper(), "type": "organisation", "limit": 3,
                  "properties": [{"pid": "commune", "v": one.city}]}
        for n, one in enumerate(wanted)
    }  # fmt: skip

    found = refine.reconcile(queries)

    best = [found[f"q{n}"]["result"][0] for n in range(len(wanted))]
    assert [one["id"] for one in best] == [one.id for one in wanted]
    assert all(one["score"] >= 90 for one in best)
    assert sum(one["match"] for one in best) >= 18  # two that linkage would join are left to a person
    assert all(len(each["result"]) <= 3 for each in found.values())
    for each in found.values():
        scores = [one["score"] for one in each["result"]]
        assert scores == sorted(scores, reverse=True)
    more = refine.path(refine.manifest["extend"]["propose_properties"])
    offered = refine.browser.get(more, {"type": "organisation"}).json()["properties"]
    assert [one["id"] for one in offered] == ["name", "siren", "commune", "department", "trade", "website"]
    rows = refine.extend([one["id"] for one in best], [one["id"] for one in offered])["rows"]
    for one in wanted:
        assert rows[one.id]["commune"] == [{"str": one.city}]
        assert rows[one.id]["website"] == ([{"str": one.website}] if one.website else [])
        assert [value["id"] for value in rows[one.id]["trade"]] == list(one.trades)


def test_a_slip_and_a_stranger_are_told_apart_and_a_query_s_answer_hangs_on_it_alone(people):
    refine = Refine(people("visitor"))
    one = public(2)[1]
    slip = one.name[:3] + one.name[4] + one.name[3] + one.name[5:]
    queries = {"a": {"query": slip}, "b": {"query": "Zweckverband Wasserwerke Ulm"}, "c": {"query": one.name}}

    together = refine.reconcile(queries)

    assert together["a"]["result"][0]["id"] == one.id
    assert not any(each["match"] for each in together["b"]["result"])
    assert {key: refine.reconcile({key: query})[key] for key, query in queries.items()} == together
    again = refine.browser.get(HERE, {"queries": json.dumps(queries)}).json()
    assert again == together


def test_suggestions_complete_names_properties_and_types(people):
    refine = Refine(people("visitor"))
    one = public(1)[0]

    found = refine.suggest("entity", one.name[:5].lower())

    assert one.id in {each["id"] for each in found}
    assert all(set(each) >= {"id", "name"} for each in found)
    assert [each["id"] for each in refine.suggest("property", "sir")] == ["siren"]
    assert [each["id"] for each in refine.suggest("type", "orga")] == ["organisation"]
    assert refine.suggest("entity", "") == []
    assert refine.suggest("entity", one.id)[0]["id"] == one.id
    assert refine.browser.get(f"{HERE}suggest/nothing/").status_code == 404


def test_the_preview_alone_may_be_framed_and_links_to_the_page(people):
    browser = people("visitor")
    one = public(1)[0]
    preview = browser.get(f"{HERE}preview/", {"id": one.id})

    assert one.name in preview.content.decode()
    assert f"/en/registry/organisation/{one.id}/" in preview.content.decode()
    assert "frame-ancestors *" in preview.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in browser.get(HERE).headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in browser.get("/en/registry/").headers["Content-Security-Policy"]
    assert browser.get(f"{HERE}preview/", {"id": "o-nothing"}).status_code == 404


def test_nobody_is_told_of_an_organisation_that_refused_and_nothing_is_written(people):
    browser = people("visitor")
    refine = Refine(browser)
    hidden = models.Organisation.objects.filter(values__consent_directory__value="refused", memberships__isnull=False)
    one = hidden.order_by("id").first()
    events = models.Event.objects.count()

    found = refine.reconcile({"q": {"query": one.name}, "i": {"query": one.pk}})

    assert one.pk not in {each["id"] for key in "qi" for each in found[key]["result"]}
    assert refine.extend([one.pk], ["name"])["rows"][one.pk] == {"name": []}
    assert browser.get(f"{HERE}preview/", {"id": one.pk}).status_code == 404
    assert models.Event.objects.count() == events
    officer = Refine(people("office"))
    assert officer.reconcile({"q": {"query": one.name}})["q"]["result"][0]["id"] == one.pk


@pytest.mark.parametrize(
    ("sent", "said"),
    [({"queries": "{"}, "no JSON"), ({"queries": "[]"}, "expected an object"), ({"queries": '{"a": 1}'}, "expected an"),
     ({"queries": '{"a": {}}'}, "asks for nothing"), ({"queries": '{"a": {"properties": [1]}}'}, "without 'pid'"),
     ({"queries": json.dumps({str(n): {"query": "x"} for n in range(51)})}, "send 50 at most"),
     ({"extend": '{"ids": 1}'}, "two lists"), ({"extend": '{"ids": [], "properties": [{"id": "x"}]}'}, "no property x"),
     ({"extend": json.dumps({"ids": list(range(501)), "properties": []})}, "send 500 at most")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_words(people, sent, said):
    response = people("visitor").post(HERE, sent)

    assert response.status_code == 400
    assert response.json()["status"] == "error"
    assert said in response.json()["message"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_no_jsonp_no_other_method_and_not_without_end(people, monkeypatch):
    browser = people("visitor")
    asked = browser.get(HERE, {"callback": "alert"})
    assert asked.json()["versions"]
    assert b"alert" not in asked.content
    assert browser.delete(HERE).status_code == 405
    assert browser.options(HERE).headers["Access-Control-Allow-Methods"] == "GET, POST, OPTIONS"
    monkeypatch.setattr(pace, "BATCHES", 0)
    assert browser.get(HERE).status_code == 429


def test_hostile_and_odd_queries_are_only_names(people):
    refine = Refine(people("visitor"))
    for words in ("<script>alert(1)</script>", "'; DROP TABLE x --", "\u202e\u0000\ud83d\ude00", " ", "é" * 9999, "0"):
        more = [{"pid": "commune", "v": [True]}, {"pid": "siren", "v": {"id": "x"}}]
        found = refine.reconcile({"q": {"query": words, "properties": more}})
        assert "result" in found["q"]


def test_a_register_is_searched_beside_the_registry(people, tmp_path, monkeypatch):
    register = tmp_path / "register.csv"
    register.write_text(
        "Nom;Ville;CP;SIREN\nFonderie Obscure du Vercors;Grenoble;38000;732829320\n"
        "Boulangerie Martin;Lyon;69001;552100554\n",
        encoding="utf-8",
    )
    index_of(register, name=register.name, into=tmp_path / "index")
    monkeypatch.setenv("BEFFROI_REGISTER", str(tmp_path / "index"))
    refine = Refine(people("visitor"))

    assert [one["id"] for one in refine.manifest["defaultTypes"]] == ["organisation", "legal_unit"]
    found = refine.reconcile({
        "name": {"query": "Fonderie obscure du Vercor", "type": ["legal_unit"]}, "number": {"query": "732 829 320"},
        "other": {"query": "Fonderie Obscure du Vercors", "type": "organisation"},
    })  # fmt: skip
    assert found["name"]["result"][0]["id"] == "siren:732829320"
    assert found["name"]["result"][0]["type"][0]["id"] == "legal_unit"
    assert [(one["id"], one["score"], one["match"]) for one in found["number"]["result"]] == [
        ("siren:732829320", 100.0, True)
    ]
    assert "siren:732829320" not in {one["id"] for one in found["other"]["result"]}
    rows = refine.extend(["siren:552100554", "siren:1"], ["name", "department", "siren"])["rows"]
    assert rows["siren:552100554"] == {"name": [{"str": "Boulangerie Martin"}], "department": [{"str": "Rhône"}],
                                       "siren": [{"str": "552100554"}]}  # fmt: skip
    assert rows["siren:1"] == {"name": [], "department": [], "siren": []}
    assert "Boulangerie Martin" in refine.browser.get(f"{HERE}preview/", {"id": "siren:552100554"}).content.decode()
    assert "siren:552100554" in {one["id"] for one in refine.suggest("entity", "boulangerie martin")}
