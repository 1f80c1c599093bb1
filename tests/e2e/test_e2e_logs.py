"""What the functions logged in all these tests holds neither secrets nor message texts; runs last."""

from __future__ import annotations

import asyncio
import json
import secrets

import pytest

from smskit_phone import credentials
from tests.e2e.direct import call_gateway
from tests.e2e.phones import Phones
from tests.e2e.raw_phone import RawPhone
from tests.e2e.stack import FUNCTIONS, SEND, Stack, Tenant

pytestmark = pytest.mark.e2e


async def test_no_log_holds_a_secret_or_a_text(stack: Stack, tenant: Tenant, phones: Phones):
    text, name = (f"{word}-{secrets.token_hex(8)}" for word in ("text", "reference"))
    [folder] = await phones.pair(tenant)
    known = credentials.load(folder)
    phone = await RawPhone.connect(known)
    await phone.hello()
    await tenant.api.accepted(message=text, clientReference=name)
    for bad in ({"recipient": text}, {"priority": text}, {text: 1}, {"devices": [text]}):
        assert (await tenant.api.send(**bad)).status_code == 400
    [offer] = await phone.offers(1)
    # The emulator keeps no log of what a WebSocket invokes: these go to the gateway's function by themselves.
    frames = [
        f'{{"type": "claim", "items": [{{"jobId": "{offer["jobId"]}", "token": "{offer["token"]}"}}]}}',
        f'{{"type": "{text}"}}',
        text,
    ]
    calls = [await asyncio.to_thread(call_gateway, stack, known, "con_1", frame) for frame in frames]
    await phone.close()
    # A frame that is handled, or answered with an error, logs nothing at all; what there is, is searched below.
    assert [json.loads(call.answer["body"])["type"] for call in calls] == ["claimed", "error", "error"]
    logged = [call.log for call in calls]

    logs = {function: stack.log(function) for function in FUNCTIONS}

    assert all(logs[function] for function in ("client_api", "dispatcher", "phone_auth", "phone_pairing"))
    lines = [line for lines in (*logs.values(), logged) for line in lines]
    hidden = {text, name, offer["token"], SEND["message"], "Our offers of the week", *stack.secrets}
    found = {(secret, line) for line in lines for secret in hidden if secret in line}
    assert not found
    failures = [line for line in lines if '"level":"ERROR"' in line or "Traceback" in line]
    assert not failures
