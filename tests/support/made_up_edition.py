"""A made-up edition with the shape of a real one: names and places are real, every figure is invented.

Deterministic, so that a test can say which number a page must show.
"""

# ruff: noqa: E501 -- sentences and rows of data stay whole, to be read and searched for

from __future__ import annotations

import math
from types import MappingProxyType

import numpy as np

from beffroi.catalogue.schema import (
    Change,
    ComparisonSet,
    Index,
    Indicator,
    Pillar,
    ProfileRule,
    Series,
    Source,
    UncertaintySpec,
    Unit,
)
from beffroi.observatory.chance import Chance
from beffroi.observatory.reading import (
    Cell,
    Edition,
    Exclusion,
    PillarStanding,
    Place,
    Point,
    SetReading,
    Standing,
    Treated,
)
from beffroi.vocabulary.provenance import Provenance
from beffroi.vocabulary.text import Text

COUNTRIES = {
    "FR": Text("France", "France"),
    "DE": Text("Allemagne", "Germany"),
    "UK": Text("Royaume-Uni", "United Kingdom"),
    "SE": Text("Suède", "Sweden"),
    "IT": Text("Italie", "Italy"),
    "ES": Text("Espagne", "Spain"),
    "NL": Text("Pays-Bas", "Netherlands"),
    "BE": Text("Belgique", "Belgium"),
    "FI": Text("Finlande", "Finland"),
    "DK": Text("Danemark", "Denmark"),
    "AT": Text("Autriche", "Austria"),
    "PL": Text("Pologne", "Poland"),
    "EE": Text("Estonie", "Estonia"),
    "IE": Text("Irlande", "Ireland"),
    "EL": Text("Grèce", "Greece"),
    "PT": Text("Portugal", "Portugal"),
    "CZ": Text("Tchéquie", "Czechia"),
    "RO": Text("Roumanie", "Romania"),
}
# code, name in French, name in English (or empty when the same), longitude, latitude, level
# of development that the invented figures follow, sets it belongs to (a, n or both).
_PLACES = """
FRK|Auvergne-Rhône-Alpes||4.6|45.5|63|a
FRE|Hauts-de-France||2.8|50.0|45|a
FR1|Île-de-France||2.5|48.7|85|a
FRL|Provence-Alpes-Côte d’Azur||6.0|43.9|55|a
FRJ|Occitanie||2.2|43.7|60|a
FRG|Pays de la Loire||-0.8|47.4|51|a
FRH|Bretagne|Brittany|-2.8|48.2|54|a
FRM|Corse|Corsica|9.1|42.2|30|a
FRB|Centre-Val de Loire||1.7|47.5|44|a
DE1|Bade-Wurtemberg|Baden-Württemberg|9.0|48.5|84|a
DE2|Bavière|Bavaria|11.4|48.9|82|a
DE3|Berlin||13.4|52.5|80|a
DE6|Hambourg|Hamburg|10.0|53.6|76|a
DEA|Rhénanie-du-Nord-Westphalie|North Rhine-Westphalia|7.6|51.5|60|a
DED|Saxe|Saxony|13.3|51.0|56|a
UKI|Londres|London|-0.1|51.5|90|an
UKJ|Sud-Est de l’Angleterre|South East England|-0.8|51.3|79|a
UKH|Est de l’Angleterre|East of England|0.5|52.2|74|a
UKM|Écosse|Scotland|-4.2|56.8|66|a
UKD|Nord-Ouest de l’Angleterre|North West England|-2.7|53.9|57|a
UKL|Pays de Galles|Wales|-3.8|52.3|47|a
SE1|Suède orientale|East Sweden|16.5|59.5|92|a
SE2|Suède méridionale|South Sweden|14.0|57.5|81|a
NL3|Pays-Bas de l’Ouest|West Netherlands|4.6|52.1|80|a
NL4|Pays-Bas du Sud|South Netherlands|5.4|51.5|77|a
BE2|Région flamande|Flemish Region|4.6|51.0|73|a
BE3|Région wallonne|Walloon Region|4.9|50.3|52|a
FI1|Finlande continentale|Mainland Finland|26.0|63.0|83|a
DK0|Danemark|Denmark|10.0|55.9|82|a
AT1|Autriche orientale|East Austria|16.3|47.9|70|a
ITC4|Lombardie|Lombardy|9.8|45.6|58|an
ITC1|Piémont|Piedmont|7.9|45.0|53|an
ITI4|Latium|Lazio|12.8|41.9|52|an
ITF3|Campanie|Campania|14.8|40.9|29|an
ITG1|Sicile|Sicily|14.2|37.6|22|an
ES51|Catalogne|Catalonia|1.5|41.8|57|an
ES30|Communauté de Madrid|Community of Madrid|-3.7|40.5|66|an
ES21|Pays basque|Basque Country|-2.6|43.0|62|an
ES61|Andalousie|Andalusia|-4.6|37.5|31|an
PL9|Mazovie|Mazovia|21.0|52.2|55|a
PL2|Pologne du Sud|South Poland|19.4|50.1|43|a
EE0|Estonie|Estonia|25.6|58.7|63|a
IE0|Irlande|Ireland|-8.0|53.2|71|a
EL3|Attique|Attica|23.8|38.1|46|a
PT1|Portugal continental|Mainland Portugal|-8.0|39.7|44|a
CZ0|Tchéquie|Czechia|15.3|49.8|52|a
RO3|Roumanie du Sud|South Romania|25.9|44.4|21|a
FRK2|Rhône-Alpes||5.3|45.4|66|n
FRK1|Auvergne||3.2|45.7|48|n
FRE1|Nord-Pas-de-Calais||2.8|50.5|46|n
FRE2|Picardie|Picardy|2.7|49.7|41|n
FR10|Île-de-France||2.5|48.7|85|n
FRL0|Provence-Alpes-Côte d’Azur||6.0|43.9|55|n
DE11|Stuttgart||9.5|48.8|86|n
DE21|Haute-Bavière|Upper Bavaria|11.8|48.1|90|n
DE30|Berlin||13.4|52.5|80|n
SE11|Stockholm||18.0|59.5|95|n
NL32|Hollande-Septentrionale|North Holland|4.8|52.6|82|n
UKJ1|Berkshire, Buckinghamshire et Oxfordshire|Berkshire, Buckinghamshire and Oxfordshire|-1.1|51.6|89|n
FI1B|Helsinki-Uusimaa||24.8|60.3|91|n
DK01|Région capitale|Capital Region|12.3|55.8|92|n
BE10|Région de Bruxelles-Capitale|Brussels-Capital Region|4.4|50.8|75|n
RO41|Sud-Ouest Olténie|South-West Oltenia|23.6|44.5|15|n
BG31|Nord-Ouest (Bulgarie)|North-West (Bulgaria)|23.6|43.5|12|n
"""

