"""What goes wrong in the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from beffroi.federation.import_plan import Report
    from beffroi.vocabulary.text import Text


class UnknownEntryError(UsageError):
    """An organisation, record, event or case that the registry does not hold."""


class AlreadyDecidedError(UsageError):
    """Somebody has decided this case, or undone this event, in the meantime."""


class TwoLegalUnitsError(UsageError):
    """What was asked would put two legal units, or a pair that a person separated, into one organisation."""


class LaterDecisionsError(UsageError):
    """Later decisions rest on what would be undone."""


class ImportRefusedError(UsageError):
    """A list cannot be taken in as it is; `report` says why, row by row. Nothing was stored."""

    def __init__(self, message: str | Text, report: Report) -> None:
        super().__init__(message)
        self.report = report
