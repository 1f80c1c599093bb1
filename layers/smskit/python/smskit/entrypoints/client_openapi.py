"""What the description of the client API says besides what its routes do."""

from __future__ import annotations

from smskit.entrypoints import event_examples
from smskit.errors import UnlistedRouteError
from smskit.platform.http import problems
from smskit.platform.http.openapi import Api
from smskit.platform.http.openapi_dialects import ShownDialect
from smskit.platform.http.openapi_links import Operation
from smskit.platform.http.problems import Kind
from smskit.twilio.api import errors as twilio_errors

_DESCRIPTION = (
    "Queue SMS for your own phones to send, and follow what becomes of them. Requests carry an API key in "
    "`X-Api-Key` and are limited per API client and hour. Errors are RFC 9457 problems. Unknown fields of a request "
    "are refused. An integer is written without a fraction: `5.0` is none."
)
_TAGS = [
    {"name": "SMS", "description": "Send, follow and withdraw."},
    {"name": "Batches", "description": "One message to many, with what differs for each."},
    {"name": "Conversations", "description": "What came in from a number and what was sent to it, and replies."},
    {"name": "Devices", "description": "Phones and their SIMs."},
    {"name": "Opt-outs", "description": "Who doesn't want your messages, and how that came about."},
    {"name": "Webhooks", "description": "Events as they happen, signed by Standard Webhooks 1.0."},
    {"name": "Twilio", "description": "The same messages in the shape of Twilio's API, for programs that speak that."},
    {"name": "Service", "description": "About the service itself."},
]
_BODY = (problems.INVALID_REQUEST, problems.MALFORMED_BODY, problems.UNSUPPORTED_MEDIA_TYPE)
_SEND = (
    *_BODY, problems.FOREIGN_DEVICE, problems.IDEMPOTENCY_CONFLICT, problems.RECIPIENT_OPTED_OUT,
    problems.NO_ELIGIBLE_DEVICE, problems.UNKNOWN_TEMPLATE,
)  # fmt: skip
_OWN_PROBLEMS: dict[str, tuple[Kind, ...]] = {
    "sendSms": _SEND,
    "sendBulk": (
        *_BODY,
        problems.FOREIGN_DEVICE,
        problems.IDEMPOTENCY_CONFLICT,
        problems.NO_ELIGIBLE_DEVICE,
        problems.NOTHING_ACCEPTED,
        problems.UNKNOWN_TEMPLATE,
    ),
    "listSmsBatches": (problems.INVALID_REQUEST,),
    "getSmsBatch": (problems.NOT_FOUND,),
    "listSmsBatchJobs": (problems.NOT_FOUND, problems.INVALID_REQUEST),
    "cancelSmsBatch": (problems.NOT_FOUND,),
    "listSms": (problems.INVALID_REQUEST,),
    "getJobStatus": (problems.NOT_FOUND,),
    "moveJob": (*_BODY, problems.NOT_FOUND, problems.NOT_SCHEDULED),
    "explainJob": (problems.NOT_FOUND,),
    "cancelJob": (problems.NOT_FOUND, problems.NOT_CANCELLABLE),
    "listReceived": (problems.INVALID_REQUEST,),
    "listConversations": (problems.INVALID_REQUEST,),
    "getConversation": (problems.NOT_FOUND,),
    "listConversationMessages": (problems.NOT_FOUND, problems.INVALID_REQUEST),
    "markConversationRead": (*_BODY, problems.NOT_FOUND),
    "replyInConversation": (
        *_BODY,
        problems.NOT_FOUND,
        problems.IDEMPOTENCY_CONFLICT,
        problems.RECIPIENT_OPTED_OUT,
        problems.NO_ELIGIBLE_DEVICE,
        problems.NOT_REPLYABLE,
    ),
    "listDevices": (),
    "getHealth": (),
    "registerWebhook": (*_BODY, problems.WEBHOOK_EXISTS, problems.TOO_MANY_WEBHOOKS),
    "listWebhooks": (),
    "getWebhook": (problems.NOT_FOUND,),
    "changeWebhook": (*_BODY, problems.NOT_FOUND, problems.WEBHOOK_EXISTS),
    "removeWebhook": (problems.NOT_FOUND,),
    "pingWebhook": (problems.NOT_FOUND,),
    "enableWebhook": (problems.NOT_FOUND,),
    "rotateWebhookSecret": (problems.NOT_FOUND, problems.TOO_MANY_SECRETS),
    "listWebhookDeliveries": (problems.NOT_FOUND, problems.INVALID_REQUEST),
    "replayWebhookDelivery": (problems.NOT_FOUND, problems.WEBHOOK_SUSPENDED),
    "replayWebhook": (*_BODY, problems.NOT_FOUND, problems.WEBHOOK_SUSPENDED),
    "listOptOuts": (problems.INVALID_REQUEST,),
    "addOptOut": _BODY,
    "getOptOut": (problems.INVALID_REQUEST, problems.NOT_FOUND),
    "removeOptOut": (problems.INVALID_REQUEST, problems.NOT_FOUND),
    "showOptOutHistory": (problems.INVALID_REQUEST, problems.NOT_FOUND),
    "createTwilioMessage": (
        *(*_BODY, problems.FOREIGN_DEVICE, problems.NOT_FOUND),
        *(problems.RECIPIENT_OPTED_OUT, problems.NO_ELIGIBLE_DEVICE),
    ),
    "listTwilioMessages": (problems.INVALID_REQUEST, problems.NOT_FOUND),
    "fetchTwilioMessage": (problems.NOT_FOUND,),
    "updateTwilioMessage": (*_BODY, problems.NOT_FOUND, problems.NOT_CANCELLABLE, problems.NOT_FINISHED),
    "deleteTwilioMessage": (problems.NOT_FOUND, problems.NOT_FINISHED),
}
_LOCATED = ("sendSms", "sendBulk", "replyInConversation", "registerWebhook")
_OF_JOB = (("getJobStatus", "jobId"), ("explainJob", "jobId"), ("moveJob", "jobId"), ("cancelJob", "jobId"))
_OF_BATCH = (("getSmsBatch", "batchId"), ("listSmsBatchJobs", "batchId"), ("cancelSmsBatch", "batchId"))
_OF_WEBHOOK = (("getWebhook", "webhookId"), ("listWebhookDeliveries", "webhookId"))


