"""Projects of scale: a consortium of organisations of the registry, lots, money, milestones, progress and results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Choice, Day, Line, Links, Number, Outside, Prose, Rows, Whole
from beffroi.charter.shape import Change, Kind
from beffroi.strategy import genericity
from beffroi.strategy.action import DRAFT, PUBLISHED, STARTED, STATES_OF, STOPPED, days_in_order, states_follow
from beffroi.strategy.fields import (
    ASSETS,
    FACTORS,
    FIGURES,
    NAME,
    OBJECTIVES,
    ORGANISATION,
    OWNER,
    SAID,
    SOURCE,
    SPENT,
)
from beffroi.strategy.order import FINISHED
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from beffroi.charter.book import Book, Thing

STATES = STATES_OF["project"]
ROLES = Choice({
    "lead": Text("chef de file", "lead"), "partner": Text("partenaire", "partner"),
    "research": Text("laboratoire", "research"), "user": Text("utilisateur pilote", "pilot user"),
    "subcontractor": Text("sous-traitant", "subcontractor"),
})  # fmt: skip
RESULTS = Choice({
    "jobs": Text("emplois", "jobs"), "patents": Text("brevets", "patents"), "products": Text("produits", "products"),
    "revenue_eur": Text("chiffre d’affaires, en euros", "revenue, in euros"),
    "firms": Text("entreprises créées", "firms founded"), "publications": Text("publications", "publications"),
    "software": Text("logiciels publiés", "software published"),
})  # fmt: skip


def share(value: object) -> Fraction | None:
    """Return a share of a consortium, exact; None when it is no fraction from 0 to 1.

    >>> share("1/3"), share("0.25"), share("2"), share("half")
    (Fraction(1, 3), Fraction(1, 4), None, None)
    """
    try:
        found = Fraction(str(value).replace(",", "."))
    except (ValueError, ZeroDivisionError):
        return None
    return found if 0 <= found <= 1 else None


_PARTNERS = Rows((
    Field("organisation", ORGANISATION, Text("Organisation", "Organisation"), is_required=True),
    Field("role", ROLES, Text("Rôle", "Role"), is_required=True),
    Field("share", Line(30), Text("Part", "Share"), is_required=True),
))  # fmt: skip
_LOTS = Rows((
    Field("name", Line(200), Text("Lot", "Lot"), is_required=True),
    Field("organisation", ORGANISATION, Text("Mené par", "Led by")),
    Field("due", Day(), Text("Échéance", "Due")),
))  # fmt: skip
_MILESTONES = Rows((
    Field("name", Line(200), Text("Jalon", "Milestone"), is_required=True),
    Field("due", Day(), Text("Échéance", "Due"), is_required=True),
    Field("done", Day(), Text("Atteint le", "Reached on")),
))  # fmt: skip
_STATEMENTS = Rows((
    Field("day", Day(), Text("Jour", "Day"), is_required=True),
    Field("progress_pct", Whole(0, 100), Text("Avancement, en %", "Progress, in %"), is_required=True),
    Field("said", Line(1000), Text("Constat", "Statement"), is_required=True),
))  # fmt: skip
_RESULTS = Rows((
    Field("kind", RESULTS, Text("Résultat", "Result"), is_required=True),
    Field("number", Number(0), Text("Nombre", "Number"), is_required=True),
    Field("day", Day(), Text("Constaté le", "Observed on"), is_required=True),
    SOURCE,
))  # fmt: skip


def shares_are_exact(change: Change) -> Iterator[Fault]:
    """Shares add up to 1 at most, each partner stands once, and one leads."""
    rows = change.after.rows("partners")
    wrong = [str(row["share"]) for row in rows if share(row["share"]) is None]
    for one in wrong:
        yield Fault(
            "partners",
            Text(
                f"« {one} » est donné ; une part de 0 à 1 est attendue, comme 1/3 ou 0,25.",
                f"'{one}' was given; a share from 0 to 1 is expected, such as 1/3 or 0.25.",
            ),
        )
    whole = sum((share(row["share"]) or Fraction(0) for row in rows), Fraction(0))
    if whole > 1:
        yield Fault("partners", Text(f"Les parts font {whole}, plus que 1.", f"The shares add up to {whole}, over 1."))
    names = [str(row["organisation"]) for row in rows]
    twice = next((one for one in names if names.count(one) > 1), None)
    if twice:
        yield Fault("partners", Text(f"{twice} figure deux fois.", f"{twice} is there twice."))
    if change.after.get("state") != DRAFT and [row["role"] for row in rows].count("lead") != 1:
        yield Fault("partners", Text("Il faut un chef de file, et un seul.", "There must be one lead, and only one."))


def lots_are_partners(change: Change) -> Iterator[Fault]:
    """Lots are led by partners."""
    partners = partners_of(change.after)
    for row in change.after.rows("lots"):
        if row.get("organisation") and row["organisation"] not in partners:
            yield Fault("lots", Text(f"{row['organisation']} n’est pas du consortium.",
                                     f"{row['organisation']} is not in the consortium."))  # fmt: skip


def statements_stay(change: Change) -> Iterator[Fault]:
    """What was stated on a day stays stated; a correction is a new statement."""
    before = change.before.rows("statements") if change.before else ()
    after = change.after.rows("statements")
    if any(row not in after for row in before):
        yield Fault("statements", Text("Un constat daté reste : ajoutez-en un autre.",
                                       "A dated statement stays: add another one."))  # fmt: skip


def published_is_tied(change: Change) -> Iterator[Fault]:
    """Once published, a project serves an objective and is tied to the territory."""
    if change.after.get("state") in {DRAFT, STOPPED}:
        return
    if not change.after.ids("objectives"):
        yield Fault("objectives", Text("Un projet sans objectif n’est pas publié : rattachez-le à un objectif.",
                                       "A project without an objective is not published: tie it to one."))  # fmt: skip
    if not genericity.links_of(change.after):
        yield Fault("assets", Text(
            "Rien ne rattache ceci au territoire : nommez un atout, un facteur d’échec ou un chiffre.",
            "Nothing ties this to the territory: name an asset, a failure factor or a figure."))  # fmt: skip


def closing_tells_results(change: Change) -> Iterator[Fault]:
    """A project is closed with its results, or with the reason why there are none."""
    if change.after.get("state") != FINISHED:
        return
    if not change.after.rows("results") and not change.after.text("no_result").strip():
        yield Fault(
            "results",
            Text(
                "Pour clore : les résultats (emplois, brevets, produits …), ou la raison de leur absence.",
                "To close: the results (jobs, patents, products …), or the reason why there are none.",
            ),
        )


PROJECT = Kind(
    "project", Text("projet", "project"), Text("projets", "projects"),
    (
        NAME, SAID, OWNER,
        Field("actions", Links(("action",)), Text("Actions réalisées", "Actions carried out")),
        OBJECTIVES, ASSETS, FACTORS, FIGURES,
        Field("territory", Outside("territory"), Text("Territoire", "Territory")),
        Field("state", STATES, Text("État", "State"), is_required=True),
        Field("starts", Day(), Text("Début", "Start")),
        Field("ends", Day(), Text("Fin", "End")),
        Field("partners", _PARTNERS, Text("Consortium", "Consortium")),
        Field("lots", _LOTS, Text("Lots", "Lots")),
        Field("milestones", _MILESTONES, Text("Jalons", "Milestones")),
        Field("statements", _STATEMENTS, Text("Constats d’avancement", "Progress statements")),
        Field("funding", Rows(SPENT), Text("Financements publics", "Public funding lines")),
        Field("private_funding", Rows(SPENT), Text("Financements confidentiels", "Confidential funding lines"),
              Text("Montants que seuls les partenaires lisent.", "Amounts that only partners read."),
              audience="partners"),
        Field("results", _RESULTS, Text("Résultats", "Results")),
        Field("no_result", Prose(2000), Text("Pourquoi aucun résultat", "Why there are no results")),
    ),
    rules=(states_follow, shares_are_exact, lots_are_partners, statements_stay, published_is_tied,
           closing_tells_results, days_in_order),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Late:
    """A milestone past its day, of a project that runs; `owner` is who must know."""

    project: Thing
    milestone: str
    due: date
    days: int
    owner: str


def partners_of(project: Thing) -> frozenset[str]:
    """Return the organisations of a consortium."""
    return frozenset(str(row["organisation"]) for row in project.rows("partners"))


def progress_of(project: Thing) -> Mapping[str, object] | None:
    """Return the last dated statement; None when nothing was stated yet."""
    return max(project.rows("statements"), key=lambda row: str(row["day"]), default=None)


def late(book: Book, on: date) -> tuple[Late, ...]:
    """Return the milestones that are late on a day, the latest first."""
    found = [
        Late(one, str(row["name"]), due, (on - due).days, one.text("owner"))
        for one in book.of("project") if one.get("state") in {PUBLISHED, STARTED}
        for row in one.rows("milestones") if not row.get("done")
        for due in (date.fromisoformat(str(row["due"])),) if due < on
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: -one.days))
