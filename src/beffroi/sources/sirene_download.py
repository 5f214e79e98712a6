"""Fetch stock files of SIRENE: large files, continued where they were cut, checked before they are kept.

Also single look-ups of a legal unit by the public search interface, when a whole register would be too much.

Sources: data.gouv.fr, Base Sirene (dataset of INSEE, a stable address for each file); DINUM, API Recherche
d'entreprises, read in November 2026: 7 requests a second, no key.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from beffroi.sources.fetch import Fetched, fetch
from beffroi.sources.manners import Manners, PassingFaultError
from beffroi.sources.snapshot import fingerprint
from beffroi.vocabulary.errors import SourceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOOK_UP_BASE = "https://recherche-entreprises.api.gouv.fr"
_SOLE_TRADER = "1"  # legal forms of natural persons begin with it
_DIFFUSED = "O"
# A stock file has up to 3 GB, and may take hours on a slow line; a cut costs only what was lost.
LARGE = Manners(attempts=20, most_seconds=12 * 3600.0, most_bytes=8 << 30)


def download(
    address: str,
    *,
    into: Path,
    sha256: str | None = None,
    manners: Manners = LARGE,
    progress: Callable[[int, int | None], None] | None = None,
    today: str | None = None,
) -> Fetched:
    """Fetch one stock file, or learn that the one we keep is current.

    A transfer that was cut, also by the end of this program, continues with the bytes that came, as long as the
    publisher still has the same file.

    Args:
        address: https address of the file.
        into: folder of snapshots.
        sha256: fingerprint that the publisher gives; a file that differs is not kept.
        manners: limits and retries; by default those for large files.
        progress: called with bytes received and bytes in all.
        today: ISO day to note.

    Raises:
        SourceError: no answer, or not the file that the fingerprint belongs to.
        StoreError: the disk is full.
    """

    def check(path: Path) -> None:
        found = fingerprint(path)
        if sha256 is not None and found != sha256.lower():
            # The wire may have done it: asked once more from the start, a sound file comes through.
            raise PassingFaultError(
                f"the file received has the SHA-256 {found[:12]}… and the publisher gives {sha256[:12].lower()}…"
            )

    return fetch(address, into=into, manners=manners, progress=progress, inspect=check, today=today)


@dataclass(frozen=True, slots=True)
class FoundUnit:
    """What the search interface says of one legal unit; `name` is "" for a sole trader or an undisclosed unit."""

    siren: str
    name: str
    legal_form: str
    activity: str
    commune: str
    is_active: bool
    staff_band: str


def look_up(
    siren: str,
    *,
    into: Path,
    base: str = LOOK_UP_BASE,
    manners: Manners | None = None,
    today: str | None = None,
) -> FoundUnit | None:
    """Ask for one legal unit by its SIREN; None when the interface knows none.

    Args:
        siren: nine digits.
        into: folder of snapshots; the answer is kept there as it came.
        base: address of the interface.
        manners: limits and retries.
        today: ISO day to note.

    Raises:
        UsageError: not nine digits.
        SourceError: no answer, or one that cannot be read.
    """
    if len(siren) != 9 or not siren.isdecimal():  # noqa: PLR2004 -- a SIREN has nine digits
        raise UsageError(f"'{siren}' is no SIREN. Give its nine digits.")
    small = replace(manners or Manners(), most_bytes=1 << 20)
    address = f"{base}/search?{urlencode({'q': siren, 'page': 1, 'per_page': 1})}"
    fetched = fetch(address, into=into, manners=small, today=today)
    try:
        results = json.loads(fetched.path.read_text(encoding="utf-8"))["results"]
        return next((_unit(one) for one in results if one["siren"] == siren), None)
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(
            f"The answer of {base} on {siren} cannot be read ({type(error).__name__}: {error}). The interface may have "
            "changed; compare with its description."
        ) from error


def _unit(one: dict[str, object]) -> FoundUnit:
    seat = one.get("siege")
    commune = seat.get("commune") if isinstance(seat, dict) else None
    form = str(one["nature_juridique"] or "")
    # A field that is missing hides the name: what is not said to be public is not shown.
    is_public = one.get("statut_diffusion") == _DIFFUSED and form != "" and not form.startswith(_SOLE_TRADER)
    return FoundUnit(
        siren=str(one["siren"]),
        name=str(one.get("nom_raison_sociale") or "") if is_public else "",
        legal_form=form,
        activity=str(one.get("activite_principale") or ""),
        commune=str(commune or ""),
        is_active=one["etat_administratif"] == "A",
        staff_band=str(one.get("tranche_effectif_salarie") or ""),
    )