UNITS = {
    "pct": Unit("pct", Text("pour cent", "per cent"), Text("%", "%"), 1),
    "pct_gdp": Unit("pct_gdp", Text("pour cent du PIB", "per cent of GDP"), Text("% du PIB", "% of GDP"), 2),
    "per_million": Unit(
        "per_million",
        Text("par million d’habitants", "per million inhabitants"),
        Text("par M hab.", "per M inh."),
        1,
    ),
    "eur": Unit("eur", Text("euros par habitant", "euros per inhabitant"), Text("€/hab.", "€/inh."), 0),
}
# pillar, id, French name, English name, French short, English short, unit, low, high, newest year, direction
_INDICATORS = """
talent|hrst_pct|Ressources humaines en science et technologie|Human resources in science and technology|Ressources humaines en S&T|Human resources in S&T|pct|28|66|2020|1
talent|tertiary_pct|Diplômés du supérieur de 25 à 64 ans|Tertiary graduates aged 25 to 64|Diplômés du supérieur|Tertiary graduates|pct|15|60|2020|1
talent|scientists_pct|Scientifiques et ingénieurs dans l’emploi|Scientists and engineers in employment|Scientifiques et ingénieurs|Scientists and engineers|pct|3|15|2020|1
talent|learning_pct|Adultes en formation|Adults in learning|Adultes en formation|Adults in learning|pct|1|34|2020|1
research|rd_total|Dépense intérieure de R&D|Total R&D spending|Dépense de R&D|R&D spending|pct_gdp|0.2|5.4|2019|1
research|rd_business|Dépense de R&D des entreprises|Business R&D spending|R&D des entreprises|Business R&D|pct_gdp|0.05|4.6|2019|1
research|rd_people|Personnel de R&D des entreprises|Business R&D personnel|Personnel de R&D|R&D personnel|pct|0.1|2.6|2019|1
jobs|hightech_jobs|Emploi de haute technologie|High-technology employment|Emploi de haute technologie|High-tech employment|pct|0.8|10.9|2018|1
jobs|hightech_services|Emploi dans les services de haute technologie|Employment in high-tech services|Services de haute technologie|High-tech services|pct|0.7|8.8|2018|1
jobs|ict_jobs|Emploi dans l’information et la communication|Employment in information and communication|Information et communication|Information and communication|pct|0.9|9.5|2020|1
jobs|knowledge_jobs|Services à forte intensité de savoir|Knowledge-intensive services|Services à fort savoir|Knowledge services|pct|22|60|2018|1
uses|internet_daily|Usage quotidien d’internet|Daily internet use|Usage quotidien d’internet|Daily internet use|pct|48|96|2020|1
uses|broadband|Ménages connectés au haut débit|Households with broadband|Haut débit|Broadband|pct|66|99|2020|1
uses|orders|Achats en ligne|Online purchases|Achats en ligne|Online purchases|pct|15|90|2020|1
uses|never_used|Personnes qui n’ont jamais utilisé internet|People who have never used the internet|Jamais sur internet|Never online|pct|1|28|2020|-1
invention|patents|Demandes de brevets|Patent applications|Brevets|Patents|per_million|1|560|2012|1
invention|ict_patents|Demandes de brevets en TIC|ICT patent applications|Brevets TIC|ICT patents|per_million|0.2|180|2012|1
economy|gdp|Produit intérieur brut par habitant|Gross domestic product per inhabitant|PIB par habitant|GDP per inhabitant|eur|7000|68000|2019|1
economy|unemployment|Taux de chômage|Unemployment rate|Chômage|Unemployment|pct|2|26|2020|-1
"""
_PILLARS = {
    "talent": Text("Talents", "Talent"),
    "research": Text("Recherche", "Research"),
    "jobs": Text("Emploi numérique", "Digital employment"),
    "uses": Text("Usages", "Uses"),
    "invention": Text("Invention", "Invention"),
    "economy": Text("Économie", "Economy"),
}


