"""RFC 9457 problems: the one place where an exception becomes an HTTP answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from smskit import errors
from smskit.platform.http import faults as invalid

SITE = "https://smskit.dev/"
TYPE_BASE = f"{SITE}problems/"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem; docs/problems/<slug>.md explains it."""

    slug: str
    status: int
    title: str


INVALID_REQUEST = Kind("invalid-request", 400, "The request is not valid")
MALFORMED_BODY = Kind("malformed-body", 400, "The body is no JSON object")
UNAUTHORIZED = Kind("unauthorized", 401, "The API key is missing, invalid or of a suspended client")
NOT_SIGNED_IN = Kind("not-signed-in", 401, "You are not signed in")
FOREIGN_DEVICE = Kind("foreign-device", 403, "The device is not one of this account")
FORBIDDEN = Kind("forbidden", 403, "Your role doesn't allow this")
NO_MEMBERSHIP = Kind("no-membership", 403, "You are not a member of an account")
NOT_FOUND = Kind("not-found", 404, "There is no such thing")
METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405, "The path doesn't take this method")
IDEMPOTENCY_CONFLICT = Kind("idempotency-conflict", 409, "The idempotency key was used for another request")
WEBHOOK_EXISTS = Kind("webhook-exists", 409, "There is a webhook with this URL and these events")
TOO_MANY_WEBHOOKS = Kind("too-many-webhooks", 409, "The account has as many webhooks as it may have")
TOO_MANY_SECRETS = Kind("too-many-secrets", 409, "The webhook has as many replaced secrets as it may have")
WEBHOOK_SUSPENDED = Kind("webhook-suspended", 409, "The webhook is suspended")
LAST_KEY = Kind("last-key", 409, "A client keeps at least one key")
NOT_CANCELLABLE = Kind("not-cancellable", 409, "The job has left Pending")
NOT_FINISHED = Kind("not-finished", 409, "The job has not ended")
NOT_SCHEDULED = Kind("not-scheduled", 409, "The job is not Scheduled")
MEMBER_EXISTS = Kind("member-exists", 409, "The address belongs to a member already")
TOO_MANY_MEMBERS = Kind("too-many-members", 409, "The account has as many members as it may have")
LAST_OWNER = Kind("last-owner", 409, "An account keeps at least one owner")
BODY_TOO_LARGE = Kind("body-too-large", 413, "The body is too large")
UNSUPPORTED_MEDIA_TYPE = Kind("unsupported-media-type", 415, "The body is not application/json")
RECIPIENT_OPTED_OUT = Kind("recipient-opted-out", 422, "The recipient has opted out")
NOT_REPLYABLE = Kind("not-replyable", 422, "The sender takes no replies")
NO_ELIGIBLE_DEVICE = Kind("no-eligible-device", 422, "No phone can send this now")
TOO_MANY_TEMPLATES = Kind("too-many-templates", 409, "The account has as many templates as it may have")
UNKNOWN_TEMPLATE = Kind("unknown-template", 422, "There is no such template")
NOTHING_ACCEPTED = Kind("nothing-accepted", 422, "Every row is refused")
RATE_LIMITED = Kind("rate-limited", 429, "Too many requests")
INTERNAL_ERROR = Kind("internal-error", 500, "Something went wrong on our side")
UNAVAILABLE = Kind("unavailable", 503, "Not possible at the moment")

KINDS = (
    INVALID_REQUEST, MALFORMED_BODY, UNAUTHORIZED, FOREIGN_DEVICE, NOT_FOUND, METHOD_NOT_ALLOWED,
    IDEMPOTENCY_CONFLICT, NOT_CANCELLABLE, WEBHOOK_EXISTS, TOO_MANY_WEBHOOKS, TOO_MANY_SECRETS, WEBHOOK_SUSPENDED,
    BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, RECIPIENT_OPTED_OUT, NOT_REPLYABLE, NO_ELIGIBLE_DEVICE, RATE_LIMITED,
    INTERNAL_ERROR, UNAVAILABLE, NOT_SIGNED_IN, FORBIDDEN, NO_MEMBERSHIP, MEMBER_EXISTS, TOO_MANY_MEMBERS, LAST_OWNER,
    LAST_KEY, NOT_SCHEDULED, NOTHING_ACCEPTED, TOO_MANY_TEMPLATES, UNKNOWN_TEMPLATE, NOT_FINISHED,
)  # fmt: skip

