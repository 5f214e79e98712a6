"""Ideas of a campaign as they stand: state, answer, where they came from, and whom to credit.

A group is shown only from five ideas on; where one group is too small, the next smallest is hidden with it, so that
nothing can be found by subtraction. An anonymous campaign shows no idea at all before its fifth.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.records.ideas import AnonymousIdea, Idea, IdeaAnswer, IdeaCampaign, IdeaGuest, IdeaLink, IdeaModeration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, why, and on which day."""

    outcome: str
    reason: str
    day: date


@dataclass(frozen=True, slots=True)
class Standing:
    """An idea as it stands. `state`: waiting, published, refused, merged or split; `group` is empty when hidden.

    `accounts` and `guests` are all authors, those of the ideas it came from included; none when anonymous.
    """

    id: int
    title: str
    text: str
    voice: str
    group: str
    day: date | None
    accounts: tuple[int, ...]
    guests: tuple[int, ...]
    state: str
    reason: str
    answer: Answer | None
    parents: tuple[int, ...]
    children: tuple[int, ...]


def shown_groups(counts: Mapping[str, int], *, fewest: int = FEWEST) -> dict[str, int]:
    """Return the groups that may be shown.

    Args:
        counts: number of ideas by group.
        fewest: smallest number that may be shown.

    Returns:
        Groups with that many or more, without the smallest of them when what is hidden could be told by subtraction.

    >>> shown_groups({"a": 9, "b": 6, "c": 2})
    {'a': 9}
    >>> shown_groups({"a": 9, "b": 6})
    {'a': 9, 'b': 6}
    """
    shown = {name: count for name, count in counts.items() if count >= fewest}
    hidden = [count for name, count in counts.items() if 0 < count < fewest]
    if hidden and shown and (len(hidden) == 1 or sum(hidden) < fewest):
        shown.pop(min(shown, key=lambda name: (shown[name], name)))
    return shown


def group_counts(campaign: IdeaCampaign) -> dict[str, int]:
    """Return how many contributions each group made, as far as that may be shown."""
    table = AnonymousIdea if campaign.is_anonymous else Idea
    made = set(IdeaLink.objects.filter(campaign=campaign).values_list("child", flat=True))
    rows = table._default_manager.filter(campaign=campaign).values_list("id", "group")  # noqa: SLF001 -- Django's public-by-convention name
    return shown_groups(Counter(group for key, group in rows if key not in made))


def contributions(campaign: IdeaCampaign) -> int:
    """Return how many ideas were posted, those made by joining or splitting left out."""
    made = IdeaLink.objects.filter(campaign=campaign).values_list("child", flat=True)
    table = AnonymousIdea if campaign.is_anonymous else Idea
    return table._default_manager.filter(campaign=campaign).exclude(id__in=set(made)).count()  # noqa: SLF001 -- as above


def standings(campaign: IdeaCampaign) -> list[Standing]:
    """Return every idea of a campaign: named ones by time, anonymous ones by title."""
    words = {one.idea: one for one in IdeaModeration.objects.filter(campaign=campaign).order_by("number")}
    answers = {one.idea: one for one in IdeaAnswer.objects.filter(campaign=campaign).order_by("number")}
    links = list(IdeaLink.objects.filter(campaign=campaign).order_by("parent", "child").values_list("parent", "child"))
    shown = group_counts(campaign)
    rows: list[Idea | AnonymousIdea]
    if campaign.is_anonymous:
        rows = list(AnonymousIdea.objects.filter(campaign=campaign).order_by("title", "id"))
    else:
        rows = list(Idea.objects.filter(campaign=campaign).order_by("at", "id"))
    known = {one.pk: one for one in rows}
    found = []
    for one in rows:
        word, said = words.get(one.pk), answers.get(one.pk)
        origins = [known[key] for key in _origins(one.pk, links)]
        found.append(Standing(
            one.pk, one.title, one.text, one.voice, one.group if one.group in shown else "",
            one.at.date() if isinstance(one, Idea) else None,
            tuple(sorted({each.account for each in origins if isinstance(each, Idea) and each.account})),
            tuple(sorted({each.guest_id for each in origins if isinstance(each, Idea) and each.guest_id})),
            word.deed if word else "waiting", word.reason if word else "",
            Answer(said.outcome, said.reason, said.day) if said else None,
            tuple(parent for parent, child in links if child == one.pk),
            tuple(child for parent, child in links if parent == one.pk),
        ))  # fmt: skip
    return found


def public(campaign: IdeaCampaign, found: Iterable[Standing]) -> list[Standing]:
    """Return what everybody may read: published ideas and what they became; none of a campaign too small to hide in."""
    if campaign.is_anonymous and contributions(campaign) < FEWEST:
        return []
    return [one for one in found if one.state in {"published", "merged", "split"}]


def guest_names(found: Iterable[Standing]) -> dict[int, str]:
    """Return the names that guests gave, by number; empty once erased."""
    wanted = {key for one in found for key in one.guests}
    return dict(IdeaGuest.objects.filter(pk__in=wanted).values_list("pk", "name"))


def _origins(idea: int, links: list[tuple[int, int]]) -> set[int]:
    """Every idea that this one came from, and itself."""
    found, left = set(), [idea]
    while left:
        one = left.pop()
        found.add(one)
        left += [parent for parent, child in links if child == one and parent not in found]
    return found


LogRow = tuple[int, str, str, str, str, "date"]


def moderation_log(campaign: IdeaCampaign) -> list[LogRow]:
    """Return every deed and answer: idea, what, detail, reason, by, day. No time finer than a day is kept."""
    rows: list[LogRow] = [
        (one.idea, one.deed, "", one.reason, one.by, one.day)
        for one in IdeaModeration.objects.filter(campaign=campaign).order_by("day", "idea", "number")
    ]
    rows += [
        (one.idea, "answered", one.outcome, one.reason, one.by, one.day)
        for one in IdeaAnswer.objects.filter(campaign=campaign).order_by("day", "idea", "number")
    ]
    return sorted(rows, key=lambda row: (row[5], row[0]))
