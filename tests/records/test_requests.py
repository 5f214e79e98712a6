"""What members say of themselves, renewals in bulk, and what pages foresee: on both engines, always undoable."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from beffroi.federation import derive, foresee, log
from beffroi.federation.errors import AlreadyDecidedError, TwoLegalUnitsError
from beffroi.federation.judgement import decide, merge
from beffroi.federation.read import count_members
from beffroi.federation.renewals import fingerprint, memberships, renew
from beffroi.federation.requests import FieldsError, answer, edit, requests
from beffroi.federation.review import load, order, queue
from beffroi.federation.undo import foresee as foresee_undo
from beffroi.federation.undo import undo
from beffroi.records import models
from beffroi.vocabulary.errors import UsageError

COLUMNS = ("name", "siren", "postcode", "website", "member_until", "consent_directory")
DAY = date(2026, 6, 1)


@pytest.fixture
def lists(registry):
    registry.take("A", [("Alpha", "732829320", "69001", "alpha.fr", "2026-03-01", "oui"),
                        ("Beta", "", "69002", "", "2026-12-31", "non")], columns=COLUMNS)  # fmt: skip
    registry.take("B", [("Gamma", "", "42000", "", "", "oui")], columns=COLUMNS)
    return registry


def value(registry, source, name, field):
    return models.Organisation.objects.get(pk=registry.home(source, name)).values[field]["value"]


def consistent(registry):
    kept = registry.readings()
    derive.rebuild()
    assert registry.readings() == kept
    assert log.broken() == []


def test_free_fields_change_at_once_and_the_others_wait(lists):
    home = lists.home("A", "Alpha")
    wanted = {"website": "alpha.example", "name": "Alpha SAS", "siren": "732 829 320", "consent_directory": "granted"}
    done = edit(home, wanted, account=7, act=lists.act("edit"))

    assert (done.at_once, set(done.waiting)) == (("website",), {"name", "siren"})
    assert value(lists, "A", "Alpha", "website") == "alpha.example"
    assert value(lists, "A", "Alpha", "name") == "Alpha"
    asked = {one.field: one for one in requests(is_open=True)}
    answer(asked["name"].id, is_accepted=True, act=lists.act("answer"))
    with pytest.raises(UsageError, match="Say why"):
        answer(asked["siren"].id, is_accepted=False, act=lists.act("answer"))
    answer(asked["siren"].id, is_accepted=False, act=lists.act("answer"), reason="It is the same number.")

    assert value(lists, "A", "Alpha", "name") == "Alpha SAS"
    assert [(one.field, one.state, one.account) for one in requests(organisation=home)] == [
        ("siren", "refused", 7), ("name", "accepted", 7),
    ]  # fmt: skip
    with pytest.raises(AlreadyDecidedError):
        answer(asked["name"].id, is_accepted=False, act=lists.act("answer"), reason="Late.")
    assert edit(home, {"website": "alpha.example"}, account=7, act=lists.act("edit")).event is None
    consistent(lists)


def test_an_answer_taken_back_opens_the_request_again_as_it_was(lists):
    edit(lists.home("A", "Beta"), {"name": "Beta et fils"}, account=7, act=lists.act("edit"))
    before = lists.readings()
    [one] = requests(is_open=True)
    done = answer(one.id, is_accepted=True, act=lists.act("answer"))
    undo(done.event, act=lists.act("undo"))

    assert lists.readings() == before
    assert [each.id for each in requests(is_open=True)] == [one.id]
    consistent(lists)


def test_a_refusal_of_consent_holds_at_once_and_survives_a_join(lists):
    alpha, beta, gamma = lists.home("A", "Alpha"), lists.home("A", "Beta"), lists.home("B", "Gamma")
    done = edit(alpha, {"consent_directory": "refused"}, account=7, act=lists.act("edit"))
    assert (done.at_once, value(lists, "A", "Alpha", "consent_directory")) == (("consent_directory",), "refused")
    edit(beta, {"consent_directory": "granted"}, account=7, act=lists.act("edit"))
    [wider] = requests(is_open=True)
    answer(wider.id, is_accepted=True, act=lists.act("answer"))
    assert value(lists, "A", "Beta", "consent_directory") == "granted"

    with pytest.raises(UsageError, match="most restrictive"):
        merge(beta, gamma, act=lists.act("merge"), keep={"consent_directory": gamma})
    undo(wider.id and models.Event.objects.latest("id").id, act=lists.act("undo"))
    edit(gamma, {"consent_directory": "refused"}, account=7, act=lists.act("edit"))
    [wider] = requests(is_open=True)
    answer(wider.id, is_accepted=True, act=lists.act("answer"))
    merge(beta, gamma, act=lists.act("merge"))

    assert value(lists, "B", "Gamma", "consent_directory") == "refused"
    consistent(lists)


def test_an_accepted_legal_unit_moves_the_whole_organisation(lists):
    home = lists.home("B", "Gamma")
    edit(home, {"siren": "552 100 554"}, account=7, act=lists.act("edit"))
    before = lists.readings()
    [one] = requests(is_open=True)
    done = answer(one.id, is_accepted=True, act=lists.act("answer"))

    assert models.Organisation.objects.get(pk=home).legal_unit == "siren:552100554"
    undo(done.event, act=lists.act("undo"))
    assert lists.readings() == before
    consistent(lists)


def test_values_that_no_list_could_hold_are_refused_together(lists):
    home = lists.home("A", "Beta")
    with pytest.raises(FieldsError) as caught:
        edit(home, {"email": "nobody", "siren": "123", "name": "", "employees": "many", "state": "A"}, account=7,
             act=lists.act("edit"))  # fmt: skip

    assert set(caught.value.faults) == {"email", "siren", "name", "employees", "state"}
    assert not requests()


def test_memberships_are_renewed_in_one_event_and_taken_back_in_one(lists):
    assert count_members(DAY).members.count == 2
    lines = memberships([lists.home("A", "Alpha"), lists.home("A", "Beta"), lists.home("B", "Gamma")], source="A")
    assert [(one.name, one.until) for one in lines] == [("Alpha", "2026-03-01"), ("Beta", "2026-12-31")]
    before = lists.readings()
    done = renew(lines, until=date(2027, 12, 31), seen=fingerprint(lines), act=lists.act("renew"))

    assert count_members(DAY).members.count == 3
    consistent(lists)
    with pytest.raises(AlreadyDecidedError, match="have changed"):
        renew(lines, until=date(2028, 1, 1), seen=fingerprint(lines), act=lists.act("renew"))
    undo(done.event, act=lists.act("undo"))
    assert lists.readings() == before
    with pytest.raises(UsageError, match="no membership"):
        renew([], until=date(2028, 1, 1), seen=fingerprint([]), act=lists.act("renew"))


def test_what_the_list_says_after_a_renewal_goes_before_it(lists):
    lines = memberships([lists.home("A", "Alpha")])
    renew(lines, until=date(2025, 1, 1), seen=fingerprint(lines), act=lists.act("renew"))
    assert count_members(DAY).members.count == 2
    lists.take("A", [("Alpha", "732829320", "69001", "alpha.fr", "2027-03-01", "oui"),
                     ("Beta", "", "69002", "", "2026-12-31", "non")], columns=COLUMNS, as_of=DAY)  # fmt: skip

    assert {one.name: one.until for one in memberships([lists.home("A", "Alpha")])} == {"Alpha": "2027-03-01"}
    consistent(lists)


def test_what_a_page_foresees_is_what_happens_and_it_holds_no_pen(lists):
    undo_first = load_nothing(lists)
    cases = [one for one in queue() if not one.id.startswith("t")]
    assert order() == [one.id for one in queue()]
    assert len(cases) > 2
    for case in cases:
        assert load(case.id) == case
        left, right = (one.record for one in case.sides)
        with connection.execute_wrapper(reads_only):
            seen = foresee.same(left, right)
        try:
            done = decide(left, right, "same", act=lists.act("decide"), dry_run=True)
        except TwoLegalUnitsError:
            assert seen.refused
            continue
        kept = next(address for address, records in done.after.items() if left in records)
        assert (seen.refused, seen.stays) == ("", kept)
        assert set(seen.leads) == set(done.before) - set(done.after)
    with connection.execute_wrapper(reads_only):
        shown = foresee_undo(undo_first)
    real = undo(undo_first, act=lists.act("undo"), dry_run=True)
    assert (shown.records, shown.later) == (real.records, real.later)


def reads_only(execute, sql, params, many, context):
    assert sql.lstrip().upper().startswith("SELECT"), sql
    assert "FOR UPDATE" not in sql
    return execute(sql, params, many, context)


def load_nothing(lists):
    """Fill the registry with cases of every kind and return an event that can be taken back."""

    def proposed(fresh, standing):
        from beffroi.federation.propose import Proposed  # noqa: PLC0415 -- used here alone

        keys = sorted(one.reference for one in (*fresh, *standing))
        return [Proposed(left, right, "unsure", "alike", probability=0.5, bits=0.0)
                for place, left in enumerate(keys) for right in keys[place + 1 :] if left[0] != right[0]]  # fmt: skip

    lists.take("C", [("Alpha", "", "69001", "alpha.fr", "", ""), ("Delta", "552100554", "75001", "", "", "")],
               columns=COLUMNS, propose=proposed)  # fmt: skip
    decide(lists.record("C", "Alpha"), lists.record("A", "Alpha"), "same", act=lists.act("decide"))
    decide(lists.record("C", "Delta"), lists.record("B", "Gamma"), "unsure", act=lists.act("decide"))
    return models.Event.objects.filter(kind="decide").earliest("id").id
