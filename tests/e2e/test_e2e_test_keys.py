"""A test key on the deployed stack, with IAM enforced: no phone, every step played, and webhooks that say so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smskit.clients.logic import clients
from smskit.models import worlds
from smskit.platform.times import now_ms
from tests.e2e.endpoints import MakeHook, register
from tests.e2e.stack import UNLIMITED, Stack, Tenant, events_of
from tests.e2e.waiting import eventually

pytestmark = pytest.mark.e2e


async def test_a_test_key_sends_without_a_phone_and_its_webhooks_say_that_it_is_a_test(
    stack: Stack, tenant: Tenant, make_hook: MakeHook
):
    made, key = clients.create(tenant.account_id, "staging", now_ms(), UNLIMITED, is_test=True)
    stack.secrets.add(key)
    test = replace(tenant, account_id=made.world_id, client_id=made.client_id, key=key)
    ours, theirs = make_hook(200), make_hook(200)
    webhook = await register(test, ours, "sms:sent", "sms:delivered", "sms:received", "contact:opted_out")
    await register(tenant, theirs, "sms:sent", "sms:delivered", "sms:received", "contact:opted_out")

    job_id = await test.api.accepted()
    job = await test.api.ended(job_id)
    assert (job["status"], job["deviceId"]) == ("Delivered", worlds.TEST_DEVICE)
    assert events_of(job) == ["accepted", "offered", "assigned", "sent", "delivered"]
    await eventually(lambda: len(ours.taken) == 2, what="sms:sent and sms:delivered")
    assert all(call.payload["test"] is True and call.verified_by(webhook["secret"]) for call in ours.taken)

    stops = await test.api.accepted(recipient="+254700000051")
    assert (await test.api.ended(stops))["status"] == "Delivered"
    await eventually(lambda: len(ours.taken) == 8, what="both messages, the STOP, and its confirmation")
    assert (await test.api.send(recipient="+254700000051")).status_code == 422
    failed = await test.api.accepted(recipient="+254700000021")
    assert (await test.api.ended(failed))["error"]["code"] == "attempts-exhausted"
    expired = await test.api.accepted(recipient="+254700000031")
    assert (await test.api.ended(expired))["error"]["code"] == "opted-out"

    assert (await tenant.api.http.get(f"/api/webhooks/{webhook['webhookId']}")).status_code == 404
    assert (await tenant.api.http.get("/api/sms")).json()["jobs"] == []
    assert theirs.calls == []
