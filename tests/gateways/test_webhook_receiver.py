"""The local receiver as a process: it verifies, tells what came, and misbehaves when told to."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from smskit.webhooks.gateways.http_post import Outcome, post
from smskit.webhooks.logic.signatures import mint_secret, sign

SCRIPTS = Path(__file__).parents[2] / "scripts"
BODY = b'{"event":"sms:delivered","recipient":"+254712345678"}'


class Receiver:
    """A running receiver."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None and process.stderr is not None
        self.lines: queue.Queue[str] = queue.Queue()
        self.url = process.stderr.readline().split()[-1]
        threading.Thread(target=lambda: [self.lines.put(line) for line in process.stdout], daemon=True).start()

    def deliver(self, secrets: list[str], body: bytes = BODY, event_id: str = "evt_1", **options: Any) -> Outcome:
        return post(f"{self.url}/hooks", sign(secrets, event_id, int(time.time()), body), body, **options)

    def line(self) -> dict[str, Any]:
        return json.loads(self.lines.get(timeout=10))

    def behave(self, **behaviour: object) -> Outcome:
        return post(f"{self.url}/_behaviour", {}, json.dumps(behaviour).encode())


@contextmanager
def receiver(*arguments: str) -> Iterator[Receiver]:
    command = [sys.executable, "-m", "webhook_receiver", "--port", "0", *arguments]
    path = os.pathsep.join([str(SCRIPTS), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": path}
    )
    try:
        yield Receiver(process)
    finally:
        process.terminate()
        process.communicate(timeout=10)


@pytest.fixture(scope="module")
def secrets() -> list[str]:
    return [mint_secret(), mint_secret()]


@pytest.fixture(scope="module")
def there(secrets: list[str]) -> Iterator[Receiver]:
    with receiver("--secret", secrets[0], "--secret", secrets[1]) as running:
        yield running


@pytest.fixture(autouse=True)
def well_behaved(one_machine: None, there: Receiver) -> None:
    assert there.behave().status == 200


def test_a_delivery_is_verified_and_told_without_its_body(there: Receiver, secrets: list[str]) -> None:
    assert there.deliver([secrets[1]]).status == 200
    line = there.line()
    assert line.pop("time").startswith("20")
    assert line == {
        "path": "/hooks", "id": "evt_1", "event": "sms:delivered", "verified": True, "secrets": [1],
        "bytes": len(BODY), "answer": 200,
    }  # fmt: skip


def test_during_a_rotation_both_secrets_verify(there: Receiver, secrets: list[str]) -> None:
    there.deliver(secrets)
    assert there.line()["secrets"] == [0, 1]


def test_a_wrong_signature_is_refused(there: Receiver) -> None:
    assert there.deliver([mint_secret()]).status == 401
    assert there.line()["verified"] is False
    assert post(f"{there.url}/hooks", {"webhook-signature": "v1"}, b"\xff").status == 401
    assert there.line()["event"] is None


@pytest.mark.parametrize(
    ("behaviour", "status", "error"),
    [
        ({"fail": 500}, 500, None),
        ({"fail": 410}, 410, None),
        ({"redirect": "http://127.0.0.1:9/"}, 307, "redirect: not followed"),
        ({"close": True}, None, "closed: the connection ended without an answer"),
        ({"hang": 30}, None, "deadline: headers"),
        ({"hang": 0.1}, None, "closed: the connection ended without an answer"),
        ({"slow": 30}, None, "deadline: headers"),
        ({"slow": 0.2}, 200, None),
    ],
)
def test_it_misbehaves_as_told(
    there: Receiver, secrets: list[str], behaviour: dict[str, Any], status: int | None, error: str | None
) -> None:
    assert json.loads(there.behave(**behaviour).head) == behaviour | {"every": 1}
    outcome = there.deliver(secrets, deadline_s=2)
    assert (outcome.status, outcome.error) == (status, error)
    there.line()


def test_a_failure_may_say_when_to_come_back(there: Receiver, secrets: list[str]) -> None:
    there.behave(fail=503, retryAfter=7)
    assert there.deliver(secrets).retry_after_s == 7
    there.line()


def test_it_may_fail_now_and_then_or_for_one_event_only(there: Receiver, secrets: list[str]) -> None:
    there.behave(fail=500, every=3)
    assert [there.deliver(secrets).status for _ in range(7)] == [200, 200, 500, 200, 200, 500, 200]
    there.behave(fail=500, only="poison")
    assert [there.deliver(secrets, body).status for body in (BODY, b'{"a":"poison"}', BODY)] == [200, 500, 200]
    for _ in range(10):
        there.line()


@pytest.mark.parametrize(
    "wrong",
    [
        {"fail": 500, "close": True},
        {"fail": 99},
        {"fail": "x"},
        {"every": 0},
        {"unknown": 1},
        {"hang": -1},
        {"secrets": ["x"]},
    ],
)
def test_a_behaviour_that_can_not_be_is_refused(there: Receiver, secrets: list[str], wrong: dict[str, Any]) -> None:
    assert there.behave(**wrong).status == 400
    assert there.deliver(secrets).status == 200
    there.line()


def test_secrets_can_be_given_later_and_bodies_shown() -> None:
    secret = mint_secret()
    with receiver("--show", "--fail", "500") as late:
        assert late.deliver([secret]).status == 500
        assert late.line()["verified"] is None
        assert late.behave(secrets=[secret]).status == 200
        assert late.deliver([secret]).status == 200
        line = late.line()
        assert line["verified"] is True and line["body"] == BODY.decode()
        assert late.deliver([mint_secret()]).status == 401
