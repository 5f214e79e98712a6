"""The read API against its own description, by schemathesis: no request breaks it, every answer is as described."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from beffroi.web.wsgi import application

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


@pytest.mark.parametrize("address", ["/api/v1/openapi.json", "/api/v1/registry/openapi.json"])
def test_no_request_breaks_the_interface_and_every_answer_is_as_described(people, address):
    people("visitor")
    described = schemathesis.openapi.from_wsgi(address, application)
    asked = 0

    for found in described.get_all_operations():

        @settings(max_examples=5, deadline=None, derandomize=True, database=None,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=found.ok().as_strategy())
        def ask(case):
            nonlocal asked
            asked += 1
            case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

        ask()

    assert asked > 3
