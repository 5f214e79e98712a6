"""What stands on the page of a thing beside its fields: figures, progress, targets, order, money, people."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.strategy.cost import amounts, of_action, per_result, total
from beffroi.strategy.facts import Facts
from beffroi.strategy.figures import OWN, figure_of, reading
from beffroi.strategy.genericity import near, review_of
from beffroi.strategy.kinds import KINDS
from beffroi.strategy.measure import status_of
from beffroi.strategy.objective import results_of, targets
from beffroi.strategy.order import in_order, prerequisites
from beffroi.strategy.progress import progress
from beffroi.strategy.project import late
from beffroi.strategy.vote_outcomes import outcomes
from beffroi.web import permissions, words
from beffroi.web.charter_words import end_of
from beffroi.web.markup import Head, link, row, safe, table, text
from beffroi.web.strategy_words import euros, pace_names, quoted, value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django.utils.safestring import SafeString

    from beffroi.charter.book import Thing
    from beffroi.strategy.cost import Amount
    from beffroi.strategy.progress import Progress
    from beffroi.web.strategy_frame import View

DAY_WIDTH = 220
Part = tuple[str, str, str]  # id of the heading, heading, markup


def parts(view: View, thing: Thing) -> list[Part]:
    """The sections of a thing's page, in order; none for kinds that need only their fields."""
    made = _PARTS.get(thing.kind)
    return [one for one in made(view, thing) if one[2]] if made else []


def figures_table(view: View, keys: Iterable[tuple[str, str]], *, key: str) -> SafeString:
    """Indicators with their figure of the day shown, linked to what else names them."""
    heads = [Head(_("Indicator")), Head(_("Figure")), Head(_("Where"))]
    rows, reader = [], view.reader()
    for indicator, region in keys:
        found = figure_of(view.figures, view.book, indicator, region, view.edition)
        name = found.name.say(view.language) if found else reader.outside("indicator", indicator)
        url = view.url(f"strategy/indicator/{indicator}/")
        place = "" if indicator.startswith(OWN) else reader.outside("region", region)
        rows.append(row([link(url, name), quoted(found, view.language, on=view.day), place], heads))
    return table(_("What the figures say"), heads, rows, key=key) if rows else safe("")


def progress_table(view: View, results: Sequence[Thing], *, key: str = "t-results") -> SafeString:
    """Key results with baseline, figure of the day, target, and whether they keep pace."""
    heads = [Head(_("Key result")), Head(_("Baseline")), Head(_("Now")), Head(_("Target")), Head(_("Standing"))]
    rows, reader, lang = [], view.reader(), view.language
    for one in results:
        found = progress(one, view.book, view.figures, edition=view.edition)
        way = "" if found.way is None else f", {words.percent(float(found.way), lang)} {_('of the way')}"
        rows.append(row([reader.link(one.id), _set(found, "baseline", "baseline_on", lang),
                         quoted(found.figure, lang, on=view.day), _set(found, "target", "due", lang),
                         pace_names()[found.state] + way], heads))  # fmt: skip
    return table(_("Key results"), heads, rows, key=key) if rows else safe("")


def _set(found: Progress, name: str, day: str, language: str) -> str:
    one = found.result
    if one.get(name) is None:
        return _("not set")
    shown = value(found.figure, Decimal(one.text(name)), language) if found.figure else one.text(name)
    return f"{shown} ({words.day(one.text(day), language)})" if one.get(day) else shown


def action_list(view: View, actions: Sequence[Thing], *, key: str) -> SafeString:
    """Actions in their order, with state and what they wait for."""
    reader, kind = view.reader(), KINDS["action"]
    heads = [Head(_("Action")), Head(_("State")), Head(_("After")), Head(_("Owner"))]
    rows = (
        row([reader.link(one.id), reader.said(kind.field("state"), one.get("state")),
             safe(", ".join(reader.link(each) for each in one.ids("after")) or "–"),
             reader.said(kind.field("owner"), one.get("owner")) or "–"], heads)
        for one in in_order(actions)
    )  # fmt: skip
    return table(_("Actions, each after what it requires"), heads, rows, key=key) if actions else safe("")


def schedule(view: View, actions: Sequence[Thing]) -> SafeString:
    """The same actions in the same order, with bars from start to end; days stand beside the bars."""
    ordered = in_order(actions)
    days = [one.text(name) for one in ordered for name in ("starts", "ends") if one.text(name)]
    if not days:
        return safe("")
    first, last = int(min(days)[:4]), int(max(days)[:4]) + 1
    heads = [Head(_("Action")), Head(_("Start")), Head(_("End")), Head(f"{first}–{last - 1}")]
    reader = view.reader()
    rows = []
    for one in ordered:
        starts, ends = one.text("starts"), one.text("ends") or one.text("starts")
        bar = _bar(_place(starts, first, last), _place(ends, first, last)) if starts else ""
        shown = [words.day(each, view.language) or "–" for each in (starts, one.text("ends"))]
        rows.append(row([reader.link(one.id), *shown, safe(bar)], heads))
    return table(_("When: the same order, with bars"), heads, rows, key="t-schedule")


