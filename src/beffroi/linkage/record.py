"""A row of a list as it came, and what linkage reads out of it."""

from __future__ import annotations

from dataclasses import dataclass, fields

from beffroi.linkage.fold import fold
from beffroi.linkage.identifiers import domain_of, phone_of, siren_of, siren_of_vat, siret_of
from beffroi.linkage.names import Name, acronyms, read_name
from beffroi.linkage.place import commune_code_of, commune_of, department_of, point_of, postcode_of, street_of

SIREN_DIGITS = 9
_LONGEST_NAME = 400


@dataclass(frozen=True, slots=True)
class Record:
    """One row; every cell is text, empty when the list has none.

    Attributes:
        source: the list it stands in.
        row: its number, counted from 1 after the header.
        key: its own identifier in the list or register, if it has one.
        trade_name, acronym: other names of the same organisation.
        activity: code of NAF or NACE, or a word for the trade.
        active: what the register says of the unit's life; `F`, `C`, `false` and the like mean closed.
        commune_code: INSEE code of the commune.
        latitude, longitude: degrees; the first may hold both, as in `50.63, 3.06`.
    """

    source: str
    row: int
    key: str = ""
    name: str = ""
    trade_name: str = ""
    acronym: str = ""
    city: str = ""
    department: str = ""
    postcode: str = ""
    address: str = ""
    website: str = ""
    email: str = ""
    phone: str = ""
    siren: str = ""
    siret: str = ""
    vat: str = ""
    activity: str = ""
    year: str = ""
    active: str = ""
    commune_code: str = ""
    latitude: str = ""
    longitude: str = ""


FIELDS = tuple(one.name for one in fields(Record) if one.name not in ("source", "row"))


@dataclass(frozen=True, slots=True)
class Tidy:
    """A record in one writing: what pairs are compared on. Empty means unknown, never different.

    `point` is latitude and longitude in degrees.
    """

    record: Record
    names: tuple[Name, ...]
    siren: str
    siret: str
    domain: str
    phone: str
    postcode: str
    department: str
    commune: str
    street: str
    activity: str
    year: str
    closed: bool
    point: tuple[float, float] | None

    @property
    def id(self) -> tuple[str, int]:
        """Source and row."""
        return self.record.source, self.record.row


def tidy(record: Record) -> Tidy:
    """Read names, identifiers and place out of a row. What cannot be read stays unknown.

    >>> one = tidy(Record("a.csv", 1, name="Proxem SAS", city="Paris 10", vat="FR 44 732829320"))
    >>> one.names[0].squashed, one.siren, one.commune
    ('proxem', '732829320', 'paris')
    """
    siret = siret_of(record.siret) or siret_of(record.siren)
    siren = siren_of(record.siren) or siret[:SIREN_DIGITS] or siren_of_vat(record.vat)
    postcode = postcode_of(record.postcode) or postcode_of(record.address)
    code = commune_code_of(record.commune_code) if record.commune_code else ""
    return Tidy(
        record=record,
        names=_names(record),
        siren=siren,
        siret=siret,
        domain=domain_of(record.website) or domain_of(record.email),
        phone=phone_of(record.phone),
        postcode=postcode,
        department=department_of(record.department, postcode, code),
        commune=commune_of(record.city, code),
        street=street_of(record.address),
        activity=fold(record.activity).replace(" ", ""),
        year=record.year.strip()[:4],
        closed=fold(record.active) in ("f", "c", "false", "non", "no", "0", "ferme", "fermee", "cessee", "closed"),
        point=point_of(record.latitude, record.longitude) if record.latitude else None,
    )


def _names(record: Record) -> tuple[Name, ...]:
    name = record.name[:_LONGEST_NAME]
    texts = [name, record.trade_name[:_LONGEST_NAME], record.acronym[:_LONGEST_NAME], *acronyms(name)]
    read = [read_name(text) for text in texts if fold(text)]
    return tuple({one.squashed: one for one in reversed(read)}.values())[::-1]
