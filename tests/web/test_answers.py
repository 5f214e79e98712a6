"""By when, peers, why, merge and weights as a reader meets them, over a real edition and over one that lacks them."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date
from importlib import resources

import pytest

from beffroi.observatory.edition import build_edition
from beffroi.observatory.home import Home
from beffroi.observatory.read import open_edition
from beffroi.vocabulary.errors import UnknownEditionError
from beffroi.web import access

BOTH = pytest.mark.parametrize("lang", ["fr", "en"])
UNION = "regions=FRK1&regions=FRK2&set=nuts2_2016"
PAGES = (
    "/region/FRK/when/", "/region/FRE2/when/?set=nuts2_2016", "/region/FRK/peers/", "/region/FRK/why/",
    "/region/FRK/why/?with=FRE&since=2025-1", "/region/FRK2/why/", "/merge/", "/merge/?regions=FRK",
    f"/merge/?{UNION}",
    "/merge/?regions=FRE1&add=picardie&set=nuts2_2016", "/weights/",
    "/weights/?w.talent=2,5&i.gerd_pct_gdp=0&region=FRE",
    "/edition/2026-1/region/FRK/when/", "/region/FRK/",
)  # fmt: skip
BAD = (
    "/region/FRK/why/?with=FRK", "/region/FRK/why/?with=FRK2", "/merge/?regions=FRK1&regions=FRK2",
    "/merge/?add=nowhere",
    "/weights/?w.talent=abc", "/weights/?w.talent=101", "/weights/?w.magic=1", "/weights/?i.gerd_pct_gdp=-1",
    "/merge/figures.csv?regions=FRK", "/weights/ranks.csv?w.talent=abc", "/region/FRK/why.csv?with=FRK",
)  # fmt: skip
LATER = ("/region/FRK/when/", "/region/FRK/peers/")


@pytest.fixture(scope="session")
def real(tmp_path_factory):
    """The starter's real figures, few scenarios."""
    home = tmp_path_factory.mktemp("real")
    place = home / "catalogue" / "indices" / "digital_region.yaml"
    place.parent.mkdir(parents=True)
    ours = resources.files("beffroi.catalogue").joinpath("indices/digital_region.yaml").read_text("utf-8")
    place.write_text(ours.replace("scenarios: 16384", "scenarios: 256"), encoding="utf-8")
    build_edition(Home(home), today=date(2026, 11, 22), workers=1)
    return open_edition(home)


class RealShelf:
    """The real edition, and one before it with another method."""

    def __init__(self, edition):
        index = edition.indices["digital_region"]
        heavier = tuple(replace(one, weight=4.0) if one.id == "use" else one for one in index.pillars)
        before = replace(edition, id="2025-1", indices={index.id: replace(index, pillars=heavier)})
        self.held = {edition.id: edition, "2025-1": before}

    def editions(self):
        return tuple(self.held)

    def open(self, edition_id):
        if edition_id is None:
            return next(iter(self.held.values()))
        if edition_id not in self.held:
            raise UnknownEditionError(f"Edition '{edition_id}' is not here.")
        return self.held[edition_id]


@pytest.fixture
def site(real, client):
    access.use(RealShelf(real))
    return client


def well_formed(page):
    assert page.faults == []
    assert len(page.ids) == len(set(page.ids))
    assert set(page.refers) <= set(page.ids)
    assert page.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    assert "%(" not in page.text
    assert not re.search(r"\bNone\b|\bnan\b", page.text)


@BOTH
@pytest.mark.parametrize("path", PAGES)
def test_an_answer_is_well_formed(site, read, lang, path):
    response = site.get(f"/{lang}{path}")

    assert response.status_code == 200
    well_formed(read(response))
    assert len(response.content) < 200_000


@BOTH
@pytest.mark.parametrize("path", BAD)
def test_what_makes_no_sense_is_refused_with_a_message(site, read, lang, path):
    response = site.get(f"/{lang}{path}")

    page = read(response)
    assert response.status_code == 400
    well_formed(page)
    assert (
        'role="alert"' in response.content.decode() or "This cannot be computed" in page.text or "Ceci ne" in page.text
    )


