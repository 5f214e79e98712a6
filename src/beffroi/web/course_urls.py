"""Addresses of what helps to hold the course: stages, chain, cooperation, notes, contacts, a year in review."""

from __future__ import annotations

from django.urls import URLPattern, path

from beffroi.web import permissions
from beffroi.web.pages import chain, cooperation, positions, stages, year

reading: list[URLPattern] = [
    path("stages/", stages.listed),
    path("stages/export.<format:kind>", stages.listed_file),
    path("stages/<slug:thing>/", stages.page),
    path("stages/<slug:thing>/assessments.<format:kind>", stages.page_file),
    path("chain/", chain.chained),
    path("chain/export.<format:kind>", chain.chained_file),
    path("cooperation/", cooperation.cooperation),
    path("cooperation/ties.<format:kind>", cooperation.cooperation_file),
    path("notes/", positions.notes),
    path("notes/export.<format:kind>", positions.notes_file),
    path("notes/<slug:thing>/", positions.note),
    path("notes/<slug:thing>.<format:kind>", positions.note_file),
    path("review/<int:year>/", year.reviewed),
    path("review/<int:year>/export.<format:kind>", year.reviewed_file),
]
keeping: list[URLPattern] = [
    path("stages/new/", stages.new),
    path("stages/<slug:thing>/edit/", stages.change),
    path("stages/<slug:thing>/declare/", stages.declare),
    path("stages/<slug:thing>/assess/", stages.assess),
    path("cooperation/new/", cooperation.new_tie),
    path("notes/new/", positions.new_note),
    path("notes/<slug:thing>/edit/", positions.change_note),
]
logging: list[URLPattern] = [
    path("contacts/", positions.contacts),
    path("contacts/export.<format:kind>", positions.contacts_file),
    path("contacts/new/", positions.new_contact),
]
# The view itself asks for which organisation.
own: list[URLPattern] = [path("cooperation/discretion/<slug:organisation>/", cooperation.discretion)]

permissions.mark(reading, "read_strategy")
permissions.mark(keeping, "edit_strategy")
permissions.mark(logging, "keep_contacts")
permissions.mark(own, "speak_for")

patterns: list[URLPattern] = [*keeping, *logging, *own, *reading]
