"""Where a series comes from: enough to fetch it again and to credit its publisher."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provenance:
    """Publisher, dataset, filter, licence, day and fingerprint of one retrieved series.

    `retrieved_on` is an ISO date; `sha256` fingerprints the bytes received (empty for the starter, whose
    bytes were those of an intermediate file); `via` says who stood between publisher and us, if anyone;
    `is_starter` tells figures shipped with the project from figures fetched live.
    """

    series: str
    source: str
    dataset: str
    filters: tuple[tuple[str, str], ...]
    licence: str
    retrieved_on: str
    sha256: str
    via: str
    is_starter: bool
