"""The settings of the site with the registry's app, for the type checker alone: it reads models and settings there."""

from __future__ import annotations

from beffroi.web.settings import *  # noqa: F403 -- all of them, that is the point

INSTALLED_APPS = ["beffroi.records"]
