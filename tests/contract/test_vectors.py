"""The vectors of phone/vectors hold for the server: it takes, refuses and says what they say."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import time_machine

from smskit.entrypoints.phone_frames import PHONE_FRAMES
from smskit.entrypoints.server_frames import SERVER_FRAMES
from tests.support import vectors
from tests.support.aws import Cloud
from tests.support.vectors import FrameVector
from tests.support.world import FakeRadioPhone, World


@pytest.fixture
def phone(cloud: Cloud) -> Iterator[FakeRadioPhone]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        phone = World(cloud, clock).add_phone()
        phone.connect()
        yield phone


def say(phone: FakeRadioPhone, text: str) -> dict:
    answer = phone.world.gateway("$default", phone, text)
    return json.loads(answer["body"])


@pytest.mark.parametrize("vector", vectors.frames("phone-frames.json", "valid"), ids=str)
def test_a_valid_frame_is_parsed(vector: FrameVector) -> None:
    raw = json.loads(vector.text)
    assert PHONE_FRAMES[raw["type"]].model_validate(raw)


def test_valid_frames_are_answered_and_not_with_an_error(phone: FakeRadioPhone) -> None:
    for vector in vectors.frames("phone-frames.json", "valid"):
        assert say(phone, vector.text)["type"] != "error", vector.name


def test_every_type_of_frame_has_its_vectors() -> None:
    said = {json.loads(vector.text)["type"] for vector in vectors.frames("phone-frames.json", "valid")}
    heard = {json.loads(vector.text)["type"] for vector in vectors.frames("server-frames.json", "sent")}

    assert said == set(PHONE_FRAMES)
    assert heard == set(SERVER_FRAMES)


def test_what_is_invalid_is_answered_with_its_code_and_its_ref(phone: FakeRadioPhone) -> None:
    for number, vector in enumerate(vectors.frames("phone-frames.json", "invalid")):
        if number % 20 == 0:  # more than that in a minute close the socket
            phone.world.advance(60)
        answer = say(phone, vector.text)

        assert answer["type"] == "error", vector.name
        assert (answer["code"], answer.get("ref")) == (vector.entry["error"], vector.entry["ref"]), vector.name


@pytest.mark.parametrize("vector", vectors.frames("server-frames.json", "sent"), ids=str)
def test_what_the_server_says_is_what_its_models_say(vector: FrameVector) -> None:
    raw = json.loads(vector.text)
    model = SERVER_FRAMES[raw["type"]].model_validate(raw)

    assert model.model_dump(by_alias=True, exclude_unset=True) == raw


def test_what_nobody_sends_is_no_frame_of_the_server() -> None:
    for vector in vectors.frames("server-frames.json", "ignored"):
        assert json.loads(vector.text)["type"] not in SERVER_FRAMES
