"""Fill a house, named by BEFFROI_HOME, with the invented people and things of every room: python full_house.py."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime


def fill() -> dict[str, str]:
    """Everything that tests of pages invent, written where the house keeps it; gives addresses that tests visit."""
    from beffroi.cli.account import open_site  # noqa: PLC0415 -- the site opens the house that is named by then

    open_site()
    import web_house as site  # noqa: PLC0415 -- opens tables, so after the site is open

    from beffroi.observatory.home import home_folder  # noqa: PLC0415 -- after the site is open

    at = datetime(2026, 11, 22, 8, tzinfo=UTC)
    site.load_demo(at=at)
    site.load_government(at=at)
    site.people()
    site.a_vote_that_is_over(home_folder())
    running = site.a_vote(home_folder(), title="Charte des données ouvertes")
    refused = site.a_vote(home_folder(), hours=(-48, -24), title="Budget commun")
    site.closing.settle(refused.pk, by="test", at=datetime.now(UTC), home=home_folder())
    site.strategy()
    site.campaigns()
    over = type(running).objects.exclude(pk__in=(running.pk, refused.pk)).get()
    return {"organisation": site.organisation(), "running": str(running.pk), "refused": str(refused.pk),
            "over": str(over.pk)}  # fmt: skip


if __name__ == "__main__":
    json.dump(fill(), sys.stdout)
