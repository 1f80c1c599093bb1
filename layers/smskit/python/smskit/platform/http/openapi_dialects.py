"""Operations of an API that ask for other credentials, take forms, and refuse in words of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from smskit.platform.http import forms
from smskit.platform.http.problems import Kind

# Of a kind of problem: the HTTP status, and examples by their names.
Shown = tuple[int, dict[str, Any]]


@dataclass(frozen=True)
class ShownDialect:
    """The operations that share a dialect, by operation id. `refusal` shows a kind of problem as they word it, and
    `schema` is what all of that fits, under the name `schema_name`."""

    operations: frozenset[str]
    scheme: dict[str, dict[str, str]]
    schema_name: str
    schema: dict[str, Any]
    refusal: Callable[[Kind], Shown]

    def responses(self, kinds: Iterable[Kind], headers_of: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
        """The answers to what is refused, by status."""
        found: dict[int, dict[str, Any]] = {}
        for status, examples in map(self.refusal, kinds):
            found.setdefault(status, {}).update(examples)
        return {str(status): self._response(found[status], headers_of(status)) for status in sorted(found)}

    def _response(self, examples: dict[str, Any], headers: dict[str, Any]) -> dict[str, Any]:
        schema = {"$ref": f"#/components/schemas/{self.schema_name}"}
        return {
            "description": " · ".join(example["summary"] for example in examples.values()),
            "headers": headers,
            "content": {"application/json": {"schema": schema, "examples": examples}},
        }


def take_a_form(operation: dict[str, Any]) -> None:
    """Show the body as the form that it is, and not as the object that is made of it."""
    body = operation.get("requestBody")
    if body is not None:
        body["content"] = {forms.MEDIA_TYPE: body["content"].pop("application/json")}
