"""A form for any kind of thing: one widget a field, values as the charter keeps them, reasons beside the fields."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from beffroi.charter.holds import (
    Both,
    Choice,
    Data,
    Day,
    Flag,
    Line,
    Link,
    Links,
    Number,
    Outside,
    Outsides,
    Prose,
    Rows,
    Whole,
)
from beffroi.vocabulary.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.faults import RefusedError
    from beffroi.charter.field import Field
    from beffroi.charter.shape import Kind

SPARE_ROWS = 2
MOST_ROWS = 60


class ThingForm(forms.Form):
    """The fields of a kind. `values()` gives what the charter keeps, once the form is clean.

    `expected` travels with the form: the number of the last entry that the author saw.
    """

    expected = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(
        self, kind: Kind, *, language: str, book: Book, thing: Thing | None = None, data: Any = None,
        names: Iterable[str] | None = None, choices: Mapping[str, Sequence[tuple[str, str]]] | None = None,
        start: Mapping[str, object] | None = None,
    ) -> None:  # fmt: skip
        """Lay the form out.

        Args:
            kind: the kind of thing.
            language: `fr` or `en`.
            book: the present, for links to other things.
            thing: what is edited; None for a new one.
            data: what was sent; None to show the form.
            names: the fields to ask for; None asks for all.
            choices: per space, what may be chosen; spaces not named take what is typed.
            start: values that a new thing starts with.
        """
        self.kind, self.language, self.book, self.choices = kind, language, book, choices or {}
        self.asked = [one for one in kind.fields if names is None or one.name in set(names)]
        first: dict[str, object] = {"expected": thing.entry if thing else None}
        given = thing.values if thing else start or {}
        for one in self.asked:
            first |= dict(_initial(one, given.get(one.name)))
            if isinstance(one.type, Outsides) and not self.choices.get(one.type.space):
                first[one.name] = "\n".join(thing.ids(one.name)) if thing else ""
        super().__init__(data, initial=first, auto_id="f-%s", label_suffix="")
        self.row_counts = {one.name: self._count(one, thing) for one in self.asked if isinstance(one.type, Rows)}
        own = {"reason": self.fields.pop("reason")}
        for one in self.asked:
            self.fields |= dict(self._widgets(one))
        self.fields |= own
        self.fields["reason"].label = _("Reason, for the history")
        self.fields["reason"].required = False

    def values(self) -> dict[str, object]:
        """Return the values of every field asked for; blank where nothing was given."""
        return {one.name: self._value(one, one.name) for one in self.asked}

    def take(self, refused: RefusedError) -> None:
        """Show why the charter refused, each reason beside its field."""
        for fault in refused.faults:
            place = next(
                (name for name in (fault.field, f"{fault.field}_{self.language}") if name in self.fields), None
            )
            self.add_error(place, fault.text.say(self.language))

    def _first(self, name: str) -> str:
        columns = [one.type.columns for one in self.asked if one.name == name and isinstance(one.type, Rows)]
        return columns[0][0].name if columns else ""

    def _count(self, one: Field, thing: Thing | None) -> int:
        sent = self.data.get(f"{one.name}-rows", "") if self.is_bound else ""
        kept = len(thing.rows(one.name)) if thing else 0
        asked = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 4 else kept + SPARE_ROWS  # noqa: PLR2004 -- three digits are plenty
        return min(max(asked, kept + SPARE_ROWS), MOST_ROWS)

    def _widgets(self, one: Field) -> Iterator[tuple[str, forms.Field]]:
        label = one.label.say(self.language)
        if not isinstance(one.type, Rows):
            yield from self._cells(one, one.name, label, is_required=one.is_required)
            return
        for number in range(self.row_counts[one.name]):
            for column in one.type.columns:
                said = f"{label} {number + 1}, {column.label.say(self.language)}"
                yield from self._cells(column, f"{one.name}-{number}-{column.name}", said, is_required=False)

    def _cells(self, one: Field, name: str, label: str, *, is_required: bool) -> Iterator[tuple[str, forms.Field]]:
        if not isinstance(one.type, Both):
            yield name, self._dress(self._plain(one), one, label=label, is_required=is_required)
            return
        for language in LANGUAGES:
            said = f"{label} ({_('in French') if language == 'fr' else _('in English')})"
            yield f"{name}_{language}", self._dress(_both(one.type), one, label=said, is_required=is_required)

    def _dress(self, made: forms.Field, one: Field, *, label: str, is_required: bool) -> forms.Field:
        made.label = label
        made.help_text = one.help.say(self.language)
        # The charter says itself what is missing, with every other reason; the browser only marks the field.
        made.required = False
        if is_required:
            made.widget.attrs["aria-required"] = "true"
        return made

    def _plain(self, one: Field) -> forms.Field:
        kind = one.type
        if isinstance(kind, Choice):
            options = [("", "–"), *((key, words.say(self.language)) for key, words in kind.options.items())]
            return forms.ChoiceField(choices=options)
        if isinstance(kind, Link):
            return forms.ChoiceField(choices=[("", "–"), *self._things(kind.kinds)])
        if isinstance(kind, Links):
            return forms.MultipleChoiceField(choices=self._things(kind.kinds), widget=forms.CheckboxSelectMultiple)
        if isinstance(kind, Outside) and self.choices.get(kind.space):
            return forms.ChoiceField(choices=[("", "–"), *self.choices[kind.space]])
        if isinstance(kind, Outsides) and self.choices.get(kind.space):
            return forms.MultipleChoiceField(choices=self.choices[kind.space], widget=forms.SelectMultiple)
        return _typed(kind)

    def _things(self, kinds: Sequence[str]) -> list[tuple[str, str]]:
        found = []
        for kind in kinds:
            found += [(one.id, name_of(one, self.language)) for one in self.book.of(kind)]
        return found

    def _value(self, one: Field, name: str) -> object:
        cleaned = self.cleaned_data
        if isinstance(one.type, Both):
            texts = {language: cleaned.get(f"{name}_{language}", "").strip() for language in LANGUAGES}
            return texts if any(texts.values()) else None
        if isinstance(one.type, Rows):
            rows = []
            for number in range(self.row_counts[one.name]):
                row = {
                    column.name: self._value(column, f"{name}-{number}-{column.name}") for column in one.type.columns
                }
                if any(value not in (None, "", [], False) for value in row.values()):
                    rows.append({key: value for key, value in row.items() if value not in (None, "", [])})
            return rows
        return _kept(one, cleaned.get(name))


def name_of(thing: Thing, language: str) -> str:
    """What a thing is called: its name or title, else its id."""
    return thing.text("name", language) or thing.text("title", language) or thing.id


def _both(kind: Both) -> forms.Field:
    long = kind.longest > 200  # noqa: PLR2004 -- longer than a line
    widget = forms.Textarea(attrs={"rows": 4}) if long else forms.TextInput()
    return forms.CharField(max_length=kind.longest, widget=widget)


def _typed(kind: object) -> forms.Field:
    if isinstance(kind, Prose | Data | Outsides):
        rows = 10 if isinstance(kind, Data) else 5
        return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}))
    if isinstance(kind, Day):
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    if isinstance(kind, Flag):
        return forms.BooleanField()
    if isinstance(kind, Whole):
        return forms.IntegerField()
    longest = kind.longest if isinstance(kind, Line | Outside) else 60
    mode = {"inputmode": "decimal"} if isinstance(kind, Number) else {}
    return forms.CharField(max_length=longest, widget=forms.TextInput(attrs=mode))


def _initial(one: Field, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(one.type, Both):
        for language in LANGUAGES:
            yield f"{one.name}_{language}", value.get(language, "") if isinstance(value, dict) else ""
    elif isinstance(one.type, Rows):
        for number, row in enumerate(value if isinstance(value, list) else []):
            for column in one.type.columns:
                for name, cell in _initial(column, row.get(column.name)):
                    yield f"{one.name}-{number}-{name}", cell
    elif isinstance(one.type, Data):
        yield one.name, json.dumps(value, ensure_ascii=False, indent=1) if value is not None else ""
    elif isinstance(one.type, Outsides) and isinstance(value, list):
        yield one.name, value
    else:
        yield one.name, value


def _kept(one: Field, value: Any) -> object:  # noqa: PLR0911 -- one return a type
    kind = one.type
    if isinstance(kind, Day):
        return value.isoformat() if value else None
    if isinstance(kind, Number):
        return str(value).replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", ".") or None
    if isinstance(kind, Flag | Whole):
        return value
    if isinstance(kind, Outsides) and isinstance(value, str):
        return [line.strip() for line in value.splitlines() if line.strip()]
    if isinstance(kind, Data):
        return _read(value)
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    return list(value) if value is not None else None


def _read(text: str | None) -> object:
    if not (text or "").strip():
        return None
    try:
        return json.loads(text or "")
    except ValueError:
        return text  # the kind's own check says what is expected
