"""From a pair to a judgement proposed: identifiers decide first, then the model; related is not the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from beffroi.linkage.countries import COUNTRY_WORDS
from beffroi.linkage.model import probability
from beffroi.linkage.reason import Evidence, evidence, sentence

if TYPE_CHECKING:
    from beffroi.linkage.model import Linear, Trained
    from beffroi.linkage.pair import Compared
    from beffroi.linkage.record import Tidy

Decision = Literal["automatic", "review", "related", "no"]
SAME_SIREN = 0.9999
OTHER_SIREN = 0.0001
_SPEAKING = 0.75
_SHARING = 0.5
# Words that name a part of an organisation, or something it founded, rather than itself.
PART_WORDS = frozenset(
    """
    incubateur incubator pepiniere accelerateur accelerator fondation foundation fablab lab campus site agence filiale
    antenne delegation federation club chaire junior alumni amicale comite syndicat holding participations
    ventures invest immobilier international global etudes formation entrepreneurs entrepreneur academy academie concept
    """.split()  # noqa: SIM905 -- words read as words
)
# Words that say what kind of thing bears a name: `École centrale` without its own is still what founded an incubator.
KIND_WORDS = frozenset("ecole universite institut centre groupe societe association agence reseau".split()) - PART_WORDS  # noqa: SIM905 -- as above


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is proposed for a pair.

    Attributes:
        probability: that both are one organisation.
        decision: `automatic` (held for one), `review` (a person decides), `related` (not one organisation, but bound:
            group, brand, site, school and its incubator) or `no`.
        reason: a sentence.
        evidence: its pieces in bits, the heaviest first; none where an identifier decides.
        origin: `rule` or `model`.
    """

    left: Tidy
    right: Tidy
    probability: float
    decision: Decision
    reason: str
    evidence: tuple[Evidence, ...]
    origin: Literal["rule", "model"]


def judge(left: Tidy, right: Tidy, compared: Compared | None, *, model: Linear, bands: Trained) -> Judgement:
    """Judge one pair on its own; what other pairs say comes after (`link`).

    >>> from beffroi.linkage.model import models
    >>> from beffroi.linkage.record import Record, tidy
    >>> one, other = tidy(Record("a", 1, siren="732829320")), tidy(Record("b", 9, siren="732 829 320"))
    >>> found = judge(one, other, None, model=models()["lists"].final, bands=models()["lists"])
    >>> found.decision, found.reason
    ('automatic', 'same SIREN 732829320')
    """
    if left.siren and left.siren == right.siren:
        return Judgement(left, right, SAME_SIREN, "automatic", f"same SIREN {left.siren}", (), "rule")
    if compared is None:
        return Judgement(left, right, 0.0, "no", "one of them has no name", (), "rule")
    if left.siren and right.siren:
        found = evidence(left, right, compared, model)
        bound = compared["same_core"] or compared["same_domain"]
        words = f"two legal units, SIREN {left.siren} / {right.siren}"
        decision: Decision = "related" if bound else "no"
        return Judgement(left, right, OTHER_SIREN, decision, sentence(found[:2], more=words), found, "rule")
    chance = probability(model.logit(compared.figures))
    part = part_of(compared) or site_of(compared)
    bound_by = part or (relation(compared) if chance < bands.automatic else "")
    if bound_by:
        found = evidence(left, right, compared, model)
        return Judgement(left, right, chance, "related", sentence(found, more=bound_by), found, "model")
    decision = band(chance, bands)
    if decision == "automatic" and left.record.source == right.record.source and alone(compared):
        # Who keeps a list and names two rows differently on purpose knows of two things.
        decision = "review"
    if decision == "no" and is_distinctive(compared):
        decision = "review"
    # Of a hundred pairs looked at, ninety are nothing: their evidence is not put into words.
    found = evidence(left, right, compared, model) if decision != "no" else ()
    return Judgement(left, right, chance, decision, sentence(found), found, "model")


def is_distinctive(compared: Compared) -> bool:
    """Tell whether both bear one rare name, which a person should see whatever else differs: firms move."""
    return bool(compared["same_core"]) and compared["shared"] >= 1 and not compared["homonyms_elsewhere"]


def band(chance: float, bands: Trained) -> Decision:
    """Return the band of a probability."""
    return "automatic" if chance >= bands.automatic else "review" if chance >= bands.review else "no"


def part_of(compared: Compared) -> str:
    """Say that one is named as a part of the other, or as something it founded: `HEC` and `Incubateur HEC`."""
    added = _added(compared)
    if compared["shared"] < _SHARING or not added & PART_WORDS:
        return ""
    return f"'{' '.join(sorted(added))}' names a part or a sister of it"


def site_of(compared: Compared) -> str:
    """Say that both stand on one web site and each has words of its own: sites of a network, or products of a firm."""
    if not compared["same_domain"] or compared["replaced"] < _SHARING:
        return ""
    return "one web site, each with words of its own"


def alone(compared: Compared) -> bool:
    """Tell whether one of the names has words that the other lacks."""
    return not compared["same_core"] and bool(compared.alignment.left_only or compared.alignment.right_only)


def relation(compared: Compared) -> str:
    """Say in which way two records that are hardly one are bound; nothing when they are not."""
    if compared["same_core"]:
        return ""
    if compared["same_domain"] and compared["shared"] < _SPEAKING:
        return "one web site, two names"
    added = _added(compared)
    if compared["shared"] >= _SPEAKING and added & COUNTRY_WORDS and not compared["same_domain"]:
        return f"'{' '.join(sorted(added))}' names a part or a sister of it"
    return ""


def _added(compared: Compared) -> set[str]:
    """Words of the longer name, when it has all words of the shorter one as they are."""
    left, right = (set(words) for words in (compared.alignment.left_only, compared.alignment.right_only))
    if left & PART_WORDS or right & PART_WORDS:
        left, right = left - KIND_WORDS, right - KIND_WORDS
    if compared["same_core"] or (left and right) or compared["typo"]:
        return set()
    return left or right
