"""Complexity of economies: which regions do what few can do, and which activities only such regions do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

import numpy as np
from scipy import linalg, sparse
from scipy.sparse.linalg import ArpackError, LinearOperator, eigsh

from beffroi.specialisation.amounts import Floats, divided
from beffroi.specialisation.related_activities import specialisations
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.specialisation.amounts import Numbers

    Matrix: TypeAlias = Any  # an array or a SciPy sparse one: their stubs share no operator

Update = Literal["sequential", "simultaneous"]
FEWEST = 3  # regions or activities: with two, every index is −1 and 1
APART = 1e-9  # eigenvalues nearer than this are one
NO_LEAN = 1e-12  # a correlation below this has no sign
DENSE = 2**24  # cells up to which a plain array (128 MB) is faster, however empty
NEAR = 1e-6
KEPT = 12  # vectors that Lanczos' method keeps
ALL_AT_ONCE = 100  # regions or activities up to which all eigenvectors are cheap


@dataclass(frozen=True, slots=True)
class Complexity:
    """`eci` one a region, `pci` one an activity: mean 0, population standard deviation 1."""

    eci: Floats
    pci: Floats


def _bipartite(specialised: Numbers | sparse.sparray[Any]) -> Matrix:
    """The matrix, checked, every region and activity with at least one link; sparse only where it must be."""
    m: Matrix
    if sparse.issparse(specialised):
        m = sparse.csr_array(specialised, dtype=np.float64)
        m.eliminate_zeros()
        if not (m.data == 1).all():
            raise MethodError("The sparse matrix holds other values than 1; expected 1 where a region is specialised.")
        m = m.toarray() if m.shape[0] * m.shape[1] <= DENSE else m
    else:
        m = specialisations(cast("Numbers", specialised))
    bare = int((m.sum(axis=1) == 0).sum()), int((m.sum(axis=0) == 0).sum())
    if any(bare):
        raise MethodError(
            f"{bare[0]} regions are specialised in nothing and {bare[1]} activities in no region; expected at least "
            "one 1 in every row and column. Leave these out."
        )
    return m


def economic_complexity(specialised: Numbers | sparse.sparray[Any]) -> Complexity:
    """Return the economic complexity of regions and of activities.

    ECI is the eigenvector of the second largest eigenvalue of D⁻¹ M U⁻¹ M', PCI that of U⁻¹ M' D⁻¹ M (D diversity, U
    ubiquity), both z-scored with the population standard deviation. Signs are fixed: ECI goes with diversity, PCI with
    the mean ECI of the regions specialised in the activity. (An eigenvector has no sign of its own; tools that do not
    fix both can print the complex as the simple.) It is computed to the last digits on the smaller side, from a
    symmetric matrix: at once where that is small, else by Lanczos' method on the matrix as it is, which asks nothing of
    threads that others need.

    Args:
        specialised: regions × activities of 0 and 1, an array or a SciPy sparse array, at least 3 × 3, every row and
            column with a 1.

    Returns:
        Both indices, in standard deviations.

    Raises:
        MethodError: other values; empty rows or columns; regions that fall into groups without a common activity, or
            several directions equally strong: then there is no second eigenvector to speak of; a sign that diversity
            cannot tell.

    Source: Hausmann et al. (2014), The Atlas of Economic Complexity, MIT Press; Hidalgo and Hausmann (2009), PNAS
    106(26), doi:10.1073/pnas.0900943106.

    >>> found = economic_complexity([[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]])
    >>> found.eci.round(2).tolist()
    [1.34, 0.45, -0.45, -1.34]
    """
    m = _bipartite(specialised)
    if min(m.shape) < FEWEST:
        raise MethodError(f"{m.shape[0]} regions × {m.shape[1]} activities were given; expected at least 3 × 3.")
    diverse, ubiquitous = m.sum(axis=1), m.sum(axis=0)
    links = sparse.csr_array(m)
    balanced = sparse.csr_array(sparse.diags_array(diverse**-0.5) @ links @ sparse.diags_array(ubiquitous**-0.5))
    if m.shape[0] <= m.shape[1]:
        regions = _second(balanced, np.sqrt(diverse)) / np.sqrt(diverse)
    else:
        regions = np.asarray(balanced @ _second(balanced.T.tocsr(), np.sqrt(ubiquitous))) / np.sqrt(diverse)
    eci = _z(regions) * _sign(regions, diverse)
    return Complexity(eci, _z(divided(links.T @ eci, ubiquitous)))


def _second(balanced: Matrix, first: Floats) -> Floats:
    """Eigenvector of the second largest eigenvalue of the products of all pairs of rows, when there is one.

    Args:
        balanced: a sparse matrix.
        first: the eigenvector of the largest eigenvalue, which is 1.
    """
    if balanced.shape[0] <= ALL_AT_ONCE:
        return _told_apart(*_three_largest(balanced))
    try:
        values, vectors = _next_two(balanced, first / np.linalg.norm(first))
    except ArpackError:  # eigenvalues so near each other that it does not settle
        values, vectors = _three_largest(balanced)
    return _told_apart(values, vectors)


def _three_largest(balanced: Matrix) -> tuple[Floats, Floats]:
    gram = (balanced @ balanced.T).toarray()
    n = gram.shape[0]
    values, vectors = linalg.eigh(gram, subset_by_index=[n - 3, n - 1])
    return np.asarray(values), np.asarray(vectors)


def _next_two(balanced: Matrix, first: Floats) -> tuple[Floats, Floats]:
    """The same by Lanczos' method, one eigenvector after the other: two of one strength are not missed."""
    turned = balanced.T.tocsr()
    known = [(1.0, first)]
    for near in (0.0, NEAR):  # the third is only asked how strong it is, and strength is known twice as well
        held = tuple(known)

        def times(x: Floats, held: tuple[tuple[float, Floats], ...] = held) -> Floats:
            x = np.ravel(x)
            return np.asarray(balanced @ (turned @ x) - sum(value * vector * (vector @ x) for value, vector in held))

        n = first.size
        start = np.cos(np.arange(n) ** 2)  # no eigenvector of anything; the same on every run
        asked = LinearOperator((n, n), matvec=times, dtype=np.float64)
        values, vectors = eigsh(asked, k=1, which="LA", v0=start, ncv=min(n, KEPT), tol=near)
        known.append((float(values[0]), np.asarray(vectors[:, 0])))
    known.reverse()
    return np.array([value for value, _ in known]), np.stack([vector for _, vector in known], axis=1)


