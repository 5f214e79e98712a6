"""What every response carries, and what none does."""

# ruff: noqa: E501 -- sentences and rows of data stay whole, to be read and searched for

from __future__ import annotations

import re

import pytest

EVERYWHERE = (
    "/",
    "/fr/",
    "/en/nowhere/",
    "/api/v1/ranks",
    "/en/regions/export.csv",
    "/static/nothing.css",
    "/robots.txt",
)


@pytest.mark.parametrize("path", EVERYWHERE)
def test_the_security_headers_are_everywhere(client, path):
    headers = client.get(path).headers

    assert headers["Content-Security-Policy"].startswith(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", EVERYWHERE)
def test_nothing_is_stored_at_the_reader_s(client, path):
    response = client.get(path)

    assert not response.cookies
    assert "Set-Cookie" not in response.headers


def test_the_style_sheet_has_a_hashed_name_and_is_kept_for_ever(client):
    page = client.get("/fr/").content.decode()
    url = re.search(r'href="(/static/beffroi\.[0-9a-f]{12}\.css)"', page)
    assert url

    response = client.get(url[1])

    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/css")
    assert "immutable" in response.headers["Cache-Control"]
    assert b"--paper" in b"".join(response.streaming_content)


def test_pages_load_nothing_from_elsewhere(client):
    for path in ("/fr/", "/fr/indicator/gdp/", "/fr/compare/"):
        page = client.get(path).content.decode()
        assert re.findall(r'<(?:script|img|link rel="(?:stylesheet|icon)")[^>]*(?:src|href)="https?:', page) == []
        assert re.findall(r"<script(?! type=\"application/ld\+json\")", page) == []


def test_an_unknown_host_is_refused(client):
    assert client.get("/fr/", headers={"host": "evil.example"}).status_code == 400


def test_a_hostile_name_stays_text(client):
    page = client.get("/en/regions/", {"q": '"><script>alert(1)</script>'}).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
