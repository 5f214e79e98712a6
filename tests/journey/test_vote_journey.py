"""Draft, submit, vote, refusal, second version, approval: three people in a real browser, by real forms.

Its chair first enters statutes that let a vote last for seconds, so that the deadline passes while the test looks.
"""

from __future__ import annotations

import importlib.resources
import re
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
OPEN_SECONDS = 25
PEOPLE = {
    "drafter": ("drafter",), "second": ("drafter",), "officer": ("election_officer",),
    "lyon": ("representative:{0}",), "roanne": ("representative:{1}",), "chair": ("chair",),
}  # fmt: skip
ASSEMBLY = "body-9"  # of the demonstration


@pytest.fixture(scope="module")
def house(tmp_path_factory, open_house):
    """The address of a house with the invented cluster, two drafters, an officer and two representatives."""
    home = tmp_path_factory.mktemp("votes")
    made = open_house(home)
    made.run("members", "demo")
    listed = made.run("members", "export", "--what", "organisations", "--format", "json")
    addresses = list(dict.fromkeys(re.findall(r"\bo-[a-z0-9]+\b", listed)))[:2]
    for name, roles in PEOPLE.items():
        made.add(name, *(role.format(*addresses) for role in roles))
    with made.served("/en/votes/") as address:
        yield address


@pytest.fixture
def enter(browse, house):
    """Sign people in."""
    with browse(house) as entered:
        yield entered


def send(page, label):
    """Press the button of that name and return what the next page says."""
    with page.expect_navigation():
        page.get_by_role("button", name=label, exact=True).click()
    return page.inner_text("main")


def let_votes_be_short(page, house):
    """Enter a new version of the assembly's statutes, in force from today on, without a least time."""
    rules = importlib.resources.files("beffroi.federation").joinpath("demo_assembly.yaml").read_text("utf-8")
    page.goto(f"{house}/en/government/statutes/new/?body={ASSEMBLY}")
    page.fill("#f-name", "Votes of seconds")
    page.fill("#f-since", f"{datetime.now(UTC):%Y-%m-%d}")
    page.fill("#f-rules", rules.replace("least_open_hours: {default: 1}", "least_open_hours: {default: 0}"))
    send(page, "Save")
    assert "/government/statutes/statutes-" in page.url, page.inner_text("main")


def open_vote(page, house, room):
    """Put the text that was handed in to the vote; return the address of the vote and its deadline."""
    page.goto(f"{house}/en/votes/new/?draft={room}")
    closes = datetime.now(UTC) + timedelta(seconds=OPEN_SECONDS)
    page.select_option("#id_rule", f"{ASSEMBLY}:ordinary")
    page.fill("#id_closes", f"{closes.astimezone(ZoneInfo('Europe/Paris')):%Y-%m-%dT%H:%M:%S}")
    send(page, "Freeze text and roll, and open the vote")
    assert "/votes/2" in page.url, page.inner_text("main")
    return page.url, closes


def decide(officer, chair, house, vote):
    """Write the result down and enter it among the decisions of the body; return the address of the decision."""
    officer.goto(f"{vote}office/")
    send(officer, "Write the result down")
    chair.goto(vote)
    with chair.expect_navigation():
        chair.get_by_role("link", name="Enter as a decision of the body").click()
    assert "General assembly" in chair.inner_text("h1")
    send(chair, "Save")
    assert "adopted" in chair.inner_text("main")
    decision = chair.url
    chair.goto(f"{house}/en/bodies/{ASSEMBLY}/")
    assert "A fibre network" in chair.inner_text("main")
    return decision


def cast(page, url, choice, objection=""):
    page.goto(url)
    page.check(f"input[name=choice][value={choice}]")
    if objection:
        page.fill("textarea[name=objection]", objection)
    assert "It is written in the log" in send(page, "Cast the ballot")


def wait_until(moment):
    time.sleep(max((moment - datetime.now(UTC)).total_seconds() + 1, 0))


def look_at(house, page, paths):
    """No page scrolls sideways, and axe finds nothing, on a phone and on a desk."""
    for path in paths:
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(path if path.startswith("http") else f"{house}/en/{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            found = Axe().run(page).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == [], path


def test_from_draft_through_refusal_to_approval(enter, house):  # noqa: PLR0915 -- one story, told once
    drafter, second, officer = enter("drafter"), enter("second"), enter("officer")
    lyon, roanne = enter("lyon"), enter("roanne")
    chair = enter("chair")
    let_votes_be_short(chair, house)
    drafter.goto(f"{house}/en/drafts/new/")
    drafter.fill("#id_title", "A fibre network")
    send(drafter, "Open the room")
    room = drafter.url.rstrip("/").rsplit("/", 1)[1]
    drafter.fill("#invite_email", "second@example.org")
    send(drafter, "Invite")
    drafter.goto(f"{house}/en/drafts/{room}/edit/")
    drafter.fill("#id_content", "# Aim\n\nWe lay fibre everywhere.")
    send(drafter, "Save as a new version")
    assert lyon.goto(f"{house}/en/drafts/{room}/").status == 404
    second.goto(f"{house}/en/drafts/{room}/")
    send(second, "Hand in version 1.1")

    url, closes = open_vote(officer, house, room)
    frozen = officer.inner_text("main")
    assert len(re.findall(r"\b[0-9a-f]{64}\b", frozen)) >= 3
    cast(lyon, url, "against", "It has no price.")
    cast(roanne, url, "against")
    wait_until(closes)
    officer.goto(url)
    assert "The text is refused." in officer.inner_text("main")
    officer.goto(f"{url}office/")
    written = send(officer, "Write the result down")
    assert "The text is refused." in written, written

    drafter.goto(f"{house}/en/drafts/{room}/")
    assert "It has no price." in drafter.inner_text("main")
    drafter.get_by_text("Answer", exact=True).first.click()
    drafter.fill("textarea[id^=a]", "Three million over three years.")
    send(drafter, "Answer")
    drafter.goto(f"{house}/en/drafts/{room}/edit/")
    drafter.fill("#id_content", "# Aim\n\nWe lay fibre everywhere, for three million.")
    send(drafter, "Save as a new version")
    second.goto(f"{house}/en/drafts/{room}/")
    send(second, "Hand in version 2.2")

    again, closes = open_vote(officer, house, room)
    lyon.goto(f"{again}changes/")
    assert "for three million" in lyon.inner_text("main")
    assert "Three million over three years." in lyon.inner_text("main")
    cast(lyon, again, "for")
    cast(roanne, again, "for")
    wait_until(closes)
    roanne.goto(again)
    assert "The text is approved." in roanne.inner_text("main")
    decision = decide(officer, chair, house, again)
    roanne.goto(f"{again}text/")
    assert "We lay fibre everywhere, for three million." in roanne.inner_text("main")
    with urllib.request.urlopen(f"{again}box.json", timeout=10) as answer:  # noqa: S310 -- loopback
        assert answer.status == 200
    look_at(
        house,
        officer,
        [
            decision,
            f"bodies/{ASSEMBLY}/",
            "votes/",
            "votes/new/",
            "votes/new/election/",
            again,
            f"{again}office/",
            url,
            f"{url}log/",
        ],
    )
    look_at(house, drafter, ["drafts/", f"drafts/{room}/", f"drafts/{room}/diff/?from=1.1&to=2.2", "drafts/new/"])
