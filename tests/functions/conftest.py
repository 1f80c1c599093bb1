"""Fixtures of the function tests."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
import time_machine

from smskit.platform import logs
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.inbox import Inbox
from tests.support.webhooks import Webhooks, on_a_still_clock
from tests.support.world import World


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


@pytest.fixture
def hooks(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhooks]:
    """Webhooks that may go to this machine, on a clock that stands still."""
    with on_a_still_clock(cloud, monkeypatch) as made:
        yield made


@pytest.fixture
def inbox(cloud: Cloud) -> Iterator[Inbox]:
    """An account that receives, on a clock that stands still."""
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        yield Inbox(cloud, clock)


@pytest.fixture
def world(cloud: Cloud) -> Iterator[World]:
    """An account with phones, on a clock that stands still."""
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        yield World(cloud, clock)


@pytest.fixture
def sent_world(cloud: Cloud) -> Iterator[tuple[World, ClientApi]]:
    """The same with the client of a tenant, whose phones they are."""
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        client = ClientApi(cloud, limit=10_000)
        yield World(cloud, clock, client.account_id), client
