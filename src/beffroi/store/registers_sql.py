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
WRONG_KEY = "siren_fails_its_key"
# Numbers as differences from one row to the next, and lists of values only where these are few: half the time to write
# of lists tried for every column. Snappy: files a twentieth larger than with zstd, read and written faster.
CODED = "FORMAT parquet, COMPRESSION snappy, PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT 2000"


@dataclass(frozen=True, slots=True)
class Quick:
    """SQL that is true only of rows that keep the rules of the reasons in `proves`; it need not be true of all."""

    sql: str
    proves: frozenset[str]


@dataclass(frozen=True, slots=True)
class Coding:
    """How one kind of file is coded.

    `columns` are those read, `numbers` what is computed of them first; `row_key` names a faulty row; `rules` are the
    reason of a fault and the SQL that is true of a sound row. `quick` proves some of the rules at once, for nearly all
    rows; only what it does not prove is judged by these one after the other. Of rows that share `key`, the first by
    `kept_first` is kept. Rows of `is_partial` tables are chosen: there may be none. Files of `is_in_order` tables come
    sorted by `order` as a rule: then nothing is sorted. Rows of `has_siren` tables hold a number under `siren`, whose
    key is judged there.
    """

    table: str
    columns: tuple[str, ...]
    row_key: str
    rules: tuple[tuple[str, str], ...]
    chosen: str
    numbers: tuple[str, ...] = ()
    quick: Quick | None = None
    key: tuple[str, ...] = ()
    kept_first: str = ""
    joined: str = ""
    order: str = ""
    has_places: bool = False
    has_activities: bool = True
    has_siren: bool = True
    is_partial: bool = False
    is_in_order: bool = False

    @property
    def reason(self) -> str:
        """SQL of the first fault of a row; NULL for a sound one."""
        found = " ".join(f"WHEN ({sound}) IS NOT TRUE THEN '{reason}'" for reason, sound in self.rules)
        return f"CASE {found} END"

    @property
    def sound(self) -> str:
        """SQL of a row that keeps all rules but one; much quicker than to ask for a reason that is NULL.

        The key of a SIREN is left for when it is a number in a coded table (`registers_settle`).
        """
        asked = [(reason, f"({sound})") for reason, sound in self.rules if reason != WRONG_KEY]
        proven = self.quick.proves if self.quick else frozenset()
        slow = " AND ".join(sound for reason, sound in asked if reason in proven)
        # A choice and no OR: the engine would make conditions of an OR's parts and ask every row for them as well.
        quick = [f"CASE WHEN {self.quick.sql} THEN true ELSE {slow} END"] if self.quick else []
        return " AND ".join(quick + [sound for reason, sound in asked if reason not in proven])


# A number is not a code yet: 1234567e2, 1234_5678 and nine signs that end with a blank are numbers too. One that is
# written back as it was given is, if it has all its digits; those that begin with 0 are matched digit by digit, which
# takes three times as long.
_READ_SIREN, _READ_NIC = "TRY_CAST(siren AS INTEGER)", "TRY_CAST(nic AS INTEGER)"


def _siren(number: str) -> tuple[tuple[str, str], ...]:
    whole = f"({number} > 99999999 AND {number}::VARCHAR = siren)"
    return (
        ("siren_not_nine_digits", f"{whole} OR regexp_full_match(siren, '[0-9]{{9}}')"),
        (WRONG_KEY, f"{luhn_sql(number)} % 10 = 0"),
    )


# What every row is asked is read once: the engine computes a named column once and a repeated expression each time.
_SIREN = _siren("number")
_NIC = (("nic_not_five_digits", "regexp_full_match(nic, '[0-9]{5}')"),)
_OWN_SIREN = "(siret_number // 100000)"
_SIRET = Quick(
    "(siret_number BETWEEN 10000000000000 AND 99999999999999 AND siret_number::VARCHAR = siret "
    "AND strlen(siren) = 9 AND prefix(siret, siren) AND strlen(nic) = 5 AND suffix(siret, nic))",
    frozenset({"siren_not_nine_digits", "nic_not_five_digits", "siret_is_not_siren_and_nic"}),
)
_NUMBER = (f"{_READ_SIREN} AS number",)
_NUMBERS = (*_NUMBER, f"{_READ_NIC} AS nic_number")


