"""What runs schedules."""

from __future__ import annotations

import pytest

from tests.model.running import Runner


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Runner:
    """Random schedules of the message's path, on the real handlers."""
    return Runner(monkeypatch)
