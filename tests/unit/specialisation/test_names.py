"""A public name is one thing: a function whose module has its name would be hidden by it, depending on who imports."""

from __future__ import annotations

import pkgutil

import pytest

from beffroi import specialisation, survey


@pytest.mark.parametrize("room", [specialisation, survey], ids=lambda one: one.__name__)
def test_no_public_name_is_that_of_a_module(room):
    modules = {one.name for one in pkgutil.iter_modules(room.__path__)}

    assert modules & set(room.__all__) == set()
    assert all(callable(getattr(room, name)) or name.isupper() for name in room.__all__)
    assert sorted(set(room.__all__)) == sorted(room.__all__)
