"""The whole message path in one process: the real handlers on moto, driven step by step on a clock that stands still.

Queues are read and functions are invoked as their event sources would do it. Posts to connections are caught at
botocore's edge, since moto can't answer 410 for a connection that is gone.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import time_machine
from botocore.awsrequest import AWSResponse

from smskit import aws
from smskit.dispatch.gateways import job_queues
from smskit.dispatch.store import jobs
from smskit.models.device import Device
from smskit.models.job import Job, Target
from smskit.phones.store import devices
from smskit.platform import table
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from tests.support import functions
from tests.support.aws import Cloud
from tests.support.heard import heard

_QUEUES = ("urgent", "standard", "bulk", "timers", "background", "test")
_CONSUMERS = {"timers": "timekeeper", "background": "timekeeper", "test": "test_player"}


class Wire:
    """Where posted frames go, by connection; a connection that isn't listed is gone."""

    def __init__(self) -> None:
        self.open: dict[str, Callable[[dict[str, Any]], None]] = {}
        self.posts = 0
        self.closed: list[str] = []

    def attach(self) -> None:
        """Catch the management API's requests of the current session."""
        events = aws.session().events
        events.register_first("before-send.apigatewaymanagementapi", self._send)

    def _send(self, request: Any, **_: Any) -> AWSResponse:
        connection_id = unquote(request.url.rpartition("/")[2])
        self.posts += 1
        if connection_id not in self.open:
            return _response(request, 410, b'{"message":"Gone"}', "GoneException")
        if request.method == "DELETE":
            self.closed.append(connection_id)
            del self.open[connection_id]
        else:
            self.open[connection_id](heard(request.body))
        return _response(request, 200, b"{}")


def _response(request: Any, status: int, body: bytes, error: str | None = None) -> AWSResponse:
    headers = {"x-amzn-errortype": error} if error else {}

    class Raw:
        def stream(self, *_: Any, **__: Any) -> Any:
            yield body

    return AWSResponse(request.url, status, headers, Raw())


