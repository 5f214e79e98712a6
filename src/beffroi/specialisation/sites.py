"""Where establishments are, so that distances between them can be had: on a plane, or on the globe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial.distance import pdist

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from beffroi.specialisation.amounts import Floats, Numbers

EARTH_KM = 6371.0088  # mean radius, IUGG


@dataclass(frozen=True, slots=True)
class Sites:
    """Points of a plane (n × 2, in km) or of a globe (n × 3, in km from its centre, `radius` above 0)."""

    points: Floats
    radius: float = 0.0

    @property
    def size(self) -> int:
        """How many sites there are."""
        return int(self.points.shape[0])


def _columns(first: Numbers, second: Numbers) -> tuple[Floats, Floats]:
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if a.ndim != 1 or a.shape != b.shape or not (np.isfinite(a) & np.isfinite(b)).all():
        raise MethodError(
            f"Coordinates of shape {a.shape} and {b.shape} were given, some of them perhaps missing; expected two "
            "columns "
            "of one length without a hole. Leave out sites of which nobody knows the place, and say how many."
        )
    return a, b


def on_plane(x_km: Numbers, y_km: Numbers) -> Sites:
    """Place sites on a map in kilometres (Lambert-93 or LAEA metres divided by 1,000).

    Raises:
        MethodError: columns that differ in length or hold a hole.

    >>> on_plane([0.0, 3.0], [0.0, 4.0]).size
    2
    """
    return Sites(np.stack(_columns(x_km, y_km), axis=1))


def on_globe(longitude: Numbers, latitude: Numbers) -> Sites:
    """Place sites by longitude and latitude in degrees (WGS 84), on a sphere of the earth's mean radius.

    Raises:
        MethodError: columns that differ in length, hold a hole, or degrees that no place has.

    >>> round(float(distances_km(on_globe([2.35, 3.06], [48.85, 50.63]))[0]))
    204
    """
    east, north = _columns(longitude, latitude)
    if (np.abs(north) > 90).any() or (np.abs(east) > 180).any():  # noqa: PLR2004 -- degrees
        raise MethodError("Degrees beyond 180 or 90 were given; expected longitude, then latitude. Check their order.")
    east, north = np.radians(east), np.radians(north)
    unit = np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=1)
    return Sites(unit * EARTH_KM, EARTH_KM)


def chords_km(sites: Sites) -> Floats:
    """Straight distances of all pairs, through the earth on a globe: what `arcs_km` bends.

    >>> chords_km(on_plane([0.0, 3.0], [0.0, 4.0])).tolist()
    [5.0]
    """
    return np.asarray(pdist(sites.points))


def arcs_km(chords: Floats, radius: float) -> Floats:
    """Distances along the surface for straight ones; on a plane (radius 0) they are the same.

    >>> round(float(arcs_km(np.array([2.0]), 1.0)[0]), 4)
    3.1416
    """
    if not radius:
        return chords
    return np.asarray(2 * radius * np.arcsin(np.minimum(chords / (2 * radius), 1.0)))


def distances_km(sites: Sites) -> Floats:
    """Distances of all pairs (first with second, first with third …), along the surface on a globe.

    >>> distances_km(on_plane([0.0, 3.0], [0.0, 4.0])).tolist()
    [5.0]
    """
    return arcs_km(chords_km(sites), sites.radius)
