"""Read where a record is: département, post code, commune, street, point."""

from __future__ import annotations

import math
import re
from functools import cache

from beffroi.linkage.fold import fold
from beffroi.vocabulary.communes import places
from beffroi.vocabulary.geography import read_table

_POSTCODE = re.compile(r"\b(\d{4,5})\b")
_CEDEX = re.compile(r"\bced(?:ex)?\b.*$")
_DISTRICT = re.compile(r"\b\d{1,2}(?:e|er|eme)?\b(?: arrondissement)?")
_SAINT = re.compile(r"\bst\b")
_SAINTE = re.compile(r"\bste\b")
_SPREAD = re.compile(r"\b(?:le|la|les|l|d|de|du|des|en|sur|sous|a|au|aux)\b")
_STREET = {"av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "boul": "boulevard", "r": "rue",
           "pl": "place", "all": "allee", "chem": "chemin", "che": "chemin", "imp": "impasse", "rte": "route",
           "sq": "square", "fbg": "faubourg", "fg": "faubourg", "zi": "zone industrielle"}  # fmt: skip
_POSTCODE_DIGITS = 5
_OVERSEAS = ("97", "98")
_BRACKETS = re.compile(r"\(.*?\)")
_CODE = re.compile(r"0?(2[ab]|\d{1,3})", re.IGNORECASE)
_DEGREES = re.compile(r"[-+]?\d{1,3}(?:[.,]\d+)?")
_PAIR = re.compile(r"[\[(]?\s*([-+]?\d{1,3}\.\d+)\s*[,;\s]\s*([-+]?\d{1,3}\.\d+)\s*[\])]?")
_MOST_NORTH, _MOST_EAST = 90.0, 180.0
_METRES_A_DEGREE = 111_195.0  # of a great circle of the earth's mean radius, 6,371 km


def postcode_of(text: str) -> str:
    """Return a French post code; a workbook that ate the zero in front is forgiven.

    >>> postcode_of("38000.0"), postcode_of("1000"), postcode_of("F-75011 Paris"), postcode_of("-")
    ('38000', '01000', '75011', '')
    """
    found = _POSTCODE.search(text)
    return found[1].zfill(_POSTCODE_DIGITS) if found else ""


def department_of(text: str, postcode: str = "", commune_code: str = "") -> str:
    """Return the code of a département: from its own cell, else the post code, else the code of the commune.

    The cell holds a code, a post code or a name. Corsica is `20`, as in post codes.

    >>> department_of("033"), department_of("75003"), department_of("2A"), department_of("", "97200")
    ('33', '75', '20', '972')
    >>> department_of("COTES D'ARMOR"), department_of("Rhône (69)"), department_of("Nord", "62000"), department_of("?")
    ('22', '69', '59', '')
    >>> department_of("", "", "2A004"), department_of("", "69100", "38185")
    ('20', '69')
    """
    given = text.strip().removesuffix(".0")
    if len(given) == _POSTCODE_DIGITS and given.isdigit():
        postcode, given = given, ""
    found = _CODE.fullmatch(given)
    if found:
        code = found[1].upper().lstrip("0").zfill(2)
        return _as_in_postcodes(code)
    named = _by_name().get(commune_of(_BRACKETS.sub(" ", given))) if given else None
    if named or postcode:
        return named or postcode[: 3 if postcode.startswith(_OVERSEAS) else 2]
    return _as_in_postcodes(places()[commune_code].department) if commune_code else ""


def _as_in_postcodes(code: str) -> str:
    return "20" if code in ("2A", "2B") else code


@cache
def _by_name() -> dict[str, str]:
    return {commune_of(row["name"]): _as_in_postcodes(row["code"]) for row in read_table("departments.csv")}


def commune_code_of(text: str) -> str:
    """Return an INSEE code of a commune that is or was one; a workbook that ate the zero in front is forgiven.

    >>> commune_code_of("59350"), commune_code_of("2a004"), commune_code_of("1053.0"), commune_code_of("59000")
    ('59350', '2A004', '01053', '')
    """
    code = text.strip().removesuffix(".0").upper().zfill(_POSTCODE_DIGITS)
    return code if code in places() else ""


def commune_of(text: str, code: str = "") -> str:
    """Return a commune's name without articles, district and postal marks, glued; without a name that of its code.

    >>> commune_of("ST QUENTIN CEDEX 4"), commune_of("Saint-Quentin"), commune_of("Paris 15e arrondissement")
    ('saintquentin', 'saintquentin', 'paris')
    >>> commune_of("", "75115"), commune_of("", "59350")
    ('paris', 'lille')
    """
    return _commune(text) or _commune(commune_name(code))


def commune_name(code: str) -> str:
    """Return the name that goes with a commune's INSEE code; nothing for what is no code.

    >>> commune_name("59350"), commune_name("59000")
    ('Lille', '')
    """
    known = commune_code_of(code) if code else ""
    return places()[known].name if known else ""


def _commune(text: str) -> str:
    plain = _CEDEX.sub("", fold(_POSTCODE.sub(" ", text)))
    plain = _SAINTE.sub("sainte", _SAINT.sub("saint", plain))
    bare = _SPREAD.sub(" ", _DISTRICT.sub(" ", plain)).replace(" ", "")
    return bare or plain.replace(" ", "")


def street_of(text: str) -> str:
    """Return number and street, folded, the kind of street spelled out; nothing without a number.

    >>> street_of("8, av. de la République"), street_of("Centre commercial")
    ('8 avenue republique', '')
    """
    words = [_STREET.get(word, word) for word in _SPREAD.sub(" ", fold(text)).split()]
    return " ".join(words) if words and words[0].isdigit() else ""


def point_of(latitude: str, longitude: str = "") -> tuple[float, float] | None:
    """Return a point, latitude and longitude in degrees; both may stand in the first cell. None where there is none.

    The point 0, 0 lies in the sea: it is what programs write that found nothing.

    >>> point_of("48,8566", "2,3522"), point_of("48.8566, 2.3522"), point_of("0", "0"), point_of("Lille", "3")
    ((48.8566, 2.3522), (48.8566, 2.3522), None, None)
    """
    pair = None if longitude else _PAIR.fullmatch(latitude.strip())
    cells = pair.groups() if pair else (latitude.strip(), longitude.strip())
    if not all(_DEGREES.fullmatch(one) for one in cells):
        return None
    north, east = (float(one.replace(",", ".")) for one in cells)
    if abs(north) > _MOST_NORTH or abs(east) > _MOST_EAST or not (north or east):
        return None
    return north, east


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two points in metres, on a sphere and as if the ground between them were flat.

    A tenth of a percent off at a hundred kilometres, which is nothing beside what coordinates of addresses are off.

    >>> round(metres_between((50.6292, 3.0573), (48.8566, 2.3522)) / 1000)
    204
    """
    north = one[0] - other[0]
    turn = (one[1] - other[1] + 180) % 360 - 180
    east = turn * math.cos(math.radians((one[0] + other[0]) / 2))
    return math.hypot(north, east) * _METRES_A_DEGREE


def point_trait(point: tuple[float, float]) -> str:
    """Return what the records at a point are counted by; it is about ten metres wide.

    >>> point_trait((48.85661, 2.35222))
    '°48.8566,2.3522'
    """
    return f"°{point[0]:.4f},{point[1]:.4f}"