class FakeRadioPhone:
    """The protocol's phone side, as plain steps: what a test wants to see or leave out is one call each."""

    def __init__(self, world: World, device_id: str, sims: int, window: int = 3) -> None:
        self.world, self.device_id, self.sims, self.window = world, device_id, sims, window
        self.first_slot = 0
        self.connection: str | None = None
        self.connected_at = 0
        self.offers: list[dict[str, Any]] = []
        self.frames: list[dict[str, Any]] = []
        self.seq = 0
        self.journal_id: str | None = f"journal of {device_id}"

    def connect(self, opened: list[dict[str, Any]] | None = None, hello: bool = True) -> dict[str, Any]:
        """Open a new connection and say hello; the welcome."""
        self.world.connections += 1
        self.connection = f"conn{self.world.connections:04d}="
        self.connected_at = max(now_ms(), self.connected_at + 1)  # no two of a phone are of the same millisecond
        self.offers.clear()
        self.world.wire.open[self.connection] = self._take
        accepted = self.world.gateway("$connect", self)
        assert accepted["statusCode"] == 200
        return self.say(self.hello_frame(opened)) if hello else {}

    def hello_frame(self, opened: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        slots = range(self.first_slot, self.first_slot + self.sims)
        sims = [{"simSlot": slot, "carrierName": "Safaricom", "window": self.window} for slot in slots]
        return {"type": "hello", "protocol": 1, "appVersion": "1", "batteryLevel": 80, "networkType": "LTE",
                "signalStrength": 4, "sims": sims, "open": opened or [],
                **({"journalId": self.journal_id} if self.journal_id else {})}  # fmt: skip

    def _take(self, frame: dict[str, Any]) -> None:
        self.world.frames += 1
        self.frames.append(frame)
        if frame["type"] == "offer":
            self.offers += frame["jobs"]

    def say(self, frame: dict[str, Any]) -> dict[str, Any]:
        """Send one frame; its answer."""
        answer = self.world.gateway("$default", self, json.dumps(frame))
        self.world.frames += 2 if "body" in answer else 1
        return heard(answer["body"]) if "body" in answer else {}

    def claim(self, *offers: dict[str, Any]) -> list[dict[str, Any]]:
        """Claim offers (all that wait, if none is named); the verdicts."""
        chosen = list(offers) or self.take_offers()
        items = [{"jobId": offer["jobId"], "token": offer["token"]} for offer in chosen]
        return self.say({"type": "claim", "items": items})["items"]

    def take_offers(self) -> list[dict[str, Any]]:
        """The offers that arrived, each once."""
        taken, self.offers = self.offers, []
        return taken

    def report(self, state: str, *items: dict[str, Any], error: str | None = None) -> dict[str, Any]:
        """Report a state of jobs; the answer."""
        self.seq += 1
        at = self.world.stamp()
        lines = [{"jobId": item["jobId"], "token": item["token"], "state": state, "at": at} for item in items]
        if error:
            lines = [line | {"error": {"code": error, "message": "as scripted"}} for line in lines]
        return self.say({"type": "report", "seq": self.seq, "items": lines})

    def receive(self, *messages: dict[str, Any]) -> dict[str, Any]:
        """Hand over SMS that the radio received; the answer."""
        self.seq += 1
        return self.say({"type": "received", "seq": self.seq, "messages": list(messages)})

    def drop(self, disconnect: bool = True) -> None:
        """Lose the connection, with or without a $disconnect."""
        assert self.connection is not None
        self.world.wire.open.pop(self.connection, None)
        if disconnect:
            self.world.gateway("$disconnect", self)
        self.connection = None


class World:
    """An account with phones, on moto."""

    def __init__(self, cloud: Cloud, clock: time_machine.Coordinates, account_id: str | None = None) -> None:
        self.cloud, self.clock = cloud, clock
        self.wire = Wire()
        self.wire.attach()
        self.connections = 0
        self.frames = 0
        self.invocations: dict[str, int] = {}
        self.account_id = account_id or new_id("acc", now_ms())

    def stamp(self) -> str:
        from smskit.platform.times import rfc3339_ms

        return rfc3339_ms(now_ms())

    def invoke(self, function: str, event: dict[str, Any]) -> Any:
        """Call a function as Lambda would."""
        self.invocations[function] = self.invocations.get(function, 0) + 1
        return functions.load(function).lambda_handler(event, functions.LambdaContext())

    def gateway(self, route: str, phone: FakeRadioPhone, body: str | None = None) -> dict[str, Any]:
        """One event of the WebSocket API."""
        event = {
            "requestContext": {
                "routeKey": route,
                "connectionId": phone.connection,
                "connectedAt": phone.connected_at,
                "authorizer": {"accountId": self.account_id, "deviceId": phone.device_id},
            },
            "body": body,
            "isBase64Encoded": False,
        }
        return self.invoke("phone_gateway", event)

    def add_phone(self, sims: int = 1, limit: int = 200, account_id: str | None = None) -> FakeRadioPhone:
        """A paired phone, not connected yet."""
        device = Device(account_id or self.account_id, new_id("dvc", now_ms()), "Phone", "hash", limit=limit)
        table.transact(devices.create_ops(device, []))
        return FakeRadioPhone(self, device.device_id, sims)

    def job(self, priority: int = 0, *targets: Target, validity: int = 86_400, segments: int = 1,
            recipient: str = "+254712345678", preferred: Target | None = None) -> Job:  # fmt: skip
        """A job, stored and queued."""
        now = now_ms()
        job = Job(
            job_id=new_id("job", now), account_id=self.account_id, client_id="cli_0", recipient=recipient,
            message="Your code is 123456", segments=segments, priority=priority, created_at=now,
            expires_at=now + validity * 1000, targets=targets, preferred=preferred,
            request_hash="h" * 22,
        )  # fmt: skip
        assert jobs.create(job) is None
        job_queues.enqueue(job)
        return job

    def stored(self, job: Job) -> Job:
        """The job as it is now."""
        found = jobs.get(job.job_id)
        assert found is not None
        return found

    def pump(self, *names: str) -> None:
        """Deliver the messages that are visible now, until none is left."""
        for _ in range(200):
            if not any([self._drain(name) for name in names or _QUEUES]):
                return
        raise AssertionError("the queues never run empty")

    def _drain(self, name: str) -> bool:
        if not self.cloud.has_visible(name):
            return False
        url = self.cloud.queues[name]
        answer = self.cloud.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"])
        messages = answer.get("Messages", [])
        if not messages:
            return False
        records = [
            {"messageId": message["MessageId"], "body": message["Body"], "attributes": message["Attributes"],
             "eventSourceARN": f"arn:aws:sqs:eu-west-1:123456789012:{name}"}
            for message in messages
        ]  # fmt: skip
        result = self.invoke(_CONSUMERS.get(name, "dispatcher"), {"Records": records})
        failed = {entry["itemIdentifier"] for entry in result["batchItemFailures"]}
        for message in messages:
            if message["MessageId"] not in failed:
                self.cloud.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return True

    def advance(self, seconds: float) -> None:
        """Let time pass in small steps, delivering what falls due."""
        step = 1.0 if seconds <= 120 else 30.0
        while seconds > 0:
            self.clock.shift(min(step, seconds))
            seconds -= step
            self.pump()

    def tick(self) -> None:
        """The schedule of the janitor."""
        self.invoke("janitor", {"source": "aws.events"})
