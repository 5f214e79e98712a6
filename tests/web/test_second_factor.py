"""The second factor as people meet it: set up, sign in, recovery codes, roles that sleep without it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from beffroi.federation import audit, second_factor, totp
from beffroi.records.accounts import AuditEntry
from beffroi.records.privacy import RecoveryCode, SecondFactor
from beffroi.vocabulary.errors import UsageError

PASSWORD = "quatre mots sans rapport"  # noqa: S105 -- of people invented for tests
PAGE = "/fr/account/second-factor/"


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test moves; codes of the telephone follow it."""

    class Clock(datetime):
        at = datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp()

        @classmethod
        def now(cls, tz=None):
            return datetime.fromtimestamp(cls.at, tz)

    monkeypatch.setattr("beffroi.web.pages.second_factor.datetime", Clock)
    return Clock


def telephone(email, clock):
    account = User.objects.get(email=email).pk
    secret = second_factor._secret(SecondFactor.objects.get(account=account), settings.SECRET_KEY)
    return totp.code(secret, totp.step_of(clock.at))


def set_up(browser, clock, role="reviewer"):
    browser.post(PAGE, {"act": "begin"})
    page = browser.post(PAGE, {"act": "confirm", "code": telephone(f"{role}@example.org", clock)}).content.decode()
    return re.findall(r"<code>(\w{5}-\w{5})</code>", page)


def sign_in(code=None, role="reviewer"):
    cache.clear()
    browser = Client(SERVER_NAME="localhost", raise_request_exception=False)
    first = browser.post("/fr/account/login/", {"login": f"{role}@example.org", "password": PASSWORD})
    second = browser.post("/fr/account/code/", {"code": code}) if code else None
    return browser, first, second


def test_the_password_alone_no_longer_opens_the_door(people, clock):
    codes = set_up(people("reviewer"), clock)
    assert len(set(codes)) == 10

    clock.at += 60
    browser, first, _ = sign_in()
    assert first.headers["Location"] == "/fr/account/code/"
    assert browser.get("/fr/account/").status_code == 404
    assert browser.get("/fr/account/code/").status_code == 200
    wrong = browser.post("/fr/account/code/", {"code": "000000"})
    assert (wrong.status_code, browser.get("/fr/account/").status_code) == (400, 404)
    right = browser.post("/fr/account/code/", {"code": telephone("reviewer@example.org", clock)})
    assert right.headers["Location"] == "/fr/account/"
    assert browser.get("/fr/account/").status_code == 200

    _, _, again = sign_in(telephone("reviewer@example.org", clock))
    assert again.status_code == 400  # a code that was used is spent
    assert "code_failed" in set(AuditEntry.objects.values_list("act", flat=True))
    assert audit.broken() == []


def test_a_recovery_code_works_once(people, clock):
    codes = set_up(people("reviewer"), clock)

    assert sign_in(codes[0].upper())[2].status_code == 302
    assert sign_in(codes[0])[2].status_code == 400
    assert RecoveryCode.objects.count() == 9


def test_new_codes_replace_the_old_and_giving_up_leaves_nothing(people, clock):
    browser = people("reviewer")
    codes = set_up(browser, clock)
    fresh = re.findall(r"<code>(\w{5}-\w{5})</code>",
                       browser.post(PAGE, {"act": "renew", "code": codes[0]}).content.decode())  # fmt: skip

    assert not set(fresh) & set(codes)
    assert browser.post(PAGE, {"act": "off", "code": codes[1]}).status_code == 400
    assert browser.post(PAGE, {"act": "off", "code": fresh[0]}).status_code == 302
    assert (SecondFactor.objects.count(), RecoveryCode.objects.count()) == (0, 0)
    assert sign_in()[1].headers["Location"] == "/fr/account/"


def test_five_wrong_codes_close_the_door_for_a_while(people, clock):
    set_up(people("reviewer"), clock)
    clock.at += 60
    browser, _, _ = sign_in()

    answers = [browser.post("/fr/account/code/", {"code": "000000"}).status_code for _ in range(6)]
    right = browser.post("/fr/account/code/", {"code": telephone("reviewer@example.org", clock)})

    assert answers[:5] == [400] * 5
    assert (answers[5], right.status_code) == (429, 429)


