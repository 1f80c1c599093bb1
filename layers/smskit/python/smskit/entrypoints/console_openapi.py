"""What only its author knows of the console API, for its OpenAPI document."""

from __future__ import annotations

from smskit.accounts.api.permissions import row_of
from smskit.errors import UnlistedRouteError
from smskit.platform.http import problems
from smskit.platform.http.openapi import Api, Wording
from smskit.platform.http.openapi_links import Operation
from smskit.platform.http.problems import Kind

_DESCRIPTION = (
    "What the people of an account see and do. Requests carry an access token of the deployment's Cognito user pool "
    "(managed login, authorization code with PKCE). Each operation names the least role that may call it in "
    "`x-least-role`: viewer, operator or owner. Errors are RFC 9457 problems. Unknown fields and query parameters are "
    "refused. An integer is written without a fraction: `5.0` is none."
)
_TAGS = [
    {"name": "Account", "description": "How the account does, what it used, its settings, and erasing a number."},
    {"name": "Messages", "description": "What was sent, what became of it and why, on which phone."},
    {"name": "Batches", "description": "One message to many, with what differs for each."},
    {"name": "Templates", "description": "Texts with variables, under names."},
    {"name": "Conversations", "description": "What came in from a number and what was sent to it, and replies."},
    {"name": "Opt-outs", "description": "Who doesn't want the account's messages, and how that came about."},
    {"name": "Phones", "description": "Phones, their SIMs and limits, and the codes by which they join."},
    {"name": "API clients", "description": "Programs that send, and their keys."},
    {"name": "Webhooks", "description": "Where events go, and what came of each."},
    {"name": "People", "description": "Who may sign in, with which role, and what they did."},
]
_BODY = (problems.MALFORMED_BODY, problems.UNSUPPORTED_MEDIA_TYPE)
_CSV = frozenset({"exportMessages"})
# What API Gateway says to a token that is missing, damaged, expired, or made for another client or pool.
_GATEWAYS_REFUSAL = {
    "application/json": {
        "schema": {
            "type": "object",
            "properties": {"message": {"type": "string", "examples": ["Unauthorized"]}},
            "required": ["message"],
        }
    }
}


def _problems_of(method: str, path: str, operation: Operation) -> tuple[Kind, ...]:
    """The row's problems, and those that follow from a body. Names the role on the way."""
    row = row_of(method, path.replace("{", "<").replace("}", ">"))
    if row is None:
        raise UnlistedRouteError(f"{method} {path}: accounts/api/permissions.py has no row for it")
    operation["x-least-role"] = row.least.value
    if operation["operationId"] in _CSV:
        operation["responses"]["200"]["content"] = {"text/csv": {"schema": {"type": "string"}}}
    return (*row.problems, *(_BODY if "requestBody" in operation else ()))


# Of routes that the client API has too, whose descriptions stand with them.
_WORDING = {
    "listOptOuts": Wording(
        "List the numbers that have opted out of the account's messages, the newest opt-out first. A change shows "
        "within about a second."
    ),
    "removeOptOut": Wording(
        "Send to this number again, as if it had written START; nothing is sent to say so. The number's history keeps "
        "both."
    ),
    "showOptOutHistory": Wording(
        "Every opt-out and opt-in of a number, with its source and reason, newest first; kept for good. A number that "
        "never opted out has an empty one.",
        answer="A page of the history.",
    ),
    "replyInConversation": Wording(
        "Queue an answer. It goes out by the SIM that the contact wrote to last; with `fallback` by another one when "
        "that can't send it. The message names who wrote it, as `operator:<personId>` in `clientId`."
    ),
    "markConversationRead": Wording(
        "Say that what came in up to a time was read. When something came in later, all stays unread: show that first."
    ),
}
_OF_CLIENT = (("getClient", "clientId"), ("rotateClientKey", "clientId"))
_OF_BATCH = (("getBatch", "batchId"), ("listBatchMessages", "batchId"), ("cancelBatch", "batchId"))
_OF_TEMPLATE = (("getTemplate", "templateId"), ("changeTemplate", "templateId"), ("removeTemplate", "templateId"))
_OF_WEBHOOK = (("getWebhook", "webhookId"), ("listWebhookDeliveries", "webhookId"))

CONSOLE_API = Api(
    title="SMSKit console API",
    description=_DESCRIPTION,
    tags=_TAGS,
    scheme={"signedIn": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
    problems_of=_problems_of,
    guarded=(
        problems.INVALID_REQUEST,
        problems.NOT_SIGNED_IN,
        problems.FORBIDDEN,
        problems.NO_MEMBERSHIP,
        problems.UNAVAILABLE,
    ),
    own_headers={
        "registerWebhook": ("Location",),
        "sendMessage": ("Location",),
        "sendToMany": ("Location",),
        "createTemplate": ("Location",),
        "exportMessages": ("Link",),
    },
    gateway_answers={"401": _GATEWAYS_REFUSAL},
    follows={
        "createClient": _OF_CLIENT,
        "createPairingCode": (("cancelPairingCode", "codeId"),),
        "inviteMember": (("changeMember", "personId"), ("removeMember", "personId")),
        "sendMessage": (("getMessage", "jobId"), ("cancelMessage", "jobId")),
        "sendToMany": _OF_BATCH,
        "createTemplate": _OF_TEMPLATE,
        "replyInConversation": (("getMessage", "jobId"), ("cancelMessage", "jobId")),
        "addOptOut": (("removeOptOut", "number"), ("showOptOutHistory", "number")),
        **dict.fromkeys(("registerWebhook", "pingWebhook", "enableWebhook", "replayWebhook"), _OF_WEBHOOK),
    },
    wording=_WORDING,
)
