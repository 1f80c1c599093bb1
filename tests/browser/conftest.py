"""A browser with nobody signed in, and accounts whose owners can."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browser.desk import Desk, Person
from tests.e2e.conftest import _smskit, hook, make_hook, new_tenant, tenant
from tests.e2e.phones import Phones
from tests.e2e.stack import Stack, Tenant

__all__ = ["_smskit", "hook", "make_hook", "new_tenant", "tenant"]

FOLDER = Path(__file__).parent
Launch = Callable[..., Awaitable[Browser]]
OpenDesk = Callable[..., Awaitable[Desk]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One event loop for all: what a browser is started in is what it can be spoken to in."""
    for item in items:
        if item.path.is_relative_to(FOLDER):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def launch() -> AsyncIterator[Launch]:
    """Starts browsers, with switches if need be; they end with the session."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "no Chromium on this machine: make browser installs Debian's"
    async with async_playwright() as playwright:

        async def start(*switches: str) -> Browser:
            # As root, which CI is, Chromium starts only without its sandbox.
            return await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", *switches])

        yield start


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(launch: Launch) -> Browser:
    """The browser of all tests. What they leave in it goes with their desks."""
    return await launch()


@pytest_asyncio.fixture(loop_scope="session")
async def phones(tmp_path: Path) -> AsyncIterator[Phones]:
    """Phones on the tests' event loop."""
    made = Phones(tmp_path)
    yield made
    await made.end()


@pytest_asyncio.fixture(loop_scope="session")
async def open_desk(chromium: Browser, stack: Stack, tenant: Tenant) -> AsyncIterator[OpenDesk]:
    """Signs somebody in, the account's owner unless another one is named; in the end nothing may have gone wrong."""
    desks: list[Desk] = []

    async def open_one(who: Person | None = None, browser: Browser = chromium, **context: Any) -> Desk:
        desk = await Desk.open(browser, stack, who or Person.owner_of(stack, tenant.account_id), **context)
        desks.append(desk)
        return desk

    yield open_one
    for desk in desks:
        await desk.close()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(open_desk: OpenDesk) -> Desk:
    """The dashboard at 1280 pixels, in light, with the account's owner signed in."""
    return await open_desk()