def _told_apart(values: Floats, vectors: Floats) -> Floats:
    """The second of three eigenvectors, smallest eigenvalue first."""
    if values[2] - values[1] < APART:
        raise MethodError(
            "Regions fall into groups that have no activity in common; expected one connected economy, for the groups "
            "cannot be put on one scale. Compare each group alone."
        )
    if values[1] - values[0] < APART:
        raise MethodError(
            "Two directions tell the regions apart equally well, so their order is arbitrary; expected one. "
            "Add regions or activities, or leave out those that are alike."
        )
    return np.asarray(vectors[:, 1])


def _z(values: Floats) -> Floats:
    return divided(values - values.mean(), values.std())


def _sign(values: Floats, along: npt.NDArray[np.generic]) -> float:
    lean = float((_z(values) * _z(np.asarray(along, dtype=np.float64))).mean()) if np.ptp(along) else 0.0
    if abs(lean) < NO_LEAN:
        raise MethodError(
            "Complexity goes neither with diversity nor against it, so nothing says which end is the complex one; "
            "expected a correlation. Use fitness instead, or more regions."
        )
    return float(np.sign(lean))


@dataclass(frozen=True, slots=True)
class Fitness:
    """`fitness` one a region, `complexity` one an activity, each with mean 1; `change` is that of the last step.

    `change` is the largest absolute change of a region's fitness in the last iteration: how far it is from standing
    still.
    """

    fitness: Floats
    complexity: Floats
    change: float


def fitness_complexity(
    specialised: Numbers | sparse.sparray[Any], *, iterations: int = 200, update: Update = "sequential"
) -> Fitness:
    """Return the fitness of regions and the complexity of activities by the map of Tacchella and others.

    From F = Q = 1: F = M Q, divided by its mean; Q_p = 1 / Σ_c M_cp / F_c, divided by its mean.

    Args:
        specialised: regions × activities of 0 and 1, an array or a SciPy sparse array, every row and column with a 1.
        iterations: exactly so many steps. Values of weak regions go to 0 and never settle: say the number beside them.
        update: `sequential`, Q uses the F of this step; `simultaneous`, that of the step before, as in the paper: the
            same limit in about twice the steps.

    Returns:
        Both, without unit, with mean 1.

    Raises:
        MethodError: other values, empty rows or columns, no iteration.

    Source: Tacchella, Cristelli, Caldarelli, Gabrielli and Pietronero (2012), Scientific Reports 2, 723,
    doi:10.1038/srep00723.

    >>> fitness_complexity([[1, 1], [1, 0]], iterations=1).fitness.round(4).tolist()
    [1.3333, 0.6667]
    """
    m = _bipartite(specialised)
    if iterations < 1:
        raise MethodError(f"{iterations} iterations were asked for; expected 1 or more.")
    fit, hard = np.ones(m.shape[0]), np.ones(m.shape[1])
    change = 0.0
    for _ in range(iterations):
        stronger = _mean_one(m @ hard)
        hard = _mean_one(_hardness(m, stronger if update == "sequential" else fit))
        change = float(np.abs(stronger - fit).max())
        fit = stronger
    return Fitness(fit, hard, change)


def _mean_one(values: Floats) -> Floats:
    return np.asarray(values / values.mean())


def _hardness(m: Matrix, fit: Floats) -> Floats:
    """1 / Σ M / F; an activity of a region whose fitness is 0 to the last digit is worth 0."""
    with np.errstate(divide="ignore", over="ignore"):
        return np.asarray(1.0 / (m.T @ (1.0 / fit)))
