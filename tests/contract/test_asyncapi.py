"""The published phone protocol: what is written, what the server sends and what the phone agent sends are one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import time_machine
import yaml

from smskit.entrypoints.phone_frames import PHONE_FRAMES
from smskit.entrypoints.server_frames import SERVER_FRAMES
from smskit_generate import asyncapi
from tests.support.aws import Cloud
from tests.support.world import World

PUBLISHED = Path(__file__).parents[2] / "docs" / "asyncapi.yaml"


@pytest.fixture
def world(cloud: Cloud) -> Iterator[World]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        yield World(cloud, clock)


def check(frame: dict[str, Any]) -> None:
    """A frame against the published schema of its type."""
    document = yaml.safe_load(PUBLISHED.read_text())
    model = (PHONE_FRAMES | SERVER_FRAMES)[frame["type"]]
    schema = {"$ref": f"#/components/schemas/{model.__name__}", "components": document["components"]}
    jsonschema.validate(frame, schema)


def test_the_published_document_is_what_the_models_say() -> None:
    assert PUBLISHED.read_text() == asyncapi.text(), "run: python -m smskit_generate.asyncapi"


def test_every_reference_in_the_document_resolves() -> None:
    document = yaml.safe_load(PUBLISHED.read_text())

    def walk(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for value in node.values():
                yield from walk(value)
        elif isinstance(node, list):
            for value in node:
                yield from walk(value)

    for reference in walk(document):
        target: Any = document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]


def test_what_the_server_sends_fits_the_document(world: World) -> None:
    phone = world.add_phone()
    check(phone.connect())
    world.job(9)
    world.job(9)
    world.pump()
    for frame in phone.frames:
        check(frame)
    first, second = phone.take_offers()
    check({"type": "claimed", "items": phone.claim(first, {"jobId": second["jobId"], "token": "other"})})
    check(phone.say({"type": "decline", "items": [{"jobId": first["jobId"], "token": first["token"], "reason": "x"}]}))
    check(phone.report("Sent", second))
    check(phone.say({"type": "heartbeat", "sims": []}))
    check(phone.say({"type": "nonsense"}))
    check(phone.say({"type": "report", "seq": 7, "items": []}))


@pytest.mark.parametrize("name", sorted(PHONE_FRAMES))
def test_unknown_fields_are_ignored_and_missing_ones_are_refused(world: World, name: str) -> None:
    phone = world.add_phone()
    phone.connect()
    good = {
        "hello": phone.hello_frame(),
        "heartbeat": {"type": "heartbeat", "sims": [{"simSlot": 0, "isReady": True}]},
        "claim": {"type": "claim", "items": [{"jobId": "job_" + "0" * 20, "token": "t"}]},
        "decline": {"type": "decline", "items": [{"jobId": "job_" + "0" * 20, "token": "t", "reason": "r"}]},
        "report": {"type": "report", "seq": 1, "items": [
            {"jobId": "job_" + "0" * 20, "token": "t", "state": "Sent", "at": "2026-06-23T10:00:00.000Z"}]},
        "received": {"type": "received", "seq": 1, "messages": [
            {"phoneMessageId": "1", "from": "+254712345678", "to": "+254700000000", "simSlot": 0, "content": "YES",
             "receivedAt": "2026-06-23T10:00:00.000Z"}]},
    }[name]  # fmt: skip
    check(good)
    assert phone.say(good | {"fromTheFuture": 1})["type"] != "error"
    required = {"hello": "protocol", "heartbeat": "type", "received": "messages"}.get(name, "items")
    assert phone.say({key: value for key, value in good.items() if key != required})["type"] == "error"
