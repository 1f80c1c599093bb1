"""The vectors of phone/vectors hold for the agent: what it makes of frames, and what it does, step by step."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from smskit_phone.errors import BadFrameError
from smskit_phone.parsing import parse
from tests.phone.vector_player import Player
from tests.phone.vector_server import ScriptServer
from tests.support import vectors
from tests.support.vectors import FrameVector

CASES = [case for name in ("decisions.json", "journals.json") for case in vectors.document(name)["cases"]]


@pytest.mark.parametrize("vector", vectors.frames("server-frames.json", "sent", "tolerated"), ids=str)
def test_a_frame_of_the_server_is_understood(vector: FrameVector):
    assert parse(vector.text) is not None


@pytest.mark.parametrize("vector", vectors.frames("server-frames.json", "ignored"), ids=str)
def test_a_frame_that_the_agent_does_not_know_is_passed_over(vector: FrameVector):
    assert parse(vector.text) is None


@pytest.mark.parametrize("vector", vectors.frames("server-frames.json", "unusable"), ids=str)
def test_of_a_frame_that_cannot_be_used_nothing_is_used(vector: FrameVector):
    with pytest.raises(BadFrameError):
        parse(vector.text)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
async def test_the_agent_does_what_the_script_says(case: dict[str, Any], tmp_path: Path):
    server = ScriptServer()
    await server.start()
    try:
        await asyncio.wait_for(Player(server, tmp_path / "state", case).play(), 60)
    finally:
        await server.stop()
