"""Forms of the drafting room."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beffroi.strategy.drafting import LONGEST_TEXT, LONGEST_TITLE
from beffroi.strategy.remarks import LONGEST


class TitleForm(forms.Form):
    """A new draft."""

    title = forms.CharField(label=_("What is it about?"), max_length=LONGEST_TITLE)


class TextForm(forms.Form):
    """A version; `base` is the one that the writer had before their eyes."""

    content = forms.CharField(
        label=_("Text"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 24}),
        help_text=_("A line with # is a heading, with - or 1. a point of a list; an empty line ends a paragraph."),
    )  # fmt: skip
    base = forms.CharField(required=False, max_length=11, widget=forms.HiddenInput)


class RemarkForm(forms.Form):
    """A comment or an objection."""

    content = forms.CharField(label=_("Your remark"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}))
    kind = forms.ChoiceField(
        label=_("It is"), choices=(("comment", _("a comment")), ("objection", _("an objection, which needs an answer")))
    )


class AnswerForm(forms.Form):
    """An answer to a remark."""

    content = forms.CharField(max_length=LONGEST)
    remark = forms.IntegerField(min_value=0)


class InviteForm(forms.Form):
    """Somebody to invite by the address of their account."""

    email = forms.EmailField(label=_("Invite somebody by the address of their account"))
