"""What becomes of each column of a register's file: one SELECT for each kind, over names of ours.

`rules` are what a row must keep to be kept, in the order in which a reader would look; a sound row is coded by
`chosen` after `joined` has looked its codes up.
"""

from __future__ import annotations

from dataclasses import dataclass

from beffroi.store.registers_keys import luhn_sql

# A sole trader's legal form begins with 1: the name of the unit is the name of a person.
IS_LEGAL_PERSON = "regexp_full_match(legal_form, '[2-9][0-9]{3}')"
IS_DIFFUSED = "diffusion = 'O'"


@dataclass(frozen=True, slots=True)
class Coding:
    """How one kind of file is coded.

    `columns` are those read, `numbers` what is computed of them first; `row_key` names a faulty row; `rules` are the
    reason of a fault and the SQL that is true of a sound row. Of rows that share `key`, the
    first by `kept_first` is kept. Rows of `is_partial` tables are chosen: there may be none.
    """

    table: str
    columns: tuple[str, ...]
    row_key: str
    rules: tuple[tuple[str, str], ...]
    chosen: str
    numbers: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    kept_first: str = ""
    joined: str = ""
    order: str = ""
    has_places: bool = False
    has_activities: bool = True
    is_partial: bool = False

    @property
    def reason(self) -> str:
        """SQL of the first fault of a row; NULL for a sound one."""
        found = " ".join(f"WHEN ({sound}) IS NOT TRUE THEN '{reason}'" for reason, sound in self.rules)
        return f"CASE {found} END"

    @property
    def sound(self) -> str:
        """SQL of a row that keeps all rules; much quicker than to ask for a reason that is NULL."""
        return " AND ".join(f"({sound})" for _, sound in self.rules)


# A number is read once: the engine computes a named column once and a repeated expression each time. A number is not a
# code yet: 1234567e2, 1234_5678 and nine signs that end with a blank are numbers too.
_SIREN = (
    ("siren_not_nine_digits", "number IS NOT NULL AND regexp_full_match(siren, '[0-9]{9}')"),
    ("siren_fails_its_key", f"{luhn_sql('number')} % 10 = 0"),
)
_NIC = (("nic_not_five_digits", "nic_number IS NOT NULL AND regexp_full_match(nic, '[0-9]{5}')"),)
_NUMBER = ("TRY_CAST(siren AS INTEGER) AS number",)
_NUMBERS = (*_NUMBER, "TRY_CAST(nic AS INTEGER) AS nic_number")


def _dates(*columns: str) -> tuple[tuple[str, str], ...]:
    sound = " AND ".join(f"({one} IS NULL OR TRY_CAST({one} AS DATE) IS NOT NULL)" for one in columns)
    return (("date_unreadable", sound),)


def _state(*states: str) -> tuple[tuple[str, str], ...]:
    known = ", ".join(f"'{one}'" for one in states)
    return (("state_unknown", f"state IN ({known})"),)


_ACTIVITY = "LEFT JOIN activities AS a ON a.code = r.naf AND a.vintage = coalesce(r.nomenclature, 'NAFRev2') "
_ACTIVITY_25 = "LEFT JOIN activities AS b ON b.code = r.naf25 AND b.vintage = 'NAF2025' "
_SIZE = "LEFT JOIN sizes AS s ON s.code = r.size "

