"""Links of OpenAPI documents: which answer leads to which request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Operation = dict[str, Any]
# Operations that take an id from an answer, with the name of the id.
Follows = Mapping[str, Sequence[tuple[str, str]]]
_NEXT_BY = ("cursor", "since")


def add(paths: Mapping[str, Mapping[str, Operation]], schemas: Mapping[str, Any], follows: Follows) -> None:
    """Lead from each page to the next one, and from what was made to what can be done with it."""
    for item in paths.values():
        for operation in item.values():
            for answer in _successes(operation):
                named = _next_page(operation, _fields(answer, schemas))
                for target, name in follows.get(operation["operationId"], ()):
                    named[target] = {"operationId": target, "parameters": {name: f"$response.body#/{name}"}}
                if named:
                    answer["links"] = named


def _successes(operation: Operation) -> Iterator[dict[str, Any]]:
    return (answer for code, answer in operation["responses"].items() if code.startswith("2"))


def _fields(answer: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    fields: Mapping[str, Any] = schemas.get(schema.get("$ref", "").rpartition("/")[2], {}).get("properties", {})
    return fields


def _next_page(operation: Operation, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing for an answer that is no page."""
    asked = [parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "query"]
    takes = [name for name in _NEXT_BY if name in asked]
    if "cursor" not in fields or not takes:
        return {}
    in_path = [parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"]
    parameters = {name: f"$request.path.{name}" for name in in_path} | {takes[0]: "$response.body#/cursor"}
    return {"nextPage": {"operationId": operation["operationId"], "parameters": parameters}}
