"""What a customer's program reads of inbound SMS: events, the feed and conversations."""

from __future__ import annotations

from typing import Any

from tests.e2e.stack import Tenant
from tests.e2e.waiting import eventually
from tests.support.hooks import Hook


async def register(tenant: Tenant, hook: Hook, *events: str) -> None:
    """Let the endpoint get these events."""
    answer = await tenant.api.http.post("/api/webhooks", json={"url": hook.url, "events": list(events)})
    assert answer.status_code == 201, answer.text
    tenant.stack.secrets.add(answer.json()["secret"])


def event_ids(hook: Hook, name: str | None = None) -> set[str]:
    """The events that the endpoint took; one may come more than once."""
    return {event["eventId"] for event in hook.events(name)}


async def page(tenant: Tenant, since: str | None, limit: int = 100) -> dict[str, Any]:
    """A page of the feed."""
    asked = {"limit": limit} | ({"since": since} if since else {})
    answer = await tenant.api.http.get("/api/sms/received", params=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def feed(tenant: Tenant, limit: int = 100) -> list[dict[str, Any]]:
    """All that was received, from the beginning."""
    messages: list[dict[str, Any]] = []
    since = None
    while True:
        read = await page(tenant, since, limit)
        messages += read["messages"]
        since = read["cursor"]
        if not read["hasMore"]:
            return messages


async def of_feed(tenant: Tenant, count: int, seconds: float = 60) -> list[dict[str, Any]]:
    """The feed once it has so many messages; that there are no more is seen a moment later."""

    async def enough() -> list[dict[str, Any]] | None:
        messages = await feed(tenant)
        return messages if len(messages) >= count else None

    await eventually(enough, seconds, what=f"{count} received", every=0.3)
    return await feed(tenant)


async def thread(tenant: Tenant, conversation_id: str) -> list[dict[str, Any]]:
    """A conversation's messages, newest first."""
    answer = await tenant.api.http.get(f"/api/conversations/{conversation_id}/messages")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["messages"])
