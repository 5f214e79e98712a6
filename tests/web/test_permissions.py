"""Every address for every role, sign-in as a person meets it, and the log of the door."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.urls import URLResolver, get_resolver

from beffroi.federation import audit, review
from beffroi.federation import people as mandates
from beffroi.federation.uploads import Shelf, Upload
from beffroi.observatory.home import home_folder
from beffroi.records import accounts as models
from beffroi.records.accounts import AuditEntry
from beffroi.records.ballots import BallotVote
from beffroi.records.ideas import Idea
from beffroi.vocabulary.errors import UsageError
from beffroi.web import permissions
from beffroi.web.permissions import Held, Person, may

PASSWORD = "quatre mots sans rapport"  # noqa: S105 -- of people invented for tests
EVERYBODY = ("visitor", "registered", "operator", "reviewer", "office", "representative", "stranger", "secretary",
             "funder", "data_protection", "chair", "drafter", "election_officer", "editor", "validator")  # fmt: skip
SIGNED_IN = EVERYBODY[1:]
RUN_IDEAS = ("office", "chair")
OFFICERS = ("operator", "reviewer", "office")
SECRETARIES = ("office", "secretary", "chair")  # of the territory of what is asked for
AGREEING = ("office", "chair", "funder")
OF_HIDDEN = (*OFFICERS, "representative")  # the organisation asked for agreed to nothing; one of them speaks for it
# Address → who gets in. `account/` stands for the language in use before it, as allauth's addresses have it.
SPEAKING = ("representative", "stranger")
SEATED = ("drafter", "secretary")  # in the room that the sample names
ROWS: dict[str, tuple[str, ...]] = {
    "<lang:lang>/votes/": EVERYBODY,
    r"<lang:lang>/votes/^votes\.(?P<kind>csv|xlsx|json)$": EVERYBODY,
    "<lang:lang>/votes/<slug:vote>/": EVERYBODY,
    "<lang:lang>/votes/<slug:vote>/text/": EVERYBODY,
    "<lang:lang>/votes/<slug:vote>/changes/": EVERYBODY,
    "<lang:lang>/votes/<slug:vote>/log/": EVERYBODY,
    "<lang:lang>/votes/<slug:vote>/receipt/": EVERYBODY,
    "<lang:lang>/votes/<slug:vote>/box.json": EVERYBODY,
    "<lang:lang>/votes/<slug:vote>/paper.json": EVERYBODY,
    "<lang:lang>/votes/<slug:vote>/deadline.ics": EVERYBODY,
    r"<lang:lang>/votes/^(?P<vote>[-\w]+)/roll\.(?P<kind>csv|xlsx|json)$": EVERYBODY,
    r"<lang:lang>/votes/^(?P<vote>[-\w]+)/ballots\.(?P<kind>csv|xlsx|json)$": EVERYBODY,
    "<lang:lang>/votes/<slug:vote>/urn/": EVERYBODY,
    "<lang:lang>/votes/<slug:vote>/cast/": SPEAKING,
    "<lang:lang>/votes/<slug:vote>/delegate/": SPEAKING,
    "<lang:lang>/votes/<slug:vote>/revoke/": SPEAKING,
    "<lang:lang>/votes/<slug:vote>/token/": SPEAKING,
    "<lang:lang>/votes/new/": ("election_officer",),
    "<lang:lang>/votes/new/election/": ("election_officer",),
    "<lang:lang>/votes/<slug:vote>/office/": ("election_officer",),
    "<lang:lang>/votes/<slug:vote>/office/close/": ("election_officer",),
    "<lang:lang>/votes/<slug:vote>/office/cancel/": ("election_officer",),
    "<lang:lang>/votes/<slug:vote>/office/mail/": ("election_officer",),
    "<lang:lang>/votes/<slug:vote>/office/record/": ("election_officer",),
    "<lang:lang>/drafts/": SIGNED_IN,
    "<lang:lang>/drafts/new/": ("drafter",),
    "<lang:lang>/drafts/<int:room>/": SEATED,
    "<lang:lang>/drafts/<int:room>/edit/": SEATED,
    "<lang:lang>/drafts/<int:room>/diff/": SEATED,
    "<lang:lang>/drafts/<int:room>/team/": SEATED,
    "<lang:lang>/drafts/<int:room>/remark/": SEATED,
    "<lang:lang>/drafts/<int:room>/hand-in/": SEATED,
    "<lang:lang>/drafts/<int:room>/version/<str:label>/": SEATED,
    "<lang:lang>/account/": SIGNED_IN,
    "<lang:lang>/ideas/": EVERYBODY,
    "<lang:lang>/ideas/campaigns.<format:kind>": EVERYBODY,
    "<lang:lang>/ideas/<int:campaign>/": EVERYBODY,
    "<lang:lang>/ideas/<int:campaign>/ideas.<format:kind>": EVERYBODY,
    "<lang:lang>/ideas/<int:campaign>/idea/<int:idea>/": EVERYBODY,
    "<lang:lang>/ideas/<int:campaign>/sent/": EVERYBODY,
    "<lang:lang>/ideas/<int:campaign>/post/": EVERYBODY,
    "<lang:lang>/ideas/confirm/<str:token>/": EVERYBODY,
    "<lang:lang>/ideas/new/": RUN_IDEAS,
    "<lang:lang>/ideas/<int:campaign>/desk/": RUN_IDEAS,
    "<lang:lang>/ideas/<int:campaign>/join/": RUN_IDEAS,
    "<lang:lang>/ideas/<int:campaign>/close/": RUN_IDEAS,
    "<lang:lang>/ideas/<int:campaign>/moderation.<format:kind>": RUN_IDEAS,
    "<lang:lang>/ideas/<int:campaign>/idea/<int:idea>/answer/": RUN_IDEAS,
    "<lang:lang>/ideas/<int:campaign>/idea/<int:idea>/split/": RUN_IDEAS,
    "<lang:lang>/account/second-factor/": SIGNED_IN,
    "<lang:lang>/account/editions/": ("editor", "validator"),
    "<lang:lang>/account/editions/<slug:edition>/": ("editor", "validator"),
    "<lang:lang>/account/data/": SIGNED_IN,
    "<lang:lang>/account/data.json": SIGNED_IN,
    "<lang:lang>/account/log/": ("operator", "data_protection"),
    "<lang:lang>/account/log.<format:kind>": ("operator", "data_protection"),
    "<lang:lang>/account/requests/": ("data_protection",),
    "<lang:lang>/account/requests.<format:kind>": ("data_protection",),
    "account/code/": EVERYBODY,
    "account/password/change/": SIGNED_IN,
    "account/password/set/": SIGNED_IN,
    "account/reauthenticate/": SIGNED_IN,
    "account/login/": EVERYBODY,
    "account/logout/": EVERYBODY,
    "account/inactive/": EVERYBODY,
    "account/signup/": EVERYBODY,
    "account/confirm-email/": EVERYBODY,
    "<lang:lang>/registry/": EVERYBODY,
    "<lang:lang>/registry/organisations.<format:kind>": EVERYBODY,
    "<lang:lang>/registry/organisation/<str:address>/": OF_HIDDEN,
    "<lang:lang>/registry/organisation/<str:address>/values.<format:kind>": OF_HIDDEN,
    "<lang:lang>/registry/organisations.jsonld": EVERYBODY,
    "<lang:lang>/registry/organisations.svg": EVERYBODY,
    "<lang:lang>/registry/organisation/<str:address>/history/": OF_HIDDEN,
    "<lang:lang>/registry/organisation/<str:address>/history.<format:kind>": OF_HIDDEN,
    "<lang:lang>/registry/reconcile/": EVERYBODY,
    "<lang:lang>/registry/reconcile/suggest/<slug:what>/": EVERYBODY,
    "<lang:lang>/registry/reconcile/properties/": EVERYBODY,
    "<lang:lang>/registry/reconcile/preview/": OFFICERS,  # of an organisation that agreed to nothing
    "<lang:lang>/registry/profile/": EVERYBODY,
    "<lang:lang>/registry/profile/figures.<format:kind>": EVERYBODY,
    "<lang:lang>/registry/profile/<slug:dimension>.svg": EVERYBODY,
    "<lang:lang>/registry/count/figures.svg": EVERYBODY,
    "<lang:lang>/registry/review/sample/": ("reviewer",),
    "<lang:lang>/trades/": EVERYBODY,
    "<lang:lang>/trades/scheme.<slug:kind>": EVERYBODY,
    "<lang:lang>/trades/<slug:concept_id>/": EVERYBODY,
    "<lang:lang>/trades/<slug:scheme_id>/<slug:concept_id>/": EVERYBODY,
    "api/v1/registry/": (),  # no page stands there
    "api/v1/registry/openapi.json": EVERYBODY,
    "api/v1/registry/organisations": EVERYBODY,
    "api/v1/registry/organisations/<address>": OF_HIDDEN,
    "api/v1/registry/memberships": EVERYBODY,
    "api/v1/registry/waterfall": EVERYBODY,
    "api/v1/registry/profile": EVERYBODY,
    "api/v1/registry/trades": EVERYBODY,
    "api/v1/registry/territories/<code>": EVERYBODY,
    "<lang:lang>/registry/count/": EVERYBODY,
    "<lang:lang>/registry/count/figures.<format:kind>": EVERYBODY,
    "<lang:lang>/registry/count/records/": OFFICERS,
    "<lang:lang>/registry/count/records.<format:kind>": OFFICERS,
    "<lang:lang>/registry/review/": ("reviewer",),
    "<lang:lang>/registry/review/<slug:case_id>/": ("reviewer",),
    "<lang:lang>/registry/undo/<int:event>/": ("reviewer",),
    "<lang:lang>/registry/import/": ("operator",),
    "<lang:lang>/registry/import/<slug:upload_id>/": ("operator",),
    "<lang:lang>/registry/import/<slug:upload_id>/faults.<format:kind>": ("operator",),
    "<lang:lang>/registry/organisation/<str:address>/merge/": ("reviewer",),
    "<lang:lang>/registry/organisation/<str:address>/split/": ("reviewer",),
    "<lang:lang>/registry/organisation/<str:address>/trades/": ("reviewer",),
    "<lang:lang>/registry/organisation/<str:address>/verify/": ("reviewer", "office"),
    "<lang:lang>/registry/organisation/<str:address>/edit/": ("representative",),
    "<lang:lang>/registry/mine/": ("representative", "stranger"),
    "<lang:lang>/registry/tasks/": ("reviewer",),
    "<lang:lang>/registry/tasks.<format:kind>": ("reviewer",),
    "<lang:lang>/registry/requests/": ("reviewer",),
    "<lang:lang>/registry/requests.<format:kind>": ("reviewer",),
    "<lang:lang>/registry/stale/": OFFICERS,
    "<lang:lang>/registry/stale.<format:kind>": OFFICERS,
    "<lang:lang>/registry/renewals/": ("operator", "reviewer"),
    "<lang:lang>/registry/roles/": ("operator",),
    "<lang:lang>/registry/roles.<format:kind>": ("operator",),
    r"account/^confirm-email/(?P<key>[-:\w]+)/$": EVERYBODY,
    **dict.fromkeys(
        (
            "strategy/",
            "strategy/orphans/",
            "strategy/orphans.<format:kind>",
            "strategy/genericity/",
            "strategy/genericity.<format:kind>",
            "strategy/indicator/<slug:indicator_id>/",
            "strategy/indicator/<slug:indicator_id>/named.<format:kind>",
            "vision/",
            "vision/vision.pdf",
            "vision/headlines.<format:kind>",
            "vision/<int:number>/",
            "vision/<int:number>/vision.pdf",
            "factors/compare/",
            "factors/compare.<format:ending>",
        ),
        EVERYBODY,
    ),
    "<lang:lang>/bodies/": EVERYBODY,
    "<lang:lang>/bodies/export.<format:kind>": EVERYBODY,
    "<lang:lang>/bodies/<slug:thing>/": EVERYBODY,
    "<lang:lang>/bodies/<slug:thing>/composition.<format:kind>": EVERYBODY,
    "<lang:lang>/bodies/<slug:thing>/calendar.ics": EVERYBODY,
    "<lang:lang>/meetings/": EVERYBODY,
    "<lang:lang>/meetings/export.<format:kind>": EVERYBODY,
    "<lang:lang>/meetings/<slug:thing>/": SECRETARIES,  # one in preparation
    "<lang:lang>/meetings/<slug:thing>/meeting.ics": EVERYBODY,  # one convened
    "<lang:lang>/seats/": EVERYBODY,
    "<lang:lang>/seats/figures.<format:kind>": EVERYBODY,
    "<lang:lang>/seats/seats.svg": EVERYBODY,
    "<lang:lang>/seats/adopted/<slug:thing>/": EVERYBODY,
    "<lang:lang>/seats/adopt/": ("office", "chair"),
    "<lang:lang>/money/": EVERYBODY,
    "<lang:lang>/money/local.<format:kind>": EVERYBODY,
    "<lang:lang>/money/mix.<format:kind>": EVERYBODY,
    "<lang:lang>/money/import/": SECRETARIES,
    "<lang:lang>/offices/": EVERYBODY,
    "<lang:lang>/offices/export.<format:kind>": EVERYBODY,
    "<lang:lang>/offices/<slug:thing>/": EVERYBODY,
    "<lang:lang>/structures/": EVERYBODY,
    "<lang:lang>/structures/export.<format:kind>": EVERYBODY,
    "<lang:lang>/structures/overlap/": EVERYBODY,
    "<lang:lang>/structures/overlap.<format:kind>": EVERYBODY,
    "<lang:lang>/structures/<slug:thing>/": EVERYBODY,
    "<lang:lang>/agreements/": AGREEING,
    "<lang:lang>/agreements/export.<format:kind>": AGREEING,
    "<lang:lang>/agreements/<slug:thing>/": AGREEING,  # the funder of that one
    "<lang:lang>/agreements/<slug:thing>/<slug:what>.<format:kind>": AGREEING,
    "<lang:lang>/government/": SECRETARIES,
    "<lang:lang>/government/merge/": ("office", "chair"),
    "<lang:lang>/government/<slug:name>/": EVERYBODY,
    "<lang:lang>/government/<slug:name>/export.<format:kind>": EVERYBODY,
    "<lang:lang>/government/<slug:name>/new/": SECRETARIES,
    "<lang:lang>/government/<slug:name>/<slug:thing>/": SECRETARIES,
    "<lang:lang>/government/<slug:name>/<slug:thing>/edit/": SECRETARIES,
    "<lang:lang>/government/<slug:name>/<slug:thing>/do/<slug:deed>/": SECRETARIES,
    "account/password/reset/": EVERYBODY,
    "account/password/reset/done/": EVERYBODY,
    r"account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-:\w]+)/$": EVERYBODY,
    "account/password/reset/key/done/": EVERYBODY,
}
ROWS = {route if "account/" in route or route.startswith(("<lang", "api/")) else f"<lang:lang>/{route}": who
        for route, who in ROWS.items()}  # fmt: skip
PREPARING, KEEPING = ("office", "secretary", "chair", "drafter"), ("office", "chair")
# The sample is an action that is still a draft: it is there for those who prepare it.
ROWS |= {
    "<lang:lang>/<things:kind>/": EVERYBODY,
    "<lang:lang>/<things:kind>/export.<format:ending>": EVERYBODY,
    "<lang:lang>/<things:kind>/<slug:thing>/": PREPARING,
    "<lang:lang>/<things:kind>/<slug:thing>/values.<format:ending>": PREPARING,
    "<lang:lang>/strategy/new/<slug:kind>/": KEEPING,
    "<lang:lang>/strategy/edit/<slug:thing>/": KEEPING,
    "<lang:lang>/strategy/state/<slug:thing>/": KEEPING,
    "<lang:lang>/strategy/approve/<slug:thing>/": KEEPING,
    "<lang:lang>/strategy/put-away/<slug:thing>/": KEEPING,
    "<lang:lang>/strategy/review/<slug:thing>/": PREPARING,
    "<lang:lang>/strategy/override/<slug:thing>/": (*KEEPING, "representative"),
    "<lang:lang>/projects/<slug:thing>/amounts/": ("representative",),
    "<lang:lang>/projects/<slug:thing>/amounts/edit/": ("representative",),
}
COURSE = (
    "stages/",
    "stages/export.<format:kind>",
    "stages/<slug:thing>/",
    "stages/<slug:thing>/assessments.<format:kind>",
    "chain/",
    "chain/export.<format:kind>",
    "cooperation/",
    "cooperation/ties.<format:kind>",
    "notes/",
    "notes/export.<format:kind>",
    "notes/<slug:thing>/",
    "notes/<slug:thing>.<format:kind>",
    "review/<int:year>/",
    "review/<int:year>/export.<format:kind>",
)
STEERING = (
    "stages/new/",
    "stages/<slug:thing>/edit/",
    "stages/<slug:thing>/declare/",
    "stages/<slug:thing>/assess/",
    "cooperation/new/",
    "notes/new/",
    "notes/<slug:thing>/edit/",
    "contacts/",
    "contacts/export.<format:kind>",
    "contacts/new/",
)
ROWS |= {f"<lang:lang>/{one}": EVERYBODY for one in COURSE} | {
    f"<lang:lang>/{one}": ("office", "chair") for one in STEERING
}
ROWS["<lang:lang>/cooperation/discretion/<slug:organisation>/"] = ("representative",)
# Other things than that action.
SAMPLES = {
    "stages": "stage-1",
    "notes": "note-1",
    "approve": "vision-1",
    "override": "action-2",
    "amounts": "project-1",
}


# Things of the invented government, by a part of the address; elsewhere a meeting in preparation in her territory.
OWN = {"bodies/": {"thing": "body-3"}, "meeting.ics": {"thing": "meeting-1"}, "adopted/": {"thing": "seating-1"},
       "offices/": {"thing": "office-1"}, "structures/": {"thing": "structure-1"},
       "agreements/": {"thing": "agreement-1", "what": "money"}}  # fmt: skip

GOVERNED = re.compile(r"/(?:bodies|meetings|seats|offices|structures|money|government)/")


def addresses(patterns=None, before=""):
    """Every address of the site as (route, view), straight from the resolver."""
    found = []
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + re.sub(r"^(fr|en)/$", "", str(one.pattern))
        if isinstance(one, URLResolver):
            found += addresses(one.url_patterns, route)
        else:
            found.append((route, one.callback))
    return found


def filled(route, samples):
    route = route.replace(r"\.", ".")
    route = re.sub(r"\(\?P<(kind|vote)>.*?\)", lambda found: samples[found[1]], route)
    kind = "actions" if "<things" in route else "factor" if "/new/" in route else samples["kind"]
    thing = "meeting-4" if GOVERNED.search(route) else "action-1"
    thing = next((one for verb, one in SAMPLES.items() if f"/{verb}/" in route), thing)
    samples = {**samples, "kind": kind, "thing": thing, "ending": "csv", "number": "1", "indicator_id": "hrst_pct",
               "year": "2026", "edition": "2026-1", "organisation": samples["address"]}  # fmt: skip
    path = re.sub(r"\(\?P<key>.*?\)", "MQ:abc", re.sub(r"\(\?P<uidb36>.*?\)", "1", route)).replace("^", "")
    own = next((one for part, one in OWN.items() if part in path), {})
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: (samples | own)[found[1]], path.removesuffix("$"))
    return f"/fr/{path}" if path.startswith("account/") else f"/{path}"


def asked(route, given):
    """What an address needs to be told beyond its path."""
    if "diff" in route:
        return {"from": "1.1", "to": "1.1"}
    return {"step": "members"} if "records" in route else {"id": given["address"]} if "preview" in route else {}


def samples():
    pair = next(one for one in review.queue() if not one.id.startswith("t"))
    hidden = models.Mandate.objects.filter(role="representative").order_by("id").values_list("scope", flat=True)[1]
    vote, idea = BallotVote.objects.get(), Idea.objects.get()
    return {
        "lang": "fr", "kind": "csv", "address": hidden, "case_id": pair.id, "event": "5",
        "what": "entity", "dimension": "size", "concept_id": "games", "scheme_id": "digital", "code": "69",
        "upload_id": waiting_upload(), "vote": vote.pk, "room": str(vote.room_id), "label": "1.1",
        "name": "meeting", "deed": "convene", "token": "x", "campaign": str(idea.campaign_id), "idea": str(idea.pk),
    }  # fmt: skip


def waiting_upload():
    shelf = Shelf(home_folder())
    given = Upload("", "a.csv", 0, "2026-11-22T08:00:00+00:00", "test", "A", "2026-11-01")
    return (shelf.all() or [shelf.keep([b"Nom;CP\nAlpha;69001\n"], given)])[0].id


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_address_has_an_act_and_every_private_one_a_row(client, lang):
    client.get(f"/{lang}/")
    for route, view in addresses():
        act = permissions.act_of(view)
        assert act, f"{route} is marked with no act"
        if act == "read_observatory":
            assert route not in ROWS
        else:
            assert route in ROWS, f"{route} has no row: say who gets in"
    assert set(ROWS) <= {route for route, _ in addresses()}


@pytest.mark.parametrize("role", EVERYBODY)
def test_each_role_gets_in_where_its_row_says_and_nowhere_else(people, role):
    browser, is_in, given = people(role), False, samples()
    for route, allowed in ROWS.items():
        if role != "visitor" and not is_in:
            browser.force_login(User.objects.get(email=f"{role}@example.org"))
        response = browser.get(filled(route, given), asked(route, given))
        is_in = "account/" not in route  # some of those pages end the session
        assert (response.status_code == 404) == (role not in allowed), (route, role, response.status_code)
        assert response.status_code < 500, route
        assert response.headers["Cache-Control"] == "no-store", route


def test_a_refusal_looks_like_nothing_there_and_is_written_down_once(people):
    browser = people("visitor")
    nothing = browser.get("/fr/account/nowhere/")

    refused = [browser.get("/fr/account/") for _ in range(3)]

    assert {one.status_code for one in [nothing, *refused]} == {404}
    assert "/fr/account/login/" in refused[0].content.decode()
    entry = AuditEntry.objects.get(act="refused")
    assert (entry.account, entry.path) == (None, "/fr/account/")
    assert audit.broken() == []


def test_a_view_that_nobody_marked_is_refused(people, monkeypatch):
    browser = people("reviewer")
    monkeypatch.setattr(permissions, "_ACT_OF", {})

    assert browser.get("/fr/").status_code == 404


def test_a_view_is_one_act():
    with pytest.raises(ValueError, match="cannot be marked"):
        permissions.mark_view(next(view for route, view in addresses() if route == "robots.txt"), "decide")


def test_only_reviewers_decide_and_a_mandate_reaches_its_own_organisation():
    for role in mandates.ROLES:
        scope = "o1" if role in mandates.SCOPED else ""
        one = Person(1, "", (Held(role, scope),))
        assert may(one, "decide", organisation="o1") == (role == "reviewer")
        assert may(one, "read_registry") == (role in {"reviewer", "operator", "office"})
        assert may(one, "read_registry", organisation="o2") == (role in {"reviewer", "operator", "office"})
        assert may(one, "read_registry", organisation="o1") == (role in {"reviewer", "operator", "office",
                                                                         "representative"})  # fmt: skip
    assert not may(Person(), "own_account")


def test_the_observatory_needs_no_database_and_gives_no_cookie(client):
    def forbidden(*_):
        raise AssertionError("a page of the observatory asked the database")

    with connection.execute_wrapper(forbidden):
        for path in ("/fr/", "/en/regions/", "/fr/compare/?r=FRK", "/api/v1/ranks", "/fr/regions/export.csv"):
            response = client.get(path)
            assert response.status_code == 200
            assert not response.cookies
            assert "Cookie" not in response.headers.get("Vary", "")


def sign_in(browser, password=PASSWORD, email="reviewer@example.org", lang="fr"):
    return browser.post(f"/{lang}/account/login/", {"login": email, "password": password})


def test_signing_in_and_out_by_the_form(people):
    browser = people("visitor")

    response = sign_in(browser)

    assert (response.status_code, response.headers["Location"]) == (302, "/fr/account/")
    cookie = response.cookies["beffroi-session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["expires"], cookie["max-age"]) == (True, "Lax", "", "")
    page = browser.get("/fr/account/").content.decode()
    assert "Reviewer" in page
    assert browser.post("/fr/account/logout/").headers["Location"] == "/fr/"
    assert browser.get("/fr/account/").status_code == 404
    assert list(AuditEntry.objects.values_list("act", flat=True).order_by("id"))[-3:] == [
        "signed_in", "signed_out", "refused",
    ]  # fmt: skip


def test_a_form_without_its_token_changes_nothing(people):
    from django.test import Client  # noqa: PLC0415 -- a stricter browser than the fixture's

    people("visitor")
    browser = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)

    response = sign_in(browser)

    assert response.status_code == 403
    assert "Nothing" in sign_in(browser, lang="en").content.decode()
    assert not AuditEntry.objects.filter(act="signed_in").exists()


def test_five_wrong_passwords_close_the_door_for_a_while(people):
    browser = people("visitor")

    pages = [sign_in(browser, "wrong").content.decode() for _ in range(6)]
    right = sign_in(browser)

    assert right.status_code != 302
    assert pages[0] != pages[-1]
    cache.clear()
    assert sign_in(browser).status_code == 302
    assert AuditEntry.objects.filter(act="sign_in_failed").count() == 5


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_forgotten_password_is_replaced_by_mail_and_the_mail_tells_strangers_nothing(people, lang):
    browser = people("visitor")
    asked = [
        browser.post(f"/{lang}/account/password/reset/", {"email": email}).headers["Location"]
        for email in ("nobody@example.org", "reviewer@example.org")
    ]
    assert asked[0] == asked[1]
    (sent,) = mail.outbox
    assert sent.to == ["reviewer@example.org"]
    assert "reviewer" not in sent.subject
    link = re.search(rf"http://localhost(/{lang}/account/password/reset/key/\S+)", sent.body)
    assert link, sent.body
    form = browser.get(link[1]).headers["Location"]
    assert browser.get(form).status_code == 200

    short = browser.post(form, {"password1": "court", "password2": "court"})
    done = browser.post(form, {"password1": "cinq autres mots encore", "password2": "cinq autres mots encore"})

    assert "12" in short.content.decode()
    assert done.status_code == 302
    assert sign_in(browser, "cinq autres mots encore", lang=lang).status_code == 302
    assert "too old" in browser.get(link[1].replace(f"/{lang}/", "/en/")).content.decode()


def test_changing_the_password_ends_the_session(people):
    browser = people("reviewer")
    new = {"oldpassword": PASSWORD, "password1": "cinq autres mots encore", "password2": "cinq autres mots encore"}

    assert browser.post("/fr/account/password/change/", new).status_code == 302

    assert browser.get("/fr/account/").status_code == 404


def test_nobody_opens_an_account_unless_the_house_says_so(people, settings_of_house):
    browser = people("visitor")
    form = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}

    browser.post("/fr/account/signup/", form)
    assert not User.objects.filter(email="new@example.org").exists()

    settings_of_house("BEFFROI_SIGNUP", value=True)
    browser.post("/fr/account/signup/", form)
    assert User.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("role", ["visitor", "reviewer"])
def test_pages_of_accounts_are_well_formed(people, read, role, lang):
    browser = people(role)
    for path in ("login/", "password/reset/", "password/reset/done/", "password/reset/key/1-abc/", "signup/",
                 "password/reset/key/done/", "inactive/", "", "password/change/", "nowhere/",
                 "confirm-email/", "confirm-email/MQ:abc/", "logout/"):  # fmt: skip
        response = browser.get(f"/{lang}/account/{path}")
        if response.status_code == 302:
            continue
        page = read(response)
        assert page.faults == [], path
        assert len(page.ids) == len(set(page.ids)), path
        assert set(page.refers) <= set(page.ids), path
        assert page.headings.count(1) == 1, path
        assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_roles_are_given_dated_and_taken_back(people):
    people("visitor")
    at = datetime(2026, 11, 22, 9, tzinfo=UTC)
    user = User.objects.get(email="registered@example.org").pk
    tomorrow = datetime(2026, 11, 23, tzinfo=UTC).date()

    mandates.give(user, "reviewer", by="test", at=at, since=tomorrow, until=tomorrow)
    assert mandates.held_by(user, at.date()) == ()
    assert mandates.held_by(user, tomorrow) == (Held("reviewer", ""),)
    later = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert mandates.end(user, "reviewer", by="test", at=later) == 1
    assert mandates.held_by(user, tomorrow) == ()

    for role, scope in (("king", ""), ("reviewer", "o1"), ("representative", "")):
        with pytest.raises(UsageError):
            mandates.give(user, role, scope=scope, by="test", at=at)
    with pytest.raises(UsageError):
        mandates.end(user, "reviewer", by="test", at=later)


def test_the_door_s_log_cannot_be_changed_and_shows_who_tried(people):
    people("visitor")
    audit.note("refused", at=datetime(2026, 11, 22, 9, tzinfo=UTC), path="/x")
    last = AuditEntry.objects.latest("id")

    with pytest.raises(Exception, match="append-only"):
        AuditEntry.objects.filter(pk=last.pk).update(path="/y")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER records_auditentry_no_update")
    AuditEntry.objects.filter(pk=last.pk).update(path="/y")

    assert [one.event for one in audit.broken()] == [last.pk]
