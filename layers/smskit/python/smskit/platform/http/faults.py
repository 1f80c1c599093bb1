"""Validation errors in people's words. What was sent is never repeated: it may hold secrets or a message's text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

MAX_FAULTS = 20
_RULES = {
    "missing": "is required",
    "extra_forbidden": "is not a known field",
    "string_type": "must be a string",
    "string_unicode": "must be valid Unicode text: it holds half of a surrogate pair",
    "string_too_short": "must have at least {min_length} character(s)",
    "string_too_long": "must have at most {max_length} characters",
    "bool_type": "must be true or false",
    "int_type": "must be an integer",
    "int_parsing": "must be an integer",
    "int_parsing_size": "must be an integer of a reasonable size",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "list_type": "must be an array",
    "too_short": "must hold at least {min_length} item(s)",
    "too_long": "must hold at most {max_length} items",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "dict_type": "must be an object",
}
_OWN = frozenset(
    {
        "null",
        "blank",
        "choice",
        "printable",
        "device",
        "device_id",
        "distinct",
        "event",
        "time",
        "truth",
        "role",
        "email",
        "status",
        "template",
        "either",
        "date",
    }
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A field, as a JSON pointer in a URI fragment (RFC 6901 section 6), and the rule that it breaks."""

    pointer: str
    detail: str


def faults_of(error: Exception) -> tuple[Fault, ...]:
    """The faults in a request validation error of Powertools; none for any other exception."""
    from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

    if not isinstance(error, RequestValidationError):
        return ()
    return tuple(_fault(entry) for entry in error.errors()[:MAX_FAULTS])


def unknown_parameter(name: str) -> Fault:
    """A query parameter that the route doesn't know."""
    return Fault(pointer_to(name), f"{name_shown(name)} is not a known parameter")


def pointer_to(name: str) -> str:
    """The pointer to a field that the client named."""
    return f"#/{_escape(name_shown(name))}"


def name_shown(name: str) -> str:
    """A name that the client made up, as it may be shown: cut, and without half surrogates."""
    (shown,) = _path([name])
    return shown


def _fault(entry: Mapping[str, Any]) -> Fault:
    path = _path(entry["loc"])
    name = ".".join(path) or "the body"
    return Fault("#" + "".join(f"/{_escape(part)}" for part in path), f"{name} {_rule(entry)}")


def _rule(entry: Mapping[str, Any]) -> str:
    kind = entry["type"]
    if kind in _OWN:
        return str(entry["msg"])
    if kind == "string_too_short" and entry.get("ctx", {}).get("min_length") == 1:
        return "must not be empty"
    rule = _RULES.get(kind)
    return rule.format(**entry.get("ctx", {})) if rule else "is not valid"


def _path(location: Sequence[str | int]) -> list[str]:
    """Without the leading `body`; a name that the client made up is cut, and half surrogates replaced."""
    parts = list(location)[1:] if location and location[0] in ("body", "path", "query", "header") else list(location)
    return [str(part).encode("utf-8", "replace").decode()[:64] for part in parts]


def _escape(part: str) -> str:
    return quote(part.replace("~", "~0").replace("/", "~1"), safe="~")
