"""Addresses of the strategy: what everybody reads, and the forms of those who keep it."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from beffroi.web import permissions
from beffroi.web.pages import strategy, strategy_edit, strategy_things, vision
from beffroi.web.strategy_frame import SEGMENTS


class ThingsConverter:
    """The address of a list, such as `factors` or `strategy/assets`; views get the kind, such as `factor`."""

    regex = "|".join(SEGMENTS.values())

    def to_python(self, value: str) -> str:
        """The kind listed there."""
        return next(kind for kind, segment in SEGMENTS.items() if segment == value)

    def to_url(self, value: str) -> str:
        """Where a kind is listed."""
        return SEGMENTS[value]


register_converter(ThingsConverter, "things")

reading: list[URLPattern] = [
    path("strategy/", strategy.overview),
    path("strategy/orphans/", strategy.orphans),
    path("strategy/orphans.<format:kind>", strategy.orphans_file),
    path("strategy/genericity/", strategy.genericity),
    path("strategy/genericity.<format:kind>", strategy.genericity_file),
    path("strategy/indicator/<slug:indicator_id>/", strategy.indicator),
    path("strategy/indicator/<slug:indicator_id>/named.<format:kind>", strategy.indicator_file),
    path("vision/", vision.page),
    path("vision/vision.pdf", vision.paper),
    path("vision/headlines.<format:kind>", vision.headline_file),
    path("vision/<int:number>/", vision.version),
    path("vision/<int:number>/vision.pdf", vision.version_paper),
    path("factors/compare/", strategy_things.compare),
    path("factors/compare.<format:ending>", strategy_things.compare_file),
    # Partners of the very project get in; the view itself asks.
    path("projects/<slug:thing>/amounts/", strategy_things.partner_amounts),
    path("projects/<slug:thing>/amounts/edit/", strategy_edit.money),
    path("<things:kind>/", strategy_things.listed),
    path("<things:kind>/export.<format:ending>", strategy_things.listed_file),
    path("<things:kind>/<slug:thing>/", strategy_things.page),
    path("<things:kind>/<slug:thing>/values.<format:ending>", strategy_things.page_file),
]
keeping: list[URLPattern] = [
    path("strategy/new/<slug:kind>/", strategy_edit.new),
    path("strategy/edit/<slug:thing>/", strategy_edit.change),
    path("strategy/state/<slug:thing>/", strategy_edit.state),
    path("strategy/approve/<slug:thing>/", strategy_edit.approve),
    path("strategy/put-away/<slug:thing>/", strategy_edit.put_away),
]
reviewing: list[URLPattern] = [path("strategy/review/<slug:thing>/", strategy_edit.review)]
# An action's owner gets in; the view itself asks.
overriding: list[URLPattern] = [path("strategy/override/<slug:thing>/", strategy_edit.override)]

permissions.mark([*reading, *overriding], "read_strategy")
permissions.mark(keeping, "edit_strategy")
permissions.mark(reviewing, "answer_review")

patterns: list[URLPattern] = [*reading, *keeping, *reviewing, *overriding]
