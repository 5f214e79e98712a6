"""Measures of the fabric agree with a count by hand, and what they show gives no firm away."""

from __future__ import annotations

import math
from collections import Counter, defaultdict

import numpy as np
import pytest
from scipy.optimize import linprog

from beffroi.observatory import fabric_public
from beffroi.observatory.fabric_growth import OTHERS, TOTAL, shift_share_of
from beffroi.observatory.fabric_measures import concentration, quotient
from beffroi.observatory.fabric_public import LEVELS, communes_of, public_figures
from beffroi.observatory.fabric_race import race, race_answer
from beffroi.observatory.fabric_related import related_of
from beffroi.observatory.fabric_subject import merged, outside, subject
from beffroi.observatory.fabric_territories import canonical, inside, name_of
from beffroi.observatory.fabric_years import demography_of
from beffroi.sources.sirene_load import load_snapshot
from beffroi.survey.disclosure import Rule
from beffroi.vocabulary.communes import places
from beffroi.vocabulary.errors import MethodError, UnknownDefinitionError, UnknownRegionError, UsageError

ICT = ("26.1", "26.2", "26.3", "26.4", "26.8", "46.5", "58.2", "61", "62", "63.1", "95.1")
BANDS = {"01": 1.5, "02": 4, "03": 7.5, "11": 14.5, "12": 34.5, "21": 74.5, "31": 224.5, "53": 10000}


