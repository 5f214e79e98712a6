"""Lists in: idempotent, all or nothing, recognised through their versions, and nothing lost of what they said."""

from __future__ import annotations

import random
from datetime import date

import pytest

from beffroi.federation import derive, log
from beffroi.federation.errors import ImportRefusedError
from beffroi.federation.import_members import import_list
from beffroi.federation.import_plan import Given, remembered_mapping
from beffroi.federation.judgement import decide
from beffroi.federation.propose import Proposed
from beffroi.federation.review import queue
from beffroi.records import models
from beffroi.vocabulary.errors import UsageError

A = [("Alpha SAS", "732829320", "69001", "alpha.fr"), ("Beta", "", "69002", "beta.fr"), ("Gamma", "", "42000", "")]
B = [("ALPHA", "732 829 320", "69001", "www.alpha.fr"), ("Bêta", "", "69002", "beta.com"), ("Delta", "", "38000", "")]


def by_name(fresh, standing):
    """A small model: two names with the same first letter are one firm."""
    for one in fresh:
        for other in standing:
            if one.fields["name"][0] == other.fields["name"][0]:
                yield Proposed(one.reference, other.reference, "same", "Same first letter.", bits=5.0, probability=0.97)


def test_the_same_file_twice_is_no_event(registry):
    first = registry.take("A", A)
    before = registry.readings()
    second = registry.take("A", A)

    assert (first.new, first.event, second.same, second.event) == (3, 1, 3, None)
    assert registry.readings() == before
    assert models.Event.objects.count() == 1


def test_every_cell_and_byte_is_kept(registry):
    registry.take("A", A)
    version = models.SourceVersion.objects.get()

    assert bytes(version.blob.content).startswith(b"name,siren,postcode,website\nAlpha SAS")
    assert [one.raw for one in models.RecordVersion.objects.order_by("row")] == [
        dict(zip(("name", "siren", "postcode", "website"), row, strict=True)) for row in A
    ]


def test_a_new_version_yields_new_changed_and_gone_rows(registry):
    registry.take("A", A)
    address = registry.home("A", "Beta")
    newer = [A[0], ("Beta", "", "69002", "beta.eu"), ("Epsilon", "", "69100", "")]
    report = registry.take("A", newer, as_of=date(2026, 6, 1))

    assert (report.same, report.changed, report.new, report.gone) == (1, 1, 1, 1)
    assert registry.home("A", "Beta") == address
    assert models.Organisation.objects.get(pk=address).values["website"]["value"] == "beta.eu"
    left = models.Membership.objects.get(organisation=registry.home("A", "Gamma"))
    assert (left.since, left.until) == (date(2026, 1, 1), date(2026, 6, 1))
    assert models.Organisation.objects.count() == 4


def test_a_row_that_comes_back_is_the_same_record(registry):
    registry.take("A", A)
    address = registry.home("A", "Gamma")
    registry.take("A", A[:2], as_of=date(2026, 2, 1))
    registry.take("A", A, as_of=date(2026, 3, 1))

    assert registry.home("A", "Gamma") == address
    assert models.Membership.objects.get(organisation=address).until is None


def test_a_row_that_gains_a_number_or_changes_its_name_keeps_its_record(registry):
    columns = ("own_id", "name", "siren", "postcode")
    registry.take("A", [("1", "Alpha", "", "69001"), ("2", "Beta", "", "69002")], columns=columns)
    address = registry.home("A", "Alpha")
    report = registry.take("A", [("1", "Alpha", "732829320", "69001"), ("2", "Beta 2", "", "69002")], columns=columns)

    assert (report.changed, report.new, report.gone) == (2, 0, 0)
    assert registry.home("A", "Alpha") == address
    assert models.Organisation.objects.get(pk=address).legal_unit == "siren:732829320"


def test_shuffled_rows_give_the_same_groups_and_addresses(registry, engine, request):
    rows = [*A, ("Alpha bis", "732829320", "69003", ""), ("Gamma", "", "42000", "gamma.fr")]
    registry.take("A", rows)
    groups = registry.groups()
    addresses = set(models.Organisation.objects.values_list("id", flat=True))
    request.getfixturevalue("another")()
    random.Random(3).shuffle(rows)
    registry.take("A", rows)

    assert registry.groups() == groups
    assert set(models.Organisation.objects.values_list("id", flat=True)) == addresses


def test_one_list_then_the_other_is_the_other_then_the_one(registry, request):
    def shown():
        values = {
            (one.legal_unit, one.name): {name: kept["value"] for name, kept in one.values.items()}
            for one in models.Organisation.objects.all()
        }
        members = set(models.Membership.objects.values_list("organisation__name", "source__name", "since", "until"))
        return registry.groups(), values, members

    registry.take("A", A, propose=by_name)
    registry.take("B", B, propose=by_name)
    first = shown()
    born = dict(models.Placement.objects.values_list("born_title", "record__key"))
    request.getfixturevalue("another")()
    registry.take("B", B, propose=by_name)
    registry.take("A", A, propose=by_name)

    assert shown() == first
    assert dict(models.Placement.objects.values_list("born_title", "record__key")) == born
    assert len(first[0]) == 4


@pytest.mark.parametrize("seed", range(3))
def test_any_two_lists_give_the_same_groups_in_either_order(registry, seed, request):
    chance = random.Random(seed)
    units = ["", "", "732829320", "443061841", "552100554"]
    lists = {
        source: [(chance.choice("ABCD") + str(one), chance.choice(units), str(one), "") for one in range(9)]
        for source in ("One", "Two")
    }

    for source, rows in lists.items():
        registry.take(source, rows, propose=by_name)
    groups = registry.groups()
    request.getfixturevalue("another")()
    for source, rows in reversed(lists.items()):
        registry.take(source, chance.sample(rows, len(rows)), propose=by_name)

    assert registry.groups() == groups


