"""Complexity: the eigenvector, its sign, and when there is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.linalg import ArpackNoConvergence

from beffroi.specialisation import complexity, economic_complexity, fitness_complexity
from beffroi.vocabulary.errors import MethodError


def economy(regions, activities, seed):
    """A nested economy with noise: some regions can do much, some activities ask for much."""
    rng = np.random.default_rng(seed)
    strength = np.linspace(-2, 2, regions)[:, None] - np.linspace(-2, 2, activities) + rng.normal(size=(regions, 1)) / 2
    m = (rng.random((regions, activities)) < 1 / (1 + np.exp(-3 * strength))).astype(float)
    m[:, 0] = 1
    m[-1] = 1
    return m


def slow(m):
    """The two matrices as they are written, all their eigenvectors, the second largest; signs by the rule."""
    d, u = np.diag(1 / m.sum(axis=1)), np.diag(1 / m.sum(axis=0))
    found = []
    for matrix in (d @ m @ u @ m.T, u @ m.T @ d @ m):
        values, vectors = np.linalg.eig(matrix)
        vector = vectors[:, np.argsort(-values.real)[1]].real
        found.append((vector - vector.mean()) / vector.std())
    eci, pci = found
    eci *= np.sign(np.corrcoef(eci, m.sum(axis=1))[0, 1])
    pci *= np.sign(np.corrcoef(pci, (m.T @ eci) / m.sum(axis=0))[0, 1])
    return eci, pci


@pytest.mark.parametrize(("regions", "activities"), [(12, 40), (40, 12), (15, 15)])
@given(seed=st.integers(0, 50))
def test_both_indices_are_the_second_eigenvectors(regions, activities, seed):
    m = economy(regions, activities, seed)
    eci, pci = slow(m)

    found = economic_complexity(m)
    assert found.eci == pytest.approx(eci, abs=1e-8)
    assert found.pci == pytest.approx(pci, abs=1e-8)
    assert np.corrcoef(found.eci, m.sum(axis=1))[0, 1] > 0


@given(regions=st.integers(13, 130), activities=st.integers(13, 130), seed=st.integers(0, 50))
def test_one_eigenvector_after_the_other_gives_what_all_at_once_give(regions, activities, seed):
    m = economy(regions, activities, seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(complexity, "ALL_AT_ONCE", 10**9)
        dense = economic_complexity(m)
        patch.setattr(complexity, "ALL_AT_ONCE", 3)
        found = economic_complexity(m)

    assert found.eci == pytest.approx(dense.eci, abs=1e-8)
    assert found.pci == pytest.approx(dense.pci, abs=1e-8)


def test_large_economies_without_a_second_direction_are_refused_too():
    apart = np.kron(np.eye(2), economy(60, 70, 1))
    alike = np.array([[float((j - i) % 150 < 40) for j in range(150)] for i in range(150)])

    with pytest.raises(MethodError, match="fall into groups"):
        economic_complexity(apart)
    with pytest.raises(MethodError, match="equally well"):
        economic_complexity(alike)


def test_where_one_after_the_other_does_not_settle_all_are_computed(monkeypatch):
    m = economy(110, 130, 2)
    expected = economic_complexity(m)

    def unsettled(*_given, **_more):
        raise ArpackNoConvergence("no convergence", np.zeros(0), np.zeros((0, 0)))

    monkeypatch.setattr(complexity, "eigsh", unsettled)

    assert economic_complexity(m).eci == pytest.approx(expected.eci, abs=1e-8)


def test_a_sparse_matrix_gives_the_same(monkeypatch):
    m = economy(20, 50, 1)
    plain, wide = economic_complexity(m), fitness_complexity(m).fitness

    monkeypatch.setattr(complexity, "DENSE", 0)
    for one in (m, m.T):
        kept = economic_complexity(sparse.csr_array(one))
        assert kept.eci == pytest.approx(economic_complexity(one).eci, abs=1e-10)
    assert economic_complexity(sparse.coo_array(m)).pci == pytest.approx(plain.pci, abs=1e-10)
    assert fitness_complexity(sparse.csr_array(m)).fitness == pytest.approx(wide)
    monkeypatch.undo()
    assert (economic_complexity(sparse.csr_array(m)).eci == economic_complexity(m).eci).all()
    assert (economic_complexity(sparse.coo_array(m)).pci == economic_complexity(m).pci).all()


@given(seed=st.integers(0, 20))
def test_order_changes_neither_value_nor_sign(seed):
    """An eigenvector has no sign of its own: reversed rows must not print the complex as the simple."""
    m = economy(14, 30, seed)
    found, turned = economic_complexity(m), economic_complexity(m[::-1, ::-1])

    assert turned.eci[::-1] == pytest.approx(found.eci, abs=1e-9)
    assert turned.pci[::-1] == pytest.approx(found.pci, abs=1e-9)


def test_what_only_complex_regions_do_is_complex():
    m = economy(14, 30, 3)
    found = economic_complexity(m)

    mean_eci = (m.T @ found.eci) / m.sum(axis=0)
    assert np.corrcoef(found.pci, mean_eci)[0, 1] == pytest.approx(1)
    assert found.pci[0] < 0 < found.pci[np.argmax(mean_eci)]


@pytest.mark.parametrize(
    ("m", "said"),
    [
        (np.kron(np.eye(2), np.ones((2, 2))), "groups that have no activity in common"),
        (np.ones((3, 3)) - np.eye(3), "arbitrary"),
        ([[1, 1, 1], [1, 1, 1], [0, 0, 0]], "1 regions are specialised in nothing"),
        ([[1, 1, 0], [1, 1, 0], [1, 1, 0]], "1 activities in no region"),
        ([[1, 1, 1], [1, 0, 1]], "at least 3"),
        ([[1, 2, 1]] * 3, "other values"),
        ([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]], "which end is the complex one"),
    ],
)
def test_where_there_is_no_second_eigenvector_nothing_is_printed(m, said):
    with pytest.raises(MethodError, match=said):
        economic_complexity(m)
    with pytest.raises(MethodError, match="other values than 1"):
        economic_complexity(sparse.csr_array([[1.0, 0.5], [1.0, 1.0]]))


def test_fitness_step_by_step():
    """F = M Q / mean, then Q = 1 / Σ M / F / mean, by plain loops."""
    m = economy(8, 15, 2)
    for update in ("sequential", "simultaneous"):
        f, q = np.ones(8), np.ones(15)
        for _ in range(5):
            new = np.array([sum(m[c, p] * q[p] for p in range(15)) for c in range(8)])
            new /= new.mean()
            base = new if update == "sequential" else f
            q = np.array([1 / sum(m[c, p] / base[c] for c in range(8)) for p in range(15)])
            q /= q.mean()
            f = new
        found = fitness_complexity(m, iterations=5, update=update)
        assert found.fitness == pytest.approx(f)
        assert found.complexity == pytest.approx(q)


def test_both_forms_of_fitness_have_the_same_limit_and_say_how_far_they_are():
    m = economy(10, 30, 4)
    fast, slow_ = (
        fitness_complexity(m, iterations=n, update=u) for n, u in [(400, "sequential"), (800, "simultaneous")]
    )

    assert fast.fitness == pytest.approx(slow_.fitness, abs=1e-6)
    assert fast.change < fitness_complexity(m, iterations=3).change
    assert fast.fitness.mean() == pytest.approx(1)


def test_a_fitness_of_nothing_stops_no_step():
    """The weakest region's fitness goes to 0 and underflows in the end; its activities are then worth nothing."""
    m = np.tril(np.ones((6, 6)))
    found = fitness_complexity(m, iterations=5000)

    assert np.isfinite(found.fitness).all()
    assert np.isfinite(found.complexity).all()
    with pytest.raises(MethodError, match="1 or more"):
        fitness_complexity(m, iterations=0)
