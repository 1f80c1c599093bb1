"""smskit-admin webhooks: an account's endpoints, their log, and what was missed."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError

from smskit.accounts.logic import accounts, audit_log
from smskit.models.audit import Action
from smskit.models.webhook import Endpoint
from smskit.platform.times import now_ms, rfc3339
from smskit.webhooks.api.rendering import page_view, webhook_view, webhook_with_secret
from smskit.webhooks.api.requests import ChangeWebhook, RegisterWebhook, ReplaySince
from smskit.webhooks.api.views import DeliveryView, WebhookView
from smskit.webhooks.logic import backlog_status, delivery_log, delivery_requests, endpoints
from smskit.webhooks.logic.delivery_log import LogFilter
from smskit.webhooks.store import endpoints as webhooks
from smskit_admin import stack
from smskit_admin.options import Account, Env, Json, show

app = typer.Typer(no_args_is_help=True, help="Webhooks: endpoints that events go to.")

Webhook = Annotated[str, typer.Option("--webhook", help="The endpoint's id, whk_….")]
_SHOWN_ONCE = "The secret is shown this once: the receiver verifies signatures with it."
Model = TypeVar("Model", RegisterWebhook, ChangeWebhook, ReplaySince)


@app.command("list")
def list_webhooks(account: Account, env: Env = None, as_json: Json = False) -> None:
    """Show an account's endpoints."""
    with stack.connected(env):
        accounts.require(account)
        views = [_seen(endpoint) for endpoint in webhooks.list_all(account)]
    shown = {"webhooks": [view.model_dump(by_alias=True) for view in views]}
    show(shown, as_json, "\n".join(_line(view) for view in views) or "No webhooks yet: smskit-admin webhooks create")


@app.command("create")
def create_webhook(
    account: Account,
    url: Annotated[str, typer.Option("--url", help="Where events are POSTed to.")],
    event: Annotated[list[str], typer.Option("--event", help="An event to send, such as sms:delivered; repeatable.")],
    env: Env = None,
    as_json: Json = False,
) -> None:
    """Register an endpoint."""
    request = _parsed(RegisterWebhook, {"url": url, "events": event})
    with stack.connected(env):
        accounts.require(account)
        by = audit_log.command_line(account)
        view = webhook_with_secret(endpoints.register(account, request.url, request.events, now_ms(), by), now_ms())
    text = f"{_line(view)}\nSecret  {view.secret}\n\n{_SHOWN_ONCE}"
    show(view.model_dump(by_alias=True), as_json, text)


@app.command("show")
def show_webhook(account: Account, webhook: Webhook, env: Env = None, as_json: Json = False) -> None:
    """Show an endpoint."""
    with stack.connected(env):
        view = _seen(endpoints.read(account, webhook))
    show(view.model_dump(by_alias=True), as_json, _line(view))


@app.command("change")
def change_webhook(
    account: Account,
    webhook: Webhook,
    url: Annotated[str | None, typer.Option("--url", help="Another URL.")] = None,
    event: Annotated[list[str] | None, typer.Option("--event", help="The events from now on; repeatable.")] = None,
    env: Env = None,
    as_json: Json = False,
) -> None:
    """Give an endpoint another URL or other events; what isn't named stays."""
    if url is None and not event:
        raise typer.BadParameter("name --url or --event, or both")
    given = {"url": url, "events": event or None}
    request = _parsed(ChangeWebhook, {name: value for name, value in given.items() if value is not None})
    with stack.connected(env):
        view = _seen(endpoints.change(account, webhook, request.url, request.events))
        _note(account, Action.WEBHOOK_CHANGED, webhook)
    show(view.model_dump(by_alias=True), as_json, _line(view))


@app.command("remove")
def remove_webhook(account: Account, webhook: Webhook, env: Env = None, as_json: Json = False) -> None:
    """Remove an endpoint; what waits for it is not sent any more."""
    with stack.connected(env):
        entry = audit_log.entry(audit_log.command_line(account), Action.WEBHOOK_REMOVED, webhook, now_ms())
        endpoints.remove(account, webhook, entry)
    show({"webhookId": webhook}, as_json, f"Removed: {webhook}")


@app.command("ping")
def ping_webhook(account: Account, webhook: Webhook, env: Env = None, as_json: Json = False) -> None:
    """Send a test event."""
    with stack.connected(env):
        _, delivery_id = delivery_requests.ping(account, webhook, now_ms())
        _note(account, Action.WEBHOOK_PINGED, webhook)
    _show_queued(webhook, delivery_id, as_json)