def money(found: Sequence[Amount], language: str, *, key: str) -> SafeString:
    """Amounts by funder and year, with their sums."""
    if not found:
        return safe("")
    heads = [Head(_("Funder")), Head(_("Year"), True), Head(_("Committed"), True), Head(_("Spent"), True)]
    rows = [row([one.funder, one.year, euros(one.committed_eur, language), euros(one.spent_eur, language)], heads)
            for one in found]  # fmt: skip
    committed, spent = total(found)
    rows.append(row([_("In all"), "", euros(committed, language), euros(spent, language)], heads, class_="own"))
    return table(_("Money by funder and year, exact"), heads, rows, key=key)


def _factor(view: View, thing: Thing) -> list[Part]:
    region = thing.text("region")
    keys = [(one, region) for one in thing.ids("indicators")]
    objectives = view.book.linking(thing.id, "objective", "factors")
    return [
        ("h-figures", _("What the figures say today"), figures_table(view, keys, key="t-figures")),
        ("h-evidence", _("On what its severity rests"), _evidence(view, thing)),
        ("h-answers", _("Objectives that answer it"),
         _links(view, objectives) or safe(f"<p>{text(_('None yet: this factor has no answer.'))}</p>")),
    ]  # fmt: skip


def _evidence(view: View, thing: Thing) -> SafeString:
    rows = thing.rows("evidence")
    if not rows:
        return safe("")
    heads = [Head(_("Day")), Head(_("Evidence")), Head(_("What it shows"))]
    made = []
    for one in rows:
        indicator = str(one.get("indicator") or "")
        found = figure_of(view.figures, view.book, indicator, str(one.get("region", "")), str(one.get("edition", "")))
        shown: str = text(str(one.get("document", "")))
        if found is not None:
            name = found.name.say(view.language)
            edition = f" · {_('edition')} {found.edition}" if found.edition else ""
            shown = f"{text(name)}: {quoted(found, view.language, on=view.day)}{text(edition)}" + (
                f"<br>{shown}" if shown else "")  # fmt: skip
        elif indicator:
            shown = text(f"{indicator} ({one.get('edition', '')})")
        made.append(row([words.day(str(one["day"]), view.language), safe(shown), str(one.get("said", ""))], heads))
    return table(_("Evidence, each with its day and its exact source"), heads, made, key="t-evidence")


def _objective(view: View, thing: Thing) -> list[Part]:
    results = results_of(view.book, thing.id)
    serving = {one.id: one for each in (thing, *results) for one in view.book.linking(each.id, field="objectives")}
    return [
        ("h-results", _("How it is measured"), progress_table(view, results)
         or safe(f"<p>{text(_('No key result yet: an objective is approved only with one.'))}</p>")),
        ("h-actions", _("What serves it"), _links(view, serving.values())
         or safe(f"<p>{text(_('No action yet.'))}</p>")),
    ]  # fmt: skip


def _result(view: View, thing: Thing) -> list[Part]:
    end = end_of(view.on)
    found = targets(one for one in entries.history(thing.id) if end is None or one.at <= end)
    heads = [Head(_("Set on (UTC)")), Head(_("Target"), True), Head(_("Due")), Head(_("By whom")), Head(_("Comment"))]
    rows = (
        row([f"{one.at:%Y-%m-%d %H:%M}", "–" if one.target is None else str(one.target),
             words.day(one.due, view.language), view.author(one.by), one.comment], heads)
        for one in reversed(found)
    )  # fmt: skip
    history = (
        table(_("Targets: the newest first, none overwritten"), heads, rows, key="t-targets") if found else safe("")
    )
    return [("h-results", _("Where it stands"), progress_table(view, [thing])),
            ("h-targets", _("Every target it ever had"), history)]  # fmt: skip


def _action(view: View, thing: Thing) -> list[Part]:
    heads = [Head(_("Prerequisite")), Head(_("Holds"))]
    held = prerequisites(thing, view.book, Facts(view.figures, outcomes()))
    rows = [row([one.said.say(view.language), _("yes") if one.is_met else _("no")], heads) for one in held]
    waits = table(_("What must hold before it starts"), heads, rows, key="t-before") if rows else safe("")
    return [
        ("h-before", _("What it waits for"), waits),
        ("h-money", _("What it costs"), money(of_action(thing, view.book), view.language, key="t-money")),
        ("h-effect", _("What came of it"), _effect(view, thing)),
        ("h-review", _("Would it fit any cluster?"), _review(view, thing)),
        ("h-projects", _("Projects that carry it out"),
         _links(view, view.book.linking(thing.id, "project", "actions"))),
    ]  # fmt: skip


