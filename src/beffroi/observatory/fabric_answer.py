"""An answer about the fabric as a table that names its perimeter, month and source in every row, also as SDMX-CSV."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.observatory.tables import Table, Value
from beffroi.survey.disclosure import COMPLEMENTARY, DOMINATED, SHOWN, TOO_FEW

if TYPE_CHECKING:
    from beffroi.observatory.fabric_subject import Subject

SECRET, TELLS = "secret", "shown"
# Codes of SDMX: CL_CONF_STATUS (F free, A small counts, O one unit dominates, D secondary), CL_OBS_STATUS (A normal,
# Q missing because suppressed, M missing because it cannot exist).
_CONFIDENTIAL = {SHOWN: "F", TOO_FEW: "A", DOMINATED: "O", COMPLEMENTARY: "D"}
_SUPPRESSED, _NORMAL, _CANNOT = "Q", "A", "M"
_LABELS, _YEAR = ("name", "division"), "year"  # names of codes are no dimensions; years are the time


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found.

    `name` is the measure's (`quotient` …); `dimensions` and `measures` name the columns of `rows`, in that order, and
    after them stands the reason of a secret, "" where the figures are shown. `lines` are sentences that go with it.
    """

    name: str
    subject: Subject
    dimensions: tuple[str, ...]
    measures: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    lines: tuple[str, ...] = ()
    also_from: str = ""  # a source beside the register

    @property
    def of(self) -> tuple[str, ...]:
        """Perimeter, its version, nomenclature, month and sources."""
        *start, source = subject_row(self.subject)
        return (*start, f"{source}; {self.also_from}" if self.also_from else source)

    @property
    def synthetic(self) -> bool:
        """Whether the firms are invented."""
        return self.subject.manifest.synthetic

    @property
    def secret_rows(self) -> int:
        """Rows with a secret."""
        return sum(bool(row[-1]) for row in self.rows)

    def column(self, name: str) -> list[Value]:
        """Values of one dimension or measure."""
        at = (*self.dimensions, *self.measures, "reason").index(name)
        return [row[at] for row in self.rows]

    def table(self) -> Table:
        """Rows with status and reason, and what they are of: perimeter, nomenclature, month and source."""
        rows = ((*row[:-1], SECRET if row[-1] else TELLS, row[-1], *self.of) for row in self.rows)
        header = (*self.dimensions, *self.measures, "status", "reason", *SUBJECT)
        return Table(f"beffroi-fabric-{self.name}-{self.subject.month}", header, tuple(rows))

    def sdmx(self) -> Table:
        """One observation a row, in the columns of SDMX-CSV 2.0.

        Source: SDMX Technical Working Group (2021), SDMX-CSV 2.0.0 field guide; code lists CL_OBS_STATUS 2.2 and
        CL_CONF_STATUS 1.2 of the SDMX content-oriented guidelines.
        """
        keys = [k for k, one in enumerate(self.dimensions) if one not in (*_LABELS, _YEAR)]
        header = (
            "STRUCTURE", "STRUCTURE_ID", "ACTION", *(self.dimensions[k].upper() for k in keys), "MEASURE", "PERIMETER",
            "CLASSIFICATION", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "SOURCE",
        )  # fmt: skip
        flow = f"BEFFROI:DF_FABRIC_{self.name.upper().replace('-', '_')}(1.0)"
        perimeter, version, vintage, month, source = self.of
        year = self.dimensions.index(_YEAR) if _YEAR in self.dimensions else None
        rows = [
            (
                "dataflow", flow, "I", *(row[k] for k in keys), measure.upper(), f"{perimeter}_{version}", vintage,
                month if year is None else str(row[year]), value, *marks(value, self._reason(row, measure)), source,
            )
            for row in self.rows
            for measure, value in zip(self.measures, row[len(self.dimensions) : -1], strict=True)
            if not isinstance(value, str)
        ]  # fmt: skip
        return Table(f"beffroi-fabric-{self.name}-{self.subject.month}-sdmx", header, tuple(rows))

    def _reason(self, row: tuple[Value, ...], measure: str) -> str:
        own = f"{measure}_reason"
        if own in self.measures:
            return str(row[len(self.dimensions) + self.measures.index(own)])
        return str(row[-1])


SUBJECT = ("perimeter", "perimeter_version", "nomenclature", "month", "source")


def subject_row(asked: Subject) -> tuple[str, ...]:
    """Perimeter, its version, nomenclature, month and source."""
    return asked.perimeter.id, asked.perimeter.version, asked.vintage, asked.month, asked.source


def marks(value: Value, reason: str) -> tuple[str, str]:
    """Status and confidentiality of one observation."""
    if value is not None:
        return _NORMAL, _CONFIDENTIAL[SHOWN]
    return (_SUPPRESSED, _CONFIDENTIAL.get(reason, "C")) if reason else (_CANNOT, _CONFIDENTIAL[SHOWN])