_REFUSALS: dict[type[errors.RefusedError], tuple[Kind, str | None]] = {
    errors.InvalidRecipientError: (INVALID_REQUEST, "#/recipient"),
    errors.InvalidNumberError: (INVALID_REQUEST, "#/number"),
    errors.InvalidEmailError: (INVALID_REQUEST, "#/email"),
    errors.InvalidSettingsError: (INVALID_REQUEST, None),
    errors.InvalidRangeError: (INVALID_REQUEST, "#/first"),
    errors.InvalidUrlError: (INVALID_REQUEST, "#/url"),
    errors.InvalidCursorError: (INVALID_REQUEST, None),
    errors.InvalidSendAtError: (INVALID_REQUEST, "#/sendAt"),
    errors.InvalidTextError: (INVALID_REQUEST, "#/message"),
    errors.InvalidVariablesError: (INVALID_REQUEST, None),
    errors.InvalidTemplateError: (INVALID_REQUEST, None),
    errors.UnknownTemplateError: (UNKNOWN_TEMPLATE, "#/templateId"),
    errors.TooManyTemplatesError: (TOO_MANY_TEMPLATES, None),
    errors.NothingAcceptedError: (NOTHING_ACCEPTED, None),
    errors.NotScheduledError: (NOT_SCHEDULED, None),
    errors.NotFinishedError: (NOT_FINISHED, None),
    errors.UnknownSenderError: (INVALID_REQUEST, "#/From"),
    errors.InvalidTimeError: (INVALID_REQUEST, "#/since"),
    errors.ForeignDeviceError: (FOREIGN_DEVICE, "#/devices"),
    errors.NotFoundError: (NOT_FOUND, None),
    errors.IdempotencyConflictError: (IDEMPOTENCY_CONFLICT, "#/idempotencyKey"),
    errors.LastKeyError: (LAST_KEY, None),
    errors.NotCancellableError: (NOT_CANCELLABLE, None),
    errors.WebhookExistsError: (WEBHOOK_EXISTS, "#/url"),
    errors.TooManyWebhooksError: (TOO_MANY_WEBHOOKS, None),
    errors.TooManySecretsError: (TOO_MANY_SECRETS, None),
    errors.WebhookSuspendedError: (WEBHOOK_SUSPENDED, None),
    errors.MemberExistsError: (MEMBER_EXISTS, "#/email"),
    errors.TooManyMembersError: (TOO_MANY_MEMBERS, None),
    errors.LastOwnerError: (LAST_OWNER, None),
    errors.OptedOutError: (RECIPIENT_OPTED_OUT, "#/recipient"),
    errors.NotReplyableError: (NOT_REPLYABLE, None),
    errors.NoEligibleDeviceError: (NO_ELIGIBLE_DEVICE, None),
    errors.RateLimitedError: (RATE_LIMITED, None),
    errors.UnavailableError: (UNAVAILABLE, None),
}


# These say themselves where the fault is.
_FIELDED = (
    errors.InvalidCursorError, errors.InvalidSettingsError, errors.InvalidVariablesError, errors.InvalidTemplateError,
)  # fmt: skip


class ProblemError(Exception):
    """An answer that is an error. `faults` name the fields (JSON pointers) and their rules."""

    def __init__(
        self, kind: Kind, detail: str, faults: Sequence[invalid.Fault] = (), headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(kind.slug)
        self.problem = Problem(kind, detail, tuple(faults), headers or {})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is answered."""

    kind: Kind
    detail: str
    faults: tuple[invalid.Fault, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    def answer(self, request_id: str) -> dict[str, Any]:
        """As an HTTP API's proxy answer."""
        body: dict[str, Any] = {
            "type": TYPE_BASE + self.kind.slug,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "requestId": request_id,
        }
        if self.faults:
            body["errors"] = [{"pointer": fault.pointer, "detail": fault.detail} for fault in self.faults]
        return {
            "statusCode": self.kind.status,
            "headers": {"Content-Type": "application/problem+json"} | self.headers,
            "body": json.dumps(body, separators=(",", ":")),
            "isBase64Encoded": False,
        }


def of(error: Exception) -> Problem:
    """The problem that an exception is; anything unforeseen is a 500 that says nothing of its cause."""
    if isinstance(error, ProblemError):
        return error.problem
    if isinstance(error, errors.RefusedError) and type(error) in _REFUSALS:
        return _refusal(error)
    if isinstance(error, errors.ContentionError | errors.TransactionRefusedError):
        return Problem(UNAVAILABLE, "Too much happened at once; send the same request again", headers=_retry(1))
    faults = invalid.faults_of(error)
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        return Problem(INVALID_REQUEST, faults[0].detail + more, faults)
    return Problem(INTERNAL_ERROR, "The request could not be completed; the error is logged under its requestId")


def _refusal(error: errors.RefusedError) -> Problem:
    kind, pointer = _REFUSALS[type(error)]
    if isinstance(error, _FIELDED):
        pointer = f"#/{error.field}"
    faults = [invalid.Fault(pointer, error.detail)] if pointer else []
    if isinstance(error, errors.NothingAcceptedError):
        faults = [row_fault(*fault) for fault in error.faults]
    headers: dict[str, str] = {}
    if isinstance(error, errors.RateLimitedError | errors.UnavailableError):
        headers = _retry(error.retry_after)
    return Problem(kind, error.detail, tuple(faults), headers)


def row_fault(row: int, field_: str, rule: str) -> invalid.Fault:
    """The fault of a row of a bulk request, as if the request itself had been refused for it."""
    place = f"recipients/{row}/{field_}"
    return invalid.Fault(f"#/{place}", f"{place.replace('/', '.')} {rule}")


def _retry(seconds: int) -> dict[str, str]:
    return {"Retry-After": str(seconds)}
