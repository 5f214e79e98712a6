"""Words of the import pages: states, stages, figures and faults in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from beffroi.web import words

if TYPE_CHECKING:
    from collections.abc import Mapping

MINUTE = 60
LEAST_DONE = 20  # before so many rows, nobody knows how long the rest takes


def states() -> dict[str, str]:
    """Where an upload stands."""
    return {
        "asked": _("its columns are to be checked"),
        "running": _("under way"),
        "interrupted": _("interrupted"),
        "done": _("answered"),
    }


def found_by() -> dict[str, str]:
    """How the meaning of a column was found."""
    return {
        "header": _("by its header"),
        "content": _("by its content"),
        "remembered": _("as last time"),
        "stated": _("as you said"),
    }


def labelled(faults: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Faults of the form with the label of their field."""
    labels = {
        "file": _("File"), "source": _("Name of the list"), "as_of": _("Day of the list"), "kind": _("Kind"),
        "trust_rank": _("Rank of trust"),
    }  # fmt: skip
    return [(field, labels[field], fault) for field, fault in faults.items()]


def progress(page: Mapping[str, Any], stage: str, language: str) -> dict[str, str]:
    """What is being done, how far it is, and how long the rest may take."""
    stages = {
        "read": _("Reading the file"),
        "compare": _("Comparing with what the list said last"),
        "link": _("Looking for the same organisations elsewhere"),
        "write": _("Writing") if stage == "import" else _("Trying it out"),
    }
    done, of, seconds = (float(page.get(name) or 0) for name in ("done", "of", "seconds"))
    said = {"stage": stages.get(str(page.get("stage")), _("Waiting for its turn"))}
    if of and done:
        figures = {"done": words.number(done, 0, language), "of": words.number(max(of, done), 0, language)}
        said["far"] = _("%(done)s look-ups of about %(of)s") % figures
    if of and done >= LEAST_DONE:
        left = max(of - done, 0) * seconds / done
        minutes = words.number(max(1, round(left / MINUTE)), 0, language)
        said["left"] = (
            _("about %(minutes)s min left") % {"minutes": minutes} if left > MINUTE else _("less than a minute left")
        )
    return said


def figures(report: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """What an import did or would do, in figures; each is exact."""
    held: Mapping[str, int] = report.get("judgements") or {}
    shown = [
        (_("rows"), report["rows"]),
        (_("new"), report["new"]),
        (pgettext("rows", "changed"), report["changed"]),
        (_("gone"), report["gone"]),
        (pgettext("rows", "unchanged"), report["same"]),
        (_("left out"), report["left_out"]),
        (_("links made"), held.get("same", 0)),
        (_("pairs to review"), held.get("unsure", 0)),
        (_("related, not the same"), held.get("related", 0)),
        (_("tasks of the register"), report["tasks"]),
        (_("cells not understood"), report["fault_count"]),
    ]
    found = [(label, words.number(value, 0, language)) for label, value in shown]
    if report["organisations_after"]:
        before, after = (words.number(report[f"organisations_{one}"], 0, language) for one in ("before", "after"))
        found.append((_("organisations"), f"{before} → {after}"))
    return found


def faults() -> dict[str, str]:
    """Problems of cells and their remedies, by the words of the registry."""
    pairs = (
        ("names nobody", _("names nobody")),
        ("Give a name, a SIREN or a SIRET, or leave the row out.",
         _("Give a name, a SIREN or a SIRET, or leave the row out.")),
        ("is too long", _("is too long")),
        ("is no SIREN: its key does not hold", _("is no SIREN: its key does not hold")),
        ("is no SIRET: its key does not hold", _("is no SIRET: its key does not hold")),
        ("is no French VAT number: its key does not hold", _("is no French VAT number: its key does not hold")),
        ("Look the number up in the register.", _("Look the number up in the register.")),
        ("is no address of e-mail", _("is no address of e-mail")),
        ("Write one address, such as contact@example.org.", _("Write one address, such as contact@example.org.")),
        ("is no day", _("is no day")),
        ("Write days as YYYY-MM-DD.", _("Write days as YYYY-MM-DD.")),
        ("is no number", _("is no number")),
        ("Write digits, with a point for decimals, without unit.",
         _("Write digits, with a point for decimals, without unit.")),
        ("is empty", _("is empty")),
        ("An organisation has a name.", _("An organisation has a name.")),
        ("A legal unit is replaced by another, or a reviewer separates it.",
         _("A legal unit is replaced by another, or a reviewer separates it.")),
        ("is no answer", _("is no answer")),
    )  # fmt: skip
    return dict(pairs)
