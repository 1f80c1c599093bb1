"""JSON bodies, read strictly: one UTF-8 object, no NaN, no name twice."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, NoReturn

from smskit.platform.http.problems import BODY_TOO_LARGE, MALFORMED_BODY, UNSUPPORTED_MEDIA_TYPE, ProblemError

MAX_BYTES = 64 * 1024
# What API Gateway makes of bytes that are no UTF-8, before anybody here can see them.
_REPLACED = "\ufffd"


def require_size(event: Mapping[str, Any], most: int = MAX_BYTES) -> None:
    """Raises ProblemError 413 for a body over 64 KB, or `most` bytes."""
    body = event.get("body") or ""
    size = len(body) * 3 // 4 - 2 if event.get("isBase64Encoded") else len(body.encode("utf-8", "surrogatepass"))
    if size > most:
        raise _too_large(most)


def require_json_type(content_type: str) -> None:
    """Raises ProblemError 415 for anything but application/json in UTF-8."""
    media, _, parameters = content_type.partition(";")
    name, _, value = parameters.partition("=")
    charset = value.strip().strip('"').lower() if name.strip().lower() == "charset" else "utf-8"
    if media.strip().lower() != "application/json" or charset not in ("utf-8", "utf8"):
        raise ProblemError(UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json")


def json_object_text(event: Mapping[str, Any], most: int = MAX_BYTES) -> str:
    """The body's text, known to be a JSON object. Raises ProblemError 400, or 413 once decoded."""
    text = text_of(event, most)
    if not text.strip():
        raise _malformed("The body is empty; it must be a JSON object")
    if _REPLACED in text:
        raise _malformed("The body is not UTF-8 text, or holds U+FFFD as it is: write it as \\ufffd")
    try:
        parsed = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_distinct)
    except (ValueError, RecursionError):  # RecursionError: nested too deep
        raise _malformed("The body is not valid JSON") from None
    if not isinstance(parsed, dict):
        raise _malformed("The body is JSON, but not an object")
    return text


def text_of(event: Mapping[str, Any], most: int = MAX_BYTES) -> str:
    """The body as it was sent. Raises ProblemError 400 for what is no UTF-8, or 413."""
    body = event.get("body") or ""
    try:
        if event.get("isBase64Encoded"):
            raw = base64.b64decode(body, validate=True)
            if len(raw) > most:
                raise _too_large(most)
            return raw.decode()
        body.encode()
    except (binascii.Error, UnicodeError):
        raise _malformed("The body is not UTF-8 text") from None
    return str(body)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """RFC 8259 leaves a name given twice to the reader; two readers that differ are how checks are passed by."""
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        shown = twice.encode("utf-8", "replace").decode()[:64]
        raise _malformed(f"The body names {shown} twice")
    return made


def _refuse_constant(name: str) -> NoReturn:
    raise _malformed(f"The body holds {name}, which is not JSON")


def _too_large(most: int) -> ProblemError:
    return ProblemError(BODY_TOO_LARGE, f"The body may have at most {most} bytes")


def _malformed(detail: str) -> ProblemError:
    return ProblemError(MALFORMED_BODY, detail)
