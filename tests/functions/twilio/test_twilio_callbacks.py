"""Callbacks of messages, and endpoints of Twilio's shape, over the machinery of all webhooks."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from smskit import aws as smskit_aws
from smskit.clients.logic import clients
from smskit.dispatch.store import jobs
from smskit.models import twilio
from smskit.models.job import Job, JobStatus, Rank
from smskit.models.twilio import SidKind
from smskit.platform.times import now_ms
from smskit.webhooks.gateways import sealing
from tests.support import console, seeds
from tests.support.console import Console
from tests.support.hooks import Call, Hook, Rule
from tests.support.inbox import sms
from tests.support.meter import Meter
from tests.support.twilio import TwilioApi, form_of, job_id_of
from tests.support.webhooks import Webhooks, record
from tests.support.world import World


def validated(hook: Hook, call: Call, token: str) -> bool:
    """Whether Twilio's package takes the request for one that the token signed."""
    form, signature = form_of(call), call.headers["x-twilio-signature"]
    return bool(RequestValidator(token).validate(hook.server.url(path=call.path), form, signature))


class Sender:
    """A program that speaks Twilio's API, with an address of its own that listens."""

    def __init__(self, hooks: Webhooks, rule: Rule | int = 200) -> None:
        self.hooks, self.messages = hooks, TwilioApi(hooks.api)
        self.phone = seeds.phone(hooks.account_id, heartbeat_at=4_000_000_000_000)
        self.hook = Hook(rule)
        hooks.hooks.append(self.hook)

    @property
    def key(self) -> str:
        return self.messages.api.tenant.key

    def send(self, path: str = "/status", **changes: str) -> Job:
        message = self.messages.sent(StatusCallback=self.hook.server.url(path=path), **changes)
        job = jobs.get(job_id_of(message))
        assert job is not None and job.callback is not None
        return job

    def become(self, job: Job, status: JobStatus, **changes: Any) -> None:
        """Let the job's new state be told."""
        held = replace(job, status=JobStatus.ASSIGNED, rank=Rank.ASSIGNED, device_id=self.phone.device_id, sim_slot=0)
        self.hooks.fan_out([record(held, replace(held, status=status, heard_at=now_ms(), **changes))])
        self.hooks.send()

    def deliver(self, job: Job) -> None:
        self.become(job, JobStatus.DELIVERED, rank=Rank.DELIVERED, sent_at=now_ms(), delivered_at=now_ms())


@pytest.fixture
def sender(hooks: Webhooks) -> Sender:
    return Sender(hooks)


def test_each_state_is_told_to_the_messages_own_address_signed_by_its_key(sender: Sender) -> None:
    seeds.change_lane(sender.phone, 0, phone_number="+254700000001")
    job = sender.send("/status?order=1042")
    sender.become(job, JobStatus.SENT, rank=Rank.SENT, sent_at=now_ms())
    sender.deliver(job)

    sent, delivered = sender.hook.calls
    sid = twilio.sid_of(SidKind.SENT, job.job_id)
    assert form_of(sent) == {
        "MessageSid": sid,
        "SmsSid": sid,
        "MessageStatus": "sent",
        "SmsStatus": "sent",
        "To": "+254712345678",
        "From": "+254700000001",
        "AccountSid": sender.messages.sid,
        "ApiVersion": "2010-04-01",
    }
    assert form_of(delivered)["MessageStatus"] == "delivered"
    assert sent.path == delivered.path == "/status?order=1042"
    assert sent.headers["i-twilio-idempotency-token"] != delivered.headers["i-twilio-idempotency-token"]
    for call in (sent, delivered):
        assert validated(sender.hook, call, sender.key)
        assert not validated(sender.hook, call, TwilioApi(sender.hooks.api).sid)
        forged = replace(call, body=call.body.replace(b"254712345678", b"254712345679"))
        assert not validated(sender.hook, forged, sender.key)


def test_a_test_message_says_that_it_is_one(hooks: Webhooks) -> None:
    hooks.api = hooks.api.test_client()
    sender = Sender(hooks)
    sender.deliver(sender.send())
    (call,) = sender.hook.calls
    assert form_of(call)["Test"] == "true" and validated(sender.hook, call, sender.key)


