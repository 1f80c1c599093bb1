"""Twilio's own packages, of PyPI and npm, on the deployed stack: only the base address is another one."""

from __future__ import annotations

import asyncio
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from smskit.models import twilio
from smskit.models.twilio import SidKind
from tests.e2e.phones import Phones
from tests.e2e.stack import Stack, Tenant
from tests.e2e.waiting import eventually
from tests.support.hooks import Call, Hook
from tests.support.twilio import form_of

pytestmark = pytest.mark.e2e

SCRIPT = Path(__file__).parents[1] / "support" / "twilio_calls.mjs"
TO, OTHER = "+254712345678", "+254722345678"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "localhost,127.0.0.1")


def sid_of(tenant: Tenant) -> str:
    return twilio.sid_of(SidKind.ACCOUNT, tenant.account_id)


def job_of(sid: str) -> str:
    job_id = twilio.id_of(SidKind.SENT, sid)
    assert job_id is not None
    return job_id


def client(stack: Stack, tenant: Tenant, key: str | None = None) -> Client:
    made = Client(sid_of(tenant), key or tenant.key)
    made.api.base_url = stack.url
    return made


def in_javascript(given: dict[str, Any]) -> Any:
    done = subprocess.run(
        ["node", str(SCRIPT)], check=False, input=json.dumps(given), capture_output=True, text=True, timeout=90
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def signed(hook: Hook, call: Call) -> dict[str, Any]:
    url = hook.server.url(path=call.path)
    return {"url": url, "signature": call.headers["x-twilio-signature"], "form": form_of(call)}


def refused(error: pytest.ExceptionInfo[TwilioRestException]) -> tuple[int, int | None]:
    return error.value.status, error.value.code


async def told(hook: Hook, sid: str) -> list[Call]:
    """The callbacks of a message, once it is told to be delivered."""

    def calls() -> list[Call] | None:
        own = [call for call in hook.taken if form_of(call)["MessageSid"] == sid]
        return own if {"sent", "delivered"} <= {form_of(call)["MessageStatus"] for call in own} else None

    return await eventually(calls, 60, what=f"callbacks of {sid}")


async def test_the_package_of_pypi(stack: Stack, tenant: Tenant, phones: Phones, hook: Hook):
    await phones.new(tenant)
    messages = client(stack, tenant).messages
    callback = hook.server.url(path="/twilio/status?order=1042")
    sent = await asyncio.to_thread(
        messages.create, to=TO, body="Your code is 123456", status_callback=callback, message_intent="otp"
    )
    later = await asyncio.to_thread(
        messages.create, to=OTHER, body="Later", schedule_type="fixed", send_at=datetime.now(UTC) + timedelta(hours=1)
    )
    assert (sent.status, later.status, len(sent.sid)) == ("queued", "scheduled", 34)

    cancelled = await asyncio.to_thread(messages(later.sid).update, status="canceled")
    redacted = await asyncio.to_thread(messages(later.sid).update, body="")
    assert (cancelled.status, redacted.body, redacted.to) == ("canceled", "", OTHER)
    since = datetime.now(UTC) - timedelta(hours=1)
    listed = await asyncio.to_thread(messages.list, page_size=1, date_sent_after=since)
    assert sorted(message.sid for message in listed) == sorted([sent.sid, later.sid])
    assert [m.sid for m in await asyncio.to_thread(messages.list, to=OTHER, limit=5)] == [later.sid]
    assert await asyncio.to_thread(messages(later.sid).delete)
    with pytest.raises(TwilioRestException) as gone:
        await asyncio.to_thread(messages(later.sid).fetch)
    with pytest.raises(TwilioRestException) as stranger:
        await asyncio.to_thread(client(stack, tenant, tenant.key[::-1]).messages(sent.sid).fetch)
    with pytest.raises(TwilioRestException) as late:
        await tenant.api.ended(job_of(sent.sid))
        await asyncio.to_thread(messages(sent.sid).update, status="canceled")
    assert [refused(error) for error in (gone, stranger, late)] == [(404, 20404), (401, 20003), (400, 30409)]

    fetched = await asyncio.to_thread(messages(sent.sid).fetch)
    assert (fetched.status, fetched.error_code, fetched.num_segments) == ("delivered", None, "1")
    assert fetched.date_created <= fetched.date_sent <= fetched.date_updated
    for call in await told(hook, sent.sid):
        seen = signed(hook, call)
        assert seen["url"] == callback
        given = seen["url"], seen["form"], seen["signature"]
        assert RequestValidator(tenant.key).validate(*given)
        assert not RequestValidator(tenant.key).validate(given[0], given[1] | {"MessageStatus": "failed"}, given[2])
        assert not RequestValidator(sid_of(tenant)).validate(*given)


async def test_the_package_of_npm(stack: Stack, tenant: Tenant, phones: Phones, hook: Hook):
    await phones.new(tenant)
    callback = hook.server.url(path="/twilio/status?order=1042")
    given = {"base": stack.url, "sid": sid_of(tenant), "key": tenant.key, "to": TO, "callback": callback}
    done = await asyncio.to_thread(in_javascript, given)

    assert sorted(done.pop("listed")) == sorted([done["sent"], done.pop("later")])
    sid, status = done.pop("sent"), done.pop("status")
    assert status in ("queued", "sending", "sent", "delivered")
    assert done == {
        "scheduled": "scheduled",
        "cancelled": "canceled",
        "redacted": "",
        "removed": True,
        "gone": {"status": 404, "code": 20404},
        "stranger": {"status": 401, "code": 20003},
        "wrong": {"status": 400, "code": 21211},
    }
    assert (await tenant.api.ended(job_of(sid)))["status"] == "Delivered"
    calls = [signed(hook, call) for call in await told(hook, sid)]
    forged = [call | {"form": call["form"] | {"MessageStatus": "failed"}} for call in calls]
    assert await asyncio.to_thread(in_javascript, {"token": tenant.key, "calls": calls + forged}) == [
        *([True] * len(calls)),
        *([False] * len(forged)),
    ]
    wrong = await asyncio.to_thread(in_javascript, {"token": given["sid"], "calls": calls})
    assert wrong == [False] * len(calls)


async def test_what_comes_in_is_told_as_twilio_tells_it(tenant: Tenant, phones: Phones, hook: Hook):
    body = {"url": hook.url, "events": ["sms:received"], "shape": "twilio"}
    answer = await tenant.api.http.post("/api/webhooks", json=body)
    assert answer.status_code == 201, answer.text
    phone = await phones.new(tenant)
    phone.receives(TO, "Are you open?")
    await eventually(lambda: hook.taken, 60, what="the message that came in")
    seen = signed(hook, hook.taken[0])
    assert (seen["form"]["From"], seen["form"]["Body"]) == (TO, "Are you open?")
    assert RequestValidator(tenant.key).validate(seen["url"], seen["form"], seen["signature"])
