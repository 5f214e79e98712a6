"""Databases for tests of pages: an empty registry for all, and copies of one with the invented cluster and people."""

from __future__ import annotations

import itertools
import shutil
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from databases import point_to
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections

from beffroi.charter import entries
from beffroi.charter.entries import By
from beffroi.federation.demo import load_demo
from beffroi.federation.demo_government import agree, load_government
from beffroi.federation.people import SCOPED, give
from beffroi.federation.vote_rules import vote_rule
from beffroi.records import models
from beffroi.records.settings import sqlite
from beffroi.strategy import (
    closing,
    drafting,
    ideas,
    ideas_moderate,
    office_keys,
    opening,
    template_2006,
    write,
)
from beffroi.strategy.cooperation import TIE
from beffroi.strategy.facts import Facts
from beffroi.strategy.position import CONTACT, NOTE
from beffroi.strategy.stage import ASSESSMENT, STAGE
from beffroi.web import strategy_facts
from beffroi.web.vote_roll import roll

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "quatre mots sans rapport"  # noqa: S105 -- of people invented for tests
ROLES = ("registered", "operator", "reviewer", "office", "representative", "stranger", "secretary", "funder",
         "data_protection", "chair", "drafter", "election_officer", "editor", "validator")  # fmt: skip
ASSEMBLY = "body-9"  # of the invented government
SCOPES = {"secretary": "territory-1", "funder": "agreement-1"}  # of the invented government


