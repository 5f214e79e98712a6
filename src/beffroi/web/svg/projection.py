"""Europe's equal-area projection: Lambert azimuthal, ETRS89-LAEA (EPSG:3035), in metres."""

from __future__ import annotations

import math

_A = 6378137.0  # GRS 80
_E2 = 0.00669438002290
_E = math.sqrt(_E2)
_LAT0, _LON0 = math.radians(52.0), math.radians(10.0)
_EAST0, _NORTH0 = 4321000.0, 3210000.0


def _q(latitude: float) -> float:
    s = math.sin(latitude)
    return (1 - _E2) * (s / (1 - _E2 * s * s) - math.log((1 - _E * s) / (1 + _E * s)) / (2 * _E))


_QP = _q(math.pi / 2)
_BETA0 = math.asin(_q(_LAT0) / _QP)
_RQ = _A * math.sqrt(_QP / 2)
_D = _A * math.cos(_LAT0) / math.sqrt(1 - _E2 * math.sin(_LAT0) ** 2) / (_RQ * math.cos(_BETA0))


def laea(longitude: float, latitude: float) -> tuple[float, float]:
    """Project degrees to metres east and north.

    Source: IOGP, Geomatics Guidance Note 7-2, Lambert Azimuthal Equal Area (example: 50° N, 5° E).

    >>> tuple(round(value, 2) for value in laea(5.0, 50.0))
    (3962799.45, 2999718.85)
    """
    turn = math.radians(longitude) - _LON0
    beta = math.asin(_q(math.radians(latitude)) / _QP)
    b = _RQ * math.sqrt(
        2 / (1 + math.sin(_BETA0) * math.sin(beta) + math.cos(_BETA0) * math.cos(beta) * math.cos(turn))
    )
    east = _EAST0 + b * _D * math.cos(beta) * math.sin(turn)
    north = _NORTH0 + b / _D * (math.cos(_BETA0) * math.sin(beta) - math.sin(_BETA0) * math.cos(beta) * math.cos(turn))
    return east, north


# Lambert-93 (EPSG:2154): conformal conic with two parallels on GRS 80.
_PARALLELS = math.radians(49.0), math.radians(44.0)
_FALSE_LAT, _FALSE_LON = math.radians(46.5), math.radians(3.0)
_FALSE_EAST, _FALSE_NORTH = 700000.0, 6600000.0
_ROUNDS = 6  # the latitude then stands to a thousandth of a millimetre


def _t(latitude: float) -> float:
    s = _E * math.sin(latitude)
    return math.tan(math.pi / 4 - latitude / 2) / float(((1 - s) / (1 + s)) ** (_E / 2))


def _m(latitude: float) -> float:
    return math.cos(latitude) / math.sqrt(1 - _E2 * math.sin(latitude) ** 2)


_CONE = (math.log(_m(_PARALLELS[0])) - math.log(_m(_PARALLELS[1]))) / (
    math.log(_t(_PARALLELS[0])) - math.log(_t(_PARALLELS[1]))
)
_F = _m(_PARALLELS[0]) / (_CONE * _t(_PARALLELS[0]) ** _CONE)
_RADIUS0 = _A * _F * _t(_FALSE_LAT) ** _CONE


def from_lambert93(east: float, north: float) -> tuple[float, float]:
    """Degrees of longitude and latitude of a point in metres of Lambert-93, the projection of French registers.

    Source: IOGP, Geomatics Guidance Note 7-2, Lambert Conic Conformal (2SP); EPSG:2154.

    >>> tuple(round(value, 4) for value in from_lambert93(652469.02, 6862035.26))  # Paris, place de l'Hôtel-de-Ville
    (2.3522, 48.8566)
    """
    right, up = east - _FALSE_EAST, _RADIUS0 - (north - _FALSE_NORTH)
    t = (math.hypot(right, up) / (_A * _F)) ** (1 / _CONE)
    latitude = math.pi / 2 - 2 * math.atan(t)
    for _ in range(_ROUNDS):
        s = _E * math.sin(latitude)
        latitude = math.pi / 2 - 2 * math.atan(t * ((1 - s) / (1 + s)) ** (_E / 2))
    return math.degrees(_FALSE_LON + math.atan2(right, up) / _CONE), math.degrees(latitude)
