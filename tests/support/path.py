"""What tests of the message's path look up, and how they let DynamoDB refuse what it is asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from smskit import aws
from smskit.models.lane import Lane, LaneKey
from smskit.phones.store import lanes
from smskit.platform.times import now_ms
from tests.support.world import FakeRadioPhone, World


def lane_of(world: World, phone: FakeRadioPhone, slot: int = 0) -> Lane:
    """The lane of a phone's SIM as it is now."""
    found = lanes.get(LaneKey(world.account_id, phone.device_id, slot))
    assert found is not None
    return found


def events(world: World, job: Any) -> list[str]:
    """The events of a job's timeline."""
    return [entry.event for entry in world.stored(job).timeline]


def watch_timers() -> list[dict[str, Any]]:
    """The timers that are set from now on."""
    made: list[dict[str, Any]] = []

    def see(params: dict[str, Any], **_: Any) -> None:
        if params["QueueUrl"].endswith("timers"):
            made.append(json.loads(params["MessageBody"]) | {"delay": params["DelaySeconds"]})

    aws.client("sqs").meta.events.register("provide-client-params.sqs.SendMessage", see)
    return made


def kinds(made: list[dict[str, Any]]) -> list[str]:
    """The kinds of timers, in the order in which they were set."""
    return [body["kind"] for body in made]


def refuse(
    operation: str, code: str, times: int, reasons: Sequence[str] = (), when: Callable[[Any], bool] = lambda _: True
) -> list[dict[str, Any]]:
    """The next `times` requests of an operation that `when` picks are refused; those that were.

    `reasons` are the reasons of a cancelled transaction.
    """
    met: list[dict[str, Any]] = []

    def answer(params: dict[str, Any], **_: Any) -> tuple[SimpleNamespace, dict[str, Any]] | None:
        body = json.loads(params["body"])
        if len(met) == times or not when(body):
            return None
        met.append(body)
        refused: dict[str, Any] = {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {}}
        if reasons:
            refused["CancellationReasons"] = [{"Code": reason} for reason in reasons]
        return SimpleNamespace(status_code=400), refused

    aws.client("dynamodb").meta.events.register_first(f"before-call.dynamodb.{operation}", answer)
    return met


def behind(operation: str, act: Callable[[], object], when: Callable[[Any], bool] = lambda _: True) -> list[Any]:
    """Right behind the next request of an operation that `when` picks, and that is carried out, `act`; what was met."""
    asked: list[Any] = []
    met: list[Any] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        asked.append(json.loads(params["body"]))

    def then(**_: Any) -> None:
        body = asked.pop()
        if not met and when(body):
            met.append(body)
            act()

    events = aws.client("dynamodb").meta.events
    events.register_first(f"before-call.dynamodb.{operation}", note)
    events.register_last(f"after-call.dynamodb.{operation}", then)
    return met


def refusals() -> list[str]:
    """The writes that DynamoDB refuses from now on."""
    met: list[str] = []

    def see(http_response: Any, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        if http_response.status_code >= 400:
            met.append(f"{model.name}: {parsed['Error']['Code']}")

    aws.client("dynamodb").meta.events.register("after-call.dynamodb", see)
    return met


def until_claim_by(offer: dict[str, Any]) -> int:
    """Milliseconds that are left to claim an offer."""
    return int(datetime.fromisoformat(offer["claimBy"]).timestamp() * 1000) - now_ms()
