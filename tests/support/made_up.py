"""Requests made up from an OpenAPI document by schemathesis, and what every answer is held against."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from phonenumbers import SUPPORTED_REGIONS
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, CheckContext, load_all_checks

from smskit.models import twilio
from smskit.models.twilio import SidKind
from smskit.platform import zones
from smskit.twilio.api import errors as twilio_errors

# What the documents say in words alone: whether a number exists, a host is public, a cursor was given out, a zone has
# its name, a text is a keyword, the user pool takes an address, that days and times are in order, a time isn't past,
# a value is of a variable that the text has, a SIM is one of the account, no two routing rules meet.
IN_WORDS = frozenset({
    "cursor", "since", "number", "recipient", "url", "timeZone", "first", "stopWords", "startWords", "helpWords",
    "optOutText", "optInText", "helpText", "email", "sendAt", "quietHours", "country", "longest",
    "rules",
    # The same of Twilio's names; an update is one of two things, and a page's number goes with its token.
    "To", "From", "StatusCallback", "SendAt", "PageToken", "Status", "DateSent", "DateSent%3E", "DateSent%3C",
})  # fmt: skip
_KENYAN = st.integers(0, 9_999_999).map(lambda digits: f"{digits:07}")
_FORMATS = {
    "phone-number": st.one_of(
        _KENYAN.map(lambda digits: f"+25471{digits}"), _KENYAN.map(lambda digits: f"072{digits}"),
        _KENYAN.map(lambda digits: f"(0)7 1.{digits[:3]}-{digits[3:]}"),
    ),
    # Names that nobody can have (RFC 2606): a stack really sends there.
    "uri": st.from_regex(r"https://[a-z0-9]{1,20}\.(example|invalid)(:8443)?(/[a-z0-9/?=&%-]{0,20})?", fullmatch=True),
    "country": st.sampled_from(sorted(SUPPORTED_REGIONS)),
    "time-zone": st.sampled_from(sorted(zones._names())),
}  # fmt: skip


# Refusals of good requests that Twilio says with 400, and our own API with 409 or 422.
_OF_STATE = frozenset({twilio_errors.OPTED_OUT, twilio_errors.NO_SENDER, twilio_errors.NOT_CANCELLABLE})


def _holds_float(value: Any) -> bool:
    """5.0 is an integer to JSON Schema; that it is none to us the documents say in words, too."""
    match value:
        case dict():
            return any(map(_holds_float, value.values()))
        case list():
            return any(map(_holds_float, value))
    return isinstance(value, float)


def _register() -> list[Any]:
    load_all_checks()
    for name, strategy in _FORMATS.items():
        schemathesis.openapi.format(name, strategy)
    named = [
        "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
        "response_schema_conformance", "negative_data_rejection", "ignored_auth", "unsupported_method",
    ]  # fmt: skip
    return [*CHECKS.get_by_names(named), what_the_document_allows_is_taken]


def what_the_document_allows_is_taken(ctx: CheckContext, response: Any, case: Any) -> None:
    """A request that keeps to the document may be refused as invalid only by a rule that it says in words."""
    is_good = case.meta is not None and case.meta.generation.mode.is_positive
    if response.status_code != 400 or not is_good or _holds_float(case.body):
        return
    problem = response.json()
    if problem.get("code") in _OF_STATE:
        return
    errors = problem.get("details", problem).get("errors", ())
    pointed = {error["pointer"].removeprefix("#/").split("/")[0] for error in errors}
    assert pointed and pointed <= IN_WORDS, f"{case.method} {case.formatted_path} {case.body}: {problem}"


def prepare(schema: Any) -> None:
    """Make up no keys and tokens of its own: nearly every answer would be 401. A text that is too long may make the
    body too large, which is said first."""
    schema.config.generation.update(with_security_parameters=False)
    rejection = schema.config.checks.negative_data_rejection
    rejection.expected_statuses = [*rejection.expected_statuses, "413"]


class ClientCredentials:
    """What a program sends along: its key, or by HTTP Basic the account's SID with it, which good paths name then."""

    def __init__(self, account_id: str, key: str) -> None:
        self.key, self.sid = key, twilio.sid_of(SidKind.ACCOUNT, account_id)

    def __call__(self, case: Any) -> dict[str, str]:
        if not case.path.startswith("/2010-04-01/"):
            return {"X-Api-Key": self.key}
        if case.meta is not None and case.meta.generation.mode.is_positive:
            case.path_parameters["AccountSid"] = self.sid
        return {"Authorization": "Basic " + b64encode(f"{self.sid}:{self.key}".encode()).decode()}


def every_operation(
    document: dict[str, Any], url: str, headers_of: Callable[[Any], dict[str, str]], examples: int
) -> Counter[int]:
    """Good and bad requests to each operation at this address, every answer checked; how often which status came."""
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=url)
    prepare(schema)
    statuses: Counter[int] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
        good, bad = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

        @settings(max_examples=examples, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(good | bad)
        def ask(case: Any) -> None:
            headers = headers_of(case)
            response = case.call(headers=headers, timeout=60)
            statuses[response.status_code] += 1
            case.validate_response(response, headers=headers, checks=CHECKED)

        ask()
    return statuses


CHECKED = _register()
