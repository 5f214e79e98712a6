"""Local offices and money (S25), funding mix and conflicts of interest (S26)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from government_house import RULES, House, both, refused

from beffroi.charter import entries
from beffroi.charter.faults import RefusedError
from beffroi.federation.conflicts import conflicts_for, declared_on
from beffroi.federation.funding_mix import funding_mix
from beffroi.federation.local_money import balances, total
from beffroi.federation.money import years
from beffroi.federation.money_import import import_money, read_csv
from beffroi.federation.offices import department_of_office, offices_on, staff_fte
from beffroi.federation.reach import Reach, may_enter, readable

HEAD = "reference,name,direction,nature,day,amount_eur,territory,to_territory,funder,approval\n"


class Purse(House):
    """The federation with two funders, and money."""

    def __init__(self):
        super().__init__()
        self.whole = self.new("territory", name=both("Région"), is_whole=True, since="2006-01-01").id
        self.public = self.new("funder", name="Région", sector="public").id
        self.firms = self.new("funder", name="Entreprises", sector="private").id
        self.vouchers = 0

    def line(self, direction, amount, territory, *, days=0, day="2025-06-01", **more):
        self.vouchers += 1
        given = {"reference": f"P{self.vouchers}", "name": "Ligne", "nature": "other", **more}
        return self.new("money", days=days, direction=direction, amount_eur=amount, territory=territory, day=day,
                        **given).id  # fmt: skip

    def agreed(self, body, amount, day="2025-01-15", **more):
        given = {"type": "transfer", "outcome": "adopted", **more}
        return self.new("decision", name=both("Accord"), body=body, day=day, amount_eur=amount, **given).id


@pytest.fixture
def house(registry):
    return Purse()


def test_s25_1_an_office_says_where_when_who_and_what(house):
    given = {
        "name": both("Antenne"), "territory": house.loire, "commune": "42218", "address": "1 place Jean-Jaurès",
        "hours": both("lundi 9-12"), "contact": "loire@example.org", "services": [{"name": both("Conseil")}],
        "staff": [{"role": both("Chargée"), "fte": "0.8"}, {"role": both("Alternant"), "fte": "0.5"}],
        "since": "2016-01-01", "until": "2027-12-31",
    }  # fmt: skip
    one = house.new("office", **given)
    book = entries.book()
    assert (staff_fte(one), department_of_office(one)) == (1.3, "42")
    assert offices_on(book, "2016-01-01") == offices_on(book, "2027-12-31", territory=house.loire) == (one,)
    assert offices_on(book, "2028-01-01") == offices_on(book, "2020-01-01", territory=house.rhone) == ()
    said = refused(house.new, "office", **{**given, "commune": "69123"})
    assert "Lyon lies in department 69, outside Loire" in said
    assert "no INSEE code" in refused(house.new, "office", **{**given, "commune": "42999"})
    assert "72" in refused(house.new, "territory", name=both("x"), departments=["72x"], since="2006-01-01")
    assert "already belongs" in refused(house.new, "territory", name=both("x"), departments=["42"], since="2020-01-01")


def test_s25_2_each_line_bears_a_territory_a_day_and_a_voucher(house):
    assert "it must be given" in refused(house.line, "spending", "10", "")
    assert "From whom" in refused(house.line, "income", "10", house.loire)
    house.line("income", "10", house.loire, funder=house.public, reference="A1")
    assert "Voucher 'A1' of 2025 is there" in refused(house.line, "spending", "10", house.rhone, reference="A1")
    house.line("spending", "10", house.rhone, reference="A1", day="2024-06-01")
    assert "to come" in refused(house.line, "spending", "10", house.rhone, day="2026-12-01")
    assert years(entries.book()) == (2025, 2024)


def test_s25_3_the_report_shows_what_was_received_and_spent_locally_and_the_balance(house):
    house.line("income", "1000.10", house.loire, funder=house.public)
    house.line("spending", "400.05", house.loire)
    house.line("transfer", "100", house.loire, to_territory=house.rhone, approval=house.agreed(house.in_loire, "150"))
    house.line("spending", "50", house.loire, to_territory=house.rhone, approval="decision-1")
    house.line("income", "500", house.whole, funder=house.firms)
    house.line("spending", "200", house.whole, to_territory=house.rhone)
    house.line("spending", "30", house.rhone)
    house.line("income", "7", house.loire, funder=house.public, day="2024-06-01")
    rows = {one.territory.id: one for one in balances(entries.book(), 2025)}
    shown = {
        name: (one.received, one.spent_here, one.spent_elsewhere, one.came_in, one.balance)
        for name, one in rows.items()
    }
    assert shown == {
        house.loire: tuple(map(Decimal, ("1000.10", "400.05", "150", "0", "450.05"))),
        house.rhone: tuple(map(Decimal, ("0", "30", "0", "350", "70"))),
        house.whole: tuple(map(Decimal, ("500", "0", "200", "0", "300"))),
    }
    assert rows[house.loire].local_share == Fraction(40005, 55005)
    every = tuple(rows.values())
    assert total(every, "balance") == Decimal("1500.10") - Decimal("680.05")  # nothing is lost between territories
    assert balances(entries.book(), 2020) == ()


def test_s25_4_money_leaves_a_territory_only_when_its_committee_agrees(house):
    def send(**more):
        given = {"to_territory": house.rhone, **more}
        return lambda: house.line("transfer", "100", house.loire, **given)

    assert "leaves it only when its territorial committee agrees" in refused(send())
    assert "leaves it only" in refused(house.line, "spending", "5", house.loire, to_territory=house.rhone)
    for wrong in (
        house.agreed(house.in_rhone, "500"),
        house.agreed(house.in_loire, "500", outcome="refused"),
        house.agreed(house.in_loire, "500", day="2025-07-01"),
        house.agreed(house.in_loire, "500", type="local_action"),
    ):
        assert "is not enough" in refused(send(approval=wrong))
    good = house.agreed(house.in_loire, "150")
    assert send(approval=good)()
    assert f"{good} grants 150 EUR, of which 100 have left" in refused(send(approval=good))
    assert "To which other territory" in refused(send(to_territory="", approval=good))
    wide = house.set("money-1", amount_eur="150")
    assert wide.get("amount_eur") == "150"


def test_lines_come_in_from_a_csv_all_or_none_with_named_faults(house):
    good = f'{HEAD}B1,Cotisations,income,dues,2025-02-01,"1200,50",territory-1,,funder-2,\n'
    good += "B2,Loyer,spending,other,2025-03-01,300,territory-1,,,\n"
    rows = read_csv(good.encode())
    assert import_money(rows, by=house.by(), dry_run=True)
    assert entries.book().of("money") == ()
    assert [one.get("amount_eur") for one in import_money(rows, by=house.by())] == ["1200.50", "300"]
    with pytest.raises(RefusedError) as twice:
        import_money(rows, by=house.by())
    assert [one.text.en[:30] for one in twice.value.faults] == [
        "row 2: Voucher 'B1' of 2025 is", "row 3: Voucher 'B2' of 2025 is",
    ]  # fmt: skip
    bad = HEAD.replace(",", ";") + "C1;x;income;dues;2025-02-01;5;territory-1;;;\n"
    bad += "C2;x;up;other;hier;x;territory-9;;;\nC3;Loyer;spending;other;2025-03-01;300;territory-1;;;\n"
    with pytest.raises(RefusedError) as faulty:
        import_money(read_csv(bad.encode()), by=house.by())
    said = [one.text.en for one in faulty.value.faults]
    assert said[0] == "row 2: From whom does this income come?"
    assert {one[:6] for one in said} == {"row 2:", "row 3:"}
    assert len(entries.book().of("money")) == 2

    hers = Reach(territories=frozenset({house.rhone}))
    with pytest.raises(RefusedError, match="row 2: this territory is not yours"):
        import_money(read_csv(good.replace("B", "D").encode()), by=house.by(),
                     allowed=lambda book, values: may_enter(hers, book, "money", values))  # fmt: skip
    assert readable(hers, entries.book(), "money") == ()


@pytest.mark.parametrize(("content", "said"), [
    (b"\xff", "no CSV in UTF-8"), (b"", "'name' is missing"), (b"reference,king\n", "unknown column 'king'"),
    (HEAD.encode() + b"a,b\n", "row 2: 2 cells, 10 expected"), (b'"a', "no CSV"),
    (HEAD.encode() + b"a,b,c,d,e,f,g,h,i,j\n" * 5001, "5000 at most"),
])  # fmt: skip
def test_a_file_of_another_form_is_refused(content, said):
    with pytest.raises(RefusedError, match=said):
        read_csv(content)


def test_s26_2_the_mix_of_funders_is_held_against_the_ceilings_of_the_statutes(house):
    house.new("statutes", name="Plafonds", body=house.region, since="2025-01-01",
              rules={**RULES, "ceilings": {"public_pct": "66", "funder_pct": 50}})  # fmt: skip
    other = house.new("funder", name="Métropole", sector="public").id
    house.line("income", "40", house.whole, funder=house.public)
    house.line("income", "26", house.loire, funder=other)
    house.line("income", "34", house.loire, funder=house.firms)
    house.line("spending", "90", house.loire)
    kept = funding_mix(entries.book(), 2025)
    assert [(one.funder.id, one.amount_eur, one.share) for one in kept.shares] == [
        (house.public, 40, Fraction(2, 5)), (house.firms, 34, Fraction(17, 50)), (other, 26, Fraction(13, 50)),
    ]  # fmt: skip
    assert (kept.total_eur, kept.public_share, kept.warnings) == (100, Fraction(66, 100), ())
    assert kept.concentration == Fraction(40**2 + 34**2 + 26**2, 10_000)

    house.line("income", "100", house.whole, funder=house.public)

    crossed = [one.en for one in funding_mix(entries.book(), 2025).warnings]
    assert crossed == [
        "Public money is 83.0 % of income; the ceiling is 66 % (statutes-2, 2025-01-01).",
        "Région gives 70.0 % of income; the ceiling is 50 % (statutes-2, 2025-01-01).",
    ]
    before = funding_mix(entries.book(), 2024)
    assert (before.public_share, before.concentration, before.warnings, before.funder_pct_most) == (
        None,
        None,
        (),
        None,
    )


def test_s26_3_a_declared_conflict_is_there_for_the_votes_it_concerns_on_its_days(house):
    given = {"subject": "project-3", "nature": "supplier", "reason": "Vend le logiciel", "since": "2026-01-01"}
    one = house.new("conflict", organisation="o-1", **given).id
    house.new("conflict", organisation="o-1", **{**given, "nature": "owner", "reason": "10 %"})
    house.new("conflict", account=7, until="2026-02-01", **given)
    house.new("conflict", organisation="o-2", **{**given, "subject": "project-4"})
    book = entries.book()
    found = conflicts_for(book, "project-3", "2026-02-01")
    assert {who: why.en for who, why in found.items()} == {
        "o-1": "supplier: Vend le logiciel; share of the capital: 10 %", "account 7": "supplier: Vend le logiciel",
    }  # fmt: skip
    assert set(conflicts_for(book, "project-3", "2026-02-02")) == {"o-1"}
    assert conflicts_for(book, "project-3", "2025-12-31") == {}
    assert len(declared_on(book, "project-4", "2026-05-01")) == 1
    assert "Give an organisation" in refused(house.new, "conflict", **given)
    assert "not taken back" in refused(house.set, one, organisation="o-9")
    assert "is past" in refused(house.set, one, until="2026-02-01")
    house.set(one, until="2026-03-02")
    assert "owner" not in conflicts_for(entries.book(), "project-3", "2026-03-03")["o-1"].en