def test_on_a_public_house_roles_of_staff_sleep_until_the_second_factor(people, clock, settings_of_house):
    settings_of_house("BEFFROI_IS_PUBLIC", value=True)
    browser = people("reviewer")
    before = browser.get("/fr/account/").content.decode()

    assert browser.get("/fr/registry/review/").status_code == 404
    assert "second-factor" in before
    set_up(browser, clock)
    assert browser.get("/fr/registry/review/").status_code == 200

    clock.at += 60
    browser, _, _ = sign_in(telephone("reviewer@example.org", clock))
    assert browser.get("/fr/registry/review/").status_code == 200


def test_a_session_that_never_saw_a_code_stays_asleep(people, clock, settings_of_house):
    settings_of_house("BEFFROI_IS_PUBLIC", value=True)
    other = people("reviewer")
    set_up(people("reviewer"), clock)

    assert other.get("/fr/registry/review/").status_code == 404


def test_roles_outside_the_staff_need_none(people, settings_of_house):
    settings_of_house("BEFFROI_IS_PUBLIC", value=True)
    browser = people("representative")

    assert "organisation" in browser.get("/fr/account/").content.decode()


def test_the_database_alone_gives_no_code(people, clock):
    set_up(people("reviewer"), clock)
    held = SecondFactor.objects.get()

    assert second_factor._secret(held, "another key") != second_factor._secret(held, settings.SECRET_KEY)
    assert not second_factor.check(held.account, telephone("reviewer@example.org", clock), key="another key",
                                   at=datetime.fromtimestamp(clock.at + 60, UTC))  # fmt: skip


def test_a_second_set_up_and_one_never_begun_are_refused(people, clock):
    browser = people("reviewer")
    account = User.objects.get(email="reviewer@example.org").pk
    at = datetime.fromtimestamp(clock.at, UTC)
    with pytest.raises(UsageError):
        second_factor.confirm(account, "123456", key="k", at=at)
    set_up(browser, clock)

    assert browser.post(PAGE, {"act": "begin"}).status_code == 400
    assert second_factor.forget(account, at=at, by="operator")
    assert not second_factor.forget(account, at=at, by="operator")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_its_pages_are_well_formed(people, clock, read, lang):
    browser = people("reviewer")
    pages = [browser.get(f"/{lang}/account/second-factor/")]
    browser.post(PAGE, {"act": "begin"})
    pages.append(browser.get(f"/{lang}/account/second-factor/"))
    pages.append(browser.post(f"/{lang}/account/second-factor/", {"act": "confirm", "code": "0"}))
    code = telephone("reviewer@example.org", clock)
    pages.append(browser.post(f"/{lang}/account/second-factor/", {"act": "confirm", "code": code}))
    pages.append(browser.get(f"/{lang}/account/second-factor/"))
    pages.append(sign_in()[0].get(f"/{lang}/account/code/"))
    for one in pages:
        page = read(one)
        assert page.faults == []
        assert len(page.ids) == len(set(page.ids))
        assert set(page.refers) <= set(page.ids)
        assert page.headings.count(1) == 1


def test_the_key_is_shown_as_a_picture_drawn_here_and_as_text(people, read):
    import re  # noqa: PLC0415 -- here alone

    import segno  # noqa: PLC0415 -- as above

    browser = people("registered")
    browser.post("/fr/account/second-factor/", {"act": "begin"})

    response = browser.get("/fr/account/second-factor/")

    page, raw = read(response), response.content.decode()
    assert page.faults == []
    address = next(one for one in page.links if one.startswith("otpauth://"))
    drawn = segno.make_qr(address, error="m")
    rows = ["".join("1" if cell else "0" for cell in row) for row in drawn.matrix]
    path = re.search(r'<svg[^>]*class="qr".*?<path stroke="#000" d="([^"]+)"', raw)
    assert path
    # Follow the pen: each `m` moves, each `h` draws dark cells; what is drawn is the code of the address.
    dark, x, y = set(), 0.0, 0.0
    for verb, numbers in re.findall(r"([Mmh])([-\d. ]+)", path[1]):
        given = [float(one) for one in re.findall(r"-?\d*\.?\d+", numbers)]
        if verb == "h":
            dark |= {(int(x) + step, int(y)) for step in range(int(given[0]))}
            x += given[0]
        else:
            x, y = (given[0], given[1]) if verb == "M" else (x + given[0], y + given[1])
    expected = {(c + 4, r + 4) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell == "1"}
    assert dark == expected
    secret = re.search(r"secret=([A-Z2-7]+)", address)
    assert secret
    assert secret[1] in page.text.replace(" ", "")
    assert "unsafe" not in response.headers["Content-Security-Policy"]