def _places() -> dict[str, tuple[Place, int, str]]:
    found = {}
    for line in _PLACES.strip().splitlines():
        code, fr, en, lon, lat, level, sets = line.split("|")
        country = code[:2]
        name = COUNTRIES.get(country, Text("Bulgarie", "Bulgaria"))
        place = Place(code, Text(fr, en or fr), country, name, len(code) - 2, float(lon), float(lat))
        found[code] = (place, int(level), sets)
    return found


def _indicators() -> dict[str, tuple[str, Indicator, float, float, int]]:
    found = {}
    for line in _INDICATORS.strip().splitlines():
        pillar, key, fr, en, short_fr, short_en, unit, low, high, year, direction = line.split("|")
        series = Series("eurostat", f"made_up_{key}", (("unit", unit.upper()), ("sex", "T")))
        found[key] = (
            pillar,
            Indicator(
                id=key,
                name=Text(fr, en),
                short=Text(short_fr, short_en),
                definition=Text(f"{fr}, chiffre inventé pour les essais.", f"{en}, a figure made up for tests."),
                why=Text(
                    "Un secteur numérique grandit là où cette ressource existe.",
                    "A digital sector grows where this resource is found.",
                ),
                seed="B",
                unit=UNITS[unit],
                direction=int(direction),
                levels=(1, 2),
                refresh_months=12,
                author="Beffroi",
                reviewed_on="2026-10-01",
                value=series,
                last_year=int(year),
                breaks=(Text("Rupture en 2014 : nouvelle enquête.", "Break in 2014: new survey."),)
                if key == "learning_pct"
                else (),
                changes=(Change("2026-10-01", Text("Première version.", "First version.")),),
            ),
            float(low),
            float(high),
            int(year),
        )
    return found


def _index(indicators: dict[str, tuple[str, Indicator, float, float, int]]) -> Index:
    pillars = tuple(
        Pillar(key, name, 1 / 6, {one: 1.0 for one, found in indicators.items() if found[0] == key})
        for key, name in _PILLARS.items()
    )
    return Index(
        id="digital",
        name=Text("Indice numérique régional", "Regional digital index"),
        definition=Text("Ce qui fait une grande région numérique.", "What makes a great digital region."),
        pillars=pillars,
        min_indicator_coverage=0.6,
        min_region_coverage=0.6,
        imputation="country_mean",
        treatment="winsorise_or_log",
        normalisation="min_max",
        aggregation="arithmetic",
        uncertainty=UncertaintySpec(
            1024,
            2026,
            0.25,
            0.25,
            ("min_max", "z_score"),
            ("arithmetic", "geometric"),
            ("winsorise_or_log", "none"),
            8,
        ),
        profile=ProfileRule(0.75, 0.4, 3, 5, 0.05),
        author="Beffroi",
        reviewed_on="2026-10-01",
        changes=(Change("2026-10-01", Text("Première version.", "First version.")),),
    )


