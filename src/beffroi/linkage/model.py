"""Weights learnt from labelled pairs, with what is needed to score no row by a model that has seen it.

`tools/train_linkage.py` learns them and writes `data/models.json`. Beside the model that is used, it keeps five
that were each trained without one fifth of the labelled groups, and fingerprints of the groups: a labelled row is
evaluated by the model that never saw its group (cross-fitting), any other row by the model in use.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Linear:
    """A logit, linear in the figures.

    >>> Linear(("same",), np.array([2.0]), -1.0).logit(np.array([1.0]))
    1.0
    """

    features: tuple[str, ...]
    weights: np.ndarray
    bias: float

    def logit(self, figures: np.ndarray) -> float:
        """Return the log-odds."""
        return float(figures @ self.weights + self.bias)

    def evidence_bits(self, figures: np.ndarray) -> dict[str, float]:
        """Return what each figure adds to the log-odds, in bits, without those that add nothing."""
        parts = figures * self.weights / math.log(2)
        return {name: float(part) for name, part in zip(self.features, parts, strict=True) if part}


@dataclass(frozen=True, slots=True)
class Trained:
    """A model in use, those trained without one fold, and the two thresholds between the three bands."""

    final: Linear
    folds: tuple[Linear, ...]
    seen: frozenset[str]
    automatic: float
    review: float

    def unseen(self, group: str) -> int | None:
        """Return the fold whose model never saw this labelled group; None when no model saw it."""
        return fold_of(group) if fingerprint(group) in self.seen else None


def fingerprint(group: str) -> str:
    """Return a short digest of a labelled group.

    >>> fingerprint("0693734J")
    '6b963497'
    """
    return hashlib.sha256(group.encode()).hexdigest()[:8]


def fold_of(group: str) -> int:
    """Return the fold of a labelled group, the same on every machine."""
    return int(fingerprint(group), 16) % FOLDS


@cache
def models() -> Mapping[str, Trained]:
    """Return the trained models: `names` (pairs of names), `lists` (list to list), `register` (list to register)."""
    text = resources.files("beffroi.linkage").joinpath("data/models.json").read_text(encoding="utf-8")
    return {name: _trained(found) for name, found in json.loads(text)["models"].items()}


def _trained(found: Any) -> Trained:
    final, *folds = (
        Linear(tuple(found["features"]), np.array(one[:-1]), float(one[-1]))
        for one in (found["final"], *found["folds"])
    )
    seen = frozenset(str(one) for one in found["seen"])
    return Trained(final, tuple(folds), seen, float(found["automatic"]), float(found["review"]))


def probability(logit: float) -> float:
    """Return the probability of a logit, without overflow.

    >>> probability(0.0), probability(-1000.0)
    (0.5, 0.0)
    """
    if logit < 0:
        odds = math.exp(max(logit, -700.0))
        return odds / (1 + odds) if logit > -700.0 else 0.0  # noqa: PLR2004 -- where exp underflows
    return 1 / (1 + math.exp(-logit))
