"""Every route of the console API with the least role that may call it: the one place where roles are given out.

A route without a row answers nobody, and fails the tests.
"""

from __future__ import annotations

from dataclasses import dataclass

from smskit.models.member import Role
from smskit.platform.http import problems
from smskit.platform.http.problems import Kind


@dataclass(frozen=True, slots=True)
class Permission:
    """A route by its method and its path as the resolver has it.

    `problems` are those of the route itself, for the API's description; that of its body, its parameters and its
    role need not be named.
    """

    method: str
    path: str
    least: Role
    problems: tuple[Kind, ...] = ()


_VIEWER, _OPERATOR, _OWNER = Role.VIEWER, Role.OPERATOR, Role.OWNER

_UNKNOWN = (problems.NOT_FOUND,)
_SUSPENDED = (problems.NOT_FOUND, problems.WEBHOOK_SUSPENDED)
_ROTATION = (problems.NOT_FOUND, problems.TOO_MANY_SECRETS)
_UNACCEPTED = (problems.IDEMPOTENCY_CONFLICT, problems.RECIPIENT_OPTED_OUT, problems.NO_ELIGIBLE_DEVICE)
_SEND = (*_UNACCEPTED, problems.FOREIGN_DEVICE, problems.UNKNOWN_TEMPLATE)
_BULK = (
    problems.IDEMPOTENCY_CONFLICT, problems.NO_ELIGIBLE_DEVICE, problems.FOREIGN_DEVICE, problems.NOTHING_ACCEPTED,
    problems.UNKNOWN_TEMPLATE,
)  # fmt: skip
_REPLY = (*_UNACCEPTED, problems.NOT_FOUND, problems.NOT_REPLYABLE)

