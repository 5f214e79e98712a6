"""Duranton and Overman: is an industry localised, at which distances, and could that be chance?

The density of distances between its establishments is compared with those of as many sites drawn among all sites where
an establishment could be. It hangs on no border of regions, unlike `plants`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.specialisation.sites import Sites, arcs_km, chords_km, distances_km
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.specialisation.amounts import Floats

    Members = npt.NDArray[np.integer]

LEVEL = 0.95
DRAWS = 1000
STEPS = 200  # distances at which the curve is read
FINENESS = 100  # bins in one bandwidth: counting instead of smoothing each pair moves no curve by 0.1 %
REACH = 5.0  # bandwidths beyond which the kernel is nothing
SAMPLE = 2000  # sites that show the median distance well enough
FEWEST_DRAWS = 100
FEWEST_SITES = 3


@dataclass(frozen=True, slots=True)
class Localisation:
    """Curves over `distances_km`: the industry's density (per km), bands, and what lies outside them.

    At each distance alone, 95 of 100 drawn curves lie below `local_high` (and 95 above `local_low`); the whole of 95 of
    100 drawn curves lies below `global_high` (above `global_low`). `localisation` Γ = max(K − global_high, 0);
    `dispersion` Ψ = max(global_low − K, 0) where the industry is localised at no distance, else 0. `typical` is the
    mean of the drawn curves.
    """

    distances_km: Floats
    density: Floats
    typical: Floats
    local_low: Floats
    local_high: Floats
    global_low: Floats
    global_high: Floats
    localisation: Floats
    dispersion: Floats
    bandwidth_km: float
    draws: int

    @property
    def is_localised(self) -> bool:
        """Whether the industry is localised at some distance."""
        return bool((self.localisation > 0).any())

    @property
    def is_dispersed(self) -> bool:
        """Whether it is localised nowhere and dispersed at some distance."""
        return bool((self.dispersion > 0).any())


def silverman(distances: Floats) -> float:
    """Return Silverman's bandwidth, 0.9 min(sd, IQR / 1.34) m^(−1/5), m the number of distances.

    Raises:
        MethodError: all distances are the same, so there is no density to smooth.

    Source: Silverman (1986), Density Estimation, Chapman and Hall, section 3.4.2.

    >>> round(silverman(np.array([0.0, 1.0, 2.0, 3.0])), 4)
    0.7635
    """
    low, high = np.percentile(distances, [25, 75])
    spreads = [one for one in (float(distances.std(ddof=1)), float(high - low) / 1.34) if one > 0]
    if not spreads:
        raise MethodError("All establishments are equally far from each other; expected distances that differ.")
    return float(0.9 * min(spreads) * distances.size**-0.2)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads a curve off the distances of a sample: counts them in narrow bins, then smooths the counts."""

    width: float
    kernel: Floats  # bins × steps, per pair

    def count(self, sites: Sites) -> npt.NDArray[np.int32]:
        bins = self.kernel.shape[0]
        places = (chords_km(sites) * (1 / self.width)).astype(np.intp)
        # One more bin takes all that is too far to be seen.
        return np.bincount(np.minimum(places, bins, out=places), minlength=bins + 1)[:bins].astype(np.int32)

    def curves(self, counts: npt.NDArray[np.int32], pairs: float) -> Floats:
        return np.asarray(counts.astype(np.float64) @ self.kernel / pairs)


def _reader(at: Floats, bandwidth: float, radius: float) -> _Reader:
    width = bandwidth / FINENESS
    bins = int(np.ceil((at[-1] + REACH * bandwidth) / width))
    middle = arcs_km((np.arange(bins, dtype=np.float64) + 0.5) * width, radius)[:, None]
    # What the kernel would put below 0 km is reflected: no distance is negative.
    kernel = _normal((at - middle) / bandwidth) + _normal((at + middle) / bandwidth)
    return _Reader(width, kernel / bandwidth)


def _normal(z: Floats) -> Floats:
    return np.asarray(np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))


