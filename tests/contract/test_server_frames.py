"""What the server sends is made in one place, and is what the published models say."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import Any

import pytest

import smskit
from smskit.dispatch.gateways import frames
from smskit.entrypoints.server_frames import SERVER_FRAMES
from smskit.models.job import Job
from smskit.models.lane import Hold, Lane, LaneKey
from tests.support.heard import held_to_its_model

NOW = 1_782_208_800_000
JOB_ID, TOKEN = "job_" + "0" * 20, "t" * 22
JOB = Job(
    job_id=JOB_ID, account_id="acc_0", client_id="cli_0", recipient="+254712345678", message="x", segments=1,
    priority=9, created_at=NOW, expires_at=NOW + 1, targets=(), request_hash="h",
)  # fmt: skip
HELD = {JOB_ID: Hold(TOKEN, NOW, NOW + 1, 1, JOB.recipient, NOW)}
LANE = Lane(LaneKey("acc_0", "dvc_0", 1), is_enabled=False, held=HELD)
MADE: dict[str, dict[str, Any]] = {
    "welcome": frames.welcome(NOW, 300, [frames.resolution(JOB_ID, TOKEN, "go")]),
    "heartbeat_ack": frames.heartbeat_ack(NOW),
    "offer": frames.offer([frames.offered_job(LANE, JOB)]),
    "claimed": frames.claimed([frames.verdict(JOB_ID, TOKEN, None), frames.verdict(JOB_ID, TOKEN, "late")]),
    "declined": frames.declined([(JOB_ID, TOKEN)]),
    "ack": frames.ack(7),
    "config": frames.config(300, [LANE]),
    "revoked": frames.revoked(),
    "error": frames.error("invalid-frame", "items: too short", JOB_ID),
}


@pytest.mark.parametrize("name", sorted(MADE))
def test_every_frame_is_as_published_with_every_field(name: str) -> None:
    frame = held_to_its_model(MADE[name])
    described = SERVER_FRAMES[frame["type"]].model_validate(frame).model_dump(by_alias=True)
    assert set(frame) == set(described)


def test_every_published_frame_is_made_and_no_other() -> None:
    makers = {name for name, maker in vars(frames).items() if inspect.isfunction(maker) and _is_of_frames(maker)}
    parts = {"resolution", "offered_job", "verdict"}
    assert makers - parts == set(MADE)
    assert {frame["type"] for frame in MADE.values()} == set(SERVER_FRAMES)


def _is_of_frames(maker: Any) -> bool:
    return maker.__module__ == frames.__name__


def test_an_error_without_a_reference_has_none() -> None:
    assert "ref" not in held_to_its_model(frames.error("invalid-json", "The frame is not JSON", None))


def literal_frames(source: str) -> list[str]:
    """The types of the frames that a source writes as dicts."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            found += [
                ast.literal_eval(value) for key, value in pairs if _is_type(key) and isinstance(value, ast.Constant)
            ]
    return [name for name in found if name in SERVER_FRAMES]


def _is_type(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and key.value == "type"


def test_no_other_module_writes_a_frame() -> None:
    modules = Path(smskit.__file__).parent.rglob("*.py")
    writers = {path.name for path in modules if literal_frames(path.read_text())}
    assert writers == {"frames.py"}


@pytest.mark.parametrize("unlike", [
    {"type": "ack"},
    {"type": "ack", "seq": "7"},
    {"type": "ack", "seq": 7, "more": 1},
    {"type": "welcome", "server_time": "2026-06-23T10:00:00.000Z", "heartbeatSeconds": 1, "resolve": []},
    {"type": "fireworks"},
])  # fmt: skip
def test_a_phone_of_a_test_hears_nothing_else(unlike: dict[str, Any]) -> None:
    with pytest.raises(pytest.fail.Exception, match="no model describes"):
        held_to_its_model(unlike)
