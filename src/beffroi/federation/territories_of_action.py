"""Where an organisation acts beside its seat: territories of any level, said by a person, kept as any correction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.federation.judgement import override
from beffroi.federation.territory import known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from beffroi.federation.judgement import Consequence
    from beffroi.federation.log import Act

FIELD = "territories"


def set_territories(organisation: str, codes: Sequence[str], *, act: Act, reason: str = "") -> Consequence:
    """Say in which territories an organisation acts; what was said before stays in the log. No code means none.

    Raises:
        UnknownRegionError: a code that no territory has.
        UnknownEntryError: no such organisation.
    """
    kept = dict.fromkeys(known(one.strip()) for one in codes if one.strip())
    return override(organisation, FIELD, ";".join(kept), act=act, reason=reason)
