"""What tests and examples in docstrings find around them, whichever folder they are started on."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import django
from django.conf import settings

# This comes before any other conftest: collecting the examples imports every module, and these ask for settings.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beffroi.web.settings")
settings.DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
# A browser driven in the same process leaves a loop running, which Django would take for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
django.setup()


def pytest_configure(config):
    # A test that forgets to ask for `home` must not find the figures of whoever runs it.
    folder = tempfile.mkdtemp(prefix="beffroi-tests-")
    os.environ["BEFFROI_HOME"] = str(Path(folder) / "home")
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
