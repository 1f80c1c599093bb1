"""Every route of the console API with the least role that may call it: the one place where roles are given out.

A route without a row answers nobody, and fails the tests.
"""

from __future__ import annotations

from dataclasses import dataclass

from smskit.models.member import Role
from smskit.platform.http import problems
from smskit.platform.http.problems import Kind


@dataclass(frozen=True, slots=True)
class Row:
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
_REPLY = (
    problems.NOT_FOUND, problems.IDEMPOTENCY_CONFLICT, problems.RECIPIENT_OPTED_OUT, problems.NO_ELIGIBLE_DEVICE,
    problems.NOT_REPLYABLE,
)  # fmt: skip

TABLE: tuple[Row, ...] = (
    Row("GET", "/console/me", _VIEWER),
    Row("GET", "/console/members", _VIEWER),
    Row("POST", "/console/members", _OWNER, (problems.MEMBER_EXISTS, problems.TOO_MANY_MEMBERS)),
    Row("PATCH", "/console/members/<person_id>", _OWNER, (problems.NOT_FOUND, problems.LAST_OWNER)),
    Row("DELETE", "/console/members/<person_id>", _OWNER, (problems.NOT_FOUND, problems.LAST_OWNER)),
    Row("GET", "/console/audit", _OWNER),
    Row("GET", "/console/overview", _VIEWER),
    Row("GET", "/console/usage", _VIEWER),
    Row("GET", "/console/settings", _VIEWER),
    Row("PATCH", "/console/settings", _OWNER),
    Row("POST", "/console/erasures", _OWNER),
    Row("GET", "/console/messages", _VIEWER),
    Row("GET", "/console/messages/export.csv", _VIEWER),
    Row("GET", "/console/messages/<job_id>", _VIEWER, _UNKNOWN),
    Row("GET", "/console/conversations", _VIEWER),
    Row("GET", "/console/conversations/<conversation_id>", _VIEWER, _UNKNOWN),
    Row("GET", "/console/conversations/<conversation_id>/messages", _VIEWER, _UNKNOWN),
    Row("POST", "/console/conversations/<conversation_id>/reply", _OPERATOR, _REPLY),
    Row("POST", "/console/conversations/<conversation_id>/read", _OPERATOR, _UNKNOWN),
    Row("GET", "/console/opt-outs", _VIEWER),
    Row("POST", "/console/opt-outs", _OPERATOR),
    Row("DELETE", "/console/opt-outs/<number>", _OPERATOR, _UNKNOWN),
    Row("GET", "/console/opt-outs/<number>/history", _VIEWER, _UNKNOWN),
    Row("GET", "/console/devices", _VIEWER),
    Row("GET", "/console/devices/<device_id>", _VIEWER, _UNKNOWN),
    Row("GET", "/console/devices/<device_id>/heartbeats", _VIEWER, _UNKNOWN),
    Row("PATCH", "/console/devices/<device_id>", _OPERATOR, _UNKNOWN),
    Row("PATCH", "/console/devices/<device_id>/sims/<sim_slot>", _OPERATOR, _UNKNOWN),
    Row("DELETE", "/console/devices/<device_id>", _OPERATOR, _UNKNOWN),
    Row("GET", "/console/pairing-codes", _OPERATOR),
    Row("POST", "/console/pairing-codes", _OPERATOR),
    Row("DELETE", "/console/pairing-codes/<code_id>", _OPERATOR, _UNKNOWN),
    Row("GET", "/console/clients", _VIEWER),
    Row("POST", "/console/clients", _OWNER),
    Row("GET", "/console/clients/<client_id>", _VIEWER, _UNKNOWN),
    Row("PATCH", "/console/clients/<client_id>", _OWNER, _UNKNOWN),
    Row("POST", "/console/clients/<client_id>/suspend", _OWNER, _UNKNOWN),
    Row("POST", "/console/clients/<client_id>/resume", _OWNER, _UNKNOWN),
    Row("POST", "/console/clients/<client_id>/rotate-key", _OWNER, _UNKNOWN),
    Row("POST", "/console/clients/<client_id>/remove-key", _OWNER, (problems.NOT_FOUND, problems.LAST_KEY)),
    Row("GET", "/console/webhooks", _VIEWER),
    Row("POST", "/console/webhooks", _OWNER, (problems.WEBHOOK_EXISTS, problems.TOO_MANY_WEBHOOKS)),
    Row("GET", "/console/webhooks/<webhook_id>", _VIEWER, _UNKNOWN),
    Row("PATCH", "/console/webhooks/<webhook_id>", _OWNER, (problems.NOT_FOUND, problems.WEBHOOK_EXISTS)),
    Row("DELETE", "/console/webhooks/<webhook_id>", _OWNER, _UNKNOWN),
    Row("POST", "/console/webhooks/<webhook_id>/ping", _OPERATOR, _UNKNOWN),
    Row("POST", "/console/webhooks/<webhook_id>/enable", _OPERATOR, _UNKNOWN),
    Row("POST", "/console/webhooks/<webhook_id>/rotate-secret", _OWNER, _ROTATION),
    Row("GET", "/console/webhooks/<webhook_id>/deliveries", _VIEWER, _UNKNOWN),
    Row("POST", "/console/webhooks/<webhook_id>/deliveries/<delivery_id>/replay", _OPERATOR, _SUSPENDED),
    Row("POST", "/console/webhooks/<webhook_id>/replay", _OPERATOR, _SUSPENDED),
)
_BY_ROUTE = {(row.method, row.path): row for row in TABLE}


def row_of(method: str, path: str) -> Row | None:
    """The row of a route."""
    return _BY_ROUTE.get((method, path))
