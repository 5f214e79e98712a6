"""Statutes that a house knows: its own files in `catalogue/statutes/`, and the example that is shipped."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from beffroi.strategy.body_statutes import BodyStatutes, read_statutes
from beffroi.strategy.errors import StatutesError

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ("catalogue", "statutes")
SHIPPED = "general_assembly.yaml"


def known_statutes(home: Path) -> dict[str, BodyStatutes]:
    """Return the statutes of each body, those of the house before the shipped ones.

    Raises:
        StatutesError: a file of the house cannot be used; it is named.

    >>> from pathlib import Path
    >>> sorted(known_statutes(Path("/nowhere")))
    ['general_assembly']
    """
    found: dict[str, BodyStatutes] = {}
    for path in sorted(home.joinpath(*FOLDER).glob("*.yaml")):
        try:
            one = read_statutes(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, StatutesError) as error:
            raise StatutesError(f"{path}: {error}") from error
        found[one.body] = one
    shipped = read_statutes(resources.files("beffroi.strategy").joinpath(SHIPPED).read_text("utf-8"))
    return found if shipped.body in found else {**found, shipped.body: shipped}