def test_a_failure_is_told_with_its_code(sender: Sender) -> None:
    job = sender.send()
    failed = sender.hooks.failed(job)
    sender.hooks.fan_out([failed])
    sender.hooks.send()
    (call,) = sender.hook.calls
    form = form_of(call)
    assert (form["MessageStatus"], form["ErrorCode"], "From" in form) == ("failed", "30005", False)


def test_endpoints_are_told_besides_and_know_nothing_of_it(sender: Sender) -> None:
    other, webhook_id, secret = sender.hooks.hook()
    sender.deliver(sender.send())
    (call,) = other.calls
    assert call.verified_by(secret) and call.payload["event"] == "sms:delivered"
    assert len(sender.hook.calls) == 1
    listed = sender.hooks.api.get("/api/webhooks").body["webhooks"]
    assert [endpoint["webhookId"] for endpoint in listed] == [webhook_id]


def test_a_record_that_comes_twice_is_told_once(sender: Sender) -> None:
    job = sender.send()
    sender.deliver(job)
    sender.deliver(job)
    assert len(sender.hook.calls) == 1


def test_an_address_that_fails_is_told_again_when_it_is_back(hooks: Webhooks) -> None:
    answers = iter([500])
    sender = Sender(hooks, lambda _: next(answers, 200))
    first, second = sender.send("/a"), sender.send("/b")
    sender.deliver(first)
    hooks.clock.shift(1)  # a line is in order of time
    sender.deliver(second)
    assert [call.path for call in sender.hook.taken] == []
    hooks.recover()
    assert [call.path for call in sender.hook.taken] == ["/a", "/b"]
    tokens = [call.headers["i-twilio-idempotency-token"] for call in sender.hook.calls if call.path == "/a"]
    assert len(tokens) > 1 and len(set(tokens)) == 1, "each attempt is of the same"
    assert tokens[0] not in [call.headers["i-twilio-idempotency-token"] for call in sender.hook.taken[1:]]
    assert all(validated(sender.hook, call, sender.key) for call in sender.hook.calls)


def test_an_address_that_was_given_up_is_told_of_later_messages_again(hooks: Webhooks) -> None:
    sender = Sender(hooks, 410)
    sender.deliver(sender.send())
    (endpoint,) = [item for item in hooks.cloud.items("webhooks") if item["sk"].startswith("callback#")]
    assert endpoint["status"] == "Suspended"
    sender.hook.rule = 200
    hooks.clock.shift(301)
    sender.deliver(sender.send())
    assert len(sender.hook.taken) == 1


def test_two_keys_of_an_account_sign_each_for_its_own_messages(sender: Sender) -> None:
    first = sender.send()
    tenant = sender.messages.api.tenant
    _, key = clients.rotate_key(tenant.account_id, tenant.client_id, 2)
    before = sender.key
    sender.messages.api.tenant = replace(tenant, key=key)
    second = sender.send()
    sender.deliver(first)
    sender.deliver(second)
    one, two = sender.hook.calls
    assert (validated(sender.hook, one, before), validated(sender.hook, one, key)) == (True, False)
    assert (validated(sender.hook, two, before), validated(sender.hook, two, key)) == (False, True)


def test_what_signs_is_sealed_and_a_process_prepares_an_address_once(sender: Sender) -> None:
    sender.send()
    (endpoint,) = [item for item in sender.hooks.cloud.items("webhooks") if item["sk"].startswith("callback#")]
    kept = sealing.opened(endpoint["sealed"], sender.hooks.account_id, endpoint["sk"].partition("#")[2])
    assert kept not in str(sender.hooks.cloud.items("webhooks")) and sender.key not in kept

    meter = Meter(smskit_aws.session())
    sender.messages.sent()
    plain, wru = dict(meter.requests), meter.wru
    meter.reset()
    sender.send("/another")
    assert (dict(meter.requests), meter.wru) == (plain, wru)


def register(hooks: Webhooks, hook: Hook, *events: str) -> dict[str, Any]:
    body = {"url": hook.url, "events": list(events), "shape": "twilio"}
    answer = hooks.api.post("/api/webhooks", body)
    assert answer.status == 201, answer.text
    return dict(answer.body)


