"""Declarations of personal data: every field of every table stands somewhere, and faults are named at once."""

from __future__ import annotations

import pytest
from django.apps import apps

from beffroi.federation.personal_data import read, register, undeclared
from beffroi.vocabulary.errors import CatalogueError

WORDS = "{fr: a, en: b}"
ACTIVITY = "activities: {x: {" + ", ".join(f"{one}: {WORDS}" for one in
           ("name", "purpose", "basis", "people", "recipients", "retention")) + "}}\n"  # fmt: skip


def columns():
    return [(one._meta.label, field.attname) for one in apps.get_models(include_auto_created=True)
            for field in one._meta.concrete_fields]  # fmt: skip


def test_every_field_of_every_table_is_declared_personal_or_not():
    assert undeclared(columns(), register()) == []


def test_a_new_field_and_a_lost_one_would_be_seen():
    found = undeclared([*columns(), ("records.Event", "e_mail"), ("x.New", "id")][1:], register())

    assert "records.Event.e_mail is not declared" in found
    assert "x.New.id is not declared" in found
    assert len(found) == 3


def test_every_personal_table_says_how_a_person_s_rows_are_found_and_every_activity_is_used():
    declared = register()

    assert all(one.person for one in declared.tables.values() if one.fields)
    assert all(declared.fields_of(one) for one in declared.activities)


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({"a.yaml": "activities: {x: {name: {fr: a, en: b}}}"}, "activity 'x' needs purpose"),
        ({"a.yaml": ACTIVITY, "b.yaml": ACTIVITY}, "activity 'x' needs a name of its own"),
        ({"a.yaml": "tables: {t.T: {plain: [id]}}", "b.yaml": "tables: {t.T: {plain: [id]}}"}, "declared twice"),
        ({"a.yaml": "tables: {t.T: {person: id, personal: {id: y}}}"}, "no activity 'y'"),
        ({"a.yaml": ACTIVITY + "tables: {t.T: {personal: {id: x}}}"}, "does not say how"),
        ({"a.yaml": ACTIVITY + "tables: {t.T: {person: id, personal: {id: x}, plain: [id]}}"}, "stands twice"),
        ({"a.yaml": ACTIVITY + "tables: {t.T: {person: id, by: shoe, personal: {id: x}}}"}, "not 'shoe'"),
    ],
)
def test_a_wrong_declaration_is_refused_by_name(files, fault):
    with pytest.raises(CatalogueError, match=fault):
        read(files)
