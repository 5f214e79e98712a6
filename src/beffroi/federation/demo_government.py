"""The demonstration of government: an invented federation that joined two associations in 2016, its bodies and money.

Entries are dated over the last hundred days before `at`, since a meeting is convened before it is held. The charter
only runs forward, so this comes before whatever else is entered for the demonstration.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from importlib import resources
from typing import TYPE_CHECKING

from django.db import transaction

from beffroi.assembly.seat_rule import Reserve, SeatRule
from beffroi.charter import entries
from beffroi.charter.entries import By
from beffroi.federation import government
from beffroi.federation.meetings import convene
from beffroi.federation.merge_bodies import merge_bodies
from beffroi.federation.minutes import approve
from beffroi.federation.reach import Reach
from beffroi.federation.seat_inputs import seat_inputs
from beffroi.federation.seating import adopt
from beffroi.federation.statutes import parse
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from beffroi.charter.book import Thing

AUTHOR = "demo"
ALL = Reach(is_all=True)
DAYS_BEFORE = 100
TERRITORIES = (
    ("Lyon et Rhône", "Lyon and Rhône", ("69", "01")), ("Loire", "Loire", ("42", "43")),
    ("Sillon alpin", "Alpine furrow", ("38", "73", "74", "26", "07")),
    ("Auvergne", "Auvergne", ("63", "03", "15")),
)  # fmt: skip
FOUNDERS = (
    ("up", "Association d’Amont [fictive]", "Upstream association [invented]", "2006-03-01"),
    ("down", "Association d’Aval [fictive]", "Downstream association [invented]", "2009-09-01"),
)
PEOPLE = (
    "Aimée Fictive", "Bruno Inventé", "Camille Exemple", "Damien Imaginaire", "Élise Supposée", "Farid Modèle",
    "Gaëlle Témoin", "Hugo Prétendu", "Inès Échantillon", "Jules Figuré",
)  # fmt: skip
OFFICES = (
    ("Antenne de Lyon", "Lyon office", 0, "69123", "1 rue Inventée"),
    ("Antenne stéphanoise", "Saint-Étienne office", 1, "42218", "2 place Imaginaire"),
    ("Antenne grenobloise", "Grenoble office", 2, "38185", "3 quai Fictif"),
)
MINUTES_TEXT = (
    "Présents : voir la feuille.\n\n1. Le budget est adopté.\n\n2. Le comité prend acte du rapport des antennes.\n\n"
    "Texte inventé, pour montrer comment un compte rendu s’approuve."
)


def load_government(*, at: datetime) -> int:
    """Fill an empty charter with the invented government and return how many things it has.

    Raises:
        UsageError: the charter holds something already.
    """
    if len(entries.book()):
        raise UsageError(
            "This charter is not empty, and invented bodies must not mix with real ones. "
            "Set BEFFROI_HOME (or BEFFROI_DATABASE_URL) to a new place and run this again."
        )
    with transaction.atomic():
        story = _Story(at)
        story.found()
        story.meet()
        story.spend()
        story.support()
        story.seat()
    return len(entries.book())


def agree(finances: Sequence[str], *, by: By) -> Thing:
    """Enter the invented agreement of the invented region, for actions and projects that are there; return it."""
    funder = entries.book().of("funder")[0]
    year, today = by.at.year, by.at.date()
    reports = [
        ("Rapport d’exécution", "Report on execution", today - timedelta(days=200), today - timedelta(days=205)),
        ("État des dépenses", "Statement of spending", today - timedelta(days=12), None),
        ("Rapport de mi-parcours", "Mid-term report", today + timedelta(days=160), None),
    ]
    values = {
        "name": {"fr": "Convention d’objectifs [fictive]", "en": "Agreement on objectives [invented]"},
        "funder": funder.id, "signed_on": f"{year - 2}-12-15", "since": f"{year - 1}-01-01",
        "until": f"{year + 1}-12-31", "amount_eur": "450000", "finances": list(finances),
        "duties": [{"name": {"fr": fr, "en": en}, "due": due.isoformat(),
                    **({"delivered": handed.isoformat(), "reference": "R-1"} if handed else {})}
                   for fr, en, due, handed in reports],
        "document": f"CONV-{year - 2}-017 [inventée]",
    }  # fmt: skip
    return government.create("agreement", values, by=by, reach=ALL)


@dataclass
class _Story:
    """What happens, in its order."""

    at: datetime
    ids: dict[str, str] = field(default_factory=dict)

    def by(self, days_ago: int) -> By:
        return By(AUTHOR, self.at - timedelta(days=days_ago))

    def day(self, days: int) -> str:
        return (self.at.date() + timedelta(days=days)).isoformat()

    def new(self, key: str, kind: str, *, days_ago: int = DAYS_BEFORE, **values: object) -> Thing:
        made = government.create(kind, values, by=self.by(days_ago), reach=ALL)
        self.ids[key] = made.id
        return made

    def found(self) -> None:
        """Territories, the two associations of before, their merger in 2016, and the federation since."""
        for number, (fr, en, departments) in enumerate(TERRITORIES):
            self.new(f"t{number}", "territory", name={"fr": fr, "en": en}, departments=list(departments),
                     since="2006-01-01")  # fmt: skip
        self.new("whole", "territory", name={"fr": "Région entière", "en": "Whole region"}, is_whole=True,
                 since="2006-01-01")  # fmt: skip
        for key, fr, en, since in FOUNDERS:
            self.new(key, "body", name={"fr": fr, "en": en}, type="association", since=since)
        self.sit("up", PEOPLE[0], "president", "2006-03-01")
        self.sit("down", PEOPLE[1], "president", "2009-09-01")
        mission = "Réunir les deux associations sans effacer leurs territoires. Texte inventé."
        region = merge_bodies(
            [self.ids["up"], self.ids["down"]],
            {"name": {"fr": "Comité régional", "en": "Regional committee"}, "type": "regional_committee",
             "mission": mission},
            day="2016-01-01", by=self.by(DAYS_BEFORE), reason="Vote de fusion, inventé",
        )  # fmt: skip
        self.ids["region"] = region.id
        self.new("statutes", "statutes", name="Statuts de 2016", body=region.id, since="2016-01-01",
                 rules=_document("demo_statutes.yaml"))  # fmt: skip
        under = [{"body": region.id, "since": "2016-01-01"}]
        self.new("board", "body", name={"fr": "Conseil d’administration", "en": "Board"}, type="board", parents=under,
                 since="2016-01-01")  # fmt: skip
        for number, (fr, en, _departments) in enumerate(TERRITORIES):
            name = {"fr": f"Comité territorial, {fr}", "en": f"Territorial committee, {en}"}
            self.new(f"c{number}", "body", name=name, type="territorial_committee", since="2016-01-01",
                     territory=self.ids[f"t{number}"], parents=under)  # fmt: skip
            self.sit(f"c{number}", PEOPLE[number + 2], "president", "2016-01-01", territory=self.ids[f"t{number}"])
        # The two chairs of before share the chair for one year of transition.
        self.sit("region", PEOPLE[0], "president", "2016-01-01", "2016-12-31")
        self.sit("region", PEOPLE[1], "president", "2016-01-01")
        for number, person in enumerate(PEOPLE[2:6]):
            self.sit("region", person, "member", "2016-01-01", territory=self.ids[f"t{number}"])
        self.sit("region", PEOPLE[6], "substitute", "2016-01-01",
                 substitute_of=self.ids[f"region {PEOPLE[2]}"])  # fmt: skip
        self.sit("board", PEOPLE[7], "treasurer", "2020-01-01")
        assembly = {"fr": "Assemblée générale", "en": "General assembly"}
        self.new("assembly", "body", name=assembly, type="general_assembly", parents=under, since="2016-01-01")
        self.new("assembly rules", "statutes", name="Règlement des votes", body=self.ids["assembly"],
                 since="2016-01-01", rules=_document("demo_assembly.yaml"))  # fmt: skip

    def sit(self, body: str, person: str, function: str, since: str, until: str = "", **more: object) -> None:
        held = {"body": self.ids[body], "person": person, "function": function, "since": since, "until": until, **more}
        made = government.create("mandate", held, by=self.by(DAYS_BEFORE), reach=ALL)
        self.ids[f"{body} {person}"] = made.id

    def meet(self) -> None:
        """Meetings held with minutes approved at the next, one to come, and two in preparation."""
        first = self.meeting("region", "Budget et antennes", -70, days_ago=95)
        convene(first, by=self.by(95))
        self.new("minutes", "minutes", days_ago=68, name="Compte rendu du budget", meeting=first, text="À relire.")
        government.change(self.ids["minutes"], {"text": MINUTES_TEXT}, by=self.by(66), reach=ALL)
        budget = {"fr": "Budget de l’année", "en": "Budget of the year"}
        self.new("budget", "decision", days_ago=65, name=budget, type="budget", body=self.ids["region"], meeting=first,
                 day=self.day(-70), outcome="adopted")  # fmt: skip
        second = self.meeting("region", "Comité d’automne", -30, days_ago=60)
        convene(second, by=self.by(60))
        approve(self.ids["minutes"], second, by=self.by(29))
        coming = self.meeting("region", "Comité d’hiver", 20, days_ago=20)
        convene(coming, by=self.by(20))
        self.meeting("c0", "Comité de Lyon, en préparation", 40, days_ago=10)
        self.meeting("c1", "Comité de la Loire, en préparation", 45, days_ago=10)

    def meeting(self, body: str, name: str, days: int, *, days_ago: int) -> str:
        agenda = [{"item": "Budget", "type": "budget"}, {"item": "Vie des antennes"}]
        return self.new(name, "meeting", days_ago=days_ago, name=name, body=self.ids[body], type="ordinary",
                        day=self.day(days), begins="18:00", ends="20:00", place="Maison imaginaire, Lyon",
                        agenda=agenda).id  # fmt: skip

    def spend(self) -> None:
        """Offices, funders, and two years of money that is plainly invented."""
        for fr, en, number, commune, street in OFFICES:
            self.new(fr, "office", days_ago=9, name={"fr": fr, "en": en}, territory=self.ids[f"t{number}"],
                     commune=commune, address=street, contact="antenne@example.org",
                     hours={"fr": "du mardi au jeudi, 9 h à 17 h", "en": "Tuesday to Thursday, 9 to 17"},
                     services=[{"name": {"fr": "Conseil de premier niveau", "en": "First advice"}},
                               {"name": {"fr": "Salle de réunion", "en": "Meeting room"}}],
                     staff=[{"role": {"fr": "chargé de mission", "en": "officer"}, "fte": "0.8"}],
                     since="2016-09-01")  # fmt: skip
        for key, name, sector in (("f0", "Région inventée", "public"), ("f1", "Métropole inventée", "public"),
                                  ("f2", "Adhérents", "private"), ("f3", "Banque imaginaire", "private")):  # fmt: skip
            self.new(key, "funder", days_ago=9, name=name, sector=sector)
        year = self.at.year
        for number, back in enumerate((2, 1)):
            self.year(year - back, 1 + number)
        self.new("conflict", "conflict", days_ago=8, subject=self.ids["f3"], organisation="firme-inventee",
                 nature="supplier", reason="Vend des services au financeur", since=f"{year}-01-01")  # fmt: skip

    def support(self) -> None:
        """Support structures that overlap in one town, and one that another has absorbed."""
        held: tuple[tuple[str, str, str, str, tuple[tuple[str, str], ...], str, dict[str, str]], ...] = (
            ("s0", "Agence inventée de la métropole", "Invented agency of the city", "public",
             (("advice", "200046977"), ("premises", "200046977"), ("events", "69")), "180000", {}),
            ("s1", "Maison du logiciel (fictive)", "House of software (fictional)", "association",
             (("advice", "FRK2"), ("skills", "FRK")), "95000", {}),
            ("s2", "Pépinière imaginaire de la Loire", "Imaginary nursery of the Loire", "mixed",
             (("creation", "42"), ("premises", "42")), "", {}),
            ("s3", "Point conseil d’avant", "Advice point of before", "public", (("advice", "69123"),), "40000",
             {"until": "2016-12-31", "absorbed_by": "s0"}),
        )  # fmt: skip
        for key, fr, en, nature, offers, amount, more in held:
            money = [{"year": self.at.year - 1, "amount_eur": amount, "funder": "Région inventée",
                      "source": "Invention pour la démonstration"}] if amount else []  # fmt: skip
            by = {"absorbed_by": self.ids[more["absorbed_by"]]} if "absorbed_by" in more else {}
            self.new(key, "structure", days_ago=8, name={"fr": fr, "en": en}, nature=nature, money=money,
                     offers=[{"service": service, "territory": code} for service, code in offers],
                     since="2010-01-01", **{**more, **by})  # fmt: skip

    def year(self, year: int, growth: int) -> None:
        name = {"fr": f"Aide à l’Auvergne, {year}", "en": f"Help for Auvergne, {year}"}
        agreed = self.new(f"accord-{year}", "decision", days_ago=8, type="transfer", body=self.ids["c0"], name=name,
                          amount_eur="5000", day=f"{year}-02-01", outcome="adopted").id  # fmt: skip
        lines: tuple[tuple[str, str, int, str, dict[str, object]], ...] = (
            ("income", "grant", 90_000 * growth, "whole", {"funder": self.ids["f0"]}),
            ("income", "grant", 30_000, "t0", {"funder": self.ids["f1"]}),
            ("income", "dues", 48_000, "t0", {"funder": self.ids["f2"]}),
            ("income", "dues", 17_000, "t1", {"funder": self.ids["f2"]}),
            ("income", "dues", 23_000, "t2", {"funder": self.ids["f2"]}),
            ("income", "dues", 8_000, "t3", {"funder": self.ids["f2"]}),
            ("income", "service", 20_000, "t2", {"funder": self.ids["f3"]}),
            ("spending", "staff", 52_000, "t0", {}), ("spending", "staff", 15_500, "t1", {}),
            ("spending", "staff", 31_000, "t2", {}), ("spending", "other", 6_200, "t3", {}),
            ("spending", "staff", 40_000 * growth, "whole", {"to_territory": self.ids["t3"]}),
            ("transfer", "other", 4_500, "t0", {"to_territory": self.ids["t3"], "approval": agreed}),
        )  # fmt: skip
        for number, (direction, nature, amount, territory, more) in enumerate(lines, 1):
            values = {"name": f"Ligne inventée {number}", "reference": f"V{number:03}", "direction": direction,
                      "nature": nature, "amount_eur": str(amount), "territory": self.ids[territory],
                      "day": date(year, 3, number).isoformat(), **more}  # fmt: skip
            government.create("money", values, by=self.by(8), reach=ALL)

    def seat(self) -> None:
        """The board of 40 seats, adopted by an invented vote, with ten seats for the two smaller territories."""
        book = entries.book()
        inputs = seat_inputs(book, self.at.date().isoformat())
        if not inputs.measures:
            return
        small = tuple(one.id for one in sorted(inputs.territories, key=lambda one: one.measures["members"])[:2])
        name = {"fr": "Sièges du conseil", "en": "Seats of the board"}
        decision = self.new("seats", "decision", days_ago=5, name=name, type="seats", body=self.ids["region"],
                            day=self.day(-30), outcome="adopted").id  # fmt: skip
        rule = SeatRule("sainte-lague", 40, {"members": Fraction(1)}, reserves=(Reserve("reserve", 10, small),),
                        ties="larger")  # fmt: skip
        adopt(self.ids["board"], inputs.territories, rule, name="Conseil de 40 sièges", term=(self.day(-30), ""),
              vote="vote-invente", by=self.by(5), decision=decision)  # fmt: skip


def _document(name: str) -> dict[str, object]:
    return parse(resources.files("beffroi.federation").joinpath(name).read_text("utf-8"), name)
