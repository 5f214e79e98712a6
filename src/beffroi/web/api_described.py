"""An interface whose own description is worked out once, and says that refusals are problems (RFC 9457)."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI

PROBLEM = "application/problem+json"
REFUSALS = "45"


class DescribedApi(NinjaAPI):
    """Its description never changes while the house is open."""

    prefix: str | None = None

    def get_openapi_schema(self, **asked: Any) -> Any:
        """Return the description with the addresses that this house has."""
        found = getattr(self, "_described", None)
        if found is None:
            found = super().get_openapi_schema(**({"path_prefix": self.prefix} if self.prefix else asked))
            for operations in found["paths"].values():
                for operation in operations.values():
                    _as_problems(operation.get("responses", {}))
            self._described = found
        return found


def _as_problems(responses: dict[Any, dict[str, Any]]) -> None:
    for status, answer in responses.items():
        content = answer.get("content", {})
        if str(status)[0] in REFUSALS and "application/json" in content:
            answer["content"] = {PROBLEM: content["application/json"]}
