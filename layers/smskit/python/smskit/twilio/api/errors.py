"""Refusals as Twilio words them: a code that programs know, beside the words for people.

https://www.twilio.com/docs/api/errors is the list of codes. `details.errors` has each field with its rule, as our own
problems have.
"""

from __future__ import annotations

import json
from typing import Any

from smskit.platform.http import problems
from smskit.platform.http.problems import Kind, Problem

INVALID_PARAMETER = 20001
AUTHENTICATE, METHOD_NOT_ALLOWED, NOT_FINISHED, NOT_FOUND, TOO_MANY, INTERNAL, UNAVAILABLE = (
    20003, 20004, 20009, 20404, 20429, 20500, 20503,
)  # fmt: skip
INVALID_TO, TO_MISSING, BODY_MISSING, BODY_TOO_LONG = 21211, 21604, 21602, 21617
INVALID_FROM, INVALID_CALLBACK, OPTED_OUT, NO_SENDER, INVALID_SERVICE = 21606, 21609, 21610, 21703, 21705
NOT_CANCELLABLE, INVALID_UPDATE, INVALID_SEND_AT, INVALID_VALIDITY = 30409, 30400, 35115, 90007

_BAD_REQUEST = 400
_EXAMPLES = {
    INVALID_PARAMETER: "MediaUrl is not supported here: SMSKit sends the text of an SMS, and nothing else",
    INVALID_TO: "To must be a mobile number: others get no SMS",
    TO_MISSING: "To is required",
    BODY_MISSING: "Body is required",
    BODY_TOO_LONG: "Body must have at most 1600 characters",
}
_UNKNOWN = "is not a known"
_BY_KIND: dict[Kind, tuple[int, int]] = {
    problems.UNAUTHORIZED: (AUTHENTICATE, 401),
    problems.FOREIGN_DEVICE: (INVALID_FROM, _BAD_REQUEST),
    problems.NOT_FOUND: (NOT_FOUND, 404),
    problems.METHOD_NOT_ALLOWED: (METHOD_NOT_ALLOWED, 405),
    problems.NOT_CANCELLABLE: (NOT_CANCELLABLE, _BAD_REQUEST),
    problems.NOT_FINISHED: (NOT_FINISHED, 409),
    problems.RECIPIENT_OPTED_OUT: (OPTED_OUT, _BAD_REQUEST),
    problems.NO_ELIGIBLE_DEVICE: (NO_SENDER, _BAD_REQUEST),
    problems.RATE_LIMITED: (TOO_MANY, 429),
    problems.INTERNAL_ERROR: (INTERNAL, 500),
    problems.UNAVAILABLE: (UNAVAILABLE, 503),
}
_BY_FIELD = {
    "To": INVALID_TO,
    "Body": BODY_MISSING,
    "From": INVALID_FROM,
    "StatusCallback": INVALID_CALLBACK,
    "MessagingServiceSid": INVALID_SERVICE,
    "SendAt": INVALID_SEND_AT,
    "ValidityPeriod": INVALID_VALIDITY,
    "Status": INVALID_UPDATE,
}
# Fields in the words of our own requests, from which such errors come.
_NAMES = {"recipient": "To", "url": "StatusCallback", "sendAt": "SendAt", "cursor": "PageToken", "number": "To"}
_MORE_THAN_TEXT = "SMSKit sends the text of an SMS, and nothing else"
# Parameters of Twilio's that aren't taken, with the reason.
_UNSUPPORTED = {
    **dict.fromkeys(("ContentSid", "ContentVariables", "MediaUrl", "PersistentAction"), _MORE_THAN_TEXT),
    "ApplicationSid": "give StatusCallback with each message",
    "FallbackFrom": "any SIM of the account may send it when From is left out",
    "From": "messages are kept by whom they went to; look for them by To and DateSent",
}


def answer(problem: Problem) -> dict[str, Any]:
    """The problem in Twilio's JSON, as an HTTP API's proxy answer."""
    faults = [_in_their_words(fault.pointer.removeprefix("#/"), fault.detail) for fault in problem.faults]
    code, status = _code_of(problem, faults[0] if faults else None)
    message = faults[0][1] if faults else problem.detail
    body: dict[str, Any] = {
        "code": code,
        "message": message,
        "more_info": _page(code),
        "status": status,
    }
    if faults:
        body["details"] = {"errors": [{"pointer": f"#/{name}", "detail": detail} for name, detail in faults]}
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"} | problem.headers,
        "body": json.dumps(body, separators=(",", ":")),
        "isBase64Encoded": False,
    }


def shown(kind: Kind) -> tuple[int, dict[str, Any]]:
    """The HTTP status of a kind of problem, with an example by its code."""
    if kind is problems.INVALID_REQUEST:
        return _BAD_REQUEST, {str(code): _example(code, _BAD_REQUEST, words) for code, words in _EXAMPLES.items()}
    code, status = _code_of(Problem(kind, kind.title), None)
    return status, {f"{code}-{kind.slug}": _example(code, status, kind.title)}


def _example(code: int, status: int, message: str) -> dict[str, Any]:
    return {"summary": message, "value": {"code": code, "message": message, "more_info": _page(code), "status": status}}


def _page(code: int) -> str:
    return f"https://www.twilio.com/docs/errors/{code}"


def _code_of(problem: Problem, fault: tuple[str, str] | None) -> tuple[int, int]:
    if problem.kind in _BY_KIND:
        return _BY_KIND[problem.kind]
    if fault is None:
        return INVALID_PARAMETER, problem.kind.status
    return _code_of_field(*fault), _BAD_REQUEST


def _code_of_field(name: str, detail: str) -> int:
    if name == "To" and detail in ("To is required", "To must not be empty"):
        return TO_MISSING
    if name == "Body" and "at most" in detail:
        return BODY_TOO_LONG
    if any(words in detail for words in (_UNKNOWN, "is not supported", "twice")):
        return INVALID_PARAMETER
    return _BY_FIELD.get(name, INVALID_PARAMETER)


def _in_their_words(name: str, detail: str) -> tuple[str, str]:
    """The field and what is said of it, by the field's name in Twilio's requests."""
    if name in _UNSUPPORTED and _UNKNOWN in detail:
        return name, f"{name} is not supported here: {_UNSUPPORTED[name]}"
    shown = _NAMES.get(name, name)
    return shown, shown + detail.removeprefix(name) if detail.startswith(name) else detail
