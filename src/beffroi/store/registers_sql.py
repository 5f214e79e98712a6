"""What becomes of each column of a register's file: one SELECT for each kind, over names of ours.

`{raw}` stands for the file with its columns renamed. `reason` is why a row cannot be kept, in the order in which a
reader would look; a row without reason is coded by `chosen` after `joined` has looked its codes up.
"""

from __future__ import annotations

from dataclasses import dataclass

from beffroi.store.registers_keys import luhn_sql

# A sole trader's legal form begins with 1: the name of the unit is the name of a person.
IS_LEGAL_PERSON = "TRY_CAST(legal_form AS INTEGER) >= 2000"
IS_DIFFUSED = "diffusion = 'O'"


@dataclass(frozen=True, slots=True)
class Coding:
    """How one kind of file is coded.

    `columns` are those read; `row_key` names a faulty row; `is_partial` tables may be empty: their rows
    are chosen, not refused.
    """

    table: str
    columns: tuple[str, ...]
    row_key: str
    reason: str
    chosen: str
    joined: str = ""
    order: str = ""
    has_places: bool = False
    has_activities: bool = True
    is_partial: bool = False


def _siren_faults() -> str:
    number = "TRY_CAST(siren AS INTEGER)"
    return (
        f"WHEN siren IS NULL OR length(siren) <> 9 OR siren < '0' OR siren >= ':' OR contains(siren, '.') "
        f"OR {number} IS NULL THEN 'siren_not_nine_digits' "
        f"WHEN {luhn_sql(number)} % 10 <> 0 THEN 'siren_fails_its_key' "
    )


_NIC_FAULTS = "WHEN nic IS NULL OR length(nic) <> 5 OR TRY_CAST(nic AS INTEGER) IS NULL THEN 'nic_not_five_digits' "


def _date_faults(*columns: str) -> str:
    bad = " OR ".join(f"({one} IS NOT NULL AND TRY_CAST({one} AS DATE) IS NULL)" for one in columns)
    return f"WHEN {bad} THEN 'date_unreadable' "


def _state_faults(*states: str) -> str:
    known = ", ".join(f"'{one}'" for one in states)
    return f"WHEN state IS NULL OR state NOT IN ({known}) THEN 'state_unknown' "


_ACTIVITY = "LEFT JOIN activities AS a ON a.code = r.naf AND a.vintage = coalesce(r.nomenclature, 'NAFRev2') "
_ACTIVITY_25 = "LEFT JOIN activities AS b ON b.code = r.naf25 AND b.vintage = 'NAF2025' "
_SIZE = "LEFT JOIN sizes AS s ON s.code = r.size "

ESTABLISHMENTS = Coding(
    table="establishments",
    columns=("siren", "nic", "siret", "diffusion", "created", "size", "head_office", "commune", "country", "x", "y",
             "since", "state", "naf", "nomenclature", "employer", "naf25"),
    row_key="coalesce(siret, siren || nic)",
    reason=(
        f"CASE {_siren_faults()}{_NIC_FAULTS}"
        "WHEN siret IS NOT NULL AND siret <> siren || nic THEN 'siret_is_not_siren_and_nic' "
        f"{_state_faults('A', 'F')}"
        "WHEN commune IS NULL AND country IS NULL THEN 'no_commune' "
        f"{_date_faults('created', 'since')}END"
    ),
    joined=f"LEFT JOIN places AS p ON p.code = r.commune {_ACTIVITY}{_ACTIVITY_25}{_SIZE}",
    chosen=(
        "TRY_CAST(r.siren AS INTEGER) AS siren, TRY_CAST(r.nic AS INTEGER) AS nic, "
        "coalesce(p.key, 0)::INTEGER AS place, "
        "coalesce(a.key, 0)::INTEGER AS naf, coalesce(b.key, 0)::INTEGER AS naf25, "
        "coalesce(s.key, 0)::SMALLINT AS size, "
        "TRY_CAST(r.created AS DATE) AS created, CASE WHEN state = 'F' THEN TRY_CAST(since AS DATE) END AS closed, "
        "state = 'A' AS active, coalesce(employer = 'O', false) AS employer, "
        "coalesce(TRY_CAST(head_office AS BOOLEAN), false) AS head_office, "
        f"CASE WHEN {IS_DIFFUSED} THEN floor(TRY_CAST(x AS DOUBLE) / 100)::INTEGER END AS x, "
        f"CASE WHEN {IS_DIFFUSED} THEN floor(TRY_CAST(y AS DOUBLE) / 100)::INTEGER END AS y"
    ),
    order="place, naf",
    has_places=True,
)  # fmt: skip

