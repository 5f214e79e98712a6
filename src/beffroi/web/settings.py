"""Settings of the site. Pages of the observatory need none of database, session and cookie; accounts need all three.

No third party is ever asked. On a loopback address the site speaks plain HTTP; as soon as `BEFFROI_HOSTS` names a
public host, cookies travel by HTTPS only, under names that bind them to it.
"""

from __future__ import annotations

import os
from pathlib import Path

from beffroi.catalogue.trades import use_own_trades
from beffroi.observatory.home import home_folder
from beffroi.records.secret import secret_key
from beffroi.records.settings import database

_HERE = Path(__file__).parent
use_own_trades(home_folder() / "catalogue" / "trades")


def _listed(name: str, default: str) -> list[str]:
    return [one.strip() for one in os.environ.get(name, default).split(",") if one.strip()]


_HOSTS = _listed("BEFFROI_HOSTS", "")
BEFFROI_IS_PUBLIC = bool(_HOSTS)
BEFFROI_SIGNUP = os.environ.get("BEFFROI_SIGNUP", "") == "1"
SECRET_KEY = secret_key(home_folder())
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *_HOSTS]
ROOT_URLCONF = "beffroi.web.urls"
WSGI_APPLICATION = "beffroi.web.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "allauth",
    "allauth.account",
    "beffroi.records",
]
DATABASES = {"default": database(home_folder())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIDDLEWARE = [
    "beffroi.web.headers.SafeHeaders",
    "beffroi.web.statics.Statics",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "beffroi.web.headers.LanguageOfAddress",
    "beffroi.web.sizes.Sizes",
    "beffroi.web.headers.PrivatePages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "beffroi.web.pages.posting.PostLimit",
    "beffroi.web.pages.errors.Refusals",
    "beffroi.web.permissions.Gate",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates"],
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "beffroi.web.tags"],
            "context_processors": ["django.template.context_processors.csrf", "beffroi.web.house.frame"],
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
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
BEFFROI_UPLOAD_BYTES = 50 * 2**20  # a list of members; larger ones are taken in by the command
DATA_UPLOAD_MAX_NUMBER_FILES = 2

SESSION_COOKIE_NAME = "__Host-session" if BEFFROI_IS_PUBLIC else "beffroi-session"
CSRF_COOKIE_NAME = "__Host-form" if BEFFROI_IS_PUBLIC else "beffroi-form"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEFFROI_IS_PUBLIC
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
CSRF_COOKIE_AGE = None
CSRF_TRUSTED_ORIGINS = [f"https://{one}" for one in _HOSTS]
CSRF_FAILURE_VIEW = "beffroi.web.pages.errors.stale_form"

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "beffroi.web.house.Accounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if BEFFROI_SIGNUP else "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if BEFFROI_IS_PUBLIC else "http"
# The server listens on loopback only: a public house stands behind one proxy, whose last address is the sender's.
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEFFROI_IS_PUBLIC)
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key", "signup": "20/m/ip"}
# Mail is printed on the console until an operator names a server: nothing leaves unasked.
EMAIL_BACKEND = os.environ.get("BEFFROI_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = os.environ.get("BEFFROI_EMAIL_HOST", "localhost")
DEFAULT_FROM_EMAIL = os.environ.get("BEFFROI_EMAIL_FROM", "beffroi@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}

BEFFROI_REGION = os.environ.get("BEFFROI_REGION", "FRK").upper()
BEFFROI_OTHER_REGIONS = [one.upper() for one in _listed("BEFFROI_OTHER_REGIONS", "FRE,FRK")]