def _dates(*columns: str) -> tuple[tuple[str, str], ...]:
    sound = " AND ".join(f"({one} IS NULL OR TRY_CAST({one} AS DATE) IS NOT NULL)" for one in columns)
    return (("date_unreadable", sound),)


def _state(*states: str) -> tuple[tuple[str, str], ...]:
    known = ", ".join(f"'{one}'" for one in states)
    return (("state_unknown", f"state IN ({known})"),)


_ACTIVITY = "LEFT JOIN activities AS a ON a.code = r.naf AND a.vintage = coalesce(r.nomenclature, 'NAFRev2') "
_ACTIVITY_25 = "LEFT JOIN activities AS b ON b.code = r.naf25 AND b.vintage = 'NAF2025' "
_SIZE = "LEFT JOIN sizes AS s ON s.code = r.size "
# Ten thousand codes looked up take a fifth of the time of an expression that asks each row for four digits.
_LEGAL_FORM = (
    "LEFT JOIN (SELECT printf('%04d', range) AS code, CAST(range AS SMALLINT) AS key FROM range(10000)) AS f "
    "ON f.code = r.legal_form "
)

ESTABLISHMENTS = Coding(
    table="establishments",
    columns=("siren", "nic", "siret", "diffusion", "created", "size", "head_office", "commune", "country", "x", "y",
             "since", "state", "naf", "nomenclature", "employer", "naf25"),
    row_key="coalesce(siret, siren || nic)",
    numbers=(
        "TRY_CAST(coalesce(siret, siren || nic) AS BIGINT) AS siret_number",
        *(f"TRY_CAST(floor(TRY_CAST({one} AS DOUBLE) / 100) AS INTEGER) AS {one}_hm" for one in ("x", "y")),
    ),
    quick=_SIRET,
    # Nearly every SIRET is proved as one number: its parts are read only of the others.
    rules=(
        *_siren(_READ_SIREN),
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
        f"{_OWN_SIREN}::INTEGER AS siren, (siret_number % 100000)::INTEGER AS nic, "
        "coalesce(p.key, 0)::INTEGER AS place, "
        "coalesce(a.key, 0)::INTEGER AS naf, coalesce(b.key, 0)::INTEGER AS naf25, "
        "coalesce(s.key, 0)::SMALLINT AS size, "
        "TRY_CAST(r.created AS DATE) AS created, CASE WHEN state = 'F' THEN TRY_CAST(since AS DATE) END AS closed, "
        "state = 'A' AS active, coalesce(employer = 'O', false) AS employer, "
        "coalesce(TRY_CAST(head_office AS BOOLEAN), false) AS head_office, "
        f"CASE WHEN {IS_DIFFUSED} THEN x_hm END AS x, "
        f"CASE WHEN {IS_DIFFUSED} THEN y_hm END AS y"
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
    joined=f"{_ACTIVITY}{_ACTIVITY_25}{_SIZE}{_LEGAL_FORM}",
    chosen=(
        "number AS siren, f.key AS legal_form, "
        "coalesce(a.key, 0)::INTEGER AS naf, coalesce(b.key, 0)::INTEGER AS naf25, "
        "coalesce(s.key, 0)::SMALLINT AS size, "
        "CASE category WHEN 'PME' THEN 1 WHEN 'ETI' THEN 2 WHEN 'GE' THEN 3 ELSE 0 END::SMALLINT AS category, "
        "TRY_CAST(r.created AS DATE) AS created, CASE WHEN state = 'C' THEN TRY_CAST(since AS DATE) END AS ceased, "
        "state = 'A' AS active, coalesce(employer = 'O', false) AS employer, "
        "coalesce(social = 'O', false) AS social, coalesce(mission = 'O', false) AS mission"
    ),
    order="siren",
    is_in_order=True,
)  # fmt: skip

# Names are read apart and only here: no name of a person ever enters the coded tables.
NAMES = Coding(
    table="names",
    columns=("siren", "diffusion", "legal_form", "name", "acronym", "usual_name"),
    row_key="siren",
    numbers=_NUMBER,
    rules=(("", f"name <> '[ND]' AND {IS_DIFFUSED} AND {IS_LEGAL_PERSON}"), *_SIREN),
    chosen="number AS siren, name, nullif(usual_name, '[ND]') AS trade_name, nullif(acronym, '[ND]') AS acronym",
    order="siren",
    is_in_order=True,
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
    has_siren=False,
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
