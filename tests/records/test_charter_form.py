"""The form of any kind of thing: what is typed becomes values, refusals stand beside their fields, nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import translation

from beffroi.charter import entries
from beffroi.charter.entries import By
from beffroi.charter.field import Field
from beffroi.charter.holds import Both, Choice, Day, Flag, Line, Links, Number, Outsides, Prose, Rows, Whole
from beffroi.charter.shape import Kind
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text
from beffroi.web.charter_edit import Editing, edit
from beffroi.web.charter_words import Reader, as_table, asked_day, end_of, listing, select


def said(fr, en):
    return Text(fr, en)


TREE = Kind(
    "tree", said("arbre", "tree"), said("arbres", "trees"),
    (
        Field("name", Both(80), said("nom", "name"), is_required=True),
        Field("story", Prose(), said("récit", "story")),
        Field("height_m", Number(0), said("hauteur (m)", "height (m)")),
        Field("rings", Whole(0), said("cernes", "rings")),
        Field("planted", Day(), said("planté le", "planted on")),
        Field("is_old", Flag(), said("vieux", "old")),
        Field("bark", Choice({"rough": said("rugueuse", "rough")}), said("écorce", "bark")),
        Field("beside", Links(("tree",)), said("voisins", "neighbours")),
        Field("towns", Outsides("town"), said("villes", "towns")),
        Field("secret", Line(), said("secret", "secret"), audience="officers"),
        Field("branches", Rows((Field("girth", Number(0), said("tour", "girth"), is_required=True),
                                Field("note", Line(), said("note", "note")))), said("branches", "branches")),
    ),
)  # fmt: skip
SENT = {
    "name_fr": "Chêne", "name_en": "Oak", "story": "Un.\r\n\r\n<b>Deux</b>", "height_m": "1 234,50", "rings": "12",
    "planted": "2006-03-01", "is_old": "on", "bark": "rough", "towns": "Lille\r\nLyon\r\n", "secret": "miel",
    "branches-rows": "3", "branches-0-girth": "1,5", "branches-0-note": "basse", "branches-2-girth": "2",
    "reason": "vu hier", "expected": "",
}  # fmt: skip


def post(sent, thing=None, lang="fr"):
    request = RequestFactory().post(f"/{lang}/trees/", sent)
    request.user = AnonymousUser()
    with translation.override(lang):
        return edit(request, lang, Editing(TREE, lambda one: f"/{lang}/trees/{one.id}/", thing=thing))


def test_what_is_typed_becomes_values(registry):
    answer = post(SENT)
    assert (answer.status_code, answer["Location"]) == (302, "/fr/trees/tree-1/")
    assert dict(entries.book().thing("tree-1").values) == {
        "name": {"fr": "Chêne", "en": "Oak"}, "story": "Un.\n\n<b>Deux</b>", "height_m": "1234.50", "rings": 12,
        "planted": "2006-03-01", "is_old": True, "bark": "rough", "towns": ["Lille", "Lyon"], "secret": "miel",
        "branches": [{"girth": "1.5", "note": "basse"}, {"girth": "2"}],
    }  # fmt: skip
    assert entries.history("tree-1")[0].reason == "vu hier"


def test_a_form_sent_back_unchanged_enters_nothing(registry):
    post(SENT)
    one = entries.book().thing("tree-1")
    post({**SENT, "towns": "Lille\nLyon", "expected": str(one.entry)}, thing=one)
    assert len(entries.history("tree-1")) == 1


def test_refusals_stand_beside_their_fields_and_nothing_typed_is_lost(registry):
    answer = post({**SENT, "name_en": "", "height_m": "haut", "branches-0-girth": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "il manque une des deux langues" in page
    assert "«\u202fhaut\u202f» est donné" in page or "« haut » est donné" in page
    assert 'value="Chêne"' in page
    assert len(entries.book()) == 0


def test_more_rows_without_javascript(registry):
    page = post({**SENT, "more": "branches"}).content.decode()
    assert 'name="branches-5-girth"' in page
    assert 'value="basse"' in page
    assert len(entries.book()) == 0


def test_the_second_of_two_editors_sees_both_versions(registry):
    post(SENT)
    one = entries.book().thing("tree-1")
    post({**SENT, "name_fr": "Hêtre", "expected": str(one.entry)}, thing=one)
    answer = post({**SENT, "name_fr": "Frêne", "expected": str(one.entry)}, thing=one)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Hêtre" in page
    assert 'value="Frêne"' in page
    again = post({**SENT, "name_fr": "Frêne", "expected": str(entries.book().thing("tree-1").entry)}, thing=one)
    assert again.status_code == 302
    assert entries.book().thing("tree-1").text("name") == "Frêne"


def test_readers_see_what_is_for_them_escaped_and_in_their_language(registry):
    post(SENT)
    post({"name_fr": "Orme", "name_en": "Elm", "beside": ["tree-1"]})
    book = entries.book()
    visitor = Reader("en", book, urls={"tree": "/en/trees/{id}/"})
    facts = dict(visitor.facts(TREE, book.thing("tree-1")))
    assert facts["story"] == "<p>Un.</p><p>&lt;b&gt;Deux&lt;/b&gt;</p>"
    assert facts["height (m)"] == "1,234.5"
    assert "secret" not in facts
    assert dict(visitor.facts(TREE, book.thing("tree-2")))["neighbours"] == (
        '<ul class="plain"><li><a href="/en/trees/tree-1/">Oak</a></li></ul>'
    )
    assert "miel" not in visitor.history(TREE, entries.history("tree-1"))
    officer = Reader("en", book, audiences=("all", "officers"))
    assert "miel" in officer.history(TREE, entries.history("tree-1"))
    assert as_table(TREE, book.of("tree"), visitor).columns[:4] == ("id", "name_fr", "name_en", "story")
    assert "secret" not in as_table(TREE, book.of("tree"), visitor).columns
    assert "Oak" in listing(TREE, book.of("tree"), visitor, columns=("bark", "beside"))


@pytest.mark.parametrize(("asked", "found"), [
    ({}, 2), ({"q": "chene RUGUEUSE"}, 1), ({"q": "chene"}, 2), ({"bark": "rough"}, 1), ({"beside": "tree-1"}, 1),
    ({"q": "miel"}, 0),
    ({"secret": "miel"}, 2), ({"nothing": "x"}, 2),
])  # fmt: skip
def test_filters_of_an_address(registry, asked, found):
    post(SENT)
    post({"name_fr": "Orme", "name_en": "Elm", "beside": ["tree-1"]})
    book = entries.book()
    assert len(select(TREE, book.of("tree"), asked, Reader("fr", book))) == found


def test_the_day_of_an_address(registry):
    start = datetime(2026, 1, 1, 9, tzinfo=UTC)
    one = entries.create(TREE, {"name": {"fr": "a", "en": "a"}}, by=By("x", start))
    entries.change(TREE, one.id, {"rings": 3}, by=By("x", start + timedelta(days=1)))
    ask = RequestFactory().get
    assert entries.book(end_of(asked_day(ask("/?on=2026-01-01")))).thing(one.id).get("rings") is None
    assert entries.book(end_of(asked_day(ask("/?on=2026-01-02")))).thing(one.id).get("rings") == 3
    assert asked_day(ask("/")) is None
    with pytest.raises(UsageError, match="2026-13-01"):
        asked_day(ask("/?on=2026-13-01"))
