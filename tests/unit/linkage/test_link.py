"""Links hang on what rows say, not on where they stand; identifiers decide; related is not the same."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from beffroi.linkage.identifiers import luhn
from beffroi.linkage.link import link_lists, link_register
from beffroi.linkage.model import models
from beffroi.linkage.reason import bits_of
from beffroi.linkage.record import Record, tidy

WORDS = ("Talend", "Minalogic", "Nuxeo", "Lyon", "Digital", "Groupe", "Systems", "Proxem", "Aerys")
SIRENS = tuple(f"{n}{key}" for n in (73282932, 44306184, 55210055) for key in range(10) if luhn(f"{n}{key}"))

rows = st.builds(
    lambda words, city, siren, site: {"name": " ".join(words), "city": city, "siren": siren, "website": site},
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
    st.sampled_from(("", "Paris", "Lyon", "Grenoble")),
    st.sampled_from(("", *SIRENS)),
    st.sampled_from(("", "talend.com", "nuxeo.com")),
)
lists = st.lists(rows, min_size=1, max_size=8)


def listed(source, cells):
    return [tidy(Record(source, number, **one)) for number, one in enumerate(cells, 1)]


def found(records, by=lambda one: one.id):
    return sorted(
        (*sorted((by(one.left), by(one.right))), round(one.probability, 9), one.decision) for one in link_lists(records)
    )


def said(one):
    """What a row says, whatever its number."""
    return (one.record.source, *(getattr(one.record, field) for field in ("name", "city", "siren", "website")))


@settings(max_examples=40)
@given(lists, lists)
def test_a_then_b_is_b_then_a(left, right):
    a, b = listed("a", left), listed("b", right)

    assert found([*a, *b]) == found([*b, *a])


@settings(max_examples=40)
@given(lists, lists, st.randoms(use_true_random=False))
def test_shuffled_rows_give_the_same_links(left, right, chance):
    before = found([*listed("a", left), *listed("b", right)], said)
    chance.shuffle(left)
    chance.shuffle(right)

    assert found([*listed("a", left), *listed("b", right)], said) == before


@settings(max_examples=40)
@given(lists, lists)
def test_two_siren_are_never_one_unit(left, right):
    links = link_lists([*listed("a", left), *listed("b", right)])

    assert [
        one
        for one in links
        if one.decision in ("automatic", "review") and len({one.left.siren, one.right.siren} - {""}) > 1
    ] == []


@settings(max_examples=20)
@given(lists, lists)
def test_linking_twice_gives_the_same(left, right):
    records = [*listed("a", left), *listed("b", right)]

    assert link_lists(records) == link_lists(records)


@settings(max_examples=40)
@given(lists, lists)
def test_without_a_siren_a_row_goes_with_one_row_of_the_other_list(left, right):
    cells = [[{**one, "siren": ""} for one in each] for each in (left, right)]
    automatic = [
        one for one in link_lists([*listed("a", cells[0]), *listed("b", cells[1])]) if one.decision == "automatic"
    ]

    for side in ("a", "b"):
        rows_ = [one.id for link in automatic for one in (link.left, link.right) if one.record.source == side]
        assert len(rows_) == len(set(rows_))


def pair(left, right):
    one = link_lists([tidy(Record("a", 1, **left)), tidy(Record("b", 1, **right))])
    return one[0].decision if one else "no"


def test_well_known_pairs_of_the_region():
    assert pair({"name": "Telecom Paristech", "city": "Paris"}, {"name": "Telecom ParisTech", "city": "Paris"}) == (
        "automatic"
    )
    assert pair({"name": "Ant Inno", "city": "Montreuil"}, {"name": "Ant’Inno", "city": "Montreuil"}) == "automatic"
    assert pair({"name": "Hec", "city": "Jouy-en-Josas"}, {"name": "Incubateur HEC", "city": "Jouy-en-Josas"}) == (
        "related"
    )
    assert pair({"name": "Talend", "city": "Suresnes"}, {"name": "Nuxeo", "city": "Paris"}) == "no"


def test_one_web_site_with_two_names_is_related():
    assert (
        pair(
            {"name": "Institut d'optique", "website": "institutoptique.fr", "city": "Palaiseau"},
            {"name": "Photonic FabLab", "website": "institutoptique.fr", "city": "Palaiseau"},
        )
        == "related"
    )


def test_two_sites_of_a_network_on_one_web_site_are_related():
    left, right = (
        {"name": f"Intencity {one}", "website": "intencity.fr", "city": "Paris"} for one in ("Reuilly", "Clichy")
    )

    assert pair(left, right) == "related"


def test_who_names_two_rows_of_one_list_differently_is_asked():
    cells = [{"name": one, "website": "efrei.fr", "city": "Villejuif"} for one in ("Efrei", "Efrei Paris Nord")]

    assert [one.decision for one in link_lists(listed("a", cells))] == ["review"]


def test_two_siren_under_one_name_are_related():
    left, right = {"name": "Atos", "siren": SIRENS[0]}, {"name": "Atos", "siren": SIRENS[1]}

    assert pair(left, right) == "related"
    assert pair(left, {**left, "name": "Bull"}) == "automatic"


def test_sites_of_one_network_are_not_one_organisation():
    schools = [("Lycée Jean Moulin", "Béziers", "34500"), ("Lycée Jean Moulin", "Albertville", "73200")]
    cells = [{"name": name, "city": city, "postcode": code} for name, city, code in schools]
    links = link_lists([*listed("a", cells), *listed("b", cells)])

    assert {(one.left.record.city, one.right.record.city) for one in links if one.decision == "automatic"} == {
        ("Béziers", "Béziers"),
        ("Albertville", "Albertville"),
    }


def test_one_list_alone_finds_its_duplicates():
    cells = [
        {"name": "Proxem SAS", "city": "Paris", "website": "proxem.com"},
        {"name": "Talend", "city": "Suresnes"},
        {"name": "PROXEM", "city": "Paris 10", "website": "www.proxem.com"},
    ]

    assert [(one.left.record.row, one.right.record.row) for one in link_lists(listed("a", cells))] in (
        [(1, 3)],
        [(3, 1)],
    )


def test_a_name_alone_is_not_automatic_where_the_place_differs():
    left = {"name": "Zenpark", "city": "Saint-Germain-en-Laye", "postcode": "78100"}

    assert pair(left, {"name": "Zenpark", "city": "Paris", "postcode": "75018"}) in ("review", "no")


def test_the_evidence_adds_up_to_the_odds_of_the_pair():
    one = link_lists(
        [tidy(Record("a", 1, name="Alixen", city="Orsay")), tidy(Record("b", 1, name="Alixan", city="Orsay"))]
    )
    bias = models()["lists"].final.bias / 0.6931471805599453

    assert [round(sum(e.bits for e in link.evidence) + bias - bits_of(link.probability), 3) for link in one] == [
        0.0
    ] * len(one)


UNITS = [
    tidy(Record("register", 1, key="A", name="LYCEE GENERAL VICTOR HUGO", city="LYON")),
    tidy(Record("register", 2, key="B", name="LYCEE PROFESSIONNEL VICTOR HUGO", city="LYON")),
    tidy(Record("register", 3, key="C", name="MINALOGIC PARTENAIRES", city="GRENOBLE", siren=SIRENS[0])),
    tidy(Record("register", 4, key="D", name="TALEND", city="SURESNES CEDEX")),
]


def test_a_siren_decides_before_any_name():
    links = link_register([tidy(Record("a", 1, name="Something else", siren=SIRENS[0]))], UNITS)

    assert [(one.right.record.key, one.decision, one.origin) for one in links] == [("C", "automatic", "rule")]


def test_homonyms_share_the_probability_and_go_to_a_person():
    links = link_register([tidy(Record("a", 1, name="Lycée Victor Hugo", city="Lyon"))], UNITS)

    assert {one.right.record.key for one in links} == {"A", "B"}
    assert {one.decision for one in links} == {"review"}
    assert sum(one.probability for one in links) <= 1


def test_a_row_of_another_siren_is_never_linked_by_its_name():
    links = link_register([tidy(Record("a", 1, name="Minalogic Partenaires", city="Grenoble", siren=SIRENS[1]))], UNITS)

    assert {one.decision for one in links} <= {"related"}


def test_the_list_teaches_which_homonym_it_means():
    towns = ("Lyon", "Brest", "Nantes", "Lille", "Nice", "Metz", "Dijon", "Tours", "Reims", "Rouen", "Caen", "Pau")
    names = ("Ampère", "Colbert", "Diderot", "Fermat", "Gambetta", "Kepler", "Lakanal", "Monge", "Pascal", "Rabelais",
             "Turgot", "Vauban")  # fmt: skip
    kinds = [("GENERAL", n) for n in range(len(towns))] + [("PROFESSIONNEL", 0)]
    units = [
        tidy(Record("register", number, key=kind, name=f"LYCEE {kind} {names[n]}", city=towns[n]))
        for number, (kind, n) in enumerate(kinds, 1)
    ]
    rows_ = [
        tidy(Record("a", n + 1, name=f"Lycée {name}", city=town))
        for n, (town, name) in enumerate(zip(towns, names, strict=True))
    ]
    best = link_register(rows_, units)[0]

    assert best.right.record.key == "GENERAL"
    assert best.probability > 0.5


def test_no_input_is_changed():
    cells = listed("a", [{"name": "Talend"}, {"name": "Nuxeo"}])
    before = [replace(one) for one in cells]

    link_lists(cells)

    assert cells == before


def test_the_best_of_poor_candidates_is_not_a_link():
    filler = [{"name": f"{word} {more}", "city": "Paris"} for word in WORDS for more in ("Conseil", "Studio", "Média")]
    register = listed("register", [*filler, {"name": "HC"}, {"name": "CREATIF"}, {"name": "BEARSTECH"}])
    rows = listed("list", [{"name": "Happy Content"}, {"name": "Creaktif"}, {"name": "Bearstech"}])

    decided = {(one.left.record.name, one.right.record.name): one for one in link_register(rows, register)}

    assert decided["Bearstech", "BEARSTECH"].decision == "automatic"
    assert {one.left.record.name for one in decided.values() if one.decision == "automatic"} == {"Bearstech"}
    assert "as a pair on its own" in decided["Creaktif", "CREATIF"].reason


def test_what_a_unit_founded_is_not_the_unit():
    filler = [{"name": f"{word} {more}", "city": "Paris"} for word in WORDS for more in ("Conseil", "Studio", "Média")]
    register = listed("register", [*filler, {"name": "Incubateur HEC", "city": "Jouy-en-Josas", "website": "hec.fr"}])
    rows = listed("list", [{"name": "HEC", "city": "Jouy-en-Josas", "website": "hec.fr"}])

    one = link_register(rows, register)[0]

    assert one.decision == "review"
    assert "'incubateur' names a part or a sister of it" in one.reason