@pytest.mark.parametrize(
    "path",
    [
        "/region/ZZZ/when/", "/region/ZZZ/peers/", "/region/ZZZ/why/", "/region/FRK/why/?with=ZZZ",
        "/merge/?regions=ZZZ",
        "/weights/?region=ZZZ", "/region/FRK/why/?since=1999-1", "/region/FRK/nothing.csv", "/region/FRK2/when.csv",
        "/region/FRK2/change.csv", "/region/FRK/nothing.svg",
    ],
)  # fmt: skip
def test_what_the_edition_does_not_hold_is_not_found(site, path):
    assert site.get(f"/en{path}").status_code == 404


@BOTH
def test_links_of_the_answers_lead_somewhere(site, read, lang):
    seen = set()
    for path in PAGES:
        for url in read(site.get(f"/{lang}{path}")).links:
            shape = re.sub(r"=[^&]*|[A-Z]{2}[A-Z0-9]+", "", url.split("#")[0])
            if url.startswith("/") and shape not in seen:
                seen.add(shape)
                assert site.get(url.split("#")[0]).status_code == 200, url
    assert len(seen) > 40


def test_by_when_says_the_place_and_how_much_of_it_is_known(site, read, real):
    reading = real.sets["administrative_2016"]
    path = {one.year: one for one in reading.outlook.paths["FRK"]}

    text = read(site.get("/en/region/FRK/when/")).text

    assert f"would be {path[10].rank}th, between {path[10].rank_low}th and {path[10].rank_high}" in text
    weights = {"own": 0.0, "common": 0.0, "still": 0.0}
    for (region, name), one in reading.outlook.paces.items():
        if region == "FRK":
            weights[one.basis] += reading.cells[region, name].weight
    assert f"Of the index, {weights['own']:.0%} moves at the region’s own pace" in text
    assert "fewer than five years in every region: nobody moves" in text


def test_peers_are_listed_with_their_distance(site, read, real):
    nearest = real.sets["administrative_2016"].outlook.peers["FRK"][0]

    rows = read(site.get("/en/region/FRK/peers/")).rows

    assert [real.places[nearest.peer].name.en, f"{nearest.distance:.2f}"] in [
        [row[0], row[2]] for row in rows if len(row) > 2
    ]


def test_the_parts_of_a_gap_on_the_page_add_up(site, read):
    rows = read(site.get("/en/region/FRK/why/?with=FRE")).rows
    points = [row[4] for row in rows if len(row) == 5 and row[4][:1] in "+−0"]

    figures = [float(one.replace("−", "-")) for one in points]

    assert sum(figures[:-1]) == pytest.approx(figures[-1], abs=0.005 * len(figures))


def test_a_change_between_editions_is_told_by_its_cause(site, read):
    page = read(site.get("/en/region/FRK/why/?with=FRE&since=2025-1"))
    rows = {row[0]: row[1] for row in page.rows if len(row) == 2}

    assert rows["Its own figures changed"] == rows["The figures of the others changed"] == "0.0"
    assert rows["The method changed"] == rows["Total"]


def test_merging_two_old_regions_ranks_one_region_fewer(site, read, real):
    text = read(site.get(f"/en/merge/?{UNION}")).text

    assert f"of {len(real.sets['nuts2_2016'].standings) - 1} regions" in text
    assert "exact: sums over sums" in text
    assert "estimate: mean weighted by inhabitants" in text


def test_weights_of_the_address_stand_in_the_form_and_typed_errors_are_kept(site):
    page = site.get("/en/weights/?w.talent=2,5&w.use=0").content.decode()
    assert 'name="w.talent" value="2,5"' in page
    assert 'name="w.use" value="0"' in page

    wrong = site.get("/en/weights/?w.talent=%22%3E%3Cb%3E").content.decode()
    assert 'value="&quot;&gt;&lt;b&gt;"' in wrong
    assert 'aria-describedby="w-talent-share w-talent-error" aria-invalid="true"' in wrong


