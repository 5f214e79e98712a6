"""The month before, as far as it may be set beside a month: both and their difference are protected as one table.

A difference of two figures that are shown tells nothing more; one of a shown and a secret figure gives the secret
away. What is shown of a month is what was frozen of it and nothing else: counted again beside other perimeters, other
cells would be hidden, and the two together would show what each hides. So a month is compared with what was frozen of
the one before, perimeter by perimeter of the same version; only a month of which nothing was frozen is counted now, and
freezing it later takes away what it then hides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.observatory.fabric_frozen import months_frozen, read, shown_then
from beffroi.observatory.fabric_public import public_figures
from beffroi.observatory.fabric_subject import subject

if TYPE_CHECKING:
    from pathlib import Path

    from beffroi.observatory.fabric_frozen import About
    from beffroi.observatory.fabric_public import Held, Public

    Before = dict[tuple[str, str, str], int]


def before(register: Path, into: Path, about: About, extra: Path | None) -> Before:
    """Establishments shown of the month before, by perimeter, level and code; secrets are left out.

    Args:
        register: folder of the register.
        into: folder of the frozen fabric.
        about: the month being frozen, and the one before it.
        extra: the house's own catalogue files.
    """
    if not about.before:
        return {}
    if about.before in months_frozen(into):
        frozen = read(into, about.before)
        return shown_then(frozen, about.perimeters) if frozen else {}
    asked = [subject(register, perimeter=one, month=about.before, extra=extra) for one in about.perimeters]
    found: list[Public] = []
    held: Held = {}
    with asked[0].engine() as engine:
        for one in asked:
            found.append(public_figures(one, engine, beside=list(found), held=held))
    return {
        (one.perimeter.id, *key): each.establishments
        for one, public in zip(asked, found, strict=True)
        for key, each in public.inside.items()
        if each.establishments is not None
    }
