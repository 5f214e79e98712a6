"""The few template tags of the house."""

from __future__ import annotations

from django import template

from beffroi.web import words
from beffroi.web.statics import hashed

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a static file."""
    return hashed()[name]


@register.filter
def date_in(iso: str, language: str) -> str:
    """An ISO date in words."""
    return words.day(iso, language)
