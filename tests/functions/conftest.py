"""Fixtures of the function tests."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from smskit.edge import logs
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi


@pytest.fixture
def api(cloud: Cloud) -> ClientApi:
    """A tenant's client, as the first of a new cloud."""
    return ClientApi(cloud)


@pytest.fixture
def log_text() -> Iterator[io.StringIO]:
    """What the functions log, as text."""
    handler, text = logs.logger().registered_handler, io.StringIO()
    before = handler.setStream(text)  # type: ignore[attr-defined]
    yield text
    handler.setStream(before)  # type: ignore[attr-defined]
