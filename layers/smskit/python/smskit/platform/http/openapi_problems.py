"""Problems as OpenAPI documents show them."""

from __future__ import annotations

from typing import Any

from smskit.platform.http import problems
from smskit.platform.http.problems import Kind


def example(kind: Kind) -> dict[str, Any]:
    """A problem of this kind."""
    return {
        "type": problems.TYPE_BASE + kind.slug,
        "title": kind.title,
        "status": kind.status,
        "detail": kind.title,
        "requestId": "Yl5wVhGjDoEEJcw=",
    }


def schema(kinds: list[Kind]) -> dict[str, Any]:
    """What every problem of these kinds fits."""
    texts = {
        "type": "What kind of problem it is; the address explains it.",
        "title": "The same for every problem of this kind.",
        "detail": "What is wrong this time.",
        "requestId": "Names the request in our logs.",
    }
    properties: dict[str, Any] = {
        name: {"type": "string", "description": description} for name, description in texts.items()
    }
    properties["type"]["enum"] = [problems.TYPE_BASE + kind.slug for kind in kinds]
    properties["status"] = {"type": "integer", "description": "The HTTP status."}
    fault = {
        "type": "object",
        "properties": {
            "pointer": {"type": "string", "description": "A JSON pointer to the field, such as `#/recipient`."},
            "detail": {"type": "string", "description": "The field and the rule that it breaks."},
        },
        "required": ["pointer", "detail"],
    }
    properties["errors"] = {"type": "array", "description": "The fields that are wrong.", "items": fault}
    required = ["type", "title", "status", "detail", "requestId"]
    return {"type": "object", "title": "Problem", "description": "RFC 9457.", "properties": properties} | {
        "required": required
    }
