"""The method of the 2006 text as a template: a vision, five failure factors, objectives, and eight actions in order.

The file `data/programme_2006.yaml` says it in words of ours and names where each part stands in the text. Entering it
makes drafts: no target, no approval and no cost is invented.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

import yaml
from django.db import transaction

from beffroi.charter import entries
from beffroi.charter.faults import Fault, RefusedError
from beffroi.strategy import write
from beffroi.strategy.facts import NOTHING, Facts
from beffroi.strategy.vision import is_in_force
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.charter.book import Thing
    from beffroi.charter.entries import By

ACT = "template"
AIMS = ("figures", "assets", "factors", "objectives", "results")
MEANS = ("programme", "actions")
_KIND = {"figures": "figure", "assets": "asset", "factors": "factor", "objectives": "objective", "results": "result",
         "programme": "programme", "actions": "action"}  # fmt: skip
Items = dict[str, dict[str, object]]


@lru_cache(maxsize=1)
def template() -> Mapping[str, Items]:
    """Return the parts of the template, each with its things by key; `@key` names another thing of the template."""
    text = (files("beffroi.strategy") / "data" / "programme_2006.yaml").read_text(encoding="utf-8")
    return cast("Mapping[str, Items]", yaml.safe_load(text)["parts"])


def enter_vision(*, by: By, region: str) -> Thing:
    """Enter the template's vision as a draft, for a region, and return it."""
    values = _placed(template()["vision"]["vision"], {}, region)
    return write.create("vision", values, by=by, act=ACT)


def enter_aims(vision: str, *, by: By, region: str) -> dict[str, Thing]:
    """Enter factors, assets, figures of one's own and objectives below a vision; return them by their keys."""
    held: dict[str, Thing] = {"vision": entries.book().thing(vision)}
    with transaction.atomic():
        for part in AIMS:
            _enter(part, held, by=by, region=region, facts=NOTHING)
    return held


def enter_means(held: Mapping[str, Thing], *, by: By, region: str, facts: Facts = NOTHING) -> dict[str, Thing]:
    """Enter the programme and its eight actions below what `enter_aims` entered; return all by their keys.

    Raises:
        RefusedError: the vision is still a draft; nothing is written.
    """
    vision = entries.book().thing(held["vision"].id)
    if not is_in_force(vision):
        raise RefusedError([Fault("", Text(
            f"{vision.id} est encore un brouillon : d’abord la vision, puis les moyens. Faites-la approuver.",
            f"{vision.id} is still a draft: vision first, then means. Have it approved."))])  # fmt: skip
    found = dict(held)
    with transaction.atomic():
        for part in MEANS:
            _enter(part, found, by=by, region=region, facts=facts)
    return found


def entered(vision: str) -> dict[str, Thing]:
    """Return, by their keys, the things of the template that were entered below a vision and still stand."""
    book = entries.book()
    found: dict[str, Thing] = {"vision": book.thing(vision)}
    names = {(_KIND[part], str(cast("dict[str, str]", values["name"])["en"])): key
             for part in (*AIMS, *MEANS) for key, values in template()[part].items()}  # fmt: skip
    for one in book:
        key = names.get((one.kind, one.text("name", "en")))
        if key and not one.is_archived:
            found[key] = one
    return found


def _enter(part: str, held: dict[str, Thing], *, by: By, region: str, facts: Facts) -> None:
    for key, values in template()[part].items():
        held[key] = write.create(_KIND[part], _placed(values, held, region), by=by, facts=facts, act=ACT)


def _placed(values: Mapping[str, object], held: Mapping[str, Thing], region: str) -> dict[str, object]:
    def place(value: object) -> object:
        if isinstance(value, str):
            return held[value[1:]].id if value.startswith("@") else region if value == "REGION" else value
        if isinstance(value, list):
            return [place(one) for one in value]
        if isinstance(value, dict):
            return {name: place(one) for name, one in value.items()}
        return value

    return {name: place(value) for name, value in values.items()}