def _problems_of(method: str, path: str, operation: Operation) -> tuple[Kind, ...]:
    """Raises UnlistedRouteError: also a route that has no problems of its own says so."""
    name = operation["operationId"]
    if name not in _OWN_PROBLEMS:
        raise UnlistedRouteError(f"{method} {path}: entrypoints/client_openapi.py lists no problems of {name}")
    return _OWN_PROBLEMS[name]


_REFUSAL = {
    "type": "object",
    "title": "TwilioError",
    "description": "A refusal as Twilio words it.",
    "properties": {
        "code": {"type": "integer", "description": "One of Twilio's error codes."},
        "message": {"type": "string", "description": "What is wrong this time."},
        "more_info": {"type": "string", "description": "Twilio's page about the code."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "details": {"type": "object", "description": "`errors` has each field that is wrong, with its rule."},
    },
    "required": ["code", "message", "more_info", "status"],
}
_TWILIO = ShownDialect(
    operations=frozenset(
        {
            "createTwilioMessage",
            "listTwilioMessages",
            "fetchTwilioMessage",
            "updateTwilioMessage",
            "deleteTwilioMessage",
        }
    ),
    scheme={"twilio": {"type": "http", "scheme": "basic", "description": "The account's SID, and an API key."}},
    schema_name="TwilioError",
    schema=_REFUSAL,
    refusal=twilio_errors.shown,
)


CLIENT_API = Api(
    title="SMSKit client API",
    description=_DESCRIPTION,
    tags=_TAGS,
    scheme={"apiKey": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}},
    problems_of=_problems_of,
    guarded=(problems.UNAUTHORIZED, problems.RATE_LIMITED, problems.UNAVAILABLE),
    guarded_headers=("RateLimit-Policy", "RateLimit"),
    open_operations=("getHealth",),
    webhooks=event_examples.webhooks(),
    dialect=_TWILIO,
    own_headers=dict.fromkeys(_LOCATED, ("Location",)),
    follows={
        "sendSms": _OF_JOB,
        "sendBulk": _OF_BATCH,
        "replyInConversation": _OF_JOB,
        "addOptOut": (("removeOptOut", "number"), ("showOptOutHistory", "number")),
        **dict.fromkeys(("registerWebhook", "pingWebhook", "enableWebhook", "replayWebhook"), _OF_WEBHOOK),
    },
)
