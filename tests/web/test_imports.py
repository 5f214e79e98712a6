"""A list through the pages: upload, columns, rehearsal, import; and files made to harm."""

from __future__ import annotations

import csv
import io
import os
import time
from datetime import UTC, datetime, timedelta

import hostile_files
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from beffroi.federation.import_job import work
from beffroi.federation.log import broken
from beffroi.federation.uploads import Shelf
from beffroi.observatory.home import home_folder
from beffroi.records import models
from beffroi.web import jobs

LIST = "Nom;SIREN;CP;Ville;Remarque\nAlpha;732829320;69001;Lyon;x\nBêta;123;42000;Saint-Étienne;y\n"


@pytest.fixture
def at_once():
    """Do the work in this process, in the test's own database, before the page answers."""
    before = jobs.use(lambda upload: work(Shelf(home_folder()), upload, at=datetime.now(UTC)))
    yield
    jobs.use(before)


def send(browser, content, *, name="list.csv", lang="en", **more):
    given = {"source": "Amont", "as_of": "2026-11-01", "kind": "list", "trust_rank": "100", **more}
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    return browser.post(f"/{lang}/registry/import/", {**given, "file": file})


def columns(browser, address, **changed):
    """Send the columns as they are proposed, with some changed."""
    upload = address.rstrip("/").rsplit("/", 1)[1]
    look = Shelf(home_folder()).read(upload, "look")
    chosen = {f"c{place}": one["field"] for place, one in enumerate(look["columns"])}
    return browser.post(address, {**chosen, **changed, "act": "columns"})


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_list_is_looked_at_rehearsed_and_imported(people, read_page, at_once, lang):
    browser, events = people("operator"), models.Event.objects.count()
    address = send(browser, LIST, lang=lang).headers["Location"]
    page = read_page(browser.get(address))
    assert page.faults == []
    assert [row[0] for row in page.rows[1:]] == ["Nom", "SIREN", "CP", "Ville", "Remarque"]
    assert "Saint-Étienne" in page.text

    columns(browser, address)
    shown = read_page(browser.get(address))
    assert shown.faults == []
    assert models.Event.objects.count() == events
    assert not models.Source.objects.filter(name="Amont").exists()
    assert "123" in shown.text

    browser.post(address, {"act": "import"})
    done = read_page(browser.get(address))
    event = models.Event.objects.latest("id")
    assert (event.kind, event.author[:8], models.Event.objects.count()) == ("import", "account ", events + 1)
    assert str(event.id) in done.text
    version = event.versions.get()
    assert (bytes(version.blob.content).decode(), version.mapping) == (
        LIST, {"name": "Nom", "siren": "SIREN", "postcode": "CP", "city": "Ville"}
    )  # fmt: skip
    assert not (home_folder() / "uploads" / address.split("/")[-2] / "content").exists()
    assert broken() == []


def test_s19_1_the_same_file_again_changes_nothing_and_its_columns_are_remembered(people, read_page, at_once):
    browser = people("operator")
    first = send(browser, LIST).headers["Location"]
    columns(browser, first, c4="description", c3="")
    browser.post(first, {"act": "import"})
    events = models.Event.objects.count()

    second = send(browser, LIST, as_of="2026-11-02").headers["Location"]
    assert "as last time" in read_page(browser.get(second)).text
    columns(browser, second)

    page = read_page(browser.get(second))
    assert "Nothing changes" in page.text
    assert "Import" not in [word.strip() for word in page.words]
    browser.post(second, {"act": "import"})
    assert models.Event.objects.count() == events


def test_columns_that_cannot_be_are_refused_and_what_was_chosen_is_kept(people, read_page, at_once):
    browser = people("operator")
    address = send(browser, LIST).headers["Location"]
    for changed, message in (({"c4": "name"}, "several columns: Nom, Remarque"),
                             ({"c0": "", "c1": ""}, "Nothing says who a row is")):  # fmt: skip
        response = columns(browser, address, **changed)
        assert response.status_code == 409
        assert message in read_page(response).text
        for name, field in changed.items():
            chosen = response.content.decode().split(f'name="{name}"')[1].split("</select>")[0]
            assert (f'value="{field}" selected' in chosen) == bool(field)