LEGAL_UNITS = Coding(
    table="legal_units",
    columns=("siren", "diffusion", "created", "size", "category", "since", "state", "legal_form", "naf",
             "nomenclature", "social", "mission", "employer", "naf25"),
    row_key="siren",
    reason=f"CASE {_siren_faults()}{_state_faults('A', 'C')}"
           f"{_date_faults('created', 'since')}END",
    joined=f"{_ACTIVITY}{_ACTIVITY_25}{_SIZE}",
    chosen=(
        "TRY_CAST(r.siren AS INTEGER) AS siren, TRY_CAST(legal_form AS SMALLINT) AS legal_form, "
        "coalesce(a.key, 0)::INTEGER AS naf, coalesce(b.key, 0)::INTEGER AS naf25, "
        "coalesce(s.key, 0)::SMALLINT AS size, "
        "CASE category WHEN 'PME' THEN 1 WHEN 'ETI' THEN 2 WHEN 'GE' THEN 3 ELSE 0 END::SMALLINT AS category, "
        "TRY_CAST(r.created AS DATE) AS created, CASE WHEN state = 'C' THEN TRY_CAST(since AS DATE) END AS ceased, "
        "state = 'A' AS active, coalesce(employer = 'O', false) AS employer, "
        "coalesce(social = 'O', false) AS social, coalesce(mission = 'O', false) AS mission"
    ),
    order="siren",
)  # fmt: skip

# Names are read apart and only here: no name of a person ever enters the coded tables.
NAMES = Coding(
    table="names",
    columns=("siren", "diffusion", "legal_form", "name", "acronym"),
    row_key="siren",
    reason=f"CASE {_siren_faults()}WHEN NOT coalesce({IS_DIFFUSED} AND {IS_LEGAL_PERSON}, false) THEN '' "
           "WHEN name IS NULL OR name = '[ND]' THEN '' END",
    chosen="TRY_CAST(r.siren AS INTEGER) AS siren, name, nullif(acronym, '[ND]') AS acronym",
    order="siren",
    has_activities=False,
    is_partial=True,
)  # fmt: skip

PERIODS = Coding(
    table="periods",
    columns=("siren", "nic", "ended", "started", "state", "naf", "nomenclature", "employer"),
    row_key="siren || nic",
    reason=f"CASE {_siren_faults()}{_NIC_FAULTS}{_date_faults('started', 'ended')}END",
    joined=_ACTIVITY,
    chosen=(
        "TRY_CAST(r.siren AS INTEGER) AS siren, TRY_CAST(r.nic AS INTEGER) AS nic, "
        "TRY_CAST(started AS DATE) AS started, TRY_CAST(ended AS DATE) AS ended, "
        "state = 'A' AS active, coalesce(a.key, 0)::INTEGER AS naf, coalesce(employer = 'O', false) AS employer"
    ),
    order="siren, nic, started",
)

SUCCESSIONS = Coding(
    table="successions",
    columns=("predecessor", "successor", "on_day", "transfer", "continuity"),
    row_key="predecessor || '>' || successor",
    reason=(
        "CASE WHEN length(predecessor) <> 14 OR TRY_CAST(predecessor AS BIGINT) IS NULL "
        "OR length(successor) <> 14 OR TRY_CAST(successor AS BIGINT) IS NULL "
        "OR predecessor IS NULL OR successor IS NULL THEN 'siret_not_fourteen_digits' "
        f"{_date_faults('on_day')}END"
    ),
    chosen=(
        "TRY_CAST(predecessor AS BIGINT) AS predecessor, TRY_CAST(successor AS BIGINT) AS successor, "
        "TRY_CAST(on_day AS DATE) AS on_day, coalesce(TRY_CAST(transfer AS BOOLEAN), false) AS transfer, "
        "coalesce(TRY_CAST(continuity AS BOOLEAN), false) AS continuity"
    ),
    order="successor",
    has_activities=False,
)

# Tables that one kind of file gives.
CODINGS = {
    "establishments": (ESTABLISHMENTS,),
    "legal_units": (LEGAL_UNITS, NAMES),
    "periods": (PERIODS,),
    "successions": (SUCCESSIONS,),
}
