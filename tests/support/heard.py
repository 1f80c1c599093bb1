"""What phones of tests hear from the server: every frame is held against its published model."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from smskit.entrypoints.server_frames import SERVER_FRAMES


def heard(text: str | bytes) -> dict[str, Any]:
    """A frame of the server, read; see `held_to_its_model`."""
    return held_to_its_model(json.loads(text))


def held_to_its_model(frame: dict[str, Any]) -> dict[str, Any]:
    """The frame. One that isn't as published fails the test, whoever catches errors on its way.

    Phones ignore what they don't know; here a field that the model doesn't have is a fault.
    """
    try:
        SERVER_FRAMES[frame["type"]].model_validate(frame, strict=True, extra="forbid", by_alias=True, by_name=False)
    except (KeyError, ValidationError) as unlike:
        pytest.fail(f"a frame that no model describes: {unlike!r}")
    return frame
