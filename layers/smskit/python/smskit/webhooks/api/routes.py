"""Routes about webhooks, of both APIs. What a person changes is noted in the audit log."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from smskit.accounts.api import callers
from smskit.accounts.logic import audit_log
from smskit.models.audit import Action
from smskit.models.webhook import Endpoint, EndpointShape
from smskit.platform.http import serving
from smskit.platform.http.parameters import Cursor
from smskit.platform.times import now_ms, rfc3339
from smskit.webhooks.api.rendering import page_view, webhook_view, webhook_with_secret
from smskit.webhooks.api.requests import ChangeWebhook, LogEvents, LogStatuses, RegisterWebhook, ReplaySince, names_in
from smskit.webhooks.api.views import (
    DeliveryPage,
    DeliveryQueued,
    ReplayQueued,
    WebhookDeleted,
    WebhookList,
    WebhookView,
    WebhookWithSecret,
)
from smskit.webhooks.logic import backlog_status, delivery_log, delivery_requests, endpoints
from smskit.webhooks.logic.delivery_log import LogFilter
from smskit.webhooks.store import endpoints as webhooks

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
_TAGS = ["Webhooks"]


@router.post(
    "/webhooks",
    status_code=201,
    summary="Register a webhook",
    description="Subscribe a URL; SMSKit POSTs an event the moment something happens. At most 20 an account.",
    response_description="The endpoint, with the secret that signs its events.",
    operation_id="registerWebhook",
    tags=_TAGS,
)
def register_webhook(request: RegisterWebhook) -> Response[WebhookWithSecret]:
    """Register an endpoint."""
    caller = callers.current()
    made = endpoints.register(
        caller.account_id, request.url, request.events, now_ms(), caller.person,
        shape=EndpointShape(request.shape or EndpointShape.STANDARD), signing_key=caller.signing_key,
    )  # fmt: skip
    location = f"{caller.prefix}/webhooks/{made.endpoint.webhook_id}"
    return serving.answer(webhook_with_secret(made, now_ms()), 201, {"Location": location})


@router.get(
    "/webhooks",
    summary="Webhooks",
    description="List the account's endpoints.",
    response_description="All endpoints of the account, oldest first.",
    operation_id="listWebhooks",
    tags=_TAGS,
)
def list_webhooks() -> Response[WebhookList]:
    """List the account's endpoints."""
    return serving.answer(WebhookList(webhooks=[_seen(endpoint) for endpoint in webhooks.list_all(_account())]))


@router.get(
    "/webhooks/<webhook_id>",
    summary="Webhook",
    description="Show an endpoint and how it does.",
    response_description="The endpoint.",
    operation_id="getWebhook",
    tags=_TAGS,
)
def get_webhook(webhook_id: str) -> Response[WebhookView]:
    """Show an endpoint."""
    return serving.answer(_seen(endpoints.read(_account(), webhook_id)))


@router.patch(
    "/webhooks/<webhook_id>",
    summary="Change a webhook",
    description="Change the URL or the events of an endpoint. Its secret, status and log stay.",
    response_description="The endpoint as it is now.",
    operation_id="changeWebhook",
    tags=_TAGS,
)
def change_webhook(webhook_id: str, request: ChangeWebhook) -> Response[WebhookView]:
    """Change an endpoint."""
    changed = endpoints.change(_account(), webhook_id, request.url, request.events)
    if (request.url, request.events) != (None, None):
        _note(Action.WEBHOOK_CHANGED, webhook_id)
    return serving.answer(_seen(changed))


@router.delete(
    "/webhooks/<webhook_id>",
    summary="Remove a webhook",
    description="Remove an endpoint. What waits for it is not sent any more.",
    response_description="The endpoint is removed.",
    operation_id="removeWebhook",
    tags=_TAGS,
)
def remove_webhook(webhook_id: str) -> Response[WebhookDeleted]:
    """Remove an endpoint."""
    entry = audit_log.entry_by(callers.current().person, Action.WEBHOOK_REMOVED, webhook_id, now_ms())
    endpoints.remove(_account(), webhook_id, entry)
    return serving.answer(WebhookDeleted(webhook_id=webhook_id, deleted=True))


@router.post(
    "/webhooks/<webhook_id>/ping",
    status_code=202,
    summary="Ping a webhook",
    description="Send a test event `ping`, once. Its outcome is in the log of deliveries.",
    response_description="The ping is queued.",
    operation_id="pingWebhook",
    tags=_TAGS,
)
def ping_webhook(webhook_id: str) -> Response[DeliveryQueued]:
    """Send a test event."""
    endpoint, delivery_id = delivery_requests.ping(_account(), webhook_id, now_ms())
    _note(Action.WEBHOOK_PINGED, webhook_id)
    return _queued(webhook_id, delivery_id, endpoint.status.value)