def _effect(view: View, thing: Thing) -> SafeString:
    lang, cost = view.language, per_result(thing, view.book)
    kind = KINDS["action"]
    status = view.reader().said(kind.field("effect_status"), status_of(thing))
    said = [_("The effect is %(status)s.") % {"status": status}]
    if cost.eur is not None:
        said.append(_("One result (%(unit)s) cost %(eur)s.") % {
            "unit": thing.text("effect_unit", lang) or _("unit not named"), "eur": euros(cost.eur, lang)})  # fmt: skip
    elif cost.refusal is not None:
        said.append(cost.refusal.say(lang))
    return safe(f"<p>{text(' '.join(said))}</p>")


def _review(view: View, thing: Thing) -> SafeString:
    answer, kind = review_of(thing), KINDS["action"]
    reader = view.reader()
    if answer:
        said = f"{reader.said(kind.field('review'), answer)}. {thing.text('review_why')}"
        shown = f'<p>{text(said)} <span class="soft">{text(view.author(thing.text("review_by")))}</span></p>'
    else:
        shown = f"<p>{text(_('Nobody but its author has answered for this text yet.'))}</p>"
    found = near(thing) if view.sees_drafts else None
    if found:
        hint = _("Hint, not a block: it resembles an action that any cluster writes, “%(name)s” (%(n)s of 100).")
        shown += f'<p class="note">{text(hint % {"name": found[0].say(view.language), "n": found[1]})}</p>'
    return safe(shown)


def _project(view: View, thing: Thing) -> list[Part]:
    lates = [one for one in late(view.book, view.day) if one.project.id == thing.id]
    lang, shown = view.language, ""
    if lates:
        said = _("%(name)s was due on %(day)s: %(n)s days late")
        named = [{"name": one.milestone, "day": words.day(one.due.isoformat(), lang), "n": one.days} for one in lates]
        items = "".join(f"<li>{text(said % one)}</li>" for one in named)
        shown = f'<div class="note warn"><ul class="plain">{items}</ul></div>'
    hidden = ""
    if thing.rows("private_funding"):
        url = view.url(f"projects/{thing.id}/amounts/")
        may = any(permissions.may(view.person, "read_amounts", organisation=str(each["organisation"]))
                  for each in thing.rows("partners"))  # fmt: skip
        way = link(url, _("Read them")) if may else ""
        hidden = f"<p>{text(_('Other amounts are confidential: only partners read them.'))} {way}</p>"
    return [
        ("h-late", _("Late milestones"), safe(shown)),
        ("h-money", _("What it costs"), safe(money(amounts(thing, "funding"), lang, key="t-money") + safe(hidden))),
    ]  # fmt: skip


def _programme(view: View, thing: Thing) -> list[Part]:
    actions = view.book.linking(thing.id, "action", "programme")
    return [
        ("h-actions", _("Its actions"), safe(action_list(view, actions, key="t-actions") + schedule(view, actions)))
    ]


def _own(view: View, thing: Thing) -> list[Part]:
    heads = [Head(_("Day")), Head(_("Value"), True), Head(_("Interval")), Head(_("Source"))]
    rows = []
    for one in sorted(thing.rows("readings"), key=lambda each: str(each["day"]), reverse=True):
        figure = reading(thing, one)
        span = _("exact") if figure.low is None else words.interval(
            float(figure.low), float(figure.high or figure.low), figure.decimals, view.language)  # fmt: skip
        day = safe(f'<span id="reading-{text(one["day"])}">{text(words.day(str(one["day"]), view.language))}</span>')
        rows.append(row([day, value(figure, figure.value, view.language), span, str(one["source"])], heads))
    made = table(_("Readings, newest first"), heads, rows, key="t-readings") if rows else safe(
        f"<p>{text(_('Nobody has read it yet.'))}</p>")  # fmt: skip
    return [("h-readings", _("What was read"), made)]


def _links(view: View, things: Iterable[Thing]) -> SafeString:
    reader = view.reader()
    items = "".join(f"<li>{reader.link(one.id)}</li>" for one in things)
    return safe(f'<ul class="plain">{items}</ul>' if items else "")


def _place(day: str, first: int, last: int) -> float:
    year, month, date = (int(part) for part in day.split("-"))
    return (year - first + (month - 1) / 12 + (date - 1) / 365) / (last - first)


def _bar(start: float, end: float) -> str:
    x, width = start * DAY_WIDTH, max((end - start) * DAY_WIDTH, 2)
    return (
        f'<svg class="wf" viewBox="0 0 {DAY_WIDTH} 14" width="{DAY_WIDTH}" height="14" aria-hidden="true" '
        f'focusable="false"><rect class="bar whole" x="{x:.1f}" y="1" width="{width:.1f}" height="12"/></svg>'
    )


_PARTS: dict[str, Callable[[View, Thing], list[Part]]] = {
    "factor": _factor, "objective": _objective, "result": _result, "action": _action, "project": _project,
    "programme": _programme, "figure": _own,
}  # fmt: skip
