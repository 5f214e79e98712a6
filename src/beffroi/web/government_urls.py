"""Addresses of government: bodies, meetings, seats, money, offices, and the desk of officers."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from beffroi.web import permissions
from beffroi.web.pages import agreements, bodies, government, meetings, money, offices, seats, structures


def patterns() -> list[URLPattern | URLResolver]:
    """Return the addresses, marked with their acts; asked for once, after the converters are known."""
    public: list[URLPattern | URLResolver] = [
        path("bodies/", bodies.tree),
        path("bodies/export.<format:kind>", bodies.tree_file),
        path("bodies/<slug:thing>/", bodies.body),
        path("bodies/<slug:thing>/composition.<format:kind>", bodies.composition_file),
        path("bodies/<slug:thing>/calendar.ics", bodies.calendar),
        path("meetings/", meetings.meetings),
        path("meetings/export.<format:kind>", meetings.meetings_file),
        path("meetings/<slug:thing>/", meetings.meeting),
        path("meetings/<slug:thing>/meeting.ics", meetings.meeting_calendar),
        path("seats/", seats.page),
        path("seats/figures.<format:kind>", seats.table_file),
        path("seats/seats.svg", seats.picture),
        path("seats/adopted/<slug:thing>/", seats.adopted),
        path("money/", money.page),
        path("money/local.<format:kind>", money.local_file),
        path("money/mix.<format:kind>", money.mix_file),
        path("offices/", offices.offices),
        path("offices/export.<format:kind>", offices.offices_file),
        path("offices/<slug:thing>/", offices.office),
        path("structures/", structures.structures),
        path("structures/export.<format:kind>", structures.structures_file),
        path("structures/overlap/", structures.overlap),
        path("structures/overlap.<format:kind>", structures.overlap_file),
        path("structures/<slug:thing>/", structures.structure),
    ]
    running: list[URLPattern | URLResolver] = [
        path("government/", government.desk),
        path("money/import/", money.taking),
    ]
    ruling: list[URLPattern | URLResolver] = [
        path("government/merge/", government.merging),
        path("seats/adopt/", seats.adopting),
    ]
    agreed: list[URLPattern | URLResolver] = [
        path("agreements/", agreements.listing),
        path("agreements/export.<format:kind>", agreements.listing_file),
        path("agreements/<slug:thing>/", agreements.agreement),
        path("agreements/<slug:thing>/<slug:what>.<format:kind>", agreements.agreement_file),
    ]
    things: list[URLPattern | URLResolver] = [
        path("government/<slug:name>/", government.things),
        path("government/<slug:name>/export.<format:kind>", government.things_file),
        path("government/<slug:name>/<slug:thing>/", government.thing),
    ]
    forms: list[URLPattern | URLResolver] = [
        path("government/<slug:name>/new/", government.new),
        path("government/<slug:name>/<slug:thing>/edit/", government.change),
        path("government/<slug:name>/<slug:thing>/do/<slug:deed>/", government.do),
    ]
    permissions.mark(public, "read_government")
    permissions.mark(agreed, "read_agreements")
    permissions.mark(things, "read_government")
    permissions.mark(running, "run_government")
    permissions.mark(forms, "run_government")
    permissions.mark(ruling, "rule_government")
    # The words `merge` and `new` come before the names of kinds and things.
    return [*public, *agreed, *running, *ruling, *forms, *things]