@app.command("enable")
def enable_webhook(account: Account, webhook: Webhook, env: Env = None, as_json: Json = False) -> None:
    """Enable a suspended endpoint, once it accepts a ping."""
    with stack.connected(env):
        _, delivery_id = delivery_requests.enable(account, webhook, now_ms())
        _note(account, Action.WEBHOOK_ENABLED, webhook)
    _show_queued(webhook, delivery_id, as_json)


@app.command("rotate")
def rotate_secret(account: Account, webhook: Webhook, env: Env = None, as_json: Json = False) -> None:
    """Make a new signing secret; the old one signs along for 24 hours."""
    with stack.connected(env):
        view = webhook_with_secret(endpoints.rotate_secret(account, webhook, now_ms()), now_ms())
        _note(account, Action.WEBHOOK_SECRET_ROTATED, webhook)
    show(view.model_dump(by_alias=True), as_json, f"Secret  {view.secret}\n\n{_SHOWN_ONCE}")


@app.command("deliveries")
def list_deliveries(
    account: Account,
    webhook: Webhook,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="Deliveries to show, the newest first.")] = 20,
    cursor: Annotated[str | None, typer.Option("--cursor", help="From the page before.")] = None,
    probes: Annotated[bool, typer.Option("--probes/--no-probes", help="Also the recovery's own pings.")] = True,
    env: Env = None,
    as_json: Json = False,
) -> None:
    """Show the log of deliveries with every attempt."""
    with stack.connected(env):
        view = page_view(delivery_log.list_page(account, webhook, LogFilter(probes=probes), limit, cursor, now_ms()))
    lines = [line for delivery in view.items for line in _delivery_lines(delivery)]
    if view.cursor:
        lines.append(f"more: --cursor {view.cursor}")
    show(view.model_dump(by_alias=True), as_json, "\n".join(lines) or "No deliveries yet")


@app.command("replay")
def replay(
    account: Account,
    webhook: Webhook,
    delivery: Annotated[str | None, typer.Option("--delivery", help="One delivery, dlv_….")] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="All that failed or was skipped since this time.")
    ] = None,
    env: Env = None,
    as_json: Json = False,
) -> None:
    """Send once more: one delivery, or what failed or was skipped since a time."""
    if (delivery is None) == (since is None):
        raise typer.BadParameter("name either --delivery or --since")
    if delivery is not None:
        with stack.connected(env):
            delivery_requests.replay(account, webhook, delivery, now_ms())
            _note(account, Action.DELIVERY_REPLAYED, delivery)
        _show_queued(webhook, delivery, as_json)
        return
    request = _parsed(ReplaySince, {"since": since})
    with stack.connected(env):
        delivery_requests.replay_since(account, webhook, request.since_ms, now_ms())
        _note(account, Action.WEBHOOK_REPLAYED, webhook)
    time = rfc3339(request.since_ms)
    show({"webhookId": webhook, "since": time}, as_json, f"Queued: what failed or was skipped since {time}")


def _seen(endpoint: Endpoint) -> WebhookView:
    return webhook_view(backlog_status.of(endpoint), now_ms())


def _note(account: str, action: Action, subject: str) -> None:
    audit_log.note(audit_log.command_line(account), action, subject, now_ms())


def _parsed(model: type[Model], values: dict[str, Any]) -> Model:
    """The request as the API would take it; exit code 2 naming the option otherwise."""
    try:
        return model.model_validate(values)
    except ValidationError as invalid:
        first = invalid.errors(include_input=False, include_url=False)[0]
        name = {"events": "event"}.get(str(first["loc"][0]), str(first["loc"][0]))
        raise typer.BadParameter(first["msg"], param_hint=f"--{name}") from None


def _show_queued(webhook_id: str, delivery_id: str, as_json: bool) -> None:
    text = f"Queued: {delivery_id}\nsmskit-admin webhooks deliveries shows what comes of it"
    show({"webhookId": webhook_id, "deliveryId": delivery_id}, as_json, text)


def _line(view: WebhookView) -> str:
    reason = f" ({view.suspended_reason})" if view.suspended_reason else ""
    waiting = f" ({view.backlog} waiting since {view.oldest_waiting_at})" if view.backlog else ""
    skipped = f" ({view.skipped} skipped)" if view.skipped else ""
    return f"{view.webhook_id}  {view.status}{reason}{waiting}{skipped}  {view.url}  {' '.join(view.events)}"


def _delivery_lines(view: DeliveryView) -> list[str]:
    event = "ping (probe)" if view.probe else view.event
    lines = [f"{view.delivery_id}  {view.status}  {event}  {view.occurred_at}  {view.event_id}"]
    for attempt in view.attempts:
        outcome = attempt.error if attempt.status is None else f"HTTP {attempt.status}"
        lines.append(f"  {attempt.at}  {outcome}  {attempt.latency_ms} ms")
    return lines
