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
