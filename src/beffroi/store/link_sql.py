"""Which rows of lists are worth comparing, as SQL: one text that DuckDB and Spark read alike.

The same counting as `linkage.lead` does in arrays, for lists that one machine no longer holds: shared terms count by
their rarity in thousandths of a bit; a word that too many rows have counts only within one place; the best few of each
row are kept, if chance does not explain them. A test holds the three ways equal.

Tables it starts from: `rows` (place, source) and `terms` (place, source, term), where a term is `w:` and a word, `p:` a
département, `c:` a commune, and `i:`, `s:`, `d:` an identifier; `letters` (letter) with the numbers from 1 on.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds the work; `linkage.lead` and `linkage.block` say what each is."""

    most: int
    kept: int
    sure: int
    place_share: float
    near_share: float
    typo_from: int


def steps(limits: Limits, *, sources: int) -> list[tuple[str, str]]:
    """Return tables to make, in order, each with its SQL; the last one, `pairs`, has `one` and `other`.

    Args:
        limits: bounds.
        sources: number of lists; one alone is compared with itself.
    """
    elsewhere = "TRUE" if sources == 1 else "counts.source <> terms.source"
    place, near = (f"CAST({one} AS DOUBLE)" for one in (limits.place_share, limits.near_share))
    return [
        ("sizes", "SELECT source, count(*) AS n FROM rows GROUP BY source"),
        ("counts", _COUNTS),
        ("variants", _VARIANTS.format(typo_from=limits.typo_from)),
        ("near", _NEAR),
        ("known", _KNOWN.format(elsewhere=elsewhere, place=place, near=near)),
        ("worth", _WORTH.format(sure=limits.sure, most=limits.most)),
        ("narrow", _NARROW.format(most=limits.most)),
        ("within", _WITHIN.format(most=limits.most, place=place)),
        ("shared", _SHARED),
        ("pairs", _PAIRS.format(kept=limits.kept)),
    ]  # fmt: skip


_COUNTS = """
SELECT terms.source AS source, term, count(*) AS found,
       CAST(floor(1000 * log2(CAST(max(n) + 1 AS DOUBLE) / count(*)) + 0.5) AS BIGINT) AS bits
FROM terms JOIN sizes ON sizes.source = terms.source
GROUP BY terms.source, term
"""

_VARIANTS = """
SELECT DISTINCT term, substr(term, 3) AS variant FROM counts WHERE substr(term, 1, 1) = 'w'
UNION
SELECT DISTINCT term, concat(substr(term, 3, letter - 1), substr(term, 3 + letter)) AS variant
FROM counts JOIN letters ON letter <= length(term) - 2
WHERE substr(term, 1, 1) = 'w' AND length(term) - 2 >= {typo_from}
"""

_NEAR = """
SELECT DISTINCT one.term AS term, other.term AS close
FROM variants one JOIN variants other ON one.variant = other.variant
WHERE one.term <> other.term
"""

# Who asks, in which list, by which term of that list, and what part of its bits counts.
_KNOWN = """
SELECT place, list, term, max(found) AS found, max(bits) AS bits, max(part) AS part
FROM (
  SELECT terms.place AS place, counts.source AS list, counts.term AS term, found, bits,
         CASE WHEN substr(counts.term, 1, 1) IN ('p', 'c') THEN {place} ELSE CAST(1 AS DOUBLE) END AS part
  FROM terms JOIN counts ON counts.term = terms.term
  WHERE {elsewhere}
  UNION ALL
  SELECT terms.place AS place, counts.source AS list, counts.term AS term, found, bits, {near} AS part
  FROM terms JOIN near ON near.term = terms.term JOIN counts ON counts.term = near.close
  WHERE {elsewhere}
) AS every
GROUP BY place, list, term
"""

_WORTH = """
SELECT place, list, term,
       CASE WHEN substr(term, 1, 1) IN ('i', 's', 'd') THEN CAST({sure} AS BIGINT)
            ELSE CAST(floor(bits * part + 0.5) AS BIGINT) END AS bits,
       found > {most} AND substr(term, 1, 1) = 'w' AS is_crowded, found <= {most} AS is_open
FROM known
"""

# Crowded words within a place where they are rare enough.
_NARROW = """
SELECT terms.source AS list, terms.term AS term, spots.term AS spot
FROM terms
JOIN counts ON counts.source = terms.source AND counts.term = terms.term
JOIN terms spots ON spots.place = terms.place
WHERE substr(terms.term, 1, 1) = 'w' AND found > {most} AND substr(spots.term, 1, 1) IN ('p', 'c')
GROUP BY terms.source, terms.term, spots.term
HAVING count(*) <= {most}
"""

# In its département, or else its commune; a place too large to lead by itself counts here, with the word.
_WITHIN = """
SELECT asked.place AS place, asked.list AS list, asked.term AS term, spot,
       asked.bits + CASE WHEN found > {most} THEN CAST(floor(counts.bits * {place} + 0.5) AS BIGINT) ELSE 0 END AS bits
FROM (
  SELECT worth.place AS place, worth.list AS list, worth.term AS term, spot, bits,
         row_number() OVER (PARTITION BY worth.place, worth.list, worth.term ORDER BY spot DESC) AS choice
  FROM worth
  JOIN terms ON terms.place = worth.place
  JOIN narrow ON narrow.list = worth.list AND narrow.term = worth.term AND narrow.spot = terms.term
  WHERE is_crowded
) AS asked
JOIN counts ON counts.source = asked.list AND counts.term = asked.spot
WHERE choice = 1
"""

_SHARED = """
SELECT asking, list, found, sum(bits) AS bits
FROM (
  SELECT worth.place AS asking, worth.list AS list, terms.place AS found, bits
  FROM worth JOIN terms ON terms.source = worth.list AND terms.term = worth.term
  WHERE is_open
  UNION ALL
  SELECT within.place AS asking, within.list AS list, terms.place AS found, bits
  FROM within
  JOIN terms ON terms.source = within.list AND terms.term = within.term
  JOIN terms spots ON spots.place = terms.place AND spots.term = within.spot
) AS every
GROUP BY asking, list, found
"""

_PAIRS = """
SELECT DISTINCT least(asking, found) AS one, greatest(asking, found) AS other
FROM (
  SELECT asking, found, bits, chance,
         max(bits) OVER (PARTITION BY asking, list) AS best,
         row_number() OVER (PARTITION BY asking, list ORDER BY bits DESC, found) AS choice
  FROM shared
  JOIN (
    SELECT source, CAST(floor(1000 * log2(CAST(n + 1 AS DOUBLE)) + 0.5) AS BIGINT) AS chance FROM sizes
  ) AS chances ON chances.source = shared.list
) AS ranked
WHERE choice <= {kept} AND asking <> found
  AND bits >= least(CAST(floor(greatest(chance, best) / CAST(2 AS DOUBLE)) AS BIGINT), chance)
"""