class Databases:
    """An empty one, and one with the demonstration from which tests take copies."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.numbers = folder, itertools.count()
        self.empty = sqlite(folder / "empty")
        point_to(self.empty)
        call_command("migrate", verbosity=0)
        connections.close_all()
        shutil.copy(folder / "empty", folder / "first")
        self._full: Path | None = None

    def fresh(self) -> dict[str, object]:
        """A copy with the invented cluster and one account a role."""
        if self._full is None:
            self._full = self.folder / "full"
            shutil.copy(self.folder / "first", self._full)
            point_to(sqlite(self._full))
            load_demo(at=datetime(2026, 11, 22, 8, tzinfo=UTC))
            load_government(at=datetime(2026, 11, 22, 8, tzinfo=UTC))
            people()
            a_vote_that_is_over(self.folder)
            strategy()
            campaigns()
            agree(
                [one.id for kind in ("action", "project") for one in entries.book().of(kind)][:4],
                by=By("demo", datetime.now(UTC)),
            )
            connections.close_all()
        path = self.folder / f"{next(self.numbers)}"
        shutil.copy(self._full, path)
        return sqlite(path)


def organisation(number: int = 0) -> str:
    """The address of an organisation that stands in two lists and agreed to be shown."""
    held = models.Organisation.objects.filter(values__consent_directory__value="granted").order_by("name", "id")
    several = [one.pk for one in held if one.memberships.count() > 1]
    return str(several[number])


def people() -> None:
    at = datetime(2026, 11, 22, 8, tzinfo=UTC)
    for role in ROLES:
        user = User.objects.create_user(f"{role}@example.org", f"{role}@example.org", PASSWORD, first_name=role.title())
        if role == "stranger":
            give(user.pk, "representative", scope=organisation(1), by="test", at=at)
        elif role != "registered":
            scope = organisation() if role == "representative" else SCOPES.get(role, "FRK2") if role in SCOPED else ""
            give(user.pk, role, scope=scope, by="test", at=at)
        if role == "representative":
            hidden = models.Organisation.objects.filter(values__consent_directory__value="refused").order_by("id")
            give(user.pk, role, scope=str(hidden[0].pk), by="test", at=at)


def account(role) -> int:
    return User.objects.get(email=f"{role}@example.org").pk


def a_draft(*, at, content="# But\n\nNous posons la fibre.", title="Réseau de fibre") -> int:
    """A room of drafter and secretary, with one version."""
    by = f"account {account('drafter')}"
    room = drafting.create(title, account=account("drafter"), by=by, at=at)
    drafting.seat(room, account("secretary"), by=by, at=at)
    drafting.save(room, content, base="", by=by, at=at)
    return room


def rule_of(decision_type, at):
    """By which rule the invented general assembly decides."""
    return vote_rule(entries.book(), ASSEMBLY, decision_type, at.date().isoformat())


def a_vote(home, *, hours=(-1, 24), rule="ordinary", is_secret=False, which="represented", table="", **more):
    """A vote that opened so many hours ago and closes in so many, on a draft of its own."""
    now = datetime.now(UTC).replace(microsecond=0)
    opens, closes = (now + timedelta(hours=one) for one in hours)
    room = more.pop("room", None) or a_draft(at=opens, **more)
    by = f"account {account('election_officer')}"
    drafting.hand_in(room, base=drafting.look(room, clock=opens).label, by=by, at=opens)
    channels = ("room",) if rule == "statutes" else ("remote",)
    terms = opening.Terms(rule_of(rule, now), opens, closes, is_secret, channels)
    office = opening.Office(by, opens, home)
    return opening.open_draft(room, terms, roll(now, table, which=which), office=office)


def a_vote_that_is_over(home) -> None:
    office_keys.KEY_BITS = 1024  # for speed in tests only
    row = a_vote(home, hours=(-48, -24), is_secret=True, which="members")
    closing.settle(row.pk, by="test", at=datetime.now(UTC), home=home)


def strategy() -> None:
    """A vision in force and the actions of 2006 as drafts; one project published, with amounts for partners only."""
    at = itertools.count()

    def by(author="account 3"):
        return By(author, datetime(2026, 11, 22, 9, tzinfo=UTC) + timedelta(minutes=next(at)))

    facts = Facts(strategy_facts.figures())
    vision = template_2006.enter_vision(by=by(), region="FRK")
    decision = {"name": {"fr": "Assemblée", "en": "Assembly"}, "body": "AG", "day": "2026-11-20",
                "outcome": "approved", "document": "PV 3"}  # fmt: skip
    write.approve(vision.id, write.create("resolution", decision, by=by()).id, by=by(), facts=facts)
    held = template_2006.enter_aims(vision.id, by=by(), region="FRK")
    held = template_2006.enter_means(held, by=by(), region="FRK", facts=facts)
    measured = {"indicator": "hrst_pct", "baseline": "30", "baseline_on": "2019-12-31", "target": "60",
                "due": "2030-12-31", "source": "édition 2026-1"}  # fmt: skip
    write.change(held["r_firms"].id, measured, by=by(), facts=facts)
    write.change(held["o_firms"].id, {"state": "approved"}, by=by(), facts=facts)
    write.review(held["a2"].id, "ours", "Le commerce d’ici.", by=by("account 4"))
    costs = [{"funder": "Région", "year": 2026, "committed_eur": "90000", "spent_eur": "20000"}]
    published = {"state": "published", "owner": organisation(), "costs": costs, "starts": "2026-12-01"}
    write.change(held["a2"].id, published, by=by(), facts=facts)
    partners = [{"organisation": organisation(), "role": "lead", "share": "2/3"}]
    money = {"funder": "Banque discrète", "year": 2026, "committed_eur": "777777"}
    project = {
        "name": {"fr": "Caisses libres", "en": "Open tills"}, "state": "published", "owner": organisation(),
        "objectives": [held["o_firms"].id], "assets": [held["retail"].id], "partners": partners,
        "private_funding": [money], "milestones": [{"name": "Prototype", "due": "2026-10-01"}],
    }  # fmt: skip
    write.create("project", project, by=by(), facts=facts)
    course(by)


def course(by) -> None:
    """Two stages with assessments, ties, a note that cites, a contact."""
    first = {
        "name": {"fr": "Cinq premiers", "en": "Top five"},
        "track": "rang",
        "place": 1,
        "metric": "rank",
        "region": "FRK",
        "population": "administrative_2016",
        "threshold": "5",
        "better": "low",
        "by": "2036-01-01",
        "status": "open",
    }
    entries.create(STAGE, first, by=by())
    billions = {
        **first,
        "name": {"fr": "Cinq milliards", "en": "Five billion"},
        "track": "revenu",
        "metric": "member_revenue",
        "region": "",
        "population": "members",
        "threshold": "5000000000",
        "better": "high",
    }
    entries.create(STAGE, billions, by=by())
    for year, rank in (("2018", "70"), ("2020", "68"), ("2022", "66"), ("2024", "63")):
        entry = entries.book().thing("stage-1").entry
        said = {
            "stage": "stage-1",
            "definition": entry,
            "on": f"{year}-06-30",
            "value": rank,
            "low": str(int(rank) - 9),
            "high": str(int(rank) + 9),
            "source": "edition",
        }
        entries.create(ASSESSMENT, said, by=by())
    for day, pair in (("2025-03-01", (0, 1)), ("2026-02-01", (1, 2))):
        tie = {"how": "meeting", "organisations": [organisation(one) for one in pair], "on": day, "evidence": "CR 4"}
        entries.create(TIE, tie, by=by())
    cited = {
        "says": {"fr": "La part des métiers", "en": "Share of trades"},
        "value": "4,2 %",
        "year": "2024",
        "source": "Eurostat",
        "permalink": "/fr/edition/2026-1/number/administrative_2016/FRK/hrst_pct/",
    }
    note = {
        "name": {"fr": "Peser", "en": "To weigh"},
        "on": "2026-11-01",
        "for_whom": "politicians",
        "figures": [cited],
        "position": {"fr": "Nous <b>pesons</b>.", "en": "We <b>weigh</b>."},
        "state": "published",
    }
    entries.create(NOTE, note, by=by())
    contact = {"institution": "Région", "person": "Une vice-présidente", "on": "2026-11-10", "subject": "Fibre"}
    entries.create(CONTACT, contact, by=by())


def campaigns() -> None:
    """A question with names and one published idea, open to guests for ever, and one without names for members."""
    at = datetime(2026, 11, 22, 8, tzinfo=UTC)
    days = {"opens": date(2020, 1, 1), "closes": date(2099, 1, 1)}
    for is_anonymous, audience in ((False, "guests"), (True, "members")):
        asked = ideas.Question("Que faire ?", "What to do?", **days, is_anonymous=is_anonymous, audience=audience,
                               groups=("Amont", "Aval"))  # fmt: skip
        made = ideas.campaign_of(ideas.open_campaign(asked, by="account 1", at=at))
        if not is_anonymous:
            author = User.objects.get(email="representative@example.org").pk
            said = ideas.Words("Une école du numérique", "Dans chaque bassin d’emploi.", "Amont")
            idea = ideas.post(made, said, account=author, lang="fr", at=at)
            ideas_moderate.moderate(made, idea, "published", by="account 1", at=at)


def sign_in(client, role):
    """Sign in without the form, which has its own tests."""
    cache.clear()
    if role != "visitor":
        client.force_login(User.objects.get(email=f"{role}@example.org"))
    return client
