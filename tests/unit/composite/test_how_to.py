"""The examples of the manual give what stands below them."""

from __future__ import annotations

import doctest

import pytest


@pytest.mark.parametrize("page", ["panels-and-steps-of-your-own.md"])
def test_the_examples_of_a_page_run(root, page):
    pytest.importorskip("pandas")

    found = doctest.testfile(str(root / "docs/how-to" / page), module_relative=False)

    assert found.attempted > 10
    assert found.failed == 0