def test_the_address_to_share_gives_the_same_ranks_in_either_language(site):
    page = site.get("/en/weights/?w.talent=3&w.research=1&region=FRE").content.decode()
    shared = re.search(r'href="([^"]+)">Address to share', page)[1].replace("&amp;", "&")

    assert shared.startswith("/en/edition/2026-1/weights/?region=FRE&")
    english, french = (site.get(one).content.decode() for one in (shared, shared.replace("/en/", "/fr/")))
    found = [re.search(r"<strong>(\d+)", one)[1] for one in (english, french, page)]
    assert len(set(found)) == 1


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
@pytest.mark.parametrize(
    "path",
    [
        "/region/FRK/when.{}", "/region/FRK/path.{}", "/region/FRK/peers.{}", "/region/FRK/reach.{}",
        "/region/FRK/why.{}?with=FRE", "/region/FRK/change.{}?since=2025-1", "/merge/figures.{}?" + UNION,
        "/weights/ranks.{}?w.talent=2",
    ],
)  # fmt: skip
def test_an_answer_can_be_taken_away(site, path, kind):
    response = site.get("/fr" + path.format(kind))

    assert response.status_code == 200
    assert 'attachment; filename="beffroi-2026-1' in response.headers["Content-Disposition"]


def test_the_downloaded_gap_adds_up(site, real):
    text = site.get("/en/region/FRK/why.csv?with=FRE").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    reading = real.sets["administrative_2016"]

    gap = reading.standing("FRK").score - reading.standing("FRE").score

    assert sum(float(one["gap_points"]) for one in rows) == pytest.approx(gap, abs=1e-9)


@pytest.mark.parametrize(
    "path", ["/region/FRK/path.svg", "/region/FRK/peers.svg", "/region/FRK/why.svg",
        f"/merge/figures.svg?{UNION}", "/weights/ranks.svg"]
)  # fmt: skip
def test_a_picture_can_be_taken_away(site, path):
    response = site.get(f"/fr{path}")

    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("image/svg+xml")
    assert b"<title" in response.content


@pytest.mark.parametrize(
    ("path", "column"),
    [
        ("regions/FRK/arrivals", "within_10_years_share"), ("regions/FRK/path", "rank_low"),
        ("regions/FRK/peers", "peer_code"), ("regions/FRK/reach", "peers_reach"),
        ("regions/FRK/gap?with=FRE", "gap_points"), ("regions/FRK/change?since=2025-1", "places"),
        ("merge?regions=FRK1,FRK2&set=nuts2_2016", "how"), ("weights?w=talent:2,use:0", "edition_rank"),
    ],
)  # fmt: skip
def test_the_read_api_gives_the_same_tables(site, path, column):
    found = site.get(f"/api/v1/{path}").json()

    assert found["count"] == len(found["rows"]) > 0
    assert column in found["rows"][0]


@pytest.mark.parametrize(
    "path",
    [
        "regions/ZZZ/peers", "regions/FRK/gap?with=ZZZ", "regions/FRK2/arrivals", "regions/FRK/change?since=1999-1",
        "merge?regions=FRK1,FRK2", "weights?w=talent:abc", "weights?w=talent", "weights?w=magic:1", "merge?regions=FRK",
    ],
)  # fmt: skip
def test_the_read_api_refuses_with_a_problem(site, path):
    response = site.get(f"/api/v1/{path}")

    assert response.status_code in {404, 422}
    assert response.headers["Content-Type"].startswith("application/problem+json")
    assert response.json()["detail"]


@BOTH
@pytest.mark.parametrize("path", LATER)
def test_an_edition_from_before_says_that_it_holds_no_answer(client, read, lang, path):
    response = client.get(f"/{lang}{path}")

    page = read(response)
    assert response.status_code == 200
    well_formed(page)
    assert ("newer edition will show" in page.text) or ("plus récente montrera" in page.text)


def test_an_edition_from_before_has_no_api_answer_and_no_picture(client):
    assert client.get("/api/v1/regions/FRK/peers").json()["count"] == 0
    assert client.get("/en/region/FRK/path.svg").status_code == 404
    assert client.get("/en/region/FRK/peers.svg").status_code == 404


def test_a_house_with_one_edition_says_what_will_be_told(real, client, read):
    shelf = RealShelf(real)
    del shelf.held["2025-1"]
    access.use(shelf)

    text = read(client.get("/en/region/FRK/why/")).text

    assert "This house holds one edition only." in text
    assert client.get("/en/region/FRK/change.csv").status_code == 404
