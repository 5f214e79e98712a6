"""Would this action fit any cluster? Links to what is ours, a question answered by somebody else, and a report.

The 2006 text complains of a list of actions "so generic that it would suit the building of any professional cluster".
An action therefore names an asset of the territory, a failure factor or a figure, as links; and before it is published
somebody who did not write it says whether it would fit elsewhere. Nothing here blocks but what is missing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import yaml
from rapidfuzz import fuzz, utils

from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Choice, Line, Prose
from beffroi.strategy.facts import facts_of
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.shape import Change

CONTENT = ("name", "said", "objectives", "assets", "factors", "figures")
LINKED = ("assets", "factors", "figures")
ACT = "reviewed"
NEAR = 80  # points of 100 from which a hint is shown
OURS, ANYBODYS = "ours", "anybodys"
MANY = 2  # what every action of a programme shares says nothing, from two actions on

REVIEW = (
    Field("review", Choice({
        OURS: Text("Non, elle tient à ce territoire", "No, it belongs to this territory"),
        ANYBODYS: Text("Oui, elle conviendrait à tout pôle", "Yes, it would fit any cluster"),
    }), Text("Conviendrait-elle à n’importe quel pôle\u202f?", "Would it fit any cluster?")),
    Field("review_why", Prose(4000), Text("Pourquoi", "Why")),
    Field("review_by", Line(60), Text("Répondu par", "Answered by")),
    Field("review_text", Line(64), Text("Empreinte du texte relu", "Fingerprint of the text reviewed")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """An action in the report: `links` are what it names, `own` those that not every action of its programme names.

    `review` is the answer to the question for today's text (empty: not answered); `near` a generic action that it
    resembles, with the likeness of 100; None when it resembles none.
    """

    action: Thing
    links: tuple[str, ...]
    own: tuple[str, ...]
    review: str
    near: tuple[Text, int] | None

    @property
    def verdict(self) -> str:
        """`unlinked`, `shared` (all its links are everybody's), `unreviewed`, `anybodys`, or `ours`."""
        if not self.links:
            return "unlinked"
        if not self.own:
            return "shared"
        return self.review or "unreviewed"


def fingerprint(values: Mapping[str, object]) -> str:
    """Return the SHA-256 of what a reviewer reads; an answer holds for this text only."""
    content = {name: values[name] for name in CONTENT if name in values}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def links_of(action: Thing) -> tuple[str, ...]:
    """Return what an action names of this territory: assets, factors, and figures as `indicator @ region`."""
    figures = tuple(f"{row['indicator']} @ {row.get('region', '')}" for row in action.rows("figures"))
    return (*action.ids("assets"), *action.ids("factors"), *figures)


def review_of(action: Thing) -> str:
    """Return the answer to the question when it was given for today's text; else empty."""
    return action.text("review") if action.get("review_text") == fingerprint(action.values) else ""


def missing(action: Thing) -> Iterator[Fault]:
    """What an action lacks before it is published: a link to the territory, and an answer by somebody else."""
    if not links_of(action):
        yield Fault("assets", Text(
            "Rien ne rattache ceci au territoire : nommez un atout, un facteur d’échec ou un chiffre.",
            "Nothing ties this to the territory: name an asset, a failure factor or a figure."))  # fmt: skip
    if not review_of(action):
        yield Fault("review", Text(
            "Quelqu’un d’autre que l’auteur doit d’abord dire si ceci conviendrait à n’importe quel pôle.",
            "Somebody other than the author must first say whether this would fit any cluster."))  # fmt: skip


def reviewed_by_another(change: Change) -> Iterator[Fault]:
    """The question is answered, with a why, by somebody who did not write the text."""
    touched = [one for one in ("review", "review_why", "review_by", "review_text") if change.is_set(one)]
    if change.act != ACT:
        if touched:
            yield Fault(touched[0], Text("Répondez par la relecture.", "Answer by a review."))
        return
    writers = facts_of(change).writers | {change.before.born_by if change.before else change.author}
    if change.author in writers:
        yield Fault("review", Text("Vous avez écrit ce texte\u202f; quelqu’un d’autre doit répondre.",
                                   "You wrote this text; somebody else must answer."))  # fmt: skip
    if not change.after.get("review") or not change.after.get("review_why"):
        yield Fault("review_why", Text("Répondez, et dites pourquoi.", "Answer, and say why."))
    if change.after.get("review_by") != change.author or change.after.get("review_text") != fingerprint(
        change.after.values
    ):
        yield Fault("review", Text("La réponse ne porte pas sur ce texte.", "The answer is not about this text."))


def report(book: Book, *, kind: str = "action") -> tuple[Finding, ...]:
    """Return every action with what ties it to the territory, the least tied first."""
    actions = book.of(kind)
    found = [_finding(one, actions) for one in actions]
    order = ("unlinked", "shared", "anybodys", "unreviewed", "ours")
    return tuple(sorted(found, key=lambda one: order.index(one.verdict)))


def _finding(action: Thing, actions: tuple[Thing, ...]) -> Finding:
    links = links_of(action)
    peers = [links_of(one) for one in actions if one.get("programme") == action.get("programme")]
    shared = {one for one in links if len(peers) >= MANY and all(one in peer for peer in peers)}
    return Finding(action, links, tuple(one for one in links if one not in shared), review_of(action), near(action))


def near(action: Thing) -> tuple[Text, int] | None:
    """Return the generic action that a text resembles most, with the likeness of 100; None under 80.

    Likeness is RapidFuzz's token sort ratio, which does not mind the order of words: a hint, never a block.
    """
    best: tuple[Text, int] | None = None
    for one in generic_actions():
        likeness = max(_likeness(action.text("name", lang), one.say(lang)) for lang in ("fr", "en"))
        if likeness >= NEAR and (best is None or likeness > best[1]):
            best = one, likeness
    return best


def _likeness(ours: str, theirs: str) -> int:
    return round(fuzz.token_sort_ratio(ours, theirs, processor=utils.default_process))


@lru_cache(maxsize=1)
def generic_actions() -> tuple[Text, ...]:
    """Return the shipped list of actions that any cluster could write."""
    held = yaml.safe_load((files("beffroi.strategy") / "data" / "generic_actions.yaml").read_text(encoding="utf-8"))
    return tuple(Text(one["fr"], one["en"]) for one in held["actions"])