PERMISSIONS: tuple[Permission, ...] = (
    Permission("GET", "/console/me", _VIEWER),
    Permission("GET", "/console/members", _VIEWER),
    Permission("POST", "/console/members", _OWNER, (problems.MEMBER_EXISTS, problems.TOO_MANY_MEMBERS)),
    Permission("PATCH", "/console/members/<person_id>", _OWNER, (problems.NOT_FOUND, problems.LAST_OWNER)),
    Permission("DELETE", "/console/members/<person_id>", _OWNER, (problems.NOT_FOUND, problems.LAST_OWNER)),
    Permission("GET", "/console/audit", _OWNER),
    Permission("PATCH", "/console/account", _OWNER),
    Permission("GET", "/console/overview", _VIEWER),
    Permission("GET", "/console/changes", _VIEWER),
    Permission("GET", "/console/usage", _VIEWER),
    Permission("GET", "/console/usage/hours", _VIEWER),
    Permission("GET", "/console/settings", _VIEWER),
    Permission("PATCH", "/console/settings", _OWNER),
    Permission("GET", "/console/routing-rules", _VIEWER),
    Permission("PUT", "/console/routing-rules", _OWNER),
    Permission("POST", "/console/erasures", _OWNER),
    Permission("GET", "/console/messages", _VIEWER),
    Permission("POST", "/console/messages", _OPERATOR, _SEND),
    Permission("POST", "/console/messages/preview", _OPERATOR),
    Permission("GET", "/console/messages/export.csv", _VIEWER),
    Permission("GET", "/console/messages/<job_id>", _VIEWER, _UNKNOWN),
    Permission("GET", "/console/messages/<job_id>/explain", _VIEWER, _UNKNOWN),
    Permission("PATCH", "/console/messages/<job_id>", _OPERATOR, (problems.NOT_FOUND, problems.NOT_SCHEDULED)),
    Permission("POST", "/console/messages/<job_id>/cancel", _OPERATOR, (problems.NOT_FOUND, problems.NOT_CANCELLABLE)),
    Permission("GET", "/console/batches", _VIEWER),
    Permission("POST", "/console/batches", _OPERATOR, _BULK),
    Permission("GET", "/console/batches/<batch_id>", _VIEWER, _UNKNOWN),
    Permission("GET", "/console/batches/<batch_id>/messages", _VIEWER, _UNKNOWN),
    Permission("POST", "/console/batches/<batch_id>/cancel", _OPERATOR, _UNKNOWN),
    Permission("GET", "/console/templates", _VIEWER),
    Permission("POST", "/console/templates", _OPERATOR, (problems.TOO_MANY_TEMPLATES,)),
    Permission("GET", "/console/templates/<template_id>", _VIEWER, _UNKNOWN),
    Permission("PATCH", "/console/templates/<template_id>", _OPERATOR, _UNKNOWN),
    Permission("DELETE", "/console/templates/<template_id>", _OPERATOR, _UNKNOWN),
    Permission("GET", "/console/conversations", _VIEWER),
    Permission("GET", "/console/conversations/unread", _VIEWER),
    Permission("GET", "/console/conversations/<conversation_id>", _VIEWER, _UNKNOWN),
    Permission("GET", "/console/conversations/<conversation_id>/messages", _VIEWER, _UNKNOWN),
    Permission("POST", "/console/conversations/<conversation_id>/reply", _OPERATOR, _REPLY),
    Permission("POST", "/console/conversations/<conversation_id>/read", _OPERATOR, _UNKNOWN),
    Permission("GET", "/console/contacts/<number>", _VIEWER, _UNKNOWN),
    Permission("POST", "/console/contacts", _OPERATOR),
    Permission("GET", "/console/opt-outs", _VIEWER),
    Permission("POST", "/console/opt-outs", _OPERATOR),
    Permission("GET", "/console/opt-outs/<number>", _VIEWER, _UNKNOWN),
    Permission("DELETE", "/console/opt-outs/<number>", _OPERATOR, _UNKNOWN),
    Permission("GET", "/console/opt-outs/<number>/history", _VIEWER, _UNKNOWN),
    Permission("GET", "/console/devices", _VIEWER),
    Permission("GET", "/console/devices/<device_id>", _VIEWER, _UNKNOWN),
    Permission("GET", "/console/devices/<device_id>/heartbeats", _VIEWER, _UNKNOWN),
    Permission("PATCH", "/console/devices/<device_id>", _OPERATOR, _UNKNOWN),
    Permission("PATCH", "/console/devices/<device_id>/sims/<sim_slot>", _OPERATOR, _UNKNOWN),
    Permission("DELETE", "/console/devices/<device_id>", _OPERATOR, _UNKNOWN),
    Permission("GET", "/console/pairing-codes", _OPERATOR),
    Permission("POST", "/console/pairing-codes", _OPERATOR),
    Permission("DELETE", "/console/pairing-codes/<code_id>", _OPERATOR, _UNKNOWN),
    Permission("GET", "/console/clients", _VIEWER),
    Permission("POST", "/console/clients", _OWNER),
    Permission("GET", "/console/clients/<client_id>", _VIEWER, _UNKNOWN),
    Permission("PATCH", "/console/clients/<client_id>", _OWNER, _UNKNOWN),
    Permission("POST", "/console/clients/<client_id>/suspend", _OWNER, _UNKNOWN),
    Permission("POST", "/console/clients/<client_id>/resume", _OWNER, _UNKNOWN),
    Permission("POST", "/console/clients/<client_id>/rotate-key", _OWNER, _UNKNOWN),
    Permission("POST", "/console/clients/<client_id>/remove-key", _OWNER, (problems.NOT_FOUND, problems.LAST_KEY)),
    Permission("GET", "/console/webhooks", _VIEWER),
    Permission("POST", "/console/webhooks", _OWNER, (problems.WEBHOOK_EXISTS, problems.TOO_MANY_WEBHOOKS)),
    Permission("GET", "/console/webhooks/<webhook_id>", _VIEWER, _UNKNOWN),
    Permission("PATCH", "/console/webhooks/<webhook_id>", _OWNER, (problems.NOT_FOUND, problems.WEBHOOK_EXISTS)),
    Permission("DELETE", "/console/webhooks/<webhook_id>", _OWNER, _UNKNOWN),
    Permission("POST", "/console/webhooks/<webhook_id>/ping", _OPERATOR, _UNKNOWN),
    Permission("POST", "/console/webhooks/<webhook_id>/enable", _OPERATOR, _UNKNOWN),
    Permission("POST", "/console/webhooks/<webhook_id>/rotate-secret", _OWNER, _ROTATION),
    Permission("GET", "/console/webhooks/<webhook_id>/deliveries", _VIEWER, _UNKNOWN),
    Permission("POST", "/console/webhooks/<webhook_id>/deliveries/<delivery_id>/replay", _OPERATOR, _SUSPENDED),
    Permission("POST", "/console/webhooks/<webhook_id>/replay", _OPERATOR, _SUSPENDED),
)
_BY_ROUTE = {(row.method, row.path): row for row in PERMISSIONS}


def row_of(method: str, path: str) -> Permission | None:
    """The row of a route."""
    return _BY_ROUTE.get((method, path))
