"""Bodies of forms, read strictly: UTF-8, no name twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from smskit.platform.http import bodies
from smskit.platform.http.faults import Fault, name_shown, pointer_to
from smskit.platform.http.problems import INVALID_REQUEST, MALFORMED_BODY, UNSUPPORTED_MEDIA_TYPE, ProblemError

MEDIA_TYPE = "application/x-www-form-urlencoded"
_MOST_FIELDS = 100


def require_form_type(content_type: str) -> None:
    """Raises ProblemError 415 for anything but a form."""
    if content_type.partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise ProblemError(UNSUPPORTED_MEDIA_TYPE, f"Content-Type must be {MEDIA_TYPE}")


def json_text(event: Mapping[str, Any], most: int = bodies.MAX_BYTES) -> str:
    """The form as the text of a JSON object of texts. Raises ProblemError 400, or 413 once decoded."""
    try:
        text = bodies.text_of(event, most)
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise ProblemError(MALFORMED_BODY, f"The body is no form in UTF-8 with at most {_MOST_FIELDS} fields") from None
    refuse_repeated([name for name, _ in pairs])
    return json.dumps(dict(pairs))


def refuse_repeated(names: list[str]) -> None:
    """Raises ProblemError 400 for a name that stands there twice: readers differ in which of the two counts."""
    repeated = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    faults = tuple(Fault(pointer_to(name), f"{name_shown(name)} is given twice") for name in repeated[:20])
    if faults:
        raise ProblemError(INVALID_REQUEST, faults[0].detail, faults)
