"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support import aws


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[aws.Cloud]:
    """All tables and queues on moto, and the environment of the functions."""
    with aws.cloud(monkeypatch) as made:
        yield made