@router.post(
    "/webhooks/<webhook_id>/enable",
    status_code=202,
    summary="Enable a suspended webhook",
    description="Send a ping; when the endpoint accepts it, its status is Active again, and one that is Recovering "
    "gets what waits first. Events that were skipped meanwhile can be replayed.",
    response_description="The ping is queued.",
    operation_id="enableWebhook",
    tags=_TAGS,
)
def enable_webhook(webhook_id: str) -> Response[DeliveryQueued]:
    """Enable a suspended endpoint."""
    endpoint, delivery_id = delivery_requests.enable(_account(), webhook_id, now_ms())
    _note(Action.WEBHOOK_ENABLED, webhook_id)
    return _queued(webhook_id, delivery_id, endpoint.status.value)


@router.post(
    "/webhooks/<webhook_id>/rotate-secret",
    summary="Rotate a webhook's secret",
    description="Make a new signing secret. For 24 hours the one before it signs along, so that receivers may "
    "change over at any time in between; five of them may do so at a time. Of Twilio's shape the new one signs at "
    "once, alone.",
    response_description="The endpoint, with its new secret.",
    operation_id="rotateWebhookSecret",
    tags=_TAGS,
)
def rotate_webhook_secret(webhook_id: str) -> Response[WebhookWithSecret]:
    """Make a new secret."""
    caller = callers.current()
    rotated = endpoints.rotate_secret(caller.account_id, webhook_id, now_ms(), caller.signing_key)
    _note(Action.WEBHOOK_SECRET_ROTATED, webhook_id)
    return serving.answer(webhook_with_secret(rotated, now_ms()))


@router.get(
    "/webhooks/<webhook_id>/deliveries",
    summary="Deliveries of a webhook",
    description="The log of deliveries with every attempt, newest event first; kept for 30 days, what tells "
    "of a message no longer than that. A filter looks at 300 deliveries a request: a page may then be short, or empty, "
    "and still have a next one.",
    response_description="A page of the log.",
    operation_id="listWebhookDeliveries",
    tags=_TAGS,
)
def list_webhook_deliveries(
    webhook_id: str,
    limit: Annotated[int, Query(ge=1, le=100, description="Deliveries a page.", examples=[50])] = 50,
    cursor: Cursor = None,
    status: LogStatuses = None,
    event: LogEvents = None,
    probes: Annotated[bool, Query(description="False leaves out the pings of the recovery.")] = True,
) -> Response[DeliveryPage]:
    """Show the log."""
    wanted = LogFilter(names_in(status), names_in(event), probes=probes)
    return serving.answer(page_view(delivery_log.list_page(_account(), webhook_id, wanted, limit, cursor, now_ms())))


@router.post(
    "/webhooks/<webhook_id>/deliveries/<delivery_id>/replay",
    status_code=202,
    summary="Replay a delivery",
    description="Send an event of the log once more, whatever became of it.",
    response_description="The delivery is queued.",
    operation_id="replayWebhookDelivery",
    tags=_TAGS,
)
def replay_webhook_delivery(webhook_id: str, delivery_id: str) -> Response[DeliveryQueued]:
    """Send one event once more."""
    account_id = _account()
    delivery_requests.replay(account_id, webhook_id, delivery_id, now_ms())
    _note(Action.DELIVERY_REPLAYED, delivery_id)
    return _queued(webhook_id, delivery_id, endpoints.read(account_id, webhook_id).status.value)


@router.post(
    "/webhooks/<webhook_id>/replay",
    status_code=202,
    summary="Replay since a time",
    description="Send once more what failed or was skipped, of events since a time.",
    response_description="The replay is queued.",
    operation_id="replayWebhook",
    tags=_TAGS,
)
def replay_webhook(webhook_id: str, request: ReplaySince) -> Response[ReplayQueued]:
    """Send again what failed or was skipped."""
    delivery_requests.replay_since(_account(), webhook_id, request.since_ms, now_ms())
    _note(Action.WEBHOOK_REPLAYED, webhook_id)
    return serving.answer(ReplayQueued(webhook_id=webhook_id, since=rfc3339(request.since_ms)), 202)


def _seen(endpoint: Endpoint) -> WebhookView:
    return webhook_view(backlog_status.of(endpoint), now_ms())


def _queued(webhook_id: str, delivery_id: str, status: str) -> Response[DeliveryQueued]:
    return serving.answer(DeliveryQueued(webhook_id=webhook_id, delivery_id=delivery_id, status=status), 202)


def _account() -> str:
    return callers.current().account_id


def _note(action: Action, subject: str) -> None:
    audit_log.note_by(callers.current().person, action, subject, now_ms())
