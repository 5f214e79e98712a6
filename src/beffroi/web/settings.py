"""Settings of the read-only site: no database, no session, no cookie, no third party."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_HERE = Path(__file__).parent


def _listed(name: str, default: str) -> list[str]:
    return [one.strip() for one in os.environ.get(name, default).split(",") if one.strip()]


# Nothing is signed and kept (no session, no cookie, no form token), so a key per process is enough.
SECRET_KEY = os.environ.get("BEFFROI_SECRET_KEY") or secrets.token_urlsafe(48)
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *_listed("BEFFROI_HOSTS", "")]
ROOT_URLCONF = "beffroi.web.urls"
WSGI_APPLICATION = "beffroi.web.wsgi.application"
INSTALLED_APPS: list[str] = []
DATABASES: dict[str, object] = {}
MIDDLEWARE = [
    "beffroi.web.headers.SafeHeaders",
    "beffroi.web.statics.Statics",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "beffroi.web.headers.LanguageOfAddress",
    "beffroi.web.pages.errors.Refusals",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates"],
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "beffroi.web.tags"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader"],
                )
            ],
        },
    }
]
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [_HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
WHITENOISE_AUTOREFRESH = False
WHITENOISE_USE_FINDERS = False
APPEND_SLASH = True
SECURE_CONTENT_TYPE_NOSNIFF = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}

BEFFROI_REGION = os.environ.get("BEFFROI_REGION", "FRK").upper()
BEFFROI_OTHER_REGIONS = [one.upper() for one in _listed("BEFFROI_OTHER_REGIONS", "FRE,FRK")]
