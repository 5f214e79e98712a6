"""The seam between the registry and linkage: records in, proposed judgements out.

The registry knows one rule of its own: a record that states a valid legal unit belongs to it (`import_members`).
Everything finer comes from a function given to `import_list`, which sees the rows that are new or changed beside all
that stand, and answers with judgements: `same` with evidence, `unsure` for the review queue, `related`. That
function is `propose_links.propose` unless the caller has another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

Reference = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Offered:
    """A record shown to linkage. `reference` is (source, key) and names it before and after it is stored."""

    reference: Reference
    kind: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Proposed:
    """A judgement by a rule or a model. `bits` is the evidence, log2 of the odds; `sentence` says it in words."""

    left: Reference
    right: Reference
    value: str
    sentence: str
    origin: str = "model"
    method: str = ""
    probability: float | None = None
    bits: float | None = None
    relation: str = ""


Propose = Callable[[Sequence[Offered], Sequence[Offered]], Iterable[Proposed]]


def propose_nothing(fresh: Sequence[Offered], standing: Sequence[Offered]) -> Iterable[Proposed]:  # noqa: ARG001 -- the seam's shape
    """Propose nothing beyond identifiers."""
    return ()
