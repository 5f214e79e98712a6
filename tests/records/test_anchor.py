"""Lists anchored in a register that is not taken in: its units found through an index on disk, month after month."""

from __future__ import annotations

import csv
import json
from types import SimpleNamespace

import made_up_stock
import pytest

from beffroi.cli.main import main
from beffroi.federation.demo_firms import invent
from beffroi.federation.review import queue
from beffroi.linkage.identifiers import luhn
from beffroi.records import models

HEADER = ("denomination", "siren", "code postal", "ville", "naf", "etat")
LISTED = 30


def siren(number):
    """An invented SIREN whose key holds."""
    base = f"{80_000_000 + number:08d}"
    return next(f"{base}{one}" for one in range(10) if luhn(f"{base}{one}"))


@pytest.fixture(scope="module")
def firms():
    inside, outside = invent(seed=11)
    return [
        SimpleNamespace(name=one.name, siren=siren(number), postcode=one.postcode, city=one.city, naf=one.naf)
        for number, one in enumerate([*inside, *outside])
    ]


def units(firms, **changed):
    """Rows of the register, some cells changed by SIREN."""
    for one in firms:
        held = dict(zip(HEADER, (one.name.upper(), one.siren, one.postcode, one.city, one.naf, "A"), strict=True))
        yield list({**held, **changed.get(f"s{one.siren}", {})}.values())


@pytest.fixture
def anchor(registry, home, tmp_path, capsysbinary):
    """Write a register, look the lists up in it, and return the report."""

    def run(rows, *words, code=0):
        path = tmp_path / "register.csv"
        with path.open("w", encoding="utf-8", newline="") as page:
            csv.writer(page, delimiter=";").writerows([HEADER, *rows])
        answer = main(["members", "anchor", str(path), "--source", "SIRENE", "--format", "json", *words])
        out, err = (one.decode() for one in capsysbinary.readouterr())
        assert answer == code, err
        return json.loads(out) if code == 0 else err

    return run


@pytest.fixture
def listed(registry, firms):
    """A list whose first half names no legal unit."""
    rows = [(one.name.title(), "" if number < LISTED // 2 else one.siren, one.postcode, one.city)
            for number, one in enumerate(firms[:LISTED])]  # fmt: skip
    registry.take("A", rows, columns=("name", "siren", "postcode", "city"))
    return registry


def held():
    rows = models.Placement.objects.filter(record__source__name="SIRENE", version__is_gone=False)
    return {one.version.fields["siren"].removeprefix("siren:") for one in rows.select_related("version")}


def ties():
    found = models.Judgement.objects.filter(method="linkage-register", event__undone__isnull=True)
    return sorted(found.values_list("left__key", "right__key", "value"))


def test_units_that_members_may_be_are_taken_in_and_no_other(listed, anchor, firms):
    dry = anchor(units(firms), "--dry-run")
    assert (dry["event"], held()) == (None, set())

    report = anchor(units(firms))

    sure = {one.siren for one in firms[:LISTED]}
    assert sure <= held() < {one.siren for one in firms}
    assert report["new"] == len(held())
    told = {(left, right): value for left, right, value in ties()}
    assert set(told.values()) <= {"same", "unsure", "related"}
    by_siren = {one.siren: one for one in firms}
    for (_, right), value in told.items():
        assert value != "same" or by_siren[right.removeprefix("siren:")] in firms[: LISTED // 2]
    # Invented names share their words: most wait for a person.
    assert len({left for left, _ in told}) >= LISTED // 2 - 2
    assert "same" in told.values()
    assert models.Organisation.objects.filter(memberships__isnull=False).distinct().count() == LISTED


def test_the_same_register_again_writes_nothing_and_later_rows_are_found(listed, anchor, firms):
    anchor(units(firms))
    before = ties()

    assert anchor(units(firms))["event"] is None
    later = [(one.name.title(), "", one.postcode, one.city) for one in firms[LISTED : LISTED + 4]]
    listed.take("B", later, columns=("name", "siren", "postcode", "city"))
    report = anchor(units(firms))

    assert report["event"] is not None
    assert {one.siren for one in firms[LISTED : LISTED + 4]} <= held()
    assert set(before) <= set(ties())
    assert anchor(units(firms))["event"] is None


def test_what_a_later_month_says_opens_a_task_and_moves_no_link(listed, anchor, firms):
    anchor(units(firms), "--as-of", "2026-01-01")
    known = len(queue())
    groups = {frozenset(one) for one in models.Placement.objects.values_list("record", "organisation")}
    closed, moved, gone = firms[0].siren, firms[1].siren, firms[2].siren
    after = units([one for one in firms if one.siren != gone],
                  **{f"s{closed}": {"etat": "C"}, f"s{moved}": {"code postal": "75011", "ville": "PARIS"}})  # fmt: skip

    report = anchor(after, "--as-of", "2026-02-01")

    assert report["tasks"] == 3
    assert sorted(one.kind for one in queue() if one.kind in {"closed", "moved", "vanished"}) == [
        "closed", "moved", "vanished"]  # fmt: skip
    assert len(queue()) >= known + 3
    placed = {frozenset(one) for one in models.Placement.objects.values_list("record", "organisation")}
    assert groups <= placed


def test_units_that_name_natural_persons_are_left_out(listed, anchor, firms):
    person = firms[0].siren
    rows = list(units(firms, **{f"s{person}": {"denomination": "Mme Camille Durand"}}))

    anchor(rows)

    assert person not in held()
    assert models.Blob.objects.filter(content__contains=person.encode()).count() == 0


def test_an_empty_registry_has_nothing_to_anchor(registry, anchor, firms):
    assert "Import a list first" in anchor(units(firms[:50]), code=2)


def test_the_month_that_the_house_has_loaded_needs_no_file(registry, home, tmp_path, capsysbinary):
    stock = made_up_stock.make()
    files = [str(stock.write(tmp_path, kind)) for kind in ("establishments", "legal_units")]
    assert main(["fabric", "load", *files, "--month", "2026-11"]) == 0
    firm = next(row for row in stock.rows["legal_units"] if row["denominationUniteLegale"].startswith("SOCIETE")
                and row["statutDiffusionUniteLegale"] == "O")  # fmt: skip
    registry.take("A", [("Ma société", firm["siren"])], columns=("name", "siren"))
    capsysbinary.readouterr()

    assert main(["members", "anchor", "sirene", "--source", "SIRENE", "--format", "json"]) == 0

    assert json.loads(capsysbinary.readouterr().out)["new"] == 1
    assert held() == {firm["siren"]}
    edition = models.SourceVersion.objects.get(source__name="SIRENE")
    assert (edition.as_of.isoformat(), edition.file_name) == ("2026-11-01", "sirene/2026-11")
