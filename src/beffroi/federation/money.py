"""Money of the federation line by line: each bears a territory, whose money leaves it by its own consent only."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Choice, Day, Line, Link, Number, Outside
from beffroi.charter.shape import Kind
from beffroi.federation.decisions import ADOPTED
from beffroi.federation.territories import is_whole
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.shape import Change

TRANSFER = "transfer"  # the type of decision by which a territory lets its money go
INCOME, SPENDING = "income", "spending"
DIRECTIONS = {
    INCOME: Text("recette", "income"),
    SPENDING: Text("dépense", "spending"),
    TRANSFER: Text("transfert", "transfer"),
}
NATURES = {
    "dues": Text("cotisations", "dues"),
    "grant": Text("subvention", "grant"),
    "service": Text("prestation", "service"),
    "staff": Text("personnel", "staff"),
    "other": Text("autre", "other"),
}
SECTORS = {"public": Text("public", "public"), "private": Text("privé", "private")}


def leaves(line: Thing) -> bool:
    """Whether a line takes money of a territory to another."""
    return bool(line.get("to_territory")) and line.get("to_territory") != line.get("territory")


def year_of(line: Thing) -> int:
    """Return the year of a line."""
    return int(str(line.get("day"))[:4])


def amount_of(line: Thing) -> Decimal:
    """Return the amount of a line in EUR, exact."""
    return Decimal(str(line.get("amount_eur")))


def lines_of(book: Book, year: int) -> tuple[Thing, ...]:
    """Return the lines of a year, by day."""
    return tuple(sorted((one for one in book.of("money") if year_of(one) == year), key=lambda one: str(one.get("day"))))


def years(book: Book) -> tuple[int, ...]:
    """Return the years that have lines, newest first."""
    return tuple(sorted({year_of(one) for one in book.of("money")}, reverse=True))


def _form(change: Change) -> Iterator[Fault]:
    one = change.after
    if one.get("direction") == INCOME and not one.get("funder"):
        yield Fault("funder", Text("De qui vient cette recette ?", "From whom does this income come?"))
    if one.get("direction") == INCOME and one.get("to_territory"):
        yield Fault("to_territory", Text("Une recette n’a pas d’autre territoire que le sien.",
                                         "Income has no territory but its own."))  # fmt: skip
    if one.get("direction") == TRANSFER and not leaves(one):
        yield Fault("to_territory", Text("Vers quel autre territoire ?", "To which other territory?"))
    if str(one.get("day")) > change.at.date().isoformat():
        yield Fault("day", Text("Ce jour est à venir ; une ligne dit ce qui a eu lieu.",
                                "This day is to come; a line says what took place."))  # fmt: skip


def _reference_once(change: Change) -> Iterator[Fault]:
    reference, year = change.after.get("reference"), year_of(change.after)
    for other in lines_of(change.book, year):
        if other.id != change.after.id and other.get("reference") == reference:
            yield Fault("reference", Text(f"La pièce « {reference} » de {year} est déjà inscrite ({other.id}).",
                                          f"Voucher '{reference}' of {year} is there: {other.id}."))  # fmt: skip
            return


def _consent(change: Change) -> Iterator[Fault]:
    """Rule: money of a territory leaves it only by an adopted decision of that territory's own committee."""
    one, book = change.after, change.book
    if not leaves(one) or is_whole(book, str(one.get("territory"))):
        return
    home = book.thing(str(one.get("territory")))
    decision = book.find(str(one.get("approval", "")))
    body = book.find(str(decision.get("body"))) if decision else None
    if decision is None or body is None or decision.is_archived:
        yield Fault("approval", Text(
            f"L’argent de {home.text('name', 'fr')} ne part qu’avec l’accord de son comité territorial : "
            f"donnez sa décision de type « {TRANSFER} ».",
            f"Money of {home.text('name', 'en')} leaves it only when its territorial committee agrees: "
            f"give its decision of type '{TRANSFER}'."))  # fmt: skip
        return
    is_theirs = body.get("type") == "territorial_committee" and body.get("territory") == home.id
    in_time = str(decision.get("day")) <= str(one.get("day"))
    if not is_theirs or decision.get("type") != TRANSFER or decision.get("outcome") != ADOPTED or not in_time:
        yield Fault("approval", Text(
            f"{decision.id} ne suffit pas : il faut une décision « {TRANSFER} » du comité territorial de "
            f"{home.text('name', 'fr')}, adoptée au plus tard le {one.get('day')}.",
            f"{decision.id} is not enough: it takes a decision '{TRANSFER}' of the territorial committee of "
            f"{home.text('name', 'en')}, adopted on {one.get('day')} at the latest."))  # fmt: skip
        return
    limit = Decimal(str(decision.get("amount_eur", "0")))
    spent = sum((amount_of(each) for each in book.of("money") if each.get("approval") == decision.id
                 and each.id != one.id), Decimal(0))  # fmt: skip
    if spent + amount_of(one) > limit:
        yield Fault("amount_eur", Text(
            f"{decision.id} accorde {limit} EUR, dont {spent} déjà partis.",
            f"{decision.id} grants {limit} EUR, of which {spent} have left already."))  # fmt: skip


FUNDER = Kind(
    "funder", Text("financeur", "funder"), Text("financeurs", "funders"),
    (
        Field("name", Line(160), Text("Nom", "Name"), is_required=True),
        Field("sector", Choice(SECTORS), Text("Secteur", "Sector"), is_required=True),
        Field("organisation", Outside("organisation"), Text("Organisation", "Organisation")),
    ),
)  # fmt: skip

MONEY = Kind(
    "money", Text("ligne d’argent", "line of money"), Text("lignes d’argent", "lines of money"),
    (
        Field("name", Line(160), Text("Libellé", "Label"), is_required=True),
        Field("reference", Line(60), Text("Pièce", "Voucher"), is_required=True),
        Field("direction", Choice(DIRECTIONS), Text("Sens", "Direction"), is_required=True),
        Field("nature", Choice(NATURES), Text("Nature", "Nature"), is_required=True),
        Field("day", Day(), Text("Jour", "Day"), is_required=True),
        Field("amount_eur", Number(0), Text("Montant, EUR", "Amount, EUR"), is_required=True),
        Field("territory", Link(("territory",)), Text("Territoire dont c’est l’argent", "Territory whose money it is"),
              is_required=True),
        Field("to_territory", Link(("territory",)), Text("Dépensé ou versé ailleurs", "Spent or paid elsewhere")),
        Field("funder", Link(("funder",)), Text("Financeur", "Funder")),
        Field("approval", Link(("decision",)), Text("Accord du comité territorial", "Consent of the committee")),
    ),
    rules=(_form, _reference_once, _consent),
)  # fmt: skip
