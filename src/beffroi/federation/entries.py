"""Entries as they are written: a pair always one way round."""

from __future__ import annotations

from beffroi.records import models


def new_judgement(  # noqa: PLR0913 -- the columns of one row, by name
    left: int, right: int, *, value: str, origin: str, sentence: str, method: str = "", relation: str = "",
    probability: float | None = None, bits: float | None = None,
) -> models.Judgement:  # fmt: skip
    """Return an unsaved judgement of two records.

    >>> one = new_judgement(7, 3, value="same", origin="person", sentence="Same web site.")
    >>> one.left_id, one.right_id
    (3, 7)
    """
    first, second = sorted((left, right))
    return models.Judgement(
        left_id=first, right_id=second, value=value, origin=origin, sentence=sentence, method=method,
        relation=relation, probability=probability, bits=bits,
    )  # fmt: skip