def test_a_message_that_comes_in_is_told_as_twilio_does(hooks: Webhooks) -> None:
    hook = Hook()
    hooks.hooks.append(hook)
    made = register(hooks, hook, "sms:received", "sms:delivered", "device:online")
    assert made["shape"] == "twilio" and "secret" not in made
    assert hooks.get(made["webhookId"])["shape"] == "twilio"
    phone = World(hooks.cloud, hooks.clock, hooks.account_id).add_phone()
    phone.connect()
    phone.receive(sms("Café? 😀"))
    for table in ("devices", "messages"):
        hooks.fan_out(hooks.stream(table))
    hooks.fan_out([hooks.delivered()])
    hooks.send()
    forms = {form.get("EventType") or form["SmsStatus"]: form for form in map(form_of, hook.calls)}
    received = forms["received"]
    assert received["Body"] == "Café? 😀" and received["MessageSid"] == received["SmsSid"] == received["SmsMessageSid"]
    assert twilio.id_of(SidKind.RECEIVED, received["MessageSid"])
    assert (received["NumMedia"], received["NumSegments"], received["From"][0]) == ("0", "1", "+")
    assert received["AccountSid"] == TwilioApi(hooks.api).sid
    assert forms["delivered"]["MessageStatus"] == "delivered"
    assert forms["device:online"]["DeviceId"].startswith("dvc_")
    assert all(validated(hook, call, hooks.api.tenant.key) for call in hook.calls)


def test_a_ping_is_a_form_without_a_message(hooks: Webhooks) -> None:
    hook = Hook()
    hooks.hooks.append(hook)
    made = register(hooks, hook, "sms:received")
    hooks.api.post(f"/api/webhooks/{made['webhookId']}/ping")
    hooks.send()
    (call,) = hook.calls
    assert form_of(call)["EventType"] == "PING" and "MessageSid" not in form_of(call)
    assert validated(hook, call, hooks.api.tenant.key)


def test_a_secret_of_twilios_shape_is_replaced_by_the_key_that_asks(hooks: Webhooks) -> None:
    hook = Hook()
    hooks.hooks.append(hook)
    made = register(hooks, hook, "sms:delivered")
    tenant, before = hooks.api.tenant, hooks.api.tenant.key
    _, key = clients.rotate_key(tenant.account_id, tenant.client_id, 2)
    hooks.api.tenant = replace(tenant, key=key)
    rotated = hooks.api.post(f"/api/webhooks/{made['webhookId']}/rotate-secret").body
    assert "secret" not in rotated and rotated["oldSecretsUntil"] == []
    hooks.happen()
    (call,) = hook.calls
    assert (validated(hook, call, key), validated(hook, call, before)) == (True, False)


def test_an_endpoint_of_the_console_is_signed_by_a_token_that_is_shown_once(hooks: Webhooks) -> None:
    hook, owner = Hook(), Console(console.person("owner", hooks.account_id))
    hooks.hooks.append(hook)
    body = {"url": hook.url, "events": ["sms:delivered"], "shape": "twilio"}
    made = owner.post("/console/webhooks", body)
    assert made.status == 201, made.text
    token, path = made.body["secret"], f"/console/webhooks/{made.body['webhookId']}"
    assert re.fullmatch("[0-9a-f]{32}", token)
    hooks.happen()
    rotated = owner.post(f"{path}/rotate-secret").body["secret"]
    assert rotated != token and re.fullmatch("[0-9a-f]{32}", rotated)
    hooks.happen()
    one, two = hook.calls
    assert [(validated(hook, call, token), validated(hook, call, rotated)) for call in (one, two)] == [
        (True, False), (False, True),
    ]  # fmt: skip
    assert not validated(hook, two, hooks.api.tenant.key)
    shown = [owner.get(path).text, owner.get("/console/webhooks").text, hooks.api.get("/api/webhooks").text]
    assert '"shape":"twilio"' in shown[0] and all(secret not in "".join(shown) for secret in (token, rotated))
    kept = str(hooks.cloud.items("webhooks"))
    assert token not in kept and rotated not in kept


def test_an_unknown_shape_is_refused(hooks: Webhooks) -> None:
    body = {"url": "https://yourapp.com/hook", "events": ["sms:received"], "shape": "vonage"}
    answer = hooks.api.post("/api/webhooks", body)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (400, "#/shape")