def _verdict(low: float, high: float) -> str:
    if low >= 0.75:
        return "strength"
    if high <= 0.4:
        return "weakness"
    return "not_distinguishable" if high - low > 0.3 else "middle"


def _reading(set_id, regions, quality, indicators, index, rng):
    codes = [code for code in regions if code not in {"FRM", "RO41"}]
    keys = list(indicators)
    latent = np.array([quality[code] for code in codes]) / 100
    normal = np.clip(latent[:, None] + rng.normal(0, 0.13, (len(codes), len(keys))), 0.02, 0.99)
    normal = (normal - normal.min(0)) / (normal.max(0) - normal.min(0))
    missing = rng.random(normal.shape) < 0.05
    pillar_of = {key: found[0] for key, found in indicators.items()}
    size = {pillar: sum(1 for one in keys if pillar_of[one] == pillar) for pillar in _PILLARS}
    weight = np.array([1 / 6 / size[pillar_of[key]] for key in keys])
    score = normal @ weight * 100
    order = np.argsort(-score)
    codes, normal, missing, score = [codes[i] for i in order], normal[order], missing[order], score[order]
    draws = rng.uniform(0.4, 1.6, (1024, len(keys))) * weight
    draws /= draws.sum(1, keepdims=True)
    scores = draws @ (normal.T * 100) + rng.normal(0, 2.2, (1024, len(codes)))
    ranks = (-scores).argsort(1).argsort(1) + 1
    pairwise = (scores[:, :, None] > scores[:, None, :]).mean(0).astype(np.float32)

    def chance(top: int, number: int) -> Chance:
        p = float((ranks[:, number] <= top).mean())
        return Chance(p, math.sqrt(p * (1 - p) / 1024))

    standings = tuple(
        Standing(
            region=code,
            score=float(score[i]),
            score_low=float(np.percentile(scores[:, i], 5)),
            score_high=float(np.percentile(scores[:, i], 95)),
            rank=i + 1,
            rank_low=int(np.percentile(ranks[:, i], 5)),
            rank_median=int(np.median(ranks[:, i])),
            rank_high=int(np.percentile(ranks[:, i], 95)),
            robust_best=int((pairwise[:, i] >= 0.95).sum()) + 1,
            robust_worst=len(codes) - int((pairwise[i] >= 0.95).sum()),
            share_at_rank=float((ranks[:, i] == i + 1).mean()),
            top_5=chance(5, i),
            top_10=chance(10, i),
            top_quarter=chance(len(codes) // 4, i),
            coverage=float(1 - missing[i].mean()),
            population=float(1_000_000 + 97_000 * i),
        )
        for i, code in enumerate(codes)
    )
    pillars = {}
    for pillar in _PILLARS:
        columns = [k for k, key in enumerate(keys) if pillar_of[key] == pillar]
        values = normal[:, columns].mean(1) * 100
        places = (-values).argsort().argsort() + 1
        for i, code in enumerate(codes):
            pillars[code, pillar] = PillarStanding(code, pillar, float(values[i]), int(places[i]))
    cells = {}
    for k, key in enumerate(keys):
        _, one, low, high, year = indicators[key]
        scale = normal[:, k] if one.direction > 0 else 1 - normal[:, k]
        values = low + (high - low) * scale
        places = (-normal[:, k]).argsort().argsort()
        for i, code in enumerate(codes):
            position = float(1 - places[i] / (len(codes) - 1))
            spread = 0.03 + 0.15 * float(rng.random())
            lo, hi = max(0.0, position - spread), min(1.0, position + spread)
            gone = bool(missing[i, k])
            cells[code, key] = Cell(
                region=code,
                indicator=key,
                raw=None if gone else float(values[i]),
                year=None if gone else year,
                age=None if gone else 2026 - year,
                status="O" if gone else "A",
                origin="imputed" if gone else "parts" if code in {"FRK", "FRE"} else "observed",
                reason="not_published" if gone else "",
                used=float(values[i]),
                treated=float(values[i]),
                low=low,
                high=high,
                normalised=float(normal[i, k] * 100),
                weight=float(weight[k]),
                contribution=float(weight[k] * normal[i, k] * 100),
                rank=None if gone else int(places[i] + 1),
                ranked=len(codes) - int(missing[:, k].sum()),
                position=None if gone else position,
                position_low=None if gone else lo,
                position_high=None if gone else hi,
                verdict="unknown" if gone else _verdict(lo, hi),
                trend="unknown" if gone else "steady",
                trend_change=None if gone else 0.01,
                series_keys=(one.series[0].key,),
            )
    treated = {
        key: Treated(
            key,
            "log" if found[0] == "invention" else "none",
            2.4 if found[0] == "invention" else 0.4,
            5.1 if found[0] == "invention" else 0.2,
            0,
            found[2],
            found[3],
            len(codes) - int(missing[:, k].sum()),
            int(missing[:, k].sum()),
        )
        for k, (key, found) in enumerate(indicators.items())
    }
    excluded = tuple(Exclusion(code, "coverage", 0.42) for code in regions if code in {"FRM", "RO41"})
    return SetReading(
        set_id,
        index.id,
        standings,
        excluded,
        pillars,
        cells,
        treated,
        {"venture_capital": 0.21},
        pairwise,
        1024,
        2026,
        (("normalisation=min_max", 512), ("normalisation=z_score", 512)),
    )


def build(edition_id: str = "2026-1", *, seed: int = 7) -> Edition:
    """Return the made-up edition."""
    rng = np.random.default_rng(seed)
    places, indicators = _places(), _indicators()
    index = _index(indicators)
    quality = {code: found[1] for code, found in places.items()}
    sets, definitions = {}, {}
    for set_id, letter, level, fr, en in (
        (
            "administrative_2016",
            "a",
            1,
            "Régions administratives (NUTS 2016)",
            "Administrative regions (NUTS 2016)",
        ),
        ("nuts2_2016", "n", 2, "Régions NUTS 2 (2016)", "NUTS 2 regions (2016)"),
    ):
        members = [code for code, found in places.items() if letter in found[2]]
        sets[set_id] = _reading(set_id, members, quality, indicators, index, rng)
        definitions[set_id] = ComparisonSet(
            set_id,
            Text(fr, en),
            Text("Les régions qui ont une politique numérique.", "Regions with a digital policy."),
            2016,
            level,
            {"FR": 1},
        )
    series = {}
    for key, (_, _, low, high, year) in indicators.items():
        for code in places:
            cell = next((one.cells[code, key] for one in sets.values() if (code, key) in one.cells), None)
            if cell is None or cell.raw is None:
                continue
            drift = (high - low) * 0.01
            series[key, code] = tuple(
                Point(
                    y,
                    float(cell.raw - drift * (year - y) + drift * 0.6 * rng.normal() * (y != year)),
                    "A",
                    "observed",
                )
                for y in range(year - 8, year + 1)
            )
    keys = [found[1].series[0].key for found in indicators.values()]
    provenance = {
        key: Provenance(
            key,
            "eurostat",
            key.split("[")[0],
            (("unit", "PC"), ("sex", "T")),
            "CC BY 4.0",
            "2026-11-02",
            "" if number < 12 else f"{number:064x}",
            "a shared file" if number < 12 else "",
            number < 12,
        )
        for number, key in enumerate(keys)
    }
    source = Source(
        "eurostat",
        Text("Eurostat", "Eurostat"),
        "European Commission",
        "CC BY 4.0",
        "https://creativecommons.org/licenses/by/4.0/",
        "https://ec.europa.eu/eurostat",
        Text("Source : Eurostat (chiffres inventés ici).", "Source: Eurostat (figures made up here)."),
    )
    return Edition(
        id=edition_id,
        title=Text(f"Édition {edition_id}", f"Edition {edition_id}"),
        built_on="2026-11-20",
        digest=f"{seed:02d}" * 32,
        version="0.1.0",
        first_year=2012,
        last_year=2020,
        places=MappingProxyType({code: found[0] for code, found in places.items()}),
        indicators={key: found[1] for key, found in indicators.items()},
        indices={index.id: index},
        definitions=definitions,
        sources={"eurostat": source},
        provenance=provenance,
        sets=sets,
        series=series,
        errata=() if edition_id == "2026-1" else (Text("Un brevet compté deux fois.", "One patent counted twice."),),
    )
