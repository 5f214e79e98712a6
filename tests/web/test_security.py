"""Every address of the resolver, attacked: headers, cookies, forms without token, GET that writes, hostile words."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import URLResolver, get_resolver

from beffroi.federation import review
from beffroi.federation.people import ROLES, SCOPED, give, held_by
from beffroi.records import models
from beffroi.records.accounts import AuditEntry
from beffroi.records.ideas import Idea
from beffroi.web import limits

HOSTILE = '"><script>alert(1)</script>=cmd|x\r\nX-Evil: 1'
FIELDS = ("q", "list", "department", "page", "set", "sort", "dir", "top", "coverage", "country", "r", "rival", "with",
          "regions", "w", "i", "step", "done", "act", "account", "since", "until", "state", "check", "bom", "next",
          "perimeter", "year", "lang", "region", "indicator", "edition", "idea", "kind", "text", "title", "campaign",
          "decision", "reason", "code", "login", "email", "password", "request", "outcome", "group")  # fmt: skip
LOGGED = {"records_auditentry", "records_loghead"}  # a refusal is written down, whatever the method


def addresses(patterns=None, before=""):
    found = []
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + re.sub(r"^(fr|en)/$", "fr/", str(one.pattern))
        if isinstance(one, URLResolver):
            found += addresses(one.url_patterns, route)
        else:
            found.append(route)
    return found


def path_of(route, given):
    """An address with every part filled in; regular expressions are filled by example."""
    text = route.replace("^", "").removesuffix("$").replace(r"\.", ".")
    text = re.sub(r"\(\?P<rest>.*\)$", "regions/", text)
    text = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda found: given.get(found[1], "x"), text)
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: given.get(found[1], "x"), text)


def state(*, but=frozenset()):
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - but):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608 -- tables of our own
            found[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return found


@pytest.fixture
def given(people):
    """What fills addresses, so that most of them exist."""
    people("visitor")
    pair = next(one for one in review.queue() if not one.id.startswith("t"))
    idea = Idea.objects.get()
    shown = models.Organisation.objects.filter(values__consent_directory__value="granted").first()
    return {"lang": "fr", "kind": "csv", "code": "FRK", "edition": "2026-1", "indicator_id": "gdp", "set_id": "europe",
            "address": shown.pk, "case_id": pair.id, "event": "5", "uidb36": "1", "key": "MQ:abc", "what": "figures",
            "picture": "rank", "answer": "when",
            "campaign": str(idea.campaign_id), "idea": str(idea.pk), "token": "x"}  # fmt: skip


@pytest.fixture
def everyone(people):
    """A browser whose account holds every role at once: nothing is refused before a view runs."""
    browser = people("office")
    account = User.objects.get(email="office@example.org").pk
    at = User.objects.get(pk=account).date_joined
    address = models.Organisation.objects.order_by("id").first().pk
    for role in set(ROLES) - {one.role for one in held_by(account, at.date())}:
        give(account, role, scope=address if role in SCOPED else "", by="test", at=at)
    return browser


@pytest.fixture
def every_path(given):
    return [path_of(one, given) for one in addresses()]


def test_reading_any_address_changes_nothing_and_carries_every_header(every_path, everyone, people):
    for browser in (people("visitor"), everyone):
        cache.clear()
        before, logged = state(but=LOGGED), AuditEntry.objects.count()
        for path in every_path:
            response = browser.get(path)
            headers = response.headers
            assert response.status_code < 500 or b"edition" in response.content, (path, response.status_code)
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
            assert headers["X-Content-Type-Options"] == "nosniff", path
            assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin", path
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
            if not path.endswith(".svg"):
                assert "unsafe" not in headers["Content-Security-Policy"], path
            for cookie in response.cookies.values():
                assert cookie["httponly"], path
                assert cookie["samesite"] == "Lax", path
        assert state(but=LOGGED) == before
        assert set(AuditEntry.objects.filter(id__gt=logged).values_list("act", flat=True)) <= {"refused"}


def test_no_address_takes_a_form_without_its_token(every_path, everyone):
    browser = Client(SERVER_NAME="localhost", enforce_csrf_checks=True, raise_request_exception=False)
    browser.cookies = everyone.cookies
    before = state(but=LOGGED)

    for path in every_path:
        cache.clear()
        status = browser.post(path, {"decision": "same", "reason": "x"}).status_code
        # Reconciliation is asked by programs of others, without session; it only reads, as the state shows.
        is_question = path.startswith("/api/") or "/reconcile/" in path
        assert status in ({200, 403, 404, 405} if is_question else {403, 404}), path

    assert state(but=LOGGED) == before


def test_no_address_changes_anything_by_another_method(every_path, everyone):
    before = state(but=LOGGED)
    kept = [one for one in every_path if re.match(r"/(fr/(account|registry|ideas)|api)/", one)]
    for number, path in enumerate(kept):
        cache.clear()
        assert getattr(everyone, ("put", "delete", "patch")[number % 3])(path).status_code < 500, path

    assert state(but=LOGGED) == before


def test_hostile_words_in_an_address_stay_words(every_path, everyone):
    asked = dict.fromkeys(FIELDS, HOSTILE)
    for path in every_path:
        response = everyone.get(path, asked)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code < 500, (path, response.status_code)
        assert b"<script>alert" not in body or "json" in response.headers["Content-Type"], path
        assert "X-Evil" not in response.headers, path
        assert not any("\n" in value for value in response.headers.values()), path


WORDS = (HOSTILE, "\0", "é" * 5000, "=HYPERLINK(1)", "9" * 400, "-1", "１２", "[]", "\ufffdx", "%0d%0a", "")


@pytest.mark.parametrize("turn", range(2))
def test_hostile_words_in_a_form_break_nothing(every_path, everyone, turn):
    posted = [one for one in every_path if "logout" not in one and "registry/count" not in one
              and re.match(r"/fr/(account|registry|ideas)/", one)]  # fmt: skip
    sent = {name: WORDS[(place + 5 * turn) % len(WORDS)] for place, name in enumerate(FIELDS)}
    for path in posted:
        cache.clear()
        response = everyone.post(path, sent)
        assert response.status_code < 500, (path, response.status_code)
        assert "X-Evil" not in response.headers, path
        assert b"<script>alert" not in response.content, path


@pytest.mark.parametrize("tail", ["%0d%0aX-Evil:%201", "%00", "..%2f..%2fetc%2fpasswd", "%ff", "<script>", "%e2%80%ae"])
def test_hostile_parts_of_an_address_are_answered(people, tail):
    browser = people("visitor")
    for start in ("/fr/region/", "/fr/indicator/", "/fr/registry/organisation/", "/fr/fabric/", "/fr/number/", "/fr/",
                  "/api/v1/regions/", "/fr/edition/", "/static/", "/fr/ideas/", "/"):  # fmt: skip
        response = browser.get(start + tail + "/")
        assert response.status_code < 500, start
        assert "X-Evil" not in response.headers


def test_a_body_too_large_is_refused_before_it_is_read(everyone):
    for path in ("/fr/account/data/", "/fr/account/login/", "/fr/registry/review/"):
        form = everyone.post(path, {"text": "x" * (6 * 2**20)})
        other = everyone.post(path, "x" * (6 * 2**20), content_type="application/x-www-form-urlencoded")
        assert {form.status_code, other.status_code} == {413}, (path, form.status_code, other.status_code)
    many = everyone.post("/fr/account/data/", {f"f{one}": "x" for one in range(2000)})
    assert many.status_code in {400, 413}


def test_no_form_takes_a_file(everyone):
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415 -- here alone

    before = state(but=LOGGED)
    bomb = SimpleUploadedFile("a.xlsx", b"PK\x03\x04" + b"\0" * 100)
    assert everyone.post("/fr/account/data/", {"kind": "correction", "file": bomb}).status_code == 409
    assert state(but=LOGGED) == before


def test_posting_too_often_is_refused_for_a_minute(people, monkeypatch):
    cache.clear()
    browser, other = people("registered"), people("reviewer")
    cache.clear()
    monkeypatch.setattr(limits, "POSTS_A_MINUTE", 3)

    answers = [browser.post("/fr/account/data/", {"kind": "x"}).status_code for _ in range(5)]

    assert answers == [409, 409, 409, 429, 429]
    assert other.post("/fr/account/data/", {"kind": "x"}).status_code == 409
    assert not any("account" in key for key in cache._cache if "often" in key)
    cache.clear()
    assert browser.post("/fr/account/data/", {"kind": "x"}).status_code == 409


def test_visitors_are_counted_by_their_address_behind_a_proxy(people, monkeypatch, settings_of_house):
    settings_of_house("ALLAUTH_TRUSTED_PROXY_COUNT", value=1)
    monkeypatch.setattr(limits, "POSTS_A_MINUTE_VISITOR", 1)
    browser = people("visitor")

    def send(address):
        sent = browser.post("/fr/account/password/reset/", {"email": "x"}, headers={"x-forwarded-for": address})
        return sent.status_code

    assert [send("203.0.113.7"), send("203.0.113.7"), send("203.0.113.8"), send("198.51.100.1, 203.0.113.7")] == [
        200, 429, 200, 429,
    ]  # fmt: skip


PUBLIC = """
import json, django
django.setup()
from django.test import Client
from django.conf import settings
found = Client(SERVER_NAME="digital.example").get("/fr/account/login/", secure=True)
print(json.dumps({
    "cookies": {name: [bool(one["secure"]), bool(one["httponly"]), one["samesite"], one["path"], one["domain"]]
                for name, one in found.cookies.items()},
    "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY],
    "hsts": found.headers["Strict-Transport-Security"], "proxies": settings.ALLAUTH_TRUSTED_PROXY_COUNT,
}))
"""


def test_on_a_public_host_cookies_are_bound_to_it_and_travel_by_https_only(tmp_path):
    ours = {"BEFFROI_HOME": str(tmp_path), "BEFFROI_HOSTS": "digital.example",
            "PYTHONPATH": os.pathsep.join(sys.path), "DJANGO_SETTINGS_MODULE": "beffroi.web.settings"}  # fmt: skip
    surroundings = {**os.environ, **ours}
    done = subprocess.run([sys.executable, "-c", PUBLIC], env=surroundings, capture_output=True, text=True, check=True)

    found = json.loads(done.stdout)
    assert found["cookies"] == {"__Host-form": [True, True, "Lax", "/", ""]}
    assert found["session"] == ["__Host-session", True, True]
    assert (found["hsts"], found["proxies"]) == ("max-age=31536000", 1)
