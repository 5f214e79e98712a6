"""Carry an upload on: read it, rehearse it or import it, and say how far one is. One process works on one upload.

The proposals of a rehearsal are kept beside the upload, so that the import that follows need not link again when
nothing changed in between.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from beffroi.federation.errors import ImportRefusedError
from beffroi.federation.import_members import import_list
from beffroi.federation.import_plan import Given
from beffroi.federation.list_file import read_list
from beffroi.federation.propose import Proposed
from beffroi.federation.propose_links import lookups, propose
from beffroi.federation.uploads import IMPORT
from beffroi.vocabulary.errors import BeffroiError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from beffroi.federation.import_plan import Report
    from beffroi.federation.propose import Offered
    from beffroi.federation.uploads import Shelf, Upload

SECONDS_BETWEEN = 0.5
MOST_SHOWN = 10_000


def work(shelf: Shelf, upload_id: str, *, at: datetime) -> dict[str, object]:
    """Do what was asked of an upload, and write the result beside it: `report`, `refused` (with report) or `failed`.

    Raises:
        UnknownEntryError: there is no such upload.
        BusyError: another process works on it.
    """
    one = shelf.load(upload_id)
    with shelf.hold(one.id):
        before = shelf.read(one.id, "result")
        if before is not None:
            return before
        result = _attempt(shelf, one, at)
        shelf.write(one.id, "result", result)
        if result["outcome"] == "report" and one.stage == IMPORT:
            shelf.drop_content(one.id)
    return result


def _attempt(shelf: Shelf, one: Upload, at: datetime) -> dict[str, object]:
    progress = _Progress(shelf, one.id)
    try:
        progress.say("read")
        content = shelf.content(one.id)
        # A mapping that a person has seen is taken as it is: nothing is found anew beside it.
        found = read_list(content, name=one.file_name, remembered=one.mapping)
        given = Given(
            one.source, found.rows, found.mapping, one.file_name, content, date.fromisoformat(one.as_of), one.kind,
            one.trust_rank,
        )  # fmt: skip
        progress.say("compare")
        report = import_list(
            given, by=one.by, at=at, dry_run=one.stage != IMPORT, persons=one.persons, faulty=one.faulty,
            propose=_Recalled(shelf, one.id, progress), reason=one.purpose,
        )  # fmt: skip
    except ImportRefusedError as refused:
        return {"outcome": "refused", "stage": one.stage, "problem": str(refused), "report": _page(refused.report)}
    except BeffroiError as error:
        return {"outcome": "failed", "stage": one.stage, "problem": str(error)}
    except Exception as error:  # whatever breaks, the page must say so and not wait for ever
        shelf.write(one.id, "result", {"outcome": "failed", "stage": one.stage, "problem": f"{type(error).__name__}"})
        raise
    return {"outcome": "report", "stage": one.stage, "report": _page(report)}


def _page(report: Report) -> dict[str, object]:
    page = asdict(report)
    page["fault_count"], page["person_count"] = len(report.faults), len(report.persons)
    page["fatal_count"] = sum(one.is_fatal for one in report.faults)
    page["faults"] = [asdict(one) for one in report.faults[:MOST_SHOWN]]
    page["persons"] = list(report.persons[:MOST_SHOWN])
    return page


class _Progress:
    """Where one is, written beside the upload twice a second at most."""

    def __init__(self, shelf: Shelf, upload_id: str) -> None:
        self.shelf, self.upload, self.since = shelf, upload_id, time.time()
        self.stage, self.done, self.of, self.written = "", 0, 0, 0.0

    def say(self, stage: str, of: int = 0) -> None:
        self.stage, self.done, self.of, self.since = stage, 0, of, time.time()
        self._write()

    def step(self) -> None:
        self.done += 1
        if time.time() - self.written > SECONDS_BETWEEN:
            self._write()

    def _write(self) -> None:
        self.written = time.time()
        page = {"stage": self.stage, "done": self.done, "of": self.of, "seconds": self.written - self.since}
        self.shelf.write(self.upload, "progress", page)


class _Recalled:
    """`propose`, with its answer kept for the next time that the same is asked."""

    def __init__(self, shelf: Shelf, upload_id: str, progress: _Progress) -> None:
        self.shelf, self.upload, self.progress = shelf, upload_id, progress

    def __call__(self, fresh: Sequence[Offered], standing: Sequence[Offered]) -> list[Proposed]:
        key = _fingerprint(fresh, standing)
        kept = self.shelf.read(self.upload, "links")
        if kept is not None and kept["key"] == key:
            found = [_proposed(one) for one in kept["found"]]  # type: ignore[attr-defined]  # -- a list, written below
        else:
            self.progress.say("link", lookups(fresh, standing))
            found = propose(fresh, standing, step=self.progress.step)
            self.shelf.write(self.upload, "links", {"key": key, "found": [asdict(one) for one in found]})
        self.progress.say("write")
        return found


def _proposed(page: dict[str, Any]) -> Proposed:
    ends = {side: tuple(page[side]) for side in ("left", "right")}
    return Proposed(**{**page, **ends})


def _fingerprint(fresh: Sequence[Offered], standing: Sequence[Offered]) -> str:
    digest = hashlib.sha256()
    for group in (fresh, standing):
        for one in sorted(group, key=lambda each: each.reference):
            digest.update(json.dumps([one.reference, one.kind, dict(one.fields)], sort_keys=True).encode())
        digest.update(b"\x1d")
    return digest.hexdigest()
