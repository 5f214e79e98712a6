"""The demonstration as a story: a cluster that joined two associations, its bodies, its strategy and three votes.

It composes what the rooms offer, as a page would: every act goes through the same functions and the same rules. All
people and firms are invented. The charter only runs forward, so the acts lie within the last months before `at`.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import transaction

from beffroi.assembly.vote import Candidate, Elector, Mandate, Text
from beffroi.charter import entries
from beffroi.charter.entries import By
from beffroi.federation import electors, government
from beffroi.federation.demo_government import agree, load_government
from beffroi.federation.pooled_revenue import members_revenue, pooled_revenue
from beffroi.federation.reach import Reach
from beffroi.federation.vote_rules import vote_rule
from beffroi.strategy import casting, closing, drafting, opening, remarks, template_2006, urn, vision, voter, write
from beffroi.strategy.cooperation import TIE
from beffroi.strategy.electorate import Enrolled
from beffroi.strategy.facts import Facts
from beffroi.strategy.position import NOTE
from beffroi.strategy.stage import ASSESSMENT, STAGE
from beffroi.strategy.vote_outcomes import decided, outcomes
from beffroi.strategy.vote_rows import keys_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from beffroi.assembly.decision_rule import DecisionRule
    from beffroi.charter.book import Thing
    from beffroi.records.ballots import BallotVote
    from beffroi.strategy.figures import Figures

AUTHOR = "demo"
TEAM = ("Camille Exemple", "Farid Modèle", "Gaëlle Témoin", "Hugo Prétendu")
CANDIDATES = ("Aimée Fictive", "Bruno Inventé", "Damien Imaginaire", "Élise Supposée", "Inès Échantillon")
SEATS = 3
GOVERNED_DAYS, STRATEGY_DAYS = 60, 55
BALLOTS, SECRET_BALLOTS = 180, 130  # a quarter of the members is the quorum
REVENUES = (("2019-06-30", "2450000000"), ("2021-06-30", "2600000000"), ("2023-06-30", "2780000000"))


@dataclass(frozen=True, slots=True)
class Told:
    """What the story entered: things of the charter, and votes with their outcomes."""

    things: int
    votes: dict[str, str]


def tell(*, at: datetime, home: Path, figures: Figures, region: str, told: Callable[[str], None]) -> Told:
    """Enter the story of the demonstration after its members are there.

    Args:
        at: now; the story ends there.
        home: where the keys of secret votes lie while they run.
        figures: the observatory's, for baselines.
        region: the region that the strategy is for.
        told: is told what comes next.
    """
    told("Inventing bodies, mandates, meetings and money …")
    load_government(at=at - timedelta(days=GOVERNED_DAYS))
    story = _Story(at, home, figures, region)
    told("Inventing a vision, and the votes on it …")
    story.vision()
    told("Inventing actions, projects and stages …")
    story.means()
    story.course()
    told("Inventing an election of the board …")
    story.board()
    return Told(len(entries.book()), {key: one.outcome for key, one in outcomes().items()})


class _Story:
    def __init__(self, at: datetime, home: Path, figures: Figures, region: str) -> None:
        self.start, self.home, self.figures, self.region = at - timedelta(days=STRATEGY_DAYS), home, figures, region
        self.minutes = 0
        self.team = [_account(name) for name in TEAM]
        self.body = next(one.id for one in entries.book().of("body") if one.get("type") == "general_assembly")
        self.members = sorted(electors.members(at.date()).items())

    def by(self, days: float = 0) -> By:
        """The next moment of the story, at least so many days from its start."""
        self.minutes = max(self.minutes + 1, round(days * 1440))
        return By(AUTHOR, self.start + timedelta(minutes=self.minutes))

    def facts(self) -> Facts:
        return Facts(self.figures, outcomes())

    def vision(self) -> None:
        """Vision first: drafted by four, approved by the members; only then means."""
        self.held = template_2006.enter_vision(by=self.by(), region=self.region)
        text = (
            f"# {self.held.text('name')}\n\n{self.held.text('statement')}\n\n"
            f"Empreinte du texte inscrit : {vision.fingerprint(self.held.values)}"
        )
        room = self.draft("Vision de la fédération [fictive]", text)
        row = self.put_to_vote(room, days=6, choices=("for", "for", "for", "for", "against", "abstain"))
        write.approve(self.held.id, row.pk, by=self.by(12), facts=self.facts())
        self.decide(row, "Vision de la fédération [fictive]", "Vision of the federation [invented]", days=12)

    def means(self) -> None:
        """The five factors and eight actions of 2006; a project refused, written again, and approved."""
        held = template_2006.enter_aims(self.held.id, by=self.by(13), region=self.region)
        held = template_2006.enter_means(held, by=self.by(), region=self.region, facts=self.facts())
        self.measure(held)
        room = self.draft("Caisses libres [projet fictif]", "# But\n\nÉquiper les commerces de caisses libres.")
        refused = self.put_to_vote(
            room,
            days=18,
            choices=("against", "for", "against", "abstain", "against"),
            objection="Qui entretient les caisses, et à quel prix ?",
        )
        for one in remarks.remarks(room):
            if one.kind == "objection":
                moment = self.by(24)
                remarks.answer(
                    room,
                    one.id,
                    "Un groupement de trois membres, au forfait : voir la deuxième partie.",
                    by=f"account {self.team[0]}",
                    at=moment.at,
                )
        better = (
            "# But\n\nÉquiper les commerces de caisses libres.\n\n# Entretien\n\nUn groupement de trois membres, "
            "au forfait, pendant trois ans."
        )
        self.save(room, better)
        approved = self.put_to_vote(room, days=26, choices=("for", "for", "against", "for", "abstain"))
        self.project(held, approved, refused)

    def measure(self, held: dict[str, Thing]) -> None:
        """One objective gets its baseline from the observatory, where there is an edition."""
        found = self.figures.find("hrst_pct", self.region)
        if found is None:
            return
        measured = {
            "indicator": "hrst_pct",
            "region": self.region,
            "baseline": str(found.value),
            "baseline_on": found.dated.isoformat(),
            "target": str(round(float(found.value) * 1.2, 1)),
            "due": "2036-12-31",
            "source": f"édition {found.edition}",
        }
        write.change(held["r_firms"].id, measured, by=self.by(), facts=self.facts())
        write.change(held["o_firms"].id, {"state": "approved"}, by=self.by(), facts=self.facts())
        write.review(held["a2"].id, "ours", "Le commerce et ses sièges sont d’ici.", by=By("account 0", self.by().at))
        costs = [{"funder": "Région inventée", "year": 2026, "committed_eur": "90000", "spent_eur": "20000"}]
        write.change(
            held["a2"].id,
            {
                "state": "published",
                "owner": self.members[0][0],
                "costs": costs,
                "starts": self.by().at.date().isoformat(),
            },
            by=self.by(),
            facts=self.facts(),
        )

    def project(self, held: dict[str, Thing], approved: BallotVote, refused: BallotVote) -> None:
        """The project that the vote approved, with its consortium."""
        partners = [
            {"organisation": self.members[place][0], "role": role, "share": share}
            for place, role, share in ((0, "lead", "1/2"), (1, "partner", "1/4"), (2, "partner", "1/4"))
        ]
        given = {
            "name": {"fr": "Caisses libres [fictif]", "en": "Open tills [invented]"},
            "state": "published",
            "said": {
                "fr": f"Approuvé par le vote {approved.pk}, après un refus ({refused.pk}).",
                "en": f"Approved by vote {approved.pk}, after a refusal ({refused.pk}).",
            },
            "objectives": [held["o_firms"].id],
            "actions": [held["a2"].id],
            "assets": [held["retail"].id],
            "owner": self.members[0][0],
            "partners": partners,
            "starts": self.by(32).at.date().isoformat(),
            "milestones": [{"name": "Prototype", "due": "2027-06-30"}],
        }
        made = write.create("project", given, by=self.by(), facts=self.facts())
        agree([held["a2"].id, made.id], by=self.by())

    def course(self) -> None:
        """Stages with assessments, ties among members, and a note in preparation."""
        rank = {
            "name": {"fr": "Parmi les cinq premières d’Europe", "en": "Among five in Europe"},
            "track": "rang",
            "place": 1,
            "metric": "rank",
            "region": self.region,
            "population": "administrative_2016",
            "threshold": "5",
            "better": "low",
            "by": "2056-12-31",
            "status": "open",
            "vision": self.held.id,
        }
        entries.create(STAGE, rank, by=self.by(34))
        name = {"fr": "Cinq milliards d’euros ensemble", "en": "Five billion euros together"}
        pool = {
            **rank,
            "name": name,
            "track": "chiffre d’affaires",
            "metric": "member_revenue",
            "population": "members",
            "threshold": "5000000000",
            "better": "high",
            "by": "2030-12-31",
            "region": "",
        }
        stage = entries.create(STAGE, pool, by=self.by())
        for day, value in REVENUES:
            self.assess(stage, on=day, value=value, source="chiffres inventés")
        now = pooled_revenue(members_revenue(self.by().at.date()))
        parts = {
            "stated_sum": now.stated_eur,
            "estimated_sum": now.estimated_eur,
            "low": now.low_eur,
            "high": now.high_eur,
            "value": now.total_eur,
        }
        self.assess(
            stage,
            on=self.by().at.date().isoformat(),
            source="registre inventé",
            stated_by=now.stated_by,
            estimated_for=now.estimated_for,
            **{key: str(round(each)) for key, each in parts.items()},
        )
        for place in range(6):
            pair = [self.members[place][0], self.members[place * 7 + 20][0]]
            tie = {
                "how": "meeting" if place % 2 else "grouping",
                "organisations": pair,
                "on": (self.start - timedelta(days=90 * place)).date().isoformat(),
                "evidence": "compte rendu inventé",
            }
            entries.create(TIE, tie, by=self.by())
        note = {
            "name": {"fr": "Peser autant que le commerce [note fictive]", "en": "Weigh as much as retail [invented]"},
            "on": self.by().at.date().isoformat(),
            "for_whom": "politicians",
            "state": "draft",
            "position": {
                "fr": "Une note en préparation, à compléter de chiffres cités.",
                "en": "A note in preparation, to be filled with figures that it cites.",
            },
        }
        entries.create(NOTE, note, by=self.by())

    def assess(self, stage: Thing, **given: object) -> None:
        entries.create(ASSESSMENT, {"stage": stage.id, "definition": stage.entry, **given}, by=self.by())

    def board(self) -> None:
        """A secret election: tokens are signed unseen, ballots lie in the urn, the keys are destroyed."""
        opens = self.by(40).at
        rule = self.rule("board", opens).for_seats(SEATS, order=CANDIDATES)
        terms = opening.Terms(
            rule, opens, opens + timedelta(days=5), is_secret=True, channels=("remote",), visibility="public"
        )
        matter = opening.Matter(
            "Conseil d’administration [fictif]",
            Text(1, "Trois sièges, par approbation."),
            tuple(Candidate(one) for one in CANDIDATES),
        )
        row = opening.open_election(matter, terms, self.roll(opens), office=opening.Office(AUTHOR, opens, self.home))
        [(class_id, key)] = keys_of(row).items()
        with transaction.atomic():
            for place, (organisation, _name) in enumerate(self.members[:SECRET_BALLOTS]):
                moment = opens + timedelta(minutes=place + 1)
                hidden = voter.hide(row.pk, class_id, key, random_bytes=secrets.token_bytes)
                actor = casting.Actor(organisation, AUTHOR)
                signed = casting.sign_token(row.pk, actor, hidden.blinded, home=self.home, clock=_clock(moment))
                names = tuple(CANDIDATES[(place + step) % (3 + place % 3)] for step in range(1 + place % SEATS))
                slip = voter.slip(hidden, voter.uncover(hidden, signed, key), tuple(dict.fromkeys(names)))
                urn.put_in(row.pk, slip, clock=_clock(moment))
        closing.settle(row.pk, by=AUTHOR, at=opens + timedelta(days=6), home=self.home)
        self.decide(row, "Conseil d’administration élu [fictif]", "Board elected [invented]", days=46)

    def rule(self, decision_type: str, at: datetime) -> DecisionRule:
        """By which rule the general assembly decides, by the statutes of that day."""
        return vote_rule(entries.book(), self.body, decision_type, at.date().isoformat())

    def decide(self, row: BallotVote, fr: str, en: str, *, days: float) -> None:
        """Enter what a vote of the general assembly decided among its decisions."""
        values = {"name": {"fr": fr, "en": en}, "type": row.rule["id"], "body": row.body, "day": row.closes[:10],
                  "outcome": "adopted", "vote": row.pk}  # fmt: skip
        by = self.by(days)
        government.create("decision", values, by=by, reach=Reach(is_all=True), facts={"votes": decided()})

    def draft(self, title: str, text: str) -> int:
        """A room of four, with a first version."""
        first, *others = self.team
        room = drafting.create(title, account=first, by=f"account {first}", at=self.by().at)
        for one in others:
            drafting.seat(room, one, by=f"account {first}", at=self.by().at)
        self.save(room, text)
        return room

    def save(self, room: int, text: str) -> None:
        at = self.by().at
        drafting.save(room, text, base=drafting.look(room, clock=at).label, by=f"account {self.team[1]}", at=at)

    def put_to_vote(self, room: int, *, days: float, choices: Sequence[str], objection: str = "") -> BallotVote:
        """Hand in, freeze, cast and count; the members choose in turn what `choices` says."""
        at = self.by(days).at
        drafting.hand_in(room, base=drafting.look(room, clock=at).label, by=f"account {self.team[0]}", at=at)
        opens = self.by().at
        terms = opening.Terms(
            self.rule("ordinary", opens),
            opens,
            opens + timedelta(days=4),
            is_secret=False,
            channels=("remote",),
            visibility="public",
        )
        row = opening.open_draft(room, terms, self.roll(opens), office=opening.Office(AUTHOR, opens, self.home))
        with transaction.atomic():
            for place, (organisation, _name) in enumerate(self.members[:BALLOTS]):
                choice = choices[place % len(choices)]
                said = objection if objection and choice == "against" and place < len(choices) else ""
                casting.cast(
                    row.pk,
                    casting.Actor(organisation, AUTHOR),
                    choice,
                    objection=said,
                    clock=_clock(opens + timedelta(minutes=place + 1)),
                )
        closing.settle(row.pk, by=AUTHOR, at=opens + timedelta(days=5), home=self.home)
        self.by(days + 5)
        return row

    def roll(self, at: datetime) -> tuple[Enrolled, ...]:
        since = (at - timedelta(days=365)).strftime("%Y-%m-%dT%H:%M:%SZ")
        return tuple(
            Enrolled(name, Elector(organisation, Fraction(1), (Mandate(AUTHOR, since, None),)))
            for organisation, name in self.members
        )


def _clock(moment: datetime) -> casting.Clock:
    return lambda: moment


def _account(name: str) -> int:
    """An account that nobody can sign in with; `.invalid` addresses reach nobody."""
    email = f"{name.split(maxsplit=1)[0].lower()}@demo.invalid"
    user, _made = User.objects.get_or_create(
        username=email, defaults={"email": email, "first_name": name, "is_active": False}
    )
    return int(user.pk)
