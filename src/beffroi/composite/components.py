"""Do indicators measure one thing? Principal components and Cronbach's alpha."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from beffroi.composite.coin import Framework
    from beffroi.composite.compat import Compat
    from beffroi.composite.matrix import IndicatorMatrix

    Floats = npt.NDArray[np.float64]

ROUNDS, SETTLED = 500, 1e-12  # varimax stops when nothing moves any more


@dataclass(frozen=True, slots=True)
class Components:
    """Principal components of standardised figures.

    `loadings` is codes × components, each column of length 1, its largest entry positive; `deviations` the standard
    deviation along each component; `rows` how many units had all figures.
    """

    codes: tuple[str, ...]
    loadings: Floats
    deviations: Floats
    rows: int


def principal_components(table: IndicatorMatrix, codes: Sequence[str]) -> Components:
    """Find the principal components of some codes, on the units that have all of them.

    Raises:
        MethodError: fewer than two codes or three complete units, or a constant indicator.

    Source: OECD/JRC (2008), Handbook, section 1.4; the figures are centred and scaled, as R's prcomp does.

    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> m = IndicatorMatrix(("A", "B", "C"), ("x", "y"), np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.5]]))
    >>> principal_components(m, ("x", "y")).loadings[:, 0].round(4).tolist()
    [0.7071, 0.7071]
    """
    x = np.stack([table.column(code) for code in codes], axis=1)
    x = x[~np.isnan(x).any(axis=1)]
    if len(codes) < 2 or len(x) < 3:  # noqa: PLR2004 -- two figures to relate, three units to relate them on
        raise MethodError(f"Components of {', '.join(codes)} need two codes and three complete units, not {len(x)}.")
    flat = np.flatnonzero(np.ptp(x, axis=0) == 0)
    if flat.size:
        raise MethodError(f"'{codes[flat[0]]}' has one value for all complete units, so it has no component.")
    z = (x - x.mean(axis=0)) / x.std(axis=0, ddof=1)
    _, sizes, axes = np.linalg.svd(z, full_matrices=False)
    signs = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
    return Components(tuple(codes), (axes * signs[:, None]).T, sizes / np.sqrt(len(x) - 1), len(x))


def component_weights(
    table: IndicatorMatrix, framework: Framework, *, level: int = 1, compat: Compat = "correct"
) -> dict[str, float]:
    """Weigh the elements of a level, inside each parent, by their principal components.

    Args:
        table: units × elements.
        framework: the tree; all other levels keep its weights.
        level: whose weights to set.
        compat: `coinr` takes the raw first loading, of either sign (see compat). The default keeps the components
            with an eigenvalue above 1 (at least one), rotates them (varimax), and gives each element its squared
            loading on the component it belongs to, times that component's share of the variance explained.

    Returns:
        code → weight for the whole tree; by default the new weights are positive and sum to 1 under each parent.

    Source: OECD/JRC (2008), Handbook, section 1.6.1; Nicoletti, Scarpetta & Boylaud (2000), doi:10.1787/215182844604.

    >>> from beffroi.composite import example_coin
    >>> coin = example_coin()
    >>> found = component_weights(coin.data, coin.framework)
    >>> {code: round(found[code], 2) for code in coin.framework.indicators}
    {'fibre': 0.5, 'masts': 0.5, 'coders': 0.34, 'leavers': 0.33, 'founders': 0.33}
    """
    weights = framework.weights
    for parent in framework.at(level + 1):
        codes = framework.children(parent)
        if len(codes) < 2:  # noqa: PLR2004 -- one child alone has all the weight
            continue
        found = principal_components(table, codes)
        shares = found.loadings[:, 0] if compat == "coinr" else _handbook(found)
        weights |= dict(zip(codes, map(float, shares), strict=True))
    return weights


def _handbook(found: Components) -> Floats:
    kept = max(1, int((found.deviations**2 > 1).sum()))
    rotated = _varimax(found.loadings[:, :kept] * found.deviations[:kept]) ** 2
    explained = rotated.sum(axis=0)
    home = (rotated / explained).argmax(axis=1)
    own = (rotated / explained)[np.arange(len(home)), home] * (explained / explained.sum())[home]
    return np.asarray(own / own.sum())


def _varimax(loadings: Floats) -> Floats:
    turn, before = np.eye(loadings.shape[1]), 0.0
    for _ in range(ROUNDS):
        rotated = loadings @ turn
        left, sizes, right = np.linalg.svd(loadings.T @ (rotated**3 - rotated * (rotated**2).mean(axis=0)))
        turn = left @ right
        if sizes.sum() <= before * (1 + SETTLED):
            break
        before = sizes.sum()
    return np.asarray(loadings @ turn)


def cronbach_alpha(table: IndicatorMatrix, codes: Sequence[str]) -> float:
    """Return Cronbach's alpha: 1 when the codes move together, 0 when they have nothing in common.

    Args:
        table: units × codes, on a common scale and pointing the same way; units with a missing figure are left out.
        codes: at least two.

    Returns:
        k² × mean covariance between codes / sum of all covariances; NaN for one code.

    Source: Cronbach (1951), doi:10.1007/BF02310555.

    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> m = IndicatorMatrix(("A", "B", "C"), ("x", "y"), np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]))
    >>> round(cronbach_alpha(m, ("x", "y")), 9)
    1.0
    """
    x = np.stack([table.column(code) for code in codes], axis=1)
    x = x[~np.isnan(x).any(axis=1)]
    k = len(codes)
    if k < 2 or len(x) < 2:  # noqa: PLR2004 -- one code, or one unit, has no covariance
        return float("nan")
    covariance = np.cov(x, rowvar=False)
    between = (covariance.sum() - np.trace(covariance)) / (k * (k - 1))
    return float(k * k * between / covariance.sum())