def test_people_are_a_question_and_left_out_neither_they_nor_the_file_are_kept(people, read_page, at_once):
    browser = people("operator")
    address = send(browser, "Nom;CP\nMme Camille Durand;69001\nAlpha;42000\n").headers["Location"]
    columns(browser, address)
    page = read_page(browser.get(address))
    assert "1 rows seem to name natural persons" in page.text
    browser.post(address, {"act": "import"})
    assert not models.Source.objects.filter(name="Amont").exists()

    refused = browser.post(address, {"act": "answer", "persons": "keep", "purpose": " "})
    assert refused.status_code == 409
    browser.post(address, {"act": "answer", "persons": "leave_out"})
    browser.post(address, {"act": "import"})
    version = models.SourceVersion.objects.get(source__name="Amont")
    assert (version.blob, version.counts["left_out"]) == (None, [1])

    kept = send(browser, "Nom;CP\nMme Camille Durand;69001\nGamma;42000\n", source="Aval").headers["Location"]
    columns(browser, kept)
    browser.post(kept, {"act": "answer", "persons": "keep", "purpose": "Sole trader, told by mail."})
    browser.post(kept, {"act": "import"})
    assert models.Event.objects.latest("id").payload["reason"] == "Sole trader, told by mail."


def test_faults_are_taken_home_corrected_and_given_back(people, read_page, at_once):
    browser = people("operator")
    address = send(browser, LIST + ";;13001;Marseille;z\n").headers["Location"]
    columns(browser, address)
    assert "neither name nor number" in read_page(browser.get(address)).text
    rows = list(csv.DictReader(io.StringIO(browser.get(f"{address}faults.csv").content.decode())))
    assert {(row["row"], row["column"], row["given"]) for row in rows} >= {("2", "SIREN", "123"), ("3", "Nom", "")}
    for row in rows:
        row["corrected"] = {"SIREN": "552100554", "Nom": "Gamma"}[row["column"]]
    page = io.StringIO()
    writer = csv.DictWriter(page, rows[0])
    writer.writeheader()
    writer.writerows(rows)

    browser.post(address, {"act": "correct", "corrections": SimpleUploadedFile("f.csv", page.getvalue().encode())})
    assert "Faults" not in read_page(browser.get(address)).text
    browser.post(address, {"act": "import"})

    assert models.Organisation.objects.get(legal_unit="siren:552100554").name == "Bêta"
    assert models.SourceVersion.objects.get(source__name="Amont").file_name == "list (corrected).csv"
    wrong = send(browser, LIST, source="Aval").headers["Location"]
    columns(browser, wrong)
    for table in (b"row,column,corrected\n9,Nom,X\n", b"a,b\n1,2\n", b"row,column,corrected\n1,Nom,\n"):
        given = {"act": "correct", "corrections": SimpleUploadedFile("f.csv", table)}
        assert browser.post(wrong, given).status_code == 409


def test_work_that_was_interrupted_says_so_and_starts_again(people, read_page):
    browser, started = people("operator"), []
    before = jobs.use(started.append)
    try:
        address = send(browser, LIST).headers["Location"]
        columns(browser, address)
        waiting = browser.get(address)
        assert (waiting.headers["Refresh"], started) == ("3", [address.split("/")[-2]])
        shelf = Shelf(home_folder())
        one = shelf.load(started[0])
        later = datetime.now(UTC) + timedelta(minutes=5)
        with shelf.hold(one.id):
            assert shelf.state(one, later) == "running"
            browser.post(address, {"act": "discard"})
        leaving = shelf.life_line(one.id)
        assert shelf.state(one, later) == "running"
        shelf.life_line(one.id).close()  # the next process starts while the last one is still leaving
        leaving.close()
        assert shelf.state(one, later) == "interrupted"
        shelf.save(type(one)(**{**{name: getattr(one, name) for name in one.__slots__},
                                "asked_at": "2026-01-01T00:00:00+00:00"}))  # fmt: skip
        page = read_page(browser.get(address))
        assert "interrupted" in page.text
        browser.post(address, {"act": "again"})
        assert len(started) == 2
        assert work(shelf, one.id, at=datetime.now(UTC))["outcome"] == "report"
        assert "This is what would change" in read_page(browser.get(address)).text
    finally:
        jobs.use(before)


