"""Pages over both engines: a whole journey through them, and several people at them at once."""

from __future__ import annotations

import csv
import io
import re
import threading

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client

from beffroi.federation import derive, log, review
from beffroi.federation.people import give
from beffroi.federation.propose import Proposed
from beffroi.records import models
from beffroi.web import jobs

TITLES = "Nom;SIREN;CP;Ville;Site"
FIRST = ["Alpha Logiciels;732829320;69001;Lyon;alpha.example", "Bêta Conseil;;42000;Saint-Étienne;beta.example",
         "Gamma;;38000;Grenoble;", "Delta Données;552100554;69002;Lyon;delta.example"]  # fmt: skip
SECOND = ["ALPHA LOGICIELS;732829320;69001;Lyon;", "Beta Conseil SARL;;42000;Saint Etienne;www.beta.example",
          "Gamma Grenoble;;38000;Grenoble;", "Epsilon;;63000;Clermont-Ferrand;"]  # fmt: skip


@pytest.fixture
def enter(registry, monkeypatch, tmp_path):
    """Accounts of every kind needed here; call it with names for a browser each."""
    monkeypatch.setenv("BEFFROI_HOME", str(tmp_path / "home"))
    cache.clear()
    for name, role in (("sacha", "reviewer"), ("lou", "reviewer"), ("camille", "operator")):
        user = User.objects.create_user(name, f"{name}@example.org")
        give(user.pk, role, by="test", at=registry.act().at)

    def browser(name):
        one = Client(SERVER_NAME="localhost", raise_request_exception=False)
        one.force_login(User.objects.get(username=name))
        return one

    return browser


@pytest.fixture
def at_once():
    from datetime import UTC, datetime  # noqa: PLC0415 -- used here alone

    from beffroi.federation.import_job import work  # noqa: PLC0415 -- as above
    from beffroi.federation.uploads import Shelf  # noqa: PLC0415 -- as above
    from beffroi.observatory.home import home_folder  # noqa: PLC0415 -- as above

    before = jobs.use(lambda upload: work(Shelf(home_folder()), upload, at=datetime.now(UTC)))
    yield
    jobs.use(before)


def take_in(browser, rows, source):
    """Upload, keep the columns as proposed, try out, import; return the page at the end."""
    file = SimpleUploadedFile(f"{source}.csv", "\n".join([TITLES, *rows]).encode())
    given = {"file": file, "source": source, "as_of": "2026-01-01", "kind": "list", "trust_rank": "100"}
    address = browser.post("/en/registry/import/", given).headers["Location"]
    page = browser.get(address).content.decode()
    chosen = {
        name: (re.search(r'value="(\w+)" selected', part) or [None, ""])[1]
        for name, part in re.findall(r'<select id="c\d+" name="(c\d+)">(.*?)</select>', page, re.DOTALL)
    }
    browser.post(address, {**chosen, "act": "columns"})
    browser.post(address, {"act": "import"})
    return browser.get(address).content.decode()


def members(browser):
    page = re.sub(r"<[^>]+>", "", browser.get("/en/registry/count/").content.decode())
    return int(re.findall(r"= (\d+)\s", page)[-1])


def test_from_two_files_to_a_count_that_changes_with_each_decision(enter, at_once):
    operator, reviewer = enter("camille"), enter("sacha")
    take_in(operator, FIRST, "Amont")
    assert "taken in: event 2" in take_in(operator, SECOND, "Aval")
    assert "Nothing changes" in take_in(operator, SECOND, "Aval")
    start = members(reviewer)
    gamma, epsilon = (models.Organisation.objects.get(name__startswith=one).pk for one in ("Gamma", "Epsilon"))
    found = reviewer.get(f"/en/registry/organisation/{epsilon}/merge/", {"q": "gama"}).content.decode()
    assert f"?with={gamma}" in found

    done = reviewer.post(f"/en/registry/organisation/{epsilon}/merge/", {"with": gamma, "reason": "One director."})
    event = done.headers["Location"].split("done=")[1]
    assert members(reviewer) == start - 1
    rows = list(csv.DictReader(io.StringIO(reviewer.get("/en/registry/organisations.csv").content.decode())))
    assert epsilon in {one["organisation"] for one in rows} or gamma in {one["organisation"] for one in rows}
    for path in ("review/", "tasks/", "stale/", "requests/", "renewals/?until=2031-01-01", f"undo/{event}/",
                 f"organisation/{gamma}/", f"organisation/{gamma}/trades/"):  # fmt: skip
        assert reviewer.get(f"/en/registry/{path}").status_code in {200, 301}, path
    reviewer.post(f"/en/registry/undo/{event}/")
    assert members(reviewer) == start
    kept = list(models.Organisation.objects.order_by("id").values_list())
    derive.rebuild()
    assert list(models.Organisation.objects.order_by("id").values_list()) == kept
    assert log.broken() == []


