"""One SMS from the client's request to its delivery, and idempotent retries of it."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
from collections.abc import Callable

import pytest

from smskit.platform.times import now_ms, rfc3339
from smskit_local.commands import admin
from tests.e2e.phones import Phones, times_handed_over
from tests.e2e.stack import Stack, Tenant, events_of
from tests.e2e.waiting import eventually

pytestmark = pytest.mark.e2e

JOB_ID = re.compile(r"job_[0-9A-HJKMNP-TV-Z]{20}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")
# What HTTP itself, the request's id and the hour's count make different in equal answers.
VARYING = {"date", "x-request-id", "apigw-requestid", "ratelimit"}
# The example of the public reference; only the address and the key are put in.
CURL = """curl {url}/api/sms/send \\
  -H "X-Api-Key: {key}" \\
  -H "Content-Type: application/json" \\
  -d '{{ "recipient": "+254712345678", "message": "Your code is 123456" }}'"""


def curl(command: str) -> tuple[int, dict[str, str], str]:
    """Run it as a user would; status, headers and body of the answer."""
    shown = subprocess.run(
        ["bash", "-c", command.replace("curl ", "curl --silent --noproxy '*' --include ", 1)],
        check=True, capture_output=True, text=True, timeout=60,
    ).stdout  # fmt: skip
    head, _, body = shown.replace("\r\n", "\n").partition("\n\n")
    first, *lines = head.splitlines()
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    return int(first.split()[1]), headers, body


async def test_the_example_of_the_reference_is_delivered(stack: Stack, phones: Phones):
    environment = stack.emulator.environment
    account = admin("account", "create", "--name", "My team", environment=environment)["accountId"]
    service = ("--account", account, "--name", "My service", "--limit", "10000")
    client = admin("client", "create", *service, environment=environment)
    stack.secrets.add(client["apiKey"])
    tenant = Tenant(stack, account, client["clientId"], client["apiKey"])
    phone = await phones.new(tenant)

    command = CURL.format(url=stack.url, key=tenant.key)
    status, headers, body = await asyncio.to_thread(curl, command)

    accepted = json.loads(body)
    assert status == 202
    assert list(accepted) == ["jobId", "status"]
    assert JOB_ID.fullmatch(accepted["jobId"])
    assert accepted["status"] == "Pending"
    assert headers["location"] == f"/api/sms/{accepted['jobId']}/status"

    job = await tenant.api.ended(accepted["jobId"])
    seed = {key: job[key] for key in ("jobId", "status", "recipient", "deviceId", "simSlot", "attempts")}
    assert seed == {
        "jobId": accepted["jobId"],
        "status": "Delivered",
        "recipient": "+254712345678",
        "deviceId": phone.device_id,
        "simSlot": 0,
        "attempts": 1,
    }
    assert TIME.fullmatch(job["createdAt"]) and TIME.fullmatch(job["deliveredAt"])
    assert job["createdAt"] <= job["sentAt"] <= job["deliveredAt"]
    assert events_of(job) == ["accepted", "offered", "assigned", "sent", "delivered"]
    assert [line["recipient"] for line in phone.radio] == ["+254712345678"]


async def test_fifty_sends_at_once_under_one_key_are_one_job(tenant: Tenant, phones: Phones):
    phone = await phones.new(tenant)
    order = {"idempotencyKey": "order-1042", "priority": 9}

    answers = await asyncio.gather(*(tenant.api.send(**order) for _ in range(50)))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    kept = {tuple((k, v) for k, v in answer.headers.items() if k not in VARYING) for answer in answers}
    assert len(kept) == 1, kept
    job_id = answers[0].json()["jobId"]
    job = await tenant.api.ended(job_id)
    assert job["status"] == "Delivered"
    assert events_of(job).count("accepted") == events_of(job).count("assigned") == 1

    conflict = await tenant.api.send(**order | {"message": "Your code is 654321"})
    assert conflict.status_code == 409
    assert conflict.json()["type"] == "https://smskit.dev/problems/idempotency-conflict"
    again = await tenant.api.send(**order)
    assert (again.status_code, again.content) == (202, answers[0].content)

    # A job that comes after all of these has passed the same queue: whatever they had left in it is handled.
    assert (await tenant.api.ended(await tenant.api.accepted(priority=9)))["status"] == "Delivered"
    assert times_handed_over(phone.folder)[job_id] == 1
    assert sum(times_handed_over(phone.folder).values()) == 2


async def test_accounts_do_not_share_idempotency_keys(new_tenant: Callable[..., Tenant], phones: Phones):
    one, other = new_tenant(), new_tenant()
    await phones.new(one)
    await phones.new(other)

    first, second = [await tenant.api.accepted(idempotencyKey="order-1") for tenant in (one, other)]

    assert first != second
    assert (await other.api.http.get(f"/api/sms/{first}/status")).status_code == 404


async def test_a_bulk_request_is_delivered_counted_and_withdrawn(tenant: Tenant, phones: Phones):
    phone = await phones.new(tenant)
    http = tenant.api.http
    numbers = [f"+25471234{row:04d}" for row in range(6)]
    rows = [{"recipient": number, "variables": {"name": f"N{row}"}} for row, number in enumerate(numbers)]
    rows += [{"recipient": "0712340000", "variables": {"name": "x"}}, {"recipient": "+254722000000"}]
    order = {"message": "Hello {name}", "recipients": rows, "idempotencyKey": "many"}

    first, again = [await http.post("/api/sms/send/bulk", json=order) for _ in range(2)]

    assert (first.status_code, again.content) == (202, first.content), first.text
    told = first.json()
    assert [row["row"] for row in told["accepted"]] == list(range(6))
    assert told["merged"] == [{"row": 6, "into": 0}]
    assert [row["problem"]["errors"][0]["pointer"] for row in told["refused"]] == ["#/recipients/7/variables/name"]
    batch = f"/api/sms/batches/{told['batchId']}"

    async def is_counted() -> bool:
        return (await http.get(batch)).json()["counts"]["delivered"] == 6

    await eventually(is_counted, 60, what="all are delivered, and the stream has told so", every=0.5)
    listed = (await http.get(f"{batch}/messages")).json()["jobs"]
    assert [job["recipient"] for job in listed] == numbers
    assert sorted(line["recipient"] for line in phone.radio) == numbers
    assert set(times_handed_over(phone.folder).values()) == {1}

    later = {"sendAt": rfc3339(now_ms() + 3_600_000), "idempotencyKey": "later"}
    second = (await http.post("/api/sms/send/bulk", json=order | later)).json()
    assert second["status"] == "Scheduled"
    assert (await http.post(f"/api/sms/batches/{second['batchId']}/cancel")).status_code == 202
    for row in second["accepted"]:
        await eventually(lambda row=row: _is_cancelled(tenant, row["jobId"]), 60, what=row, every=0.5)


async def _is_cancelled(tenant: Tenant, job_id: str) -> bool:
    answer = await tenant.api.http.get(f"/api/sms/{job_id}/status")
    return answer.status_code == 200 and answer.json()["status"] == "Cancelled"


async def test_a_scheduled_message_waits_for_its_time_and_says_so(tenant: Tenant, phones: Phones):
    phone, api = await phones.new(tenant), tenant.api
    due = now_ms() + 6_000
    job_id = await api.accepted(sendAt=rfc3339(due))
    assert (await api.job(job_id))["status"] == "Scheduled"
    told = await api.http.get(f"/api/sms/{job_id}/explain")
    assert told.status_code == 200 and told.json()["explanation"].startswith("Scheduled: it goes out at ")
    job = await api.ended(job_id, "Delivered")
    assert job["sentAt"] >= rfc3339(due) and len(phone.radio) == 1
    told = await api.http.get(f"/api/sms/{job_id}/explain")
    assert told.json()["explanation"].startswith("Delivered: ")