def duranton_overman(
    sites: Sites,
    members: Members,
    *,
    rng: np.random.Generator,
    draws: int = DRAWS,
    level: float = LEVEL,
    upto_km: float | None = None,
    bandwidth_km: float | None = None,
) -> Localisation:
    """Compare the distances within an industry with those of sites drawn at random.

    K(d) = 1 / (m h) Σ_(i<j) [f((d − d_ij) / h) + f((d + d_ij) / h)], f the normal density, m the number of pairs, the
    second term the reflection at 0. Each draw takes as many sites as the industry has, among all, without replacement.
    Global bands are the narrowest ranks such that at most 1 − `level` of the drawn curves cross them anywhere. Every
    curve has the bandwidth of the industry's own. Establishments count alike, whatever their jobs.

    Args:
        sites: every site where an establishment could be: those of all industries, one entry an establishment.
        members: the rows of `sites` that are the industry's, each once, 3 or more.
        rng: draws the sites.
        draws: how many, 100 at least.
        level: share of drawn curves within the global band, 0..1.
        upto_km: read the curve from 0 to here; None: the median distance between sites (of 2,000 drawn among them, if
            there are more).
        bandwidth_km: h; None: Silverman's for the industry's own distances.

    Returns:
        The curves at 200 distances. Time grows with draws × members²; memory with members² and draws.

    Raises:
        MethodError: fewer than 3 members, a member twice or outside the sites, few draws, or a level outside 0..1.

    Source: Duranton and Overman (2005), Review of Economic Studies 72(4), 1077–1106, doi:10.1111/0034-6527.00362.

    >>> rng = np.random.default_rng(1)
    >>> from beffroi.specialisation.sites import on_plane
    >>> everywhere = on_plane(rng.uniform(0, 100, 300), rng.uniform(0, 100, 300))
    >>> near = np.argsort(((everywhere.points - 50) ** 2).sum(axis=1))[:20]
    >>> found = duranton_overman(everywhere, near, rng=rng, draws=200)
    >>> found.is_localised, found.is_dispersed
    (True, False)
    """
    chosen = _check(sites, members, draws, level)
    own = Sites(sites.points[chosen], sites.radius)
    own_distances = distances_km(own)
    bandwidth = silverman(own_distances) if bandwidth_km is None else bandwidth_km
    end = _median_km(sites, rng) if upto_km is None else upto_km
    if not (bandwidth > 0 and end > 0):
        raise MethodError(f"A bandwidth of {bandwidth:g} km up to {end:g} km; expected both above 0. Correct them.")
    at = np.linspace(0.0, end, STEPS)
    reader, pairs = _reader(at, bandwidth, sites.radius), float(own_distances.size)
    density = reader.curves(reader.count(own)[None], pairs)[0]
    counts = np.empty((draws, reader.kernel.shape[0]), dtype=np.int32)
    for draw in range(draws):
        drawn = rng.choice(sites.size, size=chosen.size, replace=False, shuffle=False)
        counts[draw] = reader.count(Sites(sites.points[drawn], sites.radius))
    curves = reader.curves(counts, pairs)
    low, high = global_band(curves, level=level)
    local_low, local_high = np.quantile(curves, [1 - level, level], axis=0)
    localisation = np.maximum(density - high, 0)
    dispersion = np.zeros(STEPS) if localisation.any() else np.maximum(low - density, 0)
    return Localisation(
        at, density, curves.mean(axis=0), local_low, local_high, low, high, localisation, dispersion, bandwidth, draws
    )


def _check(sites: Sites, members: Members, draws: int, level: float) -> npt.NDArray[np.intp]:
    chosen = np.asarray(members, dtype=np.intp)
    inside = ((chosen >= 0) & (chosen < sites.size)).all()
    if chosen.ndim != 1 or chosen.size < FEWEST_SITES or not inside or np.unique(chosen).size < chosen.size:
        raise MethodError(
            f"{chosen.size} members of {sites.size} sites were given; expected the rows of {FEWEST_SITES} sites or "
            "more, "
            "each once. Number the rows from 0."
        )
    if draws < FEWEST_DRAWS or not 0 < level < 1:
        raise MethodError(f"{draws} draws at level {level:g}; expected {FEWEST_DRAWS} or more, and a level in 0..1.")
    return chosen


def _median_km(sites: Sites, rng: np.random.Generator) -> float:
    rows = slice(None) if sites.size <= SAMPLE else rng.choice(sites.size, size=SAMPLE, replace=False)
    return float(np.median(distances_km(Sites(sites.points[rows], sites.radius))))


def global_band(curves: Floats, *, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return the lower and the upper band that at most 1 − `level` of the curves cross anywhere, each.

    At every distance the curves are ranked; the upper band is the k-th highest value, with the largest k for which at
    most 1 − `level` of the curves lie above it at any distance. Ties do not cross.

    Args:
        curves: draws × distances.
        level: share of whole curves within, for each band alone, 0..1.

    Source: Duranton and Overman (2005), section 3; as ranks: Myllymäki and others (2017), Journal of the Royal
    Statistical Society B 79(2), 381–404, doi:10.1111/rssb.12172.

    >>> low, high = global_band(np.array([[1.0, 5.0], [2.0, 4.0], [3.0, 3.0], [4.0, 2.0]]), level=0.75)
    >>> low.tolist(), high.tolist()
    ([1.0, 2.0], [4.0, 5.0])
    """
    return -_upper(-curves, level), _upper(curves, level)


def _upper(curves: Floats, level: float) -> Floats:
    draws = curves.shape[0]
    ordered = np.sort(curves, axis=0)
    best = np.full(draws, draws, dtype=np.intp)
    for column in range(curves.shape[1]):
        place = draws - np.searchsorted(ordered[:, column], curves[:, column], side="left")
        np.minimum(best, place, out=best)
    # `best` is a curve's place where it is highest, the last one of its equals. ε: 0.05 · 1000 may be 49.999…9.
    k = int(np.sort(best)[min(int((1 - level) * draws + 1e-9), draws - 1)])
    return np.asarray(ordered[draws - k])
