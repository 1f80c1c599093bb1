"""A browser with nobody signed in, and accounts whose owners can."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright

from tests.browser.desk import Desk, Person
from tests.e2e.conftest import _smskit, hook, make_hook, new_tenant, phones, tenant
from tests.e2e.stack import Stack, Tenant

__all__ = ["_smskit", "hook", "make_hook", "new_tenant", "phones", "tenant"]

OpenDesk = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def chromium(request: pytest.FixtureRequest) -> AsyncIterator[Browser]:
    """A browser; a test may ask for switches."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "no Chromium on this machine: make browser installs Debian's"
    async with async_playwright() as playwright:
        # As root, which CI is, Chromium starts only without its sandbox.
        made = await playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", *getattr(request, "param", ())]
        )
        yield made
        await made.close()


@pytest.fixture
async def open_desk(chromium: Browser, stack: Stack, tenant: Tenant) -> AsyncIterator[OpenDesk]:
    """Signs somebody in, the account's owner unless another one is named; in the end nothing may have gone wrong."""
    desks: list[Desk] = []

    async def open_one(who: Person | None = None, **context: Any) -> Desk:
        desk = await Desk.open(chromium, stack, who or Person.owner_of(stack, tenant.account_id), **context)
        desks.append(desk)
        return desk

    yield open_one
    for desk in desks:
        await desk.close()


@pytest.fixture
async def desk(open_desk: OpenDesk) -> Desk:
    """The dashboard at 1280 pixels, in light, with the account's owner signed in."""
    return await open_desk()