@pytest.fixture
def doubtful(registry):
    """Two lists of a dozen rows, each pair of rows of one number in doubt."""

    def proposed(fresh, standing):
        by_name = {one.fields["name"].split()[1]: one for one in standing}
        return [Proposed(by_name[one.fields["name"].split()[1]].reference, one.reference, "unsure", "alike",
                         probability=0.5, bits=0.0)
                for one in fresh if one.fields["name"].split()[1] in by_name]  # fmt: skip

    registry.take("A", [(f"Firm {one}", "", str(one), "") for one in range(12)])
    registry.take("B", [(f"Firma {one}", "", str(one), "") for one in range(12)], propose=proposed)
    return registry


def together(*jobs_):
    gate, answers = threading.Barrier(len(jobs_)), [None] * len(jobs_)

    def run(place, job):
        gate.wait()
        try:
            answers[place] = job()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(jobs_)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return answers


def test_two_reviewers_at_one_case_decide_it_once_and_the_second_is_told(enter, doubtful):
    case = review.order()[0]
    address = f"/en/registry/review/{case}/"
    sacha, lou = enter("sacha"), enter("lou")
    answers = together(
        lambda: sacha.post(address, {"decision": "same"}), lambda: lou.post(address, {"decision": "different"})
    )

    assert models.Judgement.objects.filter(origin="person").count() == 1
    outcomes = sorted((one.status_code, "done=" in one.headers.get("Location", "")) for one in answers)
    # Whoever comes second is told, or led on to the next case when the first one had already ended.
    assert outcomes in ([(302, False), (302, True)], [(302, True), (409, False)])
    assert case not in review.order()
    assert log.broken() == []


def test_an_import_during_reviews_loses_neither(enter, doubtful, at_once):
    first, second = review.order()[:2]
    sacha, lou, camille = enter("sacha"), enter("lou"), enter("camille")
    report, one, other = together(
        lambda: take_in(camille, FIRST, "Amont"),
        lambda: sacha.post(f"/en/registry/review/{first}/", {"decision": "same"}),
        lambda: lou.post(f"/en/registry/review/{second}/", {"decision": "different"}),
    )

    assert "The list is taken in" in report
    assert [one.status_code, other.status_code] == [302, 302]
    assert models.Judgement.objects.filter(origin="person").count() == 2
    assert models.SourceRecord.objects.filter(source__name="Amont").count() == 4
    kept = doubtful.readings()
    derive.rebuild()
    assert doubtful.readings() == kept
    assert log.broken() == []


def test_pages_of_a_review_open_while_somebody_writes(enter, doubtful):
    reviewer, case = enter("sacha"), review.order()[0]
    connections.close_all()
    ready, leave = threading.Event(), threading.Event()

    def write_long():
        with log.writing():
            ready.set()
            leave.wait(30)
        connections.close_all()

    writer = threading.Thread(target=write_long)
    writer.start()
    try:
        assert ready.wait(30)
        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA busy_timeout = 200")
        for path in ("review/", f"review/{case}/", "undo/2/", "renewals/?until=2031-01-01"):
            assert reviewer.get(f"/en/registry/{path}").status_code == 200, path
    finally:
        leave.set()
        writer.join()