def test_a_dry_run_reports_everything_and_writes_nothing(registry):
    registry.take("A", A)
    before, events = registry.readings(), models.Event.objects.count()
    report = registry.take("B", B, dry_run=True)

    assert (report.new, report.organisations_before, report.organisations_after, report.event) == (3, 3, 5, None)
    assert (registry.readings(), models.Event.objects.count()) == (before, events)
    assert not models.Source.objects.filter(name="B").exists()
    assert registry.take("B", B).event == 2


def test_a_row_that_names_nobody_stops_the_whole_list(registry):
    rows = [*A, ("", "123", "69000", "x.fr")]
    with pytest.raises(ImportRefusedError, match=r"1 rows of 'A\.csv' name nobody") as refused:
        registry.take("A", rows)

    assert [(one.row, one.field, one.is_fatal) for one in refused.value.report.faults] == [
        (4, "siren", False), (4, "name", True),
    ]  # fmt: skip
    assert models.Event.objects.count() == models.SourceRecord.objects.count() == 0
    report = registry.take("A", rows, faulty="leave_out")
    assert (report.new, report.left_out) == (3, 1)


def test_natural_persons_are_a_question_and_their_file_is_not_kept_when_left_out(registry):
    rows = [*A, ("Mme Camille Durand", "", "69000", "")]
    with pytest.raises(ImportRefusedError, match="seem to name natural persons") as refused:
        registry.take("A", rows)
    assert refused.value.report.persons == (4,)

    assert registry.take("A", rows, persons="leave_out").left_out == 1
    assert models.Blob.objects.count() == 0
    assert "Durand" not in str(list(models.RecordVersion.objects.values_list("raw", "fields")))
    assert registry.take("A", rows, persons="keep", dry_run=True).rows == 4


def test_a_failure_half_way_leaves_nothing(registry):
    registry.take("A", A)
    before = registry.readings()

    def torn(fresh, standing):
        yield Proposed(fresh[0].reference, ("nowhere", "nobody"), "same", "Wrong.")

    with pytest.raises(KeyError):
        registry.take("B", B, propose=torn)

    assert registry.readings() == before
    assert models.SourceRecord.objects.exclude(source__kind="unit").count() == 3
    assert log.broken() == []


def test_another_reading_of_the_same_file_is_a_change(registry):
    registry.take("A", A)
    report = registry.take("A", [row[:3] for row in A], columns=("name", "siren", "postcode"))

    assert report.changed == 3
    assert set(remembered_mapping("A")) == {"name", "siren", "postcode"}
    assert remembered_mapping("B") == {}


def test_a_list_cannot_turn_into_a_register(registry):
    registry.take("A", A)

    with pytest.raises(UsageError, match="known as a list"):
        registry.take("A", A, kind="register")


def test_two_rows_of_one_number_are_one_organisation_and_two_numbers_never(registry):
    rows = [("Site 1", "732829320", "69001", ""), ("Site 2", "732829320", "42000", ""), ("Other", "443061841", "1", "")]
    registry.take("A", rows)

    assert registry.groups() == {frozenset({("A", "Site 1"), ("A", "Site 2")}), frozenset({("A", "Other")})}


def test_a_row_that_states_another_number_waits_for_a_person(registry):
    columns = ("own_id", "name", "siren")
    registry.take("A", [("1", "Alpha", "732829320"), ("2", "Omega", "443061841")], columns=columns)
    address, groups = registry.home("A", "Alpha"), registry.groups()
    registry.take("A", [("1", "Alpha", "443061841"), ("2", "Omega", "443061841")], columns=columns)

    assert registry.groups() == groups
    assert models.Organisation.objects.get(pk=address).legal_unit == "siren:732829320"
    [case] = queue()
    assert "now states legal unit siren:443061841, where it stated siren:732829320" in case.sentence

    left, right = map(int, case.id.split("-"))
    decide(left, right, "same", act=registry.act())
    assert registry.home("A", "Alpha") == registry.home("A", "Omega")
    assert queue() == []


def test_hostile_cells_are_kept_as_text(registry):
    rows = [("=1+1\0", "", "69001", "<script>"), ("a\ud800b", "", "x" * 500, "")]
    full = [dict(zip(("name", "siren", "postcode", "website"), row, strict=True)) for row in rows]
    given = Given("A", full, {"name": "name", "postcode": "postcode"}, "a.csv", b"x", date(2026, 1, 1))
    import_list(given, by="Camille", at=registry.act().at)

    assert set(models.Organisation.objects.values_list("name", flat=True)) == {"=1+1␀", "a?b"}
    derive.rebuild()
    assert log.broken() == []


def test_a_list_of_codes_and_points_says_where_its_members_are(registry):
    cells = [("Zeta", "59512", "50.69", "3.17"), ("Omega", "99999", "0", "0")]
    mapping = {"name": "Nom", "commune_code": "Code commune", "latitude": "Lat", "longitude": "Lon"}
    rows = [dict(zip(mapping.values(), row, strict=True)) for row in cells]
    given = Given("codes", rows, mapping, "codes.csv", b"codes", date(2026, 1, 1))

    report = import_list(given, by="Camille", at=registry.act().at)

    zeta = models.Organisation.objects.get(name="Zeta")
    assert (zeta.city, zeta.values["latitude"]["value"]) == ("Roubaix", "50.69")
    assert models.Organisation.objects.get(name="Omega").city == ""
    assert [(one.field, one.given) for one in report.faults] == [("commune_code", "99999")]
