"""Customers' webhook endpoints in the end-to-end tests: registered, asked about, and told of jobs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from smskit.dispatch.store import jobs
from smskit.models.job import Job
from smskit.models.lane import LaneKey
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from tests.e2e.stack import Stack, Tenant
from tests.e2e.waiting import eventually
from tests.support.hooks import Answer, Hook, Rule

MakeHook = Callable[[Rule | Answer], Hook]


async def register(tenant: Tenant, hook: Hook, *events: str) -> dict[str, Any]:
    answer = await tenant.api.http.post(
        "/api/webhooks", json={"url": hook.url, "events": list(events) or ["sms:delivered"]}
    )
    assert answer.status_code == 201, answer.text
    tenant.stack.secrets.add(answer.json()["secret"])
    return dict(answer.json())


async def show(tenant: Tenant, webhook_id: str) -> dict[str, Any]:
    return dict((await tenant.api.http.get(f"/api/webhooks/{webhook_id}")).json())


async def has_status(tenant: Tenant, webhook_id: str, status: str, seconds: float = 60) -> dict[str, Any]:
    async def shown() -> dict[str, Any] | None:
        webhook = await show(tenant, webhook_id)
        return webhook if webhook["status"] == status else None

    return await eventually(shown, seconds, what=f"{webhook_id} {status}", every=0.3)


def deliver(tenant: Tenant, number: int, note: list[str] | None = None) -> str:
    """A job that a phone delivers now, as the phone gateway writes it; `note` has its id before anybody is told."""
    now = now_ms()
    job = Job(
        new_id("job", now), tenant.account_id, tenant.client_id, "+254712345678", f"Message {number}", 1, 0, now,
        now + 86_400_000,
    )  # fmt: skip
    if note is not None:
        note.append(job.job_id)
    jobs.create(job)
    jobs.assign(job.job_id, "t", LaneKey(tenant.account_id, "dvc_1", 0), "c", now, now, job.created_at)
    jobs.mark_delivered(job.job_id, "t", now_ms())
    return job.job_id


def executions(stack: Stack, webhook_id: str) -> list[dict[str, Any]]:
    """The endpoint's executions."""
    client = stack.aws("stepfunctions")
    (machine,) = client.list_state_machines()["stateMachines"]
    found = client.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]
    return [entry for entry in found if entry["name"].startswith(webhook_id)]


def history(stack: Stack, execution: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The states that an execution entered, with their inputs."""
    pages = stack.aws("stepfunctions").get_paginator("get_execution_history")
    return [
        (event["stateEnteredEventDetails"]["name"], json.loads(event["stateEnteredEventDetails"]["input"]))
        for page in pages.paginate(executionArn=execution["executionArn"])
        for event in page["events"]
        if "stateEnteredEventDetails" in event
    ]


def waits(stack: Stack, webhook_id: str) -> list[int]:
    """The seconds that the endpoint's one execution was told to wait, from its history."""
    (execution,) = executions(stack, webhook_id)
    return [state["wait"] for name, state in history(stack, execution) if name == "Wait"]


async def skipped(tenant: Tenant, webhook_id: str, count: int) -> bool:
    """Whether the log holds that many deliveries, all Skipped, besides the pings of probes."""
    page = (await tenant.api.http.get(f"/api/webhooks/{webhook_id}/deliveries")).json()
    events = [entry for entry in page["deliveries"] if entry["event"] != "ping"]
    return [entry["status"] for entry in events] == ["Skipped"] * count
