"""Parts of addresses that every list of addresses may use. Importing this module makes them known."""

from __future__ import annotations

from django.urls import register_converter


class LanguageConverter:
    """`fr` or `en`."""

    regex = "fr|en"

    def to_python(self, value: str) -> str:
        """As written."""
        return value

    def to_url(self, value: str) -> str:
        """As written."""
        return value


class FormatConverter(LanguageConverter):
    """The formats of downloads."""

    regex = "csv|xlsx|json"


register_converter(LanguageConverter, "lang")
register_converter(FormatConverter, "format")