def test_an_upload_is_its_owner_s_alone_and_gone_after_two_days(people, at_once):
    browser = people("operator")
    address = send(browser, LIST).headers["Location"]
    place = home_folder() / "uploads"
    assert place.stat().st_mode & 0o077 == 0
    old = time.time() - 49 * 3600
    os.utime(place / address.split("/")[-2], (old, old))

    browser.get("/en/registry/import/")

    assert browser.get(address).status_code == 404
    assert list(place.iterdir()) == []
    assert browser.get("/en/registry/import/..%2f..%2fetc/").status_code == 404


@pytest.mark.parametrize("case", hostile_files.REFUSED)
def test_a_hostile_file_is_refused_at_the_form_and_nothing_is_kept(people, read_page, case):
    content, message = hostile_files.REFUSED[case]
    browser, events = people("operator"), models.Event.objects.count()
    response = send(browser, content, name="<script>.xlsx", source="<b>Hostile</b>")

    assert response.status_code == 400
    page = read_page(response)
    assert message in page.text
    assert page.faults == []
    assert "<b>Hostile" not in response.content.decode()
    assert models.Event.objects.count() == events
    assert list((home_folder() / "uploads").iterdir()) == []


def test_formulas_and_scripts_are_text_all_the_way(people, read_page, at_once):
    browser = people("operator")
    rows = ["Nom;CP;<script>alert(1)</script>", "<img src=x onerror=alert(1)>;69001;=1+1", "=cmd|' /C calc'!A0;69002;x",
            "Gamma;=2+2;" + "y" * 5_000]  # fmt: skip
    address = send(browser, "\n".join(rows), name='"><svg onload=alert(1)>.csv').headers["Location"]
    columns(browser, address)
    for page in (browser.get(address), browser.get("/en/registry/import/")):
        assert read_page(page).faults == []
        assert "<img" not in page.content.decode()
        assert "<svg onload" not in page.content.decode()
    browser.post(address, {"act": "import"})

    shown = browser.get("/en/registry/", {"list": "Amont"}).content.decode()
    assert "&lt;img src=x" in shown or not shown.count("<img")
    assert "\n=cmd" not in browser.get("/en/registry/organisations.csv", {"q": "cmd"}).content.decode()


@pytest.mark.parametrize(
    ("changed", "message"),
    [({"source": " "}, "Name the list"), ({"as_of": "2099-01-01"}, "to come"), ({"as_of": "x"}, "YYYY-MM-DD"),
     ({"kind": "unit"}, "Choose one"), ({"source": "legal units"}, "another kind"),
     ({"trust_rank": "-1"}, "whole number")],
)  # fmt: skip
def test_a_form_with_faults_says_them_at_their_fields_and_loses_nothing(people, read_page, changed, message):
    response = send(people("operator"), LIST, **changed)

    assert response.status_code == 400
    page = read_page(response)
    assert message in page.text
    assert set(page.refers) <= set(page.ids) | {"sources"}
    assert not (home_folder() / "uploads").exists()


def test_too_large_a_request_is_refused_before_it_is_read(people, settings_of_house):
    settings_of_house("BEFFROI_UPLOAD_BYTES", value=10_000)
    browser = people("operator")

    assert send(browser, b"Nom;CP\n" + b"x" * 12_000).status_code == 400
    assert send(browser, b"x" * 200_000).status_code == 413
    assert browser.post("/en/registry/review/", {"x": "y" * 6_000_000}).status_code == 413
