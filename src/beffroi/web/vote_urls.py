"""Addresses of drafts and votes, and which act each is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path, re_path

from beffroi.web import permissions
from beffroi.web.pages import ballots, drafts, vote_office, votes

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

    Patterns = list[URLPattern | URLResolver]

KIND = "(?P<kind>csv|xlsx|json)"
reading: Patterns = [
    path("", votes.listing),
    re_path(rf"^votes\.{KIND}$", votes.listing_file),
    path("<slug:vote>/", votes.page),
    path("<slug:vote>/text/", votes.text),
    path("<slug:vote>/changes/", votes.changes),
    path("<slug:vote>/log/", votes.log),
    path("<slug:vote>/receipt/", ballots.receipt),
    path("<slug:vote>/box.json", votes.box),
    path("<slug:vote>/paper.json", votes.paper),
    path("<slug:vote>/deadline.ics", votes.deadline),
    re_path(rf"^(?P<vote>[-\w]+)/roll\.{KIND}$", votes.roll),
    re_path(rf"^(?P<vote>[-\w]+)/ballots\.{KIND}$", votes.ballots_file),
]
urn: Patterns = [path("<slug:vote>/urn/", ballots.put_in)]
acting: Patterns = [
    path("<slug:vote>/cast/", ballots.cast),
    path("<slug:vote>/delegate/", ballots.delegate),
    path("<slug:vote>/revoke/", ballots.revoke),
    path("<slug:vote>/token/", ballots.token),
]
running: Patterns = [
    path("new/", vote_office.new),
    path("new/election/", vote_office.new_election),
    path("<slug:vote>/office/", vote_office.office),
    path("<slug:vote>/office/close/", vote_office.close),
    path("<slug:vote>/office/cancel/", vote_office.cancel),
    path("<slug:vote>/office/mail/", vote_office.mail),
    path("<slug:vote>/office/record/", vote_office.record),
]
starting: Patterns = [path("new/", drafts.new)]
rooms: Patterns = [
    path("", drafts.listing),
    path("<int:room>/", drafts.page),
    path("<int:room>/edit/", drafts.edit),
    path("<int:room>/diff/", drafts.diff),
    path("<int:room>/team/", drafts.team),
    path("<int:room>/remark/", drafts.remark),
    path("<int:room>/hand-in/", drafts.hand_in),
    path("<int:room>/version/<str:label>/", drafts.version),
]
for _patterns, _act in (
    (reading, "read_votes"), (urn, "put_into_urn"), (acting, "cast_ballot"), (running, "run_votes"),
    (starting, "start_draft"), (rooms, "read_drafts"),
):  # fmt: skip
    permissions.mark(_patterns, _act)
# `new/` stands before the addresses of votes, of which it could be one.
for_votes: Patterns = [*running, *acting, *urn, *reading]
for_drafts: Patterns = [*starting, *rooms]
