"""The registry with linkage as what proposes: sure links joined, doubts in the queue, a person's word above both."""

from __future__ import annotations

from datetime import date

from beffroi.federation.judgement import decide
from beffroi.federation.propose_links import propose
from beffroi.federation.review import queue
from beffroi.records import models

COLUMNS = ("name", "siren", "postcode", "city", "website")
A = [("Minalogic", "", "38000", "Grenoble", "www.minalogic.com"), ("Caliloges Conseil", "", "26000", "Valence", ""),
     ("Olfeo", "443061841", "75009", "Paris", "olfeo.com"), ("Ateliers du Soir", "", "69001", "Lyon", "")]  # fmt: skip
B = [("MINALOGIC SAS", "", "38000", "Grenoble", "minalogic.com"), ("Caliloges", "", "26000", "Valence", ""),
     ("Olfeo", "552100554", "75009", "Paris", "olfeo.com"), ("Moulins Bleus", "", "42000", "Roanne", "")]  # fmt: skip


def take(registry, source, rows, **more):
    return registry.take(source, rows, columns=COLUMNS, propose=propose, **more)


def test_sure_links_join_doubts_wait_and_two_units_never_join(registry):
    take(registry, "A", A)
    report = take(registry, "B", B)

    assert report.judgements == {"related": 1, "same": 2, "unsure": 1}  # one "same" ties Olfeo to its legal unit
    assert frozenset({("A", "Minalogic"), ("B", "MINALOGIC SAS")}) in registry.groups()
    assert registry.home("A", "Olfeo") != registry.home("B", "Olfeo")
    [case] = queue()
    assert {side.fields["name"] for side in case.sides} == {"Caliloges Conseil", "Caliloges"}
    assert 0.2 < case.probability < 0.98
    assert "names share 'caliloges'" in case.sentence
    assert "bits" in case.sentence
    assert take(registry, "B", B).event is None


def test_either_list_first_and_any_order_of_rows_give_the_same_groups(registry, request):
    take(registry, "A", A)
    take(registry, "B", B)
    groups = registry.groups()
    request.getfixturevalue("another")()
    take(registry, "B", B[::-1])
    take(registry, "A", A[2:] + A[:2])

    assert registry.groups() == groups


def test_a_person_who_separates_a_pair_is_never_overruled(registry):
    take(registry, "A", A)
    take(registry, "B", B)
    [case] = queue()
    decide(*(side.record for side in case.sides), "different", act=registry.act())
    take(registry, "B", [B[0], ("Caliloges", "", "26000", "Valence", "caliloges.fr"), *B[2:]], as_of=date(2026, 2, 1))
    take(registry, "A", [A[0], (*A[1][:4], "caliloges.fr"), *A[2:]], as_of=date(2026, 2, 1))

    assert models.Judgement.objects.filter(value="same", origin="model").count() >= 2
    assert registry.home("A", "Caliloges Conseil") != registry.home("B", "Caliloges")
    assert queue() == []


def test_a_register_anchors_rows_that_state_no_unit(registry):
    take(registry, "A", A)
    units = [("MINALOGIC", "818717332", "38000", "Grenoble", ""), ("OLFEO", "443061841", "75009", "Paris", "")]
    take(registry, "R", units, kind="register")

    assert models.Organisation.objects.get(pk=registry.home("A", "Olfeo")).legal_unit == "siren:443061841"
    said = models.Judgement.objects.filter(method="linkage-register")
    assert [(one.origin, one.value) for one in said] in ([("model", "same")], [("model", "unsure")])
