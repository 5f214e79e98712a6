"""Forms of the election officer."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from beffroi.assembly.vote import CHANNELS, Candidate
from beffroi.strategy.cancelling import LONGEST_REASON
from beffroi.strategy.opening import Terms

LONGEST_TABLE = 2_000_000
MOST_CANDIDATES = 100


class TermsForm(forms.Form):
    """Rule, times, secrecy and roll of a vote. `rules`: each body with its (value, words) pairs."""

    rule = forms.ChoiceField(label=_("Which body decides, and what"))
    opens = forms.DateTimeField(
        label=_("Opens (Paris time; empty: now)"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": 1}),
    )  # fmt: skip
    closes = forms.DateTimeField(
        label=_("Closes (Paris time)"), widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": 1})
    )
    secrecy = forms.ChoiceField(
        label=_("Ballots are"), choices=(("public", _("public")), ("secret", pgettext_lazy("ballots", "secret")))
    )
    channels = forms.MultipleChoiceField(
        label=_("Votes are cast"),
        choices=(("remote", _("remotely")), ("room", _("in the room")), ("post", _("by post"))),
        widget=forms.CheckboxSelectMultiple, initial=["remote"],
    )  # fmt: skip
    visibility = forms.ChoiceField(
        label=_("Who may read it"), choices=(("public", _("everybody")), ("members", _("members and officers")))
    )
    roll = forms.ChoiceField(
        label=_("Roll"),
        choices=(
            ("represented", _("members that have a representative")),
            ("members", _("all members")),
            ("body", _("members that sit in the body")),
        ),
    )
    table = forms.CharField(
        label=_("Weights, colleges, conflicts of interest (CSV, optional)"), required=False, max_length=LONGEST_TABLE,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Columns: organisation, weight (3/2), college, territory, aggregated (yes), conflict (the reason). "
                    "With a column weight, only the organisations named vote."),
    )  # fmt: skip

    subjects = forms.CharField(
        label=_("Subjects, for declared conflicts of interest (optional)"), required=False, max_length=300,
        help_text=_("Ids of what the vote is about, such as project-3, separated by commas. Organisations that "
                    "declared a conflict stand on the roll and do not vote."),
    )  # fmt: skip

    def __init__(self, *args: Any, rules: list[tuple[str, list[tuple[str, str]]]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["rule"].choices = [("", "–"), *rules]  # type: ignore[attr-defined]  # -- a choice field has choices

    def terms(self, rule: Any, at: Any) -> Terms:
        """What the officer set, once the form is valid."""
        data = self.cleaned_data
        ways = tuple(one for one in CHANNELS if one in data["channels"])
        return Terms(rule, data["opens"] or at, data["closes"], data["secrecy"] == "secret", ways, data["visibility"])


class OpenForm(TermsForm):
    """A draft put to the vote."""

    room = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    seat_rule = forms.CharField(
        label=_("Frozen seat rule that is adopted with the text (JSON, optional)"), required=False,
        max_length=LONGEST_TABLE, widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def clean_seat_rule(self) -> dict[str, Any] | None:
        """Read the record; the room checks that it holds."""
        typed = self.cleaned_data["seat_rule"].strip()
        try:
            found = json.loads(typed) if typed else None
        except ValueError as error:
            raise forms.ValidationError(_("This is no JSON.")) from error
        if found is not None and not isinstance(found, dict):
            raise forms.ValidationError(_("This is no frozen seat rule."))
        return found


class ElectionForm(TermsForm):
    """An election."""

    title = forms.CharField(label=_("What is elected?"), max_length=200)
    content = forms.CharField(
        label=_("What voters read above the names"), max_length=20_000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    seats = forms.IntegerField(label=_("Seats to fill"), min_value=1, max_value=MOST_CANDIDATES)
    candidates = forms.CharField(
        label=_("Candidates, one a line, best placed first if a tie must be broken"), max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("After the name, traits may follow: Camille Roche; territory=Lyon; gender=F"),
    )  # fmt: skip
    breaks_ties = forms.BooleanField(
        label=_("The order of the lines breaks ties (by age, or drawn by lot in public)"), required=False
    )
    field_order = ("title", "content", "candidates", "breaks_ties", "seats")

    def clean_candidates(self) -> tuple[Candidate, ...]:
        """Read the lines."""
        found = []
        for number, line in enumerate((one for one in self.cleaned_data["candidates"].splitlines() if one.strip()), 1):
            name, *rest = (part.strip() for part in line.split(";"))
            traits = {key.strip(): value.strip() for key, sign, value in (one.partition("=") for one in rest) if sign}
            found.append(Candidate(f"c{number}", {**traits, "name": name}))
        if not 1 <= len(found) <= MOST_CANDIDATES:
            raise forms.ValidationError(_("Name between one and a hundred candidates."))
        return tuple(found)


class CancelForm(forms.Form):
    """Why a vote is cancelled."""

    reason = forms.CharField(
        label=_("Reason, shown to everybody who may read the vote"), max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class RecordForm(forms.Form):
    """A ballot cast in the room or by post, or the presence of somebody, written down by the officer."""

    organisation = forms.CharField(label=_("Organisation (its address in the roll)"), max_length=40)
    what = forms.ChoiceField(
        label=_("What is written down"),
        choices=(("attend", _("is there")), ("for", _("ballot: for")), ("against", _("ballot: against")),
                 ("abstain", _("ballot: abstention"))),
    )  # fmt: skip
    channel = forms.ChoiceField(label=_("How"), choices=(("room", _("in the room")), ("post", _("by post"))))