@pytest.fixture(scope="module")
def register(stock_maker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("measures")
    for month, units in (("2025-11", 300), ("2026-11", 400)):
        made = stock_maker(units=units)
        load_snapshot([made.write(folder / month)], folder / "r", month=month, today="2026-11-22")
    return folder / "r", made.rows["establishments"]


@pytest.fixture(scope="module")
def sparse(stock_maker, tmp_path_factory):
    """So few firms that most of them are secrets."""
    folder = tmp_path_factory.mktemp("sparse")
    made = stock_maker(seed=3, units=45)
    load_snapshot([made.write(folder)], folder / "r", month="2026-11", today="2026-11-22")
    return subject(folder / "r"), made.rows["establishments"]


@pytest.fixture(scope="module")
def hidden(sparse):
    with sparse[0].engine() as engine:
        return public_figures(sparse[0], engine)


@pytest.fixture(scope="module")
def asked(register):
    return subject(register[0])


@pytest.fixture(scope="module")
def public(asked):
    with asked.engine() as engine:
        return public_figures(asked, engine)


def place(row):
    return places().get(row["codeCommuneEtablissement"])


def is_ict(row):
    known = row["nomenclatureActivitePrincipaleEtablissement"] == "NAFRev2"
    return known and row["activitePrincipaleEtablissement"].startswith(ICT)


def active(rows):
    return [row for row in rows if row["etatAdministratifEtablissement"] == "A" and row["codeCommuneEtablissement"]]


def test_quotients_are_those_counted_by_hand(register, asked):
    rows = active(register[1])
    own, whole = Counter(), Counter()
    for row in rows:
        if place(row):
            whole[place(row).nuts3] += 1
            own[place(row).nuts3] += is_ict(row)
    share = sum(map(is_ict, rows)) / len(rows)

    found = quotient(asked, by="nuts3")

    shown = 0
    for code, _, _, count, _, _, total, _, ratio, low, high, _, reading, why in found.rows:
        if why or not total:
            continue
        shown += 1
        assert (count, total) == (own[code], whole[code])
        assert ratio == pytest.approx(own[code] / whole[code] / share)
        assert low <= ratio <= high
        assert reading == ("above" if low > 1 else "below" if high < 1 else "not_distinguishable")
    assert shown >= 4


def test_jobs_are_middles_of_bands(register, public):
    jobs = sum(BANDS.get(row["trancheEffectifsEtablissement"], 0) for row in active(register[1]) if is_ict(row))

    assert public.inside["country", "FR"].jobs == jobs


def test_nothing_shown_about_territories_gives_a_secret_away(sparse, hidden):
    rows = [row for row in active(sparse[1]) if is_ict(row)]
    units = defaultdict(set)
    parts = Counter()
    for row in rows:
        one = place(row)
        codes = ("FR", one.nuts1, one.nuts2, one.nuts3, one.epci) if one else ("FR", "", "", "", "")
        parts[codes] += 1
        for level, code in zip(LEVELS, codes, strict=True):
            units[level, code].add(row["siren"])
    keys = list(hidden.inside)
    order = list(parts)
    matrix = np.array([[part[LEVELS.index(level)] == code for part in order] for level, code in keys], float)
    values = matrix @ np.array([parts[one] for one in order], float)
    shown = np.array([hidden.inside[key].is_shown for key in keys])
    secret = [k for k, key in enumerate(keys) if 0 < len(units[key]) < 3]

    assert secret
    for k in secret:
        assert not shown[k]
        ends = [linprog(sign * matrix[k], A_eq=matrix[shown], b_eq=values[shown], bounds=(0, None)) for sign in (1, -1)]
        low, high = (sign * one.fun if one.status == 0 else math.inf for sign, one in zip((1, -1), ends, strict=True))
        assert low <= values[k] - min(0.15 * values[k], values[k]) + 1e-6
        assert high >= values[k] + 1 - 1e-6
    for key, figure in hidden.inside.items():
        assert figure.establishments in (None, values[keys.index(key)])


def test_the_rest_is_no_back_door(sparse, hidden):
    rows = active(sparse[1])
    rest = defaultdict(set)
    for row in rows:
        if not is_ict(row) and place(row):
            rest[place(row).epci].add(row["siren"])
    for (level, code), whole in hidden.whole.items():
        if level == "epci" and 0 < len(rest[code]) < 3:
            assert not (whole.is_shown and hidden.inside[level, code].is_shown)


def test_communes_are_silent_where_their_epci_is(sparse, hidden):
    with sparse[0].engine() as engine:
        for epci in ("200093201", "200070555"):
            found = communes_of(sparse[0], engine, hidden, epci)
            if not hidden.inside["epci", epci].is_shown:
                assert not any(one.is_shown for one in found.inside.values())
            else:
                left = [one for one in found.inside.values() if not one.is_shown]
                assert len(left) != 1


def test_concentration_is_that_of_the_shares(register, asked):
    rows = [row for row in active(register[1]) if place(row)]
    counts = Counter(place(row).nuts1 for row in rows if is_ict(row) and place(row).nuts1)
    total = sum(counts.values())

    found = concentration(asked, by="nuts1")

    values = dict(zip(found.column("index"), found.column("value"), strict=True))
    if not found.column("secret_territories")[0]:
        assert values["herfindahl"] == pytest.approx(sum((one / total) ** 2 for one in counts.values()), abs=0.02)
    assert values["equivalent_number"] == pytest.approx(1 / values["herfindahl"])
    assert 0 <= values["locational_gini"] == pytest.approx(values["hoover_gini"] / 2)
    assert len(found.rows) == 9


@pytest.mark.parametrize("span", [("2025-11", "2026-11"), ("2015", "2025")])
@pytest.mark.parametrize("classic", [True, False])
def test_parts_of_growth_add_up_and_secret_industries_are_one(register, span, classic):
    found = shift_share_of(register[0], span, territory="FR1", by="code", perimeter="oecd_ict_sector", classic=classic)

    rows = {row[4]: row for row in found.rows}
    total = rows[TOTAL]
    told = [row for name, row in rows.items() if name != TOTAL and not row[-1]]
    assert total[7] == total[6] - total[5] == sum(row[7] for row in told)
    parts = [one for one in total[8:12] if one is not None]
    if len(parts) == 4:
        assert sum(parts) == pytest.approx(total[7])
    hidden = [row for row in rows.values() if row[-1]]
    assert (OTHERS in rows) == bool(hidden)
    assert all(value is None for row in hidden for value in row[5:12])


def test_growth_between_months_counts_what_is_active(register):
    rows = [row for row in active(register[1]) if is_ict(row) and place(row) and place(row).nuts1 == "FR1"]

    found = shift_share_of(
        register[0], ("2025-11", "2026-11"), territory="FR1", by="division", perimeter="oecd_ict_sector"
    )

    assert found.rows[0][6] == len(rows)


def test_spans_that_are_none_are_refused(register):
    ask = {"territory": "FR1", "perimeter": "oecd_ict_sector"}
    for span in (("2015", "2026-11"), ("2025", "2015"), ("20x5", "20x6")):
        with pytest.raises(UsageError):
            shift_share_of(register[0], span, **ask)
    with pytest.raises(UsageError, match="compares a territory with France"):
        shift_share_of(register[0], ("2015", "2025"), territory="FR", perimeter="oecd_ict_sector")
    with pytest.raises(UnknownRegionError, match="is no territory"):
        shift_share_of(register[0], ("2015", "2025"), territory="XX9", perimeter="oecd_ict_sector")


def test_births_and_deaths_are_counted_by_hand(register, asked):
    rows = [row for row in register[1] if is_ict(row) and row["codeCommuneEtablissement"]]
    born = Counter(int(row["dateCreationEtablissement"][:4]) for row in rows)
    died = Counter(
        max(int(row["dateDebut"][:4]), int(row["dateCreationEtablissement"][:4]))
        for row in rows
        if row["etatAdministratifEtablissement"] == "F"
    )

    found = demography_of(asked, by="country")

    assert len(found.rows) == 10
    for _, _, year, active_in, births, deaths, rate, *_, why in found.rows:
        assert why == ""
        assert (births, deaths) == (born[year], died[year])
        assert rate == pytest.approx(births / active_in)


def test_a_year_with_few_events_is_secret_and_its_stock_too(asked):
    found = demography_of(asked, by="nuts3")

    secret = {row[0] for row in found.rows if row[-1]}
    assert secret
    for row in found.rows:
        if row[-1]:
            assert all(value is None for value in row[3:-1])
        elif row[0] in secret:
            assert row[3] is None
            assert row[6] is None


def test_years_are_not_told_below_departments(asked):
    with pytest.raises(UsageError, match="tell of single firms"):
        demography_of(asked, by="epci")
    with pytest.raises(UsageError, match="level epci"):
        race(asked, territory="200093201")


def test_two_sectors_race_through_the_years(register, asked):
    rows = [row for row in register[1] if row["codeCommuneEtablissement"]]

    def standing(rows, year):
        return sum(
            int(row["dateCreationEtablissement"][:4]) <= year
            and not (row["etatAdministratifEtablissement"] == "F" and
                     max(int(row["dateDebut"][:4]), int(row["dateCreationEtablissement"][:4])) <= year)
            for row in rows
        )  # fmt: skip

    found = race(asked, first=2015)

    retail = [r for r in rows if r["activitePrincipaleEtablissement"].startswith("47")
              and r["nomenclatureActivitePrincipaleEtablissement"] == "NAFRev2"]  # fmt: skip
    assert found.years == tuple(range(2015, 2026))
    assert list(found.own) == [standing([r for r in rows if is_ict(r)], year) for year in found.years]
    assert list(found.other) == [standing(retail, year) for year in found.years]
    answer = race_answer(asked, found, against=("47",))
    assert answer.rows[0][-2] in ("crosses", "has crossed", "does not cross")
    assert answer.lines[0].startswith("Answer: ")


def test_related_activities_lie_on_the_axis(asked):
    found = related_of(asked, territory="FR1")

    assert set(found.column("activity")) == {"01.1", "26.1", "47.1", "62.0", "63.1"}
    inside_codes = {row[2] for row in found.rows if row[4]}
    assert inside_codes == {"26.1", "62.0", "63.1"}
    assert all(-1 <= one <= 1 for one in found.column("axis") if one is not None)
    assert all(0 <= one <= 1 for one in found.column("density") if one is not None)
    with pytest.raises(UsageError, match="départements and larger"):
        related_of(asked, territory="200093201")


def test_a_register_of_one_place_relates_nothing(stock_maker, tmp_path):
    made = stock_maker(units=30)
    for row in made.rows["establishments"]:
        row["codeCommuneEtablissement"] = "59350"
    load_snapshot([made.write(tmp_path)], tmp_path / "r", month="2026-11", today="2026-11-22")

    with pytest.raises(MethodError, match="Load the register of the whole country"):
        related_of(subject(tmp_path / "r"), territory="FRE")


def test_every_row_names_its_subject(asked):
    table = quotient(asked, by="nuts1").table()

    assert table.columns[-5:] == ("perimeter", "perimeter_version", "nomenclature", "month", "source")
    assert {row[-5:] for row in table.rows} == {
        ("oecd_ict_sector", "2007", "NAFRev2", "2026-11", "SIRENE (INSEE), Licence Ouverte 2.0")
    }


def test_sdmx_says_what_is_suppressed_and_why(sparse):
    table = quotient(sparse[0], by="epci").sdmx()

    at = {name: k for k, name in enumerate(table.columns)}
    assert table.columns[:4] == ("STRUCTURE", "STRUCTURE_ID", "ACTION", "TERRITORY")
    assert len({(row[at["TERRITORY"]], row[at["MEASURE"]]) for row in table.rows}) == len(table.rows)
    marks = {(row[at["OBS_VALUE"]] is None, row[at["OBS_STATUS"]], row[at["CONF_STATUS"]]) for row in table.rows}
    assert (True, "Q", "A") in marks
    assert marks <= {(False, "A", "F"), (True, "M", "F"), *((True, "Q", one) for one in "AOD")}


def test_a_perimeter_that_is_none_is_refused(register):
    with pytest.raises(UnknownDefinitionError, match="is not here"):
        subject(register[0], perimeter="digitel")


def test_the_new_nomenclature_counts_its_own_codes(register):
    new = subject(register[0], vintage="NAF2025")
    rows = active(register[1])
    held = [r for r in rows if (r["activitePrincipaleNAF25Etablissement"] or "").startswith(("62", "63.91"))]

    with new.engine() as engine:
        assert public_figures(new, engine).inside["country", "FR"].establishments == len(held)


def test_a_weaker_rule_shows_more(sparse, hidden):
    with sparse[0].engine() as engine:
        free = public_figures(sparse[0], engine, rule=Rule(least_units=0, most_share=1.0, width=0.0, step=0.0))

    assert all(one.is_shown for one in free.inside.values())
    assert sum(one.is_shown for one in hidden.inside.values()) < len(hidden.inside)


def test_territories_know_what_lies_in_them():
    assert canonical("69") == "FRK26"
    assert "200093201" in inside("FRE11", "epci")
    assert "59350" in inside("200093201", "commune")
    assert name_of("FRE", "fr") == "Hauts-de-France"
    with pytest.raises(UsageError, match="no level"):
        inside("FRE", "street")


def test_ranges_of_keys_are_told_from_their_complement():
    assert merged([(3, 4), (1, 2)]) == ((1, 4),)
    assert outside(((0, 2),), last=2) == ()
    assert fabric_public.LEVELS[0] == "country"