ESTABLISHMENTS = Coding(
    table="establishments",
    columns=("siren", "nic", "siret", "diffusion", "created", "size", "head_office", "commune", "country", "x", "y",
             "since", "state", "naf", "nomenclature", "employer", "naf25"),
    row_key="coalesce(siret, siren || nic)",
    numbers=_NUMBERS,
    rules=(
        *_SIREN,
        *_NIC,
        ("siret_is_not_siren_and_nic", "coalesce(siret = siren || nic, true)"),
        *_state("A", "F"),
        ("no_commune", "commune IS NOT NULL OR country IS NOT NULL"),
        *_dates("created", "since"),
    ),
    key=("siren", "nic"),
    kept_first="active DESC, closed DESC",
    joined=f"LEFT JOIN places AS p ON p.code = r.commune {_ACTIVITY}{_ACTIVITY_25}{_SIZE}",
    chosen=(
        "number AS siren, nic_number AS nic, "
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
    numbers=_NUMBER,
    rules=(*_SIREN, *_state("A", "C"), *_dates("created", "since")),
    key=("siren",),
    kept_first="active DESC, ceased DESC",
    joined=f"{_ACTIVITY}{_ACTIVITY_25}{_SIZE}",
    chosen=(
        "number AS siren, "
        "CASE WHEN regexp_full_match(legal_form, '[0-9]{4}') THEN TRY_CAST(legal_form AS SMALLINT) END AS legal_form, "
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
    numbers=_NUMBER,
    rules=(("", f"name <> '[ND]' AND {IS_DIFFUSED} AND {IS_LEGAL_PERSON}"), *_SIREN),
    chosen="number AS siren, name, nullif(acronym, '[ND]') AS acronym",
    order="siren",
    has_activities=False,
    is_partial=True,
)  # fmt: skip

PERIODS = Coding(
    table="periods",
    columns=("siren", "nic", "ended", "started", "state", "naf", "nomenclature", "employer"),
    row_key="siren || nic",
    numbers=_NUMBERS,
    rules=(*_SIREN, *_NIC, *_dates("started", "ended")),
    joined=_ACTIVITY,
    chosen=(
        "number AS siren, nic_number AS nic, "
        "TRY_CAST(started AS DATE) AS started, TRY_CAST(ended AS DATE) AS ended, "
        "state = 'A' AS active, coalesce(a.key, 0)::INTEGER AS naf, coalesce(employer = 'O', false) AS employer"
    ),
    order="siren, nic, started",
)

SUCCESSIONS = Coding(
    table="successions",
    columns=("predecessor", "successor", "on_day", "transfer", "continuity"),
    row_key="predecessor || '>' || successor",
    rules=(
        (
            "siret_not_fourteen_digits",
            " AND ".join(f"regexp_full_match({one}, '[0-9]{{14}}')" for one in ("predecessor", "successor")),
        ),
        *_dates("on_day"),
    ),
    chosen=(
        "TRY_CAST(predecessor AS BIGINT) AS predecessor, TRY_CAST(successor AS BIGINT) AS successor, "
        "TRY_CAST(on_day AS DATE) AS on_day, coalesce(TRY_CAST(transfer AS BOOLEAN), false) AS transfer, "
        "coalesce(TRY_CAST(continuity AS BOOLEAN), false) AS continuity"
    ),
    order="successor",
    has_activities=False,
)

# Amounts in euros and ratios of an annual account; a missing one stays missing.
AMOUNTS = ("turnover", "gross_margin", "ebitda", "ebit", "net_result")
ACCOUNT_RATIOS = (
    "debt_rate", "liquidity", "wear", "autonomy", "working_capital_share", "interest_cover", "cash_flow_share",
    "repayment", "ebitda_share", "pretax_share", "working_capital_days", "stock_days", "customer_days",
    "supplier_days",
)  # fmt: skip
_FIGURES = (*AMOUNTS, *ACCOUNT_RATIOS)
COMPLETE, SIMPLIFIED, CONSOLIDATED = "C", "S", "K"

RATIOS = Coding(
    table="ratios",
    columns=("siren", "closed", *_FIGURES, "kind", "confidentiality"),
    row_key="siren",
    numbers=_NUMBER,
    rules=(
        *_SIREN,
        ("not_public", "confidentiality = 'Public'"),
        ("kind_unknown", f"kind IN ('{COMPLETE}', '{SIMPLIFIED}', '{CONSOLIDATED}')"),
        ("date_unreadable", "TRY_CAST(closed AS DATE) IS NOT NULL"),
        ("number_unreadable", " AND ".join(f"({one} IS NULL OR TRY_CAST({one} AS DOUBLE) IS NOT NULL)"
                                           for one in _FIGURES)),
    ),
    chosen="number AS siren, TRY_CAST(closed AS DATE) AS closed, kind, "
    + ", ".join(f"TRY_CAST({one} AS DOUBLE) AS {one}" for one in _FIGURES),
    order="siren, closed, kind",
    has_activities=False,
)  # fmt: skip

# Tables that one kind of file gives.
CODINGS = {
    "ratios": (RATIOS,),
    "establishments": (ESTABLISHMENTS,),
    "legal_units": (LEGAL_UNITS, NAMES),
    "periods": (PERIODS,),
    "successions": (SUCCESSIONS,),
}
